"""Whatever is sent in that makes no sense is refused in plain words, and not kept."""

import html
import json
import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from lms.kernel.db import db
from lms.kernel.permissions import SITE, Role
from lms.people.services import grant_role
from tests.attacks.conftest import addresses
from tests.attacks.scripts import TAGS_TO_RUN
from tests.factories import people
from tests.media import samples

HUGE = 10**30
ANY_ORDER = "Thứ tự gửi lên không khớp"
EMPTY = "Hãy điền mục này."
NOT_THERE = "Không tìm thấy trang này"
NOT_VALID = "Yêu cầu không hợp lệ"
NUMBER = "Hãy nhập một số nguyên."
OF_THE_LIST = "Hãy chọn một mục có trong danh sách."
PROGRAM = "Nội dung có đoạn mã chạy được"
TOO_LONG = "Viết ngắn hơn"
UNSEEN = "Có ký tự không in được"
WRONG_TYPE = "Nội dung tệp không đúng"
NOT_TAKEN = "Loại tệp này không được nhận"
BAD_NAME = "Tên tệp không dùng được"
BAD_REPORT = "Không ghi nhận được phần đã xem"
BAD_SAVE = "Máy chủ không đọc được câu trả lời"


@dataclass(frozen=True)
class Case:
    """One thing somebody sends, and the words of the refusal."""

    who: str
    address: str
    """With ``{page}`` and the like for the things of the small world."""
    words: str
    given: dict[str, Any] = field(default_factory=dict)


def form(who: str, address: str, words: str, **data: Any) -> Case:
    return Case(who, address, words, {"data": data})


def sent_json(who: str, address: str, words: str, body: Any) -> Case:
    text = body if isinstance(body, str) else json.dumps(body)
    given = {"data": text, "content_type": "application/json"}
    return Case(who, address, words, given)


def upload(words: str, name: str, content: bytes, kind: str, claimed: str = "") -> Case:
    given = {
        "data": content,
        "content_type": claimed or "application/octet-stream",
        "query_string": {"kind": kind, "name": name},
    }
    return Case("author", "/media/assets", words, given)


SETTINGS = {
    "title": "Tên",
    "summary": "Tóm tắt",
    "topic_id": "1",
    "cover": "overview",
    "is_open": "y",
}
PAGE = {"title": "Bài", "minutes": "5", "html": "<p>Chào</p>"}
LINK = {"title": "Bài", "minutes": "5", "url": "https://a.vn"}
ITEM = {"stem": "<p>Hỏi?</p>", "points": "1"}
CHOICE = ITEM | {"options-1": "Một", "options-2": "Hai", "options-correct": "1"}
QUIZ = {"pass_mark": "80", "review": "after_submit"}
MINE = "/authoring/courses/{course}"
EDIT = "/authoring/activities"
ITEMS = "/activities/{quiz_place}/quiz/items?kind=single_choice"
QUIZ_EDIT = "/activities/{quiz_place}/quiz/edit"
SAVES = "/attempts/{attempt}/responses"
WATCHED = "/activities/{video}/watched"
SAVE = {"position": 1, "sequence": 1, "value": "b"}
WATCH = {"played": [[0, 1]], "position": 0, "rate": 1}

