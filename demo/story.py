"""One SEE in the middle of its life: what the steps of the demo share."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

from eth_account.signers.local import LocalAccount

from demo.cast import DESK, PORT, Cast, Wrong
from demo.ledger import Ledger
from demo.money import Money, Purses, both, ether, usdc
from demo.report import Report
from seechain import SEE, NothingDue, ShareTableError, Splitter


@dataclass(frozen=True)
class Shared:
    """A seat that its member shares. had: what the member had of it before, and keeps alone."""

    contract: Splitter
    member: str
    guest: str
    part: Fraction  # of the guest
    had: Money


@dataclass(frozen=True)
class Story:
    """ledger: what everyone must get; purses: what everyone got."""

    see: SEE
    cast: Cast
    report: Report
    ledger: Ledger
    purses: Purses

    @property
    def desk(self) -> LocalAccount:
        """Who sends what anyone may send."""
        return self.cast.keys[DESK]

    @property
    def token(self) -> str:
        """The token's address."""
        return str(self.cast.token.address)

    def pay(self, wei: int, memo: str) -> None:
        """The client pays in ether."""
        self.see.pay(wei, memo=memo, sender=self.cast.keys[PORT])
        self.ledger.receive((wei, 0), f"{ether(wei)} for {memo}")

    def pay_token(self, units: int, memo: str) -> None:
        """The client pays in the token."""
        self.see.pay(units, currency=self.token, memo=memo, sender=self.cast.keys[PORT])
        self.ledger.receive((0, units), f"{usdc(units)} for {memo}")

    def pay_out(self, shared: Shared) -> None:
        """Pays out a Splitter, which knows of no token before it is named."""
        for currency in ("native", self.token):
            with suppress(NothingDue):
                shared.contract.payout(currency, sender=self.desk)

    def due(self, name: str) -> Money:
        """What the SEE owes to somebody now."""
        try:
            return both(self.see.due(self.cast.accounts[name]), self.token)
        except ShareTableError:
            return (0, 0)  # never had a seat

    def must_owe(self, name: str, money: Money) -> None:
        """Checks what is due to somebody.

        Raises:
            Wrong: it is something else.
        """
        if (due := self.due(name)) != money:
            raise Wrong(f"{money} must be due to {name}, and {due} is")

    def say_due(self, start: str) -> None:
        """Says in one line what is due in ether to whom, where it is not nothing."""
        due = {name: self.due(name)[0] for name in self.ledger.names}
        said = ", ".join(f"{name} {ether(units)}" for name, units in due.items() if units)
        self.report.say(f"{start}: {said}")
