"""A member's passport, read from the chain: `issue(registry, member)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from seechain.accounts import account_bytes, checksum
from seechain.agreement.text import NATIVE, currency_address
from seechain.chain.events import (
    Amended,
    Deregistered,
    Joined,
    Left,
    Redirected,
    Registered,
    VoiceLeft,
    topic_of,
)
from seechain.chain.logs import latest_block, read_events
from seechain.chain.node import asking
from seechain.chain.published import REGISTERED_TOPIC, amendments_of, registration_of, topic
from seechain.chain.raw_logs import times_of
from seechain.chain.records import Record, record_of
from seechain.chain.reverts import NotPublished, NotSeechain, Refused, TokenError
from seechain.history import Fact, History, history
from seechain.mesh import splitters_of
from seechain.portable import hex_of, passport
from seechain.portable.passport import (
    ALONE,
    NEVER_ACTED,
    SELF_PAID,
    Act,
    Earned,
    Entry,
    Passport,
    Term,
)
from seechain.portable.submitted import AMEND, REGISTER, consents_of
from seechain.registry import Registry
from seechain.see import SEE
from seechain.see.versions import Version
from seechain.share_table import ShareTable
from seechain.splitter import Splitter


def issue(
    registry: Registry,
    member: str,
    *,
    block: int | None = None,
    names: Mapping[str, str] | None = None,
    tables: Iterable[ShareTable] = (),
    sees: Sequence[str] | None = None,
    advance: Callable[[int], None] = lambda steps: None,
) -> Passport:
    """The passport of a member; `to_bytes()` writes it.

    Args:
        block: the last one that is looked at, by default the latest.
        names: of SEEs by address. tables: share tables that are at hand.
        sees: all SEEs of the Registry, where they are known already (`sees_of`).
        advance: is told of each SEE that has been read.

    Raises:
        AccountError: the member is no address. NodeError: the node can't be asked.
    """
    last = latest_block(registry.w3) if block is None else block
    found = sees_of(registry, last) if sees is None else sees
    reading = _Reading(registry, checksum(account_bytes(member)), last, list(tables))
    for see in found:
        reading.look(see)
        advance(1)
    return reading.file(dict(names or {}))


def sees_of(registry: Registry, last: int | None = None) -> list[str]:
    """All SEEs that were registered until a block, in that order."""
    events = read_events(registry.w3, registry.address, [REGISTERED_TOPIC], 0, last)
    return list(dict.fromkeys(each.see for each in events if isinstance(each, Registered)))


class _Life:
    """A SEE where the member is, or was, one; past: None where a share table is missing."""

    def __init__(self, see: SEE, record: Record, last: int) -> None:
        self.see, self.record = see, record
        where = (see.w3, see.registry, see.address)
        starts = [
            registration_of(*where, record.block_number),
            *amendments_of(*where, record),
        ]
        self.starts = [each for each in starts if each.block_number <= last]
        self.versions: list[Version] = list(see.versions[: len(self.starts)])
        self.past: History | None = None

    def tables(self) -> Iterator[tuple[Version, ShareTable | None]]:
        """Each version with its share table, where that is at hand."""
        for version in self.versions:
            try:
                yield version, self.see.table_of(version)
            except NotPublished:
                yield version, None


class _Reading:
    def __init__(
        self, registry: Registry, member: str, last: int, tables: list[ShareTable]
    ) -> None:
        self.registry, self.w3, self.member, self.last = registry, registry.w3, member, last
        self.given = tables
        self.lives: list[_Life] = []
        self.unreadable: list[str] = []
        self.own = {member}  # whose money is the member's own
        self._senders: dict[str, str] = {}
        self._times: dict[int, int] = {}

    def look(self, address: str) -> None:
        """Looks whether the member is, or was, one of a SEE."""
        see = SEE(self.w3, address)
        for table in self.given:
            if any(table.hash == each.table_hash for each in see.versions):
                see.give(table)
        life = _Life(see, record_of(self.w3, self.registry.address, address), self.last)
        tables = list(life.tables())
        hidden = any(table is None for _, table in tables)
        if hidden:
            self.unreadable.append(address)
        seated = any(table is not None and self.member in table for _, table in tables)
        voiced = any(
            each.account == self.member for version in life.versions for each in version.roll
        )
        submitted = any(each.submitter == self.member for each in life.starts)
        if not (seated or voiced or submitted):
            return
        if not hidden:
            try:
                life.past = history(see, last=self.last)
            except (NotSeechain, Refused, TokenError):  # whoever made it stops no passport
                self.unreadable.append(address)
        self.lives.append(life)
        self._own_of(life, tables[-1][1])

    def _own_of(self, life: _Life, table: ShareTable | None) -> None:
        """What else is the member's own: where its money goes, and where it has the majority."""
        if life.past is None or table is None:
            return
        for fact in life.past.facts:
            event = fact.event
            if isinstance(event, Redirected) and event.account == self.member:
                self.own.add(event.to)
        if self.member in table:
            seat = table.seat(table.index(self.member))
            if 2 * seat.shares > table.shares:
                self.own.add(life.see.address)

    def file(self, names: dict[str, str]) -> Passport:
        """The file of all that was looked at."""
        self._splitters()
        entries = [self._entry(life, names) for life in self.lives]
        made = Passport.model_construct(
            format=passport.FORMAT,
            number=passport.NUMBER,
            chain_id=self.registry.chain_id,
            registry=self.registry.address,
            member=self.member,
            block=self.last,
            sees=tuple(entries),
            unreadable=tuple(sorted(self.unreadable, key=lambda each: int(each, 16))),
            totals=tuple(passport.sums(entries)),
            hash="",
        )
        return passport.read(made.to_bytes(), "what was read")

    def _splitters(self) -> None:
        """Splitters among the payers of which the member has the majority are its own."""
        payers = {each.payer for life in self.lives if life.past for each in life.past.payments}
        known = splitters_of(self.registry, self.last) if payers - self.own else set()
        for payer in sorted(known & payers - self.own):
            if self._is_majority(payer):
                self.own.add(payer)

    def _is_majority(self, payer: str) -> bool:
        try:
            table = Splitter(self.w3, payer, registry=self.registry.address).table
        except (NotSeechain, NotPublished):
            return False
        return (
            self.member in table and 2 * table.seat(table.index(self.member)).shares > table.shares
        )

    # ------------------------------------------------------------ one SEE

    def _entry(self, life: _Life, names: dict[str, str]) -> Entry:
        terms, acts = tuple(self._terms(life)), tuple(self._acts(life))
        earned = tuple(self._earned(life))
        marks: list[passport.Mark] = []
        if not acts:
            marks.append(NEVER_ACTED)
        if self._is_self_paid(life):
            marks.append(SELF_PAID)
        if any(
            all(voice.account in self.own for voice in version.roll) for version in life.versions
        ):
            marks.append(ALONE)
        start = life.starts[0]
        entry = Entry.model_construct(
            see=life.see.address,
            name=names.get(life.see.address),
            registered=int(life.record.registered.timestamp()),
            block=start.block_number,
            roles=(),
            terms=terms,
            events=tuple(self._events(life)),
            acts=acts,
            earned=earned,
            marks=tuple(marks),
            is_readable=life.past is not None,
        )
        return entry.model_copy(update={"roles": tuple(passport.roles_of(entry))})

    def _terms(self, life: _Life) -> Iterator[Term]:
        for (version, table), start in zip(life.tables(), life.starts, strict=True):
            voices = {each.account: each.voices for each in version.roll}
            shares = 0
            if table is not None and self.member in table:
                shares = table.seat(table.index(self.member)).shares
            if shares or self.member in voices:
                yield Term(
                    version=version.number,
                    since=self._time(start.block_number),
                    block=start.block_number,
                    shares=shares,
                    total=version.shares,
                    voices=voices.get(self.member, 0),
                    all_voices=sum(voices.values()),
                )

    def _events(self, life: _Life) -> Iterator[passport.Event]:
        version = 0
        for event in self._noted(life):
            if isinstance(event, Amended):
                version = event.version
            what = self._what(event)
            if what:
                yield passport.Event.model_validate(
                    {
                        "what": what,
                        "version": getattr(event, "version", version),
                        "time": self._time(event.block_number),
                        "block": event.block_number,
                        "transaction": event.transaction_hash,
                    }
                )

    def _what(self, event: Any) -> str:
        """What an event means for the member; empty for nothing."""
        if isinstance(event, Deregistered):
            return "ended"
        if getattr(event, "account", None) != self.member:
            return ""
        if isinstance(event, Left):
            return "seat left" if event.currency == NATIVE else ""
        return {Joined: "joined", VoiceLeft: "voice left"}.get(type(event), "")

    def _noted(self, life: _Life) -> list[Any]:
        """The events of a SEE; of one whose table is missing those of its Registry alone."""
        if life.past is not None:
            return [each.event for each in life.past.facts]
        found: list[Any] = list(life.starts)
        for name in ("VoiceLeft(address,address)", "Deregistered(address,address)"):
            topics = [topic_of(name), topic(life.see.address)]
            first = life.starts[0].block_number
            found += read_events(self.w3, life.see.registry, topics, first, self.last)
        return sorted(found, key=lambda each: (each.block_number, each.log_index))

    # ------------------------------------------------------------ what it did itself

    def _acts(self, life: _Life) -> Iterator[Act]:
        for at, start in enumerate(life.starts):
            yield from self._signed(life, at, start)
            if start.submitter == self.member:
                yield _act("submitted", start)
        seen: set[str] = set()
        for event in self._noted(life):
            what = {
                Left: "left",
                VoiceLeft: "left",
                Redirected: "redirected",
                Joined: "joined",
            }.get(type(event))
            if what is None or event.account != self.member or what in seen:
                continue
            # Anyone may join a seat for its member: it acted where it has sent that itself.
            if what != "joined" or self._sent(event.transaction_hash):
                seen.add(what)
                yield _act(what, event)
        claimed = self._claimed(life)
        if claimed is not None:
            yield claimed

    def _signed(self, life: _Life, at: int, start: Registered) -> Iterator[Act]:
        version = life.versions[at]
        roll = life.versions[max(at - 1, 0)].roll
        if not any(each.account == self.member for each in roll):
            return

        def is_it(arguments: tuple[Any, ...]) -> bool:
            table, terms = (arguments[5], arguments[6]) if at else arguments[:2]
            return (table[0], terms[4]) == (version.root, version.terms.nonce)

        act = AMEND if at else REGISTER
        for each in consents_of(self.w3, start.transaction_hash, act, roll, is_it):
            if each.account == self.member:
                yield _act(
                    "signed",
                    start,
                    version=at,
                    commitment=hex_of(version.commitment),
                    deadline=each.deadline,
                    signature=hex_of(each.signature),
                    by="key" if each.is_by_key else "contract",
                )

    def _claimed(self, life: _Life) -> Act | None:
        if life.past is None:
            return None
        hashes: dict[str, Any] = {}
        for each in life.past.portions:
            if each.account == self.member and each.how == "claim" and each.transaction_hash:
                hashes.setdefault(each.transaction_hash, each)
        for transaction, portion in hashes.items():
            if self._sent(transaction):
                return _act("claimed", portion)
        return None

    def _sent(self, transaction: str) -> bool:
        if transaction not in self._senders:
            with asking(self.w3, f"reading the transaction {transaction}"):
                found: Any = self.w3.eth.get_transaction(transaction)  # type: ignore[arg-type]
                self._senders[transaction] = str(found["from"]).lower()
        return self._senders[transaction] == self.member.lower()

    # ------------------------------------------------------------ money

    def _earned(self, life: _Life) -> Iterator[Earned]:
        if life.past is None:
            return
        paid: dict[str, int] = {}
        for each in life.past.portions:
            if each.account == self.member:
                paid[each.currency] = paid.get(each.currency, 0) + each.amount
        is_member = any(self.member in table for _, table in life.tables() if table is not None)
        due = life.past.due(self.member) if is_member else {}
        own = self._self_paid(life)
        currencies = {
            each for found in (paid, due, own) for each, amount in found.items() if amount
        }
        for currency in sorted(currencies, key=currency_address):
            yield Earned(
                currency=currency,
                paid=str(paid.get(currency, 0)),
                own=str(own.get(currency, 0)),
                due=str(due.get(currency, 0)),
            )

    def _self_paid(self, life: _Life) -> dict[str, int]:
        """What payments by itself gave to its seats."""
        own: dict[str, int] = {}
        tables = {version.number: table for version, table in life.tables()}
        assert life.past is not None
        left: dict[tuple[int, str], int] = {}  # shares, by version and currency
        out: set[int] = set()
        for each in life.past.entries:
            event = each.event if isinstance(each, Fact) else None
            if isinstance(event, Left):
                left[event.version, event.currency] = event.shares
                out |= {event.version} if event.account == self.member else set()
            payer, version = getattr(each, "payer", ""), getattr(each, "version", 0)
            table = tables.get(version)
            if payer not in self.own or table is None or self.member not in table or version in out:
                continue
            currency = str(each.currency)  # type: ignore[attr-defined]
            shares = table.seat(table.index(self.member)).shares
            live = table.shares - left.get((version, currency), 0)
            amount = int(each.amount) * shares // live  # type: ignore[attr-defined]
            own[currency] = own.get(currency, 0) + amount
        return own

    def _is_self_paid(self, life: _Life) -> bool:
        return life.past is not None and any(each.payer in self.own for each in life.past.payments)

    def _time(self, block: int) -> int:
        if block not in self._times:
            self._times |= times_of(self.w3, [block])
        return self._times[block]


def _act(what: str, event: Any, **signed: Any) -> Act:
    fields = dict.fromkeys(("version", "commitment", "deadline", "signature", "by"))
    return Act.model_validate(
        {
            "what": what,
            "block": event.block_number,
            "transaction": event.transaction_hash,
            **fields,
            **signed,
        }
    )
