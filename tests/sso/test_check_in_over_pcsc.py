"""From a card on a real pcscd to the house's own verdict: the honest, and each fraud.

Nothing is mimicked but the card: the reader's service, the station's command, sockets,
signatures, rules, records and log are those of an exam's day.
"""

import json
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from werkzeug.serving import make_server

from lms.kernel import clock
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db
from sso.anchors import services as anchors
from sso.anchors.rules import AnchorEvent
from sso.identification import services
from sso.identification.models import Identification, Station
from sso.identification.rules import Expected, IdentificationState
from sso.station import main as command
from sso.station import signing
from sso.station.server import Server
from sso.virtual_card import cast
from sso.virtual_card.chip import VirtualChip
from sso.virtual_card.documents import Person
from sso.virtual_card.issuing import ec_pair
from tests.conftest import NINE
from tests.factories import people

pytestmark = pytest.mark.pcsc
NUMBER = Person.number
S = IdentificationState
OLDER = ("--born", "030115", "--expires", "430115")


@pytest.fixture(scope="module")
def state():
    return cast.found()


@pytest.fixture
def official(app, state):
    """Somebody of a house that believes the state and awaits one person in room 101."""
    first, second = people.account("Hoàng Văn Trị"), people.account("Lê Thị Duyệt")
    for content in (state.authority.der, state.revocation_list(NINE)):
        row = anchors.propose(content, "Công văn 1", first.id, NINE)
        anchors.decide(row, AnchorEvent.APPROVE, second.id, NINE)
    db.session.commit()

    def source(room, number, _now):
        expected = Expected("sitting:12", "exam_session:7", NUMBER, Person.born_on)
        return expected if (room, number) == ("101", NUMBER) else None

    before = app.extensions["expected_persons"]
    app.extensions["expected_persons"] = (source,)
    yield first
    app.extensions["expected_persons"] = before


@pytest.fixture
def key_file(tmp_path, official):
    path = tmp_path / "station.pem"
    key = signing.make_key(path)
    services.register("Bàn 1", "101", key.public.hex(), official.id, NINE)
    db.session.commit()
    return path


@pytest.fixture
def station(app, key_file, reader_port, capsys, monkeypatch):
    """Return a function that runs the station's command against the served house."""
    monkeypatch.setattr(signing.time, "time", lambda: clock.now().timestamp())
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def run(*more, number=NUMBER):
        line = ["--server", f"http://127.0.0.1:{server.port}", "--key", str(key_file)]
        line += ["--number", number, "--once", "--json", "--wait", "10", *more]
        status = command.main(line)
        db.session.rollback()
        return status, json.loads(capsys.readouterr().out)

    yield run
    server.shutdown()
    server.server_close()
    thread.join()


def lawful(state):
    return cast.CASES["lawful"](state, Person())


def tries():
    return db.session.query(Identification).order_by(Identification.id).all()


def logged(act):
    return db.session.query(AuditEvent).filter_by(act=act).count()


@pytest.mark.parametrize(
    ("case", "more"),
    [("lawful", ()), ("lawful-agreement-only", ()), ("lawful-older", OLDER)],
)
def test_the_honest_candidate_is_checked_in_within_eight_seconds(
    station, insert, state, case, more
):
    insert(cast.CASES[case](state, Person()))

    begun = time.monotonic()
    status, said = station(*more)

    assert (status, said["accepted"]) == (0, True)
    assert time.monotonic() - begun < 8
    assert "MÔ PHỎNG" in said["sentences"][-1]
    (row,) = tries()
    assert row.state is S.VERIFIED
    assert row.read_ms < 1000
    assert logged("identification:verified") == 1


FRAUDS = {
    "silent-copy": "không trả lời thử thách",
    "guessing-copy": "trả lời sai thử thách",
    "copy-with-own-key": "bị sửa sau khi cấp",
    "hidden-key": "Thiếu dữ liệu mà chữ ký có liệt kê",
    "replayed-answer": "trả lời sai thử thách",
    "altered-name": "bị sửa sau khi cấp",
    "altered-photo": "bị sửa sau khi cấp",
    "expired-card": "Thẻ đã hết hạn",
    "revoked-signer": "đã bị thu hồi",
    "expired-signer": "ngoài thời hạn",
    "unknown-authority": "Chưa nạp chứng thư gốc",
    "look-alike-authority": "thẻ giả",
    "another-person": "Thẻ thuộc về người khác",
    "no-clone-protection": "không chứng minh được là chip gốc",
}
"""What the operator reads of each card that is not to be believed."""


@pytest.mark.parametrize(("case", "words"), FRAUDS.items(), ids=FRAUDS)
def test_a_fraud_is_refused_in_its_own_words_and_stands_in_the_log(
    station, insert, state, case, words
):
    insert(cast.CASES[case](state, Person()))

    status, said = station()

    assert (status, said["accepted"]) == (1, False)
    assert any(words in sentence for sentence in said["sentences"])
    (row,) = tries()
    assert (row.state, row.photo) == (S.REFUSED, None)
    assert logged("identification:refused") == 1


