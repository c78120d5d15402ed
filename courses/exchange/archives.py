"""Archives that strangers packed: bounded in size, count, ratio and names."""

import posixpath
import stat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from courses.exchange.rules import LARGEST_FILE_BYTES, NotTaken, Trouble

MOST_MEMBERS = 10_000
MOST_UNPACKED_BYTES = 256 * 1024 * 1024
LARGEST_MEMBER_BYTES = 48 * 1024 * 1024
HIGHEST_RATIO = 150
SMALL_BYTES = 1024 * 1024
"""Below this a high ratio is no danger: an empty table packs a thousandfold."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The members of a zip by their paths; each is unpacked when it is asked for."""

    _zip: zipfile.ZipFile
    members: Mapping[str, zipfile.ZipInfo]

    def __contains__(self, path: str) -> bool:
        return path in self.members

    def read(self, path: str) -> bytes:
        """Unpack a member, never more of it than it promised; NotTaken if broken."""
        member = self.members.get(path)
        if member is None:
            raise NotTaken(Trouble.FILE_MISSING, path)
        try:
            with self._zip.open(member) as unpacked:
                content = unpacked.read(member.file_size + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
            ValueError,
        ):
            raise NotTaken(Trouble.BAD_ARCHIVE, path) from None
        if len(content) > member.file_size:
            raise NotTaken(Trouble.BAD_ARCHIVE, path)
        return content


def is_archive(content: bytes) -> bool:
    return content[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def opened(content: bytes) -> Archive:
    """Open a zip, or raise NotTaken if anything about it is out of bounds."""
    if len(content) > LARGEST_FILE_BYTES:
        raise NotTaken(Trouble.TOO_LARGE)
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        listed = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        raise NotTaken(Trouble.BAD_ARCHIVE) from None
    if len(listed) > MOST_MEMBERS:
        raise NotTaken(Trouble.TOO_MANY)
    if sum(member.file_size for member in listed) > MOST_UNPACKED_BYTES:
        raise NotTaken(Trouble.TOO_LARGE)
    members: dict[str, zipfile.ZipInfo] = {}
    for member in listed:
        if not member.is_dir():
            _check(member)
            members[inside(member.filename)] = member
    return Archive(archive, members)


def _check(member: zipfile.ZipInfo) -> None:
    if member.file_size > LARGEST_MEMBER_BYTES:
        raise NotTaken(Trouble.TOO_LARGE, member.filename)
    swollen = member.file_size > HIGHEST_RATIO * max(member.compress_size, 1)
    if swollen and member.file_size > SMALL_BYTES:
        raise NotTaken(Trouble.BAD_ARCHIVE, member.filename)
    mode = member.external_attr >> 16
    if member.flag_bits & 0x1 or (mode and stat.S_ISLNK(mode)):
        raise NotTaken(Trouble.BAD_ARCHIVE, member.filename)


def inside(path: str, base: str = "") -> str:
    """Return *path* as seen from the root of the archive; NotTaken if it leads out."""
    plain = path.replace("\\", "/")
    joined = posixpath.normpath(posixpath.join(base, plain))
    outside = joined.startswith(("/", "../")) or joined in ("..", ".")
    if outside or "\x00" in joined or (len(joined) > 1 and joined[1] == ":"):
        raise NotTaken(Trouble.BAD_ARCHIVE, path)
    return joined
