"""Tokens that are not what they seem, and payments that never came."""

from __future__ import annotations

from tests.incidents.arena import ALICE, BOB, ETHER, MALLORY, MEMO, Arena, agreed
from tests.incidents.incident import Seed, incident
from tests.properties import world as w
from tests.properties.life_model import LATE
from tests.properties.life_world import PAY, PAY_LATE
from tests.properties.world import ANYONE, ZERO

PAYING, PULL = "contracts/modules/paying.vy", "contracts/modules/pull.vy"
OF_SPLITTER, OF_SEE = ("Splitter",), ("SEE",)
TAKE = """\
    if not extcall IERC20(currency).transferFrom(
        payer, self, amount, default_return_value=True
    ):
        refusals._payment_failed()
"""
MEASURE = "    return min(amount, staticcall IERC20(currency).balanceOf(self) - before)"
READ = "    before: uint256 = staticcall IERC20(currency).balanceOf(self)\n"
APPROVE, SET_BALANCE = "approve(address,uint256)", "set_balance(address,uint256)"


def told(arena: Arena, split: str, currency: str, amount: int, value: int = 0) -> int:
    """What Mallory's payment is said to have brought."""
    if not arena.do(MALLORY, split, PAY, currency, amount, MEMO, value=value):
        return 0
    paid = arena.logged("Paid(address,bytes32,address,uint256)", split)
    return sum(int.from_bytes(data[32:], "big") for data in paid)


@incident(
    "2022-02",
    "$4.4 million",
    "Meter Passport",
    Seed(
        PAYING,
        "        if sent != amount:\n            refusals._wrong_amount()\n        return amount\n",
        "        return amount\n",
        OF_SPLITTER,
    ),
)
def meter(arena: Arena) -> None:
    """For the native coin the amount is taken on trust."""
    split = arena.split((ALICE, 1))
    assert told(arena, split.address, ZERO, 10 * ETHER) == 0


@incident(
    "2022-01",
    "$80 million",
    "Qubit Finance",
    Seed(
        PAYING,
        READ + TAKE,
        "    raw_call(currency, abi_encode(payer, self, amount, method_id=method_id(\n"
        '        "transferFrom(address,address,uint256)")))\n',
        OF_SPLITTER,
        ((MEASURE, "    return amount"),),
    ),
)
def qubit(arena: Arena) -> None:
    """A token without code refuses nothing."""
    split = arena.split((ALICE, 1))
    assert told(arena, split.address, BOB, 10 * ETHER) == 0


@incident(
    "2021-04",
    "$367,000",
    "Force DAO",
    Seed(
        PAYING,
        TAKE,
        "    done: bool = extcall IERC20(currency).transferFrom(\n"
        "        payer, self, amount, default_return_value=True\n    )\n",
        OF_SPLITTER,
        ((MEASURE, "    return amount"),),
    ),
)
def force_dao(arena: Arena) -> None:
    """A token answers false, and the payment counts."""
    token = arena.tokens["blocker"]
    split = arena.split((ALICE, 1))
    assert arena.do(MALLORY, token, APPROVE, split.address, 1000)
    blocked = "set_blocked(address,uint256)"
    assert arena.do(ANYONE, token, blocked, split.address, w.ANSWER_FALSE)
    assert told(arena, split.address, token, 1000) == 0


@incident(
    "2020-06",
    "$500,000",
    "Balancer's STA pool (a token that takes a fee)",
    Seed(PAYING, MEASURE, "    return amount", OF_SEE),
)
def sta(arena: Arena) -> None:
    """What was sent is credited, not what arrived: others pay the token's fee."""
    token = arena.tokens["fee"]
    see = arena.see((MALLORY, 1), currencies=(token,))
    assert see.amend(agreed((BOB, 1), currencies=(token,), nonce=1), {0, 1, 2})
    arena.send(see.address, 10_000, token)
    earned = arena.held(see.address, token)
    assert arena.do(ANYONE, token, SET_BALANCE, MALLORY, 10_000)
    assert arena.do(MALLORY, token, APPROVE, see.address, 10_000)
    assert see.do(MALLORY, PAY_LATE, token, 10_000, MEMO, 0)
    assert see.claim_versions([(0, 0)], [see.key(0, 0, LATE)], [token])
    see.claim_versions([(1, 0)], [see.key(1, 0)], [token])
    assert arena.held(BOB, token) == earned - earned * w.FEE // 10_000


@incident(
    "2018-04",
    "130 tokens stuck where they were held, BNB in Uniswap 1 to this day",
    "Tokens that answer nothing (BNB, USDT, OMG)",
    Seed(
        PULL,
        ".transfer(to, amount, default_return_value=True)",
        ".transfer(to, amount)",
        OF_SPLITTER,
    ),
)
def no_answer(arena: Arena) -> None:
    """A token came in, and never goes out, as its transfer returns nothing."""
    token = arena.tokens["silent"]
    split = arena.split((ALICE, 1), (BOB, 1))
    assert arena.join(split, 0)
    arena.send(split.address, 1000, token)
    arena.claim(split, 0, token)
    assert arena.held(ALICE, token) == 500


@incident(
    "2021-11",
    "nothing known: a limit that its documentation names",
    "OpenZeppelin's PaymentSplitter (rebasing tokens)",
    Seed(
        PULL,
        "    due: uint256 = min(unsafe_sub(entitled, had), balance)\n",
        "    due: uint256 = unsafe_sub(entitled, had)\n",
        OF_SPLITTER,
    ),
)
def payment_splitter(arena: Arena) -> None:
    """A balance falls, and what is owed to the last one is more than there is: it gets nothing."""
    token = arena.tokens["rebaser"]
    split = arena.split((ALICE, 1), (BOB, 1))
    for at in (0, 1):
        assert arena.join(split, at)
    arena.send(split.address, 1000, token)
    assert arena.claim(split, 0, token)
    assert arena.do(ANYONE, token, SET_BALANCE, split.address, 300)
    arena.claim(split, 1, token)
    assert arena.held(BOB, token) == 300
