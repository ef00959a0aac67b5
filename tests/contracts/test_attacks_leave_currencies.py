"""A currency that misbehaves can't keep a seat in; closed versions and late money know leavers."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.contracts.consent import KEYS
from tests.contracts.evm import ZERO, Contract, Kernel, Reverted, Tree, key, refused
from tests.contracts.life import LATE, Life

SHARES = (40, 35, 25)
BALANCE_REVERTS = 3
MAX = 2**111 - 1
REVERTS = bytes.fromhex("5f5ffd")
BURNS = bytes.fromhex("5b5f56")  # for ever
WAYS = ["one page", "pages"]


class Shop:
    """Seats 40, 35, 25 of plain accounts, joined; three voices without a seat."""

    def __init__(self, kernel: Kernel, token: Contract, per_page: int = 32) -> None:
        self.kernel, self.token, self.chain = kernel, token, kernel.chain
        seats = [(kernel.chain.account(), shares) for shares in SHARES]
        self.life = Life.found(kernel, seats, token, per_page=per_page)
        self.accounts = [account for account, _ in seats]
        self.indexes = [n // per_page * 32 + n % per_page for n in range(3)]
        self.see = self.life.see
        for index in self.indexes:
            self.life.join(index, False)

    def had(self, currency: str = "") -> list[int]:
        if currency == ZERO:
            return [self.chain.balance(account) for account in self.accounts]
        return [int(self.token.balanceOf(account)) for account in self.accounts]

    def leave(self, n: int, *currencies: str, **how: Any) -> Any:
        return self.life.leave_seat(self.accounts[n], self.indexes[n], list(currencies), **how)

    def short(self, n: int) -> int:
        return self.indexes[n] << 160 | int(self.accounts[n], 16)

    def key(self, n: int, version: int = 0) -> int:
        return key(self.indexes[n], self.accounts[n], version)

    def payout(self, currency: str) -> None:
        for page in range(len(self.life.agreement.tree.pages)):
            self.life.payout(page, currency)

    def next(self) -> Any:
        """An agreement with another table: one new account has it all."""
        return self.life.next(Tree.of([(self.chain.account(), 1)]))

    def claims(self, version: int, *currencies: str) -> None:
        self.see.claim_versions([], [self.key(n, version) for n in range(3)], list(currencies))


@pytest.fixture(params=[32, 2], ids=WAYS)
def shop(request: pytest.FixtureRequest, kernel: Kernel, token: Contract) -> Shop:
    return Shop(kernel, token, request.param)


# ---------------------------------------------------------------- hostile currencies


def test_a_currency_that_fails_is_left_when_it_is_touched(shop: Shop, token: Contract) -> None:
    """Skipped as the seat left: until anyone touches it the leaver has its part there, and from
    then on no more; nobody touches what still fails."""
    shop.kernel.pay(shop.life.see, 100, token)
    token.set(BALANCE_REVERTS, 0, False)
    shop.leave(0, token.address)
    assert shop.see.book(ZERO)[1] == 40
    assert shop.see.book(token.address)[1] == 0
    with refused("currency failed"):
        shop.see.touch(token.address, [shop.short(0)])
    token.set(0, 0, False)
    shop.kernel.pay(shop.life.see, 100, token)
    shop.see.claim_token(token.address, shop.indexes[0], shop.accounts[0])
    assert shop.had() == [80, 0, 0]
    shop.kernel.pay(shop.life.see, 100, token)
    shop.see.touch(token.address, [shop.short(0), shop.short(0)])
    assert shop.see.book(token.address)[1] == 40
    shop.kernel.pay(shop.life.see, 600, token)
    shop.payout(token.address)
    assert shop.had() == [80, 105 + 350, 75 + 250]
    shop.see.touch(token.address, [shop.short(0)])
    shop.see.claim_token(token.address, shop.indexes[0], shop.accounts[0])
    assert shop.had() == [120, 105 + 350, 75 + 250]


def test_a_currency_that_was_not_named(shop: Shop, token: Contract) -> None:
    """The same where the leaver left it out: a stranger's touch is enough."""
    shop.leave(0)
    shop.kernel.pay(shop.life.see, 100, token)
    stranger = shop.chain.account()
    shop.chain.rpc("anvil_impersonateAccount", stranger)
    shop.see.touch(token.address, [shop.short(0)], sender=stranger)
    shop.kernel.pay(shop.life.see, 60, token)
    shop.payout(token.address)
    assert shop.had() == [0, 35 + 35, 25 + 25]
    shop.see.claim_token(token.address, shop.indexes[0], shop.accounts[0])
    assert shop.had()[0] == 40


def test_nobody_who_has_not_left_is_put_out(shop: Shop, token: Contract) -> None:
    """By touch: of a seat in force, of a stranger, of a seat of another index or version."""
    shop.leave(0)
    for leaver in (shop.short(1), int(KEYS[0].address, 16), shop.short(0) + (32 << 160)):
        with refused("not left"):
            shop.see.touch(token.address, [leaver])
    with refused("currency failed"):
        shop.see.touch(ZERO, [shop.short(0)])
    shop.life.amend(shop.life.next(shop.life.agreement.tree))
    with refused("not left"):
        shop.see.touch(token.address, [shop.short(0)])
    assert shop.see.book(token.address) == (1, 0)


