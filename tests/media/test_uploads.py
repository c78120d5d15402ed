"""Sending files: what is kept, and what is refused and leaves nothing."""

from io import BytesIO
from zlib import crc32

import pytest
from PIL import Image
from sqlalchemy import func, select

from lms.kernel.db import db
from lms.kernel.jobs.models import Job
from lms.kernel.wording import say
from media.models import Asset, AssetState
from media.rules.files import AssetKind
from media.services import assets_of, own_asset
from media.settings import settings
from tests.factories import people
from tests.media import samples

JSON = samples.JSON
FORM = "multipart/form-data"


@pytest.fixture
def author(app, sign_in):
    person = people.account(author="course:7")
    sign_in(person)
    return person


def assets() -> int:
    return db.session.scalar(select(func.count()).select_from(Asset))


def test_an_author_stores_a_document(author, client):
    answer = samples.post(client, samples.PDF, "Kế hoạch 06.pdf")

    assert answer.status_code == 201
    assert answer.json["state"] == "ready"
    asset = db.session.get(Asset, answer.json["id"])
    assert asset.owner_id == author.id
    assert asset.display_name == "Kế hoạch 06.pdf"
    assert asset.content_type == "application/pdf"
    assert samples.kept() == [asset.original_key]


def test_a_small_file_may_also_come_as_a_form(author, client):
    data = {"kind": "file", "file": (BytesIO(samples.docx()), "Mẫu đơn.docx")}

    answer = client.post("/media/assets", data=data, headers=JSON)

    assert answer.json["name"] == "Mẫu đơn.docx"


def test_a_picture_is_drawn_anew_without_what_the_camera_wrote(author, client):
    exif = Image.Exif()
    exif[0x010E] = "at home"
    exif[0x0112] = 6
    sent = samples.picture("JPEG", (40, 20), exif=exif) + b"<script>hidden</script>"

    answer = client.post(
        "/media/images", data={"file": (BytesIO(sent), "a.jpg")}, headers=JSON
    )

    assert answer.status_code == 201
    shown = client.get(answer.json["url"])
    assert shown.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert b"at home" not in shown.data
    assert b"hidden" not in shown.data
    with Image.open(BytesIO(shown.data)) as image:
        assert image.size == (20, 40)
    assert (answer.json["width"], answer.json["height"]) == (20, 40)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF"])
def test_a_large_picture_is_made_smaller(author, client, form):
    sent = samples.picture(form, (4000, 2000))

    answer = client.post(
        "/media/images", data={"file": (BytesIO(sent), f"a.{form}")}, headers=JSON
    )

    assert (answer.json["width"], answer.json["height"]) == (1920, 960)


def test_a_picture_for_print_becomes_one_for_screens(author, client):
    sent = BytesIO()
    Image.new("CMYK", (8, 8)).save(sent, "JPEG")
    sent.seek(0)

    answer = client.post("/media/images", data={"file": (sent, "a.jpg")}, headers=JSON)

    with Image.open(BytesIO(client.get(answer.json["url"]).data)) as image:
        assert image.mode == "RGB"


def test_a_form_without_a_file_is_refused(author, client):
    answer = client.post(
        "/media/images", data={"words": "x"}, headers=JSON, content_type=FORM
    )

    assert answer.json["error"] == say("file-empty")


def test_an_upload_that_cannot_be_written_down_leaves_no_file(author, monkeypatch):
    def break_down():
        raise RuntimeError("the database is away")

    monkeypatch.setattr(db.session, "flush", break_down)
    with pytest.raises(RuntimeError):
        samples.asset(author, samples.PDF, "a.pdf")

    assert samples.kept() == []


def test_what_somebody_uploaded_is_listed_newest_first(author):
    for name in ("a.pdf", "b.pdf"):
        samples.asset(author, samples.PDF, name)

    page = assets_of(author.id, AssetKind.FILE)

    assert [asset.display_name for asset in page.items] == ["b.pdf", "a.pdf"]
    assert assets_of(author.id, AssetKind.VIDEO).total == 0


def test_a_moving_picture_goes_on_moving(author, client):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    sent = BytesIO()
    frames[0].save(sent, "GIF", save_all=True, append_images=frames[1:])
    sent.seek(0)

    answer = client.post("/media/images", data={"file": (sent, "a.gif")}, headers=JSON)

    with Image.open(BytesIO(client.get(answer.json["url"]).data)) as image:
        assert image.n_frames == 2


BOMB = samples.picture("PNG", (8000, 6000))


