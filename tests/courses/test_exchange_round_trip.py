"""Out and in again: nothing of ours is lost in Moodle XML and QTI; others keep much."""

from collections.abc import Sequence
from typing import Any

import pytest
from lxml import etree

from courses.exchange.checking import checked_reading
from courses.exchange.exported import Exported
from courses.exchange.formats import aiken_writing, gift_writing
from courses.exchange.formats.moodle_xml import writing as moodle
from courses.exchange.formats.qti import writing as qti
from courses.exchange.rules import PICTURES, Found
from courses.items.texts import washed
from courses.items.types import ITEM_TYPES, parse
from tests.courses.pictures import png
from tests.factories.items import ALL_KINDS

FOLDER = "abcdef0123456789"
PICTURED = {
    "kind": "single_choice",
    "stem": f'<p>Đây là hình gì? <img src="/media/images/{FOLDER}" alt="hình"></p>',
    "options": [
        {
            "id": "a",
            "text": '<span data-math="inline" data-latex="x&lt;1">x&lt;1</span>',
        },
        {"id": "b", "text": "5 &lt; 6 &amp; 7 {~=#}"},
    ],
    "correct": "b",
    "explanation": "<p>Vì \\n là xuống dòng.</p>",
}


def specs() -> list[dict[str, Any]]:
    kinds = [ALL_KINDS[kind] for kind in ITEM_TYPES]
    return [parse(washed(parse(one).stored())).stored() for one in [*kinds, PICTURED]]


def exported() -> list[Exported]:
    return [
        Exported(
            spec,
            title=f"Câu {number}: {spec['kind']}",
            external_id=f"cau-{number}",
            topic=("Toán 12", "Số & hình / phần 1") if number % 2 else ("Sử",),
            level="TH",
            tags=("ôn tập", "TH"),
            points="2",
        )
        for number, spec in enumerate(specs(), 1)
    ]


def picture(folder: str) -> tuple[str, bytes] | None:
    return ("png", png(30, 20)) if folder == FOLDER else None


def again(content: bytes) -> Sequence[Found]:
    reading = checked_reading(content)
    assert not reading.refused, reading.refused
    return reading.found


def at_home(found: Found) -> dict[str, Any]:
    """Return the stored form with its pictures where they lay before."""
    text = repr(found.spec)
    for name in found.pictures:
        text = text.replace(f"{PICTURES}{name}", f"/media/images/{FOLDER}")
    spec: dict[str, Any] = eval(text, {})
    return spec


@pytest.mark.parametrize("write", [moodle.write, qti.write_3_0, qti.write_2_1])
def test_what_goes_out_comes_back_whole(write: Any):
    sent = exported()

    found = again(write(sent, picture).content)

    assert [at_home(one) for one in found] == [one.spec for one in sent]
    for one, item in zip(found, sent, strict=True):
        assert (one.title, one.external_id, one.topic) == (
            item.title,
            item.external_id,
            item.topic,
        )
        assert (one.level, one.points, set(one.tags)) == ("TH", "2", set(item.tags))
    assert found[-1].pictures


def test_what_was_changed_elsewhere_counts_more_than_what_we_carried():
    content = moodle.write(exported(), picture).content
    changed = content.replace("Đây là hình gì?".encode(), "Đây là con gì?".encode())
    assert changed != content

    last = again(changed)[-1]

    assert "Đây là con gì?" in last.spec["stem"]
    assert last.spec["correct"] == "b"


STANDARD = [
    "single_choice",
    "multiple_choice",
    "true_false",
    "short_answer",
    "numerical",
    "matching",
    "ordering",
    "cloze",
    "drag_words",
    "image_labels",
    "markers",
    "statements",
    "calculated",
    "essay",
    "description",
]


@pytest.mark.parametrize("kind", STANDARD)
def test_other_programs_find_the_same_question_in_moodle_xml(kind: str):
    spec = parse(_with_own_picture(ALL_KINDS[kind])).stored()
    root = etree.fromstring(moodle.write([Exported(spec)], picture_of_any).content)
    for carrier in root.iter(moodle.CARRIER):
        carrier.getparent().remove(carrier)

    (found,) = again(etree.tostring(root))

    read, sent = parse(found.spec), parse(spec)
    assert found.kind == kind
    if kind not in ("essay", "description"):
        key = read.key()
        assert read.grade(key[0] if kind == "short_answer" else key).share == 1
        assert len(read.key() if isinstance(read.key(), dict) else [1]) == len(
            sent.key() if isinstance(sent.key(), dict) else [1]
        )


def _with_own_picture(spec: dict[str, Any]) -> dict[str, Any]:
    if "picture" not in spec:
        return spec
    return spec | {"picture": spec["picture"] | {"src": f"/media/images/{FOLDER}"}}


def picture_of_any(_folder: str) -> tuple[str, bytes]:
    return "png", png(400, 300)


def test_gift_and_aiken_say_what_they_could_not_hold():
    sent = exported()

    gift = gift_writing.write(sent)
    aiken = aiken_writing.write(sent)

    found = again(gift.content)
    assert len(found) + len(gift.left_out) == len(sent)
    by_kind = {one.kind: one for one in found}
    assert by_kind["single_choice"].spec["options"] == [
        {key: value for key, value in option.items() if key != "id"} | {"id": name}
        for name, option in zip("abcdefgh", ALL_KINDS["single_choice"]["options"],
                                strict=False)
    ]  # fmt: skip
    assert by_kind["true_false"].spec["correct"] is ALL_KINDS["true_false"]["correct"]
    assert len(again(aiken.content)) + len(aiken.left_out) == len(sent)
