"""Taking in the files that learners hand in with a response."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from courses.items.views.blueprint import bp
from lms.kernel import clock, transactions
from lms.kernel.access import requires
from lms.kernel.limits import limited
from lms.kernel.permissions import Permission
from media import services as media
from media.rules.files import AssetKind
from media.services import Upload


@bp.post("/response-files")
@requires(Permission.RESPONSE_UPLOAD)
@limited("60 per hour")
def add_file() -> ResponseReturnValue:
    """Keep one file, sent as the bare body; its id then goes into the response."""
    sent = Upload(
        request.stream,
        request.args.get("name", ""),
        request.mimetype,
        AssetKind.FILE,
    )
    transactions.release()
    asset = media.store_upload(sent, current_user.id, clock.now())
    return {"id": asset.id, "name": asset.display_name}, 201
