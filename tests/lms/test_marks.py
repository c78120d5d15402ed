"""Mark sheets: written, closed, corrected, and added up to a year."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from lms.attendance.rules import Presence, Session
from lms.attendance.services import registers
from lms.kernel import clock
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.marks.models import Correction, CorrectionState, Mark, TransferredResult
from lms.marks.rules.entry import (
    MarkRefusal,
    Value,
    is_locked,
    read,
    shown,
    with_locked,
    without_locked,
)
from lms.marks.rules.words import Absence, Comment, Decision, Level, Title
from lms.marks.services import corrections, entry, locks, sheets, years
from lms.sections.rules import Act
from tests.factories import marks as factory
from tests.factories import people, school

D = Decimal


def refused(reason):
    return pytest.raises(Refused, match=f"^{reason.value}$")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("8", Value(80)),
        ("7,5", Value(75)),
        (" 7.5 ", Value(75)),
        ("7,50", Value(75)),
        ("10", Value(100)),
        ("0", Value(0)),
        ("", Value()),
        ("v", Value(absence=Absence.UNEXCUSED)),
        ("P", Value(absence=Absence.PENDING)),
        ("b", Value(absence=Absence.MISSED_MAKE_UP)),
        ("75", MarkRefusal.MAYBE_DECIMAL),
        ("11", MarkRefusal.MAYBE_DECIMAL),
        ("750", MarkRefusal.ABOVE_TEN),
        ("10,5", MarkRefusal.ABOVE_TEN),
        ("7,25", MarkRefusal.TOO_FINE),
        ("-1", MarkRefusal.NOT_A_MARK),
        ("tám", MarkRefusal.NOT_A_MARK),
        ("=1+1", MarkRefusal.NOT_A_MARK),
        ("Đ", MarkRefusal.NOT_A_MARK),
    ],
)
def test_what_a_teacher_types_into_a_scored_cell(typed, expected):
    assert read(typed, "ck", is_scored=True) == expected


def test_comment_cells_remarks_and_absences_of_regular_marks():
    assert read("đ", "tx1", is_scored=False) == Value(comment=Comment.PASS)
    assert read("chưa đạt", "ck", is_scored=False) == Value(comment=Comment.FAIL)
    assert read("8", "tx1", is_scored=False) is MarkRefusal.NOT_A_COMMENT
    assert read("v", "tx1", is_scored=True) is MarkRefusal.ABSENCE_OF_REGULAR
    assert read("Chăm  học", "nx", is_scored=True) == Value(remark="Chăm học")
    assert read("x" * 301, "nx", is_scored=True) is MarkRefusal.REMARK_TOO_LONG


@pytest.mark.parametrize("text", ["8", "7,5", "0", "10", "v", "p", "b", ""])
def test_what_the_grid_shows_reads_back_as_the_same(text):
    assert shown(read(text, "ck", is_scored=True)) == text


def test_columns_close_one_by_one_or_all_at_once():
    one = with_locked("", "tx1")
    both = with_locked(one, "gk")

    assert is_locked(both, "tx1")
    assert is_locked(both, "gk")
    assert not is_locked(both, "tx2")
    assert is_locked(with_locked("", "*"), "nx")
    assert without_locked(both, "gk") == one
    assert without_locked(one, "tx1") == ""
    assert without_locked(both, "*") == ""
    assert with_locked(both, "gk") == both


@pytest.fixture
def grid(app):
    """A sheet of mathematics with one pupil and its teacher."""
    sheet = factory.sheet()
    return sheet, school.pupil(sheet.section), school.teacher(sheet.section)


def test_a_row_makes_its_average_as_it_fills(grid):
    sheet, pupil, teacher = grid

    [first] = factory.write(sheet, pupil, by=teacher, tx1="8")
    factory.write(sheet, pupil, tx2="9", tx3="7", tx4="8", gk="8")
    [last] = factory.write(sheet, pupil, ck="8,5")

    assert first.result.missing == ("tx2", "tx3", "tx4", "gk", "ck")
    assert last.result.value == D("8.2")
    kept = sheets.results_of(sheet.id)[pupil.id]
    assert (kept.average, kept.profile) == (D("8.2"), "tt22-2021/1")


def test_each_change_adds_a_row_and_the_last_one_counts(grid):
    sheet, pupil, teacher = grid

    for text in ("8", "9", ""):
        factory.write(sheet, pupil, by=teacher, tx1=text)

    history = sheets.history_of(sheet.id, pupil.id, "tx1")
    assert [shown(row.value) for row in history] == ["8", "9", ""]
    assert sheets.results_of(sheet.id) == {}
    row = sheets.grid_of(sheet).rows[0]
    assert (row.cells["tx1"].version, row.result) == (3, None)
    assert sheets.grid_of(sheet).writers == {teacher.id: "Trần Văn Dũng"}


def test_two_teachers_at_once_lose_nothing(grid):
    sheet, pupil, teacher = grid
    other = people.account("Lê Văn Hòa")
    seen = entry.Change(pupil.id, "tx1", "8", 0)
    act = Act(teacher.id, clock.now())

    [first] = entry.write(sheet, [seen], act)
    [again] = entry.write(sheet, [seen], act)
    late = entry.Change(pupil.id, "tx1", "5", 0)
    [second] = entry.write(sheet, [late], Act(other.id, clock.now()))

    assert (first.conflict_with, again.conflict_with) == (None, None)
    assert second.conflict_with == "Trần Văn Dũng"
    assert shown(second.cell.value) == "8"
    assert len(sheets.history_of(sheet.id, pupil.id, "tx1")) == 1


def test_the_database_lets_one_of_two_writers_of_one_version_in(grid):
    sheet, pupil, teacher = grid
    act = Act(teacher.id, clock.now())
    change = entry.Change(pupil.id, "tx1", "8", 0)

    first = entry.add_mark(sheet, change, Value(80), act)
    second = entry.add_mark(sheet, change, Value(50), act)

    assert (first.version, second) == (1, None)


def test_strangers_cells_and_strange_columns_are_not_written(grid):
    sheet, pupil, _teacher = grid
    stranger = school.pupil(school.section(sheet.section.school_year, "7A2"))

    [wrong] = factory.write(sheet, stranger, tx1="8")
    [strange] = factory.write(sheet, pupil, tx9="8")
    [guard] = factory.write(sheet, pupil, tx1="75")

    assert wrong.refusal is MarkRefusal.NOT_A_MEMBER
    assert strange.refusal is MarkRefusal.NO_SUCH_COLUMN
    assert guard.refusal is MarkRefusal.MAYBE_DECIMAL
    assert db.session.scalars(sa.select(Mark)).all() == []


def test_the_database_itself_keeps_marks_as_they_were_written(grid):
    sheet, pupil, _teacher = grid
    factory.write(sheet, pupil, tx1="8")

    for statement in ("UPDATE mark SET tenths = 100", "DELETE FROM mark"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            db.session.execute(sa.text(statement))
        db.session.rollback()


def test_a_closed_column_takes_no_mark_not_even_past_the_service(grid):
    sheet, pupil, teacher = grid
    factory.write(sheet, pupil, tx1="8")
    factory.close(sheet, "tx1")

    [written] = factory.write(sheet, pupil, tx1="9")
    [other] = factory.write(sheet, pupil, tx2="9")

    assert written.refusal is MarkRefusal.LOCKED
    assert other.refusal is None
    with pytest.raises(sa.exc.DBAPIError, match="closed"):
        db.session.execute(
            sa.insert(Mark).values(
                sheet_id=sheet.id,
                pupil_id=pupil.id,
                assessment="tx1",
                version=2,
                tenths=100,
                entered_by_id=teacher.id,
                entered_at=clock.now(),
            )
        )
    db.session.rollback()


def test_what_was_closed_is_opened_again_with_a_reason_that_stays(grid):
    sheet, pupil, _teacher = grid
    head = factory.close(sheet)

    count = locks.open_again(
        factory.reach(sheet, grade=7), Act(head.id, clock.now(), "Nhập thiếu bài")
    )

    assert count == 12
    [written] = factory.write(sheet, pupil, tx1="9")
    assert written.refusal is None
    newest, oldest = locks.locks_of(sheet.term)
    assert (newest.opens, newest.reason) == (True, "Nhập thiếu bài")
    assert (oldest.opens, oldest.section_id) == (False, sheet.section_id)


WANTED = {"reason": "Cộng sót điểm câu 3", "evidence": "Bài kiểm tra ngày 02/11"}


def asked(sheet, pupil, by, typed="9", assessment="tx1"):
    wanted = corrections.Wanted(pupil.id, assessment, typed, **WANTED)
    return corrections.ask(sheet, wanted, by.id, clock.now())


def test_a_correction_changes_a_closed_mark_once_it_is_approved(grid):
    sheet, pupil, teacher = grid
    factory.fill(sheet, pupil)
    head = factory.close(sheet)

    correction = asked(sheet, pupil, teacher, "9,5", "ck")
    before = sheets.results_of(sheet.id)[pupil.id].average
    corrections.approve(correction, head.id, clock.now())

    assert before == D(8)
    assert sheets.results_of(sheet.id)[pupil.id].average == D("8.5")
    assert correction.consequence == {"before": "8,0", "after": "8,5"}
    cell = sheets.cells_of(sheet.id)[pupil.id]["ck"]
    assert (shown(cell.value), cell.corrected) == ("9,5", True)
    assert corrections.counts_of([pupil.id], sheet.section_id) == {pupil.id: 1}
    assert corrections.corrections_of(
        sheet.section.school_id, sheet.section.school_year_id
    ) == [correction]


def test_a_correction_that_is_declined_changes_nothing(grid):
    sheet, pupil, teacher = grid
    factory.fill(sheet, pupil)
    head = factory.close(sheet)

    correction = asked(sheet, pupil, teacher)
    corrections.decline(correction, head.id, clock.now())

    assert correction.state is CorrectionState.DECLINED
    assert sheets.results_of(sheet.id)[pupil.id].average == D(8)
    with refused(MarkRefusal.ALREADY_DECIDED):
        corrections.approve(correction, head.id, clock.now())


def test_when_a_correction_is_refused(grid):
    sheet, pupil, teacher = grid
    factory.fill(sheet, pupil)
    with refused(MarkRefusal.NOT_LOCKED):
        asked(sheet, pupil, teacher)
    head = factory.close(sheet)

    with refused(MarkRefusal.SAME_VALUE):
        asked(sheet, pupil, teacher, "8,0")
    with refused(MarkRefusal.MAYBE_DECIMAL):
        asked(sheet, pupil, teacher, "85")
    correction = asked(sheet, pupil, teacher)
    with refused(MarkRefusal.ALREADY_ASKED):
        asked(sheet, pupil, teacher, "10")
    with refused(MarkRefusal.OWN_REQUEST):
        corrections.approve(correction, teacher.id, clock.now())
    db.session.expire(correction)
    locks.open_again(factory.reach(sheet), Act(head.id, clock.now(), "Mở lại"))
    factory.write(sheet, pupil, tx1="7")
    with refused(MarkRefusal.CHANGED_SINCE):
        corrections.approve(correction, head.id, clock.now())


def test_a_forged_correction_number_opens_no_cell(grid):
    sheet, pupil, teacher = grid
    factory.fill(sheet, pupil)
    head = factory.close(sheet)
    correction = asked(sheet, pupil, teacher)
    act = Act(teacher.id, clock.now())
    change = entry.Change(pupil.id, "tx1", "10", 1)
    pending = entry.add_mark(sheet, change, Value(100), act, correction.id)
    corrections.approve(correction, head.id, clock.now())
    other = entry.Change(pupil.id, "tx2", "10", 1)

    elsewhere = entry.add_mark(sheet, other, Value(100), act, correction.id)
    again = entry.Change(pupil.id, "tx1", "10", 2)
    twice = entry.add_mark(sheet, again, Value(100), act, correction.id)

    assert (pending, elsewhere, twice) == (None, None, None)


def a_year(marks="8", **special):
    """A class whose one pupil has both terms, but for *special* subjects' marks."""
    section = school.section()
    pupil = school.pupil(section)
    actor = school.homeroom(section)
    for term in section.school_year.terms:
        for sheet in sheets.open_sheets(section, term):
            factory.fill(sheet, pupil, special.get(sheet.subject.code, marks))
        years.give_conduct(term, pupil.id, Level.GOOD, actor.id, clock.now())
    db.session.commit()
    return section, pupil, actor


