"""The small page on the operator's own machine: a number in, progress out.

It listens on the loopback alone.  Other pages in the same browser could still post to
it, so it takes nothing without the word that it wrote into its own page, and answers
only to its own name.
"""

import html
import json
import secrets
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any, ClassVar
from urllib.parse import parse_qs

from sso.station.checkin import Desk, Stage, check_in
from sso.station.troubles import Stopped

HOST = "127.0.0.1"
LARGEST_BODY_BYTES = 4096
TYPES = {
    "station.css": "text/css; charset=utf-8",
    "station.js": "text/javascript; charset=utf-8",
}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"
POLICY += "; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"


class Board:
    """What the operator sees: the stage, how far, and the last sentences."""

    SENTENCES: ClassVar[dict[Stage, str]] = {
        Stage.IDLE: "Nhập số định danh của thí sinh.",
        Stage.ASKING: "Đang hỏi máy chủ…",
        Stage.WAITING: "Đặt thẻ lên đầu đọc.",
        Stage.OPENING: "Đang mở chip. Giữ yên thẻ.",
        Stage.READING: "Đang đọc thẻ. Giữ yên thẻ.",
        Stage.PROVING: "Chip đang trả lời thử thách. Giữ yên thẻ.",
        Stage.SENDING: "Máy chủ đang xác minh. Giữ yên thẻ.",
        Stage.ACCEPTED: "Thẻ hợp lệ. Mời cán bộ đối chiếu khuôn mặt.",
        Stage.REFUSED: "Không chấp nhận thẻ này.",
        Stage.STOPPED: "Chưa xong.",
    }

    def __init__(self, watch: Callable[[Stage, float], None] | None = None) -> None:
        self.lock = threading.Lock()
        self.busy = threading.Lock()
        self.watch = watch
        self.stage, self.part = Stage.IDLE, 0.0
        self.sentences: tuple[str, ...] = ()

    def tell(self, stage: Stage, part: float, sentences: tuple[str, ...] = ()) -> None:
        with self.lock:
            self.stage, self.part, self.sentences = stage, part, sentences
        if self.watch:
            self.watch(stage, part)

    def state(self) -> dict[str, Any]:
        with self.lock:
            return {
                "stage": self.stage.value,
                "part": round(self.part, 3),
                "headline": self.SENTENCES[self.stage],
                "sentences": list(self.sentences),
            }

    def check_in(self, desk: Desk, number: str) -> None:
        """Check in, one at a time, and show how it ended."""
        if not self.busy.acquire(blocking=False):
            return
        try:
            outcome = check_in(desk, number, self.tell)
            stage = Stage.ACCEPTED if outcome.accepted else Stage.REFUSED
            self.tell(stage, 1, outcome.sentences)
        except Stopped as stopped:
            self.tell(Stage.STOPPED, 1, (stopped.sentence,))
        finally:
            self.busy.release()


def serve(desk: Desk, port: int, *, once: bool = False) -> int:
    """Serve the page until interrupted; with *once*, until one check-in has ended."""
    page = Page(desk, port, once=once)
    print(f"http://{HOST}:{page.port}", flush=True)
    webbrowser.open(f"http://{HOST}:{page.port}/")
    with suppress(KeyboardInterrupt):
        page.run()
    return {Stage.ACCEPTED: 0, Stage.REFUSED: 1}.get(page.board.stage, 2)


class Page:
    """The page's server."""

    def __init__(self, desk: Desk, port: int, *, once: bool = False) -> None:
        self.board, self.desk, self.once = Board(), desk, once
        self.word = secrets.token_urlsafe(16)
        self.http = ThreadingHTTPServer((HOST, port), _handler(self))
        self.port = self.http.server_address[1]

    def run(self) -> None:
        self.http.serve_forever(poll_interval=0.2)

    def stop(self) -> None:
        self.http.shutdown()
        self.http.server_close()

    def begin(self, number: str) -> None:
        threading.Thread(target=self._check_in, args=(number,), daemon=True).start()

    def _check_in(self, number: str) -> None:
        self.board.check_in(self.desk, number)
        if self.once:
            # The page asks twice a second: let it show how it ended.
            threading.Timer(2, self.stop).start()


def _handler(page: Page) -> type["Handler"]:
    return type("PageHandler", (Handler,), {"page": page})


class Handler(BaseHTTPRequestHandler):
    """Answers the operator's own browser."""

    page: Page

    def do_GET(self) -> None:
        name = self.path.lstrip("/")
        if not self._is_ours():
            return
        if self.path == "/state":
            state = json.dumps(self.page.board.state())
            self._send(200, "application/json", state)
        elif self.path == "/":
            word = html.escape(self.page.word)
            text = _file("station.html").replace("{{word}}", word)
            self._send(200, "text/html; charset=utf-8", text)
        elif name in TYPES:
            self._send(200, TYPES[name], _file(name))
        else:
            self._send(404, "text/plain", "")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not self._is_ours():
            return
        if not (length.isdigit() and int(length) <= LARGEST_BODY_BYTES):
            self._send(413, "text/plain", "")
            return
        form = parse_qs(self.rfile.read(int(length)).decode("ascii", "replace"))
        word = form.get("word", [""])[0].encode()
        if not secrets.compare_digest(word, self.page.word.encode()):
            self._send(403, "text/plain", "")
            return
        self.page.begin("".join(form.get("number", [""])[0].split()))
        self.send_response(303)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: Any) -> None:
        """Write no log: addresses are dull, and numbers are not for logs."""

    def _is_ours(self) -> bool:
        if self.headers.get("Host") == f"{HOST}:{self.page.port}":
            return True
        self._send(421, "text/plain", "")
        return False

    def _send(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


def _file(name: str) -> str:
    return (files("sso.station") / "board" / name).read_text("utf-8")
