"""What the demo shows: steps, tables and the sums that must come out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from hexbytes import HexBytes
from rich.box import HORIZONTALS
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from web3 import Web3

from seechain.amounts import format_units


@dataclass
class Report:
    """Writes to a console, and keeps the gas of each step as the chain says it was."""

    w3: Web3
    console: Console
    gas: list[tuple[str, int, int]] = field(default_factory=list)
    fees: dict[str, int] = field(default_factory=dict)
    steps: int = 0

    @property
    def sent(self) -> int:
        """The transactions of all steps."""
        return sum(count for _, count, _ in self.gas)

    @property
    def used(self) -> int:
        """The gas of all steps."""
        return sum(used for _, _, used in self.gas)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """One numbered step. Counts the transactions that the chain has in it."""
        self.steps += 1
        self.console.print(Text(f"\n{self.steps:>2}  {title}", style="bold"))
        before = self.w3.eth.block_number
        yield
        receipts = list(self._receipts(before))
        for receipt in receipts:
            fee = receipt["gasUsed"] * receipt["effectiveGasPrice"]
            self.fees[receipt["from"]] = self.fees.get(receipt["from"], 0) + fee
        if receipts:
            used = sum(receipt["gasUsed"] for receipt in receipts)
            self.gas.append((title, len(receipts), used))
            count = "1 transaction" if len(receipts) == 1 else f"{len(receipts)} transactions"
            self.say(f"{count}, {used:,} gas", style="dim")

    def say(self, text: str, style: str = "") -> None:
        """A sentence under the step's title."""
        self.show(Text(text, style=style))

    def show(self, what: RenderableType) -> None:
        """Anything that rich can show, under the step's title."""
        self.console.print(Padding(what, (0, 0, 0, 4), expand=False))

    def table(self, *heads: str, rows: Sequence[Sequence[str]], last: int = 0) -> None:
        """A table; the first column is to the left, the last rows are set apart."""
        table = Table(box=HORIZONTALS, header_style="dim", show_edge=False)
        for at, head in enumerate(heads):
            table.add_column(head, justify="left" if at == 0 else "right", no_wrap=True)
        for at, row in enumerate(rows):
            table.add_row(*map(str, row), end_section=at == len(rows) - last - 1)
        self.show(table)

    def _receipts(self, before: int) -> Iterator[Any]:
        for number in range(before + 1, self.w3.eth.block_number + 1):
            for sent in self.w3.eth.get_block(number)["transactions"]:
                yield self.w3.eth.get_transaction_receipt(cast(HexBytes, sent))


def exact(units: int, decimals: int) -> str:
    """Smallest units with all their decimals, so that a column stands under its points."""
    whole, part = divmod(units, 10**decimals)
    return f"{whole:,}.{part:0{decimals}}" if decimals else f"{whole:,}"


def short(units: int, decimals: int, places: int) -> str:
    """Rounded down to some places."""
    return exact(units // 10 ** (decimals - places), places)


def plain(units: int, decimals: int, unit: str) -> str:
    """As short as it is exact, with its unit."""
    return format_units(units, decimals, unit)