def close_both(section):
    for term in section.school_year.terms:
        sheet = sheets.sheets_of(section.id, term.id)[0]
        factory.close(sheet)


def test_a_good_year_is_judged_with_its_reasons(app):
    section, _pupil, _actor = a_year()

    [row] = years.class_year(section).rows

    assert row.study.level is Level.GOOD
    assert row.award.title is Title.GOOD
    assert row.promotion.decision is Decision.PROMOTED
    assert row.study_terms[1].level is Level.GOOD
    assert row.study.steps


def test_one_weak_subject_alone_is_lifted_and_46_absences_repeat(app):
    section, pupil, actor = a_year(CONG_NGHE="4,9")
    [row] = years.class_year(section).rows
    lifted = (row.study.base, row.study.level)
    days = [school.FIRST_DAY.replace(day=day) for day in range(1, 31)][:23]

    with clock.frozen(clock.now().replace(month=12)):
        for day in days:
            for session in Session:
                registers.take(
                    section,
                    registers.Hour(day, session),
                    {pupil.id: Presence.UNEXCUSED},
                    actor.id,
                    clock.now(),
                )
    [row] = years.class_year(section).rows

    assert lifted == (Level.PASS, Level.FAIR)
    assert (row.absences, row.promotion.decision) == (46, Decision.REPEATS)


