"""Check-in over the network: one try, one challenge, one verdict, all of it kept."""

import base64
import json
import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.serving import make_server

from lms.kernel import clock
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db
from sso.anchors import services as anchors
from sso.anchors.rules import AnchorEvent
from sso.identification import photographs, rules, services
from sso.identification.models import Identification, PhotoKey, Station
from sso.identification.rules import (
    LIVE,
    MOVES,
    Expected,
    IdentificationEvent,
    IdentificationState,
)
from sso.station import signing
from sso.station.card import opened
from sso.station.server import Server
from sso.station.troubles import Stopped
from sso.virtual_card import cast
from sso.virtual_card.chip import VirtualChip
from sso.virtual_card.documents import Person
from sso.virtual_card.issuing import ec_pair
from tests.conftest import NINE
from tests.factories import people

NUMBER, DATES = Person.number, ("030115", "430115")
EXPECTED = Expected("sitting:12", "exam_session:7", NUMBER, date(2003, 1, 15))
S = IdentificationState


@pytest.fixture(scope="module")
def state():
    return cast.found()


@pytest.fixture
def house(app, state):
    """A house that believes the state, and expects one person in room 101."""
    first, second = people.account("Hoàng Văn Trị"), people.account("Lê Thị Duyệt")
    for content in (state.authority.der, state.revocation_list(NINE)):
        row = anchors.propose(content, "Công văn 1", first.id, NINE)
        anchors.decide(row, AnchorEvent.APPROVE, second.id, NINE)
    db.session.commit()

    def source(room, number, _now):
        return EXPECTED if (room, number) == ("101", NUMBER) else None

    before = app.extensions["expected_persons"]
    app.extensions["expected_persons"] = (source,)
    yield first
    app.extensions["expected_persons"] = before


@pytest.fixture
def key(tmp_path, house):
    made = signing.make_key(tmp_path / "station.pem")
    services.register("Bàn 1", "101", made.public.hex(), house.id, NINE)
    db.session.commit()
    return made


class Desk:
    """A station whose network is the test's client."""

    def __init__(self, client, key):
        self.client, self.key = client, key

    def post(self, path, said, **changed):
        body = json.dumps(said).encode()
        headers = self.key.headers("POST", path, body) | changed
        return self.client.post(
            path, data=body, headers=headers, content_type="application/json"
        )

    def start(self, number=NUMBER):
        return self.post("/api/checkin/start", {"number": number, "agent": "test"})

    def read(self, chip, challenge):
        self.card, access = opened(chip.transmit, chip.atr, NUMBER, DATES)
        files = {name: self.card.read(name) for name in rules.FILES}
        answer = self.card.answer(challenge) if files["DG15"] else None
        return {
            "files": {n: written(c) for n, c in files.items() if c is not None},
            "active_answer": answer and written(answer),
            "access": access,
            "milliseconds": {"read": 200, "active": 30},
        }

    def check_in(self, chip):
        """Go all the way; return the last answer."""
        start = self.start().json
        address = f"/api/checkin/{start['checkin']}"
        said = self.read(chip, bytes.fromhex(start["challenge"]))
        answer = self.post(f"{address}/evidence", said)
        if answer.status_code != 200 or not answer.json["relay"]:
            return answer
        relay = answer.json["relay"]
        commands = [bytes.fromhex(one) for one in relay["commands"]]
        try:
            sealed = self.card.relay(commands, bytes.fromhex(relay["sealed"]))
        except Stopped:
            sealed = b"\x69\x88"
        return self.post(f"{address}/chip", {"sealed_answer": written(sealed)})


@pytest.fixture
def desk(client, key, monkeypatch):
    monkeypatch.setattr(signing.time, "time", lambda: clock.now().timestamp())
    return Desk(client, key)


def written(content):
    return base64.b64encode(content).decode()


def chip(case, state, person=None):
    return cast.CASES[case](state, person or Person())


def tries():
    return db.session.query(Identification).order_by(Identification.id).all()


