"""Rows O1 to O11, O21 to O23: what a client, honest or not, may get out of the mimic.

Each test is named after its row of the list of attacks and fails without its defence.
"""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from lms.kernel import clock
from lms.kernel.db import db, writing
from sso.provider.models import (
    AccessToken,
    Base,
    ClientAuth,
    Code,
    Interaction,
    SigningKey,
)
from sso.provider.services import keys
from tests.conftest import NINE
from tests.sso.provider.stage import (
    BACK,
    HOME,
    ISSUER,
    NUMBER,
    Site,
    answer_of,
    signed_in,
)

LATER = timedelta(seconds=61)


@pytest.mark.parametrize(
    "address",
    [
        f"{BACK}/evil",
        f"{BACK}?next=evil",
        "http://127.0.0.1:8001/vneid/callback",
        "http://me@127.0.0.1:8000/vneid/callback",
        "http://127.0.0.1:8000/VNEID/callback",
        "http://127.0.0.1:8000/x/../vneid/callback",
        f"{BACK}#part",
        "https://evil.example/vneid/callback",
        "javascript:alert(1)",
        "địa chỉ",
        None,
    ],
)
def test_o1_another_redirect_address_is_never_sent_to(site, visitor, address):
    page = visitor.goes(site.asks(redirect_uri=address))

    assert page.status_code == 400
    assert "Location" not in page.headers


def test_o2_a_code_that_comes_twice_takes_back_what_it_gave(site, visitor, person):
    code = visitor.arrives(site, person)
    first = site.redeems(code).json

    again = site.redeems(code)

    assert (again.status_code, again.json["error"]) == (400, "invalid_grant")
    assert site.userinfo(first["access_token"]).status_code == 401


def test_o2_a_code_that_comes_again_much_later_does_so_too(site, visitor, person):
    code = visitor.arrives(site, person)
    first = site.redeems(code).json

    with clock.frozen(NINE + LATER):
        site.redeems(code)

        assert site.userinfo(first["access_token"]).status_code == 401


def test_o3_of_eight_who_come_at_once_one_gets_a_token(site, visitor, person):
    code = visitor.arrives(site, person)

    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(lambda _n: site.redeems(code), range(8)))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] + [400] * 7


def test_o4_a_code_lives_a_minute(site, visitor, person):
    code = visitor.arrives(site, person)

    with clock.frozen(NINE + LATER):
        assert site.redeems(code).json["error"] == "invalid_grant"


def test_o4_its_minute_does_not_begin_with_the_sign_in(site, visitor, person):
    signed_in(site, visitor, person)

    with clock.frozen(NINE + timedelta(minutes=20)):
        code = visitor.arrives(site, person)

        assert site.redeems(code).status_code == 200


def test_o5_a_code_is_of_no_use_to_another_client(provider, site, visitor, person):
    other = Site.registered(provider, name="Trang khác")
    other.verifier = site.verifier
    code = visitor.arrives(site, person)

    assert other.redeems(code).json["error"] == "invalid_grant"
    assert site.redeems(code).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": None},
        {"code_challenge": "short"},
    ],
)
def test_o6_pkce_is_s256_or_nothing(site, visitor, changed):
    back = answer_of(visitor.goes(site.asks(**changed)))

    assert back["error"] == "invalid_request"
    assert "code" not in back


@pytest.mark.parametrize("verifier", [None, "a" * 64])
def test_o6_without_its_verifier_a_code_is_worth_nothing(
    site, visitor, person, verifier
):
    answer = site.redeems(visitor.arrives(site, person), code_verifier=verifier)

    assert answer.status_code == 400


def test_o6_a_verifier_without_a_challenge_is_refused(provider, visitor, person):
    lax = Site.registered(provider, require_pkce=False)
    code = visitor.arrives(lax, person, code_challenge=None, code_challenge_method=None)

    assert lax.redeems(code).status_code == 400


