"""The sentences of files and cells, and what may become of a row."""

from lms.kernel.imports.rules import Change, ImportState

SENTENCES = {
    "sheet-not-excel": (
        "Tệp này không phải tệp Excel .xlsx. Hãy tải mẫu, điền vào đó rồi gửi lại."
    ),
    "sheet-old-excel": (
        "Tệp này là Excel kiểu cũ (.xls) hoặc có mật khẩu. Hãy mở bằng Excel, chọn Lưu "
        "thành .xlsx, không đặt mật khẩu, rồi gửi lại."
    ),
    "sheet-password": "Tệp có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.",
    "sheet-macros": (
        "Tệp có chương trình (macro) hoặc liên kết tới tệp khác nên không được nhận. "
        "Hãy chép dữ liệu sang tệp mẫu rồi gửi lại."
    ),
    "sheet-formulas": (
        "Tệp có công thức nên không được nhận. Hãy chép rồi dán dạng giá trị "
        "(Paste Values) sang tệp mẫu, sau đó gửi lại."
    ),
    "sheet-bomb": (
        "Tệp bung ra quá lớn nên không được nhận. Hãy chép dữ liệu sang tệp mẫu rồi "
        "gửi lại."
    ),
    "sheet-broken": "Tệp bị hỏng, không đọc được. Hãy lưu lại bằng Excel rồi gửi lại.",
    "sheet-empty": "Tệp chưa có dòng nào dưới hàng tiêu đề. Hãy điền rồi gửi lại.",
    "sheet-too-many-rows": "Tệp có quá 20.000 dòng. Hãy chia thành nhiều tệp.",
    "sheet-headings": (
        "Không thấy đủ các cột bắt buộc ở hàng tiêu đề của trang tính đầu tiên. Hãy "
        "tải mẫu và giữ nguyên tên cột."
    ),
    "cell-missing": "Ô này bắt buộc phải điền.",
    "cell-too-long": "Viết ngắn hơn: nhiều nhất %(longest)s ký tự.",
    "cell-unprintable": "Có ký tự không in được; hãy gõ lại ô này.",
    "cell-not-text": "Ô này phải là chữ. Hãy gõ lại.",
    "cell-name": "Họ và tên chỉ gồm chữ cái và dấu cách, ví dụ Nguyễn Thị An.",
    "cell-number": "Ô này phải là số. Hãy gõ lại, ví dụ 1234 hoặc 7,5.",
    "cell-number-range": "Số phải từ %(low)s đến %(high)s.",
    "cell-day": "Ngày chưa đúng. Hãy gõ ngày/tháng/năm, ví dụ 05/09/2010.",
    "cell-day-year": "Hãy gõ năm đủ bốn chữ số, ví dụ 05/09/2010.",
    "cell-day-as-number": (
        "Ô này là số, không phải ngày. Hãy gõ ngày/tháng/năm, ví dụ 05/09/2010."
    ),
    "cell-day-range": "Ngày phải từ %(low)s đến %(high)s.",
    "cell-choice": "Hãy điền một trong các giá trị: %(words)s.",
    "cell-code": "Mã chỉ gồm chữ, số và các dấu . - _ /, không có dấu cách.",
    "cell-phone": "Số điện thoại chưa đúng, ví dụ 0905123456.",
    "cell-email": "Địa chỉ thư điện tử chưa đúng, ví dụ an@phongdien.gov.vn.",
    "cell-digits-lost": (
        "Ô đang ở dạng số nên mất số 0 ở đầu. Hãy đổi ô sang dạng Văn bản (Text) rồi "
        "gõ lại đủ chữ số."
    ),
    "cell-twice": "Giá trị này đã có ở dòng %(number)s của tệp.",
    "import-not-now": "Tệp này đã được xử lý hoặc đã hủy. Hãy gửi lại tệp.",
    "import-nothing": "Tệp không có dòng nào cần ghi.",
    "import-over": "Tệp đã bị xóa sau một ngày. Hãy gửi lại.",
}
LABELS = {
    Change.NEW: "Thêm mới",
    Change.CHANGED: "Sửa",
    Change.SAME: "Không đổi",
    Change.WRONG: "Có lỗi",
    ImportState.READING: "Đang đọc",
    ImportState.CHECKED: "Chờ xác nhận",
    ImportState.REFUSED: "Không nhận",
    ImportState.WRITING: "Đang ghi",
    ImportState.DONE: "Đã ghi",
    ImportState.CANCELLED: "Đã hủy",
}
