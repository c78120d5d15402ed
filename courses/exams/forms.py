"""What is typed in an exam room."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from courses.exams.rules.beats import Beat
from courses.exams.rules.pins import LENGTH
from lms.kernel.forms import Form, at_most, required

LONGEST_WINDOW = 40
LONGEST_RUN_SECONDS = 7 * 24 * 3600.0
HIGHEST_POSITION = 1000


class EntryForm(Form):
    code = StringField(
        _l("Số báo danh"),
        [required(), at_most(20)],
        description=_l("In trên phiếu báo dự thi."),
    )
    pin = StringField(
        _l("Mã vào thi"),
        [required(), at_most(2 * LENGTH)],
        description=_l("Gồm 8 chữ và số trên phiếu cán bộ coi thi vừa đưa."),
    )


def read_beat(sent: Any) -> Beat | None:
    """Read a sign of life as the page sends it, or None."""
    if not isinstance(sent, dict):
        return None
    window, running = sent.get("window"), sent.get("running")
    if not isinstance(window, str) or not window.isalnum():
        return None
    if len(window) > LONGEST_WINDOW or not isinstance(running, int | float):
        return None
    position = sent.get("position")
    known = type(position) is int and 0 < position <= HIGHEST_POSITION
    seconds = min(max(float(running), 0.0), LONGEST_RUN_SECONDS)
    return Beat(window, position if known else None, timedelta(seconds=seconds))
