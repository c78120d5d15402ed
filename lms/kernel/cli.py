"""Commands that belong to no feature."""

import json
import sys
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from lms.kernel import audit, clock, config, sealing
from lms.kernel.db import db, writing
from lms.kernel.keyring import Keyring
from lms.kernel.permissions import CARRIES, Permission
from lms.kernel.serving import serve as serve_app

audit_commands = AppGroup("audit", help="The log of who did what.")
key_commands = AppGroup("keys", help="The keys under which personal data is kept.")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Serve the platform from this process."""
    config.require_kept_key(current_app.config)
    click.echo(f"http://{host}:{port}")
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    serve_app(app, host, port)


@click.command("policy")
def policy() -> None:
    """Print which role carries which permission, for the auditor."""
    width = max(len(permission) for permission in Permission)
    click.echo(" " * width + "  " + "  ".join(role.value for role in CARRIES))
    for permission in Permission:
        marks = (
            ("x" if permission in carried else ".").center(len(role.value))
            for role, carried in CARRIES.items()
        )
        click.echo(f"{permission.value:{width}}  " + "  ".join(marks))


@audit_commands.command("verify")
def verify() -> None:
    """Check the chain of the audit log; ends with status 1 where it is broken."""
    broken = audit.first_break()
    if broken is not None:
        click.echo(f"Nhật ký bị thay đổi tại dòng {broken}.")
        sys.exit(1)
    click.echo("Nhật ký nguyên vẹn.")


def _keyring() -> Keyring:
    keyring: Keyring = current_app.extensions["keyring"]
    return keyring


def _print(**document: Any) -> None:
    click.echo(json.dumps(document, ensure_ascii=False))


@key_commands.command("make")
def make_keys() -> None:
    """Make the first keys, in the file that LMS_DATA_KEYS_FILE names."""
    made = _keyring().make()
    _print(file=str(_keyring().path), made=made)


@key_commands.command("rotate")
@click.option("--index", is_flag=True, help="Change the key of the blind index too.")
@click.option("--no-new-key", is_flag=True, help="Only seal again what is behind.")
def rotate(index: bool, no_new_key: bool) -> None:
    """Make a new key, and bring all that is sealed under it.

    The platform may go on meanwhile: it sees the new file by itself.  Run it again
    with --no-new-key until it changes nothing, then retire the old keys.
    """
    keyring = _keyring()
    if not no_new_key:
        keyring.replace(keyring.keys.with_new_key())
    with writing():
        sealed = sealing.seal_all_again()
        indexed = _change_index(keyring) if index else {}
        detail = {"key": keyring.keys.current, "rows": sum(sealed.values())}
        audit.record("keys-rotated", "keys", None, clock.now(), **detail)
        db.session.commit()
    _print(current=keyring.keys.current, sealed=sealed, indexed=indexed)


def _change_index(keyring: Keyring) -> dict[str, int]:
    """Rewrite all blind indexes in one transaction, and then the key file.

    Nobody should sign in by number between the two; it takes a moment.
    """
    before = keyring.keys
    keyring.replace(before.with_new_index())
    try:
        indexed = sealing.index_all_again()
        db.session.commit()
    except BaseException:
        keyring.replace(before)
        raise
    return indexed


@key_commands.command("retire")
def retire() -> None:
    """Forget all keys but the current one; status 1 while something needs them."""
    keyring = _keyring()
    behind = {
        name: number
        for name, number in sealing.keys_in_use().items()
        if name != keyring.keys.current
    }
    if behind:
        _print(current=keyring.keys.current, behind=behind)
        sys.exit(1)
    keyring.replace(keyring.keys.with_current_alone())
    audit.record("keys-retired", "keys", None, clock.now())
    db.session.commit()
    _print(current=keyring.keys.current, behind={})
