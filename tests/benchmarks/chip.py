"""What verifying one candidate's chip costs the server's processor.

Run it from the top of the tree::

    .venv/bin/python -m tests.benchmarks.chip

Passive and active authentication together, on cards of each kind of key, with the trust
store loaded beforehand as the server has it.  The promise is 15 ms.
"""

import statistics
import time
from collections.abc import Callable

from sso.chip import certificates, security_infos
from sso.chip.agreement import chip_agreement
from sso.chip.evidence import Evidence
from sso.chip.trust import TrustStore
from sso.chip.verification import verify
from sso.virtual_card import documents, issuing
from sso.virtual_card.chip import active_answer
from sso.virtual_card.documents import Wish
from tests.sso.specimens import CHALLENGE, EXAM, FRESH, SIGNED

PROMISE_MS = 15.0
WARM_UP, ROUNDS = 5, 100
KINDS: dict[str, tuple[Callable[[], issuing.Pair], ...]] = {
    "RSA-2048 throughout": (issuing.rsa_pair,) * 3,
    "RSA-PSS, AA by RSA": (lambda: issuing.rsa_pair(salt_bytes=32),) * 2
    + (issuing.rsa_pair,),
    "P-256 throughout": (lambda: issuing.ec_pair("NIST256p"),) * 3,
    "brainpoolP256r1, explicit": (lambda: issuing.ec_pair(explicit=True),) * 3,
    "brainpoolP512r1 and 384": (
        lambda: issuing.ec_pair("BRAINPOOLP512r1", "sha512", explicit=True),
        lambda: issuing.ec_pair("BRAINPOOLP384r1", "sha384", explicit=True),
        lambda: issuing.ec_pair("BRAINPOOLP256r1"),
    ),
}


def main() -> None:
    print(f"{'':28} {'PA + AA':>9}   promise {PROMISE_MS:.0f} ms")
    for name, pairs in KINDS.items():
        spent = median_ms(verification(*pairs))
        print(f"{name:28} {spent:6.2f} ms   {spent / PROMISE_MS:5.0%}")
    print(f"{'Chip Authentication, server':28} {median_ms(agreement()):6.2f} ms")


def verification(
    root: Callable[[], issuing.Pair],
    signer: Callable[[], issuing.Pair],
    active: Callable[[], issuing.Pair],
) -> Callable[[], None]:
    """Return one whole verification, from raw bytes to an accepted report."""
    authority = issuing.authority(root())
    key = active()
    wish = Wish(active_key=key, agreement_key=issuing.ec_pair(), signed_at=SIGNED)
    card = documents.make(issuing.signer(authority, signer()), wish)
    crl = certificates.read_crl(issuing.revocation_list(authority, **FRESH))
    store = TrustStore((certificates.read_certificate(authority.der),), (crl,))
    answer = active_answer(key, CHALLENGE)
    evidence = Evidence(card.sod, card.groups, CHALLENGE, answer)

    def judge() -> None:
        if not verify(evidence, store, EXAM).accepted:
            raise SystemExit("the benchmark's own card was refused")

    return judge


def agreement() -> Callable[[], None]:
    """Return what the server does for one Chip Authentication, short of the answer."""
    infos = security_infos.read_dg14(documents.dg14(None, issuing.ec_pair()))

    def agree() -> None:
        agreed = chip_agreement(infos, 2**300 + 7)
        if agreed is None:
            raise SystemExit("the benchmark's own card offers nothing")
        agreed.commands()
        agreed.probe()

    return agree


def median_ms(work: Callable[[], None]) -> float:
    """Return the median processor time of one piece of work."""
    for _ in range(WARM_UP):
        work()
    spent = []
    for _ in range(ROUNDS):
        begun = time.process_time_ns()
        work()
        spent.append((time.process_time_ns() - begun) / 1e6)
    return statistics.median(spent)


if __name__ == "__main__":
    main()
