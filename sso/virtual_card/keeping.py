"""Keep an invented state's keys between runs, in a folder that nobody else may read."""

from dataclasses import fields
from datetime import datetime
from pathlib import Path

import ecdsa
from asn1crypto import x509

from sso.chip.curves import BY_OID
from sso.virtual_card import cast
from sso.virtual_card.cast import State
from sso.virtual_card.issuing import EcPair, Issued

ANCHORS, CRL = "anchors", "revoked.crl"


def kept(folder: Path, now: datetime) -> State:
    """Load the state in *folder*, or found one there; its list is signed afresh.

    Its authority lies in ``anchors``, ready to be given to ``--anchors``.
    """
    names = [field.name for field in fields(State)]
    if not (folder / f"{names[-1]}.cer").exists():
        _keep(cast.found(), folder)
    state = State(**{name: _load(folder, name) for name in names})
    (folder / CRL).write_bytes(state.revocation_list(now))
    return state


def _keep(state: State, folder: Path) -> None:
    (folder / ANCHORS).mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / ANCHORS / "authority.cer").write_bytes(state.authority.der)
    for one in fields(State):
        issued: Issued = getattr(state, one.name)
        assert isinstance(issued.pair, EcPair)  # noqa: S101 -- as cast.found makes them
        key = folder / f"{one.name}.pem"
        key.touch(mode=0o600)
        key.write_bytes(issued.pair.private.to_pem())
        (folder / f"{one.name}.cer").write_bytes(issued.der)


def _load(folder: Path, name: str) -> Issued:
    private = ecdsa.SigningKey.from_pem((folder / f"{name}.pem").read_text("ascii"))
    curve = BY_OID[".".join(map(str, private.curve.oid))]
    der = (folder / f"{name}.cer").read_bytes()
    return Issued(x509.Certificate.load(der), EcPair(private, curve.name))
