"""Who may give which role to whom."""

from collections.abc import Iterable
from typing import Any

from lms.kernel.errors import Refusal
from lms.kernel.permissions import SITE, Grant, Role

DERIVED = frozenset({Role.SELF, Role.MEMBER, Role.GUARDIAN, Role.LEARNER})
"""What nobody is given: it follows from what people are and do."""

_SCHOOL_STAFF = frozenset(
    {
        Role.ACADEMIC_AFFAIRS,
        Role.HOMEROOM_TEACHER,
        Role.TEACHER,
        Role.ACCOUNTANT,
        Role.PUPIL,
    }
)
MAY_GIVE: dict[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: frozenset(Role) - DERIVED,
    Role.UNIT_HEAD: frozenset({Role.UNIT_LIAISON}),
    Role.SCHOOL_HEAD: _SCHOOL_STAFF | {Role.SCHOOL_ADMINISTRATOR},
    Role.SCHOOL_ADMINISTRATOR: _SCHOOL_STAFF,
}
"""Nobody gives a role above their own; who is not named here gives none."""


class GrantRefusal(Refusal):
    ABOVE = "grant-above"
    ONESELF = "grant-oneself"
    UNIT_UNKNOWN = "grant-unit-unknown"


class AccountRefusal(Refusal):
    ONESELF = "account-oneself"
    NO_CODE = "account-no-code"
    NAME_TAKEN = "account-name-taken"
    ABOVE = "account-above"
    CLAIMED = "account-claimed"


def may_give(grants: Iterable[Grant], role: Role, scope: str) -> bool:
    """Say whether the holder of *grants* may give or take this role there."""
    return any(
        grant.scope in (scope, SITE) and role in MAY_GIVE.get(grant.role, ())
        for grant in grants
    )


def grant_refusal(
    grants: Iterable[Grant], role: Role, scope: str, *, oneself: bool
) -> GrantRefusal | None:
    if oneself:
        return GrantRefusal.ONESELF
    return None if may_give(grants, role, scope) else GrantRefusal.ABOVE


def roles_to_give(grants: Iterable[Grant]) -> list[Role]:
    """Return the roles that may be given somewhere, in the order of the policy."""
    wanted: set[Any] = set()
    for grant in grants:
        wanted |= MAY_GIVE.get(grant.role, frozenset())
    return [role for role in Role if role in wanted]
