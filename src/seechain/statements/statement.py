"""A statement: what a SEE, or a member, received and paid in a period, adding up to the unit.

    opening + payments + adjustments - claims and payouts = closing

of a SEE: what it holds. Of a member: what is due to it; its payments are its parts of the
payments, and claims and payouts are what it received. All amounts are in a currency's smallest
unit; times are in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal, TypeAlias

from seechain.agreement.text import NATIVE
from seechain.amounts import format_units
from seechain.errors import StatementError
from seechain.visible import visible

Whose: TypeAlias = Literal["see", "splitter", "member"]
Kind: TypeAlias = Literal["payment", "adjustment", "claim", "payout", "kept"]

KINDS: tuple[Kind, ...] = ("payment", "adjustment", "claim", "payout", "kept")
UNIT = "ether"  # of the native coin, as amounts are written


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency as a statement shows it.

    code: "native", or a token's address. symbol: what a token calls itself; its address tells
    what it is. decimals: None where it says none that can be believed: amounts are then in units.
    """

    code: str
    symbol: str = ""
    decimals: int | None = None

    @classmethod
    def native(cls) -> Currency:
        """The chain's own coin."""
        return cls(NATIVE, UNIT, 18)

    @property
    def name(self) -> str:
        """What it is called: its symbol, or its address where it has none."""
        return visible(self.symbol, lines=False) or self.code

    def decimal(self, units: int) -> str:
        """Units as exact decimals, without a symbol; as units where it has no decimals."""
        return format_units(units, self.decimals or 0)

    def text(self, units: int) -> str:
        """Units as exact decimals, with what they are called."""
        name = self.name if self.decimals is not None else f"units of {self.name}"
        return f"{self.decimal(units)} {name}"

    def json(self, units: int) -> dict[str, str | None]:
        """An amount as results have it."""
        decimal = None if self.decimals is None else self.decimal(units)
        return {"units": str(units), "decimal": decimal, "currency": self.code}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened.

    units: by how much it changes the balance; 0 where a push failed and the amount was kept.
    whole: of a payment on a member's statement, the payment that it is a part of; of what was
    kept, the amount that waits for a claim; else None.
    account: the payer of a payment; else the member. to: where a member's money went.
    reference: the memo, as text or as hex. version: of the agreement whose members it is for.
    transaction: empty where it is of none, as of coin that no log shows.
    request: what became of the payment request that it answers; see `Asked`.
    """

    time: datetime
    kind: Kind
    units: int
    block_number: int
    transaction: str = ""
    log_index: int = -1
    account: str = ""
    to: str = ""
    reference: str = ""
    version: int | None = None
    whole: int | None = None
    note: str = ""
    request: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A member's part of a SEE's account: opening + earned - received = closing."""

    account: str
    opening: int
    earned: int
    received: int
    closing: int


@dataclass(frozen=True, slots=True)
class Account:
    """One currency of one SEE over the period.

    opening, closing: what the SEE held; on a member's statement what was due to the member.
    shares: of all members, ascending by account; on a member's statement its own.
    undivided: what of opening and closing was not yet divided (of a SEE), always shown.
    """

    see: str
    currency: Currency
    opening: int
    closing: int
    lines: tuple[Line, ...] = ()
    shares: tuple[Share, ...] = ()
    undivided: tuple[int, int] | None = None

    def sum(self, *kinds: Kind) -> int:
        """By how much lines of these kinds change the balance, together."""
        return sum(line.units for line in self.lines if line.kind in kinds)

    @property
    def earned(self) -> int:
        """What all members, or this one, earned in the period."""
        return sum(share.earned for share in self.shares)

    def running(self) -> Iterator[tuple[Line, int]]:
        """The lines, each with the balance after it."""
        balance = self.opening
        for line in self.lines:
            balance += line.units
            yield line, balance

    def check(self) -> None:
        """Adds it up.

        Raises:
            StatementError: it does not come out even; names what differs and by how much.
        """
        moved = sum(line.units for line in self.lines)
        self._even("the closing balance", self.closing, self.opening + moved)
        for share in self.shares:
            due = share.opening + share.earned - share.received
            self._even(f"what is due to {share.account}", share.closing, due)
        if self.undivided is not None:
            before, after = self.undivided
            opening = sum(share.opening for share in self.shares) + before
            closing = sum(share.closing for share in self.shares) + after
            self._even("what was due and undivided at the opening", self.opening, opening)
            self._even("what is due and undivided at the closing", self.closing, closing)
            paid = -self.sum("claim", "payout")
            received = sum(share.received for share in self.shares)
            self._even("what the members received", paid, received)

    def _even(self, what: str, is_: int, should: int) -> None:
        if is_ != should:
            raise StatementError(
                f"the statement of {self.see} in {self.currency.name} does not add up: {what} is"
                f" {self.currency.text(is_)} and should be {self.currency.text(should)}, a"
                f" difference of {abs(is_ - should)} units: ask another node"
            )


