"""What the mimic keeps, in tables and a database of its own.

Nothing here is the platform's: the base has metadata of its own, and the session is
bound to the database of the application that serves the request.  Of codes, tokens and
secrets only hashes are kept; personal data is sealed.
"""

import hmac
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ForeignKey, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    mapped_column,
    registry,
    relationship,
)

from lms.kernel.db import CONSTRAINT_NAMES, WORD, Document, Id, UTCDateTime
from sso.provider.rules.fields import Profile, allowed_scopes
from sso.provider.rules.qr import QrState
from sso.provider.vault import digest


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(naming_convention=CONSTRAINT_NAMES),
        type_annotation_map={
            datetime: UTCDateTime(),
            StrEnum: WORD,
            dict[str, Any]: Document,
            list[str]: Document,
        },
    )


class ClientAuth(StrEnum):
    """How a client proves itself at the token endpoint."""

    BASIC = "client_secret_basic"
    POST = "client_secret_post"
    KEY = "private_key_jwt"
    NONE = "none"


class Person(Base):
    """A holder of an account: an invented one."""

    __tablename__ = "person"

    id: Mapped[Id]
    uid: Mapped[str] = mapped_column(String(36), unique=True)
    number_index: Mapped[str] = mapped_column(String(64), unique=True)
    """The keyed mark of the personal number, to find it by."""
    sealed: Mapped[str] = mapped_column(Text)
    """The facts (``PersonFacts`` as JSON), encrypted."""
    full_name: Mapped[str] = mapped_column(String(120))
    level: Mapped[int]
    """Account level: 1 or 2 (mức 01, mức 02)."""
    password_hash: Mapped[str] = mapped_column(String(200))
    passcode_hash: Mapped[str] = mapped_column(String(200))
    """Of the six digits that open the app."""
    otp_sealed: Mapped[str] = mapped_column(Text)
    otp_step: Mapped[int] = mapped_column(default=0)
    """The time step of the last OTP that was taken: none is taken twice."""
    web_sign_in: Mapped[bool] = mapped_column(default=True)
    """Whether the holder permits signing in to web pages by the app."""
    has_face: Mapped[bool] = mapped_column(default=False)
    """Whether the app may take a (simulated) face for the passcode."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class Client(Base):
    """A site that signs people in here."""

    __tablename__ = "client"

    id: Mapped[Id]
    client_id: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    profile: Mapped[Profile]
    auth_method: Mapped[ClientAuth]
    secret_hash: Mapped[str | None] = mapped_column(String(64))
    redirect_uris: Mapped[list[str]]
    post_logout_redirect_uris: Mapped[list[str]]
    backchannel_logout_uri: Mapped[str | None] = mapped_column(String(400))
    sector: Mapped[str] = mapped_column(String(200))
    """Clients of one sector know a person by the same ``sub``."""
    require_pkce: Mapped[bool] = mapped_column(default=True)
    require_nonce: Mapped[bool] = mapped_column(default=True)
    jwks: Mapped[dict[str, Any] | None]
    envelope_key: Mapped[str | None] = mapped_column(Text)
    """The client's public RSA key (PEM), for the profile ``envelope``."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    # What Authlib asks a client.
    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """No redirect address is ever assumed."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        return allowed_scopes(self.profile, scope or "")

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return self.secret_hash is not None and hmac.compare_digest(
            self.secret_hash, digest(client_secret)
        )

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == self.auth_method

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"

    @property
    def origins(self) -> list[str]:
        """Return where its answers may be sent, for the pages' form-action."""
        parts = [urlsplit(uri) for uri in self.redirect_uris]
        return sorted({f"{part.scheme}://{part.netloc}" for part in parts})


class SignInSession(Base):
    """A browser in which a person is signed in here.  The cookie holds the token."""

    __tablename__ = "sign_in_session"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    level: Mapped[int]
    """Authentication level that was reached, 1 to 4."""
    factors: Mapped[list[str]]
    auth_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined")


