"""A real pcscd with a virtual reader, for the tests that read a card through it."""

import fcntl
import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from sso.virtual_card.chip import VirtualChip
from sso.virtual_card.vpcd import Inserted

DRIVER = Path("/etc/reader.conf.d/vpcd")
LOCK = Path(tempfile.gettempdir()) / "lms-tests-pcscd.lock"
SOCKET = Path("/run/pcscd/pcscd.comm")
STARTS = 3
"""How often pcscd is started before its tests are given up."""

Insert = Callable[[VirtualChip], Inserted]


def why_not() -> str | None:
    """Say what is missing on this machine for reading cards; none if nothing is."""
    if find_spec("smartcard") is None:
        return "pyscard is not installed (pip install -r requirements-station.lock)"
    if shutil.which("pcscd") is None or not DRIVER.exists():
        return "no pcscd with a virtual reader (apt install pcscd vsmartcard-vpcd)"
    if os.geteuid() and not os.access("/run", os.W_OK):
        return "only root can start a pcscd of its own"
    return None


@pytest.fixture(scope="module")
def reader_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where cards are put into the virtual reader of a pcscd that these tests start."""
    if missing := why_not():
        if os.environ.get("LMS_REQUIRE_STATION"):
            pytest.fail(missing)
        pytest.skip(missing)
    # A machine has one pcscd: workers take turns, a module at a time.
    with LOCK.open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        with running(tmp_path_factory.mktemp("pcscd")) as port:
            yield port


@contextmanager
def running(folder: Path) -> Iterator[int]:
    """Run a pcscd whose virtual reader listens on a spare port."""
    for attempt in range(STARTS):
        readers = folder / f"readers-{attempt}"
        readers.mkdir()
        port = two_spare_ports()
        text = DRIVER.read_text("ascii").replace("0x8C7B", f"0x{port:X}")
        (readers / "vpcd").write_text(text, "ascii")
        command = ["pcscd", "--foreground", "-c", str(readers)]
        log = folder / f"log-{attempt}"
        with (
            log.open("wb") as written,
            subprocess.Popen(command, stdout=written, stderr=written) as service,
        ):
            try:
                if listens(port, service):
                    yield port
                    return
            finally:
                service.terminate()
                service.wait(10)
    pytest.fail(f"pcscd did not start; it said: {log.read_text('utf-8', 'replace')}")


def two_spare_ports() -> int:
    """Return a port that is free, as is the next one: the driver takes both.

    Above them the machine gives out ports for connections, in a browser's journey many
    at once, and the driver that comes too late for one says nothing.
    """
    while True:
        port = random.randrange(20_000, 32_000, 2)
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("127.0.0.1", port))
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
        return port


def listens(port: int, service: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until and service.poll() is None:
        ports = Path("/proc/net/tcp").read_text("ascii")
        if SOCKET.exists() and f":{port:04X} " in ports:
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def insert(reader_port: int) -> Iterator[Insert]:
    """Return a function that lays a card on the reader until the test is over."""
    there: list[Inserted] = []

    def lay(chip: VirtualChip) -> Inserted:
        there.append(Inserted(chip, port=reader_port))
        return there[-1]

    yield lay
    fell_out = any(not card.thread.is_alive() for card in there)
    for card in there:
        card.remove()
    if fell_out:
        # The driver needs its next look at the slot before it takes another card.
        time.sleep(1)
    until = time.monotonic() + 5
    while is_taken() and time.monotonic() < until:
        time.sleep(0.05)


def is_taken() -> bool:
    """Say whether pcscd still sees a card: it looks only a few times in a second."""
    from smartcard.Exceptions import CardConnectionException, NoCardException
    from smartcard.System import readers

    for reader in readers():
        connection = reader.createConnection()
        try:
            connection.connect()
        except NoCardException:
            continue
        except CardConnectionException:
            return True
        connection.disconnect()
        return True
    return False
