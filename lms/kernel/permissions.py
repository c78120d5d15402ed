"""Who may do what: the whole policy of the house, on one page.

An account holds *grants*: a role within a scope, such as AUTHOR in ``course:7``.
Every guarded object names the *scopes* it lies in, innermost first.  An account may
do a thing when a grant of its own, in any of those scopes, carries the permission.
Ownership needs no rule of its own: each account is SELF in the scope ``account:<id>``.

A grant in ``unit:<id>`` holds for the units below it: the grants are spread over those
units when they are read (``lms.people.services.grants_of``), so an object names its
own unit alone, and a list is filtered by ``access.scopes_with`` without walking a tree.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple, Protocol

SITE = "site"


class Permission(StrEnum):
    """Named ``<thing>:<verb>``; kept in alphabetical order."""

    ACCOUNT_EDIT = "account:edit"
    ACCOUNT_REVEAL = "account:reveal"
    ANCHOR_APPROVE = "anchor:approve"
    ANCHOR_EDIT = "anchor:edit"
    ANCHOR_VIEW = "anchor:view"
    ATTEMPT_ANSWER = "attempt:answer"
    ATTEMPT_START = "attempt:start"
    ATTENDANCE_TAKE = "attendance:take"
    ATTENDANCE_VIEW = "attendance:view"
    BLUEPRINT_EDIT = "blueprint:edit"
    CERTIFICATE_REVOKE = "certificate:revoke"
    CERTIFICATE_VIEW = "certificate:view"
    COURSE_CREATE = "course:create"
    COURSE_EDIT = "course:edit"
    COURSE_ENROL = "course:enrol"
    COURSE_LEARN = "course:learn"
    COURSE_PUBLISH = "course:publish"
    DATA_REQUEST_ANSWER = "data-request:answer"
    EXAM_BROADCAST = "exam:broadcast"
    EXAM_RING = "exam:ring"
    EXCUSE_ASK = "excuse:ask"
    EXCUSE_DECIDE = "excuse:decide"
    HOME_VIEW = "home:view"
    IDENTITY_CONFIRM = "identity:confirm"
    IMPORT_SEND = "import:send"
    IMPORT_VIEW = "import:view"
    ITEM_EDIT = "item:edit"
    ITEM_REVIEW = "item:review"
    ITEM_VIEW = "item:view"
    MARK_CORRECT = "mark:correct"
    MARK_ENTER = "mark:enter"
    MARK_LOCK = "mark:lock"
    MARK_VIEW = "mark:view"
    MEDIA_EDIT = "media:edit"
    MEDIA_UPLOAD = "media:upload"
    MEDIA_VIEW = "media:view"
    OPERATIONS_VIEW = "operations:view"
    PUPIL_READ = "pupil:read"
    QUIZ_ALLOW = "quiz:allow"
    QUIZ_ANALYSE = "quiz:analyse"
    QUIZ_MARK = "quiz:mark"
    REGRADE_DECIDE = "regrade:decide"
    REGRADE_PROPOSE = "regrade:propose"
    RESPONSE_UPLOAD = "response:upload"
    ROOM_ACT = "room:act"
    ROOM_WATCH = "room:watch"
    SCHOOL_EDIT = "school:edit"
    SCHOOL_OVERSEE = "school:oversee"
    SCHOOL_VIEW = "school:view"
    SECTION_VIEW = "section:view"
    SESSION_CLOSE = "session:close"
    SITTING_ADMIT = "sitting:admit"
    SITTING_TAKE = "sitting:take"
    UNIT_EDIT = "unit:edit"
    UNIT_VIEW = "unit:view"
    STATION_EDIT = "station:edit"
    YEAR_CONCLUDE = "year:conclude"


class Role(StrEnum):
    SELF = "self"
    MEMBER = "member"
    LEARNER = "learner"
    AUTHOR = "author"
    EDITOR = "editor"

    # Agencies and units.
    UNIT_LIAISON = "unit-liaison"
    UNIT_HEAD = "unit-head"
    TASK_FORCE_OFFICER = "task-force-officer"
    EDUCATION_OFFICER = "education-officer"

    # Schools.
    SCHOOL_HEAD = "school-head"
    SCHOOL_ADMINISTRATOR = "school-administrator"
    ACADEMIC_AFFAIRS = "academic-affairs"
    HOMEROOM_TEACHER = "homeroom-teacher"
    TEACHER = "teacher"
    SECTION_TEACHER = "section-teacher"
    ACCOUNTANT = "accountant"
    PUPIL = "pupil"
    GUARDIAN = "guardian"

    # Examination councils.
    COUNCIL_CHAIR = "council-chair"
    COUNCIL_SECRETARY = "council-secretary"
    PAPER_MAKER = "paper-maker"
    INVIGILATOR = "invigilator"
    EXAM_SUPERVISOR = "exam-supervisor"
    IDENTITY_OFFICER = "identity-officer"
    SITE_HEAD = "site-head"
    MARKER = "marker"
    APPEALS_MARKER = "appeals-marker"

    # The platform.
    DATA_PROTECTION_OFFICER = "data-protection-officer"
    ADMINISTRATOR = "administrator"


P = Permission
QUIZ_STAFF = frozenset(
    {
        P.BLUEPRINT_EDIT,
        P.QUIZ_ALLOW,
        P.QUIZ_ANALYSE,
        P.QUIZ_MARK,
        P.REGRADE_DECIDE,
        P.REGRADE_PROPOSE,
    }
)
"""Who writes a course runs its quizzes; a regrade still takes two of them."""

CARRIES: dict[Role, frozenset[Permission]] = {
    Role.SELF: frozenset(
        {
            P.IMPORT_VIEW,
            P.ACCOUNT_REVEAL,
            P.ATTEMPT_ANSWER,
            P.CERTIFICATE_VIEW,
            P.MEDIA_EDIT,
            P.MEDIA_VIEW,
            P.PUPIL_READ,
            P.SESSION_CLOSE,
            P.SITTING_TAKE,
        }
    ),
    # Everybody who can sign in is a MEMBER of the site; see ``access.grants_of``.
    # IMPORT_SEND opens no list: each asks for its own permission, at its own place.
    Role.MEMBER: frozenset(
        {P.IMPORT_SEND, P.UNIT_VIEW, P.COURSE_ENROL, P.HOME_VIEW, P.RESPONSE_UPLOAD}
    ),
    Role.LEARNER: frozenset({P.ATTEMPT_START, P.COURSE_LEARN}),
    Role.AUTHOR: frozenset(
        {
            P.COURSE_CREATE,
            P.COURSE_EDIT,
            P.COURSE_LEARN,
            P.ITEM_EDIT,
            P.ITEM_REVIEW,
            P.ITEM_VIEW,
            P.MEDIA_UPLOAD,
            P.MEDIA_VIEW,
        }
    )
    | QUIZ_STAFF,
    Role.EDITOR: frozenset(
        {
            P.COURSE_CREATE,
            P.COURSE_EDIT,
            P.COURSE_LEARN,
            P.COURSE_PUBLISH,
            P.ITEM_EDIT,
            P.ITEM_REVIEW,
            P.ITEM_VIEW,
            P.MEDIA_UPLOAD,
            P.MEDIA_VIEW,
        }
    )
    | QUIZ_STAFF,
    Role.UNIT_LIAISON: frozenset(
        {P.ACCOUNT_EDIT, P.ACCOUNT_REVEAL, P.IDENTITY_CONFIRM}
    ),
    Role.UNIT_HEAD: frozenset({P.ACCOUNT_EDIT}),
    Role.TASK_FORCE_OFFICER: frozenset(),
    # The authority above sees figures; a name only with a purpose, through a log.
    Role.EDUCATION_OFFICER: frozenset({P.SCHOOL_OVERSEE}),
    Role.SCHOOL_HEAD: frozenset(
        {
            P.ACCOUNT_EDIT,
            P.ATTENDANCE_VIEW,
            P.MARK_CORRECT,
            P.MARK_LOCK,
            P.MARK_VIEW,
            P.SCHOOL_EDIT,
            P.SCHOOL_OVERSEE,
            P.SCHOOL_VIEW,
            P.SECTION_VIEW,
        }
    ),
    Role.SCHOOL_ADMINISTRATOR: frozenset(
        {
            P.ACCOUNT_EDIT,
            P.ACCOUNT_REVEAL,
            P.IDENTITY_CONFIRM,
            P.SCHOOL_EDIT,
            P.SCHOOL_VIEW,
            P.SECTION_VIEW,
        }
    ),
    Role.ACADEMIC_AFFAIRS: frozenset(
        {
            P.ATTENDANCE_VIEW,
            P.ITEM_EDIT,
            P.ITEM_REVIEW,
            P.ITEM_VIEW,
            P.MARK_VIEW,
            P.MEDIA_UPLOAD,
            P.SCHOOL_EDIT,
            P.SCHOOL_VIEW,
            P.SECTION_VIEW,
        }
    ),
    # In ``section:<id>``.
    Role.HOMEROOM_TEACHER: frozenset(
        {
            P.ATTENDANCE_TAKE,
            P.ATTENDANCE_VIEW,
            P.EXCUSE_DECIDE,
            P.MARK_VIEW,
            P.SECTION_VIEW,
            P.YEAR_CONCLUDE,
        }
    ),
    # In ``teaching:<section>:<subject>``: who is assigned to that sheet, and no other.
    Role.TEACHER: frozenset({P.MARK_ENTER, P.MARK_VIEW}),
    Role.SECTION_TEACHER: frozenset(
        {
            P.ATTENDANCE_TAKE,
            P.ITEM_EDIT,
            P.ITEM_REVIEW,
            P.ITEM_VIEW,
            P.MEDIA_UPLOAD,
            P.SECTION_VIEW,
        }
    ),
    Role.ACCOUNTANT: frozenset(),
    Role.PUPIL: frozenset(),
    # A guardian holds it in ``account:<pupil>``, once the school has confirmed.
    Role.GUARDIAN: frozenset({P.EXCUSE_ASK, P.PUPIL_READ}),
    # In ``exam:<id>``, and those of a room in ``exam-room:<id>``.
    Role.COUNCIL_CHAIR: frozenset({P.EXAM_BROADCAST, P.EXAM_RING, P.ROOM_WATCH}),
    Role.COUNCIL_SECRETARY: frozenset(),
    Role.PAPER_MAKER: frozenset({P.ITEM_VIEW}),
    Role.INVIGILATOR: frozenset({P.ROOM_ACT, P.ROOM_WATCH, P.SITTING_ADMIT}),
    Role.EXAM_SUPERVISOR: frozenset({P.ROOM_WATCH}),
    Role.IDENTITY_OFFICER: frozenset({P.ROOM_WATCH, P.SITTING_ADMIT}),
    Role.SITE_HEAD: frozenset(
        {
            P.EXAM_BROADCAST,
            P.EXAM_RING,
            P.ROOM_ACT,
            P.ROOM_WATCH,
            P.SITTING_ADMIT,
        }
    ),
    Role.MARKER: frozenset(),
    Role.APPEALS_MARKER: frozenset(),
    Role.DATA_PROTECTION_OFFICER: frozenset(
        {P.DATA_REQUEST_ANSWER, P.ACCOUNT_REVEAL, P.ANCHOR_APPROVE, P.ANCHOR_VIEW}
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            P.ACCOUNT_EDIT,
            P.UNIT_EDIT,
            P.ANCHOR_APPROVE,
            P.ANCHOR_EDIT,
            P.ANCHOR_VIEW,
            P.CERTIFICATE_REVOKE,
            P.CERTIFICATE_VIEW,
            P.OPERATIONS_VIEW,
            P.STATION_EDIT,
        }
    ),
}


class Grant(NamedTuple):
    role: Role
    scope: str


class Scoped(Protocol):
    @property
    def scopes(self) -> tuple[str, ...]: ...


def allows(
    grants: Iterable[Grant], permission: Permission, scopes: Iterable[str]
) -> bool:
    """Say whether any of *grants* carries *permission* in any of *scopes*."""
    within = {*scopes, SITE}
    return any(g.scope in within and permission in CARRIES[g.role] for g in grants)
