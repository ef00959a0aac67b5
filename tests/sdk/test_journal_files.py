"""The files of a Journal when they are old, foreign, broken, shared or can't be written."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from web3 import Web3

from seechain import Journal, JournalError
from seechain.chain.reverts import NotMined
from seechain.journal.file import name_of
from seechain.journal.lease import Lease
from seechain.sending.mined import place_of
from tests.sdk.chain import rpc
from tests.sdk.journals import PAYER, dies, ended, forked, mine, paid, pay, raw_of, sent


@pytest.fixture
def nothing_mined(w3: Web3, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A chain on which somebody must mine, and nobody waits long."""
    monkeypatch.setattr("seechain.sending.senders.WAIT", 0.2)
    rpc(w3, "evm_setAutomine", False)
    yield
    rpc(w3, "evm_setAutomine", True)


# ------------------------------------------------------------ what is older than the lease


def only(folder: Path, pattern: str = "*.jsonl") -> Path:
    """The one file of a name."""
    (path,) = folder.rglob(pattern)
    return path


@pytest.mark.parametrize("lines", [0, 1])
def test_an_older_copy_of_a_journal_does_not_pay_again(
    w3: Web3, tmp_path: Path, lines: int
) -> None:
    pay(w3, tmp_path)
    path, before = only(tmp_path), (paid(w3), sent(w3))
    path.write_text("".join(path.read_text().splitlines(True)[:lines]))
    with pytest.raises(JournalError, match=r"lacks step 1, .* 0x\w{64} with nonce .* use another"):
        pay(w3, tmp_path)
    path.unlink()
    with pytest.raises(JournalError, match="lacks step 1"):
        pay(w3, tmp_path)
    assert (paid(w3), sent(w3)) == before


def test_an_older_copy_does_not_pay_beside_what_waits(
    w3: Web3, tmp_path: Path, nothing_mined: None
) -> None:
    before = paid(w3)
    senders = {"signs itself": PAYER, "the node signs": PAYER.address}
    for name, sender in senders.items():
        with pytest.raises(NotMined):
            pay(w3, tmp_path, name, sender=sender)
    for path in tmp_path.glob("*.jsonl"):
        path.write_text(path.read_text().splitlines(True)[0])
    for name, sender in senders.items():
        with pytest.raises(JournalError, match="lacks step 1"):
            pay(w3, tmp_path, name, sender=sender)
    mine(w3)
    assert paid(w3) == before + 10


def test_what_was_never_told_is_not_missed(w3: Web3, tmp_path: Path) -> None:
    before, count = paid(w3), sent(w3)
    dies("before it is written down", w3, lambda other: pay(other, tmp_path))
    raw = raw_of(count, 1, 10**9)  # a wallet uses the nonce
    w3.eth.wait_for_transaction_receipt(w3.eth.send_raw_transaction(raw))
    pay(w3, tmp_path)
    assert paid(w3) == before + 6


def test_a_key_that_is_used_again_misses_nothing(w3: Web3, tmp_path: Path) -> None:
    before = paid(w3)
    for _ in range(3):
        pay(w3, tmp_path, once=False)
    assert paid(w3) == before + 15


# ------------------------------------------------------------ what is no journal


@pytest.mark.parametrize(
    "line",
    [
        '{"step": 9, "state": "mined"}',
        '{"step": 2, "state": "lost"}',
        '{"journal": 1}',
        '{"step": "x"}',
        '{"task": 9, "state": "complete"}',
        '{"act": "begun"}',
        "{}",
    ],
)
def test_a_line_of_other_content_is_refused(w3: Web3, tmp_path: Path, line: str) -> None:
    pay(w3, tmp_path)
    with only(tmp_path).open("a") as file:
        file.write(line + "\n")
    with pytest.raises(JournalError, match=r"line 5 of the journal .* look on the chain"):
        pay(w3, tmp_path)
    with pytest.raises(JournalError, match="line 5 of the journal"):
        _ = Journal("INV-7", directory=tmp_path).is_done


