"""All that money did in a SEE or a Splitter, rebuilt from the chain's logs alone.

    from seechain.history import history

    past = history(see)                        # or history(splitter)
    for entry in past.entries:                 # in the chain's order
        if isinstance(entry, Payment): ...     # what came
        if isinstance(entry, Portion): ...     # what one seat had of it, and why
        if isinstance(entry, Fact): ...        # what else happened: entry.event

Amounts are in the currency's smallest unit, times in unix seconds, accounts checksummed; a currency
is "native" or a token's address. For each currency

    sum(payments) - sum(portions) = past.balances[currency]       to the unit
    past.due(account) = see.due(account)

where the node shows balances and books of its last block.

A payout logs no amounts of seats: each is reckoned as the contracts do (contracts/modules/books.vy)

    V    = C, or floor(C x T / (T - L)) where shares have left
    had  = taken, where the seat keeps its own count; max(taken, floor(base x s / T)) else
    due  = max(0, floor(V x s / T) - had)

What came without a log (coin that was forced, a balance that a token changed by itself) is a
payment "unlogged", below zero where a balance fell. It stands where it first shows: before the
event that knows of it, or at the end, with no transaction.

Not known to the unit, of a token whose balance fell by itself: when, and by how much, between two
events that tell. The contracts count C as zero where it fell below what older versions are owed;
how far below shows in no log. The unlogged payments then add up at the end alone, and C in the
entries since may be the least by which their amounts are right, not the contract's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from seechain.chain.events import Event

if TYPE_CHECKING:
    from seechain.history.replay import Replay
    from seechain.splitter import Splitter

PaidBy = Literal["pay", "transfer", "late", "payer", "early", "unlogged"]
HadBy = Literal["claim", "payout", "kept"]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened to a SEE or a Splitter: where, and when in unix seconds.

    transaction_hash is empty, and log_index -1, for what is known from no log.
    """

    see: str
    block_number: int
    time: int
    transaction_hash: str
    log_index: int


@dataclass(frozen=True, slots=True)
class Payment(Entry):
    """What came.

    payer: who sent it, empty where no log says so. memo: 32 bytes, zeros for none. version: of
    the agreement by whose table it is divided. how:

        "pay"       by `pay`, or coin with data
        "transfer"  a plain transfer
        "late"      by `pay_late`, to a closed version
        "payer"     by a permit or an authorisation, through the Payer, also late
        "early"     in any of these ways, before the SEE was registered
        "unlogged"  without a log; below zero where a balance fell

    as_logged: what arrived could not be held against the balance. logged: what the token's log
    says, of a plain transfer of which less arrived. See `seechain.history.incoming`.
    """

    currency: str
    amount: int
    payer: str
    memo: bytes
    version: int
    how: PaidBy
    received: int = 0
    as_logged: bool = False
    logged: int | None = None

    @property
    def text(self) -> str:
        """The memo as text, as far as it is text. Whoever pays writes it: trust it in nothing."""
        return self.memo.rstrip(b"\0").decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Portion(Entry):
    """What one seat was paid, and the figures of its reckoning.

        divided = received where nobody has left, else floor(received x total / (total - left))
        due     = floor(divided x shares / total) - had

    account: the member. to: who was paid, elsewhere where it was redirected. late: whether it is
    of what the version was paid late. received: C, what its version had received in all until
    then. had: what the seat had had of it. amount: what it was paid now: `due`, less where a
    token's balance fell, and 0 where it was kept. has_left: the seat had left, and these are the
    figures of that time. how: "claim", "payout" or "kept" (it is pull only or could not be paid).
    """

    currency: str
    amount: int
    account: str
    to: str
    index: int
    version: int
    late: bool
    shares: int
    total: int
    left: int
    received: int
    divided: int
    had: int
    due: int
    has_left: bool
    how: HadBy


@dataclass(frozen=True, slots=True)
class Fact(Entry):
    """What is not money: the event says what happened.

    Joined, Left, Closed, Redirected, Ended; of the Registry Created, Registered, Amended,
    VoiceLeft, Endorsed, Located, Published, Deregistered; of the Noticeboard Posted. why: of Left,
    the figures by which something was owed to the seat, as though it were claimed.
    """

    event: Event
    why: Portion | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Entries in the chain's order, and what was held at the end.

    last: the last block that was read. balances: what the chain says, by currency; a token that
    could not be read is left out, and all are where the node has forgotten that block.
    """

    address: str
    first: int
    last: int
    entries: tuple[Entry, ...]
    balances: Mapping[str, int]
    _replay: Replay = field(repr=False, compare=False)

    @property
    def payments(self) -> Iterator[Payment]:
        """What came."""
        return (each for each in self.entries if isinstance(each, Payment))

    @property
    def portions(self) -> Iterator[Portion]:
        """What the seats had."""
        return (each for each in self.entries if isinstance(each, Portion))

    @property
    def facts(self) -> Iterator[Fact]:
        """What else happened."""
        return (each for each in self.entries if isinstance(each, Fact))

    @property
    def currencies(self) -> tuple[str, ...]:
        """Those that were looked at: of all agreements, and all that were ever used."""
        return tuple(self._replay.books)

    def due(self, account: str | None = None) -> dict[str, int]:
        """What was due at the end to a member, or to all, by currency: as `SEE.due`."""
        return self._replay.due(account)


def history(
    books: Splitter,
    *,
    first: int = 0,
    last: int | None = None,
    currencies: Iterable[str] | None = None,
    start: int = 0,
) -> History:
    """All that happened to a SEE or a Splitter.

    Args:
        first: the entries of earlier blocks are left out; they are read all the same.
        last: the last block, by default the latest.
        currencies: by default those of its agreements and all that it was paid by `pay`, claimed
            or paid out. A token that only came by plain transfers is none of them: name it.
        start: a block before which it was paid nothing, where the node gives few blocks at once.

    Raises:
        NotPublished: the share table is needed, and was not published: give it to the SEE.
        NotRegistered: it is not, and its agreement is not at hand.
        NodeError: the node can't be asked, or does not show all.
    """
    from seechain.history.replaying import replayed

    replay, end, balances = replayed(books, last, currencies, start)
    return History(
        address=books.address,
        first=first,
        last=end,
        entries=tuple(
            each for each in replay.entries if each is not None and each.block_number >= first
        ),
        balances=balances,
        _replay=replay,
    )
