"""Where authors put courses together."""

from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from courses.catalogue import outline, services
from courses.catalogue.activities import ACTIVITY_TYPES
from courses.catalogue.forms import (
    FORMS,
    CourseForm,
    ModuleForm,
    NewActivityForm,
    NewCourseForm,
)
from courses.catalogue.models import Activity, Course, Module
from courses.catalogue.rules import CatalogueRefusal
from lms.kernel import clock
from lms.kernel.access import may, requires, scopes_with
from lms.kernel.errors import Refused
from lms.kernel.forms import choices
from lms.kernel.permissions import Permission, Role
from lms.people import services as people
from media import services as media
from media.rules.files import AssetKind

ASSET_KINDS = {
    "video": (AssetKind.VIDEO,),
    "file": (AssetKind.FILE, AssetKind.AUDIO, AssetKind.IMAGE),
}
bp = Blueprint("catalogue", __name__, template_folder="../templates")


def publish_checks() -> Any:
    """What features above know that must be right before a course is published."""
    return current_app.extensions["publish_checks"]


@bp.get("/authoring/courses")
@requires(Permission.COURSE_EDIT, anywhere=True)
def courses() -> ResponseReturnValue:
    words = request.args.get("q", "")[:100]
    number = request.args.get("page", 1, type=int) or 1
    page = services.courses_to_edit(scopes_with(Permission.COURSE_EDIT), words, number)
    return render_template("catalogue/courses.html", page=page, words=words)


@bp.get("/authoring/courses/new")
@requires(Permission.COURSE_CREATE)
def new_course() -> ResponseReturnValue:
    return render_template("catalogue/new_course.html", form=_new_course_form())


@bp.post("/authoring/courses")
@requires(Permission.COURSE_CREATE)
def create_course() -> ResponseReturnValue:
    form = _new_course_form()
    if not form.validate():
        return render_template("catalogue/new_course.html", form=form), 422
    topic = next(t for t in services.all_topics() if t.id == form.topic_id.data)
    course = services.create_course(
        form.title.data, topic, current_user.id, clock.now()
    )
    if not may(Permission.COURSE_EDIT, course):
        people.grant_role(current_user.id, Role.AUTHOR, f"course:{course.id}")
    return redirect(url_for(".edit_outline", course_id=course.id), 303)


def _new_course_form() -> NewCourseForm:
    form = NewCourseForm()
    form.topic_id.choices = choices((t.id, t.name) for t in services.all_topics())
    return form


@bp.get("/authoring/courses/<int:course_id>")
@requires(Permission.COURSE_EDIT, on=Course)
def edit_outline(course: Course) -> ResponseReturnValue:
    return _outline_page(course)


def _outline_page(course: Course, **forms: Any) -> str:
    plan = outline.outline_of(course.id)
    return render_template(
        "catalogue/outline.html",
        course=course,
        outline=plan,
        problems=services.problems_of(course, plan, publish_checks()),
        types=ACTIVITY_TYPES,
        **{"module_form": ModuleForm(formdata=None), "activity_form": None} | forms,
    )


@bp.get("/authoring/courses/<int:course_id>/settings")
@requires(Permission.COURSE_EDIT, on=Course)
def edit_settings(course: Course) -> ResponseReturnValue:
    form = _course_form(course)
    return render_template("catalogue/settings.html", course=course, form=form)


@bp.post("/authoring/courses/<int:course_id>/settings")
@requires(Permission.COURSE_EDIT, on=Course)
def save_settings(course: Course) -> ResponseReturnValue:
    form = _course_form(course)
    if not form.validate():
        page = render_template("catalogue/settings.html", course=course, form=form)
        return page, 422
    values = {name: field.data for name, field in form._fields.items()}
    values.pop("csrf_token", None)
    services.update_course(course, values)
    flash(_("Đã lưu thông tin khóa học."), "success")
    return redirect(url_for(".edit_outline", course_id=course.id), 303)


def _course_form(course: Course) -> CourseForm:
    form = CourseForm(obj=course)
    form.topic_id.choices = choices((t.id, t.name) for t in services.all_topics())
    return form


@bp.post("/authoring/courses/<int:course_id>/publish")
@requires(Permission.COURSE_PUBLISH, on=Course)
def publish(course: Course) -> ResponseReturnValue:
    services.publish(course, publish_checks(), current_user.id, clock.now())
    flash(_("Khóa học đã công bố và hiện trong danh mục."), "success")
    return redirect(url_for(".edit_outline", course_id=course.id), 303)


@bp.post("/authoring/courses/<int:course_id>/withdraw")
@requires(Permission.COURSE_PUBLISH, on=Course)
def withdraw(course: Course) -> ResponseReturnValue:
    services.withdraw(course, current_user.id, clock.now())
    flash(_("Khóa học đã rút khỏi danh mục. Người đang học vẫn học tiếp."), "success")
    return redirect(url_for(".edit_outline", course_id=course.id), 303)


@bp.post("/authoring/courses/<int:course_id>/order")
@requires(Permission.COURSE_EDIT, on=Course)
def arrange_modules(course: Course) -> ResponseReturnValue:
    services.arrange_modules(course, _order_sent())
    return {"saved": True}


