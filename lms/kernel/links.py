"""Where a page may send the reader next."""

from urllib.parse import urlsplit

from flask import request


def next_or(home: str) -> str:
    """Return the ``next`` address of the request if it stays here, else *home*."""
    wanted = request.values.get("next", "")
    return wanted if stays_here(wanted) else home


def stays_here(address: str) -> bool:
    """Say whether *address* is a path of this site and cannot be read otherwise.

    Browsers read ``/\\evil`` and ``//evil`` as other hosts and drop tabs and newlines.
    """
    if not address.startswith("/") or address.startswith(("//", "/\\")):
        return False
    if any(c <= " " or c == "\\" for c in address):
        return False
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc
