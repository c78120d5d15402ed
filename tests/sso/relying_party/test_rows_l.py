"""Rows L1 to L7, X1, X2 and Q8: whose account an identity opens, and for how long."""

import base64
import json
import threading
from datetime import date, timedelta
from itertools import permutations

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from courses.quizzes.models.attempts import Attempt
from lms.kernel import clock
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db, writing
from lms.people import sign_in
from lms.people.models import Account, AccountState, LocalCredential, UserSession
from lms.people.proof import (
    EXAM,
    Demand,
    Proof,
    Shortfall,
    local_proof,
    shortfall,
)
from sso.relying_party.models import Identity, LinkRequest
from sso.relying_party.rules import envelope
from sso.relying_party.rules.identity import VerifiedIdentity, verified
from sso.relying_party.rules.linking import EntryRefusal
from sso.relying_party.rules.provider import HABITS, Profile, Provider
from sso.relying_party.services import linking
from tests.conftest import NINE
from tests.factories import people, quizzes
from tests.sso.lying_provider import (
    ENVELOPE_KEY,
    NUMBER,
    enveloped,
)

OTHER = "000199000002"
MINUTE = timedelta(minutes=1)


def linked_accounts():
    return db.session.scalars(select(Identity.account_id)).all()


def acts():
    return db.session.scalars(select(AuditEvent.act)).all()


def leave_and_return(door, op, client=None):
    client = client or door.client
    return client.get(op.sign_in(door.leave(client)))


def test_l1_a_second_identity_cannot_claim_a_linked_number(door, an, op):
    door.enter()
    door.client.post("/sign-out")
    op.person["sub"] = "another-sub"

    answer = door.enter()

    assert answer.status_code == 403
    assert "đã gắn với một danh tính khác" in answer.text
    assert not door.is_open()
    assert linked_accounts() == [an.id]
    event = db.session.scalar(select(AuditEvent).filter_by(act="identity-refused"))
    assert event.subject == f"account:{an.id}"
    assert event.detail == {"reason": "entry-already-linked"}


def test_l1_another_issuer_cannot_claim_a_linked_number(door, an, op, browsers):
    door.enter()
    identity = VerifiedIdentity(
        issuer="https://op.example",
        sub="sub-of-an",
        personal_number=NUMBER,
        full_name="Nguyễn Văn An",
        birth_date=an.birth_date,
        account_level=2,
        acr=4,
    )

    assert linking.enter(identity, Profile.OIDC, NINE) is EntryRefusal.ALREADY_LINKED
    assert linked_accounts() == [an.id]


def test_l1_the_same_sub_at_another_issuer_is_somebody_else(door, an, op):
    door.enter()
    identity = VerifiedIdentity(
        issuer="https://op.example",
        sub="sub-of-an",
        personal_number=None,
        full_name="",
        birth_date=None,
        account_level=2,
        acr=4,
    )

    assert linking.enter(identity, Profile.OIDC, NINE) is EntryRefusal.NO_NUMBER


def test_l2_name_and_birth_date_without_the_number_are_no_key(door, an, op):
    del op.person["so_dinh_danh"]

    assert "không gửi số định danh" in door.enter().text
    assert linked_accounts() == []


def test_l2_an_email_is_no_key(door, an, op):
    an.email = "an@phongdien.example"
    db.session.commit()
    op.person |= {
        "so_dinh_danh": OTHER,
        "email": "an@phongdien.example",
        "email_verified": True,
    }

    assert "Chưa có hồ sơ nào" in door.enter().text
    assert linked_accounts() == []


def test_l2_nobody_writes_their_own_number(app):
    """No form that people fill in about themselves has a field for it."""
    from lms.people import forms

    fields = {
        name
        for form in vars(forms).values()
        if isinstance(form, type)
        for name in vars(form)
    }
    assert not {name for name in fields if "number" in name or "birth" in name}


def test_l3_level_one_does_not_open_a_teachers_record(door, an, op):
    people.services.give_post(an, people.unit(), "Giáo viên", NINE.date())
    db.session.commit()
    op.person["muc_tai_khoan"] = 1

    answer = door.enter()

    assert answer.status_code == 403
    assert "cần định danh điện tử mức 02" in answer.text
    assert linked_accounts() == []
    assert db.session.scalar(select(func.count(LinkRequest.id))) == 0


