"""The roof: join the packages into one Flask application.

Run it with ``python3 -m lms demo``, or serve it with ``gunicorn 'wsgi:create_app()'``.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import courses.catalogue.views
import courses.catalogue.wording
import courses.certificates.jobs
import courses.certificates.views
import courses.certificates.wording
import courses.enrolment.views
import courses.enrolment.wording
import courses.exams.jobs
import courses.exams.views.answering
import courses.exams.views.board
import courses.exams.views.chief
import courses.exams.views.entry
import courses.exams.views.gate
import courses.exams.views.invigilating
import courses.exams.views.writing
import courses.exams.wording
import courses.exchange.views
import courses.exchange.wording
import courses.home.views
import courses.items.views.banks
import courses.items.views.blueprint
import courses.items.views.files
import courses.items.views.items
import courses.items.wording
import courses.quizzes.jobs
import courses.quizzes.views.attempts
import courses.quizzes.views.authoring
import courses.quizzes.views.blueprints
import courses.quizzes.views.regrading
import courses.quizzes.views.sections
import courses.quizzes.views.staff
import courses.quizzes.wording
import lms.attendance.jobs
import lms.attendance.wording
import lms.fees.wording
import lms.kernel.imports.jobs
import lms.kernel.imports.rules
import lms.kernel.imports.views
import lms.kernel.imports.wording
import lms.kernel.views
import lms.marks.wording
import lms.people.administration.views
import lms.people.privacy.views
import lms.people.second_factor.views
import lms.people.views
import lms.people.wording
import lms.sections.wording
import lms.timetable.wording
import lms.units.changes
import lms.units.jobs
import lms.units.views
import lms.units.wording
import media.transcoding
import media.views
import media.wording
import sso.anchors.views
import sso.anchors.wording
import sso.chip.wording
import sso.identification.views
import sso.identification.wording
import sso.provider.demo
import sso.provider.serving
import sso.provider.wording
import sso.relying_party.settings
import sso.relying_party.views.entry
import sso.relying_party.views.logout
import sso.relying_party.views.queue
import sso.relying_party.wording
from courses.demo.cli import demo
from courses.enrolment.services import courses_learnt
from courses.exams.cli import exams
from courses.exams.services.arrivals import expected_at
from courses.exchange.cli import item_commands
from courses.quizzes.services.quizzes import publish_problems, uses_of_item
from lms.fees.cli import fees
from lms.kernel import (
    access,
    bodies,
    cli,
    config,
    headers,
    limits,
    logs,
    pages,
    statics,
    transactions,
    wording,
)
from lms.kernel.db import Base, db
from lms.kernel.jobs.cli import jobs
from lms.kernel.keyring import Keyring
from lms.kernel.pages import Place
from lms.kernel.permissions import Permission
from lms.marks.cli import marks
from lms.people.cli import people
from lms.people.intakes.accounts import ACCOUNTS
from lms.people.intakes.guardians import GUARDIANS
from lms.people.intakes.posts import POSTS
from lms.people.services import follow_unit, grants_of
from lms.people.signed_in import load_signed_in
from lms.sections.services.grants import sections_held
from lms.timetable.cli import timetable
from lms.units.cli import units
from lms.units.intake import UNITS
from sso.cli import chip, identification
from sso.identification.services import Source
from sso.provider.cli import vneid
from sso.virtual_card.cli import virtual_card

MIGRATIONS = Path(__file__).parent / "migrations"
BLUEPRINTS = (
    lms.kernel.views.bp,
    lms.kernel.imports.views.bp,
    lms.units.views.bp,
    lms.people.administration.views.bp,
    lms.people.privacy.views.bp,
    lms.people.second_factor.views.bp,
    lms.people.views.bp,
    sso.relying_party.views.entry.bp,
    sso.relying_party.views.logout.bp,
    sso.relying_party.views.queue.bp,
    media.views.bp,
    sso.anchors.views.bp,
    sso.identification.views.bp,
    courses.catalogue.views.bp,
    courses.enrolment.views.bp,
    courses.items.views.blueprint.bp,
    courses.quizzes.views.attempts.bp,
    courses.quizzes.views.authoring.bp,
    courses.quizzes.views.sections.bp,
    courses.quizzes.views.blueprints.bp,
    courses.quizzes.views.staff.bp,
    courses.quizzes.views.regrading.bp,
    courses.certificates.views.bp,
    courses.exams.views.answering.bp,
    courses.exams.views.board.bp,
    courses.exams.views.chief.bp,
    courses.exams.views.entry.bp,
    courses.exams.views.gate.bp,
    courses.exams.views.invigilating.bp,
    courses.exams.views.writing.bp,
    courses.exchange.views.bp,
    courses.home.views.bp,
)
JOBS = (
    lms.attendance.jobs,
    lms.kernel.imports.jobs,
    lms.units.jobs,
    media.transcoding,
    courses.quizzes.jobs,
    courses.certificates.jobs,
    media.transcoding,
    courses.quizzes.jobs,
    courses.certificates.jobs,
    courses.exams.jobs,
)
"""Modules that name jobs; to be imported is all they need."""

WORDINGS = (
    lms.kernel.imports.wording,
    lms.units.wording,
    lms.fees.wording,
    lms.people.wording,
    lms.marks.wording,
    lms.attendance.wording,
    lms.timetable.wording,
    lms.sections.wording,
    media.wording,
    sso.anchors.wording,
    sso.chip.wording,
    sso.identification.wording,
    sso.provider.wording,
    sso.relying_party.wording,
    courses.catalogue.wording,
    courses.enrolment.wording,
    courses.items.wording,
    courses.exchange.wording,
    courses.quizzes.wording,
    courses.certificates.wording,
    courses.exams.wording,
)
GRANT_SOURCES = (grants_of,)
UNIT_FOLLOWERS = (follow_unit,)
GRANT_QUERIES = (sections_held, courses_learnt)
INTAKES = (ACCOUNTS, POSTS, GUARDIANS, UNITS)
"""Lists that come in as Excel files: ``lms/kernel/imports/__init__.py`` says how."""

PUBLISH_CHECKS = (publish_problems,)
EXPECTED_PERSONS: tuple[Source, ...] = (expected_at,)
"""Who is waited for in a room: an exam lists its candidates here."""

SIGNED_BY_STATIONS = (
    "identification.start",
    "identification.evidence",
    "identification.chip",
)
"""Each request of a station is signed whole, which is more than a token says."""

ITEM_USES = (uses_of_item,)
PLACES = (
    Place(_l("Bàn làm việc"), "home.show", "home", Permission.HOME_VIEW),
    Place(_l("Khóa học"), "enrolment.browse", "books"),
    Place(_l("Giấy chứng nhận"), "certificates.mine", "award", Permission.HOME_VIEW),
    Place(_l("Tra cứu"), "certificates.ask", "shield-check"),
    Place(_l("Người dùng"), "accounts.index", "users", Permission.ACCOUNT_EDIT),
    Place(_l("Đơn vị"), "units.index", "building-community", Permission.UNIT_EDIT),
    Place(
        _l("Yêu cầu về dữ liệu"),
        "privacy.queue",
        "shield-check",
        Permission.DATA_REQUEST_ANSWER,
    ),
    Place(_l("Soạn khóa học"), "catalogue.courses", "edit", Permission.COURSE_EDIT),
    Place(_l("Câu hỏi"), "items.show_banks", "database", Permission.ITEM_VIEW),
    Place(_l("Phòng thi"), "exam_board.mine", "eye", Permission.ROOM_WATCH),
    Place(
        _l("Sổ cấp giấy"),
        "certificates.register",
        "list-details",
        Permission.CERTIFICATE_REVOKE,
    ),
    Place(
        _l("Trạm đọc thẻ"),
        "identification.index",
        "device-mobile",
        Permission.STATION_EDIT,
    ),
    Place(
        _l("Chứng thư gốc"), "anchors.index", "file-certificate", Permission.ANCHOR_VIEW
    ),
    Place(
        _l("Chờ xác nhận danh tính"),
        "link_requests.waiting",
        "user-check",
        Permission.IDENTITY_CONFIRM,
    ),
)
COMPANIONS = (sso.provider.serving.beside,)
"""What is served beside the platform by ``serve`` and ``demo``."""

COMMANDS = (
    cli.serve,
    cli.policy,
    cli.audit_commands,
    cli.key_commands,
    people,
    units,
    jobs,
    fees,
    marks,
    timetable,
    chip,
    identification,
    item_commands,
    vneid,
    virtual_card,
    exams,
    demo,
)


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    app = Flask("lms")
    app.config.from_object(config.Config)
    app.config.from_prefixed_env("LMS")
    app.config.from_mapping(overrides or {})
    config.complete(app.config)

    app.extensions["keyring"] = Keyring(app.config)
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), metadata=Base.metadata)
    logs.init_app(app)
    transactions.init_app(app)
    headers.init_app(app)
    bodies.init_app(app)
    limits.limiter.init_app(app)
    csrf = CSRFProtect(app)
    csrf.exempt(sso.relying_party.views.logout.obey)
    access.init_app(app, load_signed_in, [*GRANT_SOURCES], [*GRANT_QUERIES])
    app.extensions["companions"] = COMPANIONS
    app.config.update(sso.provider.demo.client_settings(app.config))
    sso.relying_party.settings.init_app(app)
    app.extensions["step_up_address"] = sso.relying_party.views.entry.step_up_address
    app.extensions["sign_out_elsewhere"] = (
        sso.relying_party.views.logout.sign_out_address
    )
    app.extensions["publish_checks"] = PUBLISH_CHECKS
    app.extensions["expected_persons"] = EXPECTED_PERSONS
    app.extensions["item_uses"] = ITEM_USES
    wording.collect(WORDINGS)
    lms.kernel.imports.rules.collect(INTAKES)
    lms.units.changes.collect(UNIT_FOLLOWERS)
    pages.init_app(app, PLACES, sign_in="people.show_sign_in")
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for endpoint in SIGNED_BY_STATIONS:
        csrf.exempt(app.view_functions[endpoint])
    for command in COMMANDS:
        app.cli.add_command(command)
    statics.init_app(app)
    hops = app.config["TRUSTED_PROXIES"]
    app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
        app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
    )
    return app