@bp.post("/authoring/modules/<int:module_id>/order")
@requires(Permission.COURSE_EDIT, on=Module)
def arrange_activities(module: Module) -> ResponseReturnValue:
    services.arrange_activities(module, _order_sent())
    return {"saved": True}


def _order_sent() -> list[int]:
    """Read ``{"order": ["12", "9"]}``, or raise Refused."""
    body = request.get_json(silent=True)
    order = body.get("order") if isinstance(body, dict) else None
    if not isinstance(order, list) or not all(_is_id(one) for one in order):
        raise Refused(CatalogueRefusal.WRONG_ORDER)
    return [int(one) for one in order]


def _is_id(given: Any) -> bool:
    return isinstance(given, str) and given.isascii() and given.isdigit()


@bp.post("/authoring/courses/<int:course_id>/modules")
@requires(Permission.COURSE_EDIT, on=Course)
def add_module(course: Course) -> ResponseReturnValue:
    form = ModuleForm()
    if not form.validate():
        return _outline_page(course, module_form=form), 422
    services.add_module(course, form.title.data, form.summary.data or "")
    return redirect(url_for(".edit_outline", course_id=course.id), 303)


@bp.get("/authoring/modules/<int:module_id>")
@requires(Permission.COURSE_EDIT, on=Module)
def edit_module(module: Module) -> ResponseReturnValue:
    form = ModuleForm(obj=module)
    return render_template("catalogue/module.html", module=module, form=form)


@bp.post("/authoring/modules/<int:module_id>")
@requires(Permission.COURSE_EDIT, on=Module)
def save_module(module: Module) -> ResponseReturnValue:
    form = ModuleForm()
    if not form.validate():
        page = render_template("catalogue/module.html", module=module, form=form)
        return page, 422
    module.title, module.summary = form.title.data, form.summary.data or ""
    return redirect(url_for(".edit_outline", course_id=module.course_id), 303)


@bp.post("/authoring/modules/<int:module_id>/delete")
@requires(Permission.COURSE_EDIT, on=Module)
def remove_module(module: Module) -> ResponseReturnValue:
    services.remove_module(module)
    flash(_("Đã xóa chương."), "success")
    return redirect(url_for(".edit_outline", course_id=module.course_id), 303)


@bp.post("/authoring/modules/<int:module_id>/activities")
@requires(Permission.COURSE_EDIT, on=Module)
def add_activity(module: Module) -> ResponseReturnValue:
    form = NewActivityForm()
    if form.kind.data not in ACTIVITY_TYPES:
        abort(400)
    if not form.validate():
        page = _outline_page(module.course, activity_form=form, open_module=module.id)
        return page, 422
    activity = services.add_activity(module, form.kind.data, form.title.data)
    return redirect(url_for(".edit_activity", activity_id=activity.id), 303)


@bp.get("/authoring/activities/<int:activity_id>")
@requires(Permission.COURSE_EDIT, on=Activity)
def edit_activity(activity: Activity) -> ResponseReturnValue:
    form = _activity_form(activity)
    if not form.is_submitted():
        form.fill(activity.read())
        form.prerequisites.data = [one.id for one in activity.prerequisites]
    return _activity_page(activity, form)


@bp.post("/authoring/activities/<int:activity_id>")
@requires(Permission.COURSE_EDIT, on=Activity)
def save_activity(activity: Activity) -> ResponseReturnValue:
    form = _activity_form(activity)
    if not form.validate():
        return _activity_page(activity, form), 422
    content = form.content()
    _check_asset(activity, content.get("asset_id"))
    services.update_activity(
        activity,
        content,
        title=form.title.data,
        minutes=form.minutes.data,
        required=form.required.data,
    )
    services.set_prerequisites(activity, form.prerequisites.data or [])
    flash(_("Đã lưu bài."), "success")
    return redirect(url_for(".edit_activity", activity_id=activity.id), 303)


def _check_asset(activity: Activity, asset_id: int | None) -> None:
    """Take only an upload of one's own, or what the activity shows already."""
    if asset_id and asset_id != activity.content.get("asset_id"):
        media.own_asset(asset_id, current_user.id, ASSET_KINDS[activity.kind])


def _activity_form(activity: Activity) -> Any:
    form = FORMS[activity.kind](obj=activity)
    others = outline.outline_of(activity.course_id).activities
    form.prerequisites.choices = choices(
        (one.id, one.title) for one in others if one.id != activity.id
    )
    return form


def _activity_page(activity: Activity, form: Any) -> str:
    asset_id = getattr(form, "asset_id", None)
    return render_template(
        "catalogue/activity.html",
        activity=activity,
        course=activity.course,
        form=form,
        asset=media.asset_with(asset_id.data) if asset_id and asset_id.data else None,
    )


@bp.post("/authoring/activities/<int:activity_id>/delete")
@requires(Permission.COURSE_EDIT, on=Activity)
def remove_activity(activity: Activity) -> ResponseReturnValue:
    course_id = activity.course_id
    services.remove_activity(activity)
    flash(_("Đã xóa bài."), "success")
    return redirect(url_for(".edit_outline", course_id=course_id), 303)
