"""What the registry lets people do: grants derived from who is what to whom, today."""

from sqlalchemy import Select, String, case, cast, literal, or_, select

from lms.kernel import clock
from lms.kernel.permissions import Role
from lms.sections.models import Homeroom, SchoolOffice, TeachingAssignment
from lms.sections.rules import Office
from lms.sections.services.teaching import held_on

OFFICE_ROLES = {
    Office.HEAD: Role.SCHOOL_HEAD,
    Office.DEPUTY: Role.SCHOOL_HEAD,
    Office.REGISTRAR: Role.ACADEMIC_AFFAIRS,
}


def sections_held(account_id: int) -> list[Select[str, str]]:
    """Make people what they are today: subject and homeroom teachers, heads.

    Pupils read their own record as SELF, guardians theirs as GUARDIAN; whoever oversees
    a unit has that grant in the units of its schools: ``people.services.grants_of``.
    """
    today = clock.day_of(clock.now())
    taught = TeachingAssignment
    section = literal("section:") + cast(taught.section_id, String)
    sheet = (
        literal("teaching:")
        + cast(taught.section_id, String)
        + ":"
        + cast(taught.subject_id, String)
    )
    teaches = (taught.teacher_id == account_id) & held_on(taught, today)
    keeps = (Homeroom.teacher_id == account_id) & held_on(Homeroom, today)
    heads = (
        (SchoolOffice.account_id == account_id)
        & (SchoolOffice.from_on <= today)
        & or_(SchoolOffice.to_on.is_(None), SchoolOffice.to_on >= today)
    )
    office = case(
        {office.value: literal(str(role)) for office, role in OFFICE_ROLES.items()},
        value=cast(SchoolOffice.office, String),
    )
    return [
        select(literal(str(Role.TEACHER)), sheet).where(teaches),
        select(literal(str(Role.SECTION_TEACHER)), section).where(teaches),
        select(
            literal(str(Role.HOMEROOM_TEACHER)),
            literal("section:") + cast(Homeroom.section_id, String),
        ).where(keeps),
        select(office, literal("school:") + cast(SchoolOffice.school_id, String)).where(
            heads
        ),
    ]
