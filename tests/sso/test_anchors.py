"""Nobody is believed until two people want it, and one is enough to end it."""

import io
from datetime import timedelta

import pytest
from asn1crypto import pem

from lms.kernel.audit import AuditEvent
from lms.kernel.db import db
from sso.anchors import rules, services
from sso.anchors.models import TrustAnchor
from sso.anchors.rules import MOVES, AnchorEvent, AnchorRefusal, AnchorState
from sso.chip.verification import verify
from sso.virtual_card import issuing
from tests.conftest import NINE
from tests.factories import people
from tests.sso.specimens import evidence, state

DAY = timedelta(days=1)


@pytest.fixture
def proposer(app):
    return people.account("Hoàng Văn Trị", administrator="site")


@pytest.fixture
def approver(app):
    return people.account("Lê Thị Duyệt", administrator="site")


@pytest.fixture
def hand_in(client, sign_in, proposer):
    """Return a function that hands a file in through the page."""

    def post(content, name="csca.cer", basis="Công văn 12/CV"):
        sign_in(proposer)
        file = (io.BytesIO(content), name)
        return client.post("/trust-anchors", data={"file": file, "basis": basis})

    return post


@pytest.fixture
def believed(client, sign_in, hand_in, approver):
    """Return a function that hands a file in and has it approved."""

    def go(content):
        address = hand_in(content).location
        sign_in(approver)
        assert client.post(f"{address}/approval").status_code == 303
        return address

    return go


def lists(revoked=(), ends=30):
    return issuing.revocation_list(
        state().authority, revoked, NINE - DAY, NINE + ends * DAY
    )


def anchor():
    return db.session.query(TrustAnchor).one()


def test_a_file_handed_in_shows_its_fingerprint_and_counts_for_nothing(client, hand_in):
    answer = hand_in(state().authority.der)

    page = client.get(answer.location).text
    assert rules.spaced(anchor().fingerprint) in page
    assert "Cần một người khác đối chiếu" in page
    assert services.trust_store().authorities == ()


def test_pem_does_as_well_as_der_and_has_the_same_fingerprint(hand_in):
    hand_in(pem.armor("CERTIFICATE", state().authority.der), "csca.pem")

    assert anchor().content == state().authority.der


def test_the_proposer_cannot_approve_alone(client, hand_in):
    address = hand_in(state().authority.der).location

    answer = client.post(f"{address}/approval")

    assert answer.status_code == 409
    assert "Người nạp tệp không được tự duyệt" in answer.text
    assert anchor().state is AnchorState.PROPOSED


def test_a_second_person_brings_it_into_force_and_cards_are_believed(client, believed):
    assert not verify(evidence(state().card()), services.trust_store(), NINE).accepted

    believed(state().authority.der)

    assert verify(evidence(state().card()), services.trust_store(), NINE).accepted
    acts = [row.act for row in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    kept = [act for act in acts if act.startswith("anchor:")]
    assert kept == ["anchor:propose", "anchor:approve"]


def test_a_withdrawn_authority_takes_its_cards_with_it(client, believed):
    address = believed(state().authority.der)

    client.post(f"{address}/withdrawal", data={"reason": "Lộ khóa"})

    assert anchor().state is AnchorState.WITHDRAWN
    assert not verify(evidence(state().card()), services.trust_store(), NINE).accepted


def test_a_rejection_says_why_and_is_kept(client, sign_in, hand_in, approver):
    address = hand_in(state().authority.der).location
    sign_in(approver)

    assert client.post(f"{address}/rejection", data={"reason": ""}).status_code == 422
    client.post(f"{address}/rejection", data={"reason": "Vân tay không khớp"})

    assert anchor().state is AnchorState.REJECTED
    assert "Vân tay không khớp" in client.get(address).text


def test_a_revocation_list_needs_its_authority_first(believed, hand_in):
    early = hand_in(lists(), "csca.crl")
    believed(state().authority.der)
    believed(lists([state().signer]))

    assert early.status_code == 409
    assert "không do chứng thư gốc nào" in early.text
    assert not verify(evidence(state().card()), services.trust_store(), NINE).accepted


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Hãy chọn tệp"),
        (b"not a certificate", "không phải chứng thư gốc"),
        (b"0" * (rules.LARGEST_BYTES + 1), "quá lớn"),
    ],
)
def test_a_wrong_file_is_refused_with_what_to_do(hand_in, content, words):
    answer = hand_in(content, "a.cer" if content else "")

    assert answer.status_code in (409, 422)
    assert words in answer.text
    assert db.session.query(TrustAnchor).count() == 0


def test_a_document_signer_is_no_authority(hand_in):
    assert hand_in(state().signer.der).status_code == 409


def test_the_same_file_is_not_handed_in_twice(hand_in):
    hand_in(state().authority.der)

    answer = hand_in(state().authority.der)

    assert "đã được nạp" in answer.text
    assert anchor()


def test_an_invented_authority_is_marked_wherever_it_is_shown(client, hand_in):
    address = hand_in(state().authority.der).location

    assert anchor().is_simulated
    assert "không dùng cho kỳ thi thật" in client.get(address).text
    assert "<span>MÔ PHỎNG</span>" in client.get("/trust-anchors").text
    assert services.is_simulated(anchor().fingerprint)
    assert services.is_simulated("0" * 64)


@pytest.mark.parametrize("path", ["", "/new", "/1"])
def test_it_is_no_place_for_others(client, sign_in, hand_in, path):
    hand_in(state().authority.der)
    sign_in(people.account("Trần Thị Bình"))

    assert client.get(f"/trust-anchors{path}").status_code in (403, 404)


@pytest.mark.parametrize("anchor_state", AnchorState)
@pytest.mark.parametrize("event", AnchorEvent)
def test_what_is_not_in_the_table_cannot_happen(anchor_state, event):
    refusal = rules.move_refusal(anchor_state, event, proposer_id=1, actor_id=2)

    expected = None
    if (anchor_state, event) not in MOVES:
        expected = AnchorRefusal.WRONG_STATE
    assert refusal is expected
