"""The keys under which personal data is kept: where they come from, how they change.

They are one JSON document, in the setting ``DATA_KEYS`` or in the file that
``DATA_KEYS_FILE`` names::

    {"current": "k1", "keys": {"k1": "<64 hex digits>"}, "index": "<64 hex digits>"}

Keys are never in the database nor in its backups.
"""

import json
import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

KEY_SIZE = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """The data keys by id, which of them seals, and the key of the blind index."""

    current: str
    data: dict[str, bytes]
    index: bytes

    @property
    def current_key(self) -> bytes:
        return self.data[self.current]

    def with_new_key(self) -> "Keys":
        """Return these keys and a fresh one, which seals from now on."""
        taken = [int(name[1:]) for name in self.data if name[1:].isdigit()]
        name = f"k{max(taken, default=0) + 1}"
        return Keys(name, self.data | {name: fresh()}, self.index)

    def with_new_index(self) -> "Keys":
        return replace(self, index=fresh())

    def with_current_alone(self) -> "Keys":
        return replace(self, data={self.current: self.current_key})

    def written(self) -> str:
        document = {
            "current": self.current,
            "keys": {name: key.hex() for name, key in self.data.items()},
            "index": self.index.hex(),
        }
        return json.dumps(document, indent=1)


def fresh() -> bytes:
    return secrets.token_bytes(KEY_SIZE)


def new_keys() -> Keys:
    return Keys("k1", {"k1": fresh()}, fresh())


def read_keys(document: Any) -> Keys:
    """Read the JSON document, or raise ValueError saying what is wrong with it."""
    try:
        held = Keys(
            current=str(document["current"]),
            data={str(n): bytes.fromhex(k) for n, k in document["keys"].items()},
            index=bytes.fromhex(document["index"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        # Without the cause: its words may repeat a key.
        raise ValueError("the data keys are no such document as described") from (
            error if isinstance(error, KeyError) else None
        )
    sizes = {len(key) for key in (*held.data.values(), held.index)}
    if sizes != {KEY_SIZE} or held.current not in held.data:
        raise ValueError("a data key has not 32 bytes, or the current one is missing")
    if held.index in held.data.values():
        raise ValueError("the key of the index must not be one of the data keys")
    return held


class MissingKeys(RuntimeError):
    """There are no data keys where the settings say they are."""


class Keyring:
    """Holds the keys; opened when first needed, read again when the file changed."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._document = settings["DATA_KEYS"]
        self._makes_its_own = settings["PROFILE"] == "demo" or settings["TESTING"]
        named = settings["DATA_KEYS_FILE"] or Path(settings["VAR"]) / "data-keys.json"
        self.path = Path(named)
        self._keys: Keys | None = None
        self._changed_at = 0

    @property
    def keys(self) -> Keys:
        if self._document:
            self._keys = self._keys or read_keys(self._document)
            return self._keys
        if self._keys is None and not self.path.exists():
            if not self._makes_its_own:
                raise MissingKeys(f"no data keys in {self.path}; see 'lms keys make'")
            self.make()
        changed_at = self.path.stat().st_mtime_ns
        if self._keys is None or changed_at != self._changed_at:
            self._keys = read_keys(json.loads(self.path.read_text("ascii")))
            self._changed_at = changed_at
        return self._keys

    def make(self) -> bool:
        """Write the first keys; say whether there were none before."""
        draft = self._draft(new_keys())
        try:
            # Unlike a rename, a link fails where somebody else was first.
            os.link(draft, self.path)
        except FileExistsError:
            return False
        finally:
            draft.unlink()
        return True

    def replace(self, keys: Keys) -> None:
        """Put *keys* in the place of those in the file, in one step."""
        if self._document:
            raise ValueError("the keys come from a setting; change them there")
        self._draft(keys).replace(self.path)

    def _draft(self, keys: Keys) -> Path:
        """Write a file beside the real one that its owner alone can read."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(keys.written())
            stream.flush()
            os.fsync(stream.fileno())
        return draft
