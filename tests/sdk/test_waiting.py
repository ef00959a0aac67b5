"""Who waits for another process is told of it, and the package itself prints nothing."""

from __future__ import annotations

import errno
import fcntl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from web3 import Web3

from seechain import Journal, JournalError
from seechain.chain.reverts import NotMined
from seechain.sending.delivery import Delivery
from seechain.sending.senders import Call, send
from tests.direct import connected
from tests.faults.proxy import SEND, Proxy, Reply
from tests.sdk.chain import key, rpc
from tests.sdk.journals import PAID, PAYER, ended, forked, of, paid, pay

BESIDE = 5  # seconds within which a process beside has begun, on a busy machine


def _beside(folder: Path, act: Callable[[], object]) -> int:
    """A process that is in the midst of an act when this returns."""
    number = forked(act)
    end = time.monotonic() + BESIDE
    while not (folder / "begun").exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    return number


def _slow(folder: Path, seconds: float) -> object:
    """Makes what tells a node take so long, and notes that it has begun."""
    tell = Delivery.tell

    def slowly(self: Delivery) -> None:
        (folder / "begun").touch()
        time.sleep(seconds)
        tell(self)

    return mock.patch.object(Delivery, "tell", slowly)


def test_who_waits_for_another_run_of_its_act_is_told(w3: Web3, tmp_path: Path) -> None:
    before, told = paid(w3), []

    def first() -> None:
        with _slow(tmp_path, 0.5):
            pay(of(w3), tmp_path)

    other = _beside(tmp_path, first)
    pay(w3, tmp_path, waiting=told.append)
    assert ended(other) == 0
    assert told == [None]
    assert paid(w3) == before + 5


def test_who_waits_may_take_the_act_that_it_waited_for(w3: Web3, tmp_path: Path) -> None:
    before = paid(w3)

    def first() -> None:
        with _slow(tmp_path, 0.5):
            pay(of(w3), tmp_path, once=False)

    other = _beside(tmp_path, first)
    journal = Journal("INV-7", directory=tmp_path, once=False)
    journal.waiting = lambda account: setattr(journal, "once", True)
    with journal:
        send(w3, Call(PAID, b"", "the payment", 5), PAYER)
    assert ended(other) == 0
    assert paid(w3) == before + 5


def test_who_waits_long_for_a_nonce_is_told_the_account(
    w3: Web3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seechain.journal.lease.PATIENCE", 0.1)
    told: list[str | None] = []

    def first() -> None:
        with _slow(tmp_path, 1):
            pay(of(w3), tmp_path, "another")

    other = _beside(tmp_path, first)
    pay(w3, tmp_path, waiting=told.append)
    assert ended(other) == 0
    assert told == [PAYER.address]


def test_who_need_not_wait_is_told_nothing(w3: Web3, tmp_path: Path) -> None:
    told: list[str | None] = []
    pay(w3, tmp_path, waiting=told.append, sender=key(7))
    assert told == []


def test_a_disk_without_locks_is_one_sentence(w3: Web3, tmp_path: Path) -> None:
    with (
        mock.patch.object(fcntl, "flock", side_effect=OSError(errno.ENOLCK, "No locks available")),
        pytest.raises(JournalError, match=r"can't be locked: No locks available; keep them on"),
    ):
        pay(w3, tmp_path)


def test_who_waits_for_a_node_that_is_away_is_told_and_may_give_up(
    w3: Web3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seechain.sending.delivery.QUIET", 0.1)
    before, told = paid(w3), []
    with Proxy(w3.provider.endpoint_uri) as proxy:  # type: ignore[attr-defined]
        proxy.strike(lambda exchange: Reply(None), SEND, times=None)
        journal = Journal("INV-7", directory=tmp_path)
        journal.slow = lambda step, fault: told.append((step.what, str(fault)))
        journal.away = 1
        beside: Any = connected(proxy.url)
        beside.provider.exception_retry_configuration = None  # else web3 itself takes two seconds
        start = time.monotonic()
        with pytest.raises(NotMined, match="running it again goes on"), journal:
            send(beside, Call(PAID, b"", "the payment", 5), PAYER)
        assert time.monotonic() - start < BESIDE
    ((what, fault),) = told
    assert what == "the payment"
    assert "can not be reached" in fault
    pay(w3, tmp_path)
    assert paid(w3) == before + 5


def test_who_waits_for_a_block_is_told_and_does_not_give_up(
    w3: Web3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seechain.sending.delivery.QUIET", 0.1)
    before = paid(w3)
    journal = Journal("INV-7", directory=tmp_path)
    rpc(w3, "evm_setAutomine", False)
    told = []

    def mine(step: object, fault: object) -> None:
        told.append(fault)
        time.sleep(0.5)
        rpc(w3, "evm_setAutomine", True)
        rpc(w3, "evm_mine")

    journal.slow, journal.away = mine, 0.3
    with journal:
        send(w3, Call(PAID, b"", "the payment", 5), PAYER)
    assert told == [None]
    assert paid(w3) == before + 5
