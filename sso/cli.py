"""Commands for proof of identity."""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import AppGroup

from lms.kernel import clock, wording
from lms.kernel.db import db, writing
from sso.chip import certificates, trust
from sso.chip.evidence import ANY_STATE, VIETNAMESE, Evidence, Report
from sso.chip.tlv import Malformed
from sso.chip.trust import TrustStore
from sso.chip.verdicts import Result, Verdict
from sso.chip.verification import CHALLENGE_BYTES, verify
from sso.identification import photographs

ACCEPTED, REFUSED, UNUSABLE = 0, 1, 2
SOD_FILE, ANSWER_FILE = "EF_SOD.bin", "AA.bin"
GROUP_FILES = {f"DG{number}.bin": number for number in range(1, 17)}
CERTIFICATE_SUFFIXES = {".cer", ".crt", ".cert", ".der", ".pem", ".ml", ".bin"}
LARGEST_FILE_BYTES = 16 * 1024 * 1024
POLICIES = {"VNM": VIETNAMESE, "any": ANY_STATE}

chip = AppGroup("chip", help="The chip of an identity card.")
identification = AppGroup("identification", help="Who was identified by card.")
existing = click.Path(path_type=Path)


@chip.command("verify")
@click.argument("folder", metavar="DIR", type=existing)
@click.option("--anchors", type=existing, required=True, help="Folder of CSCAs.")
@click.option("--crl", "crls", type=existing, multiple=True, help="Revocation list.")
@click.option("--signer", "signers", type=existing, multiple=True, help="DSC, link.")
@click.option("--challenge", help="The eight bytes that AA.bin answers, in hex.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Judge as of this day.")
@click.option("--issuer", type=click.Choice(list(POLICIES)), default="VNM")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify_folder(
    folder: Path, as_json: bool, on: datetime | None, **given: Any
) -> None:
    """Verify the files of one card, read from a folder.

    Ends with status 0 for a card that is accepted, 1 for one that is refused, and 2
    where there is nothing that could be judged.
    """
    now = clock.now()
    if on is not None:
        now = datetime.combine(on.date(), time(12), clock.DISTRICT_TIME)
    try:
        evidence = _evidence(folder, given["challenge"])
        store = _trust(given["anchors"], given["crls"])
        signers = [one for path in given["signers"] for one in _signers(path)]
    except (OSError, Malformed) as error:
        _end_unusable(str(error), as_json)
    policy = POLICIES[given["issuer"]]
    report = verify(evidence, store, now, policy=policy, signers=signers)
    _show(report, now, as_json)
    sys.exit(ACCEPTED if report.accepted else REFUSED)


@identification.command("purge")
@click.argument("scope")
def purge(scope: str) -> None:
    """Destroy the photographs and numbers of one exam, such as exam_session:7.

    Prints the certificate of deletion: how many, when, and the audit row that says so.
    """
    with writing():
        paper = photographs.purge(scope, None, clock.now())
        db.session.commit()
    click.echo(json.dumps(paper, ensure_ascii=False))


def _evidence(folder: Path, challenge: str | None) -> Evidence:
    if not folder.is_dir():
        raise Malformed(f"{folder}: not a folder")
    groups = {
        number: _bytes(folder / name)
        for name, number in GROUP_FILES.items()
        if (folder / name).is_file()
    }
    answer = folder / ANSWER_FILE
    return Evidence(
        sod=_bytes(folder / SOD_FILE),
        groups=groups,
        challenge=None if challenge is None else _challenge(challenge),
        active_answer=_bytes(answer) if answer.is_file() else None,
    )


def _challenge(written: str) -> bytes:
    try:
        challenge = bytes.fromhex(written)
    except ValueError as error:
        raise Malformed("--challenge: not hexadecimal") from error
    if len(challenge) != CHALLENGE_BYTES:
        raise Malformed(f"--challenge: {CHALLENGE_BYTES} bytes are needed")
    return challenge


def _trust(folder: Path, crls: Sequence[Path]) -> TrustStore:
    if not folder.is_dir():
        raise Malformed(f"{folder}: not a folder")
    found = [one for path in _certificate_files(folder) for one in _anchors(path)]
    return TrustStore(tuple(dict.fromkeys(found)), tuple(_crl(path) for path in crls))


def _certificate_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix.lower() in CERTIFICATE_SUFFIXES:
            yield path


def _anchors(path: Path) -> list[certificates.Certificate]:
    try:
        return trust.read_anchors(_bytes(path))
    except Malformed as error:
        raise Malformed(f"{path.name}: {error}") from error


def _signers(path: Path) -> list[certificates.Certificate]:
    try:
        return [certificates.read_certificate(_bytes(path))]
    except Malformed as error:
        raise Malformed(f"{path.name}: {error}") from error


def _crl(path: Path) -> certificates.Crl:
    try:
        return certificates.read_crl(_bytes(path))
    except Malformed as error:
        raise Malformed(f"{path.name}: {error}") from error


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise Malformed(f"{path.name}: too large")
    return path.read_bytes()


def _end_unusable(why: str, as_json: bool) -> NoReturn:
    if as_json:
        step = {"step": "input", "verdict": Verdict.REFUSED.value, "reason": why}
        click.echo(json.dumps({"accepted": False, "steps": [step], "identity": {}}))
    click.echo(why, err=True)
    sys.exit(UNUSABLE)


def _show(report: Report, now: datetime, as_json: bool) -> None:
    identity = report.masked_identity(clock.day_of(now))
    if as_json:
        steps = [_step(result) for result in report.results]
        answer = {"accepted": report.accepted, "steps": steps, "identity": identity}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    for result in report.results:
        name, verdict = wording.label(result.step), wording.label(result.verdict)
        click.echo(f"{verdict:14} {name}: {_words(result)}")


def _step(result: Result) -> dict[str, str]:
    return {
        "step": result.step.value,
        "verdict": result.verdict.value,
        "reason": f"{result.reason.value}: {_words(result)}",
    }


def _words(result: Result) -> str:
    words = wording.label(result.reason)
    return f"{words} ({result.detail})" if result.detail else words
