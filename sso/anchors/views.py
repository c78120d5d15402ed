"""Pages for those who decide whom the house believes."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.kernel import clock
from lms.kernel.access import requires
from lms.kernel.permissions import Permission
from sso.anchors import services
from sso.anchors.forms import ProposalForm, ReasonForm
from sso.anchors.models import TrustAnchor
from sso.anchors.rules import LARGEST_BYTES, AnchorEvent

bp = Blueprint("anchors", __name__, template_folder="../templates")


@bp.get("/trust-anchors")
@requires(Permission.ANCHOR_VIEW)
def index() -> ResponseReturnValue:
    number = request.args.get("page", 1, type=int) or 1
    return render_template(
        "anchors/index.html", page=services.anchors(number), now=clock.now()
    )


@bp.get("/trust-anchors/new")
@requires(Permission.ANCHOR_EDIT)
def new() -> ResponseReturnValue:
    return render_template("anchors/new.html", form=ProposalForm())


@bp.post("/trust-anchors")
@requires(Permission.ANCHOR_EDIT)
def propose() -> ResponseReturnValue:
    form = ProposalForm()
    if not form.validate():
        return render_template("anchors/new.html", form=form), 422
    content = form.file.data.stream.read(LARGEST_BYTES + 1)
    basis = form.basis.data or ""
    anchor = services.propose(content, basis, current_user.id, clock.now())
    flash(_("Đã nạp tệp. Cần một người khác đối chiếu và duyệt."), "success")
    return redirect(url_for(".show", trust_anchor_id=anchor.id), 303)


@bp.get("/trust-anchors/<int:trust_anchor_id>")
@requires(Permission.ANCHOR_VIEW, on=TrustAnchor)
def show(trust_anchor: TrustAnchor) -> ResponseReturnValue:
    return _page(trust_anchor, ReasonForm())


@bp.post("/trust-anchors/<int:trust_anchor_id>/approval")
@requires(Permission.ANCHOR_APPROVE, on=TrustAnchor)
def approve(trust_anchor: TrustAnchor) -> ResponseReturnValue:
    now = clock.now()
    services.decide(trust_anchor, AnchorEvent.APPROVE, current_user.id, now)
    flash(_("Đã duyệt. Tệp có hiệu lực từ bây giờ."), "success")
    return redirect(url_for(".show", trust_anchor_id=trust_anchor.id), 303)


@bp.post("/trust-anchors/<int:trust_anchor_id>/rejection")
@requires(Permission.ANCHOR_APPROVE, on=TrustAnchor)
def reject(trust_anchor: TrustAnchor) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        return _page(trust_anchor, form), 422
    services.decide(
        trust_anchor,
        AnchorEvent.REJECT,
        current_user.id,
        clock.now(),
        reason=form.reason.data,
    )
    flash(_("Đã từ chối tệp này."), "success")
    return redirect(url_for(".show", trust_anchor_id=trust_anchor.id), 303)


@bp.post("/trust-anchors/<int:trust_anchor_id>/withdrawal")
@requires(Permission.ANCHOR_APPROVE, on=TrustAnchor)
def withdraw(trust_anchor: TrustAnchor) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        return _page(trust_anchor, form), 422
    reason = form.reason.data or ""
    services.withdraw(trust_anchor, reason, current_user.id, clock.now())
    flash(_("Đã ngừng tin tệp này."), "success")
    return redirect(url_for(".show", trust_anchor_id=trust_anchor.id), 303)


def _page(trust_anchor: TrustAnchor, form: ReasonForm) -> str:
    return render_template(
        "anchors/show.html",
        anchor=trust_anchor,
        form=form,
        is_own=trust_anchor.proposed_by_id == current_user.id,
        now=clock.now(),
    )
