"""Commands for people: the emergency way in."""

import json
import sys

import click
from flask.cli import AppGroup
from sqlalchemy import select

from lms.kernel import clock
from lms.kernel.db import db, writing
from lms.people.models import LocalCredential
from lms.people.second_factor.services import emergency_code

people = AppGroup("people", help="Accounts.")


@people.command("emergency-code")
@click.argument("sign_in_name")
@click.option("--by", required=True, help="Who makes it: a person's name.")
@click.option("--reason", required=True, help="Why; it is kept in the log.")
def make_emergency_code(sign_in_name: str, by: str, reason: str) -> None:
    """Make a code that stands in for somebody's second factor, once, for 15 minutes.

    For the day on which VNeID or a phone is gone; the password is still asked for.
    """
    wanted = select(LocalCredential.account_id).filter_by(
        sign_in_name=sign_in_name.strip().lower()
    )
    account_id = db.session.scalar(wanted)
    if account_id is None:
        click.echo(json.dumps({"error": "no such sign-in name"}))
        sys.exit(1)
    with writing():
        code = emergency_code(account_id, reason, by, clock.now())
        db.session.commit()
    click.echo(json.dumps({"account": account_id, "code": code, "minutes": 15}))
