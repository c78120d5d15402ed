"""Taking in files, captions beside videos, addresses to fetch them, and watching."""

import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any

from sqlalchemy import and_, select
from sqlalchemy.exc import IntegrityError

from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.kernel.jobs.models import Job, JobState
from lms.kernel.paging import Page, page_of
from media import pictures, video
from media.models import Asset, AssetProblem, AssetState, Caption, Rendition, Watch
from media.rules import addresses, files, ledger
from media.rules.captions import LANGUAGES, LARGEST_CAPTION_BYTES, checked_caption
from media.rules.files import AssetKind
from media.rules.refusals import MediaRefusal
from media.settings import settings
from media.storage import Received, received
from media.transcoding import Step, is_video_or_sound, request_renditions

MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody sends it: nothing of this is believed yet."""

    stream: IO[bytes]
    name: str
    content_type: str
    kind: AssetKind


def store_upload(upload: Upload, owner_id: int, now: datetime) -> Asset:
    """Take in a file and keep it, or raise Refused and keep nothing.

    The database is not touched before the whole file is in and judged.
    """
    name = files.display_name(upload.name)
    bound = settings().bounds.of(upload.kind)
    with received(upload.stream, bound, settings().scratch) as came:
        type_ = files.checked_type(came.file, name, upload.content_type, upload.kind)
        asset = Asset(
            owner_id=owner_id,
            kind=upload.kind,
            state=AssetState.READY,
            folder=addresses.new_folder(),
            sha256=came.sha256,
            display_name=name,
            content_type=type_,
            size_bytes=came.size_bytes,
            created_at=now,
        )
        content = _judged(asset, came)
        settings().storage.put(asset.original_key, content)
    with _files_undone_on_error(asset.folder):
        db.session.add(asset)
        db.session.flush()
        if is_video_or_sound(asset.kind):
            request_renditions(asset, now)
    return asset


def _judged(asset: Asset, came: Received) -> Any:
    """Return what is kept of the file; pictures are drawn anew."""
    if asset.kind is AssetKind.IMAGE:
        picture = pictures.redrawn(came.file, asset.content_type)
        asset.width, asset.height = picture.width, picture.height
        asset.size_bytes = len(picture.content)
        return picture.content
    if asset.kind is AssetKind.VIDEO and video.program() is None:
        if asset.content_type not in files.PLAYABLE_AS_IT_IS:
            raise Refused(MediaRefusal.NO_CONVERTER)
        asset.duration_seconds = video.length_of(came.file)
    return came.path


@contextmanager
def _files_undone_on_error(folder: str) -> Iterator[None]:
    try:
        yield
    except BaseException:
        settings().storage.delete_folder(folder)
        raise


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an upload is on its way to being shown."""

    state: AssetState
    percent: int
    step: Step | None
    problem: AssetProblem | None


def progress_of(asset: Asset) -> Progress:
    if asset.state is not AssetState.PROCESSING:
        percent = 100 if asset.state is AssetState.READY else 0
        return Progress(asset.state, percent, None, asset.problem)
    job = db.session.get(Job, asset.job_id) if asset.job_id else None
    if job is None or job.state is JobState.DEAD:
        return Progress(AssetState.FAILED, 0, None, AssetProblem.GIVEN_UP)
    step = Step(job.note) if job.note in set(Step) else None
    return Progress(asset.state, job.percent, step, None)


def assets_of(owner_id: int, kind: AssetKind, number: int = 1) -> Page[Asset]:
    """Return what somebody uploaded, newest first."""
    query = select(Asset).filter_by(owner_id=owner_id, kind=kind)
    return page_of(query.order_by(Asset.id.desc()), number)


def own_asset(asset_id: int, owner_id: int, kinds: Collection[AssetKind]) -> Asset:
    """Return an upload that this person may put into a lesson, or raise Refused."""
    asset = db.session.get(Asset, asset_id)
    if asset is None or asset.owner_id != owner_id or asset.kind not in kinds:
        raise Refused(MediaRefusal.NOT_YOURS)
    return asset


