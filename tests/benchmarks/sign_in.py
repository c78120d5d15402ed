"""What one sign-in at the mimic costs its server, beyond hashing the password.

Run it from the top of the tree::

    python -m tests.benchmarks.sign_in

It counts the CPU time of this thread inside the application alone, over all requests of
one sign-in: authorize, the page, the password, the OTP, the token, userinfo.  The first
sign-ins warm caches up and are not counted.
"""

import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from lms.kernel import clock
from sso.provider import passwords
from sso.provider.app import create_provider
from sso.provider.services import persons
from tests.sso.provider.stage import ISSUER, Site, Visitor, add_person, signed_in

ROUNDS, WARM_UP = 40, 5
BOUND_MS = 6.0


class Meter:
    """Adds up what the application costs, by route."""

    def __init__(self, app: Any) -> None:
        self._inner, self.seconds, self.hashing = app.wsgi_app, Counter(), 0.0
        app.wsgi_app = self
        hashed = passwords.is_right

        def measured(expected: str, typed: str) -> bool:
            began = time.thread_time()
            try:
                return hashed(expected, typed)
            finally:
                self.hashing += time.thread_time() - began

        persons.passwords.is_right = measured  # type: ignore[assignment]

    def __call__(
        self, environ: dict[str, Any], start: Callable[..., Any]
    ) -> Iterable[bytes]:
        began, hashed = time.thread_time(), self.hashing
        answer = list(self._inner(environ, start))
        spent = time.thread_time() - began - (self.hashing - hashed)
        path = environ["PATH_INFO"].split("/")
        name = f"{environ['REQUEST_METHOD']} /{path[1]}" + (
            f"/…/{path[3]}" if len(path) > 3 else "/…" if len(path) > 2 else ""
        )
        self.seconds[name] += spent
        return answer


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_provider(
            {"ISSUER": ISSUER, "VAR": folder, "LOG_LEVEL": "ERROR", "SECRET_KEY": "b"}
        )
        site, person = Site.registered(app), add_person(app)
        meter, costs, moment = Meter(app), [], clock.now()
        per_route: dict[str, list[float]] = {}
        for number in range(ROUNDS + WARM_UP):
            # An OTP is taken once, so each sign-in has a half-minute of its own.
            with clock.frozen(moment + timedelta(seconds=31 * number)):
                meter.seconds.clear()
                signed_in(site, Visitor(app), person)
            if number >= WARM_UP:
                costs.append(sum(meter.seconds.values()) * 1000)
                for name, spent in meter.seconds.items():
                    per_route.setdefault(name, []).append(spent * 1000)
    for name, spent in sorted(per_route.items()):
        print(f"{statistics.median(spent):7.2f} ms  {name}")
    middle = statistics.median(costs)
    hashing = meter.hashing / (ROUNDS + WARM_UP) * 1000
    print(f"{middle:7.2f} ms  a sign-in beyond hashing (bound: {BOUND_MS} ms)")
    print(f"{hashing:7.2f} ms  hashing, {hashing / middle:.1f} times as much")


if __name__ == "__main__":
    main()
