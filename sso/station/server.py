"""What the station says to the server, and what it hears: see ``docs/station.md``."""

import base64
import http.client
import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sso.station.signing import Key
from sso.station.troubles import Stopped, Trouble

TIMEOUT_S = 15
LARGEST_ANSWER_BYTES = 64 * 1024
OK = 200
UNCERTAIN = 500
LOCAL = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Start:
    """A check-in that the server has opened."""

    checkin: str
    challenge: bytes
    files: tuple[str, ...]


@dataclass(frozen=True)
class Relay:
    """What the server wants carried to the chip for Chip Authentication."""

    commands: tuple[bytes, ...]
    sealed: bytes


@dataclass(frozen=True)
class Outcome:
    """The server's word: *sentences* are for the operator, in order."""

    accepted: bool
    sentences: tuple[str, ...]
    relay: Relay | None = None


@dataclass(frozen=True)
class Server:
    """The platform at one address."""

    address: str
    key: Key

    def start(self, number: str, agent: str) -> Start:
        said = self._post("/api/checkin/start", {"number": number, "agent": agent})
        with _reading():
            return Start(
                checkin=_identifier(said["checkin"]),
                challenge=bytes.fromhex(said["challenge"]),
                files=tuple(map(str, said["files"])),
            )

    def evidence(
        self,
        start: Start,
        files: Mapping[str, bytes],
        answer: bytes | None,
        note: Mapping[str, Any],
    ) -> Outcome:
        """Hand in everything that was read; *note* says how and how fast."""
        body = {
            "files": {name: _written(content) for name, content in files.items()},
            "active_answer": None if answer is None else _written(answer),
            **note,
        }
        return _outcome(self._post(f"/api/checkin/{start.checkin}/evidence", body))

    def chip(self, start: Start, answer: bytes) -> Outcome:
        """Hand in what the chip said to the server's own sealed command."""
        body = {"sealed_answer": _written(answer)}
        return _outcome(self._post(f"/api/checkin/{start.checkin}/chip", body))

    def _post(self, path: str, said: Mapping[str, Any]) -> dict[str, Any]:
        where = urlsplit(self.address)
        body = json.dumps(said).encode()
        path = where.path.rstrip("/") + path
        headers = {"Content-Type": "application/json"}
        headers |= self.key.headers("POST", path, body)
        try:
            connection = _connection(where.scheme, where.hostname, where.port)
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            heard = answer.read(LARGEST_ANSWER_BYTES + 1)
            connection.close()
        except (OSError, http.client.HTTPException) as error:
            raise Stopped(Trouble.SERVER_GONE) from error
        return _heard(answer.status, heard)


def _connection(
    scheme: str, host: str | None, port: int | None
) -> http.client.HTTPConnection:
    """Connect by TLS; in the clear only to this very machine."""
    if scheme == "https" and host:
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(
            host, port, timeout=TIMEOUT_S, context=context
        )
    if scheme == "http" and host in LOCAL:
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    raise Stopped(Trouble.SERVER_GONE, "Địa chỉ máy chủ phải bắt đầu bằng https://.")


def _heard(status: int, heard: bytes) -> dict[str, Any]:
    if status >= UNCERTAIN:
        raise Stopped(Trouble.SERVER_GONE)
    try:
        said = json.loads(heard)
    except ValueError as error:
        raise Stopped(Trouble.SERVER_UNREADABLE) from error
    if not isinstance(said, dict):
        raise Stopped(Trouble.SERVER_UNREADABLE)
    if status != OK:
        raise Stopped(Trouble.SERVER_REFUSED, str(said.get("sentence", ""))[:500])
    return said


@contextmanager
def _reading() -> Iterator[None]:
    """Turn an answer of another shape into one trouble."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Stopped(Trouble.SERVER_UNREADABLE) from error


def _outcome(said: Mapping[str, Any]) -> Outcome:
    with _reading():
        relay = said.get("relay")
        return Outcome(
            accepted=said["accepted"] is True,
            sentences=tuple(map(str, said.get("sentences", ()))),
            relay=relay
            and Relay(
                tuple(bytes.fromhex(one) for one in relay["commands"]),
                bytes.fromhex(relay["sealed"]),
            ),
        )


def _identifier(text: object) -> str:
    if not (isinstance(text, str) and text.isascii() and text.isalnum()):
        raise ValueError("an identifier that does not fit into an address")
    return text


def _written(content: bytes) -> str:
    return base64.b64encode(content).decode()
