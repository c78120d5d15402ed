"""Regulation profiles: which circular a class's year is assessed by.

A profile has a version; every stored result names it, so that a profile mended later
never changes a year that is closed.  Where a circular is silent, a policy says what the
house does, and can be switched.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from lms.sections.rules import SchoolLevel


class MissingRegular(StrEnum):
    """A regular mark that was never taken: the circular is silent."""

    INCOMPLETE = "incomplete"
    LEAVE_OUT = "leave-out"


class TopicMark(StrEnum):
    """A mark for a cluster of study topics (article 6.3): one regular mark more?"""

    ON_TOP = "on-top"
    WITHIN = "within"


class LoneSubject(StrEnum):
    """How article 9.3 looks away from the one subject that pulls the level down."""

    REMOVE = "remove"
    REPLACE_BY_TEN = "replace-by-ten"


class UnknownFirstTerm(StrEnum):
    """A learner came from abroad in the middle of the year: no first term."""

    NEEDS_DECISION = "needs-decision"
    SECOND_TERM_ALONE = "second-term-alone"


@dataclass(frozen=True, slots=True)
class Policies:
    """What the house does where TT 22/2021 is silent or can be read two ways."""

    missing_regular: MissingRegular = MissingRegular.INCOMPLETE
    topic_mark: TopicMark = TopicMark.ON_TOP
    lone_subject: LoneSubject = LoneSubject.REMOVE
    unknown_first_term: UnknownFirstTerm = UnknownFirstTerm.NEEDS_DECISION


@dataclass(frozen=True, slots=True)
class Profile:
    code: str
    version: int
    circular: str
    """As it is quoted on paper."""
    levels: frozenset[SchoolLevel]
    policies: Policies = field(default_factory=Policies)

    @property
    def name(self) -> str:
        """What a stored result is marked with: ``tt22-2021/1``."""
        return f"{self.code}/{self.version}"


SECONDARY = Profile(
    "tt22-2021",
    1,
    "Thông tư 22/2021/TT-BGDĐT",
    frozenset({SchoolLevel.LOWER, SchoolLevel.UPPER}),
)
PRIMARY = Profile(
    "tt27-2020", 1, "Thông tư 27/2020/TT-BGDĐT", frozenset({SchoolLevel.PRIMARY})
)
PROFILES = {profile.name: profile for profile in (SECONDARY, PRIMARY)}


def profile_for(level: SchoolLevel) -> Profile:
    """Return the newest profile for a level of school."""
    fitting = [one for one in PROFILES.values() if level in one.levels]
    return max(fitting, key=lambda one: one.version)
