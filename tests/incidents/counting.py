"""Sums that did not add up."""

from __future__ import annotations

from tests.incidents.arena import (
    ALICE,
    BOB,
    CLAIM,
    CLAIM_MANY,
    ETHER,
    MALLORY,
    Arena,
    agreed,
    key,
)
from tests.incidents.incident import Seed, incident
from tests.properties.life_model import LATE
from tests.properties.world import ANYONE, ZERO

SPLITTER = "contracts/Splitter.vy"
BOOKS, LEAVING = "contracts/modules/books.vy", "contracts/modules/leaving.vy"
PULL, PUSH = "contracts/modules/pull.vy", "contracts/modules/push.vy"
OF_SPLITTER, OF_SEE = ("Splitter",), ("SEE",)
ENTITLED = """\
        entitled: uint256 = unsafe_div(
            unsafe_mul(received, seat & books.SHARES), seat >> books.TOTAL_AT & books.SHARES
        )
        if entitled > seat >> books.TOP:
"""
REACHED = "            unsafe_div(unsafe_mul(reach, shares), table.shares),\n"
BEFORE = "            unsafe_div(unsafe_mul(base, shares), table.shares),\n"


@incident(
    "2021-05",
    "$30 million",
    "Spartan Protocol",
    Seed(
        SPLITTER,
        "    received: uint256 = unsafe_add(self.balance, book >> books.TOP)\n    # A seat",
        "    received: uint256 = self.balance\n    # A seat",
        OF_SPLITTER,
    ),
)
def spartan(arena: Arena) -> None:
    """Parts are taken of what is there now, not of all that came: who comes first has more."""
    split = arena.split((MALLORY, 1), (ALICE, 1))
    assert arena.join(split, 0)
    assert arena.join(split, 1)
    arena.send(split.address, 10 * ETHER)
    assert arena.claim(split, 0)
    assert arena.claim(split, 1)
    assert arena.held(ALICE) == 5 * ETHER


@incident(
    "2021-09",
    "$80 million",
    "Compound (proposal 62)",
    Seed(BOOKS, "    return max(seat >> TOP, part)\n", "    return seat >> TOP\n", OF_SPLITTER),
)
def compound(arena: Arena) -> None:
    """Who has no entry yet is treated as though nothing had been paid to it before."""
    split = arena.split((MALLORY, 1), (ALICE, 1))
    arena.send(split.address, 10 * ETHER)
    assert arena.payout(split)
    arena.send(split.address, 10 * ETHER)
    arena.join(split, 0, claims=True)
    assert arena.held(MALLORY) == 10 * ETHER


@incident(
    "2023-05",
    "$1.1 million",
    "Level Finance",
    Seed(
        PULL,
        "        books.seats[key] = unsafe_add(seat, due << books.TOP)\n        self._pay_native(",
        "        self._pay_native(",
        OF_SPLITTER,
    ),
)
def level(arena: Arena) -> None:
    """The same claim stands in a list several times, and each time it is paid."""
    split = arena.split((MALLORY, 1), (ALICE, 3))
    assert arena.join(split, 0)
    arena.send(split.address, 4 * ETHER)
    arena.do(ANYONE, split.address, CLAIM_MANY, [key(0, MALLORY)] * 4, [ZERO])
    assert arena.held(MALLORY) == ETHER


@incident(
    "2020-12",
    "$4 million",
    "Cover Protocol",
    Seed(
        PULL,
        "            claimed |= self._claim_odd(key)\n            book = books.native\n",
        "            claimed |= self._claim_odd(key)\n",
        OF_SPLITTER,
    ),
)
def cover(arena: Arena) -> None:
    """A copy in memory is used on, while what it is a copy of has been written."""
    split = arena.split((MALLORY, 1), (ALICE, 1), (BOB, 1))
    arena.send(split.address, 3 * ETHER)
    assert arena.payout(split)  # from now on the book is not plain
    for at in range(3):
        assert arena.join(split, at)
    arena.send(split.address, 3 * ETHER)
    keys = [key(0, MALLORY), key(1, ALICE)]
    assert arena.do(ANYONE, split.address, CLAIM_MANY, keys, [ZERO])
    arena.claim(split, 2)
    assert arena.held(BOB) == 2 * ETHER


@incident(
    "2021-04",
    "$57 million",
    "Uranium Finance",
    Seed(
        SPLITTER,
        "word & books.SHARES | table.shares << books.TOTAL_AT\n",
        "word & books.SHARES | table.shares // 10 << books.TOTAL_AT\n",
        OF_SPLITTER,
    ),
)
def uranium(arena: Arena) -> None:
    """Two places scale the same number, and one was changed."""
    split = arena.split((MALLORY, 5), (ALICE, 95))
    assert arena.join(split, 0, claims=False)
    arena.send(split.address, 100 * ETHER)
    assert arena.claim(split, 0)
    assert arena.held(MALLORY) == 5 * ETHER


