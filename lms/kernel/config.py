"""Every setting of the platform, with its unit and its safe default.

An environment variable ``LMS_<NAME>`` overrides the value here; JSON is understood, so
``LMS_TRUSTED_PROXIES=1`` is a number.  Durations are given in seconds.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

MEBIBYTE = 1024 * 1024


class Config:
    PROFILE = "production"
    """``demo`` keeps a secret key of its own in ``VAR`` and does without TLS."""

    SECRET_KEY = ""
    """No default: nobody is served without one."""

    DATA_KEYS = ""
    """The keys of personal data as one JSON document (``lms/kernel/keyring.py``)."""

    DATA_KEYS_FILE = ""
    """Or the file that holds them; empty: ``data-keys.json`` in ``VAR``."""

    INVENTED_NUMBERS = False
    """Take personal numbers that begin with 000, which nobody has; on in the demo."""

    VAR = "var"
    """The folder for everything that is written: database, files, keys, logs."""

    SQLALCHEMY_DATABASE_URI = ""
    """Empty: SQLite in ``VAR``."""

    SQLALCHEMY_ENGINE_OPTIONS: dict[str, Any] = {"hide_parameters": True}
    """Without this, an error in the log repeats the values of its statement."""
    SESSION_COOKIE_NAME = "lms_session"
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    SESSION_COOKIE_SECURE = True
    """The demonstration, which has no TLS, turns it off."""

    BASE_URL = "http://127.0.0.1:8000"
    """Where people reach us; printed in QR codes and on certificates."""

    TRUSTED_PROXIES = 0
    """How many proxies in front of us are ours; their X-Forwarded-For is believed."""

    MAX_CONTENT_LENGTH = 2 * MEBIBYTE
    """Of an ordinary request; uploads have a limit of their own."""

    MAX_FORM_MEMORY_SIZE = 2 * MEBIBYTE
    MEDIA_STORE = ""
    """Empty: the folder ``media`` in ``VAR``; else a bucket, as ``s3://name/prefix``."""

    MAX_UPLOAD_SIZE = 2048 * MEBIBYTE
    MAX_IMAGE_SIZE = 8 * MEBIBYTE
    SIGNED_URL_LIFE = timedelta(hours=4)

    SESSION_IDLE_LIFE = timedelta(hours=12)
    SESSION_LIFE = timedelta(days=7)
    SHARED_IDLE_LIFE = timedelta(minutes=10)
    """Unused, on a machine that somebody called shared."""

    VNEID_PROFILE = ""
    """``oidc``, ``dvcqg`` or ``envelope``; empty: nobody signs in through VNeID.  What
    the following mean stands in ``docs/operators.md``."""

    VNEID_ISSUER = ""
    VNEID_CLIENT_ID = ""
    VNEID_CLIENT_SECRET = ""
    VNEID_CLIENT_AUTH = ""
    VNEID_PRIVATE_KEY_FILE = ""
    VNEID_SCOPE = ""
    VNEID_ACR_VALUES = ""
    VNEID_ENDPOINTS: dict[str, str] = {}
    VNEID_CLAIMS: dict[str, str] = {}
    VNEID_DATE_FORMATS: tuple[str, ...] = ()
    VNEID_KINDS: tuple[str, ...] | None = None
    VNEID_ACR_LEVELS: dict[str, int] = {}
    VNEID_ACCOUNT_LEVELS: dict[str, int] = {}
    VNEID_OTHER_AUDIENCES: tuple[str, ...] = ()
    VNEID_USERINFO_METHOD = ""
    VNEID_SENDS_NONCE: bool | None = None
    VNEID_SENDS_PKCE: bool | None = None
    VNEID_REQUIRES_ISS: bool | None = None
    VNEID_TIMEOUT = 8.0
    """Seconds for all that is asked of the provider in one sign-in, together."""

    JOBS = "embedded"
    """``embedded``: a thread of the server; ``relay``: Celery workers; ``none``."""

    CELERY_BROKER_URL = "redis://127.0.0.1:6379/0"
    RATELIMIT_STORAGE_URI = "memory://"
    RATELIMIT_IN_MEMORY_FALLBACK_ENABLED = True
    RATELIMIT_HEADERS_ENABLED = True

    ISSUER_NAME = "Tổ công tác thực hiện Đề án 06 huyện Phong Điền"
    """Who signs certificates: the name of a unit, never part of the program."""

    ISSUER_PLACE = "Phong Điền"
    """The place written before the date on certificates."""

    ISSUER_CODE = "PĐ-ĐA06"
    """The last part of a certificate number."""

    VNEID_MIMIC: bool | None = None
    """Serve the VNeID mimic beside the platform; None: in the demonstration alone."""

    BABEL_DEFAULT_LOCALE = "vi"
    BABEL_DEFAULT_TIMEZONE = "Asia/Ho_Chi_Minh"
    LANGUAGES = ("vi", "en")

    WTF_CSRF_TIME_LIMIT = None
    """A token lives as long as its session: a lesson may stay open over lunch."""

    SITE_NAME = "Học tập Phong Điền"
    """What people's authenticator apps call us."""

    STAFF_SECOND_FACTOR = True
    """Staff who sign in with a password need a code too; off in the demonstration,
    where only those who enrolled are asked for it."""

    DATA_REQUEST_HOURS = 72
    """Within how many hours a request about one's own data must be answered."""

    LOG_LEVEL = "INFO"


SECONDS = ("SIGNED_URL_LIFE", "SESSION_IDLE_LIFE", "SESSION_LIFE", "SHARED_IDLE_LIFE")


def complete(settings: dict[str, Any]) -> None:
    """Turn numbers into durations, and fill in what depends on other settings."""
    for name in SECONDS:
        if isinstance(settings[name], int | float):
            settings[name] = timedelta(seconds=settings[name])
    var = Path(settings["VAR"]).resolve()
    settings["VAR"] = str(var)
    if settings["PROFILE"] == "demo":
        settings["SESSION_COOKIE_SECURE"] = False
        settings["INVENTED_NUMBERS"] = True
        settings["STAFF_SECOND_FACTOR"] = False
        settings["SECRET_KEY"] = settings["SECRET_KEY"] or _own_secret(var)
    settings["SECRET_KEY_KEPT"] = bool(settings["SECRET_KEY"])
    if not settings["SECRET_KEY"]:
        if click.get_current_context(silent=True) is None:
            require_kept_key(settings)
        # A command that reads a file needs no key that outlives it.
        settings["SECRET_KEY"] = secrets.token_hex(32)
    if not settings["SQLALCHEMY_DATABASE_URI"]:
        var.mkdir(parents=True, exist_ok=True)
        settings["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{var / 'lms.db'}"


def require_kept_key(settings: Mapping[str, Any]) -> None:
    """Refuse to serve with a key that would be another one after the next start."""
    if not settings["SECRET_KEY_KEPT"]:
        raise RuntimeError("LMS_SECRET_KEY is not set; see docs/operators.md")


def _own_secret(var: Path) -> str:
    """Return the demonstration's secret key, made at its first start."""
    kept = var / "secret.key"
    var.mkdir(parents=True, exist_ok=True)
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_hex(32), "ascii")
    return kept.read_text("ascii")
