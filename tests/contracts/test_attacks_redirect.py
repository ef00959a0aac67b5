"""An account's money goes where the account says, in every way of payment; nobody else says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.contracts.consent import (
    KEYS,
    LEAVING,
    PUBLICATION,
    REDIRECT,
    REDIRECTION,
    compact,
    digest,
)
from tests.contracts.consent import domain as domain_of
from tests.contracts.evm import ZERO, Contract, Kernel, kept, key, refused
from tests.contracts.life import LATE, Life, struct

REVERTS = bytes.fromhex("5f5ffd")
BURNS = bytes.fromhex("5b5f56")


class House:
    """A key's seat of 30 of 100 at index n, redirected or not; the rest is others'."""

    def __init__(self, kernel: Kernel, token: Contract, per_page: int = 32) -> None:
        self.kernel, self.chain, self.token = kernel, kernel.chain, token
        self.key, self.account = KEYS[0], KEYS[0].address
        others = [(kernel.chain.account(), shares) for shares in (20, 50)]
        seats = [others[0], (self.account, 30), others[1]]
        self.life = Life.found(kernel, seats, token, per_page=per_page)
        self.see, self.n = self.life.see, 1
        self.life.join(self.n, False)
        self.new = kernel.chain.account()
        self.start = {each: kernel.chain.balance(each) for each in (self.account, self.new)}

    @property
    def seat(self) -> int:
        return key(self.n, self.account, self.life.version)

    def got(self, account: str, currency: str = ZERO) -> int:
        if currency == ZERO:
            return self.chain.balance(account) - self.start.get(account, 0)
        return int(self.token.balanceOf(account))

    def pay(self, amount: int, currency: str = ZERO) -> None:
        self.kernel.pay(self.see, amount, self.token if currency != ZERO else None)

    def redirect(self, to: str, *currencies: str, **how: Any) -> Any:
        return self.life.redirect(self.account, to, key(self.n, ZERO), list(currencies), **how)

    def signed(self, to: str, times: int) -> bytes:
        return self.life.alone(REDIRECTION, self.life.redirect_hash(to, times), self.key)

    def claim(self, currency: str = ZERO) -> Any:
        if currency == ZERO:
            return self.see.claim(self.n, self.account)
        return self.see.claim_token(currency, self.n, self.account)

    def versions(self, currency: str = ZERO, version: int | None = None) -> Any:
        version = self.life.version if version is None else version
        return self.see.claim_versions([], [key(self.n, self.account, version)], [currency])

    def payout(self, currency: str = ZERO) -> list[int]:
        """The indexes of the seats to which a push failed."""
        pages = range(len(self.life.agreement.tree.pages))
        return [n for page in pages for n in kept(self.life.payout(page, currency))]

    def whole(self, currency: str = ZERO) -> Any:
        tree = self.life.agreement.tree
        return self.see.payout_whole(self.life.agreement.table, tree.pages, currency)


WAYS: dict[str, Callable[[House, str], Any]] = {
    "claim": House.claim,
    "claim_versions": House.versions,
    "payout": House.payout,
    "payout_whole": House.whole,
}


@pytest.fixture(params=[32, 2], ids=["one page", "pages"])
def house(request: pytest.FixtureRequest, kernel: Kernel, token: Contract) -> House:
    return House(kernel, token, request.param)


# ---------------------------------------------------------------- where money goes


@pytest.mark.parametrize("used", [False, True], ids=["fresh", "used"])
@pytest.mark.parametrize("coin", ["native", "token"])
@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_payment_follows(house: House, way: str, coin: str, used: bool) -> None:
    """Claims and payouts, of a currency that was used before or never: to the new address, and
    the same again after it was redirected elsewhere and back."""
    currency = house.token.address if coin == "token" else ZERO
    if used:
        house.pay(100, currency)
        house.payout(currency)
        house.pay(100, currency)
        house.claim(currency)
    before = house.got(house.account, currency)
    assert before == 60 * used
    house.redirect(house.new, *([house.token.address] if used else []))
    for n in range(1, 4):
        house.pay(100, currency)
        WAYS[way](house, currency)
        assert house.got(house.new, currency) == 30 * n
    other = house.chain.account()
    house.redirect(other, house.token.address)
    house.pay(100, currency)
    WAYS[way](house, currency)
    assert house.got(other, currency) == 30
    house.redirect(house.account, house.token.address)
    house.pay(100, currency)
    WAYS[way](house, currency)
    assert house.got(house.account, currency) == before + 30
    assert house.got(house.new, currency) == 90


def test_a_join_follows(house: House) -> None:
    """The payment that comes with a join of another seat of the account goes there too."""
    a = house.account
    life = Life.found(house.kernel, [(a, 1), (house.chain.account(), 2), (a, 7)])
    life.join(0, False)
    life.redirect(a, house.new, key(0, a))
    house.kernel.pay(life.see, 100)
    life.join(2)
    assert house.got(house.new) == 70


@pytest.mark.parametrize("coin", ["native", "token"])
def test_old_kept_and_late_money_follows(house: House, coin: str) -> None:
    """What was due before, what was kept, closed versions, late invoices, the next agreement."""
    currency = house.token.address if coin == "token" else ZERO
    house.pay(100, currency)
    if coin == "token":
        house.token.refuse(house.account, True)
    else:
        house.chain.set_code(house.account, REVERTS)
    assert house.payout(currency) == [house.n]
    house.life.amend(house.life.next(house.life.agreement.tree))
    house.redirect(house.new, house.token.address)
    house.versions(currency, 0)
    assert house.got(house.new, currency) == 30
    house.token.approve(house.see.address, 100)
    house.see.pay_late(currency, 100, bytes(32), 0, value=100 * (coin == "native"))
    house.versions(currency, LATE)
    assert house.got(house.new, currency) == 60
    house.pay(100, currency)
    assert house.payout(currency) == []
    assert house.got(house.new, currency) == 90
    house.life.amend(house.life.next(house.life.agreement.tree))
    house.pay(100, currency)
    house.payout(currency)
    assert house.got(house.new, currency) == 120
    assert house.got(house.account, currency) == 0


def test_a_leaver_may_redirect(house: House) -> None:
    """What is owed to it goes where it says, for the key of a seat that has left counts too."""
    house.pay(100)
    house.life.leave_seat(house.account, house.n)
    house.redirect(house.new)
    house.claim()
    assert house.got(house.new) == 30


def test_one_hop(house: House) -> None:
    """A to B and B to C sends A's money to B, not to C; and circles end."""
    a, b, c = house.account, KEYS[1].address, house.chain.account()
    life = Life.found(house.kernel, [(a, 1), (b, 3)])
    before = [house.chain.balance(x) for x in (a, b, c)]
    for n in range(2):
        life.join(n, False)
    life.redirect(a, b, key(0, a))
    life.redirect(b, c, key(1, b))
    house.kernel.pay(life.see, 4)
    life.payout()
    life.redirect(b, a, key(1, b))
    house.kernel.pay(life.see, 4)
    life.payout()
    now = [house.chain.balance(x) for x in (a, b, c)]
    assert [x - y for x, y in zip(now, before, strict=True)] == [3, 2, 3]


