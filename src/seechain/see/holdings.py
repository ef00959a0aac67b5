"""What a contract of a cascade holds of a currency, and what is due of it when more has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seechain.agreement.text import NATIVE, currency_address
from seechain.chain import interface
from seechain.chain.node import ask, balance_of
from seechain.chain.reverts import NodeError
from seechain.chain.tokens import Token
from seechain.see import arrears, cascade
from seechain.see.recovered import Recovered
from seechain.share_table import ShareTable
from seechain.splitter.dues import AT_ONCE, dues_of

if TYPE_CHECKING:
    from seechain.see.arrears import Debt
    from seechain.splitter import Splitter

MAX_AMOUNT = 2**111 - 1  # what a contract receives beyond it is undivided
_SPLITTER = interface.of("Splitter")


class Book:
    """The books of the version in force, and the debts of all others, as they are before a payout.

    What comes is reckoned as the contracts do: floors of all that was ever received. Exact, but
    for a token whose balance fell by itself, or that takes a fee on the way.

    Raises:
        TokenError: the currency is no token. NodeError: the node says what can't be.
    """

    def __init__(self, contract: Splitter, currency: str, table: ShareTable) -> None:
        word = currency_address(currency)
        self.table = table
        self.left = self.received = 0
        self.out: set[int] = set()  # seats that have left: no more comes to them
        self.late = cascade.late_leavers(contract, currency)
        self.is_behind = cascade.is_behind(contract, currency)
        self.had = [0] * len(table)
        self.balance = (
            balance_of(contract.w3, contract.address)
            if currency == NATIVE
            else Token(contract.w3, currency).balance(contract.address)
        )
        self.debts: list[Debt] = []  # of closed versions
        if isinstance(contract, Recovered):
            number = contract.version
            self.debts = [
                each for each in arrears.debts(contract, currency, None) if each.book != number
            ]
            if self.is_behind:
                self.dues = [0] * len(table)
                self._leave()
                return
            self.left = int(ask(contract.w3, contract.address, contract.interface, "book", word)[1])
            self.out = {table.index(each) for each in contract.leavers} if self.left else set()
            self.out -= {table.index(each) for each in self.late}
        received = ask(contract.w3, contract.address, _SPLITTER, "received", word)
        self.received = int(received)
        if self.received > MAX_AMOUNT:  # taken as true, more would seem to be had than came
            raise NodeError(
                f"the node says that {contract.address} has received {received} of {currency},"
                " which can't be: try again, or ask another node"
            )
        self.dues = [
            due
            for first in range(0, len(table), AT_ONCE)
            for due in dues_of(contract, currency, first)
        ]
        # What is not due was had; all that will be due follows from that.
        now = self._entitled(self.received)
        self.had = [all_ - due for all_, due in zip(now, self.dues, strict=True)]
        self._leave()

    @property
    def owed(self) -> int:
        """All that is due now."""
        return sum(self.dues) + sum(debt.amount for debt in self.debts)

    def after(self, more: int) -> list[int]:
        """What is due to each seat of the table in force when so much more has come."""
        entitled = self._entitled(min(self.received + more, MAX_AMOUNT))
        return [
            due if index in self.out else max(0, entitled[index] - self.had[index])
            for index, due in enumerate(self.dues)
        ]

    def _leave(self) -> None:
        """What the touch before does: takes out of this token who left before it was named."""
        for account in self.late:
            index = self.table.index(account)
            self.received -= self._entitled(self.received)[index]
            self.left += self.table.seat(index).shares
            self.out.add(index)

    def _entitled(self, received: int) -> list[int]:
        total = self.table.shares
        divided = received * total // (total - self.left) if self.left else received
        return [divided * seat.shares // total for seat in self.table]
