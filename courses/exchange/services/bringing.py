"""Bringing question files in: reading, showing, mending, and keeping what is good."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from io import BytesIO
from typing import Any

import orjson
from sqlalchemy import delete, func, insert, select

from courses.exchange.exported import OWN
from courses.exchange.models import ImportLine, ItemImport
from courses.exchange.rules import (
    PICTURES,
    ExchangeRefusal,
    Found,
    ImportState,
    LineState,
    Note,
    NotFound,
    Picture,
    Reading,
)
from courses.items.models import ItemBank
from courses.items.rules import About, ItemLevel, Spec
from courses.items.rules import Item as Question
from courses.items.services.banks import category_at
from courses.items.services.items import Entry, cleaned, put_items
from courses.items.types import parse
from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.kernel.paging import Page, page_of
from media.models import Asset
from media.rules.files import AssetKind
from media.services import (
    Upload,
    content_of,
    picture_address,
    picture_in,
    picture_like,
    store_upload,
)

STROKE = " / "
SHORT = ("NB", "TH", "VD", "VDC")
LEVELS = dict(zip(SHORT, ItemLevel, strict=True))
TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"} | {
    "webp": "image/webp"
}
AT_ONCE = 500


def begin_import(
    bank: ItemBank, file_name: str, reading: Reading, actor_id: int, now: datetime
) -> ItemImport:
    """Note all that a file holds, for looking at; the bank does not change yet."""
    made = ItemImport(
        bank=bank,
        created_by_id=actor_id,
        created_at=now,
        file_name=file_name[:200],
        format=reading.format,
        left_over=list(reading.left_over[:200]),
    )
    db.session.add(made)
    db.session.flush()
    hung = _Hung(actor_id, now)
    rows = [
        _line(made.id, number, item, hung)
        for number, item in enumerate(reading.items, 1)
    ]
    _tell_apart(rows)
    for begin in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(ImportLine), rows[begin : begin + AT_ONCE])
    audit.record(
        "item-import:begin",
        f"item-import:{made.id}",
        actor_id,
        now,
        bank=bank.id,
        found=len(reading.items),
        refused=len(reading.refused),
    )
    return made


class _Hung:
    """Pictures of a file hung in our own media, each once."""

    def __init__(self, actor_id: int, now: datetime) -> None:
        self.actor_id, self.now = actor_id, now
        self.addresses: dict[str, str | None] = {}

    def hang(self, spec: Mapping[str, Any], pictures: Mapping[str, Picture]) -> Any:
        """Return *spec* with the addresses that its pictures have from now on."""
        if not pictures:
            return spec
        written = orjson.dumps(spec).decode()
        for name, picture in pictures.items():
            address = self._address(name, picture)
            if address:
                written = written.replace(f"{PICTURES}{name}", address)
        return orjson.loads(written)

    def _address(self, name: str, picture: Picture) -> str | None:
        if name not in self.addresses:
            self.addresses[name] = self._hung(name, picture)
        return self.addresses[name]

    def _hung(self, name: str, picture: Picture) -> str | None:
        known = _our_own(picture) or picture_like(sha256(picture.content).hexdigest())
        if known:
            return picture_address(known)
        type_ = TYPES[name.rpartition(".")[2]]
        upload = Upload(BytesIO(picture.content), picture.name, type_, AssetKind.IMAGE)
        try:
            return picture_address(store_upload(upload, self.actor_id, self.now))
        except Refused:
            return None


def _our_own(picture: Picture) -> Asset | None:
    """Return the picture of ours that went out in a file and now comes back."""
    folder = picture.name.removeprefix(OWN).rpartition(".")[0]
    found = picture_in(folder) if picture.name.startswith(OWN) else None
    return found if found and content_of(found) == picture.content else None


def _line(
    import_id: int, number: int, item: Found | NotFound, hung: _Hung
) -> dict[str, Any]:
    spec = item.spec if isinstance(item, Found) else dict(item.sketch)
    spec = hung.hang(spec, item.pictures)
    understood = isinstance(item, Found)
    notes = set(item.notes) if isinstance(item, Found) else set()
    if PICTURES in str(spec):
        notes.add(Note.PICTURE_LEFT_OUT)
    return {
        "item_import_id": import_id,
        "number": number,
        "state": LineState.UNDERSTOOD if understood else LineState.REFUSED,
        "place": item.where[:200],
        "kind": str(spec.get("kind", "")),
        "title": item.title[:300],
        "external_id": _name_of(item, spec),
        "topic": STROKE.join(item.topic)[:500],
        "level": item.level,
        "tags": list(item.tags) if isinstance(item, Found) else [],
        "points": item.points if isinstance(item, Found) else "",
        "spec": spec,
        "trouble": "" if isinstance(item, Found) else item.trouble.value,
        "detail": "" if isinstance(item, Found) else item.detail,
        "notes": sorted(note.value for note in notes),
        "outcome": "",
    }


def _name_of(item: Found | NotFound, spec: Mapping[str, Any]) -> str:
    """Return what the other program calls it; else a name made of what it asks.

    So a file that says no names brings in the same items when it is read again, with
    another key as well.
    """
    given = item.external_id if isinstance(item, Found) else ""
    if given:
        return given[:200]
    asked = {name: spec.get(name) for name in ("kind", "stem", "passage")}
    written = orjson.dumps([asked, item.title, item.where if not spec else ""])
    return f"sha256:{sha256(written).hexdigest()}"


def _tell_apart(rows: list[dict[str, Any]]) -> None:
    """Skip what stands in the file twice; give the rest names of their own."""
    seen: dict[str, list[Any]] = {}
    for row in rows:
        name, so_far = row["external_id"], seen.setdefault(row["external_id"], [])
        if row["spec"] in so_far and row["state"] is LineState.UNDERSTOOD:
            row["state"] = LineState.SKIPPED
            row["notes"] = [*row["notes"], Note.TWICE.value]
        if so_far:
            row["external_id"] = f"{name[:190]}#{len(so_far) + 1}"
        so_far.append(row["spec"])


def import_with(import_id: int) -> ItemImport | None:
    return db.session.get(ItemImport, import_id)


def lines_of(
    made: ItemImport, number: int, states: Sequence[LineState] = ()
) -> Page[ImportLine]:
    query = select(ImportLine).filter_by(item_import_id=made.id)
    if states:
        query = query.where(ImportLine.state.in_(states))
    return page_of(query.order_by(ImportLine.number), number)


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a question as its template asks for it; nobody has answered."""

    position: int
    points: Decimal = Decimal(1)
    value: None = None
    sequence: int = 0
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """An item as a learner will see it."""

    place: Place
    item: Question


