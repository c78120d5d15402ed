"""An exam with a session, a room, approved papers, and candidates at their seats."""

from datetime import date, timedelta

from courses.exams.answers import Seat
from courses.exams.models.plan import Exam, ExamRoom, ExamSession, ExamSubject
from courses.exams.models.sittings import Sitting
from courses.exams.services import papers, plan, sittings
from courses.exams.services.plan import Entry
from courses.items.models import ItemVersion
from courses.quizzes.rules.attempts import Place, Slot
from courses.quizzes.services.quizzes import slots_of
from lms.kernel import clock
from lms.kernel.db import db
from lms.people.models import Account
from lms.units.services import add_unit
from tests.factories import people, quizzes

MINUTE = timedelta(minutes=1)
NAMES = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "Phạm Thị Dung")


def exam(names: tuple[str, ...] = NAMES, seats: int = 24) -> ExamSession:
    """Plan an exam that begins in half an hour; entry is open."""
    now = clock.now()
    unit = add_unit(f"pgd-{now.timestamp()}", "Hội đồng thi Phong Điền", "hội đồng")
    of = Exam(
        unit_id=unit.id,
        name="Thi thử vào lớp 10",
        decision_number="12/QĐ-HĐT",
        decision_on=date(2026, 8, 1),
        number_prefix="PD",
    )
    db.session.add(of)
    db.session.flush()
    subject = ExamSubject(exam_id=of.id, name="Toán", duration_minutes=90)
    db.session.add_all(
        [subject, ExamRoom(exam_id=of.id, site="THCS", name="Phòng 01", seats=seats)]
    )
    db.session.flush()
    session = ExamSession(
        subject_id=subject.id, entry_at=now - MINUTE, bell_at=now + 30 * MINUTE
    )
    db.session.add(session)
    plan.enter(of, [Entry(name, f"9A{at % 2}") for at, name in enumerate(names)])
    plan.number(of)
    plan.seat(session, "seed")
    db.session.commit()
    return session


def paper(session: ExamSession, code: str = "101"):
    """Freeze a paper of the four questions of a quiz, and approve it twice."""
    quiz = quizzes.quiz()
    places = [_place(number, slot) for number, slot in enumerate(slots_of(quiz), 1)]
    maker, one, other = (people.account(name) for name in ("Đề", "Duyệt", "Duyệt Hai"))
    made = papers.freeze(session.subject, code, places, maker.id, clock.now())
    papers.approve(made, one.id, clock.now())
    papers.approve(made, other.id, clock.now())
    db.session.commit()
    return made


def _place(position, slot) -> Place:
    version = db.session.get_one(ItemVersion, slot.item_version_id)
    options = version.read().option_ids
    return Place(position, Slot(version.id, slot.points, options), options)


def seated(session: ExamSession, actor: Account) -> list[tuple[Sitting, Seat]]:
    """Let everybody in, and to their seats."""
    held = []
    for sitting in sittings.sittings_of(session):
        pin = sittings.admit(sitting, actor.id, clock.now())
        held.append((sitting, sittings.take_seat(sitting, pin, clock.now())))
    db.session.commit()
    return held


def writing(names: tuple[str, ...] = NAMES[:1]) -> list[tuple[Sitting, Seat]]:
    """Bring an exam to where everybody writes."""
    session, actor = exam(names), people.account("Cán bộ coi thi")
    sittings.assign_papers(session, [paper(session)])
    held = seated(session, actor)
    sittings.ring(session, actor.id, clock.now())
    db.session.commit()
    return held
