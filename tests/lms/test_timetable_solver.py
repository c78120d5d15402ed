"""The generator: lawful, repeatable, stoppable, and honest about what cannot be."""

import json
from dataclasses import replace

import pytest

from lms.timetable.formats import native
from lms.timetable.formats.faults import Unreadable
from lms.timetable.rules.judging import judge, placed
from lms.timetable.rules.reasons import Rule, Shortage
from lms.timetable.solver.generation import Budget, Watcher, generate
from lms.timetable.solver.proof import prove
from tests.factories import timetables

BUDGET = Budget(moves=400_000)
SCHOOL = {
    "name": "THCS thử",
    "days": ["T2", "T3"],
    "periods": 2,
    "classes": ["6A"],
    "teachers": [{"id": "AN", "unavailable": [[0, 0]]}],
    "courses": [
        {"id": "m", "class": "6A", "subject": "TOAN", "teacher": "AN", "lessons": 1}
    ],
    "rules": {"class_no_gap": False},
}


def test_a_week_is_made_that_breaks_no_rule():
    problem = timetables.school()

    made = generate(problem, BUDGET)

    assert made.verdict.hard_violations == 0
    assert placed(problem, made.assignment) == 88
    assert made.reasons == []
    assert made.seconds_to_first_feasible is not None


def test_the_same_seed_and_moves_make_the_same_week():
    problem = timetables.school()

    one, same, other = (generate(problem, BUDGET, seed) for seed in (7, 7, 8))

    assert one.assignment == same.assignment
    assert one.assignment != other.assignment


def test_a_long_search_is_better_than_a_short_one():
    problem = timetables.school()

    short, long = (generate(problem, Budget(moves=n)) for n in (100_000, 1_000_000))

    assert long.verdict.cost < short.verdict.cost


def test_whoever_watches_may_stop_it_and_keeps_the_best():
    told = []
    watcher = Watcher(told.append, should_stop=lambda: len(told) >= 3)

    made = generate(timetables.school(), Budget(seconds=60), watcher=watcher)

    assert len(told) <= 4
    assert made.assignment
    assert [progress.share for progress in told] == sorted(p.share for p in told)


def test_a_teacher_who_cannot_come_is_found_by_counting():
    but_tuesday = {(day, p) for day in (0, 2, 3, 4, 5) for p in range(4)}
    problem = timetables.with_absence(timetables.school(), "ANH02", but_tuesday)

    made = generate(problem, BUDGET)

    assert {reason.teacher for reason in made.reasons} - {None} == {"ANH02"}
    assert made.verdict.hard_violations > 0


def test_what_counting_cannot_see_is_proved_and_named():
    """Four classes want their teacher on the two days left, in pairs on each day."""
    days = {(day, p) for day in range(3, 6) for p in range(4)}
    problem = timetables.with_absence(timetables.school(), "ANH01", days)
    assert prove(problem, 20).assignment is not None
    pools = {"ANH": 1}
    absent = {(day, p) for day in range(2) for p in range(4)}
    crowded = replace(problem, room_pools=pools)
    crowded = timetables.with_absence(crowded, "ANH02", absent | {(2, 0), (2, 1)})
    crowded = replace(crowded, forbidden_periods={"ANH": frozenset({2, 3})})

    proof = prove(crowded, 30)

    assert proof.assignment is None
    assert proof.reason is not None
    assert proof.reason.kind is Shortage.CONFLICT
    assert {rule for rule, _whom in proof.reason.groups} <= set(Rule)
    assert 1 <= len(proof.reason.groups) <= 4


def test_a_found_week_is_lawful():
    problem = timetables.school()

    proof = prove(problem, 20)

    assert judge(problem, proof.assignment).hard_violations == 0


def test_the_file_says_what_the_problem_is():
    problem = native.read(json.dumps(SCHOOL).encode())

    assert problem.open_to(problem.courses["m"]) == {(0, 1), (1, 0), (1, 1)}
    assert json.loads(native.write({"m": [(1, 0)]})) == {"assign": {"m": [[1, 0]]}}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"courses": [{**SCHOOL["courses"][0], "teacher": "BINH"}]}, "m"),
        ({"courses": [{**SCHOOL["courses"][0], "class": "7A"}]}, "m"),
        ({"courses": SCHOOL["courses"] * 2}, "m"),
        ({"courses": [{**SCHOOL["courses"][0], "lessons": 0}]}, "m"),
        ({"courses": [{**SCHOOL["courses"][0], "fixed": [[0, 0], [0, 1]]}]}, "m"),
        ({"teachers": [{"id": "AN", "unavailable": [[9, 0]]}]}, "AN"),
        ({"days": None}, "file"),
        ({"courses": [7]}, "file"),
    ],
)
def test_a_file_with_a_fault_says_where_it_is(change, where):
    with pytest.raises(Unreadable) as caught:
        native.read(json.dumps(SCHOOL | change).encode())

    assert caught.value.where == where


def test_the_command_writes_the_week_and_prints_what_it_found(app, tmp_path):
    file, out = tmp_path / "school.json", tmp_path / "week.json"
    file.write_text(json.dumps(SCHOOL))

    answer = solve(app, file, "--json", "--out", str(out))

    told = json.loads(answer.output)
    assert answer.exit_code == 0
    assert (told["lessons"], told["placed"], told["hard_violations"]) == (1, 1, 0)
    assert told["infeasible_because"] == []
    assert json.loads(out.read_text())["assign"]["m"] != [[0, 0]]


def test_the_command_says_in_a_sentence_why_it_cannot_be(app, tmp_path):
    file = tmp_path / "school.json"
    wish = {**SCHOOL["courses"][0], "lessons": 2}
    away = [{"id": "AN", "unavailable": [[0, 0], [0, 1], [1, 0]]}]
    file.write_text(json.dumps(SCHOOL | {"courses": [wish], "teachers": away}))

    answer = solve(app, file, "--json")

    reasons = json.loads(answer.output)["infeasible_because"]
    [teacher] = [reason for reason in reasons if reason["kind"] == "teacher_slots"]
    assert answer.exit_code == 1
    assert (teacher["teacher"], teacher["need"], teacher["have"]) == ("AN", 2, 1)
    assert (
        "Giáo viên AN phải dạy 2 tiết TOAN nhưng chỉ còn 1 ô" in reasons[1]["sentence"]
    )


def test_the_command_refuses_a_file_of_another_kind(app, tmp_path):
    file = tmp_path / "school.json"
    file.write_text("<xml/>")

    assert solve(app, file).exit_code == 2


def solve(app, file, *options):
    line = ["timetable", "solve", str(file), "--seconds", "1", *options]
    return app.test_cli_runner().invoke(args=line)
