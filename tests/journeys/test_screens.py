"""Every type of page, as each role, on every screen, in light and in dark.

Nothing scrolls sideways, axe-core finds nothing serious, and the console stays silent.
``LMS_TEST_SCREENSHOTS`` names a folder for pictures of them all.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from courses.catalogue.models import Activity, Course
from courses.certificates.models import Certificate
from courses.demo.people import account_called
from courses.enrolment import services as enrolment
from courses.items.models import Item, ItemBank
from courses.quizzes.services import attempts, quizzes
from lms.kernel import clock
from lms.kernel.db import db

WIDTHS = (390, 768, 1280)
OPENED_AT = (390, 768)
"""Where the page is opened anew; a desk shows what a tablet does, with more room."""

SCHEMES = ("light", "dark")
RULES = {(390, "light"): {}, (1280, "dark"): {"runOnly": ["color-contrast"]}}
"""Where axe-core reads along; it takes a while, and the rest is the same page."""

GRAVE = ("serious", "critical")
PAINTED = """() => new Promise(done =>
  requestAnimationFrame(() => requestAnimationFrame(() => Promise.allSettled(
    document.getAnimations().map(one => one.finished)).then(done))))"""
"""Colours of the other scheme linger until the next frame, and fade on a busy one."""
RUN_AXE = "rules => axe.run(document, {...rules, resultTypes: ['violations']})"
SETTLED = """() => document.fonts.status === "loaded"
    && !document.querySelector("[data-rich-editor]:not([data-ready])")"""
WIDER = "() => document.documentElement.scrollWidth - window.innerWidth"
STRANGER, LEARNER, EDITOR, ADMINISTRATOR = "", "hocvien2", "bientap", "quantri"
HOLDER, NEWCOMER = "hocvien1", "hocvien3"


@dataclass(frozen=True)
class Screen:
    name: str
    who: str
    address: str
    """With ``{course}`` and the like for the things of the district."""
    expected: str = ""
    """Part of what the browser says of it in its console."""


SCREENS = (
    Screen("front", STRANGER, "/"),
    Screen("sign-in", STRANGER, "/sign-in"),
    Screen("catalogue", STRANGER, "/courses"),
    Screen("nothing-found", STRANGER, "/courses?q=khong+co+gi"),
    Screen("course-stranger", STRANGER, "/courses/{slug}"),
    Screen("verify", STRANGER, "/verify"),
    Screen("verified", STRANGER, "/verify/{code}"),
    Screen("verify-mistyped", STRANGER, "/verify/abcd", "404 (NOT FOUND)"),
    Screen("not-found", STRANGER, "/khong-co", "404 (NOT FOUND)"),
    Screen("desk-new", NEWCOMER, "/"),
    Screen("certificates-none", NEWCOMER, "/certificates"),
    Screen("desk", LEARNER, "/"),
    Screen("catalogue-learner", LEARNER, "/courses"),
    Screen("course", LEARNER, "/courses/{slug}"),
    Screen("lesson", LEARNER, "/activities/{page}"),
    Screen("film", LEARNER, "/activities/{film}"),
    Screen("quiz", LEARNER, "/activities/{quiz}/quiz"),
    Screen("attempt", LEARNER, "/attempts/{attempt}"),
    Screen("summary", LEARNER, "/attempts/{attempt}/submit"),
    Screen("result", LEARNER, "/attempts/{handed_in}/result"),
    Screen("account", LEARNER, "/account"),
    Screen("desk-holder", HOLDER, "/"),
    Screen("certificates", HOLDER, "/certificates"),
    Screen("record", HOLDER, "/record"),
    Screen("desk-editor", EDITOR, "/"),
    Screen("authoring", EDITOR, "/authoring/courses"),
    Screen("new-course", EDITOR, "/authoring/courses/new"),
    Screen("outline", EDITOR, "/authoring/courses/{course}"),
    Screen("settings", EDITOR, "/authoring/courses/{course}/settings"),
    Screen("module", EDITOR, "/authoring/modules/{module}"),
    Screen("edit-page", EDITOR, "/authoring/activities/{page}"),
    Screen("edit-film", EDITOR, "/authoring/activities/{film}"),
    Screen("edit-quiz", EDITOR, "/activities/{quiz}/quiz/edit"),
    Screen("edit-item", EDITOR, "/quiz-slots/{slot}"),
    Screen(
        "new-item", EDITOR, "/activities/{quiz}/quiz/items/new?kind=multiple_choice"
    ),
    Screen("banks", EDITOR, "/item-banks"),
    Screen("bank", EDITOR, "/item-banks/{bank}"),
    Screen("bank-settings", EDITOR, "/item-banks/{bank}/settings"),
    Screen("bank-duplicates", EDITOR, "/item-banks/{bank}/duplicates"),
    Screen("bank-item", EDITOR, "/items/{bank_item}"),
    Screen("bank-item-edit", EDITOR, "/items/{bank_item}/edit"),
    Screen("preview-quiz", EDITOR, "/activities/{quiz}/quiz/preview"),
    Screen("desk-administrator", ADMINISTRATOR, "/"),
    Screen("register", ADMINISTRATOR, "/certificates/register"),
    Screen("revocation", ADMINISTRATOR, "/certificates/{certificate}/revocation"),
    Screen("stations", ADMINISTRATOR, "/stations"),
    Screen("anchors", ADMINISTRATOR, "/trust-anchors"),
    Screen("anchor", ADMINISTRATOR, "/trust-anchors/1"),
    Screen("new-anchor", ADMINISTRATOR, "/trust-anchors/new"),
    Screen("forbidden", LEARNER, "/authoring/courses", "403 (FORBIDDEN)"),
)


@pytest.fixture(scope="module")
def things(district) -> dict[str, object]:
    """Return what stands between the braces of the addresses."""
    with district.inside():
        learner = account_called(LEARNER)
        course = db.session.query(Course).order_by(Course.id).first()
        enrolment.enrol(course, learner.id, clock.now())
        inside = [a for module in course.modules for a in module.activities]
        first = {kind: _first(inside, kind) for kind in ("page", "video", "quiz")}
        quiz = quizzes.quiz_of(first["quiz"])
        handed_in = attempts.start_attempt(quiz, learner.id, clock.now())
        attempts.submit(handed_in, clock.now())
        open_one = attempts.start_attempt(quiz, learner.id, clock.now())
        certificate = db.session.query(Certificate).first()
        bank = db.session.query(ItemBank).filter(ItemBank.name != "").first()
        return {
            "course": course.id,
            "slug": course.slug,
            "module": course.modules[0].id,
            "page": first["page"].id,
            "film": first["video"].id,
            "quiz": first["quiz"].id,
            "slot": quiz.slots[0].id,
            "attempt": open_one.id,
            "handed_in": handed_in.id,
            "certificate": certificate.id,
            "code": certificate.code,
            "bank": bank.id,
            "bank_item": db.session.query(Item).filter_by(bank_id=bank.id).first().id,
        }


def _first(activities: list[Activity], kind: str) -> Activity:
    return next(activity for activity in activities if activity.kind == kind)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_page_reads_well_on_every_screen(district, things, visit, ear, screen):
    ear.expected += [screen.expected] if screen.expected else []
    page = visit(district, account_of(district, screen.who))

    wrong = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        if width in OPENED_AT:
            page.goto(screen.address.format(**things))
            page.wait_for_function(SETTLED)
        for scheme in SCHEMES:
            wrong += look(page, screen, width, scheme)

    assert wrong == []


def account_of(district, sign_in_name: str) -> int | None:
    if not sign_in_name:
        return None
    with district.inside():
        return account_called(sign_in_name).id


def look(page: Page, screen: Screen, width: int, scheme: str) -> list[str]:
    """Look at the page on one screen; return what is wrong with it."""
    where = f"{screen.name}-{width}-{scheme}"
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate(PAINTED)
    keep_picture(page, where)
    wrong = []
    if (wider := page.evaluate(WIDER)) > 0:
        wrong.append(f"{where}: {wider} px too wide")
    if (rules := RULES.get((width, scheme))) is not None:
        wrong += [f"{where}: {problem}" for problem in graves(page, rules)]
    return wrong


def keep_picture(page: Page, name: str) -> None:
    folder = os.environ.get("LMS_TEST_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def graves(page: Page, rules: dict[str, object]) -> list[str]:
    """Return what axe-core finds grave."""
    page.evaluate(AXE_SCRIPT)
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in page.evaluate(RUN_AXE, rules)["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def test_the_look_finds_what_is_wrong(district, visit):
    page = visit(district, width=390)
    page.goto("/sign-in")
    screen = Screen("spoilt", STRANGER, "/sign-in")
    assert look(page, screen, 390, "light") == []

    page.evaluate("document.querySelector('label').remove()")
    page.evaluate("document.body.append('x'.repeat(999))")

    found = " ".join(look(page, screen, 390, "light"))
    assert "px too wide" in found
    assert "label: <input" in found


READ_WITHOUT_SCRIPTS = ("front", "catalogue", "course", "lesson", "quiz", "result")


@pytest.mark.parametrize("name", READ_WITHOUT_SCRIPTS)
def test_what_is_only_read_needs_no_scripts(district, things, visit, name):
    screen = next(screen for screen in SCREENS if screen.name == name)
    who = account_of(district, screen.who)
    page = visit(district, who, width=390, java_script_enabled=False)

    page.goto(screen.address.format(**things))

    text = page.locator("main").inner_text()
    assert len(re.findall(r"\w+", text)) > 20


def test_a_lesson_is_light_enough_for_a_phone(district, things, visit):
    page = visit(district, account_of(district, LEARNER), width=390)
    sizes = []
    page.on("requestfinished", lambda r: sizes.append(r.sizes()))

    page.goto(f"/activities/{things['page']}", wait_until="networkidle")

    loaded = sum(s["responseBodySize"] + s["responseHeadersSize"] for s in sizes)
    assert loaded <= 350_000
