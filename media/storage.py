"""Where bytes lie: a folder here, a bucket elsewhere, behind one small interface.

The only file that imports obstore.  Keys are made by us (``rules.addresses``), never
taken from a name that somebody sent.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from lms.kernel.errors import Refused
from media.rules.addresses import is_key
from media.rules.refusals import MediaRefusal

CHUNK_BYTES = 256 * 1024


class NotStored(LookupError):
    """Nothing lies under this key."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One object as the storage lists it."""

    key: str
    size_bytes: int
    stored_at: datetime


class Storage(Protocol):
    """What the rest of the house may ask of a place that keeps bytes."""

    def put(self, key: str, file: IO[bytes] | Path | bytes) -> None: ...

    def exists(self, key: str) -> bool: ...

    def size(self, key: str) -> int:
        """Return the size in bytes, or raise NotStored."""

    def read(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """Read the bytes from *start* up to *stop*, a piece at a time."""

    def contents(self, folder: str) -> Iterator[Stored]:
        """Return everything that lies in one folder, however deep."""

    def folders(self) -> list[str]:
        """Return the names of the folders at the top."""

    def delete(self, key: str) -> None: ...

    def delete_folder(self, folder: str) -> None: ...

    def as_file(self, key: str) -> AbstractContextManager[Path]:
        """Lend the object as a file on this machine, for programs that need one."""


class ObjectStorage:
    """A storage over any store that obstore knows."""

    def __init__(self, store: ObjectStore, scratch: Path) -> None:
        self._store = store
        self._scratch = scratch

    def put(self, key: str, file: IO[bytes] | Path | bytes) -> None:
        obstore.put(self._store, _checked(key), file)

    def exists(self, key: str) -> bool:
        try:
            self.size(key)
        except NotStored:
            return False
        return True

    def size(self, key: str) -> int:
        try:
            return obstore.head(self._store, _checked(key))["size"]
        except FileNotFoundError:
            raise NotStored(key) from None

    def read(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        if start >= stop:
            return
        try:
            found = obstore.get(
                self._store, _checked(key), options={"range": (start, stop)}
            )
        except FileNotFoundError:
            raise NotStored(key) from None
        for piece in found.stream(min_chunk_size=CHUNK_BYTES):
            yield bytes(piece)

    def contents(self, folder: str) -> Iterator[Stored]:
        for batch in obstore.list(self._store, folder):
            for found in batch:
                yield Stored(found["path"], found["size"], found["last_modified"])

    def folders(self) -> list[str]:
        return [*obstore.list_with_delimiter(self._store)["common_prefixes"]]

    def delete(self, key: str) -> None:
        if self.exists(key):
            obstore.delete(self._store, _checked(key))

    def delete_folder(self, folder: str) -> None:
        for found in [*self.contents(folder)]:
            obstore.delete(self._store, found.key)

    def as_file(self, key: str) -> AbstractContextManager[Path]:
        checked = _checked(key)
        if isinstance(self._store, LocalStore) and self._store.prefix is not None:
            return nullcontext(Path(self._store.prefix) / checked)
        return self._downloaded(checked)

    @contextmanager
    def _downloaded(self, key: str) -> Iterator[Path]:
        with tempfile.NamedTemporaryFile(dir=self._scratch) as copy:
            for piece in self.read(key, 0, self.size(key)):
                copy.write(piece)
            copy.flush()
            yield Path(copy.name)


def _checked(key: str) -> str:
    if not is_key(key):
        raise ValueError(f"not a key of ours: {key!r}")
    return key


def open_storage(address: str, folder: Path, scratch: Path) -> Storage:
    """Open the bucket that *address* names (``s3://…``), or the local *folder*."""
    if address:
        return ObjectStorage(from_url(address), scratch)
    folder.mkdir(parents=True, exist_ok=True)
    return ObjectStorage(LocalStore(folder, automatic_cleanup=True), scratch)


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has come in whole and is not kept yet."""

    file: IO[bytes]
    path: Path
    size_bytes: int
    sha256: str


@contextmanager
def received(stream: IO[bytes], max_bytes: int, scratch: Path) -> Iterator[Received]:
    """Take in a stream piece by piece, or raise Refused; what came is gone at the end.

    No more than one piece is ever in memory, and no more than *max_bytes* on disk.
    """
    with tempfile.NamedTemporaryFile(dir=scratch) as file:
        digest, size = hashlib.sha256(), 0
        while piece := stream.read(CHUNK_BYTES):
            size += len(piece)
            if size > max_bytes:
                raise Refused(MediaRefusal.TOO_LARGE)
            digest.update(piece)
            file.write(piece)
        if size == 0:
            raise Refused(MediaRefusal.EMPTY)
        file.flush()
        yield Received(file, Path(file.name), size, digest.hexdigest())
