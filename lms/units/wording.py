"""The sentences of the organisation tree."""

from lms.units.models import UnitChange

SENTENCES = {
    "unit-code-taken": "Đã có đơn vị mang mã này. Hãy chọn mã khác.",
    "unit-not-open": "Đơn vị này không tồn tại vào ngày đó. Hãy kiểm tra lại ngày.",
    "unit-day-too-early": (
        "Đơn vị này đã có thay đổi ghi vào ngày đó hoặc sau đó. Hãy chọn ngày muộn hơn."
    ),
    "unit-parent-not-open": "Đơn vị cấp trên không tồn tại vào ngày đó.",
    "unit-circle": (
        "Đơn vị không thể trực thuộc chính mình hoặc đơn vị cấp dưới của mình."
    ),
    "unit-has-units": (
        "Vẫn còn đơn vị trực thuộc. Hãy chuyển hoặc đóng các đơn vị đó trước."
    ),
    "unit-nothing-to-merge": "Hãy chọn ít nhất một đơn vị để nhập.",
    "unit-merged-into-itself": "Không thể nhập một đơn vị vào chính nó.",
    "unit-no-parts": "Hãy ghi ít nhất một đơn vị mới.",
    "unit-unknown-code": "Không có đơn vị mang mã này.",
}
LABELS = {
    UnitChange.CREATED: "Thành lập",
    UnitChange.RENAMED: "Đổi tên",
    UnitChange.MOVED: "Chuyển đơn vị cấp trên",
    UnitChange.MERGED: "Nhập vào đơn vị khác",
    UnitChange.SPLIT: "Chia tách",
    UnitChange.CLOSED: "Kết thúc",
}
