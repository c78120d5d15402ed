"""The front page for strangers, the desk for who signed in, and the training record."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from courses.catalogue import services as catalogue
from courses.enrolment import services as enrolment
from courses.enrolment.models import ContentReport
from courses.home import services
from lms.kernel import clock
from lms.kernel.access import public, requires, scopes_with
from lms.kernel.permissions import Permission
from lms.people import services as people

NEWEST = 3
"""How many courses the front page shows."""

bp = Blueprint("home", __name__, template_folder="../templates")


@bp.get("/")
@public("strangers get the front page; who signed in gets their own desk")
def show() -> ResponseReturnValue:
    if current_user.is_authenticated:
        answer: ResponseReturnValue = desk()
        return answer
    newest = catalogue.search_published("", None, 1).items[:NEWEST]
    return render_template(
        "home/front.html",
        topics=catalogue.topic_counts(""),
        courses=newest,
        lengths=catalogue.minutes_by_course([course.id for course in newest]),
    )


@requires(Permission.HOME_VIEW)
def desk() -> ResponseReturnValue:
    found = services.desk_of(
        current_user.id, scopes_with(Permission.COURSE_EDIT), clock.now()
    )
    return render_template("home/desk.html", desk=found)


@bp.get("/record")
@requires(Permission.HOME_VIEW)
def record() -> ResponseReturnValue:
    now = clock.now()
    return render_template(
        "home/record.html",
        years=services.record_of(current_user.id),
        posts=people.posts_of(current_user.id, clock.day_of(now)),
        today=clock.day_of(now),
    )


@bp.post("/content-reports/<int:content_report_id>/settled")
@requires(Permission.COURSE_EDIT, on=ContentReport)
def settle(content_report: ContentReport) -> ResponseReturnValue:
    enrolment.settle_report(content_report, clock.now())
    flash(_("Đã ghi nhận: nội dung đã được sửa."), "success")
    return redirect(url_for(".show"), 303)