CASES = {
    # Forms of authors
    "a course without a title": form("editor", "/authoring/courses", EMPTY),
    "a title of blanks": form("editor", "/authoring/courses", EMPTY, title="  \t "),
    "a title too long": form(
        "editor", "/authoring/courses", TOO_LONG, title="x" * 201, topic_id="1"
    ),
    "a title with U+0000": form(
        "editor", "/authoring/courses", UNSEEN, title="a\x00b", topic_id="1"
    ),
    "a title that turns round": form(
        "editor", "/authoring/courses", UNSEEN, title="a\u202egnp.exe", topic_id="1"
    ),
    "a topic nobody knows": form(
        "editor", "/authoring/courses", OF_THE_LIST, title="Tên", topic_id="999"
    ),
    "a topic that is no number": form(
        "editor", "/authoring/courses", OF_THE_LIST, title="Tên", topic_id="1; DROP"
    ),
    "a topic beyond all numbers": form(
        "editor", "/authoring/courses", OF_THE_LIST, title="Tên", topic_id=HUGE
    ),
    "JSON in place of a form": sent_json(
        "editor", "/authoring/courses", EMPTY, {"title": 5, "topic_id": [1]}
    ),
    "JSON that is a list": sent_json("editor", "/authoring/courses", EMPTY, [1, 2]),
    "settings of nothing": form("author", f"{MINE}/settings", EMPTY),
    "a cover that is a path": form(
        "author",
        f"{MINE}/settings",
        OF_THE_LIST,
        **SETTINGS | {"cover": "../../etc/passwd"},
    ),
    "too many outcomes": form(
        "author", f"{MINE}/settings", "Nhiều nhất 30 dòng", outcomes="a\n" * 31
    ),
    "an outcome too long": form(
        "author", f"{MINE}/settings", "Nhiều nhất 30 dòng", outcomes="a" * 301
    ),
    "an outcome with U+0000": form(
        "author", f"{MINE}/settings", UNSEEN, **SETTINGS | {"outcomes": "a\x00"}
    ),
    "a module without a title": form("author", f"{MINE}/modules", EMPTY, title=""),
    "a module's summary too long": form(
        "author", f"{MINE}/modules", TOO_LONG, title="Chương", summary="x" * 501
    ),
    "an activity of no kind": form(
        "author", "/authoring/modules/{module}/activities", NOT_VALID, title="Bài"
    ),
    "an activity of a kind nobody made": form(
        "author",
        "/authoring/modules/{module}/activities",
        NOT_VALID,
        title="Bài",
        kind="__class__",
    ),
    "minutes in words": form(
        "author", f"{EDIT}/{{page}}", NUMBER, **PAGE | {"minutes": "năm"}
    ),
    "no minutes": form(
        "author", f"{EDIT}/{{page}}", "Từ 1 đến 600", **PAGE | {"minutes": "0"}
    ),
    "minutes below nothing": form(
        "author", f"{EDIT}/{{page}}", "Từ 1 đến 600", **PAGE | {"minutes": "-5"}
    ),
    "more minutes than there are": form(
        "author", f"{EDIT}/{{page}}", "Từ 1 đến 600", **PAGE | {"minutes": HUGE}
    ),
    "a page too long": form(
        "author", f"{EDIT}/{{page}}", TOO_LONG, **PAGE | {"html": "a" * 400_001}
    ),
    "a prerequisite elsewhere": form(
        "author",
        f"{EDIT}/{{page}}",
        OF_THE_LIST,
        **PAGE | {"prerequisites": "999999"},
    ),
    "a prerequisite that is no number": form(
        "author", f"{EDIT}/{{page}}", OF_THE_LIST, **PAGE | {"prerequisites": "x"}
    ),
    "a link that is a script": form(
        "author",
        f"{EDIT}/{{link}}",
        "Địa chỉ phải bắt đầu bằng",
        **LINK | {"url": "javascript:alert(1)"},
    ),
    "a link that is data": form(
        "author",
        f"{EDIT}/{{link}}",
        "Địa chỉ phải bắt đầu bằng",
        **LINK | {"url": "data:text/html,<script>"},
    ),
    "a link to a file": form(
        "author",
        f"{EDIT}/{{link}}",
        "Địa chỉ phải bắt đầu bằng",
        **LINK | {"url": "file:///etc/passwd"},
    ),
    "no link": form("author", f"{EDIT}/{{link}}", EMPTY, **LINK | {"url": ""}),
    "a link too long": form(
        "author",
        f"{EDIT}/{{link}}",
        TOO_LONG,
        **LINK | {"url": "https://a.vn/" + "a" * 2000},
    ),
    "a file nobody sent": form(
        "author",
        f"{EDIT}/{{file}}",
        "Tệp này không có, hoặc không phải do bạn tải lên.",
        **PAGE | {"asset_id": "999999"},
    ),
    "a file beyond all numbers": form(
        "author", f"{EDIT}/{{file}}", "Tệp này không có", **PAGE | {"asset_id": HUGE}
    ),
    "a file that is no number": form(
        "author", f"{EDIT}/{{file}}", NUMBER, **PAGE | {"asset_id": "../1"}
    ),
    "a film where a file should be": form(
        "author",
        f"{EDIT}/{{file}}",
        "Tệp này không có",
        **PAGE | {"asset_id": "{asset}"},
    ),
    # Orders
    "an order that is no JSON": sent_json(
        "author", "/authoring/modules/{module}/order", ANY_ORDER, "{'order': [1]}"
    ),
    "an order of another shape": sent_json(
        "author", "/authoring/modules/{module}/order", ANY_ORDER, {"order": {"a": 1}}
    ),
    "an order of what is not there": sent_json(
        "author", "/authoring/modules/{module}/order", ANY_ORDER, {"order": [str(HUGE)]}
    ),
    "an order that names one twice": sent_json(
        "author", "/authoring/courses/{course}/order", ANY_ORDER, {"order": ["1", "1"]}
    ),
    "an order nested without end": sent_json(
        "author", "/authoring/modules/{module}/order", ANY_ORDER, "[" * 100_000
    ),
    "an order of questions elsewhere": sent_json(
        "author", "/quizzes/{quiz}/order", "", {"order": ["999999"]}
    ),
    # Quizzes
    "a pass mark over the top": form(
        "author", QUIZ_EDIT, "Từ 1 đến 100.", **QUIZ | {"pass_mark": "101"}
    ),
    "a pass mark in words": form(
        "author", QUIZ_EDIT, NUMBER, **QUIZ | {"pass_mark": "tám mươi"}
    ),
    "attempts beyond all numbers": form(
        "author", QUIZ_EDIT, NUMBER, **QUIZ | {"max_attempts": HUGE}
    ),
    "a review policy nobody made": form(
        "author", QUIZ_EDIT, OF_THE_LIST, **QUIZ | {"review": "always"}
    ),
    "a question without words": form(
        "author", ITEMS, EMPTY, **CHOICE | {"stem": "<p> </p>"}
    ),
    "a question with one option": form(
        "author", ITEMS, "ít nhất hai phương án", **ITEM | {"options-1": "Một"}
    ),
    "a question without a right option": form(
        "author", ITEMS, "phương án đúng", **CHOICE | {"options-correct": "7"}
    ),
    "points below nothing": form(
        "author", ITEMS, "Điểm là một số từ 0 đến 100", **CHOICE | {"points": "-1"}
    ),
    "points without end": form(
        "author",
        ITEMS,
        "Điểm là một số từ 0 đến 100",
        **CHOICE | {"points": "Infinity"},
    ),
    "points that are no number": form(
        "author", ITEMS, "Điểm là một số từ 0 đến 100", **CHOICE | {"points": "NaN"}
    ),
    "a question of no type": form(
        "author", "/activities/{quiz_place}/quiz/items?kind=poem", NOT_THERE, **CHOICE
    ),
    "a question from nobody's bank": form(
        "author", "/quizzes/{quiz}/slots", "", item_id=HUGE
    ),
    # Learners
    "a report of nothing watched": sent_json("learner", WATCHED, NOT_VALID, "null"),
    "a report that is a word": sent_json(
        "learner", WATCHED, BAD_REPORT, WATCH | {"played": "tất cả"}
    ),
    "a report that runs backwards": sent_json(
        "learner", WATCHED, BAD_REPORT, WATCH | {"played": [[9, 1]]}
    ),
    "a report of no number": sent_json(
        "learner", WATCHED, NOT_VALID, '{"played":[[0,NaN]],"position":0,"rate":1}'
    ),
    "a report beyond all numbers": sent_json(
        "learner", WATCHED, NOT_VALID, WATCH | {"position": 10**400}
    ),
    "a report far beyond the end": sent_json(
        "learner", WATCHED, BAD_REPORT, WATCH | {"position": 10**18}
    ),
    "a report at no speed": sent_json(
        "learner", WATCHED, BAD_REPORT, WATCH | {"rate": -1}
    ),
    "a report of thousands of parts": sent_json(
        "learner", WATCHED, BAD_REPORT, WATCH | {"played": [[0, 1]] * 5000}
    ),
    "a response that is no JSON": sent_json("learner", SAVES, BAD_SAVE, "b"),
    "a response without a place": sent_json(
        "learner", SAVES, BAD_SAVE, {"value": "b", "sequence": 1}
    ),
    "a response at a place that is not there": sent_json(
        "learner", SAVES, "", SAVE | {"position": 99}
    ),
    "a response of another shape": sent_json(
        "learner", SAVES, "", SAVE | {"value": {"a": 1}}
    ),
    "a response that nobody offered": sent_json(
        "learner", SAVES, "", SAVE | {"value": "zz"}
    ),
    "a response counted by a word": sent_json(
        "learner", SAVES, BAD_SAVE, SAVE | {"sequence": True}
    ),
    "a response beyond all numbers": sent_json(
        "learner", SAVES, BAD_SAVE, SAVE | {"sequence": HUGE}
    ),
    "a response of half a character": sent_json(
        "learner", SAVES, BAD_SAVE, '{"position":4,"sequence":1,"value":"\\ud800"}'
    ),
    "a response with U+0000": sent_json(
        "learner", SAVES, "", {"position": 4, "sequence": 1, "value": "a\x00b"}
    ),
    "a response too long": sent_json(
        "learner", SAVES, "", {"position": 4, "sequence": 1, "value": "a" * 501}
    ),
    "a certificate of no course": form(
        "learner", "/certificates", NOT_VALID, course_id="x"
    ),
    "a certificate beyond all numbers": form(
        "learner", "/certificates", NOT_VALID, course_id=HUGE
    ),
    "a certificate not earned": form(
        "learner", "/certificates", "chưa hoàn thành", course_id="{course}"
    ),
    "a revocation without a reason": form(
        "administrator", "/certificates/{certificate}/revocation", EMPTY, reason=" "
    ),
    "a revocation with control characters": form(
        "administrator",
        "/certificates/{certificate}/revocation",
        UNSEEN,
        reason="a\x07b",
    ),
    # Signing in
    "no name and no password": form("stranger", "/sign-in", EMPTY),
    "a name too long": form(
        "stranger", "/sign-in", TOO_LONG, sign_in_name="x" * 81, password="x"
    ),
    "a name with U+0000": form(
        "stranger", "/sign-in", UNSEEN, sign_in_name="an\x00.nv", password="x"
    ),
    "a password too long": form(
        "stranger", "/sign-in", TOO_LONG, sign_in_name="an.nv", password="x" * 129
    ),
    "a name that is SQL": form(
        "stranger",
        "/sign-in",
        "Tên đăng nhập hoặc mật khẩu không đúng.",
        sign_in_name="' OR 1=1 --",
        password="x",
    ),
    "an entry that nobody offers": form("stranger", "/sign-in/vneid", ""),
    "a notice to sign somebody out that nobody signed": form(
        "stranger", "/sign-in/vneid/logout-notices", NOT_VALID, logout_token="a.b.c"
    ),
    "JSON at the door": sent_json("stranger", "/sign-in", EMPTY, "5"),
    # Things that are not there
    "an activity beyond all numbers": form(
        "author", f"{EDIT}/{HUGE}", NOT_THERE, **PAGE
    ),
    "an activity below nothing": form("author", f"{EDIT}/-1", NOT_THERE, **PAGE),
    "an attempt beyond all numbers": sent_json(
        "learner", f"/attempts/{HUGE}/responses", NOT_THERE, SAVE
    ),
    "a course that is a word": form("learner", "/courses/x/enrolments", NOT_THERE),
    # Files
    "an empty file": upload("Tệp không có nội dung", "a.pdf", b"", "file"),
    "a file without a name": upload(BAD_NAME, "", samples.PDF, "file"),
    "a file called by a path alone": upload(BAD_NAME, "../../", samples.PDF, "file"),
    "a file called by dots": upload(BAD_NAME, "...", samples.PDF, "file"),
    "a file without an ending": upload(BAD_NAME, "/etc/passwd", samples.PDF, "file"),
    "a program": upload(NOT_TAKEN, "setup.exe", samples.PROGRAM, "file"),
    "a program called a picture": upload(
        WRONG_TYPE, "anh.png", samples.PROGRAM, "image", "image/png"
    ),
    "a page called a text": upload(
        NOT_TAKEN, "a.txt", samples.HTML, "file", "text/html"
    ),
    "a drawing that runs": upload(
        NOT_TAKEN, "a.svg", samples.SVG, "image", "image/svg+xml"
    ),
    "a drawing called a picture": upload(
        WRONG_TYPE, "a.png", samples.SVG, "image", "image/png"
    ),
    "a picture called a film": upload(
        WRONG_TYPE, "a.mp4", samples.picture(), "video", "video/mp4"
    ),
    "a name that hides its ending": upload(
        NOT_TAKEN, "a\u202efdp.exe", samples.PROGRAM, "file"
    ),
    "a picture cut off": upload(
        "Không đọc được hình này", "a.png", samples.picture()[:40], "image"
    ),
    "a picture too large": upload(
        "quá lớn", "a.png", samples.picture() + bytes(8 * 1024 * 1024), "image"
    ),
    "a file of no kind": upload(NOT_VALID, "a.pdf", samples.PDF, "thư"),
    "captions that are none": Case(
        "author",
        "/media/assets/{asset}/captions",
        "không phải tệp phụ đề",
        {"data": {"language": "vi", "label": "Việt"}, "file": ("a.vtt", samples.HTML)},
    ),
    "captions in no language": Case(
        "author",
        "/media/assets/{asset}/captions",
        OF_THE_LIST,
        {"data": {"language": "xx", "label": "?"}, "file": ("a.vtt", samples.VTT)},
    ),
    "more than a form may hold": form(
        "author", f"{EDIT}/{{page}}", "quá lớn", html="a" * 3_000_000
    ),
    "a form of thousands of fields": form(
        "author", f"{EDIT}/{{page}}", "", **{f"f{n}": "x" for n in range(20_000)}
    ),
    "U+0000 in an address": form("learner", "/courses/1/enrolments?a=%00", NOT_VALID),
}

