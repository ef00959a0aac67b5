"""A contract of the tests is compiled once, and anew where it has changed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools.compiled import compiled

SOURCE = "@external\n@view\ndef {}() -> uint256:\n    return 1\n"


def test_once_for_each_source(tmp_path: Path) -> None:
    source, folder = tmp_path / "One.vy", tmp_path / "made"
    source.write_text(SOURCE.format("one"))
    abi, bytecode = compiled(source, folder)
    assert abi[0]["name"] == "one"
    assert bytecode.startswith("0x")
    (made,) = folder.glob("*.json")
    made.write_text('["kept", ""]')
    assert compiled(source, folder) == ("kept", "")

    source.write_text(SOURCE.format("two"))
    abi, _ = compiled(source, folder)
    assert abi[0]["name"] == "two"


def test_what_does_not_compile_leaves_nothing(tmp_path: Path) -> None:
    source, folder = tmp_path / "One.vy", tmp_path / "made"
    source.write_text("def")
    for _ in range(2):
        with pytest.raises(subprocess.CalledProcessError):
            compiled(source, folder)
    assert not list(folder.glob("*.json"))
