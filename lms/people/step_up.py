"""The guard that asks for a better proof of who somebody is, beside ``@requires``.

::

    @bp.post("/sittings/<int:sitting_id>/start")
    @requires(Permission.SITTING_START, on=Sitting)
    @proven(EXAM)
    def start(sitting: Sitting) -> ResponseReturnValue: ...

What is demanded may depend on the object: ``@proven(lambda sitting: sitting.demand)``;
None demands nothing.  Whoever falls short is led to the page that says why and how to
mend it, and comes back to the page they wanted to read.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import redirect, request
from flask_login import current_user

from lms.kernel import clock
from lms.kernel.errors import Refused
from lms.kernel.pages import is_fragment, wants_json
from lms.people.proof import Demand, shortfall
from lms.people.signed_in import step_up_address

View = Callable[..., Any]
Demanded = Demand | Callable[..., Demand | None]


def proven(demanded: Demanded) -> Callable[[View], View]:
    """Let a view be reached only behind a proof that meets the demand."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**given: Any) -> Any:
            demand = demanded if isinstance(demanded, Demand) else demanded(**given)
            if demand is None:
                return view(**given)
            lacking = shortfall(current_user.proof, demand, clock.now())
            if lacking is None:
                return view(**given)
            if wants_json() or is_fragment():
                raise Refused(lacking)
            return redirect(step_up_address(demand=demand, wanted=_wanted()), 303)

        return guarded

    return decorate


def _wanted() -> str:
    """Return the page to come back to; what was sent is not sent again."""
    return request.full_path.rstrip("?") if request.method == "GET" else ""
