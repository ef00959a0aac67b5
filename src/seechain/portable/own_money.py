"""Which money was a member's own: what it sent itself, and what came of that through contracts.

Whether who paid is independent of a member, no chain tells: a fresh account of its own, another
contract or an agreed exchange looks like anybody. Only what is certain counts, so that others can
put the mark on nobody. A payment is its own

    whole     where it came from the member; where it is its part of a SEE, which it redirected;
              from an account to which it redirected, since then; or from what it set up itself:
              a Splitter that it created, or a version of a SEE that it signed or submitted, by
              whose share table it has the majority, and who was paid a seat, until it leaves.
              That a majority came about otherwise, or that it claims what is due to it, makes
              nothing its own.
    in part   where it came from another SEE or Splitter of the Registry: as much of it as was its
              own of what that was paid since it last paid there, or of all before where it was
              paid nothing since, and never more than its own that came there; from contract to
              contract, however many

What a token's log says only the token knows. It counts of a token that a version names which the
member signed or submitted, since then; of others only what the payer sent itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from seechain.accounts import checksum
from seechain.agreement.text import NATIVE
from seechain.chain import published
from seechain.chain.clones import payer_address
from seechain.chain.decoding import decode_log, topic_of
from seechain.chain.events import Left, Paid, PaidFor, Received, Redirected
from seechain.chain.published import topic
from seechain.chain.raw_logs import read_logs
from seechain.chain.reverts import NotPublished, NotSeechain
from seechain.history import Entry, Fact, Payment, Portion
from seechain.mesh.splitters import splitter_at, splitters_of
from seechain.portable.acted import Acted
from seechain.portable.lives import Life, Place, place_of
from seechain.registry import Registry
from seechain.share_table import ShareTable
from seechain.splitter import Splitter

_TRANSFER = topic_of("Transfer(address,address,uint256)")


class _Came(NamedTuple):
    place: Place
    to: str
    payer: str
    amount: int
    transaction: str


_Key = tuple[str, str, str, str, int]  # payer, transaction, currency, who was paid, amount


class _Flow:
    """What came to a contract: where, and how much until then, in all and of the member's own."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.total, self.own = [0], [0]

    def add(self, came: _Came, part: Fraction) -> None:
        self.places.append(came.place)
        self.total.append(self.total[-1] + came.amount)
        self.own.append(self.own[-1] + int(part * came.amount))

    def own_of(self, amount: int, since: Place) -> int:
        """How much of an amount that is paid now is its own: as much as of what came since."""
        first = bisect_right(self.places, since) % max(1, len(self.places))
        total = self.total[-1] - self.total[first]
        return (self.own[-1] - self.own[first]) * amount // total if total else 0


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
        self._since: dict[str, Place] = {}  # when its money was first redirected to an account
        self._known: Counter[_Key] = Counter()
        for life in lives:
            for event in life.events():
                if isinstance(event, Redirected) and event.account == member:
                    place = place_of(event)
                    self._since[event.to] = min(self._since.get(event.to, place), place)
            self._known.update(_known(life, member))
        self._sees = set(sees)
        self._created = splitters_of(registry, last)
        self._splitters: dict[str, Splitter | None] = {}
        self._tables: dict[str, ShareTable | None] = {}
        self._read: dict[tuple[str, str], list[_Came]] = {}

    def of(self, life: Life) -> tuple[dict[str, int], bool]:
        """What its own payments gave to its seats in a SEE, by currency; and whether there were
        any."""
        assert life.past is not None
        parts = self._parts_of(life)
        arrived = _arrived(life.past.entries)
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
                came = arrived.get(id(each), each.amount)
                amount = int(parts[id(each)] * came * shares / live)
                own[each.currency] = own.get(each.currency, 0) + amount
        return own, bool(parts)

    # ------------------------------------------------------------ whole

    def _is_its(self, came: _Came) -> bool:
        payer = came.payer
        if payer == self.member:
            return True
        if self._since.get(payer, came.place) < came.place and not self._is_contract(payer):
            return True
        table = self._own_table(payer)
        return table is not None and came.to in table

    def _own_table(self, account: str) -> ShareTable | None:
        """Of a Splitter that the member created, and of which it has the majority."""
        if account not in self._created:
            return None
        if account not in self._tables:
            is_own = self.acted.sent(self._created[account], self.registry.address)
            found = self._table_of(account) if is_own else None
            if found is not None and not _has_majority(found, self.member):
                found = None
            self._tables[account] = found
        return self._tables[account]

    def _table_of(self, account: str) -> ShareTable | None:
        """Of a Splitter, where it was published by then."""
        splitter = self._splitter(account)
        if splitter is None:
            return None
        where = (self.registry.w3, self.registry.address, account, splitter.commitment)
        try:
            return published.table_of(*where, splitter.publication_start, (self.last + 1, 0))
        except NotPublished:
            return None

    def _splitter(self, account: str) -> Splitter | None:
        """The Splitter at an address; None where another contract stands there."""
        if account not in self._splitters:
            try:
                found = splitter_at(self.registry, account, self._created.get(account))
            except NotSeechain:
                found = None
            self._splitters[account] = found
        return self._splitters[account]

    # ------------------------------------------------------------ through contracts

    def _parts_of(self, life: Life) -> Mapping[int, Fraction]:
        """Of the payments to a SEE that were its own: which part. By their id."""
        assert life.past is not None
        named: dict[str, Place] = {NATIVE: (-1, -1)}
        for at in sorted(life.agreed):
            for each in life.versions[at].currencies:
                named.setdefault(each, place_of(life.starts[at]))
        counted: dict[str, list[Payment]] = {}
        for payment in life.past.payments:
            if payment.amount > 0 and payment.payer:
                is_named = named.get(payment.currency, place_of(payment)) < place_of(payment)
                if is_named or payment.how in ("pay", "late") or self._has_ordered(payment):
                    counted.setdefault(payment.currency, []).append(payment)
        found: dict[int, Fraction] = {}
        for currency, payments in counted.items():
            came = [_came_of(each) for each in payments]
            parts = self._parts(came, currency, follows=currency in named)
            for payment, part in zip(payments, parts, strict=True):
                if part:
                    found[id(payment)] = part
        return found

    def _parts(self, came: Sequence[_Came], currency: str, *, follows: bool) -> list[Fraction]:
        """Of each payment to a SEE, which part was its own; in the chain's order.

        Whatever a contract pays depends on what came to it before: so all that came to the
        contracts that money has passed, also in circles, is gone through once as it came.
        """
        flows = {each: _Flow() for each in self._upstream(came, currency)} if follows else {}
        steps = [(each, True) for each in came]
        steps += [(each, False) for name in flows for each in self._came(name, currency)]
        known = {is_asked: Counter(self._known) for is_asked in (True, False)}
        found = []
        last: dict[tuple[str, str, bool], tuple[Place, int]] = {}
        for each, is_asked in sorted(steps, key=lambda step: step[0].place):
            way = each.payer, each.to, is_asked
            since, passed = last.get(way, ((-1, -1), 0))
            key = each.payer, each.transaction, currency, each.to, each.amount
            is_known = known[is_asked][key] > 0
            known[is_asked][key] -= is_known
            part = Fraction(is_known or self._is_its(each))
            if not part and (flow := flows.get(each.payer)) is not None:
                own = min(flow.own_of(each.amount, since), flow.own[-1] - passed)
                part, passed = Fraction(own, each.amount), passed + own
            last[way] = each.place, passed
            if is_asked:
                found.append(part)
            else:
                flows[each.to].add(each, part)
        return found

    def _has_ordered(self, payment: Payment) -> bool:
        is_its = payment.payer == self.member or payment.payer in self._since
        return is_its and self.acted.is_ordered(payment)

    def _upstream(self, came: Iterable[_Came], currency: str) -> set[str]:
        """All contracts through which money came."""
        found: set[str] = set()
        payers = {each.payer for each in came}
        while payers := {each for each in payers - found if self._is_contract(each)}:
            found |= payers
            payers = {each.payer for name in payers for each in self._came(name, currency)}
        return found

    def _is_contract(self, account: str) -> bool:
        """Whether it is a SEE or a Splitter of the Registry: what another logs proves nothing."""
        return account in self._sees or (
            account in self._created and self._splitter(account) is not None
        )

    def _came(self, contract: str, currency: str) -> list[_Came]:
        """What a contract was paid of a currency, as the logs have it."""
        key = contract, currency
        if key not in self._read:
            read = self._coin if currency == NATIVE else self._tokens
            self._read[key] = read(contract, currency)
        return self._read[key]

    def _coin(self, contract: str, currency: str) -> list[_Came]:
        logs = read_logs(self.registry.w3, [contract], [], 0, self.last)
        events = [each for log in logs if (each := decode_log(log)) is not None]
        return [
            _Came(place_of(each), contract, each.payer, each.amount, each.transaction_hash)
            for each in events
            if isinstance(each, Received | Paid) and each.currency == currency and each.amount
        ]

    def _tokens(self, contract: str, currency: str) -> list[_Came]:
        w3 = self.registry.w3
        through = {
            each.transaction_hash: each.payer
            for log in read_logs(w3, [payer_address()], [None, topic(contract)], 0, self.last)
            if isinstance(each := decode_log(log), PaidFor) and each.currency == currency
        }
        found = []
        for log in read_logs(w3, [currency], [_TRANSFER, None, topic(contract)], 0, self.last):
            if len(log["topics"]) == 3 and len(log["data"]) == 32:
                payer = checksum(log["topics"][1][12:])
                transaction = "0x" + log["transactionHash"].hex()
                if payer == payer_address():
                    payer = through.get(transaction, payer)
                place = log["blockNumber"], log["logIndex"]
                if amount := int.from_bytes(log["data"], "big"):
                    found.append(_Came(place, contract, payer, amount, transaction))
        return found


