"""What the race says: its record, its tables, and what misses a target."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from bench.reading import report
from bench.reading.__main__ import RECORD


@pytest.fixture
def figures() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RECORD.read_text())
    return found


def test_the_record_misses_nothing(figures: dict[str, Any]) -> None:
    assert report.misses(figures) == []
    race = figures["race"]
    assert race["events"] >= 50_000
    assert race["ratio"] == pytest.approx(race["web3"]["wall"] / race["columns"]["wall"], rel=0.05)
    assert figures["flatness"]["sizes"][-1]["rows"] >= 1_000_000


def test_what_misses_its_target_is_named(figures: dict[str, Any]) -> None:
    slow = copy.deepcopy(figures)
    slow["race"]["ratio"] = 19.9
    assert report.misses(slow) == ["columns are 19.9 times as fast as web3.py, at least 20 wanted"]
    steep = copy.deepcopy(figures)
    steep["flatness"]["sizes"][-1]["peak_mib"] *= 3
    assert "peak of memory grows" in report.misses(steep)[0]


def test_tables_stand_between_their_markers(figures: dict[str, Any], tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    report.write_into(page, figures)
    assert not page.exists()
    page.write_text("a\n<!-- reading: race -->\nearlier\n<!-- end -->\nb\n")
    report.write_into(page, figures)
    text = page.read_text()
    assert text.startswith("a\n<!-- reading: race -->\n|  | s |")
    assert text.endswith("|\n<!-- end -->\nb\n")
    assert "earlier" not in text
    report.write_into(page, figures)
    assert page.read_text() == text
    empty = "<!-- reading: race -->\n<!-- end -->\n<!-- reading: flatness -->\n<!-- end -->\n"
    page.write_text(empty)
    report.write_into(page, figures)
    assert page.read_text().count("<!-- end -->") == page.read_text().count("| --- |") == 2
    assert "`seechain.columns.read`" in report.text(figures)
