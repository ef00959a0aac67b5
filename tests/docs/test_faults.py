"""The page of faults has a row for each kind, in the matrix's own order and words."""

from __future__ import annotations

import re
from pathlib import Path

from tests.faults.cells import KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "attacks" / "faults.md").read_text("utf-8")


def test_every_kind_of_fault_has_its_row() -> None:
    rows = re.findall(
        r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \| `tests/faults/test_matrix\.py", PAGE, re.M
    )
    assert rows == [(name, kind.does) for name, kind in KINDS.items()]
    assert len(rows) >= 40
