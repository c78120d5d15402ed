"""A learner answers every item type on a phone's width with the keyboard alone."""

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from courses.quizzes.services import attempts
from lms.kernel import clock
from lms.kernel.db import db
from tests.factories import people, quizzes
from tests.factories.items import ALL_KINDS
from tests.journeys.conftest import PHONE
from tests.journeys.test_screens import WIDER, graves, keep_picture

SAVED = re.compile(r"Đã lưu \d\d:\d\d:\d\d")
MOST_TABS = 60
ESSAY = "Trường em nằm bên sông Bồ."


def reach(page: Page, selector: str) -> None:
    """Press Tab until something that matches has the focus."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"Tab never reaches {selector}")


def choose(page: Page, name: str, value: str) -> None:
    """Choose in a menu or among radio buttons with the arrow keys."""
    reach(page, f'[name="{name}"]')
    tag = page.evaluate("() => document.activeElement.tagName")
    if tag == "INPUT":
        page.keyboard.press("Space")
    for _press in range(40):
        if page.evaluate("() => document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    pytest.fail(f"the arrow keys never reach {value} in {name}")


def tick(page: Page, name: str, values: list[str]) -> None:
    boxes = page.locator(f'[name="{name}"]').evaluate_all(
        "all => all.map(e => e.value)"
    )
    for value in sorted(values, key=boxes.index):
        reach(page, f'[name="{name}"][value="{value}"]')
        page.keyboard.press("Space")


def write(page: Page, name: str, text: str) -> None:
    reach(page, f'[name="{name}"]')
    page.keyboard.type(text)


def parts_in_order(page: Page, name: str) -> list[str]:
    names = page.locator(f'[name^="{name}-"]').evaluate_all(
        "all => all.map(e => e.name)"
    )
    return [one.removeprefix(f"{name}-") for one in dict.fromkeys(names)]


def answer_parts(page: Page, name: str, said: dict[str, Any]) -> None:
    for part in parts_in_order(page, name):
        field = f"{name}-{part}"
        value = said.get(part)
        kind = page.locator(f'[name="{field}"]').first.get_attribute("type")
        if value is None:
            continue
        if kind == "text":
            write(page, field, str(value))
        else:
            choose(page, field, str(value))


def set_markers(page: Page, item: Any, name: str) -> None:
    """Set the first by writing where it is, the others with the arrow keys."""
    first, *others = item.targets
    x, y = first.shape.middle
    write(page, f"{name}-{first.marker}", f"{x}, {y}")
    for target in others:
        reach(page, "[data-aim]")
        field = page.locator(f'[name="{name}-{target.marker}"]')
        for _press in range(60):
            page.keyboard.press("ArrowRight")
            at = [int(word) for word in field.input_value().split(",")]
            if target.shape.holds((at[0], at[1])):
                break


def hand_in_a_file(page: Page, position: int, path: Path) -> None:
    reach(page, f"#file-{position}")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(path)
    expect(page.locator(f"#cau-{position} [data-file-list] li")).to_have_count(1)


def place_all(page: Page, name: str, key: list[str]) -> None:
    answer_parts(page, name, {option: place for place, option in enumerate(key, 1)})


def pair_all(page: Page, name: str, key: list[list[str]]) -> None:
    for row, pair in enumerate(key, 1):
        for option in pair:
            choose(page, f"{name}-{row}", option)


def judge_all(page: Page, name: str, key: dict[str, bool]) -> None:
    answer_parts(page, name, {one: str(said).lower() for one, said in key.items()})


ACTS: dict[str, Any] = {
    "single_choice": choose,
    "multiple_choice": tick,
    "true_false": lambda page, name, key: choose(page, name, str(key).lower()),
    "statements": judge_all,
    "short_answer": lambda page, name, key: write(page, name, key[0]),
    "numerical": write,
    "matching": answer_parts,
    "ordering": place_all,
    "cloze": answer_parts,
    "drag_words": answer_parts,
    "hot_text": tick,
    "association": pair_all,
    "hotspot": lambda page, name, key: choose(page, name, key[0]),
    "image_labels": answer_parts,
    "calculated": write,
    "calculated_choice": choose,
    "essay": lambda page, name, _key: write(page, name, ESSAY),
    "description": lambda _page, _name, _key: None,
}
"""What is done with the keyboard for each type; pins and files have more to know."""


def answer(page: Page, position: int, item: Any, files: Path) -> None:
    name = f"response-{position}"
    if item.kind == "markers":
        set_markers(page, item, name)
    elif item.kind == "file_upload":
        hand_in_a_file(page, position, files / "bai.pdf")
    else:
        ACTS[item.kind](page, name, item.key())


@pytest.fixture
def everything(site, tmp_path):
    """An open attempt that asks one item of each type, and a file to hand in."""
    (tmp_path / "bai.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    with site.inside():
        made = quizzes.quiz(*ALL_KINDS.values())
        learner = people.account("Trần Thị Bình")
        quizzes.courses.enrolled(learner, made.activity.course)
        attempt = attempts.start_attempt(made, learner.id, clock.now())
        db.session.commit()
        asked = [(one.place.position, one.item) for one in attempts.asked_in(attempt)]
        return attempt.id, learner.id, asked


def test_every_type_is_answered_with_the_keyboard_alone(
    site, visit, everything, tmp_path
):
    attempt_id, learner_id, asked = everything
    page = visit(site, learner_id, width=PHONE)
    page.goto(f"/attempts/{attempt_id}")
    page.evaluate(AXE_SCRIPT)

    for position, item in asked:
        answer(page, position, item, tmp_path)

    expect(page.locator("[data-save-state]")).to_have_text(SAVED)
    keep_picture(page, "every-item-type-390")
    assert page.evaluate(WIDER) <= 0
    assert graves(page, {}) == []
    with site.inside():
        attempt = db.session.get_one(attempts.Attempt, attempt_id)
        for one in attempts.asked_in(attempt):
            share = one.item.grade(one.place.value).share
            expected = None if one.item.by_hand else 1
            if one.item.is_graded:
                assert share == expected, (one.item.kind, one.place.value)
    page.reload()
    expect(page.get_by_label("Bài viết của bạn")).to_have_value(ESSAY)
    expect(page.get_by_text("bai.pdf")).to_be_visible()
