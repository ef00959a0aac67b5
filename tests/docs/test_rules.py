"""Every rule that the docs name has the test that they name."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_rule_has_its_test() -> None:
    rules = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    named = re.findall(r"\| `(test_\w+)` \|", rules)
    written: set[str] = set()
    for file in (ROOT / "tests" / "contracts").glob("test_*.py"):
        written |= set(re.findall(r"^def (test_\w+)\(", file.read_text("utf-8"), re.M))

    assert len(named) > 60
    assert [name for name in named if name not in written] == []
    assert [name for name, count in Counter(named).items() if count > 1] == []
