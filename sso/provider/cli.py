"""``lms vneid``: serve the mimic alone, and tell it clients and test persons.

What a command prints is JSON, for scripts to read.
"""

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
import pyotp
from flask import Flask, current_app
from flask.cli import AppGroup

from lms.kernel import clock
from lms.kernel.db import db, writing
from sso.provider import envelope, serving
from sso.provider.models import ClientAuth
from sso.provider.rules.fields import Gender, PersonFacts, Profile
from sso.provider.services import clients, keys, persons
from sso.provider.services.clients import NewClient
from sso.provider.services.persons import Secrets

vneid = AppGroup("vneid", help="The VNeID mimic: an OpenID Provider for tests.")
client = AppGroup("client", help="Sites that sign people in.")
person = AppGroup("person", help="Test persons.")
key = AppGroup("key", help="Keys that sign.")
for group in (client, person, key):
    vneid.add_command(group)


def provider_beside() -> Flask:
    """Make the mimic that belongs to this installation."""
    return serving.beside_app(current_app.config)


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    """Work on the mimic's own database."""
    with app.app_context(), writing():
        yield
        db.session.commit()
        db.session.remove()


def say(told: dict[str, Any]) -> None:
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


@vneid.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, help="Default: VNEID_PORT, 8001.")
def serve(host: str, port: int | None) -> None:
    """Serve the mimic alone."""
    app = provider_beside()
    click.echo(app.config["ISSUER"])
    with serving.running(app, host, port or app.config["PORT"]):
        threading.Event().wait()


@client.command("add")
@click.argument("name")
@click.option("--redirect-uri", "redirect_uris", multiple=True, required=True)
@click.option("--profile", type=click.Choice(list(Profile)), default=Profile.OIDC)
@click.option("--auth-method", type=click.Choice(list(ClientAuth)))
@click.option("--id", "client_id", help="Default: made up.")
@click.option("--secret", help="Default: made up.")
@click.option("--post-logout-redirect-uri", "post_logout", multiple=True)
@click.option("--backchannel-logout-uri")
@click.option("--sector", help="Clients of one sector see the same sub.")
@click.option("--jwks", type=click.File(), help="Public keys, for private_key_jwt.")
@click.option("--envelope-key", type=click.File(), help="Public RSA key, PEM.")
@click.option("--no-pkce", is_flag=True, help="For test clients that cannot.")
@click.option("--no-nonce", is_flag=True, help="For test clients that cannot.")
def add_client(**given: Any) -> None:
    """Register a site; prints its id and, this once, its secret."""
    pem = given["envelope_key"].read() if given["envelope_key"] else None
    if given["profile"] == Profile.ENVELOPE and not pem:
        raise click.UsageError("--profile envelope needs --envelope-key")
    if pem:
        try:
            envelope.read_key(pem)
        except ValueError as error:
            raise click.UsageError(f"--envelope-key: {error}") from error
    method = given["auth_method"]
    new = NewClient(
        name=given["name"],
        redirect_uris=list(given["redirect_uris"]),
        profile=Profile(given["profile"]),
        auth_method=ClientAuth(method) if method else None,
        client_id=given["client_id"],
        secret=given["secret"],
        post_logout_redirect_uris=list(given["post_logout"]),
        backchannel_logout_uri=given["backchannel_logout_uri"],
        sector=given["sector"],
        jwks=json.load(given["jwks"]) if given["jwks"] else None,
        envelope_key=pem,
        require_pkce=not given["no_pkce"],
        require_nonce=not given["no_nonce"],
    )
    app = provider_beside()
    with inside(app):
        made = clients.register(new, clock.now())
        told = {
            "issuer": app.config["ISSUER"],
            "client_id": made.client.client_id,
            "client_secret": made.secret,
            "profile": made.client.profile.value,
            "token_endpoint_auth_method": made.client.auth_method.value,
            "redirect_uris": made.client.redirect_uris,
        }
    say(told)


@person.command("add")
@click.argument("full_name")
@click.option("--number", required=True, help="12 digits; begin with 000.")
@click.option("--birth-date", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--gender", type=click.Choice(list(Gender)), required=True)
@click.option("--level", type=click.IntRange(1, 2), default=2, show_default=True)
@click.option("--password", help="Default: made up.")
@click.option("--passcode", help="Six digits; default: made up.")
@click.option("--otp-secret", help="Base32; default: made up.")
@click.option("--address", default="")
@click.option("--phone", default="")
@click.option("--email", default="")
def add_person(full_name: str, birth_date: datetime, **given: Any) -> None:
    """Add a test person; prints what they sign in with."""
    number = given["number"]
    if not (
        number.isascii() and number.isdigit() and len(number) == len("000199000001")
    ):
        raise click.UsageError("--number must have 12 digits")
    if not number.startswith("000"):
        raise click.UsageError("--number must begin with 000: no real one does")
    own = Secrets(
        given["password"] or secrets.token_urlsafe(12),
        given["passcode"] or f"{secrets.randbelow(10**6):06}",
        given["otp_secret"] or pyotp.random_base32(),
    )
    facts = PersonFacts(
        full_name=full_name,
        number=number,
        birth_on=birth_date.date(),
        gender=Gender(given["gender"]),
        level=given["level"],
        address=given["address"],
        phone=given["phone"],
        email=given["email"],
    )
    app = provider_beside()
    with inside(app):
        made = persons.add(app.extensions["vault"], facts, own, clock.now())
    if made is None:
        raise click.ClickException("this number is taken")
    say(
        {
            "issuer": app.config["ISSUER"],
            "number": number,
            "password": own.password,
            "passcode": own.passcode,
            "otp_secret": own.otp_secret,
        }
    )


@key.command("rotate")
def rotate_key() -> None:
    """Let the next key sign; the one before stays published until its tokens end."""
    app = provider_beside()
    with inside(app):
        told = {"kid": keys.rotate(app.extensions["vault"], clock.now()).kid}
    say(told)
