"""Commands about timetables."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from lms.timetable.formats import native
from lms.timetable.formats.faults import Unreadable
from lms.timetable.rules.judging import placed
from lms.timetable.rules.problem import Problem
from lms.timetable.rules.reasons import Reason
from lms.timetable.wording import sentence

timetable = AppGroup("timetable", help="Timetables from and to files.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@timetable.command("solve")
@click.argument("file", type=FILE)
@click.option("--seconds", default=30.0, show_default=True, type=click.FloatRange(1))
@click.option("--moves", type=click.IntRange(1), help="Instead of --seconds.")
@click.option("--seed", default=1, show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def solve(  # noqa: PLR0913, PLR0917 -- one for each option
    file: Path,
    seconds: float,
    moves: int | None,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Make a timetable for FILE; ends with status 1 where that is impossible."""
    # Compiled code takes a second to load; other commands need not wait for it.
    from lms.timetable.solver.generation import Budget, generate

    try:
        problem = native.read(file.read_bytes())
    except Unreadable as fault:
        click.echo(f"{file}: {fault}", err=True)
        sys.exit(2)
    made = generate(problem, Budget(seconds, moves), seed)
    if out:
        out.write_bytes(native.write(made.assignment))
    outcome = {
        "lessons": sum(course.lessons for course in problem.courses.values()),
        "placed": placed(problem, made.assignment),
        "hard_violations": made.verdict.hard_violations,
        "cost": made.verdict.cost,
        "cost_by_wish": made.verdict.cost_by_wish,
        "seconds_to_first_feasible": made.seconds_to_first_feasible,
        "infeasible_because": [_reason(problem, reason) for reason in made.reasons],
    }
    if as_json:
        click.echo(json.dumps(outcome, ensure_ascii=False))
    else:
        for name, value in outcome.items():
            click.echo(f"{name}: {value}")
    sys.exit(1 if made.reasons else 0)


def _reason(problem: Problem, reason: Reason) -> dict[str, Any]:
    known = {name: value for name, value in asdict(reason).items() if value}
    return {**known, "kind": str(reason.kind), "sentence": sentence(problem, reason)}
