"""The jobs behind uploads: renditions of videos, and sweeping up what nobody names.

A transcoding that is started again writes into a folder of its own and replaces all
that an earlier one left, so any number of tries has the effect of one.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import delete, select

from lms.kernel import clock
from lms.kernel.db import db
from lms.kernel.jobs import services as jobs
from media import video
from media.models import Asset, AssetProblem, AssetState, Rendition
from media.rules.files import AssetKind
from media.rules.renditions import (
    LARGEST_SIDE,
    LONGEST_SECONDS,
    Rung,
    ladder,
    master_playlist,
)
from media.settings import settings
from media.storage import Storage

STREAM_FOLDER = "hls-"
MASTER = "master.m3u8"
POSTER = "poster.jpg"
ALMOST_DONE = 99
REPORT_STEP = timedelta(seconds=1)
SAFE_AGE = timedelta(days=2)
"""Longer than any upload or transcoding takes: what is younger may be on its way."""


class Step(StrEnum):
    """What is being done just now, for whoever waits."""

    LOOKING = "looking"
    ENCODING = "encoding"
    STORING = "storing"


@dataclass(frozen=True, slots=True)
class Made:
    """What one run made: stored, but not written to the database yet."""

    film: video.Film
    rungs: tuple[Rung, ...] = ()
    stream: str = ""
    sizes_bytes: dict[str, int] = field(default_factory=dict)
    """Of each rendition by its name, and of the poster."""


class CannotBeShown(Exception):
    """The file is what it claims, and still nothing can be made of it."""

    def __init__(self, problem: AssetProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def request_renditions(asset: Asset, now: datetime) -> None:
    """Queue the making of renditions; without ffmpeg the upload plays as it is."""
    if video.program() is None:
        asset.state = AssetState.READY
        return
    asset.state, asset.problem = AssetState.PROCESSING, None
    key = f"media.transcode:{asset.id}"
    job = jobs.enqueue("media.transcode", {"asset_id": asset.id}, now, key=key)
    asset.job_id = job.id


@jobs.handler("media.transcode", tries=3)
def transcode(job: jobs.Running, payload: dict[str, Any]) -> None:
    asset = db.session.get(Asset, payload["asset_id"])
    if asset is None or asset.state is not AssetState.PROCESSING:
        return
    asset_id, folder = asset.id, asset.folder
    key, content_type = asset.original_key, asset.content_type
    # From here to the end nothing is read, so that encoding holds no transaction.
    job.report(0, Step.LOOKING)
    try:
        with settings().storage.as_file(key) as path:
            made = _make(job, video.opened(path, content_type), folder)
    except video.VideoUnreadable:
        _fail(asset_id, AssetProblem.UNREADABLE)
    except video.TimedOut:
        _fail(asset_id, AssetProblem.TIMED_OUT)
    except CannotBeShown as reason:
        _fail(asset_id, reason.problem)
    else:
        _finish(asset_id, made)


def _make(job: jobs.Running, film: video.Film, folder: str) -> Made:
    size = film.probe.size
    if film.probe.duration_seconds > LONGEST_SECONDS:
        raise CannotBeShown(AssetProblem.TOO_LONG)
    if size is None:
        return Made(film)
    if max(size.width, size.height) > LARGEST_SIDE:
        raise CannotBeShown(AssetProblem.TOO_LARGE)
    rungs = tuple(ladder(size))
    with TemporaryDirectory(dir=settings().scratch) as scratch:
        work = Path(scratch)
        video.make_hls(film, rungs, work, _reporter(job, Step.ENCODING))
        video.make_poster(film, work / POSTER)
        (work / MASTER).write_text(master_playlist(rungs))
        stream = f"{STREAM_FOLDER}{secrets.token_hex(4)}"
        sizes = _store(work, f"{folder}/{stream}", _reporter(job, Step.STORING))
    return Made(film, rungs, stream, sizes)


def _reporter(job: jobs.Running, step: Step) -> video.Progress:
    """Report at most once a second: each report is a commit."""
    last: list[datetime] = []

    def report(percent: int) -> None:
        now = clock.now()
        if not last or now - last[0] >= REPORT_STEP:
            last[:] = [now]
            job.report(percent, step)

    return report


def _store(work: Path, folder: str, progress: video.Progress) -> dict[str, int]:
    """Store all files of *work*; return the bytes under each name at its top."""
    storage, sizes = settings().storage, dict[str, int]()
    with _undone_on_error(storage, folder):
        for path, file in video.files_in(work):
            storage.put(f"{folder}/{path}", file)
            name = path.partition("/")[0]
            sizes[name] = sizes.get(name, 0) + file.stat().st_size
            progress(ALMOST_DONE)
    return sizes


@contextmanager
def _undone_on_error(storage: Storage, folder: str) -> Iterator[None]:
    try:
        yield
    except BaseException:
        storage.delete_folder(folder)
        raise


def _finish(asset_id: int, made: Made) -> None:
    """Write what was made, in the transaction that ends the job."""
    asset = db.session.get(Asset, asset_id)
    if asset is None:
        return
    asset.state = AssetState.READY
    asset.duration_seconds = made.film.probe.duration_seconds
    size = made.film.probe.size
    if size is None:
        return
    asset.width, asset.height = size.width, size.height
    asset.stream_path = f"{made.stream}/{MASTER}"
    if POSTER in made.sizes_bytes:
        asset.poster_path = f"{made.stream}/{POSTER}"
    db.session.execute(delete(Rendition).filter_by(asset_id=asset_id))
    db.session.add_all(_rendition(asset_id, rung, made) for rung in made.rungs)
    _remove_other_streams(asset.folder, made.stream)


def _rendition(asset_id: int, rung: Rung, made: Made) -> Rendition:
    return Rendition(
        asset_id=asset_id,
        name=rung.name,
        width=rung.size.width,
        height=rung.size.height,
        size_bytes=made.sizes_bytes[rung.name],
    )


def _remove_other_streams(folder: str, kept: str) -> None:
    """A worker that was killed left its files; nobody else knows them."""
    storage = settings().storage
    for found in [*storage.contents(folder)]:
        part = found.key.split("/")[1]
        if part.startswith(STREAM_FOLDER) and part != kept:
            storage.delete(found.key)


def _fail(asset_id: int, problem: AssetProblem) -> None:
    asset = db.session.get(Asset, asset_id)
    if asset is not None:
        asset.state, asset.problem = AssetState.FAILED, problem


@jobs.periodic("media.sweep", every=timedelta(days=1))
def sweep(job: jobs.Running, payload: dict[str, Any]) -> None:
    """Remove folders that no asset names: an upload whose transaction was given up."""
    known = set(db.session.scalars(select(Asset.folder)))
    job.release()
    storage, oldest = settings().storage, clock.now() - SAFE_AGE
    for folder in storage.folders():
        unknown = folder not in known
        if unknown and all(
            found.stored_at < oldest for found in storage.contents(folder)
        ):
            storage.delete_folder(folder)
            job.report(0)


def is_video_or_sound(kind: AssetKind) -> bool:
    return kind in (AssetKind.VIDEO, AssetKind.AUDIO)
