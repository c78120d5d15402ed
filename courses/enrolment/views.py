"""The learner's pages: the catalogue, a course, and its activities."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from courses.catalogue import outline
from courses.catalogue import services as catalogue
from courses.catalogue.models import Activity, Course
from courses.catalogue.rules import CourseState
from courses.enrolment import services
from courses.enrolment.forms import ReportForm
from courses.enrolment.rules import Standing
from lms.kernel import audit, clock
from lms.kernel.access import may, public, requires
from lms.kernel.limits import limited
from lms.kernel.pages import signed_in_id
from lms.kernel.permissions import Permission
from media import services as media

bp = Blueprint(
    "enrolment",
    __name__,
    template_folder="../templates",
    static_folder="../static",
    static_url_path="/static/courses",
)


@bp.get("/courses")
@public("published courses are open for everybody to read about")
def browse() -> ResponseReturnValue:
    words = request.args.get("q", "")[:100]
    topic = request.args.get("topic") or None
    page = catalogue.search_published(words, topic, _page_number())
    who = signed_in_id()
    return render_template(
        "enrolment/browse.html",
        page=page,
        words=words,
        topic=topic,
        topics=catalogue.topic_counts(words),
        lengths=catalogue.minutes_by_course([course.id for course in page.items]),
        standings=services.standings_of(who) if who else {},
    )


@bp.get("/courses/<slug>")
@public("published courses are open for everybody to read about")
def show_course(slug: str) -> ResponseReturnValue:
    course = catalogue.course_by_slug(slug)
    who = signed_in_id()
    enrolment = services.enrolment_of(course.id, who) if course and who else None
    if course is None or not _is_visible(course, enrolment):
        abort(404)
    plan = outline.outline_of(course.id)
    return render_template(
        "enrolment/course.html",
        course=course,
        outline=plan,
        enrolment=enrolment,
        verdict=services.verdict_of(plan, enrolment),
        completion=services.completion_of(enrolment) if enrolment else None,
    )


def _is_visible(course: Course, enrolment: Any) -> bool:
    if course.state is CourseState.PUBLISHED or enrolment:
        return True
    return may(Permission.COURSE_EDIT, course)


@bp.post("/courses/<int:course_id>/enrolments")
@requires(Permission.COURSE_ENROL, on=Course)
def enrol(course: Course) -> ResponseReturnValue:
    services.enrol(course, current_user.id, clock.now())
    flash(_("Bạn đã ghi danh. Bắt đầu từ bài đầu tiên khi bạn sẵn sàng."), "success")
    return redirect(url_for(".show_course", slug=course.slug), 303)


@bp.get("/activities/<int:activity_id>")
@requires(Permission.COURSE_LEARN, on=Activity)
def show_activity(activity: Activity) -> ResponseReturnValue:
    if activity.type.address:
        return redirect(activity.url, 303)
    surroundings = surroundings_of(activity)
    content = activity.read()
    if surroundings["verdict"].of(activity.id).standing is Standing.LOCKED:
        return render_template("enrolment/locked.html", **surroundings)
    return render_template(
        "enrolment/activity.html",
        content=content,
        shown=_shown(activity, content),
        **surroundings,
    )


def _shown(activity: Activity, content: Any) -> Any:
    """Return how to fetch the file or video of an activity, if it has one."""
    asset_id = getattr(content, "asset_id", None)
    if asset_id is None:
        return None
    if activity.kind == "video":
        return media.playback_of(asset_id, current_user.id, clock.now())
    asset = media.asset_with(asset_id)
    return asset and {"asset": asset, "url": media.signed_url(asset, clock.now())}


def surroundings_of(activity: Activity) -> dict[str, Any]:
    """Return what every page of an activity shows around it."""
    activity = catalogue.lesson_of(activity.id)
    plan = outline.outline_of(activity.course_id)
    enrolment = services.enrolment_of(activity.course_id, current_user.id)
    before, after = plan.around(activity.id)
    return {
        "activity": activity,
        "course": activity.course,
        "outline": plan,
        "enrolment": enrolment,
        "verdict": services.verdict_of(plan, enrolment),
        "before": before,
        "after": after,
    }


@bp.post("/activities/<int:activity_id>/opened")
@requires(Permission.COURSE_LEARN, on=Activity)
def note_opened(activity: Activity) -> ResponseReturnValue:
    services.note_opened(activity, current_user.id, clock.now())
    return "", 204


@bp.post("/activities/<int:activity_id>/done")
@requires(Permission.COURSE_LEARN, on=Activity)
def mark_read(activity: Activity) -> ResponseReturnValue:
    services.mark_read(activity, current_user.id, clock.now())
    _before, after = outline.outline_of(activity.course_id).around(activity.id)
    if after is None:
        return redirect(url_for(".show_course", slug=activity.course.slug), 303)
    return redirect(after.url, 303)


@bp.post("/activities/<int:activity_id>/watched")
@requires(Permission.COURSE_LEARN, on=Activity)
def note_watched(activity: Activity) -> ResponseReturnValue:
    """Take in what the player says was played; answer what the server believes."""
    body = request.get_json(silent=True)
    asset_id = getattr(activity.read(), "asset_id", None)
    if not isinstance(body, dict) or asset_id is None:
        abort(400)
    now = clock.now()
    percent = media.watch(
        asset_id=asset_id,
        account_id=current_user.id,
        played=body.get("played"),
        position=body.get("position"),
        rate=body.get("rate"),
        now=now,
    )
    services.note_result(activity, current_user.id, percent, passed=False, now=now)
    return {"percent": percent}


@bp.post("/activities/<int:activity_id>/reports")
@requires(Permission.COURSE_LEARN, on=Activity)
@limited("10 per minute")
def report(activity: Activity) -> ResponseReturnValue:
    """Báo lỗi nội dung: tell the authors what is wrong with an activity."""
    form = ReportForm()
    if not form.validate():
        flash(_("Hãy viết rõ lỗi bạn thấy, nhiều nhất 1000 ký tự."), "error")
        return redirect(activity.url, 303)
    now = clock.now()
    services.report_content(activity, current_user.id, form.words.data or "", now)
    audit.record("content-reported", f"activity:{activity.id}", current_user.id, now)
    flash(_("Đã gửi báo lỗi cho người biên soạn. Cảm ơn bạn."), "success")
    return redirect(activity.url, 303)


def _page_number() -> int:
    return request.args.get("page", 1, type=int) or 1
