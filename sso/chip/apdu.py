"""Commands to a card and its responses, as bytes (ISO 7816-3, 12.1)."""

from dataclasses import dataclass

from sso.chip.tlv import Malformed

SHORT, EXTENDED = 256, 65536
SUCCESS = 0x9000
SECURE = 0x0C
"""In the class byte: secure messaging, header authenticated."""


@dataclass(frozen=True, slots=True)
class Command:
    """*expected* is the most bytes wanted back; None for none at all."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    expected: int | None = None

    @property
    def header(self) -> bytes:
        return bytes((self.cla, self.ins, self.p1, self.p2))

    @property
    def is_extended(self) -> bool:
        return len(self.data) >= SHORT or (self.expected or 0) > SHORT

    def encode(self) -> bytes:
        if self.is_extended:
            return self.header + self._extended()
        body = bytes([len(self.data)]) + self.data if self.data else b""
        le = b"" if self.expected is None else bytes([self.expected % SHORT])
        return self.header + body + le

    def _extended(self) -> bytes:
        body = b""
        if self.data:
            body = b"\x00" + len(self.data).to_bytes(2, "big") + self.data
        if self.expected is None:
            return body
        le = (self.expected % EXTENDED).to_bytes(2, "big")
        return body + le if body else b"\x00" + le


@dataclass(frozen=True, slots=True)
class Response:
    data: bytes
    status: int

    @property
    def is_success(self) -> bool:
        return self.status == SUCCESS

    def encode(self) -> bytes:
        return self.data + self.status.to_bytes(2, "big")


def read_command(data: bytes) -> Command:
    """Read a command; raise Malformed where its lengths do not add up."""
    if len(data) < 4:  # noqa: PLR2004
        raise Malformed("a command without its header")
    cla, ins, p1, p2 = data[:4]
    return Command(cla, ins, p1, p2, *_body(data[4:]))


def read_response(data: bytes) -> Response:
    if len(data) < 2:  # noqa: PLR2004
        raise Malformed("a response without its status")
    return Response(data[:-2], int.from_bytes(data[-2:], "big"))


def _body(body: bytes) -> tuple[bytes, int | None]:
    if not body:
        return b"", None
    if len(body) == 1:
        return b"", body[0] or SHORT
    if body[0]:
        return _split(body, 1, body[0], 1, SHORT)
    if len(body) == 3:  # noqa: PLR2004
        return b"", int.from_bytes(body[1:], "big") or EXTENDED
    return _split(body, 3, int.from_bytes(body[1:3], "big"), 2, EXTENDED)


def _split(
    body: bytes, begin: int, length: int, le_bytes: int, most: int
) -> tuple[bytes, int | None]:
    data, le = body[begin : begin + length], body[begin + length :]
    if len(data) != length or len(le) not in (0, le_bytes):
        raise Malformed("a command whose lengths do not add up")
    return data, (int.from_bytes(le, "big") or most) if le else None
