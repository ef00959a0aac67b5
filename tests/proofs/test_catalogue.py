"""Every function that changes state is proven something of, or it is said why not."""

from __future__ import annotations

import re
from pathlib import Path

from campaign.proofs.catalogue import NOT_REACHED, THEOREMS
from seechain.artifacts import NAMES, load

THEOREMS_FOLDER = Path("campaign", "proofs", "theorems")


def _state_changing() -> set[str]:
    kinds = {"function", "fallback", "receive"}
    return {
        f"{name}.{entry.get('name', '__default__')}"
        for name in NAMES
        for entry in load(name).abi
        if entry["type"] in kinds and entry["stateMutability"] not in ("view", "pure")
    }


def test_each_function_is_proven_or_said_why_not() -> None:
    assert sorted([*THEOREMS, *NOT_REACHED]) == sorted(_state_changing())


def test_each_named_theorem_is_written_once() -> None:
    written = [
        name
        for file in THEOREMS_FOLDER.glob("*.py")
        for name in re.findall(r"^@theorem\(.*?\)\ndef (\w+)\(\)", file.read_text("ascii"), re.M)
    ]
    named = {name for names in THEOREMS.values() for name in names}

    assert len(written) == len(set(written))
    assert sorted(named - set(written)) == []
    assert sorted(set(written) - named) == []
