"""A server that speaks the station's protocol with nothing behind it but the rules.

The platform's own check-in keeps records and roles; the station cannot see those.
"""

import base64
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sso.chip import security_infos
from sso.chip.agreement import chip_agreement
from sso.chip.evidence import Evidence
from sso.chip.verification import verify
from sso.station import signing
from tests.sso.specimens import EXAM, state

SENTENCES = {True: "Thẻ hợp lệ.", False: "Không chấp nhận thẻ này."}


class Desk:
    """One check-in at a time, for the stations whose keys it was given."""

    def __init__(self, *keys, wants_agreement=True, trust=None):
        self.keys = {signing.key_id(key): key for key in keys}
        self.wants_agreement = wants_agreement
        self.trust = trust or state().trust()
        self.heard, self.evidence, self.report = [], None, None
        handler = type("DeskHandler", (Handler,), {"desk": self})
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.address = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_error):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()

    def start(self, said):
        self.challenge = secrets.token_bytes(8)
        self.files = ["SOD", "DG1", "DG2", "DG14", "DG15"]
        return 200, {
            "checkin": "c1", "challenge": self.challenge.hex(), "files": self.files,
        }  # fmt: skip

    def take(self, said):
        files = {name: base64.b64decode(text) for name, text in said["files"].items()}
        answer = said["active_answer"] and base64.b64decode(said["active_answer"])
        self.note = {"access": said["access"], "milliseconds": said["milliseconds"]}
        groups = {int(n[2:]): c for n, c in files.items() if n != "SOD"}
        self.evidence = Evidence(files["SOD"], groups, self.challenge, answer)
        self.report = verify(self.evidence, self.trust, EXAM)
        self.agreement = None
        if self.wants_agreement and 14 in groups:
            infos = security_infos.read_dg14(groups[14])
            self.agreement = chip_agreement(infos, secrets.randbits(320))
        said = {
            "accepted": self.report.accepted,
            "sentences": [SENTENCES[self.report.accepted]],
        }
        if self.agreement:
            said["relay"] = {
                "commands": [one.encode().hex() for one in self.agreement.commands()],
                "sealed": self.agreement.probe().hex(),
            }
        return 200, said

    def confirm(self, said):
        answer = base64.b64decode(said["sealed_answer"])
        genuine = self.agreement.is_confirmed(answer, self.evidence.groups[1])
        accepted = genuine and self.report.accepted
        return 200, {"accepted": accepted, "sentences": [SENTENCES[accepted]]}


class Handler(BaseHTTPRequestHandler):
    desk = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        key = self.desk.keys.get(self.headers.get(signing.STATION))
        request = ("POST", self.path, body)
        if not key or not signing.is_genuine(key, request, self.headers, time.time()):
            self.answer(403, {"sentence": "Trạm này chưa được đăng ký."})
            return
        self.desk.heard.append(self.path)
        routes = {
            "/api/checkin/start": self.desk.start,
            "/api/checkin/c1/evidence": self.desk.take,
            "/api/checkin/c1/chip": self.desk.confirm,
        }
        self.answer(*routes[self.path](json.loads(body)))

    def answer(self, status, said):
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        """Stay quiet."""
