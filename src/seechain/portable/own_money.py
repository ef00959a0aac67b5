"""Which money was a member's own: what it sent itself, and what came of that through contracts.

A payment is its own

    whole     where it came from the member, from where its money is redirected, or from a SEE or
              Splitter of which it had the majority then, and where it has acted: others may give
              it a seat, but not by that the mark
    in part   where it came from another SEE or Splitter of the Registry: as much of it as was its
              own of what that was paid since it last paid there, or of all before where it was
              paid nothing since; followed through at most DEPTH of them, in circles not at all

What a token's log says only the token knows. So of a token that no agreement of the SEE names, or
one in which the member never acted, only what was paid by `pay` counts, which the SEE itself has
seen being called.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from seechain.accounts import checksum
from seechain.agreement.text import NATIVE
from seechain.chain.clones import payer_address
from seechain.chain.decoding import decode_log, topic_of
from seechain.chain.events import Left, Paid, PaidFor, Received, Redirected
from seechain.chain.published import topic
from seechain.chain.raw_logs import read_logs
from seechain.chain.reverts import NotPublished, NotSeechain
from seechain.history import Fact, Payment
from seechain.mesh.splitters import splitter_at, splitters_of
from seechain.portable.acted import Acted
from seechain.portable.lives import Life, Place, place_of
from seechain.registry import Registry

DEPTH = 8
_TRANSFER = topic_of("Transfer(address,address,uint256)")


class _Came(NamedTuple):
    place: Place
    payer: str
    amount: int


class _Flow(NamedTuple):
    """What came of a currency: where, and how much until then, in all and of the member's own."""

    places: list[Place]
    total: list[int]
    own: list[int]

    def part(self, since: Place, until: Place) -> Fraction:
        """Which part of what came between two places was its own."""
        first, end = bisect_right(self.places, since), bisect_left(self.places, until)
        first = first if first < end else 0
        total = self.total[end] - self.total[first]
        return Fraction(self.own[end] - self.own[first], total) if total else Fraction(0)


