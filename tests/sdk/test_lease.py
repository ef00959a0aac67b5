"""The nonce lease: processes that send from one account take different nonces, without a gap."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from web3 import Web3

from seechain import Journal, JournalError
from seechain.journal.file import read_lines
from seechain.journal.lease import KEPT, Lease, Taken
from seechain.sending.mined import place_of
from tests.sdk.journals import PAID, PAYER, dies, ended, forked, of, paid, pay, raw_of, sent
from tests.sdk.test_journal import changing

PROCESSES, PAYMENTS = 8, 10


def nonces(folder: Path) -> list[int]:
    """Of all steps of all journals of a folder."""
    found = []
    for path in folder.glob("*.jsonl"):
        for line in read_lines(path):
            if "transaction" in line:
                found.append(int(line["transaction"]["nonce"]))
    return sorted(found)


def test_eight_processes_with_one_sender(w3: Web3, tmp_path: Path) -> None:
    before, count = paid(w3), sent(w3)

    def work(process: int) -> None:
        node = of(w3)
        for number in range(PAYMENTS):
            pay(node, tmp_path, f"{process} {number}", value=1 + process * PAYMENTS + number)

    running = [forked(lambda process=process: work(process)) for process in range(PROCESSES)]
    assert [ended(each) for each in running] == [0] * PROCESSES
    total = PROCESSES * PAYMENTS
    assert nonces(tmp_path) == list(range(count, count + total))
    assert sent(w3) == count + total
    assert paid(w3) == before + total * (total + 1) // 2


def test_what_a_dead_process_had_on_its_way_is_told_before_a_later_nonce(
    w3: Web3, tmp_path: Path
) -> None:
    before, count = paid(w3), sent(w3)
    dies("before it is told", w3, lambda other: pay(other, tmp_path, "A"))
    assert paid(w3) == before
    dies("before its receipt", w3, lambda other: pay(other, tmp_path, "B"))
    assert paid(w3) == before + 10
    pay(w3, tmp_path, "C")
    assert (paid(w3), sent(w3)) == (before + 15, count + 3)
    for name in ("A", "B", "C"):  # and each of them is done once
        pay(w3, tmp_path, name)
    assert (paid(w3), sent(w3)) == (before + 15, count + 3)
    assert nonces(tmp_path) == [count, count + 1, count + 2]


@pytest.mark.parametrize("where", ["before it is written down", "while it is written down"])
def test_a_nonce_that_was_taken_for_nothing_is_free(w3: Web3, tmp_path: Path, where: str) -> None:
    count = sent(w3)
    dies(where, w3, lambda other: pay(other, tmp_path, "A"))
    pay(w3, tmp_path, "B")
    assert nonces(tmp_path) == [count]


def test_what_may_still_be_mined_is_not_forgotten(w3: Web3, tmp_path: Path) -> None:
    before, count = paid(w3), sent(w3)
    dies("before it is told", w3, lambda other: pay(other, tmp_path, "A"))
    journal = Journal("A", directory=tmp_path)
    with pytest.raises(JournalError, match=rf"nonce {count} of .* was used by nothing yet: run"):
        journal.forget(1, w3)
    w3.eth.send_raw_transaction(raw_of(count, 1, 10**9))  # the wallet uses it for something else
    w3.eth.wait_for_transaction_receipt(Web3.keccak(raw_of(count, 1, 10**9)))
    journal.forget(1, w3)
    pay(w3, tmp_path, "B")
    pay(w3, tmp_path, "A")
    assert nonces(tmp_path) == [count, count + 1, count + 2]
    assert (paid(w3), sent(w3)) == (before + 11, count + 3)


def test_a_node_that_counts_too_few_makes_nobody_use_a_nonce_twice(
    w3: Web3, tmp_path: Path
) -> None:
    count = sent(w3)
    pay(w3, tmp_path, "A")

    def lie(method: str, result: Any) -> Any:
        return hex(count) if method == "eth_getTransactionCount" else result

    pay(changing(w3, lie), tmp_path, "B")
    assert nonces(tmp_path) == [count, count + 1]


def test_a_node_that_says_something_else_each_time_is_asked_again(w3: Web3, tmp_path: Path) -> None:
    count, lies = sent(w3), [7, 3]

    def lie(method: str, result: Any) -> Any:
        if method == "eth_getTransactionCount" and lies:
            return hex(count + lies.pop())
        return result

    pay(changing(w3, lie), tmp_path)
    assert nonces(tmp_path) == [count]


def test_a_node_that_counts_too_many_once_is_asked_again_when_it_is_known_too(
    w3: Web3, tmp_path: Path
) -> None:
    """What was taken last leads to expect a nonce; the other count may be wrong all the same."""
    count, lies = sent(w3), [31_337]
    pay(w3, tmp_path, "A")

    def lie(method: str, result: Any) -> Any:
        return hex(lies.pop()) if method == "eth_getTransactionCount" and lies else result

    pay(changing(w3, lie), tmp_path, "B")
    assert nonces(tmp_path) == [count, count + 1]


def test_a_lease_that_can_not_be_read_is_said(w3: Web3, tmp_path: Path) -> None:
    pay(w3, tmp_path, "A")
    (path,) = tmp_path.rglob(f"nonces/*/{PAYER.address}.json")
    before = sent(w3)
    for broken in ("", "{", "[]", '{"taken": {"a": 1}}'):
        path.write_text(broken)
        with pytest.raises(JournalError, match=r"the lease .* can't be read: look which"):
            pay(w3, tmp_path, "B")
    assert sent(w3) == before
    path.unlink()
    pay(w3, tmp_path, "B")


def test_what_is_long_mined_is_not_kept(w3: Web3, tmp_path: Path) -> None:
    place, count = place_of(w3), sent(w3)

    def lease() -> Lease:
        return Lease(tmp_path, place, PAYER.address, lambda taken: None)

    with lease() as held:
        held.take(0, Taken("a.jsonl", 1))
        held.take(count, Taken("a.jsonl", 2))

    def ahead(method: str, result: Any) -> Any:
        return hex(KEPT + 1) if method == "eth_getTransactionCount" else result

    with lease() as held:
        assert held.next(changing(w3, ahead)) == KEPT + 1
        held.take(KEPT + 1, Taken("a.jsonl", 3))
    (path,) = tmp_path.rglob("*.json")
    kept = {int(each) for each in json.loads(path.read_text())["taken"]}
    assert 0 not in kept
    assert KEPT + 1 in kept


def test_accounts_and_chains_do_not_wait_for_each_other(w3: Web3, tmp_path: Path) -> None:
    place = place_of(w3)
    other = place._replace(chain_id=1)

    def lease(where: Any, account: str) -> Lease:
        return Lease(tmp_path, where, account, lambda taken: None)

    with lease(place, PAYER.address), lease(place, PAID), lease(other, PAYER.address):
        assert len(list(tmp_path.rglob("*.lock"))) == 3
