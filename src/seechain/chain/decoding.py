"""Reading what the contracts log: which event a log is, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_hash.auto import keccak

from seechain.accounts import ZERO_ADDRESS, checksum
from seechain.agreement.text import NATIVE
from seechain.chain.events import (
    Amended,
    Claimed,
    Closed,
    Created,
    Deregistered,
    Ended,
    Endorsed,
    Event,
    Joined,
    Kept,
    Left,
    Located,
    Paid,
    PaidFor,
    PaidLate,
    PaidOut,
    Posted,
    Published,
    Received,
    Redirected,
    Registered,
    VoiceLeft,
)

_AGREEMENT = "address,bytes32,uint256,uint256,bytes32,uint256,uint256,uint256,bytes32,bytes,bytes"
REGISTERED = f"Registered(address,bytes32,{_AGREEMENT})"
LEFT = "Left(uint256,address,uint256,uint256)"
AMENDED = f"Amended(address,bytes32,uint256,uint256,{_AGREEMENT})"


def decoded(logs: Iterable[Any]) -> tuple[Event, ...]:
    """The events of seechain's contracts among the logs of web3, in their order."""
    return tuple(event for log in logs if (event := decode_log(log)) is not None)


def decode_log(log: Any) -> Event | None:
    """The event of a log, or None where it is none of seechain's or is not laid out as one."""
    topics = [bytes(topic) for topic in log["topics"]]
    read = _READERS.get(topics[0]) if topics else None
    if read is None:
        return None
    where = (
        checksum(bytes.fromhex(str(log["address"])[2:])),
        int(log["blockNumber"]),
        "0x" + bytes(log["transactionHash"]).hex(),
        int(log["logIndex"]),
    )
    kind, fields = read
    try:
        return kind(*where, *fields(topics[1:], bytes(log["data"])))
    except (DecodingError, ValueError, IndexError):  # another contract's event of the same name
        return None


def topic_of(signature: str) -> bytes:
    """The first topic of an event, as "Published(address)"."""
    return keccak(signature.encode())


def currency_of(address: str) -> str:
    """A currency as the SDK names it: "native" for the zero address, else checksummed."""
    return NATIVE if int(address, 16) == 0 else checksum(bytes.fromhex(address[2:]))


def _account(topic: bytes) -> str:
    return checksum(topic[-20:])


def _seat(key: bytes) -> tuple[str, int, int]:
    """Account, index and version of a seat's key: version (16) | index (32) | account (160)."""
    return (
        checksum(key[12:]),
        int.from_bytes(key[8:12], "big"),
        int.from_bytes(key[6:8], "big"),
    )


def _received(topics: list[bytes], data: bytes) -> tuple[Any, ...]:
    payment = int.from_bytes(data, "big")
    return checksum((payment >> 96).to_bytes(20, "big")), payment & (2**96 - 1)


def _paid(topics: list[bytes], data: bytes) -> tuple[Any, ...]:
    currency, amount = decode(["address", "uint256"], data[:64])
    return _account(topics[0]), topics[1], currency_of(currency), amount


def _paid_for(topics: list[bytes], data: bytes) -> tuple[Any, ...]:
    return _account(topics[0]), *_paid(topics[1:], data)


def _posted(topics: list[bytes], data: bytes) -> tuple[Any, ...]:
    what, content, uri, shares, until = decode(
        ["uint256", "bytes32", "bytes", "uint256", "uint256"], data
    )
    where = _account(topics[0]), _account(topics[1]), topics[2]
    return *where, what, content, _text(uri), shares, until


def _located(topics: list[bytes], data: bytes) -> tuple[Any, ...]:
    return _account(topics[0]), _account(topics[1]), _text(*decode(["bytes"], data))


def _text(raw: bytes) -> str:
    """A string of a log: what is no UTF-8 hides no event."""
    return raw.decode("utf-8", "replace")


def _kept(topics: list[bytes], data: bytes) -> tuple[Any, ...]:
    currency, amount = decode(["address", "uint256"], data)
    return *_seat(topics[0]), currency_of(currency), amount


def _claimed_token(topics: list[bytes], data: bytes) -> tuple[Any, ...]:
    currency = currency_of(ZERO_ADDRESS[:2] + topics[1][-20:].hex())
    return *_seat(topics[0]), currency, int.from_bytes(data, "big")


