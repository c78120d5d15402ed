"""The sentences and labels of trust anchors."""

from sso.anchors.rules import AnchorKind, AnchorState

SENTENCES = {
    "anchor-unreadable": (
        "Tệp không phải chứng thư gốc (CSCA) hay danh sách thu hồi ở dạng DER hoặc "
        "PEM. Hãy kiểm tra tệp rồi nạp lại."
    ),
    "anchor-too-large": "Tệp quá lớn. Hãy nạp từng chứng thư một.",
    "anchor-several": (
        "Tệp chứa nhiều chứng thư. Hãy nạp từng chứng thư một, để mỗi chứng thư được "
        "đối chiếu và duyệt riêng."
    ),
    "anchor-list-unsigned": (
        "Danh sách thu hồi này không do chứng thư gốc nào đang có hiệu lực ký. Hãy nạp "
        "và duyệt chứng thư gốc trước."
    ),
    "anchor-already-there": "Tệp này đã được nạp và đang chờ duyệt hoặc có hiệu lực.",
    "anchor-own-proposal": (
        "Người nạp tệp không được tự duyệt. Cần một người khác đối chiếu vân tay rồi "
        "duyệt."
    ),
    "anchor-wrong-state": (
        "Tệp đã được xử lý trước đó. Hãy tải lại trang để xem trạng thái hiện tại."
    ),
}
LABELS = {
    AnchorKind.AUTHORITY: "Chứng thư gốc (CSCA)",
    AnchorKind.REVOCATION_LIST: "Danh sách thu hồi",
    AnchorState.PROPOSED: "Chờ người thứ hai duyệt",
    AnchorState.IN_FORCE: "Có hiệu lực",
    AnchorState.REJECTED: "Đã từ chối",
    AnchorState.WITHDRAWN: "Đã ngừng tin",
}
