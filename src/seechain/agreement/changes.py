"""What an amendment changes, for everybody: old and new side by side, before anyone signs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from rich.cells import cell_len

from seechain.agreement import Agreement
from seechain.parts import percent, percents
from seechain.sending.senders import Sender, address_of

if TYPE_CHECKING:
    from seechain.see.recovered import Recovered
    from seechain.see.versions import Version

FEW, MOST = 10, 40  # rows: seats without a name, and in all

_Sides: TypeAlias = tuple[dict[str, int], dict[str, int]]  # shares and voices by account


@dataclass(frozen=True, slots=True)
class Change:
    """One member's: its part of what comes and its part of the live voices, before and after."""

    account: str
    name: str
    part_before: Fraction
    part_after: Fraction
    voice_before: Fraction
    voice_after: Fraction

    @property
    def is_new(self) -> bool:
        """Whether it had nothing before."""
        return not self.part_before and not self.voice_before

    @property
    def is_further(self) -> bool:
        """Whether it is a seat of the further table: no name, and no voice."""
        return self.name == self.account and not self.voice_before and not self.voice_after

    @property
    def is_out(self) -> bool:
        """Whether it has nothing afterwards."""
        return not self.part_after and not self.voice_after

    def __str__(self) -> str:
        """In words: what the change does to this member."""
        owed = "; what it earned stays owed to it" if self.part_before else ""
        if self.is_new:
            start = f"{self.name} comes in"
        elif self.is_out:
            start = f"{self.name} is no member any more{owed}"
        elif self.part_before and not self.part_after:
            start = f"{self.name} loses its part{owed}"
        elif self.part_after > self.part_before:
            start = f"{self.name} gains"
        elif self.part_after < self.part_before:
            start = f"{self.name} loses"
        elif self.part_after:
            start = f"{self.name} keeps its part"
        elif self.voice_before == self.voice_after:
            start = f"{self.name} keeps its voice"
        else:
            start = f"{self.name} has no part, but a voice"
        parts = []
        if self.part_before or self.part_after:
            parts.append(f"part {_from_to(self.part_before, self.part_after)}")
        if self.voice_before or self.voice_after:
            parts.append(f"voice {_from_to(self.voice_before, self.voice_after)}")
        return f"{start}: {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Changes:
    """What an agreement changes where it succeeds another. `str()` is a table to read.

    members: one for each, ascending by account. quorum, expires, currencies: before and after,
    as text. is_text_new: whether the readable text is another.
    """

    version: int
    members: tuple[Change, ...]
    quorum: tuple[str, str]
    expires: tuple[str, str]
    currencies: tuple[tuple[str, ...], tuple[str, ...]]
    is_text_new: bool

    def of(self, account: Sender) -> Change | None:
        """The change for one account, None where it is no member before or after.

        Raises:
            AccountError: it is no account and no address.
        """
        wanted = address_of(account)
        for change in self.members:
            if change.account == wanted:
                return change
        return None

    @property
    def gains(self) -> tuple[Change, ...]:
        """Who gets a larger part."""
        return tuple(each for each in self.members if each.part_after > each.part_before)

    @property
    def losses(self) -> tuple[Change, ...]:
        """Who gets a smaller part."""
        return tuple(each for each in self.members if each.part_after < each.part_before)

    def __str__(self) -> str:
        head = ("", "part now", "part then", "", "voice now", "voice then")
        rows = [head, *map(_row, self._listed())]
        widths = [max(cell_len(row[at]) for row in rows) for at in range(6)]
        lines = [f"Version {self.version} is succeeded by version {self.version + 1}:"]
        for row in rows:
            cells = [row[0] + " " * (widths[0] - cell_len(row[0]))]
            cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
            lines.append("  " + "  ".join(cells).rstrip())
        for what, (before, after) in (
            ("quorum", self.quorum),
            ("expires", self.expires),
            ("currencies", tuple(", ".join(each) for each in self.currencies)),
        ):
            lines.append(f"  {what}: {before}" + ("" if before == after else f" -> {after}"))
        lines.append("  the readable text is " + ("another" if self.is_text_new else "the same"))
        lines.append("  what was earned until then stays owed under the old parts")
        return "\n".join(lines)

    def _listed(self) -> Iterator[Change]:
        """Who is listed: those with a name or a voice first, the largest part first; many further
        seats are one line."""
        order = sorted(self.members, key=lambda each: (each.is_further, -each.part_after))
        count = min(max(sum(not each.is_further for each in order), FEW), MOST)
        further = order[count:] if len(order) > count + 1 else []
        yield from order[: len(order) - len(further)]
        if further:
            sums = (
                sum((getattr(each, name) for each in further), Fraction())
                for name in ("part_before", "part_after", "voice_before", "voice_after")
            )
            yield Change("", f"{len(further)} further", *sums)


