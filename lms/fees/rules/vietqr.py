"""VietQR: the payment code that every bank's app in the country reads.

A payload is a row of fields, each two digits of id, two digits of length, and a value;
three fields hold such a row of their own.  It ends with a checksum over all before it.

Sources: EMVCo Merchant-Presented Mode; NAPAS, VietQR format (account number in template
38, application id A000000727); CRC-16/CCITT-FALSE.
"""

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lms.kernel.errors import Refusal
from lms.kernel.vietnamese import fold

NAPAS = "A000000727"
"""The application id under which NAPAS transfers stand."""

DONG, VIETNAM = "704", "VN"
MOST_DIGITS = 13
"""Of an amount; EMVCo allows so many characters."""

LONGEST_PAYLOAD = 512
"""More than EMVCo allows; what is longer is not read."""


class Init(StrEnum):
    STATIC = "static"
    """Printed once, used often; as a rule without an amount."""

    DYNAMIC = "dynamic"
    """Made for one payment."""


class Service(StrEnum):
    ACCOUNT = "QRIBFTTA"
    CARD = "QRIBFTTC"


class QRRefusal(Refusal):
    CHECKSUM = "qr_crc"
    STRUCTURE = "qr_tlv"
    FORMAT = "qr_format"
    """Field 00 does not say version 01, or 01 neither static nor dynamic."""

    NOT_NAPAS = "qr_not_napas"
    """No template 38, or one of another scheme."""

    BANK = "qr_bin"
    ACCOUNT = "qr_account"
    SERVICE = "qr_service"
    CURRENCY = "qr_currency"
    COUNTRY = "qr_country"
    AMOUNT = "qr_amount"
    TEXT = "qr_text"
    """A text that is too long, or has no letter that a code can carry."""


INITS = {"11": Init.STATIC, "12": Init.DYNAMIC}
TEXTS = {"52": "mcc", "59": "merchant_name", "60": "merchant_city", "61": "postal_code"}
"""Fields of EMVCo that some issuers add; VietQR does without them."""

LONGEST = {"mcc": 4, "merchant_name": 25, "merchant_city": 15, "postal_code": 10}
LONGEST_ADDITIONAL = 25


