"""Amounts of the demo's two currencies, and what accounts hold of them by the chain's word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from demo.cast import Wrong
from demo.report import Report, exact, plain, short

Money = tuple[int, int]  # wei, and smallest units of the token
NOTHING: Money = (0, 0)
NATIVE, ETHER = 18, "ether"
TOKEN, USDC = 6, "USDC"


def ether(units: int) -> str:
    """As short as it is exact, with its unit."""
    return plain(units, NATIVE, ETHER)


def usdc(units: int) -> str:
    """As short as it is exact, with its unit."""
    return plain(units, TOKEN, USDC)


def exactly(money: Money) -> tuple[str, str]:
    """Both amounts with all their decimals; below zero with a minus."""
    return _signed(money[0], NATIVE), _signed(money[1], TOKEN)


def shortly(money: Money) -> list[str]:
    """Both amounts rounded down, for a picture."""
    return [short(money[0], NATIVE, 4), short(money[1], TOKEN, 2)]


def add(*all_: Money) -> Money:
    """The sum, currency by currency."""
    return sum(each[0] for each in all_), sum(each[1] for each in all_)


def less(money: Money, other: Money) -> Money:
    """The difference, currency by currency."""
    return money[0] - other[0], money[1] - other[1]


def both(due: Mapping[str, int], token: str) -> Money:
    """What the SDK says by currency, as money."""
    return due.get("native", 0), due.get(token, 0)


class Purses:
    """What accounts got since they are watched, asked of the chain and not of the SDK.

    The fees that an account paid for gas are put back.
    """

    def __init__(self, report: Report, token: Any) -> None:
        self._report, self._token = report, token
        self._accounts: dict[str, str] = {}
        self._before: dict[str, Money] = {}

    def watch(self, name: str, account: str) -> None:
        """From now on; between two steps."""
        self._accounts[name] = account
        self._before[name] = self._held(name)

    def got(self) -> dict[str, Money]:
        """By name; below zero for who has paid."""
        return {name: less(self._held(name), before) for name, before in self._before.items()}

    def check(self, must: Mapping[str, Money]) -> dict[str, Money]:
        """What all got, checked to the last unit: each as it must, and all together nothing.

        Raises:
            Wrong: it is not so.
        """
        got = self.got()
        for name in {**must, **got}:
            if got.get(name) != must.get(name):
                raise Wrong(f"{name} got {got.get(name)} and must get {must.get(name)}")
        # What one has paid, others have got: no unit came from elsewhere, and none is lost.
        if (total := add(*got.values())) != NOTHING:
            raise Wrong(f"{total} is lost, or came from nowhere: {got}")
        return got

    def _held(self, name: str) -> Money:
        account = self._accounts[name]
        fees = self._report.fees.get(account, 0)
        ether = self._report.w3.eth.get_balance(account) + fees  # type: ignore[arg-type]
        return ether, self._token.functions.balanceOf(account).call()


def _signed(units: int, decimals: int) -> str:
    return exact(units, decimals) if units >= 0 else f"-{exact(-units, decimals)}"
