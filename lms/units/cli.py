"""Commands of the organisation tree."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import AppGroup

from lms.kernel import clock
from lms.kernel.db import db, writing
from lms.kernel.errors import Refused
from lms.kernel.wording import say
from lms.units import reorganisation

units = AppGroup("units", help="The organisation tree.")


@units.command("reorganise")
@click.argument("plan", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Carry it out, tell, and undo it.")
def reorganise(plan: Path, dry_run: bool) -> None:
    """Carry out a plan of merging and moving units; status 1 where it cannot be."""
    steps = reorganisation.read_plan(plan)
    with writing():
        try:
            outcome = reorganisation.carry_out(steps, None, clock.now())
        except Refused as refused:
            db.session.rollback()
            click.echo(json.dumps({"error": say(refused.reason)}, ensure_ascii=False))
            sys.exit(1)
        if dry_run:
            db.session.rollback()
        else:
            db.session.commit()
    click.echo(json.dumps(asdict(outcome)))
