"""QTI 2.x and 3.0: response processing, the interactions, packages."""

from fractions import Fraction
from io import BytesIO
from zipfile import ZipFile

import pytest

from courses.exchange.checking import checked_reading
from courses.exchange.formats.qti import names
from courses.exchange.formats.qti.processing import Processing
from courses.exchange.rules import Found, Note, NotFound, Trouble
from courses.exchange.xml import parsed
from courses.items.types import parse
from tests.courses.pictures import png

V2 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
TEMPLATE = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"
SCORE = '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'


def response(inside: str, cardinality: str = "single", base: str = "identifier") -> str:
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}"'
        f' baseType="{base}">{inside}</responseDeclaration>'
    )


def correct(*values: str) -> str:
    inside = "".join(f"<value>{value}</value>" for value in values)
    return f"<correctResponse>{inside}</correctResponse>"


def mapping(**gives: float) -> str:
    entries = "".join(
        f'<mapEntry mapKey="{key.replace("_", " ")}" mappedValue="{value}"/>'
        for key, value in gives.items()
    )
    return f'<mapping defaultValue="0">{entries}</mapping>'


def item(declared: str, body: str, rules: str = "match_correct", more: str = "") -> str:
    processing = (
        f'<responseProcessing template="{TEMPLATE}{rules}"/>'
        if rules and "<" not in rules
        else f"<responseProcessing>{rules}</responseProcessing>"
    )
    return (
        f'<assessmentItem xmlns="{V2}" identifier="cau-1" title="Câu một"'
        f' adaptive="false" timeDependent="false">{declared}{SCORE}'
        f"<itemBody>{body}</itemBody>{processing}{more}</assessmentItem>"
    )


def choices(*keys: str, tag: str = "simpleChoice") -> str:
    return "".join(f'<{tag} identifier="{key}">Ý {key}</{tag}>' for key in keys)


def interaction(kind: str, inside: str, attributes: str = "") -> str:
    prompt = "" if kind.startswith(("textEntry", "inline")) else "<prompt>Hỏi?</prompt>"
    return (
        f'<{kind}Interaction responseIdentifier="RESPONSE" {attributes}>'
        f"{prompt}{inside}</{kind}Interaction>"
    )


def only(text: str) -> Found:
    (found,) = checked_reading(text.encode()).items
    assert isinstance(found, Found), found
    return found


CHOICE = interaction("choice", choices("A", "B", "C"), 'maxChoices="1"')
MATCH_SETS = (
    "<simpleMatchSet>"
    + choices("C", "D", tag="simpleAssociableChoice").replace(">Ý", ' matchMax="1">Ý')
    + "</simpleMatchSet><simpleMatchSet>"
    + choices("M", "R", tag="simpleAssociableChoice").replace(">Ý", ' matchMax="2">Ý')
    + "</simpleMatchSet>"
)
GAPS = (
    choices("W", "S", tag="gapText").replace(">Ý", ' matchMax="1">Ý')
    + '<p>Mùa <gap identifier="G1"/> rồi mùa <gap identifier="G2"/>.</p>'
)


