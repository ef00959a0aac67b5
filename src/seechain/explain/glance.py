"""A SEE, a Splitter or a Registry at a glance: its state, members and money, and what is odd.

    seen = look(w3, address)
    seen.members[0].part, seen.money[0].due, seen.warnings

All of it comes from the chain alone, the money from its history (`seechain.history`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from web3 import Web3

from seechain.accounts import account_bytes, checksum
from seechain.chain.clones import read_clone
from seechain.chain.decoding import decode_log
from seechain.chain.events import Amended, Deregistered, Redirected, Registered
from seechain.chain.node import chain_id_of, code_of, now_of, url_of
from seechain.chain.raw_logs import read_logs, timed
from seechain.chain.records import DAY
from seechain.chain.reverts import NoRegistry, NotSeechain
from seechain.explain.located import LocatedSeen, located
from seechain.history import History, history
from seechain.registry import Registry
from seechain.see import SEE
from seechain.see.cascade import is_behind, late_leavers
from seechain.see.standing import books_at
from seechain.splitter import Splitter

if TYPE_CHECKING:
    from seechain.agreement import Agreement

GRACE = 7 * DAY  # after the last day, from when on anyone may end it
MANY = 1000  # members whose money is told one by one


@dataclass(frozen=True, slots=True)
class MemberSeen:
    """A member. part: of what comes, of those who are in; voice: of the live voices.

    to: where its money goes. had, due: by currency, in smallest units, of all versions; of a
    table of more than `MANY` seats they are left out.
    """

    account: str
    name: str
    shares: int
    part: Fraction
    voices: int
    voice: Fraction
    pull_only: bool
    has_left: bool
    to: str
    had: dict[str, int]
    due: dict[str, int]


@dataclass(frozen=True, slots=True)
class MoneySeen:
    """One currency, in smallest units: all that came, was paid and is due, and what is held.

    undivided: what of it is neither paid nor due. unlogged: what of `received` no log knows of.
    """

    currency: str
    received: int
    paid: int
    due: int
    held: int | None
    unlogged: int

    @property
    def undivided(self) -> int | None:
        """What is held and not due: it is carried to the next payment."""
        return None if self.held is None else self.held - self.due


@dataclass(frozen=True, slots=True)
class BooksSeen:
    """A SEE or a Splitter.

    state: "fixed" of a Splitter; "unregistered", "registered", "expired" (its last day is over) or
    "ended". located: where the agreement may be read, see `located.located`.
    former: who has no seat or voice now, and is owed something or was paid.
    """

    address: str
    kind: str
    chain_id: int
    registry: str
    state: str
    version: int
    commitment: bytes
    shares: int
    left: int
    name: str
    quorum: Fraction | None
    voices: int
    registered: datetime | None
    expires: datetime | None
    ended: datetime | None
    currencies: tuple[str, ...]
    members: tuple[MemberSeen, ...]
    former: tuple[MemberSeen, ...]
    money: tuple[MoneySeen, ...]
    located: tuple[LocatedSeen, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisteredSeen:
    """A SEE of a Registry. version: in force."""

    address: str
    registered: datetime
    version: int
    is_ended: bool


@dataclass(frozen=True, slots=True)
class RegistrySeen:
    """A Registry, and all SEEs that it has registered, the last one first."""

    address: str
    chain_id: int
    sees: tuple[RegisteredSeen, ...] = field(default=())


def look(w3: Web3, address: str, agreement: Agreement | None = None) -> BooksSeen | RegistrySeen:
    """What stands at an address.

    Args:
        agreement: at hand, for names, and where the share table was not published.

    Raises:
        AccountError: the address is none. NotSeechain: no contract of seechain stands there.
        NotRegistered: its clone stands there, and its agreement is neither registered nor at hand.
        NotPublished: its share table is neither published nor at hand.
        NodeError: the node can't be asked.
    """
    address = checksum(account_bytes(address))
    code = code_of(w3, address)
    if code and read_clone(code) is None:
        try:
            return _registry(Registry(w3, address))
        except NoRegistry:
            pass
    if not code:
        raise NotSeechain(
            f"nothing stands at {address} on chain {chain_id_of(w3)} ({url_of(w3)}): check the"
            " address and the chain"
        )
    return _books(books_at(w3, address, agreement), agreement)


def _registry(registry: Registry) -> RegistrySeen:
    logs = [*read_logs(registry.w3, [registry.address], [])]
    times = timed(registry.w3, logs)
    found: dict[str, RegisteredSeen] = {}
    versions: Counter[str] = Counter()
    ended: set[str] = set()
    for log in logs:
        event = decode_log(log)
        if isinstance(event, Amended):
            versions[event.see] = event.version
        elif isinstance(event, Registered):
            when = datetime.fromtimestamp(times[event.block_number], UTC)
            found[event.see] = RegisteredSeen(event.see, when, 0, False)
        elif isinstance(event, Deregistered):
            ended.add(event.see)
    sees = tuple(
        RegisteredSeen(see, each.registered, versions[see], see in ended)
        for see, each in reversed(found.items())
    )
    return RegistrySeen(registry.address, registry.chain_id, sees)


def _books(books: Splitter, agreement: Agreement | None) -> BooksSeen:
    past = history(books)
    money = _money(past)
    see = books if isinstance(books, SEE) else None
    table = books.table
    leavers = see.leavers if see else frozenset()
    left = sum(table.seat(table.index(each)).shares for each in leavers)
    own = _Own(past, len(table) <= MANY)
    members = tuple(_members(books, own, leavers, left))
    now = now_of(books.w3)
    version = see.in_force if see else None
    state = "fixed" if see is None else see.state
    if version and state == "registered" and version.terms.expiry <= now:
        state = "expired"
    is_it = agreement is not None and agreement.commitment == books.commitment
    return BooksSeen(
        address=books.address,
        kind="SEE" if see else "Splitter",
        chain_id=chain_id_of(books.w3),
        registry=books.registry,
        state=state,
        version=version.number if version else 0,
        commitment=books.commitment,
        shares=table.shares,
        left=left,
        name=agreement.name if agreement is not None and is_it else "",
        quorum=version.quorum if version else None,
        voices=sum(each.voices for each in members),
        registered=see.registered if see else None,
        expires=version.expires - timedelta(seconds=1) if version else None,
        ended=see.ended if see else None,
        currencies=books.currencies,
        members=members,
        former=tuple(_former(books, own, {each.account for each in members})),
        money=money,
        located=located(books, past),
        warnings=tuple(_warnings(books, past, state, now)),
    )


def _money(past: History) -> tuple[MoneySeen, ...]:
    received: Counter[str] = Counter()
    unlogged: Counter[str] = Counter()
    paid: Counter[str] = Counter()
    for payment in past.payments:
        received[payment.currency] += payment.amount
        if payment.how == "unlogged":
            unlogged[payment.currency] += payment.amount
    for portion in past.portions:
        paid[portion.currency] += portion.amount
    due = past.due()
    return tuple(
        MoneySeen(
            each, received[each], paid[each], due[each], past.balances.get(each), unlogged[each]
        )
        for each in past.currencies
    )


class _Own:
    """What each account had, is due and where its money goes: read from a history once."""

    def __init__(self, past: History, is_told: bool) -> None:
        self._past, self._is_told = past, is_told
        self._had: dict[str, Counter[str]] = {}
        for portion in past.portions:
            self._had.setdefault(portion.account, Counter())[portion.currency] += portion.amount
        self._to = {
            fact.event.account: fact.event.to
            for fact in past.facts
            if isinstance(fact.event, Redirected)
        }

    def to(self, account: str) -> str:
        return self._to.get(account, account)

    def had(self, account: str) -> dict[str, int]:
        found = self._had.get(account, Counter())
        return {each: found[each] for each in self._past.currencies} if self._is_told else {}

    def due(self, account: str) -> dict[str, int]:
        return self._past.due(account) if self._is_told else {}


def _members(
    books: Splitter, own: _Own, leavers: frozenset[str], left: int
) -> Iterator[MemberSeen]:
    lines = books.members
    live = books.table.shares - left
    voices = sum(line.voices for line in lines)
    for line in lines:
        has_left = line.account in leavers
        yield MemberSeen(
            account=line.account,
            name=_name(books, line.account),
            shares=line.shares,
            part=Fraction(0 if has_left else line.shares, live),
            voices=line.voices,
            voice=Fraction(line.voices, voices or 1),
            pull_only=line.pull_only,
            has_left=has_left,
            to=own.to(line.account),
            had=own.had(line.account),
            due=own.due(line.account),
        )


def _former(books: Splitter, own: _Own, now: set[str]) -> Iterator[MemberSeen]:
    """Who had a seat in an older version and has nothing now, but money."""
    if not isinstance(books, SEE) or len(now) > MANY or books.state == "unregistered":
        return
    accounts = (seat.account for version in books.versions[:-1] for seat in books.table_of(version))
    for account in dict.fromkeys(each for each in accounts if each not in now):
        had, due = own.had(account), own.due(account)
        if any(had.values()) or any(due.values()):
            yield MemberSeen(
                account=account,
                name=_name(books, account),
                shares=0,
                part=Fraction(0),
                voices=0,
                voice=Fraction(0),
                pull_only=False,
                has_left=False,
                to=own.to(account),
                had=had,
                due=due,
            )


def _name(books: Splitter, account: str) -> str:
    return books.names.get(account, "") if isinstance(books, SEE) else ""


def _warnings(books: Splitter, past: History, state: str, now: int) -> Iterator[str]:
    if isinstance(books, SEE):
        yield from _of_state(books, state, now)
        yield from _of_tokens(books, past)
    kept = {
        (portion.account, portion.currency) for portion in past.portions if portion.how == "kept"
    }
    for account in sorted({each for each, currency in kept if past.due(each)[currency]}):
        yield f"{account} could not be paid by a payout, or is pull only: it must claim"
    for currency in past.currencies:
        if currency not in past.balances:
            yield f"the token {currency} can't be read: what is due of it is not known for sure"


def _of_state(see: SEE, state: str, now: int) -> Iterator[str]:
    if state == "unregistered":
        yield "it is not registered: until it is, it is a Splitter and no more"
    if state == "expired":
        over = see.in_force.terms.expiry + GRACE
        who = "anyone may end it" if now > over else "from a week later anyone may end it"
        yield f"its last day is over: {who}"
    if state != "ended" and see.quorum * 2 <= 1:
        yield f"its quorum is {see.quorum}: half of the voices or less can change the parts"


def _of_tokens(see: SEE, past: History) -> Iterator[str]:
    for currency in past.currencies:
        if is_behind(see, currency):
            yield (
                f"the book of the token {currency} still belongs to version"
                f" {see.book_version(currency)}: what comes goes to its table until anyone"
                " touches it, as a payout does"
            )
        for account in late_leavers(see, currency):
            yield (
                f"{account} has left, but not yet in the token {currency}: it has its part of what"
                " comes until anyone touches it, naming the leaver"
            )