def test_another_file_is_left_as_it_is(w3: Web3, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("mine\nwithout an end")
    path = tmp_path / name_of("INV-7")
    path.symlink_to(notes)
    with pytest.raises(JournalError, match=r"can't be opened: .*symbolic links"):
        pay(w3, tmp_path)
    path.unlink()
    notes.rename(path)
    with pytest.raises(JournalError, match="line 1 of the journal"):
        pay(w3, tmp_path)
    assert path.read_text() == "mine\nwithout an end"


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o1777])
def test_a_folder_that_others_write_in_is_refused(w3: Web3, tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "acts"
    folder.mkdir()
    folder.chmod(mode)
    before = sent(w3)
    with pytest.raises(JournalError, match=rf"folder {folder} can be written by others: chmod"):
        pay(w3, folder)
    assert sent(w3) == before
    folder.chmod(0o755)
    pay(w3, folder)


@pytest.mark.parametrize("name", ["a\ud800", "\udcff"])
def test_a_key_can_be_written_down(tmp_path: Path, name: str) -> None:
    with pytest.raises(JournalError, match="a text of 1 to 200 characters"):
        Journal(name, directory=tmp_path)


def test_a_journal_is_open_once_however_its_folder_is_spelled(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with Journal("a", directory=tmp_path):
        for other in (tmp_path / ".." / tmp_path.name, tmp_path / "link"):
            again = Journal("a", directory=other)
            with pytest.raises(JournalError, match="open already in this process"), again:
                pass


# ------------------------------------------------------------ what a system refuses


def test_a_child_of_a_process_does_not_keep_its_locks(w3: Web3, tmp_path: Path) -> None:
    gate_read, gate_write = os.pipe()

    def wait() -> None:
        os.close(gate_write)
        os.read(gate_read, 1)

    lease = Lease(tmp_path, place_of(w3), PAYER.address, lambda taken: None)
    with Journal("INV-7", directory=tmp_path), lease:
        child = forked(wait)
    waited: list[object] = []
    journal = Journal("INV-7", directory=tmp_path)
    journal.waiting = waited.append
    with mock.patch("fcntl.flock", side_effect=refusing(fcntl.LOCK_EX)), journal:
        pass
    with mock.patch("fcntl.flock", side_effect=refusing(fcntl.LOCK_EX)), lease:
        pass
    os.close(gate_write)
    assert ended(child) == 0
    assert not waited


def test_a_child_does_not_give_the_journal_of_its_parent_free(tmp_path: Path) -> None:
    journal = Journal("INV-7", directory=tmp_path)
    with journal:
        assert ended(forked(journal._close)) == 0
        other = os.open(journal.path, os.O_RDWR)
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(other)


def refusing(operation: int) -> Any:
    """A lock that fails where it would wait for ever."""
    real = fcntl.flock

    def flock(number: int, asked: int) -> None:
        assert asked != operation, "it is locked"
        real(number, asked)

    return flock


def test_a_full_disk_is_said(w3: Web3, tmp_path: Path) -> None:
    before, real = sent(w3), os.fsync

    def full(number: int) -> None:
        if os.readlink(f"/proc/self/fd/{number}").endswith(".new"):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(number)

    with (
        mock.patch("os.fsync", full),
        pytest.raises(JournalError, match=r"lease .* can't be written: No space left"),
    ):
        pay(w3, tmp_path)
    assert sent(w3) == before
    pay(w3, tmp_path)


@pytest.mark.parametrize("ending", [".jsonl", ".lock", f"{PAYER.address}.json"])
def test_what_may_not_be_opened_is_said(w3: Web3, tmp_path: Path, ending: str) -> None:
    pay(w3, tmp_path)
    before, opens, reads = sent(w3), os.open, Path.read_bytes

    def check(path: object) -> None:
        if str(path).endswith(ending):
            raise PermissionError(errno.EACCES, "Permission denied")

    def opening(path: Any, *options: Any) -> int:
        check(path)
        return opens(path, *options)

    def reading(path: Path) -> bytes:
        check(path)
        return reads(path)

    with mock.patch("os.open", opening), mock.patch.object(Path, "read_bytes", reading):
        with pytest.raises(JournalError, match=r"can't be (read|opened): Permission denied"):
            pay(w3, tmp_path, "INV-8")
        if ending == ".jsonl":
            with pytest.raises(JournalError, match=r"can't be read: Permission denied"):
                _ = Journal("INV-7", directory=tmp_path).is_done
    assert sent(w3) == before


def test_a_disk_without_locks_is_said(w3: Web3, tmp_path: Path) -> None:
    refused = OSError(errno.ENOLCK, "No locks available")
    with (
        mock.patch("fcntl.flock", side_effect=refused),
        pytest.raises(JournalError, match="can't be locked: No locks available; keep them on a"),
    ):
        pay(w3, tmp_path)
