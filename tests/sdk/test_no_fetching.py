"""What a contract wants to be fetched (EIP-3668) is never fetched: no request leaves, in any act.

CVE-2026-40072: web3 follows the URLs of any contract that it calls, unless it is told not to.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from eth_abi import encode
from requests import HTTPError
from web3 import Web3
from web3.exceptions import Web3Exception

from seechain import SEE, Registry, SeechainError, Splitter
from seechain.chain.node import call
from seechain.chain.reverts import Refused
from seechain.chain.tokens import Token
from seechain.sending.senders import Call, concluded, send
from tests.sdk.chain import key, rpc
from tests.sdk.conftest import ADA

LURE = Web3.to_checksum_address("0x" + "1e" * 20)
SENDER = key(8)


@pytest.fixture(scope="module")
def gateway() -> Iterator[tuple[str, list[str]]]:
    """A web server: where it is, and what it was asked for."""
    asked: list[str] = []

    class Gateway(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_POST = do_GET

        def log_message(self, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def asked(w3: Web3, gateway: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the server was asked for, now that a contract sends all who call it there.

    Newer web3 asks no host of this machine and wants https; that guard is taken out here, so that
    the server sees whatever is followed.
    """
    url, asked = gateway
    monkeypatch.setattr(w3.provider, "ccip_read_allow_http", True, raising=False)
    guard = "web3.utils.exception_handling.validate_ccip_url_host"
    monkeypatch.setattr(guard, lambda url: None, raising=False)
    rpc(w3, "anvil_setCode", LURE, "0x" + luring(url).hex())
    asked.clear()
    return asked


def luring(url: str) -> bytes:
    """Code that reverts with OffchainLookup, whatever it is asked."""
    data = bytes.fromhex("556f1830") + encode(
        ["address", "string[]", "bytes", "bytes4", "bytes"],
        [LURE, [f"{url}/{{sender}}/{{data}}", url], b"\1", b"\0\0\0\1", b""],
    )
    # Copies what stands behind these 12 bytes, and reverts with it.
    return bytes.fromhex(f"61{len(data):04x}80600c5f395ffd".ljust(24, "0")) + data


def test_web3_would_fetch_it(w3: Web3, asked: list[str]) -> None:
    """Else the tests below would prove nothing."""
    with pytest.raises(HTTPError):
        w3.eth.call({"to": LURE, "data": "0x01"})  # type: ignore[typeddict-item]
    assert asked
    asked.clear()
    with pytest.raises(Web3Exception):
        w3.eth.estimate_gas({"to": LURE, "data": "0x01", "from": ADA})  # type: ignore[typeddict-item]
    assert not asked


ACTS: dict[str, Callable[[Web3, SEE], Any]] = {
    "call": lambda w3, see: call(w3, LURE, b"\1", "reading"),
    "send": lambda w3, see: send(w3, Call(LURE, b"\1", "sending"), SENDER),
    "pay it": lambda w3, see: send(w3, Call(LURE, b"", "sending", value=1), SENDER),
    "why it failed": lambda w3, see: concluded(
        w3,
        {"from": ADA, "to": LURE, "data": "0x01", "value": 0, "gas": 100_000},
        "sending",
        {"status": 0, "blockNumber": w3.eth.block_number, "transactionHash": bytes(32)},
    ),
    "balance": lambda w3, see: Token(w3, LURE).balance(ADA),
    "allowance": lambda w3, see: Token(w3, LURE).allowance(ADA, see.address),
    "approve": lambda w3, see: Token(w3, LURE).approve(see.address, 1, sender=SENDER),
    "Registry": lambda w3, see: Registry(w3, LURE),
    "SEE": lambda w3, see: SEE(w3, LURE),
    "Splitter": lambda w3, see: Splitter(w3, LURE),
    "pay in it": lambda w3, see: see.pay(1, currency=LURE, sender=SENDER),
    "claim in it": lambda w3, see: see.claim(ADA, currency=LURE, sender=SENDER),
    "pay out in it": lambda w3, see: see.payout(currency=LURE, sender=SENDER),
    "touch": lambda w3, see: see.touch(LURE, sender=SENDER),
}


@pytest.mark.parametrize("act", ACTS)
def test_no_act_fetches(w3: Web3, see: SEE, asked: list[str], act: str) -> None:
    with pytest.raises(SeechainError):
        ACTS[act](w3, see)
    assert asked == []


def test_reading_what_is_there_fetches_nothing(w3: Web3, see: SEE, asked: list[str]) -> None:
    """A token without a name that can be read has none; that is no error."""
    assert Token(w3, LURE).symbol == ""
    assert Token(w3, LURE).decimals is None
    assert asked == []


def test_what_is_wanted_is_said_where_a_call_wants_it(w3: Web3, asked: list[str]) -> None:
    with pytest.raises(Refused, match="wants an answer from outside the chain, which is never fet"):
        ACTS["call"](w3, None)  # type: ignore[arg-type]
    assert asked == []
