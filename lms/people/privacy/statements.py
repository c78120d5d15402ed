"""The texts that people are asked to consent to.

A text is never changed: a new one gets the next version, and asks everybody anew.
"""

from lms.people.privacy.rules import Purpose, Statement

STATEMENTS = {
    one.purpose: one
    for one in (
        Statement(
            Purpose.REMINDERS,
            1,
            "Tôi đồng ý nhận nhắc việc, nhắc học qua tin nhắn và thư điện tử của tôi. "
            "Đơn vị dùng số điện thoại và địa chỉ thư để gửi, không chuyển cho ai.",
        ),
        Statement(
            Purpose.HONOURS,
            1,
            "Tôi đồng ý nêu họ tên và thành tích trong danh sách khen thưởng công khai "
            "của đơn vị, trường.",
        ),
        Statement(
            Purpose.PICTURES,
            1,
            "Tôi đồng ý đăng hình ảnh hoạt động có mặt người học trên trang của đơn "
            "vị, trường.",
        ),
        Statement(
            Purpose.STUDIES,
            1,
            "Tôi đồng ý dùng kết quả học tập đã bỏ họ tên, số định danh để nghiên cứu, "
            "cải tiến bài học.",
        ),
    )
}
