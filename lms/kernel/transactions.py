"""One request, one transaction: writers take SQLite's lock before they read."""

from contextlib import ExitStack

from flask import Flask, g, request

from lms.kernel.db import db, writing
from lms.kernel.headers import READING


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.teardown_request(_end)


def release() -> None:
    """End the transaction so far, so that taking in a long upload holds no lock."""
    db.session.commit()


def _begin() -> None:
    if request.method not in READING:
        stack = g.writing = ExitStack()
        stack.enter_context(writing())


def _end(_error: BaseException | None) -> None:
    stack: ExitStack | None = g.pop("writing", None)
    if stack is not None:
        stack.close()
