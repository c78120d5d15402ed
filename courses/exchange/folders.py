"""Files on the operator's disk: found in folders, read with what lies beside them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from courses.exchange.checking import checked_reading
from courses.exchange.pictures import Lookup
from courses.exchange.rules import LARGEST_FILE_BYTES, NotTaken, Reading, Trouble

ENDINGS = frozenset(
    [
        ".gift",
        ".txt",
        ".xml",
        ".zip",
        ".docx",
        ".xlsx",
        ".aiken",
        ".imscc",
        ".qti",
        ".cloze",
    ]
)
"""What is looked at in a folder; a file that is named by itself is always looked at."""


@dataclass(frozen=True, slots=True)
class FileReading:
    path: str
    reading: Reading | None
    problem: NotTaken | None = None

    @property
    def is_whole(self) -> bool:
        return self.reading is not None and not self.reading.refused


def read_all(paths: list[Path]) -> Iterator[FileReading]:
    """Read files, and all that lies in folders, in the order of their names."""
    for path in paths:
        if path.is_dir():
            found = sorted(one for one in path.rglob("*") if _is_looked_at(one))
            yield from (read_file(one, path) for one in found)
        else:
            yield read_file(path, path.parent)


def _is_looked_at(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and path.is_file() and not path.is_symlink()


def read_file(path: Path, root: Path) -> FileReading:
    """Read one file; files that it refers to are found only inside *root*."""
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise NotTaken(Trouble.TOO_LARGE)
        content = path.read_bytes()
        reading = checked_reading(content, path.name, _beside(path, root))
    except OSError:
        return FileReading(str(path), None, NotTaken(Trouble.NOT_READABLE))
    except NotTaken as problem:
        return FileReading(str(path), None, problem)
    return FileReading(str(path), reading)


def _beside(path: Path, root: Path) -> Lookup:
    inside = root.resolve()

    def lookup(name: str) -> bytes | None:
        try:
            found = (path.parent / unquote(name)).resolve()
            fits = found.is_relative_to(inside) and found.is_file()
            return found.read_bytes() if fits else None
        except (OSError, ValueError):
            return None

    return lookup
