"""A Journal and several chains: forks, chains put back, one address on two chains."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import requests
from web3 import Web3
from web3.types import RPCEndpoint

from seechain import SEE, Agreement, Journal, JournalError, NodeError, Registry
from seechain.journal.steps import State
from seechain.sending.mined import Place, place_of
from seechain.sending.senders import Call, send
from tests.rewind import rewind
from tests.sdk.chain import anvil, deployed, key, rpc
from tests.sdk.journals import PAYER, mine, of, paid, pay, sent

MARKED = 12  # blocks below the head, of the block that tells a chain from another


@pytest.fixture
def fork(w3: Web3) -> Iterator[Web3]:
    """A rehearsal's chain: the same id and first block, and all that there is until now."""
    url = str(w3.provider.endpoint_uri)  # type: ignore[attr-defined]
    with anvil("--fork-url", url) as node:
        yield node


def answering(w3: Web3, *answers: Any) -> Any:
    """Has a node answer this, one after the other and the last for ever, to what it is of itself.

    An exception is raised instead.
    """
    real, left = w3.provider.make_request, list(answers)

    def make(method: RPCEndpoint, parameters: Any) -> Any:
        if method != "hardhat_metadata":
            return real(method, parameters)
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return {"jsonrpc": "2.0", "id": 1, **answer}

    return mock.patch.object(w3.provider, "make_request", make)


def error(code: int, message: str) -> dict[str, Any]:
    """An answer that is an error."""
    return {"error": {"code": code, "message": message}}


def http(status: int, body: bytes = b"<html>no</html>") -> requests.HTTPError:
    """What comes of an HTTP status."""
    response = requests.Response()
    response.status_code, response._content = status, body
    return requests.HTTPError(response=response)


# ------------------------------------------------------------ forks


def test_what_was_rehearsed_on_a_fork_is_never_told_to_the_chain(
    w3: Web3, fork: Web3, tmp_path: Path
) -> None:
    pay(w3, tmp_path, "INV-0")
    pay(fork, tmp_path, "rehearsal", value=100 * 10**18)
    before, count = paid(w3), sent(w3)
    pay(w3, tmp_path, "INV-7", value=7)
    assert (paid(w3), sent(w3)) == (before + 7, count + 1)


def test_a_key_that_was_rehearsed_is_not_gone_on_with_in_earnest(
    w3: Web3, fork: Web3, tmp_path: Path
) -> None:
    before = sent(w3)

    def act(node: Web3) -> None:
        with Journal("INV-7", directory=tmp_path):
            send(node, Call(key(9).address, b"", "the payment", 5), PAYER)
            raise RuntimeError("interrupted")

    with pytest.raises(RuntimeError, match="interrupted"):
        act(fork)
    with pytest.raises(
        JournalError, match=r"was begun .* on chain 31337, a fork of this one .* use another key"
    ):
        act(w3)
    assert sent(w3) == before


def test_putting_a_chain_back_leaves_its_place(w3: Web3) -> None:
    snapshot = rpc(w3, "evm_snapshot")
    before = place_of(w3)
    mine(w3)
    rewind(partial(rpc, w3), snapshot)
    assert place_of(w3) == before
    assert before.instance


@pytest.mark.parametrize(
    "said",
    [
        error(-32601, "Method not found"),
        error(-32601, "the method hardhat_metadata does not exist/is not available"),
        error(-32600, "Unsupported method: hardhat_metadata on ETH_MAINNET"),
        error(-32000, "rpc method is not whitelisted"),
        error(-32053, "access to this method is restricted"),
        {"error": "Unknown RPC Endpoint: hardhat_metadata"},
        http(403),
        http(400, b'{"error": {"code": -32600, "message": "Unsupported method: hardhat_x"}}'),
    ],
)
def test_most_nodes_know_nothing_of_instances(w3: Web3, tmp_path: Path, said: Any) -> None:
    node = of(w3)
    with answering(node, said):
        pay(node, tmp_path)
    (step,) = Journal("INV-7", directory=tmp_path).steps
    assert step.place == place_of(w3)._replace(instance="")


