"""Which fields a client learns, and in whose words each profile says them.

``oidc`` is ours.  ``dvcqg`` speaks as the National Public Service Portal's sign-in did
(claim names read in public clients; the integer of ``GioiTinh`` and the meaning of
``loAs`` are assumed).  ``envelope`` speaks as one public implementer reads the direct
sign-in of the population database; the words of ``accountType`` and ``accountLevel``
are assumed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Profile(StrEnum):
    OIDC = "oidc"
    DVCQG = "dvcqg"
    ENVELOPE = "envelope"


class Gender(StrEnum):
    MALE = "male"
    FEMALE = "female"


class Field(StrEnum):
    """A field that the consent page names."""

    NUMBER = "number"
    NAME = "name"
    BIRTH_DATE = "birth-date"
    GENDER = "gender"
    KIND = "kind"
    LEVEL = "level"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"


_IDENTITY = (
    Field.NUMBER,
    Field.NAME,
    Field.BIRTH_DATE,
    Field.GENDER,
    Field.KIND,
    Field.LEVEL,
)
SCOPES: dict[str, tuple[Field, ...]] = {
    "openid": (),
    "profile": (Field.NAME, Field.BIRTH_DATE, Field.GENDER),
    "vneid": _IDENTITY,
    "address": (Field.ADDRESS,),
    "phone": (Field.PHONE,),
    "email": (Field.EMAIL,),
}
WHOLE: dict[Profile, tuple[Field, ...]] = {
    Profile.DVCQG: (*_IDENTITY, Field.ADDRESS, Field.PHONE, Field.EMAIL),
    Profile.ENVELOPE: (
        Field.NUMBER,
        Field.NAME,
        Field.BIRTH_DATE,
        Field.KIND,
        Field.LEVEL,
    ),
}
"""Profiles that know no scopes but ``openid`` and always tell the same."""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Everything that may be told of a person."""

    full_name: str
    number: str
    birth_on: date
    gender: Gender
    level: int
    address: str = ""
    phone: str = ""
    email: str = ""


def fields_told(profile: Profile, scopes: Collection[str]) -> tuple[Field, ...]:
    """Return the fields in the order in which the consent page names them."""
    if profile in WHOLE:
        return WHOLE[profile]
    told = {field for scope in scopes for field in SCOPES.get(scope, ())}
    return tuple(field for field in Field if field in told)


def allowed_scopes(profile: Profile, asked: str) -> str | None:
    """Return what is granted of the scopes asked for; None without ``openid``.

    What is unknown is left out, as OpenID Connect Core, section 3.1.2.1, has it.
    """
    words = asked.split()
    if "openid" not in words:
        return None
    if profile in WHOLE:
        return "openid"
    return " ".join(scope for scope in SCOPES if scope in words)


def claims_told(
    profile: Profile, scopes: Collection[str], subject: str, facts: PersonFacts
) -> dict[str, Any]:
    """Return the userinfo of a person for one client."""
    if profile is Profile.DVCQG:
        return _dvcqg(subject, facts)
    if profile is Profile.ENVELOPE:
        return _envelope(facts)
    return {"sub": subject, **_oidc(scopes, facts)}


def _oidc(scopes: Collection[str], facts: PersonFacts) -> dict[str, Any]:
    claims: dict[str, Any] = {}
    if "profile" in scopes:
        claims |= {
            "name": facts.full_name,
            "birthdate": facts.birth_on.isoformat(),
            "gender": facts.gender.value,
            "locale": "vi-VN",
            "zoneinfo": "Asia/Ho_Chi_Minh",
        }
    if "vneid" in scopes:
        claims |= {
            "so_dinh_danh": facts.number,
            "ho_ten": facts.full_name,
            "ngay_sinh": facts.birth_on.isoformat(),
            "gioi_tinh": "nam" if facts.gender is Gender.MALE else "nu",
            "loai_tai_khoan": "cong_dan",
            "muc_tai_khoan": facts.level,
        }
    if "address" in scopes and facts.address:
        claims["address"] = {"formatted": facts.address, "country": "VN"}
    if "phone" in scopes and facts.phone:
        claims |= {"phone_number": facts.phone, "phone_number_verified": True}
    if "email" in scopes and facts.email:
        claims |= {"email": facts.email, "email_verified": False}
    return claims


def _dvcqg(subject: str, facts: PersonFacts) -> dict[str, Any]:
    return {
        "sub": subject,
        "TechID": subject,
        "LoaiTaiKhoan": 1,
        "HoVaTen": facts.full_name,
        "SoDinhDanh": facts.number,
        "NgayThangNamSinh": facts.birth_on.strftime("%Y%m%d"),
        "GioiTinh": 1 if facts.gender is Gender.MALE else 2,
        "DiaChi": facts.address,
        "SoDienThoai": facts.phone,
        "ThuDienTu": facts.email,
        "MucDinhDanh": facts.level,
        "loginIdp": "BCA",
    }


def _envelope(facts: PersonFacts) -> dict[str, Any]:
    return {
        "citizenPid": facts.number,
        "fullName": facts.full_name,
        "birthDate": facts.birth_on.strftime("%d/%m/%Y"),
        "accountType": "CITIZEN",
        "accountLevel": facts.level,
    }