@incident(
    "2025-11",
    "$128 million",
    "Balancer V2",
    Seed(
        SPLITTER,
        ENTITLED,
        """\
        entitled: uint256 = unsafe_div(
            unsafe_mul(received, seat & books.SHARES)
            + (seat >> books.TOTAL_AT & books.SHARES)
            - 1,
            seat >> books.TOTAL_AT & books.SHARES,
        )
        if entitled > seat >> books.TOP:
""",
        OF_SPLITTER,
    ),
)
def balancer(arena: Arena) -> None:
    """Rounding favours who calls: tiny amounts, many times."""
    split = arena.split((MALLORY, 1), (ALICE, 1), (BOB, 1))
    for at in range(3):
        assert arena.join(split, at)
    for _ in range(100):
        arena.send(split.address, 1)
        arena.claim(split, 0)
    assert arena.held(MALLORY) <= 100 // 3
    arena.claim(split, 1)
    arena.claim(split, 2)
    assert arena.held(ALICE) + arena.held(BOB) == 66


@incident(
    "2023-11",
    "$48 million",
    "KyberSwap Elastic",
    Seed(
        PUSH,
        REACHED + BEFORE,
        "            unsafe_div(unsafe_mul(reach, shares) + table.shares - 1, table.shares),\n"
        + BEFORE,
        OF_SPLITTER,
    ),
)
def kyber(arena: Arena) -> None:
    """The same border is rounded up by one sum and down by the next."""
    split = arena.split((MALLORY, 1), (ALICE, 1), (BOB, 1))
    for _ in range(30):
        arena.send(split.address, 1)
        assert arena.payout(split)
    assert arena.held(MALLORY) <= 10


@incident(
    "2024",
    "nothing: found in a review",
    "0xSplits v2 (rounding)",
    Seed(
        PUSH,
        "unsafe_sub(\n" + REACHED + BEFORE + "        )\n",
        "unsafe_div(\n            unsafe_mul(unsafe_sub(reach, base), shares), table.shares\n"
        "        )\n",
        OF_SPLITTER,
    ),
)
def splits_dust(arena: Arena) -> None:
    """A thousand payouts of less than the members are: each rounds to nothing."""
    split = arena.split((MALLORY, 1), (ALICE, 1), (BOB, 1))
    for _ in range(1000):
        arena.send(split.address, 2)
        assert arena.payout(split)
    for account in (MALLORY, ALICE, BOB):
        assert arena.held(account) == 2000 // 3


@incident(
    "2023-03",
    "$197 million",
    "Euler Finance (donateToReserves)",
    Seed(
        LEAVING,
        "    book = unsafe_sub(book, entitled << books.TOP)\n",
        "    book = unsafe_sub(book, owed << books.TOP)\n",
        OF_SEE,
    ),
)
def euler(arena: Arena) -> None:
    """Giving up one's own part leaves more owed than there is: the last one pays for it."""
    see = arena.see((MALLORY, 1), (ALICE, 1), (BOB, 1))
    arena.send(see.address, 30 * ETHER)
    for at in range(3):
        assert see.join(at, False)
    assert see.do(ANYONE, CLAIM, 0, MALLORY)
    assert see.leave_seat(MALLORY, 0, [], None)
    for at, account in ((1, ALICE), (2, BOB)):
        see.do(ANYONE, CLAIM, at, account)
    assert [arena.held(each) for each in (MALLORY, ALICE, BOB)] == [10 * ETHER] * 3


@incident(
    "2023-04",
    "$7.4 million",
    "Hundred Finance (an empty market)",
    Seed(
        LEAVING,
        "    if left >= total:\n        refusals._last_share()\n",
        "",
        OF_SEE,
    ),
)
def hundred(arena: Arena) -> None:
    """Nobody is left to divide among, and money still comes."""
    see = arena.see((MALLORY, 1), (ALICE, 1))
    for at, account in enumerate((MALLORY, ALICE)):
        assert see.join(at, False)
        see.leave_seat(account, at, [], None)
    arena.send(see.address, 10 * ETHER)
    assert sum(see.dues(ZERO, 0)) == 10 * ETHER


@incident(
    "2022-03",
    "$1.1 million",
    "ApeCoin's airdrop (a flash loan claims)",
    Seed(
        SPLITTER,
        'raw_call(account, b"", value=due, revert_on_failure=False)',
        'raw_call(msg.sender, b"", value=due, revert_on_failure=False)',
        OF_SPLITTER,
    ),
)
def ape_coin(arena: Arena) -> None:
    """What others have earned goes to whoever comes for it in that moment."""
    split = arena.split((ALICE, 1), (BOB, 1))
    assert arena.join(split, 0)
    arena.send(split.address, 10 * ETHER)
    arena.do(MALLORY, split.address, CLAIM, 0, ALICE)
    assert arena.held(MALLORY) == 0
    assert arena.held(ALICE) == 5 * ETHER


@incident(
    "2021-08",
    "$20 million",
    "Popsicle Finance",
    Seed(
        "contracts/modules/versions.vy",
        "    books._keep_book(currency, unsafe_sub(book, amount << books.TOP))",
        "    pass",
        OF_SEE,
    ),
)
def popsicle(arena: Arena) -> None:
    """One deposit earns in two places."""
    see = arena.see((ALICE, 1))
    assert see.amend(agreed((MALLORY, 1), (BOB, 1), nonce=1), {0, 1, 2})
    arena.send(see.address, 20 * ETHER)
    assert see.pay_late(ZERO, 20 * ETHER, 0)  # an invoice for Alice's work
    see.join(0, True)
    assert arena.held(MALLORY) == 10 * ETHER
    assert see.claim_versions([(0, 0)], [see.key(0, 0, LATE)], [ZERO])
    assert arena.held(ALICE) == 20 * ETHER
