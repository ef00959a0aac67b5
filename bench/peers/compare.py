"""What is like for like, the best peer of each row, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bench.peers.figures import COMPUTED, Figure
from bench.peers.lives import KEPT
from bench.peers.recorded import V2

OURS = "seechain Splitter"
SEE = "seechain SEE"
ONE_VOICE, VOICES = f"{SEE}, 1 voice", f"{SEE}, 3 voices"
OF_OURS = (OURS, ONE_VOICE)  # the fixed Splitter; what it can't do, a SEE of one voice does
OF_SEES = (SEE, VOICES)
ANYBODY = "*"

# Row to what it is, in the order of the tables.
ROWS: dict[str, str] = {
    "create.published": "create, table published",
    "create.changeable": "create, changeable",
    "pay.native": "pay, native",
    "claim.native.steady": "claim, native",
    "claim.native.third_party": "claim by a third party, native",
    "claim.native.own_first": "claim, the member's first, native",
    "claim.native.split_first": "claim, the split's first, native",
    "claim.erc20.steady": "claim, ERC-20",
    "claim.erc20.third_party": "claim by a third party, ERC-20",
    "claim.erc20.own_first": "claim, the member's first, ERC-20",
    "claim.erc20.split_first": "claim, the split's first, ERC-20",
    "firsts.native": "create + pay + all first claims, native",
    "firsts.erc20": "create + pay + all first claims, ERC-20",
    "push.native": "pay + one push to all, native",
    "push.erc20": "pay + one push to all, ERC-20",
    "claims.native": "pay + all claims at once, native",
    "claims.erc20": "pay + all claims at once, ERC-20",
    "selfclaims.native": "pay + each claims, native",
    "selfclaims.erc20": "pay + each claims, ERC-20",
    "replace": "replace the whole table",
    "pool.distribute": "distribute to a pool",
    "life.pull.native": "a whole life, each claims, native",
    "life.pull.erc20": "a whole life, each claims, ERC-20",
    "life.push.native": "a whole life, pushed, native",
    "life.push.erc20": "a whole life, pushed, ERC-20",
}

_STORED = (
    "The peer has stored every member at its creation, for 335,000 to 24 million gas; here each"
    " proves its seat at its first claim. The same for both together: create + pay + all first"
    " claims."
)
# What is the same in rows that must be below; rows of one kind together.
LIKE: dict[str, str] = {
    "create, table published": (
        "One transaction, after which anyone can read the whole table from the chain: 0xSplits"
        " from its calldata, ours from the log, checked against the root. 500 seats of ours are"
        " one transaction of five calls, since a call publishes 128 at most."
    ),
    "pay": (
        "A plain transfer of coin that logs who paid and how much, as OpenZeppelin's does. A"
        " plain transfer of a token costs the same for all."
    ),
    "claim; claim by a third party": (
        "Books that need no distribution before. The fourth and fifth cycle, so that no slot is"
        " written for the first time."
    ),
    "create + pay + all first claims": (
        "From nothing until everyone has been paid once by a claim: what a peer does for each"
        " member at its creation, ours does at the member's first claim. A first claim of a"
        " token is two calls in one transaction of the member's."
    ),
    "pay + one push to all": (
        "Two transactions: a plain payment and one call that pays everyone, of the third cycle."
        " 0xSplits v2.2 Push as recorded; thirdweb's distribute."
    ),
    "pay + all claims at once": (
        "Two transactions, of the third cycle. The peers' claims, and ours of more than 64 seats,"
        " go through a contract written by hand that adds less to a call than Multicall3 does."
    ),
    "pay + each claims": (
        "One payment, and a transaction of each member. Superfluid's payer wraps and distributes,"
        " and each member claims and unwraps: two transactions."
    ),
    "a whole life": (
        "Created with its table published, twelve payments, everyone paid after each, first"
        " claims included. A Splitter has no end, as the peers have none; a SEE has three voices,"
        " whose signatures register it, and end it. OpenZeppelin has no push: all claims at once"
        " stand for it."
    ),
}
LOWER_BOUND = (
    "Added up from recorded rows: a lower bound. All months are steady, though a first payment"
    " and a first claim cost more, and for v2.2 the creation of v1 is taken, which is less."
)
# Row and contender to why they are not compared; ANYBODY for a row that compares with nobody.
UNLIKE: dict[tuple[str, str], str] = {
    ("pay.native", V2): (
        "It does not log who paid. Ours logs payer and amount in one word: with a log of one word"
        " no payment is below 22,024, and 22,038 without one is above the floor of 21,000."
    ),
    ("create.changeable", ANYBODY): (
        "0xSplits stores the address of one owner, who has signed nothing, and Superfluid an"
        " admin. A SEE checks the signature of each voice over the whole agreement, and logs"
        " the agreement, the roll and the currencies, so that it can be found and ended."
    ),
    ("replace", ANYBODY): (
        "0xSplits lets one owner replace the hash of the table, and what was not yet distributed"
        " goes to the new table. A SEE checks the voices' signatures, closes the books, so that"
        " what was earned stays owed under the old table, and logs the agreement."
    ),
    ("claim.native.own_first", ANYBODY): _STORED,
    ("claim.native.split_first", ANYBODY): _STORED,
    ("claim.erc20.own_first", ANYBODY): _STORED,
    ("claim.erc20.split_first", ANYBODY): _STORED,
    ("pool.distribute", ANYBODY): (
        "One sum for a pool, in wrapped tokens: nobody holds the token itself before claiming"
        " and unwrapping."
    ),
    ("life.push.erc20", KEPT): "Members hold a wrapped token, and never unwrap it.",
}


class Verdict(NamedTuple):
    """Ours beside the best peer in one row with so many members."""

    row: str
    members: int
    ours: Figure
    best: Figure
    like: bool  # whether it must be below
    why: str  # not like for like, or not judged
    aside: bool = False  # beside a peer that does less, where another does the same

    @property
    def ratio(self) -> float:
        """Of ours to the peer's."""
        return self.ours.gas / self.best.gas

    @property
    def shown(self) -> str:
        """The ratio with three places; four where three would not tell it from one."""
        three = f"{self.ratio:.3f}"
        return f"{self.ratio:.4f}" if three == "1.000" else three