RICH_FIELDS = {
    "a page": ("author", f"{EDIT}/{{page}}", PAGE, "html"),
    "the words of a film": (
        "author",
        f"{EDIT}/{{video}}",
        PAGE | {"asset_id": "{asset}"},
        "html",
    ),
    "the words about a course": ("author", f"{MINE}/settings", SETTINGS, "description"),
    "a quiz's instructions": ("author", QUIZ_EDIT, QUIZ, "instructions"),
    "a question": ("author", ITEMS, CHOICE, "stem"),
    "an explanation": ("author", ITEMS, CHOICE, "explanation"),
}


def names(world) -> dict[str, Any]:
    """Return what ``{page}`` and the like stand for."""
    return {kind: activity.id for kind, activity in world.activities.items()} | {
        "course": world.course.id,
        "module": world.course.modules[0].id,
        "quiz": world.quiz.id,
        "quiz_place": world.quiz.activity_id,
        "attempt": world.attempt.id,
        "asset": world.asset.id,
        "certificate": world.certificate.id,
    }


def send(client, world, case: Case) -> Any:
    known = names(world)
    given = dict(case.given)
    if isinstance(given.get("data"), dict):
        given["data"] = {
            key: value.format(**known) if value in ("{asset}", "{course}") else value
            for key, value in given["data"].items()
        }
    if "file" in given:
        name, content = given.pop("file")
        given["data"]["file"] = (samples.BytesIO(content), name)
    accept = {"Accept": "text/html, application/json"}
    return client.post(case.address.format(**known), headers=accept, **given)


