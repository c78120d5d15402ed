"""Invented officers, and the accounts to sign in with.

The same seed always gives the same people; none of them exists.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from courses.demo.fields import Fields, load
from courses.demo.once import is_first
from courses.demo.reading import CONTENT
from courses.demo.units import UnitText
from lms.kernel.clock import day_of
from lms.kernel.db import db
from lms.kernel.permissions import SITE, Role
from lms.kernel.personal_number import Gender
from lms.people import sign_in
from lms.people.models import Account, LocalCredential
from lms.people.services import add_account, give_post, grant_role
from lms.units.models import Unit
from sso.provider.demo import PERSONS

PASSWORD = "phong-dien-06"  # noqa: S105 -- shown to everybody who starts the demo
SEED = 6
LONGEST_SERVICE_DAYS = 3000


@dataclass(frozen=True, slots=True)
class Names:
    """What names are put together from; a word listed twice comes twice as often."""

    families: tuple[str, ...]
    men_middle: tuple[str, ...]
    men_given: tuple[str, ...]
    women_middle: tuple[str, ...]
    women_given: tuple[str, ...]

    def gender_of(self, full_name: str) -> Gender:
        """Guess whose name it is, as people do: by what stands in its middle."""
        middle = full_name.partition(" ")[2].rpartition(" ")[0]
        only_men = set(self.men_middle) - set(self.women_middle)
        is_woman = middle in self.women_middle or "Thị" in middle.split()
        return Gender.FEMALE if is_woman and middle not in only_men else Gender.MALE

    def one(self, lots: random.Random) -> str:
        pairs = (
            (self.men_middle, self.men_given),
            (self.women_middle, self.women_given),
        )
        middle, given = lots.choice(pairs)
        parts = (self.families, middle, given)
        return " ".join(lots.choice(words) for words in parts)


@dataclass(frozen=True, slots=True)
class AccountText:
    """Somebody to sign in as."""

    sign_in_name: str
    full_name: str
    unit: str
    title: str
    purpose: str
    role: Role | None
    """What the person may do everywhere; none for an ordinary officer."""
    begun: tuple[str, ...]
    """Courses that the person is in the middle of."""
    finished: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LearningText:
    """How many officers take a course, and in which kinds of units they work."""

    course: str
    kinds: tuple[str, ...]
    enrolled: int
    finished: int


@dataclass(frozen=True, slots=True)
class PeopleText:
    names: Names
    staff: dict[str, tuple[str, ...]]
    """The posts in a unit of each kind."""
    accounts: tuple[AccountText, ...]
    learning: tuple[LearningText, ...]


@dataclass(frozen=True, slots=True)
class Officer:
    full_name: str
    unit: str
    title: str


def read_people(folder: Path = CONTENT) -> PeopleText:
    fields = load(folder / "people.toml")
    people = PeopleText(
        names=Names(
            families=fields.texts("families"),
            men_middle=fields.texts("men_middle"),
            men_given=fields.texts("men_given"),
            women_middle=fields.texts("women_middle"),
            women_given=fields.texts("women_given"),
        ),
        staff=dict(_staff(one) for one in fields.tables("staff")),
        accounts=tuple(_account(one) for one in fields.tables("accounts")),
        learning=tuple(_learning(one) for one in fields.tables("learning")),
    )
    fields.done()
    return people


def _staff(fields: Fields) -> tuple[str, tuple[str, ...]]:
    staff = fields.text("kind", 40), fields.texts("titles")
    fields.done()
    return staff


def _account(fields: Fields) -> AccountText:
    role = fields.choice("role", [*Role]) if fields.has("role") else None
    account = AccountText(
        sign_in_name=fields.text("sign_in_name", 80),
        full_name=fields.text("full_name", 120),
        unit=fields.text("unit", 40),
        title=fields.text("title", 120),
        purpose=fields.text("purpose", 80),
        role=Role(role) if role else None,
        begun=fields.texts("begun", []),
        finished=fields.texts("finished", []),
    )
    fields.done()
    return account


def _learning(fields: Fields) -> LearningText:
    learning = LearningText(
        course=fields.text("course", 80),
        kinds=fields.texts("kinds"),
        enrolled=fields.whole("enrolled", 0, 500),
        finished=fields.whole("finished", 0, 500),
    )
    fields.done()
    return learning


def officers_of(people: PeopleText, units: Sequence[UnitText]) -> tuple[Officer, ...]:
    """Invent one officer for each post in these units; no name comes twice."""
    lots = random.Random(SEED)  # noqa: S311 -- invented names keep no secret
    taken = {account.full_name for account in people.accounts}
    officers = []
    for unit in units:
        for title in people.staff.get(unit.kind, ()):
            name = _free_name(people.names, taken, lots)
            taken.add(name)
            officers.append(Officer(name, unit.code, title))
    return tuple(officers)


def _free_name(names: Names, taken: set[str], lots: random.Random) -> str:
    while (name := names.one(lots)) in taken:
        continue
    return name


def fill_officers(
    officers: Sequence[Officer],
    units: Mapping[str, Unit],
    now: datetime,
    names: Names,
) -> dict[str, list[Account]]:
    """Add the officers, once; return those added by the kind of their unit."""
    added: dict[str, list[Account]] = {}
    if not is_first("officers", now):
        return added
    lots = random.Random(SEED)  # noqa: S311 -- and neither do days
    for officer in officers:
        unit = units[officer.unit]
        account = add_account(officer.full_name, now)
        since = now - timedelta(days=lots.randrange(30, LONGEST_SERVICE_DAYS))
        give_post(account, unit, officer.title, day_of(since))
        _make_known(account, unit, names, lots)
        added.setdefault(unit.kind, []).append(account)
    return added


def _make_known(
    account: Account, unit: Unit, names: Names, lots: random.Random
) -> None:
    """Give an invented person a birth date, a sex, a number and a code of their own.

    Numbers begin with 000, which nobody has.
    """
    born = date(1966, 1, 1) + timedelta(days=lots.randrange(34 * 365))
    account.unit_id = unit.id
    account.code = f"PD-{account.id:04d}"
    account.birth_date = born
    account.gender = names.gender_of(account.full_name)
    century = 2 * (born.year // 100 - 19) + (account.gender is Gender.FEMALE)
    account.personal_number = f"000{century}{born.year % 100:02d}{900_000 + account.id}"


def account_called(sign_in_name: str) -> Account | None:
    """Return who signs in by this name, also where an earlier fill added them."""
    return db.session.scalar(
        select(Account)
        .join(LocalCredential, LocalCredential.account_id == Account.id)
        .where(LocalCredential.sign_in_name == sign_in_name)
    )


def fill_account(
    text: AccountText, units: Mapping[str, Unit], now: datetime, names: Names
) -> Account | None:
    """Add an account to sign in with, once; None where it was there before."""
    if not is_first(f"account/{text.sign_in_name}", now):
        return None
    account = add_account(text.full_name, now)
    sign_in.set_password(account, text.sign_in_name, PASSWORD)
    unit = units[text.unit]
    give_post(account, unit, text.title, day_of(now - timedelta(days=400)))
    _make_known(account, unit, names, random.Random(account.id))  # noqa: S311
    _identify(account)
    if text.role:
        grant_role(account.id, text.role, SITE)
    return account


def _identify(account: Account) -> None:
    """Write down what the mimic knows of the person, so that they can sign in there."""
    known = next((p for p in PERSONS if p.full_name == account.full_name), None)
    if known:
        account.personal_number = known.number
        account.birth_date = known.birth_on
        account.gender = Gender(known.gender.value)
