"""Serving the mimic: alone, or beside the platform on a port of its own.

A port of its own and not a path of the platform's: the platform calls the mimic while
it answers a request itself, and one pool of threads could wait for itself.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

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
