"""A provider of our own that lies as it is told, over real HTTP on loopback.

It signs in whoever it is asked to, at once: ``provider.person`` is who comes back.  A
lie is a change to what an honest provider would say::

    provider.lies["id_token"] = lambda claims: claims | {"aud": "somebody-else"}
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.padding import PKCS7
from joserfc import jws
from joserfc.jwk import RSAKey

from lms.kernel import clock

CLIENT_ID, CLIENT_SECRET = "lms", "a secret of the tests"
NUMBER = "000199000001"
KEYS = [RSAKey.generate_key(2048, {"kid": f"key-{n}", "use": "sig"}) for n in range(2)]
FOREIGN = RSAKey.generate_key(2048, {"kid": "key-0", "use": "sig"})
ENVELOPE_KEY = RSAKey.generate_key(2048)

PERSON = {
    "sub": "sub-of-an",
    "so_dinh_danh": NUMBER,
    "ho_ten": "Nguyễn Văn An",
    "ngay_sinh": "1999-05-01",
    "loai_tai_khoan": "cong_dan",
    "muc_tai_khoan": 2,
}
Change = Callable[[Any], Any]


def same(value: Any) -> Any:
    return value


@dataclass
class LyingProvider:
    url: str = ""
    person: dict[str, Any] = field(default_factory=lambda: dict(PERSON))
    signed: dict[str, Any] = field(default_factory=dict)
    """More for the ID token: acr, amr, sid …"""

    lies: dict[str, Change] = field(default_factory=dict)
    """By what is changed: discovery, jwks, header, id_token, token, userinfo."""

    broken: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """By path: the status and the body that are answered instead."""

    hang_seconds: float = 0.0
    drip: bool = False
    sealing: Callable[[bytes], dict[str, str]] | None = None
    """Puts answers into envelopes, for that profile."""

    asked: list[str] = field(default_factory=list)
    """The paths that were asked for, in order."""

    heard: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """The forms that were posted, by path."""

    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    keys: list[RSAKey] = field(default_factory=lambda: [KEYS[0]])
    signing_key: RSAKey = field(default_factory=lambda: KEYS[0])

    def changed(self, what: str, value: Any) -> Any:
        return self.lies.get(what, same)(value)

    def sign_in(self, address: str, **answer: str | None) -> str:
        """Act as the person at the authorization endpoint; return where they go."""
        request = dict(parse_qsl(urlsplit(address).query))
        code = secrets.token_urlsafe(8)
        self.codes[code] = request
        given = {"code": code, "state": request["state"], "iss": self.url} | answer
        said = {name: value for name, value in given.items() if value is not None}
        return f"{urlsplit(request['redirect_uri']).path}?{urlencode(said)}"

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "end_session_endpoint": f"{self.url}/end-session",
            "authorization_response_iss_parameter_supported": True,
        }

    def claims(self, request: dict[str, str], access_token: str) -> dict[str, Any]:
        now = int(clock.now().timestamp())
        digest = hashlib.sha256(access_token.encode()).digest()[:16]
        return {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": self.person.get("sub"),
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "acr": "LoA2",
            "amr": ["pwd", "otp"],
            "sid": "sid-1",
            "nonce": request.get("nonce"),
            "at_hash": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        } | self.signed

    def token_answer(self, code: str) -> dict[str, Any]:
        request = self.codes.pop(code)
        access_token = secrets.token_urlsafe(16)
        answer = {"access_token": access_token, "token_type": "Bearer"}
        if self.sealing is None:
            claims = self.changed("id_token", self.claims(request, access_token))
            answer["id_token"] = self.sealed_token(claims)
        return self.changed("token", answer)

    def sealed_token(self, claims: dict[str, Any], **header: Any) -> str:
        said = {"alg": "RS256", "kid": self.signing_key.kid, **header}
        said = self.changed("header", said)
        content = json.dumps(claims, ensure_ascii=False).encode()
        return self.changed("compact", signed_compact(said, content, self.signing_key))

    def logout_token(self, **changes: Any) -> str:
        now = int(clock.now().timestamp())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_urlsafe(8),
            "sub": self.person["sub"],
            "sid": "sid-1",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        } | changes
        said = {name: value for name, value in claims.items() if value is not None}
        return self.sealed_token(said, typ="logout+jwt")

    def answer(self, method: str, path: str, form: dict[str, str]) -> Any:
        if path.endswith("/.well-known/openid-configuration"):
            return self.changed("discovery", self.discovery())
        if path == "/jwks":
            keys = [key.as_dict(private=False) for key in self.keys]
            return self.changed("jwks", {"keys": keys})
        if path == "/token":
            return self.token_answer(form["code"])
        return self.changed("userinfo", self.person)


def signed_compact(header: dict[str, Any], content: bytes, key: Any) -> str:
    """Sign, with whatever algorithm; joserfc would refuse some of them."""
    if header["alg"] == "RS256":
        registry = jws.JWSRegistry(algorithms=["RS256"])
        registry.strict_check_header = False
        return jws.serialize_compact(header, content, key, registry=registry)
    parts = [json.dumps(header).encode(), content]
    body = ".".join(base64.urlsafe_b64encode(p).rstrip(b"=").decode() for p in parts)
    return f"{body}."


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    provider: LyingProvider

    def log_message(self, *_said: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._answer("GET", {})

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        sent = parse_qs(self.rfile.read(size).decode())
        self._answer("POST", {name: values[0] for name, values in sent.items()})

    def _answer(self, method: str, form: dict[str, str]) -> None:
        path = urlsplit(self.path).path
        self.provider.asked.append(path)
        self.provider.heard.append((path, form))
        status, body = 200, b""
        if path in self.provider.broken:
            status, body = self.provider.broken[path]
        else:
            content = self.provider.answer(method, path, form)
            body = json.dumps(content).encode()
            if self.provider.sealing and path in ("/token", "/userinfo"):
                body = json.dumps(self.provider.sealing(body)).encode()
        if path == "/token" and self.provider.hang_seconds:
            time.sleep(self.provider.hang_seconds)
        try:
            self._write(status, body)
        except OSError:
            self.close_connection = True

    def _write(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status in (302, 307):
            self.send_header("Location", f"{self.provider.url}/elsewhere")
        self.end_headers()
        for piece in [bytes([b]) for b in body] if self.provider.drip else [body]:
            self.wfile.write(piece)
            if self.provider.drip:
                time.sleep(0.3)


@contextmanager
def serving(provider: LyingProvider) -> Iterator[LyingProvider]:
    own = type("Own", (Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), own)
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def enveloped(content: bytes) -> dict[str, str]:
    """Seal an answer as the profile ``envelope`` has it."""
    key = secrets.token_bytes(16)
    return {"data": _aes(content, key), "key": sealed_key(key)}


def sealed_key(key: bytes) -> str:
    public = ENVELOPE_KEY.public_key
    return base64.b64encode(public.encrypt(key, PKCS1v15())).decode()


def _aes(content: bytes, key: bytes) -> str:
    padder = PKCS7(128).padder()
    padded = padder.update(content) + padder.finalize()
    encryptor = Cipher(AES(key), ECB()).encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def enveloped_code(code: str) -> dict[str, str]:
    key = secrets.token_bytes(16)
    return {"code": _aes(code.encode(), key), "encrypt_key": sealed_key(key)}