@pytest.mark.parametrize(
    ("text", "kind", "said", "share"),
    [
        (item(response(correct("B")), CHOICE), "single_choice", "B", 1),
        (
            item(response(mapping(A=1, B=0.5)), CHOICE, "map_response"),
            "single_choice", "B", Fraction(1, 2),
        ),
        (
            item(
                response(correct("A", "B"), "multiple"),
                interaction("choice", choices("A", "B", "C"), 'maxChoices="0"'),
            ),
            "multiple_choice", ["A"], 0,
        ),
        (
            item(
                response(correct("A", "B") + mapping(A=1, B=1, C=-1), "multiple"),
                interaction("choice", choices("A", "B", "C"), 'maxChoices="0"'),
                "map_response",
            ),
            "multiple_choice", ["A", "B", "C"], Fraction(1, 2),
        ),
        (
            item(
                response(correct("York") + mapping(York=1, york=0.5), base="string"),
                "<p>Xứ " + interaction("textEntry", "") + "</p>", "map_response",
            ),
            "short_answer", "york", Fraction(1, 2),
        ),
        (
            item(
                response(correct("42"), base="integer"),
                "<p>Sáu nhân bảy " + interaction("textEntry", "") + "</p>",
            ),
            "numerical", "42", 1,
        ),
        (
            item(
                response(correct("Y")),
                "<p>Chọn "
                + interaction("inlineChoice", choices("X", "Y", tag="inlineChoice"))
                + "</p>",
            ),
            "cloze", {"p1": "Y"}, 1,
        ),
        (
            item(
                response(correct("B", "A", "C"), "ordered"),
                interaction("order", choices("A", "B", "C")),
            ),
            "ordering", ["B", "A", "C"], 1,
        ),
        (
            item(
                response(correct("C R", "D M"), "multiple", "directedPair"),
                interaction("match", MATCH_SETS),
            ),
            "matching", {"C": "R", "D": "R"}, 0,
        ),
        (
            item(
                response(correct("C R", "D M") + mapping(C_R=1, D_M=3), "multiple",
                         "directedPair"),
                interaction("match", MATCH_SETS), "map_response",
            ),
            "matching", {"D": "M"}, Fraction(3, 4),
        ),
        (
            item(
                response(correct("W G1", "S G2"), "multiple", "directedPair"),
                interaction("gapMatch", GAPS),
            ),
            "drag_words", {"G1": "W", "G2": "S"}, 1,
        ),
        (
            item(
                response(correct("W G1", "S G2") + mapping(W_G1=1, S_G2=2), "multiple",
                         "directedPair"),
                interaction("gapMatch", GAPS), "map_response",
            ),
            "cloze", {"G2": "S"}, Fraction(2, 3),
        ),
        (
            item(
                response(correct("A P"), "multiple", "pair"),
                interaction(
                    "associate", choices("A", "P", "C", tag="simpleAssociableChoice")
                ),
            ),
            "association", [["P", "A"]], 1,
        ),
        (
            item(
                response(correct("T2")),
                interaction(
                    "hottext",
                    '<p>Câu <hottext identifier="T1">này</hottext> có chữ '
                    '<hottext identifier="T2">xai</hottext>.</p>', 'maxChoices="1"',
                ),
            ),
            "hot_text", ["T2"], 1,
        ),
        (
            item(
                response(correct("7"), base="integer"),
                interaction("slider", "", 'lowerBound="0" upperBound="10" step="1"'),
            ),
            "numerical", "7", 1,
        ),
        (item(response("", base="string"), interaction("extendedText", ""), ""),
         "essay", "Bài làm", None),
        (item(response("", base="file"), interaction("upload", ""), ""),
         "file_upload", [7], None),
        (item("", "<p>Đọc đoạn sau.</p>", ""), "description", None, 0),
    ],
)  # fmt: skip
def test_every_interaction_is_graded_as_its_rules_say(
    text: str, kind: str, said: object, share: Fraction | None
):
    found = only(text)

    assert found.kind == kind
    assert parse(found.spec).grade(said).share == share
    assert Note.SCORING_DIFFERS not in found.notes


def test_version_three_is_the_same_in_another_spelling():
    text = (
        '<?xml version="1.0"?><qti-assessment-item '
        'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="c" title="t">'
        '<qti-response-declaration identifier="RESPONSE" cardinality="single"'
        ' base-type="identifier"><qti-correct-response><qti-value>B</qti-value>'
        "</qti-correct-response></qti-response-declaration><qti-item-body>"
        '<qti-choice-interaction response-identifier="RESPONSE" max-choices="1">'
        "<qti-prompt>Hỏi?</qti-prompt>"
        '<qti-simple-choice identifier="A">a</qti-simple-choice>'
        '<qti-simple-choice identifier="B">b</qti-simple-choice>'
        "</qti-choice-interaction></qti-item-body></qti-assessment-item>"
    )

    found = only(text)

    assert (found.kind, found.spec["correct"]) == ("single_choice", "B")


