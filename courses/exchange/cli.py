"""Commands that bring question files in: ``items import``."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from courses.exchange.folders import FileReading, read_all
from courses.exchange.wording import reason, reason_of

item_commands = AppGroup("items", help="Question banks.")


@item_commands.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Read and report; keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_items(paths: tuple[Path, ...], dry_run: bool, as_json: bool) -> None:
    """Read question files and folders of them; ends with 1 if any item was refused."""
    if not dry_run:
        raise click.UsageError("Hãy thêm --dry-run; nhập thật thì dùng trang web.")
    readings = list(read_all(list(paths)))
    report = {"files": [_reported(one) for one in readings]}
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _say(report)
    sys.exit(0 if all(one.is_whole for one in readings) else 1)


def _reported(file: FileReading) -> dict[str, Any]:
    if file.reading is None:
        said = reason_of(file.problem) if file.problem else ""
        return {
            "path": file.path,
            "format": None,
            "found": 0,
            "imported": 0,
            "by_kind": {},
            "refused": [{"where": "", "reason": said}],
        }
    reading = file.reading
    return {
        "path": file.path,
        "format": reading.format,
        "found": len(reading.items),
        "imported": len(reading.found),
        "by_kind": dict(sorted(Counter(one.kind for one in reading.found).items())),
        "refused": [
            {"where": one.where, "reason": reason(one.trouble, one.detail)}
            for one in reading.refused
        ],
    }


def _say(report: dict[str, Any]) -> None:
    for file in report["files"]:
        click.echo(f"{file['path']}: {file['imported']}/{file['found']}")
        for one in file["refused"]:
            click.echo(f"  {one['where']}: {one['reason']}")
