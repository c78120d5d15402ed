"""The guard of the mimic's routes: open to anybody, and the edge of the transaction."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from lms.kernel.db import db, writing

View = Callable[..., Any]


def writes(because: str) -> Callable[[View], View]:
    """Leave a view open to anyone, say why that is safe, and commit what it wrote.

    Unlike the platform's own guards this one commits after GET as well: a browser comes
    to the authorization endpoint by GET, and what it asks for must be kept.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def open_to_all(**url: Any) -> Any:
            with writing():
                answer = view(**url)
                db.session.commit()
            return answer

        open_to_all.guard = f"public: {because}"  # type: ignore[attr-defined]
        return open_to_all

    return decorate
