"""One request, one transaction: writers take SQLite's lock before they read."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from flask import Flask, current_app, g, request

from lms.kernel.db import db, writing
from lms.kernel.headers import READING


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.teardown_request(_end)


def keeps(because: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a view that is reached by GET write after all, and say why it must."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        view.keeps = because  # type: ignore[attr-defined]
        return view

    return decorate


def is_writing() -> bool:
    """Say whether what this request does is kept."""
    if request.method not in READING:
        return True
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method == "GET" and hasattr(view, "keeps")


def release() -> None:
    """End the transaction so far, so that taking in a long upload holds no lock."""
    db.session.commit()


def all_or_nothing() -> AbstractContextManager[Any]:
    """Let what is done inside be undone by an error, and the request go on after it.

    For a page that shows its form again when a service raised Refused halfway.
    """
    return db.session.begin_nested()


def _begin() -> None:
    if is_writing():
        stack = g.writing = ExitStack()
        stack.enter_context(writing())


def _end(_error: BaseException | None) -> None:
    stack: ExitStack | None = g.pop("writing", None)
    if stack is not None:
        stack.close()