@pytest.mark.parametrize(
    "said",
    [
        error(-32005, "limit exceeded"),
        error(-32603, "Internal error"),
        error(-32000, "header not found"),
        error(-32000, "method handler crashed"),
        {"result": None},
        {"result": {"what": ["else"]}},
        {},
        http(429),
        http(502),
        requests.ConnectionError("gone"),
    ],
)
def test_a_node_that_fails_to_say_it_is_asked_again(
    w3: Web3, said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seechain.chain.instances.PAUSES", (0.0, 0.0))
    node, place = of(w3), place_of(w3)
    metadata = {"result": rpc(w3, "hardhat_metadata")}
    with answering(node, said, metadata):
        assert place_of(node) == place
    with answering(node, said), pytest.raises(NodeError, match=r"ask another node|check the URL"):
        place_of(node)


def test_what_has_no_instance_is_asked_once(w3: Web3) -> None:
    node = of(w3)
    with answering(node, error(-32601, "Method not found")):
        place = place_of(node)
    assert place == Place(place.chain_id, place.genesis)
    with answering(node, AssertionError("asked twice")):
        assert place_of(node) == place


# ------------------------------------------------------------ a chain that is another one


def unnamed(w3: Web3) -> Any:
    """A chain that does not tell itself from its forks."""
    return answering(w3, error(-32601, "Method not found"))


def test_what_was_signed_on_blocks_that_are_gone_is_told_to_nobody(
    w3: Web3, tmp_path: Path
) -> None:
    node, snapshot = of(w3), rpc(w3, "evm_snapshot")
    mine(w3, MARKED + 2)
    with unnamed(node):
        pay(node, tmp_path, "A")
        rewind(partial(rpc, w3), snapshot)
        rpc(w3, "evm_increaseTime", 10)
        mine(w3, MARKED + 5)
        before = paid(w3), sent(w3)
        for name in ("B", "A"):
            with pytest.raises(JournalError, match=r"the payment, .* signed on another chain"):
                pay(node, tmp_path, name)
    assert (paid(w3), sent(w3)) == before
    (step,) = Journal("A", directory=tmp_path).steps
    assert step.state is State.MINED  # as it was


def test_what_a_deep_reorganisation_has_kept_is_the_act(w3: Web3, tmp_path: Path) -> None:
    node, snapshot = of(w3), rpc(w3, "evm_snapshot")
    mine(w3, MARKED + 2)
    with unnamed(node):
        first = pay(node, tmp_path)
        (step,) = Journal("INV-7", directory=tmp_path).steps
        rewind(partial(rpc, w3), snapshot)
        rpc(w3, "evm_increaseTime", 10)
        mine(w3, MARKED + 5)
        w3.eth.wait_for_transaction_receipt(w3.eth.send_raw_transaction(step.sent.raw or b""))
        before = paid(w3)
        assert pay(node, tmp_path).transaction_hash == first.transaction_hash
    assert paid(w3) == before


# ------------------------------------------------------------ one address on several chains


@pytest.fixture
def twins(see: SEE, agreement: Agreement, voices: Any) -> Iterator[tuple[SEE, SEE]]:
    """Two SEEs with one address, each on its chain."""
    with anvil("--chain-id", "888") as other:
        usdc = deployed(other, "Token", "USDC", 6)
        registry = Registry.deploy(other, sender=key(9))
        consents = [registry.sign(agreement, account) for account in voices]
        twin = registry.register(agreement, consents, sender=key(0))
        assert (usdc.address, twin.address) == (agreement.currencies[1], see.address)
        yield see, twin


def test_an_act_is_of_one_chain(twins: tuple[SEE, SEE], tmp_path: Path) -> None:
    def act(see: SEE, name: str = "INV-7", *, dies: bool = False) -> None:
        with Journal(name, directory=tmp_path, once=name != "monthly"):
            SEE(see.w3, see.address).pay("1 ether", memo="INV-7", sender=PAYER)
            if dies:
                raise RuntimeError("interrupted")

    one, other = twins
    act(one)
    with pytest.raises(JournalError, match=r"'INV-7' is done, and .* on chain 888 was no part"):
        act(other)
    act(one)
    with pytest.raises(RuntimeError, match="interrupted"):
        act(one, "INV-8", dies=True)
    with pytest.raises(
        JournalError, match=r"was begun with .* on chain 31337, and now asks for .* on chain 888"
    ):
        act(other, "INV-8")
    act(one, "INV-8")
    for see in twins:  # and what may be done again, is done on each
        act(see, "monthly")
    assert (one.received()["native"], other.received()["native"]) == (3 * 10**18, 10**18)
    assert all(step.is_done for step in Journal("INV-7", directory=tmp_path).steps)


def test_an_act_may_be_of_two_chains(twins: tuple[SEE, SEE], tmp_path: Path) -> None:
    for _ in range(2):
        with Journal("both", directory=tmp_path):
            for see in twins:
                SEE(see.w3, see.address).pay("1 ether", memo="INV-7", sender=PAYER)
    assert [see.received()["native"] for see in twins] == [10**18, 10**18]