@pytest.mark.parametrize("case", ["lawful", "lawful-older", "lawful-agreement-only"])
def test_an_honest_candidate_is_verified_and_marked_as_simulated(desk, state, case):
    answer = desk.check_in(chip(case, state))

    assert (answer.status_code, answer.json["accepted"]) == (200, True)
    assert "MÔ PHỎNG" in answer.json["sentences"][-1]
    (row,) = tries()
    assert row.state is S.VERIFIED
    assert row.is_simulated
    assert row.challenge is None
    assert row.agreement is None


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("silent-copy", "không trả lời thử thách"),
        ("guessing-copy", "trả lời sai thử thách"),
        ("copy-with-own-key", "bị sửa sau khi cấp"),
        ("hidden-key", "Thiếu dữ liệu"),
        ("replayed-answer", "trả lời sai thử thách"),
        ("altered-name", "bị sửa sau khi cấp"),
        ("altered-photo", "bị sửa sau khi cấp"),
        ("expired-card", "hết hạn sử dụng"),
        ("revoked-signer", "đã bị thu hồi"),
        ("expired-signer", "ngoài thời hạn"),
        ("unknown-authority", "Chưa nạp chứng thư gốc"),
        ("look-alike-authority", "thẻ giả"),
        ("another-person", "Thẻ thuộc về người khác"),
        ("no-clone-protection", "không chứng minh được là chip gốc"),
    ],
)
def test_each_fraud_is_refused_in_its_own_words_and_stands_in_the_log(
    desk, state, case, words
):
    answer = desk.check_in(chip(case, state))

    assert (answer.status_code, answer.json["accepted"]) == (200, False)
    assert any(words in sentence for sentence in answer.json["sentences"])
    (row,) = tries()
    assert row.state is S.REFUSED
    assert row.photo is None
    acts = [event.act for event in db.session.query(AuditEvent)]
    assert "identification:refused" in acts


def test_a_copy_that_cannot_agree_with_the_server_is_refused(desk, state):
    whole = chip("lawful-agreement-only", state)
    copy = VirtualChip(replace(whole.document, agreement_key=ec_pair()))

    answer = desk.check_in(copy)

    assert answer.json["accepted"] is False
    assert "không xác nhận được với máy chủ" in answer.json["sentences"][-1]


def test_a_challenge_serves_once(desk, state):
    start = desk.start().json
    said = desk.read(chip("lawful", state), bytes.fromhex(start["challenge"]))
    address = f"/api/checkin/{start['checkin']}/evidence"

    first, second = desk.post(address, said), desk.post(address, said)

    assert (first.status_code, second.status_code) == (200, 409)
    assert "Thử thách đã được dùng" in second.json["sentence"]
    assert db.session.query(AuditEvent).filter_by(act="identification:late").count()


def test_a_challenge_is_over_after_two_minutes(desk, state):
    start = desk.start().json
    said = desk.read(chip("lawful", state), bytes.fromhex(start["challenge"]))

    with clock.frozen(NINE + timedelta(seconds=121)):
        answer = desk.post(f"/api/checkin/{start['checkin']}/evidence", said)

    assert answer.status_code == 409
    assert "quá thời gian" in answer.json["sentence"]
    assert tries()[0].state is S.LAPSED


def test_evidence_recorded_before_does_not_fit_the_next_challenge(desk, state):
    start = desk.start().json
    said = desk.read(chip("lawful", state), bytes.fromhex(start["challenge"]))
    later = desk.start().json

    answer = desk.post(f"/api/checkin/{later['checkin']}/evidence", said)

    assert answer.json["accepted"] is False
    assert [row.state for row in tries()] == [S.SUPERSEDED, S.REFUSED]


def test_who_was_verified_is_not_verified_again_unless_an_official_reopens(
    desk, state, house
):
    desk.check_in(chip("lawful", state))
    again = desk.start()
    services.reopen(tries()[0], house.id, "Đổi máy", NINE)
    db.session.commit()

    assert again.status_code == 409
    assert desk.start().status_code == 200