class OwnMoney:
    """Tells it of all payments to the SEEs of a member, until block `last`."""

    def __init__(
        self,
        registry: Registry,
        member: str,
        last: int,
        lives: Iterable[Life],
        sees: Iterable[str],
        acted: Acted,
    ) -> None:
        self.registry, self.member, self.last, self.acted = registry, member, last, acted
        self._accounts = {member}  # whatever they pay
        self._majorities: dict[str, list[tuple[Place, bool]]] = {}
        for life in lives:
            for event in life.events():
                if isinstance(event, Redirected) and event.account == member:
                    self._accounts.add(event.to)
            if life.acts:
                self._majorities[life.see.address] = life.majorities(member)
        self._splitters = splitters_of(registry, last)
        self._contracts = {*sees, *self._splitters}
        self._looked: set[str] = set()
        self._flows: dict[tuple[str, str], _Flow] = {}

    def is_its(self, account: str, place: Place) -> bool:
        """Whether what an account does at a place is the member's own doing."""
        self._look_at(account)
        if account in self._accounts:
            return True
        found = self._majorities.get(account, [])
        before = bisect_right(found, (place, True))
        return before > 0 and found[before - 1][1]

    def of(self, life: Life) -> tuple[dict[str, int], bool]:
        """What its own payments gave to its seats in a SEE, by currency; and whether there were
        any."""
        assert life.past is not None
        parts = self._parts_of(life)
        own: dict[str, int] = {}
        left: dict[tuple[int, str], int] = {}  # shares, by version and currency
        out: set[int] = set()
        for each in life.past.entries:
            event = each.event if isinstance(each, Fact) else None
            if isinstance(event, Left):
                left[event.version, event.currency] = event.shares
                out |= {event.version} if event.account == self.member else set()
            if not isinstance(each, Payment) or id(each) not in parts or each.version in out:
                continue
            shares = life.shares(self.member, each.version)
            if shares:
                total = life.versions[each.version].shares
                live = total - left.get((each.version, each.currency), 0)
                amount = int(parts[id(each)] * each.amount * shares / live)
                own[each.currency] = own.get(each.currency, 0) + amount
        return own, bool(parts)

    def _parts_of(self, life: Life) -> Mapping[int, Fraction]:
        """Of the payments to a SEE that were its own: which part. By their id."""
        assert life.past is not None
        named = {NATIVE}
        if life.acts:
            named |= {name for each in life.versions for name in each.currencies}
        counted: dict[str, list[Payment]] = {}
        for each in life.past.payments:
            if each.amount > 0 and (each.currency in named or each.how in ("pay", "late")):
                counted.setdefault(each.currency, []).append(each)
        found: dict[int, Fraction] = {}
        for currency, payments in counted.items():
            came = [_Came(place_of(each), each.payer, each.amount) for each in payments]
            for each, part in zip(payments, self._parts(came, currency, 0), strict=True):
                if part:
                    found[id(each)] = part
        return found

    # ------------------------------------------------------------ through contracts

    def _parts(self, came: Sequence[_Came], currency: str, depth: int) -> list[Fraction]:
        found = []
        last: dict[str, Place] = {}
        for each in came:
            since = last.get(each.payer, (-1, -1))
            last[each.payer] = each.place
            if self.is_its(each.payer, each.place):
                found.append(Fraction(1))
            elif each.payer in self._contracts and depth < DEPTH:
                flow = self._flow(each.payer, currency, depth + 1)
                found.append(flow.part(since, each.place))
            else:
                found.append(Fraction(0))
        return found

    def _flow(self, contract: str, currency: str, depth: int) -> _Flow:
        key = contract, currency
        if key not in self._flows:
            self._flows[key] = _Flow([], [0], [0])  # of what comes round in a circle
            came = self._came(contract, currency)
            parts = self._parts(came, currency, depth)
            own = [int(part * each.amount) for part, each in zip(parts, came, strict=True)]
            self._flows[key] = _Flow(
                [each.place for each in came],
                list(accumulate((each.amount for each in came), initial=0)),
                list(accumulate(own, initial=0)),
            )
        return self._flows[key]

    def _came(self, contract: str, currency: str) -> list[_Came]:
        """What a contract was paid of a currency, as the logs have it."""
        w3 = self.registry.w3
        if currency == NATIVE:
            logs = read_logs(w3, [contract], [], 0, self.last)
            events = [each for log in logs if (each := decode_log(log)) is not None]
            return [
                _Came(place_of(each), each.payer, each.amount)
                for each in events
                if isinstance(each, Received | Paid) and each.currency == NATIVE
            ]
        through = {
            each.transaction_hash: each.payer
            for log in read_logs(w3, [payer_address()], [None, topic(contract)], 0, self.last)
            if isinstance(each := decode_log(log), PaidFor) and each.currency == currency
        }
        found = []
        for log in read_logs(w3, [currency], [_TRANSFER, None, topic(contract)], 0, self.last):
            if len(log["topics"]) == 3 and len(log["data"]) == 32:
                payer = checksum(log["topics"][1][12:])
                if payer == payer_address():
                    payer = through.get("0x" + log["transactionHash"].hex(), payer)
                amount = int.from_bytes(log["data"], "big")
                found.append(_Came((log["blockNumber"], log["logIndex"]), payer, amount))
        return found

    def _look_at(self, account: str) -> None:
        """A Splitter that it created, and of which it has the majority, is its own for ever."""
        created = self._splitters.get(account)
        if created is None or account in self._looked:
            return
        self._looked.add(account)
        if account in self._majorities or not self.acted.sent(created):
            return
        try:
            table = splitter_at(self.registry, account, created).table
        except (NotSeechain, NotPublished):
            return
        if self.member in table and 2 * table.seat(table.index(self.member)).shares > table.shares:
            self._accounts.add(account)
