"""One check-in from the station's side: ask, open, read, hand in, carry back."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sso.station import card as cards
from sso.station import reader
from sso.station.card import Card
from sso.station.server import Outcome, Server, Start
from sso.station.troubles import Stopped, Trouble

NUMBER_DIGITS = 12
FIRST_WAIT_S = 60.0
READ_BY_DEFAULT = ("SOD", "DG1", "DG2", "DG14", "DG15")
NEEDED = {"SOD", "DG1", "DG2"}
ALLOWED = {*READ_BY_DEFAULT, "DG13"}


class Stage(StrEnum):
    """Where a check-in stands; the page has a sentence for each."""

    IDLE = "idle"
    ASKING = "asking"
    WAITING = "waiting"
    OPENING = "opening"
    READING = "reading"
    PROVING = "proving"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    STOPPED = "stopped"


Tell = Callable[[Stage, float], None]


@dataclass(frozen=True)
class Desk:
    """What a station has on its desk."""

    server: Server
    reader_name: str | None = None
    wait_s: float = FIRST_WAIT_S
    dates: tuple[str, str] | None = field(default=None, repr=False)
    """For BAC alone: yymmdd of birth and of expiry."""


def check_in(desk: Desk, number: str, tell: Tell) -> Outcome:
    """Check one candidate in; raise Stopped with the sentence for the operator."""
    if not (len(number) == NUMBER_DIGITS and number.isascii() and number.isdigit()):
        raise Stopped(Trouble.BAD_NUMBER)
    tell(Stage.ASKING, 0)
    start = desk.server.start(number, agent())
    wanted = [name for name in start.files if name in ALLOWED]
    tell(Stage.WAITING, 0)
    with reader.inserted(desk.reader_name, desk.wait_s) as (transmit, atr):
        begun = time.monotonic()
        tell(Stage.OPENING, 0)
        card, access = cards.opened(transmit, atr, number, desk.dates)
        files = read_files(card, wanted, tell)
        tell(Stage.PROVING, 0)
        asked = time.monotonic()
        answer = card.answer(start.challenge) if "DG15" in files else None
        answered = time.monotonic()
        note = {
            "access": access,
            "milliseconds": {
                "read": round(1000 * (asked - begun)),
                "active": round(1000 * (answered - asked)),
            },
        }
        tell(Stage.SENDING, 0)
        return _hand_in(desk.server, start, card, (files, answer, note))


def read_files(card: Card, wanted: list[str], tell: Tell) -> dict[str, bytes]:
    """Read what is there of the files that the server wants."""
    files: dict[str, bytes] = {}
    for place, name in enumerate(wanted):

        def progress(_name: str, part: float, place: int = place) -> None:
            tell(Stage.READING, (place + part) / len(wanted))

        content = card.read(name, progress)
        if content is not None:
            files[name] = content
        elif name in NEEDED:
            raise Stopped(Trouble.FILE_MISSING)
    return files


def agent() -> str:
    """Name this program and its version, for the server's record."""
    try:
        return f"lms-station {version('lms')}"
    except PackageNotFoundError:
        return "lms-station"


def _hand_in(
    server: Server,
    start: Start,
    card: Card,
    found: tuple[Mapping[str, bytes], bytes | None, Mapping[str, Any]],
) -> Outcome:
    outcome = server.evidence(start, *found)
    if outcome.relay is None:
        return outcome
    return server.chip(start, card.relay(outcome.relay.commands, outcome.relay.sealed))