def test_only_the_registry_lets_a_seat_leave(shop: Shop, token: Contract) -> None:
    """Not the account itself, nor anybody, at the SEE."""
    shop.chain.rpc("anvil_impersonateAccount", shop.accounts[0])
    for sender in (shop.accounts[0], shop.chain.me):
        with refused("not registry"):
            shop.see.leave(shop.accounts[0], shop.indexes[0], b"", sender=sender)
        with refused("not registry"):
            shop.see.end(sender=sender)


@pytest.mark.parametrize(
    "code",
    ["", "fe", "5b5f56", "5f5ff3", "620180005ff3", "620180005ffd", "601f5ff3", "365f5f37365ff3"],
    ids=["no code", "invalid", "burns", "nothing", "bomb", "reverting bomb", "short", "echo"],
)
def test_no_currency_keeps_a_seat_in(kernel: Kernel, token: Contract, code: str) -> None:
    """Whatever a currency of the agreement does when it is asked for a balance."""
    shop = Shop(kernel, token)
    shop.kernel.pay(shop.see, 100)
    kernel.chain.set_code(token.address, bytes.fromhex(code))
    shop.leave(0, *[token.address] * 8)
    shop.kernel.pay(shop.see, 60)
    shop.payout(ZERO)
    shop.see.claim(shop.indexes[0], shop.accounts[0])
    assert shop.had(ZERO) == [40, 70, 50]


def test_nobody_starves_the_reading_of_a_balance(kernel: Kernel, token: Contract) -> None:
    """With any gas a leave fails as a whole or leaves the token too, which needs its gas."""
    shop = Shop(kernel, token)
    passed = 0
    for gas in range(60_000, 700_000, 16_000):
        with kernel.chain.undone():
            try:
                shop.leave(0, token.address, gas=gas)
            except Reverted:
                continue
            passed += 1
            assert shop.see.book(ZERO)[1] == shop.see.book(token.address)[1] == 40
    assert passed > 10


def test_a_burner_is_skipped_with_gas_to_spare_only(kernel: Kernel, token: Contract) -> None:
    """One that burns what it gets is skipped, and never because the sender gave too little."""
    shop = Shop(kernel, token)
    kernel.chain.set_code(token.address, BURNS)
    with refused("more gas"):
        shop.leave(0, token.address, gas=420_000)
    shop.leave(0, token.address, gas=900_000)
    assert shop.see.book(ZERO)[1] == 40


REFUSALS = {
    "nothing due", "last share", "already left", "not joined", "already joined", "not left",
    "currency failed", "wrong version", "wrong amount", "no balance",
}  # fmt: skip
BALANCES = [0, 1, 7, 1000, 2**100, 2**110, MAX, MAX + 1, 2**112 - 1, 2**112, 2**200, 2**255]


@pytest.mark.parametrize("seed", range(4))
def test_a_currency_with_any_balance_bricks_nothing(
    kernel: Kernel, token: Contract, seed: int
) -> None:
    """A balance that jumps between zero and 2**255 while seats leave, agreements follow each
    other and invoices come late: no act panics, and the native books know nothing of it."""
    chance = random.Random(seed)
    shop = Shop(kernel, token, chance.choice([32, 2]))
    see, life, currency = shop.see, shop.life, token.address
    token.approve(see.address, 2**256 - 1)

    def late() -> None:
        token.rebase(kernel.chain.me, 2**200)
        version = chance.randrange(life.version + 1)
        see.pay_late(currency, chance.choice([1, 1000, 2**100]), bytes(32), version)

    def versions() -> None:
        keys = [
            shop.key(n, v | late)
            for n in range(3)
            for v in range(life.version + 1)
            for late in (0, LATE)
        ]
        see.claim_versions([], keys[:64], [currency])

    acts = [
        lambda n: token.rebase(see.address, chance.choice([*BALANCES, chance.randrange(MAX)])),
        lambda n: token.set(chance.choice([0, 0, BALANCE_REVERTS]), 0, False),
        lambda n: shop.leave(n, *[currency] * chance.randrange(2)),
        lambda n: shop.payout(currency),
        lambda n: see.claim_token(currency, shop.indexes[n], shop.accounts[n]),
        lambda n: versions(),
        lambda n: see.touch(currency, [shop.short(n)] * chance.randrange(2)),
        lambda n: late(),
        lambda n: life.amend(life.next(life.agreement.tree)),
        lambda n: life.join(shop.indexes[n], False),
    ]
    for _ in range(40):
        try:
            chance.choice(acts)(chance.randrange(3))
        except Reverted as reverted:
            if str(reverted) not in REFUSALS:
                raise
    assert see.received(ZERO) == 0
    token.set(0, 0, False)
    see.touch(currency, [])
    shop.payout(currency)


