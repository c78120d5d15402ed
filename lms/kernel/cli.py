"""Commands that belong to no feature."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from lms.kernel import audit
from lms.kernel.permissions import CARRIES, Permission
from lms.kernel.serving import serve as serve_app

audit_commands = AppGroup("audit", help="The log of who did what.")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Serve the platform from this process."""
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
