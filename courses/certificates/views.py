"""One's own certificates, their public check, and their revocation."""

from flask import (
    Blueprint,
    abort,
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

from courses.certificates import pdf, services
from courses.certificates.forms import RevocationForm
from courses.certificates.models import Certificate
from courses.certificates.rules import read_code
from courses.certificates.settings import issuer, verify_address
from lms.kernel import clock
from lms.kernel.access import public, requires
from lms.kernel.bodies import is_id
from lms.kernel.limits import limited
from lms.kernel.permissions import Permission

bp = Blueprint("certificates", __name__, template_folder="../templates")

STRANGERS = "a stranger who holds the paper must be able to check it"


@bp.get("/certificates")
@requires(Permission.HOME_VIEW)
def mine() -> ResponseReturnValue:
    return render_template(
        "certificates/mine.html",
        certificates=services.certificates_of(current_user.id),
        due=services.courses_due_to(current_user.id),
    )


@bp.post("/certificates")
@requires(Permission.HOME_VIEW)
def issue() -> ResponseReturnValue:
    """Issue at once what the job would issue a few seconds later."""
    course_id = request.form.get("course_id", type=int)
    if course_id is None or not is_id(course_id):
        abort(400)
    services.issue_own(course_id, current_user.id, issuer(), clock.now())
    flash(_("Giấy chứng nhận đã được cấp."), "success")
    return redirect(url_for(".mine"), 303)


@bp.get("/certificates/<int:certificate_id>.pdf")
@requires(Permission.CERTIFICATE_VIEW, on=Certificate)
@limited("30 per minute")
def download(certificate: Certificate) -> ResponseReturnValue:
    answer = make_response(pdf.render(certificate, verify_address(certificate.code)))
    name = f"giay-chung-nhan-{certificate.year}-{certificate.serial:04d}.pdf"
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/verify")
@public(STRANGERS)
def ask() -> ResponseReturnValue:
    typed = request.args.get("code", "").strip()[:40]
    if typed:
        return redirect(url_for(".verify", code=read_code(typed) or typed), 303)
    return render_template("certificates/ask.html")


@bp.get("/verify/<code>")
@public(STRANGERS)
@limited("30 per minute")
def verify(code: str) -> ResponseReturnValue:
    """Say whether a paper is genuine and in force; show only what the paper shows."""
    found = services.certificate_by_code(code)
    page = render_template(
        "certificates/verify.html",
        certificate=found,
        address=verify_address(found.code) if found else None,
        typed=code[:40],
        mistyped=read_code(code) is None,
    )
    return page, 200 if found else 404, {"X-Robots-Tag": "noindex"}


@bp.get("/certificates/register")
@requires(Permission.CERTIFICATE_REVOKE)
def register() -> ResponseReturnValue:
    words = request.args.get("q", "").strip()[:60]
    number = request.args.get("page", 1, type=int) or 1
    page = services.issued(words, number)
    return render_template("certificates/register.html", page=page, words=words)


@bp.get("/certificates/<int:certificate_id>/revocation")
@requires(Permission.CERTIFICATE_REVOKE, on=Certificate)
def ask_revocation(certificate: Certificate) -> ResponseReturnValue:
    return _revocation_page(certificate, RevocationForm())


@bp.post("/certificates/<int:certificate_id>/revocation")
@requires(Permission.CERTIFICATE_REVOKE, on=Certificate)
def revoke(certificate: Certificate) -> ResponseReturnValue:
    form = RevocationForm()
    if not form.validate():
        return _revocation_page(certificate, form), 422
    services.revoke(certificate, form.reason.data or "", current_user.id, clock.now())
    flash(_("Đã thu hồi giấy chứng nhận."), "success")
    return redirect(url_for(".ask_revocation", certificate_id=certificate.id), 303)


def _revocation_page(certificate: Certificate, form: RevocationForm) -> str:
    return render_template(
        "certificates/revocation.html", certificate=certificate, form=form
    )