@pytest.mark.parametrize(
    "kind", ["token", "id_token", "code id_token", "code token", "none", "mã", None]
)
def test_o7_nothing_but_a_code_is_given(site, visitor, kind):
    page = visitor.goes(site.asks(response_type=kind))

    assert answer_of(page)["error"] == "unsupported_response_type"
    assert "#" not in page.location


@pytest.mark.parametrize("mode", ["fragment", "form_post"])
def test_o7_and_only_in_the_query(site, visitor, mode):
    page = visitor.goes(site.asks(response_mode=mode))

    assert answer_of(page)["error"] == "invalid_request"


@pytest.mark.parametrize(
    "grant", ["password", "client_credentials", "refresh_token", "implicit", "đ", ""]
)
def test_o7_no_other_grant_is_taken(site, grant):
    answer = site.posts("/token", grant_type=grant, username=NUMBER, password="x")

    assert answer.status_code == 400
    assert answer.json["error"] == "unsupported_grant_type"


@pytest.mark.parametrize("name", ["state", "redirect_uri", "nonce", "client_id"])
def test_o8_a_parameter_sent_twice_gets_no_code(site, visitor, person, name):
    signed_in(site, visitor, person)

    page = visitor.goes(f"{site.asks()}&{name}=again")

    assert "code=" not in (page.location or "")
    assert page.status_code == 400


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
        ({"request_uri": "https://evil.example/r"}, "request_uri_not_supported"),
    ],
)
def test_o9_request_objects_are_refused_and_never_mixed(site, visitor, sent, error):
    page = visitor.goes(site.asks(**sent))

    assert answer_of(page)["error"] == error
    assert page.location.startswith(BACK)


def test_o10_a_wrong_secret_is_unauthorized(site, visitor, person):
    code = visitor.arrives(site, person)
    right, site.secret = site.secret, "wrong"

    answer = site.redeems(code)

    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic")
    site.secret = right
    assert site.redeems(code).status_code == 200


@pytest.mark.parametrize(
    ("registered", "used"),
    [
        (ClientAuth.BASIC, "client_secret_post"),
        (ClientAuth.POST, "client_secret_basic"),
    ],
)
def test_o10_a_client_proves_itself_in_its_own_way_alone(
    provider, visitor, person, registered, used
):
    site = Site.registered(provider, auth_method=registered)
    code = visitor.arrives(site, person)
    site.auth_method = used

    assert site.redeems(code).json["error"] == "invalid_client"


@pytest.fixture(scope="module")
def client_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "theirs", "use": "sig", "alg": "RS256"})


@pytest.fixture
def key_site(provider, client_key) -> Site:
    return Site.registered(
        provider,
        auth_method=ClientAuth.KEY,
        jwks={"keys": [client_key.as_dict(private=False)]},
    )


@pytest.fixture
def _real_time() -> Iterator[None]:
    """Authlib measures an assertion by the machine's clock."""
    before, clock._frozen = clock._frozen, None
    yield
    clock._frozen = before


def assertion(site: Site, key: RSAKey, **changed: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": site.client_id,
        "sub": site.client_id,
        "aud": ISSUER,
        "iat": now,
        "exp": now + 60,
        "jti": "once",
    }
    return jwt.encode({"alg": "RS256", "kid": "theirs"}, claims | changed, key)


def proves(site: Site, code: str, proof: str) -> Any:
    return site.provider.test_client().post(
        "/token",
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": site.verifier,
            "client_id": site.client_id,
            "client_assertion": proof,
            "client_assertion_type": (
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            ),
        },
    )


@pytest.mark.usefixtures("_real_time")
def test_o10_a_client_signs_its_proof(key_site, visitor, person, client_key):
    code = visitor.arrives(key_site, person)

    answer = proves(key_site, code, assertion(key_site, client_key))

    assert answer.status_code == 200


@pytest.mark.usefixtures("_real_time")
@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "https://elsewhere.example"},
        {"exp": 1},
        {"exp": 9_999_999_999},
        {"iss": "somebody"},
        {"jti": None},
    ],
)
def test_o10_a_proof_for_another_or_another_time_is_none(
    key_site, visitor, person, client_key, changed
):
    code = visitor.arrives(key_site, person)

    answer = proves(key_site, code, assertion(key_site, client_key, **changed))

    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")


