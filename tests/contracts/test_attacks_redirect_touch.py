"""Anyone repairs a book that does not know of a redirect, since a relayer may leave it out."""

from __future__ import annotations

import pytest

from tests.contracts.consent import KEYS, REDIRECTION
from tests.contracts.evm import ZERO, Contract, Kernel, key
from tests.contracts.life import Life


@pytest.mark.parametrize("per_page", [32, 1], ids=["one page", "pages"])
@pytest.mark.parametrize("relayed", [False, True], ids=["itself", "relayed"])
def test_a_touch_repairs_a_currency_that_was_left_out(
    kernel: Kernel, token: Contract, relayed: bool, per_page: int
) -> None:
    """As SEE.touch says: it does what was not asked for when an account was redirected. The
    account did not sign for which currencies, so whoever relays it may name none."""
    account, new, currency = KEYS[0].address, kernel.chain.account(), token.address
    life = Life.found(kernel, [(account, 1), (kernel.chain.account(), 1)], token, per_page=per_page)
    life.join(0, False)
    kernel.pay(life.see, 100, token)
    life.see.claim_token(currency, 0, account)
    signature = life.alone(REDIRECTION, life.redirect_hash(new, 0), KEYS[0])
    life.redirect(account, new, key(0, ZERO), [], signature if relayed else b"")
    life.see.touch(currency, [])
    kernel.pay(life.see, 100, token)
    life.payout(0, currency)
    kernel.pay(life.see, 100, token)
    life.see.claim_token(currency, 0, account)
    assert (token.balanceOf(account), token.balanceOf(new)) == (50, 100)
