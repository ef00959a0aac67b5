"""Who may send, and what goes wrong with money, nonces and nodes."""

from __future__ import annotations

import gc
import socket
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from web3 import HTTPProvider, IPCProvider, Web3
from web3.exceptions import ExtraDataLengthError, Web3RPCError

from seechain import SEE, AccountError, NodeError, NoFunds, Registry
from seechain.chain.node import explained, head_of, url_of
from seechain.chain.reverts import NonceError, NotMined, OutOfGas
from seechain.sending.senders import Call, send
from tests.sdk.chain import key, rpc


def pay(w3: Web3, sender: Any, value: int = 1) -> None:
    send(w3, Call(key(9).address, b"", "the payment", value), sender)


@pytest.mark.parametrize("sender", [key(8), key(8).address, key(8).address.lower()])
def test_keys_and_addresses_of_the_node_send(w3: Web3, sender: Any) -> None:
    before = w3.eth.get_balance(key(9).address)
    pay(w3, sender)
    assert w3.eth.get_balance(key(9).address) == before + 1


@pytest.mark.parametrize("sender", [None, 5, "ada", "0x12", object()])
def test_what_is_no_account_does_not_send(w3: Web3, sender: Any) -> None:
    with pytest.raises(AccountError):
        pay(w3, sender)


def test_an_account_that_can_not_sign_does_not_send(w3: Web3) -> None:
    class Watched:
        address = key(8).address

    with pytest.raises(AccountError, match=r"Watched 0x.* can't sign: use an account's key"):
        pay(w3, Watched())


def test_no_money_for_gas_is_said_with_account_balance_and_need(see: SEE) -> None:
    poor = Account.create()
    see.pay("1 ether", sender=key(3))
    for act in (
        lambda: see.pay("1 ether", sender=poor),
        lambda: see.claim(key(1).address, sender=poor),
        lambda: see.payout(sender=poor),
    ):
        with pytest.raises(NoFunds) as caught:
            act()
        assert f"{poor.address} has 0 ether and needs up to" in str(caught.value)
    rpc(see.w3, "anvil_setBalance", poor.address, hex(10**18))
    with pytest.raises(NoFunds, match=r"has 1 ether and needs up to 1\.\d+ ether, gas included"):
        see.pay("1 ether", sender=poor)
    assert see.received()["native"] == 10**18


def test_a_node_that_is_down_is_one_sentence_without_secrets() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    w3 = Web3(HTTPProvider(f"http://user:secret@127.0.0.1:{port}/v3/key?token=secret"))
    with pytest.raises(NodeError) as caught:
        Registry(w3)
    assert str(caught.value) == (
        f"the node at http://127.0.0.1:{port} can not be reached:"
        " check the URL, and that the node runs"
    )


def test_a_node_that_does_not_answer_in_time_is_one_sentence() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        w3 = Web3(HTTPProvider(url, {"timeout": 0.2}, exception_retry_configuration=None))
        with pytest.raises(NodeError, match="does not answer in time"):
            SEE(w3, key(1).address)


@pytest.mark.filterwarnings("ignore")  # web3 leaves the socket open
def test_a_node_behind_a_file_is_named_by_it(tmp_path: Path) -> None:
    w3 = Web3(IPCProvider(tmp_path / "no.ipc"))
    assert url_of(w3) == str(tmp_path / "no.ipc")
    with pytest.raises(NodeError, match=r"no\.ipc can not be reached"):
        Registry(w3)
    del w3
    gc.collect()  # here the warning is ignored, in a later test it would be an error


def test_a_node_that_is_no_node_is_one_sentence(tmp_path: Path) -> None:
    import http.server
    import threading

    class Refusing(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(403)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        with pytest.raises(NodeError, match=f"the node at {url} answers HTTP 403"):
            Registry(Web3(HTTPProvider(url)))
        server.shutdown()


def test_nonce_trouble_is_named(w3: Web3) -> None:
    whole: dict[str, Any] = {
        "to": key(9).address,
        "value": 1,
        "gas": 21_000,
        "maxFeePerGas": 10**10,
        "maxPriorityFeePerGas": 1,
        "chainId": 31337,
        "nonce": w3.eth.get_transaction_count(key(8).address),
    }
    raw = key(8).sign_transaction(whole).raw_transaction
    w3.eth.send_raw_transaction(raw)

    class Stale:
        """Signs an old transaction, as a wallet that counts for itself may."""

        address = key(8).address

        def sign_transaction(self, transaction: object) -> Any:
            return key(8).sign_transaction(whole)

    with pytest.raises(NonceError, match="its account sent something else at the same time"):
        pay(w3, Stale())


def test_what_is_not_mined_is_said(w3: Web3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seechain.sending.senders.WAIT", 0.3)
    rpc(w3, "evm_setAutomine", False)
    try:
        with pytest.raises(NotMined, match="the payment is in no block yet"):
            pay(w3, key(8))
    finally:
        rpc(w3, "evm_setAutomine", True)
        rpc(w3, "evm_mine")


def test_too_much_gas_is_said_before_it_is_sent(w3: Web3) -> None:
    loop = bytes.fromhex("5b5f56")  # JUMPDEST PUSH0 JUMP
    rpc(w3, "anvil_setCode", key(7).address, "0x" + loop.hex())
    with pytest.raises(OutOfGas, match="the loop needs more gas than a transaction may have"):
        send(w3, Call(key(7).address, b"", "the loop"), key(8))


def test_a_chain_without_a_base_fee_takes_legacy_fees() -> None:
    from tests.sdk.chain import anvil

    with anvil(hardfork="berlin") as w3:
        pay(w3, key(8))
        sent = w3.eth.get_block("latest", full_transactions=True)["transactions"][0]
        assert sent["type"] == 0  # type: ignore[index]


def test_a_tight_purse_pays_what_counts_now(w3: Web3) -> None:
    """An account that can't offer twice the base fee still pays."""
    thrifty = Account.create()
    base = head_of(w3).base_fee
    assert base is not None
    tip = w3.eth.max_priority_fee
    gas = 21_000 + 2_100
    rpc(w3, "anvil_setBalance", thrifty.address, hex(1 + gas * (base + tip)))
    pay(w3, thrifty)


def test_a_chain_with_proof_of_authority_is_read(w3: Web3) -> None:
    from web3.middleware import Web3Middleware

    class Longer(Web3Middleware):
        """Answers blocks as such chains do, with 97 bytes of extra data."""

        def response_processor(self, method: Any, response: Any) -> Any:
            if method == "eth_getBlockByNumber":
                response = {
                    **response,
                    "result": {**response["result"], "extraData": "0x" + "11" * 97},
                }
            return response

    w3.middleware_onion.inject(Longer, name="longer", layer=0)
    try:
        with pytest.raises(ExtraDataLengthError):
            w3.eth.get_block("latest")
        assert head_of(w3).timestamp > 10**9
        pay(w3, key(8))
    finally:
        w3.middleware_onion.remove("longer")


def test_the_errors_of_nodes_are_sorted(w3: Web3) -> None:
    for message, kind in (
        ("nonce too low: next nonce 5", NonceError),
        ("replacement transaction underpriced", NonceError),
        ("insufficient funds for gas * price + value", NoFunds),
        ("gas required exceeds allowance (30000000)", OutOfGas),
        ("method not found", NodeError),
    ):
        error = explained(w3, Web3RPCError(message), "the payment")
        assert type(error) is kind
        assert "the payment" in str(error)