@pytest.mark.usefixtures("_real_time")
def test_o10_a_proof_serves_once(key_site, visitor, another, person, client_key):
    proof = assertion(key_site, client_key)
    first = visitor.arrives(key_site, person)
    assert proves(key_site, first, proof).status_code == 200

    second = visitor.arrives(key_site, person)

    assert proves(key_site, second, proof).status_code == 401


@pytest.mark.usefixtures("_real_time")
def test_o10_a_foreign_key_proves_nothing(key_site, visitor, person):
    foreign = RSAKey.generate_key(2048, {"kid": "theirs", "alg": "RS256"})
    code = visitor.arrives(key_site, person)

    assert proves(key_site, code, assertion(key_site, foreign)).status_code == 401


def test_o11_every_answer_says_who_gives_it(site, visitor, person):
    answers = [
        visitor.goes(site.asks(prompt="none")),
        visitor.goes(site.asks(scope="profile")),
        visitor.goes(site.asks(nonce=None)),
        visitor.goes(site.asks(max_age="soon")),
    ]
    visitor.goes(site.asks())
    visitor.signs_in(person)
    answers.append(visitor.fills("/refuse"))
    visitor.goes(site.asks())
    answers.append(visitor.agrees())

    backs = [answer_of(answer) for answer in answers]
    assert [back["iss"] for back in backs] == [ISSUER] * 6
    assert [back["state"] for back in backs] == [site.state] * 6
    assert [back.get("error") for back in backs] == [
        "login_required",
        "invalid_scope",
        "invalid_request",
        "invalid_request",
        "access_denied",
        None,
    ]


def test_o21_without_its_scope_nothing_personal_is_told(site, visitor, person):
    tokens = signed_in(site, visitor, person, scope="openid")

    told = site.userinfo(tokens["access_token"]).json
    claims = site.reads(tokens["id_token"])

    assert set(told) == {"sub"}
    assert NUMBER not in str(told) + str(claims)


def test_o21_the_id_token_is_never_personal(site, visitor, person):
    tokens = signed_in(site, visitor, person)

    assert set(site.reads(tokens["id_token"])) == {
        *("iss", "aud", "sub", "iat", "exp", "auth_time"),
        *("acr", "amr", "sid", "at_hash", "nonce"),
    }


def test_o21_the_database_keeps_no_number_in_clear(provider, site, visitor, person):
    visitor.goes(site.asks(login_hint=NUMBER))
    visitor.signs_in(person)
    site.redeems(answer_of(visitor.agrees())["code"])

    with provider.app_context():
        dump = _everything()

    assert NUMBER not in "".join(dump)


def _everything() -> list[str]:
    return [
        repr(tuple(row))
        for table in Base.metadata.sorted_tables
        for row in db.session.execute(table.select())
    ]


def test_o21_no_address_holds_a_number(site, visitor, person):
    hint = signed_in(site, visitor, person)["id_token"]
    visitor.goes(site.asks(id_token_hint=hint))
    visitor.goes(f"/logout?id_token_hint={hint}")

    assert len(visitor.addresses) > 8
    assert not [one for one in visitor.addresses if re.search(r"\b\d{12}\b", one)]


def test_o22_two_sites_know_a_person_by_two_names(provider, visitor, person):
    sites = [
        Site.registered(
            provider, name=host, redirect_uris=[f"http://{host}:8000/callback"]
        )
        for host in ("127.0.0.1", "127.0.0.2")
    ]

    names = {
        site.reads(signed_in(site, visitor, person)["id_token"])["sub"]
        for site in sites
    }

    assert len(names) == 2


def test_o22_sites_of_one_sector_know_them_by_one(provider, visitor, person):
    sites = [
        Site.registered(provider, name=name, sector="huyen") for name in ("A", "B")
    ]

    names = {
        site.reads(signed_in(site, visitor, person)["id_token"])["sub"]
        for site in sites
    }

    assert len(names) == 1


