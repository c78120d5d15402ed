"""What authors fill in to write an item: one form for each item type."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from string import ascii_lowercase
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectField,
    ValidationError,
)
from wtforms.utils import unset_value

from courses.items.lines import html_of, line_of, phrase
from courses.items.types.reading import FEWEST_OPTIONS, LONGEST_OPTION_ID
from courses.items.types.short_answer import LONGEST_RESPONSE, is_typed
from lms.kernel import richtext
from lms.kernel.forms import Form, LinesField, RichTextField, at_most, choices, required

LONGEST_STEM = 20_000
MOST_ACCEPTED = 20
LONGEST_OPTION = 2_000
ROWS = 8
"""How many options the form has room for."""
SHOWN_ROWS = 4
MOST_POINTS = Decimal(100)


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
        """Return the stored form of what was filled in."""
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


class ChoiceForm(ItemForm):
    options = OptionsField(_l("Phương án"))

    def validate_options(self, field: OptionsField) -> None:
        rows = [row for _key, row in field.options()]
        if len(rows) < FEWEST_OPTIONS:
            raise ValidationError(_("Hãy viết ít nhất hai phương án."))
        if any(len(row.text) > LONGEST_OPTION for row in rows):
            raise ValidationError(_("Phương án quá dài: nhiều nhất 2000 ký tự."))
        if len({row.html for row in rows}) < len(rows):
            raise ValidationError(_("Có hai phương án giống hệt nhau."))
        self.check_ticks(sum(row.correct for row in rows))

    def check_ticks(self, count: int) -> None:
        """Refuse a number of right options that the type does not know."""
        if count < 1:
            raise ValidationError(_("Hãy đánh dấu ít nhất một phương án đúng."))

    def key_part(self) -> Mapping[str, Any]:
        named = self.options.options()
        return {
            "options": [{"id": key, "text": row.html} for key, row in named],
            "correct": self.correct_of([key for key, row in named if row.correct]),
        }

    def correct_of(self, ticked: Sequence[str]) -> Any:
        return list(ticked)

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        right = {item.key()} if isinstance(item.key(), str) else set(item.key())
        self.options.data = [
            _row(option, option.id in right) for option in item.options
        ]


def _row(option: Any, correct: bool) -> OptionRow:
    line = line_of(option.text)
    if line is None:
        return OptionRow(option.id, option.text, rich=True, correct=correct)
    return OptionRow(option.id, line, correct=correct)


class SingleChoiceForm(ChoiceForm):
    kind = "single_choice"

    def check_ticks(self, count: int) -> None:
        if count != 1:
            raise ValidationError(_("Hãy đánh dấu đúng một phương án đúng."))

    def correct_of(self, ticked: Sequence[str]) -> Any:
        return ticked[0] if ticked else None


class MultipleChoiceForm(ChoiceForm):
    kind = "multiple_choice"

    scoring = SelectField(
        _l("Cách cho điểm"),
        validators=[required()],
        choices=choices(
            [
                ("net", _l("Theo phần: chọn sai bị trừ vào phần đúng")),
                ("whole", _l("Trọn câu: chỉ đúng hết mới có điểm")),
            ]
        ),
    )

    def key_part(self) -> Mapping[str, Any]:
        return {**super().key_part(), "scoring": self.scoring.data}

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.scoring.data = item.scoring


class TrueFalseForm(ItemForm):
    kind = "true_false"

    correct = RadioField(
        _l("Câu này"),
        choices=choices([("true", _l("Đúng")), ("false", _l("Sai"))]),
    )

    def key_part(self) -> Mapping[str, Any]:
        return {"correct": self.correct.data == "true"}

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.correct.data = "true" if item.correct else "false"


class ShortAnswerForm(ItemForm):
    kind = "short_answer"

    accepted = LinesField(
        _l("Câu trả lời được chấp nhận"),
        description=_l("Mỗi dòng một cách trả lời đúng."),
        render_kw={"rows": 4},
    )
    ignore_case = BooleanField(_l("Không phân biệt chữ hoa, chữ thường"), default=True)
    ignore_accents = BooleanField(_l("Chấp nhận cả khi gõ không dấu"))

    def validate_accepted(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Hãy viết ít nhất một câu trả lời đúng."))
        if len(field.data) > MOST_ACCEPTED:
            raise ValidationError(_("Nhiều nhất 20 cách trả lời."))
        if any(
            len(line) > LONGEST_RESPONSE or not is_typed(line) for line in field.data
        ):
            raise ValidationError(_("Mỗi dòng nhiều nhất 500 ký tự gõ được."))

    def key_part(self) -> Mapping[str, Any]:
        return {
            "accepted": self.accepted.data,
            "ignore_case": self.ignore_case.data,
            "ignore_accents": self.ignore_accents.data,
        }

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.accepted.data = list(item.accepted)
        self.ignore_case.data = item.ignore_case
        self.ignore_accents.data = item.ignore_accents


FORMS: dict[str, type[ItemForm]] = {
    form.kind: form
    for form in (SingleChoiceForm, MultipleChoiceForm, TrueFalseForm, ShortAnswerForm)
}
"""The form of each item type."""
