"""Safe Exam Browser: the configuration that the platform writes, and its proof.

The browser sends with each request a digest of the address and of the *Config Key*,
which is a digest of its whole configuration.  The platform writes the configuration, so
it knows the key.  A changed program could still send it: this keeps honest machines
honest, and identifies nobody.

Source: SEB for developers, "Config Key" and "Use with learning management systems".
"""

import base64
import hashlib
import hmac
import json
import plistlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

HEADER = "X-SafeExamBrowser-ConfigKeyHash"
_LEFT_OUT = "originatorVersion"


def settings_for(
    start_url: str, quit_url: str, allowed: Sequence[str]
) -> dict[str, Any]:
    """Return the settings of one sitting: full screen, and nothing but our pages.

    *allowed* are the addresses (with ``*``) that may be opened beside the start.
    """
    rules = [
        {"action": 1, "active": True, "expression": expression, "regex": False}
        for expression in allowed
    ]
    return {
        "originatorVersion": "LMS_1",
        "startURL": start_url,
        "quitURL": quit_url,
        "quitURLConfirm": True,
        "sendBrowserExamKey": True,
        "allowQuit": False,
        "ignoreExitKeys": True,
        "browserViewMode": 1,
        "allowBrowsingBackForward": False,
        "browserWindowAllowReload": True,
        "showReloadWarning": False,
        "allowDownUploads": False,
        "allowSpellCheck": False,
        "allowDictionaryLookup": False,
        "enablePrivateClipboard": True,
        "allowScreenSharing": False,
        "allowVirtualMachine": False,
        "monitorProcesses": True,
        "URLFilterEnable": True,
        "URLFilterEnableContentFilter": False,
        "URLFilterRules": rules,
        "examSessionClearCookiesOnStart": True,
        "examSessionClearCookiesOnEnd": True,
    }


def written(settings: Mapping[str, Any]) -> bytes:
    """Return the ``.seb`` file: a plain XML property list, as the browser takes it."""
    return plistlib.dumps(dict(settings), sort_keys=True)


def read(data: bytes) -> dict[str, Any]:
    """Read a plain ``.seb`` file; ValueError where it is none."""
    try:
        found = plistlib.loads(data, fmt=plistlib.FMT_XML)
    except Exception as fault:
        # plistlib raises whatever its parser does; none of it means anything else.
        raise ValueError("not a plain property list") from fault
    if not isinstance(found, dict):
        raise ValueError("not a dictionary of settings")
    return found


def config_key(settings: Mapping[str, Any]) -> str:
    """Return the Config Key: the digest of the settings as SEB writes them in JSON."""
    return hashlib.sha256(seb_json(settings).encode()).hexdigest()


def seb_json(settings: Mapping[str, Any]) -> str:
    """Write settings as SEB digests them.

    No white space and no escaping; keys in an order that ignores case; without the
    originator's version and without empty dictionaries.
    """
    kept = {key: value for key, value in settings.items() if key != _LEFT_OUT}
    return _json(kept) if kept else "[]"


def _json(value: Any) -> str:
    if isinstance(value, Mapping):
        inside = (
            f'"{key}":{_json(value[key])}'
            for key in sorted(value, key=lambda key: (key.lower(), key.swapcase()))
            if not (isinstance(value[key], Mapping) and not value[key])
        )
        return "{" + ",".join(inside) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_json, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bytes):
        return f'"{base64.b64encode(value).decode()}"'
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return f'"{moment.isoformat()}"'
    if isinstance(value, str):
        return f'"{value}"'
    return json.dumps(value)


def header_for(url: str, key: str) -> str:
    """Return what the browser sends for the address *url* (without its fragment)."""
    return hashlib.sha256(f"{url.partition('#')[0]}{key}".encode()).hexdigest()


def is_genuine(header: str | None, url: str, key: str) -> bool:
    """Compare in constant time what was sent with what this configuration sends."""
    return hmac.compare_digest((header or "").lower(), header_for(url, key))
