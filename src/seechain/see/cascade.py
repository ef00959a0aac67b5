"""A cascade: what a SEE owes is paid out through all that are its members, down to people.

plan = see.cascade()                   # nothing is sent yet
print(plan)                            # what each level moves, and about what it costs
plan.people[ada]                       # {"native": 150000000000000000}
plan.run(sender=anyone)

A SEE may be a member of a SEE, and a member's money may be redirected to a Splitter. Who is what
is told by the code at an address, and checked (`seechain.chain.genuine`), never by what it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from seechain.agreement.text import NATIVE, currency_address
from seechain.amounts import format_units
from seechain.chain import interface
from seechain.chain.node import ask
from seechain.chain.receipts import Receipt, Receipts
from seechain.chain.reverts import NothingDue, NotPublished, NotRegistered, Refused, TokenError
from seechain.see import arrears
from seechain.see.recovered import Recovered
from seechain.sending.senders import Call, Sender, send
from seechain.sending.tasks import once
from seechain.splitter import claims

if TYPE_CHECKING:
    from seechain.see import SEE
    from seechain.splitter import Splitter

LEFT = 4  # a flag of a seat
LEAVERS = 16  # that one call touches
_SEE = interface.of("SEE")


class Goes(StrEnum):
    """Where a member's amount goes."""

    PERSON = "a wallet"
    PASSED = "passed on"
    CONTRACT = "a contract, not followed"
    BACK = "comes back round, and waits there"
    WAITS = "waits for its own claim"


@dataclass(frozen=True, slots=True)
class Portion:
    """What one member gets of one step, in smallest units.

    to: the member, or where its money is redirected.
    """

    member: str
    to: str
    units: int
    goes: Goes


@dataclass(frozen=True, slots=True)
class Step:
    """One contract's payout of one currency. Amounts in smallest units.

    depth: 0 at the top. kind: "SEE" or "Splitter". due: what it owes now; incoming: what comes
    from above; undivided: what of both no floor gives out, which is carried. gas: as measured by
    the node where is_estimated, else by the formula in `seechain.see.flow`. pages: of its share
    table that are paid. transactions: with those for closed versions and leavers, and for a token
    whose book is behind. notes: what is odd about it, in words.
    """

    depth: int
    kind: str
    address: str
    currency: str
    due: int
    incoming: int
    portions: tuple[Portion, ...]
    undivided: int
    gas: int
    is_estimated: bool
    pages: int
    transactions: int
    notes: tuple[str, ...] = ()

    @property
    def paid(self) -> int:
        """What leaves it where every payment succeeds."""
        return sum(each.units for each in self.portions if each.goes != Goes.WAITS)


