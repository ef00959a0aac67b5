"""Who plays in the scenarios, and the SEE that most of them are about."""

from __future__ import annotations

from typing import Any

from eth_utils import to_checksum_address

from campaign.evms.stage import START, Stage
from tests.contracts.consent import DAY, KEYS, Agreement, Office, domain
from tests.contracts.evm import Contract, Tree, raw
from tests.contracts.life import Life

VOICES = ("ada", "ben", "cleo")  # of the keys of tests/contracts, which ascend
EXPIRES = START + 100 * DAY
DEADLINE = START + 7 * DAY


def tokens(agreement: Agreement) -> list[str]:
    """The tokens that it names."""
    return [to_checksum_address(each[12:]) for each in agreement.currencies if any(each)]


def word(account: str) -> bytes:
    return raw(account).rjust(32, b"\0")


def voices(stage: Stage) -> list[str]:
    """Ada, Ben and Cleo, who have a voice each."""
    return [stage.signer(name, key) for name, key in zip(VOICES, KEYS, strict=False)]


def seats(stage: Stage, accounts: list[str], others: int) -> list[tuple[str, int]]:
    """These accounts and so many others, each with shares of its own, as they ascend."""
    members = [*accounts, *(stage.account() for _ in range(others))]
    members.sort(key=lambda account: int(account, 16))
    return [(account, 7 * (place + 1)) for place, account in enumerate(members)]


def found(
    stage: Stage, kernel: Any, seats_: list[Any], *tokens: Contract, name: str = "see", **more: Any
) -> Life:
    """An agreement of three voices, not registered yet."""
    currencies = (bytes(32), *sorted(word(token.address) for token in tokens))
    agreement = Agreement(
        Tree.of(seats_),
        tuple((key.address, 1) for key in KEYS[:3]),
        EXPIRES,
        currencies=currencies,
    ).changed(**more)
    office = Office(kernel, agreement, DEADLINE, domain(kernel.registry.address, 1))
    office.keys = list(KEYS[:3])
    life = Life(office, register=False)
    stage.name(life.see.address, name)
    return life


def words(life: Life) -> tuple[bytes, int]:
    """All seat words of an agreement, and the sums of its pages, as `register` takes them."""
    tree = life.agreement.tree
    sums = sum(total << 48 * page for page, total in enumerate(tree.sums))
    return b"".join(tree.pages), sums if len(tree.pages) > 1 else 0


def place(life: Life, account: str) -> int:
    """The index of an account's seat."""
    for page, text in enumerate(life.agreement.tree.pages):
        for at in range(0, len(text), 32):
            if text[at : at + 20] == raw(account):
                return page * 32 + at // 32
    raise LookupError(account)


def member(life: Life, index: int) -> str:
    """The account of a seat."""
    page, at = index >> 5, (index & 31) * 32
    return to_checksum_address(life.agreement.tree.pages[page][at : at + 20])


def members(agreement: Agreement) -> list[str]:
    """The accounts of a table of one page, in its order."""
    (page,) = agreement.tree.pages
    return [to_checksum_address(page[at : at + 20]) for at in range(0, len(page), 32)]


def ask(stage: Stage, contract: Contract, name: str, *args: Any) -> None:
    """A view, asked in a transaction, so that its gas and answer are compared."""
    stage.send(contract.address, contract.data(name, *args))
