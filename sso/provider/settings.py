"""Every setting of the mimic; an environment variable ``VNEID_<NAME>`` overrides it."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lms.kernel.config import MEBIBYTE

SCHEMA = 1
"""Part of the file's name: the mimic holds test data alone, so a new schema begins with
an empty file instead of migrating the old one."""


class Config:
    ISSUER = "http://localhost:8001"
    """Not 127.0.0.1: cookies are shared by all ports of one host, and the platform
    stands there."""

    PORT = 8001
    SECRET_KEY = ""
    """The master key.  Empty: made at the first start and kept in ``VAR``."""

    VAR = "var/vneid"
    SQLALCHEMY_DATABASE_URI = ""
    """Empty: SQLite in ``VAR``."""

    SQLALCHEMY_ENGINE_OPTIONS: dict[str, Any] = {"hide_parameters": True}
    SESSION_COOKIE_NAME = "vneid_session"
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    TRUSTED_PROXIES = 0
    MAX_CONTENT_LENGTH = MEBIBYTE
    MAX_FORM_MEMORY_SIZE = MEBIBYTE
    BABEL_DEFAULT_LOCALE = "vi"
    BABEL_DEFAULT_TIMEZONE = "Asia/Ho_Chi_Minh"
    LANGUAGES = ("vi", "en")
    WTF_CSRF_TIME_LIMIT = None
    LOG_LEVEL = "INFO"


def complete(settings: dict[str, Any], given: Mapping[str, Any]) -> None:
    """Fill in what depends on other settings."""
    settings.update(given)
    var = Path(settings["VAR"]).resolve()
    var.mkdir(parents=True, exist_ok=True)
    settings["VAR"] = str(var)
    settings["ISSUER"] = settings["ISSUER"].rstrip("/")
    settings["SESSION_COOKIE_SECURE"] = urlsplit(settings["ISSUER"]).scheme == "https"
    if not settings["SECRET_KEY"]:
        settings["SECRET_KEY"] = _own_secret(var)
    if not settings["SQLALCHEMY_DATABASE_URI"]:
        file = var / f"vneid-{SCHEMA}.db"
        settings["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{file}"


def _own_secret(var: Path) -> str:
    kept = var / "secret.key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_hex(32), "ascii")
    return kept.read_text("ascii")
