"""`lms chip verify` judges a folder and ends with a status that scripts can use."""

import json

import pytest

from sso.virtual_card import documents, issuing
from tests.sso.specimens import CHALLENGE, FRESH, state

ON = ("--on", "2026-09-05")


@pytest.fixture
def folder(tmp_path):
    """A lawful card beside the folder of anchors."""
    (tmp_path / "card").mkdir()
    (tmp_path / "anchors").mkdir()
    (tmp_path / "anchors/csca.cer").write_bytes(state().authority.der)
    crl = issuing.revocation_list(state().authority, **FRESH)
    (tmp_path / "csca.crl").write_bytes(crl)
    write(tmp_path, state().card())
    return tmp_path


def write(folder, document):
    (folder / "card/EF_SOD.bin").write_bytes(document.sod)
    for number, content in document.groups.items():
        (folder / f"card/DG{number}.bin").write_bytes(content)
    answer = document.active_key.sign_plain(CHALLENGE)
    (folder / "card/AA.bin").write_bytes(answer)


@pytest.fixture
def run(app, folder):
    def command(*more):
        card, anchors = str(folder / "card"), str(folder / "anchors")
        line = ["chip", "verify", card, "--anchors", anchors, "--json", *more]
        return app.test_cli_runner().invoke(args=line)

    return command


def test_a_lawful_card_ends_with_status_0(run, folder):
    result = run(
        "--challenge", CHALLENGE.hex(), "--crl", str(folder / "csca.crl"), *ON
    )  # fmt: skip

    said = json.loads(result.stdout)
    assert result.exit_code == 0
    assert said["accepted"] is True
    assert set(said) == {"accepted", "steps", "identity"}
    assert {tuple(step) for step in said["steps"]} == {("step", "verdict", "reason")}
    assert said["identity"]["number"] == "********2345"
    assert "001203012345" not in result.stdout


def test_a_refused_card_ends_with_status_1_and_says_why(run, folder):
    other = documents.dg1(documents.Person(number="001203099999"))
    (folder / "card/DG1.bin").write_bytes(other)

    result = run("--challenge", CHALLENGE.hex(), *ON)

    steps = {step["step"]: step for step in json.loads(result.stdout)["steps"]}
    assert result.exit_code == 1
    assert steps["hashes"]["verdict"] == "refused"
    assert "đã bị sửa sau khi cấp. (DG1)" in steps["hashes"]["reason"]
    assert steps["revocation"]["verdict"] == "not_checked"


def test_without_json_the_steps_are_read_aloud(app, folder):
    line = [
        "chip",
        "verify",
        str(folder / "card"),
        "--anchors",
        str(folder / "anchors"),
    ]

    result = app.test_cli_runner().invoke(args=[*line, *ON])

    assert result.exit_code == 1
    assert "Từ chối" in result.stdout
    assert "không có thử thách để so" in result.stdout


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "card/EF_SOD.bin").unlink(),
        lambda folder: (folder / "anchors/csca.cer").write_bytes(b"not one"),
        lambda folder: (folder / "csca.crl").write_bytes(b"not one"),
    ],
)
def test_what_cannot_be_judged_ends_with_status_2(run, folder, spoil):
    spoil(folder)

    result = run("--crl", str(folder / "csca.crl"))

    assert result.exit_code == 2
    assert json.loads(result.stdout)["accepted"] is False


@pytest.mark.parametrize("challenge", ["xyz", "00", "00" * 9])
def test_a_challenge_is_eight_bytes(run, challenge):
    assert run("--challenge", challenge).exit_code == 2


def test_an_empty_folder_of_anchors_makes_nobody_known(run, folder):
    (folder / "anchors/csca.cer").unlink()

    result = run("--challenge", CHALLENGE.hex(), *ON)

    steps = {step["step"]: step for step in json.loads(result.stdout)["steps"]}
    assert result.exit_code == 1
    assert steps["chain"]["reason"].startswith("unknown_csca")
