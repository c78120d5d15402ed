"""What must be known of a provider, and what each profile of it is used to.

Three generations of sign-in through VNeID are publicly seen.  ``oidc`` is OpenID
Connect as it is written, and our mimic's default.  ``dvcqg`` is the National Public
Service Portal's VNConnect: the secret in the body, claims with names of its own.
``envelope`` is the direct sign-in of the population database as one public implementer
reads it: encrypted answers and no ID token.  What is not publicly confirmed of the last
two is configuration, so that it can be mended without a new version.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Profile(StrEnum):
    OIDC = "oidc"
    DVCQG = "dvcqg"
    ENVELOPE = "envelope"


class ClientAuth(StrEnum):
    BASIC = "client_secret_basic"
    POST = "client_secret_post"
    PRIVATE_KEY = "private_key_jwt"


class Claim(StrEnum):
    """What an identity is made of, in our words."""

    SUB = "sub"
    NUMBER = "number"
    FULL_NAME = "full_name"
    BIRTH_DATE = "birth_date"
    KIND = "kind"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider is asked; empty where it has no such place."""

    authorization: str
    token: str
    userinfo: str
    jwks: str = ""
    end_session: str = ""


@dataclass(frozen=True, slots=True)
class Habits:
    """What differs from profile to profile; each may be set otherwise."""

    scope: str
    client_auth: ClientAuth
    acr_values: str
    claims: Mapping[str, str]
    date_formats: tuple[str, ...]
    kinds: tuple[str, ...]
    """The words for a citizen's account; empty: not looked at."""

    userinfo_method: str = "GET"
    sends_nonce: bool = True
    sends_pkce: bool = True


HABITS = {
    Profile.OIDC: Habits(
        scope="openid vneid",
        client_auth=ClientAuth.BASIC,
        acr_values="",
        claims={
            Claim.SUB: "sub",
            Claim.NUMBER: "so_dinh_danh",
            Claim.FULL_NAME: "ho_ten",
            Claim.BIRTH_DATE: "ngay_sinh",
            Claim.KIND: "loai_tai_khoan",
            Claim.LEVEL: "muc_tai_khoan",
        },
        date_formats=("%Y-%m-%d",),
        kinds=("cong_dan",),
    ),
    Profile.DVCQG: Habits(
        scope="openid",
        client_auth=ClientAuth.POST,
        acr_values="LoA1",
        claims={
            Claim.SUB: "sub",
            Claim.NUMBER: "SoDinhDanh",
            Claim.FULL_NAME: "HoVaTen",
            Claim.BIRTH_DATE: "NgayThangNamSinh",
            Claim.KIND: "LoaiTaiKhoan",
            Claim.LEVEL: "MucDinhDanh",
        },
        date_formats=("%Y%m%d",),
        kinds=("1",),
        userinfo_method="POST",
    ),
    Profile.ENVELOPE: Habits(
        scope="openid",
        client_auth=ClientAuth.POST,
        acr_values="",
        # It names nobody but by the personal number, of which a keyed hash is kept.
        claims={
            Claim.SUB: "citizenPid",
            Claim.NUMBER: "citizenPid",
            Claim.FULL_NAME: "fullName",
            Claim.BIRTH_DATE: "birthDate",
            Claim.KIND: "accountType",
            Claim.LEVEL: "accountLevel",
        },
        date_formats=("%d/%m/%Y", "%Y-%m-%d", "%Y%m%d"),
        kinds=(),
        sends_nonce=False,
        sends_pkce=False,
    ),
}
ACR_LEVELS = {"LoA1": 1, "LoA2": 2, "LoA3": 3, "LoA4": 4}
"""Authentication levels of decree 69/2024/NĐ-CP, article 20, by the names that our
mimic gives them.  What the real provider's ``LoA1`` means is not publicly known."""

ACCOUNT_LEVELS = {"1": 1, "01": 1, "2": 2, "02": 2}
"""Account levels (mức độ 01, 02) by the words of the provider.  Every other word, and
none at all, is level 1."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider and how we are known to it."""

    profile: Profile
    issuer: str
    client_id: str
    habits: Habits
    client_secret: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    """PEM: signs our requests (``private_key_jwt``), opens envelopes (RSA)."""

    endpoints: Endpoints | None = None
    """None: as the provider's discovery document says."""

    acr_levels: Mapping[str, int] = field(default_factory=lambda: ACR_LEVELS)
    account_levels: Mapping[str, int] = field(default_factory=lambda: ACCOUNT_LEVELS)
    other_audiences: frozenset[str] = frozenset()
    """Besides us, who an ID token may also be meant for."""

    requires_iss: bool | None = None
    """Whether the answer must name its issuer (RFC 9207); None: if it is announced."""

    @property
    def origins(self) -> list[str]:
        """Return where forms of ours may be led to by redirect."""
        places = [self.issuer]
        if self.endpoints:
            places += [self.endpoints.authorization, self.endpoints.end_session]
        return sorted({origin_of(place) for place in places if place})


def origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def is_safe(address: str) -> bool:
    """Say whether this address may be asked: over TLS, or on this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in LOOPBACK
    )
