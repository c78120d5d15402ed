"""Passwords and passcodes: argon2id, a few at a time."""

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's first choice for argon2id; each hash takes 19 MiB, hence the bound below.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_few_at_a_time = threading.BoundedSemaphore(4)
NOBODY = _hasher.hash(secrets.token_hex(16))
"""Checked where there is no such person, so that it takes as long."""

LONGEST = 128


def hashed(password: str) -> str:
    with _few_at_a_time:
        return _hasher.hash(password)


def is_right(expected: str, password: str) -> bool:
    with _few_at_a_time:
        try:
            return _hasher.verify(expected, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