@dataclass(frozen=True)
class Cascade:
    """What a cascade does, level by level, from the top. `str()` is a table to read.

    levels: each step after all those that pay into it. cycles: contracts that are members of each
    other, each as the addresses from one back to itself.
    """

    see: SEE = field(repr=False)
    levels: tuple[Step, ...]
    cycles: tuple[tuple[str, ...], ...]
    contracts: Mapping[str, Splitter] = field(repr=False)
    units: Mapping[str, tuple[int, str]] = field(repr=False)
    names: Mapping[str, str] = field(repr=False)

    @property
    def people(self) -> dict[str, dict[str, int]]:
        """What reaches wallets: by account and currency, in smallest units."""
        return self._ends(Goes.PERSON)

    @property
    def elsewhere(self) -> dict[str, dict[str, int]]:
        """What reaches contracts that are not followed, as a Safe, or a SEE whose share table
        was not published."""
        return self._ends(Goes.CONTRACT)

    @property
    def waiting(self) -> dict[str, dict[str, int]]:
        """What waits: for a member that is pull only, or where it came back round a cycle."""
        found = self._ends(Goes.BACK)
        for account, amounts in self._ends(Goes.WAITS).items():
            for currency, units in amounts.items():
                _add(found, account, currency, units)
        return found

    @property
    def gas(self) -> int:
        """About what all steps cost together."""
        return sum(step.gas for step in self.levels)

    @property
    def transactions(self) -> int:
        """How many transactions it takes."""
        return sum(step.transactions for step in self.levels)

    def run(self, *, sender: Sender) -> Receipts:
        """Pays out step by step, the top first.

        What is due is read again before each step. So it can be run again after an interruption,
        and pays nothing twice. A step that is refused stops no other one.

        Raises:
            NothingDue: nothing is left to pay. Refused, TokenError: the first step that was
                refused, after all others were done. Else as `send`.
        """
        return once(self.see.w3, "cascade", self.see.address, (), lambda: self._run(sender))

    def _run(self, sender: Sender) -> Receipts:
        receipts: list[Receipt] = []
        failed: Refused | TokenError | None = None
        # What comes belongs to those who are members now: books that are behind close first.
        for act in (self._touch, self._pay):
            for step in self.levels:
                try:
                    receipts += act(step, sender)
                except NothingDue:
                    continue
                except (Refused, TokenError) as error:
                    failed = failed or error
        if failed is not None:
            raise failed
        if not receipts:
            raise NothingDue(
                f"nothing of {self.see.address} or below it can be paid out now:"
                " wait for the next payment"
            )
        return Receipts(receipts)

    def _touch(self, step: Step, sender: Sender) -> Iterable[Receipt]:
        contract = self.contracts[step.address]
        if not is_to_touch(contract, step.currency, step.portions):
            return ()
        late = [
            claims.key_of(each, contract.table.index(each))
            for each in late_leavers(contract, step.currency)
        ]
        word, what = currency_address(step.currency), f"touching {step.currency} in {step.address}"
        return [
            send(contract.w3, Call(step.address, _SEE.encode("touch", word, part), what), sender)
            for part in ([late[at : at + LEAVERS] for at in range(0, len(late), LEAVERS)] or [[]])
        ]

    def _pay(self, step: Step, sender: Sender) -> Iterable[Receipt]:
        return self.contracts[step.address].payout(step.currency, sender=sender)

    def _ends(self, goes: Goes) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for step in self.levels:
            for each in step.portions:
                if each.goes == goes:
                    _add(found, each.to, step.currency, each.units)
        return found

    # ------------------------------------------------------------ in words

    def __str__(self) -> str:
        if not self.levels:
            lines = [f"Nothing is due from {self._name(self.see.address)}, or below it."]
        else:
            depth = len({step.depth for step in self.levels})
            said = f"{_count(self.transactions, 'transaction')}, about {self.gas:,} gas"
            through = f"through {_count(depth, 'level')} in {said}"
            lines = [f"{self._name(self.see.address)} pays out {through}:"]
        for step in self.levels:
            lines += self._step(step)
        for title, ends in (
            ("Into wallets:", self.people),
            ("To contracts that are not followed:", self.elsewhere),
            ("Waiting:", self.waiting),
        ):
            if ends:
                lines += [title, *self._sums(ends)]
        lines += [
            f"{' -> '.join(self._name(each) for each in cycle)} is a circle: each of them is paid"
            " out once, and what comes back round waits for the next cascade."
            for cycle in self.cycles
        ]
        return "\n".join(lines)

    def _step(self, step: Step) -> Iterator[str]:
        said = f" ({'; '.join(step.notes)})" if step.notes else ""
        yield f"Level {step.depth + 1}, {step.kind} {self._name(step.address)}{said}"
        yield (
            f"  owes {self._money(step.currency, step.due)} now,"
            f" gets {self._money(step.currency, step.incoming)} from above"
        )
        rows = [
            (self._name(each.member), self._money(step.currency, each.units), self._to(each))
            for each in step.portions
        ]
        widths = [max((len(row[at]) for row in rows), default=0) for at in range(2)]
        for who, money, to in rows:
            yield f"    {who.ljust(widths[0])}  {money.rjust(widths[1])}  {to}"
        if step.undivided:
            yield f"  undivided, carried: {self._money(step.currency, step.undivided)}"
        about = "" if step.is_estimated else "about "
        yield f"  {about}{step.gas:,} gas, {_count(step.transactions, 'transaction')}"

    def _to(self, portion: Portion) -> str:
        if portion.to == portion.member:
            return f"{portion.goes}"
        return f"redirected to {self._name(portion.to)}: {portion.goes}"

    def _sums(self, ends: dict[str, dict[str, int]]) -> Iterator[str]:
        names = {account: self._name(account) for account in ends}
        width = max(map(len, names.values()))
        for account, amounts in sorted(ends.items(), key=lambda item: names[item[0]]):
            sums = ", ".join(self._money(each, units) for each, units in amounts.items())
            yield f"  {names[account].ljust(width)}  {sums}"

    def _name(self, account: str) -> str:
        short = f"{account[:6]}..{account[-4:]}"
        name = self.names.get(account)
        return f"{name} ({short})" if name else short

    def _money(self, currency: str, units: int) -> str:
        return format_units(units, *self.units[currency])


def is_behind(contract: Splitter, currency: str) -> bool:
    """Whether a token's book still belongs to an older version."""
    if currency == NATIVE or not isinstance(contract, Recovered):
        return False
    number = contract.version
    return number > 0 and contract.book_version(currency) != number


def late_leavers(contract: Splitter, currency: str) -> list[str]:
    """Who left a SEE, but not yet in this token: it was not named when they did."""
    if currency == NATIVE or not isinstance(contract, Recovered):
        return []
    table, number = contract.table, contract.version
    found = []
    for account in sorted(contract.leavers):
        key = claims.key_of(account, table.index(account), number)
        seat = ask(contract.w3, contract.address, _SEE, "seat", currency_address(currency), key)
        if not seat[3] & LEFT:
            found.append(account)
    return found


def is_to_touch(contract: Splitter, currency: str, portions: Iterable[Portion]) -> bool:
    """Whether a token's book must first learn of the version in force, of who left, or of who
    may have been redirected: a token that no agreement names is not told."""
    if currency == NATIVE or not isinstance(contract, Recovered):
        return False
    if is_behind(contract, currency) or late_leavers(contract, currency):
        return True
    return currency not in arrears.named(contract, None) and any(
        each.to != each.member for each in portions
    )


def is_open(contract: Splitter) -> bool:
    """Whether all its share tables are at hand, or were published."""
    try:
        if isinstance(contract, Recovered):
            for version in contract.versions:
                contract.table_of(version)
        else:
            _ = contract.table
    except (NotPublished, NotRegistered):
        return False
    return True


def _add(found: dict[str, dict[str, int]], account: str, currency: str, units: int) -> None:
    amounts = found.setdefault(account, {})
    amounts[currency] = amounts.get(currency, 0) + units


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")