def test_a_number_that_nobody_expects_is_not_kept(desk):
    assert desk.start("079300654321").status_code == 404
    assert tries() == []
    assert "079300654321" not in str(
        [event.detail for event in db.session.query(AuditEvent)]
    )


def test_a_request_is_heard_once(desk):
    body = json.dumps({"number": NUMBER, "agent": "test"}).encode()
    headers = desk.key.headers("POST", "/api/checkin/start", body)

    answers = [
        desk.client.post("/api/checkin/start", data=body, headers=headers)
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 409]


def test_a_signature_stands_in_for_the_token_of_a_form(app, desk, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    assert desk.start().status_code == 200
    assert desk.client.post("/stations").status_code == 400


def test_a_station_that_is_switched_off_or_forged_is_refused(desk, house, tmp_path):
    station = db.session.query(Station).one()
    forged = desk.post("/api/checkin/start", {}, **{"X-Station-Signature": "AAAA"})
    services.switch(station, house.id, NINE)
    db.session.commit()

    assert forged.status_code == 403
    assert desk.start().status_code == 403
    desk.key = signing.make_key(tmp_path / "other.pem")
    assert desk.start().status_code == 403


def test_one_station_cannot_go_on_with_what_another_began(desk, house, tmp_path):
    start = desk.start().json
    other = signing.make_key(tmp_path / "other.pem")
    services.register("Bàn 2", "102", other.public.hex(), house.id, NINE)
    db.session.commit()
    desk.key = other

    address = f"/api/checkin/{start['checkin']}/chip"
    assert desk.post(address, {"sealed_answer": ""}).status_code == 404


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"files": {}},
        {"files": {"SOD": "không"}, "access": "pace"},
        {"files": {"SOD": "", "../x": ""}, "access": "", "milliseconds": {}},
        {"files": {"SOD": "AA=="}, "access": "x", "milliseconds": {"read": -1}},
        {"files": ["SOD"], "access": "x", "milliseconds": 3},
    ],
)
def test_evidence_of_another_shape_is_refused_and_spends_nothing(desk, said):
    start = desk.start().json

    answer = desk.post(f"/api/checkin/{start['checkin']}/evidence", said)

    assert answer.status_code == 400
    assert tries()[0].state is S.OPENED


def test_rubbish_in_every_file_is_judged_not_feared(desk):
    start = desk.start().json
    said = {
        "files": {name: written(b"\x30\x80rubbish") for name in rules.FILES},
        "active_answer": written(b"x"),
        "access": "pace",
        "milliseconds": {"read": 1, "active": 1},
    }

    answer = desk.post(f"/api/checkin/{start['checkin']}/evidence", said)

    assert (answer.status_code, answer.json["accepted"]) == (200, False)


def test_the_photograph_opens_until_the_purge_and_every_look_is_written_down(
    desk, state, house
):
    shown = chip("lawful", state)
    desk.check_in(shown)
    row = tries()[0]

    image = photographs.seen_by(row, house.id, NINE)
    paper = photographs.purge("exam_session:7", house.id, NINE)
    db.session.commit()

    assert image.startswith(b"\xff\xd8\xff")
    assert image in shown.document.groups[2]
    assert paper["photographs"] == paper["numbers"] == 1
    assert photographs.seen_by(row, house.id, NINE) is None
    assert row.number is None
    assert db.session.query(PhotoKey).one().key is None
    looks = db.session.query(AuditEvent).filter_by(act="identification:photo")
    assert looks.count() == 1


def test_the_database_holds_neither_number_nor_picture_in_the_clear(desk, state):
    shown = chip("lawful", state)
    desk.check_in(shown)

    raw = str(
        db.session.execute(db.text("SELECT * FROM identification, audit_event")).all()
    )

    assert NUMBER not in raw
    assert "JFIF" not in raw


