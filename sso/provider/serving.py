"""Serving the mimic: alone, or beside the platform on a port of its own.

A port of its own and not a path of the platform's: the platform calls the mimic while
it answers a request itself, and one pool of threads could wait for itself.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from lms.kernel import clock
from lms.kernel.db import db, writing
from sso.provider import demo
from sso.provider.app import create_provider
from sso.provider.courier import Courier

THREADS = 4


def make_waitress(app: Flask, host: str, port: int) -> Any:
    import waitress.server

    return waitress.server.create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        connection_limit=500,
        channel_timeout=30,
        asyncore_use_poll=True,
        clear_untrusted_proxy_headers=False,
        ident=None,
    )


@contextmanager
def running(app: Flask, host: str, port: int) -> Iterator[int]:
    """Serve in a thread until the caller is done; yields the port."""
    server = make_waitress(app, host, port)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    courier = Courier(app)
    courier.start()
    try:
        yield server.effective_port
    finally:
        courier.stop()
        server.close()
        thread.join(5)


@contextmanager
def beside(platform: Flask) -> Iterator[None]:
    """Serve the mimic beside the platform, where its settings ask for it."""
    if not demo.is_wanted(platform.config):
        yield
        return
    app = beside_app(platform.config)
    with app.app_context(), writing():
        demo.fill(app, clock.now())
        if platform.config["VNEID_CLIENT_ID"] == demo.CLIENT_ID:
            demo.register_platform(platform.config, clock.now())
        db.session.commit()
        db.session.remove()
    with running(app, "127.0.0.1", app.config["PORT"]):
        yield


def beside_app(settings: Mapping[str, Any]) -> Flask:
    return create_provider({"VAR": str(Path(settings["VAR"]) / "vneid")})
