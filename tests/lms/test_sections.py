"""The registry: a school's year, its classes, its pupils, and who may do what."""

from datetime import date, timedelta

import pytest

from lms.kernel import clock
from lms.kernel.access import grants_of
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.kernel.permissions import Grant, Role
from lms.sections.models import Membership, SchoolYear, Section
from lms.sections.rules import (
    Act,
    Check,
    Ending,
    Method,
    Office,
    Outcome,
    PupilState,
    RolloverState,
    SectionsRefusal,
    Step,
    SubjectKind,
    section_name_up,
    step_of,
)
from lms.sections.services import pupils, rollover, schools, teaching, verifications
from tests.conftest import forget
from tests.factories import people
from tests.factories import school as factory

NEXT_YEAR = date(2027, 9, 1)


def derived(account_id):
    """Return what somebody holds beyond being a member, asked anew."""
    forget()
    return grants_of(account_id)[2:]


def refused(reason):
    return pytest.raises(Refused, match=f"^{reason.value}$")


def test_a_year_brings_the_programme_of_every_grade(app):
    year = factory.school_year()

    taught = {one.subject.code: one for one in schools.curriculum(year.id, 8)}

    assert len(taught) == 12
    assert taught["CONG_NGHE"].yearly_periods == 52
    assert taught["NGHE_THUAT"].subject.kind is SubjectKind.COMMENT
    assert [term.number for term in year.terms] == [1, 2]
    assert year.terms[0].ends_on + timedelta(days=1) == year.terms[1].starts_on


def test_a_year_comes_once_and_its_days_in_order(app):
    year = factory.school_year()
    day = factory.FIRST_DAY

    with refused(SectionsRefusal.YEAR_TAKEN):
        factory.school_year(year.school)
    with refused(SectionsRefusal.DAYS_TURNED):
        schools.open_year(year.school, "2030-2031", day, day, day)


def test_the_year_of_a_day_is_the_newest_begun_so_that_nobody_vanishes(app):
    year = factory.school_year()

    assert schools.year_on(year.school_id, date(2027, 7, 1)) == year
    assert schools.year_on(year.school_id, date(2026, 8, 1)) == year
    assert year.term_on(date(2027, 2, 1)).number == 2
    assert year.term_on(date(2026, 8, 1)).number == 1


def test_a_class_belongs_to_a_grade_of_the_school_and_has_a_name_of_its_own(app):
    section = factory.section()

    with refused(SectionsRefusal.SECTION_TAKEN):
        schools.add_section(section.school_year, 7, "7A1")
    with refused(SectionsRefusal.GRADE_NOT_TAUGHT):
        schools.add_section(section.school_year, 10, "10A1")
    assert section.profile == "tt22-2021/1"


def test_a_class_list_is_sorted_by_given_name(app):
    section = factory.section()
    for name in ("Trần Văn Út", "Nguyễn Thị Ánh", "Lê Văn An", "Đỗ Thị Đào"):
        factory.pupil(section, name)

    names = [one.pupil.full_name for one in pupils.members_of(section.id)]

    assert names == ["Lê Văn An", "Nguyễn Thị Ánh", "Đỗ Thị Đào", "Trần Văn Út"]


def test_moving_to_another_class_ends_the_seat_in_the_first(app):
    pupil = factory.pupil()
    other = factory.section(factory.membership(pupil).section.school_year, "7A2")

    pupils.seat(pupil, other, date(2026, 10, 1))

    first = db.session.scalars(db.select(Membership)).first()
    assert (first.to_on, first.ending) == (date(2026, 9, 30), Ending.MOVED)
    assert pupils.members_of(first.section_id) == []
    with refused(SectionsRefusal.ALREADY_IN_SECTION):
        pupils.seat(pupil, other, date(2026, 10, 2))


def test_a_subject_is_assigned_only_where_the_grade_learns_it(app):
    section = factory.section()
    physics = factory.subject("VAT_LI")

    with refused(SectionsRefusal.NOT_TAUGHT_HERE):
        teaching.assign(section, physics, people.account(), factory.FIRST_DAY)

    schools.teach(section.school_year, 7, physics, 70)
    made = teaching.assign(section, physics, people.account(), factory.FIRST_DAY)
    with refused(SectionsRefusal.DAYS_TURNED):
        teaching.end_assignment(made, date(2026, 1, 1))


