"""Clients that others wrote and had certified sign in at our provider."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.peers.conftest import HERE, spare_port

MODULES = Path("/usr/lib/apache2/modules")
APACHE = Path("/usr/sbin/apache2")


def test_openid_client_signs_in_and_out(node, register, account):
    found = node(
        "openid-client.mjs", **register("http://127.0.0.1:9/callback"), **account
    )

    assert found == {
        "acr": "LoA2",
        "amr": ["pwd", "otp"],
        "subjects": 1,
        "told": [
            *("birthdate", "gender", "gioi_tinh", "ho_ten", "loai_tai_khoan"),
            *("locale", "muc_tai_khoan", "name", "ngay_sinh", "so_dinh_danh"),
            *("sub", "zoneinfo"),
        ],
        "isNumberRight": True,
        "active": True,
        "revoked": False,
        "left": "left",
        "after": "login_required",
    }


@pytest.fixture
def apache(
    register: Callable[..., dict[str, str]],
) -> Iterator[tuple[str, dict[str, str]]]:
    """Apache on a spare port, until the test is done."""
    if not (APACHE.exists() and (MODULES / "mod_auth_openidc.so").exists()):
        pytest.skip("apache2 with libapache2-mod-auth-openidc is not installed")
    port = spare_port()
    start = f"http://127.0.0.1:{port}/"
    client = register(f"{start}callback")
    # Started by root, Apache answers as another user, who must get in here.
    folder = Path(tempfile.mkdtemp(prefix="peers-"))
    (folder / "pages").mkdir()
    (folder / "pages" / "index.html").write_text("let in")
    folder.chmod(0o755)
    text = (HERE / "apache.conf.in").read_text("utf-8")
    for name, value in {
        "FOLDER": folder,
        "PORT": port,
        "MODULES": MODULES,
        "ISSUER": client["PEER_ISSUER"],
        "CLIENT_ID": client["PEER_CLIENT_ID"],
        "CLIENT_SECRET": client["PEER_CLIENT_SECRET"],
        "REDIRECT_URI": client["PEER_REDIRECT_URI"],
        "PASSPHRASE": "for-one-test",
    }.items():
        text = text.replace(f"@{name}@", str(value))
    conf = folder / "apache.conf"
    conf.write_text(text)
    server = subprocess.Popen([str(APACHE), "-f", str(conf), "-DFOREGROUND"])
    try:
        await_answer(port)
        yield start, client
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(folder)


def await_answer(port: int) -> None:
    for _try in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("Apache does not answer")


def test_mod_auth_openidc_lets_the_person_in(node, apache, account):
    start, client = apache

    found = node("apache.mjs", PEER_START=start, **account)

    assert found["wasAsked"], found
    assert (found["status"], found["text"], found["again"]) == (200, "let in", 200)
    assert found["url"].startswith(start)
    assert found["issuer"] == client["PEER_ISSUER"]
    assert found["acr"] == "LoA2"
    assert len(found["subject"]) == 43
