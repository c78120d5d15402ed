"""One request, one transaction: writers take SQLite's lock before they read."""

from contextlib import AbstractContextManager, ExitStack
from typing import Any

from flask import Flask, g, request

from lms.kernel.db import db, writing
from lms.kernel.headers import READING


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.teardown_request(_end)


def release() -> None:
    """End the transaction so far, so that taking in a long upload holds no lock."""
    db.session.commit()


def all_or_nothing() -> AbstractContextManager[Any]:
    """Let what is done inside be undone by an error, and the request go on after it.

    For a page that shows its form again when a service raised Refused halfway.
    """
    return db.session.begin_nested()


def _begin() -> None:
    if request.method not in READING:
        stack = g.writing = ExitStack()
        stack.enter_context(writing())


def _end(_error: BaseException | None) -> None:
    stack: ExitStack | None = g.pop("writing", None)
    if stack is not None:
        stack.close()
