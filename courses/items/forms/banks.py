"""Forms of banks: their names and owners, filters over items, changes to many."""

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, ValidationError

from courses.items.rules import (
    USABLE,
    About,
    BulkChange,
    ItemEvent,
    ItemFilter,
    ItemLevel,
    ItemState,
)
from courses.items.types import ITEM_TYPES
from courses.items.wording import LABELS
from lms.kernel.forms import Form, choices, optional_text_field, text_field

MOST_AT_ONCE = 500
LONGEST_TAG = 60
MOST_TAGS = 20
MOST_WORDS = 100


class BankForm(Form):
    name = text_field(_l("Tên ngân hàng"), 200)
    scope = SelectField(_l("Thuộc về"))

    def offer(self, owners: dict[str, str]) -> None:
        """Offer these owners, by scope."""
        self.scope.choices = choices(owners.items())


class CategoryForm(Form):
    name = text_field(_l("Tên thư mục"), 200)


class ShareForm(Form):
    scope = SelectField(_l("Cho dùng ở"))

    def offer(self, owners: dict[str, str]) -> None:
        self.scope.choices = choices(owners.items())


class NotesForm(Form):
    """What the bank notes about one item."""

    name = optional_text_field(_l("Tên gọi trong ngân hàng"), 300)
    topic = optional_text_field(_l("Chủ đề"), 200)
    level = SelectField(
        _l("Mức độ"),
        choices=choices(
            [("", _l("Chưa xếp")), *((one.value, _l(LABELS[one])) for one in ItemLevel)]
        ),
    )
    tags = optional_text_field(
        _l("Nhãn"), 600, description=_l("Cách nhau bằng dấu phẩy.")
    )

    def validate_tags(self, field: Any) -> None:
        tags = tags_in(field.data)
        if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
            raise ValidationError(_("Nhiều nhất 20 nhãn, mỗi nhãn 60 ký tự."))

    def about(self, before: About) -> About:
        return replace(
            before,
            name=self.name.data or "",
            topic=self.topic.data or "",
            level=ItemLevel(self.level.data) if self.level.data else None,
            tags=tags_in(self.tags.data),
        )

    def fill(self, about: About) -> None:
        self.name.data, self.topic.data = about.name, about.topic
        self.level.data = about.level.value if about.level else ""
        self.tags.data = ", ".join(about.tags)


class BulkForm(Form):
    """A change to the ticked items."""

    topic = optional_text_field(_l("Chủ đề mới"), 200)
    level = SelectField(
        _l("Mức độ mới"),
        choices=choices(
            [
                ("", _l("Giữ nguyên")),
                *((one.value, _l(LABELS[one])) for one in ItemLevel),
            ]
        ),
    )
    add_tags = optional_text_field(_l("Thêm nhãn"), 200)
    remove_tags = optional_text_field(_l("Bớt nhãn"), 200)
    event = SelectField(
        _l("Trạng thái"),
        choices=choices(
            [
                ("", _l("Giữ nguyên")),
                (ItemEvent.RETIRE.value, _l("Ngừng dùng")),
                (ItemEvent.RESTORE.value, _l("Dùng lại")),
            ]
        ),
    )

    def change(self) -> BulkChange:
        return BulkChange(
            level=ItemLevel(self.level.data) if self.level.data else None,
            topic=self.topic.data or None,
            add_tags=tags_in(self.add_tags.data),
            remove_tags=tags_in(self.remove_tags.data),
            event=ItemEvent(self.event.data) if self.event.data else None,
        )


class ReviewForm(Form):
    note = optional_text_field(_l("Nhận xét cho người viết"), 1000)
    event = SelectField(
        _l("Kết luận"),
        choices=choices(
            [
                (ItemEvent.APPROVE.value, _l("Duyệt")),
                (ItemEvent.RETURN.value, _l("Trả lại để sửa")),
            ]
        ),
    )


def tags_in(text: str | None) -> tuple[str, ...]:
    words = (" ".join(word.split()) for word in (text or "").split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def filter_in(args: Any, bank_id: int) -> ItemFilter:
    """Read a filter from an address; what is no word of ours does not narrow."""
    levels, states = args.getlist("level"), args.getlist("state")
    category = args.get("category", "")
    is_id = category.isascii() and category.isdigit() and len(category) < 10  # noqa: PLR2004
    return ItemFilter(
        (bank_id,),
        words=args.get("q", "")[:MOST_WORDS].replace("\x00", ""),
        kinds=tuple(kind for kind in args.getlist("kind") if kind in ITEM_TYPES),
        topics=tuple(topic[:200] for topic in args.getlist("topic") if topic),
        levels=tuple(ItemLevel(one) for one in levels if one in set(ItemLevel)),
        states=tuple(ItemState(one) for one in states if one in set(ItemState))
        or USABLE,
        tags=tuple(tag[:LONGEST_TAG] for tag in args.getlist("tag") if tag),
        category_id=int(category) if is_id else None,
    )


def ticked_ids(form: Any) -> list[int]:
    """Read the ids of the ticked items, at most ``MOST_AT_ONCE``."""
    words = form.getlist("item")[:MOST_AT_ONCE]
    return [int(w) for w in words if w.isascii() and w.isdigit() and len(w) < 10]  # noqa: PLR2004