@pytest.mark.parametrize(
    ("content", "name", "given", "word"),
    [
        (b"", "a.pdf", {}, "file-empty"),
        (samples.PDF, "", {}, "file-bad-name"),
        (samples.PDF, "khong-duoi", {}, "file-bad-name"),
        (samples.PDF, "../..", {}, "file-bad-name"),
        (samples.SVG, "a.svg", {"kind": "image"}, "file-type-not-allowed"),
        (samples.SVG, "a.png", {"kind": "image"}, "file-type-mismatch"),
        (samples.HTML, "a.html", {}, "file-type-not-allowed"),
        (samples.HTML, "a.txt", {"type": "text/html"}, "file-type-not-allowed"),
        (samples.PROGRAM, "a.exe", {}, "file-type-not-allowed"),
        (samples.PROGRAM, "a.docx", {}, "file-type-mismatch"),
        (samples.PDF, "a.mp4", {"kind": "video"}, "file-type-mismatch"),
        (samples.PDF, "a.pdf", {"kind": "video"}, "file-type-not-allowed"),
        (samples.archive({"a": "b"}), "a.docx", {}, "file-type-not-allowed"),
        (samples.picture()[:40], "a.png", {"kind": "image"}, "picture-unreadable"),
        (b"\xff\xd8\xff" + b"x" * 99, "a.jpg", {"kind": "image"}, "picture-unreadable"),
        (BOMB, "a.png", {"kind": "image"}, "picture-too-large"),
        (bytes(9 * 2**20), "a.png", {"kind": "image"}, "file-too-large"),
    ],
)
def test_a_wrong_file_is_refused_in_words_and_leaves_nothing(
    author, client, content, name, given, word
):
    answer = samples.post(client, content, name, **given)

    assert answer.status_code == 409
    assert answer.json["error"] == say(word)
    assert samples.kept() == []
    assert assets() == 0


def test_a_name_cannot_lead_anywhere(author, client):
    answer = samples.post(client, samples.PDF, "../../../etc/cron.d/x.pdf")

    asset = db.session.get(Asset, answer.json["id"])
    assert asset.display_name == "x.pdf"
    assert samples.kept() == [f"{asset.folder}/original"]


@pytest.mark.parametrize("kind", ["", "caption", "svg", "VIDEO", "image\x00"])
def test_a_kind_that_there_is_not_is_refused(author, client, kind):
    assert samples.post(client, samples.PDF, "a.pdf", kind=kind).status_code == 400
    assert samples.kept() == []


@pytest.mark.parametrize(
    ("content_type", "bound"),
    [
        ("video/mp4", "video_max_bytes"),
        ("multipart/form-data; boundary=x", "image_max_bytes"),
    ],
)
def test_a_body_that_says_it_is_too_large_is_not_even_read(
    author, client, content_type, bound
):
    length = getattr(settings().bounds, bound) + 2**20

    answer = client.post(
        "/media/assets?kind=video&name=a.mp4",
        input_stream=BytesIO(b"x"),
        content_type=content_type,
        environ_overrides={"CONTENT_LENGTH": str(length)},
        headers=JSON,
    )

    assert answer.status_code == 413
    assert samples.kept() == []


def test_a_large_body_passes_the_check_of_its_token(author, client, app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    film = samples.clip() + bytes(4 * 2**20)
    page = client.get("/sign-in?next=/account", follow_redirects=True).text
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    address, type_ = "/media/assets?kind=video&name=a.mp4", "video/mp4"

    without = client.post(address, data=film, content_type=type_, headers=JSON)
    with_it = client.post(
        address, data=film, content_type=type_, headers=JSON | {"X-CSRFToken": token}
    )

    assert without.status_code == 400
    assert with_it.status_code == 201


@pytest.mark.parametrize("url", ["/media/assets?kind=file&name=a.pdf", "/media/images"])
def test_who_writes_no_course_uploads_nothing(app, client, sign_in, url):
    stranger = client.post(url, data=samples.PDF, headers=JSON)
    sign_in(people.account())
    learner = client.post(url, data=samples.PDF, headers=JSON)

    assert stranger.status_code in (302, 401)
    assert learner.status_code == 403
    assert samples.kept() == []


def test_without_ffmpeg_a_video_plays_as_it_is(author, client, monkeypatch):
    film = samples.clip()
    monkeypatch.setattr("media.video.program", lambda: None)

    sent = samples.post(client, film, "a.mp4", kind="video")
    other = samples.post(client, b"\x1a\x45\xdf\xa3", "a.mkv", kind="video")

    asset = db.session.get(Asset, sent.json["id"])
    assert asset.state is AssetState.READY
    assert asset.duration_seconds == pytest.approx(1, abs=0.2)
    assert db.session.scalar(select(func.count()).select_from(Job)) == 0
    assert other.json["error"] == say("video-no-converter")


def test_only_ones_own_upload_goes_into_ones_lesson(author):
    other = people.account("Trần Thị Bình")
    asset = samples.asset(other, samples.PDF, "a.pdf")

    for asset_id, kinds in [(asset.id, AssetKind), (99, AssetKind)]:
        with pytest.raises(Exception, match="file-not-yours"):
            own_asset(asset_id, author.id, kinds)
    with pytest.raises(Exception, match="file-not-yours"):
        own_asset(asset.id, other.id, [AssetKind.VIDEO])
    assert own_asset(asset.id, other.id, [AssetKind.FILE]) is asset


def test_a_picture_that_would_fill_the_memory_is_refused_by_its_header(author, client):
    small = samples.picture("PNG")
    header = b"IHDR" + (100_000).to_bytes(4) * 2 + small[24:29]
    sent = small[:12] + header + crc32(header).to_bytes(4) + small[33:]

    answer = samples.post(client, sent, "a.png", kind="image")

    assert answer.json["error"] == say("picture-too-large")
