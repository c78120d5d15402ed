"""The mimic's application: its own cookie, keys and database, and none of the roof."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, current_app, render_template, request, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.kernel import (
    bodies,
    clock,
    headers,
    logs,
    pages,
    statics,
    transactions,
    wording,
)
from lms.kernel.db import db, writing
from sso.provider import settings
from sso.provider import wording as own_wording
from sso.provider.models import Base
from sso.provider.server import make_server
from sso.provider.services import keys
from sso.provider.vault import Vault
from sso.provider.views import logout, phone, protocol, qr, sign_in

ROOT = Path(__file__).parents[2]
LMS = ROOT / "lms"
OPEN_TO_OTHER_SITES = frozenset(
    {
        "protocol.authorize",
        "protocol.token",
        "protocol.introspect",
        "protocol.revoke",
        "protocol.userinfo",
        "logout.end_session",
    }
)
"""Clients and other sites post here, so no token of ours comes with it; what is done
there rests on the client's proof, or leads to a page that has one."""


def create_provider(given: Mapping[str, Any] | None = None) -> Flask:
    """Make the application; its database and keys are there when it returns."""
    app = Flask("sso.provider", static_folder=str(LMS / "static"))
    app.config.from_object(settings.Config)
    app.config.from_prefixed_env("VNEID")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(LMS / "translations")
    settings.complete(app.config, given or {})
    own = app.extensions["vault"] = Vault(app.config["SECRET_KEY"])
    app.config["SECRET_KEY"] = own.cookie_key

    db.init_app(app)
    logs.init_app(app)
    transactions.init_app(app)
    headers.init_app(app, OPEN_TO_OTHER_SITES)
    bodies.init_app(app)
    csrf = CSRFProtect(app)
    wording.collect([own_wording])
    _prepare_pages(app)
    app.extensions["authorization_server"] = make_server()
    for blueprint in (protocol.bp, sign_in.bp, qr.bp, phone.bp, logout.bp):
        app.register_blueprint(blueprint)
    for endpoint in OPEN_TO_OTHER_SITES:
        csrf.exempt(app.view_functions[endpoint])
    statics.init_app(app)
    hops = app.config["TRUSTED_PROXIES"]
    app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
        app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
    )
    _prepare_database(app)
    return app


def _prepare_database(app: Flask) -> None:
    with app.app_context(), writing():
        Base.metadata.create_all(db.engine)
        keys.ensure(app.extensions["vault"], clock.now())
        db.session.commit()
        db.session.remove()


def _prepare_pages(app: Flask) -> None:
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(ROOT / "sso" / "templates"),
            FileSystemLoader(LMS / "templates"),
        ]
    )
    pages.speak(app)
    app.context_processor(
        lambda: {"language": pages.language(), "own_static": _own_static}
    )
    app.after_request(_tell_no_other_site)
    app.register_error_handler(HTTPException, _show_error)
    app.register_error_handler(CSRFError, _show_error)
    app.register_error_handler(Exception, _show_fault)


def _own_static(name: str) -> str:
    folder = str(ROOT / "sso" / "static")
    mark = statics.address(folder, name).partition("?v=")[2]
    return url_for("sign_in.static", filename=name, v=mark)


def _tell_no_other_site(response: Response) -> Response:
    # Addresses here hold codes and requests; no other site learns where one came from.
    # Pages keep the kernel's same-origin: under no-referrer a browser calls the origin
    # of its own forms null, and they would be refused.
    if response.mimetype != "text/html" or response.location:
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _show_error(error: HTTPException) -> Any:
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    db.session.rollback()
    if request.blueprint == "protocol":
        return {"error": "invalid_request"}, code
    return render_template("provider/error.html", code=code), code


def _show_fault(error: Exception) -> Any:
    if current_app.testing or current_app.debug:
        raise error
    db.session.rollback()
    structlog.get_logger("vneid").exception("fault")
    return render_template("provider/error.html", code=500), 500