def test_accounts_that_end_alike(kernel: Kernel, token: Contract) -> None:
    """The filter knows three bits of an account: whoever shares them is paid itself."""
    accounts = [kernel.chain.account() for _ in range(3)]  # all end with the same bits
    assert len({int(each, 16) & 7 for each in accounts}) == 1
    life = Life.found(kernel, [(each, 1) for each in accounts], token)
    for n in range(3):
        life.join(n, False)
    new = kernel.chain.account()
    life.redirect(accounts[0], new, key(0, accounts[0]))
    for currency, paid in ((ZERO, None), (token.address, token)):
        kernel.pay(life.see, 30, paid)
        life.payout(0, currency)
        kernel.pay(life.see, 30, paid)
        life.see.claim_versions([], [key(n, a) for n, a in enumerate(accounts)], [currency])
        had = [
            int(token.balanceOf(x)) if paid else kernel.chain.balance(x) for x in (*accounts, new)
        ]
        assert had == [0, 20, 20, 20]


# ---------------------------------------------------------------- bad addresses


@pytest.mark.parametrize("code", [REVERTS, BURNS], ids=["reverts", "burns"])
def test_an_address_that_refuses(house: House, code: bytes) -> None:
    """A push keeps the amount and pays the others, a claim fails; redirecting again repairs."""
    house.chain.set_code(house.new, code)
    house.redirect(house.new)
    house.pay(100)
    assert house.payout() == [house.n]
    tree = house.life.agreement.tree
    others = [
        "0x" + (tree.pages[0] + b"".join(tree.pages[1:]))[at : at + 20].hex() for at in (0, 64)
    ]
    assert [house.chain.balance(each) for each in others] == [20, 50]
    for claim in (house.claim, house.versions):
        with refused("payment failed"):
            claim()
    better = house.chain.account()
    house.redirect(better)
    house.pay(100)
    house.payout()
    assert house.got(better) == 60
    assert house.got(house.account) == 0


