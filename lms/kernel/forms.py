"""The base of all forms, and the words it says when a field is wrong."""

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, FileStorage
from wtforms import Field, PasswordField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length

from lms.kernel import richtext
from lms.kernel.spreadsheets.cells import day
from lms.kernel.spreadsheets.sheets import BadCell
from lms.kernel.wording import say

REQUIRED = lazy_gettext("Hãy điền mục này.")
LONGEST_RICH_TEXT = 400_000
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the reading direction: one thing is stored, another is read."""


class Sayings:
    """What WTForms itself says, which knows no Vietnamese."""

    NUMBER = lazy_gettext("Hãy nhập một số nguyên.")
    CHOICE = lazy_gettext("Hãy chọn một mục có trong danh sách.")
    OTHER = lazy_gettext("Mục này chưa đúng. Hãy kiểm tra rồi nhập lại.")

    def gettext(self, english: str) -> str:
        lowered = english.lower()
        if "choice" in lowered:
            return str(self.CHOICE)
        return str(self.NUMBER if "integer" in lowered else self.OTHER)

    def ngettext(self, singular: str, _plural: str, _number: int) -> str:
        return self.gettext(singular)


class Form(FlaskForm):
    """A form of the house: token checked, strings stripped, sentences in Vietnamese."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Sayings:
            return Sayings()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read what was sent as a form, were it nothing; JSON is no form."""
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            if request.method == "POST":
                return CombinedMultiDict([request.files, request.form])
            return None

        def bind_field(
            self, form: Any, unbound_field: Any, options: dict[str, Any]
        ) -> Field:
            kind = unbound_field.field_class
            # The blanks at the ends of a password are part of it.
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                unbound_field.kwargs.setdefault("filters", [strip])
            bound: Field = unbound_field.bind(form=form, **options)
            return bound

    def problems(self) -> dict[str, str]:
        """Return the first error of each field, for answers to scripts."""
        return {name: str(errors[0]) for name, errors in self.errors.items()}


def strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def required() -> DataRequired:
    """Refuse an empty line, and one of blanks alone."""
    return DataRequired(REQUIRED)


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[Any]:
    """Return what a SelectField offers, from pairs of a value and its label."""
    return [SelectChoice(value, label) for value, label in pairs]


def at_most(length: int) -> Length:
    return Length(
        max=length,
        message=lazy_gettext("Viết ngắn hơn: nhiều nhất %(max)d ký tự."),
    )


def at_least(length: int) -> Length:
    return Length(
        min=length, message=lazy_gettext("Viết dài hơn: ít nhất %(min)d ký tự.")
    )


def no_control_characters(form: Form, field: Field) -> None:
    """Refuse what no keyboard types and no database keeps (U+0000 among them)."""
    if any(map(is_unseen, "".join(field.data or ""))):
        raise ValidationError(_("Có ký tự không in được; hãy gõ lại mục này."))


def is_unseen(character: str) -> bool:
    if character in "\n\r\t":
        return False
    return character in TURNING or unicodedata.category(character) in ("Cc", "Cs")


def text_field(label: Any, length: int, **given: Any) -> Field:
    """A line that must be filled in."""
    return StringField(
        label, [required(), at_most(length), no_control_characters], **given
    )


def optional_text_field(label: Any, length: int, **given: Any) -> Field:
    return StringField(label, [at_most(length), no_control_characters], **given)


class LinesField(TextAreaField):
    """A list of short texts, one on each line."""

    data: list[str]  # type: ignore[assignment]

    def _value(self) -> str:
        return "\n".join(self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        lines = (line.strip() for line in (valuelist or [""])[0].splitlines())
        self.data = [line for line in lines if line]


def file_name_of(sent: FileStorage) -> str:
    """Return what the sender calls a file, fit to be kept and shown; "" if nothing."""
    return "".join(one for one in sent.filename or "" if one.isprintable())


class RichTextField(TextAreaField):
    """Rich text, cleaned as it comes in; the page turns it into an editor."""

    def __init__(self, label: Any = None, **given: Any) -> None:
        given.setdefault("render_kw", {"data-rich-editor": "", "rows": 14})
        given.setdefault("validators", [at_most(LONGEST_RICH_TEXT)])
        super().__init__(label, **given)

    def process_formdata(self, valuelist: list[str]) -> None:
        sent = (valuelist or [""])[0].replace("\x00", "")
        self.data = richtext.clean(sent)
        if richtext.tries_to_run(sent):
            raise ValueError(
                _("Nội dung có đoạn mã chạy được, đã bị bỏ. Hãy xem lại rồi lưu.")
            )


class DayField(StringField):
    """A day, typed as 05/09/2010; ``data`` is a date, or None where it is empty."""

    data: date | None  # type: ignore[assignment]

    def __init__(self, label: Any = None, **given: Any) -> None:
        given.setdefault("render_kw", {"inputmode": "numeric", "autocomplete": "off"})
        given.setdefault(
            "description", lazy_gettext("ngày/tháng/năm, ví dụ 05/09/2010")
        )
        super().__init__(label, **given)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime("%d/%m/%Y") if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = (valuelist or [""])[0].strip()
        try:
            self.data = day()(typed) if typed else None
        except BadCell as bad:
            raise ValueError(say(bad.wrong.reason, **bad.wrong.about)) from bad


def given_day() -> InputRequired:
    """Ask for a day: DataRequired would not see one that could not be read."""
    return InputRequired(REQUIRED)
