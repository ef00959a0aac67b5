"""The rows of fixed Splitters: creation, payment, claims, payouts."""

from __future__ import annotations

from bench.chain import BenchError
from bench.ledger import NATIVE, Split
from bench.scene import NO_SALT, Scene, sums
from bench.targets import SIZES

PAYOUTS = (10, 32)
CYCLES = 3  # the last of them is steady: no slot is written for the first time
Rows = dict[str, int]


def measure(scene: Scene) -> Rows:
    """All rows of fixed Splitters."""
    rows = _create(scene)
    rows |= _pay_and_claim(scene)
    for seats in (10, 20, 32):
        rows[f"claim.native.first.{seats}"] = _first(scene, seats)
    for kind, currency in (("native", NATIVE), ("erc20", scene.token.address)):
        for seats in sorted({*SIZES, *PAYOUTS}):
            paid, pushed = _payout(scene, seats, currency)
            if seats in PAYOUTS:
                rows[f"payout.{kind}.{seats}"] = pushed
            if seats in SIZES:
                rows[f"push.{kind}.{seats}"] = paid + pushed
        for seats in (10, 20):
            rows[f"claims.{kind}.{seats}"] = _claims(scene, seats, currency)
    return rows


def join(split: Split, index: int, row: str) -> int:
    """Join a seat of a table of one page by its member, which is its first claim; the gas."""
    call = ("join", split.table, index, split.seats.words)
    return split.act(row, split.accounts[index], NATIVE, [index], *call)


def _create(scene: Scene) -> Rows:
    rows, unpublished = {}, []
    chain, registry = scene.chain, scene.registry
    for seats in SIZES:
        table = scene.table(seats)
        call = (table.root, table.shares, table.pages, NO_SALT, table.words, sums(table))
        receipt = chain.transact(chain.accounts[0], registry, "create_published", *call)
        if [log.data for log in receipt.logs] != [table.words]:
            raise BenchError("create_published did not publish the table's words")
        _check_stands(scene, scene.splitter_address(table, NO_SALT))
        rows[f"create.published.{seats}"] = receipt.gas

        other = scene.table(seats, step=41)
        receipt = chain.transact(
            chain.accounts[0], registry, "create", other.root, other.shares, other.pages, NO_SALT
        )
        unpublished.append(receipt.gas)
        _check_stands(scene, scene.splitter_address(other, NO_SALT))
    return {"create.unpublished": max(unpublished), **rows}


def _check_stands(scene: Scene, address: str) -> None:
    if scene.chain.rpc("eth_getCode", address, "latest") == "0x":
        raise BenchError(f"no Splitter was made at {address}")


def _pay_and_claim(scene: Scene) -> Rows:
    rows: Rows = {}
    token = scene.token.address
    split = scene.splitter(10)
    split.pay(NATIVE)
    for index in range(10):
        join(split, index, "claim.native.steady")
    for _ in range(CYCLES):
        rows["pay.native"] = split.pay(NATIVE)
        row = "claim.native.steady"
        rows[row] = split.act(row, split.accounts[4], NATIVE, [4], "claim", 4)
        row = "claim.native.third_party"
        call = ("claim", 5, split.accounts[5])
        rows[row] = split.act(row, split.stranger, NATIVE, [5], *call)
        split.pay(token)
        row = "claim.erc20.steady"
        rows[row] = split.act(row, split.accounts[6], token, [6], "claim_token", token, 6)
    return rows


def _first(scene: Scene, seats: int) -> int:
    """A member's first claim, after all others have made theirs."""
    row = f"claim.native.first.{seats}"
    split = scene.splitter(seats)
    split.pay(NATIVE)
    last = seats // 2
    for index in range(seats):
        if index != last:
            join(split, index, row)
    return join(split, last, row)


def _payout(scene: Scene, seats: int, currency: str) -> tuple[int, int]:
    """A payment and the payout of the whole table, both of the third cycle."""
    row = f"payout, {seats} seats"
    split = scene.splitter(seats)
    pages = [split.seats.page(page) for page in range(split.seats.pages)]
    where = () if currency == NATIVE else (currency,)
    if len(pages) == 1:
        call: tuple[object, ...] = ("payout", split.table, pages[0], *where)
    else:
        call = ("payout_whole", split.table, pages, *where)
    paid, pushed = 0, 0
    for _ in range(CYCLES):
        paid = split.pay(currency)
        pushed = split.act(row, split.stranger, currency, range(seats), *call)
    return paid, pushed


def _claims(scene: Scene, seats: int, currency: str) -> int:
    """A payment and everyone's claim in one transaction, both of the third cycle."""
    row = f"claims, {seats} seats"
    split = scene.splitter(seats)
    split.pay(NATIVE)
    for index in range(seats):
        join(split, index, row)
    keys = [index << 160 | int(account, 16) for index, account in enumerate(split.accounts)]
    gas = 0
    for _ in range(CYCLES):
        gas = split.pay(currency)
        call = ("claim_many", keys, [currency])
        gas += split.act(row, split.stranger, currency, range(seats), *call)
    return gas
