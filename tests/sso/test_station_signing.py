"""What a station says is believed only whole, fresh and under its own key."""

import pytest

from sso.station import signing

NOW = 1_790_000_000
REQUEST = ("POST", "/api/checkin/start", b'{"number": "001203012345"}')


@pytest.fixture
def key(tmp_path, monkeypatch):
    monkeypatch.setattr(signing.time, "time", lambda: NOW)
    return signing.make_key(tmp_path / "station.pem")


def test_a_signed_request_is_genuine(key):
    headers = key.headers(*REQUEST)

    assert headers["X-Station"] == signing.key_id(key.public)
    assert signing.is_genuine(key.public, REQUEST, headers, NOW + 59)


@pytest.mark.parametrize(
    ("request_then", "change", "later"),
    [
        (("GET", *REQUEST[1:]), {}, 0),
        (("POST", "/api/checkin/c2/evidence", REQUEST[2]), {}, 0),
        (("POST", REQUEST[1], b"{}"), {}, 0),
        (REQUEST, {"X-Station-Time": str(NOW + 1)}, 0),
        (REQUEST, {"X-Station-Nonce": "0" * 32}, 0),
        (REQUEST, {"X-Station-Nonce": ""}, 0),
        (REQUEST, {"X-Station-Signature": "AAAA"}, 0),
        (REQUEST, {"X-Station-Signature": "không"}, 0),
        (REQUEST, {"X-Station-Time": "soon"}, 0),
        (REQUEST, {}, 61),
        (REQUEST, {}, -61),
    ],
)
def test_whatever_is_changed_or_late_is_not(key, request_then, change, later):
    headers = key.headers(*REQUEST) | change

    assert not signing.is_genuine(key.public, request_then, headers, NOW + later)


def test_another_stations_key_is_another_station(key, tmp_path):
    other = signing.make_key(tmp_path / "other.pem")

    assert not signing.is_genuine(other.public, REQUEST, key.headers(*REQUEST), NOW)
