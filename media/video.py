"""Video and sound through ffmpeg: the only file that imports ffmpeg-python.

The program is the system's own ``ffmpeg`` if there is one, else the one that the wheel
``imageio-ffmpeg`` brings; that wheel has no ``ffprobe``, so what ``ffmpeg -i`` says is
read instead.  An upload is a stranger's file: its container is named to ffmpeg and not
guessed, only local files may be opened, and every run ends at a time-out.
"""

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

import ffmpeg

from media.rules.renditions import AUDIO_KILOBITS, SEGMENT_SECONDS, Rung, Size

PROBE_SECONDS = 60
POSTER_SECONDS = 120
SHORTEST_LIMIT_SECONDS = 15 * 60
SECONDS_PER_SECOND = 20
"""How long encoding may take for each second of video, on a slow and busy machine."""

POSTER_HEIGHT = 720
NICENESS = 10
DEMUXERS = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "audio/mp4": "mov",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
    "audio/mpeg": "mp3",
}

Progress = Callable[[int], None]


class VideoUnreadable(Exception):
    """ffmpeg can make nothing of the file."""


class TimedOut(Exception):
    """ffmpeg was stopped because it took too long."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What ffmpeg says of a file."""

    duration_seconds: float
    size: Size | None
    """As it is shown: upright when a phone says so.  None for sound alone."""
    has_audio: bool


@dataclass(frozen=True, slots=True)
class Film:
    """A file that ffmpeg can read."""

    path: Path
    content_type: str
    probe: Probe

    @property
    def options(self) -> dict[str, str]:
        # A playlist in a film's clothes could name any file or address to be read.
        return {"protocol_whitelist": "file", "format": DEMUXERS[self.content_type]}


@cache
def program() -> str | None:
    """Return the path of ffmpeg, or None where there is none."""
    if found := shutil.which("ffmpeg"):
        return found
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return None


