"""Who holds which role where: units and those below them, guardians and pupils."""

import re
from datetime import UTC, date, datetime

import pytest

from lms.kernel.audit import AuditEvent
from lms.kernel.db import db
from lms.kernel.permissions import CARRIES, Grant, Permission, Role, allows
from lms.people import services
from lms.people.models import Account, AccountState
from tests.factories import people

REVEAL = Permission.ACCOUNT_REVEAL


@pytest.fixture
def tree(app):
    """A district, two communes in it, and a school in the first."""
    district = people.unit("huyen", "Huyện", "huyện")
    first = people.unit("xa-1", "Xã Một", "xã", district)
    second = people.unit("xa-2", "Xã Hai", "xã", district)
    school = people.unit("truong", "Trường THCS", "trường", first)
    return district, first, second, school


def test_every_role_is_on_the_page_of_the_policy():
    assert set(CARRIES) == set(Role)


def test_a_grant_in_a_unit_holds_for_the_units_below_it(tree):
    _district, first, _second, school = tree
    liaison = people.account(**{"unit-liaison": f"unit:{first.id}"})

    grants = set(services.grants_of(liaison.id))

    assert grants == {
        Grant(Role.UNIT_LIAISON, f"unit:{first.id}"),
        Grant(Role.UNIT_LIAISON, f"unit:{school.id}"),
    }


@pytest.mark.parametrize(
    ("scope", "reads"),
    [("district", True), ("first", True), ("school", True), ("second", False)],
)
def test_who_answers_for_a_unit_reads_its_people(tree, scope, reads):
    units = dict(zip(("district", "first", "second", "school"), tree, strict=True))
    teacher = people.known(unit_id=units["school"].id)
    liaison = people.account(**{"unit-liaison": f"unit:{units[scope].id}"})

    grants = services.grants_of(liaison.id)

    assert allows(grants, REVEAL, teacher.scopes) is reads


def test_a_post_brings_its_holder_under_the_unit_while_it_lasts(tree):
    _district, first, second, _school = tree
    teacher = people.known(unit_id=first.id)
    post = services.give_post(teacher, second, "Giáo viên", date(2020, 9, 1))
    db.session.commit()

    assert f"unit:{second.id}" in teacher.scopes
    post.to_on = date(2026, 9, 4)
    db.session.commit()
    assert f"unit:{second.id}" not in teacher.scopes


def test_a_guardian_reaches_the_pupil_once_the_school_has_confirmed(app):
    mother, pupil = people.account("Lê Thị Mẹ"), people.account("Lê Văn Con")
    row = people.guardianship(mother, pupil, confirmed_at=None)

    assert services.grants_of(mother.id) == []
    row.confirmed_at = datetime(2026, 9, 1, tzinfo=UTC)
    db.session.commit()
    assert services.grants_of(mother.id) == [
        Grant(Role.GUARDIAN, f"account:{pupil.id}")
    ]
    row.ended_at = datetime(2026, 9, 2, tzinfo=UTC)
    db.session.commit()
    assert services.grants_of(mother.id) == []


def test_nobody_is_their_own_guardian(app):
    person = people.account()

    with pytest.raises(Exception, match=r"(?i)check"):
        people.guardianship(person, person)


def test_the_number_is_masked_until_a_click_that_is_logged(client, sign_in):
    person = people.known(number="000199000077")
    sign_in(person)

    page = client.get("/account").text
    assert "0001••••••77" in page
    assert "000199000077" not in page
    shown = client.post(f"/accounts/{person.id}/personal-number")

    assert "000199000077" in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    event = db.session.query(AuditEvent).filter_by(act="personal-number-shown").one()
    assert (event.actor_id, event.subject) == (person.id, f"account:{person.id}")
    assert not re.search(r"\d{12}", str(event.detail))


def test_a_script_gets_the_number_alone(client, sign_in):
    person = people.known(number="000199000077")
    sign_in(person)

    page = client.post(
        f"/accounts/{person.id}/personal-number", headers={"HX-Request": "true"}
    ).text

    assert "000199000077" in page
    assert "<html" not in page


def test_a_neighbour_does_not_see_it(client, sign_in, tree):
    person = people.known(unit_id=tree[1].id)
    sign_in(people.account(**{"unit-liaison": f"unit:{tree[2].id}"}))

    assert client.post(f"/accounts/{person.id}/personal-number").status_code == 404


def test_a_locked_account_opens_nothing(client, sign_in):
    person = people.account()
    sign_in(person)
    account = db.session.get(Account, person.id)
    account.state = AccountState.LOCKED
    db.session.commit()

    assert client.get("/account").status_code == 303
