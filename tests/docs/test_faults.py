"""The page of faults has a row for each kind, and its tests exist."""

from __future__ import annotations

import re
from pathlib import Path

from tests.faults.cells import KINDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "attacks" / "faults.md").read_text("utf-8")


def test_every_kind_of_fault_has_its_row() -> None:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \| `tests/faults/test_matrix\.py", PAGE, re.M)
    assert rows == list(KINDS)
    assert len(rows) >= 40


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`tests/faults/(test_\w+)\.py::(\w+)`", PAGE))
    assert len(named) > 6
    for file, test in named:
        source = (ROOT / "tests" / "faults" / f"{file}.py").read_text("utf-8")
        assert f"def {test}(" in source
