"""Photographs from chips: under a key for each exam, and gone when it is destroyed."""

import secrets
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, select, update

from lms.kernel import audit
from lms.kernel.db import db
from sso.identification.models import Identification, PhotoKey

NONCE_BYTES, KEY_BITS = 12, 256


def keep(row: Identification, image: bytes) -> None:
    """Encrypt the photograph into its record."""
    key = _key_of(row.photo_scope)
    nonce = secrets.token_bytes(NONCE_BYTES)
    row.photo = nonce + AESGCM(key).encrypt(nonce, image, row.code.encode())


def seen_by(row: Identification, actor_id: int, now: datetime) -> bytes | None:
    """Decrypt the photograph for somebody, and write down who looked."""
    held = db.session.scalar(select(PhotoKey).filter_by(scope=row.photo_scope))
    if row.photo is None or held is None or held.key is None:
        return None
    audit.record("identification:photo", f"identification:{row.id}", actor_id, now)
    nonce, locked = row.photo[:NONCE_BYTES], row.photo[NONCE_BYTES:]
    return AESGCM(held.key).decrypt(nonce, locked, row.code.encode())


def purge(scope: str, actor_id: int | None, now: datetime) -> dict[str, object]:
    """Destroy all photographs and numbers of one exam; return the certificate of it.

    Verdicts, hashes and times stay.  The key goes too, so that a copy of the database
    from before, in the same house, holds nothing that could be opened with ours.
    """
    mine = Identification.photo_scope == scope
    photos = db.session.scalar(select(func.count(Identification.photo)).where(mine))
    numbers = db.session.scalar(
        select(func.count(Identification.number_sealed)).where(mine)
    )
    db.session.execute(
        update(Identification)
        .where(mine)
        .values(
            photo=None,
            number_sealed=None,
            birth_date_sealed=None,
            challenge_sealed=None,
            agreement_sealed=None,
            dg14=None,
        )
    )
    db.session.execute(
        update(PhotoKey)
        .where(PhotoKey.scope == scope)
        .values(key_sealed=None, destroyed_at=now)
    )
    said: dict[str, object] = {"photographs": photos or 0, "numbers": numbers or 0}
    event = audit.record("identification:purge", scope, actor_id, now, **said)
    return {"scope": scope, **said, "at": now.isoformat(), "audit": event.hash}


def _key_of(scope: str) -> bytes:
    held = db.session.scalar(select(PhotoKey).filter_by(scope=scope))
    if held is None:
        held = PhotoKey(scope=scope)
        held.key = AESGCM.generate_key(KEY_BITS)
        db.session.add(held)
        db.session.flush()
    if held.key is None:
        raise ValueError(f"the photographs of {scope} were destroyed")
    return held.key
