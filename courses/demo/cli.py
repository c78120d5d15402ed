"""The demonstration: filled and served by one command."""

import sys

import click
import flask_migrate
from flask import current_app

from courses.demo.load import DemoSummary, fill
from lms.kernel import clock
from lms.kernel.db import db, writing
from lms.kernel.serving import serve
from sso.provider.demo import PASSWORD as VNEID_PASSWORD
from sso.provider.demo import PERSONS, issuer


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--no-serve", is_flag=True, help="Fill, and end.")
def demo(host: str, port: int, no_serve: bool) -> None:
    """Fill a demonstration district and serve it; safe to repeat."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    click.echo(f"Dữ liệu nằm trong {app.config['VAR']}.")
    click.echo("Chuẩn bị cơ sở dữ liệu …")
    flask_migrate.upgrade()
    with writing():
        summary = fill(_say, clock.now())
        db.session.commit()
    db.session.remove()
    app.config["BASE_URL"] = f"http://{host}:{port}"
    _introduce(summary, app.config["BASE_URL"])
    if not no_serve:
        serve(app, host, port)


def _say(what: str, done: int, total: int) -> None:
    """Show a step: over the last one on a terminal, on a line of its own in a log."""
    step = f"[{done}/{total}] {what}"
    if sys.stdout.isatty():
        click.echo(f"\r\033[K  {step}", nl=done >= total)
    else:
        click.echo(f"  {step}")


def _introduce(summary: DemoSummary, address: str) -> None:
    click.echo(f"\nSẵn sàng: {address}")
    click.echo(f"Mật khẩu chung của các tài khoản mẫu: {summary.password}")
    for account in summary.accounts:
        click.echo(f"  {account.sign_in_name:16} {account.full_name} – {account.role}")
    click.echo(
        f"VNeID mô phỏng: mật khẩu {VNEID_PASSWORD}, điện thoại ở {issuer()}/phone"
    )
    for person in PERSONS:
        click.echo(f"  {person.number:16} {person.full_name}")
    click.echo("Dừng bằng Ctrl+C. Chạy lại lệnh này không làm mất dữ liệu.")