def _known(life: Life, member: str) -> Iterator[_Key]:
    """What a SEE paid that is known to be its own: by a version that it set up, to who has a seat
    there, and its own part to where it was redirected."""
    mine = {
        at
        for at in life.agreed
        if (table := life.tables[at]) is not None and _has_majority(table, member)
    }
    for each in life.past.entries if life.past is not None else ():
        event = each.event if isinstance(each, Fact) else None
        if isinstance(event, Left) and event.account == member:
            mine.discard(event.version)
        if isinstance(each, Portion):
            is_mine = each.version in mine and each.to == each.account
            if is_mine or (each.account == member and each.to != member):
                yield each.see, each.transaction_hash, each.currency, each.to, each.amount


def _has_majority(table: ShareTable, member: str) -> bool:
    return member in table and 2 * table.seat(table.index(member)).shares > table.shares


def _arrived(entries: Iterable[Entry]) -> dict[int, int]:
    """What arrived of payments of which only the token's log tells: less, where the books turned
    out to have less. By their id."""
    found: dict[int, int] = {}
    waiting: dict[str, list[Payment]] = {}
    for each in entries:
        if not isinstance(each, Payment) or each.currency == NATIVE:
            continue
        if each.how == "transfer" or (each.how == "early" and not any(each.memo)):
            waiting.setdefault(each.currency, []).append(each)
        elif each.how == "unlogged":
            since = waiting.pop(each.currency, [])
            logged = sum(payment.amount for payment in since)
            for payment in since if each.amount < 0 else ():
                left = max(0, logged + each.amount)
                found[id(payment)] = payment.amount * left // logged
    return found


def _came_of(payment: Payment) -> _Came:
    return _Came(
        place_of(payment),
        payment.see,
        payment.payer,
        payment.amount,
        payment.transaction_hash,
    )
