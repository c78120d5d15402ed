"""Papers and tables of keys as PDF: the only place here that knows Typst.

What people wrote enters as data (JSON in ``sys_inputs``), never as Typst source; the
compiler sees an empty folder, our own fonts, and no packages.
"""

import json
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import lms
from courses.quizzes.models.papers import Paper
from courses.quizzes.models.quizzes import Quiz
from courses.quizzes.rules.papers import letters
from courses.quizzes.services.papers import KeyTable, Printed
from courses.quizzes.typeset import blocks_of
from lms.kernel import clock

FOLDER = Path(__file__).parent
FONTS = Path(lms.__file__).parent / "static" / "fonts" / "pdf"


def paper(made: Paper, asked: Sequence[Printed], quiz: Quiz, issuer: str) -> bytes:
    """Return a paper on A4, with the heading of the school and its code."""
    parts = dict(made.parts)
    return _compile(
        "paper.typ",
        {
            "issuer": issuer,
            "title": quiz.name,
            "code": made.code,
            "minutes": quiz.time_limit_minutes,
            "digest": made.digest[:16],
            "count": len(asked),
            "questions": [
                _question(one) | {"part": parts.get(one.place.position, "")}
                for one in asked
            ],
        },
        made.drawn_at,
    )


def _question(one: Printed) -> dict[str, Any]:
    item, order = one.item, one.place.option_order
    return {
        "number": one.place.position,
        "stem": blocks_of(item.stem),
        "options": [
            [letters(order, [option.id]) or "•", blocks_of(option.text)]
            for option in getattr(item, "options", ())
            if item.kind in ("single_choice", "multiple_choice")
        ],
        "statements": [
            [chr(ord("a") + number), blocks_of(statement.text)]
            for number, statement in enumerate(getattr(item, "statements", ()))
        ],
        "lines": 8 if item.by_hand else 0 if _is_choice(item.kind) else 1,
    }


def _is_choice(kind: str) -> bool:
    return kind in ("single_choice", "multiple_choice", "statements", "true_false")


def keys(table: KeyTable, quiz: Quiz, issuer: str, now: datetime) -> bytes:
    """Return the table of keys of all papers."""
    written = now.astimezone(clock.DISTRICT_TIME)
    return _compile(
        "keys.typ",
        {
            "issuer": issuer,
            "title": quiz.name,
            "printed": written.strftime("%d/%m/%Y %H:%M"),
            "codes": table.codes,
            "rows": [[str(position), *row] for position, row in table.rows],
        },
        now,
    )


def _compile(template: str, document: dict[str, Any], made_at: datetime) -> bytes:
    import typst  # 80 MB that only the first download of a process needs

    source: Any = (FOLDER / template).read_bytes()
    with tempfile.TemporaryDirectory() as nothing:
        made: bytes = typst.compile(
            source,
            root=nothing,
            format="pdf",
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            package_path=nothing,
            package_cache_path=nothing,
            timestamp=int(made_at.timestamp()),
            sys_inputs={"paper": json.dumps(document)},
        )
    return made
