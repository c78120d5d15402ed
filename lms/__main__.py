"""Make the environment if it is not there, then hand the command to Flask.

`python3 -m lms demo` is the first thing anybody runs, on a machine that has Python
and nothing else, so this file uses the standard library alone and keeps to a syntax
that older Pythons can read: they must get as far as the sentence that refuses them.
It speaks before the reader's language is known, hence both, Vietnamese first.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from importlib import metadata, util
from pathlib import Path
from shutil import which
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(os.environ.get("LMS_VENV") or ROOT / ".venv").absolute()
STATE = VENV / "lms-installed"
"""Holds one stamp for each lock that was installed to the end."""
RUNTIME, DEVELOPMENT = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
OLDEST = (3, 11)
VERSION = "{}.{}".format(*sys.version_info)

USAGE = """\
python3 -m lms demo           chạy thử với dữ liệu mẫu / try it with sample data
python3 -m lms test [--fast]  chạy các bài kiểm thử / run the tests
python3 -m lms serve          phục vụ người dùng / serve
python3 -m lms --help         mọi lệnh khác / every other command
"""
TOO_OLD = f"""\
Cần Python 3.11 trở lên; máy này đang dùng Python {VERSION}.
Python 3.11 or newer is needed; this is Python {VERSION}."""
NO_VENV = f"""\
Máy chưa có phần tạo môi trường của Python. Hãy chạy lệnh này rồi chạy lại:
Python's venv part is missing. Run this line, then try again:

    apt update && apt install python{VERSION}-venv

(không phải quản trị viên thì thêm sudo / with sudo if you are not root)"""
ARRIVAL = re.compile(
    r"(?:Collecting|Downloading|Processing|Requirement already satisfied:)"
    r" (?:\S*/)?([a-z]\w*(?:[-.][a-z]\w*)*)",
    re.IGNORECASE,
)
"""How pip and uv announce the package they have come to."""
SIZE = re.compile(r" +Downloading .*\(([\d.]+ MB)\)")
FAILED = """
Cài đặt chưa xong. Kiểm tra mạng rồi chạy lại đúng lệnh vừa rồi: nó sẽ tự sửa.
Not finished. Check the network, then run the same command again: it mends itself."""

SITELESS = (["marks", "check"], ["fees", "qr"])
"""Commands that read a file and ask the rules: they need no site's secret key."""


def main() -> NoReturn:
    """Run one command in the right environment; does not return."""
    args = sys.argv[1:]
    if sys.version_info < OLDEST:
        sys.exit(TOO_OLD)
    if not args:
        sys.exit(USAGE)
    testing = args[0] == "test"
    python = environment(DEVELOPMENT if testing else RUNTIME)
    if testing:
        os.chdir(ROOT)
    if args[0] == "demo" or args[:2] in SITELESS:
        os.environ.setdefault("LMS_PROFILE", "demo")
    line = [str(python), "-m", *command_for(args)]
    os.execv(line[0], line)


def command_for(args: Sequence[str]) -> list[str]:
    """Say which module runs the command: pytest runs `test`, Flask all others."""
    if args[0] != "test":
        return ["flask", "--app", str(ROOT / "wsgi.py"), *args]
    # Journeys in the browser carry one xdist group: they share a worker.
    command = ["pytest", "-n", "auto", "--dist", "loadgroup", "-rsR"]
    if "--fast" in args:
        command += ["-m", "not browser and not postgresql"]
    return command + [arg for arg in args[1:] if arg != "--fast"]


def environment(lock: Path) -> Path:
    """Return a Python that has what the lock lists, installing it if need be."""
    python = VENV / "bin/python"
    if not lock.is_file() or is_at_home(lock.read_text("utf-8")):
        return Path(sys.executable)
    if not (python.exists() and is_installed(lock)):
        with one_at_a_time():
            if not (python.exists() and is_installed(lock)):
                install(python, lock)
    return python


def is_at_home(lock_text: str) -> bool:
    """Tell whether this interpreter is in an environment of its owner's making."""
    if "LMS_VENV" in os.environ or (Path(sys.prefix) == VENV and STATE.exists()):
        return False
    try:
        for name in names(lock_text):
            metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def names(lock_text: str) -> list[str]:
    """List the packages that a lock asks for on every platform."""
    return re.findall(r"^([A-Za-z0-9._-]+)==[^ ;]+ \\$", lock_text, re.MULTILINE)


