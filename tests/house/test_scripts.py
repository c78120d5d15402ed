"""The scripts of the pages, tested by Node's own runner where there is one."""

import shutil
import subprocess

import pytest

from tests.conftest import ROOT


def test_the_scripts_keep_their_promises():
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed; the scripts are tested where it is")
    files = sorted((ROOT / "tests").rglob("*.test.mjs"))

    run = subprocess.run(
        [node, "--test", *map(str, files)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert files
    assert run.returncode == 0, run.stdout[-4000:]
