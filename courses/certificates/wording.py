"""The sentences and labels of certificates."""

from courses.certificates.rules import CertificateState, ResultBand

SENTENCES = {
    "certificate-course-not-completed": (
        "Bạn chưa hoàn thành khóa học này nên chưa có giấy chứng nhận."
    ),
    "certificate-already-revoked": "Giấy chứng nhận này đã bị thu hồi từ trước.",
}
LABELS = {
    CertificateState.VALID: "Còn hiệu lực",
    CertificateState.REVOKED: "Đã thu hồi",
    ResultBand.EXCELLENT: "Xuất sắc",
    ResultBand.GOOD: "Giỏi",
    ResultBand.FAIR: "Khá",
    ResultBand.PASSED: "Đạt",
    ResultBand.COMPLETED: "Hoàn thành",
}
