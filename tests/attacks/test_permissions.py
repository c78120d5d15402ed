"""Who must not get in does not: every guarded address, tried by everybody."""

import pytest

from lms.kernel.permissions import Permission
from tests.attacks.conftest import a_film, addresses

P = Permission

CAST = (
    "learner",
    "other learner",
    "author",
    "author elsewhere",
    "editor",
    "liaison",
)
EVERYBODY = {*CAST, "administrator"}
MAY = {
    P.ACCOUNT_EDIT: {"liaison", "administrator"},
    P.ACCOUNT_REVEAL: {"learner", "liaison"},
    P.DATA_REQUEST_ANSWER: set(),
    P.ATTEMPT_ANSWER: {"learner"},
    P.ATTEMPT_START: {"learner"},
    P.CERTIFICATE_REVOKE: {"administrator"},
    P.CERTIFICATE_VIEW: {"learner", "administrator"},
    P.COURSE_CREATE: {"editor"},
    P.COURSE_EDIT: {"author", "editor"},
    P.COURSE_ENROL: EVERYBODY,
    P.COURSE_LEARN: {"learner", "author", "editor"},
    P.COURSE_PUBLISH: {"editor"},
    P.HOME_VIEW: EVERYBODY,
    P.IDENTITY_CONFIRM: {"liaison"},
    P.IMPORT_SEND: {"liaison", "administrator"},
    P.IMPORT_VIEW: {"liaison"},
    P.ITEM_EDIT: {"author", "editor"},
    P.ITEM_REVIEW: {"author", "editor"},
    P.ITEM_VIEW: {"author", "editor"},
    P.MEDIA_EDIT: {"author"},
    P.MEDIA_VIEW: {"author", "editor"},
    P.RESPONSE_UPLOAD: EVERYBODY,
    P.SESSION_CLOSE: {"learner"},
    P.UNIT_EDIT: {"administrator"},
    P.UNIT_VIEW: EVERYBODY,
}
"""Who may, of the people of the small world, to the things in it."""

ANYWHERE = {
    "accounts.index": {"liaison", "administrator"},
    "catalogue.courses": {"author", "author elsewhere", "editor"},
    "items.add_bank": {"author", "author elsewhere", "editor"},
    "items.show_banks": {"author", "author elsewhere", "editor"},
    "media.add_picture": {"author", "author elsewhere", "editor"},
    "media.upload": {"author", "author elsewhere", "editor"},
}
"""Pages that are open to whoever may do it somewhere; they show their own only."""


def guarded(app, world):
    """Yield (method, endpoint, permission, has an object, address)."""
    for method in ("GET", "POST"):
        for rule, address in addresses(app, world, method):
            guard = app.view_functions[rule.endpoint].guard
            if isinstance(guard, P):
                on_object = any(name.endswith("_id") for name in rule.arguments)
                yield method, rule.endpoint, guard, on_object, address


def allowed(endpoint, permission):
    return ANYWHERE.get(endpoint) or MAY[permission]


def test_every_guarded_address_is_tried(app, world):
    tried = {endpoint for _m, endpoint, *_rest in guarded(app, world)}
    declared = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if isinstance(getattr(app.view_functions[rule.endpoint], "guard", 0), P)
    }

    assert tried == declared


def test_a_stranger_is_asked_to_sign_in(app, client, world, kept):
    before = kept()

    for method, endpoint, _permission, _on, address in guarded(app, world):
        answer = client.open(address, method=method)
        script = client.open(
            address, method=method, headers={"Accept": "application/json"}
        )

        assert answer.status_code == 303, endpoint
        assert answer.location.startswith("/sign-in"), endpoint
        assert script.status_code == 401, endpoint
        assert script.json["error"], endpoint
    assert kept() == before


@pytest.mark.parametrize("who", [*CAST, "administrator"])
def test_who_may_not_gets_the_same_answer_as_for_what_is_not_there(
    app, client, sign_in, world, kept, who
):
    sign_in(world.people[who])
    before = kept()

    wrong = {}
    for method, endpoint, permission, on_object, address in guarded(app, world):
        if who in allowed(endpoint, permission):
            continue
        answer = client.open(address, method=method)
        if answer.status_code != (404 if on_object else 403):
            wrong[f"{method} {address}"] = answer.status_code

    assert wrong == {}
    assert kept() == before


@pytest.mark.parametrize("who", CAST)
def test_who_may_gets_in(app, client, sign_in, world, who):
    sign_in(world.people[who])

    shut = {
        address: answer.status_code
        for method, endpoint, permission, _on, address in guarded(app, world)
        if method == "GET" and who in allowed(endpoint, permission)
        for answer in [client.get(address)]
        if answer.status_code not in (200, 303)
    }

    assert shut == {}


@pytest.mark.parametrize("who", ["learner", "author", "editor", "administrator"])
def test_what_is_not_there_is_not_there_for_anybody(app, client, sign_in, world, who):
    sign_in(world.people[who])
    objects = {name: 999_999 for name in world.parts if name.endswith("_id")}
    adapter = app.url_map.bind("localhost")

    for rule in app.url_map.iter_rules():
        guard = getattr(app.view_functions[rule.endpoint], "guard", "")
        if not isinstance(guard, P) or not set(objects) & rule.arguments:
            continue
        parts = {n: (world.parts | objects)[n] for n in rule.arguments}
        method = "GET" if "GET" in rule.methods else "POST"

        answer = client.open(adapter.build(rule.endpoint, parts), method=method)

        assert answer.status_code == 404, rule.rule


def test_the_same_words_for_what_is_hidden_and_what_is_missing(client, sign_in, world):
    sign_in(world.people["other learner"])

    hidden = client.get(f"/activities/{world.activities['page'].id}")
    missing = client.get("/activities/999999")

    def without_code(answer):
        return [
            line
            for line in answer.text.splitlines()
            if "<code>" not in line and 'name="next"' not in line and "csrf" not in line
        ]

    assert without_code(hidden) == without_code(missing)


def test_a_list_shows_nothing_of_others(client, sign_in, world):
    sign_in(world.people["author elsewhere"])

    page = client.get("/authoring/courses").text

    assert world.other.title in page
    assert world.course.title not in page


def test_another_authors_upload_is_not_shown_in_ones_lesson(
    client, sign_in, world, kept
):
    sign_in(world.people["author"])
    stolen = a_film(world.people["author elsewhere"], "1" * 32)
    before = kept()

    answer = client.post(
        f"/authoring/activities/{world.activities['video'].id}",
        data={"title": "Bài", "minutes": 5, "asset_id": stolen.id},
    )

    assert answer.status_code == 409
    assert "không phải do bạn tải lên" in answer.text
    assert kept() == before
