"""The rows: every act of every contender, for every number of members."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bench.chain import BenchError
from bench.ledger import NATIVE
from bench.peers import floors
from bench.peers.figures import RECORDED, Figure, measured
from bench.peers.ground import Ground
from bench.peers.places import Place
from bench.peers.places.openzeppelin import OpenZeppelin, OpenZeppelinBest
from bench.peers.places.ours import See, Splitter, many_seats, most_seats
from bench.peers.places.superfluid import Framework, Pool
from bench.peers.places.thirdweb import Factory, Thirdweb
from bench.peers.recorded import MOST_BY_BYTES, MOST_BY_GAS, V1

CYCLES = 3  # the last of them is steady: no slot is written for the first time
VOICES = 3  # of a SEE, where not one alone decides
MILLION = 1_000_000
Maker = Callable[[int], Place]


class Contenders:
    """How each contender's splits are made, by the number of members."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._thirdweb = Factory(ground)
        self._superfluid = Framework(ground)

    def seats(self, members: int) -> list[tuple[str, int]]:
        """The members and their uneven shares, the same for all."""
        return [(seat.account, seat.shares) for seat in self.ground.scene.table(members)]

    def makers(self, voices: int = 1) -> tuple[Maker, ...]:
        """Of all that keep books of plain payments."""
        ground = self.ground
        return (
            lambda members: Splitter(ground, ground.scene.table(members)),
            lambda members: See(ground, ground.scene.table(members), voices, "bench"),
            lambda members: OpenZeppelin(ground, self.seats(members)),
            lambda members: OpenZeppelinBest(ground, self.seats(members)),
            lambda members: Thirdweb(ground, self.seats(members), self._thirdweb),
        )

    def pool(self, members: int) -> Pool:
        """Of Superfluid."""
        return Pool(self.ground, self.seats(members), self._superfluid)

    def most(self) -> Iterator[Figure]:
        """The most members of one creation that fits into a transaction."""
        ground = self.ground
        seats, gas = many_seats(ground)
        yield Figure("most.unpublished", seats, Splitter.name, gas)
        most, gas = many_seats(ground, most_seats(ground))
        yield Figure("most", most, Splitter.name, gas)
        yield Figure("most", MOST_BY_BYTES, V1, 0, RECORDED)
        yield Figure("most.by_gas", MOST_BY_GAS, V1, 0, RECORDED)
        for name, fits in (
            (OpenZeppelinBest.name, OpenZeppelinBest.creation),
            (Thirdweb.name, lambda seats: self._thirdweb.fields(ground, seats)),
        ):
            yield Figure("most", self._most(fits), name, 0)

    def _most(self, creation: Callable[[list[tuple[str, int]]], dict[str, str]]) -> int:
        low, high = 1, 500  # the first fits, the last does not
        seats = self.seats(high)
        if self.ground.fits(creation(seats)):
            raise BenchError("a creation that was too large for a transaction fits into one")
        while high - low > 1:
            middle = (low + high) // 2
            if self.ground.fits(creation(seats[:middle])):
                low = middle
            else:
                high = middle
        return low


def measure(contenders: Contenders, members: int) -> Iterator[Figure]:
    """All rows of so many members."""
    for make in contenders.makers():
        for kind, currency in currencies(contenders.ground):
            yield from _claims(make, kind, currency, members)
            yield from _push(make, kind, currency, members)
    yield from _changing(contenders, members)
    yield from _pool(contenders, members)


def currencies(ground: Ground) -> tuple[tuple[str, str], ...]:
    """The kinds of money that rows are of."""
    return ("native", NATIVE), ("erc20", ground.token.address)


def _claims(make: Maker, kind: str, currency: str, members: int) -> Iterator[Figure]:
    """One split's rows of claims: first each by the member, then all at once, then each again."""
    place = make(members)
    one = members // 2

    def figure(row: str, *used: int) -> Figure:
        return measured(row, members, place.name, used)

    if not isinstance(place, See) and kind == "native":
        yield figure("create.published", *place.created)
    paid = place.pay(currency)
    first = place.claim_first(f"claim.{kind}.first", currency, last=one)
    yield figure(f"claim.{kind}.split_first", first[0])
    yield figure(f"claim.{kind}.own_first", first[-1])
    yield figure(f"firsts.{kind}", *place.created, paid, *first)
    for _ in range(CYCLES - 1):
        paid = place.pay(currency)
        claimed = place.claim_everyone(f"claims.{kind}", currency)
    yield figure(f"claims.{kind}", paid, claimed)
    paid = place.pay(currency)
    each = place.claim_each(f"selfclaims.{kind}", currency)
    if kind == "native":
        yield figure("pay.native", paid)
    yield figure(f"selfclaims.{kind}", paid, *each)
    yield figure(f"claim.{kind}.steady", each[one])
    place.pay(currency)
    row = f"claim.{kind}.third_party"
    yield figure(row, place.claim_for(row, currency, one))


def _push(make: Maker, kind: str, currency: str, members: int) -> Iterator[Figure]:
    place = make(members)
    if (call := place.push(currency)) is None:
        return
    if place.name == Splitter.name and kind == "native":
        yield floors.of_push(place.name, members, call.data)
    used: tuple[int, ...] = ()
    for _ in range(CYCLES):
        used = place.pay(currency), place.push_all(f"push.{kind}", currency)
    yield measured(f"push.{kind}", members, place.name, used)


def _changing(contenders: Contenders, members: int) -> Iterator[Figure]:
    """A SEE of one voice and of several: its creation, and its whole table replaced."""
    ground = contenders.ground
    for voices in (1, VOICES):
        see = See(ground, ground.scene.table(members), voices, "changing")
        name = f"{See.name}, {voices} voice{'s' if voices > 1 else ''}"
        yield measured("create.changeable", members, name, see.created)
        used: list[int] = []
        for step in (41, 43):  # the second amendment is steady
            for _, currency in currencies(ground):
                see.pay(currency)
                see.push_all("replace", currency)
            used = see.amend("replace", ground.scene.table(members, step))
        yield measured("replace", members, name, used)


def _pool(contenders: Contenders, members: int) -> Iterator[Figure]:
    """Superfluid: a pool with its members, wrapped tokens distributed, claimed and unwrapped."""
    pool = contenders.pool(members)
    yield measured("create.changeable", members, pool.name, pool.created)
    for _ in range(CYCLES):
        paid = pool.pay("selfclaims.erc20")
        claimed = pool.claim_each("selfclaims.erc20")
    yield measured("pool.distribute", members, pool.name, paid[1:])
    yield measured("claim.erc20.steady", members, pool.name, [claimed[members // 2]])
    yield measured("selfclaims.erc20", members, pool.name, [*paid, *claimed])
