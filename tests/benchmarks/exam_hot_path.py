"""What saving an answer costs, beside a bare Flask endpoint on the same database.

Run it from the top of the tree::

    .venv/bin/python -m tests.benchmarks.exam_hot_path

With ``LMS_TEST_DATABASE_URI`` it measures on a PostgreSQL database of its own, else on
SQLite.  The bare endpoint reads one signed cookie and does one upsert.  The promise is
2.0 ms of the server's processor on PostgreSQL, and 2.5 times the bare endpoint.
"""

import json
import os
import statistics
import tempfile
import time
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from flask import Flask, session
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import Client

from courses.exams.models.sittings import AnswerRow
from courses.exams.views.seat import SEAT
from lms.kernel.db import db, writing
from tests.conftest import ROOT, SETTINGS
from tests.factories import exams
from wsgi import create_app

WARM_UP, ROUNDS = 50, 1000
PROMISE_MS, PROMISE_RATIO = 2.0, 2.5
NAME = "lms_benchmark"
UPSERT = sa.text(
    "INSERT INTO bare (id, body) VALUES (:id, :body)"
    " ON CONFLICT (id) DO UPDATE SET body = excluded.body"
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = an_application(Path(folder))
        with app.app_context(), writing():
            [(_sitting, seat)] = exams.writing()
            engine = db.engine
        held = [seat.sitting, seat.seal_id, seat.writer, seat.questions]
        bare = a_bare_application(app.config["SECRET_KEY"], engine)
        print(f"{engine.dialect.name}; medians of {ROUNDS}\n")
        floor = measured(Client(bare, use_cookies=False), headers(bare, held), "/bare")
        cost = measured(
            Client(app, use_cookies=False), headers(app, held), "/exam-answers"
        )
        kept = count(app)
        print(f"{'bare endpoint':24}{floor:8.3f} ms")
        print(f"{'saving an answer':24}{cost:8.3f} ms   {cost / floor:.2f} x bare")
        print(f"\npromised: {PROMISE_MS} ms, {PROMISE_RATIO} x; kept {kept} answers")
        with app.app_context():
            db.engine.dispose()


def an_application(folder: Path) -> Flask:
    own = {"TESTING": False, "VAR": str(folder), "WTF_CSRF_ENABLED": True}
    server = os.environ.get("LMS_TEST_DATABASE_URI")
    if server:
        own["SQLALCHEMY_DATABASE_URI"] = fresh(server)
    app = create_app(SETTINGS | own)
    app.extensions["keyring"].make()
    with app.app_context():
        flask_migrate.upgrade(str(ROOT / "migrations"))
    return app


def fresh(server: str) -> str:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{NAME}"'))
    engine.dispose()
    url = sa.make_url(server).set(database=NAME)
    return url.render_as_string(hide_password=False)


def a_bare_application(secret: str, engine: sa.Engine) -> Flask:
    app = Flask("bare")
    app.secret_key = secret
    with engine.begin() as connection:
        connection.execute(
            sa.text("CREATE TABLE bare (id INTEGER PRIMARY KEY, body TEXT)")
        )

    @app.post("/bare")
    def save() -> dict[str, int]:
        number = session[SEAT][0]
        with writing(), engine.begin() as connection:
            connection.execute(UPSERT, {"id": number, "body": "b"})
        return {"saved": number}

    return app


def headers(app: Flask, held: list[object]) -> dict[str, str]:
    """Return what the page sends along: its cookie, and the token against forgery."""
    held_by_both = {SEAT: held, "csrf_token": "c" * 40}
    signer = app.session_interface.get_signing_serializer(app)
    token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(
        "c" * 40
    )
    return {
        "Cookie": f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(held_by_both)}",
        "X-CSRFToken": token,
    }


def measured(client: Client, along: dict[str, str], address: str) -> float:
    """Return the median of the processor's milliseconds for one save."""
    costs = []
    for number in range(1, WARM_UP + ROUNDS + 1):
        body = json.dumps({"value": "b", "flagged": False})
        sent = json.dumps({"sequence": number, "position": 1, "body": body})
        before = time.process_time()
        answer = client.post(
            address,
            data=sent,
            content_type="application/json",
            headers=along,
        )
        costs.append(time.process_time() - before)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status} {answer.text}")
    return 1000 * statistics.median(costs[WARM_UP:])


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count(AnswerRow.id))) or 0


if __name__ == "__main__":
    main()
