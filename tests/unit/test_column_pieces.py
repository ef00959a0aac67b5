"""What columns are made with: brackets that are paired, exact amounts, ranges of blocks."""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from seechain.columns.pairing import closed_by
from seechain.columns.ranges import ROWS, Stride
from seechain.columns.words import decimals, fixed


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from([b"a", b"bb", b"ccc"]), st.booleans()), max_size=30))
def test_brackets_close_the_latest_that_is_open(rows: list[tuple[bytes, bool]]) -> None:
    expected: list[int | None] = [None] * len(rows)
    is_open = defaultdict(list)
    for at, (group, opens) in enumerate(rows):
        if opens:
            is_open[group].append(at)
        elif is_open[group]:
            expected[is_open[group].pop()] = at
    groups = pa.array([group for group, _ in rows], pa.binary())
    found = closed_by(groups, pa.array([opens for _, opens in rows], pa.bool_()))
    assert found.to_pylist() == expected


def test_amounts_are_exact_or_null() -> None:
    values = [0, 1, 255, 10**38 - 1, 10**38, 2**127, 2**128, 2**255, 2**256 - 1]
    found = decimals(fixed(b"".join(each.to_bytes(32, "big") for each in values), 32))
    assert found.to_pylist() == [each if each < 10**38 else None for each in values]
    assert decimals(fixed(b"", 32)).to_pylist() == []


def test_ranges_fit_what_the_node_takes() -> None:
    stride, refused, asked, at = Stride(), 0, 0, 0
    while at < 1_000_000:  # a node that takes a thousand blocks
        asked += 1
        if stride.size > 1000:
            refused += 1
            stride.refused(stride.size)
            continue
        at += stride.size
        stride.answered(stride.size, 0)
    assert refused < 0.02 * asked
    assert asked < 1.8 * 1000


def test_ranges_hold_as_many_rows_as_are_wanted() -> None:
    stride = Stride()
    sizes = []
    for rows_in_a_block in (0, 0, 100, 100, 100, 0, 0, 0):
        sizes.append(stride.size)
        stride.answered(stride.size, stride.size * rows_in_a_block)
    assert sizes[:3] == [10_000, 80_000, 640_000]
    assert sizes[3:5] == [ROWS // 100] * 2
    assert sizes[5:] == [ROWS // 100 * 8**each for each in range(3)]
