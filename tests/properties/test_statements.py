"""Whole lives of SEEs over days, told in statements: to the unit, period after period."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web3 import Web3

from seechain.agreement.text import NATIVE
from seechain.chain.node import now_of
from seechain.history import History
from seechain.statements.making import member_statement, see_statement
from seechain.statements.periods import Period
from seechain.statements.statement import Share, Statement
from tests.properties.conftest import profile
from tests.properties.history_life import (
    ADA,
    BEN,
    CLEO,
    EVE,
    OddLife,
    live,
    odd_money,
)
from tests.sdk.chain import anvil, rpc, warp
from tests.sdk.histories import checked
from tests.sdk.life import DAY


class Stated(OddLife):
    """Over days; from its second version on the SEE may be a member of itself."""

    days = 0

    def more(self) -> list[Callable[[], None]]:
        self.also = (*type(self).also, self.see.address)
        return [*super().more(), self.force, *[self.pass_days] * 6]

    def pass_days(self) -> None:
        passed = self.draw(st.integers(1, 2))
        self.days += passed
        warp(self.w3, passed * DAY)

    def check(self) -> History:
        rpc(self.w3, "evm_mine")  # what was forced since belongs to a block
        past = checked(self.see, currencies=self.currencies, is_odd=True)
        asked = self.draw(st.sampled_from([NATIVE, None, *self.currencies]))
        who = st.sampled_from([ADA, BEN, CLEO, EVE, *self.also])
        members = self.draw(st.sets(who, min_size=1, max_size=3))
        ends: dict[tuple[str, str], int] = {}
        for period in self.periods():
            whole = see_statement(self.see, period, currency=asked)
            follows(whole, ends)
            for member in members:
                own = member_statement(member, [self.see], period, currency=asked)
                follows(own, ends)
                for each in own.accounts:
                    shares = [
                        share
                        for account in whole.accounts
                        if account.currency == each.currency
                        for share in account.shares
                        if share.account == member
                    ]
                    assert each.shares in (tuple(shares), (Share(member, 0, 0, 0, 0),))
        for (whose, currency), end in ends.items():
            if whose == "see":
                assert end == self._worth(self.see.address)[currency]
            else:
                assert end == past.due(whose)[currency]  # which is the chain's
        return past

    def periods(self) -> list[Period]:
        """All days of its life in one to three periods."""
        today = datetime.fromtimestamp(now_of(self.w3), UTC).date()
        inner = self.draw(st.sets(st.integers(1, max(1, self.days)), max_size=2))
        begins = sorted({today - timedelta(days=each) for each in {*inner, self.days + 1}})
        ends = [*begins[1:], today + timedelta(days=1)]
        return [
            Period(begin, end - timedelta(days=1)) for begin, end in zip(begins, ends, strict=True)
        ]


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[Web3, Any, Any, list[str]]]:
    """See `odd_money`."""
    with anvil() as w3:
        yield odd_money(w3)


def follows(statement: Statement, ends: dict[tuple[str, str], int]) -> None:
    """As programs read it, it adds up and goes on from the one before; coin is never gone."""
    whose = statement.address if statement.is_member else "see"
    for account in statement.result()["accounts"]:
        moved = [int(each["amount"]["units"]) for each in account["lines"]]
        opening, closing = (int(account[each]["units"]) for each in ("opening", "closing"))
        assert opening + sum(moved) == closing
        place = whose, account["currency"]
        # A token that no agreement names is known once it is claimed, paid out or paid by `pay`.
        assert ends.get(place, 0 if account["currency"] == NATIVE else opening) == opening
        ends[place] = closing
        adjusted = [
            int(each["amount"]["units"])
            for each in account["lines"]
            if each["kind"] == "adjustment" and not statement.is_member
        ]
        if account["currency"] == NATIVE:
            assert all(each > 0 for each in adjusted)
            assert not any(each.startswith("Payments in ether") for each in statement.notes)


@profile(5)
@given(data=st.data())
def test_statements_add_up_to_what_the_chain_says(
    world: tuple[Web3, Any, Any, list[str]], data: Any
) -> None:
    *money, members = world
    Stated.also = tuple(members)
    live(world[0], lambda: Stated(*money, data.draw))