@dataclass(frozen=True)
class VietQR:
    """What a payment code says.  *amount* is in whole đồng; None leaves it open."""

    bin: str
    account: str
    service: str = Service.ACCOUNT
    amount: int | None = None
    init: Init | None = None
    """Where not given: dynamic with an amount, static without."""

    additional: Mapping[str, str] = field(default_factory=dict)
    """Field 62 by its own ids: 01 bill number, 05 reference, 08 purpose."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """By the names in ``TEXTS``."""


class Unreadable(ValueError):
    """Carries the refusal for a payload, and what was wrong, for the operator."""

    def __init__(self, refusal: QRRefusal, detail: str) -> None:
        super().__init__(detail)
        self.refusal = refusal
        self.detail = detail


def checksum(data: bytes) -> str:
    """CRC-16/CCITT-FALSE as four upper-case hexadecimal digits."""
    return f"{binascii.crc_hqx(data, 0xFFFF):04X}"


def encode(code: VietQR) -> str:
    """Return the payload, or raise Unreadable for what no bank would take.

    Texts lose their accents first: some readers count characters and some bytes, and
    only plain letters count alike.
    """
    _check(code)
    init = code.init or (Init.STATIC if code.amount is None else Init.DYNAMIC)
    bank = _fields({"00": code.bin, "01": code.account})
    fields = {
        "00": "01",
        "01": next(word for word, meant in INITS.items() if meant == init),
        "38": _fields({"00": NAPAS, "01": bank, "02": str(code.service)}),
        "53": DONG,
        "54": "" if code.amount is None else str(code.amount),
        "58": VIETNAM,
        "62": _fields({key: _plain(text) for key, text in code.additional.items()}),
    }
    for number, name in TEXTS.items():
        fields[number] = _plain(code.texts.get(name, ""))
    body = _fields(fields) + "6304"
    return body + checksum(body.encode())


def decode(payload: str) -> VietQR:
    """Read a payload, in whatever order its fields stand, or raise Unreadable."""
    payload = payload.strip()
    if len(payload) > LONGEST_PAYLOAD:
        raise Unreadable(QRRefusal.STRUCTURE, f"longer than {LONGEST_PAYLOAD}")
    if payload[-8:-4] != "6304":
        raise Unreadable(QRRefusal.STRUCTURE, "does not end with a checksum")
    if checksum(payload[:-4].encode()) != payload[-4:].upper():
        raise Unreadable(QRRefusal.CHECKSUM, "the checksum belongs to another payload")
    root = _parsed(payload, "payload")
    if not payload.startswith("000201") or root.get("01", "11") not in INITS:
        raise Unreadable(QRRefusal.FORMAT, "fields 00 and 01")
    napas = _parsed(root.get("38", ""), "38")
    if napas.get("00") != NAPAS:
        raise Unreadable(QRRefusal.NOT_NAPAS, "template 38")
    bank = _parsed(napas.get("01", ""), "38.01")
    if root.get("53") != DONG:
        raise Unreadable(QRRefusal.CURRENCY, "field 53")
    if root.get("58") != VIETNAM:
        raise Unreadable(QRRefusal.COUNTRY, "field 58")
    code = VietQR(
        bin=bank.get("00", ""),
        account=bank.get("01", ""),
        service=napas.get("02", ""),
        amount=_amount(root.get("54")),
        init=INITS[root.get("01", "11")],
        additional=_parsed(root.get("62", ""), "62"),
        texts={name: root[number] for number, name in TEXTS.items() if number in root},
    )
    _check(code)
    return code


def _check(code: VietQR) -> None:
    if not re.fullmatch(r"\d{6}", code.bin, re.ASCII):
        raise Unreadable(QRRefusal.BANK, "six digits name a bank")
    if not re.fullmatch(r"[A-Za-z0-9]{1,19}", code.account, re.ASCII):
        raise Unreadable(QRRefusal.ACCOUNT, "1 to 19 letters and digits")
    if code.service not in set(Service):
        raise Unreadable(QRRefusal.SERVICE, "neither to an account nor to a card")
    if code.amount is not None and not 0 < code.amount < 10**MOST_DIGITS:
        raise Unreadable(QRRefusal.AMOUNT, "a whole number of đồng above zero")
    for key, text in code.additional.items():
        if not re.fullmatch(r"\d\d", key, re.ASCII):
            raise Unreadable(QRRefusal.STRUCTURE, f"field 62.{key}")
        _check_text(f"62.{key}", text, LONGEST_ADDITIONAL)
    for name, text in code.texts.items():
        _check_text(name, text, LONGEST[name])


def _check_text(name: str, text: str, longest: int) -> None:
    if not 0 < len(_plain(text)) <= longest:
        raise Unreadable(QRRefusal.TEXT, f"{name}: 1 to {longest} letters")


def _amount(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,13}", text, re.ASCII):
        raise Unreadable(QRRefusal.AMOUNT, "field 54")
    return int(text)


def _plain(text: str) -> str:
    """Return *text* as printable ASCII, its case kept."""
    letters = (folded if folded.isascii() else "" for folded in map(_bare, text))
    return "".join(letters).strip()


def _bare(letter: str) -> str:
    if letter.isascii():
        return letter if letter.isprintable() else ""
    bare = fold(letter)
    return bare.upper() if letter.isupper() else bare


def _fields(values: Mapping[str, str]) -> str:
    """Write a row of fields in the order of their ids; an empty one is left out."""
    return "".join(
        f"{number}{len(values[number]):02d}{values[number]}"
        for number in sorted(values)
        if values[number]
    )


def _parsed(row: str, where: str) -> dict[str, str]:
    """Read a row of fields; lengths may count characters or, failing that, bytes."""
    try:
        return dict(_walk(row, where))
    except Unreadable:
        if row.isascii():
            raise
    # One byte to a character: slicing then counts bytes.
    spread = row.encode().decode("latin-1")
    fields = dict(_walk(spread, where))
    try:
        return {
            number: text.encode("latin-1").decode() for number, text in fields.items()
        }
    except UnicodeDecodeError:
        raise Unreadable(QRRefusal.STRUCTURE, f"{where}: cuts a letter") from None


def _walk(row: str, where: str) -> Iterator[tuple[str, str]]:
    at, seen = 0, set()
    while at < len(row):
        head = row[at : at + 4]
        if not re.fullmatch(r"\d{4}", head, re.ASCII):
            raise Unreadable(QRRefusal.STRUCTURE, f"{where}: no field at {at}")
        number, length = head[:2], int(head[2:])
        value = row[at + 4 : at + 4 + length]
        if len(value) < length or not length:
            raise Unreadable(QRRefusal.STRUCTURE, f"{where}: field {number} is cut off")
        if number in seen:
            raise Unreadable(QRRefusal.STRUCTURE, f"{where}: field {number} twice")
        seen.add(number)
        yield number, value
        at += 4 + length
