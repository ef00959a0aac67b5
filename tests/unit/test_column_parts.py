"""A folder of columns: what is not as it was written is refused in one sentence."""

from __future__ import annotations

import json
import random
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from seechain import FileError
from seechain.columns.decoding import NAMES, SCHEMAS
from seechain.columns.parts import Shelf

ABOUT: dict[str, Any] = {"see": "0x1", "chain": 1, "start": 0, "tokens": []}
HASH = b"\7" * 32


def rows(index: int) -> Any:
    row = {
        "block": 1,
        "log_index": 0,
        "time": 0,
        "transaction": bytes(32),
        "account": b"\2" * 20,
        "index": index,
        "version": 0,
        "late": False,
        "currency": bytes(20),
        "amount": Decimal(5),
        "amount_word": bytes(31) + b"\5",
    }
    return pa.Table.from_pylist([row], schema=SCHEMAS["claims"])


def shelved(folder: Path) -> Shelf:
    shelf = Shelf(folder, ABOUT)
    shelf.add({**nothing(), "claims": [rows(3)]}, 0, 9, HASH, 0)
    shelf.close()
    return shelf


def nothing() -> dict[str, list[Any]]:
    return {name: [] for name in NAMES}


def test_one_reads_into_a_folder_at_a_time(tmp_path: Path) -> None:
    """Two took each other's parts away, and one was left without its payments."""
    first = Shelf(tmp_path, ABOUT)
    with pytest.raises(FileError, match="another process reads into"):
        Shelf(tmp_path, ABOUT)
    first.add({**nothing(), "claims": [rows(3)]}, 0, 9, HASH, 0)
    first.close()
    with pytest.raises(FileError, match="of another SEE"):
        Shelf(tmp_path, {**ABOUT, "see": "0x2"})
    second = Shelf(tmp_path, ABOUT)
    assert second.parts == first.parts
    second.close()


def test_a_part_is_what_was_written(tmp_path: Path) -> None:
    shelved(tmp_path)
    (part,) = Shelf(tmp_path, ABOUT).parts
    assert part.table("claims").to_pylist() == rows(3).to_pylist()
    assert len(part.table("kept")) == 0


def test_a_changed_byte_is_never_read(tmp_path: Path) -> None:
    part, rng = shelved(tmp_path).parts[0], random.Random(1)
    file = part.file("claims")
    raw = file.read_bytes()
    for at in rng.sample(range(len(raw)), 200):
        changed = bytearray(raw)
        changed[at] ^= 1 << rng.randrange(8)
        file.write_bytes(changed)
        with pytest.raises(FileError, match="is no whole reading"):
            part.table("claims")


def test_a_file_in_the_place_of_another_is_refused(tmp_path: Path) -> None:
    """Claims and kept have the same columns; so have the claims of two parts."""
    part = shelved(tmp_path).parts[0]
    shutil.copy(part.file("claims"), part.file("kept"))
    with pytest.raises(FileError, match="is no whole reading"):
        part.table("kept")
    other = Shelf(tmp_path / "other", ABOUT)
    other.add({**nothing(), "claims": [rows(4)]}, 0, 9, HASH, 0)
    shutil.copy(other.parts[0].file("claims"), part.file("claims"))
    with pytest.raises(FileError, match="is no whole reading"):
        part.table("claims")


@pytest.mark.parametrize("tokens", [None, 5, [[1]], ["0x1"], [7]])
def test_tokens_that_are_none_are_refused(tmp_path: Path, tokens: object) -> None:
    shelved(tmp_path)
    path = tmp_path / "reading.json"
    said = json.loads(path.read_text())
    del said["tokens"]
    path.write_text(json.dumps(said if tokens is None else {**said, "tokens": tokens}))
    with pytest.raises(FileError, match="is no whole reading"):
        Shelf(tmp_path, ABOUT)


def test_a_folder_that_goes_away_is_told(tmp_path: Path) -> None:
    shelf = shelved(tmp_path / "kept")
    shutil.rmtree(tmp_path / "kept")
    with pytest.raises(FileError, match="can't be removed: No such file"):
        shelf.drop()
    shelf = Shelf(tmp_path / "kept", ABOUT)
    shutil.rmtree(tmp_path / "kept")
    with pytest.raises(FileError, match="can't be written: No such file"):
        shelf.add(nothing(), 0, 9, HASH, 0)
    with pytest.raises(FileError, match="can't be made"):
        Shelf("a\0b", ABOUT)
