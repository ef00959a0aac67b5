"""A Journal: what was interrupted is gone on with, and nothing is done twice."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from web3 import Web3
from web3.middleware import Web3Middleware

from seechain import SEE, Journal, JournalError, NodeError, Registry
from seechain.chain.reverts import NotMined, ReplacedError
from seechain.journal.lease import Lease
from seechain.journal.steps import State, Step
from seechain.sending.delivery import Delivery
from seechain.sending.senders import Call, send
from tests.rewind import rewind
from tests.sdk.chain import key, rpc
from tests.sdk.journals import DEATHS, PAYER, die, dies, mine, of, paid, pay, raw_of, sent


@pytest.fixture
def waiting(w3: Web3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Step]:
    """A payment that was sent, and is mined when somebody mines."""
    rpc(w3, "evm_setAutomine", False)
    with monkeypatch.context() as patch:
        patch.setattr("seechain.sending.senders.WAIT", 0.3)
        with pytest.raises(NotMined, match="running it again goes on"):
            pay(w3, tmp_path)
    (step,) = Journal("INV-7", directory=tmp_path).steps
    assert step.state is State.PENDING
    yield step
    rpc(w3, "evm_setAutomine", True)


# ------------------------------------------------------------ once


def test_a_done_key_sends_nothing_and_gives_its_receipt_again(w3: Web3, tmp_path: Path) -> None:
    first = pay(w3, tmp_path)
    before = paid(w3), sent(w3)
    assert pay(of(w3), tmp_path) == first
    assert (paid(w3), sent(w3)) == before
    journal = Journal("INV-7", directory=tmp_path)
    assert journal.is_done
    assert [step.hash for step in journal.steps] == [first.transaction_hash]


def test_a_done_key_refuses_what_was_no_part_of_it(w3: Web3, tmp_path: Path) -> None:
    pay(w3, tmp_path)
    before = sent(w3)
    with pytest.raises(JournalError, match=r"'INV-7' is done, and .* for another act use another"):
        pay(w3, tmp_path, value=6)
    assert sent(w3) == before


def test_other_content_under_a_begun_key_is_refused(see: SEE, tmp_path: Path) -> None:
    def act(w3: Web3, amount: str = "1 ether") -> None:
        with Journal("INV-7", directory=tmp_path):
            SEE(w3, see.address).pay(amount, memo="INV-7", sender=PAYER)

    dies("before its receipt", see.w3, act)
    with pytest.raises(
        JournalError, match=r"was begun with .*1 ether.* and now asks for .*2 ether"
    ):
        act(see.w3, "2 ether")
    act(see.w3)
    assert see.received()["native"] == 10**18


def test_a_key_that_may_be_used_again_begins_anew_when_it_is_done(w3: Web3, tmp_path: Path) -> None:
    before = paid(w3)
    for _ in range(2):
        pay(w3, tmp_path, once=False)
    dies("before its receipt", w3, lambda other: pay(other, tmp_path, once=False))
    pay(w3, tmp_path, once=False)  # goes on with the third, and begins no fourth
    assert paid(w3) == before + 3 * 5


def test_two_equal_payments_in_one_act_are_two(w3: Web3, tmp_path: Path) -> None:
    before = paid(w3)
    for _ in range(2):
        with Journal("both", directory=tmp_path):
            receipts = [send(w3, Call(key(9).address, b"", "it", 5), PAYER) for _ in range(2)]
        assert len({each.transaction_hash for each in receipts}) == 2
    assert paid(w3) == before + 10


# ------------------------------------------------------------ crashes


@pytest.mark.parametrize("where", DEATHS)
def test_a_process_that_dies_is_gone_on_with(w3: Web3, tmp_path: Path, where: str) -> None:
    before, count = paid(w3), sent(w3)
    dies(where, w3, lambda other: pay(other, tmp_path))
    pay(w3, tmp_path)
    assert (paid(w3), sent(w3)) == (before + 5, count + 1)
    assert Journal("INV-7", directory=tmp_path).is_done


@pytest.mark.parametrize("where", DEATHS)
def test_a_registration_goes_on(
    registry: Registry, agreement: Any, voices: Any, tmp_path: Path, where: str
) -> None:
    consents = [registry.sign(agreement, account) for account in voices]

    def act(w3: Web3) -> SEE:
        with Journal("formed", directory=tmp_path):
            return Registry(w3).register(agreement, consents, sender=PAYER)

    dies(where, registry.w3, act)
    see = act(registry.w3)
    assert see.state == "registered"
    assert act(registry.w3).receipts == see.receipts
    assert [record.see for record in registry.sees()] == [see.address]


def test_what_the_node_signs_is_found_by_its_nonce(w3: Web3, tmp_path: Path) -> None:
    before = paid(w3)

    def child(other: Web3) -> None:
        with mock.patch.object(Delivery, "_hear", die):
            pay(other, tmp_path, sender=PAYER.address)

    dies("before the act is done", w3, child)
    (step,) = Journal("INV-7", directory=tmp_path).steps
    assert step.hash is None
    receipt = pay(w3, tmp_path, sender=PAYER.address)
    assert paid(w3) == before + 5
    assert [each.hash for each in Journal("INV-7", directory=tmp_path).steps] == [
        receipt.transaction_hash
    ]


# ------------------------------------------------------------ what becomes of a transaction


def test_what_is_not_mined_in_time_goes_on(w3: Web3, tmp_path: Path, waiting: Step) -> None:
    before = paid(w3)
    mine(w3)
    assert pay(w3, tmp_path).transaction_hash == waiting.hash
    assert paid(w3) == before + 5


def test_what_is_dropped_is_told_again_the_same_bytes(
    w3: Web3, tmp_path: Path, waiting: Step
) -> None:
    assert rpc(w3, "anvil_dropTransaction", waiting.hash) == waiting.hash
    rpc(w3, "evm_setAutomine", True)
    assert pay(w3, tmp_path).transaction_hash == waiting.hash


def test_after_a_reorganisation_the_same_bytes_are_told_again(w3: Web3, tmp_path: Path) -> None:
    before, snapshot = paid(w3), rpc(w3, "evm_snapshot")
    first = pay(w3, tmp_path)
    rewind(partial(rpc, w3), snapshot)
    mine(w3, 2)
    assert paid(w3) == before
    again = pay(w3, tmp_path)
    assert again.transaction_hash == first.transaction_hash
    assert again.block_number > first.block_number
    assert paid(w3) == before + 5


def test_what_was_replaced_is_told_and_sent_anew_when_it_is_forgotten(
    w3: Web3, tmp_path: Path, waiting: Step
) -> None:
    before = paid(w3)
    w3.eth.send_raw_transaction(raw_of(waiting.nonce, 1, 9 * 10**9))  # the wallet pays 1 instead
    rpc(w3, "evm_setAutomine", True)
    mine(w3)
    with pytest.raises(
        ReplacedError, match=r"look what it did .* Journal\('INV-7'\)\.forget\(1, w3\)"
    ):
        pay(w3, tmp_path)
    assert paid(w3) == before + 1
    Journal("INV-7", directory=tmp_path).forget(1, w3)
    pay(w3, tmp_path)
    assert paid(w3) == before + 6
    with pytest.raises(JournalError, match="nothing to forget"):
        Journal("INV-7", directory=tmp_path).forget(2, w3)


def test_what_a_wallet_has_sped_up_is_the_act(w3: Web3, tmp_path: Path, waiting: Step) -> None:
    before = paid(w3)
    faster = w3.eth.send_raw_transaction(raw_of(waiting.nonce, 5, 9 * 10**9))
    mine(w3)
    assert pay(w3, tmp_path).transaction_hash == "0x" + bytes(faster).hex()
    assert paid(w3) == before + 5


def test_an_equal_payment_of_another_program_is_not_taken_for_the_act(
    w3: Web3, tmp_path: Path
) -> None:
    """A machine that knows nothing of the Journal pays the same, and the node counts too few."""
    before, nonce = paid(w3), sent(w3)
    w3.eth.send_raw_transaction(raw_of(nonce, 5, 10**9))
    counts, real = [nonce], Lease.next

    def stale(lease: Lease, node: Web3) -> int:
        return counts.pop() if counts else real(lease, node)

    with mock.patch.object(Lease, "next", stale):
        pay(w3, tmp_path)
    assert paid(w3) == before + 10
    states = [step.state for step in Journal("INV-7", directory=tmp_path).steps]
    assert states == [State.REJECTED, State.MINED]


def test_confirmations_are_waited_for(
    w3: Web3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seechain.sending.senders.WAIT", 0.3)
    before = paid(w3)
    with pytest.raises(NotMined, match="has not 2 blocks on top yet"):
        pay(w3, tmp_path, confirmations=2)
    mine(w3, 2)
    pay(w3, tmp_path, confirmations=2)
    assert paid(w3) == before + 5


class Changing(Web3Middleware):
    """A node whose answers are changed. change: gets method and answer, gives the answer."""

    change: Any = None

    def response_processor(self, method: Any, response: Any) -> Any:
        if "result" not in response:
            return response
        return {**response, "result": type(self).change(method, response["result"])}


def changing(w3: Web3, change: Any) -> Web3:
    """A connection on which answers are changed."""
    other = of(w3)
    kind = type("Changing", (Changing,), {"change": staticmethod(change)})
    other.middleware_onion.inject(kind, layer=0)  # type: ignore[arg-type]
    return other


def test_that_it_failed_is_believed_when_it_is_said_twice(w3: Web3, tmp_path: Path) -> None:
    before, lies = paid(w3), [1]

    def lie(method: str, result: Any) -> Any:
        if method == "eth_getTransactionReceipt" and result and lies and lies.pop():
            return {**result, "status": "0x0"}
        return result

    pay(changing(w3, lie), tmp_path)
    assert not lies
    assert paid(w3) == before + 5


def test_a_failure_of_before_is_looked_at_again(w3: Web3, tmp_path: Path) -> None:
    """A node that lied all the time: what was done is not done again."""
    before = paid(w3)

    def lie(method: str, result: Any) -> Any:
        is_it = method == "eth_getTransactionReceipt" and result
        return {**result, "status": "0x0"} if is_it else result

    with pytest.raises(Exception, match=r"was refused in transaction .* look at it before"):
        pay(changing(w3, lie), tmp_path)
    pay(w3, tmp_path)
    assert paid(w3) == before + 5


def test_a_chain_that_changes_is_refused_before_it_is_signed(w3: Web3, tmp_path: Path) -> None:
    before, true = sent(w3), ["0x7a69"]

    def lie(method: str, result: Any) -> Any:
        return (true.pop() if true else "0x1") if method == "eth_chainId" else result

    with pytest.raises(NodeError, match="its chain is 1, and before that it is 31337: check"):
        pay(changing(w3, lie), tmp_path)
    assert sent(w3) == before
    assert Journal("INV-7", directory=tmp_path).steps == ()


def test_gas_is_never_below_what_the_data_costs(w3: Web3) -> None:
    def lie(method: str, result: Any) -> Any:
        return "0x5208" if method == "eth_estimateGas" else result

    data = bytes(range(256)) * 4
    send(changing(w3, lie), Call(key(9).address, data, "much data"), PAYER)


# ------------------------------------------------------------ the file


def test_it_is_on_the_disk_before_any_node_hears_of_it(w3: Web3, tmp_path: Path) -> None:
    dies("before it is told", w3, lambda other: pay(other, tmp_path))
    (path,) = tmp_path.glob("*.jsonl")
    first, step = map(json.loads, path.read_text().splitlines())
    assert (first["journal"], first["key"]) == (1, "INV-7")
    assert (step["state"], step["chain"], step["transaction"]["value"]) == ("pending", 31337, "5")
    assert step["hash"] == "0x" + bytes(Web3.keccak(hexstr=step["raw"])).hex()
    assert bytes(PAYER.key).hex() not in path.read_text().lower()


def test_only_its_owner_reads_it(w3: Web3, tmp_path: Path) -> None:
    folder = tmp_path / "state" / "seechain"
    pay(w3, folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {stat.S_IMODE(each.stat().st_mode) for each in folder.rglob("*") if each.is_file()}
    assert modes == {0o600}


@pytest.mark.parametrize("torn", [b"{", b'{"act": "do', b"\xff\x00", b"null"])
def test_a_torn_last_line_is_cut_off(w3: Web3, tmp_path: Path, torn: bytes) -> None:
    receipt = pay(w3, tmp_path)
    (path,) = tmp_path.glob("*.jsonl")
    whole = path.read_bytes()
    path.write_bytes(whole + torn)
    assert pay(w3, tmp_path) == receipt
    assert path.read_bytes() == whole


@pytest.mark.parametrize("bad", [b"{", b"null", b"[]", b"\xff"])
def test_a_changed_line_is_refused(w3: Web3, tmp_path: Path, bad: bytes) -> None:
    pay(w3, tmp_path)
    (path,) = tmp_path.glob("*.jsonl")
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([lines[0], bad, *lines[2:]]) + b"\n")
    before = sent(w3)
    with pytest.raises(JournalError, match=r"line 2 of the journal .* look on the chain"):
        pay(w3, tmp_path)
    assert sent(w3) == before


def test_a_later_format_is_refused(tmp_path: Path, w3: Web3) -> None:
    pay(w3, tmp_path)
    (path,) = tmp_path.glob("*.jsonl")
    path.write_text(path.read_text().replace('"journal": 1', '"journal": 2'))
    with pytest.raises(JournalError, match="of format 2, this seechain reads 1"):
        pay(w3, tmp_path)


# ------------------------------------------------------------ use


@pytest.mark.parametrize("name", ["", "  ", None, 7, "k" * 201])
def test_a_key_is_a_text(name: Any, tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="a text of 1 to 200 characters"):
        Journal(name, directory=tmp_path)


def test_a_journal_is_open_once_in_a_process(tmp_path: Path) -> None:
    with (
        Journal("a", directory=tmp_path),
        pytest.raises(JournalError, match="open already in this process"),
        Journal("a", directory=tmp_path),
    ):
        pass


def test_keys_that_look_alike_are_two(tmp_path: Path) -> None:
    paths = {Journal(name, directory=tmp_path).path for name in ("INV 7", "INV-7", "INV/7", "../7")}
    assert len(paths) == 4
    assert {path.parent for path in paths} == {tmp_path}


def test_without_a_directory_it_is_in_the_users_state(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert Journal("a").path.parent == tmp_path / "seechain"
    monkeypatch.setenv("XDG_STATE_HOME", "not/absolute")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Journal("a").path.parent == tmp_path / ".local" / "state" / "seechain"
