"""What recipients, tokens and signers may use is fixed for ever, and nobody gets less of it.

They are a few bytes of code each, so that what they see is exact.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.books_model import Seat
from tests.properties.chain import GAS, Revm, pyrevm, raw
from tests.properties.life_nonsense import LOCATE
from tests.properties.life_world import Clone
from tests.properties.stage import PAYOUT
from tests.properties.test_registry_edges import Odd
from tests.properties.world import ANYONE, PAYER, REGISTER, ZERO, calldata

pytestmark = pytest.mark.skipif(pyrevm is None, reason="pyrevm can't be imported here")

STIPEND = 2_300
RECIPIENT, TOKEN, BALANCE, SIGNATURE = 100_000 + STIPEND, 300_000, 200_000, 1_000_000
ODD = "0x" + "0d" * 20  # a recipient, a token or a signer
ANSWER = "5f5260205ff3"  # returns the word on the stack
ONE = "6001" + ANSWER
MAGIC = "7f1626ba7e" + "00" * 28 + ANSWER
REFUSE = "5f5ffd"
IS_TRANSFER = "5f3560e01c63a9059cbb14"


def unless(condition: str, then: str) -> str:
    """Refuses where the condition holds, and spends next to nothing."""
    return f"{condition}60{(len(condition) + len(then)) // 2 + 3:02x}57{then}5b{REFUSE}"


def less_than(gas: int) -> str:
    return f"5a62{gas - 2:06x}11"  # 2 is what asking costs


class Gauge(Revm):
    """Remembers what was sent last."""

    def send(self, sender: str, to: str, data: bytes = b"", value: int = 0, gas: int = GAS) -> bool:
        self.sent = (sender, to, data, value)
        return super().send(sender, to, data, value, gas)

    def put(self, account: str, code: str) -> None:
        info = pyrevm.AccountInfo(code=bytes.fromhex(code), nonce=1)
        self.evm.insert_account_info(account, info)


class Push:
    """A payout to one seat: its account is odd, or the token is."""

    def __init__(self, native: bool) -> None:
        self.native, self.chain = native, Gauge()
        self.world = w.World(self.chain)
        self.account = ODD if native else PAYER
        self.currency = ZERO if native else ODD
        self.split = self.world.create([Seat(self.account, 1)], see=False)
        self.chain.set_balance(self.split.address, 1)

    def behaves(self, gas: int) -> None:
        """The odd one, which wants so much gas; the token says that one unit is there."""
        wanted = less_than(gas)
        code = unless(wanted, "00") if self.native else unless(f"{wanted}{IS_TRANSFER}16", ONE)
        self.chain.put(ODD, code)

    def pays(self, gas: int = GAS) -> bool | None:
        """Whether the payout paid, or kept, or was refused (none)."""
        payout = (PAYOUT, self.split.table, self.split.pages[0], self.currency)
        if not self.world.do(ANYONE, self.split.address, *payout, gas=gas):
            return None
        asked = calldata("seat(address,uint256)", self.currency, int(self.account, 16))
        kept = int.from_bytes(self.chain.view(self.split.address, asked)[96:], "big") & 1
        if self.native:
            assert self.chain.balance(ODD) == 1 - kept
        return not kept


@pytest.mark.parametrize(("native", "gas"), [(True, RECIPIENT), (False, TOKEN)])
def test_a_push_has_so_much_gas_and_no_more(native: bool, gas: int) -> None:
    """The first one, and one after a push that failed."""
    for again in (False, True):
        for wanted, paid in ((gas, True), (gas + 1, False)):
            push = Push(native)
            if again:
                push.behaves(2**23)
                assert push.pays() is False
            push.behaves(wanted)
            assert push.pays() is paid


@pytest.mark.parametrize(
    ("native", "wanted", "most"), [(True, RECIPIENT, 400_000), (False, TOKEN, 800_000)]
)
def test_whoever_gives_too_little_gas_is_refused(native: bool, wanted: int, most: int) -> None:
    """Even where a recipient that has too little gives back nearly all of it."""
    for again in (False, True):
        push = Push(native)
        if again:
            push.behaves(2**23)
            assert push.pays() is False
        push.behaves(wanted)
        outcomes = swept(push.chain, push.pays, range(60_000, most, 600))
        assert outcomes == {None, True}


def swept(chain: Gauge, act: Callable[[int], Any], gas: range) -> set[Any]:
    """What came of an act with each of these amounts of gas."""
    outcomes = set()
    for each in gas:
        before = chain.evm.snapshot()
        outcomes.add(act(each))
        chain.evm.revert(before)
    return outcomes


def see_of(world: w.World, currency: str) -> Clone:
    return Clone(world, agreement_of(currency, 1))


def agreement_of(currency: str, nonce: int) -> a.Agreement:
    return a.Agreement(a.Table((Seat(PAYER, 1),)), ((0, 1),), (ZERO, currency), nonce)


def test_a_balance_is_read_with_so_much_gas_and_no_more() -> None:
    for wanted, read in ((BALANCE, True), (BALANCE + 1, False)):
        chain = Gauge()
        see = see_of(w.World(chain), ODD)
        chain.put(ODD, unless(less_than(wanted), ONE))
        assert see.amend(agreement_of(ODD, 2), {0})
        assert see.view("closed(address,uint256)", ODD, 0) == [int(read), 0, 0]
        assert see.do(ANYONE, "touch(address,uint256[])", ODD, []) == read


def test_whoever_amends_with_too_little_gas_leaves_no_currency_behind() -> None:
    chain = Gauge()
    see = see_of(w.World(chain), ODD)
    chain.put(ODD, unless(less_than(BALANCE), ONE))
    before = chain.evm.snapshot()
    assert see.amend(agreement_of(ODD, 2), {0})
    sent = chain.sent
    chain.evm.revert(before)

    def amends(gas: int) -> tuple[int, ...]:
        done = chain.send(*sent, gas=gas)
        return done, *see.view("book(address)", ODD)

    outcomes = swept(chain, amends, range(200_000, 1_000_000, 2_500))
    assert outcomes == {(False, 0, 0), (True, 1, 0)}


def test_a_contract_has_so_much_gas_to_say_that_it_has_signed() -> None:
    """As a voice among others, and alone."""
    pointer = bytes(32) + (64 << 32).to_bytes(32, "big") + bytes(1024)
    for wanted, signed in ((SIGNATURE, True), (SIGNATURE + 1, False)):
        chain = Gauge()
        world = w.World(chain)
        see = see_of(world, world.tokens["plain"])
        chain.put(ODD, unless(less_than(wanted), MAGIC))
        roll = raw(ODD) + bytes(11) + b"\1"
        agreement = Odd(a.Table((Seat(ODD, 1),)), ((0, 1),), (ZERO,), 2, own_roll=roll)
        whole = world.registration(agreement)
        assert world.do(ANYONE, world.registry, REGISTER, *whole[:5], pointer, *whole[6:]) == signed
        locate = (LOCATE, see.address, ODD, "ipfs://x", a.DEADLINE, b"any")
        assert world.do(ANYONE, world.registry, *locate) == signed


def test_a_token_that_writes_as_it_is_read_is_not_read() -> None:
    """Nor is a contract a signer that writes as it is asked."""
    chain = Gauge()
    world = w.World(chain)
    see = see_of(world, ODD)
    for code, read in ((ONE, True), (f"60015f55{ONE}", False)):
        chain.put(ODD, code)
        assert see.do(ANYONE, "touch(address,uint256[])", ODD, []) == read
    for code, signed in ((MAGIC, True), (f"60015f55{MAGIC}", False)):
        chain.put(ODD, code)
        locate = (LOCATE, see.address, ODD, "ipfs://x", a.DEADLINE, b"any")
        assert world.do(ANYONE, world.registry, *locate) == signed