def _row(change: Change) -> tuple[str, str, str, str, str, str]:
    gain = change.part_after - change.part_before
    sign = "+" if gain > 0 else "-" if gain < 0 else ""
    return (
        change.name,
        percent(change.part_before),
        percent(change.part_after),
        f"{sign}{percent(abs(gain))}" if gain else "same",
        percent(change.voice_before),
        percent(change.voice_after),
    )


def compare(see: Recovered, agreement: Agreement) -> Changes:
    """See `SEE.changes`."""
    version, leavers = see.in_force, see.leavers
    seats = {seat.account: seat.shares for seat in see.table if seat.account not in leavers}
    voices = {voice.account: voice.voices for voice in see.roll}
    next_seats = {seat.account: seat.shares for seat in agreement.table}
    next_voices = {member.account: member.voices for member in agreement.members if member.voices}
    names = {**see.names, **{each.account: each.name for each in agreement.members}}
    return Changes(
        version=version.number,
        members=_members(names, (seats, voices), (next_seats, next_voices)),
        quorum=(str(version.quorum), str(Fraction(agreement.quorum))),
        expires=(_last_day(version), str(agreement.expires)),
        currencies=(version.currencies, tuple(agreement.currencies)),
        is_text_new=version.terms.text_hash != agreement.signed.text_hash,
    )


def succession(
    see: Recovered,
    number: int,
    seats_left: Collection[str] = (),
    voices_left: Collection[str] = (),
) -> Changes:
    """What version `number` of a SEE has changed, of whose agreements only the chain is known.

    seats_left, voices_left: who had left the version before by then.

    Raises:
        NotPublished: the share table of one of them can't be recovered.
    """
    old, new = see.versions[number - 1], see.versions[number]
    seats = {each.account: each.shares for each in see.table_of(old)}
    voices = {each.account: each.voices for each in old.roll}
    before = (
        {account: shares for account, shares in seats.items() if account not in seats_left},
        {account: count for account, count in voices.items() if account not in voices_left},
    )
    after = (
        {each.account: each.shares for each in see.table_of(new)},
        {each.account: each.voices for each in new.roll},
    )
    return Changes(
        version=old.number,
        members=_members(see.names, before, after),
        quorum=(str(old.quorum), str(new.quorum)),
        expires=(_last_day(old), _last_day(new)),
        currencies=(old.currencies, new.currencies),
        is_text_new=old.terms.text_hash != new.terms.text_hash,
    )


def _members(names: Mapping[str, str], before: _Sides, after: _Sides) -> tuple[Change, ...]:
    """The lines of all who have a seat or a voice before or after, ascending by account."""
    accounts = {*before[0], *before[1], *after[0], *after[1]}
    return tuple(
        Change(
            account,
            names.get(account, account),
            *(_part(side[at], account) for at in (0, 1) for side in (before, after)),
        )
        for account in sorted(accounts, key=lambda each: int(each, 16))
    )


def _last_day(version: Version) -> str:
    """The chain has the instant, which is the last day's end."""
    return f"{version.expires - timedelta(seconds=1):%Y-%m-%d}"


def _part(of: dict[str, int], account: str) -> Fraction:
    return Fraction(of.get(account, 0), sum(of.values()) or 1)


def _from_to(before: Fraction, after: Fraction) -> str:
    return percent(before) if before == after else " -> ".join(percents(before, after))
