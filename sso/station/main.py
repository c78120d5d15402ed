"""The command ``lms-station``."""

import argparse
import json
import sys
from importlib.util import find_spec
from pathlib import Path

from sso.station.checkin import Desk, Stage, check_in
from sso.station.page import Board, serve
from sso.station.server import Outcome, Server
from sso.station.signing import Key, make_key, read_key
from sso.station.troubles import Stopped

ACCEPTED, REFUSED, STOPPED = 0, 1, 2
NO_PCSC = """\
Thiếu phần đọc thẻ. Cài swig libpcsclite-dev gcc pcscd, rồi cài lms[station].
The part that reads cards is missing: install those packages, then lms[station]."""


def main(arguments: list[str] | None = None) -> int:
    """Run the station; return the status to end with."""
    given = _parser().parse_args(arguments)
    if find_spec("smartcard") is None:
        print(NO_PCSC, file=sys.stderr)
        return STOPPED
    try:
        key = _key(given.key)
    except Stopped as stopped:
        return _stopped(stopped, given.json)
    if key is None:
        return STOPPED
    dates = (given.born, given.expires) if given.born and given.expires else None
    desk = Desk(Server(given.server, key), given.reader, given.wait, dates)
    if given.number:
        return _run(desk, given.number, given.json)
    return serve(desk, given.port, once=given.once)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lms-station",
        description="Trạm điểm danh bằng thẻ căn cước gắn chip. / Check-in by ID card.",
    )
    parser.add_argument("--server", required=True, metavar="URL")
    parser.add_argument("--key", required=True, type=Path, metavar="FILE")
    parser.add_argument("--reader", metavar="NAME")
    parser.add_argument("--once", action="store_true", help="one check-in, then end")
    parser.add_argument("--number", metavar="12DIGITS")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--wait", type=float, default=60.0, metavar="SECONDS")
    parser.add_argument("--port", type=int, default=8765, help="of the local page")
    parser.add_argument("--born", metavar="YYMMDD", help="for cards without PACE")
    parser.add_argument("--expires", metavar="YYMMDD", help="for cards without PACE")
    return parser


def _key(path: Path) -> Key | None:
    """Read the key; the first time, make it and say what to register."""
    if path.exists():
        return read_key(path)
    key = make_key(path)
    print(
        f"Đã tạo khóa của trạm: {path}\n"
        f"Đăng ký khóa này với quản trị viên rồi chạy lại. / Register this key:\n"
        f"{key.public.hex()}",
        file=sys.stderr,
    )
    return None


def _run(desk: Desk, number: str, as_json: bool) -> int:
    board = Board(lambda stage, _part: None if as_json else _say(stage))
    try:
        outcome = check_in(desk, number, board.tell)
    except Stopped as stopped:
        return _stopped(stopped, as_json)
    return _ended(outcome, as_json)


def _say(stage: Stage) -> None:
    print(Board.SENTENCES[stage], file=sys.stderr)


def _ended(outcome: Outcome, as_json: bool) -> int:
    if as_json:
        said = {"accepted": outcome.accepted, "sentences": list(outcome.sentences)}
        print(json.dumps(said, ensure_ascii=False))
    else:
        print("\n".join(outcome.sentences))
    return ACCEPTED if outcome.accepted else REFUSED


def _stopped(stopped: Stopped, as_json: bool) -> int:
    if as_json:
        said = {
            "accepted": False,
            "trouble": stopped.trouble.value,
            "sentences": [stopped.sentence],
        }
        print(json.dumps(said, ensure_ascii=False))
    print(stopped.sentence, file=sys.stderr)
    return STOPPED


if __name__ == "__main__":
    sys.exit(main())
