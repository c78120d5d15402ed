"""Talking to a provider over HTTP, within one deadline for the whole exchange.

Timeouts of sockets begin anew with each byte; a provider that drips would hold a
sign-in, and the thread that serves it, for hours.  Here every wait takes only what is
left of the deadline.  Redirects are not followed: a provider lives where it says.
"""

import http.client
import io
import json
import socket
import ssl
import time
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from sso.relying_party.faults import Unreachable
from sso.relying_party.rules.envelope import document
from sso.relying_party.rules.provider import is_safe

LARGEST_ANSWER = 262_144


class Deadline:
    """A moment after which nobody waits any more."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left, or raise TimeoutError."""
        seconds = self._ends_at - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("the provider took too long")
        return seconds


class _Reader(io.RawIOBase):
    """Reads from a socket, never past the deadline."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket, self._deadline = connected, deadline
        self._raw = connected.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._socket.settimeout(self._deadline.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Patient:
    """A socket as http.client uses it, bound to a deadline."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket, self._deadline = connected, deadline

    def sendall(self, data: bytes) -> None:
        self._socket.settimeout(self._deadline.left())
        self._socket.sendall(data)

    def makefile(self, *_mode: Any, **_given: Any) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._socket, self._deadline))

    def close(self) -> None:
        self._socket.close()


@cache
def _trust() -> ssl.SSLContext:
    """Return whom TLS trusts: read once, for it takes longer than a sign-in."""
    return ssl.create_default_context()


class Exchange:
    """The questions of one sign-in: one deadline, and one connection to each host."""

    def __init__(self, seconds: float) -> None:
        self.deadline = Deadline(seconds)
        self._open: dict[tuple[str, str], http.client.HTTPConnection] = {}

    def __enter__(self) -> "Exchange":
        return self

    def __exit__(self, *_raised: object) -> None:
        for connection in self._open.values():
            connection.close()

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> Any:
        """Return the JSON object found there, or raise Unreachable."""
        return _object(*self.send("GET", address, b"", headers or {}))

    def post(
        self, address: str, form: bytes, headers: Mapping[str, str] | None = None
    ) -> Any:
        """Post a form and return the JSON object that answers it."""
        typed = {"Content-Type": "application/x-www-form-urlencoded"}
        return _object(*self.send("POST", address, form, typed | dict(headers or {})))

    def send(
        self, method: str, address: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        if not is_safe(address):
            raise Unreachable("the provider names an address that must not be asked")
        parts = urlsplit(address)
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        said = {"Accept": "application/json", "User-Agent": "lms", **headers}
        try:
            connection = self._connection(parts.scheme, parts.netloc)
            connection.request(method, path, body or None, said)
            answer = connection.getresponse()
            content = answer.read(LARGEST_ANSWER + 1)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreachable(type(error).__name__) from error
        if len(content) > LARGEST_ANSWER:
            raise Unreachable("the answer has no end")
        return answer.status, content

    def _connection(self, scheme: str, netloc: str) -> http.client.HTTPConnection:
        kept = self._open.get((scheme, netloc))
        if kept is not None and kept.sock is not None:
            return kept
        left = self.deadline.left()
        made = (
            http.client.HTTPSConnection(netloc, timeout=left, context=_trust())
            if scheme == "https"
            else http.client.HTTPConnection(netloc, timeout=left)
        )
        made.connect()
        made.sock = _Patient(made.sock, self.deadline)
        # Closed by the other side, it is opened anew by us and not by http.client,
        # which would forget the deadline.
        made.auto_open = 0
        self._open[scheme, netloc] = made
        return made


def _object(status: int, content: bytes) -> Any:
    if status != http.client.OK:
        raise Unreachable(f"status {status}{_error_in(content)}")
    found = document(content)
    if found is None:
        raise Unreachable("the answer is no JSON object")
    return found


def _error_in(content: bytes) -> str:
    """Return the OAuth error of an answer if it is one of the known words."""
    try:
        error = json.loads(content)["error"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    return f" {error}" if error in OAUTH_ERRORS else ""


OAUTH_ERRORS = frozenset(
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
        "invalid_token",
        "insufficient_scope",
    }
)
