"""Rows O12 to O20: what happens in the browser, and what leaks from it.

Each test is named after its row of the list of attacks and fails without its defence.
"""

import statistics
import time
from datetime import timedelta

import pytest

from lms.kernel import clock
from lms.kernel.db import db
from sso.provider.models import Event, Interaction
from tests.conftest import NINE
from tests.sso.provider.stage import (
    HOME,
    ISSUER,
    NUMBER,
    PASSWORD,
    Site,
    add_person,
    answer_of,
    signed_in,
)

SOON = NINE + timedelta(minutes=5)


def test_o12_silence_without_a_session_is_an_error(site, visitor):
    back = answer_of(visitor.goes(site.asks(prompt="none")))

    assert back["error"] == "login_required"


def test_o12_silence_without_consent_is_an_error(site, visitor, person):
    signed_in(site, visitor, person, scope="openid")

    back = answer_of(visitor.goes(site.asks(prompt="none")))

    assert back["error"] == "consent_required"


def test_o12_silence_with_both_is_answered(site, visitor, person):
    signed_in(site, visitor, person)

    assert "code" in answer_of(visitor.goes(site.asks(prompt="none")))


def test_o12_none_goes_with_nothing_else(site, visitor, person):
    signed_in(site, visitor, person)

    back = answer_of(visitor.goes(site.asks(prompt="none login")))

    assert back["error"] == "invalid_request"


def test_o12_prompt_login_asks_again_and_tells_the_new_time(site, visitor, person):
    first = site.reads(signed_in(site, visitor, person)["id_token"])

    with clock.frozen(SOON):
        visitor.goes(site.asks(prompt="login"))
        assert visitor.title == "Đăng nhập"
        visitor.signs_in(person)
        tokens = site.redeems(answer_of(visitor.agrees())["code"]).json

    second = site.reads(tokens["id_token"])
    assert second["auth_time"] - first["auth_time"] == 300
    assert second["sid"] != first["sid"]


def test_o12_max_age_asks_again_only_when_it_is_over(site, visitor, person):
    signed_in(site, visitor, person)

    with clock.frozen(SOON):
        assert "code" in answer_of(visitor.goes(site.asks(max_age="10000")))
        visitor.goes(site.asks(max_age="1"))
        assert visitor.title == "Đăng nhập"
        visitor.goes(site.asks(max_age="0"))
        assert visitor.title == "Đăng nhập"


def test_o12_prompt_consent_asks_again(site, visitor, person):
    signed_in(site, visitor, person)

    visitor.goes(site.asks(prompt="consent"))

    assert visitor.title == "Chia sẻ thông tin"


def test_o12_a_hint_of_another_person_gets_no_code(
    provider, site, visitor, another, person
):
    other = add_person(provider, "000199000002", name="Trần Văn Khác")
    hint = signed_in(site, another(), other)["id_token"]
    signed_in(site, visitor, person)

    silent = answer_of(visitor.goes(site.asks(prompt="none", id_token_hint=hint)))
    assert silent["error"] == "login_required"

    with clock.frozen(SOON):
        visitor.goes(site.asks(id_token_hint=hint))
        assert visitor.title == "Đăng nhập"
        back = answer_of(visitor.signs_in(person))
    assert back["error"] == "login_required"


@pytest.mark.parametrize("change", ["tampered", "another client"])
def test_o12_a_false_hint_is_refused(provider, site, visitor, person, change):
    hint = signed_in(site, visitor, person)["id_token"]
    asking = Site.registered(provider, name="Khác") if change != "tampered" else site
    if change == "tampered":
        hint = hint[:-8] + "AAAAAAAA"

    back = answer_of(visitor.goes(asking.asks(id_token_hint=hint)))

    assert back["error"] == "invalid_request"


def test_o13_a_lower_session_does_not_answer_a_higher_request(site, visitor, person):
    low = signed_in(site, visitor, person, acr_values="LoA1")
    assert site.reads(low["id_token"])["acr"] == "LoA1"

    with clock.frozen(SOON):
        silent = answer_of(visitor.goes(site.asks(acr_values="LoA2", prompt="none")))
        assert silent["error"] == "login_required"
        visitor.goes(site.asks(acr_values="LoA2"))
        assert visitor.title == "Đăng nhập"
        visitor.signs_in(person)
        tokens = site.redeems(answer_of(visitor.agrees())["code"]).json

    assert site.reads(tokens["id_token"])["acr"] == "LoA2"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("LoA3", "LoA2"),
        ("LoA4 LoA3", "LoA2"),
        ("LoA2 LoA1", "LoA1"),
        ("LoA9", "LoA2"),
        ("2", "LoA2"),
    ],
)
def test_o13_what_is_told_is_what_happened(site, visitor, person, asked, told):
    tokens = signed_in(site, visitor, person, acr_values=asked)

    claims = site.reads(tokens["id_token"])
    assert claims["acr"] == told
    assert ("otp" in claims["amr"]) == (told == "LoA2")


