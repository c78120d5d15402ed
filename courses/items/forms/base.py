"""What the form of every item type has, and the fields they share."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from string import ascii_lowercase
from types import MappingProxyType
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, ValidationError
from wtforms.utils import unset_value

from courses.items.lines import html_of, phrase
from courses.items.types import parse
from courses.items.types.reading import LONGEST_OPTION_ID
from lms.kernel import richtext
from lms.kernel.forms import Form, RichTextField, at_most

LONGEST_STEM = 20_000
ROWS = 8
"""How many options the form has room for."""
SHOWN_ROWS = 4
MOST_POINTS = Decimal(100)
NO_ITEM = _l(
    "Nội dung chưa thành một câu hỏi. Hãy kiểm tra lại đề, phương án và đáp án."
)


def says_something(_form: Form, field: Field) -> None:
    html = field.data or ""
    if not (richtext.plain(html) or "<img" in html or "data-latex" in html):
        raise ValidationError(_("Hãy điền mục này."))


says_something.field_flags = {"required": True}  # type: ignore[attr-defined]


class PointsField(Field):
    """Points with a decimal comma or point, to the hundredth."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        plain = "" if self.data is None else f"{self.data.normalize():f}"
        return plain.replace(".", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            points = Decimal((valuelist or [""])[0].strip().replace(",", "."))
        except InvalidOperation:
            points = Decimal("NaN")
        hundredths = points * 100
        fits = points.is_finite() and 0 <= points <= MOST_POINTS
        if not fits or hundredths != hundredths.to_integral_value():
            self.data = None
            raise ValueError(_("Điểm là một số từ 0 đến 100, nhiều nhất hai số lẻ."))
        self.data = points


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option as the form shows it."""

    id: str = ""
    text: str = ""
    rich: bool = False
    """Whether the text is rich text, because a line could not hold it."""
    correct: bool = False

    @property
    def html(self) -> str:
        return phrase(richtext.clean(self.text)) if self.rich else html_of(self.text)

    @property
    def filled(self) -> bool:
        return bool(self.html.strip())


class OptionsField(Field):
    """The options of a choice, ticked where right; rows left empty do not count.

    Row *n* is sent as ``<name>-<n>`` with ``-<n>-id`` and ``-<n>-rich``; the ticked
    rows as ``<name>-correct``.
    """

    data: list[OptionRow]

    def process(
        self, formdata: Any, data: Any = unset_value, extra_filters: Any = None
    ) -> None:
        self.process_errors = []
        self.data = [] if data is unset_value or data is None else list(data)
        if formdata is not None and any(key.startswith(self.name) for key in formdata):
            self.data = self._read(formdata)

    def _read(self, formdata: Any) -> list[OptionRow]:
        ticked = formdata.getlist(f"{self.name}-correct")
        return [
            OptionRow(
                id=formdata.get(f"{self.name}-{n}-id", "")[:LONGEST_OPTION_ID],
                text=formdata.get(f"{self.name}-{n}", "").replace("\x00", ""),
                rich=formdata.get(f"{self.name}-{n}-rich") == "1",
                correct=str(n) in ticked,
            )
            for n in range(1, ROWS + 1)
        ]

    @property
    def rows(self) -> list[OptionRow]:
        """Return the rows to show: what is there, and room for more."""
        return [*self.data, *[OptionRow()] * (ROWS - len(self.data))][:ROWS]

    @property
    def shown(self) -> int:
        """How many rows are open; the others wait under "Thêm phương án"."""
        filled = [n for n, row in enumerate(self.rows, 1) if row.filled]
        return max([SHOWN_ROWS, *filled])

    def options(self) -> list[tuple[str, OptionRow]]:
        """Return the filled rows, each with an id of its own."""
        filled = [row for row in self.data if row.filled]
        taken = [row.id for row in filled if row.id]
        free = (letter for letter in ascii_lowercase if letter not in taken)
        used: set[str] = set()
        named = []
        for row in filled:
            key = row.id if row.id and row.id not in used else next(free)
            used.add(key)
            named.append((key, row))
        return named


class ItemForm(Form):
    """What every item has."""

    kind: ClassVar[str]
    kept: Mapping[str, Any] = MappingProxyType({})

    stem = RichTextField(
        _l("Câu hỏi"),
        validators=[says_something, at_most(LONGEST_STEM)],
        render_kw={"data-rich-editor": "", "rows": 6},
    )
    points = PointsField(_l("Điểm"), default=Decimal(1))
    explanation = RichTextField(
        _l("Giải thích đáp án"),
        validators=[at_most(LONGEST_STEM)],
        render_kw={"data-rich-editor": "", "rows": 5},
        description=_l("Học viên thấy phần này khi xem lại bài."),
    )

    def spec(self) -> dict[str, Any]:
        """Return the stored form of what was filled in.

        What the form does not show (hints, feedback that a file brought) is kept from
        the item that it was filled from; see :meth:`keep`.
        """
        return merged(self.kept, self.written())

    def keep(self, stored: Mapping[str, Any]) -> None:
        """Remember what is stored now, so that an edit loses nothing of it."""
        self.kept = dict(stored)

    def written(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "stem": self.stem.data or "",
            "explanation": self.explanation.data or "",
            **self.key_part(),
        }

    @abstractmethod
    def key_part(self) -> Mapping[str, Any]:
        """Return what only this type stores."""

    def fill(self, item: Any, points: Decimal) -> None:
        """Show what is stored."""
        self.stem.data, self.explanation.data = item.stem, item.explanation
        self.points.data = points
        self.keep(item.stored())

    def makes_an_item(self) -> bool:
        """Say whether what was filled in is an item; if not, the form says so."""
        try:
            parse(self.spec())
        except ValueError:
            self.form_errors.append(NO_ITEM)
            return False
        return True

    def validate(self, extra_validators: Any = None) -> bool:
        return bool(super().validate(extra_validators)) and self.makes_an_item()


def own_fields(form: ItemForm) -> list[Field]:
    """Return the fields of the type alone, in the order they are written."""
    shared = {"stem", "points", "explanation", "csrf_token"}
    return [field for field in form if field.name not in shared]


def merged(kept: Mapping[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Lay what was filled in over what was stored.

    Lists of options are laid over each other by id: an option keeps its feedback and
    its share while its wording changes.
    """
    if kept.get("kind") != new["kind"]:
        return new
    found = {**kept, **new}
    for name in ("options", "rows", "statements", "words"):
        if name in new and name in kept:
            old = {one["id"]: one for one in kept[name]}
            found[name] = [{**old.get(one["id"], {}), **one} for one in new[name]]
    return found
