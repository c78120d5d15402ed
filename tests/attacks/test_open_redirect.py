"""Our address never sends anybody on to a stranger's site."""

import pytest

from lms.kernel.links import stays_here
from tests.factories import people

ELSEWHERE = [
    "https://ke-xau.example/",
    "//ke-xau.example/",
    "///ke-xau.example/",
    "/\\ke-xau.example/",
    "\\\\ke-xau.example",
    "/\t/ke-xau.example",
    "/\n/ke-xau.example",
    "\t//ke-xau.example",
    " //ke-xau.example",
    "/%09/ke-xau.example\r\nSet-Cookie: a=b",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "http:ke-xau.example",
    "ke-xau.example",
    "@ke-xau.example",
    "/\u2028/ke-xau.example\x00",
    "",
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_an_address_elsewhere_is_not_ours(address):
    assert not stays_here(address)


@pytest.mark.parametrize("address", ["/", "/courses?q=a&page=2", "/activities/7#x"])
def test_an_address_of_ours_is(address):
    assert stays_here(address)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_in_leads_home_instead(client, app, address):
    people.officer("an.nv")

    answer = client.post(
        "/sign-in",
        data={"sign_in_name": "an.nv", "password": people.PASSWORD, "next": address},
    )

    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize("address", ELSEWHERE)
def test_every_other_way_on_leads_home_too(client, sign_in, app, address):
    language = client.post("/language", data={"language": "en", "next": address})
    sign_in(people.account())
    known = client.get("/sign-in", query_string={"next": address})

    assert (language.status_code, language.location) == (303, "/")
    assert known.status_code in (303, 400)
    assert known.location in ("/", None)


def test_one_comes_back_to_the_page_one_wanted(client, app):
    people.officer("an.nv")
    asked = client.get("/certificates?page=2")

    answer = client.post(
        asked.location, data={"sign_in_name": "an.nv", "password": people.PASSWORD}
    )

    assert answer.location == "/certificates?page=2"


def test_a_false_host_is_not_repeated(client, app):
    answer = client.get("/account", headers={"Host": "ke-xau.example"})

    assert "ke-xau.example" not in (answer.location or "")