def test_an_exempt_subject_is_left_out(app):
    section, pupil, actor = a_year(CONG_NGHE="2")
    from lms.sections.services import pupils

    pupils.exempt(
        pupil,
        section.school_year,
        school.subject("CONG_NGHE"),
        Act(actor.id, clock.now(), "Khuyết tật"),
    )
    db.session.commit()

    [row] = years.class_year(section).rows

    assert row.study.level is Level.GOOD


def test_a_first_term_from_another_school_counts_as_it_is(app):
    section = school.section()
    pupil = school.pupil(section, came_from="THCS Nguyễn Tri Phương")
    first, second = section.school_year.terms
    sheet = next(s for s in sheets.open_sheets(section, second) if s.is_scored)
    factory.fill(sheet, pupil, "8")
    db.session.add(
        TransferredResult(
            pupil_id=pupil.id,
            term_id=first.id,
            subject_id=sheet.subject_id,
            tenths=65,
            school_name="THCS Nguyễn Tri Phương",
            entered_by_id=people.account().id,
            entered_at=clock.now(),
        )
    )
    db.session.commit()

    [row] = years.class_year(section).rows

    assert row.subjects[sheet.subject_id].year.value == D("7.5")


def test_a_year_is_concluded_when_all_is_closed_and_stays_as_written(app):
    section, pupil, actor = a_year()
    with refused(MarkRefusal.NOT_FULLY_LOCKED):
        years.conclude(section, actor.id, clock.now())
    close_both(section)

    years.conclude(section, actor.id, clock.now())
    years.conclude(section, actor.id, clock.now())

    found = years.concluded(section.id)[pupil.id]
    assert (found.version, found.title) == (2, Title.GOOD)
    assert found.averages["TOAN"] == "8.0"
    assert years.decisions_of(section.school_year) == {pupil.id: "LEN_LOP"}
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        db.session.execute(sa.text("UPDATE year_result SET study = 'KHA'"))
    db.session.rollback()


