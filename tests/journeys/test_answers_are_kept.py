"""Nothing that a learner has answered is lost, whatever the line does."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.factories import quizzes

SAVED = re.compile(r"Đã lưu \d\d:\d\d:\d\d")
STEM = re.compile("mấy chữ số")


@pytest.fixture
def attempt(site):
    """The address of an open attempt, and whose it is."""
    with site.inside():
        learner = quizzes.learner()
        return f"/attempts/{quizzes.attempt(learner).id}", learner.account.id


def twelve(page: Page):
    return page.get_by_role("group", name=STEM).get_by_label("12", exact=True)


def test_an_answer_given_before_the_script_came_is_saved(site, visit, attempt):
    address, learner_id = attempt
    page = visit(site, learner_id)
    held = []

    def hold(route):
        held.append(route)

    page.route("**/attempt.js*", hold, times=1)
    page.goto(address, wait_until="commit")
    twelve(page).check()
    page.get_by_label("Câu trả lời của bạn").fill("VNeID")

    held[0].continue_()

    expect(page.locator("[data-save-state]")).to_have_text(SAVED)
    expect(page.get_by_role("link", name="Câu 4, đã làm")).to_be_visible()
    page.reload()
    expect(twelve(page)).to_be_checked()
    expect(page.get_by_label("Câu trả lời của bạn")).to_have_value("VNeID")


def test_an_answer_given_without_a_network_is_saved_later(site, visit, ear, attempt):
    ear.expected += ["ERR_INTERNET_DISCONNECTED"]
    address, learner_id = attempt
    page = visit(site, learner_id)
    page.goto(address)
    expect(page.locator("[data-save-state]")).to_have_text(SAVED)

    page.context.set_offline(True)
    twelve(page).check()
    expect(page.locator("[data-save-state]")).to_have_text("Chưa lưu")
    expect(page.get_by_role("alert")).to_contain_text("Mất kết nối mạng")
    page.context.set_offline(False)

    expect(page.locator("[data-save-state]")).to_have_text(SAVED)
    page.reload()
    expect(twelve(page)).to_be_checked()
