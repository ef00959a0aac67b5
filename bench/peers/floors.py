"""What a payment that pays everyone at once costs at least, and how far ours is above it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.peers.figures import COMPUTED, Figure

ROW = "floor.push.native"
MOST = 1.08  # of the floor, from so many members on
MANY = 50

PAYMENT = 22_024  # a transaction, and a log of one word
TRANSACTION = 21_000
RECIPIENT = 9_300  # a cold account 2,600, a call that moves coin 6,700 (EIP-2929)
BYTE, ZERO_BYTE = 16, 4  # of calldata (EIP-2028)


def of_push(contender: str, members: int, data: bytes) -> Figure:
    """A logged payment, and a transaction with this calldata that moves coin to all members.

    Nothing is in it of what a splitter must remember, check or log of a payout.
    """
    zeros = data.count(0)
    calldata = zeros * ZERO_BYTE + (len(data) - zeros) * BYTE
    gas = PAYMENT + TRANSACTION + calldata + members * RECIPIENT
    return Figure(ROW, members, contender, gas, COMPUTED, transactions=2)


def table(figures: Sequence[Figure]) -> list[list[str]]:
    """The floor, ours and the ratio, by members."""
    lines = [["members", "floor", "ours", "ours to the floor"]]
    for floor, ours in _pairs(figures):
        ratio = f"{ours.gas / floor.gas:.4f}"
        lines.append([str(floor.members), f"{floor.gas:,}", f"{ours.gas:,}", ratio])
    return lines


def faults(figures: Sequence[Figure]) -> list[str]:
    """Pushes to many members that are further above their floor than they may be."""
    return [
        f"push.native to {floor.members} members uses {ours.gas:,}, which is"
        f" {ours.gas / floor.gas:.4f} of its floor of {floor.gas:,}: at most {MOST}"
        for floor, ours in _pairs(figures)
        if floor.members >= MANY and ours.gas > MOST * floor.gas
    ]


def _pairs(figures: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    ours = {(each.members, each.contender): each for each in figures if each.row == "push.native"}
    for floor in figures:
        if floor.row == ROW:
            yield floor, ours[floor.members, floor.contender]
