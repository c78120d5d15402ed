"""Commands about marks."""

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from lms.marks.rules.cases import UnknownTopic, agrees, answer
from lms.marks.wording import explain

marks = AppGroup("marks", help="Marks, and the circulars that judge them.")


@marks.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
def check(file: Path, as_json: bool) -> None:
    """Ask the rules about worked cases; ends with status 0 when all agree."""
    document = json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    cases = document["cases"] if isinstance(document, dict) else document
    results = [_checked(case) for case in cases]
    if as_json:
        click.echo(json.dumps(results, ensure_ascii=False, default=_plain, indent=1))
    else:
        for one in results:
            sign = "✔" if one["ok"] else "✘"
            click.echo(f"{sign} {one['id']}: {one['explanation']}")
    sys.exit(0 if all(one["ok"] for one in results) else 1)


def _checked(case: dict[str, Any]) -> dict[str, Any]:
    expected = case.get("expected")
    try:
        found = answer(case)
    except UnknownTopic as unknown:
        got, ok, said = None, False, f"Chưa có quy tắc cho chủ đề “{unknown}”."
    except (ValueError, TypeError, KeyError, ArithmeticError) as wrong:
        got, ok, said = None, False, f"Không đọc được dữ liệu của trường hợp: {wrong}."
    else:
        ok, said = agrees(expected, found.values), explain(found.steps)
        got = _asked(expected, found.values)
    return {
        "id": case.get("id"),
        "ok": ok,
        "expected": expected,
        "got": got,
        "explanation": said,
    }


def _asked(expected: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Show of an answer what the case asks for; all of it where nothing fits."""
    if not isinstance(expected, dict):
        return values
    return {key: values[key] for key in expected if key in values} or values


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{value!r} is not JSON")