def asset_with(asset_id: int) -> Asset | None:
    return db.session.get(Asset, asset_id)


def assets_with(asset_ids: Collection[int], owner_id: int) -> list[Asset]:
    """Return those of these uploads that this person owns, in the order of the ids."""
    query = select(Asset).where(Asset.id.in_(asset_ids), Asset.owner_id == owner_id)
    found = {asset.id: asset for asset in db.session.scalars(query)}
    return [found[key] for key in asset_ids if key in found]


def picture_in(folder: str) -> Asset | None:
    query = select(Asset).filter_by(folder=folder, kind=AssetKind.IMAGE)
    return db.session.scalar(query)


def picture_like(sha256: str) -> Asset | None:
    """Return a picture that came in with just these bytes, the oldest one."""
    query = select(Asset).filter_by(sha256=sha256, kind=AssetKind.IMAGE)
    return db.session.scalar(query.order_by(Asset.id).limit(1))


def content_of(asset: Asset) -> bytes:
    """Return the whole of a file that is small enough to be held."""
    storage = settings().storage
    size = storage.size(asset.original_key)
    return b"".join(storage.read(asset.original_key, 0, size))


def renditions_of(asset: Asset) -> Sequence[Rendition]:
    query = select(Rendition).filter_by(asset_id=asset.id).order_by(Rendition.height)
    return db.session.scalars(query).all()


def picture_address(asset: Asset) -> str:
    """Return the lasting address of a picture in rich text."""
    return f"/media/images/{asset.folder}"


def signed_url(asset: Asset, now: datetime, path: str = "original") -> str:
    """Return an address at which anybody who has it can fetch the file for a while."""
    where = settings()
    expires = addresses.expiry(now, where.address_life)
    return addresses.address(where.address_key, asset.id, expires, path)


def is_genuine(signature: str, asset_id: int, expires: int, now: datetime) -> bool:
    key = settings().address_key
    return addresses.is_genuine(key, signature, asset_id, expires, now)


def add_caption(asset: Asset, file: IO[bytes], language: str, label: str) -> Caption:
    """Keep captions beside a video, in place of those in the same language."""
    if asset.kind is not AssetKind.VIDEO:
        raise Refused(MediaRefusal.NOT_A_VIDEO)
    if language not in LANGUAGES:
        raise Refused(MediaRefusal.BAD_LANGUAGE)
    text = checked_caption(file.read(LARGEST_CAPTION_BYTES + 1))
    remove_caption(asset, language)
    path = f"captions/{language}-{secrets.token_hex(4)}.vtt"
    settings().storage.put(asset.key_of(path), text.encode())
    caption = Caption(asset_id=asset.id, language=language, label=label, path=path)
    db.session.add(caption)
    db.session.flush()
    return caption


def remove_caption(asset: Asset, language: str) -> None:
    """Take away the captions in one language, if there are any."""
    for caption in captions_of(asset):
        if caption.language == language:
            settings().storage.delete(asset.key_of(caption.path))
            db.session.delete(caption)
    db.session.flush()


def captions_of(asset: Asset) -> Sequence[Caption]:
    query = select(Caption).filter_by(asset_id=asset.id).order_by(Caption.id)
    return db.session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class Source:
    url: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Track:
    url: str
    language: str
    label: str


@dataclass(frozen=True, slots=True)
class Playback:
    """All that the player needs to show one video to one person."""

    asset: Asset
    sources: tuple[Source, ...]
    captions: tuple[Track, ...]
    poster: str | None
    position: float
    percent: int


HLS = "application/vnd.apple.mpegurl"


def playback_of(asset_id: int, account_id: int, now: datetime) -> Playback | None:
    """Return what the player macro asks for; two queries, however long the video."""
    watched = and_(Watch.asset_id == Asset.id, Watch.account_id == account_id)
    query = select(Asset, Watch).outerjoin(Watch, watched)
    row = db.session.execute(query.where(Asset.id == asset_id)).first()
    return _playback(row[0], row[1], now) if row else None


