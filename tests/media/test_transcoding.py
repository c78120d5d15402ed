"""A real clip through the real job."""

from datetime import timedelta
from io import BytesIO

import pytest

from lms.kernel import clock
from lms.kernel.db import db
from lms.kernel.jobs import services as jobs
from lms.kernel.jobs.models import Job
from lms.kernel.wording import label
from media import transcoding, video
from media.models import Asset, AssetProblem, AssetState
from media.rules.renditions import Size
from media.services import playback, renditions_of
from media.settings import settings
from tests.conftest import NINE
from tests.factories import people
from tests.media import samples

UPRIGHT = """
Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'phone.mov':
  Duration: 01:02:03.50, start: 0.000000, bitrate: 16075 kb/s
  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p, \
1920x1080 [SAR 1:1 DAR 16:9], 15907 kb/s, 29.98 fps (default)
    Side data:
      displaymatrix: rotation of -90.00 degrees
  Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, mono, fltp
"""
BROAD = """
  Duration: 00:00:10.00, start: 0.000000, bitrate: 16075 kb/s
  Stream #0:0: Video: dvvideo, yuv411p, 720x480 [SAR 8:9 DAR 4:3], 25000 kb/s
"""
SONG = """
  Duration: 00:03:00.10, start: 0.000000, bitrate: 128 kb/s
  Stream #0:0: Audio: mp3, 44100 Hz, stereo, fltp, 128 kb/s
  Stream #0:1: Video: mjpeg, yuvj420p(pc), 500x500 [SAR 1:1 DAR 1:1], (attached pic)
"""


@pytest.fixture
def author(app, sign_in):
    person = people.account(author="course:7")
    sign_in(person)
    return person


def made(content: bytes, client, name: str = "a.mp4", kind: str = "video") -> Asset:
    sent = samples.post(client, content, name, kind=kind)
    jobs.run_one(NINE)
    return db.session.get(Asset, sent.json["id"])


def test_a_clip_becomes_a_stream_with_a_poster(author, client):
    sent = samples.post(client, samples.clip(1, "640x480"), "Bài 1.mp4", kind="video")
    assert (sent.json["state"], sent.json["percent"]) == ("processing", 0)

    assert jobs.run_one(NINE)

    state = client.get(f"/media/assets/{sent.json['id']}/state").json
    assert (state["state"], state["percent"]) == ("ready", 100)
    asset = db.session.get(Asset, sent.json["id"])
    assert asset.duration_seconds == pytest.approx(1, abs=0.1)
    assert (asset.width, asset.height) == (640, 480)
    assert [(r.name, r.width) for r in renditions_of(asset)] == [
        ("360p", 480),
        ("480p", 640),
    ]
    shown = playback(asset, asset.owner_id, NINE)
    assert client.get(shown.poster).data[:3] == b"\xff\xd8\xff"
    assert follow(client, shown.sources[0].url) == [
        "application/vnd.apple.mpegurl",
        "application/vnd.apple.mpegurl",
        "video/mp4",
        "video/iso.segment",
    ]
    assert list(settings().scratch.iterdir()) == []


def follow(client, url: str) -> list[str]:
    """Fetch a stream as a player does, by the relative addresses it reads."""
    master = client.get(url)
    second = url.rsplit("/", 1)[0] + "/" + master.text.split()[-1]
    playlist = client.get(second)
    folder = second.rsplit("/", 1)[0]
    assert '#EXT-X-MAP:URI="init.mp4"' in playlist.text
    found = [master, playlist]
    found += [client.get(f"{folder}/{name}") for name in ("init.mp4", "s00000.m4s")]
    assert [answer.status_code for answer in found] == [200] * 4
    return [answer.mimetype for answer in found]


def test_doing_it_twice_is_doing_it_once(author, client):
    asset = made(samples.clip(), client)
    before = sorted(samples.kept())

    jobs.enqueue("media.transcode", {"asset_id": asset.id}, NINE)
    db.session.commit()
    assert jobs.run_one(NINE)

    assert sorted(samples.kept()) == before


def test_a_try_that_was_killed_leaves_nothing_in_the_end(author, client):
    sent = samples.post(client, samples.clip(), "a.mp4", kind="video")
    asset = db.session.get(Asset, sent.json["id"])
    settings().storage.put(asset.key_of("hls-dead/360p/s00000.m4s"), b"half")

    jobs.run_one(NINE)

    asset = db.session.get(Asset, sent.json["id"])
    assert not [key for key in samples.kept() if "hls-dead" in key]
    assert asset.state is AssetState.READY


def test_a_worker_that_lost_its_hold_removes_what_it_made(author, client, monkeypatch):
    samples.post(client, samples.clip(), "a.mp4", kind="video")
    store = transcoding._store

    def lose_hold_first(work, folder, progress):
        job = db.session.query(Job).one()
        job.token = "another worker"
        db.session.commit()
        monkeypatch.setattr(transcoding, "REPORT_STEP", timedelta(0))
        return store(work, folder, progress)

    monkeypatch.setattr(transcoding, "_store", lose_hold_first)
    jobs.run_one(NINE)

    assert [key.split("/")[1] for key in samples.kept()] == ["original"]
    assert db.session.query(Asset).one().state is AssetState.PROCESSING