def opened(path: Path, content_type: str) -> Film:
    """Look into a file, or raise VideoUnreadable."""
    demuxer = DEMUXERS[content_type]
    safely = ["-protocol_whitelist", "file", "-f", demuxer]
    command = [*_start(), *safely, "-i", str(path)]
    try:
        # ffmpeg ends with an error, for no output is asked for; its words are wanted.
        told = subprocess.run(  # noqa: S603 -- no shell, and the path is ours
            command, capture_output=True, timeout=PROBE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise TimedOut from None
    return Film(path, content_type, read_probe(told.stderr.decode("utf-8", "replace")))


_DURATION = re.compile(r"^  Duration: (\d+):(\d\d):(\d\d\.\d+)", re.MULTILINE)
_VIDEO = re.compile(
    r"^ +Stream #0:\d+.*: Video: (?!.*attached pic).*?, (\d+)x(\d+)"
    r"(?: \[SAR (\d+):(\d+) DAR \d+:\d+\])?",
    re.MULTILINE,
)
_AUDIO = re.compile(r"^ +Stream #0:\d+.*: Audio: ", re.MULTILINE)
_TURNED = re.compile(r"rotation of -?(?:90|270)\.00 degrees")


def read_probe(told: str) -> Probe:
    """Read what ``ffmpeg -i`` writes for people."""
    duration, video = _DURATION.search(told), _VIDEO.search(told)
    audio = _AUDIO.search(told)
    if duration is None or not (video or audio):
        raise VideoUnreadable
    hours, minutes, seconds = duration.groups()
    length = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    return Probe(length, _shown_size(video, told), audio is not None)


def _shown_size(video: re.Match[str] | None, told: str) -> Size | None:
    if video is None:
        return None
    width, height = int(video[1]), int(video[2])
    if video[3] and int(video[3]) and int(video[4]):
        width = round(width * int(video[3]) / int(video[4]))
    return Size(height, width) if _TURNED.search(told) else Size(width, height)


def make_hls(
    film: Film, rungs: Sequence[Rung], folder: Path, progress: Progress
) -> None:
    """Write one HLS playlist with its segments for each rung into *folder*.

    *progress* is called about once a second with a percentage; whatever it raises stops
    the encoding.
    """
    source = ffmpeg.input(str(film.path), **film.options)
    branches = source.video.split() if len(rungs) > 1 else [source.video]
    sound = source.audio if film.probe.has_audio else None
    outputs = [
        _hls_output(branches[i], sound, rung, folder / rung.name)
        for i, rung in enumerate(rungs)
    ]
    command = ffmpeg.merge_outputs(*outputs).compile(
        cmd=_start(), overwrite_output=True
    )
    length = film.probe.duration_seconds
    limit = max(SHORTEST_LIMIT_SECONDS, length * SECONDS_PER_SECOND)
    _run(command, limit, length, progress)


def _hls_output(pictures: Any, sound: Any, rung: Rung, folder: Path) -> Any:
    folder.mkdir(parents=True)
    scaled = pictures.filter("scale", rung.size.width, rung.size.height)
    streams = [scaled.filter("setsar", 1)]
    sounding: dict[str, Any] = {}
    if sound is not None:
        streams.append(sound)
        sounding = {"acodec": "aac", "b:a": f"{AUDIO_KILOBITS}k", "ac": 2, "ar": 48000}
    return ffmpeg.output(
        *streams,
        str(folder / "index.m3u8"),
        **sounding,
        vcodec="libx264",
        preset="veryfast",
        crf=23,
        maxrate=f"{rung.kilobits}k",
        bufsize=f"{rung.kilobits * 2}k",
        pix_fmt="yuv420p",
        # A segment can only begin at a key frame.
        force_key_frames=f"expr:gte(t,n_forced*{SEGMENT_SECONDS})",
        sc_threshold=0,
        fpsmax=30,
        map_metadata=-1,
        format="hls",
        hls_time=SEGMENT_SECONDS,
        hls_playlist_type="vod",
        hls_segment_type="fmp4",
        hls_fmp4_init_filename="init.mp4",
        hls_segment_filename=str(folder / "s%05d.m4s"),
        hls_flags="independent_segments",
    )


def make_poster(film: Film, target: Path) -> None:
    """Write one picture of the video, from a tenth of the way in."""
    length = film.probe.duration_seconds
    source = ffmpeg.input(str(film.path), **film.options, ss=length / 10)
    scaled = source.video.filter("scale", -2, f"min({POSTER_HEIGHT},ih)")
    output = ffmpeg.output(
        scaled, str(target), vframes=1, format="image2", map_metadata=-1, update=1
    )
    command = output.compile(cmd=_start(), overwrite_output=True)
    _run(command, POSTER_SECONDS, length, lambda percent: None)


def _start() -> list[str]:
    found = program()
    if found is None:
        raise VideoUnreadable("there is no ffmpeg on this machine")
    return [found, "-hide_banner", "-nostdin"]


def _run(
    command: list[str], limit_seconds: float, length_seconds: float, progress: Progress
) -> None:
    """Run ffmpeg to its end, telling *progress*; it never outlives this call."""
    telling = ["-loglevel", "error", "-nostats", "-progress", "pipe:1"]
    with _started([command[0], *telling, *command[1:]], limit_seconds) as running:
        process, late = running
        for line in process.stdout or ():
            name, _, value = line.partition("=")
            if name == "out_time_us" and value.strip().isdigit():
                done = int(value) / 1_000_000 / max(length_seconds, 0.001)
                progress(min(99, int(done * 100)))
        process.wait()
    if late.is_set():
        raise TimedOut
    if process.returncode != 0:
        raise VideoUnreadable


@contextmanager
def _started(
    command: list[str], limit_seconds: float
) -> Iterator[tuple[subprocess.Popen[str], threading.Event]]:
    late = threading.Event()
    with subprocess.Popen(  # noqa: S603 -- no shell, and every word of it is ours
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        text=True,
    ) as process:
        _step_back(process)
        timer = threading.Timer(limit_seconds, _stop, (process, late))
        timer.start()
        try:
            yield process, late
        finally:
            timer.cancel()
            process.kill()


def _step_back(process: subprocess.Popen[str]) -> None:
    """Let people's requests go first on this machine."""
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)


def _stop(process: subprocess.Popen[str], late: threading.Event) -> None:
    late.set()
    process.kill()


def files_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield each file under *folder* with its path relative to it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def length_of(file: IO[bytes]) -> float | None:
    """Return the seconds an MP4 states in its header, where there is no ffmpeg."""
    return _movie_length(file, 0, file.seek(0, 2))


def _movie_length(file: IO[bytes], at: int, end: int) -> float | None:
    while at + 8 <= end:
        file.seek(at)
        size, name = int.from_bytes(file.read(4)), file.read(4)
        body = at + 8
        if size == 1:
            size, body = int.from_bytes(file.read(8)), at + 16
        stop = end if size == 0 else at + size
        if stop < body or stop > end:
            return None
        if name == b"moov":
            return _movie_length(file, body, stop)
        if name == b"mvhd":
            return _header_length(file, body)
        at = stop
    return None


def _header_length(file: IO[bytes], body: int) -> float | None:
    file.seek(body)
    wide = file.read(1) == b"\x01"
    file.seek(body + (20 if wide else 12))
    scale = int.from_bytes(file.read(4))
    length = int.from_bytes(file.read(8 if wide else 4))
    return length / scale if scale else None
