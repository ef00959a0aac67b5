"""Places where no file can be written: nothing is left there, and what was there stays whole."""

from __future__ import annotations

import os
from pathlib import Path
from unittest import mock

import pytest
from web3 import Web3

from tests.cli import bad
from tests.cli.bad_kit import DAYS, Kit
from tests.cli.typing import Person, Typed
from tests.sdk.chain import key

OLD = b"what was there before\n"


@pytest.fixture
def writes(kit: Kit) -> dict[str, tuple[str, ...]]:
    """Commands by the option that names the file they write, @ for it; may it be there before?"""
    at = ("--see", kit.see)
    request, agreement = str(kit.folder / "request.json"), str(kit.folder / "bright.yaml")
    return {
        "new": ("new", "--name", "X", "--terms", "y", "--expires", "2030-01-01", "--member",
                f"Ada,core,{key(1).address},1,1", "--force", "--out", "@"),
        "preview": ("preview", agreement, "--amount", "1 ether", "--out", "@.html"),
        "pdf": ("preview", agreement, "--amount", "1 ether", "--out", "@.pdf"),
        "picture": ("preview", agreement, "--amount", "1 ether", "--picture", "@.svg"),
        "png": ("preview", agreement, "--amount", "1 ether", "--picture", "@.png"),
        "request": ("request", *at, "--amount", "1 ether", "--memo", "INV-7", "--out", "@"),
        "qr": ("request", request, "--qr", "@.svg"),
        "qr png": ("request", request, "--qr", "@.png"),
        "receipt": ("receipt", kit.names["transaction"], *at, "--out", "@"),
        "state": ("watch", request, "--once", "--state", "@.state"),
        "statement": ("statement", *at, *DAYS, "--format", "csv", "--out", "@"),
        "parquet": ("statement", *at, *DAYS, "--format", "parquet", "--out", "@"),
        "beancount": ("statement", *at, *DAYS, "--format", "beancount", "--out", "@"),
        "hledger": ("statement", *at, *DAYS, "--format", "hledger", "--out", "@"),
        "json": ("statement", *at, *DAYS, "--format", "json", "--out", "@"),
        "html": ("statement", *at, *DAYS, "--format", "html", "--out", "@"),
        "export": ("export", *at, "--out", "@"),
        "passport": ("passport", key(1).address, "--out", "@"),
        "mesh": ("mesh", "--out", "@"),
        "code": ("code", "--out", "@.new"),
        "admit": ("admit", str(kit.folder / "night-market.yaml"), *at, "--application",
                  str(kit.folder / "application.json"), "--out", "@.new"),
        "message": ("sign", agreement, "--message", "@"),
        "posting": ("record", *at, "--text", "So.", "--sign", "@"),
        "application": ("apply", *at, "--notice", kit.names["notice"], "--name", "D", "--text",
                        "I can", "--out", "@"),
        "authorize": ("pay", *at, "--amount", "5 SIGN", "--currency", kit.names["token"],
                      "--authorize", "@"),
    }  # fmt: skip


@pytest.fixture
def typist(people: dict[str, Person], at: Typed) -> dict[str, Typed]:
    """Who types each command."""
    found: dict[str, Typed] = {"application": people["dana"], "authorize": people["port"]}
    for name in ("message", "posting"):
        found[name] = people["ada"]
    return found


NAMES = (
    "new", "preview", "pdf", "picture", "png", "request", "qr", "qr png", "receipt", "state",
    "statement", "parquet", "beancount", "hledger", "json", "html", "export", "passport", "mesh",
    "code", "admit", "message", "posting", "application", "authorize",
)  # fmt: skip


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def words_at(words: tuple[str, ...], place: Path | str) -> list[str]:
    return [each.replace("@", str(place)) if each.startswith("@") else each for each in words]


@pytest.mark.parametrize("name", NAMES)
def test_no_file_can_be_there(
    name: str, writes: dict[str, tuple[str, ...]], typist: dict[str, Typed], at: Typed,
    places: Path, w3: Web3,
) -> None:  # fmt: skip
    judge = bad.Judge(typist.get(name, at), w3)
    words = writes[name]
    target = next(each for each in words if each.startswith("@"))
    ending = target.removeprefix("@")
    Path(f"folder{ending}").mkdir()
    Path("plain").write_bytes(OLD)
    for place in ("folder", "nowhere/x", "plain/x", "n" * 300, "/proc/x", "/dev/full"):
        if ending and place == "/dev/full":
            continue
        judge(*words_at(words, place), may=(5,) if name != "code" else (1, 5))
        assert bad.kept(places) == {"plain": OLD}, place
    assert not list(Path(f"folder{ending}").iterdir())


