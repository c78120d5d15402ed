"""Answers that carry a file: ranges, names, and what the browser may do with it.

The only file besides the views that knows HTTP.  What people uploaded is never trusted
to be harmless: it is served with its own type, may not run anything, and is saved to
disk unless browsers can show it safely.
"""

import hashlib
from pathlib import PurePosixPath

from flask import Request, Response, abort

from media.models import Asset
from media.rules.addresses import is_key
from media.rules.files import INLINE, attachment
from media.settings import settings
from media.storage import NotStored

SANDBOX = (
    "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; "
    "style-src 'unsafe-inline'"
)
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
"""Browsers show a PDF in a viewer of their own, which a sandbox would keep shut."""

MADE_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".vtt": "text/vtt",
}
"""What we make ourselves, by the ending of its path."""

LASTING = "public, max-age=31536000, immutable"


def private(request: Request, asset: Asset, path: str, seconds_left: float) -> Response:
    """Answer with one file of an asset, to whoever holds a signed address of it."""
    key = asset.key_of(path)
    if not is_key(key):
        abort(404)
    is_original = key == asset.original_key
    made = MADE_TYPES.get(PurePosixPath(path).suffix)
    content_type = asset.content_type if is_original else made
    if content_type is None:
        abort(404)
    cache = f"private, max-age={max(0, int(seconds_left))}"
    answer = _answer(request, key, content_type, cache)
    if content_type not in INLINE and is_original:
        answer.headers["Content-Disposition"] = attachment(asset.display_name)
    return answer


def lasting(request: Request, key: str, content_type: str) -> Response:
    """Answer with a file whose address never changes what it shows."""
    return _answer(request, key, content_type, LASTING)


def _answer(request: Request, key: str, content_type: str, cache: str) -> Response:
    storage = settings().storage
    try:
        size = storage.size(key)
    except NotStored:
        abort(404)
    answer = Response(content_type=_with_charset(content_type))
    answer.headers["Cache-Control"] = cache
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    is_pdf = content_type == "application/pdf"
    answer.headers["Content-Security-Policy"] = PDF_POLICY if is_pdf else SANDBOX
    # What lies under a key never changes, so the key can stand for the content.
    answer.set_etag(hashlib.sha256(key.encode()).hexdigest()[:32])
    answer.content_length = size
    answer.make_conditional(request, accept_ranges=True, complete_length=size)
    start, stop = _part(answer, size)
    answer.response = storage.read(key, start, stop)
    return answer


def _part(answer: Response, size: int) -> tuple[int, int]:
    """Return which bytes go out, as the conditions of the request ended."""
    if answer.status_code == 206:  # noqa: PLR2004 -- Partial Content
        return answer.content_range.start or 0, answer.content_range.stop or size
    return 0, 0 if answer.status_code == 304 else size  # noqa: PLR2004 -- Not Modified


def _with_charset(content_type: str) -> str:
    is_text = content_type.startswith("text/")
    return f"{content_type}; charset=utf-8" if is_text else content_type
