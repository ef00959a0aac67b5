"""Who gets what of a payment, exactly: floors in smallest units, and what stays undivided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from seechain.amounts import Amount, format_units, read_amount
from seechain.share_table import WORD

# Symbols that may be named in a preview without asking a chain. Money never goes by this list.
USUAL_DECIMALS: Mapping[str, int] = {"USDC": 6, "USDT": 6, "EURC": 6, "DAI": 18}


class Payee(NamedTuple):
    """Whom a preview lists: a member and its shares (0 without a seat)."""

    name: str
    role: str
    account: str
    shares: int


class Share(NamedTuple):
    """What one member gets: its shares and smallest units."""

    payee: Payee
    units: int


@dataclass(frozen=True)
class Preview:
    """Who gets what of one payment. All amounts in smallest units; `str()` is a table to read.

    shares: one for each member. further_seats, further_units: the seats beside the members,
    together. undivided: what no floor gives out; it is carried to the next payment.
    """

    amount: Amount
    total_shares: int
    shares: tuple[Share, ...]
    further_seats: int
    further_shares: int
    further_units: int

    @property
    def undivided(self) -> int:
        """Smallest units that stay for the next payment: less than one for each seat."""
        return self.amount.units - sum(share.units for share in self.shares) - self.further_units

    def __str__(self) -> str:
        rows = [
            (each.payee.name, each.payee.role, each.payee.shares, each.units)
            for each in self.shares
        ]
        if self.further_seats:
            rows.append(
                (
                    "1 further seat"
                    if self.further_seats == 1
                    else f"{self.further_seats} further seats",
                    "",
                    self.further_shares,
                    self.further_units,
                )
            )
        lines = [f"A payment of {self.amount} is split:"]
        cells = [
            (name, role, self._part(shares), self._money(units))
            for name, role, shares, units in rows
        ]
        widths = [max(len(row[at]) for row in cells) for at in range(3)]
        for row in cells:
            start = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
            lines.append(f"  {start}  {row[3]}")
        lines.append(f"  undivided, carried to the next payment: {self._money(self.undivided)}")
        return "\n".join(lines)

    def _part(self, shares: int) -> str:
        return f"{shares}/{self.total_shares}" if shares else "no seat"

    def _money(self, units: int) -> str:
        return format_units(units, self.amount.decimals, self.amount.unit or "units")


def preview(
    amount: int | str,
    payees: Iterable[Payee],
    seats: bytes,
    total_shares: int,
    decimals: Mapping[str, int] | None = None,
) -> Preview:
    """Divides an amount among payees and further seats (words), each by floor(amount * s / total).

    Raises:
        AmountError: the amount can't be read exactly.
    """
    read = read_amount(amount, {**USUAL_DECIMALS, **(decimals or {})})
    further = [
        int.from_bytes(seats[at + WORD - 6 : at + WORD], "big") for at in range(0, len(seats), WORD)
    ]
    return Preview(
        amount=read,
        total_shares=total_shares,
        shares=tuple(Share(each, read.units * each.shares // total_shares) for each in payees),
        further_seats=len(further),
        further_shares=sum(further),
        further_units=sum(read.units * shares // total_shares for shares in further),
    )
