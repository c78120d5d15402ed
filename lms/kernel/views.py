"""Pages that belong to no feature: is it alive, which language."""

from flask import Blueprint, current_app, redirect, request, session
from flask.typing import ResponseReturnValue

from lms.kernel import readiness
from lms.kernel.access import public
from lms.kernel.links import next_or

bp = Blueprint("kernel", __name__)


@bp.get("/health")
@public("says only that the process answers")
def health() -> ResponseReturnValue:
    return {"status": "ok"}


@bp.get("/ready")
@public("says only whether requests can be served")
def ready() -> ResponseReturnValue:
    checks = readiness.checks()
    status = "ok" if all(checks.values()) else "unavailable"
    return {"status": status, "checks": checks}, 200 if status == "ok" else 503


@bp.post("/language")
@public("changes only the language that this browser is answered in")
def set_language() -> ResponseReturnValue:
    wanted = request.form.get("language")
    if wanted in current_app.config["LANGUAGES"]:
        session["language"] = wanted
        session.permanent = True
    return redirect(next_or("/"), 303)
