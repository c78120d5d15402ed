"""Keeping accounts: each within their own scope, and nobody above their own level."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kernel import clock
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db
from lms.kernel.permissions import Grant, Role
from lms.people import services
from lms.people import sign_in as door
from lms.people.administration.rules import (
    DERIVED,
    MAY_GIVE,
    grant_refusal,
    roles_to_give,
)
from lms.people.models import AccountState, LocalCredential, RoleGrant, UserSession
from lms.people.services import give_post
from tests.factories import people


@pytest.fixture
def school(app):
    return people.unit("thcs", "Trường THCS", "trường")


@pytest.fixture
def other(app):
    return people.unit("thcs-khac", "Trường khác", "trường")


@pytest.fixture
def keeper(school, sign_in):
    """The school's administrator, signed in."""
    person = people.account(
        "Lê Quản Trị", **{"school-administrator": f"unit:{school.id}"}
    )
    sign_in(person)
    return person


@pytest.fixture
def pupil(school):
    return people.known("Đặng Thị Ánh", unit_id=school.id, code="HS1")


def give(client, account, role, unit_id):
    data = {"role": role, "unit_id": unit_id}
    return client.post(f"/accounts/{account.id}/grants", data=data)


def roles(account):
    query = db.session.query(RoleGrant).filter_by(account_id=account.id)
    return {(row.role, row.scope) for row in query}


@given(
    st.sampled_from(Role),
    st.sampled_from(Role),
    st.sampled_from(["site", "unit:1", "unit:2"]),
    st.sampled_from(["site", "unit:1", "unit:2"]),
)
def test_a_role_is_given_only_where_the_giver_stands_above_it(held, role, at, scope):
    refusal = grant_refusal([Grant(held, at)], role, scope, oneself=False)

    fits = role in MAY_GIVE.get(held, ()) and at in (scope, "site")
    assert (refusal is None) is fits
    assert grant_refusal([Grant(held, at)], role, scope, oneself=True) is not None


def test_what_follows_from_what_people_are_is_never_given():
    assert not DERIVED & {role for given in MAY_GIVE.values() for role in given}
    assert Role.ADMINISTRATOR not in roles_to_give([Grant(Role.SCHOOL_HEAD, "unit:1")])


def test_people_are_found_without_accents_by_code_and_by_number(client, keeper, pupil):
    number = pupil.personal_number
    for words in ("dang thi anh", "ÁNH", "HS1", number, f"{number[:3]} {number[3:]}"):
        page = client.get("/accounts", query_string={"q": words}).text
        assert "Đặng Thị Ánh" in page, words
        assert f">{number}<" not in page
    assert "Đặng" not in client.get("/accounts?q=%25").text
    assert "Không tìm thấy ai" in client.get("/accounts?state=locked").text


def test_a_list_shows_the_keepers_own_people_and_those_with_posts_there(
    client, keeper, pupil, school, other
):
    people.known("Người Nơi Khác", unit_id=other.id)
    visiting = people.known("Cô Giáo Dạy Nhờ", unit_id=other.id)
    give_post(visiting, school, "Giáo viên", date(2026, 1, 1))
    db.session.commit()

    page = client.get("/accounts").text

    assert "Đặng Thị Ánh" in page
    assert "Cô Giáo Dạy Nhờ" in page
    assert "Người Nơi Khác" not in page


def test_a_list_of_many_is_paged_and_cheap(client, keeper, school, queries):
    for number in range(60):
        people.known(f"Người thứ {number:02d}", unit_id=school.id)
    with queries() as seen:
        page = client.get("/accounts?page=2").text

    assert "Trang trước" in page
    assert len(seen) <= 10


def test_another_schools_person_is_not_there(client, keeper, other):
    person = people.known("Người Nơi Khác", unit_id=other.id)
    base = f"/accounts/{person.id}"

    assert client.get(base).status_code == 404
    for act in ("grants", "posts", "lock", "unlock", "password-card"):
        assert client.post(f"{base}/{act}").status_code == 404, act


def test_a_role_is_given_and_taken_and_logged(client, keeper, pupil, school):
    assert give(client, pupil, "teacher", school.id).status_code == 303
    assert give(client, pupil, "teacher", school.id).status_code == 303
    assert roles(pupil) == {(Role.TEACHER, f"unit:{school.id}")}

    row = db.session.query(RoleGrant).filter_by(account_id=pupil.id).one()
    assert client.post(f"/role-grants/{row.id}/take").status_code == 303

    assert roles(pupil) == set()
    acts = [e.act for e in db.session.query(AuditEvent) if e.act.startswith("role")]
    assert acts == ["role-given", "role-taken"]


