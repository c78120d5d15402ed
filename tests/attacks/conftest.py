"""A small world with one of everything, its people, and a look at all that is kept."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from courses.catalogue.models import Activity, Course
from courses.certificates.models import Certificate
from courses.enrolment import services as enrolment
from courses.enrolment.models import ContentReport
from courses.items.models import BankShare, ItemCategory
from courses.items.services import banks
from courses.quizzes.models.attempts import Attempt
from courses.quizzes.models.quizzes import Quiz
from lms.kernel import clock
from lms.kernel.db import Base, db
from lms.kernel.imports.models import ImportRun
from lms.kernel.imports.rules import ImportState
from lms.kernel.permissions import Role
from lms.people.models import Account, Post, RoleGrant, UserSession
from lms.people.privacy import services as privacy
from lms.people.privacy.models import DataRequest
from lms.people.privacy.rules import RequestKind
from lms.people.services import give_post, grant_role
from lms.units.models import Unit
from media.models import Asset, AssetState
from media.rules.files import AssetKind
from sso.relying_party.models import LinkRequest
from sso.relying_party.rules.provider import Profile
from tests.attacks.rows import parts_for
from tests.conftest import NINE
from tests.factories import certificates, courses, people, quizzes

KEPT_OF_FAILURES = {"sign_in_failure", "audit_event"}
"""What a refusal may write, so that it leaves a trace."""


@dataclass
class World:
    """One of everything, for tests that go through all addresses."""

    course: Course
    other: Course
    activities: dict[str, Activity]
    quiz: Quiz
    attempt: Attempt
    certificate: Certificate
    asset: Asset
    report: ContentReport
    user_session: UserSession
    unit: Unit
    import_run: ImportRun
    role_grant: RoleGrant
    post: Post
    data_request: DataRequest
    link_request: LinkRequest
    people: dict[str, Account]
    share: BankShare
    category: ItemCategory
    rest: dict[str, Any] = field(default_factory=dict)
    """What else addresses name: rows that belong to nobody of these."""

    @property
    def parts(self) -> dict[str, Any]:
        """What stands between the slashes of an address, by its name there."""
        return self.rest | {
            "account_id": self.people["learner"].id,
            "course_id": self.course.id,
            "module_id": self.course.modules[0].id,
            "activity_id": self.activities["page"].id,
            "quiz_id": self.quiz.id,
            "quiz_slot_id": self.quiz.slots[0].id,
            "attempt_id": self.attempt.id,
            "item_bank_id": self.share.bank_id,
            "item_bank_share_id": self.share.id,
            "item_category_id": self.category.id,
            "item_id": self.quiz.slots[0].item_version.item_id,
            "certificate_id": self.certificate.id,
            "asset_id": self.asset.id,
            "content_report_id": self.report.id,
            "user_session_id": self.user_session.id,
            "link_request_id": self.link_request.id,
            "slug": self.course.slug,
            "code": self.certificate.code,
            "import_run_id": self.import_run.id,
            "what": "accounts",
            "place_id": self.unit.id,
            "unit_id": self.unit.id,
            "role_grant_id": self.role_grant.id,
            "post_id": self.post.id,
            "data_request_id": self.data_request.id,
            "language": "vi",
            "folder": self.asset.folder,
            "signature": "khong-dung",
            "expires": 1,
            "path": "original",
            "filename": "css/app.css",
        }


def a_film(owner: Account, folder: str = "0" * 32) -> Asset:
    asset = Asset(
        owner_id=owner.id,
        kind=AssetKind.VIDEO,
        state=AssetState.READY,
        folder=folder,
        sha256="0" * 64,
        display_name="gioi-thieu.mp4",
        content_type="video/mp4",
        size_bytes=1000,
        duration_seconds=100.0,
        created_at=clock.now(),
    )
    db.session.add(asset)
    db.session.commit()
    return asset


def a_claim(unit: Unit) -> LinkRequest:
    """Let somebody of the unit wait to be confirmed."""
    claimed = people.account("Ngô Thị Chờ")
    claimed.unit_id = unit.id
    asked = LinkRequest(
        account_id=claimed.id,
        issuer="https://op.example",
        sub="ai-do",
        profile=Profile.OIDC,
        muc=1,
        full_name="Ngô Thị Chờ",
        reasons=["birth-date"],
        asked_at=clock.now(),
        seal_id="0" * 32,
    )
    db.session.add(asked)
    return asked


@pytest.fixture
def world(app: Flask) -> World:
    course = courses.course(lessons=1)
    other = courses.course("Khóa của người khác", lessons=1)
    author = people.account("Lê Thị Biên Soạn", author=f"course:{course.id}")
    cast = {
        "learner": people.account(),
        "other learner": people.account("Trần Thị Bình"),
        "author": author,
        "author elsewhere": people.account("Phạm Văn Xa", author=f"course:{other.id}"),
        "editor": people.account("Phan Văn Biên Tập", editor="site"),
        "administrator": people.account("Hồ Thị Quản Trị", administrator="site"),
    }
    asset = a_film(author)
    contents = {"link": {"url": "https://dichvucong.gov.vn"}, "file": {}}
    contents["video"] = {"asset_id": asset.id, "html": "<p>Lời.</p>"}
    kinds = {
        kind: courses.activity(course, kind, f"Bài {kind}", content=content)
        for kind, content in contents.items()
    }
    quiz = quizzes.quiz(course=course)
    courses.enrolled(cast["learner"], course)
    courses.enrolled(cast["other learner"], other)
    taken = quizzes.attempt(quizzes.Learner(cast["learner"], quiz))
    certificate = certificates.certificate(cast["learner"], courses.course("Đã xong"))
    page = courses.activities(course)[0]
    report = enrolment.report_content(page, cast["learner"].id, "Sai.", clock.now())
    unit = people.unit()
    cast["liaison"] = people.account(
        "Đoàn Đầu Mối", **{"unit-liaison": f"unit:{unit.id}"}
    )
    import_run = ImportRun(
        intake="accounts",
        place_id=unit.id,
        owner_id=cast["liaison"].id,
        file_name="danh-sach.xlsx",
        state=ImportState.CANCELLED,
        counts={},
        created_at=clock.now(),
        seal_id="0",
    )
    db.session.add(import_run)
    post = give_post(cast["learner"], unit, "Chuyên viên", NINE.date())
    grant_role(cast["other learner"].id, Role.TEACHER, f"unit:{unit.id}")
    role_grant = db.session.query(RoleGrant).filter_by(role=Role.TEACHER).one()
    data_request = privacy.ask(
        cast["other learner"].id, RequestKind.CORRECT, "Sai.", clock.now(), hours=72
    )
    people.sign_in.open_session(cast["learner"], "Máy khác", clock.now())
    link_request = a_claim(unit)
    bank = quiz.slots[0].item_version.item.bank
    share = banks.share_bank(bank, "section:9", author.id, clock.now())
    category = banks.add_category(bank, "Chương 1")
    db.session.commit()
    made = World(
        share=share,
        category=category,
        course=course,
        other=other,
        activities=kinds | {"page": page, "quiz": quiz.activity},
        quiz=quiz,
        attempt=taken,
        certificate=certificate,
        asset=asset,
        report=report,
        unit=unit,
        import_run=import_run,
        role_grant=role_grant,
        post=post,
        data_request=data_request,
        user_session=db.session.query(UserSession).first(),
        link_request=link_request,
        people=cast,
    )
    made.rest = parts_for(app, made.parts)
    db.session.commit()
    return made


@pytest.fixture
def kept(app: Flask) -> Callable[[], dict[str, Any]]:
    """Return a function that copies every row and names every file that is kept."""

    def copied() -> dict[str, Any]:
        db.session.rollback()
        rows = {
            table.name: [
                tuple(row) for row in db.session.execute(select(table)).fetchall()
            ]
            for table in Base.metadata.sorted_tables
            if table.name not in KEPT_OF_FAILURES
        }
        var = Path(app.config["VAR"])
        files = [p for name in ("media", "incoming") for p in (var / name).rglob("*")]
        return rows | {"files": sorted(str(p) for p in files if p.is_file())}

    return copied


def addresses(app: Flask, world: World, method: str) -> list[tuple[Any, str]]:
    """Return every route that answers this method, with its address in the world."""
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        if method not in (rule.methods or ()) or rule.endpoint.endswith("static"):
            continue
        parts = {name: world.parts[name] for name in rule.arguments}
        if "/quiz" in rule.rule and "activity_id" in parts:
            parts["activity_id"] = world.activities["quiz"].id
        if "/quiz/items" in rule.rule or "item_bank_id" in parts:
            parts["kind"] = "single_choice"
        found.append((rule, adapter.build(rule.endpoint, parts, method=method)))
    return found
