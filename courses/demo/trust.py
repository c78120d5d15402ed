"""Whom the demonstration believes: an invented authority, and nobody else."""

from datetime import datetime
from pathlib import Path

from courses.demo.once import is_first
from sso.anchors import services
from sso.anchors.rules import AnchorEvent
from sso.virtual_card import issuing, keeping

BASIS = "Tệp mô phỏng của bản chạy thử, không phải của cơ quan cấp thẻ"


def fill_trust(folder: Path, proposer_id: int, approver_id: int, now: datetime) -> None:
    """Have two people believe the authority kept in *folder*, and leave one waiting."""
    if not is_first("trust-anchors", now):
        return
    state = keeping.kept(folder, now)
    for content in (state.authority.der, state.revocation_list(now)):
        anchor = services.propose(content, BASIS, proposer_id, now)
        services.decide(anchor, AnchorEvent.APPROVE, approver_id, now)
    newer = issuing.authority(issuing.ec_pair(), "CSCA MÔ PHỎNG, khóa thứ hai")
    services.propose(newer.der, BASIS, proposer_id, now)