def test_o13_a_low_account_is_never_told_as_a_high_one(provider, site, visitor):
    low = add_person(provider, "000199000003", level=1)

    tokens = signed_in(site, visitor, low, acr_values="LoA3")

    assert site.reads(tokens["id_token"])["acr"] == "LoA2"
    assert site.userinfo(tokens["access_token"]).json["muc_tai_khoan"] == 1


@pytest.mark.parametrize("ending", ["/password", "/otp", "/consent", "/refuse"])
def test_o14_a_post_without_the_pages_token_does_nothing(site, visitor, person, ending):
    visitor.goes(site.asks())
    if ending in ("/otp", "/consent"):
        visitor.fills("/password", number=NUMBER, password=PASSWORD)
    if ending == "/consent":
        visitor.fills("/otp", code=person.otp())
    action, _sent = visitor.form(ending)

    answer = visitor.browser.post(
        action,
        data={"number": NUMBER, "password": PASSWORD, "code": person.otp()},
        base_url=ISSUER,
    )

    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_o14_a_post_from_another_site_does_nothing(site, visitor, person):
    visitor.goes(site.asks())
    visitor.signs_in(person)
    action, sent = visitor.form("/consent")

    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        answer = visitor.browser.post(
            action, data=sent, base_url=ISSUER, headers=headers
        )
        assert answer.status_code == 400


def test_o14_no_page_can_be_framed(site, visitor, person):
    pages = [visitor.goes(site.asks()), visitor.signs_in(person)]

    for page in pages:
        policy = page.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "script-src 'self'" in policy
        assert "form-action 'self' http://127.0.0.1:8000" in policy


def test_o15_after_a_form_the_browser_is_never_told_to_send_it_on(
    site, visitor, person
):
    visitor.goes(site.asks())
    statuses = []
    for ending, typed in (
        ("/password", {"number": NUMBER, "password": PASSWORD}),
        ("/otp", {"code": person.otp()}),
        ("/consent", {}),
    ):
        action, sent = visitor.form(ending)
        answer = visitor.browser.post(action, data=sent | typed, base_url=ISSUER)
        statuses.append(answer.status_code)
        visitor._follow(answer)

    assert statuses == [200, 303, 303]


def test_o16_an_unknown_number_and_a_wrong_password_look_alike(
    site, visitor, another, person
):
    pages = []
    for number, browser in ((NUMBER, visitor), ("000299000009", another())):
        browser.goes(site.asks())
        page = browser.fills("/password", number=number, password="sai mat khau")
        action, sent = browser.form("/password")
        text = page.text.replace(number, "").replace(action, "")
        for secret in sent.values():
            text = text.replace(secret, "")
        pages.append((page.status_code, _without_addresses(text)))

    assert pages[0] == pages[1]
    assert "không đúng" in pages[0][1]


def _without_addresses(text: str) -> str:
    import re

    return re.sub(r'(?:/interactions/[^"/]+|content="[^"]+"|value="[^"]+")', "", text)


def test_o16_and_take_as_long(provider, person):
    from sso.provider.services import persons
    from sso.provider.services.persons import Typed

    def cost(number: str) -> float:
        with provider.app_context():
            began = time.process_time()
            vault = provider.extensions["vault"]
            persons.person_by_password(vault, Typed(number, "sai", "::1"), NINE)
            db.session.rollback()
            return time.process_time() - began

    known = statistics.median(cost(NUMBER) for _n in range(7))
    unknown = statistics.median(cost("000299000009") for _n in range(7))

    # Both hash once; without that the unknown one costs a fiftieth.
    assert 0.5 < unknown / known < 2


def test_o17_many_wrong_passwords_make_everybody_wait(site, visitor, person):
    visitor.goes(site.asks())
    for _try in range(5):
        page = visitor.fills("/password", number=NUMBER, password="sai")
        assert page.status_code == 422

    barred = visitor.fills("/password", number=NUMBER, password=PASSWORD)

    assert barred.status_code == 429
    assert "Hãy chờ ít phút" in barred.text
    with clock.frozen(NINE + timedelta(minutes=1)):
        visitor.goes(site.asks())
        visitor.fills("/password", number=NUMBER, password=PASSWORD)
        assert visitor.title == "Nhập mã xác thực"


