"""Row L7, the sealing side: the profile whose answers come in envelopes."""

import base64
import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sso.provider import envelope
from sso.provider.rules.fields import Profile
from tests.sso.provider.stage import NUMBER, Site, add_person, answer_of

PLAIN = {"nonce": None, "code_challenge": None, "code_challenge_method": None}


@pytest.fixture(scope="module")
def private():
    return generate_private_key(65537, 2048)


@pytest.fixture
def envelope_site(provider, private) -> Site:
    public = private.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    site = Site.registered(
        provider, profile=Profile.ENVELOPE, envelope_key=pem.decode()
    )
    site.scope = "openid"
    return site


def opened(private, data: str, key: str) -> str:
    """Open an envelope as a client does, from the description alone."""
    secret = private.decrypt(base64.b64decode(key, validate=True), PKCS1v15())
    decryptor = Cipher(algorithms.AES(secret), modes.ECB()).decryptor()
    padded = decryptor.update(base64.b64decode(data, validate=True))
    unpadder = PKCS7(128).unpadder()
    return (unpadder.update(padded) + unpadder.finalize()).decode()


def arrives(site: Site, visitor, person) -> dict[str, str]:
    visitor.goes(site.asks(**PLAIN))
    visitor.signs_in(person)
    return answer_of(visitor.agrees())


def test_l7_code_token_and_userinfo_come_sealed(
    envelope_site, visitor, person, private
):
    back = arrives(envelope_site, visitor, person)
    code = opened(private, back["code"], back["encrypt_key"])
    answer = envelope_site.redeems(
        code, code_verifier=None, encrypt_key=back["encrypt_key"]
    )
    assert set(answer.json) == {"data", "key"}
    tokens = json.loads(opened(private, **answer.json))
    assert "id_token" not in tokens
    sealed = envelope_site.userinfo(tokens["access_token"]).json
    told = json.loads(opened(private, **sealed))

    assert told == {
        "citizenPid": NUMBER,
        "fullName": "Lê Thị Mô Phỏng",
        "birthDate": "28/02/1999",
        "accountType": "CITIZEN",
        "accountLevel": 2,
    }


def test_l7_the_level_is_always_told(provider, envelope_site, visitor, private):
    low = add_person(provider, "000199000004", level=1)
    back = arrives(envelope_site, visitor, low)
    code = opened(private, back["code"], back["encrypt_key"])
    answer = envelope_site.redeems(
        code, code_verifier=None, encrypt_key=back["encrypt_key"]
    )
    token = json.loads(opened(private, **answer.json))["access_token"]

    sealed = envelope_site.userinfo(token).json

    assert json.loads(opened(private, **sealed))["accountLevel"] == 1


@pytest.mark.parametrize("key", [None, "AAAA"])
def test_l7_a_code_without_its_own_envelope_is_nothing(
    envelope_site, visitor, person, private, key
):
    back = arrives(envelope_site, visitor, person)
    code = opened(private, back["code"], back["encrypt_key"])

    answer = envelope_site.redeems(code, code_verifier=None, encrypt_key=key)

    assert answer.status_code == 400


def test_l7_the_sealed_code_itself_is_no_code(envelope_site, visitor, person):
    back = arrives(envelope_site, visitor, person)

    answer = envelope_site.redeems(
        back["code"], code_verifier=None, encrypt_key=back["encrypt_key"]
    )

    assert answer.status_code == 400


def test_l7_plus_signs_survive_the_address(envelope_site, visitor, person):
    for _n in range(8):
        arrives_at = visitor.goes(envelope_site.asks(**PLAIN))
        if arrives_at.status_code == 200:
            visitor.signs_in(person)
            arrives_at = visitor.agrees()
        query = urlsplit(arrives_at.location).query
        assert "+" not in query
        sealed = dict(parse_qsl(query))["encrypt_key"]
        assert " " not in sealed
        base64.b64decode(sealed, validate=True)


def test_l7_short_keys_and_other_keys_are_refused():
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
    from cryptography.hazmat.primitives.asymmetric.ec import (
        generate_private_key as ec_key,
    )

    for public in (
        generate_private_key(65537, 1024).public_key(),
        ec_key(SECP256R1()).public_key(),
    ):
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        with pytest.raises(ValueError, match="2048"):
            envelope.read_key(pem.decode())
    with pytest.raises(ValueError):  # noqa: PT011 -- the library's own words
        envelope.read_key("no key")