# ---------------------------------------------------------------- versions


@pytest.mark.parametrize("coin", ["native", "token"])
def test_a_closed_version_knows_who_left(shop: Shop, token: Contract, coin: str) -> None:
    """Leave, payments, amend, payments: the leaver gets what it was owed, once, the others
    their parts of what came until the amendment, and nobody of the old a unit of the new."""
    currency = token.address if coin == "token" else ZERO
    paid = token if coin == "token" else None
    shop.kernel.pay(shop.see, 100, paid)
    shop.leave(0, currency)
    shop.kernel.pay(shop.see, 60, paid)
    shop.payout(currency)
    shop.kernel.pay(shop.see, 120, paid)
    shop.life.amend(shop.next())
    shop.kernel.pay(shop.see, 1000, paid)
    assert shop.see.closed(currency, 0) == (280 - 40, 0, 40)
    shop.claims(0, currency)
    assert shop.had(currency) == [40, 35 + 35 + 70, 25 + 25 + 50]
    with refused("nothing due"):
        shop.claims(0, currency)
    assert shop.see.received(currency) == 1000
    new = "0x" + shop.life.agreement.tree.pages[0][:20].hex()
    shop.see.claim_versions([shop.life.seat(0)], [key(0, new, 1)], [currency])
    assert (int(token.balanceOf(new)) if paid else shop.chain.balance(new)) == 1000


@pytest.mark.parametrize("coin", ["native", "token"])
def test_late_money_is_for_those_who_were_left(shop: Shop, token: Contract, coin: str) -> None:
    """An invoice of a closed version that is paid late: the leaver has no part in it."""
    currency = token.address if coin == "token" else ZERO
    shop.kernel.pay(shop.see, 100, token if coin == "token" else None)
    shop.leave(0, currency)
    shop.life.amend(shop.next())
    token.approve(shop.see.address, 600)
    value = 0 if coin == "token" else 600
    shop.see.pay_late(currency, 600, bytes(32), 0, value=value)
    words = [int(account, 16) << 96 | n for account, n in zip(shop.accounts, SHARES, strict=True)]
    for n, index in enumerate(shop.indexes):
        dues = shop.see.dues(currency, LATE, 100, 1 + (index > 2), index, [words[n]])
        assert list(dues) == [(0, 350, 250)[n]]
    shop.claims(LATE, currency)
    assert shop.had(currency) == [0, 350, 250]
    with refused("nothing due"):
        shop.claims(LATE, currency)
    shop.claims(0, currency)
    assert shop.had(currency) == [40, 385, 275]
    assert shop.see.received(currency) == 0


def test_skipped_as_it_left_and_closed_since(shop: Shop, token: Contract) -> None:
    """Nobody touched a failing currency before the next agreement: the leaver has its part of
    all that came to it under the old one, also late, and none of what comes after."""
    shop.kernel.pay(shop.see, 100, token)
    token.set(BALANCE_REVERTS, 0, False)
    shop.leave(0, token.address)
    next_ = shop.next()
    shop.life.amend(next_)
    token.set(0, 0, False)
    assert shop.see.book(token.address) == (0, 0)
    shop.kernel.pay(shop.see, 100, token)  # not read yet: the old table's
    shop.see.touch(token.address, [])
    assert shop.see.book(token.address) == (1, 0)
    shop.kernel.pay(shop.see, 1000, token)
    shop.claims(0, token.address)
    assert shop.had() == [80, 70, 50]
    assert shop.see.received(token.address) == 1000


def test_a_leaver_of_two_versions(shop: Shop) -> None:
    """One who left, came back with the next agreement and left again is paid for both."""
    shop.kernel.pay(shop.see, 100)
    shop.leave(0)
    shop.life.amend(shop.life.next(shop.life.agreement.tree))
    shop.kernel.pay(shop.see, 200)
    with refused("not joined"):
        shop.leave(0)
    shop.see.claim_versions(
        [shop.life.seat(index) for index in shop.indexes], [shop.key(1, 1)], [ZERO]
    )
    shop.leave(0)
    shop.kernel.pay(shop.see, 60)
    shop.see.claim_versions(
        [], [shop.key(n, v) for n in range(3) for v in (1, 0, 1, 0)], [ZERO] * 2
    )
    assert shop.had(ZERO) == [120, 35 + 70 + 35, 25 + 50 + 25]


def test_the_leave_of_one_seat_of_an_account_that_has_two(kernel: Kernel, token: Contract) -> None:
    """Index and account together name a seat: the other one stays."""
    a, b = kernel.chain.account(), kernel.chain.account()
    life = Life.found(kernel, [(a, 10), (b, 50), (a, 40)])
    for index in range(3):
        life.join(index, False)
    life.leave_seat(a, 0)
    kernel.pay(life.see, 900)
    life.payout()
    assert [kernel.chain.balance(x) for x in (a, b)] == [400, 500]
    with refused("already left"):
        life.leave_seat(a, 2**32)  # its lowest 32 bits count
