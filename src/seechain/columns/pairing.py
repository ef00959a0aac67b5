"""Which of two kinds of rows belong together, as brackets do: many groups at once.

In each group an opening row is closed by the next closing row that no later opening one takes: so
the latest transfer before a `pay` is the one by which it was made. A closing row that finds none
open closes nothing.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from seechain.columns.words import Column, counted, flat, pc


def closed_by(groups: Column, opens: Column) -> Column:
    """For each row the number of the row that closes it; null where none does.

    Args:
        groups: bytes, by which rows are told apart. opens: whether a row opens, or closes.
    """
    count = len(groups)
    if not count:
        return pa.nulls(0, pa.int64())
    rows = pa.table(
        {
            "group": flat(groups).dictionary_encode().indices.cast(pa.int64()),
            "row": counted(count),
            "step": pc.if_else(opens, 1, -1),
        }
    )
    rows = _sorted(rows, "group", "row")
    rows = _sorted(_levels(rows), "group", "level", "row")
    if not len(rows):
        return pa.nulls(count, pa.int64())
    step, row = flat(rows["step"]), flat(rows["row"])
    follows = pc.and_(
        pc.equal(_next(flat(rows["group"])), flat(rows["group"])),
        pc.equal(_next(flat(rows["level"])), flat(rows["level"])),
    )
    pairs = pc.and_(pc.and_(follows, pc.equal(step, 1)), pc.equal(_next(step), -1))
    pairs = pc.fill_null(pairs, False)
    opening, closing = row.filter(pairs), _next(row).filter(pairs)
    place = pc.index_in(counted(count), value_set=opening)
    return closing.take(place) if len(closing) else pa.nulls(count, pa.int64())


def _levels(rows: Any) -> Any:
    """How many are open at each row of its group, and without the rows that close nothing."""
    group, step = flat(rows["group"]), flat(rows["step"])
    is_first = pc.fill_null(pc.not_equal(group, _before(group)), True)
    total = pc.cumulative_sum(step)
    before = pc.fill_null_forward(pc.if_else(is_first, pc.subtract(total, step), None))
    total = pc.subtract(total, before)
    # Each group lies lower than all before it, so that the least so far is its own.
    lower = pc.multiply(group, 2 * len(rows) + 2)
    least = pc.add(pc.cumulative_min(pc.subtract(total, lower)), lower)
    floor = pc.min_element_wise(least, 0)
    floor_before = pc.if_else(is_first, 0, pc.fill_null(_before(floor), 0))
    depth = pc.subtract(total, floor)
    level = pc.if_else(pc.equal(step, 1), depth, pc.add(depth, 1))
    closes_nothing = pc.less(floor, floor_before)
    return rows.append_column("level", level).filter(pc.invert(closes_nothing))


def _sorted(rows: Any, *names: str) -> Any:
    keys = [(name, "ascending") for name in names]
    return rows.take(pc.sort_indices(rows, sort_keys=keys))


def _next(column: Column) -> Column:
    return pa.concat_arrays([column[1:], pa.nulls(1, column.type)])


def _before(column: Column) -> Column:
    return pa.concat_arrays([pa.nulls(1, column.type), column[:-1]])
