"""Each attack that the page on Payer and Noticeboard names has its test."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_test_that_is_named_exists() -> None:
    file, found = "", []
    page = (ROOT / "docs" / "beside.md").read_text("utf-8")
    for in_file, name in re.findall(r"`([\w/.]*)::(test_\w+)`", page):
        file = in_file or file
        found.append((file, name))
    assert len(found) > 30
    for file, name in found:
        assert f"def {name}(" in (ROOT / file).read_text("utf-8"), f"{file}::{name}"
