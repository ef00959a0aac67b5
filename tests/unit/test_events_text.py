"""Text that a log holds and that is none: no event hides behind it."""

from __future__ import annotations

from eth_abi.abi import encode

from seechain.chain.decoding import decode_log, topic_of
from seechain.chain.events import Located, Posted

WHO = bytes(12) + b"\x11" * 20


def log(signature: str, *more: bytes, data: bytes) -> dict[str, object]:
    return {
        "address": "0x" + "22" * 20,
        "topics": [topic_of(signature), WHO, WHO, *more],
        "data": data,
        "blockNumber": 1,
        "transactionHash": bytes(32),
        "logIndex": 0,
    }


def test_a_uri_that_is_no_utf_8_hides_no_notice() -> None:
    types = ["uint256", "bytes32", "bytes", "uint256", "uint256"]
    data = encode(types, [1, bytes(32), b"ipfs://\xff", 2, 3])
    signature = "Posted(address,address,bytes32,uint256,bytes32,string,uint256,uint256)"
    event = decode_log(log(signature, bytes(32), data=data))
    assert isinstance(event, Posted)
    assert event.uri == "ipfs://\ufffd"


def test_a_uri_that_is_no_utf_8_hides_no_place_of_an_agreement() -> None:
    data = encode(["bytes"], [b"\xc0\xaf"])
    event = decode_log(log("Located(address,address,string)", data=data))
    assert isinstance(event, Located)
    assert event.uri == "\ufffd\ufffd"