def test_o23_only_public_parts_are_published(provider):
    published = provider.test_client().get("/jwks").json["keys"]

    assert len(published) >= 2
    for key in published:
        assert set(key) == {"kty", "n", "e", "kid", "use", "alg"}
        assert len(key["n"]) >= 342  # 2048 bits in base64


def test_o23_private_keys_are_sealed_in_the_database(provider):
    with provider.app_context():
        rows = db.session.query(SigningKey).all()

        assert rows
        assert not any("PRIVATE" in row.sealed for row in rows)


def test_o23_after_a_rotation_old_tokens_still_verify(provider, site, visitor, person):
    before = signed_in(site, visitor, person)["id_token"]
    known = provider.test_client().get("/jwks").json["keys"]
    with provider.app_context(), writing():
        kid = keys.rotate(provider.extensions["vault"], clock.now()).kid
        db.session.commit()

    after = signed_in(site, visitor, person)["id_token"]

    assert kid in {key["kid"] for key in known}, "published before it signs"
    assert site.reads(before)["sub"] == site.reads(after)["sub"]
    with clock.frozen(NINE + timedelta(hours=1)):
        kids = {k["kid"] for k in provider.test_client().get("/jwks").json["keys"]}
    assert kid in kids
    assert len(kids) == 2, "the retired key is gone when its tokens are"


def test_codes_and_tokens_are_kept_as_hashes_alone(provider, site, visitor, person):
    visitor.goes(site.asks())
    waiting = visitor.page.request.path.rpartition("/")[2]
    visitor.signs_in(person)
    code = answer_of(visitor.agrees())["code"]
    token = site.redeems(code).json["access_token"]

    with provider.app_context():
        kept = "".join(_everything())
        assert db.session.query(Code).count() == 1
        assert db.session.query(AccessToken).count() == 1
        assert db.session.query(Interaction).count() == 1
    for secret in (code, token, site.secret, waiting, person.otp_secret):
        assert secret not in kept


def test_a_client_asks_about_its_own_tokens_alone(provider, site, visitor, person):
    other = Site.registered(provider, name="Trang khác")
    token = signed_in(site, visitor, person)["access_token"]

    assert site.posts("/introspect", token=token).json["active"] is True
    assert other.posts("/introspect", token=token).json == {"active": False}
    other.posts("/revoke", token=token)
    assert site.userinfo(token).status_code == 200
    assert site.posts("/revoke", token=token).status_code == 200
    assert site.posts("/introspect", token=token).json == {"active": False}
    assert site.userinfo(token).status_code == 401


def test_tokens_end_after_half_an_hour(site, visitor, person):
    token = signed_in(site, visitor, person)["access_token"]

    with clock.frozen(NINE + timedelta(minutes=30)):
        assert site.userinfo(token).status_code == 401


def test_unknown_parameters_and_locales_disturb_nothing(site, visitor, person):
    code = visitor.arrives(
        site,
        person,
        extra="x",
        ui_locales="vi en",
        claims_locales="vi",
        display="popup",
    )

    assert site.redeems(code).status_code == 200


def test_a_request_may_come_by_post(site, visitor, person):
    sent = dict(parse_qsl(urlsplit(site.asks()).query))

    answer = visitor.browser.post(
        "/authorize",
        data=sent,
        base_url=ISSUER,
        headers={"Origin": HOME.rstrip("/"), "Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status_code == 303
    assert visitor._follow(answer).status_code == 200


def test_userinfo_comes_by_get_header_and_body(site, visitor, person, provider):
    token = signed_in(site, visitor, person)["access_token"]
    client = provider.test_client()

    by_header = client.post("/userinfo", headers={"Authorization": f"Bearer {token}"})
    by_body = client.post("/userinfo", data={"access_token": token})

    assert by_header.json == by_body.json == site.userinfo(token).json
