"""What every page needs around its content: navigation, language, error pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from flask import (
    Flask,
    abort,
    current_app,
    g,
    has_request_context,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import (
    Babel,
    format_date,
    format_datetime,
    format_decimal,
    get_translations,
)
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from lms.kernel import clock, richtext
from lms.kernel.access import login_manager, may, may_anywhere
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.kernel.permissions import Permission
from lms.kernel.wording import label, say

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation, shown to whom its permission is open."""

    label: Any
    endpoint: str
    icon: str
    permission: Permission | None = None

    @property
    def url(self) -> str:
        return url_for(self.endpoint)

    @property
    def current(self) -> bool:
        return bool(request.endpoint == self.endpoint)


def init_app(app: Flask, places: Iterable[Place], *, sign_in: str) -> None:
    """Give every page its surroundings; strangers are sent to *sign_in*."""
    login_manager.unauthorized_handler(lambda: _ask_to_sign_in(sign_in))
    app.extensions["places"] = tuple(places)
    speak(app)
    app.context_processor(_surroundings)
    app.add_template_filter(richtext.shown, "rich")
    app.add_template_filter(number)
    app.add_template_filter(size)
    app.register_error_handler(Refused, _show_refusal)
    app.register_error_handler(HTTPException, _show_error)
    app.register_error_handler(Exception, _show_fault)


def speak(app: Flask) -> None:
    """Let the templates of *app* speak the reader's language."""
    Babel(app, locale_selector=language)
    for words in (say, label, day, moment):
        app.add_template_filter(words)
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda words: _translations().ugettext(words),
        ngettext=lambda one, many, n: _translations().ungettext(one, many, n),
        newstyle=True,
    )


def _ask_to_sign_in(endpoint: str) -> Any:
    """Send a stranger to sign in, and back to the page they wanted to read."""
    if wants_json() or is_fragment():
        abort(401)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for(endpoint, next=wanted), 303)


def _translations() -> Any:
    """Find the reader's translations once for a page.

    Flask-Babel looks them up anew for each of the hundreds of words of a page.  Kept
    under the name that its own ``refresh`` and ``force_locale`` take care of.
    """
    kept = getattr(g.get("_flask_babel"), "babel_translations", None)
    if kept is None:
        kept = get_translations()
        g._flask_babel.babel_translations = kept
    return kept


def language() -> str:
    """Return the reader's language: chosen in the frame, else Vietnamese.

    Commands and jobs have no reader; what they write is in Vietnamese.
    """
    chosen = session.get("language") if has_request_context() else None
    return str(chosen) if chosen in current_app.config["LANGUAGES"] else "vi"


def _surroundings() -> dict[str, Any]:
    return {
        "navigation": [p for p in _places() if _is_open(p.permission)],
        "language": language(),
        "may": may,
        "may_anywhere": may_anywhere,
        "now": clock.now,
        "request_id": g.get("request_id", ""),
        "is_fragment": is_fragment(),
    }


def _places() -> tuple[Place, ...]:
    places: tuple[Place, ...] = current_app.extensions["places"]
    return places


def _is_open(permission: Permission | None) -> bool:
    return permission is None or may_anywhere(permission)


def is_fragment() -> bool:
    """Say whether a script of ours asked for a piece of a page."""
    return request.headers.get("HX-Request") == "true"


def wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or best == "application/json"


def day(value: Any) -> str:
    """Write a day as 05/09/2026; a moment is taken in the district's time."""
    if value is None:
        return ""
    return str(format_date(value, "dd/MM/yyyy"))


def moment(value: Any) -> str:
    """Write a moment as 16:00 05/09/2026 in the district's time."""
    return "" if value is None else str(format_datetime(value, "HH:mm dd/MM/yyyy"))


def number(value: Any) -> str:
    """Write 1234567.5 as 1.234.567,5."""
    return "" if value is None else str(format_decimal(value))


def size(size_bytes: int) -> str:
    """Write a size of a file as people say it: 38 MB."""
    if size_bytes < MEGABYTE:
        return f"{max(1, round(size_bytes / 1000))} KB"
    return f"{format_decimal(round(size_bytes / MEGABYTE, 1))} MB"


ERRORS: dict[int, tuple[Any, Any]] = {
    400: (
        _l("Yêu cầu không hợp lệ"),
        _l("Trang có thể đã mở quá lâu. Hãy tải lại trang rồi làm lại."),
    ),
    401: (
        _l("Bạn cần đăng nhập"),
        _l("Phiên làm việc đã hết. Hãy đăng nhập lại ở thẻ khác rồi thử lại."),
    ),
    403: (
        _l("Bạn chưa được mở trang này"),
        _l("Nếu bạn cần dùng trang này, hãy liên hệ đầu mối của đơn vị bạn."),
    ),
    404: (
        _l("Không tìm thấy trang này"),
        _l("Địa chỉ có thể đã đổi, hoặc trang này không dành cho tài khoản của bạn."),
    ),
    405: (
        _l("Không tìm thấy trang này"),
        _l("Địa chỉ có thể đã đổi, hoặc trang này không dành cho tài khoản của bạn."),
    ),
    413: (
        _l("Tệp hoặc nội dung quá lớn"),
        _l("Chưa có gì được lưu. Hãy chọn tệp nhỏ hơn hoặc chia nội dung ra."),
    ),
    429: (
        _l("Bạn thao tác quá nhanh"),
        _l("Hãy chờ một phút rồi thử lại. Những gì đã lưu vẫn còn nguyên."),
    ),
    500: (
        _l("Hệ thống gặp lỗi"),
        _l("Những gì đã báo lưu vẫn còn nguyên. Hãy thử lại sau ít phút."),
    ),
}


def _show_error(error: HTTPException) -> Any:
    code = error.code or 500
    if code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    db.session.rollback()
    title, advice = (
        ERRORS.get(code)
        or ERRORS[400 if code < HTTPStatus.INTERNAL_SERVER_ERROR else 500]
    )
    answer = _error_page(code, title, advice)
    for name in ("Retry-After", "Allow"):
        found = error.get_response().headers.get(name)
        if found:
            answer.headers[name] = found
    return answer


def _show_fault(error: Exception) -> Any:
    """Say sorry, with a code for the operator; the log keeps the rest."""
    if current_app.testing or current_app.debug:
        raise error
    db.session.rollback()
    structlog.get_logger("http").exception("fault")
    title, advice = ERRORS[500]
    return _error_page(500, title, advice)


def _error_page(code: int, title: Any, advice: Any) -> Any:
    if wants_json():
        answer = current_app.json.response(error=str(title), advice=str(advice))
    else:
        answer = current_app.make_response(
            render_template("kernel/error.html", code=code, title=title, advice=advice)
        )
    answer.status_code = code
    return answer


def _show_refusal(refusal: Refused) -> Any:
    db.session.rollback()
    if wants_json():
        answer = current_app.json.response(
            error=say(refusal.reason), reason=refusal.reason.value
        )
        answer.status_code = 409
        return answer
    return render_template("kernel/refused.html", reason=refusal.reason), 409


def signed_in_id() -> int | None:
    return current_user.id if current_user.is_authenticated else None
