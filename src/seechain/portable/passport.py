"""A passport: a member's own record over all SEEs of a Registry, as one file that can be checked.

raw = passport.issue(registry, ada.address).to_bytes()
passport.read(raw).sees

    format, number     "seechain passport", 1
    chain_id, registry, member
    block              the last block that was looked at: all of it is as it was then
    sees               one entry for each SEE where it has, or had, a seat or a voice, or which it
                       submitted
    unreadable         SEEs whose share table is not published, so that it can't be told whether it
                       has a seat there, or whose money can't be told
    totals             what it earned of each currency, over all
    hash               over all of it (`seechain.portable.sealed`)

What a record proves depends on who could have made it up. So each entry says in `marks` what is
weak about it:

    never acted        it neither signed nor sent anything there: others may have put it there
    paid by itself     money came from itself, from where its money is redirected, or through SEEs
                       or Splitters (`seechain.portable.own_money` says when)
    alone              no version has the consent of any voice but its own: nobody else has
                       agreed to it

No mark shows that who paid, or agreed, is independent of the member: that can't be told.

`own` of what was paid and is due is what the payments by itself gave to its seats: the sum, over
these payments, of floor(amount x shares / (total - left)), with the shares that had left by then;
of a token of which less arrives than its log says, of what the books have of it.
What a currency is worth that no agreement of a SEE names (`is_named`), only its maker knows: it is
not added to what others have named. Bytes, accounts, amounts and times are written as in
`seechain.portable`.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from seechain.agreement.text import NATIVE
from seechain.chain import clones
from seechain.consent import digest_of, recover
from seechain.errors import SignatureError
from seechain.portable import (
    LIST,
    Account,
    Amount,
    Block,
    Currency,
    Hash,
    Hex,
    Number,
    Shares,
    Uint,
    bytes_of,
    sealed,
    subject_of,
)
from seechain.portable.recomputed import Difference
from seechain.portable.sealed import Part, shown

FORMAT: Literal["seechain passport"] = "seechain passport"
NUMBER: Literal[1] = 1
NEVER_ACTED: Final = "never acted"
SELF_PAID: Final = "paid by itself"
ALONE: Final = "alone"
INDEPENDENCE: Final = (
    "whether who paid is independent of the member: a fresh account of its own, or an agreed"
    " exchange, looks like anybody"
)
SEAT, VOICE, SUBMITTER = "seat", "voice", "submitter"

Mark = Literal["never acted", "paid by itself", "alone"]
Role = Literal["seat", "voice", "submitter"]


class Term(Part):
    """What it had in one version of the agreement, since a time. total: all shares."""

    version: Number
    since: Uint
    block: Block
    shares: Shares
    total: Shares
    voices: Uint
    all_voices: Uint


class Act(Part):
    """Something that only the member itself can have done. version: which it signed for."""

    what: Literal["signed", "submitted", "joined", "claimed", "left", "redirected"]
    block: Block
    transaction: Hash
    version: Number | None
    commitment: Hash | None
    deadline: Uint | None
    signature: Annotated[Hex, Field(max_length=2 + 2 * 4096)] | None
    by: Literal["key", "contract"] | None


class Event(Part):
    """When something happened to a seat or a voice."""

    what: Literal["joined", "seat left", "voice left", "ended"]
    version: Number
    time: Uint
    block: Block
    transaction: Hash


class Earned(Part):
    """What it was paid of a currency, and what is due, which waits for a claim; own: what of both
    together came of payments by itself. is_named: by an agreement of the SEE, or the coin."""

    currency: Currency
    is_named: bool
    paid: Amount
    due: Amount
    own: Amount


class Entry(Part):
    """One SEE. name: where the agreement's file was at hand; it is on no chain.
    is_readable: whether its share table is published, without which only voices can be told."""

    see: Account
    name: str | None
    registered: Uint
    block: Block
    roles: Annotated[tuple[Role, ...], LIST]
    terms: Annotated[tuple[Term, ...], LIST]
    events: Annotated[tuple[Event, ...], LIST]
    acts: Annotated[tuple[Act, ...], LIST]
    earned: Annotated[tuple[Earned, ...], LIST]
    marks: Annotated[tuple[Mark, ...], LIST]
    is_readable: bool


class Passport(Part):
    """The whole file."""

    format: Literal["seechain passport"]
    number: Literal[1]
    chain_id: Uint
    registry: Account
    member: Account
    block: Block
    sees: Annotated[tuple[Entry, ...], LIST]
    unreadable: Annotated[tuple[Account, ...], LIST]
    totals: Annotated[tuple[Earned, ...], LIST]
    hash: Hash

    def to_bytes(self) -> bytes:
        """The file, with the hash of this content, whatever it named before."""
        return sealed.seal(sealed.dumped(self))


def read(raw: bytes, source: str = "the file") -> Passport:
    """The passport of these bytes: laid out as it should be, and not believed yet.

    Raises:
        FileError: it is no passport; names the fields.
    """
    return of_content(sealed.unseal(raw, source), source)


def of_content(content: dict[str, Any], source: str) -> Passport:
    """As `read`, of fields that were read."""
    found: Passport = sealed.read_as(Passport, content, source)
    return found


def sums(entries: tuple[Entry, ...] | list[Entry]) -> list[Earned]:
    """What was earned over all, by currency; apart what the agreement of its SEE did not name."""
    found: dict[tuple[bool, str], list[int]] = {}
    for entry in entries:
        for each in entry.earned:
            total = found.setdefault((not each.is_named, each.currency), [0, 0, 0])
            for at, amount in enumerate((each.paid, each.due, each.own)):
                total[at] += int(amount)
    return [
        Earned(
            currency=currency,
            is_named=not unnamed,
            paid=str(paid),
            due=str(due),
            own=str(own),
        )
        for (unnamed, currency), (paid, due, own) in sorted(found.items(), key=_in_order)
    ]


class Recomputed:
    """What follows in a passport from something else, worked out again without a chain."""

    def __init__(self, passport: Passport) -> None:
        self.passport = passport
        self.differences: list[Difference] = []
        self.unproven: list[str] = []
        if passport.registry != (own := clones.registry_address()):
            self.unproven.append(
                f"the Registry {passport.registry} is not the one that this seechain's own address"
                f" leads to, {own}: only the chain can tell what it is"
            )
        for at, entry in enumerate(passport.sees):
            self._entry(f"sees[{at}]", entry)
        self._totals()
        self._orders()

    def _orders(self) -> None:
        sees, hidden = self.passport.sees, list(self.passport.unreadable)
        if len({each.see for each in sees}) < len(sees):
            self._add("sees", "a SEE stands there twice")
        blocks = [each.block for each in sees]
        if blocks != sorted(blocks):
            self._add("sees", "they do not stand in the order in which they were registered")
        if hidden != sorted(set(hidden), key=_number):
            self._add("unreadable", "the accounts do not ascend, each once")

    def _add(self, where: str, sentence: str) -> None:
        self.differences.append(Difference(where, sentence))

    def _totals(self) -> None:
        found = sealed.dumped_all(sums(self.passport.sees))
        said = sealed.dumped_all(self.passport.totals)
        for where, one, other in sealed.differences(said, found, "totals"):
            self._add(where, f"the file says {shown(one)}, its entries add up to {shown(other)}")

    def _entry(self, where: str, entry: Entry) -> None:
        roles = set(roles_of(entry))
        if set(entry.roles) != roles or list(entry.roles) != sorted(entry.roles, key=_ROLES.index):
            self._add(f"{where}.roles", f"what it had and did there gives {sorted(roles)}")
        self._marks(f"{where}.marks", entry)
        for at, each in enumerate(entry.earned):
            if int(each.own) > int(each.paid) + int(each.due):
                self._add(f"{where}.earned[{at}].own", "it is more than was paid and is due")
            if each.currency == NATIVE and not each.is_named:
                self._add(f"{where}.earned[{at}].is_named", "the coin needs no name")
        for at, term in enumerate(entry.terms):
            if term.shares > term.total or term.voices > term.all_voices:
                self._add(f"{where}.terms[{at}]", "it has more there than there is")
        blocks = [each.block for each in entry.terms]
        blocks += [each.block for each in entry.events]
        blocks += [each.block for each in entry.acts]
        if any(not entry.block <= each <= self.passport.block for each in blocks):
            self._add(where, "something happened before it was registered, or after the last block")
        for name, listed in (("events", entry.events), ("acts", entry.acts)):
            if len(set(listed)) < len(listed):
                self._add(f"{where}.{name}", "something stands there twice")
        for at, act in enumerate(entry.acts):
            self._act(f"{where}.acts[{at}]", entry, act)

    def _marks(self, where: str, entry: Entry) -> None:
        marks = set(entry.marks)
        if (NEVER_ACTED in marks) != (not entry.acts):
            said = "it did nothing there" if not entry.acts else "it acted there"
            self._add(where, f"{said}, and the marks say otherwise")
        if SELF_PAID not in marks and any(int(each.own) for each in entry.earned):
            self._add(where, "some of it came from itself, and no mark says so")
        if list(entry.marks) != sorted(marks, key=_MARKS.index):
            self._add(where, "the marks are not in their order, each once")

    def _act(self, where: str, entry: Entry, act: Act) -> None:
        fields = (act.version, act.commitment, act.deadline, act.signature, act.by)
        if act.what != "signed":
            if fields != (None,) * 5:
                self._add(where, f"{act.what} has no signature")
            return
        if None in fields:
            self._add(where, "a signature lacks what was signed")
            return
        passport = self.passport
        commitment = bytes_of(act.commitment or "")
        kind, about = subject_of(act.version or 0, entry.see, commitment)
        if act.version == 0:
            see = clones.clone_address(
                passport.registry,
                clones.first_created(passport.registry),
                commitment,
                clones.NO_SALT,
            )
            if see != entry.see:
                self._add(f"{where}.commitment", f"it is of {see}, not of {entry.see}")
        if act.by == "contract":
            self.unproven.append(
                f"{where}: whether the contract {passport.member} has signed, only the chain can"
                " tell"
            )
            return
        place = (passport.chain_id, passport.registry, act.deadline or 0)
        try:
            digest = digest_of(kind, about, passport.member, *place)
            signer = recover(digest, bytes_of(act.signature or ""))
        except SignatureError as error:
            self._add(f"{where}.signature", str(error))
            return
        if signer != passport.member:
            self._add(f"{where}.signature", f"it is of {signer}, not of {passport.member}")


_ROLES = [SEAT, VOICE, SUBMITTER]
_MARKS = [NEVER_ACTED, SELF_PAID, ALONE]


def roles_of(entry: Entry) -> list[str]:
    """What it is, or was, there: as its terms and acts have it."""
    has = {
        SEAT: any(each.shares for each in entry.terms),
        VOICE: any(each.voices for each in entry.terms),
        SUBMITTER: any(each.what == "submitted" for each in entry.acts),
    }
    return [role for role in _ROLES if has[role]]


def _in_order(item: tuple[tuple[bool, str], Any]) -> tuple[bool, int]:
    unnamed, currency = item[0]
    return unnamed, 0 if currency == NATIVE else _number(currency)


def _number(account: str) -> int:
    return int(account, 16)
