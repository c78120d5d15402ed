"""No file outgrows its room."""

from tests.conftest import ROOT

LONGEST = 400
DRAWERS = {"utils.py", "helpers.py", "common.py", "misc.py", "managers.py"}


def sources():
    floors = ("lms", "courses", "sso", "media")
    return [p for name in floors for p in (ROOT / name).rglob("*.py")]


def test_no_file_is_longer_than_a_reader_can_hold():
    too_long = [p for p in sources() if len(p.read_text().splitlines()) > LONGEST]

    assert too_long == []


def test_no_file_is_a_drawer():
    assert [path for path in sources() if path.name in DRAWERS] == []