@pytest.mark.parametrize("role", ["school-head", "administrator", "self", "unit-head"])
def test_nobody_gives_a_role_above_their_own(client, keeper, pupil, school, role):
    answer = give(client, pupil, role, school.id)

    assert answer.status_code == 422
    assert roles(pupil) == set()


def test_nobody_gives_a_role_elsewhere_or_to_themselves(
    client, keeper, pupil, school, other
):
    assert give(client, pupil, "teacher", other.id).status_code == 422
    assert give(client, pupil, "teacher", 0).status_code == 422
    keeper.unit_id = school.id
    db.session.commit()
    answer = give(client, keeper, "accountant", school.id)

    assert "Không ai tự giao" in answer.text
    assert len(roles(keeper)) == 1


def test_a_role_above_is_not_taken_either(client, keeper, school):
    head = people.known("Thầy Hiệu Trưởng", unit_id=school.id)
    services.grant_role(head.id, Role.SCHOOL_HEAD, f"unit:{school.id}")
    db.session.commit()
    row = db.session.query(RoleGrant).filter_by(account_id=head.id).one()

    assert client.post(f"/role-grants/{row.id}/take").status_code == 409
    assert roles(head)


def test_a_lock_shuts_all_sessions_at_once(client, keeper, pupil, app):
    door.open_session(pupil, "máy", clock.now())
    db.session.commit()
    assert client.post(f"/accounts/{pupil.id}/lock", data={}).status_code == 422

    client.post(f"/accounts/{pupil.id}/lock", data={"reason": "mất máy"})

    db.session.refresh(pupil)
    assert pupil.state is AccountState.LOCKED
    assert db.session.query(UserSession).filter_by(account_id=pupil.id).one().closed_at
    client.post(f"/accounts/{pupil.id}/unlock")
    db.session.refresh(pupil)
    assert pupil.state is AccountState.UNCLAIMED


def test_nobody_locks_themselves(client, keeper, school):
    keeper.unit_id = school.id
    db.session.commit()

    answer = client.post(f"/accounts/{keeper.id}/lock", data={"reason": "x"})
    assert answer.status_code == 409


def test_a_card_is_printed_once_and_signs_in_once(client, keeper, pupil, app):
    page = client.post(f"/accounts/{pupil.id}/password-card").text
    password = page.split("Mật khẩu dùng một lần</dt><dd><code>")[1].split("<")[0]

    assert "thcs.hs1" in page
    words = {"sign_in_name": "thcs.hs1", "password": password}
    child = app.test_client()
    assert child.post("/sign-in", data=words).location == "/sign-in/new-password"
    again = client.post(f"/accounts/{pupil.id}/password-card").text
    assert password not in again
    assert child.post("/sign-in", data=words).status_code == 422


def test_a_card_is_no_way_up(client, keeper, school):
    """The attack: print a card for one's own head, and sign in as them."""
    head = people.known("Thầy Hiệu Trưởng", unit_id=school.id, code="HT")
    services.grant_role(head.id, Role.SCHOOL_HEAD, f"unit:{school.id}")
    db.session.commit()

    for act in ("password-card", "second-factor/remove", "unlock"):
        assert client.post(f"/accounts/{head.id}/{act}").status_code == 409, act
    lock = client.post(f"/accounts/{head.id}/lock", data={"reason": "x"})
    assert lock.status_code == 409
    assert db.session.query(LocalCredential).count() == 0


def test_who_proved_by_vneid_gets_no_card(client, keeper, pupil):
    pupil.state = AccountState.ACTIVE
    db.session.commit()

    assert client.post(f"/accounts/{pupil.id}/password-card").status_code == 409


def test_who_has_no_code_gets_no_card(client, keeper, pupil):
    pupil.code = None
    db.session.commit()

    assert "chưa có mã" in client.post(f"/accounts/{pupil.id}/password-card").text


def test_a_post_is_given_and_ended_on_the_page(client, keeper, pupil, school):
    base = f"/accounts/{pupil.id}"
    data = {
        "title": "Lớp trưởng",
        "unit_id": school.id,
        "from_on": "1/9/2026",
        "is_primary": "y",
    }
    assert client.post(f"{base}/posts", data=data).status_code == 303
    second = client.post(f"{base}/posts", data=data | {"title": "Khác"})
    assert "đã có chức danh chính khác" in second.text
    wrong = client.post(f"{base}/posts", data=data | {"from_on": "31/2/2026"})
    assert "Ngày chưa đúng" in wrong.text
    (post,) = services.posts_of(pupil.id, date(2026, 9, 5))

    assert client.post(f"/posts/{post.id}/end").status_code == 303
    assert services.posts_of(pupil.id, date(2026, 9, 6)) == []