@pytest.mark.parametrize("role", ["administrator", "editor", "teacher", "school-head"])
def test_l3_level_one_does_not_open_a_role_over_others(door, an, op, role):
    people.services.grant_role(an.id, role, "site")
    db.session.commit()
    op.person["muc_tai_khoan"] = 1

    assert "mức 02" in door.enter().text
    assert not door.is_open()


def test_l3_level_two_with_the_right_name_opens_a_teachers_record(door, an, op):
    people.services.give_post(an, people.unit(), "Giáo viên", NINE.date())
    db.session.commit()

    assert door.enter().status_code == 303
    assert door.is_open()


def test_l3_a_pupil_of_level_one_waits_for_the_school(door, an, op):
    op.person["muc_tai_khoan"] = 1

    answer = door.enter()

    assert "chờ xác nhận" in answer.text
    assert not door.is_open()
    asked = db.session.scalar(select(LinkRequest))
    assert (asked.account_id, asked.reasons) == (an.id, ["account-level"])


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"ho_ten": "Nguyễn Văn Ân"}, []),
        ({"ho_ten": "  NGUYỄN  văn an "}, []),
        ({"ho_ten": "Nguyễn Văn Anh"}, ["name"]),
        ({"ho_ten": ""}, ["name"]),
        ({"ngay_sinh": "1999-05-02"}, ["birth-date"]),
        ({"ngay_sinh": None}, ["birth-date"]),
        (
            {"ho_ten": "Lê Thị Bình", "ngay_sinh": "2001-01-01"},
            ["name", "birth-date"],
        ),
    ],
)
def test_l3_name_and_birth_date_must_agree(door, an, op, changes, reasons):
    op.person |= changes

    answer = door.enter()

    asked = db.session.scalar(select(LinkRequest))
    assert (asked.reasons if asked else []) == reasons
    assert answer.status_code == (403 if reasons else 303)


def test_l4_of_two_claims_at_once_one_wins(app, an):
    """Two browsers, two identities, one number, at the same moment."""
    account_id = an.id
    at_once = threading.Barrier(4)
    found, problems = [], []

    def claim(number):
        identity = VerifiedIdentity(
            issuer="https://op.example",
            sub=f"sub-{number}",
            personal_number=NUMBER,
            full_name="Nguyễn Văn An",
            birth_date=date(1999, 5, 1),
            account_level=2,
            acr=2,
        )
        try:
            with app.app_context():
                at_once.wait()
                with writing():
                    entered = linking.enter(identity, Profile.OIDC, NINE)
                    found.append(isinstance(entered, linking.Entry))
                    db.session.commit()
        except Exception as problem:
            problems.append(problem)

    claimants = [threading.Thread(target=claim, args=(n,)) for n in range(4)]
    for claimant in claimants:
        claimant.start()
    for claimant in claimants:
        claimant.join()

    db.session.rollback()
    assert problems == []
    assert sorted(found) == [False, False, False, True]
    assert linked_accounts() == [account_id]


def test_l4_the_database_itself_keeps_one_identity_for_one_account(door, an):
    door.enter()
    proof = Proof(2, 2, (), NINE, "http://op.example", "second")
    first = db.session.scalar(select(Identity))
    proof = Proof(2, 2, (), NINE, first.issuer, "second")

    assert linking.link(db.session.get(Account, an.id), Profile.OIDC, proof, NINE) is (
        False
    )


def test_l5_what_was_planted_before_the_owner_came_is_gone(door, an, browsers):
    sign_in.set_password(an, "an.nv", people.PASSWORD)
    db.session.commit()
    squatter = browsers()
    words = {"sign_in_name": "an.nv", "password": people.PASSWORD}
    squatter.post("/sign-in", data=words)
    assert door.is_open(squatter)

    door.enter()

    assert not door.is_open(squatter)
    assert db.session.scalar(select(func.count(LocalCredential.id))) == 0
    assert squatter.post("/sign-in", data=words).status_code == 422
    assert door.is_open()


def officer_of(an):
    school = people.unit("truong-a", "Trường A")
    an.unit_id = school.id
    officer = people.account("Hồ Văn Xác", **{"unit-liaison": f"unit:{school.id}"})
    db.session.commit()
    return officer


