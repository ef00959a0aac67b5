"""A caller can't starve a push (DESIGN.md §3 'Push must not be stoppable')."""

from __future__ import annotations

import pytest

from tests.properties import world as w
from tests.properties.books_model import NATIVE, Seat
from tests.properties.chain import fast
from tests.properties.stage import PAYOUT

HALF = 10**18


@pytest.mark.parametrize("name", [NATIVE, "plain"])
def test_with_any_gas_a_payout_fails_whole_or_pays_everybody(name) -> None:
    """The second recipient wants nearly all the gas that a push promises."""
    outcomes = set()
    for gas in range(40_000, 700_000, 5_000):
        world = w.World(fast())
        fussy, currency = world.recipients[0], world.currency(name)
        seats = [Seat("0x" + "01" * 20, 1), Seat(fussy, 1)]
        split = world.create(seats, see=False)
        mode = "set_mode(uint256,address,bytes)"
        assert world.do(w.ANYONE, fussy, mode, w.FUSSY, w.ZERO, b"")
        if name == NATIVE:
            world.chain.set_balance(split.address, 2 * HALF)
        else:
            block, mint = "set_blocked(address,uint256)", "set_balance(address,uint256)"
            assert world.do(w.ANYONE, currency, block, fussy, w.FUSSY_TOKEN)
            assert world.do(w.ANYONE, currency, mint, split.address, 2 * HALF)
        payout = (PAYOUT, split.table, split.pages[0], currency)
        done = world.do(w.ANYONE, split.address, *payout, gas=gas)
        if name == NATIVE:
            held = world.chain.balance(fussy)
        else:
            view = w.calldata("balanceOf(address)", fussy)
            held = int.from_bytes(world.chain.view(currency, view), "big")
        assert held == (HALF if done else 0), gas
        outcomes.add(done)
    assert outcomes == {False, True}
