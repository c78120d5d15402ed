"""The blueprint that all pages of item banks hang on."""

from flask import Blueprint, request

from courses.items.views.shown import offer_to_templates
from media.rules.files import AssetKind
from media.settings import settings

bp = Blueprint("items", __name__, template_folder="../../templates")
offer_to_templates(bp)


@bp.url_value_preprocessor
def allow_upload(endpoint: str | None, _values: object) -> None:
    """Raise the bound for a file that is handed in; it comes as the bare body."""
    if endpoint == "items.add_file":
        request.max_content_length = settings().bounds.of(AssetKind.FILE)