def test_a_new_homeroom_teacher_follows_the_one_before(app):
    section = factory.section()
    first = factory.homeroom(section)
    second = people.account("Võ Thị Sương")

    teaching.look_after(section, second, date(2026, 12, 1))

    assert teaching.homeroom_of(section.id, date(2026, 11, 30)) == first
    assert teaching.homeroom_of(section.id, date(2026, 12, 1)) == second
    found = teaching.homerooms_of([section.id], date(2026, 12, 2))
    assert found == {section.id: second}


def test_rights_come_from_the_assignment_and_end_with_it(app):
    section = factory.section()
    teacher = factory.teacher(section)
    [assignment] = teaching.assignments_of_teacher(teacher.id, date(2026, 9, 5))
    sheet = f"teaching:{section.id}:{assignment.subject_id}"

    held = derived(teacher.id)
    teaching.end_assignment(assignment, date(2026, 9, 4))

    assert Grant(Role.TEACHER, sheet) in held
    assert derived(teacher.id) == []


def test_heads_registrars_and_homerooms_have_the_grants_of_what_they_are(app):
    section = factory.section()
    school = f"school:{section.school_id}"

    head = factory.head(section.school)
    registrar = factory.head(section.school, "Cao Thị Nga", Office.REGISTRAR)
    homeroom = factory.homeroom(section)

    assert derived(head.id) == [Grant(Role.SCHOOL_HEAD, school)]
    assert derived(registrar.id) == [Grant(Role.ACADEMIC_AFFAIRS, school)]
    looks_after = Grant(Role.HOMEROOM_TEACHER, f"section:{section.id}")
    assert derived(homeroom.id) == [looks_after]
    schools.end_office(
        schools.offices_of(section.school_id, factory.FIRST_DAY)[0],
        date(2026, 9, 1),
        head.id,
        clock.now(),
    )
    assert derived(head.id) == []


def test_a_pupil_transferred_between_schools_keeps_the_record(app):
    pupil = factory.pupil()
    there = factory.section(factory.school_year(factory.school("thcs-b", "THCS B")))
    actor = people.account()

    pupils.transfer_out(pupil, date(2026, 11, 1), actor.id, clock.now())
    gone = pupil.state
    pupils.transfer_in(pupil, there, date(2026, 11, 3), actor.id, clock.now())

    assert gone is PupilState.TRANSFERRED
    assert (pupil.state, pupil.came_from) == (PupilState.STUDYING, "THCS Phong Điền")
    assert pupils.last_membership(pupil.id).section == there


def test_who_leaves_school_sits_nowhere(app):
    pupil = factory.pupil()
    section = factory.membership(pupil).section

    pupils.transfer_out(
        pupil, date(2026, 11, 1), people.account().id, clock.now(), leaves=True
    )

    assert pupil.state is PupilState.LEFT
    assert pupils.members_of(section.id) == []


def test_two_records_of_one_child_are_put_together(app):
    kept = factory.pupil(name="Nguyễn Văn Bảo")
    section = factory.membership(kept).section
    double = factory.pupil(section, "Nguyễn Văn Bảo", code="HS-7")
    actor = people.account()
    groups = pupils.doubles_in(kept.school_id)

    with refused(SectionsRefusal.DOUBLE_SITS):
        pupils.merge(kept, double, actor.id, clock.now())
    with refused(SectionsRefusal.SAME_PUPIL):
        pupils.merge(kept, kept, actor.id, clock.now())
    pupils.end(factory.membership(double), date(2026, 9, 5), Ending.MERGED)
    pupils.merge(kept, double, actor.id, clock.now())

    assert groups == [[kept, double]]
    assert kept.account.code == "HS-7"
    assert pupils.ids_of(kept) == [kept.id, double.id]
    assert not double.account.may_sign_in
    found = db.session.scalars(pupils.pupils_query(kept.school_id, "bao")).all()
    assert found == [kept]


def test_the_last_check_of_a_person_counts_and_mismatches_are_a_list(app):
    pupil = factory.pupil()
    where = (pupil.account_id, pupil.school_id)
    wrong = Check(Method.VNEID, Outcome.MISMATCH, ("birth_date",))

    verifications.note_check(*where, wrong, None, clock.now())
    listed = verifications.mismatches(pupil.school_id)
    right = Check(Method.DOCUMENT, Outcome.MATCH)
    verifications.note_check(*where, right, people.account().id, clock.now())

    assert [one.differing for one in listed] == [["birth_date"]]
    assert verifications.mismatches(pupil.school_id) == []
    state = verifications.state_of(pupil.school_id)[pupil.account_id]
    assert state.method is Method.DOCUMENT


