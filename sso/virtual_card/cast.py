"""A cast of cards for the demonstration and for tests: lawful, and each fraud by name.

All belong to one small state, whose authority must be loaded as an anchor before
anybody believes any of them.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sso.virtual_card import documents, issuing
from sso.virtual_card.chip import Behaviour, VirtualChip, active_answer
from sso.virtual_card.documents import Document, Person, Wish
from sso.virtual_card.issuing import Issued

SIGNED = datetime(2023, 5, 10, 2, 30, tzinfo=UTC)


@dataclass(frozen=True)
class State:
    """Who issues: the authority, its signers, and two who only pretend."""

    authority: Issued
    signer: Issued
    revoked_signer: Issued
    expired_signer: Issued
    unknown_signer: Issued
    alike_signer: Issued

    def revocation_list(self, now: datetime) -> bytes:
        """Sign a fresh list that condemns the one revoked signer."""
        day = timedelta(days=1)
        return issuing.revocation_list(
            self.authority, [self.revoked_signer], now - day, now + 30 * day
        )

    def document(self, person: Person, **wish: Any) -> Document:
        """Write a document by the lawful signer, with keys of its own."""
        signer = wish.pop("signer", self.signer)
        given: dict[str, Any] = {
            "active_key": issuing.ec_pair("NIST256p"),
            "agreement_key": issuing.ec_pair(),
            "signed_at": SIGNED,
        }
        return documents.make(signer, Wish(person=person, **(given | wish)))


def found() -> State:
    """Found a state: keys are made now and are nobody's but the caller's."""
    authority = issuing.authority(issuing.ec_pair(explicit=True))
    alike = issuing.authority(issuing.ec_pair())
    unknown = issuing.authority(issuing.ec_pair(), "CSCA lạ MÔ PHỎNG")
    ended = datetime(2022, 1, 1, tzinfo=UTC)

    def pair() -> issuing.EcPair:
        return issuing.ec_pair("NIST256p")

    return State(
        authority=authority,
        signer=issuing.signer(authority, pair()),
        revoked_signer=issuing.signer(authority, pair()),
        expired_signer=issuing.signer(authority, pair(), not_after=ended),
        unknown_signer=issuing.signer(unknown, pair()),
        alike_signer=issuing.signer(alike, pair()),
    )


def _lawful(state: State, person: Person) -> VirtualChip:
    return VirtualChip(state.document(person))


def _silent_copy(state: State, person: Person) -> VirtualChip:
    copy = replace(state.document(person), active_key=None, agreement_key=None)
    return VirtualChip(copy)


def _guessing_copy(state: State, person: Person) -> VirtualChip:
    """A copy with keys of its own behind the lawful card's public ones."""
    guessed = issuing.ec_pair("NIST256p")
    copy = replace(state.document(person), active_key=guessed)
    return VirtualChip(replace(copy, agreement_key=issuing.ec_pair()))


def _copy_with_own_key(state: State, person: Person) -> VirtualChip:
    """A copy that brings its own EF.DG15 as well."""
    own = state.document(person)
    lawful = state.document(person)
    copy = documents.altered(lawful, 15, own.groups[15])
    return VirtualChip(replace(copy, active_key=own.active_key, agreement_key=None))


def _hidden_key(state: State, person: Person) -> VirtualChip:
    """A copy that hides EF.DG15 and strikes it from the unsigned EF.COM."""
    copy = documents.without(state.document(person), 14, 15)
    return VirtualChip(replace(copy, active_key=None, agreement_key=None))


def _replayed_answer(state: State, person: Person) -> VirtualChip:
    document = state.document(person)
    assert document.active_key is not None  # noqa: S101 -- made with one
    recorded = active_answer(document.active_key, b"recorded")
    copy = replace(document, agreement_key=None)
    return VirtualChip(copy, Behaviour(recorded_answer=recorded))


def _altered_name(state: State, person: Person) -> VirtualChip:
    other = replace(person, surname="TRAN", given_names="VAN GIA")
    document = state.document(person)
    return VirtualChip(documents.altered(document, 1, documents.dg1(other)))


def _altered_photo(state: State, person: Person) -> VirtualChip:
    digits = hashlib.sha256(person.number.encode()).hexdigest()
    picture = documents.portrait(replace(person, number=digits))
    document = state.document(person)
    return VirtualChip(documents.altered(document, 2, documents.dg2(picture)))


def _expired(state: State, person: Person) -> VirtualChip:
    return VirtualChip(state.document(replace(person, expires_on=date(2024, 1, 15))))


def _by(signer: str) -> Callable[[State, Person], VirtualChip]:
    def card(state: State, person: Person) -> VirtualChip:
        return VirtualChip(state.document(person, signer=getattr(state, signer)))

    return card


def _another_person(state: State, person: Person) -> VirtualChip:
    """Somebody else's genuine card that happens to open with the same six digits."""
    head = "079" if person.number[:3] != "079" else "001"
    other = replace(
        person,
        number=head + person.number[3:],
        surname="LE",
        given_names="THI CUC",
        name="Lê Thị Cúc",
    )
    return VirtualChip(state.document(other))


def _pulled_out(state: State, person: Person) -> VirtualChip:
    return VirtualChip(state.document(person), Behaviour(leaves_after=20))


def _no_protection(state: State, person: Person) -> VirtualChip:
    document = state.document(person, active_key=None, agreement_key=None)
    return VirtualChip(document)


def _agreement_only(state: State, person: Person) -> VirtualChip:
    return VirtualChip(state.document(person, active_key=None))


def _older(state: State, person: Person) -> VirtualChip:
    behaviour = Behaviour(speaks_pace=False, takes_extended=False)
    return VirtualChip(state.document(person), behaviour)


CASES: dict[str, Callable[[State, Person], VirtualChip]] = {
    "lawful": _lawful,
    "lawful-older": _older,
    "lawful-agreement-only": _agreement_only,
    "silent-copy": _silent_copy,
    "guessing-copy": _guessing_copy,
    "copy-with-own-key": _copy_with_own_key,
    "hidden-key": _hidden_key,
    "replayed-answer": _replayed_answer,
    "altered-name": _altered_name,
    "altered-photo": _altered_photo,
    "expired-card": _expired,
    "revoked-signer": _by("revoked_signer"),
    "expired-signer": _by("expired_signer"),
    "unknown-authority": _by("unknown_signer"),
    "look-alike-authority": _by("alike_signer"),
    "another-person": _another_person,
    "no-clone-protection": _no_protection,
    "pulled-out": _pulled_out,
}
