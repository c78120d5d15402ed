"""A reorganisation of many units at once, from a plan in a TOML file.

A plan is a list of steps, each with a day and a paper::

    [[steps]]
    on = 2025-07-01
    paper = "Nghị quyết 1675/NQ-UBTVQH15"

    [[steps.units]]
    code = "phuong-phong-dien"            # made on that day, or found; then
    name = "Phường Phong Điền"            # called so
    kind = "phường"
    parent = "tp-hue"                     # and put there
    takes_in = ["ubnd-phong-thu", "ubnd-phong-my"]
"""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lms.kernel.errors import Refused
from lms.units import changes
from lms.units.changes import Decision
from lms.units.models import Unit
from lms.units.rules import Description, UnitRefusal
from lms.units.services import tree_on, unit_by_code


@dataclass(frozen=True, slots=True)
class Outcome:
    steps: int
    units_before: int
    units_after: int
    moved: int
    """How many posts went along with units that were taken in."""


def read_plan(path: Path) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["steps"]
    return steps


def carry_out(
    steps: list[dict[str, Any]], actor_id: int | None, now: datetime
) -> Outcome:
    """Carry out the whole plan in the caller's transaction, or raise Refused."""
    first, last = _day(steps[0]), _day(steps[-1])
    before = len(tree_on(date.fromordinal(first.toordinal() - 1)).nodes)
    moved = 0
    for step in steps:
        decision = Decision(_day(step), step.get("paper", ""), actor_id, now)
        for unit in step["units"]:
            moved += _one(unit, decision)
    return Outcome(len(steps), before, len(tree_on(last).nodes), moved)


def _day(step: dict[str, Any]) -> date:
    day: date = step["on"]
    return day


def _one(wanted: dict[str, Any], decision: Decision) -> int:
    """Make or find a unit, call and place it as wanted, let it take others in."""
    unit = _made_or_found(wanted, decision)
    sources = [_known(code) for code in wanted.get("takes_in", ())]
    return changes.merge(sources, unit, decision) if sources else 0


def _made_or_found(wanted: dict[str, Any], decision: Decision) -> Unit:
    parent = _known(wanted["parent"]) if wanted.get("parent") else None
    unit = unit_by_code(wanted["code"])
    if unit is None:
        what = Description(wanted["code"], wanted["name"], wanted["kind"])
        return changes.create(what, parent, decision)
    node = tree_on(decision.on).nodes.get(unit.id)
    name, kind = wanted.get("name"), wanted.get("kind")
    if node and name and (name, kind) != (node.name, node.kind):
        changes.rename(unit, name, kind or node.kind, decision)
    if (
        node
        and "parent" in wanted
        and node.parent_id != (parent.id if parent else None)
    ):
        changes.move(unit, parent, decision)
    return unit


def _known(code: str) -> Unit:
    unit = unit_by_code(code)
    if unit is None:
        raise Refused(UnitRefusal.UNKNOWN_CODE)
    return unit
