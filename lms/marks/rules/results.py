"""What the rules answer with: a value, its state, and the steps that led there."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lms.marks.rules.words import (
    Comment,
    Decision,
    Fact,
    Level,
    Status,
    Title,
    YearLevel,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation: a fact, and the numbers and codes it speaks of."""

    fact: Fact
    values: Mapping[str, Any]


def step(fact: Fact, **values: Any) -> Step:
    return Step(fact, values)


@dataclass(frozen=True, slots=True)
class Average:
    """An average on the ten-point scale, to one decimal; None until it can be told."""

    value: Decimal | None
    status: Status
    missing: tuple[str, ...] = ()
    """Columns still to be filled: ``tx1`` …, ``gk``, ``ck``, or ``hk1``, ``hk2``."""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class CommentResult:
    value: Comment | None
    status: Status
    missing: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class StudyResult:
    """Kết quả học tập of a term or a year."""

    base: Level | None
    """By article 9.2 alone."""
    level: Level | None
    """After article 9.3."""
    adjusted_by: str | None
    """The subject that alone pulled the level down by two or more."""
    status: Status
    missing: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class ConductResult:
    level: Level | None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Promotion:
    decision: Decision | None
    """None while a result is missing or the council must decide."""
    summer_training: bool = False
    retest: tuple[str, ...] = ()
    study: Level | None = None
    """The level the decision rests on: recomputed where subjects were reassessed."""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Award:
    title: Title | None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class PrimaryYear:
    level: YearLevel | None
    status: Status
    missing: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
