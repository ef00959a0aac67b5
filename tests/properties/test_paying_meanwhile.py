"""A token that tells its sender (ERC-777) lets other money come while somebody pays.

What comes meanwhile is nobody's payment: of a late payment it would go to a table that is over.
"""

from __future__ import annotations

import pytest

from tests.hostile_tokens import codes
from tests.properties import world as w
from tests.properties.chain import deploy, pyrevm
from tests.properties.life_model import LATE
from tests.properties.life_world import PAY, PAY_LATE
from tests.properties.loud import LoudStand
from tests.properties.test_life_cases import PEOPLE
from tests.properties.world import ANYONE, ZERO, calldata

pytestmark = pytest.mark.skipif(pyrevm is None, reason="pyrevm can't be imported here")

MEMO = b"INV-7".ljust(32, b"\0")
INCOME = 1_000


class Meanwhile(LoudStand):
    """Two versions, and a payer to whose payment of one unit a thousand others come."""

    def __init__(self) -> None:
        super().__init__(1, 1)
        chain = self.world.chain
        self.token = codes.made(chain, "Hooks")
        assert self.see.amend(self.agreement(1, 1, accounts=PEOPLE[2:4]), {0})
        self.payer = deploy(chain, w.hostile("PaysMeanwhile"))
        mint = "set_balance(address,uint256)"
        assert self.world.do(ANYONE, self.token, mint, self.payer, 1 + INCOME)
        on = "turn(bool,address,address)"
        assert self.world.do(ANYONE, self.token, on, True, self.see.address, ZERO)

    def pay(self, call: bytes) -> None:
        how = "pay(address,address,bytes,uint256)"
        assert self.world.do(ANYONE, self.payer, how, self.token, self.see.address, call, INCOME)


def test_it_is_no_late_payment() -> None:
    stand = Meanwhile()
    stand.pay(calldata(PAY_LATE, stand.token, 1, MEMO, 0))
    assert stand.see.dues(stand.token, 0, LATE) == [0, 0]  # half a unit each, rounded down
    assert stand.see.view("received(address)", stand.token) == [INCOME]
    assert stand.see.dues(stand.token, 1) == [INCOME // 2, INCOME // 2]


def test_it_is_in_no_receipt() -> None:
    stand = Meanwhile()
    stand.pay(calldata(PAY, stand.token, 1, MEMO))
    paid = "Paid(address,bytes32,address,uint256)"
    assert stand.said == [stand.event(paid, 2, stand.payer, MEMO, stand.token, 1)]
    assert stand.see.view("received(address)", stand.token) == [INCOME + 1]
