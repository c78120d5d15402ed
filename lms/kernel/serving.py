"""Serving pages on one small machine: waitress, and a thread that does the jobs."""

from contextlib import ExitStack

from flask import Flask

from lms.kernel.config import MEBIBYTE
from lms.kernel.jobs.worker import EmbeddedWorker

THREADS = 8
CONNECTIONS = 2000
"""Waitress reads a whole request before it takes a thread, so that many slow senders
wait without harm, as long as they may all connect (its default of 100 fails that)."""


def serve(app: Flask, host: str, port: int) -> None:
    """Serve until interrupted."""
    import waitress

    worker = EmbeddedWorker(app) if app.config["JOBS"] == "embedded" else None
    if worker:
        worker.start()
    with ExitStack() as companions:
        if worker:
            companions.callback(worker.stop)
        for beside in app.extensions.get("companions", ()):
            companions.enter_context(beside(app))
        waitress.serve(
            app,
            host=host,
            port=port,
            threads=THREADS,
            connection_limit=CONNECTIONS,
            channel_timeout=30,
            asyncore_use_poll=True,
            max_request_body_size=app.config["MAX_UPLOAD_SIZE"] + MEBIBYTE,
            clear_untrusted_proxy_headers=False,
            ident=None,
        )