@pytest.mark.parametrize("name", ["a.mp4", "a.mov"])
def test_a_broken_video_says_so_and_leaves_only_itself(author, client, name):
    broken = samples.clip()[:300] + bytes(5000)

    asset = made(broken, client, name)

    state = client.get(f"/media/assets/{asset.id}/state").json
    assert state["state"] == "failed"
    assert state["words"] == label(AssetProblem.UNREADABLE)
    assert samples.kept() == [asset.original_key]


def test_a_video_that_takes_too_long_is_stopped(author, client, monkeypatch):
    monkeypatch.setattr(video, "SHORTEST_LIMIT_SECONDS", 0)
    monkeypatch.setattr(video, "SECONDS_PER_SECOND", 0.001)

    asset = made(samples.clip(), client)

    assert asset.problem is AssetProblem.TIMED_OUT
    assert samples.kept() == [asset.original_key]


@pytest.mark.parametrize(
    ("limit", "value", "problem"),
    [
        ("LONGEST_SECONDS", 0.5, AssetProblem.TOO_LONG),
        ("LARGEST_SIDE", 100, AssetProblem.TOO_LARGE),
    ],
)
def test_a_video_beyond_the_bounds_is_refused(
    author, client, monkeypatch, limit, value, problem
):
    monkeypatch.setattr(transcoding, limit, value)

    assert made(samples.clip(), client).problem is problem


def test_a_sound_file_learns_its_length(author, client):
    folder = settings().scratch
    film = folder / "clip.mp4"
    film.write_bytes(samples.clip())
    sound = folder / "sound.m4a"
    command = [video.program(), "-loglevel", "error", "-i", str(film), "-vn"]
    video.subprocess.run([*command, "-c:a", "copy", str(sound)], check=True)
    content = sound.read_bytes()

    asset = made(content, client, "a.m4a", "audio")

    assert asset.state is AssetState.READY
    assert asset.duration_seconds == pytest.approx(1, abs=0.2)
    assert playback(asset, asset.owner_id, NINE).sources[0].content_type == "audio/mp4"


def test_a_job_that_was_given_up_is_said_so(author, client):
    sent = samples.post(client, samples.clip(), "a.mp4", kind="video")
    db.session.query(Job).one().state = "dead"
    db.session.commit()

    state = client.get(f"/media/assets/{sent.json['id']}/state").json

    assert state["words"] == label(AssetProblem.GIVEN_UP)


def test_progress_is_told_at_most_once_a_second(author, client, monkeypatch):
    told = []

    class Telling:
        def report(self, percent, note):
            told.append((percent, note))

    report = transcoding._reporter(Telling(), transcoding.Step.ENCODING)
    report(1)
    report(2)
    with clock.frozen(NINE + timedelta(seconds=1)):
        report(3)

    assert told == [(1, "encoding"), (3, "encoding")]


def test_what_no_row_names_is_swept_up_when_it_is_old(author, client):
    asset = samples.asset(author, samples.PDF, "a.pdf")
    settings().storage.put(f"{'f' * 32}/original", b"left over")

    class Idle:
        def release(self):
            db.session.commit()

        def report(self, percent):
            db.session.commit()

    transcoding.sweep(Idle(), {})
    young = len(samples.kept())
    with clock.frozen(clock.now() + timedelta(days=3650)):
        transcoding.sweep(Idle(), {})

    assert young == 2
    assert samples.kept() == [asset.original_key]


@pytest.mark.parametrize(
    ("told", "seconds", "size", "has_audio"),
    [
        (UPRIGHT, 3723.5, Size(1080, 1920), True),
        (BROAD, 10, Size(640, 480), False),
        (SONG, 180.1, None, True),
    ],
)
def test_what_ffmpeg_tells_people_is_read(told, seconds, size, has_audio):
    assert video.read_probe(told) == video.Probe(seconds, size, has_audio)


@pytest.mark.parametrize(
    "told",
    [
        "",
        "Invalid data found",
        "  Duration: N/A, start: 0",
        UPRIGHT.partition("Stream")[0],
    ],
)
def test_what_ffmpeg_cannot_read_is_unreadable(told):
    with pytest.raises(video.VideoUnreadable):
        video.read_probe(told)


def box(name: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4) + name + body


SHORT_HEADER = bytes(12) + (1000).to_bytes(4) + (2500).to_bytes(4)
LONG_HEADER = b"\x01" + bytes(19) + (1000).to_bytes(4) + (2500).to_bytes(8)


@pytest.mark.parametrize(
    ("content", "seconds"),
    [
        (box(b"free", b"") + box(b"moov", box(b"mvhd", SHORT_HEADER)), 2.5),
        (box(b"moov", box(b"trak", b"") + box(b"mvhd", LONG_HEADER)), 2.5),
        (bytes(4) + b"moov" + box(b"mvhd", SHORT_HEADER), 2.5),
        ((1).to_bytes(4) + b"free" + (16).to_bytes(8), None),
        (box(b"moov", box(b"mvhd", bytes(20))), None),
        (box(b"moov", b""), None),
        ((4).to_bytes(4) + b"moov" + bytes(9), None),
        ((999).to_bytes(4) + b"moov" + bytes(9), None),
        (b"", None),
    ],
)
def test_the_length_of_an_mp4_is_read_from_its_header(content, seconds):
    assert video.length_of(BytesIO(content)) == seconds
