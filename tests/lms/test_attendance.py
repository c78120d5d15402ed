"""Attendance: registers, excuses, and what guardians are told."""

from datetime import date, timedelta

import pytest

from lms.attendance.rules import (
    AttendanceRefusal,
    ExcuseState,
    NoticeState,
    Presence,
    Session,
    session_of,
)
from lms.attendance.services import excuses, notices, registers
from lms.kernel import clock
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.sections.rules import Act, SectionsRefusal
from tests.conftest import NINE
from tests.factories import people, school

TODAY = date(2026, 9, 5)
MORNING = registers.Hour(TODAY, Session.MORNING)
LATER = NINE + timedelta(minutes=11)


def refused(reason):
    return pytest.raises(Refused, match=f"^{reason.value}$")


@pytest.fixture
def seated(app):
    """A class with two pupils, and its homeroom teacher."""
    section = school.section()
    an, binh = school.pupil(section, "Lê An"), school.pupil(section, "Lê Bình")
    return section, an, binh, school.homeroom(section)


def take(section, teacher, hour=MORNING, **found):
    return registers.take(section, hour, found["found"], teacher.id, clock.now())


def test_all_are_present_but_for_those_that_were_tapped(seated):
    section, an, binh, teacher = seated

    take(section, teacher, found={an.id: Presence.UNEXCUSED, binh.id: Presence.LATE})

    assert registers.absences_in([section.id]) == {an.id: 1}
    [line] = registers.away_of([binh.id], TODAY, TODAY)
    assert (line.presence, line.period) == (Presence.LATE, 0)
    month = registers.month_of(section.id, date(2026, 9, 1), date(2026, 9, 30))
    assert month[an.id] == {TODAY: [Presence.UNEXCUSED]}


def test_a_period_is_looked_over_by_itself_and_counts_no_session(seated):
    section, an, _binh, teacher = seated
    third = registers.Hour(TODAY, Session.MORNING, 3)

    take(section, teacher, third, found={an.id: Presence.UNEXCUSED})

    assert registers.absences_in([section.id]) == {}
    assert [one.period for one in registers.registers_of(section.id, TODAY)] == [3]


def test_a_register_is_taken_back_within_ten_minutes_and_no_later(seated):
    section, an, _binh, teacher = seated
    register = take(section, teacher, found={an.id: Presence.LATE})
    take(section, teacher, found={an.id: Presence.UNEXCUSED})

    registers.undo(register, teacher.id, NINE + timedelta(minutes=10))

    assert registers.said_by(register) == {str(an.id): "M"}
    with refused(AttendanceRefusal.NOTHING_TO_UNDO):
        registers.undo(register, teacher.id, NINE)
    take(section, teacher, found={})
    with refused(AttendanceRefusal.TOO_LATE_TO_UNDO):
        registers.undo(register, teacher.id, LATER)


def test_tomorrow_and_the_holidays_have_no_register(seated):
    section, an, _binh, teacher = seated

    with refused(AttendanceRefusal.NOT_YET):
        take(
            section,
            teacher,
            registers.Hour(date(2026, 9, 6), Session.MORNING),
            found={},
        )
    with refused(AttendanceRefusal.OUTSIDE_YEAR):
        take(
            section,
            teacher,
            registers.Hour(date(2026, 8, 1), Session.MORNING),
            found={},
        )
    with refused(SectionsRefusal.NOT_IN_SECTION):
        take(section, teacher, found={an.id + 99: Presence.LATE})


def test_guardians_are_told_only_after_the_register_stands(seated):
    section, an, _binh, teacher = seated
    take(section, teacher, found={an.id: Presence.UNEXCUSED})

    early = notices.send_due(NINE + timedelta(minutes=9))
    due = notices.send_due(LATER)
    again = notices.send_due(LATER)

    assert (early, due, again) == (0, 1, 0)
    assert [one.state for one in notices.sent_to([an.id])] == [NoticeState.SENT]


def test_a_register_taken_back_tells_nobody(seated):
    section, an, _binh, teacher = seated
    register = take(section, teacher, found={an.id: Presence.UNEXCUSED})

    registers.undo(register, teacher.id, NINE)

    assert notices.send_due(LATER) == 0


def ask(pupil, section, *days):
    guardian = people.account("Lê Văn Cha")
    act = Act(guardian.id, clock.now(), "Cháu sốt")
    return excuses.ask(pupil, section, days or (TODAY, TODAY), act)


def test_an_open_request_holds_the_notice_back_and_its_answer_settles_it(seated):
    section, an, _binh, teacher = seated
    take(section, teacher, found={an.id: Presence.UNEXCUSED})
    excuse = ask(an, section)

    held_back = notices.send_due(LATER)
    excuses.accept(excuse, teacher.id, LATER)
    db.session.expire_all()

    assert (held_back, notices.send_due(LATER)) == (0, 0)
    [line] = registers.away_of([an.id], TODAY, TODAY)
    assert line.presence is Presence.EXCUSED
    assert excuse.state is ExcuseState.ACCEPTED


def test_a_declined_request_lets_the_notice_go(seated):
    section, an, _binh, teacher = seated
    take(section, teacher, found={an.id: Presence.UNEXCUSED})
    excuse = ask(an, section)

    excuses.decline(excuse, teacher.id, NINE)

    assert notices.send_due(LATER) == 1
    with refused(AttendanceRefusal.EXCUSE_DECIDED):
        excuses.accept(excuse, teacher.id, NINE)


def test_who_was_excused_beforehand_is_written_so_whatever_was_tapped(seated):
    section, an, _binh, teacher = seated
    excuses.accept(ask(an, section), teacher.id, NINE)

    register = take(section, teacher, found={an.id: Presence.UNEXCUSED})

    assert registers.said_by(register) == {str(an.id): "P"}
    assert notices.send_due(LATER) == 0


def test_excuses_are_listed_with_those_to_decide_first(seated):
    section, an, binh, teacher = seated
    old = ask(an, section)
    excuses.decline(old, teacher.id, NINE)
    new = ask(binh, section)

    assert excuses.excuses_of_section(section.id) == [new, old]
    assert excuses.excuses_of([an.id]) == [old]


def test_an_excuse_has_its_days_in_order_and_no_end_of_them(seated):
    section, an, *_others = seated

    with refused(AttendanceRefusal.EXCUSE_TURNED):
        ask(an, section, TODAY, TODAY - timedelta(days=1))
    with refused(AttendanceRefusal.EXCUSE_TOO_LONG):
        ask(an, section, TODAY, TODAY + timedelta(days=61))


def test_the_sessions_of_a_day():
    assert session_of(7) is Session.MORNING
    assert session_of(13) is Session.AFTERNOON
