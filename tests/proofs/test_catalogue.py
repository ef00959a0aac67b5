"""Every function that changes state is proven something of, or it is said why not."""

from __future__ import annotations

import re
from pathlib import Path

from campaign.proofs.bytecode import FUNCTIONS, checks
from campaign.proofs.catalogue import NOT_REACHED, THEOREMS
from seechain.chain.artifacts import NAMES, load

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


def _theorems() -> list[str]:
    return [
        name
        for file in THEOREMS_FOLDER.glob("*.py")
        for name in re.findall(r"^@theorem\(.*?\)\ndef (\w+)\(\)", file.read_text("ascii"), re.M)
    ]


def test_each_named_theorem_is_written_once() -> None:
    written = _theorems()
    named = {name for names in THEOREMS.values() for name in names}

    assert len(written) == len(set(written))
    assert sorted(named - set(written)) == []
    assert sorted(set(written) - named) == []


def test_each_check_of_bytecode_has_its_functions() -> None:
    looked = checks("check")

    assert {check.name for check in looked} == set(FUNCTIONS)
    assert {name for check in looked for name in check.functions()} <= _state_changing()
    assert len(checks("false")) >= 5


def test_the_page_on_proofs_names_each_of_them() -> None:
    page = Path("docs", "proofs.md").read_text("utf-8")

    assert sorted(re.findall(r"^\| (\w+) \| z3", page, re.M)) == sorted(_theorems())
    assert sorted(re.findall(r"^\| (\w+) \| halmos", page, re.M)) == sorted(FUNCTIONS)


def test_the_slots_of_the_checks_are_the_compilers() -> None:
    layout = load("SEE").storage_layout
    slots = {name.upper(): each["slot"] for name, each in layout["splitter"]["books"].items()}
    slots["CLOSED"] = layout["versions"]["closed"]["slot"]
    slots["ENDED"] = layout["ended"]["slot"]
    written = Path("campaign", "proofs", "properties", "slots.vy").read_text("ascii")

    assert dict(re.findall(r"^(\w+): constant\(uint256\) = (\d+)", written, re.M)) == {
        name: str(slot) for name, slot in slots.items()
    }