@pytest.mark.parametrize("name", NAMES)
def test_a_full_disk_and_ctrl_c_leave_what_was_there(
    name: str, writes: dict[str, tuple[str, ...]], typist: dict[str, Typed], at: Typed,
    places: Path, w3: Web3,
) -> None:  # fmt: skip
    judge = bad.Judge(typist.get(name, at), w3)
    words = words_at(writes[name], "out")
    path = Path(next(each for each in words if each.startswith("out")))
    is_new = name in ("code", "admit", "state", "request", "authorize")
    if not is_new:
        judge(*words)
        old = path.read_bytes()
        path.write_bytes(old + (b"\n" if old.startswith(b"{") else OLD))  # of the same kind
    before = bad.kept(places)
    full = OSError(28, "No space left on device")
    for what, error, code in (
        ("os.fsync", full, 5),
        ("os.replace", full, 5),
        ("tempfile.mkstemp", OSError(13, "Permission denied"), 5),
        ("os.replace", KeyboardInterrupt(), 130),
    ):
        with mock.patch(what, side_effect=error), mock.patch("os.link", os.replace):
            judge(*words, may=(code,))
        assert bad.kept(places) == before, what
    judge(*words, may=(0, 3))
    assert is_new or path.read_bytes() != before[path.name]
    assert set(bad.kept(places)) <= {path.name, "out.seats.csv"}


@pytest.mark.parametrize("name", NAMES)
def test_a_key_and_what_is_of_another_kind_stay(
    name: str, writes: dict[str, tuple[str, ...]], typist: dict[str, Typed], at: Typed,
    places: Path, kit: Kit,
) -> None:  # fmt: skip
    words = words_at(writes[name], "out")  # --force of `new` too
    path = Path(next(each for each in words if each.startswith("out")))
    judge = bad.Judge(typist.get(name, at))
    for other in ("keystore.json", "bright.consents.json")[: 1 if name == "new" else 2]:
        path.write_bytes(kit.files[other])
        said = judge(*words, may=(5,)).stderr
        assert bad.kept(places) == {path.name: kit.files[other]}, said
        if other == "keystore.json" and name not in ("admit", "code", "state"):
            assert "is there already, and holds a key: name another file" in said


@pytest.mark.parametrize("name", [name for name in NAMES if name != "new"])
def test_what_people_keep_under_that_name_stays(
    name: str, writes: dict[str, tuple[str, ...]], typist: dict[str, Typed], at: Typed,
    places: Path,
) -> None:  # fmt: skip
    words = words_at(writes[name], "out")
    path = Path(next(each for each in words if each.startswith("out")))
    own = {
        "beancount": b"; My own ledger, kept by hand since 2019\n",
        "hledger": b"; mine\n",
        "html": b"<!doctype html>\n<title>my web site",
        "preview": b"<!doctype html>\n<title>my web site",
        "picture": b"<svg xmlns=''>mine</svg>",
        "pdf": b"%PDF-1.4\nmine",
    }.get(name, b"time,kind,amount\n")
    path.write_bytes(own)
    bad.Judge(typist.get(name, at))(*words, may=(5,))
    assert bad.kept(places) == {path.name: own}


def test_a_statement_does_not_take_the_place_of_a_preview(
    writes: dict[str, tuple[str, ...]], at: Typed, places: Path
) -> None:
    for name, kind in (("preview", "html"), ("pdf", "pdf")):
        at.well(*words_at(writes[name], "agreement"))
        at.refused(*words_at(writes["html"][:-3], ""), kind, "--out", f"agreement.{kind}", code=5)


def test_what_is_signed_anew_takes_its_own_place(
    kit: Kit, writes: dict[str, tuple[str, ...]], people: dict[str, Person], places: Path
) -> None:
    for to in (key(7).address, key(8).address, key(8).address):
        people["ada"].well("sign", kit.see, "--to", to)
    assert len(list(places.iterdir())) == 1
    for place, code in (("first.json", 0), ("second.json", 0), ("first.json", 5)):
        words = words_at(writes["authorize"], place)
        if code:
            said = people["port"].refused(*words, code=code)
            assert "name another file" in str(said)
        else:
            people["port"].well(*words)


def test_nothing_says_who_may_read_it_but_the_user(places: Path, at: Typed) -> None:
    at.well("code", "--out", "words.txt")
    assert os.stat("words.txt").st_mode & 0o077 == 0