def enter(who, world, sign_in):
    if who != "stranger":
        sign_in(world.people[who])


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_makes_no_sense_is_refused_and_not_kept(
    client, sign_in, world, kept, case
):
    enter(case.who, world, sign_in)
    before = kept()

    answer = send(client, world, case)

    said = html.unescape(answer.get_data(as_text=True))
    if answer.is_json:
        said = json.dumps(answer.json, ensure_ascii=False)
    assert 400 <= answer.status_code < 500
    assert case.words in said
    assert is_vietnamese(said)
    assert kept() == before


def is_vietnamese(text: str) -> bool:
    return any(c in "ăâđêôơưạảấầẩậắằẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ" for c in text)


RUBBISH = ("", "\ud7ff", "-1", str(HUGE), "[]", "a" * 5000, "31/02/2026", "<script>")
A_FIELD = re.compile(r'name="([a-zA-Z_][\w.-]*)"')


@pytest.fixture
def everybody_at_once(world, sign_in):
    """Somebody who may do everything, so that no guard stands before the form."""
    account = people.account("Người Có Đủ Vai Trò")
    for role in Role:
        if role not in {Role.SELF, Role.MEMBER}:
            grant_role(account.id, role, SITE)
    db.session.commit()
    sign_in(account)


def test_no_page_that_writes_fails_on_rubbish(app, client, world, everybody_at_once):
    """Every way to write answers a person, whatever each field of its form holds."""
    names = {
        name
        for _rule, address in addresses(app, world, "GET")
        for name in A_FIELD.findall(client.get(address).data.decode(errors="replace"))
    }

    failed = {}
    for _rule, address in addresses(app, world, "POST"):
        for rubbish in RUBBISH:
            answer = client.post(address, data=dict.fromkeys(names, rubbish))
            if answer.status_code >= 500 and answer.status_code != 503:
                failed[address] = rubbish
    assert len(names) > 50
    assert failed == {}


@pytest.mark.parametrize("where", RICH_FIELDS.values(), ids=RICH_FIELDS)
def test_a_program_in_rich_text_is_refused(client, sign_in, world, kept, where):
    who, address, data, name = where
    enter(who, world, sign_in)
    before = kept()

    for script in TAGS_TO_RUN:
        case = form(who, address, PROGRAM, **data | {name: f"<p>Chào</p>{script}"})
        answer = send(client, world, case)

        assert answer.status_code == 422, script
        assert PROGRAM in html.unescape(answer.text), script
    assert kept() == before
