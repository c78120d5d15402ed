"""Worked cases are read from a file, and the rules answer them."""

import json
from decimal import Decimal

import pytest

from lms.marks.rules.cases import TOPICS, UnknownTopic, agrees, answer
from lms.marks.wording import explain

SCORED = {"NGU_VAN": 6, "TOAN": 5.5, "NGOAI_NGU_1": 3.2, "GDCD": 6.1, "LS_DL": 5}
SCORED |= {"KHTN": 4.5, "CONG_NGHE": 7, "TIN_HOC": 6.5}
COMMENTS = {"GDTC": "D", "NGHE_THUAT": "D"}
YEAR = {"scores": SCORED, "comments": COMMENTS, "conduct": "TOT", "absent_sessions": 3}
TERM = {"kind": "score", "periods": 70, "tx": [8, 8, 9], "gk": 7, "ck": 9}
COMMENT_TERM = {"kind": "comment", "tx": ["D", "D"], "gk": "D"}
PRIMARY = {
    "subjects": {"TOAN": "T", "AM_NHAC": "H"},
    "qualities": {"CHAM_CHI": "TOT"},
    "tests": {"TOAN": 9},
}
CASES = [
    ("subject_semester", TERM, {"avg": 8.3, "status": "OK"}),
    (
        "subject_semester",
        TERM | {"tx": [8, 8], "absent": {"gk": "excused_pending"}},
        {"avg": None, "status": "INCOMPLETE", "missing": ["tx"]},
    ),
    (
        "subject_semester",
        COMMENT_TERM | {"ck": None, "absent": {"ck": "unexcused"}},
        {"result": "CD", "status": "OK"},
    ),
    ("subject_semester", TERM | {"chuyen_de": 5}, {"avg": 7.9}),
    ("subject_year", {"hk1": 7.4, "hk2": 8.1}, {"avg": 7.9}),
    ("subject_year", {"hk1": None, "hk2": 8}, {"status": "NEEDS_DECISION"}),
    ("subject_year_from_marks", {"hk1": 8.2, "hk2": TERM}, {"hk1": 8.2, "year": 8.3}),
    (
        "subject_year_from_marks",
        {"hk1": COMMENT_TERM | {"ck": "CD"}, "hk2": COMMENT_TERM | {"ck": "D"}},
        {"hk1": "CD", "hk2": "D", "year": "D"},
    ),
    ("comment_subject_year", {"hk1": "CD", "hk2": "D"}, {"result": "D"}),
    ("study_level", YEAR, {"base": "CHUA_DAT", "level": "CHUA_DAT"}),
    ("study_level", YEAR | {"exempt": ["TOAN", "TIN_HOC", "GDCD"]}, {"level": None}),
    ("conduct_year", {"hk1": "CHUA_DAT", "hk2": "TOT"}, {"level": "KHA"}),
    ("conduct_year_matrix", {}, {"TOT": {"DAT": "KHA"}}),
    ("title", {"study": "TOT", "conduct": "KHA", "scores": SCORED}, {"title": None}),
    (
        "promotion",
        YEAR,
        {"decision": "CHO_XET", "retest": ["KHTN", "NGOAI_NGU_1"]},
    ),
    (
        "promotion",
        YEAR | {"retest_results": {"NGOAI_NGU_1": 5}},
        {"decision": "LEN_LOP", "retest": []},
    ),
    (
        "promotion",
        YEAR | {"summer": {"scores": {"NGOAI_NGU_1": 3}}},
        {"decision": "LUU_BAN"},
    ),
    (
        "promotion",
        YEAR | {"study": "DAT", "conduct": "CHUA_DAT", "training": "DAT"},
        {"decision": "LEN_LOP"},
    ),
    ("tx_count", {"periods": 36}, {"n_tx": 3}),
    ("tx_count", {"kind": "comment"}, {"n_tx": 2}),
    ("primary_year", PRIMARY, {"level": "HT", "award": None}),
    (
        "primary_award",
        {"level": "HTT", "outstanding": True},
        {"award": "HOC_SINH_TIEU_BIEU"},
    ),
    ("primary_award", PRIMARY, {"title": None}),
]


def as_read(document):
    return json.loads(json.dumps(document), parse_float=Decimal)


@pytest.mark.parametrize(("topic", "given", "expected"), CASES)
def test_a_case_is_answered_and_explained(app, topic, given, expected):
    found = answer({"topic": topic, "input": as_read(given)})

    assert agrees(as_read(expected), found.values), found.values
    assert explain(found.steps) or topic in ("conduct_year_matrix", "tx_count")


def test_every_topic_has_a_case_or_shares_its_rule_with_one():
    shown = {TOPICS[topic] for topic, _given, _expected in CASES}

    assert set(TOPICS.values()) == shown


def test_what_is_asked_and_not_answered_is_no_agreement():
    assert not agrees({"avg": 8.2}, {"avg": 8.3})
    assert not agrees({"strange": 1}, {"avg": 8.3})
    assert not agrees(["gk"], ["ck"])
    with pytest.raises(UnknownTopic):
        answer({"topic": "weather"})


def test_the_command_prints_json_and_ends_with_zero_when_all_agree(app, tmp_path):
    file = tmp_path / "cases.json"
    right = {"id": "a", "topic": "subject_year", "input": {"hk1": 7.4, "hk2": 8.1}}
    cases = [right | {"expected": {"avg": 7.9}}]
    file.write_text(json.dumps({"cases": cases}), "utf-8")
    run = app.test_cli_runner().invoke

    good = run(args=["marks", "check", str(file), "--json"])
    cases += [
        right | {"id": "b", "expected": {"avg": 8.0}},
        {"id": "c", "topic": "weather", "input": {}, "expected": {}},
        right | {"id": "d", "input": {"hk1": "much", "hk2": 8}, "expected": {}},
    ]
    file.write_text(json.dumps(cases), "utf-8")
    bad = run(args=["marks", "check", str(file), "--json"])
    plain = run(args=["marks", "check", str(file)])

    assert good.exit_code == 0
    [row] = json.loads(good.output)
    assert row.pop("explanation").startswith("(7,4 + 2 × 8,1) : 3")
    assert row == {"id": "a", "ok": True, "expected": {"avg": 7.9}, "got": {"avg": 7.9}}
    assert bad.exit_code == 1
    assert [one["ok"] for one in json.loads(bad.output)] == [True, False, False, False]
    assert plain.output.startswith("✔ a:")