@dataclass(frozen=True, slots=True)
class Asked:
    """A payment request beside what was paid on it.

    status: "open", "expired", "partly paid", "paid" or "over-paid", and ", late" where some of it
    came when it had expired; as of the end of the period. due: its last day.
    """

    see: str
    reference: str
    currency: Currency
    units: int
    paid: int
    status: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement of a SEE, of a Splitter or of a member.

    first, last: the period, whole days in UTC, both included. block_number: the last block that
    was read; as_of: its time. names: of accounts and SEEs by
    address, as agreements at hand have them.
    notes: what a reader must know, a sentence each.
    """

    kind: Whose
    address: str
    first: date
    last: date
    chain_id: int
    block_number: int
    as_of: datetime
    accounts: tuple[Account, ...] = ()
    requests: tuple[Asked, ...] = ()
    notes: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_member(self) -> bool:
        """Whether it is what was due to one member, not what a contract held."""
        return self.kind == "member"

    def named(self, account: str) -> str:
        """The name of an account, or nothing."""
        return visible(self.names.get(account, ""), lines=False)

    def shown(self, account: str) -> str:
        """An account for people: its name before its address."""
        name = self.named(account)
        return f"{name} ({account})" if name else account

    @property
    def title(self) -> str:
        """What stands above it."""
        who = "member " if self.is_member else ""
        return f"Statement of {who}{self.shown(self.address)}"

    @property
    def period(self) -> str:
        """The period for people."""
        return f"{self.first} to {self.last}, UTC"

    def check(self) -> None:
        """Adds everything up.

        Raises:
            StatementError: something does not come out even.
        """
        for account in self.accounts:
            account.check()

    def result(self) -> dict[str, Any]:
        """The statement as JSON has it."""
        return {
            "statement": self.kind,
            "address": self.address,
            "name": self.named(self.address) or None,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "chain_id": self.chain_id,
            "block_number": self.block_number,
            "as_of": stamp(self.as_of),
            "accounts": [self._account(each) for each in self.accounts],
            "requests": [self._asked(each) for each in self.requests],
            "notes": list(self.notes),
        }

    def _account(self, account: Account) -> dict[str, Any]:
        amount = account.currency.json
        found = {
            "see": account.see,
            "currency": account.currency.code,
            "symbol": visible(account.currency.symbol, lines=False),
            "opening": amount(account.opening),
            "payments": amount(account.sum("payment")),
            "adjustments": amount(account.sum("adjustment")),
            "paid": amount(-account.sum("claim", "payout")),
            "closing": amount(account.closing),
            "earned": amount(account.earned),
            "lines": [self._line(account, *each) for each in account.running()],
            "shares": [
                {
                    "account": share.account,
                    "name": self.named(share.account) or None,
                    "opening": amount(share.opening),
                    "earned": amount(share.earned),
                    "received": amount(share.received),
                    "closing": amount(share.closing),
                }
                for share in account.shares
            ],
        }
        if account.undivided is not None:
            before, after = account.undivided
            found["undivided"] = {"opening": amount(before), "closing": amount(after)}
        return found

    def _line(self, account: Account, line: Line, balance: int) -> dict[str, Any]:
        amount = account.currency.json
        return {
            "time": stamp(line.time),
            "kind": line.kind,
            "block_number": line.block_number,
            "transaction_hash": line.transaction or None,
            "log_index": line.log_index if line.log_index >= 0 else None,
            "account": line.account or None,
            "name": self.named(line.account) or None,
            "to": line.to or None,
            "reference": line.reference or None,
            "version": line.version,
            "amount": amount(line.units),
            "balance": amount(balance),
            "whole": None if line.whole is None else amount(line.whole),
            "note": line.note or None,
            "request": line.request or None,
        }

    def _asked(self, asked: Asked) -> dict[str, Any]:
        return {
            "see": asked.see,
            "reference": asked.reference,
            "asked": asked.currency.json(asked.units),
            "paid": asked.currency.json(asked.paid),
            "status": asked.status,
            "due": asked.due.isoformat() if asked.due else None,
        }


def stamp(time: datetime) -> str:
    """A time as ISO 8601 in UTC, to the second."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
