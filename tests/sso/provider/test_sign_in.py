"""A person signs in to a site through the mimic, and it learns what was agreed."""

from lms.kernel import clock
from sso.provider.rules.fields import Profile
from tests.sso.provider.stage import (
    BACK,
    ISSUER,
    NUMBER,
    Site,
    add_person,
    answer_of,
    signed_in,
)


def test_discovery_says_where_everything_is(provider):
    client = provider.test_client()

    told = client.get("/.well-known/openid-configuration").json

    assert told["issuer"] == ISSUER
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["authorization_response_iss_parameter_supported"] is True
    for name in ("jwks_uri", "authorization_endpoint"):
        assert client.get(told[name].removeprefix(ISSUER)).status_code in (200, 400)


def test_a_person_signs_in_by_password_and_otp(site, visitor, person):
    visitor.goes(site.asks())
    assert visitor.title == "Đăng nhập"
    visitor.signs_in(person)
    assert visitor.title == "Chia sẻ thông tin"
    assert "Số định danh cá nhân" in visitor.page.text
    back = answer_of(visitor.agrees())

    assert visitor.page.location.startswith(BACK)
    assert (back["state"], back["iss"]) == (site.state, ISSUER)
    tokens = site.redeems(back["code"]).json
    claims = site.reads(tokens["id_token"])
    assert claims["iss"] == ISSUER
    assert claims["aud"] == site.client_id
    assert claims["nonce"] == site.nonce
    assert claims["acr"] == "LoA2"
    assert claims["amr"] == ["pwd", "otp"]
    assert claims["auth_time"] == int(clock.now().timestamp())
    told = site.userinfo(tokens["access_token"]).json
    assert told["sub"] == claims["sub"]
    assert told["so_dinh_danh"] == NUMBER
    assert told["ho_ten"] == "Lê Thị Mô Phỏng"
    assert told["ngay_sinh"] == "1999-02-28"
    assert told["gioi_tinh"] == "nu"
    assert told["muc_tai_khoan"] == 2


def test_consent_is_asked_once_for_the_same_fields(site, visitor, person):
    signed_in(site, visitor, person, scope="openid profile")

    again = visitor.goes(site.asks(scope="openid profile"))
    assert answer_of(again)["code"]

    visitor.goes(site.asks())
    assert visitor.title == "Chia sẻ thông tin"


def test_refusing_is_told_to_the_site(site, visitor, person):
    visitor.goes(site.asks())
    visitor.signs_in(person)

    back = answer_of(visitor.fills("/refuse"))

    assert back == {"error": "access_denied", "state": site.state, "iss": ISSUER}


def test_a_wrong_otp_is_asked_again_and_then_the_password(site, visitor, person):
    visitor.goes(site.asks())
    visitor.fills("/password", number=person.number, password=person.password)

    for _try in range(4):
        visitor.fills("/otp", code="000000")
        assert visitor.title == "Nhập mã xác thực"
    visitor.fills("/otp", code="000000")

    assert visitor.title == "Đăng nhập"


def test_an_otp_is_taken_once(site, visitor, person, another):
    signed_in(site, visitor, person)
    second = another()
    second.goes(site.asks())

    second.signs_in(person)

    assert "đã dùng rồi" in second.page.text


def test_the_portal_profile_speaks_as_the_portal_did(provider, visitor, person):
    site = Site.registered(provider, profile=Profile.DVCQG)
    asked = {
        "scope": "openid",
        "acr_values": "LoA1",
        "nonce": None,
        "code_challenge": None,
        "code_challenge_method": None,
    }

    code = visitor.arrives(site, person, **asked)

    tokens = site.redeems(code, code_verifier=None).json
    assert site.reads(tokens["id_token"])["acr"] == "LoA1"
    told = site.userinfo(tokens["access_token"]).json
    assert told["SoDinhDanh"] == NUMBER
    assert told["NgayThangNamSinh"] == "19990228"
    assert told["TechID"] == told["sub"]


def test_a_browser_that_is_elsewhere_cannot_go_on(site, visitor, another, person):
    visitor.goes(site.asks())
    waiting = visitor.page.request.path

    other = another()
    other.goes(waiting)

    assert other.page.status_code == 410
    assert other.title == "Hãy bắt đầu lại"


def test_the_pages_speak_english_when_asked(site, visitor, person):
    visitor.goes(site.asks())
    visitor.fills("/language", language="en")

    assert visitor.title == "Sign in"


def test_two_persons_of_one_number_there_are_not(provider, person):
    from sso.provider.services import persons
    from sso.provider.services.persons import Secrets
    from tests.sso.provider.stage import facts

    with provider.app_context():
        own = Secrets("a", "111111", "A" * 32)
        vault = provider.extensions["vault"]

        assert persons.add(vault, facts(), own, clock.now()) is None


def test_account_level_and_sign_in_level_are_two_things(provider, site, visitor):
    person = add_person(provider, "000199000002", level=1)

    tokens = signed_in(site, visitor, person)

    assert site.reads(tokens["id_token"])["acr"] == "LoA2"
    assert site.userinfo(tokens["access_token"]).json["muc_tai_khoan"] == 1