def test_an_exemption_names_its_reason_and_holds_for_the_year(app):
    pupil = factory.pupil()
    year = factory.membership(pupil).section.school_year
    actor = people.account()

    music = factory.subject("NGHE_THUAT")
    pupils.exempt(pupil, year, music, Act(actor.id, clock.now(), "Giấy xác nhận 12"))
    db.session.flush()

    found = pupils.exemptions_in(year.id)
    assert found == {pupil.id: {music.id}}


@pytest.mark.parametrize(
    ("decision", "grade", "step"),
    [
        ("LEN_LOP", 7, Step.UP),
        ("LEN_LOP", 9, Step.FINISH),
        ("O_LAI", 9, Step.REPEAT),
        ("CHO_XET", 7, Step.WAIT),
        (None, 7, Step.WAIT),
    ],
)
def test_the_turn_of_the_year_follows_the_decision(decision, grade, step):
    assert step_of(decision, grade, 9) is step


def test_a_class_is_called_a_grade_higher():
    assert section_name_up("7A1", 7) == "8A1"
    assert section_name_up("9/2", 9) == "10/2"
    assert section_name_up("Sen", 1) == "2 Sen"


def turned(app):
    """Plan the turn of a year of four pupils, one for each step."""
    year = factory.school_year()
    seven = factory.section(year)
    nine = factory.section(year, "9A1", 9)
    up, repeats, waits = (
        factory.pupil(seven, name) for name in ("Lê An", "Lê Bình", "Lê Chi")
    )
    finishes = factory.pupil(nine, "Lê Dung")
    decided = {up.id: "LEN_LOP", repeats.id: "O_LAI", finishes.id: "LEN_LOP"}
    actor = people.account()
    run = rollover.plan(year, "2027-2028", decided, actor.id, clock.now())
    return run, actor, up, repeats, waits, finishes


def test_the_turn_is_previewed_applied_and_undone_whole(app):
    run, actor, up, repeats, waits, finishes = turned(app)
    assert [row["step"] for row in run.plan] == ["up", "repeat", "wait", "finish"]
    before = db.session.scalars(db.select(Membership.to_on)).all()

    rollover.apply(run, NEXT_YEAR, actor.id, clock.now())
    where = [pupils.last_membership(one.id).section for one in (up, repeats, waits)]
    state = finishes.state
    names = [section.name for section in where]
    years = [section.school_year.name for section in where]
    rollover.undo(run, actor.id, clock.now())

    assert names == ["8A1", "7A1", "7A1"]
    assert years == ["2027-2028", "2027-2028", "2026-2027"]
    assert state is PupilState.FINISHED
    assert run.state is RolloverState.UNDONE
    assert finishes.state is PupilState.STUDYING
    assert db.session.scalars(db.select(Membership.to_on)).all() == before
    assert len(db.session.scalars(db.select(SchoolYear)).all()) == 1


def test_a_turn_whose_lists_have_changed_is_previewed_anew(app):
    run, actor, *_pupils = turned(app)
    factory.pupil(db.session.scalars(db.select(Section)).first(), "Lê Em")

    with refused(SectionsRefusal.ROLLOVER_CHANGED):
        rollover.apply(run, NEXT_YEAR, actor.id, clock.now())
    with refused(SectionsRefusal.ROLLOVER_STATE):
        rollover.undo(run, actor.id, clock.now())


def test_a_turn_is_not_undone_once_the_new_classes_are_taught(app):
    run, actor, up, *_pupils = turned(app)
    rollover.apply(run, NEXT_YEAR, actor.id, clock.now())
    with refused(SectionsRefusal.ROLLOVER_STATE):
        rollover.apply(run, NEXT_YEAR, actor.id, clock.now())
    factory.teacher(pupils.last_membership(up.id).section)

    with refused(SectionsRefusal.ROLLOVER_IN_USE):
        rollover.undo(run, actor.id, clock.now())
    db.session.rollback()
    assert run.state is RolloverState.APPLIED