class Interaction(Base):
    """A request to sign in that waits for the person, in one browser."""

    __tablename__ = "interaction"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64), index=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    parameters: Mapped[dict[str, Any]]
    """The request, without the hints: those may hold what must not be kept."""
    subject: Mapped[str | None] = mapped_column(String(64))
    """The subject that a verified id_token_hint named."""
    password_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Whose password was right; the OTP is still awaited."""
    wrong_otps: Mapped[int] = mapped_column(default=0)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    client: Mapped[Client] = relationship(lazy="joined")


class Consent(Base):
    """What a person allowed a client to learn."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("person_id", "client_id"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    fields: Mapped[list[str]]
    given_at: Mapped[datetime]


class Code(Base):
    """An authorization code: used once, within a minute, by the client it is for."""

    __tablename__ = "code"

    id: Mapped[Id]
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("sign_in_session.id"))
    redirect_uri: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(String(200))
    nonce: Mapped[str | None] = mapped_column(Text)
    code_challenge: Mapped[str | None] = mapped_column(String(128))
    envelope_key_hash: Mapped[str | None] = mapped_column(String(64))
    level: Mapped[int]
    factors: Mapped[list[str]]
    auth_at: Mapped[datetime]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined")

    @property
    def code_challenge_method(self) -> str | None:
        return "S256" if self.code_challenge else None

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope


class AccessToken(Base):
    """Opens userinfo for a client."""

    __tablename__ = "access_token"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    session_id: Mapped[int] = mapped_column(
        ForeignKey("sign_in_session.id"), index=True
    )
    code_id: Mapped[int] = mapped_column(ForeignKey("code.id"), index=True)
    scope: Mapped[str] = mapped_column(String(200))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    client: Mapped[Client] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(lazy="joined")


class SigningKey(Base):
    """A key that signs: next, then current, then retired until its tokens are over."""

    __tablename__ = "signing_key"

    id: Mapped[Id]
    kid: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[str] = mapped_column(Text)
    public: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    current_from: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class SignInFailure(Base):
    """Wrong tries under one key: ``number:`` or ``otp:<mark>``, ``address:<IP>``."""

    __tablename__ = "sign_in_failure"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime]


class UsedAssertion(Base):
    """A client assertion that was taken: none is taken twice."""

    __tablename__ = "used_assertion"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime]


class Event(Base):
    """What happened, for whoever looks into a misuse; rows are only ever added."""

    __tablename__ = "event"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    act: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None]
    client_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]]


class Phone(Base):
    """The app on a person's phone.  Its cookie holds the token."""

    __tablename__ = "phone"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    wrong_passcodes: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    made_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined")


class QrRequest(Base):
    """A QR code on the screen of one browser."""

    __tablename__ = "qr_request"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """Of what the code holds.  It lets a phone scan, and nobody ask for the result."""
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interaction.id"))
    browser_hash: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    """The two digits beside the code, to be typed on the phone."""
    state: Mapped[QrState]
    address: Mapped[str] = mapped_column(String(60))
    device: Mapped[str] = mapped_column(String(80))
    phone_id: Mapped[int | None] = mapped_column(ForeignKey("phone.id"))
    factors: Mapped[list[str]]
    made_at: Mapped[datetime]
    polled_at: Mapped[datetime | None]

    interaction: Mapped[Interaction] = relationship(lazy="joined")


class LogoutNotice(Base):
    """A client that must hear of the end of a session, until it has heard."""

    __tablename__ = "logout_notice"
    __table_args__ = (UniqueConstraint("client_id", "session_id"),)

    id: Mapped[Id]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("sign_in_session.id"))
    jti: Mapped[str] = mapped_column(String(64), unique=True)
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    """None: heard, or given up."""
    heard_at: Mapped[datetime | None]

    client: Mapped[Client] = relationship(lazy="joined")
    session: Mapped[SignInSession] = relationship(lazy="joined")