def test_l6_what_the_unit_confirms_is_this_identity_alone(
    door, an, op, sign_in, client, browsers
):
    officer = officer_of(an)
    pupil, stranger = browsers(), browsers()
    op.person["muc_tai_khoan"] = 1
    leave_and_return(door, op, pupil)
    asked = db.session.scalar(select(LinkRequest))
    op.person["sub"] = "somebody-else"
    leave_and_return(door, op, stranger)

    sign_in(officer)
    page = client.get("/link-requests").text
    answer = client.post(f"/link-requests/{asked.id}/confirm")

    assert page.count("NGUYEN VAN AN") >= 2
    assert answer.status_code == 303
    # Neither browser is let in by the confirmation itself.
    assert not door.is_open(pupil)
    assert leave_and_return(door, op, stranger).status_code == 403
    assert not door.is_open(stranger)
    op.person["sub"] = "sub-of-an"
    assert leave_and_return(door, op, pupil).status_code == 303
    assert door.is_open(pupil)


def test_l6_a_request_that_was_turned_away_stays_so(
    door, an, op, sign_in, client, browsers
):
    officer = officer_of(an)
    pupil = browsers()
    op.person["muc_tai_khoan"] = 1
    leave_and_return(door, op, pupil)
    asked = db.session.scalar(select(LinkRequest))
    sign_in(officer)

    client.post(f"/link-requests/{asked.id}/turn-away")

    assert "đã không xác nhận" in leave_and_return(door, op, pupil).text
    assert client.post(f"/link-requests/{asked.id}/confirm").status_code == 409
    assert linked_accounts() == []


def test_l6_an_officer_elsewhere_sees_and_confirms_nothing(
    door, an, op, sign_in, client, browsers
):
    officer_of(an)
    op.person["muc_tai_khoan"] = 1
    leave_and_return(door, op, browsers())
    asked = db.session.scalar(select(LinkRequest))
    other = people.unit("truong-b", "Trường B")
    sign_in(people.account("Xa Xôi", **{"unit-liaison": f"unit:{other.id}"}))

    assert "NGUYEN VAN AN" not in client.get("/link-requests").text
    assert client.post(f"/link-requests/{asked.id}/confirm").status_code == 404


PERSON = {
    "citizenPid": NUMBER,
    "fullName": "Nguyễn Văn An",
    "birthDate": "01/05/1999",
    "accountType": "CITIZEN",
    "accountLevel": 2,
}
PROVIDER = Provider(
    profile=Profile.ENVELOPE,
    issuer="https://op.example",
    client_id="lms",
    habits=HABITS[Profile.ENVELOPE],
)
PEM = ENVELOPE_KEY.private_key.private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
).decode()
KEY = envelope.private_key(PEM)
HONEST = verified(PROVIDER, {}, PERSON)


def read(answer):
    told = envelope.opened_document(answer, KEY)
    return None if told is None else verified(PROVIDER, {}, told)


def blocks_of(answer):
    content = base64.b64decode(answer["data"])
    return [content[n : n + 16] for n in range(0, len(content), 16)]


def with_blocks(answer, blocks):
    return answer | {"data": base64.b64encode(b"".join(blocks)).decode()}


def is_nobody_else(found):
    """Say whether it was turned away, or names the same person at no higher level.

    A name that changed on the way is a doubt, and waits for the unit.
    """
    if not isinstance(found, VerifiedIdentity):
        return True
    return (
        (found.sub, found.personal_number) == (HONEST.sub, HONEST.personal_number)
        and found.account_level <= HONEST.account_level
        and found.birth_date in (HONEST.birth_date, None)
    )


def sealed():
    return enveloped(json.dumps(PERSON).encode())


def test_l7_an_honest_envelope_opens():
    assert read(sealed()) == HONEST


@settings(max_examples=60)
@given(st.data())
def test_l7_a_flipped_bit_makes_no_other_person(data):
    answer = sealed()
    blocks = blocks_of(answer)
    which = data.draw(st.integers(0, len(blocks) - 1))
    bit = data.draw(st.integers(0, 127))
    flipped = int.from_bytes(blocks[which]) ^ (1 << bit)
    blocks[which] = flipped.to_bytes(16)

    assert is_nobody_else(read(with_blocks(answer, blocks)))