def test_a_copy_that_cannot_agree_with_the_server_is_refused(station, insert, state):
    whole = cast.CASES["lawful-agreement-only"](state, Person())
    insert(VirtualChip(replace(whole.document, agreement_key=ec_pair())))

    status, said = station()

    assert status != 0
    assert not said["accepted"]
    assert tries()[0].state is not S.VERIFIED
    assert logged("identification:open") == 1


def test_a_card_pulled_out_half_way_leaves_its_try_in_the_log(station, insert, state):
    insert(cast.CASES["pulled-out"](state, Person()))

    status, said = station()

    assert (status, said["trouble"]) == (2, "card_moved")
    assert tries()[0].state is S.OPENED
    assert logged("identification:open") == 1


def test_a_card_that_the_number_does_not_open_leaves_its_try(station, insert, state):
    insert(VirtualChip(state.document(Person(number="001203999999"))))

    status, said = station()

    assert (status, said["trouble"]) == (2, "wrong_number")
    assert logged("identification:open") == 1


def test_evidence_sent_twice_is_heard_once(station, insert, state, monkeypatch):
    insert(lawful(state))
    once = Server.evidence

    def twice(self, *given):
        once(self, *given)
        return once(self, *given)

    monkeypatch.setattr(Server, "evidence", twice)
    status, said = station()

    assert status == 2
    assert "Thử thách đã được dùng" in said["sentences"][0]
    assert logged("identification:late") == 1


def test_evidence_after_two_minutes_is_too_late(station, insert, state, monkeypatch):
    insert(lawful(state))
    send = Server.evidence

    def late(self, *given):
        with clock.frozen(NINE + timedelta(seconds=121)):
            return send(self, *given)

    monkeypatch.setattr(Server, "evidence", late)
    status, said = station()

    assert status == 2
    assert "Đã quá thời gian" in said["sentences"][0]
    assert tries()[0].state is S.LAPSED
    assert logged("identification:late") == 1


def test_an_answer_recorded_for_an_earlier_challenge_does_not_fit(
    station, insert, state, monkeypatch
):
    insert(lawful(state))
    send, held = Server.evidence, []

    def keep(self, start, *given):
        held.append(given)
        return send(self, start, *(held[0]))

    monkeypatch.setattr(Server, "evidence", keep)
    first = station()
    services.reopen(tries()[0], 1, "Đọc lại thẻ", NINE)
    db.session.commit()
    status, said = station()

    assert first[0] == 0
    assert status == 1
    assert any("trả lời sai thử thách" in one for one in said["sentences"])
    assert [row.state for row in tries()] == [S.SUPERSEDED, S.REFUSED]


def test_who_was_verified_is_not_verified_a_second_time(station, insert, state):
    insert(lawful(state))
    station()

    status, said = station()

    assert status == 2
    assert "Thí sinh này đã được xác minh" in said["sentences"][0]
    assert len(tries()) == 1
    assert logged("identification:late") == 1


def test_a_number_that_the_room_does_not_expect_reads_no_card(station, insert, state):
    chip = lawful(state)
    insert(chip)

    status, said = station(number="079203012345")

    assert status == 2
    assert "Không có thí sinh nào mang số này" in said["sentences"][0]
    assert chip.session.served == 0
    assert logged("identification:unexpected") == 1


def test_a_station_of_another_room_finds_nobody(station, insert, state):
    db.session.query(Station).one().room = "102"
    db.session.commit()
    insert(lawful(state))

    assert "phòng và ca thi hiện tại" in station()[1]["sentences"][0]
    assert logged("identification:unexpected") == 1


def test_a_station_that_was_switched_off_is_not_heard(station, insert, state, official):
    services.switch(db.session.query(Station).one(), official.id, NINE)
    db.session.commit()
    insert(lawful(state))

    status, said = station()

    assert status == 2
    assert "chưa được đăng ký hoặc đã bị tắt" in said["sentences"][0]
    assert logged("station:refused") == 1


def test_a_station_with_a_key_of_its_own_making_is_not_heard(
    station, insert, state, key_file
):
    key_file.unlink()
    signing.make_key(key_file)
    insert(lawful(state))

    status, said = station()

    assert status == 2
    assert "chưa được đăng ký" in said["sentences"][0]
    assert logged("station:refused") == 1


def test_what_was_changed_on_the_way_is_not_believed(
    station, insert, state, monkeypatch
):
    insert(lawful(state))
    sign = signing.Key.headers

    def forged(self, method, path, body):
        return sign(self, method, path, body + b" ")

    monkeypatch.setattr(signing.Key, "headers", forged)
    status, said = station()

    assert status == 2
    assert "Chữ ký của trạm không đúng" in said["sentences"][0]
    assert logged("station:refused") == 1