def test_o17_the_wait_grows_and_ends_by_itself(site, visitor, person):
    waits, now = [], NINE
    for _round in range(5):
        with clock.frozen(now):
            visitor.goes(site.asks())
            while visitor.page.status_code != 429:
                visitor.fills("/password", number=NUMBER, password="sai")
        began = now
        while visitor.page.status_code == 429:
            now += timedelta(minutes=1)
            with clock.frozen(now):
                visitor.goes(site.asks())
                visitor.fills("/password", number=NUMBER, password="sai")
        waits.append((now - began) // timedelta(minutes=1))

    assert waits == [1, 5, 15, 15, 15]


def test_o17_one_password_for_a_thousand_numbers_is_noticed(site, visitor, person):
    visitor.goes(site.asks())
    statuses = [
        visitor.fills("/password", number=f"0001990001{n:02}", password="x").status_code
        for n in range(61)
    ]

    assert statuses == [422] * 60 + [429]


def test_o17_guessing_the_otp_does_not_go_on_for_ever(site, visitor, person):
    visitor.goes(site.asks())
    for _round in range(2):
        visitor.fills("/password", number=NUMBER, password=PASSWORD)
        while visitor.title == "Nhập mã xác thực":
            visitor.fills("/otp", code="000000")

    assert visitor.page.status_code == 429
    visitor.fills("/password", number=NUMBER, password=PASSWORD)
    visitor.fills("/otp", code=person.otp())
    assert visitor.page.status_code == 429


def test_o18_the_cookie_changes_with_the_sign_in(site, visitor, person):
    visitor.goes(site.asks())
    before = visitor.browser.get_cookie("vneid_session", domain="localhost").value
    visitor.signs_in(person)
    after = visitor.browser.get_cookie("vneid_session", domain="localhost").value

    assert before != after
    visitor.browser.set_cookie("vneid_session", before, domain="localhost")
    assert "error" in answer_of(visitor.goes(site.asks(prompt="none")))


def test_o18_a_planted_cookie_learns_nothing(site, visitor, another, person):
    thief = another()
    thief.goes(site.asks())
    planted = thief.browser.get_cookie("vneid_session", domain="localhost").value
    visitor.browser.set_cookie("vneid_session", planted, domain="localhost")
    visitor.goes(thief.page.request.path)
    visitor.signs_in(person)

    thief.goes(thief.page.request.path)

    assert thief.page.status_code == 410
    assert answer_of(thief.goes(site.asks(prompt="none")))["error"] == "login_required"


def logout(hint: str | None = None, **sent: str) -> str:
    from urllib.parse import urlencode

    return f"/logout?{urlencode(sent | ({'id_token_hint': hint} if hint else {}))}"


def is_signed_in(site: Site, visitor) -> bool:
    return "code" in answer_of(visitor.goes(site.asks(prompt="none")))


def test_o19_a_hint_signs_out_and_leads_back(site, visitor, person):
    hint = signed_in(site, visitor, person)["id_token"]

    page = visitor.goes(logout(hint, post_logout_redirect_uri=HOME, state="s1"))

    assert page.location == f"{HOME}?state=s1"
    assert not is_signed_in(site, visitor)


def test_o19_so_does_one_that_is_over(site, visitor, person):
    hint = signed_in(site, visitor, person)["id_token"]

    with clock.frozen(NINE + timedelta(minutes=20)):
        assert is_signed_in(site, visitor)
        visitor.goes(logout(hint))
        assert not is_signed_in(site, visitor)


def test_o19_to_a_foreign_address_nobody_is_led(site, visitor, person):
    hint = signed_in(site, visitor, person)["id_token"]

    page = visitor.goes(logout(hint, post_logout_redirect_uri="https://evil.example/"))

    assert page.status_code == 400
    assert "Location" not in page.headers


def test_o19_a_tampered_hint_signs_nobody_out(site, visitor, person):
    hint = signed_in(site, visitor, person)["id_token"]

    page = visitor.goes(logout(hint[:-8] + "AAAAAAAA", post_logout_redirect_uri=HOME))

    assert page.status_code == 400
    assert is_signed_in(site, visitor)


def test_o19_without_a_hint_the_person_is_asked(site, visitor, person):
    signed_in(site, visitor, person)

    visitor.goes(logout())
    assert visitor.title == "Bạn muốn đăng xuất?"
    assert is_signed_in(site, visitor)

    visitor.goes(logout(client_id=site.client_id, post_logout_redirect_uri=HOME))
    assert visitor.fills("/logout/confirm").location == HOME
    assert not is_signed_in(site, visitor)


def test_o19_a_hint_of_another_session_is_no_word_of_this_person(
    provider, site, visitor, another, person
):
    other = add_person(provider, "000199000002")
    hint = signed_in(site, another(), other)["id_token"]
    signed_in(site, visitor, person)

    visitor.goes(logout(hint))

    assert visitor.title == "Bạn muốn đăng xuất?"
    assert is_signed_in(site, visitor)


def test_o19_a_hint_of_another_client_is_refused(provider, site, visitor, person):
    other = Site.registered(provider, name="Trang khác")
    hint = signed_in(site, visitor, person)["id_token"]

    page = visitor.goes(logout(hint, client_id=other.client_id))

    assert page.status_code == 400
    assert is_signed_in(site, visitor)


def test_o19_signing_out_ends_the_tokens_too(site, visitor, person):
    tokens = signed_in(site, visitor, person)

    visitor.goes(logout(tokens["id_token"]))

    assert site.userinfo(tokens["access_token"]).status_code == 401


def test_o20_a_token_in_an_address_opens_nothing(provider, site, visitor, person):
    token = signed_in(site, visitor, person)["access_token"]
    client = provider.test_client()

    for answer in (
        client.get(f"/userinfo?access_token={token}"),
        client.post(f"/userinfo?access_token={token}"),
    ):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_o20_secrets_in_an_address_are_not_taken(provider, site, visitor, person):
    code = visitor.arrives(site, person)

    answer = site.posts(f"/token?code={code}", grant_type="authorization_code")

    assert answer.status_code == 400


def test_o20_nothing_is_kept_and_nothing_tells_where_it_came_from(
    site, visitor, person
):
    pages = [visitor.goes(site.asks()), visitor.signs_in(person)]
    back = visitor.agrees()
    token = site.redeems(answer_of(back)["code"])
    pages += [back, token, site.userinfo(token.json["access_token"])]

    for page in pages:
        assert "no-store" in page.headers["Cache-Control"]
        is_page = page.status_code == 200 and page.mimetype == "text/html"
        # On a page no-referrer would make the browser send "Origin: null" with forms.
        policy = "same-origin" if is_page else "no-referrer"
        assert page.headers["Referrer-Policy"] == policy


def test_o20_the_log_and_the_addresses_hold_no_secret(
    provider, site, visitor, person, capfd
):
    from lms.kernel import logs

    logs.configure("DEBUG")
    try:
        visitor.goes(site.asks(login_hint=NUMBER))
        visitor.signs_in(person)
        code = answer_of(visitor.agrees())["code"]
        tokens = site.redeems(code).json
        site.userinfo(tokens["access_token"])
        visitor.goes(logout(tokens["id_token"]))
    finally:
        logs.configure("ERROR")

    written = capfd.readouterr().err
    assert '"route": "/authorize"' in written
    for secret in (
        *(NUMBER, PASSWORD, code, site.state, site.nonce, site.secret),
        *(tokens["access_token"], tokens["id_token"]),
    ):
        assert secret not in written
    with provider.app_context():
        assert db.session.query(Event).count() >= 3
        kept = [row.parameters for row in db.session.query(Interaction)]
    assert "login_hint" not in kept[0]


def test_every_route_of_the_mimic_says_why_it_is_open(provider):
    rules = [r for r in provider.url_map.iter_rules() if "static" not in r.endpoint]

    for rule in rules:
        guard = getattr(provider.view_functions[rule.endpoint], "guard", "")
        assert guard.startswith("public: "), rule.rule
    assert len(rules) > 20


@pytest.mark.parametrize("path", ["/nowhere", "/interactions/x", "/token"])
def test_what_is_not_there_is_no_fault(provider, path):
    answer = provider.test_client().get(path)

    assert answer.status_code in (404, 405, 410)


def test_garbage_is_never_a_fault(provider, site, visitor):
    client = provider.test_client()
    for name in ("scope", "state", "nonce", "prompt", "acr_values", "max_age"):
        for value in ("ệ" * 50, "\x7f", '"><script>', "a" * 9000, "-1", "\ud7ff"):
            page = visitor.goes(site.asks(**{name: value}))
            assert page.status_code in (200, 303, 400, 410), (name, value)
    for body in (b"\xff\xfe", b"grant_type=%ff&code=%00", b""):
        answer = client.post(
            "/token", data=body, content_type="application/x-www-form-urlencoded"
        )
        assert 400 <= answer.status_code < 500
    assert client.post("/token", json={"grant_type": "x"}).status_code == 415
