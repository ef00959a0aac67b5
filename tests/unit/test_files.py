"""Files are read within bounds, and written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from unittest import mock

import pytest

from seechain import FileError
from seechain.files import read_text, read_whole, write_whole
from seechain.visible import visible


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "a.json", "Übermut\n")
    assert read_text(path) == "Übermut\n"
    raw = write_whole(tmp_path / "b", b"\x00\xff")
    assert raw.read_bytes() == b"\x00\xff"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.json", "b"]


def test_its_mode_stays_and_a_private_one_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_whole(path, "a 1", private=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    write_whole(path, "a 2")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert stat.S_IMODE(write_whole(tmp_path / "b", "3").stat().st_mode) == 0o666 & ~_mask()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("a: old")
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", "a: new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "a: new"


@pytest.mark.parametrize("at", ["fsync", "replace", "write"])
def test_a_full_disk_leaves_what_was_there(tmp_path: Path, at: str) -> None:
    path = write_whole(tmp_path / "a", "a: old")
    full = OSError(28, "No space left on device")
    where = {"fsync": "os.fsync", "replace": "os.replace", "write": "os.fchmod"}[at]
    with mock.patch(where, side_effect=full), pytest.raises(FileError, match="No space left"):
        write_whole(path, "a: new")
    assert path.read_text() == "a: old"
    assert list(tmp_path.iterdir()) == [path]


def test_ctrl_c_leaves_what_was_there(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "a", "a: old")
    with mock.patch("os.fsync", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        write_whole(path, "a: new")
    assert path.read_text() == "a: old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_can_not_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="can't be read: No such file"):
        read_whole(tmp_path / "none")
    with pytest.raises(FileError, match="Is a directory"):
        read_whole(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="is no file"):
        read_whole(tmp_path / "pipe")
    (tmp_path / "big").write_bytes(b"12345")
    with pytest.raises(FileError, match="more than 4 bytes"):
        read_whole(tmp_path / "big", 4)
    (tmp_path / "raw").write_bytes(b"ab\xff")
    with pytest.raises(FileError, match="byte 2 can't be read"):
        read_text(tmp_path / "raw")


def test_what_can_not_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="can't be written: No such file"):
        write_whole(tmp_path / "none" / "a", "x")
    with pytest.raises(FileError, match="is no file that could be written"):
        write_whole(tmp_path, "x")


def test_a_link_that_leads_back_to_itself_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(FileError, match="is a link that leads back to itself"):
        write_whole(tmp_path / "loop", "x")
    with pytest.raises(FileError, match="can't be read"):
        read_whole(tmp_path / "loop")


KEY = '{\n  "address": "00", "Crypto": {}}'
SEE_FILE, PASSPORT = '{\n "format": "seechain SEE",\n "a": 1}', '{"format": "seechain passport"}'
KINDS = {
    "key": KEY,
    "consents": '{"seechain": "seechain consents 1"}',
    "see": SEE_FILE,
    "passport": PASSPORT,
    "message": '{\n  "types": {}}',
    "words": "apple pear plum\n",
    "agreement": "# An agreement\nname: X\n",
    "picture": '<svg xmlns="x">',
    "page": "<!doctype html>\n",
    "pdf": "%PDF-1.4\nx",
    "books": "time,kind,amount\n",
}


@pytest.mark.parametrize("there", KINDS)
def test_only_a_file_of_the_same_kind_is_written_over(tmp_path: Path, there: str) -> None:
    path = tmp_path / "a"
    path.write_text(KINDS[there])
    for kind, text in KINDS.items():
        for over in ("alike", "same"):
            if kind == there:
                write_whole(path, text, over=over)  # type: ignore[arg-type]
                continue
            with pytest.raises(FileError, match="is there already, and holds "):
                write_whole(path, text, over=over)  # type: ignore[arg-type]
            assert path.read_text() == KINDS[there]


def test_what_is_written_over_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_whole(path, SEE_FILE)
    write_whole(path, SEE_FILE + "\n")
    with pytest.raises(FileError, match="holds another of its kind: name another file"):
        write_whole(path, SEE_FILE, over="same")
    write_whole(path, "name: X\n", over="any")
    path.write_text(KEY)
    with pytest.raises(FileError, match="holds a key: name another file"):
        write_whole(path, KEY + "\n", over="any")
    path.write_text("")
    write_whole(path, "name: X\n")


def test_text_of_others_steers_nothing() -> None:
    assert visible("a\x1b[2Jb\u202ec\u2028d\ne") == "a\\x1b[2Jb\\u202ec\\u2028d\ne"
    assert visible("a\nb", lines=False) == "a\\x0ab"
    assert visible("Zoë नि\u200dन 漢字") == "Zoë नि\u200dन 漢字"


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
