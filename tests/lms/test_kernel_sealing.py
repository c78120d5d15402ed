"""Personal data is unreadable where it is kept, and its keys can be changed."""

import json
import re
import shutil

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from lms.kernel import sealing
from lms.kernel.db import db
from lms.kernel.keyring import Keyring, MissingKeys, new_keys, read_keys
from lms.people import services
from lms.people.models import Account
from tests.factories import people

NUMBER = "000199000077"


@pytest.fixture
def keyring(app):
    """The application's keyring; its keys are put back afterwards."""
    held = app.extensions["keyring"]
    before = held.keys
    yield held
    held.replace(before)


@pytest.fixture
def run(app, keyring):
    """Run a command and return its JSON and its exit status."""

    def invoke(*words):
        answer = app.test_cli_runner().invoke(args=["keys", *words])
        return json.loads(answer.stdout), answer.exit_code

    return invoke


def raw(column, account):
    query = text(f"SELECT {column} FROM account WHERE id = :id")
    return db.session.execute(query, {"id": account.id}).scalar_one()


def test_what_is_stored_does_not_show_the_number(app):
    person = people.known(number=NUMBER, phone="0905123456")

    rows = db.session.execute(text("SELECT * FROM account")).all()

    kept = b"".join(
        v if isinstance(v, bytes) else str(v).encode() for row in rows for v in row
    )
    assert NUMBER.encode() not in kept
    assert b"0905123456" not in kept
    assert b"1999-02-28" not in kept
    db.session.expire_all()
    assert (person.personal_number, person.phone) == (NUMBER, "0905123456")


def test_a_number_finds_its_person(app):
    person = people.known(number=NUMBER)

    assert services.account_by_number(NUMBER) is person
    assert services.account_by_number("000199000078") is None


def test_two_people_cannot_have_one_number(app):
    people.known(number=NUMBER)

    with pytest.raises(Exception, match=r"(?i)unique"):
        people.known("Người thứ hai", number=NUMBER)


def test_the_same_number_looks_different_in_every_row_but_not_in_the_index(app):
    person = people.known(number=NUMBER)
    first = raw("personal_number_sealed", person)
    index = raw("personal_number_index", person)
    person.personal_number = None
    db.session.commit()
    person.personal_number = NUMBER
    db.session.commit()

    assert raw("personal_number_sealed", person) != first
    assert raw("personal_number_index", person) == index


def test_the_index_cannot_be_computed_without_its_key(app, keyring):
    one = sealing.blind_index(NUMBER, "account:personal_number")
    keyring.replace(keyring.keys.with_new_index())

    assert sealing.blind_index(NUMBER, "account:personal_number") != one


@pytest.mark.parametrize("column", ["phone_sealed", "personal_number_sealed"])
def test_a_value_copied_into_another_row_or_column_does_not_open(app, column):
    person, other = people.known(phone="0905123456"), people.known("Khác")
    setattr(other, column, getattr(person, column))
    person.email_sealed = person.phone_sealed
    db.session.commit()

    with pytest.raises(InvalidTag):
        getattr(other, column.removesuffix("_sealed"))
    with pytest.raises(InvalidTag):
        _ = person.email


@given(place=st.integers(0, 60), bit=st.integers(0, 7))
def test_one_changed_bit_is_found(app, place, bit):
    stored = bytearray(sealing.seal(b"0905123456", "account:phone:1"))
    stored[place % len(stored)] ^= 1 << bit

    with pytest.raises((InvalidTag, KeyError, UnicodeDecodeError)):
        sealing.unseal(bytes(stored), "account:phone:1")


def test_nothing_given_is_nothing_kept(app):
    person = people.known()
    person.personal_number = person.birth_date = None
    db.session.commit()

    assert raw("personal_number_index", person) is None
    assert (person.personal_number, person.birth_date) == (None, None)
    assert person.masked_number == ""


def test_after_a_change_of_keys_everything_still_opens(app, run, keyring):
    crowd = [people.known(f"Người {n}", phone=f"09{n}") for n in range(4)]
    kept = [(p.id, p.personal_number, p.birth_date, p.phone) for p in crowd]
    old = keyring.keys.current

    told, status = run("rotate")

    assert (told["sealed"], status) == ({"account": 4} | told["sealed"], 0)
    assert told["current"] != old
    assert sealing.keys_in_use() == {told["current"]: 4 * 3}
    found = [db.session.get(Account, key) for key, *_rest in kept]
    assert [(p.id, p.personal_number, p.birth_date, p.phone) for p in found] == kept
    assert services.account_by_number(kept[0][1]).id == kept[0][0]


def test_a_value_under_an_old_key_opens_until_that_is_retired(app, run, keyring):
    person = people.known()
    key = person.id
    before = keyring.keys.current
    keyring.replace(keyring.keys.with_new_key())

    assert person.birth_date.year == 1999
    assert run("retire") == (
        {"current": keyring.keys.current, "behind": {before: 2}},
        1,
    )
    told, _status = run("rotate", "--no-new-key")
    assert told["current"] == keyring.keys.current
    assert run("retire")[1] == 0
    assert len(keyring.keys.data) == 1
    assert db.session.get(Account, key).birth_date.year == 1999


def test_the_index_changes_its_key_too(app, run):
    number = people.known(number=NUMBER).personal_number
    before = services.account_by_number(number).personal_number_index

    run("rotate", "--index")

    found = services.account_by_number(number)
    assert found.personal_number_index != before


def test_a_running_server_sees_new_keys_by_itself(app, keyring):
    person = people.known(number=NUMBER)
    another = Keyring(app.config)
    another.replace(another.keys.with_new_key())

    assert keyring.keys.current == another.keys.current
    assert person.personal_number == NUMBER


def test_the_file_of_the_keys_is_its_owners_alone(app, keyring):
    assert keyring.path.stat().st_mode & 0o777 == 0o600


def test_in_production_keys_are_made_on_purpose(app, tmp_path):
    ways = {"TESTING": False, "PROFILE": "production"}
    bare = Keyring(dict(app.config) | ways | {"VAR": str(tmp_path)})

    with pytest.raises(MissingKeys):
        _ = bare.keys
    assert [bare.make(), bare.make()] == [True, False]
    assert bare.keys.current == "k1"
    shutil.rmtree(tmp_path)


def test_keys_can_be_a_setting_and_are_then_changed_there(app):
    document = json.loads(new_keys().written())
    held = Keyring(dict(app.config) | {"DATA_KEYS": document})

    assert held.keys == read_keys(document)
    with pytest.raises(ValueError, match="setting"):
        held.replace(held.keys.with_new_key())


@pytest.mark.parametrize(
    "change",
    [
        {"current": "k9"},
        {"index": "00"},
        {"keys": {}},
        {"keys": {"k1": "không phải số"}},
        {"keys": None},
    ],
)
def test_a_wrong_document_is_refused_without_repeating_it(change):
    document = json.loads(new_keys().written()) | change

    with pytest.raises(ValueError, match="data key") as refusal:
        read_keys(document)
    assert not re.search(r"[0-9a-f]{16}", str(refusal.value))
