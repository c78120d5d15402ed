"""The scripts of the quiz page, tested by Node's own runner where there is one."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "js"


def test_the_queue_and_the_clock_keep_their_promises():
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed; the scripts are tested where it is")

    run = subprocess.run(
        [node, "--test", *map(str, sorted(HERE.glob("*.test.mjs")))],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert run.returncode == 0, run.stdout[-4000:]
