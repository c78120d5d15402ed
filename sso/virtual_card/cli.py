"""Commands for cards that are not there."""

import secrets
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from lms.kernel import clock
from sso.virtual_card import keeping
from sso.virtual_card.cast import CASES
from sso.virtual_card.chip import VirtualChip, active_answer
from sso.virtual_card.documents import Person
from sso.virtual_card.vpcd import PORT, Inserted

virtual_card = AppGroup("virtual-card", help="Invented cards, to try things with.")
case = click.argument("case", type=click.Choice(list(CASES)))
number = click.option("--number", default=Person.number, show_default=True)


@virtual_card.command("cases")
def cases() -> None:
    """List the cards that can be had: lawful ones, and each fraud by name."""
    for name in CASES:
        click.echo(name)


@virtual_card.command("insert")
@case
@number
@click.option("--port", default=PORT, show_default=True, help="of vpcd")
def insert(case: str, number: str, port: int) -> None:
    """Lay a card on the virtual reader until it is pulled out, or Ctrl-C."""
    click.echo(f"{case} {_folder() / keeping.ANCHORS}")
    with Inserted(_chip(case, number), port=port) as card:
        try:
            card.wait()
        except KeyboardInterrupt:
            click.echo()


@virtual_card.command("write")
@case
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@number
def write(case: str, folder: Path, number: str) -> None:
    """Write a card's files as `chip verify` reads them; print how to verify them."""
    chip, challenge = _chip(case, number), secrets.token_bytes(8)
    document, behaviour = chip.document, chip.behaviour
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "EF_SOD.bin").write_bytes(document.sod)
    for group, content in document.groups.items():
        (folder / f"DG{group}.bin").write_bytes(content)
    answer = behaviour.recorded_answer
    if answer is None and document.active_key:
        answer = active_answer(document.active_key, challenge)
    if answer is not None:
        (folder / "AA.bin").write_bytes(answer)
    click.echo(
        f"lms chip verify {folder} --anchors {_folder() / keeping.ANCHORS} "
        f"--crl {_folder() / keeping.CRL} --challenge {challenge.hex()} --json"
    )


def _chip(case: str, number: str) -> VirtualChip:
    state = keeping.kept(_folder(), clock.now())
    return CASES[case](state, Person(number=number))


def _folder() -> Path:
    return Path(current_app.config["VAR"]) / "virtual-card"
