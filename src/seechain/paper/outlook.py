"""Who would get what, on paper: of an agreement that is to be signed, or of one in force.

outlook = Outlook.of_agreement(agreement, ["1000 USDC", "1.5 ether"])
svg(outlook.picture())
page(agreement.name, outlook.blocks())
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from seechain.agreement import Agreement
from seechain.agreement.preview import Payee, Preview, preview
from seechain.agreement.text import NATIVE
from seechain.amounts import Amount, format_units
from seechain.chain.clones import registry_address, see_address
from seechain.paper.blocks import Block, Facts, Figure, Heading, PageBreak, Pre, Table, Text
from seechain.paper.drawing import Drawing
from seechain.paper.picture import MAX_PAYMENTS, Row, split_drawing
from seechain.parts import percent
from seechain.share_table import pack_seats
from seechain.splitter.payments import read_payment

if TYPE_CHECKING:
    from seechain.see.recovered import Recovered

MOST_LISTED = 1000  # seats of a SEE that are listed one by one


@dataclass(frozen=True)
class Outlook:
    """Members with their parts, and what they would get of some payments.

    payees: who is listed. further_seats, further_shares: those beside them, together. shares: of
    all together. facts: what else there is to know, as names and values. agreement: the one that
    is to be signed, where it is at hand.
    """

    title: str
    payees: tuple[Payee, ...]
    further_seats: int
    further_shares: int
    shares: int
    previews: tuple[Preview, ...]
    facts: tuple[tuple[str, str], ...]
    agreement: Agreement | None = None

    @classmethod
    def of_agreement(
        cls,
        agreement: Agreement,
        amounts: Iterable[int | str] = (),
        decimals: Mapping[str, int] | None = None,
    ) -> Outlook:
        """Of an agreement that is at hand: no chain is asked.

        Raises:
            AmountError: as `Agreement.preview`.
        """
        said = agreement.readable
        return cls(
            title=agreement.name,
            payees=tuple(
                Payee(each.name, each.role, each.account, each.shares) for each in agreement.members
            ),
            further_seats=said.further_seats,
            further_shares=said.further_shares,
            shares=said.shares,
            previews=tuple(agreement.preview(amount, decimals) for amount in amounts),
            facts=(
                ("commitment", "0x" + agreement.commitment.hex()),
                ("address of the SEE", see_address(registry_address(), agreement.commitment)),
                ("by the Registry", registry_address()),
            ),
            agreement=agreement,
        )

    @classmethod
    def of_see(cls, see: Recovered, amounts: Iterable[int | str] = ()) -> Outlook:
        """Of the agreement of a SEE that is in force: accounts, unless `see.names` has names.

        Raises:
            AmountError, TokenError: an amount that can't be read. NotRegistered, NotPublished: as
            `SEE.table`.
        """
        version, leavers = see.in_force, see.leavers
        seats = [seat for seat in see.table if seat.account not in leavers]
        seats.sort(key=lambda seat: -seat.shares)
        listed, rest = seats[:MOST_LISTED], seats[MOST_LISTED:]
        voices = {voice.account: voice.voices for voice in see.roll}
        all_voices = sum(voices.values())
        roles = {account: f"{each} of {all_voices} voices" for account, each in voices.items()}
        shares = dict.fromkeys(voices, 0) | {seat.account: seat.shares for seat in listed}
        payees = tuple(
            Payee(see.names.get(account, account), roles.get(account, ""), account, its)
            for account, its in sorted(shares.items(), key=lambda item: -item[1])
        )
        live = sum(seat.shares for seat in seats)
        words = pack_seats(rest)
        last = version.expires - timedelta(seconds=1)
        return cls(
            title=f"SEE {see.address}",
            payees=payees,
            further_seats=len(rest),
            further_shares=sum(seat.shares for seat in rest),
            shares=live,
            previews=tuple(_with_unit(see, amount, payees, words, live) for amount in amounts),
            facts=(
                ("address of the SEE", see.address),
                ("version in force", str(version.number)),
                ("commitment", "0x" + version.commitment.hex()),
                ("quorum", f"{version.quorum} of the live voices"),
                ("last day", f"{last:%Y-%m-%d}"),
                ("currencies", ", ".join(_currency(each) for each in version.currencies)),
            ),
        )

    def picture(self, *, is_headed: bool = True) -> Drawing:
        """The split, with the first three payments."""
        shown = self.previews[:MAX_PAYMENTS]
        rows = [
            Row(
                _short(each),
                Fraction(each.shares, self.shares),
                tuple(one.shares[at].units for one in shown),
                each.role,
            )
            for at, each in enumerate(self.payees)
        ]
        if self.further_seats:
            units = tuple(one.further_units for one in shown)
            part = Fraction(self.further_shares, self.shares)
            rows.append(Row(self._further, part, units, "together", self.further_seats))
        return split_drawing(
            self.title,
            rows,
            [one.amount for one in shown],
            subtitle="How every payment divides itself",
            is_headed=is_headed,
        )

    def table(self, most: int = MOST_LISTED) -> Table:
        """Who gets what, to the smallest unit; beyond `most` members one row for the rest."""
        rows = [
            self._row(
                each.name, each.role, each.shares, [one.shares[at].units for one in self.previews]
            )
            for at, each in enumerate(self.payees[:most])
        ]
        rest = self.payees[most:]
        count = len(rest) + self.further_seats
        if count:
            name = f"{len(rest)} more and {self._further}" if rest else self._further
            shares = self.further_shares + sum(each.shares for each in rest)
            units = [
                one.further_units + sum(each.units for each in one.shares[most:])
                for one in self.previews
            ]
            name = name if self.further_seats else f"{len(rest)} more"
            rows.append(self._row(name, "together", shares, units))
        if self.previews:
            left = [one.undivided for one in self.previews]
            rows.append(self._row("not divided", "carried to the next payment", 0, left))
        rows.append(
            self._row("all together", "", self.shares, [one.amount.units for one in self.previews])
        )
        columns = ["member", "role", "part", *(f"of {one.amount}" for one in self.previews)]
        return Table(columns, rows, "llr" + "r" * len(self.previews), total=True)

    def blocks(self) -> list[Block]:
        """All of it on paper: who gets what, what is signed, and how to check it."""
        caption = ""
        if len(self.previews) > MAX_PAYMENTS:
            caption = f"The first {MAX_PAYMENTS} payments; all of them are in the table."
        return [
            Figure(self.picture(is_headed=False), caption),
            Heading("Who gets what"),
            self.table(),
            Text("Each amount is rounded down to the smallest unit of its currency.", is_soft=True),
            *(self._signed(self.agreement) if self.agreement else self._in_force()),
        ]

    def _signed(self, agreement: Agreement) -> list[Block]:
        parts: list[Block] = [
            PageBreak(),
            Heading("What is signed"),
            Text(
                "Everyone who has a voice signs the text below, word for word, and their wallet"
                " shows it. The text and the share table behind it have one hash, the commitment,"
                " and from it follows the address that the SEE will have on every chain."
            ),
            Facts(self.facts),
            Pre(agreement.text),
            Heading("How to check it"),
            Text(
                "With the agreement's file, and without asking anyone or any chain, these print"
                " its faults, and this commitment, address and text:"
            ),
            Pre("seechain check FILE\nseechain preview FILE"),
            Text(
                "Anyone can print an address on paper: pay to this one only when your own program"
                " shows the same from the file."
            ),
        ]
        if agreement.warnings:
            parts += [
                Heading("What may surprise"),
                *(Text(f"{each}.") for each in agreement.warnings),
            ]
        return parts

    def _in_force(self) -> list[Block]:
        return [
            Heading("Where this is from"),
            Facts(self.facts),
            Text(
                "Read from the chain. The names of members and the words that they signed are not"
                " there: their agreement's file has them. This prints the same:"
            ),
            Pre(f"seechain preview --see {self.facts[0][1]} --rpc URL"),
        ]

    @property
    def _further(self) -> str:
        return f"{self.further_seats} further seat{'s' if self.further_seats > 1 else ''}"

    def _row(self, name: str, role: str, shares: int, units: Iterable[int]) -> list[str]:
        money = [
            format_units(each, one.amount.decimals)
            for each, one in zip(units, self.previews, strict=True)
        ]
        return [name, role, percent(Fraction(shares, self.shares)), *money]


def _with_unit(
    see: Recovered, amount: int | str, payees: tuple[Payee, ...], seats: bytes, shares: int
) -> Preview:
    """The preview of a payment in a currency that the SEE names."""
    meant = read_payment(see, amount, None)
    unit, decimals = "ether", 18
    if meant.token is not None:
        unit, decimals = meant.token.symbol, meant.token.decimals or 0
    made = preview(meant.units, payees, seats, shares)
    return replace(made, amount=Amount(meant.units, unit, decimals))


def _short(payee: Payee) -> str:
    """A name, or an account that has none, short: the table has it whole."""
    if payee.name != payee.account:
        return payee.name
    return f"{payee.account[:8]}\u2026{payee.account[-6:]}"


def _currency(currency: str) -> str:
    return "native coin" if currency == NATIVE else currency
