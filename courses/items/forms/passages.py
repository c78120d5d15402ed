"""Forms of the types that are written in lines: rows, pairs, gaps, areas."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, ValidationError

from courses.items import writing
from courses.items.forms.base import ItemForm, says_something
from courses.items.lines import html_of
from courses.items.numbers import typed_number
from lms.kernel.forms import (
    LinesField,
    RichTextField,
    at_most,
    choices,
    optional_text_field,
    text_field,
)

LONGEST_PASSAGE = 20_000


class MatchingForm(ItemForm):
    kind = "matching"

    pairs = LinesField(
        _l("Các cặp"),
        description=_l(
            "Mỗi dòng một cặp: vế trái => vế phải. Dòng chỉ có => vế phải là phương án"
            " nhiễu."
        ),
        render_kw={"rows": 6},
    )

    def validate_pairs(self, field: Field) -> None:
        found = writing.checked(writing.matching, field.data)
        if not found or not found["rows"]:
            raise ValidationError(_("Hãy viết mỗi dòng như: Huế => Kinh thành"))

    def key_part(self) -> Mapping[str, Any]:
        return writing.checked(writing.matching, self.pairs.data) or {}

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.pairs.data = writing.matching_lines(item)


class AssociationForm(ItemForm):
    kind = "association"

    pairs = LinesField(
        _l("Các cặp"),
        description=_l("Mỗi dòng một cặp: cao = thấp"),
        render_kw={"rows": 6},
    )

    def validate_pairs(self, field: Field) -> None:
        if not field.data or not writing.checked(writing.pairs, field.data):
            raise ValidationError(_("Hãy viết mỗi dòng như: cao = thấp"))

    def key_part(self) -> Mapping[str, Any]:
        return writing.checked(writing.pairs, self.pairs.data) or {}

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.pairs.data = writing.pairs_lines(item)


class OrderingForm(ItemForm):
    kind = "ordering"

    order = LinesField(
        _l("Các mục theo thứ tự đúng"),
        description=_l("Mỗi dòng một mục, từ trên xuống."),
        render_kw={"rows": 6},
    )
    scoring = SelectField(
        _l("Cách cho điểm"),
        choices=choices(
            [
                ("absolute", _l("Mỗi mục đúng chỗ có điểm")),
                ("whole", _l("Đúng hết mới có điểm")),
                ("following", _l("Mỗi mục đứng ngay trước mục đúng có điểm")),
                ("pairs", _l("Mỗi cặp đúng trước sau có điểm")),
                ("longest_run", _l("Theo đoạn liền nhau dài nhất")),
            ]
        ),
        default="absolute",
    )

    def validate_order(self, field: Field) -> None:
        if len(field.data) < 2:  # noqa: PLR2004 -- one thing has no order
            raise ValidationError(_("Hãy viết ít nhất hai mục."))

    def key_part(self) -> Mapping[str, Any]:
        named = zip(writing.keys(), self.order.data, strict=False)
        options = [{"id": key, "text": html_of(text)} for key, text in named]
        return {"options": options, "scoring": self.scoring.data}

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.order.data = [writing.line(option.text) for option in item.options]
        self.scoring.data = item.scoring


class PassageForm(ItemForm):
    """What is asked in a passage of its own."""

    passage = RichTextField(
        _l("Đoạn văn"),
        validators=[says_something, at_most(LONGEST_PASSAGE)],
        render_kw={"data-rich-editor": "", "rows": 8},
    )

    def validate_passage(self, field: Field) -> None:
        if not writing.GAP.search(field.data or ""):
            raise ValidationError(_("Hãy đặt ít nhất một chỗ trống trong [[ ]]."))


class ClozeForm(PassageForm):
    kind = "cloze"

    passage = RichTextField(
        _l("Đoạn văn"),
        validators=[says_something, at_most(LONGEST_PASSAGE)],
        render_kw={"data-rich-editor": "", "rows": 8},
        description=_l(
            "Viết đáp án ngay trong chỗ trống: [[Hà Nội|Thủ đô Hà Nội]] để gõ chữ,"
            " [[=Bắc|Trung|Nam]] để chọn (đáp án đứng đầu), [[#63±1]] để điền số."
        ),
    )

    def key_part(self) -> Mapping[str, Any]:
        return writing.checked(writing.cloze, self.passage.data or "") or {}

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.passage.data = writing.cloze_passage(item)


class DragWordsForm(PassageForm):
    kind = "drag_words"

    passage = RichTextField(
        _l("Đoạn văn"),
        validators=[says_something, at_most(LONGEST_PASSAGE)],
        render_kw={"data-rich-editor": "", "rows": 8},
        description=_l("Đặt mỗi từ cần điền trong [[ ]], ví dụ: mọc đằng [[đông]]."),
    )
    more = LinesField(
        _l("Từ nhiễu"), description=_l("Mỗi dòng một từ."), render_kw={"rows": 3}
    )

    def key_part(self) -> Mapping[str, Any]:
        given = self.passage.data or "", self.more.data
        return writing.checked(writing.gapped, *given) or {}

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.passage.data, self.more.data = writing.gapped_passage(item)


class HotTextForm(PassageForm):
    kind = "hot_text"

    passage = RichTextField(
        _l("Đoạn văn"),
        validators=[says_something, at_most(LONGEST_PASSAGE)],
        render_kw={"data-rich-editor": "", "rows": 8},
        description=_l(
            "Đặt những chỗ chọn được trong [[ ]], chỗ đúng thêm dấu cộng: [[+con mèo]]"
            " [[ngủ]]."
        ),
    )

    def key_part(self) -> Mapping[str, Any]:
        ids = {one["text"]: one["id"] for one in self.kept.get("options", [])}
        return writing.checked(writing.hot_text, self.passage.data or "", ids) or {}

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.passage.data = writing.hot_passage(item)


class PictureForm(ItemForm):
    """What is asked on a picture."""

    src = text_field(
        _l("Địa chỉ hình"),
        300,
        description=_l("Hình đã tải lên thư viện, ví dụ: /media/images/…"),
    )
    width = text_field(_l("Chiều ngang của hình (điểm ảnh)"), 6)
    height = text_field(_l("Chiều cao của hình (điểm ảnh)"), 6)
    alt = optional_text_field(_l("Hình vẽ gì"), 300)
    areas = LinesField(
        _l("Các vùng trên hình"),
        description=_l(
            "Mỗi dòng một vùng: chữ nhật; trái, trên, phải, dưới; tên. Hoặc: tròn;"
            " ngang, dọc, bán kính; tên. Hoặc: đa giác; các góc; tên. Vùng đúng thêm"
            " dấu * ở đầu dòng."
        ),
        render_kw={"rows": 5},
    )

    def validate_areas(self, field: Field) -> None:
        if not writing.checked(writing.areas, field.data):
            raise ValidationError(
                _("Hãy viết mỗi dòng như: chữ nhật; 10, 10, 110, 60; Cổng")
            )

    def picture(self) -> dict[str, Any]:
        return {
            "src": self.src.data or "",
            "width": int(typed_number(self.width.data) or 0),
            "height": int(typed_number(self.height.data) or 0),
            "alt": self.alt.data or "",
        }

    def read_areas(self) -> list[dict[str, Any]]:
        names = ("areas", "zones", "targets")
        kept = [one["id"] for name in names for one in self.kept.get(name, [])]
        return writing.checked(writing.areas, self.areas.data, kept) or []

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.src.data, self.alt.data = item.picture.src, item.picture.alt
        self.width.data = str(item.picture.width)
        self.height.data = str(item.picture.height)


class HotspotForm(PictureForm):
    kind = "hotspot"

    def key_part(self) -> Mapping[str, Any]:
        areas = self.read_areas()
        correct = [one["id"] for one in areas if one.pop("is_right")]
        most = max(len(correct), 1)
        return {
            "picture": self.picture(),
            "areas": areas,
            "correct": correct,
            "most": most,
        }

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.areas.data = [
            writing.area_line(one.shape, one.label, one.id in item.correct)
            for one in item.areas
        ]


class ImageLabelsForm(PictureForm):
    kind = "image_labels"

    more = LinesField(
        _l("Nhãn nhiễu"), description=_l("Mỗi dòng một nhãn."), render_kw={"rows": 3}
    )

    def key_part(self) -> Mapping[str, Any]:
        areas = self.read_areas()
        texts = dict.fromkeys([one["label"] for one in areas] + self.more.data)
        ids = dict(zip(texts, writing.keys(), strict=False))
        used = [one["label"] for one in areas]
        labels = [
            {"id": key, "text": html_of(text), "uses": max(used.count(text), 1)}
            for text, key in ids.items()
        ]
        zones = [
            {
                "id": one["id"],
                "shape": one["shape"],
                "coords": one["coords"],
                "correct": [ids[one["label"]]],
            }
            for one in areas
        ]
        return {"picture": self.picture(), "labels": labels, "zones": zones}

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        used = {key for zone in item.zones for key in zone.correct}
        self.areas.data = [
            writing.area_line(
                zone.shape, writing.line(item.label(zone.correct[0]).text), False
            )
            for zone in item.zones
            if zone.correct
        ]
        self.more.data = [
            writing.line(one.text) for one in item.labels if one.id not in used
        ]


class MarkersForm(PictureForm):
    kind = "markers"

    def key_part(self) -> Mapping[str, Any]:
        areas = self.read_areas()
        names = [one["label"] for one in areas]
        ids = dict(zip(dict.fromkeys(names), writing.keys(), strict=False))
        markers = [
            {"id": key, "label": name, "uses": names.count(name)}
            for name, key in ids.items()
        ]
        targets = [
            {
                "id": one["id"],
                "shape": one["shape"],
                "coords": one["coords"],
                "marker": ids[one["label"]],
            }
            for one in areas
        ]
        return {"picture": self.picture(), "markers": markers, "targets": targets}

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.areas.data = [
            writing.area_line(one.shape, item.marker(one.marker).label, False)
            for one in item.targets
        ]
