"""What the contracts log, as small frozen objects.

A currency is "native" or a checksummed address; a seat is told by account and index.
"""

from __future__ import annotations

from dataclasses import dataclass

from seechain.agreement.text import NATIVE


@dataclass(frozen=True, slots=True)
class Event:
    """An event: the contract that logged it, and where. The subclass names what happened."""

    address: str
    block_number: int
    transaction_hash: str
    log_index: int

    @property
    def name(self) -> str:
        """What happened, as the contracts call it."""
        return type(self).__name__


@dataclass(frozen=True, slots=True)
class Received(Event):
    """A plain payment of native coin, in wei."""

    payer: str
    amount: int
    currency: str = NATIVE


@dataclass(frozen=True, slots=True)
class Paid(Event):
    """A payment by `pay`, or of coin with data; amount in the currency's smallest unit."""

    payer: str
    memo: bytes
    currency: str
    amount: int

    @property
    def text(self) -> str:
        """The memo as text, as far as it is text."""
        return self.memo.rstrip(b"\0").decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class PaidLate(Paid):
    """A payment to a closed version, to those who did the work."""

    version: int


@dataclass(frozen=True, slots=True)
class PaidFor(Event):
    """Whose a payment through the Payer is: what the SEE logs before names the Payer.

    see: the SEE or Splitter. Anybody may have any contract paid: only what a SEE logs itself is a
    payment to it. amount: that was handed on; of a token with a fee less arrives.
    """

    see: str
    payer: str
    memo: bytes
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class Posted(Event):
    """A notice of a SEE: an appeal (what: 1) or a record (2), by an author who has a voice.

    notice: its key, 32 bytes. content: hash of what it says. shares, until (unix seconds): of an
    appeal.
    """

    see: str
    author: str
    notice: bytes
    what: int
    content: bytes
    uri: str
    shares: int
    until: int


@dataclass(frozen=True, slots=True)
class Closed(Event):
    """The books of a version were closed: what it received until then, and owes for ever."""

    currency: str
    version: int
    received: int


@dataclass(frozen=True, slots=True)
class Left(Event):
    """A seat left: what is owed to it waits for a claim. shares: all that left until now."""

    account: str
    index: int
    version: int
    currency: str
    owed: int
    shares: int


@dataclass(frozen=True, slots=True)
class VoiceLeft(Event):
    """A voice left: the quorum follows those that stay."""

    see: str
    account: str


@dataclass(frozen=True, slots=True)
class Redirected(Event):
    """The money of an account goes elsewhere from now on; to itself: no longer."""

    account: str
    to: str


@dataclass(frozen=True, slots=True)
class Endorsed(Event):
    """A SEE has signed a message, as a member of another."""

    see: str
    digest: bytes
    kind: bytes
    account: str
    subject: bytes
    deadline: int


@dataclass(frozen=True, slots=True)
class Joined(Event):
    """A seat was proven, in a version."""

    account: str
    index: int
    version: int
    shares: int


@dataclass(frozen=True, slots=True)
class Claimed(Event):
    """A seat was paid what was due to it; amount in the currency's smallest unit."""

    account: str
    index: int
    version: int
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class Kept(Event):
    """A push to a seat failed, or it is pull only: the amount stays due to it."""

    account: str
    index: int
    version: int
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class PaidOut(Event):
    """Each seat of a page had its due of all that was received until then."""

    currency: str
    page: int
    received: int


@dataclass(frozen=True, slots=True)
class Ended(Event):
    """A SEE ended."""


@dataclass(frozen=True, slots=True)
class Created(Event):
    """A fixed Splitter was deployed."""

    splitter: str
    root: bytes
    shares: int
    pages: int


@dataclass(frozen=True, slots=True)
class Registered(Event):
    """A SEE was formed. roll: voice words. currencies: words of 32 bytes. expiry: unix seconds."""

    see: str
    agreement: bytes
    submitter: str
    root: bytes
    shares: int
    pages: int
    text_hash: bytes
    quorum_numerator: int
    quorum_denominator: int
    expiry: int
    nonce: bytes
    roll: bytes
    currencies: bytes


@dataclass(frozen=True, slots=True)
class Amended(Registered):
    """The next agreement of a SEE is in force.

    version: its number. previous: the block of the amendment before, or of the registration.
    """

    version: int
    previous: int


@dataclass(frozen=True, slots=True)
class Located(Event):
    """Where the readable agreement of a SEE may be found, said by anyone."""

    see: str
    publisher: str
    uri: str


@dataclass(frozen=True, slots=True)
class Published(Event):
    """Seat words of a SEE's or a Splitter's table: one page, or a whole table at once."""

    account: str
    words: bytes


@dataclass(frozen=True, slots=True)
class Deregistered(Event):
    """A SEE was ended at its Registry."""

    see: str
    submitter: str