def _paid_out(topics: list[bytes], data: bytes) -> tuple[Any, ...]:
    currency, page, received = decode(["address", "uint256", "uint256"], data)
    return currency_of(currency), page, received


def _paid_late(topics: list[bytes], data: bytes) -> tuple[Any, ...]:
    return *_paid(topics, data), int.from_bytes(data[64:96], "big")


def _left(topics: list[bytes], data: bytes) -> tuple[Any, ...]:
    currency, owed, shares = decode(["address", "uint256", "uint256"], data)
    return *_seat(topics[0]), currency_of(currency), owed, shares


def _closed(topics: list[bytes], data: bytes) -> tuple[Any, ...]:
    currency = currency_of("0x" + topics[0][-20:].hex())
    return currency, int.from_bytes(topics[1], "big"), int.from_bytes(data, "big")


def _endorsed(topics: list[bytes], data: bytes) -> tuple[Any, ...]:
    kind, account, subject, deadline = decode(["bytes32", "address", "bytes32", "uint256"], data)
    account = checksum(bytes.fromhex(account[2:]))
    return _account(topics[0]), topics[1], kind, account, subject, deadline


def _registered(topics: list[bytes], data: bytes) -> tuple[Any, ...]:
    submitter, *rest = decode(_AGREEMENT.split(","), data)
    return _account(topics[0]), topics[1], checksum(bytes.fromhex(submitter[2:])), *rest


def _amended(topics: list[bytes], data: bytes) -> tuple[Any, ...]:
    version, previous, submitter, *rest = decode(
        ["uint256", "uint256", *_AGREEMENT.split(",")], data
    )
    submitter = checksum(bytes.fromhex(submitter[2:]))
    return _account(topics[0]), topics[1], submitter, *rest, version, previous


def _accounts(topics: list[bytes], data: bytes) -> tuple[Any, ...]:
    return tuple(_account(topic) for topic in topics)


_READERS: dict[bytes, tuple[type[Event], Callable[[list[bytes], bytes], tuple[Any, ...]]]] = {
    topic_of(signature): (kind, fields)
    for signature, kind, fields in (
        ("Received(uint256)", Received, _received),
        ("Paid(address,bytes32,address,uint256)", Paid, _paid),
        (
            "Joined(uint256,uint256)",
            Joined,
            lambda topics, data: (*_seat(topics[0]), int.from_bytes(data, "big")),
        ),
        (
            "Claimed(uint256,uint256)",
            Claimed,
            lambda topics, data: (*_seat(topics[0]), NATIVE, int.from_bytes(data, "big")),
        ),
        ("ClaimedToken(uint256,address,uint256)", Claimed, _claimed_token),
        ("Kept(uint256,address,uint256)", Kept, _kept),
        ("PaidOut(address,uint256,uint256)", PaidOut, _paid_out),
        ("Ended()", Ended, lambda topics, data: ()),
        (
            "Created(address,bytes32,uint256,uint256)",
            Created,
            lambda topics, data: (
                _account(topics[0]),
                *decode(["bytes32", "uint256", "uint256"], data),
            ),
        ),
        (REGISTERED, Registered, _registered),
        (AMENDED, Amended, _amended),
        ("PaidLate(address,bytes32,address,uint256,uint256)", PaidLate, _paid_late),
        ("PaidFor(address,address,bytes32,address,uint256)", PaidFor, _paid_for),
        (
            "Posted(address,address,bytes32,uint256,bytes32,string,uint256,uint256)",
            Posted,
            _posted,
        ),
        ("Closed(address,uint256,uint256)", Closed, _closed),
        (LEFT, Left, _left),
        ("VoiceLeft(address,address)", VoiceLeft, _accounts),
        ("Redirected(address,address)", Redirected, _accounts),
        (
            "Endorsed(address,bytes32,bytes32,address,bytes32,uint256)",
            Endorsed,
            _endorsed,
        ),
        ("Located(address,address,string)", Located, _located),
        ("Published(address)", Published, lambda topics, data: (_account(topics[0]), data)),
        ("Deregistered(address,address)", Deregistered, _accounts),
    )
}

# What the contracts call each event, by its first topic.
NAMES = {topic: kind.__name__ for topic, (kind, _) in _READERS.items()}
