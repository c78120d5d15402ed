"""The station on a real pcscd: card in, verdict out, and what goes wrong between."""

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager

import pytest

from sso.station import main as command
from sso.station import signing
from sso.station.checkin import Desk as StationDesk
from sso.station.page import Page
from sso.station.server import Server
from sso.virtual_card import documents
from sso.virtual_card.chip import Behaviour, VirtualChip
from tests.sso.desk import Desk
from tests.sso.specimens import state

NUMBER = "001203012345"
pytestmark = pytest.mark.pcsc


@pytest.fixture
def key(tmp_path):
    return signing.make_key(tmp_path / "station.pem")


@pytest.fixture
def desk(key):
    with Desk(key.public) as open_desk:
        yield open_desk


@pytest.fixture
def station(tmp_path, desk, key, capsys, reader_port):
    """Return a function that runs the command and gives its status and its words."""

    def run(*more, number=NUMBER):
        line = ["--server", desk.address, "--key", str(tmp_path / "station.pem")]
        line += ["--number", number, "--once", "--json", "--wait", "10", *more]
        status = command.main(line)
        return status, json.loads(capsys.readouterr().out)

    return run


def lawful(**more):
    return state().card(agreement_key=state().agreement, **more)


def test_an_honest_candidate_is_checked_in_within_a_second(station, desk, insert):
    insert(VirtualChip(lawful()))

    begun = time.monotonic()
    status, said = station()

    assert (status, said["accepted"]) == (0, True)
    assert time.monotonic() - begun < 8
    assert desk.heard == [
        "/api/checkin/start",
        "/api/checkin/c1/evidence",
        "/api/checkin/c1/chip",
    ]
    assert set(desk.evidence.groups) == {1, 2, 14, 15}
    assert desk.note["access"] == "pace"
    assert desk.note["milliseconds"]["read"] < 1000


@pytest.mark.parametrize(
    ("behaviour", "more"),
    [
        (Behaviour(takes_extended=False), ()),
        (Behaviour(speaks_pace=False), ("--born", "030115", "--expires", "430115")),
    ],
)
def test_older_cards_and_readers_do_as_well(station, insert, behaviour, more):
    insert(VirtualChip(lawful(), behaviour))

    assert station(*more)[0] == 0


@pytest.mark.parametrize(
    ("document", "behaviour"),
    [
        (lawful, Behaviour(answers_active=False)),
        (lawful, Behaviour(recorded_answer=bytes(64))),
        (lambda: documents.without(lawful(), 15), Behaviour()),
        (lambda: documents.altered(lawful(), 1, documents.dg1(
            documents.Person(number="079203012345", born_on=documents.Person.born_on))),
            Behaviour()),
    ],
    ids=["silent copy", "replayed answer", "hidden DG15", "altered DG1"],
)  # fmt: skip
def test_a_fraud_reaches_the_server_as_it_is_and_is_refused(
    station, insert, document, behaviour
):
    insert(VirtualChip(document(), behaviour))

    status, said = station()

    assert (status, said["accepted"]) == (1, False)


@pytest.mark.parametrize("after", [1, 12, 24])
def test_a_card_that_is_lifted_half_way_is_told_so(station, desk, insert, after):
    insert(VirtualChip(lawful(), Behaviour(leaves_after=after)))

    status, said = station()

    assert (status, said["trouble"]) == (2, "card_moved")
    assert desk.evidence is None


def test_no_card_within_the_time_is_no_card(station):
    assert station("--wait", "0.5")[1]["trouble"] == "no_card"


def test_a_wrong_number_does_not_open_the_card(station, insert):
    insert(VirtualChip(lawful()))

    assert station(number="001203999999")[1]["trouble"] == "wrong_number"


def test_a_reader_of_another_name_is_no_reader(station):
    assert station("--reader", "Omnikey")[1]["trouble"] == "no_reader"


def test_a_number_of_eleven_digits_is_stopped_before_anything_is_asked(station, desk):
    assert station(number="00120301234")[1]["trouble"] == "bad_number"
    assert desk.heard == []


def test_without_a_server_nothing_is_read(station, desk, insert):
    chip = VirtualChip(lawful())
    insert(chip)
    desk.address = "http://127.0.0.1:9"

    assert station()[1]["trouble"] == "server_gone"
    assert chip.session.served == 0


def test_a_server_in_the_clear_is_not_spoken_to(station, desk):
    desk.address = "http://lms.example"

    assert station()[1]["trouble"] == "server_gone"


def test_a_station_that_is_not_registered_is_refused_in_the_servers_words(
    station, desk
):
    desk.keys.clear()

    status, said = station()

    assert (status, said["trouble"]) == (2, "server_refused")
    assert said["sentences"] == ["Trạm này chưa được đăng ký."]


def test_the_first_run_makes_a_key_and_says_what_to_register(tmp_path, capsys):
    line = ["--server", "https://lms.example", "--key", str(tmp_path / "new.pem")]

    assert command.main(line) == 2

    made = signing.read_key(tmp_path / "new.pem")
    assert made.public.hex() in capsys.readouterr().err
    assert (tmp_path / "new.pem").stat().st_mode & 0o077 == 0


def test_the_operators_page_takes_a_number_and_shows_the_verdict(key, desk, insert):
    insert(VirtualChip(lawful()))
    page = Page(StationDesk(Server(desk.address, key)), 0)
    with serving(page) as address:
        word = look(address).split('name="word" value="')[1].split('"')[0]
        body = urllib.parse.urlencode({"number": NUMBER, "word": word}).encode()
        urllib.request.urlopen(f"{address}/check-ins", body)
        state_now = until_done(address)

    assert state_now["stage"] == "accepted"
    assert state_now["sentences"] == ["Thẻ hợp lệ."]


@pytest.mark.parametrize(
    ("host", "word", "status"),
    [("evil.example", None, 421), (None, "guessed", 403)],
)
def test_another_page_cannot_use_the_station(key, desk, host, word, status):
    page = Page(StationDesk(Server(desk.address, key)), 0)
    with serving(page) as address:
        said = {"number": NUMBER, "word": word or page.word}
        request = urllib.request.Request(
            f"{address}/check-ins", urllib.parse.urlencode(said).encode()
        )
        if host:
            request.add_header("Host", host)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)

    assert refused.value.code == status
    refused.value.close()
    assert desk.heard == []


@contextmanager
def serving(page):
    thread = threading.Thread(target=page.run)
    thread.start()
    yield f"http://127.0.0.1:{page.port}"
    page.stop()
    thread.join()


def look(address):
    with urllib.request.urlopen(f"{address}/") as answer:
        return answer.read().decode()


def until_done(address):
    for _ in range(100):
        with urllib.request.urlopen(f"{address}/state") as answer:
            state_now = json.load(answer)
        if state_now["stage"] in ("accepted", "refused", "stopped"):
            return state_now
        time.sleep(0.05)
    raise AssertionError("the check-in never ended")
