"""Rows R1 to R12 of the list of attacks: a provider, or somebody in its name, lies."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta

import pytest
from joserfc import jws
from sqlalchemy import func, select

from lms.kernel import clock
from lms.kernel.db import db
from lms.people.models import UserSession
from lms.people.proof import Demand
from sso.relying_party.models import Identity, SignInRequest
from sso.relying_party.rules.tokens import LEEWAY
from tests.conftest import NINE
from tests.sso.lying_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    FOREIGN,
    KEYS,
    signed_compact,
)

NOW = int(NINE.timestamp())
SLACK = int(LEEWAY.total_seconds())


def refused(door, words="không hợp lệ", status=502, **answer):
    """Sign in and say whether it failed as it should: politely, and with nothing."""
    page = door.enter(**answer)
    return (
        page.status_code == status
        and words in page.text
        and not door.is_open()
        and db.session.scalar(select(func.count(Identity.id))) == 0
    )


def compact(header, claims):
    return signed_compact(header, json.dumps(claims).encode(), KEYS[0])


def under_secret(secret):
    """Sign with HS256 under what everybody, or our partner, knows."""

    def signed(honest):
        header = json.dumps({"alg": "HS256", "kid": "key-0"}).encode()
        body = f"{coded(header)}.{honest.split('.')[1]}"
        digest = hmac.new(secret, body.encode(), hashlib.sha256).digest()
        return f"{body}.{coded(digest)}"

    return signed


def coded(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def without_signature(honest):
    return honest.rpartition(".")[0] + "."


def named(algorithm):
    return lambda honest: compact(
        {"alg": algorithm, "kid": "key-0"},
        json.loads(jws.extract_compact(honest.encode()).payload),
    )


R1 = {
    "alg none": named("none"),
    "alg NoNe": named("NoNe"),
    "the signature stripped": without_signature,
    "the signature altered": lambda token: token[:-6] + "AAAAAA",
    "HS256 under our public key as PEM": under_secret(KEYS[0].as_pem(private=False)),
    "HS256 under the modulus": under_secret(
        base64.urlsafe_b64decode(KEYS[0].as_dict(private=False)["n"] + "==")
    ),
    "HS256 under the client secret": under_secret(CLIENT_SECRET.encode()),
    "no dots": lambda token: token.replace(".", ""),
    "five parts": lambda token: f"{token}.a.b",
    "no text": lambda token: 5,
    "endless": lambda token: token + "A" * 20_000,
}


@pytest.mark.parametrize("lie", R1.values(), ids=R1)
def test_r1_a_token_without_an_honest_signature_opens_nothing(door, an, op, lie):
    op.lies["compact"] = lie

    assert refused(door)


R2 = {
    "unknown": {"kid": "key-9"},
    "a path": {"kid": "../../../../dev/null"},
    "SQL": {"kid": "key-0' UNION SELECT 'a"},
    "a number": {"kid": 0},
    "crit": {"crit": ["exp"]},
}


@pytest.mark.parametrize("change", R2.values(), ids=R2)
def test_r2_a_key_that_the_provider_does_not_publish_opens_nothing(
    door, an, op, change
):
    op.lies["compact"] = lambda honest: relabelled(honest, change)

    assert refused(door)


def relabelled(token, change):
    head, body, signature = token.split(".")
    header = json.loads(base64.urlsafe_b64decode(head + "==")) | change
    said = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=")
    return f"{said.decode()}.{body}.{signature}"


@pytest.mark.parametrize("brought", ["jwk", "jku", "x5u"])
def test_r2_a_key_that_the_token_brings_along_is_not_looked_at(door, an, op, brought):
    value = {
        "jwk": FOREIGN.as_dict(private=False),
        "jku": f"{op.url}/own-keys",
        "x5u": f"{op.url}/own-keys",
    }[brought]
    op.signing_key = FOREIGN
    op.lies["compact"] = lambda honest: relabelled(honest, {brought: value})

    assert refused(door)
    assert "/own-keys" not in op.asked


def test_r2_a_foreign_key_under_the_right_name_opens_nothing(door, an, op):
    op.signing_key = FOREIGN

    assert refused(door)


def test_r2_two_keys_and_no_name_is_no_key(door, an, op):
    op.keys = KEYS
    op.lies["header"] = lambda header: {"alg": header["alg"]}

    assert refused(door)


def test_r2_one_key_needs_no_name(door, an, op):
    op.lies["header"] = lambda header: {"alg": header["alg"]}

    assert door.enter().status_code == 303


def test_r2_a_key_changed_a_moment_ago_is_fetched_once(door, an, op):
    door.enter()
    door.client.post("/sign-out")
    op.keys, op.signing_key = [KEYS[1]], KEYS[1]
    before = op.asked.count("/jwks")

    assert door.enter().status_code == 303
    assert op.asked.count("/jwks") == before + 1


R3 = {
    "no issuer": {"iss": None},
    "another issuer": {"iss": "https://op.example"},
    "the issuer with a slash": {"iss": "{url}/"},
    "no audience": {"aud": None},
    "another audience": {"aud": "somebody-else"},
    "us among others": {"aud": [CLIENT_ID, "somebody-else"]},
    "others who say that it is for us": {"aud": ["somebody-else"], "azp": CLIENT_ID},
    "both, authorized for us": {"aud": [CLIENT_ID, "other"], "azp": CLIENT_ID},
    "authorized for another": {"azp": "somebody-else"},
    "expired": {"exp": NOW - SLACK},
    "no end": {"exp": None},
    "an end in words": {"exp": "2099-01-01"},
    "an end that is true": {"exp": True},
    "made tomorrow": {"iat": NOW + SLACK + 1},
    "made long ago": {"iat": NOW - 661},
    "not made": {"iat": None},
    "not yet": {"nbf": NOW + SLACK + 1},
    "beyond all calendars": {"iat": NOW, "auth_time": 10**400},
    "no nonce": {"nonce": None},
    "another nonce": {"nonce": "planted"},
    "a nonce in a list": {"nonce": ["planted"]},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a blank subject": {"sub": "  "},
    "a subject that is a number": {"sub": 5},
    "an endless subject": {"sub": "x" * 256},
    "another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    "signed in tomorrow": {"auth_time": NOW + SLACK + 1},
}


@pytest.mark.parametrize("change", R3.values(), ids=R3)
def test_r3_a_token_that_says_one_thing_wrong_opens_nothing(door, an, op, change):
    changed = {
        name: value.format(url=op.url) if value == "{url}/" else value
        for name, value in change.items()
    }
    op.lies["id_token"] = lambda claims: {
        name: value for name, value in (claims | changed).items() if value is not None
    }

    assert refused(door)


@pytest.mark.parametrize(
    "change",
    [
        {"exp": NOW - SLACK + 1},
        {"iat": NOW + SLACK},
        {"iat": NOW - 660},
        {"nbf": NOW + SLACK},
        {"aud": [CLIENT_ID]},
        {"azp": CLIENT_ID},
    ],
    ids=str,
)
def test_r3_what_lies_within_a_minute_is_forgiven(door, an, op, change):
    op.signed = change

    assert door.enter().status_code == 303


def test_r3_the_access_token_may_go_unvouched_in_the_code_flow(door, an, op):
    op.lies["id_token"] = lambda claims: {
        name: value for name, value in claims.items() if name != "at_hash"
    }

    assert door.enter().status_code == 303


def test_r4_without_an_id_token_nobody_is_signed_in(door, an, op):
    op.lies["token"] = lambda answer: {"access_token": answer["access_token"]}

    assert refused(door)


@pytest.mark.parametrize("changes", [{"sub": "another"}, {"sub": None}])
def test_r4_userinfo_of_somebody_else_opens_nothing(door, an, op, changes):
    op.lies["userinfo"] = lambda told: told | changes

    assert refused(door)


R4 = {
    "500": (500, b"{}"),
    "an error": (400, b'{"error": "invalid_grant"}'),
    "HTML": (200, b"<html>xin loi</html>"),
    "a list": (200, b"[]"),
    "nothing": (200, b""),
    "said twice": (200, b'{"access_token": "a", "access_token": "b"}'),
    "not a number": (200, b'{"access_token": NaN}'),
    "nested without end": (200, b"[" * 100_000),
    "without end": (200, b'{"a": "' + b"a" * 300_000 + b'"}'),
    "elsewhere": (302, b""),
    "elsewhere, with the code": (307, b""),
}


@pytest.mark.parametrize("path", ["/token", "/userinfo"])
@pytest.mark.parametrize("answer", R4.values(), ids=R4)
def test_r4_a_provider_that_stumbles_is_met_with_a_page(door, an, op, path, answer):
    op.broken[path] = answer

    assert refused(door, "không kết nối được với VNeID", 503)
    assert "/elsewhere" not in op.asked


@pytest.mark.parametrize("slow", ["hangs", "drips"])
def test_r4_nobody_waits_longer_than_the_deadline(door, an, op, slow, monkeypatch, app):
    monkeypatch.setitem(app.config, "VNEID_TIMEOUT", 1.0)
    address = door.leave()
    op.hang_seconds, op.drip = (3.0, False) if slow == "hangs" else (0.0, True)
    began = time.monotonic()

    answer = door.client.get(op.sign_in(address))

    assert time.monotonic() - began < 2.0
    assert answer.status_code == 503
    assert "không kết nối được với VNeID" in answer.text
    assert not door.is_open()


def test_r4_the_deadline_is_shorter_than_patience(app):
    assert app.config["VNEID_TIMEOUT"] <= 10


def test_r4_a_provider_that_is_not_there_leaves_the_other_door_open(door, app):
    door.configure(VNEID_ISSUER="http://127.0.0.1:9")

    answer = door.client.post("/sign-in/vneid")

    assert answer.status_code == 503
    assert "ai có tài khoản do đơn vị cấp vẫn đăng nhập được" in answer.text
    assert 'href="/sign-in"' in answer.text


@pytest.mark.parametrize("issuer", [None, "https://op.example", ""], ids=str)
def test_r5_an_answer_in_another_providers_name_is_refused(door, an, op, issuer):
    assert refused(door, iss=issuer)
    assert "/token" not in op.asked


@pytest.mark.parametrize("issuer", ["https://op.example", None, ["{url}"]])
def test_r5_discovery_of_another_issuer_is_refused(door, an, op, issuer):
    op.lies["discovery"] = lambda document: document | {"issuer": issuer}

    answer = door.client.post("/sign-in/vneid")

    assert answer.status_code == 502
    assert "không hợp lệ" in answer.text


@pytest.mark.parametrize(
    "endpoint", ["http://op.example/token", "file:///etc/passwd", "//evil", 5, ""]
)
def test_r5_discovery_leads_nowhere_that_must_not_be_asked(door, op, endpoint):
    op.lies["discovery"] = lambda document: document | {"token_endpoint": endpoint}

    assert door.client.post("/sign-in/vneid").status_code == 503


@pytest.mark.parametrize("state", [None, "", "made-up", "x" * 5000, "a\tb"])
def test_r6_an_answer_that_nobody_asked_for_is_refused(door, an, op, state):
    assert refused(door, "đã hết hạn hoặc đã dùng", 400, state=state)
    assert "/token" not in op.asked


def test_r6_an_answer_in_another_browser_is_refused(door, an, op, browsers):
    """Login CSRF: the attacker's own answer, in the victim's browser."""
    back = op.sign_in(door.leave())
    victim = browsers()
    door.leave(victim)

    answer = victim.get(back)

    assert answer.status_code == 400
    assert not door.is_open(victim)


def test_r6_an_answer_is_taken_once_even_with_the_old_cookie(door, an, op):
    back = op.sign_in(door.leave())
    cookie = door.client.get_cookie("lms_session").value
    door.client.get(back)
    door.client.post("/sign-out")

    door.client.set_cookie("lms_session", cookie)
    answer = door.client.get(back)

    assert answer.status_code == 400
    assert not door.is_open()


def test_r6_a_state_said_twice_is_not_said(door, an, op):
    back = op.sign_in(door.leave())

    answer = door.client.get(f"{back}&state=another")

    assert answer.status_code == 400


def test_r6_what_is_kept_of_a_request_opens_nothing(door, an, op):
    address = door.leave()

    kept = db.session.scalar(select(SignInRequest))
    state = address.partition("state=")[2].partition("&")[0]
    nonce = address.partition("nonce=")[2].partition("&")[0]
    words = (kept.state_hash, kept.browser_hash, str(kept.demand), kept.next_path)
    assert not any(secret in word for word in words for secret in (state, nonce))


R7 = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/%09/evil.example\t",
    "\t//evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "http:evil.example",
    "/\n/evil.example",
    "@evil.example",
]


@pytest.mark.parametrize("wanted", R7, ids=repr)
def test_r7_the_way_back_stays_at_home(door, an, op, wanted):
    answer = door.client.get(op.sign_in(door.leave(next=wanted)))

    assert answer.status_code == 303
    assert answer.location in ("/", "/%09/evil.example")
    assert "evil" not in answer.location or answer.location.startswith("/%09")


def test_r8_a_planted_session_does_not_become_somebodys(door, an, op):
    back = op.sign_in(door.leave())
    before = door.client.get_cookie("lms_session").value
    with door.client.session_transaction() as session:
        session["_user_id"] = "planted by somebody"
        session["basket"] = "left by somebody"

    door.client.get(back)

    with door.client.session_transaction() as session:
        assert session["_user_id"] != "planted by somebody"
        assert "basket" not in session
    assert door.client.get_cookie("lms_session").value != before


def test_r8_the_door_gives_no_lasting_cookie(door, an, op):
    answer = door.enter()

    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    assert not any("expires=" in c.lower() for c in cookies if "lms_session=;" not in c)
    assert not any("max-age=" in c.lower() or "remember" in c for c in cookies)


def test_r8_a_remembered_token_is_dead_after_signing_out(door, an, app):
    from flask_login.utils import encode_cookie

    door.enter()
    with door.client.session_transaction() as session:
        token = session["_user_id"]
    with app.test_request_context():
        remembered = encode_cookie(token)
    door.client.post("/sign-out")

    door.client.set_cookie("remember_token", remembered)

    assert not door.is_open()


def test_r9_a_lower_level_than_asked_for_does_not_open_the_page(door, an, op):
    door.enter()
    op.signed = {"acr": "LoA1", "amr": ["pwd"]}

    back = op.sign_in(door.leave(acr="2", next="/record"))
    answer = door.client.get(back)

    assert answer.status_code == 403
    assert "hai yếu tố khác nhau" in answer.text
    assert door.is_open()


@pytest.mark.parametrize("acr", [None, "LoA9", "LoA2 ", 2, ["LoA2"], "urn:mace:gold"])
def test_r9_a_level_that_is_missing_or_strange_is_the_lowest(door, an, op, acr):
    op.lies["id_token"] = lambda claims: {
        n: v for n, v in (claims | {"acr": acr}).items() if v is not None
    }

    door.enter()

    assert db.session.scalar(select(UserSession.acr)) == 1


def test_r9_an_old_proof_is_asked_for_anew(door, an, op):
    door.enter()
    demand = {"muc": "2", "acr": "2", "age": "900"}

    with clock.frozen(NINE + timedelta(minutes=15)):
        assert "Bạn đã xác thực đủ" in step_up(door, demand)
    with clock.frozen(NINE + timedelta(hours=2)):
        assert "Lần xác thực trước đã lâu" in step_up(door, demand)
        address = door.leave(**demand)
    assert "prompt=login" in address
    assert "max_age=900" in address
    assert "acr_values=LoA2" in address


def step_up(door, demand):
    return door.client.get("/step-up", query_string=demand).text


def test_r9_an_old_sign_in_told_as_new_is_refused(door, an, op):
    door.enter()
    later = NINE + timedelta(hours=2)
    op.signed = {"auth_time": NOW}

    with clock.frozen(later):
        answer = door.client.get(op.sign_in(door.leave(age="900")))

    assert answer.status_code == 502
    with clock.frozen(later):
        assert "đã lâu" in step_up(door, {"age": "900"})


def test_r9_a_provider_that_does_not_say_when_is_never_fresh(door, an, op):
    op.lies["id_token"] = lambda claims: {
        n: v for n, v in claims.items() if n != "auth_time"
    }
    door.enter()

    assert "đã lâu" in step_up(door, {"age": "900"})
    assert Demand(max_age=timedelta(minutes=15)) is not None


def test_r9_a_better_proof_replaces_the_session(door, an, op):
    op.signed = {"acr": "LoA1", "amr": ["pwd"]}
    door.enter()
    before = door.client.get_cookie("lms_session").value
    op.signed = {}

    answer = door.client.get(op.sign_in(door.leave(acr="2", next="/record")))

    assert (answer.status_code, answer.location) == (303, "/record")
    assert door.client.get_cookie("lms_session").value != before
    levels = select(UserSession.acr).filter_by(closed_at=None)
    assert db.session.scalars(levels).all() == [2]


R10 = [
    "<script>alert(1)</script>",
    "'\"><img src=x onerror=alert(1)>",
    "{{ 7919*7907 }}",
]


@pytest.mark.parametrize("words", R10)
def test_r10_what_an_error_says_is_not_shown(door, words):
    answer = door.enter(
        code=None, error="server_error", error_description=words, error_uri=words
    )

    assert answer.status_code == 502
    assert words not in answer.text
    assert "62615533" not in answer.text
    assert "không hoàn tất được" in answer.text


@pytest.mark.parametrize("error", R10)
def test_r10_an_error_that_is_markup_is_not_shown(door, error):
    answer = door.enter(code=None, error=error)

    assert answer.status_code == 502
    assert error not in answer.text


NOTICES = "/sign-in/vneid/logout-notices"
R11 = {
    "for another": {"aud": "somebody-else"},
    "from another": {"iss": "https://op.example"},
    "of no event": {"events": None},
    "of another event": {"events": {"http://other.example": {}}},
    "of an event in words": {"events": "logout"},
    "with a nonce": {"nonce": "n"},
    "expired": {"exp": NOW - 61},
    "without an end": {"exp": None},
    "without a moment": {"iat": None},
    "of nobody": {"sub": None, "sid": None},
    "of an empty name": {"sub": "", "sid": None},
    "without a number of its own": {"jti": None},
}


@pytest.mark.parametrize("change", R11.values(), ids=R11)
def test_r11_a_notice_that_is_wrong_signs_nobody_out(door, an, op, change):
    door.enter()

    answer = door.client.post(NOTICES, data={"logout_token": op.logout_token(**change)})

    assert answer.status_code == 400
    assert door.is_open()


@pytest.mark.parametrize(
    "lie", [R1["alg none"], R1["HS256 under the client secret"], without_signature]
)
def test_r11_a_notice_that_the_provider_did_not_sign_signs_nobody_out(
    door, an, op, lie
):
    door.enter()
    op.lies["compact"] = lie

    answer = door.client.post(NOTICES, data={"logout_token": op.logout_token()})

    assert answer.status_code == 400
    assert door.is_open()


def test_r11_a_foreign_key_signs_nobody_out(door, an, op):
    door.enter()
    op.signing_key = FOREIGN

    answer = door.client.post(NOTICES, data={"logout_token": op.logout_token()})

    assert answer.status_code == 400
    assert door.is_open()


def test_r11_an_id_token_is_no_notice(door, an, op):
    tokens = []
    op.lies["compact"] = lambda token: tokens.append(token) or token
    door.enter()

    answer = door.client.post(NOTICES, data={"logout_token": tokens[0]})

    assert answer.status_code == 400
    assert door.is_open()


def test_r11_a_token_of_another_type_is_no_notice(door, an, op):
    door.enter()
    op.lies["header"] = lambda header: header | {"typ": "at+jwt"}

    answer = door.client.post(NOTICES, data={"logout_token": op.logout_token()})

    assert answer.status_code == 400
    assert door.is_open()


@pytest.mark.parametrize("given", [{}, {"logout_token": ""}, {"logout_token": "a.b.c"}])
def test_r11_no_notice_at_all_is_refused(door, given):
    assert door.client.post(NOTICES, data=given).status_code == 400


def test_r11_made_up_keys_do_not_make_us_ask_again_and_again(door, an, op):
    door.enter()
    before = op.asked.count("/jwks")
    op.lies["header"] = lambda header: header | {"kid": "made-up"}

    for _time in range(5):
        token = op.logout_token()
        assert (
            door.client.post(NOTICES, data={"logout_token": token}).status_code == 400
        )

    assert op.asked.count("/jwks") <= before + 1


@pytest.mark.parametrize(
    "change", [{}, {"sid": None}, {"sub": None}], ids=["both", "sub", "sid"]
)
def test_r11_an_honest_notice_ends_all_devices_at_once(door, an, op, browsers, change):
    phone = browsers()
    door.enter()
    op.signed = {"sid": "sid-2"}
    phone.get(op.sign_in(door.leave(phone)))

    answer = door.client.post(NOTICES, data={"logout_token": op.logout_token(**change)})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert not door.is_open()
    assert not door.is_open(phone)


def test_r11_a_notice_is_obeyed_once(door, an, op):
    token = op.logout_token()
    assert door.client.post(NOTICES, data={"logout_token": token}).status_code == 200
    door.enter()

    assert door.client.post(NOTICES, data={"logout_token": token}).status_code == 400
    assert door.is_open()


@pytest.mark.parametrize("path", ["/sign-out", "/sessions/close", NOTICES])
def test_r12_a_picture_on_another_page_signs_nobody_out(door, an, op, path):
    door.enter()
    foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}

    answer = door.client.get(path, headers=foreign)

    assert answer.status_code == 405
    assert door.is_open()


@pytest.mark.parametrize("path", ["/sign-out", "/sessions/close"])
def test_r12_a_form_on_another_page_signs_nobody_out(door, an, op, path):
    door.enter()

    answer = door.client.post(path, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 400
    assert door.is_open()
