"""What the SDK, not a contract, was led to do."""

from __future__ import annotations

import importlib
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import ModuleType
from unittest.mock import patch

from eth_abi import encode
from web3 import Web3

from tests.incidents.incident import Seed, incident
from tests.sdk.chain import anvil, rpc

LURE = Web3.to_checksum_address("0x" + "1e" * 20)
# Newer web3 asks no host of this machine; what it is asked here must be seen all the same.
GUARD = "web3.utils.exception_handling.validate_ccip_url_host"


def luring(url: str) -> bytes:
    """Code that answers every question with OffchainLookup: ask that address."""
    kinds = ["address", "string[]", "bytes", "bytes4", "bytes"]
    lookup = encode(kinds, [LURE, [f"{url}/{{sender}}/{{data}}"], b"\1", b"1234", b""])
    data = bytes.fromhex("556f1830") + lookup
    start = b"\x61" + len(data).to_bytes(2, "big") + bytes.fromhex("80600b5f395ffd")
    return start.ljust(11, b"\0") + data  # copies what stands behind it, and reverts with that


@incident(
    "2026",
    "nothing known: requests from inside the victim's network (CVE-2026-40072)",
    "web3.py's CCIP-Read",
    Seed("src/seechain/chain/node.py", "ccip_read_enabled=False", "ccip_read_enabled=True"),
)
def ccip_read(package: ModuleType) -> None:
    """A contract names an address, and whoever reads the contract sends a request there."""
    asked: list[str] = []

    class Inside(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    Inside.log_message = lambda *_: None  # type: ignore[method-assign]
    server = HTTPServer(("127.0.0.1", 0), Inside)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        with anvil() as w3, patch(GUARD, lambda url: None, create=True):
            w3.provider.ccip_read_allow_http = True  # type: ignore[attr-defined]
            code = luring(f"http://127.0.0.1:{server.server_port}")
            rpc(w3, "anvil_setCode", LURE, "0x" + code.hex())
            node = importlib.import_module(f"{package.__name__}.chain.node")
            with suppress(Exception):  # it refuses one way or another
                node.call(w3, LURE, b"\1", "reading")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert asked == []
