"""Accounts and units."""

from datetime import date
from itertools import count
from typing import Any

from lms.kernel import clock
from lms.kernel.db import db
from lms.kernel.permissions import Role
from lms.kernel.personal_number import Gender
from lms.people import services, sign_in
from lms.people.models import Account, Guardianship, Relation
from lms.units.models import Unit
from lms.units.services import add_unit

PASSWORD = "dung-mat-khau-nay"


def account(full_name: str = "Nguyễn Văn An", **roles: str) -> Account:
    """Add a person; ``author="course:7"`` gives the role in that scope."""
    person = services.add_account(full_name, clock.now())
    for role, scope in roles.items():
        services.grant_role(person.id, Role(role), scope)
    db.session.commit()
    return person


NUMBERS = count(1)


def invented_number(birth_date: date, gender: Gender) -> str:
    """Return a number that nobody has, fitting the day of birth and the sex."""
    century = 2 * (birth_date.year // 100 - 19) + (gender is Gender.FEMALE)
    return f"000{century}{birth_date.year % 100:02d}{next(NUMBERS):06d}"


def known(full_name: str = "Trần Thị Bình", **given: Any) -> Account:
    """Add a person with a birth date, a sex and a personal number."""
    person = services.add_account(full_name, clock.now())
    person.birth_date = given.pop("birth_date", date(1999, 2, 28))
    person.gender = given.pop("gender", Gender.FEMALE)
    number = given.pop("number", None)
    person.personal_number = number or invented_number(person.birth_date, person.gender)
    for name, value in given.items():
        setattr(person, name, value)
    db.session.commit()
    return person


def guardianship(guardian: Account, pupil: Account, **given: Any) -> Guardianship:
    """Add a guardianship that the school has confirmed."""
    given.setdefault("confirmed_at", clock.now())
    row = Guardianship(
        guardian_id=guardian.id, pupil_id=pupil.id, relation=Relation.MOTHER, **given
    )
    db.session.add(row)
    db.session.commit()
    return row


def officer(sign_in_name: str = "an.nv", **given: Any) -> Account:
    """Add a person who can sign in with ``PASSWORD``."""
    person = account(**given)
    sign_in.set_password(person, sign_in_name, PASSWORD)
    db.session.commit()
    return person


def unit(
    code: str = "ubnd-phong-an",
    name: str = "UBND xã Phong An",
    kind: str = "xã",
    parent: Unit | None = None,
) -> Unit:
    made = add_unit(code, name, kind, parent)
    db.session.commit()
    return made
