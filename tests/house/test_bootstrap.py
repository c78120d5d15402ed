"""The first command: what it runs, how it tells where it is, what the locks hold."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import lms.__main__ as bootstrap
from tests.conftest import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+?)(?: ;.*)? \\$", re.MULTILINE)


def pins(lock):
    return dict(PIN.findall(lock.read_text("utf-8")))


def test_flask_runs_every_command_from_any_folder():
    command = bootstrap.command_for(["serve", "--port", "8000"])

    roof = str(bootstrap.ROOT / "wsgi.py")
    assert command == ["flask", "--app", roof, "serve", "--port", "8000"]


def test_pytest_runs_the_tests_and_passes_the_rest_on():
    command = bootstrap.command_for(["test", "-k", "quiz"])

    assert command[0] == "pytest"
    assert command[-2:] == ["-k", "quiz"]
    assert "-m" not in command


def test_fast_leaves_out_the_browser_and_postgresql():
    command = bootstrap.command_for(["test", "--fast", "tests/house"])

    assert "--fast" not in command
    assert command[command.index("-m") + 1] == "not browser and not postgresql"
    assert command[-1] == "tests/house"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (
            "Collecting flask-login==0.6.3 (from -r requirements.lock (line 3))",
            "flask-login",
        ),
        ("Requirement already satisfied: typst==0.15.2 in ./lib", "typst"),
        ("Processing /mnt/cache/Flask_Login-0.6.3-py3-none-any.whl", "Flask_Login"),
        ("Downloading imageio-ffmpeg (64.8MiB)", "imageio-ffmpeg"),
    ],
)
def test_the_installers_news_is_understood(line, name):
    assert bootstrap.ARRIVAL.match(line)[1] == name


@pytest.mark.parametrize(
    "line", ["Looking in indexes: x", "  Downloading a-1.whl (2 kB)", "WARNING: no", ""]
)
def test_other_words_of_the_installer_are_no_news(line):
    assert bootstrap.ARRIVAL.match(line) is None


def test_packages_meant_for_other_platforms_are_not_counted():
    assert bootstrap.total_after("Ignoring colorama: markers do not match", 49) == 48
    assert bootstrap.total_after("Resolved 47 packages in 12ms", 49) == 47
    assert bootstrap.total_after("Collecting flask==3.1.3", 49) == 49


def test_packages_of_one_platform_alone_are_not_asked_for():
    text = "flask==3.1.3 \\\n    --hash=x\ntzdata==1 ; sys_platform == 'win32' \\\n"

    assert bootstrap.names(text) == ["flask"]


def test_the_development_lock_holds_the_runtime_lock_whole():
    runtime, development = pins(bootstrap.RUNTIME), pins(bootstrap.DEVELOPMENT)

    assert runtime.items() <= development.items()


@pytest.mark.parametrize("lock", [bootstrap.RUNTIME, bootstrap.DEVELOPMENT])
def test_a_lock_names_no_address(lock):
    assert not re.search(
        r"://|file:|--(extra-)?index|--find-links| @ ", lock.read_text()
    )


@pytest.mark.parametrize("lock", [bootstrap.RUNTIME, bootstrap.DEVELOPMENT])
def test_a_lock_answers_for_every_dependency_declared(lock):
    declared = tomllib.loads((bootstrap.ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = list(declared["project"]["dependencies"])
    if lock == bootstrap.DEVELOPMENT:
        wanted += declared["dependency-groups"]["dev"]
        wanted += declared["project"]["optional-dependencies"]["server"]

    names = {re.split(r"[\[<>=~! ]", each)[0] for each in wanted}

    assert names <= pins(lock).keys()


def flask_command(*args: str, folder: Path) -> subprocess.CompletedProcess[str]:
    settings = {k: v for k, v in os.environ.items() if not k.startswith("LMS_")}
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), *args],
        env=settings | {"LMS_VAR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_command_that_only_reads_needs_no_secret_key(tmp_path):
    answer = flask_command("policy", folder=tmp_path)

    assert answer.returncode == 0
    assert "home:view" in answer.stdout


def test_nobody_is_served_without_a_secret_key(tmp_path):
    answer = flask_command("serve", "--port", "1", folder=tmp_path)

    assert answer.returncode != 0
    assert "LMS_SECRET_KEY is not set" in answer.stderr