def is_ours(figure: Figure) -> bool:
    """Whether a figure is of seechain."""
    return figure.contender.startswith("seechain")


def why_not(figure: Figure) -> str:
    """Why a peer's figure is not like for like; empty where it is."""
    row = figure.row
    return UNLIKE.get((row, ANYBODY)) or UNLIKE.get((row, figure.contender)) or ""


def verdicts(figures: Iterable[Figure], mine: Sequence[str] = OF_OURS) -> Iterator[Verdict]:
    """For each row and number of members: ours beside the best peer.

    mine: what of ours, the first that has the row.
    """
    by_place: dict[tuple[str, int], list[Figure]] = {}
    for figure in figures:
        if figure.row in ROWS:
            by_place.setdefault((figure.row, figure.members), []).append(figure)
    for row in ROWS:
        for (name, _), some in sorted(by_place.items()):
            if name == row and (ours := _ours(some, mine)):
                yield from _verdict(ours, [each for each in some if not is_ours(each)])


def _ours(figures: list[Figure], names: Sequence[str]) -> Figure | None:
    by_name = {each.contender: each for each in figures}
    return next((by_name[name] for name in names if name in by_name), None)


def _verdict(ours: Figure, peers: list[Figure]) -> Iterator[Verdict]:
    like = [each for each in peers if not why_not(each)]
    within = [each for each in like if not each.over]
    best = min(within or like or peers, key=lambda each: each.gas, default=None)
    if best is None:
        return
    why = why_not(best)
    if best.over:
        why = "Each peer's creation uses more gas than a transaction may."
    elif best.how == COMPUTED and ours.gas >= best.gas:
        why = LOWER_BOUND
    yield Verdict(ours.row, ours.members, ours, best, not why, why)
    less = [each for each in peers if why_not(each) and each.gas < best.gas]
    if less:
        cheapest = min(less, key=lambda each: each.gas)
        yield Verdict(ours.row, ours.members, ours, cheapest, False, why_not(cheapest), True)


def faults(found: Iterable[Verdict]) -> list[str]:
    """One sentence for each row that is like for like and not below the best peer."""
    return [
        f"{each.row} with {each.members} members uses {each.ours.gas:,},"
        f" {each.ours.gas - each.best.gas:,} more than {each.best.contender}:"
        f" {each.best.gas:,} ({each.best.how})"
        for each in found
        if each.like and each.ours.gas >= each.best.gas
    ]
