"""Accounts and units."""

from typing import Any

from lms.kernel import clock
from lms.kernel.db import db
from lms.kernel.permissions import Role
from lms.people import services, sign_in
from lms.people.models import Account
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


def officer(sign_in_name: str = "an.nv", **given: Any) -> Account:
    """Add a person who can sign in with ``PASSWORD``."""
    person = account(**given)
    sign_in.set_password(person, sign_in_name, PASSWORD)
    db.session.commit()
    return person


def unit(code: str = "ubnd-phong-an", name: str = "UBND xã Phong An") -> Unit:
    made = add_unit(code, name, "xã")
    db.session.commit()
    return made
