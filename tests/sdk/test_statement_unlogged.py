"""Statements where coin came without a log, which the logs know of later or never."""

from __future__ import annotations

from typing import Any

import pytest
from web3 import Web3

from seechain import SEE, Registry
from seechain.errors import StatementError
from seechain.statements.making import member_statement, see_statement
from tests.sdk.chain import key, rpc
from tests.sdk.conftest import ADA, BEN, DESK, make_agreement, register
from tests.sdk.life import amend, line, next_agreement
from tests.sdk.test_statement import MEMBERS, Days, account, days, in_journals, moves

__all__ = ["days"]


def force(see: SEE, more: int) -> None:
    """Coin that no log shows."""
    rpc(see.w3, "anvil_setBalance", see.address, hex(see.w3.eth.get_balance(see.address) + more))  # type: ignore[arg-type]
    rpc(see.w3, "evm_mine")


def test_a_unit_that_a_stranger_forces_refuses_no_statement(see: SEE, days: Days) -> None:
    """It was known to the logs after payments of the next period, and moved before them."""
    days.begin(1)
    see.pay(100, sender=key(3))
    force(see, 7)
    days.begin(3)
    for amount in (6, 5, 3):
        see.pay(amount, sender=key(3))
    see.claim(BEN, sender=key(0))
    first, second = days.period(1, 2), days.period(3, 4)
    assert moves(see_statement(see, first)) == [("payment", 100), ("adjustment", 7)]
    whole = see_statement(see, second)
    assert moves(whole)[:3] == [("payment", 6), ("payment", 5), ("payment", 3)]
    assert [kind for kind, _ in moves(whole)[3:]] == ["claim"]
    assert not whole.notes[1:]
    shares = {each.account: each for each in account(whole).shares}
    for member in MEMBERS:
        before, own = (member_statement(member, [see], each) for each in (first, second))
        assert account(own).shares == (shares[member],)
        assert account(before).closing == account(own).opening
        in_journals(own)


def test_what_the_logs_show_little_by_little_is_no_adjustment(see: SEE, days: Days) -> None:
    """They know of a part of it, and of the rest later: it was there when the period began."""
    days.begin(1)
    see.pay(100, sender=key(3))
    force(see, 50)
    days.begin(3)
    see.claim(DESK, sender=key(0))  # 7 of 140 at the least, of what were 150
    see.claim(ADA, sender=key(0))
    see.payout(sender=key(0))
    whole = see_statement(see, days.period(3, 4))
    assert {kind for kind, _ in moves(whole)} == {"claim", "payout"}
    assert not any("is not there" in each for each in whole.notes)


def test_a_balance_that_rose_and_fell_back_between_two_logs(
    registry: Registry, w3: Web3, days: Days, usdc: Any
) -> None:
    """The earlier history knows of it, and the later one does not."""
    members = [line("Ada", ADA, 3, 1), line("Ben", BEN, 1)]
    see = register(registry, make_agreement(members=members, currencies=[usdc.address]), 1)
    slot = Web3.keccak((4).to_bytes(32, "big") + bytes(12) + bytes.fromhex(see.address[2:]))
    days.begin(1)
    see.pay(1000, currency=usdc.address, sender=key(0))
    for day, held in ((2, 1400), (4, 1000)):
        days.begin(day)
        rpc(w3, "evm_mine")
        rpc(w3, "anvil_setStorageAt", usdc.address, slot.to_0x_hex(), f"0x{held:064x}")
        rpc(w3, "evm_mine")
    first, second = (see_statement(see, days.period(*each)) for each in ((1, 3), (4, 5)))
    assert account(first, usdc.address).closing == account(second, usdc.address).opening == 1400
    assert moves(second, usdc.address) == [("adjustment", -400)]
    own = member_statement(ADA, [see], days.period(4, 5))
    assert (account(own, usdc.address).opening, account(own, usdc.address).closing) == (1050, 750)
    in_journals(own)


def test_coin_that_came_and_is_gone_without_a_log_is_refused(see: SEE, days: Days) -> None:
    days.begin(1)
    force(see, 100)
    days.begin(3)
    rpc(see.w3, "evm_mine")
    force(see, -40)
    with pytest.raises(StatementError, match="40 units of native are gone that no log took away"):
        see_statement(see, days.period(3, 4))


def test_a_token_that_is_gone_and_owed_is_told(
    registry: Registry, w3: Web3, days: Days, usdc: Any
) -> None:
    """Of a closed version it stays owed, though nothing of it is held."""
    see = register(registry, make_agreement(currencies=[usdc.address]))
    slot = Web3.keccak((4).to_bytes(32, "big") + bytes(12) + bytes.fromhex(see.address[2:]))
    days.begin(1)
    see.pay(1000, currency=usdc.address, sender=key(0))
    amend(see, next_agreement(currencies=[usdc.address]))
    rpc(w3, "anvil_setStorageAt", usdc.address, slot.to_0x_hex(), f"0x{0:064x}")
    days.begin(3)
    rpc(w3, "evm_mine")
    shares = account(see_statement(see, days.period(3, 3)), usdc.address).shares
    assert {each.account: each.closing for each in shares}[ADA] == 400
