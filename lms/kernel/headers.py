"""What every answer tells the browser to forbid, and what no request may come without.

Cross-site posts are refused twice: by Flask-WTF's token, and here by the origin that
the browser itself names.
"""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
READING = ("GET", "HEAD", "OPTIONS")


def init_app(app: Flask, open_to_other_sites: frozenset[str] = frozenset()) -> None:
    """Protect every answer; name the endpoints that other sites may post to."""
    app.extensions["open_to_other_sites"] = open_to_other_sites
    app.before_request(_refuse_cross_site)
    app.after_request(_protect)


def allow(directive: str, source: str) -> None:
    """Loosen the policy for this one answer."""
    loosened: dict[str, str] = g.setdefault("policy", dict(POLICY))
    loosened[directive] = f"{loosened[directive]} {source}"


def _refuse_cross_site() -> None:
    if request.method in READING:
        return
    if request.endpoint in current_app.extensions["open_to_other_sites"]:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        abort(400)
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        abort(400)


def _protect(response: Response) -> Response:
    policy: dict[str, str] = g.get("policy", POLICY)
    response.headers.setdefault(
        "Content-Security-Policy",
        "; ".join(f"{name} {source}" for name, source in policy.items()),
    )
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if response.mimetype == "text/html":
        # A page is never shown from a shared computer's cache after signing out.
        response.headers.setdefault("Cache-Control", "no-store")
    return response
