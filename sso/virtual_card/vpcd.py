"""Put a virtual card into a virtual reader: vpcd, a driver for the real pcscd.

Connecting is inserting, hanging up is removing.  Each message is two bytes of length
and so many more; a message of one byte is about power and not for the chip.
"""

import socket
import threading
from contextlib import suppress

from sso.virtual_card.chip import Gone, VirtualChip

PORT = 35963
OFF, ON, RESET, ASK_ATR = 0, 1, 2, 4


class Inserted:
    """A card in the reader until :meth:`remove`; answers in a thread of its own."""

    def __init__(self, chip: VirtualChip, host: str = "127.0.0.1", port: int = PORT):
        self.chip = chip
        self.line = socket.create_connection((host, port), timeout=10)
        self.line.settimeout(None)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def __enter__(self) -> "Inserted":
        return self

    def __exit__(self, *_error: object) -> None:
        self.remove()

    def remove(self) -> None:
        with suppress(OSError):
            self.line.shutdown(socket.SHUT_RDWR)
        self.line.close()
        self.thread.join(5)

    def wait(self) -> None:
        """Wait until the reader, or the chip itself, ends it."""
        self.thread.join()

    def _serve(self) -> None:
        with suppress(OSError, Gone):
            while message := self._receive():
                if len(message) == 1:
                    self._control(message[0])
                else:
                    self._send(self.chip.transmit(message))
        with suppress(OSError):
            self.line.close()

    def _control(self, what: int) -> None:
        if what in (OFF, ON, RESET):
            self.chip.reset()
        elif what == ASK_ATR:
            self._send(self.chip.atr)

    def _send(self, message: bytes) -> None:
        self.line.sendall(len(message).to_bytes(2, "big") + message)

    def _receive(self) -> bytes:
        length = self._exactly(2)
        return self._exactly(int.from_bytes(length, "big")) if length else b""

    def _exactly(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            # The driver writes length and body apart; a delayed acknowledgement of
            # the first would hold up every command by 40 ms.
            if hasattr(socket, "TCP_QUICKACK"):
                self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            part = self.line.recv(count - len(found))
            if not part:
                return b""
            found += part
        return found
