"""Nobody acts through another's browser, and nobody acts by following a link."""

import pytest

from tests.attacks.conftest import addresses
from wsgi import SIGNED_BY_STATIONS

READING = {"GET", "HEAD", "OPTIONS"}
FOREIGN = [
    {"Origin": "https://ke-xau.example"},
    {"Origin": "http://localhost.ke-xau.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.fixture
def checked(app, monkeypatch):
    """The application with tokens asked for, as people use it."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


def writing(app, world):
    """Return every way to write but those that a station signs, in place of a token."""
    return [
        (method, address)
        for method in ("POST", "PUT", "PATCH", "DELETE")
        for rule, address in addresses(app, world, method)
        if rule.endpoint not in SIGNED_BY_STATIONS
    ]


def test_every_way_to_write_is_tried(app, world):
    methods = {m for rule in app.url_map.iter_rules() for m in rule.methods}

    assert methods - READING == {"POST"}
    assert len(writing(app, world)) > 30


def test_nothing_is_written_without_a_token(app, client, sign_in, world, kept, checked):
    sign_in(world.people["author"])
    before = kept()

    answers = {a: client.open(a, method=m) for m, a in writing(app, world)}

    assert {a: r.status_code for a, r in answers.items() if r.status_code != 400} == {}
    assert all("Yêu cầu không hợp lệ" in r.text for r in answers.values())
    assert kept() == before


def test_a_token_of_another_browser_is_no_token(client, sign_in, world, kept, checked):
    page = app_client_token(client)
    client.delete_cookie("lms_session")
    sign_in(world.people["learner"])
    before = kept()

    answer = client.post("/language", data={"csrf_token": page, "language": "en"})

    assert answer.status_code == 400
    assert kept() == before


def app_client_token(client):
    text = client.get("/sign-in").text
    return text.split('name="csrf-token" content="')[1].split('"')[0]


@pytest.mark.parametrize("origin", FOREIGN, ids=str)
def test_nothing_is_written_from_another_site(
    app, client, sign_in, world, kept, origin
):
    sign_in(world.people["author"])
    before = kept()

    codes = {
        address: client.open(address, method=method, headers=origin).status_code
        for method, address in writing(app, world)
    }

    assert {a: code for a, code in codes.items() if code != 400} == {}
    assert kept() == before


def test_our_own_pages_write(client, world, checked):
    token = app_client_token(client)
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}

    answer = client.post(
        "/language", data={"csrf_token": token, "language": "en"}, headers=own
    )

    assert answer.status_code == 303


@pytest.mark.parametrize(
    "who", ["stranger", "learner", "author", "editor", "administrator"]
)
def test_reading_changes_nothing(app, client, sign_in, world, kept, who):
    if who != "stranger":
        sign_in(world.people[who])
    before = kept()

    codes = [
        client.get(address).status_code
        for _rule, address in addresses(app, world, "GET")
    ]

    assert max(codes) < 500
    assert codes.count(200) > 5
    assert kept() == before
