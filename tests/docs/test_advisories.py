"""Every advisory that the docs say is shown has its test, and each test its line in the docs."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_advisory_that_is_shown_has_its_test() -> None:
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    named = re.findall(r"`(test_cve_\w+)`", page)
    tests = (ROOT / "tests" / "compiler" / "test_reproducers.py").read_text("utf-8")
    assert sorted(named) == sorted(re.findall(r"^def (test_cve_\w+)\(", tests, re.M))
    for name in named:
        assert name.removeprefix("test_").upper().replace("_", "-") in page
