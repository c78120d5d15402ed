"""A state that issues cards in these tests: made once, for keys take time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from sso.chip import certificates
from sso.chip.evidence import Evidence
from sso.chip.trust import TrustStore
from sso.virtual_card import documents, issuing
from sso.virtual_card.documents import Document, Wish
from sso.virtual_card.issuing import EcPair, Issued

SIGNED = datetime(2023, 5, 10, 2, 30, tzinfo=UTC)
EXAM = datetime(2026, 9, 5, 2, 0, tzinfo=UTC)
CHALLENGE = bytes.fromhex("00112233445566FF")
FRESH = {
    "this_update": datetime(2026, 8, 1, tzinfo=UTC),
    "next_update": datetime(2026, 11, 1, tzinfo=UTC),
}


@dataclass(frozen=True)
class State:
    authority: Issued
    signer: Issued
    active: EcPair
    agreement: EcPair

    def card(self, **wish) -> Document:
        wish = {"active_key": self.active, "signed_at": SIGNED} | wish
        return documents.make(self.signer, Wish(**wish))

    def trust(self, *authorities: Issued, crls: tuple[bytes, ...] = ()) -> TrustStore:
        loaded = authorities or (self.authority,)
        lists = crls or (issuing.revocation_list(self.authority, **FRESH),)
        return TrustStore(
            tuple(certificates.read_certificate(one.der) for one in loaded),
            tuple(certificates.read_crl(one) for one in lists),
        )


@cache
def state() -> State:
    authority = issuing.authority(issuing.ec_pair(explicit=True))
    return State(
        authority=authority,
        signer=issuing.signer(authority, issuing.ec_pair("NIST256p")),
        active=issuing.ec_pair("BRAINPOOLP256r1"),
        agreement=issuing.ec_pair("BRAINPOOLP256r1"),
    )


def evidence(document: Document, **more) -> Evidence:
    """What a station sends of a card that answers as it should."""
    answer = None
    if isinstance(document.active_key, EcPair):
        answer = document.active_key.sign_plain(CHALLENGE)
    given = {"challenge": CHALLENGE, "active_answer": answer} | more
    return Evidence(document.sod, document.groups, **given)
