"""The reader on the desk, through PC/SC."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any

from sso.station.access import Transmit
from sso.station.troubles import Stopped, Trouble

LOOK_AGAIN_S = 0.2
Pause = Callable[[float], None]


def _pcsc() -> ModuleType:
    """Load pyscard late: without the extra ``station`` it is not there."""
    import smartcard.System

    return smartcard  # type: ignore[no-any-return]


def names() -> list[str]:
    """List the readers that are plugged in; raise Stopped without the service."""
    return [str(one) for one in _readers()]


@contextmanager
def inserted(
    wanted: str | None, wait_s: float, pause: Pause = time.sleep
) -> Iterator[tuple[Transmit, bytes]]:
    """Wait for a card in a reader; yield how to talk to it, and its ATR.

    *wanted* is part of a reader's name; None takes any.
    """
    connection = _connected(wanted, time.monotonic() + wait_s, pause)
    try:
        yield _transmit(connection), bytes(connection.getATR())
    finally:
        # The card may be gone already, and the reader with it.
        with suppress(Exception):
            connection.disconnect()
        with suppress(Exception):
            connection.release()


def _connected(wanted: str | None, until: float, pause: Pause) -> Any:
    pcsc = _pcsc()
    while True:
        readers = [one for one in _readers() if not wanted or wanted in str(one)]
        if not readers:
            raise Stopped(Trouble.NO_READER)
        for one in readers:
            connection = one.createConnection()
            # No card, or one that is not lying still yet.
            with suppress(
                pcsc.Exceptions.NoCardException, pcsc.Exceptions.CardConnectionException
            ):
                connection.connect()
                return connection
        if time.monotonic() > until:
            raise Stopped(Trouble.NO_CARD)
        pause(LOOK_AGAIN_S)


def _readers() -> list[Any]:
    pcsc = _pcsc()
    try:
        return list(pcsc.System.readers())
    except pcsc.Exceptions.ListReadersException as error:
        raise Stopped(Trouble.READER_GONE) from error
    except pcsc.pcsc.PCSCExceptions.BaseSCardException as error:
        raise Stopped(Trouble.READER_GONE) from error


def _transmit(connection: Any) -> Transmit:
    pcsc = _pcsc()

    def transmit(command: bytes) -> bytes:
        try:
            data, first, second = connection.transmit(list(command))
        except pcsc.Exceptions.SmartcardException as error:
            raise Stopped(_what_left()) from error
        return bytes((*data, first, second))

    return transmit


def _what_left() -> Trouble:
    """Tell a card that was lifted from a reader that was pulled out."""
    try:
        return Trouble.CARD_MOVED if _readers() else Trouble.READER_GONE
    except Stopped as stopped:
        return stopped.trouble
