"""Mark sheets, and marks in them."""

from lms.kernel import clock
from lms.kernel.db import db
from lms.marks.models import MarkSheet
from lms.marks.rules.entry import EVERYTHING, columns_of
from lms.marks.services import entry, locks, sheets
from lms.people.models import Account
from lms.sections.models import Pupil, Section
from lms.sections.rules import Act
from tests.factories import people
from tests.factories import school as factory


def sheet(of: Section | None = None, code: str = "TOAN", term: int = 1) -> MarkSheet:
    """Open a class's sheets of a term, and return that of the subject."""
    section = of or factory.section()
    opened = sheets.open_sheets(section, section.school_year.terms[term - 1])
    db.session.commit()
    return next(one for one in opened if one.subject.code == code)


def write(
    to: MarkSheet, pupil: Pupil, *, by: Account | None = None, **typed: str
) -> list[entry.Written]:
    """Write cells as somebody types them: ``tx1="8"``."""
    there = sheets.cells_of(to.id, pupil.id).get(pupil.id, {})
    changes = [
        entry.Change(pupil.id, name, text, there.get(name, sheets.NOTHING).version)
        for name, text in typed.items()
    ]
    actor = by or people.account("Người ghi điểm")
    written = entry.write(to, changes, Act(actor.id, clock.now()))
    db.session.commit()
    return written


def fill(to: MarkSheet, pupil: Pupil, text: str = "8") -> None:
    """Fill a pupil's row; comment subjects get Đ."""
    typed = text if to.is_scored else "Đ"
    names = columns_of(to.regulars)[:-1]
    write(to, pupil, **dict.fromkeys(names, typed))


def reach(of: MarkSheet, **narrower: object) -> locks.Reach:
    return locks.Reach(of.section.school_id, of.term_id, **narrower)


def close(of: MarkSheet, assessment: str = EVERYTHING) -> Account:
    """Close the sheet's class for the term; return the head who did."""
    head = factory.head(of.section.school)
    locks.close(
        reach(of, section_id=of.section_id, assessment=assessment),
        Act(head.id, clock.now()),
    )
    db.session.commit()
    return head