def test_a_year_with_something_missing_is_not_concluded(app):
    section, _pupil, actor = a_year()
    school.pupil(section, "Người mới đến")
    close_both(section)

    with refused(MarkRefusal.YEAR_INCOMPLETE):
        years.conclude(section, actor.id, clock.now())


def test_the_whole_school_is_judged_as_its_classes_are(app, queries):
    section, _pupil, _actor = a_year()
    other = school.section(section.school_year, "8A1", 8)
    school.pupil(other)

    with queries() as asked_of:
        found = years.school_year(section.school_year)

    assert [one.section.name for one in found] == ["7A1", "8A1"]
    assert found[0].rows[0].promotion.decision is Decision.PROMOTED
    assert found[1].rows[0].promotion.decision is None
    assert len(asked_of) <= 10


def test_publishing_is_not_closing(grid):
    sheet, _pupil, teacher = grid

    sheets.publish(sheet, teacher.id, clock.now())
    published = sheet.published_at
    sheets.publish(sheet, teacher.id, clock.now())
    sheets.withdraw(sheet, teacher.id, clock.now())

    assert published == clock.now()
    assert (sheet.published_at, sheet.locked) == (None, "")


def test_the_same_conduct_again_writes_nothing(app):
    section, pupil, actor = a_year()
    term = section.school_year.terms[0]

    years.give_conduct(term, pupil.id, Level.GOOD, actor.id, clock.now())
    years.give_conduct(term, pupil.id, Level.PASS, actor.id, clock.now())

    [row] = years.class_year(section).rows
    assert row.conduct.level is Level.FAIR
    assert db.session.scalar(sa.select(sa.func.count(Correction.id))) == 0
