"""What each step, verdict and reason of a verification is called."""

from sso.chip.verdicts import Reason, Step, Verdict

R = Reason
LABELS = {
    Step.STRUCTURE: "Cấu trúc tệp chữ ký",
    Step.SIGNER: "Chứng thư người ký",
    Step.SIGNATURE: "Chữ ký của cơ quan cấp thẻ",
    Step.HASHES: "Dữ liệu còn nguyên",
    Step.COMPLETENESS: "Đủ dữ liệu",
    Step.CHAIN: "Chuỗi tin cậy",
    Step.DATES: "Thời hạn",
    Step.REVOCATION: "Thu hồi",
    Step.HOLDER: "Thông tin chủ thẻ",
    Step.PHOTO: "Ảnh chân dung",
    Step.PERSONAL_DATA: "Thông tin tiếng Việt (DG13)",
    Step.ACTIVE_AUTHENTICATION: "Chip trả lời thử thách",
    Step.CHIP_AUTHENTICATION: "Chip thỏa thuận khóa với máy chủ",
    Verdict.OK: "Đạt",
    Verdict.REFUSED: "Từ chối",
    Verdict.NOT_CHECKED: "Chưa kiểm tra",
    Verdict.WARNING: "Cần chú ý",
    R.FINE: "Đạt.",
    R.NOT_REACHED: "Chưa kiểm tra được vì bước trước không đạt.",
    R.FILE_TOO_LARGE: "Tệp lớn quá mức cho phép.",
    R.SOD_MALFORMED: "Tệp chữ ký (EF.SOD) hỏng hoặc bị sửa. Hãy đọc lại thẻ.",
    R.CONTENT_TYPE: "Tệp chữ ký không đúng loại của giấy tờ điện tử.",
    R.SIGNED_DATA_VERSION: "Tệp chữ ký có phiên bản không được chấp nhận.",
    R.SIGNER_COUNT: "Tệp chữ ký phải có đúng một người ký.",
    R.LDS_VERSION: "Bảng giá trị băm có phiên bản không được chấp nhận.",
    R.LDS_MALFORMED: "Bảng giá trị băm trong tệp chữ ký bị hỏng.",
    R.UNKNOWN_DIGEST: "Thuật toán băm không được hỗ trợ.",
    R.SIGNER_NOT_FOUND: "Không có chứng thư của người ký.",
    R.CERTIFICATE_MALFORMED: "Chứng thư của người ký bị hỏng.",
    R.NO_SIGNED_ATTRIBUTES: "Chữ ký thiếu phần thuộc tính bắt buộc.",
    R.CONTENT_TYPE_DIFFERS: "Thuộc tính được ký không khớp với loại nội dung.",
    R.CONTENT_ALTERED: "Bảng giá trị băm đã bị sửa sau khi ký.",
    R.SIGNATURE_WRONG: "Chữ ký của cơ quan cấp thẻ không đúng.",
    R.ALGORITHM_UNKNOWN: "Khóa hoặc thuật toán ký không được hỗ trợ.",
    R.WEAK_DIGEST: "Chữ ký dùng SHA-1, thuật toán đã yếu.",
    R.GROUP_ALTERED: "Dữ liệu trên chip đã bị sửa sau khi cấp.",
    R.GROUP_NOT_LISTED: "Có dữ liệu mà cơ quan cấp thẻ không ký.",
    R.GROUP_MISSING: (
        "Thiếu dữ liệu mà chữ ký có liệt kê; có thể đang bị giấu. "
        "Hãy đọc lại thẻ bằng trạm khác."
    ),
    R.UNKNOWN_CSCA: (
        "Chưa nạp chứng thư gốc của cơ quan cấp thẻ này, nên chưa thể tin thẻ."
    ),
    R.CSCA_SIGNATURE_WRONG: (
        "Chứng thư mang tên cơ quan cấp thẻ nhưng không do khóa của cơ quan đó ký: "
        "thẻ giả."
    ),
    R.SIGNER_IS_AUTHORITY: "Chứng thư ký thẻ lại có quyền cấp chứng thư: không hợp lệ.",
    R.WRONG_COUNTRY: "Chứng thư không thuộc quốc gia được chấp nhận.",
    R.SIGNED_OUTSIDE_VALIDITY: "Thẻ được ký ngoài thời hạn của chứng thư người ký.",
    R.CSCA_OUTSIDE_VALIDITY: "Thẻ được ký ngoài thời hạn của chứng thư gốc.",
    R.KEY_PERIOD_OVER: "Thẻ được ký sau khi khóa ký đã hết thời gian sử dụng.",
    R.SIGNED_IN_FUTURE: "Thời điểm ký nằm ở tương lai.",
    R.SIGNING_TIME_UNKNOWN: (
        "Thẻ không ghi thời điểm ký; chỉ biết chứng thư đã bắt đầu có hiệu lực."
    ),
    R.CARD_EXPIRED: "Thẻ đã hết hạn sử dụng.",
    R.SIGNER_REVOKED: "Chứng thư ký thẻ này đã bị thu hồi.",
    R.CRL_MISSING: "Chưa có danh sách thu hồi của cơ quan cấp thẻ.",
    R.CRL_STALE: "Danh sách thu hồi đã quá hạn. Hãy nạp danh sách mới.",
    R.CRL_SIGNATURE_WRONG: "Danh sách thu hồi không do cơ quan cấp thẻ ký.",
    R.DG1_MALFORMED: "Không đọc được thông tin chủ thẻ (DG1).",
    R.CHECK_DIGIT_WRONG: "Số kiểm tra trong thông tin chủ thẻ bị sai.",
    R.WRONG_ISSUER: "Giấy tờ này không do Việt Nam cấp.",
    R.NUMBER_MALFORMED: "Thẻ không có số định danh 12 chữ số.",
    R.NUMBER_UNLIKE_HOLDER: (
        "Số định danh không khớp năm sinh hoặc giới tính; có thể đã được cải chính."
    ),
    R.PHOTO_UNREADABLE: "Không đọc được ảnh trên chip. Cán bộ phải đối chiếu thủ công.",
    R.DG13_MALFORMED: "Không đọc được thông tin tiếng Việt (DG13).",
    R.DG13_MISMATCH: "Thông tin tiếng Việt không khớp với thông tin chủ thẻ.",
    R.NOT_READ: "Không đọc phần này.",
    R.NO_CLONE_PROTECTION: (
        "Thẻ không có cách chống sao chép. Hãy xác minh thủ công bằng hai cán bộ."
    ),
    R.CLONE_PROTECTION_NOT_SHOWN: (
        "Chưa chứng minh được đây là chip gốc: cần máy chủ thỏa thuận khóa với chip."
    ),
    R.NOT_ON_THIS_CARD: "Thẻ không có phần này.",
    R.DG14_MALFORMED: "Không đọc được danh mục giao thức của chip (DG14).",
    R.DG15_MALFORMED: "Không đọc được khóa chống sao chép của chip (DG15).",
    R.AA_MISSING: "Chip không trả lời thử thách dù thẻ có khóa: có thể là bản sao.",
    R.CHALLENGE_MISSING: "Có câu trả lời của chip nhưng không có thử thách để so.",
    R.AA_WRONG: "Chip trả lời sai thử thách: thẻ sao chép hoặc câu trả lời cũ.",
    R.CA_MISSING: "Không thỏa thuận khóa; chip đã được kiểm tra bằng cách khác.",
    R.CA_WRONG: "Chip không thỏa thuận được khóa với máy chủ: thẻ sao chép.",
    R.CA_UNSUPPORTED: "Chip dùng cách thỏa thuận khóa chưa được hỗ trợ.",
}  # fmt: skip
