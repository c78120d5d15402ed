"""The organisation tree of a day: who stands below whom, what cannot be."""

from hypothesis import given
from hypothesis import strategies as st

from lms.units.rules import (
    Description,
    Node,
    Tree,
    UnitRefusal,
    described,
    merge_refusal,
    move_refusal,
    totals,
)

R = UnitRefusal


def tree_of(parents):
    """Make a tree from {unit: the one above it}."""
    return Tree(Node(n, f"u{n}", f"U{n}", "xã", up) for n, up in parents.items())


DISTRICT = tree_of({1: None, 2: 1, 3: 1, 4: 2, 5: 4})


def test_the_tree_is_walked_from_the_top():
    assert [(n.id, d) for n, d in DISTRICT.walk()] == [
        (1, 0),
        (2, 1),
        (4, 2),
        (5, 3),
        (3, 1),
    ]
    assert [node.id for node in DISTRICT.path(5)] == [1, 2, 4, 5]
    assert DISTRICT.below(2) == {2, 4, 5}


def test_a_unit_whose_superior_is_gone_stands_at_the_top():
    assert [node.id for node in tree_of({7: 99}).children(None)] == [7]


def test_a_unit_does_not_come_to_stand_below_itself():
    assert move_refusal(DISTRICT, 2, 5) is R.CIRCLE
    assert move_refusal(DISTRICT, 2, 2) is R.CIRCLE
    assert move_refusal(DISTRICT, 2, 3) is None
    assert move_refusal(DISTRICT, 2, None) is None
    assert move_refusal(DISTRICT, 2, 99) is R.PARENT_NOT_OPEN


def test_what_can_be_merged():
    assert merge_refusal(DISTRICT, [2, 3], 1) is None
    assert merge_refusal(DISTRICT, [], 1) is R.NOTHING_TO_MERGE
    assert merge_refusal(DISTRICT, [2], 2) is R.MERGED_INTO_ITSELF
    assert merge_refusal(DISTRICT, [99], 2) is R.NOT_OPEN
    assert merge_refusal(DISTRICT, [2], 5) is R.CIRCLE


@given(st.data())
def test_whatever_the_tree_everybody_is_counted_once(data):
    size = data.draw(st.integers(1, 12))
    parents = {1: None}
    for n in range(2, size + 1):
        parents[n] = data.draw(st.one_of(st.none(), st.integers(1, n - 1)))
    counts = data.draw(
        st.dictionaries(st.integers(1, size), st.integers(0, 50), max_size=size)
    )
    tree = tree_of(parents)

    summed = totals(tree, counts)

    assert sum(summed[top.id] for top in tree.children(None)) == sum(counts.values())
    for unit in parents:
        assert summed[unit] == sum(counts.get(n, 0) for n in tree.below(unit))


def test_a_line_describes_a_new_unit():
    assert described(" p-1 | Phường Một | phường ") == Description(
        "p-1", "Phường Một", "phường"
    )
    assert described("p-1 | Phường Một") is None
    assert described("p-1 | | phường") is None
    assert described(f"{'x' * 41} | a | b") is None
