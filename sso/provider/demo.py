"""The mimic beside a demonstration: invented people, and the platform as a client."""

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask

from sso.provider.rules.fields import Gender, PersonFacts
from sso.provider.services import clients, persons
from sso.provider.services.clients import NewClient
from sso.provider.services.persons import Secrets
from sso.provider.settings import Config

PASSWORD, PASSCODE = "phongdien2026", "246810"
OTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 -- of invented people
CLIENT_ID = "hoc-tap-phong-dien"
CALLBACK = "/sign-in/vneid/callback"
NOTICES = "/sign-in/vneid/logout-notices"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    number: str
    full_name: str
    birth_on: date
    gender: Gender
    level: int = 2


PERSONS = (
    DemoPerson("000082000011", "Trần Quang Hải", date(1982, 3, 12), Gender.MALE),
    DemoPerson("000187000012", "Lê Thị Ngọc Diệp", date(1987, 11, 2), Gender.FEMALE),
    DemoPerson("000190000013", "Hoàng Thị Minh Châu", date(1990, 6, 25), Gender.FEMALE),
    DemoPerson("000088000014", "Nguyễn Văn Bình", date(1988, 1, 9), Gender.MALE),
    DemoPerson("000194000015", "Phan Thị Thu Hà", date(1994, 9, 17), Gender.FEMALE),
    DemoPerson("000085000016", "Võ Đình Khánh", date(1985, 5, 4), Gender.MALE),
    DemoPerson("000211000017", "Phan Gia Khánh", date(2011, 8, 30), Gender.MALE, 1),
)
"""The first six bear the names of the demonstration's sample accounts."""


def issuer() -> str:
    """Return the name of the mimic beside this installation."""
    return os.environ.get("VNEID_ISSUER", Config.ISSUER).rstrip("/")


def is_wanted(settings: Mapping[str, Any]) -> bool:
    """Say whether the mimic belongs to this installation."""
    wanted = settings.get("VNEID_MIMIC")
    return settings["PROFILE"] == "demo" if wanted is None else bool(wanted)


def client_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return how the platform signs in at the mimic beside it; nothing if it signs in
    elsewhere, or nowhere."""
    if settings["VNEID_PROFILE"] or not is_wanted(settings):
        return {}
    secret = hmac.new(
        str(settings["SECRET_KEY"]).encode(), b"client of the mimic", hashlib.sha256
    )
    return {
        "VNEID_PROFILE": "oidc",
        "VNEID_ISSUER": issuer(),
        "VNEID_CLIENT_ID": CLIENT_ID,
        "VNEID_CLIENT_SECRET": secret.hexdigest(),
    }


def register_platform(settings: Mapping[str, Any], now: datetime) -> None:
    """Make the platform a client, or bring it up to date.  Within the mimic's own."""
    home = str(settings["BASE_URL"]).rstrip("/")
    clients.register(
        NewClient(
            name="Học tập Phong Điền",
            client_id=settings["VNEID_CLIENT_ID"],
            secret=settings["VNEID_CLIENT_SECRET"],
            redirect_uris=[f"{home}{CALLBACK}"],
            post_logout_redirect_uris=[f"{home}/sign-in", f"{home}/"],
            backchannel_logout_uri=f"{home}{NOTICES}",
        ),
        now,
    )


def fill(provider: Flask, now: datetime) -> None:
    """Add the invented people who are not there yet.  Within the mimic's own."""
    for one in PERSONS:
        facts = PersonFacts(
            full_name=one.full_name,
            number=one.number,
            birth_on=one.birth_on,
            gender=one.gender,
            level=one.level,
            address="Huyện Phong Điền, thành phố Huế",
        )
        own = Secrets(PASSWORD, PASSCODE, OTP_SECRET)
        persons.add(provider.extensions["vault"], facts, own, now)
