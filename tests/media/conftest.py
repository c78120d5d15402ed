"""A storage that begins and ends each test empty."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask


@pytest.fixture(autouse=True)
def _empty_storage(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "app" not in request.fixturenames:
        return
    app: Flask = request.getfixturevalue("app")
    for name in ("media", "incoming"):
        folder = Path(app.config["VAR"]) / name
        shutil.rmtree(folder)
        folder.mkdir()
