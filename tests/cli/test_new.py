"""An agreement file by options, and by questions on a terminal."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from seechain import Agreement
from tests.cli.typing import Typed

ADA = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
BEN = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
TOKEN = "0x2222222222222222222222222222222222222222"
OPTIONS = (
    *("--name", "Quay", "--terms", "We share.", "--quorum", "3/4", "--expires", "2027-12-31"),
    *("--currency", "native", "--currency", TOKEN, "--nonce", "7"),
    *("--member", f"Ada,core,{ADA},40,1", "--member", f"Ben,client,{BEN},,1"),
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_options_become_a_file_that_reads_back(run: Typed, here: Path) -> None:
    said = run.well("new", *OPTIONS, "--out", "quay.yaml")
    assert "Written: quay.yaml" in said
    agreement = Agreement.load(here / "quay.yaml")
    assert (agreement.name, agreement.terms, str(agreement.quorum)) == ("Quay", "We share.", "3/4")
    assert (str(agreement.expires), agreement.nonce) == ("2027-12-31", 7)
    assert agreement.currencies == ("native", TOKEN)
    assert [(each.name, each.role, each.shares, each.voices) for each in agreement.members] == [
        ("Ada", "core", 40, 1),
        ("Ben", "client", 0, 1),
    ]
    assert run.json("check", "quay.yaml")["faults"] == []


def test_without_a_file_it_is_shown(run: Typed, here: Path) -> None:
    result = run("new", *OPTIONS)
    assert Agreement.parse(result.stdout).name == "Quay"
    assert run("new", *OPTIONS, "--out", "-").stdout == result.stdout
    given = run.json("new", *OPTIONS)
    assert given["text"] == result.stdout
    assert given["file"] is None
    assert list(here.iterdir()) == []


def test_what_is_left_out_is_as_in_the_example_and_a_number_is_drawn(run: Typed) -> None:
    words = ("--name", "Q", "--terms", "t", "--expires", "2027-12-31")
    made = [
        Agreement.parse(run("new", *words, "--member", f"Ada,core,{ADA},1,1").stdout)
        for _ in range(2)
    ]
    assert made[0].currencies == ("native",)
    assert str(made[0].quorum) == "2/3"
    assert made[0].nonce != made[1].nonce


def test_terms_and_further_seats_come_from_files(run: Typed, here: Path) -> None:
    (here / "terms.txt").write_bytes(b"\xef\xbb\xbfFirst line.\r\n\r\n- second")
    (here / "seats.csv").write_text(f"account,shares\n{TOKEN},60\n")
    words = ("--name", "Q", "--expires", "2027-12-31", "--member", f"Ada,core,{ADA},40,1")
    run.well("new", *words, "--terms-file", "terms.txt", "--seats", "seats.csv", "--out", "q.yaml")
    agreement = Agreement.load(here / "q.yaml")
    assert agreement.terms == "First line.\n\n- second"
    assert agreement.table.shares == 100
    said = run.refused("new", *words, "--terms-file", "none.txt", code=5)
    assert "none.txt can't be read" in said
    run.refused("new", *words, "--terms", "a", "--terms-file", "terms.txt", code=2)
    run.refused("new", *words, "--terms", "a", "--seats", "../seats.csv")


def test_a_file_that_is_there_is_kept(run: Typed, here: Path) -> None:
    (here / "quay.yaml").write_text("mine")
    said = run.refused("new", *OPTIONS, "--out", "quay.yaml", code=5)
    assert said == "quay.yaml is there already: name another file, or --force"
    assert (here / "quay.yaml").read_text() == "mine"
    run.well("new", *OPTIONS, "--out", "quay.yaml", "--force")
    assert Agreement.load(here / "quay.yaml").name == "Quay"


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--name", "a\u202eb", "--name: name holds the character U+202E"),
        ("--quorum", "5/4", "--quorum: quorum must be a fraction"),
        ("--expires", "2020-01-01", "--expires: expires must be ahead of today"),
        ("--currency", "ether", "--currency: a currency is native or the address"),
        ("--nonce", "x", "nonce must be a whole number"),
        ("--member", f"Cleo,boss,{TOKEN},1", "--member 3: role must be one of"),
        ("--member", f"Twin,core,{ADA},1", "is that of member 1 too"),
        ("--member", "Cleo", "--member 3: a member is name,role,account"),
        ("--member", f"Cleo,core,{TOKEN}", "--member 3: a member needs shares, voices or both"),
    ],
)
def test_a_faulty_option_is_named_and_nothing_written(
    run: Typed, here: Path, option: str, value: str, said: str
) -> None:
    assert said in run.refused("new", *OPTIONS, option, value, "--out", "quay.yaml")
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("left_out", ["--name", "--terms", "--expires", "--member"])
def test_what_is_missing_is_named(run: Typed, left_out: str) -> None:
    pairs = [OPTIONS[at : at + 2] for at in range(0, len(OPTIONS), 2)]
    words = [word for pair in pairs if pair[0] != left_out for word in pair]
    assert left_out in run.refused("new", *words, code=2)


def test_nobody_with_a_voice_is_refused(run: Typed) -> None:
    words = ("--name", "Q", "--terms", "t", "--expires", "2027-12-31")
    said = run.refused("new", *words, "--member", f"Ada,core,{ADA},1")
    assert said == "--member: nobody has a voice: nobody could agree or decide"


# ------------------------------------------------------------ on a terminal


PROGRAM = "from seechain.cli import main; main()"


class Terminal:
    """A person at a terminal: waits for a question, then types."""

    def __init__(self, master: int, process: subprocess.Popen[bytes]) -> None:
        self.master, self.process = master, process
        self.seen = ""

    def waits_for(self, text: str) -> None:
        end = time.monotonic() + 30
        while text not in self.seen:
            assert time.monotonic() < end, f"{text!r} never came: {self.seen}"
            if not self._read():
                raise AssertionError(f"it ended before {text!r}: {self.seen}")
        self.seen = self.seen.partition(text)[2]

    def answers(self, *pairs: str) -> None:
        for question, answer in zip(pairs[::2], pairs[1::2], strict=True):
            self.waits_for(question)
            os.write(self.master, answer.encode() + b"\n")

    def ends(self) -> int:
        while self._read():
            pass
        return self.process.wait(30)

    def _read(self) -> bool:
        if not select.select([self.master], [], [], 30)[0]:
            return False
        try:
            read = os.read(self.master, 65_536)
        except OSError:  # the other end is closed
            return False
        self.seen += read.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(read)


@contextmanager
def terminal(*words: str) -> Iterator[Terminal]:
    master, slave = pty.openpty()
    options: dict[str, Any] = {"stdin": slave, "stdout": slave, "stderr": slave}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words], start_new_session=True, **options
    )
    os.close(slave)
    try:
        yield Terminal(master, process)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(master)


FOR_NAME_TO_DAY = (
    *("Name: ", "Quay", "| ", "We share.", "| ", "", "| ", "Second.", "| ", "."),
    *("Currencies", "", "must agree", "", "last day", "2027-12-31"),
)


def test_a_terminal_asks_until_each_answer_is_right(here: Path) -> None:
    (here / "quay.yaml").write_text("mine")
    with terminal("new") as person:
        person.answers("Name: ", 'a"b')
        person.answers("can't hold a double quote", "", "Name: ", "Quay")
        person.answers("| ", ".")
        person.answers("Error: terms is empty", "We share.", "| ", "", "| ", "Second.", "| ", ".")
        person.answers("Currencies", "ether", "a currency is native or", "")
        person.answers("must agree", "4/3", "Error: quorum must be", "")
        person.answers("last day", "2020-01-01", "Error: expires must be ahead", "2027-12-31")
        person.answers("name: ", "Ada", "role (", "", "account: ", ADA.replace("7", "1", 1))
        person.answers("Error: the checksum", ADA, "shares (", "-1")
        person.answers("Error: shares must be a whole number from zero up", "40", "voices (", "")
        person.answers("claim code is (yes or no)", "perhaps")
        person.answers("Error: pull_only must be true or false", "yes")
        person.answers("name: ", "")
        person.waits_for("Error: nobody has a voice")
        person.answers("name: ", "Ben", "role (", "client", "account: ", ADA)
        person.answers("is that of member 1 too", BEN, "shares (", "", "voices (", "1")
        person.answers("Member 3 (no name: that was all)", "", "File", "")
        person.answers("quay.yaml is there already", "other.yaml")
        assert person.ends() == 0, person.seen
        assert "Written: other.yaml" in person.seen
    agreement = Agreement.load(here / "other.yaml")
    assert agreement.terms == "We share.\n\nSecond."
    assert agreement.currencies == ("native",)
    assert str(agreement.quorum) == "2/3"
    assert [(each.name, each.role, each.shares, each.voices) for each in agreement.members] == [
        ("Ada", "core", 40, 0),
        ("Ben", "client", 0, 1),
    ]
    assert [each.pull_only for each in agreement.members] == [True, False]


def test_a_seat_of_a_claim_code_is_a_member_too(run: Typed) -> None:
    cleo = ("--member", f"Cleo,contributor,{TOKEN},20,0,pull_only")
    assert Agreement.parse(run("new", *OPTIONS, *cleo).stdout).members[2].pull_only
    assert "'Cleo,contributor,0x...,20,0,pull_only'" in run.well("new", "--help")


@pytest.mark.parametrize("key", [signal.SIGINT, "end of input"])
def test_who_breaks_off_leaves_no_file(here: Path, key: object) -> None:
    with terminal("new", "--out", "quay.yaml") as person:
        person.answers(*FOR_NAME_TO_DAY, "name: ", "Ada", "role (", "")
        person.waits_for("account: ")
        if key is signal.SIGINT:
            while person.process.poll() is None:  # lost where it comes just before the reading
                person.process.send_signal(signal.SIGINT)
                time.sleep(0.5)
        else:
            os.write(person.master, b"\x04")
        assert person.ends() == 130, person.seen
    assert list(here.iterdir()) == []
