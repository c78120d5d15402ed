"""A school quiz by blueprint, taken by a class: for papers, analysis and regrades.

The items are made by pattern, with numbers that work out; one carries a wrong key on
purpose, so that the analysis has something to find and somebody to mend it.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from courses.catalogue import services as catalogue
from courses.catalogue.models import Activity
from courses.demo.once import is_first
from courses.demo.people import SEED, Names
from courses.enrolment import services as enrolment
from courses.items.rules import About, ItemLevel
from courses.items.services import items
from courses.quizzes.models.quizzes import Quiz
from courses.quizzes.rules.attempts import ReviewPolicy, Save
from courses.quizzes.rules.blueprint import Cell, Spread
from courses.quizzes.rules.regrading import Remedy
from courses.quizzes.services import attempts, papers, quizzes, regrading
from lms.kernel.permissions import Role
from lms.people import services as people

SLUG = "toan-10-ham-so"
PUPILS, PAPERS = 32, 4
FIRST, SECOND = "Phần I. Nhận biết, thông hiểu", "Phần II. Vận dụng"
Made = tuple[str, str, Sequence[str]]
"""A stem, the right option, and three wrong ones."""


BOTH = r"A\cap B"
SIXTY, THIRTY = r"\widehat{A}=60^\circ", r"30^\circ"


def tex(formula: str) -> str:
    return f'<span data-math="inline" data-latex="{formula}">{formula}</span>'


def sets(n: int) -> Iterator[Made]:
    low, high = n + 1, n + 5
    counted = rf"A=\{{x\in\mathbb{{N}}\mid {low}\le x\le {high}\}}"
    yield (
        f"Tập hợp {tex(counted)} có bao nhiêu phần tử?",
        "5",
        ("4", "6", "3"),
    )
    yield (
        f"Cho {tex(f'A=[{low};{high}]')} và {tex(f'B=({low + 2};{high + 4})')}. "
        f"Tập {tex(BOTH)} là",
        tex(f"({low + 2};{high}]"),
        (
            tex(f"[{low};{high + 4})"),
            tex(f"[{low + 2};{high}]"),
            tex(f"({high};{high + 4})"),
        ),
    )
    yield (
        f"Lớp 10A có {30 + n} học sinh, {18 + n} bạn thích Toán, 20 bạn thích Văn, ai "
        "cũng thích ít nhất một môn. Số bạn thích cả hai môn là",
        "8",
        ("10", "6", "12"),
    )


def lines(n: int) -> Iterator[Made]:
    a, b = n + 2, 2 * n + 5
    yield (
        f"Hàm số {tex(f'y={a}x-{b}')} có hệ số góc bằng",
        str(a),
        (str(-b), str(b), str(-a)),
    )
    yield (
        f"Đồ thị hàm số {tex(f'y={a}x-{a * 2}')} cắt trục hoành tại điểm có hoành độ",
        "2",
        ("−2", str(a + 1), "0"),
    )
    yield (
        f"Taxi thu {10 + n} nghìn đồng khi mở cửa và 12 nghìn đồng mỗi kilômét. "
        "Đi 10 km phải trả",
        f"{130 + n} nghìn đồng",
        ("120 nghìn đồng", f"{140 + 10 * n} nghìn đồng", f"{220 + n} nghìn đồng"),
    )


def parabolas(n: int) -> Iterator[Made]:
    p = n + 1
    yield (
        f"Trục đối xứng của parabol {tex(f'y=x^2-{2 * p}x+{n}')} là đường thẳng",
        tex(f"x={p}"),
        (tex(f"x={-p}"), tex(f"x={2 * p}"), tex(f"y={p}")),
    )
    yield (
        f"Giá trị nhỏ nhất của hàm số {tex(f'y=x^2-{2 * p}x+{p * p + 3}')} bằng",
        "3",
        (f"−{p}", str(p * p + 3), "0"),
    )
    yield (
        f"Quả bóng bay theo {tex(f'h=-5t^2+{10 * p}t')} (mét, giây). Độ cao lớn "
        "nhất của bóng là",
        f"{5 * p * p} m",
        (f"{10 * p * p} m", f"{5 * p * p + 2} m", f"{15 * p * p} m"),
    )


def triangles(n: int) -> Iterator[Made]:
    k = n + 1
    yield (
        f"Tam giác vuông có hai cạnh góc vuông {3 * k} cm và {4 * k} cm. "
        "Cạnh huyền dài",
        f"{5 * k} cm",
        (f"{7 * k} cm", f"{6 * k} cm", f"{25 * k} cm"),
    )
    yield (
        f"Tam giác ABC có {tex(f'AB={2 * k}')}, {tex(f'AC={3 * k}')}, "
        f"{tex(SIXTY)}. Khi đó {tex('BC^2')} bằng",
        str(7 * k * k),
        (str(13 * k * k), str(19 * k * k), str(5 * k * k)),
    )
    yield (
        f"Diện tích tam giác có hai cạnh {4 * k} và {6 * k}, góc xen giữa "
        f"{tex(THIRTY)} là",
        str(6 * k * k),
        (str(12 * k * k), str(24 * k * k), str(3 * k * k)),
    )


TOPICS: dict[str, Callable[[int], Iterator[Made]]] = {
    "Mệnh đề và tập hợp": sets,
    "Hàm số/Hàm số bậc nhất": lines,
    "Hàm số/Hàm số bậc hai": parabolas,
    "Hệ thức lượng trong tam giác": triangles,
}
LEVELS = (ItemLevel.RECOGNITION, ItemLevel.COMPREHENSION, ItemLevel.APPLICATION)
COUNTS = (2, 2, 1)
SPOILT = ("Hàm số/Hàm số bậc hai", ItemLevel.APPLICATION)
"""The cell whose keys are wrong; each paper asks one item of it."""
EASE = {
    ItemLevel.RECOGNITION: 0.35,
    ItemLevel.COMPREHENSION: 0.15,
    ItemLevel.APPLICATION: -0.1,
}


@dataclass(frozen=True, slots=True)
class Truth:
    """What is really right in an item, whatever its key says."""

    right: str
    ease: float


def fill_class_quiz(author_id: int, names: Names, now: datetime) -> None:
    """Add the course, its bank, four papers, and a class that has taken the quiz."""
    if not is_first(f"quiz/{SLUG}", now):
        return
    lots = random.Random(SEED)  # noqa: S311 - invented answers keep no secret
    activity = _fill_course(author_id, now - timedelta(days=20))
    scope = f"course:{activity.course_id}"
    people.grant_role(author_id, Role.AUTHOR, scope)
    truths = _fill_bank(activity.course_id, author_id, lots, now - timedelta(days=20))
    quiz = _fill_quiz(activity, author_id, now - timedelta(days=19))
    catalogue.publish(
        activity.course,
        (quizzes.publish_problems,),
        author_id,
        now - timedelta(days=19),
    )
    for number in range(PUPILS):
        began = now - timedelta(days=6, minutes=7 * number)
        pupil = people.add_account(names.one(lots), began)
        enrolment.enrol(activity.course, pupil.id, began)
        _take(quiz, pupil.id, lots.gauss(0.5, 0.22), truths, lots, began)
    # The class is in; nobody else enrols.
    activity.course.is_open = False
    _propose_regrade(quiz, truths, author_id, now - timedelta(days=1))


def _fill_course(author_id: int, now: datetime) -> Activity:
    topic = catalogue.add_topic("truong-hoc", "Trường học", 6)
    course = catalogue.create_course(
        "Toán 10: Hàm số và hệ thức lượng",
        topic,
        author_id,
        now,
        slug=SLUG,
        summary="Ôn tập giữa kì I: tập hợp, hàm số, hệ thức lượng trong tam giác.",
        audience="Học sinh lớp 10",
        cover="school",
        is_open=True,
    )
    module = catalogue.add_module(course, "Kiểm tra giữa kì I")
    # The class has yet to read what was wrong: nobody has finished by one quiz alone.
    catalogue.add_activity(
        catalogue.add_module(course, "Chữa bài"),
        "page",
        "Chữa bài kiểm tra",
        minutes=15,
        required=True,
        content={"html": "<p>Đối chiếu bài làm của bạn với lời giải của từng câu.</p>"},
    )
    return catalogue.add_activity(
        module, "quiz", "Kiểm tra giữa kì I", minutes=45, required=True, content={}
    )


def _fill_bank(
    course_id: int, author_id: int, lots: random.Random, now: datetime
) -> dict[int, Truth]:
    """Add six items for each of twelve cells; return what is right, by item."""
    bank, truths = items.bank_of_course(course_id), {}
    for topic, pattern in TOPICS.items():
        for number in range(6):
            for level, made in zip(LEVELS, pattern(number), strict=True):
                spec, wrong = _spec(made, lots)
                truth = Truth(spec["correct"], EASE[level])
                if (topic, level) == SPOILT:
                    spec["correct"] = wrong
                about = About(topic=topic, level=level)
                version = items.add_item(bank, spec, author_id, now, about)
                truths[version.item_id] = truth
    return truths


def _spec(made: Made, lots: random.Random) -> tuple[dict[str, Any], str]:
    """Return a choice with its options shuffled, and the id of a wrong one."""
    stem, right, wrong = made
    texts = [right, *wrong]
    lots.shuffle(texts)
    ids = dict(zip(texts, "abcd", strict=True))
    if len(ids) < len(texts):
        raise ValueError(f"two options of {stem!r} are one")
    spec = {
        "kind": "single_choice",
        "stem": f"<p>{stem}</p>",
        "options": [{"id": key, "text": text} for text, key in ids.items()],
        "correct": ids[right],
        "explanation": "",
    }
    return spec, ids[wrong[0]]


def _fill_quiz(activity: Activity, author_id: int, now: datetime) -> Quiz:
    quiz = quizzes.set_up(
        activity,
        pass_mark=50,
        time_limit_minutes=45,
        max_attempts=1,
        review=ReviewPolicy.AFTER_SUBMIT,
    )
    blueprint = papers.blueprint_of(quiz)
    cells = [
        Cell(
            topic,
            level,
            count,
            Decimal("0.5"),
            part=SECOND if level is ItemLevel.APPLICATION else FIRST,
        )
        for topic in TOPICS
        for level, count in zip(LEVELS, COUNTS, strict=True)
    ]
    papers.shape(blueprint, cells, Spread.SHUFFLED)
    papers.draw(blueprint, PAPERS, author_id, now)
    return quiz


def _take(  # noqa: PLR0913, PLR0917 - one pupil, one quiz
    quiz: Quiz,
    learner_id: int,
    ability: float,
    truths: dict[int, Truth],
    lots: random.Random,
    now: datetime,
) -> None:
    """Answer as somebody of this ability does, and hand in."""
    attempt = attempts.start_attempt(quiz, learner_id, now)
    for asked in attempts.asked_in(attempt):
        truth = truths[asked.place.item_version.item_id]
        others = [key for key in asked.place.option_order if key != truth.right]
        knows = lots.random() < ability + truth.ease
        picked = truth.right if knows else lots.choice(others)
        later = now + timedelta(minutes=asked.place.position)
        save = Save(1, picked, flagged=False)
        attempts.save_response(attempt, asked.place.position, save, "form", later)
    attempts.submit(attempt, now + timedelta(minutes=lots.randrange(22, 44)))


def _propose_regrade(
    quiz: Quiz, truths: dict[int, Truth], author_id: int, now: datetime
) -> None:
    """Mend the wrong key in the bank, and leave the regrade for another to approve."""
    places = papers.papers_of(papers.blueprint_of(quiz))[0].places
    versions = attempts.versions_in([one["version"] for one in places]).values()
    [item] = [
        version.item
        for version in versions
        if (version.item.topic, version.item.level) == SPOILT
    ]
    spec = items.newest_version(item).spec | {"correct": truths[item.id].right}
    items.edit_item(item, spec, author_id, now)
    regrading.propose(
        quiz,
        item,
        Remedy.NEW_KEY,
        reason="Đáp án ghi nhầm gấp đôi độ cao lớn nhất; đã sửa theo lời giải.",
        actor_id=author_id,
        now=now,
    )
