"""Moodle's question types that ask one thing: choices, words, numbers, pairs, order."""

from fractions import Fraction
from typing import Any

from courses.exchange.formats import specs
from courses.exchange.formats.moodle_xml.texts import Question, share_of, value_of
from courses.exchange.formats.specs import Amount, Answer
from courses.exchange.markup import is_empty
from courses.exchange.rules import NotTaken, Trouble
from courses.exchange.xml import child, children

KEPT_ORDER = {"shuffle": False}


def kept_order(question: Question, name: str = "shuffleanswers") -> dict[str, Any]:
    return {} if question.is_on(name, True) else KEPT_ORDER


def multichoice(question: Question) -> dict[str, Any]:
    single = question.is_on("single", True)
    frame = question.frame() | kept_order(question)
    answers = [one for one in question.answers() if not is_empty(one.text)]
    return specs.choice(question.stem, answers, single=single, **frame)


def multichoiceset(question: Question) -> dict[str, Any]:
    """All or nothing."""
    answers = [
        Answer(one.text, Fraction(one.share > 0), one.feedback)
        for one in question.answers()
    ]
    right = sum(one.share for one in answers) or Fraction(1)
    evened = [Answer(one.text, one.share / right, one.feedback) for one in answers]
    frame = question.frame() | kept_order(question)
    spec = specs.choice(question.stem, evened, single=False, **frame)
    return spec | {"scoring": "whole"}


def truefalse(question: Question) -> dict[str, Any]:
    said = {one.text.lower(): one for one in question.words()}
    if set(said) != {"true", "false"} or said["true"].share == said["false"].share:
        raise NotTaken(Trouble.NO_KEY)
    return specs.true_false(
        question.stem,
        said["true"].share > said["false"].share,
        when_true=said["true"].feedback,
        when_false=said["false"].feedback,
        **question.frame(),
    )


def shortanswer(question: Question) -> dict[str, Any]:
    answers = [one for one in question.words() if one.text]
    case = question.is_on("usecase")
    return specs.short_answer(
        question.stem, answers, ignore_case=not case, **question.frame()
    )


def numerical(question: Question) -> dict[str, Any]:
    amounts = [
        Amount(
            "" if value_of(answer, "text") in ("*", "") else value_of(answer, "text"),
            value_of(answer, "tolerance") or "0",
            share_of(answer),
            question.rich(child(answer, "feedback")),
        )
        for answer in question.all("answer")
    ]
    units = specs.said(units=units_of(question))
    return specs.numerical(question.stem, amounts, **question.frame(), **units)


INPUTS = {"0": "text", "1": "choice", "2": "choice"}


def units_of(question: Question) -> dict[str, Any]:
    listed = child(question.element, "units")
    units = [
        {
            "name": value_of(unit, "unit_name"),
            "factor": specs.number(value_of(unit, "multiplier") or "1"),
        }
        for unit in (children(listed, "unit") if listed is not None else ())
        if value_of(unit, "unit_name")
    ]
    shown, graded = question.value("showunits"), question.value("unitgradingtype")
    if not units or shown == "3":
        return {}
    penalty = specs.nicest(Fraction(specs.number(question.value("unitpenalty") or "1")))
    return {
        "units": units,
        "policy": "graded" if graded in ("1", "2") else "optional",
        "input": INPUTS.get(shown, "text"),
        "before": question.value("unitsleft") == "1",
        "penalty": str(max(penalty, Fraction(0))),
        "penalty_of": "response" if graded == "1" else "total",
    }


def matching(question: Question) -> dict[str, Any]:
    pairs = [
        (question.rich(row), specs.escaped(value_of(row, "answer")))
        for row in question.all("subquestion")
    ]
    frame = question.frame() | kept_order(question)
    return specs.matching(question.stem, [p for p in pairs if p[1]], **frame)


ORDER_SCORINGS = {
    "-1": "whole",
    "ALL_OR_NOTHING": "whole",
    "0": "absolute",
    "ABSOLUTE_POSITION": "absolute",
    "1": "following",
    "RELATIVE_NEXT_EXCLUDE_LAST": "following",
    "2": "following_with_last",
    "RELATIVE_NEXT_INCLUDE_LAST": "following_with_last",
    "3": "neighbours",
    "RELATIVE_ONE_PREVIOUS_AND_NEXT": "neighbours",
    "4": "pairs",
    "RELATIVE_ALL_PREVIOUS_AND_NEXT": "pairs",
    "5": "longest_order",
    "LONGEST_ORDERED_SUBSET": "longest_order",
    "6": "longest_run",
    "LONGEST_CONTIGUOUS_SUBSET": "longest_run",
    "7": "distance",
    "RELATIVE_TO_CORRECT": "distance",
}


