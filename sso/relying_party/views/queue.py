"""The unit's queue: identities that do not agree with the record."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.kernel import clock
from lms.kernel.access import requires, scopes_with
from lms.kernel.permissions import Permission
from sso.relying_party.models import LinkRequest
from sso.relying_party.services import queue

bp = Blueprint("link_requests", __name__, template_folder="../../templates")


@bp.get("/link-requests")
@requires(Permission.IDENTITY_CONFIRM, anywhere=True)
def waiting() -> ResponseReturnValue:
    asked = queue.waiting_in(scopes_with(Permission.IDENTITY_CONFIRM))
    return render_template("relying_party/queue.html", asked=asked)


@bp.post("/link-requests/<int:link_request_id>/confirm")
@requires(Permission.IDENTITY_CONFIRM, on=LinkRequest)
def confirm(link_request: LinkRequest) -> ResponseReturnValue:
    queue.confirm(link_request, current_user.id, clock.now())
    flash(_("Đã xác nhận. Người này đăng nhập bằng VNeID được ngay."), "success")
    return redirect(url_for(".waiting"), 303)


@bp.post("/link-requests/<int:link_request_id>/turn-away")
@requires(Permission.IDENTITY_CONFIRM, on=LinkRequest)
def turn_away(link_request: LinkRequest) -> ResponseReturnValue:
    queue.turn_away(link_request, current_user.id, clock.now())
    flash(_("Đã từ chối. Tài khoản không thay đổi."), "success")
    return redirect(url_for(".waiting"), 303)
