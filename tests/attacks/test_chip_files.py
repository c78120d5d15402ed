"""A chip may hold anything: a few hundred hostile files, each to its verdict."""

from tests.attacks import chip_files


def test_hostile_files_end_in_a_verdict_within_their_bounds():
    _accepted, slowest = chip_files.run(300, seed=21, more={})

    assert slowest < chip_files.LONGEST_S
