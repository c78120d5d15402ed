"""What fees say to people."""

from lms.fees.rules.vietqr import QRRefusal

SENTENCES: dict[str, str] = {
    QRRefusal.CHECKSUM: (
        "Mã thanh toán bị sai lệch khi chép hoặc chụp (sai mã kiểm tra). Hãy quét lại."
    ),
    QRRefusal.STRUCTURE: (
        "Mã thanh toán không đúng cấu trúc VietQR. Hãy xin mã mới từ nơi phát hành."
    ),
    QRRefusal.FORMAT: "Mã thanh toán thuộc phiên bản không được hỗ trợ.",
    QRRefusal.NOT_NAPAS: "Đây không phải mã chuyển khoản của NAPAS.",
    QRRefusal.BANK: "Mã ngân hàng phải gồm 6 chữ số.",
    QRRefusal.ACCOUNT: "Số tài khoản phải gồm 1 đến 19 chữ số hoặc chữ cái không dấu.",
    QRRefusal.SERVICE: "Mã không nói rõ chuyển tới tài khoản hay tới thẻ.",
    QRRefusal.CURRENCY: "Mã thanh toán không dùng tiền đồng Việt Nam.",
    QRRefusal.COUNTRY: "Mã thanh toán không phát hành tại Việt Nam.",
    QRRefusal.AMOUNT: "Số tiền phải là số đồng nguyên lớn hơn 0.",
    QRRefusal.TEXT: "Nội dung trống hoặc quá dài (tối đa 25 ký tự không dấu).",
}
