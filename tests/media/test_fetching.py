"""Fetching files: by signed address, in part, and safely."""

from datetime import timedelta
from io import BytesIO

import pytest

from lms.kernel import clock
from media.rules.files import AssetKind
from media.services import add_caption, signed_url
from tests.conftest import NINE
from tests.factories import people
from tests.media import samples

TEXT = ("Điều 1. " * 100).encode()


@pytest.fixture
def document(app):
    return samples.asset(people.account(), TEXT, "Quy định.txt")


def test_a_signed_address_opens_for_anyone_and_says_little(document, client):
    answer = client.get(signed_url(document, NINE))

    assert answer.status_code == 200
    assert answer.data == TEXT
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="Quy inh.txt"; '
        "filename*=UTF-8''Quy%20%C4%91%E1%BB%8Bnh.txt"
    ).replace("Quy inh", "Quy dinh")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "private, max-age=14400"


def test_an_address_ends(document, client):
    url = signed_url(document, NINE)

    with clock.frozen(NINE + timedelta(hours=4, microseconds=-1)):
        before = client.get(url).status_code
    with clock.frozen(NINE + timedelta(hours=4)):
        after = client.get(url).status_code

    assert (before, after) == (200, 404)


def tampered(url: str) -> dict[str, str]:
    _, media, s, signature, expires, asset_id, path = url.split("/")
    put = "/".join
    later, flipped = str(int(expires) + 900), signature[:-2] + "AA"
    return {
        "another asset": put(["", media, s, signature, expires, "2", path]),
        "a later end": put(["", media, s, signature, later, asset_id, path]),
        "another signature": put(["", media, s, flipped, expires, asset_id, path]),
        "no signature": put(["", media, s, "x", expires, asset_id, path]),
        "letters": put(["", media, s, "ký", expires, asset_id, path]),
        "a climb": put(["", media, s, signature, expires, asset_id, "../x"]),
        "a hidden climb": put(["", media, s, signature, expires, asset_id, "%2e%2e/x"]),
        "a folder": put(["", media, s, signature, expires, asset_id, "captions"]),
        "a null": put(["", media, s, signature, expires, asset_id, "a%00.jpg"]),
        "what is not there": put(["", media, s, signature, expires, asset_id, "p.jpg"]),
        "a huge end": put(["", media, s, signature, "9" * 30, asset_id, path]),
    }


@pytest.mark.parametrize("what", tampered("/media/s/sig/1/1/original"))
def test_a_changed_address_opens_nothing(document, client, what):
    samples.asset(people.account(), TEXT, "another.txt")

    url = tampered(signed_url(document, NINE))[what]

    assert client.get(url).status_code in (308, 400, 404)


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=5-", 5, len(TEXT)),
        ("bytes=-7", len(TEXT) - 7, len(TEXT)),
        ("bytes=0-999999", 0, len(TEXT)),
    ],
)
def test_a_part_of_a_file_is_sent_alone(document, client, wanted, start, stop):
    answer = client.get(signed_url(document, NINE), headers={"Range": wanted})

    assert answer.status_code == 206
    assert answer.data == TEXT[start:stop]
    assert answer.content_length == stop - start
    whole = len(TEXT)
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{whole}"


def test_a_part_beyond_the_end_cannot_be_sent(document, client):
    url = signed_url(document, NINE)

    assert client.get(url, headers={"Range": "bytes=99999-"}).status_code == 416


def test_what_the_browser_has_is_not_sent_again(document, client):
    url = signed_url(document, NINE)
    first = client.get(url)

    again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert client.head(url).content_length == len(TEXT)


@pytest.mark.parametrize(
    ("content", "name", "kind", "saved", "sandboxed"),
    [
        (samples.PDF, "a.pdf", AssetKind.FILE, False, False),
        (samples.docx(), "a.docx", AssetKind.FILE, True, True),
        (samples.picture(), "a.png", AssetKind.IMAGE, False, True),
        (samples.MP3, "a.mp3", AssetKind.FILE, False, True),
        (b"ten;diem\n", "a.csv", AssetKind.FILE, True, True),
    ],
)
def test_what_browsers_cannot_show_safely_is_saved_to_disk(
    app, client, content, name, kind, saved, sandboxed
):
    asset = samples.asset(people.account(), content, name, kind=kind)

    headers = client.get(signed_url(asset, NINE)).headers

    assert ("attachment" in headers.get("Content-Disposition", "")) is saved
    assert ("sandbox" in headers["Content-Security-Policy"]) is sandboxed


@pytest.mark.parametrize(
    "folder", ["0" * 32, "../etc/passwd", "x", "%00", "..%2f..%2fvar"]
)
def test_a_picture_that_there_is_not_is_not_found(app, client, folder):
    assert client.get(f"/media/images/{folder}").status_code in (400, 404)


def test_a_private_file_has_no_lasting_address(document, client):
    assert client.get(f"/media/images/{document.folder}").status_code == 404


def test_captions_are_kept_replaced_and_taken_away(app, client, sign_in):
    owner = people.account(author="course:7")
    film = samples.asset(owner, samples.clip(), "a.mp4", kind=AssetKind.VIDEO)
    sign_in(owner)
    url = f"/media/assets/{film.id}/captions"

    def send(content: bytes, label: str, language: str = "vi"):
        data = {"language": language, "label": label}
        file = (BytesIO(content), "a.vtt")
        return client.post(url, data=data | {"file": file}, headers=samples.JSON)

    assert send(samples.VTT, "Phụ đề cũ").status_code == 201
    again = send(samples.VTT, "Phụ đề")
    assert again.json == {"captions": [{"language": "vi", "label": "Phụ đề"}]}
    assert len(samples.kept()) == 2
    assert send(b"1\n00:01,0", "Sai").status_code == 409
    assert send(samples.VTT, "Sai", "xx").status_code == 422
    assert send(samples.VTT, "").status_code == 422
    assert len(samples.kept()) == 2
    assert client.post(f"{url}/vi/remove").status_code == 303
    assert samples.kept() == [film.original_key]


def test_captions_belong_to_videos_and_to_their_owner(app, client, sign_in, document):
    film = samples.asset(
        people.account("Ai Đó"), samples.clip(), "a.mp4", kind=AssetKind.VIDEO
    )
    sign_in(people.account("Người Khác", author="course:7"))

    for path in ("captions", "captions/vi/remove"):
        assert client.post(f"/media/assets/{film.id}/{path}").status_code == 404
    assert client.get(f"/media/assets/{film.id}/state").status_code == 404
    with pytest.raises(Exception, match="caption-not-for-a-video"):
        add_caption(document, BytesIO(samples.VTT), "vi", "Phụ đề")
    with pytest.raises(Exception, match="caption-bad-language"):
        add_caption(film, BytesIO(samples.VTT), "fr", "Phụ đề")