def test_rules_that_no_type_of_ours_knows_are_noted():
    half_for_any = (
        "<responseCondition><responseIf><match><index n='1'>"
        "<variable identifier='RESPONSE'/></index>"
        "<baseValue baseType='identifier'>B</baseValue></match>"
        "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>1</baseValue>"
        "</setOutcomeValue></responseIf></responseCondition>"
    )
    text = item(
        response(correct("B", "A", "C"), "ordered"),
        interaction("order", choices("A", "B", "C")),
        half_for_any,
    )

    assert only(text).notes == (Note.SCORING_DIFFERS,)


def test_rules_with_conditions_are_run():
    rules = (
        "<responseCondition><responseIf><and><gte><variable identifier='RESPONSE'/>"
        "<baseValue baseType='float'>3.1</baseValue></gte>"
        "<lte><variable identifier='RESPONSE'/>"
        "<baseValue baseType='float'>3.2</baseValue></lte></and>"
        "<setOutcomeValue identifier='SCORE'><product>"
        "<baseValue baseType='float'>2</baseValue>"
        "<baseValue baseType='float'>0.5</baseValue></product></setOutcomeValue>"
        "</responseIf><responseElseIf><isNull>"
        "<variable identifier='RESPONSE'/></isNull>"
        "<exitResponse/></responseElseIf><responseElse>"
        "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>-1</baseValue>"
        "</setOutcomeValue></responseElse></responseCondition>"
    )
    root = names.in_old_spelling(
        parsed(item(response("", base="float"), "", rules).encode())
    )
    engine = Processing(root)
    declared = engine.responses["RESPONSE"]

    worth = {
        said: engine.outcomes({"RESPONSE": declared.value([said])})["SCORE"].one
        for said in ("3.14", "3")
    }

    assert worth == {"3.14": 1, "3": -1}
    assert engine.outcomes({})["SCORE"].one == 0


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        (item(response(correct("A")), CHOICE).replace('"false"', '"true"', 1),
         Trouble.ADAPTIVE),
        (item(response(""), CHOICE), Trouble.NO_KEY),
        (item(response(""), interaction("drawing", "")),
         Trouble.INTERACTION_NOT_SUPPORTED),
        (item(response(correct("A")), CHOICE, "<strange/>"),
         Trouble.INTERACTION_NOT_SUPPORTED),
        (item('<templateDeclaration identifier="T" cardinality="single"'
              ' baseType="float"/>', CHOICE), Trouble.TEMPLATED),
        (item(response(correct("A")), interaction(
            "hotspot", '<object data="a.png"/>'
            '<hotspotChoice identifier="A" shape="circle" coords="1,1,5"/>')),
         Trouble.FILE_MISSING),
    ],
)  # fmt: skip
def test_what_is_not_supported_says_so(text: str, trouble: Trouble):
    (refused,) = checked_reading(text.encode()).items

    assert isinstance(refused, NotFound)
    assert refused.trouble is trouble


def test_a_package_brings_its_items_and_their_pictures():
    body = interaction(
        "hotspot",
        '<object data="../hinh/so%20do.png" type="image/png"/>'
        '<hotspotChoice identifier="A" shape="circle" coords="20,20,5"/>'
        '<hotspotChoice identifier="B" shape="rect" coords="0,0,9,9"/>',
        'maxChoices="1"',
    )
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr(
            "imsmanifest.xml",
            '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>'
            '<resource identifier="r1" type="imsqti_item_xmlv2p1" href="cau/mot.xml"/>'
            '<resource identifier="r2" type="imsqti_item_xmlv2p1" href="cau/mat.xml"/>'
            "</resources></manifest>",
        )
        archive.writestr("cau/mot.xml", item(response(correct("A")), body))
        archive.writestr("hinh/so do.png", png(60, 40))

    reading = checked_reading(packed.getvalue())

    found, missing = reading.items
    assert isinstance(found, Found)
    assert parse(found.spec).grade(["A"]).share == 1
    assert found.spec["picture"]["width"] == 60
    assert len(found.pictures) == 1
    assert isinstance(missing, NotFound)
    assert (missing.where, missing.trouble) == ("cau/mat.xml", Trouble.FILE_MISSING)
