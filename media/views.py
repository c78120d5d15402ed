"""Uploading, fetching by signed address, and how far an upload is."""

from typing import Any

from flask import Blueprint, Request, abort, current_app, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lms.kernel import clock, transactions
from lms.kernel.access import public, requires
from lms.kernel.errors import Refused
from lms.kernel.links import next_or
from lms.kernel.pages import wants_json
from lms.kernel.permissions import Permission
from lms.kernel.wording import label
from media import delivery, services
from media.forms import CaptionForm
from media.models import Asset
from media.rules.files import AssetKind
from media.rules.refusals import MediaRefusal
from media.services import Upload
from media.settings import open_media, settings

MULTIPART = "multipart/form-data"
FORM_OVERHEAD_BYTES = 64 * 1024

bp = Blueprint(
    "media",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/media",
)

bp.record_once(lambda state: open_media(state.app))


@bp.url_value_preprocessor
def allow_upload(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Raise the bound of upload requests.

    This runs before anything reads the body, the check of the token among them.  A form
    is read by Flask before we know who sends it, so it gets the bound of a picture; a
    large file comes as the bare body, of which nothing is read before the guard.
    """
    if endpoint not in ("media.add_picture", "media.upload"):
        return
    bounds, room = settings().bounds, FORM_OVERHEAD_BYTES
    if endpoint == "media.upload" and request.mimetype != MULTIPART:
        request.max_content_length = bounds.video_max_bytes + room
    else:
        request.max_content_length = bounds.image_max_bytes + room


@bp.post("/media/images")
@requires(Permission.MEDIA_UPLOAD, anywhere=True)
def add_picture() -> ResponseReturnValue:
    sent = sent_file(request, AssetKind.IMAGE)
    transactions.release()
    asset = services.store_upload(sent, current_user.id, clock.now())
    url = services.picture_address(asset)
    return {"url": url, "width": asset.width, "height": asset.height}, 201


@bp.post("/media/assets")
@requires(Permission.MEDIA_UPLOAD, anywhere=True)
def upload() -> ResponseReturnValue:
    sent = sent_file(request, wanted_kind(request))
    transactions.release()
    asset = services.store_upload(sent, current_user.id, clock.now())
    return state_of(asset), 201


def wanted_kind(sent: Request) -> AssetKind:
    found = sent.values.get("kind", "")
    if found not in set(AssetKind):
        abort(400)
    return AssetKind(found)


def sent_file(sent: Request, kind: AssetKind) -> Upload:
    """Return the file of the request: a form's field, or the body itself."""
    if sent.mimetype != MULTIPART:
        name = sent.args.get("name", "")
        return Upload(sent.stream, name, sent.mimetype, kind)
    file = sent.files.get("file")
    if file is None:
        raise Refused(MediaRefusal.EMPTY)
    return Upload(file.stream, file.filename or "", file.mimetype, kind)


@bp.get("/media/assets/<int:asset_id>/state")
@requires(Permission.MEDIA_VIEW, on=Asset)
def show_state(asset: Asset) -> ResponseReturnValue:
    return state_of(asset)


def state_of(asset: Asset) -> dict[str, Any]:
    """Return what the upload widget shows, in words too."""
    progress = services.progress_of(asset)
    return {
        "id": asset.id,
        "kind": asset.kind.value,
        "name": asset.display_name,
        "size_bytes": asset.size_bytes,
        "state": progress.state.value,
        "percent": progress.percent,
        "words": label(progress.problem or progress.step or progress.state),
    }


@bp.post("/media/assets/<int:asset_id>/captions")
@requires(Permission.MEDIA_EDIT, on=Asset)
def add_caption(asset: Asset) -> ResponseReturnValue:
    form = CaptionForm()
    if not form.validate():
        return {"errors": form.problems()}, 422
    file, language, name = form.file.data, form.language.data, form.label.data
    services.add_caption(asset, file.stream, language, name)
    return captions_answer(asset), 201 if wants_json() else 303


@bp.post("/media/assets/<int:asset_id>/captions/<language>/remove")
@requires(Permission.MEDIA_EDIT, on=Asset)
def remove_caption(asset: Asset, language: str) -> ResponseReturnValue:
    services.remove_caption(asset, language)
    return captions_answer(asset), 200 if wants_json() else 303


def captions_answer(asset: Asset) -> Any:
    if not wants_json():
        return redirect(next_or("/"), 303)
    found = services.captions_of(asset)
    shown = [{"language": c.language, "label": c.label} for c in found]
    return current_app.json.response(captions=shown)


@bp.get("/media/images/<folder>")
@public("pictures of lessons; the address is 128 random bits and opens this alone")
def show_picture(folder: str) -> ResponseReturnValue:
    asset = services.picture_in(folder) or abort(404)
    return delivery.lasting(request, asset.original_key, asset.content_type)


@bp.get("/media/s/<signature>/<int:expires>/<int:asset_id>/<path:path>")
@public("the address itself is signed, for one asset and for a few hours")
def fetch(
    signature: str, expires: int, asset_id: int, path: str
) -> ResponseReturnValue:
    now = clock.now()
    if not services.is_genuine(signature, asset_id, expires, now):
        abort(404)
    asset = services.asset_with(asset_id) or abort(404)
    return delivery.private(request, asset, path, expires - now.timestamp())