def test_a_token_that_blocks_the_address(house: House) -> None:
    """The same of a token that refuses the new address."""
    house.token.refuse(house.new, True)
    house.redirect(house.new)
    house.pay(100, house.token.address)
    assert house.payout(house.token.address) == [house.n]
    with refused("blocked"):
        house.claim(house.token.address)
    house.redirect(house.account, house.token.address)
    house.claim(house.token.address)
    assert house.got(house.account, house.token.address) == 30


@pytest.mark.parametrize("act", ["claim", "versions", "redirect", "leave"])
def test_an_address_that_calls_back(kernel: Kernel, token: Contract, act: str) -> None:
    """It gets its part once, whatever it calls as it is paid, in a claim and in a payout."""
    house = House(kernel, token)
    trap, see, registry = kernel.chain.deploy("Recipient"), house.see, house.life.registry
    a, n, until = house.account, house.n, house.life.office.deadline
    leave = house.life.alone(LEAVING, house.life.leave_hash(False, True, n), house.key)
    to = house.signed(house.new, 1)
    target, data = {
        "claim": (see, see.data("claim", n, a)),
        "versions": (see, see.data("claim_versions", [], [house.seat], [ZERO])),
        "redirect": (see, see.data("redirect", a, house.new, house.seat, [], until, to)),
        "leave": (registry, registry.data("leave_seat", see.address, a, 0, n, b"", until, leave)),
    }[act]
    trap.aim(target.address, data, 0)
    house.redirect(trap.address)
    house.pay(100)
    house.payout()  # in which the lock holds
    assert see.redirected(a) == (trap.address.lower(), 1)
    assert see.book(ZERO) == (0, 0)
    house.pay(100)
    house.claim()  # in which its books are done by then
    assert kernel.chain.balance(trap.address) == 60
    house.pay(100)
    house.payout()
    assert house.got(house.new) == (30 if act == "redirect" else 0)
    assert kernel.chain.balance(trap.address) == (90 if act in ("claim", "versions") else 60)
    assert kernel.chain.balance(see.address) <= 1


@pytest.mark.parametrize("to", ["see", "zero"])
def test_no_redirect_into_the_void(house: House, to: str) -> None:
    """Not to the SEE, whose money would be divided again, nor to the zero address."""
    with refused("wrong account"):
        house.redirect(house.see.address if to == "see" else ZERO)


# ---------------------------------------------------------------- whose word


