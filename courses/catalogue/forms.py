"""What authors fill in: a course, its modules, and each type of activity."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, NumberRange

from courses.catalogue.activities.link import is_web_address
from lms.kernel.bodies import is_id
from lms.kernel.forms import (
    Form,
    LinesField,
    RichTextField,
    at_most,
    choices,
    no_control_characters,
    optional_text_field,
    required,
    text_field,
)

LONGEST_ACTIVITY_MINUTES = 600
MOST_LINES = 30
LONGEST_LINE = 300
NOT_A_NUMBER = _l("Hãy nhập một số nguyên.")

COVERS = (
    ("overview", _l("Tổng quan")),
    ("public-services", _l("Dịch vụ công")),
    ("health", _l("Y tế")),
    ("lodging", _l("Lưu trú")),
    ("learning", _l("Học tập")),
    ("citizen", _l("Công dân số")),
    ("data", _l("Dữ liệu")),
    ("economy", _l("Kinh tế")),
    ("school", _l("Trường học")),
    ("exam", _l("Thi cử")),
)


def few_lines(form: Form, field: Field) -> None:
    if len(field.data) > MOST_LINES or any(
        len(line) > LONGEST_LINE for line in field.data
    ):
        raise ValidationError(_("Nhiều nhất 30 dòng, mỗi dòng nhiều nhất 300 ký tự."))


class NewCourseForm(Form):
    title = text_field(_l("Tên khóa học"), 200)
    topic_id = SelectField(_l("Chủ đề"), coerce=int)


class CourseForm(Form):
    title = text_field(_l("Tên khóa học"), 200)
    summary = TextAreaField(
        _l("Tóm tắt"),
        [required(), at_most(300), no_control_characters],
        description=_l("Một hai câu, hiện trong danh mục."),
        render_kw={"rows": 3},
    )
    audience = optional_text_field(_l("Dành cho"), 300)
    topic_id = SelectField(_l("Chủ đề"), coerce=int)
    cover = SelectField(_l("Hình bìa"), choices=choices(COVERS))
    outcomes = LinesField(
        _l("Học xong, học viên làm được gì"),
        [few_lines, no_control_characters],
        description=_l("Mỗi dòng một ý."),
        render_kw={"rows": 5},
    )
    legal_basis = LinesField(
        _l("Văn bản căn cứ"),
        [few_lines, no_control_characters],
        description=_l("Mỗi dòng một văn bản: số, ký hiệu, trích yếu."),
        render_kw={"rows": 3},
    )
    description = RichTextField(_l("Giới thiệu khóa học"))
    is_open = BooleanField(_l("Cho phép tự ghi danh"))


class ModuleForm(Form):
    title = text_field(_l("Tên chương"), 200)
    summary = TextAreaField(
        _l("Chương này nói về gì"),
        [at_most(500), no_control_characters],
        render_kw={"rows": 2},
    )


class NewActivityForm(Form):
    kind = HiddenField()
    title = text_field(_l("Tên bài"), 200)


class ActivityForm(Form):
    """What every activity has."""

    title = text_field(_l("Tên bài"), 200)
    minutes = IntegerField(
        _l("Thời lượng (phút)"),
        [
            InputRequired(NOT_A_NUMBER),
            NumberRange(1, LONGEST_ACTIVITY_MINUTES, _l("Từ 1 đến 600 phút.")),
        ],
    )
    required = BooleanField(_l("Bắt buộc để hoàn thành khóa học"))
    prerequisites = SelectMultipleField(_l("Chỉ mở sau khi học xong"), coerce=int)

    def content(self) -> dict[str, Any]:
        """Return what the activity's type stores."""
        return {}

    def fill(self, content: Any) -> None:
        """Show what is stored."""


class PageForm(ActivityForm):
    html = RichTextField(_l("Nội dung bài đọc"))

    def content(self) -> dict[str, Any]:
        return {"html": self.html.data or ""}

    def fill(self, content: Any) -> None:
        self.html.data = content.html


class LinkForm(ActivityForm):
    url = text_field(_l("Địa chỉ trang"), 2000, render_kw={"type": "url"})
    why = TextAreaField(
        _l("Học viên cần xem gì ở trang này"),
        [at_most(1000), no_control_characters],
        render_kw={"rows": 3},
    )

    def validate_url(self, field: Field) -> None:
        if not is_web_address(field.data):
            raise ValidationError(_("Địa chỉ phải bắt đầu bằng https:// hoặc http://."))

    def content(self) -> dict[str, Any]:
        return {"url": self.url.data, "why": self.why.data or ""}

    def fill(self, content: Any) -> None:
        self.url.data, self.why.data = content.url, content.why


class AssetField(IntegerField):
    """The number of an uploaded file; the page fills it in after the upload."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and valuelist[0].strip():
            super().process_formdata(valuelist)
            if not is_id(self.data):
                self.data = None
                raise ValueError(_("Tệp này không có. Hãy tải tệp lên lại."))


class FileForm(ActivityForm):
    asset_id = AssetField(_l("Tệp"))
    why = TextAreaField(
        _l("Tệp này dùng để làm gì"),
        [at_most(1000), no_control_characters],
        render_kw={"rows": 3},
    )

    def content(self) -> dict[str, Any]:
        return {"asset_id": self.asset_id.data, "why": self.why.data or ""}

    def fill(self, content: Any) -> None:
        self.asset_id.data, self.why.data = content.asset_id, content.why


class VideoForm(ActivityForm):
    asset_id = AssetField(_l("Video"))
    html = RichTextField(_l("Bản chữ của video"))

    def content(self) -> dict[str, Any]:
        return {"asset_id": self.asset_id.data, "html": self.html.data or ""}

    def fill(self, content: Any) -> None:
        self.asset_id.data, self.html.data = content.asset_id, content.html


FORMS: dict[str, type[ActivityForm]] = {
    "page": PageForm,
    "link": LinkForm,
    "file": FileForm,
    "video": VideoForm,
    "quiz": ActivityForm,
}
"""The form of each activity type."""
