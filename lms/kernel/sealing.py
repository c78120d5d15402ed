"""Columns that are kept encrypted, and the blind index that finds a row by one.

A model that keeps personal data inherits :class:`Sealed` and declares, for each such
value, the column that is stored and the attribute that people use::

    class Account(Sealed, Base):
        birth_date_sealed: Mapped[bytes | None]
        birth_date = sealed_date()
        personal_number_sealed: Mapped[bytes | None]
        personal_number_index: Mapped[str | None] = mapped_column(unique=True)
        personal_number = sealed_text(indexed=True)

    account.personal_number = "001099000001"
    select(Account).filter_by(
        personal_number_index=Account.personal_number.index_of("001099000001")
    )

A value is sealed with AES-256-GCM.  What is stored begins with the id of its key, so
that keys can be changed, and is bound to its table, its column and the row's
``seal_id``: copied into another row or column it no longer opens.  The blind index is
HMAC-SHA-256 under a key of its own; without that key the few thousand million numbers
that exist could be tried through.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Generic, Self, TypeVar, overload

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.kernel.db import Base, db
from lms.kernel.keyring import Keyring, Keys

NONCE_SIZE = 12
T = TypeVar("T")


class Sealed:
    """A row with sealed columns; ``seal_id`` names it in what they are bound to."""

    seal_id: Mapped[str] = mapped_column(
        String(32), default=lambda: secrets.token_hex(16)
    )


def keys() -> Keys:
    """Return the keys as they are now; a change of their file is seen at once."""
    keyring: Keyring = current_app.extensions["keyring"]
    return keyring.keys


def seal(value: bytes, bound_to: str) -> bytes:
    """Encrypt *value*; only :func:`unseal` with the same *bound_to* opens it."""
    held = keys()
    nonce = secrets.token_bytes(NONCE_SIZE)
    locked = AESGCM(held.current_key).encrypt(nonce, value, bound_to.encode())
    name = held.current.encode("ascii")
    return bytes([len(name)]) + name + nonce + locked


def unseal(stored: bytes, bound_to: str) -> bytes:
    """Decrypt, or raise ``InvalidTag`` (altered or moved) or ``KeyError`` (no key)."""
    name, rest = key_id_of(stored), stored[1 + stored[0] :]
    opener = AESGCM(keys().data[name])
    return opener.decrypt(rest[:NONCE_SIZE], rest[NONCE_SIZE:], bound_to.encode())


def key_id_of(stored: bytes) -> str:
    return stored[1 : 1 + stored[0]].decode("ascii")


def blind_index(value: str, purpose: str) -> str:
    """Return what stands for *value* in a unique column; *purpose* names the column."""
    said = f"{purpose}\0{value}".encode()
    return hmac.new(keys().index, said, hashlib.sha256).hexdigest()


class SealedColumn(Generic[T]):
    """The open face of ``<name>_sealed`` and, if indexed, of ``<name>_index``."""

    def __init__(
        self,
        to_bytes: Callable[[T], bytes],
        from_bytes: Callable[[bytes], T],
        indexed: bool,
    ) -> None:
        self._to_bytes, self._from_bytes, self.indexed = to_bytes, from_bytes, indexed

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.stored_name = f"{name}_sealed"
        self._index_name = f"{name}_index"
        self._owner: Any = owner

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: object, owner: type) -> T | None: ...
    def __get__(self, row: Any, owner: type) -> Self | T | None:
        if row is None:
            return self
        stored = getattr(row, self.stored_name)
        return (
            None
            if stored is None
            else self._from_bytes(unseal(stored, self._place(row)))
        )

    def __set__(self, row: Any, value: T | None) -> None:
        if self.__get__(row, type(row)) == value:
            return
        sealed = (
            None if value is None else seal(self._to_bytes(value), self._place(row))
        )
        setattr(row, self.stored_name, sealed)
        if self.indexed:
            setattr(row, self._index_name, None if value is None else self._find(value))

    def index_of(self, value: T) -> str:
        """Return what to look for in ``<name>_index``."""
        return self._find(value)

    def index_again(self, row: Any) -> None:
        """Write the row's index anew, under the index key of now."""
        value = self.__get__(row, type(row))
        if value is not None and self.indexed:
            setattr(row, self._index_name, self._find(value))

    def seal_again(self, row: Any) -> bool:
        """Seal the row's value under the current key; say whether it was not yet."""
        stored = getattr(row, self.stored_name)
        if stored is None or key_id_of(stored) == keys().current:
            return False
        opened = unseal(stored, self._place(row))
        setattr(row, self.stored_name, seal(opened, self._place(row)))
        return True

    def _find(self, value: T) -> str:
        text = self._to_bytes(value).decode()
        return blind_index(text, f"{self._owner.__tablename__}:{self.name}")

    def _place(self, row: Any) -> str:
        if row.seal_id is None:
            row.seal_id = secrets.token_hex(16)
        return f"{self._owner.__tablename__}:{self.name}:{row.seal_id}"


def sealed_text(*, indexed: bool = False) -> SealedColumn[str]:
    return SealedColumn(str.encode, bytes.decode, indexed)


def sealed_date() -> SealedColumn[date]:
    return SealedColumn(
        lambda day: day.isoformat().encode(),
        lambda stored: date.fromisoformat(stored.decode()),
        indexed=False,
    )


def sealed_bytes() -> SealedColumn[bytes]:
    return SealedColumn(bytes, bytes, indexed=False)


BATCH = 500


def sealed_models() -> Iterator[tuple[Any, list[SealedColumn[Any]]]]:
    """Yield each model with sealed columns, and those."""
    for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__name__):
        columns = [
            one for one in vars(mapper.class_).values() if isinstance(one, SealedColumn)
        ]
        if columns:
            yield mapper.class_, columns


def seal_all_again() -> dict[str, int]:
    """Bring every sealed value under the current key; count rows by table.

    Commits after each batch, so that the platform goes on meanwhile.  What somebody
    writes under the old key while this runs is found by running it again.
    """
    return {model.__tablename__: _seal(model, of) for model, of in sealed_models()}


def _seal(model: Any, columns: list[SealedColumn[Any]]) -> int:
    changed = last = 0
    while rows := _batch(model, last):
        for row in rows:
            changed += sum(column.seal_again(row) for column in columns) > 0
        last = rows[-1].id
        db.session.commit()
        db.session.expunge_all()
    return changed


def index_all_again() -> dict[str, int]:
    """Write every blind index anew, in the caller's one transaction."""
    counted = {}
    for model, columns in sealed_models():
        indexed = [column for column in columns if column.indexed]
        counted[model.__tablename__] = last = 0
        while indexed and (rows := _batch(model, last)):
            for row in rows:
                for column in indexed:
                    column.index_again(row)
            last = rows[-1].id
            counted[model.__tablename__] += len(rows)
            db.session.flush()
    return counted


def keys_in_use() -> dict[str, int]:
    """Count the sealed values under each key."""
    counted: dict[str, int] = {}
    for model, columns in sealed_models():
        for column in columns:
            stored = getattr(model, column.stored_name)
            for value in db.session.scalars(select(stored).where(stored.is_not(None))):
                counted[key_id_of(value)] = counted.get(key_id_of(value), 0) + 1
    return counted


def _batch(model: Any, after: int) -> list[Any]:
    query = select(model).where(model.id > after).order_by(model.id).limit(BATCH)
    return list(db.session.scalars(query.with_for_update(of=model)))