def test_a_stranger_redirects_nothing(house: House) -> None:
    """Not another's money, by no signature; nor its own, which it has not, so the filter of a
    book is the members' to fill."""
    stranger = house.chain.account()
    house.chain.rpc("anvil_impersonateAccount", stranger)
    for signature in (b"", bytes(64), b"\1" * 64, house.signed(house.new, 0)[:63]):
        with refused("bad signature"):
            house.redirect(stranger, signature=signature, sender=stranger)
    for seat in (house.seat, key(0, stranger), key(house.n, stranger), 2**256 - 1):
        with refused("not joined"):
            house.life.redirect(stranger, house.new, seat)
    with refused("bad signature"):
        house.redirect(stranger, sender=house.chain.me)
    for seat in (key(0, ZERO), key(house.n, ZERO, 1), key(house.n, ZERO, LATE)):
        with refused("not joined"):
            house.life.redirect(house.account, house.new, seat)
    assert house.see.redirected(house.account) == (ZERO, 0)


def test_a_signature_counts_once(house: House) -> None:
    """Also after it was undone: each counts for the time that it names."""
    first, back = house.signed(house.new, 0), house.signed(house.account, 1)
    with refused("bad signature"):
        house.redirect(house.account, signature=back)
    house.redirect(house.new, signature=first)
    assert house.see.redirected(house.account) == (house.new.lower(), 1)
    with refused("bad signature"):
        house.redirect(house.new, signature=first)
    house.redirect(house.account, signature=back)
    for signature, to in ((first, house.new), (back, house.account)):
        with refused("bad signature"):
            house.redirect(to, signature=signature)
    assert house.see.redirected(house.account) == (house.account.lower(), 2)


FIELDS = [
    "see", "to", "times", "account", "deadline", "chain", "registry", "kind", "high s", "version",
]  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_each_signed_field_counts(kernel: Kernel, token: Contract, field: str) -> None:
    """A signature for anything else, in one field, redirects nothing."""
    house = House(kernel, token)

    def signature(field: str) -> bytes:
        subject = struct(
            REDIRECT,
            "address address uint256",
            house.new if field == "see" else house.see.address,
            house.account if field == "to" else house.new,
            int(field == "times"),
        )
        made = digest(
            domain_of(
                house.see.address if field == "registry" else house.life.registry.address,
                int(house.chain.rpc("eth_chainId"), 16) + (field == "chain"),
                version="2" if field == "version" else "1",
            ),
            PUBLICATION if field == "kind" else REDIRECTION,
            house.new if field == "account" else house.account,
            subject,
            house.life.office.deadline + (field == "deadline"),
        )
        return compact(house.key.unsafe_sign_hash(made), high=field == "high s")

    with refused("bad signature"):
        house.redirect(house.new, signature=signature(field))
    house.redirect(house.new, signature=signature(""))


def test_a_redirection_has_its_deadline(house: House) -> None:
    """At it a signature still counts, after it no more."""
    signature = house.signed(house.new, 0)
    with house.chain.undone():
        house.chain.next_at(house.life.office.deadline)
        house.redirect(house.new, signature=signature)
    house.chain.next_at(house.life.office.deadline + 1)
    with refused("too late"):
        house.redirect(house.new, signature=signature)


# ---------------------------------------------------------------- a book that was left out


def test_a_currency_that_was_left_out(house: House) -> None:
    """Documented: a token that was used before and is not named still pays the account itself,
    until it is named."""
    currency = house.token.address
    house.pay(100, currency)
    house.claim(currency)
    house.redirect(house.new)
    house.pay(100, currency)
    house.claim(currency)
    assert (house.got(house.account, currency), house.got(house.new, currency)) == (60, 0)
    house.redirect(house.new, currency)
    house.pay(100, currency)
    house.payout(currency)
    assert (house.got(house.account, currency), house.got(house.new, currency)) == (60, 30)


def test_the_next_agreement_repairs_it_too(house: House) -> None:
    """A book that closes takes what the native one knows."""
    currency = house.token.address
    house.pay(100, currency)
    house.claim(currency)
    house.redirect(house.new)
    house.life.amend(house.life.next(house.life.agreement.tree))
    house.pay(100, currency)
    house.payout(currency)
    assert house.got(house.new, currency) == 30
