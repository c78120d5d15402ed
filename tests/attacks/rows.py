"""A dull row of any table, so that every address has something behind it.

The sweeps of this folder go through all addresses.  What an address names and the
small world does not hold is put in here, with whatever its columns demand, so that a
new feature is swept the day its first route is written.  Such a row belongs to nobody
of the world: it is there to be refused.
"""

import secrets
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import IntegerConverter

from lms.kernel import clock
from lms.kernel.db import Base, UTCDateTime, db

SPECIAL: dict[str, dict[str, Any]] = {
    "item_version": {"spec": {"kind": "essay", "stem": "<p>Hỏi</p>"}},
    "item_import_line": {
        "spec": {"kind": "essay", "stem": "<p>Hỏi</p>"},
        "trouble": "",
    },
}
"""Values that the columns of a table do not tell: what its CHECKs and pages ask for."""


def parts_for(app: Flask, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return something for every word of any address that is not *known*.

    ``quiz_id`` becomes the id of a new row, other words become a number or a word.
    """
    rows = Rows()
    return {
        name: rows.part(name, rule._converters[name])
        for rule in app.url_map.iter_rules()
        for name in sorted(rule.arguments - known.keys())
    }


class Rows:
    """New rows, one of each table that is asked for, which point at each other."""

    def __init__(self) -> None:
        self.keys: dict[str, Any] = {}
        self.tables = Base.metadata.tables

    def part(self, name: str, converter: Any) -> Any:
        table = self.tables.get(name.removesuffix("_id"))
        if name.endswith("_id") and table is not None:
            return self.key(table)
        return 1 if isinstance(converter, IntegerConverter) else "khong-co"

    def key(self, table: Any) -> Any:
        """Return the key of this table's row, made when it is first asked for."""
        if table.name not in self.keys:
            given = SPECIAL.get(table.name, {})
            values = {
                column.name: self.value(column)
                for column in table.columns
                if column.name not in given and is_demanded(column)
            }
            done = db.session.execute(table.insert().values(values | given))
            self.keys[table.name] = done.inserted_primary_key[0]
        return self.keys[table.name]

    def value(self, column: Any) -> Any:
        if column.foreign_keys:
            return self.key(next(iter(column.foreign_keys)).column.table)
        return plain_value(column)


def is_demanded(column: Any) -> bool:
    if column.nullable or column.default is not None or column.server_default:
        return False
    counts_itself = column.primary_key and not column.foreign_keys
    return not (counts_itself and isinstance(column.type, sa.Integer))


def plain_value(column: Any) -> Any:
    kind = column.type
    if isinstance(kind, sa.Enum):
        return next(iter(kind.enum_class)) if kind.enum_class else kind.enums[0]
    if isinstance(kind, sa.JSON):
        return {}
    if isinstance(kind, UTCDateTime):
        return clock.now()
    if isinstance(kind, sa.String):
        return secrets.token_hex(16)[: kind.length or 32]
    return {
        bool: False,
        int: 1,
        float: 1.0,
        Decimal: Decimal(1),
        bytes: b"x",
        date: clock.now().date(),
        time: time(7),
    }[kind.python_type]
