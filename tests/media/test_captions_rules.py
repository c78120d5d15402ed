"""Captions that browsers would show."""

import pytest

from lms.kernel.errors import Refused
from media.rules.captions import LARGEST_CAPTION_BYTES, checked_caption
from media.rules.refusals import MediaRefusal as R

CUE = "00:01.000 --> 00:02.000\nXin chào\n"


def test_notes_and_styles_are_left_out_and_line_ends_made_one():
    sent = (
        "\ufeffWEBVTT - phụ đề\r\n\r\nNOTE của người soạn\r\n\r\n"
        "STYLE\r\n::cue { color: red }\r\n\r\n"
        "1\r\n00:00:01.000 --> 01:00:02.000 line:80%\r\nXin chào\r\n- Chào anh\r\n"
    )

    assert checked_caption(sent.encode()) == (
        "WEBVTT\n\n1\n00:00:01.000 --> 01:00:02.000 line:80%\nXin chào\n- Chào anh\n"
    )


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"", R.EMPTY),
        (b" \n ", R.EMPTY),
        (b"WEBVTT\n\n" + b"x" * LARGEST_CAPTION_BYTES, R.TOO_LARGE),
        (f"WEBVTT\n\n{CUE}".encode("utf-16"), R.NOT_A_CAPTION),
        (f"1\n{CUE}".encode(), R.NOT_A_CAPTION),
        (b"WEBVTTX\n\n" + CUE.encode(), R.NOT_A_CAPTION),
        (b"WEBVTT", R.NOT_A_CAPTION),
        (b"WEBVTT\n\nNOTE only\n", R.NOT_A_CAPTION),
        (f"WEBVTT\n\n{CUE}\x00".encode(), R.NOT_A_CAPTION),
        (b"WEBVTT\n\n00:02.000 --> 00:01.000\nback\n", R.NOT_A_CAPTION),
        (b"WEBVTT\n\n00:01,000 --> 00:02,000\ncomma\n", R.NOT_A_CAPTION),
        (b"WEBVTT\n\n00:61.000 --> 00:62.000\nlate\n", R.NOT_A_CAPTION),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n", R.NOT_A_CAPTION),
        (f"WEBVTT\n\n{CUE}{CUE}".encode(), R.NOT_A_CAPTION),
        (b"WEBVTT\n\nonly words\n", R.NOT_A_CAPTION),
    ],
)
def test_what_no_browser_would_show_is_refused(sent, reason):
    with pytest.raises(Refused) as refused:
        checked_caption(sent)

    assert refused.value.reason is reason
