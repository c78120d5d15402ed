"""Each card of the cast, read as a station reads it and judged as a server judges."""

import secrets

import pytest

from sso.chip import certificates, security_infos
from sso.chip.agreement import chip_agreement
from sso.chip.evidence import Evidence
from sso.chip.trust import TrustStore
from sso.chip.verdicts import Reason, Step, Verdict
from sso.chip.verification import verify
from sso.station.card import opened
from sso.station.troubles import Stopped
from sso.virtual_card import cast, keeping
from sso.virtual_card.chip import Gone
from sso.virtual_card.documents import Person
from tests.sso.specimens import EXAM

NUMBER, DATES = Person.number, ("030115", "430115")
R, S = Reason, Step
AA, CA = S.ACTIVE_AUTHENTICATION, S.CHIP_AUTHENTICATION
# What is refused first; every case of the cast stands here, or the test fails.
REFUSED = {
    "silent-copy": (AA, R.AA_MISSING),
    "guessing-copy": (AA, R.AA_WRONG),
    "copy-with-own-key": (S.HASHES, R.GROUP_ALTERED),
    "hidden-key": (S.COMPLETENESS, R.GROUP_MISSING),
    "replayed-answer": (AA, R.AA_WRONG),
    "altered-name": (S.HASHES, R.GROUP_ALTERED),
    "altered-photo": (S.HASHES, R.GROUP_ALTERED),
    "expired-card": (S.DATES, R.CARD_EXPIRED),
    "revoked-signer": (S.REVOCATION, R.SIGNER_REVOKED),
    "expired-signer": (S.DATES, R.SIGNED_OUTSIDE_VALIDITY),
    "unknown-authority": (S.CHAIN, R.UNKNOWN_CSCA),
    "look-alike-authority": (S.CHAIN, R.CSCA_SIGNATURE_WRONG),
}
ACCEPTED = {"lawful", "lawful-older", "lawful-agreement-only", "no-clone-protection"}
ELSEWHERE = {"another-person", "pulled-out"}
"""Not a matter of the chip: told apart by the register, or never read whole."""


@pytest.fixture(scope="module")
def state():
    return cast.found()


@pytest.fixture(scope="module")
def trust(state):
    return TrustStore(
        (certificates.read_certificate(state.authority.der),),
        (certificates.read_crl(state.revocation_list(EXAM)),),
    )


def judged(chip, trust):
    """Read and judge the card, Chip Authentication included where it offers that."""
    card, _ = opened(chip.transmit, chip.atr, NUMBER, DATES)
    files = {name: card.read(name) for name in ("SOD", "DG1", "DG2", "DG14", "DG15")}
    groups = {int(n[2:]): c for n, c in files.items() if c and n != "SOD"}
    challenge = secrets.token_bytes(8)
    answer = card.answer(challenge)
    agreed = None
    if 14 in groups:
        infos = security_infos.read_dg14(groups[14])
        agreement = chip_agreement(infos, secrets.randbits(320))
        agreed = agreement.is_confirmed(
            card.relay([one.encode() for one in agreement.commands()],
                       agreement.probe()), groups[1])  # fmt: skip
    evidence = Evidence(files["SOD"], groups, challenge, answer, agreed)
    return verify(evidence, trust, EXAM)


def test_the_whole_cast_is_told_of_here():
    assert REFUSED.keys() | ACCEPTED | ELSEWHERE == cast.CASES.keys()


@pytest.mark.parametrize("case", sorted(ACCEPTED))
def test_a_lawful_card_is_accepted(case, state, trust):
    report = judged(cast.CASES[case](state, Person()), trust)

    assert report.accepted
    assert (report.of(CA).verdict is Verdict.OK) == (case != "no-clone-protection")


@pytest.mark.parametrize("case", REFUSED)
def test_each_fraud_is_refused_for_what_it_is(case, state, trust):
    report = judged(cast.CASES[case](state, Person()), trust)

    step, reason = REFUSED[case]
    assert not report.accepted
    assert (report.of(step).verdict, report.of(step).reason) == (
        Verdict.REFUSED,
        reason,
    )


def test_another_persons_genuine_card_says_another_number(state, trust):
    report = judged(cast.CASES["another-person"](state, Person()), trust)

    assert report.accepted
    assert report.zone.number == "079203012345"


def test_a_card_pulled_out_is_never_judged(state, trust):
    with pytest.raises(Gone):
        judged(cast.CASES["pulled-out"](state, Person()), trust)


def test_a_copy_that_cannot_agree_on_keys_is_refused_by_that_alone(state, trust):
    chip = cast.CASES["guessing-copy"](state, Person())

    try:
        report = judged(chip, trust)
    except Stopped:
        pytest.fail("the server must hear of it")

    assert report.of(CA).reason is R.CA_WRONG


def test_an_invented_state_outlives_the_program(tmp_path):
    before = keeping.kept(tmp_path, EXAM)
    after = keeping.kept(tmp_path, EXAM)

    assert after.authority.der == before.authority.der
    key = tmp_path / "signer.pem"
    assert key.stat().st_mode & 0o077 == 0
    trust = TrustStore(
        (certificates.read_certificate(
            (tmp_path / "anchors/authority.cer").read_bytes()),),
        (certificates.read_crl((tmp_path / "revoked.crl").read_bytes()),),
    )  # fmt: skip
    assert judged(cast.CASES["lawful"](after, Person()), trust).accepted


def test_the_files_of_a_card_can_be_written_and_judged(app, tmp_path):
    runner = app.test_cli_runner()
    for case, status in (("lawful", 0), ("altered-name", 1)):
        folder = tmp_path / case
        wrote = runner.invoke(args=["virtual-card", "write", case, str(folder)])
        command = wrote.stdout.split()[1:]

        assert runner.invoke(args=command).exit_code == status
