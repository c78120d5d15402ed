"""Small real files of each type, and upload requests."""

import subprocess
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from lms.kernel import clock
from lms.kernel.db import db
from media import services, video
from media.models import Asset
from media.rules.files import AssetKind
from media.services import Upload
from media.settings import settings

JSON = {"Accept": "application/json"}
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 50
VTT = "WEBVTT\n\n00:00.000 --> 00:00.900\nXin chào\n".encode()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(64)


def picture(form: str = "PNG", size: tuple[int, int] = (8, 6), **given: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "navy").save(out, form, **given)
    return out.getvalue()


def archive(entries: dict[str, str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


def docx(**more: str) -> bytes:
    parts = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}
    return archive(parts | more)


@cache
def clip(seconds: float = 1, size: str = "128x72") -> bytes:
    """Return a short real video with sound."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        picture_in = ["-f", "lavfi", "-i", f"testsrc=size={size}:rate=10:d={seconds}"]
        sound_in = ["-f", "lavfi", "-i", f"sine=duration={seconds}"]
        coding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
        command = [video.program(), "-loglevel", "error", *picture_in, *sound_in]
        subprocess.run([*command, *coding, "-c:a", "aac", str(path)], check=True)
        return path.read_bytes()


def asset(owner: Any, content: bytes, name: str, **given: Any) -> Asset:
    """Store a file as the service does, past the browser."""
    kind = given.pop("kind", AssetKind.FILE)
    upload = Upload(BytesIO(content), name, "", kind)
    made = services.store_upload(upload, owner.id, clock.now())
    for word, value in given.items():
        setattr(made, word, value)
    db.session.commit()
    return made


def post(client: FlaskClient, content: bytes, name: str, **given: str) -> TestResponse:
    """Send a file as the upload widget does: the bare body."""
    kind, claimed = given.get("kind", "file"), given.get("type", "")
    return client.post(
        "/media/assets",
        query_string={"kind": kind, "name": name},
        data=content,
        content_type=claimed or "application/octet-stream",
        headers=JSON,
    )


def kept() -> list[str]:
    """Return everything that lies in the storage or on its way there."""
    found = settings()
    stored = [
        item.key
        for folder in found.storage.folders()
        for item in found.storage.contents(folder)
    ]
    return stored + [path.name for path in found.scratch.iterdir()]