def stamp(lock: Path) -> str:
    """Name a lock's content and the Python it was installed for."""
    return f"{VERSION} {lock.name} {hashlib.sha256(lock.read_bytes()).hexdigest()}"


def is_installed(lock: Path) -> bool:
    """Tell whether this very lock was installed to the end."""
    return STATE.is_file() and stamp(lock) in STATE.read_text("utf-8").splitlines()


def install(python: Path, lock: Path) -> None:
    """Fill the environment from the lock.

    An environment whose installation was cut short is made afresh: what a killed
    installer leaves behind can look complete to pip and not be.
    """
    started = time.monotonic()
    uv = which("uv")
    if not uv and not (util.find_spec("venv") and util.find_spec("ensurepip")):
        sys.exit(NO_VENV)
    say(f"Chuẩn bị môi trường trong {VENV} theo {lock.name}; chỉ làm một lần.")
    say("Preparing the environment; this is done only once.")
    make = [uv, "venv"] if uv else [sys.executable, "-m", "venv"]
    if is_broken(python):
        make.append("--clear")
    elif uv:
        make.append("--allow-existing")
    follow([*make, str(VENV)], 0)
    STATE.write_text("unfinished", "utf-8")
    fill = [str(python), "-m", "pip", "install", "--no-input", "--no-compile"]
    if uv:
        fill = [uv, "pip", "install", "--python", str(python)]
    total = len(re.findall("^[A-Za-z].*==", lock.read_text("utf-8"), re.MULTILINE))
    follow([*fill, "--require-hashes", "--no-deps", "-r", str(lock)], total)
    # The development lock holds the other one whole, so it vouches for both.
    STATE.write_text("\n".join(map(stamp, {lock, RUNTIME})), "utf-8")
    say(f"Xong sau {time.monotonic() - started:.0f} giây. / Done.")


def is_broken(python: Path) -> bool:
    """Tell whether what is there was cut short, or belongs to another Python."""
    if STATE.is_file():
        return not STATE.read_text("utf-8").startswith(f"{VERSION} ")
    return (VENV / "pyvenv.cfg").exists() and not python.exists()


def follow(command: Sequence[str], total: int) -> None:
    """Run an installer and tell how far it is; if it fails, stop with its words."""
    names: list[str] = []
    words: list[str] = []
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as installer:
        for line in installer.stdout or ():
            words.append(line)
            total = total_after(line, total)
            size = SIZE.match(line)
            if arrival := ARRIVAL.match(line):
                names.append(arrival[1].replace("_", "-"))
            if names and (arrival or size):
                note = f" ({size[1]})" if size else ""
                tell(len(names), total, f"tải / fetching {names[-1]}{note}")
            if line.startswith("Installing collected packages"):
                count_up(installer, total)
    if installer.returncode:
        sys.exit("".join(words[-15:]) + FAILED)


def total_after(line: str, total: int) -> int:
    """Correct the number of packages by what the installer says of this platform."""
    if line.startswith("Ignoring "):
        return total - 1
    resolved = re.match(r"Resolved (\d+) packages", line)
    return int(resolved[1]) if resolved else total


def count_up(installer: subprocess.Popen[str], total: int) -> None:
    """Count what has arrived while pip, which is silent here, puts it in place."""
    while installer.poll() is None:
        there = len(list(VENV.glob("lib/python*/site-packages/*.dist-info")))
        tell(min(there, total), total, "cài / installing")
        time.sleep(0.5)


def tell(done: int, total: int, what: str) -> None:
    """Show a step: over the last one on a terminal, one line in ten in a log."""
    step = f"[{done}/{total}] {what}"
    if sys.stderr.isatty():
        print(f"\r\033[K{step}", end="", file=sys.stderr, flush=True)
    elif done % 10 == 0:
        say(step)


def say(sentence: str) -> None:
    """Write a sentence that stays."""
    clear = "\r\033[K" if sys.stderr.isatty() else ""
    print(clear + sentence, file=sys.stderr, flush=True)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let a second command that is started meanwhile wait for the first one."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


if __name__ == "__main__":
    main()
