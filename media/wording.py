"""The sentences and labels of files and video."""

from media.models import AssetProblem, AssetState
from media.rules.files import AssetKind
from media.transcoding import Step

SENTENCES = {
    "file-empty": "Tệp không có nội dung. Hãy chọn tệp khác.",
    "file-too-large": "Tệp quá lớn. Chưa có gì được lưu; hãy chọn tệp nhỏ hơn.",
    "file-bad-name": (
        "Tên tệp không dùng được. Hãy đặt tên có phần đuôi, ví dụ: bai-1.mp4."
    ),
    "file-type-not-allowed": "Loại tệp này không được nhận ở đây.",
    "file-type-mismatch": (
        "Nội dung tệp không đúng với tên hoặc loại tệp. Hãy kiểm tra rồi chọn lại."
    ),
    "picture-unreadable": "Không đọc được hình này. Tệp có thể bị hỏng.",
    "picture-too-large": "Hình có quá nhiều điểm ảnh. Hãy thu nhỏ rồi tải lại.",
    "video-no-converter": (
        "Máy chủ chưa có bộ chuyển mã, nên chỉ nhận video MP4, MOV hoặc WebM."
    ),
    "caption-unreadable": (
        "Đây không phải tệp phụ đề WebVTT đúng mẫu. Hãy kiểm tra dòng đầu (WEBVTT) "
        "và các mốc thời gian."
    ),
    "caption-bad-language": "Phụ đề chỉ nhận tiếng Việt hoặc tiếng Anh.",
    "caption-not-for-a-video": "Chỉ video mới có phụ đề.",
    "watch-report-unreadable": "Không ghi nhận được phần đã xem. Hãy tải lại trang.",
    "file-not-yours": "Tệp này không có, hoặc không phải do bạn tải lên.",
}
LABELS = {
    AssetKind.IMAGE: "Hình ảnh",
    AssetKind.VIDEO: "Video",
    AssetKind.AUDIO: "Âm thanh",
    AssetKind.FILE: "Tệp",
    AssetState.STORED: "Đã nhận tệp",
    AssetState.PROCESSING: "Đang chờ chuyển mã",
    AssetState.READY: "Đã sẵn sàng",
    AssetState.FAILED: "Chưa dùng được",
    Step.LOOKING: "Đang đọc video",
    Step.ENCODING: "Đang chuyển mã video",
    Step.STORING: "Đang lưu video đã chuyển mã",
    AssetProblem.UNREADABLE: "Không đọc được video này. Hãy xuất lại rồi tải lên.",
    AssetProblem.TOO_LONG: "Video dài quá 6 giờ. Hãy chia thành nhiều phần.",
    AssetProblem.TOO_LARGE: "Khung hình quá lớn. Hãy xuất lại ở cỡ Full HD.",
    AssetProblem.TIMED_OUT: "Chuyển mã quá lâu nên đã dừng. Hãy thử tệp ngắn hơn.",
    AssetProblem.GIVEN_UP: (
        "Máy chủ đã thử nhiều lần mà chưa chuyển mã được. Hãy báo quản trị hệ thống."
    ),
}
