"""A program that got into the tables all the same is shown to nobody as one."""

import html5lib
import pytest

from lms.kernel import richtext
from lms.kernel.db import db
from tests.attacks.scripts import SCRIPTS, TAGS_TO_RUN
from tests.factories import quizzes

NEVER_OURS = {"iframe", "object", "embed", "base", "applet", "style", "marquee"}
ROUNDS = 3


def is_harmless(page: str) -> bool:
    """Read the page as a browser does, and look for anything that would run."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return not any(runs(element) for element in tree.iter())


def runs(element) -> bool:
    if not isinstance(element.tag, str):
        return False
    tag = element.tag.rpartition("}")[2].lower()
    if tag == "script":
        source = element.get("src") or ""
        return not source.startswith("/static/") or bool(element.text)
    return tag in NEVER_OURS or any(
        str(name).lower().startswith("on") or name == "srcdoc" or is_program(value)
        for name, value in element.attrib.items()
    )


def is_program(value: str) -> bool:
    bare = "".join(c for c in value if c > " ").lower()
    return bare.startswith(("javascript:", "vbscript:", "data:text/html"))


@pytest.mark.parametrize("script", TAGS_TO_RUN)
def test_the_look_for_programs_finds_them(script):
    assert is_harmless("<p>Xin chào</p>")
    assert not is_harmless(f"<p>Xin chào</p>{script}")


@pytest.mark.parametrize("script", SCRIPTS)
def test_rich_text_is_clean_however_it_is_cut(script):
    cleaned = str(richtext.shown(script))

    assert is_harmless(cleaned)
    assert is_harmless(f"<div>{cleaned}</div>")
    assert is_harmless(f"<textarea>{richtext.plain(script)}</textarea>")
    assert richtext.clean(cleaned) == cleaned


@pytest.mark.parametrize("script", ["$\\href{javascript:alert(1)}{x}$", *SCRIPTS])
def test_markdown_is_clean_too(script):
    assert is_harmless(richtext.from_markdown(f"Xin chào {script}\n\n{script}"))


def test_a_response_is_never_more_than_text(client, sign_in, world):
    sign_in(world.people["learner"])
    where = f"/attempts/{world.attempt.id}"

    for count, script in enumerate(SCRIPTS):
        sheet = {"response-4": script, "sequence-4": str(count)}
        client.post(f"{where}/answers", data=sheet)

        assert is_harmless(client.get(where).text), script


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_no_page_lets_it_run(client, sign_in, world, turn):
    plant(world, [*SCRIPTS[turn::ROUNDS], *SCRIPTS[:20]])

    unsafe = []
    for who in ("learner", "author", "administrator"):
        sign_in(world.people[who])
        for page in pages(world, SCRIPTS[turn]):
            answer = client.get(page)
            if not is_harmless(answer.text):
                unsafe.append((who, page))

    assert unsafe == []


def pages(world, script):
    yield from ("/", "/courses", "/certificates", "/record", "/account")
    yield from ("/certificates/register", "/authoring/courses")
    yield f"/courses?q={script[:50]}&topic={script}"
    yield f"/courses/{world.course.slug}"
    yield f"/attempts/{world.attempt.id}"
    yield f"/verify/{world.certificate.code}"
    yield f"/verify/{script.replace('/', '%2F')}"
    yield f"/sign-in?next={script}"
    yield f"/authoring/courses/{world.course.id}"
    yield f"/authoring/courses/{world.course.id}/settings"
    for activity in world.activities.values():
        yield activity.url
        yield f"/authoring/activities/{activity.id}"
    yield f"/activities/{world.quiz.activity_id}/quiz/edit?q={script}"
    yield f"/activities/{world.quiz.activity_id}/quiz/preview"
    yield from (f"/quiz-slots/{slot.id}" for slot in world.quiz.slots)


def plant(world, scripts):
    """Put programs straight into the tables, past every check."""
    course, activities = world.course, world.activities
    first, second, third, fourth, fifth, *_rest = scripts
    course.title, course.summary, course.audience = first[:200], second, third
    course.description, course.outcomes, course.legal_basis = fourth, scripts, scripts
    course.modules[0].title = fifth[:200]
    world.report.words = world.quiz.instructions = first
    for activity, script in zip(activities.values(), scripts, strict=False):
        activity.title = script[:200]
    activities["page"].content = {"html": first}
    activities["link"].content = {"url": "https://a.vn", "why": second}
    activities["file"].content = {"asset_id": None, "why": third}
    film = activities["video"].content["asset_id"]
    activities["video"].content = {"asset_id": film, "html": fourth}
    world.asset.display_name = fifth[:160]
    for slot, script in zip(world.quiz.slots, scripts, strict=False):
        spec = slot.item_version.spec | {"stem": script, "explanation": first}
        if "options" in spec:
            spec["options"] = [option | {"text": script} for option in spec["options"]]
        slot.item_version.spec = spec
    for account, script in zip(world.people.values(), scripts, strict=False):
        account.full_name = script[:120]
    world.certificate.holder_name = first[:120]
    world.certificate.course_title = second[:200]
    db.session.commit()


def test_the_small_world_has_one_question_of_each_type(world):
    kinds = {slot.item_version.item.kind for slot in world.quiz.slots}

    assert kinds == {spec["kind"] for spec in quizzes.ONE_OF_EACH}
