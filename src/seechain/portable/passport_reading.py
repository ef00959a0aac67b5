"""A member's passport, read from the chain: `issue(registry, member)`."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from seechain.accounts import account_bytes, checksum
from seechain.agreement.text import NATIVE, currency_address
from seechain.chain.events import Amended, Deregistered, Joined, Left, Registered, VoiceLeft
from seechain.chain.logs import latest_block, read_events
from seechain.chain.published import REGISTERED_TOPIC
from seechain.chain.raw_logs import times_of
from seechain.chain.reverts import NotSeechain, Refused, TokenError
from seechain.history import history
from seechain.portable import passport
from seechain.portable.acted import Acted
from seechain.portable.lives import Life
from seechain.portable.own_money import OwnMoney
from seechain.portable.passport import (
    ALONE,
    NEVER_ACTED,
    SELF_PAID,
    Earned,
    Entry,
    Passport,
    Term,
)
from seechain.registry import Registry
from seechain.see import SEE
from seechain.share_table import ShareTable


def issue(
    registry: Registry,
    member: str,
    *,
    block: int | None = None,
    names: Mapping[str, str] | None = None,
    tables: Iterable[ShareTable] = (),
    sees: Sequence[str] | None = None,
    hidden: Container[str] = (),
    advance: Callable[[int], None] = lambda steps: None,
) -> Passport:
    """The passport of a member; `to_bytes()` writes it.

    Args:
        block: the last one that is looked at, by default the latest.
        names: of SEEs by address. tables: share tables that are at hand.
        sees: all SEEs of the Registry, where they are known already (`sees_of`).
        hidden: SEEs of which no table is taken from `tables`.
        advance: is told of each SEE that has been read.

    Raises:
        AccountError: the member is no address. NodeError: the node can't be asked.
    """
    last = latest_block(registry.w3) if block is None else block
    found = sees_of(registry, last) if sees is None else sees
    reading = _Reading(registry, checksum(account_bytes(member)), last, tables, hidden)
    for see in found:
        reading.look(see)
        advance(1)
    return reading.file(dict(names or {}), found)


def sees_of(registry: Registry, last: int | None = None) -> list[str]:
    """All SEEs that were registered until a block, in that order."""
    events = read_events(registry.w3, registry.address, [REGISTERED_TOPIC], 0, last)
    return list(dict.fromkeys(each.see for each in events if isinstance(each, Registered)))


class _Reading:
    def __init__(
        self,
        registry: Registry,
        member: str,
        last: int,
        tables: Iterable[ShareTable],
        hidden: Container[str],
    ) -> None:
        self.registry, self.w3, self.member, self.last = registry, registry.w3, member, last
        self.given, self.hidden = {each.hash: each for each in tables}, hidden
        self.acted = Acted(registry, member)
        self.lives: list[Life] = []
        self.unreadable: list[str] = []
        self._times: dict[int, int] = {}

    def look(self, address: str) -> None:
        """Looks whether the member is, or was, one of a SEE."""
        life = Life(SEE(self.w3, address), self.last, {} if address in self.hidden else self.given)
        is_hidden = None in life.tables
        if is_hidden:
            self.unreadable.append(address)
        seated = any(life.shares(self.member, each.number) for each in life.versions)
        voiced = any(
            each.account == self.member for version in life.versions for each in version.roll
        )
        submitted = any(each.submitter == self.member for each in life.starts)
        if not (seated or voiced or submitted):
            return
        if not is_hidden:
            try:
                life.past = history(life.see, last=self.last)
            except (NotSeechain, Refused, TokenError):  # whoever made it stops no passport
                self.unreadable.append(address)
        self.acted.look(life)
        self.lives.append(life)

    def file(self, names: dict[str, str], sees: Sequence[str]) -> Passport:
        """The file of all that was looked at. sees: all of the Registry."""
        place = (self.registry, self.member, self.last)
        own = OwnMoney(*place, self.lives, sees, self.acted)
        entries = [self._entry(life, own, names) for life in self.lives]
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

    # ------------------------------------------------------------ one SEE

    def _entry(self, life: Life, own: OwnMoney, names: dict[str, str]) -> Entry:
        given, is_self_paid = own.of(life) if life.past is not None else ({}, False)
        has: dict[passport.Mark, bool] = {
            NEVER_ACTED: not life.acts,
            SELF_PAID: is_self_paid,
            ALONE: life.is_alone,
        }
        start = life.starts[0]
        entry = Entry.model_construct(
            see=life.see.address,
            name=names.get(life.see.address),
            registered=int(life.record.registered.timestamp()),
            block=start.block_number,
            roles=(),
            terms=tuple(self._terms(life)),
            events=tuple(self._events(life)),
            acts=life.acts,
            earned=tuple(self._earned(life, given)),
            marks=tuple(mark for mark, holds in has.items() if holds),
            is_readable=life.past is not None,
        )
        return entry.model_copy(update={"roles": tuple(passport.roles_of(entry))})

    def _terms(self, life: Life) -> Iterator[Term]:
        for version, start in zip(life.versions, life.starts, strict=True):
            voices = {each.account: each.voices for each in version.roll}
            shares = life.shares(self.member, version.number)
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

    def _events(self, life: Life) -> Iterator[passport.Event]:
        version = 0
        for event in life.events():
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

    # ------------------------------------------------------------ money

    def _earned(self, life: Life, given: dict[str, int]) -> Iterator[Earned]:
        """given: what its own payments gave to its seats."""
        if life.past is None:
            return
        paid: dict[str, int] = {}
        for each in life.past.portions:
            if each.account == self.member:
                paid[each.currency] = paid.get(each.currency, 0) + each.amount
        is_member = any(life.shares(self.member, each.number) for each in life.versions)
        due = life.past.due(self.member) if is_member else {}
        named = {NATIVE, *(name for each in life.versions for name in each.currencies)}
        found = {each for part in (paid, due) for each, amount in part.items() if amount}
        for currency in sorted(found, key=currency_address):
            has, waits = paid.get(currency, 0), due.get(currency, 0)
            yield Earned(
                currency=currency,
                is_named=currency in named,
                paid=str(has),
                due=str(waits),
                own=str(min(given.get(currency, 0), has + waits)),
            )

    def _time(self, block: int) -> int:
        if block not in self._times:
            self._times |= times_of(self.w3, [block])
        return self._times[block]