def asked_of(line: ImportLine) -> Asked | None:
    """Return the item as learners see it; None for what is no item yet."""
    if line.trouble and not line.is_ready:
        return None
    return Asked(Place(line.number, _points(line.points)), parse(line.spec))


def sketched(line: ImportLine, kind: str) -> Question | None:
    """Return as much of an item as there is, for a form of *kind*; None for too little.

    Its key means nothing yet: the form must not show one.
    """
    spec = line.spec
    if spec.get("kind") != kind:
        spec = {"kind": kind, "stem": spec.get("stem") or "…", **_rest_of(spec)}
    options = spec.get("options") or []
    first = options[0]["id"] if options else ""
    guesses: dict[str, Any] = {
        "single_choice": {"correct": first},
        "multiple_choice": {"correct": [first]},
        "true_false": {"correct": True},
        "short_answer": {"accepted": ["…"]},
    }
    try:
        return parse({**spec, **guesses.get(kind, {})})
    except ValueError:
        return None


def _rest_of(spec: Mapping[str, Any]) -> dict[str, Any]:
    return {name: spec[name] for name in ("options", "explanation") if name in spec}


def points_of(line: ImportLine) -> Decimal:
    return _points(line.points)


@dataclass(frozen=True, slots=True)
class Counts:
    ready: int
    refused: int
    skipped: int

    @property
    def all(self) -> int:
        return self.ready + self.refused + self.skipped