def test_l7_blocks_in_another_order_make_no_other_person():
    answer = sealed()
    blocks = blocks_of(answer)

    for first, second in permutations(range(len(blocks)), 2):
        moved = list(blocks)
        moved[first], moved[second] = moved[second], moved[first]
        assert is_nobody_else(read(with_blocks(answer, moved)))


def test_l7_blocks_left_out_or_said_twice_make_no_other_person():
    answer = sealed()
    blocks = blocks_of(answer)

    for n in range(len(blocks)):
        for changed in (
            blocks[:n] + blocks[n + 1 :],
            blocks[: n + 1] + blocks[n:],
        ):
            assert is_nobody_else(read(with_blocks(answer, changed)))


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {},
        {"data": "", "key": ""},
        {"data": "!!", "key": "!!"},
        {"data": 5, "key": 5},
        {"data": "AAAA", "key": "AAAA"},
    ],
    ids=str,
)
def test_l7_what_is_no_envelope_does_not_open(answer):
    assert envelope.opened_document(answer, KEY) is None


def test_l7_plus_signs_survive_an_address():
    assert envelope.from_address("ab c/d ==") == "ab+c/d+=="


@pytest.mark.parametrize("level", [None, 0, 3, "", "VIP", True, [2], "２"])
def test_l7_a_level_that_is_missing_or_unknown_is_one(level):
    assert verified(PROVIDER, {}, PERSON | {"accountLevel": level}).account_level == 1


@pytest.mark.parametrize("level", [2, "2", "02"])
def test_l7_a_level_that_is_known_is_believed(level):
    assert verified(PROVIDER, {}, PERSON | {"accountLevel": level}).account_level == 2


def test_l7_an_envelope_meets_no_demand_of_an_exam():
    proof = Proof(acr=HONEST.acr, muc=HONEST.account_level, amr=(), auth_time=None)

    assert shortfall(proof, EXAM, NINE) is Shortfall.DEVICE


def test_l7_the_profile_is_never_spoken_in_the_clear(door, envelope_settings):
    open_places = {
        name: place.replace("127.0.0.1", "op.example")
        for name, place in envelope_settings["VNEID_ENDPOINTS"].items()
    }

    with pytest.raises(ValueError, match="must be https"):
        door.configure(**envelope_settings | {"VNEID_ENDPOINTS": open_places})


STRONG = Proof(2, 2, ("pwd", "otp"), NINE, "https://op.example", "a")
FRESH = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("proof", "lacking"),
    [
        (STRONG, None),
        (Proof(2, 2, ("swk", "pin", "qr"), NINE), Shortfall.DEVICE),
        (Proof(4, 2, (), NINE), Shortfall.DEVICE),
        (Proof(2, 1, ("pwd", "otp"), NINE), Shortfall.ACCOUNT_LEVEL),
        (Proof(1, 2, ("pwd",), NINE), Shortfall.LEVEL),
        (Proof(2, 2, ("pwd", "otp"), NINE - FRESH), None),
        (
            Proof(2, 2, ("pwd", "otp"), NINE - FRESH - timedelta(microseconds=1)),
            Shortfall.AGE,
        ),
        (Proof(2, 2, ("pwd", "otp"), None), Shortfall.AGE),
        (local_proof(("pwd",), NINE), Shortfall.ACCOUNT_LEVEL),
        (local_proof(("pwd", "otp"), NINE), Shortfall.ACCOUNT_LEVEL),
    ],
)
def test_q8_an_exam_asks_for_level_two_two_factors_here_and_now(proof, lacking):
    assert shortfall(proof, EXAM, NINE) is lacking


def test_q8_a_scanned_code_alone_does_not_open_an_exam(door, an, op):
    op.signed = {"amr": ["swk", "pin", "qr"]}
    door.enter()

    asks = {"muc": "2", "acr": "2", "age": "900", "here": "y", "next": "/record"}
    page = door.client.get("/step-up", query_string=asks).text
    answer = door.client.get(op.sign_in(door.leave(**asks)))

    assert "quét mã QR chưa đủ" in page
    assert "báo cán bộ coi thi" in page
    assert answer.status_code == 403
    assert "quét mã QR chưa đủ" in answer.text


def test_q8_a_demand_of_nothing_is_met_by_everybody():
    assert shortfall(local_proof(("pwd",), NINE), Demand(), NINE) is None


