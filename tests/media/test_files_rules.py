"""Which files are taken."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kernel.errors import Refused
from media.rules.files import (
    TYPES,
    AssetKind,
    Bounds,
    attachment,
    checked_type,
    display_name,
)
from media.rules.refusals import MediaRefusal as R
from media.rules.sniffing import HEAD_BYTES, is_text
from tests.media import samples

FTYP = b"\x00\x00\x00\x18ftyp"
WEBM = b"\x1a\x45\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1f\x42\x82\x84webm"
ODT = "application/vnd.oasis.opendocument.text"
P, V, A, F = AssetKind.IMAGE, AssetKind.VIDEO, AssetKind.AUDIO, AssetKind.FILE


def typed(content: bytes, name: str, kind: AssetKind, claimed: str = "") -> str:
    return checked_type(BytesIO(content), name, claimed, kind)


@pytest.mark.parametrize(
    ("content", "name", "kind", "found"),
    [
        (samples.picture("PNG"), "a.png", P, "image/png"),
        (samples.picture("JPEG"), "a.jpeg", P, "image/jpeg"),
        (samples.picture("WEBP"), "a.webp", P, "image/webp"),
        (samples.picture("GIF"), "a.gif", P, "image/gif"),
        (FTYP + b"isom", "a.mp4", V, "video/mp4"),
        (FTYP + b"qt  ", "a.mov", V, "video/quicktime"),
        (FTYP + b"qt  ", "a.mp4", V, "video/quicktime"),
        (FTYP + b"M4A ", "a.m4a", A, "audio/mp4"),
        (WEBM, "a.webm", V, "video/webm"),
        (WEBM, "a.mkv", V, "video/webm"),
        (WEBM.replace(b"webm", b"matr"), "a.mkv", V, "video/x-matroska"),
        (samples.MP3, "a.mp3", A, "audio/mpeg"),
        (b"\xff\xfb\x90\x00" * 9, "a.mp3", A, "audio/mpeg"),
        (samples.PDF, "KẾ HOẠCH.PDF", F, "application/pdf"),
        (samples.docx(), "a.docx", F, TYPES["docx"]),
        (samples.archive({"mimetype": ODT}), "a.odt", F, ODT),
        (samples.docx(mimetype="text/plain"), "a.docx", F, TYPES["docx"]),
        ("Họ và tên;Điểm\n".encode(), "a.csv", F, "text/csv"),
        ("\ufeffXin chào\r\n".encode(), "a.txt", F, "text/plain"),
        (samples.VTT, "a.vtt", F, "text/vtt"),
    ],
)
def test_a_file_is_what_its_bytes_show(content, name, kind, found):
    assert typed(content, name, kind) == found


@pytest.mark.parametrize(
    ("content", "name", "kind", "claimed", "reason"),
    [
        (samples.SVG, "a.svg", P, "image/svg+xml", R.TYPE_NOT_ALLOWED),
        (samples.SVG, "a.png", P, "image/png", R.TYPE_MISMATCH),
        (samples.HTML, "a.html", F, "text/html", R.TYPE_NOT_ALLOWED),
        (samples.HTML, "a.txt", F, "text/html", R.TYPE_NOT_ALLOWED),
        (samples.HTML, "a.pdf", F, "application/pdf", R.TYPE_MISMATCH),
        (samples.PROGRAM, "a.exe", F, "", R.TYPE_NOT_ALLOWED),
        (samples.PROGRAM, "a.pdf", F, "application/pdf", R.TYPE_MISMATCH),
        (samples.PROGRAM, "a.txt", F, "text/plain", R.TYPE_MISMATCH),
        (samples.picture("PNG"), "a.jpg", P, "image/jpeg", R.TYPE_MISMATCH),
        (samples.picture("PNG"), "a.png", P, "video/mp4", R.TYPE_MISMATCH),
        (samples.picture("PNG"), "a.mp4", V, "video/mp4", R.TYPE_MISMATCH),
        (samples.picture("PNG"), "a.png", V, "image/png", R.TYPE_NOT_ALLOWED),
        (FTYP + b"heic", "a.mp4", V, "video/mp4", R.TYPE_MISMATCH),
        (b"#EXTM3U\nfile:///etc/passwd\n", "a.mp4", V, "", R.TYPE_MISMATCH),
        (samples.archive({"a.txt": "x"}), "a.zip", F, "", R.TYPE_NOT_ALLOWED),
        (samples.archive({"a.txt": "x"}), "a.docx", F, "", R.TYPE_NOT_ALLOWED),
        (samples.docx(), "a.xlsx", F, "", R.TYPE_MISMATCH),
        (
            samples.docx(**{"word/vbaProject.bin": "macro"}),
            "a.docx",
            F,
            "",
            R.TYPE_NOT_ALLOWED,
        ),
        (b"PK\x03\x04" + bytes(80), "a.docx", F, "", R.TYPE_MISMATCH),
        (samples.docx()[:-30], "a.docx", F, "", R.TYPE_MISMATCH),
        (samples.docx()[:9] + samples.docx()[-60:], "a.docx", F, "", R.TYPE_MISMATCH),
        (b"PK\x03\x04PK\x05\x06" + bytes(18), "a.docx", F, "", R.TYPE_NOT_ALLOWED),
        (
            b"PK\x03\x04PK\x05\x06" + bytes(4) + b"\xff" * 8 + bytes(6),
            "a.docx",
            F,
            "",
            R.TYPE_NOT_ALLOWED,
        ),
        ("Họ tên".encode("utf-16"), "a.csv", F, "text/csv", R.TYPE_MISMATCH),
    ],
)
def test_a_file_that_is_not_what_it_claims_is_refused(
    content, name, kind, claimed, reason
):
    with pytest.raises(Refused) as refused:
        typed(content, name, kind, claimed)

    assert refused.value.reason is reason


@given(st.binary(max_size=200), st.sampled_from(sorted(TYPES)))
def test_whatever_the_bytes_the_answer_is_an_allowed_type_or_a_refusal(content, ending):
    try:
        found = typed(content, f"a.{ending}", AssetKind.FILE)
    except Refused:
        return

    assert found in TYPES.values()


def test_a_letter_cut_in_two_at_the_end_of_the_head_is_still_text():
    text = ("ệ" * HEAD_BYTES).encode()

    assert is_text(text[:HEAD_BYTES])
    assert not is_text(text[: HEAD_BYTES - 2])


@pytest.mark.parametrize(
    ("claimed", "shown"),
    [
        ("Kế hoạch.pdf", "Kế hoạch.pdf"),
        ("Ke\u0302\u0301 hoa\u0323ch.pdf", "Kế hoạch.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\an\\bài 1.docx", "bài 1.docx"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\x00b\r\n.png", "ab.png"),
        ("  nhiều   khoảng .csv ", "nhiều khoảng.csv"),
        ("x" * 400 + ".mp4", "x" * 146 + ".mp4"),
    ],
)
def test_a_name_is_shown_without_paths_or_tricks(claimed, shown):
    assert display_name(claimed) == shown


@pytest.mark.parametrize(
    "claimed", ["", "   ", "ten-khong-duoi", ".pdf", "..", "a/", "a.p d", "\u202e.pdf"]
)
def test_a_name_that_cannot_be_used_is_refused(claimed):
    with pytest.raises(Refused) as refused:
        display_name(claimed)

    assert refused.value.reason is R.BAD_NAME


@given(st.text(max_size=300))
def test_a_shown_name_has_no_path_and_nothing_invisible(claimed):
    try:
        shown = display_name(claimed)
    except Refused:
        return

    assert len(shown) <= 300
    assert not set(shown) & set("/\\\x00\r\n\u202e\u2066\u200b")
    assert display_name(shown) == shown
    attachment(shown).encode("latin-1")


def test_a_download_is_named_in_vietnamese_and_in_ascii():
    header = attachment('Đề "án" 06.pdf')

    assert header == (
        'attachment; filename="De an 06.pdf"; '
        "filename*=UTF-8''%C4%90%E1%BB%81%20%22%C3%A1n%22%2006.pdf"
    )


def test_no_kind_may_be_larger_than_any_upload():
    bounds = Bounds(video_max_bytes=1000, image_max_bytes=10)

    assert {kind: bounds.of(kind) for kind in AssetKind} == {
        P: 10,
        V: 1000,
        A: 1000,
        F: 1000,
    }