def counts_of(made: ItemImport) -> Counts:
    query = select(ImportLine.state, func.count()).filter_by(item_import_id=made.id)
    rows = db.session.execute(query.group_by(ImportLine.state))
    found = dict(iter(rows))
    ready = found.get(LineState.UNDERSTOOD, 0) + found.get(LineState.MENDED, 0)
    return Counts(
        ready,
        found.get(LineState.REFUSED, 0),
        found.get(LineState.SKIPPED, 0),
    )


def mend_line(line: ImportLine, spec: Spec, points: Decimal | None) -> None:
    """Take what a teacher made of an item; ValueError if it is none."""
    _check_open(line.item_import)
    line.spec = cleaned(spec)
    line.kind = line.spec["kind"]
    line.points = "" if points is None else f"{points.normalize():f}"
    line.state, line.trouble, line.detail = LineState.MENDED, "", ""
    db.session.flush()


def skip_line(line: ImportLine) -> None:
    """Leave an item out; done again, it is back."""
    _check_open(line.item_import)
    if line.state is LineState.SKIPPED:
        line.state = LineState.REFUSED if line.trouble else LineState.UNDERSTOOD
    else:
        line.state = LineState.SKIPPED
    db.session.flush()


def _check_open(made: ItemImport) -> None:
    if made.state is not ImportState.OPEN:
        raise Refused(ExchangeRefusal.ALREADY_KEPT)


def keep_import(made: ItemImport, actor_id: int, now: datetime) -> dict[str, int]:
    """Put all that is good into the bank; returns what became of how many."""
    _check_open(made)
    lines = list(_ready_lines(made))
    if not lines:
        raise Refused(ExchangeRefusal.NOTHING_TO_KEEP)
    categories: dict[str, int | None] = {}
    entries = [_entry(line, made.bank, categories) for line in lines]
    done = put_items(made.bank, entries, actor_id, now)
    counts: dict[str, int] = {}
    for line, put in zip(lines, done, strict=True):
        line.outcome = put.outcome.value
        counts[put.outcome.value] = counts.get(put.outcome.value, 0) + 1
    made.state, made.kept_at = ImportState.KEPT, now
    audit.record("item-import:keep", f"item-import:{made.id}", actor_id, now, **counts)
    db.session.flush()
    return counts


def _ready_lines(made: ItemImport) -> Iterator[ImportLine]:
    """Go through the items that are good, each name once: the last one counts."""
    query = select(ImportLine).filter_by(item_import_id=made.id)
    query = query.where(ImportLine.state.in_((LineState.UNDERSTOOD, LineState.MENDED)))
    lines = {
        line.external_id: line
        for line in db.session.scalars(query.order_by(ImportLine.number))
    }
    yield from lines.values()


def _entry(
    line: ImportLine, bank: ItemBank, categories: dict[str, int | None]
) -> Entry:
    if line.topic not in categories:
        names = line.topic.split(STROKE) if line.topic else []
        category = category_at(bank, names) if names else None
        categories[line.topic] = category.id if category else None
    return Entry(
        line.external_id,
        line.spec,
        About(
            name=line.title[:300],
            topic=line.topic.rpartition(STROKE)[2][:200],
            level=LEVELS.get(line.level),
            tags=tuple(tag[:60] for tag in line.tags)[:20],
            category_id=categories[line.topic],
            points=_points(line.points),
        ),
    )


def _points(text: str) -> Decimal:
    try:
        points = Decimal(text or "1").quantize(Decimal("0.01"))
    except InvalidOperation:
        return Decimal(1)
    return points if 0 < points <= 100 else Decimal(1)  # noqa: PLR2004


def drop_import(made: ItemImport, actor_id: int, now: datetime) -> None:
    """Throw an import away before it was kept."""
    _check_open(made)
    audit.record("item-import:drop", f"item-import:{made.id}", actor_id, now)
    db.session.execute(delete(ImportLine).filter_by(item_import_id=made.id))
    db.session.delete(made)
    db.session.flush()


def imports_of(bank: ItemBank, number: int = 1) -> Page[ItemImport]:
    query = select(ItemImport).filter_by(bank_id=bank.id)
    return page_of(query.order_by(ItemImport.id.desc()), number)
