"""Reading TOML field by field: whatever is wrong is named with its file and field."""

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any


class ContentError(ValueError):
    """A content file is wrong; the words name the file and the line or field."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")


def load(path: Path) -> "Fields":
    """Read a TOML file, or raise ContentError."""
    try:
        table = tomllib.loads(text_of(path))
    except tomllib.TOMLDecodeError as error:
        # Its words end in the line and column.
        raise ContentError(name_of(path), str(error)) from error
    return Fields(name_of(path), table)


def text_of(path: Path) -> str:
    """Read a file of UTF-8 text, or raise ContentError."""
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise ContentError(name_of(path), "there is no such file") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ContentError(name_of(path), f"line {line} is not UTF-8") from error


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


class Fields:
    """One table of a file.  Each field is asked for once; ``done`` refuses the rest."""

    def __init__(self, where: str, table: dict[str, Any]) -> None:
        self.where = where
        self._table = table
        self._asked: set[str] = set()

    def text(self, name: str, longest: int, default: str | None = None) -> str:
        value = self._value(name, default)
        if not isinstance(value, str):
            raise self.error(name, "is a text")
        value = value.strip()
        if not value and default is None:
            raise self.error(name, "is empty")
        if len(value) > longest:
            raise self.error(name, f"has {len(value)} characters, {longest} at most")
        return value

    def texts(self, name: str, default: list[str] | None = None) -> tuple[str, ...]:
        value = self._value(name, default)
        if not isinstance(value, list) or not all(is_filled(one) for one in value):
            raise self.error(name, "is a list of texts")
        if not value and default is None:
            raise self.error(name, "is empty")
        return tuple(one.strip() for one in value)

    def whole(self, name: str, low: int, high: int, default: int | None = None) -> int:
        value = self._value(name, default)
        if type(value) is not int or not low <= value <= high:
            raise self.error(name, f"is a whole number from {low} to {high}")
        return value

    def switch(self, name: str, default: bool) -> bool:
        value = self._value(name, default)
        if not isinstance(value, bool):
            raise self.error(name, "is true or false")
        return value

    def choice(
        self, name: str, known: Collection[str], default: str | None = None
    ) -> str:
        value = self.text(name, 80, default)
        if value not in known:
            raise self.error(
                name, f"is {value!r}, not one of {', '.join(sorted(known))}"
            )
        return value

    def raw(self, name: str) -> Any:
        """Return a value whose shape another reader judges."""
        return self._value(name, None)

    def has(self, name: str) -> bool:
        return name in self._table

    def tables(self, name: str) -> list["Fields"]:
        """Return the tables of ``[[name]]``: one at least."""
        value = self._value(name, None)
        if not isinstance(value, list) or not value:
            raise self.error(name, "is a list of tables")
        if not all(isinstance(one, dict) for one in value):
            raise self.error(name, "holds something that is no table")
        return [
            Fields(f"{self.where}: {name}[{number}]", one)
            for number, one in enumerate(value, 1)
        ]

    def done(self) -> None:
        """Refuse fields that nobody asked for: a misspelt one would be lost."""
        for name in self._table:
            if name not in self._asked:
                raise self.error(name, "is not a field of this table")

    def error(self, name: str, reason: str) -> ContentError:
        return ContentError(f"{self.where}: {name}", reason)

    def _value(self, name: str, default: Any) -> Any:
        self._asked.add(name)
        if name in self._table:
            return self._table[name]
        if default is None:
            raise self.error(name, "is missing")
        return default


def is_filled(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
