"""Filling the demonstration district: safe to repeat, nothing doubled or overwritten.

Everything is read and checked before anything is written; the caller commits once, so
a fill that is broken off leaves nothing behind.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app

from courses.catalogue.models import Course
from courses.certificates import services as certificates
from courses.certificates.settings import issuer
from courses.demo import learning
from courses.demo.banks import fill_bank
from courses.demo.class_quiz import fill_class_quiz
from courses.demo.filling import fill_course, fill_topics
from courses.demo.learning import Story
from courses.demo.people import (
    PASSWORD,
    SEED,
    AccountText,
    LearningText,
    PeopleText,
    account_called,
    fill_account,
    fill_officers,
    officers_of,
    read_people,
)
from courses.demo.reading import CourseText, read_courses, read_topics
from courses.demo.trust import fill_trust
from courses.demo.units import fill_units, read_units
from lms.people.models import Account
from lms.units.models import Unit

Say = Callable[[str, int, int], None]
"""Told what is being done, which step that is, and how many there are."""

AUTHOR = "bientap"
READER = "quantri"
"""Who has read the items of the bank: somebody else than who wrote them."""

TEACHER = "giaovien"
PROPOSER, APPROVER = "quantri", "dulieu"
"""Who believes the invented authority: it takes two."""
PUBLISHED_AGO = timedelta(days=30)
BEGAN_AGO = timedelta(days=25)
MOST_PAGES = 12


@dataclass(frozen=True, slots=True)
class DemoAccount:
    sign_in_name: str
    full_name: str
    role: str
    """What the account is for, in the interface's language."""


@dataclass(frozen=True, slots=True)
class DemoSummary:
    password: str
    accounts: tuple[DemoAccount, ...]
    courses: int
    """How many courses were added by this fill."""
    officers: int
    """How many people were added by this fill."""


def fill(say: Say, now: datetime) -> DemoSummary:
    """Fill what was never filled before; the caller commits."""
    texts, people, unit_texts = read_courses(), read_people(), read_units()
    steps = _Steps(say, len(texts) + 7)
    steps.next("Tạo các đơn vị của huyện")
    units = fill_units(unit_texts)
    steps.next("Tạo cán bộ và tài khoản mẫu")
    officers = fill_officers(officers_of(people, unit_texts), units, now, people.names)
    accounts = {
        text.sign_in_name: account
        for text in people.accounts
        if (account := fill_account(text, units, now, people.names))
    }
    courses = _fill_courses(texts, steps, now)
    steps.next("Cho một lớp làm bài kiểm tra theo ma trận")
    teacher = account_called(TEACHER)
    if teacher:
        fill_class_quiz(teacher.id, people.names, now)
    steps.next("Lập ngân hàng câu hỏi mẫu")
    _fill_bank(units, now)
    steps.next("Ghi lại việc học mẫu")
    learning.tell(
        [
            *_stories_of_accounts(people.accounts, accounts, courses, now),
            *_stories_of_officers(people.learning, officers, courses, now),
        ]
    )
    steps.next("Cấp giấy chứng nhận mẫu")
    certificates.issue_due(issuer(), now)
    steps.next("Dựng cơ quan cấp thẻ mô phỏng")
    _fill_trust(now)
    return _summary(people, courses, sum(map(len, officers.values())))


def _fill_bank(units: Mapping[str, Unit], now: datetime) -> None:
    writer, reader = account_called(AUTHOR), account_called(READER)
    if writer and reader:
        fill_bank(units, writer.id, reader.id, now)


def _fill_trust(now: datetime) -> None:
    proposer, approver = account_called(PROPOSER), account_called(APPROVER)
    if proposer and approver:
        folder = Path(current_app.config["VAR"]) / "virtual-card"
        fill_trust(folder, proposer.id, approver.id, now)


class _Steps:
    """Counts the steps while it tells them."""

    def __init__(self, say: Say, total: int) -> None:
        self._say, self._total, self._done = say, total, 0

    def next(self, what: str) -> None:
        self._done += 1
        self._say(what, self._done, self._total)


def _fill_courses(
    texts: Sequence[CourseText], steps: _Steps, now: datetime
) -> dict[str, Course]:
    """Add the courses that were never filled; return them by slug."""
    topics, author = fill_topics(read_topics()), account_called(AUTHOR)
    made: dict[str, Course] = {}
    for age, text in enumerate(texts):
        steps.next(f"Soạn khóa học {text.title.partition(':')[0]}")
        if author is None:
            continue
        published_at = now - PUBLISHED_AGO - timedelta(days=age)
        course = fill_course(
            text, topics, author.id, published_at=published_at, now=now
        )
        if course:
            made[text.slug] = course
    return made


def _stories_of_accounts(
    texts: Sequence[AccountText],
    accounts: Mapping[str, Account],
    courses: Mapping[str, Course],
    now: datetime,
) -> list[Story]:
    stories = []
    for text in texts:
        account = accounts.get(text.sign_in_name)
        if account is None:
            continue
        for slug in text.finished:
            if slug in courses:
                start = now - timedelta(days=9)
                stories.append(
                    Story(start, account.id, courses[slug], 0, True, fails_first=True)
                )
        for slug in text.begun:
            if slug in courses:
                start = now - timedelta(days=1, hours=2)
                stories.append(Story(start, account.id, courses[slug], pages=2))
    return stories


def _stories_of_officers(
    texts: Sequence[LearningText],
    officers: Mapping[str, Sequence[Account]],
    courses: Mapping[str, Course],
    now: datetime,
) -> list[Story]:
    lots = random.Random(SEED)  # noqa: S311 -- who learns what keeps no secret
    stories = []
    for text in texts:
        fitting = [one for kind in text.kinds for one in officers.get(kind, ())]
        if text.course not in courses:
            continue
        chosen = lots.sample(fitting, min(text.enrolled, len(fitting)))
        for number, account in enumerate(chosen):
            stories.append(
                Story(
                    starts_at=now - BEGAN_AGO * lots.uniform(0.1, 1),
                    learner_id=account.id,
                    course=courses[text.course],
                    pages=lots.randrange(MOST_PAGES),
                    finishes=number < text.finished,
                    fails_first=lots.random() < 1 / 3,
                )
            )
    return stories


def _summary(
    people: PeopleText, courses: Mapping[str, Course], officers: int
) -> DemoSummary:
    accounts = tuple(
        DemoAccount(text.sign_in_name, text.full_name, text.purpose)
        for text in people.accounts
    )
    return DemoSummary(PASSWORD, accounts, len(courses), officers)
