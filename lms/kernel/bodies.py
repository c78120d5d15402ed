"""What comes in besides forms: addresses and JSON, refused where no database keeps it.

A fault here would be a 500 for whoever tries, so it is answered once for all views.
"""

from typing import Any

import orjson
from flask import Flask, abort, request
from flask.json.provider import DefaultJSONProvider

LARGEST_ID = 2**31 - 1
"""What PostgreSQL's integer holds; SQLite's driver fails beyond 63 bits."""


class StrictJSON(DefaultJSONProvider):
    """Reads JSON as its standard has it.

    Python's own reader takes NaN and halves of characters, and fails without a
    ValueError on brackets that open a hundred thousand times.
    """

    def loads(self, s: str | bytes, **_given: Any) -> Any:
        return orjson.loads(s)


def init_app(app: Flask) -> None:
    app.json = StrictJSON(app)
    app.before_request(_refuse_unreadable)


def is_id(number: int | None) -> bool:
    return number is not None and 0 < number <= LARGEST_ID


def _refuse_unreadable() -> None:
    """Refuse U+0000 in the address: PostgreSQL cannot even be asked about it."""
    asked = (request.path, *request.args, *request.args.values())
    if any("\x00" in text for text in asked):
        abort(400)
