"""Commands about money."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from lms.fees.rules.vietqr import (
    DONG,
    NAPAS,
    TEXTS,
    VIETNAM,
    Init,
    QRRefusal,
    Unreadable,
    VietQR,
    decode,
    encode,
)
from lms.kernel.wording import say

fees = AppGroup("fees", help="What families owe and pay.")
codes = AppGroup("qr", help="Payment codes (VietQR).")
fees.add_command(codes)


@codes.command("encode")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def write(file: Path) -> None:
    """Print the payload for the fields in FILE; ends with status 1 if refused."""
    try:
        click.echo(encode(_from_fields(json.loads(file.read_text("utf-8")))))
    except (json.JSONDecodeError, UnicodeDecodeError, AttributeError, TypeError):
        raise click.ClickException(f"{file}: not a JSON object of fields") from None
    except Unreadable as fault:
        raise click.ClickException(
            f"{name_of(fault.refusal)}: {fault.detail}"
        ) from None


@codes.command("decode")
@click.argument("payload")
@click.option("--json", "as_json", is_flag=True, help="Print the fields as JSON.")
def read(payload: str, as_json: bool) -> None:
    """Print what PAYLOAD says, or why it is refused (status 1)."""
    try:
        fields = _to_fields(decode(payload))
    except Unreadable as fault:
        fields = {"refused": name_of(fault.refusal), "reason": say(fault.refusal)}
        fields["detail"] = fault.detail
    if as_json:
        click.echo(json.dumps(fields, ensure_ascii=False))
    else:
        for name, value in fields.items():
            click.echo(f"{name}: {value}")
    sys.exit(1 if "refused" in fields else 0)


def name_of(refusal: QRRefusal) -> str:
    """Return the refusal as other programs know it: ``crc``, ``tlv`` …"""
    return refusal.removeprefix("qr_")


def _from_fields(fields: Mapping[str, Any]) -> VietQR:
    for name, only in (("guid", NAPAS), ("currency", DONG), ("country", VIETNAM)):
        if fields.get(name, only) != only:
            refusal = QRRefusal.NOT_NAPAS if name == "guid" else QRRefusal(f"qr_{name}")
            raise Unreadable(refusal, f"{name}: {fields[name]}")
    amount, init = fields.get("amount"), fields.get("init")
    if amount is not None and not (str(amount).isascii() and str(amount).isdigit()):
        raise Unreadable(QRRefusal.AMOUNT, f"amount: {amount}")
    if init not in (None, *Init):
        raise Unreadable(QRRefusal.FORMAT, f"init: {init}")
    return VietQR(
        bin=str(fields.get("bin", "")),
        account=str(fields.get("account", "")),
        service=fields.get("service", VietQR.service),
        amount=None if amount is None else int(amount),
        init=None if init is None else Init(init),
        additional={
            key: str(text) for key, text in fields.get("additional", {}).items()
        },
        texts={name: str(fields[name]) for name in TEXTS.values() if name in fields},
    )


def _to_fields(code: VietQR) -> dict[str, Any]:
    """Return the fields under the names that ``encode`` takes."""
    fields: dict[str, Any] = {
        "init": code.init,
        "currency": DONG,
        "country": VIETNAM,
        "amount": None if code.amount is None else str(code.amount),
        "guid": NAPAS,
        "bin": code.bin,
        "account": code.account,
        "service": code.service,
        "additional": dict(code.additional),
        **code.texts,
    }
    return {name: value for name, value in fields.items() if value}