def playback(asset: Asset, account_id: int, now: datetime) -> Playback:
    """Return the same for an asset that is at hand."""
    watched = db.session.scalar(_watch_query(asset.id, account_id))
    return _playback(asset, watched, now)


def _playback(asset: Asset, watched: Watch | None, now: datetime) -> Playback:
    position = watched.position_seconds if watched else 0.0
    poster = asset.poster_path
    return Playback(
        asset=asset,
        sources=tuple(_sources(asset, now)),
        captions=tuple(
            Track(signed_url(asset, now, c.path), c.language, c.label)
            for c in captions_of(asset)
        ),
        poster=signed_url(asset, now, poster) if poster else None,
        position=ledger.resume_at(position, asset.duration_seconds),
        percent=_percent(watched, asset.duration_seconds),
    )


def _sources(asset: Asset, now: datetime) -> Iterator[Source]:
    """Yield the stream first; the upload itself serves where scripts do not run."""
    if asset.state is AssetState.READY and asset.stream_path:
        yield Source(signed_url(asset, now, asset.stream_path), HLS)
    is_sound = asset.kind is AssetKind.AUDIO
    if asset.state is AssetState.READY and (
        is_sound or asset.content_type in files.PLAYABLE_AS_IT_IS
    ):
        yield Source(signed_url(asset, now), asset.content_type)


def watch(  # noqa: PLR0913 -- a report has this many parts
    *,
    asset_id: int,
    account_id: int,
    played: Any,
    position: Any,
    rate: Any,
    now: datetime,
) -> int:
    """Write down what was played, as far as the clock allows; return percent watched.

    A report that makes no sense is Refused.
    """
    report = ledger.read_report(played, position, rate)
    duration = db.session.scalar(select(Asset.duration_seconds).filter_by(id=asset_id))
    row = _watch_row(asset_id, account_id, now)
    elapsed = (now - row.updated_at) // MILLISECOND
    length = round((duration or 0) * 1000)
    after = ledger.credit_report(row.ledger, report, elapsed, length)
    row.covered = [list(part) for part in after.covered]
    row.allowance_ms = after.allowance_ms
    row.position_seconds = report.position_ms / 1000
    row.updated_at = max(now, row.updated_at)
    return ledger.percent(after.covered, length)


def _watch_query(asset_id: int, account_id: int) -> Any:
    return select(Watch).filter_by(asset_id=asset_id, account_id=account_id)


def _watch_row(asset_id: int, account_id: int, now: datetime) -> Watch:
    """Return the row, locked: two tabs that report at once wait for each other."""
    query = _watch_query(asset_id, account_id).with_for_update()
    found: Watch | None = db.session.scalar(query)
    if found is not None:
        return found
    row = Watch(asset_id=asset_id, account_id=account_id, updated_at=now)
    row.covered, row.allowance_ms = [], ledger.SLACK_MS
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # Another tab was faster by a moment.
        locked: Watch = db.session.execute(query).scalar_one()
        return locked
    return row


def _percent(watched: Watch | None, duration_seconds: float | None) -> int:
    if watched is None:
        return 0
    return ledger.percent(watched.ledger.covered, round((duration_seconds or 0) * 1000))


def percent_watched(asset_id: int, account_id: int) -> int:
    """Return how much of a video this person has really played, 0 to 100."""
    return percents_watched([asset_id], account_id)[asset_id]


def percents_watched(asset_ids: Collection[int], account_id: int) -> dict[int, int]:
    """Return the same for many videos, in one query."""
    query = (
        select(Watch, Asset.duration_seconds)
        .join(Asset, Asset.id == Watch.asset_id)
        .where(Watch.account_id == account_id, Watch.asset_id.in_(asset_ids))
    )
    found = {row.asset_id: _percent(row, dur) for row, dur in db.session.execute(query)}
    return {asset_id: found.get(asset_id, 0) for asset_id in asset_ids}
