"""Answers as events: each acknowledged with a receipt, all of them in a chain.

An event is never changed.  What a candidate has answered is what the events lead to:
for each question the newest event counts, newest by the writer's number and then by the
writer's own count.  A receipt proves one event; a seal proves all events up to it, each
seal holding the one before.  Both are keyed, so that who can write to the database but
does not hold the key can forge neither.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

RECEIPT_LETTERS = 8
FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class AnswerEvent:
    """One change of one answer, as it was acknowledged."""

    sitting: int
    writer: int
    """Counts who may write: 1 at the start, one more with each takeover."""

    sequence: int
    position: int
    body: str
    """JSON, to the letter as it came: ``{"value": …, "flagged": …}``."""

    received_at: datetime

    @property
    def written(self) -> bytes:
        """Return it as bytes that no other event shares."""
        head = (self.sitting, self.writer, self.sequence, self.position)
        moment = self.received_at.isoformat()
        return "\n".join([*map(str, head), moment, self.body]).encode()


@dataclass(frozen=True, slots=True)
class Seal:
    """Holds the events from one to another, and the seal before."""

    number: int
    count: int
    """How many events it holds."""

    digest: str


def receipt(key: bytes, event: AnswerEvent) -> str:
    """Return the code that a candidate can keep: eight letters and digits."""
    mac = hmac.digest(key, event.written, "sha256")
    return base64.b32encode(mac).decode()[:RECEIPT_LETTERS]


def seal(key: bytes, number: int, previous: str, events: Sequence[AnswerEvent]) -> Seal:
    """Hold *events* together with the seal before them."""
    mac = hmac.new(key, f"{number}\n{previous}\n{len(events)}\n".encode(), "sha256")
    for event in events:
        mac.update(hashlib.sha256(event.written).digest())
    return Seal(number, len(events), mac.hexdigest())


class Fault(StrEnum):
    """What can be wrong with the events of a sitting."""

    RECEIPT = "receipt"
    """An event that is not what was acknowledged."""

    GAP = "gap"
    """A writer's count has a hole: an event is missing."""

    SEAL = "seal"
    """The events are not those that were sealed, or not in that order."""

    STATE = "state"
    """What is kept as the answer is not what the events lead to."""

    MARK = "mark"
    """The mark is not what the frozen paper gives for the answers."""


@dataclass(frozen=True, slots=True)
class Finding:
    fault: Fault
    where: str


def findings(
    key: bytes,
    events: Sequence[tuple[AnswerEvent, str]],
    seals: Sequence[Seal],
) -> list[Finding]:
    """Check events (each with its kept receipt, in their order) against all proofs."""
    return [
        *(
            Finding(Fault.RECEIPT, f"{event.writer}/{event.sequence}")
            for event, kept in events
            if not hmac.compare_digest(receipt(key, event), kept)
        ),
        *_gaps([event for event, _kept in events]),
        *_broken_seals(key, [event for event, _kept in events], seals),
    ]


def _gaps(events: Iterable[AnswerEvent]) -> list[Finding]:
    counts: dict[int, set[int]] = {}
    for event in events:
        counts.setdefault(event.writer, set()).add(event.sequence)
    return [
        Finding(Fault.GAP, f"{writer}/{missing}")
        for writer, seen in sorted(counts.items())
        for missing in sorted(set(range(1, max(seen) + 1)) - seen)
    ]


def _broken_seals(
    key: bytes, events: Sequence[AnswerEvent], seals: Sequence[Seal]
) -> list[Finding]:
    previous, begin = FIRST, 0
    for number, kept in enumerate(seals, 1):
        held = events[begin : begin + kept.count]
        again = seal(key, number, previous, held)
        if len(held) < kept.count or not hmac.compare_digest(again.digest, kept.digest):
            return [Finding(Fault.SEAL, str(number))]
        previous, begin = kept.digest, begin + kept.count
    return []


def folded(events: Iterable[AnswerEvent]) -> dict[int, AnswerEvent]:
    """Return the event that counts for each position."""
    newest: dict[int, AnswerEvent] = {}
    for event in events:
        kept = newest.get(event.position)
        if kept is None or _age(event) > _age(kept):
            newest[event.position] = event
    return newest


def _age(event: AnswerEvent) -> tuple[int, int]:
    return event.writer, event.sequence