def test_another_person_cannot_step_up_for_the_one_who_sits_here(door, an, op):
    people.known("Lê Văn Hộ", birth_date=date(1990, 1, 1), number=OTHER)
    door.enter()
    op.person = op.person | {
        "sub": "sub-of-ho",
        "so_dinh_danh": OTHER,
        "ho_ten": "Lê Văn Hộ",
        "ngay_sinh": "1990-01-01",
    }

    answer = door.client.get(op.sign_in(door.leave(acr="2", age="900")))

    assert answer.status_code == 403
    assert "không phải người đang đăng nhập" in answer.text
    assert "NGUYEN VAN AN" in door.client.get("/account").text


def test_x1_a_locked_account_is_out_at_the_next_request(door, an):
    door.enter()

    db.session.get(Account, an.id).state = AccountState.LOCKED
    db.session.commit()

    assert not door.is_open()


def test_x1_a_role_taken_away_is_gone_at_the_next_request(door, an):
    people.services.grant_role(an.id, "editor", "site")
    db.session.commit()
    door.enter()
    assert door.client.get("/authoring/courses").status_code == 200

    for grant in db.session.query(people.services.RoleGrant):
        db.session.delete(grant)
    db.session.commit()

    assert door.client.get("/authoring/courses").status_code == 403


def test_x1_signing_out_at_the_provider_keeps_what_was_answered(door, an, op):
    door.enter()
    quiz = quizzes.quiz()
    taken = quizzes.attempt(quizzes.Learner(an, quiz))
    attempt_id = taken.id
    db.session.commit()
    door.client.post(
        f"/attempts/{attempt_id}/responses",
        json={"position": 4, "sequence": 1, "value": "b"},
    )

    door.client.post(
        "/sign-in/vneid/logout-notices", data={"logout_token": op.logout_token()}
    )

    assert not door.is_open()
    db.session.rollback()
    kept = db.session.get(Attempt, attempt_id)
    assert kept.submitted_at is None


def shared_entry(door, op):
    address = door.leave(shared="y")
    return address, door.client.get(op.sign_in(address))


def test_x2_on_a_shared_machine_the_provider_always_asks(door, an, op):
    address, _answer = shared_entry(door, op)

    assert "prompt=login" in address
    assert "prompt=" not in door.leave(door.app.test_client())


def test_x2_ten_idle_minutes_end_it(door, an, op):
    shared_entry(door, op)

    with clock.frozen(NINE + 10 * MINUTE - timedelta(seconds=1)):
        assert door.is_open()
    with clock.frozen(NINE + 20 * MINUTE):
        assert not door.is_open()


def test_x2_reading_counts_as_use(door, an, op):
    shared_entry(door, op)

    for minutes in range(0, 60, 6):
        with clock.frozen(NINE + minutes * MINUTE):
            assert door.is_open()
    with clock.frozen(NINE + 54 * MINUTE):
        assert "máy dùng chung" in door.client.get("/account").text


def test_x2_an_old_cookie_put_back_does_not_wind_the_clock(door, an, op):
    shared_entry(door, op)
    kept = door.client.get_cookie("lms_session").value

    with clock.frozen(NINE + 9 * MINUTE):
        assert door.is_open()
    door.client.set_cookie("lms_session", kept)
    with clock.frozen(NINE + 11 * MINUTE):
        assert not door.is_open()


def test_x2_a_machine_of_ones_own_is_not_hurried(door, an, op):
    door.enter()

    with clock.frozen(NINE + 60 * MINUTE):
        assert door.is_open()


def test_x2_the_next_pupil_finds_the_box_ticked_and_is_asked(door, an, op):
    shared_entry(door, op)
    answer = door.client.post("/sign-out")

    assert answer.location.startswith(f"{op.url}/end-session")
    page = door.client.get("/sign-in").text
    assert 'id="vneid-shared"' in page
    ticked = page.partition('id="vneid-shared"')[2].partition(">")[0]
    assert "checked" in ticked


def test_x2_a_local_pupil_on_a_shared_machine_idles_out_too(door, client):
    people.officer("an.nv")
    words = {"sign_in_name": "an.nv", "password": people.PASSWORD, "shared": "y"}
    client.post("/sign-in", data=words)
    assert db.session.scalar(select(UserSession.shared))

    with clock.frozen(NINE + 11 * MINUTE):
        assert not door.is_open()