def ordering(question: Question) -> dict[str, Any]:
    """The answers stand in the right order; their fractions only number them."""
    texts = [question.rich(answer) for answer in question.all("answer")]
    if len(texts) < 2 or any(is_empty(text) for text in texts):  # noqa: PLR2004
        raise NotTaken(Trouble.NO_OPTIONS)
    across = question.value("layouttype").upper() in ("HORIZONTAL", "1")
    grading = question.value("gradingtype").upper()
    return {
        "kind": "ordering",
        "stem": question.stem,
        "options": [
            {"id": name, "text": text}
            for name, text in zip(specs.ids(), texts, strict=False)
        ],
        "scoring": ORDER_SCORINGS.get(grading, "absolute"),
        **specs.said(across=across),
        **question.frame(),
    }


def statements(question: Question) -> dict[str, Any]:
    """Kprime and multiple true/false: rows, and a column that is right for each."""
    columns = [value_of(one, "responsetext") for one in question.all("column")]
    if len(columns) != 2:  # noqa: PLR2004
        raise NotTaken(Trouble.KIND_NOT_SUPPORTED, f"{len(columns)} cột")
    weights = {
        (one.get("rownumber"), one.get("columnnumber")): value_of(one, "value")
        for one in question.all("weight")
    }
    rows = []
    for number, row in enumerate(question.all("row"), 1):
        key = row.get("number", str(number))
        right = [weights.get((key, column), "0") or "0" for column in ("1", "2")]
        shares = [Fraction(specs.number(one)) for one in right]
        if shares[0] == shares[1]:
            raise NotTaken(Trouble.NO_KEY)
        feedback = question.rich(child(row, "feedbacktext"))
        rows.append(
            {
                "id": f"s{number}",
                "text": question.rich(child(row, "rowtext")),
                "correct": shares[0] > shares[1],
                **specs.said(feedback=feedback),
            }
        )
    if not rows or any(is_empty(row["text"]) for row in rows):
        raise NotTaken(Trouble.NO_OPTIONS)
    method = question.value("scoringmethod").lower()
    scoring = {"kprime": "one_slip", "kprimeonezero": "whole", "mtfonezero": "whole"}
    return {
        "kind": "statements",
        "stem": question.stem,
        "statements": rows,
        "scoring": scoring.get(method, "each"),
        "true_word": columns[0],
        "false_word": columns[1],
        **question.frame(),
        **kept_order(question),
    }


ESSAY_INPUTS = {
    "editor": "rich",
    "editorfilepicker": "rich",
    "plain": "plain",
    "monospaced": "monospaced",
    "noinline": "none",
}
MOST_FILES = 20


def essay(question: Question) -> dict[str, Any]:
    files = count(question, "attachments", least=-1)
    most = MOST_FILES if files < 0 else min(files, MOST_FILES)
    return {
        "kind": "essay",
        "stem": question.stem,
        "input": ESSAY_INPUTS.get(question.value("responseformat"), "rich"),
        "lines": min(max(count(question, "responsefieldlines") or 15, 1), 100),
        **specs.said(
            guide=question.said("graderinfo"),
            template=question.said("responsetemplate"),
            fewest_words=min(count(question, "minwordlimit"), 20_000),
            most_words=min(count(question, "maxwordlimit"), 20_000),
            most_files=most,
            fewest_files=min(count(question, "attachmentsrequired"), most),
            file_types=endings(question.value("filetypeslist")),
        ),
        **question.frame(),
    }


def endings(listed: str) -> list[str]:
    """Read a list of endings; what names a group of types allows them all."""
    words = listed.replace(";", ",").replace(" ", ",").split(",")
    fit = [word for word in words if word.startswith(".") and word[1:].isalnum()]
    return fit[:30] if len(fit) == len([word for word in words if word]) else []


def count(question: Question, name: str, least: int = 0) -> int:
    given = question.value(name)
    sign = -1 if given.startswith("-") else 1
    digits = given.lstrip("-")
    if not digits.isdecimal() or len(digits) > 6:  # noqa: PLR2004
        return 0
    return max(sign * int(digits), least)


def description(question: Question) -> dict[str, Any]:
    return {"kind": "description", "stem": question.stem, **question.frame()}
