"""One's own data, and the officer's queue."""

import json

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.kernel import clock
from lms.kernel.access import requires
from lms.kernel.errors import Refused
from lms.kernel.limits import limited
from lms.kernel.permissions import Permission
from lms.kernel.transactions import all_or_nothing
from lms.kernel.wording import say
from lms.people.privacy import services
from lms.people.privacy.forms import AnswerForm, AskForm
from lms.people.privacy.models import DataRequest
from lms.people.privacy.rules import Purpose, RequestKind, RequestState
from lms.people.privacy.statements import STATEMENTS
from lms.people.services import account_of

bp = Blueprint("privacy", __name__)


@bp.get("/privacy")
@requires(Permission.HOME_VIEW)
def show() -> ResponseReturnValue:
    return _page(AskForm())


def _page(form: AskForm) -> str:
    me = account_of(current_user.id)
    children = services.children_of(me.id)
    return render_template(
        "people/privacy.html",
        me=me,
        children=children,
        statements=STATEMENTS.values(),
        answers=services.last_answers([me.id, *(child.id for child in children)]),
        requests=services.requests_of(me.id),
        form=form,
        hours=current_app.config["DATA_REQUEST_HOURS"],
    )


@bp.post("/privacy/consents")
@requires(Permission.HOME_VIEW)
def answer_consent() -> ResponseReturnValue:
    purpose = request.form.get("purpose", "")
    subject_id = request.form.get("subject_id", type=int)
    said = request.form.get("answer", "")
    if purpose not in [*Purpose] or said not in ("yes", "no") or subject_id is None:
        abort(400)
    services.say(
        Purpose(purpose), subject_id, said == "yes", current_user.id, clock.now()
    )
    flash(_("Đã ghi câu trả lời của bạn. Bạn đổi lại được bất cứ lúc nào."), "success")
    return redirect(url_for(".show"), 303)


@bp.post("/privacy/export")
@requires(Permission.HOME_VIEW)
@limited("10 per hour")
def export() -> ResponseReturnValue:
    """Give the person all that is held on them, as a file."""
    found = services.own_data(current_user.id, clock.now())
    answer = make_response(json.dumps(found, ensure_ascii=False, indent=1))
    answer.headers["Content-Type"] = "application/json; charset=utf-8"
    answer.headers.set("Content-Disposition", "attachment", filename="du-lieu.json")
    return answer


@bp.post("/privacy/requests")
@requires(Permission.HOME_VIEW)
@limited("10 per hour")
def ask() -> ResponseReturnValue:
    form = AskForm()
    if not form.validate():
        return _page(form), 422
    hours = current_app.config["DATA_REQUEST_HOURS"]
    try:
        services.ask(
            current_user.id,
            RequestKind(form.kind.data),
            form.note.data or "",
            clock.now(),
            hours=hours,
        )
    except Refused as refused:
        form.form_errors.append(say(refused.reason))
        return _page(form), 422
    flash(_("Đã gửi yêu cầu. Người phụ trách sẽ trả lời trong hạn."), "success")
    return redirect(url_for(".show"), 303)


@bp.get("/data-requests")
@requires(Permission.DATA_REQUEST_ANSWER)
def queue() -> ResponseReturnValue:
    page = services.queue(request.args.get("page", 1, int))
    return render_template("people/data_requests.html", page=page)


@bp.get("/data-requests/<int:data_request_id>")
@requires(Permission.DATA_REQUEST_ANSWER, on=DataRequest)
def read(data_request: DataRequest) -> ResponseReturnValue:
    return _read_page(data_request, AnswerForm())


def _read_page(data_request: DataRequest, form: AnswerForm) -> str:
    return render_template("people/data_request.html", asked=data_request, form=form)


@bp.post("/data-requests/<int:data_request_id>")
@requires(Permission.DATA_REQUEST_ANSWER, on=DataRequest)
def answer(data_request: DataRequest) -> ResponseReturnValue:
    form = AnswerForm()
    if not form.validate():
        return _read_page(data_request, form), 422
    try:
        with all_or_nothing():
            services.answer(
                data_request,
                RequestState(form.state.data),
                form.words.data or "",
                current_user.id,
                clock.now(),
            )
    except Refused as refused:
        form.form_errors.append(say(refused.reason))
        return _read_page(data_request, form), 422
    flash(_("Đã trả lời yêu cầu."), "success")
    return redirect(url_for(".queue"), 303)
