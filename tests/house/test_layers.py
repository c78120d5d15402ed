"""Imports run downward only."""

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.conftest import ROOT


def test_no_package_imports_from_a_floor_above_it():
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"))

    assert status == EXIT_STATUS_SUCCESS
