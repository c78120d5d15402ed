"""Clients: registered by the operator, never by themselves."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import bindparam, select

from lms.kernel.db import db
from sso.provider.models import Client, ClientAuth
from sso.provider.rules.fields import Profile
from sso.provider.vault import digest, new_token

STRICT = {Profile.OIDC}
"""Profiles whose clients send PKCE and nonce; the public clients of the others never
did."""


@dataclass(frozen=True, slots=True)
class NewClient:
    """What the operator says of a client."""

    name: str
    redirect_uris: list[str]
    profile: Profile = Profile.OIDC
    auth_method: ClientAuth | None = None
    """None: what the profile is used to."""
    client_id: str | None = None
    secret: str | None = None
    post_logout_redirect_uris: list[str] = field(default_factory=list)
    backchannel_logout_uri: str | None = None
    sector: str | None = None
    jwks: dict[str, Any] | None = None
    envelope_key: str | None = None
    require_pkce: bool = True
    require_nonce: bool = True


@dataclass(frozen=True, slots=True)
class Registered:
    client: Client
    secret: str | None
    """Told once: only its hash is kept."""


def register(new: NewClient, now: datetime) -> Registered:
    """Add a client, or bring the one with this id up to date."""
    method = new.auth_method or (
        ClientAuth.BASIC if new.profile in STRICT else ClientAuth.POST
    )
    secret = None
    if method in (ClientAuth.BASIC, ClientAuth.POST):
        secret = new.secret or new_token()
    found = client_called(new.client_id) if new.client_id else None
    client = found or Client(
        client_id=new.client_id or secrets.token_urlsafe(16), created_at=now
    )
    client.name = new.name
    client.profile = new.profile
    client.auth_method = method
    client.secret_hash = digest(secret) if secret else None
    client.redirect_uris = new.redirect_uris
    client.post_logout_redirect_uris = new.post_logout_redirect_uris
    client.backchannel_logout_uri = new.backchannel_logout_uri
    client.sector = new.sector or urlsplit(new.redirect_uris[0]).netloc
    client.require_pkce = new.require_pkce and new.profile in STRICT
    client.require_nonce = new.require_nonce and new.profile in STRICT
    client.jwks = new.jwks
    client.envelope_key = new.envelope_key
    client.active = True
    db.session.add(client)
    db.session.flush()
    db.session.info.pop("clients", None)
    return Registered(client, secret)


_CALLED = select(Client).where(
    Client.client_id == bindparam("client_id"), Client.active.is_(True)
)


def client_called(client_id: str) -> Client | None:
    """Return a client, asked for once in a transaction: Authlib asks thrice."""
    known: dict[str, Client | None] = db.session.info.setdefault("clients", {})
    if client_id not in known:
        known[client_id] = db.session.scalar(_CALLED, {"client_id": client_id})
    return known[client_id]