def test_administrators_register_and_switch_stations(client, sign_in, tmp_path):
    sign_in(people.account("Hoàng Văn Trị", administrator="site"))
    key = signing.make_key(tmp_path / "k.pem").public.hex()
    said = {"name": "Bàn 1", "room": "101", "key": key}

    assert client.post("/stations", data=said).status_code == 303
    assert (
        "đã được đăng ký cho một trạm khác" in client.post("/stations", data=said).text
    )
    assert client.post("/stations", data=said | {"key": "xyz"}).status_code == 409
    assert "Đang bật" in client.get("/stations").text
    client.post("/stations/1/switch")
    assert "Đã tắt" in client.get("/stations").text


EVENTS = st.lists(st.sampled_from(IdentificationEvent), max_size=12)


@given(EVENTS)
def test_no_order_of_events_revives_what_has_ended(events):
    state = S.OPENED
    for event in events:
        if (state, event) not in MOVES:
            continue
        before, state = state, MOVES[state, event]
        assert before in LIVE
    ended = {S.REFUSED, S.LAPSED, S.SUPERSEDED}
    assert all(start not in ended for start, _event in MOVES)


class Muddle:
    """A station that does things in any order, and remembers what it was told."""

    def __init__(self, desk, shown):
        self.desk, self.shown = desk, shown
        self.begun = self.said = None
        self.spent = set()

    def address(self, what):
        return f"/api/checkin/{self.begun['checkin']}/{what}"

    def start(self):
        answer = self.desk.start()
        if answer.status_code == 200:
            self.begun, self.said = answer.json, None

    def evidence(self):
        challenge = bytes.fromhex(self.begun["challenge"])
        self.said = self.said or self.desk.read(self.shown, challenge)
        answer = self.desk.post(self.address("evidence"), self.said)
        assert (answer.status_code == 200) == (challenge not in self.spent)
        self.spent.add(challenge)

    def rubbish(self):
        self.desk.post(self.address("evidence"), {"files": 1})

    def chip(self):
        answer = self.desk.post(self.address("chip"), {"sealed_answer": "AAAA"})
        assert answer.status_code == 409


ACTS = st.lists(
    st.sampled_from(["start", "evidence", "rubbish", "chip"]), min_size=2, max_size=6
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_no_order_or_repetition_of_requests_yields_two_live_check_ins(
    desk, state, acts
):
    for row in tries():
        if row.state is S.VERIFIED:
            services.reopen(row, 1, "next example", NINE)
    db.session.commit()
    muddle = Muddle(desk, chip("lawful", state))

    muddle.start()
    for act in acts:
        getattr(muddle, act)()
        assert len([row for row in tries() if row.state in LIVE]) <= 1

    begun = db.session.query(AuditEvent).filter_by(act="identification:open")
    assert begun.count() == len(tries())


@pytest.fixture
def address(app):
    """Serve the house on a port of its own, with real sockets between."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_stations_own_client_and_the_house_understand_each_other(
    address, desk, state
):
    server = Server(address, desk.key)
    shown = chip("lawful-agreement-only", state)

    start = server.start(NUMBER, "lms-station test")
    card, access = opened(shown.transmit, shown.atr, NUMBER)
    files = {name: card.read(name) for name in start.files}
    there = {name: content for name, content in files.items() if content}
    note = {"access": access, "milliseconds": {"read": 120, "active": 0}}
    asked = server.evidence(start, there, None, note)
    relay = asked.relay
    outcome = server.chip(start, card.relay(relay.commands, relay.sealed))

    assert not asked.accepted
    assert outcome.accepted
    with pytest.raises(Stopped) as stopped:
        server.start(NUMBER, "lms-station test")
    assert "đã được xác minh" in stopped.value.sentence


def test_the_purge_is_a_command_that_prints_its_certificate(app, desk, state):
    desk.check_in(chip("lawful", state))

    line = ["identification", "purge", "exam_session:7"]
    paper = json.loads(app.test_cli_runner().invoke(args=line).stdout)

    assert (paper["photographs"], paper["numbers"]) == (1, 1)
    assert db.session.query(AuditEvent).filter_by(hash=paper["audit"]).count() == 1
    db.session.expire_all()
    assert tries()[0].photo is None
