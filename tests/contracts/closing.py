"""A SEE whose books are closed, and what an enemy knows of it."""

from __future__ import annotations

from typing import Any

from eth_utils import keccak

from tests.contracts.consent import DAY, KEYS, Agreement, Office
from tests.contracts.evm import ZERO, Contract, Kernel, Tree, key, raw
from tests.contracts.life import Life


def word(account: str) -> bytes:
    return raw(account).rjust(32, b"\0")


def named(*tokens: Contract) -> tuple[bytes, ...]:
    """The native coin and these tokens, as an agreement names them."""
    return (bytes(32), *sorted(word(token.address) for token in tokens))


def living(
    kernel: Kernel,
    *tokens: Contract,
    shares: tuple[int, ...] = (1, 3),
    per_page: int = 32,
    **fields: Any,
) -> Life:
    """A registered SEE: three voices without seats, and seats without voices."""
    office = Office.open(kernel)
    office.keys = list(KEYS[:3])
    made = Agreement(
        Tree.of([(kernel.chain.account(), part) for part in shares], per_page),
        tuple((k.address, 1) for k in KEYS[:3]),
        kernel.chain.now() + 100 * DAY,
        currencies=named(*tokens),
    )
    office.agreement = made.changed(**fields)
    return Life(office)


def seats(agreement: Agreement) -> list[tuple[int, str]]:
    """Index and account of each seat."""
    return [
        (page * 32 + at // 32, "0x" + words[at : at + 20].hex())
        for page, words in enumerate(agreement.tree.pages)
        for at in range(0, len(words), 32)
    ]


def accounts(agreement: Agreement) -> list[str]:
    return [account for _, account in seats(agreement)]


def keys_of(agreement: Agreement, version: int) -> list[int]:
    return [key(index, account, version) for index, account in seats(agreement)]


def dues(life: Life, agreement: Agreement, version: int, currency: str = ZERO) -> list[int]:
    """What is due to each seat of a version."""
    _, shares, pages, _ = agreement.tree.table
    out: list[int] = []
    for page, words in enumerate(agreement.tree.pages):
        numbers = [int.from_bytes(words[at : at + 32], "big") for at in range(0, len(words), 32)]
        out += life.see.dues(currency, version, shares, pages, page * 32, numbers)
    return out


def topics(receipt: dict[str, Any], event: str) -> list[dict[str, Any]]:
    """The logs of an event."""
    topic = "0x" + keccak(text=event).hex()
    return [log for log in receipt["logs"] if log["topics"][0] == topic]


CLOSED = "Closed(address,uint256,uint256)"
