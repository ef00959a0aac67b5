"""Files are read within bounds, and written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from unittest import mock

import pytest
import segno

from seechain import FileError
from seechain.files import Over, read_text, read_whole, write_whole
from seechain.paper.drawing import squares, svg
from seechain.paper.page import page
from seechain.paper.pdf import pdf
from seechain.paper.png import png
from seechain.payment_requests import qr
from seechain.visible import visible

OWN, OTHER = '{"format": "seechain X", "a": 1}', '{"format": "seechain X", "a": 2}'


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "a.json", "Übermut\n")
    assert read_text(path) == "Übermut\n"
    raw = write_whole(tmp_path / "b", b"\x00\xff")
    assert raw.read_bytes() == b"\x00\xff"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.json", "b"]


def test_its_mode_stays_and_a_private_one_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_whole(path, OWN, private=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    write_whole(path, OTHER)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert stat.S_IMODE(write_whole(tmp_path / "b", "3").stat().st_mode) == 0o666 & ~_mask()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text(OWN)
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", OTHER)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == OTHER


@pytest.mark.parametrize("at", ["fsync", "replace", "write"])
def test_a_full_disk_leaves_what_was_there(tmp_path: Path, at: str) -> None:
    path = write_whole(tmp_path / "a", OWN)
    full = OSError(28, "No space left on device")
    where = {"fsync": "os.fsync", "replace": "os.replace", "write": "os.fchmod"}[at]
    with mock.patch(where, side_effect=full), pytest.raises(FileError, match="No space left"):
        write_whole(path, OTHER)
    assert path.read_text() == OWN
    assert list(tmp_path.iterdir()) == [path]


def test_ctrl_c_leaves_what_was_there(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "a", OWN)
    with mock.patch("os.fsync", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        write_whole(path, OTHER)
    assert path.read_text() == OWN
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
WORDS = " ".join(["apple", "pear", "plum"] * 4)
KINDS = {
    "key": KEY,
    "consents": '{"seechain": "seechain consents 1"}',
    "see": SEE_FILE,
    "passport": PASSPORT,
    "message": '{\n  "types": {}}',
    "words": WORDS,
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
    path.write_text("# mine\nname: Y\n")
    write_whole(path, "name: X\n", over="any")
    path.write_text("")
    write_whole(path, "name: X\n")


@pytest.mark.parametrize(
    ("there", "holds"),
    [
        (KEY, "a key"),
        (f"{WORDS}\n", "the words of a key"),
        (KINDS["consents"], "something else"),
        ('{"account": "0x1", "signature": "0x2"}', "something else"),
        (PASSPORT, "something else"),
        ("record,see,see_name,currency,symbol\r\n", "something else"),
        ("name: \x00", "something else"),
    ],
)
def test_what_force_spares(tmp_path: Path, there: str, holds: str) -> None:
    path = tmp_path / "a"
    path.write_text(there)
    with pytest.raises(FileError, match=f"holds {holds}: name another file"):
        write_whole(path, "name: X\n", over="any")
    assert path.read_bytes() == there.encode()


JOURNAL = "; Statement of X\n; 2027-01-01 to 2027-12-31, UTC, chain 1, up to block 7\n"
PAGE = '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
SIGNED = '{"see": "0x1", "content": "0x2", "to": "0x5", "deadline": 1, "signature": "0x3"}'


@pytest.mark.parametrize(
    ("there", "written"),
    [
        ("; My own ledger, kept by hand since 2019\n", JOURNAL + "option x"),
        ("; mine\n" + JOURNAL + "option x", JOURNAL + "option x\n"),
        (JOURNAL + "decimal-mark .", JOURNAL + "option x"),
        (PAGE + "<title>my web site", PAGE + '<meta name="generator" content="seechain preview">'),
        (
            PAGE + '<meta name="generator" content="seechain preview">',
            PAGE + '<meta name="generator" content="seechain statement">',
        ),
        ("<svg x=''>mine", "<svg x=''>\n<!-- seechain picture -->"),
        ("time,kind,amount", "record,see,see_name,currency,symbol"),
        ('{"format": "seechain passport", "member": "0x1"}', PASSPORT),
        (SIGNED, SIGNED.replace("0x2", "0x4")),
        ('{"chain_id": 1, "see": "0x1"}', '{"chain_id": 1, "see": "0x1", "amount": 2}'),
        ('{"chain_id": 1, "see": "0x1"}', '{"chain_id": 1, "see": "0x2"}'),
    ],
)
def test_what_people_wrote_or_is_about_another_stays(
    tmp_path: Path, there: str, written: str
) -> None:
    path = tmp_path / "a"
    path.write_text(there)
    with pytest.raises(FileError, match="holds something else: name another file"):
        write_whole(path, written)
    assert path.read_text() == there
    path.write_text(written + " ")  # its own, typed again
    write_whole(path, written)


def test_what_is_signed_again_takes_the_place_of_the_same(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "a", SIGNED)
    write_whole(path, SIGNED.replace("0x3", "0x9").replace("0x5", "0x6").replace("1,", "2,"))


def test_a_large_table_is_known_by_its_end(tmp_path: Path) -> None:
    mine = b"PAR1" + bytes(300)
    path = write_whole(tmp_path / "a", mine + b"seechain statement")
    with mock.patch("seechain.files.MOST", 100), mock.patch("seechain.files._END", 50):
        write_whole(path, mine + b"\x01 seechain statement")
        path.write_bytes(mine)
        with pytest.raises(FileError, match="holds something else"):
            write_whole(path, mine + b"seechain statement")


def test_pictures_and_papers_say_who_made_them(tmp_path: Path) -> None:
    drawing = squares([[1, 0], [0, 1]], "T", "says")
    made = {
        "picture": (png(drawing), png(squares([[1]], "T", "says"))),
        "drawing": (svg(drawing), svg(squares([[1]], "T", "says"))),
        "request": (qr.png("a"), qr.png("b")),
        "code": (qr.svg("a"), qr.svg("b")),
        "preview": (pdf("T", []), pdf("U", [])),
        "statement": (pdf("T", [], what="statement"), pdf("U", [], what="statement")),
        "page": (page("T", []), page("U", [])),
    }
    for name, (first, second) in made.items():
        path = write_whole(tmp_path / name, first)
        write_whole(path, second)
        for other in made.keys() - {name}:
            with pytest.raises(FileError, match="holds something else"):
                write_whole(path, made[other][0])
    segno.make("mine").save(str(tmp_path / "photo.png"))
    with pytest.raises(FileError, match="holds something else"):
        write_whole(tmp_path / "photo.png", qr.png("a"))


@pytest.mark.parametrize("over", ["alike", "same"])
def test_of_two_new_ones_at_once_the_first_stays(tmp_path: Path, over: Over) -> None:
    path = tmp_path / "r1.txt"
    made = os.fsync

    def meanwhile(number: int) -> None:
        path.exists() or path.write_text(WORDS)
        made(number)

    with mock.patch("os.fsync", meanwhile), pytest.raises(FileError, match="meanwhile: name"):
        write_whole(path, WORDS[::-1], private=over == "alike", over=over)
    assert path.read_text() == WORDS
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_without_links_takes_a_new_file(tmp_path: Path) -> None:
    with mock.patch("os.link", side_effect=PermissionError(1, "Operation not permitted")):
        path = write_whole(tmp_path / "a", WORDS, private=True)
    assert path.read_text() == WORDS
    assert list(tmp_path.iterdir()) == [path]


def test_text_of_others_steers_nothing() -> None:
    assert visible("a\x1b[2Jb\u202ec\u2028d\ne") == "a\\x1b[2Jb\\u202ec\\u2028d\ne"
    assert visible("a\nb", lines=False) == "a\\x0ab"
    assert visible("Zoë नि\u200dन 漢字") == "Zoë नि\u200dन 漢字"


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
