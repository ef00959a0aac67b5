"""A late invoice is paid to those who did the work, once, and to nobody else."""

from __future__ import annotations

import pytest

from tests.contracts.closing import accounts, dues, keys_of, living, named, seats, topics
from tests.contracts.consent import DEREGISTRATION, Agreement
from tests.contracts.evm import PULL_ONLY, ZERO, Contract, Kernel, Tree, key, parts, refused
from tests.contracts.life import LATE, Life

CAP = 2**111 - 1
MEMO = b"INV-7".ljust(32, b"\0")
REVERTS = bytes.fromhex("5f5ffd")
FALSE, BURNS, DECLINES = 2, 4, 9


@pytest.fixture
def life(kernel: Kernel, token: Contract) -> Life:
    """A SEE in its second version: two seats did the work of the first, an heir has the rest."""
    made = living(kernel, token)
    token.approve(made.see.address, 2**255)
    return succeeded(made)


def succeeded(life: Life) -> Life:
    life.amend(life.next(Tree.of([(life.chain.account(), 1)])))
    return life


def first(life: Life) -> Agreement:
    return life.office.agreement


def late(life: Life, amount: int, token: Contract | None = None, version: int = 0) -> None:
    if token:
        life.see.pay_late(token.address, amount, MEMO, version)
    else:
        life.see.pay_late(ZERO, amount, MEMO, version, value=amount)


def late_keys(life: Life, version: int = 0) -> list[int]:
    return keys_of(first(life), version | LATE)


def test_a_payer_is_not_surprised_by_an_amendment(life: Life, token: Contract) -> None:
    """Rule: pay that names a version is refused unless it is in force; without one it is paid."""
    for version in (0, 2, 1 | LATE, 2**16 + 1, 2**255 + 1):
        with refused("wrong version"):
            life.see.pay(ZERO, 5, MEMO, version, value=5)
        with refused("wrong version"):
            life.see.pay(token.address, 5, MEMO, version)
    for currency, value in ((ZERO, 5), (token.address, 0)):
        life.see.pay(currency, 5, MEMO, 1, value=value)
        life.see.pay(currency, 5, MEMO, value=value)
        life.see.pay(currency, 5, MEMO, 2**256 - 1, value=value)
        assert life.see.received(currency) == 15
        assert dues(life, first(life), 0, currency) == [0, 0]


@pytest.mark.parametrize("version", [1, 2, 8191, LATE, LATE | 1, 2**16, 2**208, 2**256 - 1])
def test_only_a_closed_version_is_paid_late(life: Life, token: Contract, version: int) -> None:
    """Rule: the version in force, one to come, and a number that is none are refused."""
    for currency, value in ((ZERO, 5), (token.address, 0)):
        with refused("wrong version"):
            life.see.pay_late(currency, 5, MEMO, version, value=value)
    never = life.chain.deploy("Token")  # of which no book was kept
    never.approve(life.see.address, 5)
    with refused("wrong version"):
        life.see.pay_late(never.address, 5, MEMO, version)


def test_nothing_is_late_before_an_amendment(kernel: Kernel, token: Contract) -> None:
    """Rule: of a SEE in its first version, of the implementation, of an ended SEE: refused."""
    life = living(kernel, token)
    with refused("wrong version"):
        late(life, 5)
    succeeded(life)
    implementation = kernel.chain.at("SEE", kernel.registry.see_implementation())
    for version in (0, 1):
        with refused("not payable"):
            implementation.pay_late(ZERO, 5, MEMO, version, value=5)
    late(life, 400)
    end = life.sign(DEREGISTRATION, life.office.end_of(life.see.address, 1))
    life.office.deregister(end, life.agreement, life.see.address)
    with refused("see ended"):
        late(life, 5)
    assert dues(life, first(life), LATE) == [100, 300]


@pytest.mark.parametrize("coin", ["native", "token"])
@pytest.mark.parametrize("per_page", [32, 1])
def test_a_late_payment_is_theirs_who_did_the_work(
    kernel: Kernel, token: Contract, coin: str, per_page: int
) -> None:
    """Rule: it is split by the closed table, joined or not, once, in any order; neither what that
    version was owed nor what the version in force receives changes by it."""
    life = living(kernel, token, per_page=per_page)
    token.approve(life.see.address, 2**255)
    paid, currency = (token, token.address) if coin == "token" else (None, ZERO)
    old = first(life)
    kernel.pay(life.see, 40, paid)
    life.join(0, False)
    succeeded(life)
    kernel.pay(life.see, 9, paid)
    (_, a), (j, b) = seats(old)
    for amount in (101, 0, 302):
        receipt = life.see.pay_late(currency, amount, MEMO, 0, value=0 if paid else amount)
        (log,) = topics(receipt, "PaidLate(address,bytes32,address,uint256,uint256)")
        assert log["topics"][2] == "0x" + MEMO.hex()
        words = [int(log["data"][2 + at : 66 + at], 16) for at in range(0, 192, 64)]
        assert words == [int(currency, 16), amount, 0]
    assert life.see.closed(currency, 0) == (40, 403, 0)
    assert life.see.received(currency) == 9
    assert dues(life, old, 0, currency) == [10, 30]
    assert dues(life, old, LATE, currency) == parts(old.tree, 403)
    assert dues(life, life.agreement, 1, currency) == [9]
    with refused("not joined"):
        life.see.claim_versions([], [key(j, b, LATE)], [currency])
    keys = late_keys(life)
    life.see.claim_versions([life.seat(j, old, 0)], keys[1:] * 2, [currency, currency])
    for again in (keys[1:], keys[1:] * 3):
        with refused("nothing due"):
            life.see.claim_versions([], again, [currency])
    life.join(0, False)
    heir = accounts(life.agreement)[0]
    everything = [key(0, heir, 1), *keys_of(old, 0), *keys]
    life.see.claim_versions([], everything, [currency])
    for order in (everything, everything[::-1]):
        with refused("nothing due"):
            life.see.claim_versions([], order, [ZERO, token.address])

    def had(account: str) -> int:
        return int(token.balanceOf(account)) if paid else life.chain.balance(account)

    assert [had(x) for x in (a, b, heir)] == [10 + 100, 30 + 302, 9]
    late(life, 1, paid)  # one of 404: the dust of before makes it whole
    life.see.claim_versions([], keys, [currency])
    assert [had(x) for x in (a, b)] == [10 + 101, 30 + 303]
    assert had(life.see.address) == 0


def test_a_late_payment_is_no_seat_s_of_another_version(life: Life, token: Contract) -> None:
    """Rule: an account that has a seat in both versions gets of a late one by its old shares
    only, and none of its ways to claim the new seat reaches it."""
    old = first(life)
    (_, a), (_, b) = seats(old)
    life.amend(life.next(Tree.of([(a, 9), (b, 1)])))
    life.join(0)
    late(life, 400)
    late(life, 800, token)
    for act in (
        lambda: life.see.claim(0, a),
        lambda: life.see.claim(LATE << 32, a),
        lambda: life.see.claim_token(token.address, 0, a),
        lambda: life.see.claim_versions([], [key(0, a, 1 | LATE)], [ZERO]),
        lambda: life.see.claim_versions([], [key(0, a, 2 | LATE)], [ZERO]),
    ):
        with refused("nothing due"):
            act()
    life.payout()
    life.payout(0, token.address)
    assert life.chain.balance(a) == life.chain.balance(b) == 0
    joins = [life.seat(n, old, 0) for n in (0, 1)]
    life.see.claim_versions(joins, late_keys(life), [ZERO, token.address])
    assert (life.chain.balance(a), life.chain.balance(b)) == (100, 300)
    assert (token.balanceOf(a), token.balanceOf(b)) == (200, 600)


def test_no_seat_joins_the_book_of_late_payments(life: Life) -> None:
    """Rule: a seat is joined in a version; the late book of it has no seats of its own."""
    old = first(life)
    late(life, 400)
    for version in (LATE, LATE | 1):
        with refused("wrong version"):
            life.see.claim_versions([life.seat(0, old, version)], late_keys(life)[:1], [ZERO])
    (_, a), _ = seats(old)
    for wrong in (key(1, a, LATE), key(0, life.chain.me, LATE), key(1 << 20, a, LATE)):
        with refused("not joined"):
            life.see.claim_versions([life.seat(0, old, 0)], [wrong], [ZERO])
    life.see.claim_versions([life.seat(0, old, 0)], late_keys(life)[:1], [ZERO])
    for bits in (1 << 208, 1 << 255, 1 << 206):
        with refused("nothing due"):
            life.see.claim_versions([], [late_keys(life)[0] | bits], [ZERO])


@pytest.mark.parametrize("per_page", [32, 1])
def test_leavers_get_nothing_of_what_comes_late(
    kernel: Kernel, token: Contract, per_page: int
) -> None:
    """Rule: who had left by the closing gets none of it and keeps what it was owed."""
    life = living(kernel, token, shares=(1, 3, 6), per_page=per_page)
    token.approve(life.see.address, 2**255)
    old = first(life)
    (_, a), (_, b), (k, c) = seats(old)
    kernel.pay(life.see, 1000)
    kernel.pay(life.see, 1000, token)
    life.join(k, False)
    life.leave_seat(c, k, [token.address])
    succeeded(life)
    before = [dues(life, old, 0, currency) for currency in (ZERO, token.address)]
    late(life, 400)
    late(life, 400, token)
    for currency in (ZERO, token.address):
        assert life.see.closed(currency, 0) == (400, 400, 6)
        assert dues(life, old, LATE, currency) == [100, 300, 0]
    assert before == [dues(life, old, 0, currency) for currency in (ZERO, token.address)]
    assert before[0] == [100, 300, 600]
    with refused("nothing due"):
        life.see.claim_versions([], [key(k, c, LATE)], [ZERO, token.address])
    joins = [life.seat(n, old, 0) for n, _ in seats(old)]
    keys = [*late_keys(life), *keys_of(old, 0)]
    life.see.claim_versions(joins, keys, [ZERO, token.address])
    with refused("nothing due"):
        life.see.claim_versions([], keys[::-1], [ZERO, token.address])
    late(life, 4)
    life.see.claim_versions([], keys, [ZERO])
    assert [kernel.chain.balance(x) for x in (a, b, c)] == [201, 603, 600]
    assert [token.balanceOf(x) for x in (a, b, c)] == [200, 600, 600]
    assert kernel.chain.balance(life.see.address) == token.balanceOf(life.see.address) == 0


def test_a_leaver_of_one_currency_is_one_in_that_only(kernel: Kernel, token: Contract) -> None:
    """Rule: a currency that a seat did not leave before the closing counts it as one that stayed,
    for late payments too, so that no more than all is paid out."""
    life = living(kernel, token)
    token.approve(life.see.address, 2**255)
    old = first(life)
    (_, a), (_, b) = seats(old)
    life.join(0, False)
    life.leave_seat(a, 0)  # not the token
    succeeded(life)
    late(life, 300)
    late(life, 400, token)
    assert dues(life, old, LATE) == [0, 300]
    assert dues(life, old, LATE, token.address) == [100, 300]
    life.see.claim_versions([life.seat(1, old, 0)], late_keys(life), [token.address, ZERO])
    assert (kernel.chain.balance(a), kernel.chain.balance(b)) == (0, 300)
    assert (token.balanceOf(a), token.balanceOf(b)) == (100, 300)
    with refused("not left"):  # nor is it made a leaver of a closed version, or of the next
        life.see.touch(token.address, [key(0, a)])


def test_pushed_kept_and_pull_only_seats_are_paid_late(kernel: Kernel, token: Contract) -> None:
    """Rule: what a seat had or was kept of the closed books counts in them only: of what comes
    late each has its whole part."""
    members = [(kernel.chain.account(), 1) for _ in range(3)]
    tree = Tree.of([*members[:2], (*members[2], PULL_ONLY)])
    life = living(kernel, token, tree=tree)
    token.approve(life.see.address, 2**255)
    old, odd = first(life), members[1][0]
    kernel.chain.set_code(odd, REVERTS)
    token.refuse(odd, True)
    for _ in range(2):
        kernel.pay(life.see, 300)
        kernel.pay(life.see, 300, token)
        life.payout()
        life.payout(0, token.address)
    succeeded(life)
    late(life, 90)
    late(life, 90, token)
    for currency in (ZERO, token.address):
        assert dues(life, old, 0, currency) == [0, 200, 200]
        assert dues(life, old, LATE, currency) == [30, 30, 30]
    with refused("payment failed"):
        life.see.claim_versions([], [key(1, odd, LATE)], [ZERO])
    kernel.chain.set_code(odd, b"")
    token.refuse(odd, False)
    joins = [life.seat(n, old, 0) for n in range(3)]
    for keys in (late_keys(life), keys_of(old, 0)):
        life.see.claim_versions(joins, keys, [ZERO, token.address])
    assert [kernel.chain.balance(x) for x, _ in members] == [230] * 3
    assert [token.balanceOf(x) for x, _ in members] == [230] * 3


def test_a_late_payment_is_what_arrives(life: Life, token: Contract) -> None:
    """Rule: a fee on the way is the payer's; coin of another amount, coin beside a token, a
    token that answers false, declines or burns: refused, and nothing is noted."""
    token.set(0, 10, False)
    late(life, 1000, token)
    assert life.see.closed(token.address, 0) == (0, 900, 0)
    assert life.see.received(token.address) == 0
    assert dues(life, first(life), LATE, token.address) == [225, 675]
    for said, sent in ((5, 4), (0, 1), (4, 5), (2**256 - 1, 5)):
        with refused("wrong amount"):
            life.see.pay_late(ZERO, said, MEMO, 0, value=sent)
    with refused("wrong amount"):
        life.see.pay_late(token.address, 5, MEMO, 0, value=5)
    for mode in (FALSE, BURNS, DECLINES):
        token.set(mode, 0, False)
        with refused():
            late(life, 5, token)
    token.set(0, 0, False)
    token.approve(life.see.address, 4)
    with refused():
        late(life, 5, token)
    assert life.see.closed(token.address, 0) == (0, 900, 0)
    assert life.see.closed(ZERO, 0) == (0, 0, 0)
    life.see.claim_versions([life.seat(0, first(life), 0)], late_keys(life)[:1], [token.address])
    assert token.balanceOf(accounts(first(life))[0]) == 225


def test_a_late_payment_touches_its_currency_first(life: Life, kernel: Kernel) -> None:
    """Rule: of a currency with a stale book, what lies there is the old version's by right, the
    late payment its own, and the next plain one is the version's in force."""
    loose = kernel.chain.deploy("Token")
    loose.approve(life.see.address, 2**255)
    old = first(life)
    kernel.pay(life.see, 40, loose)
    late(life, 400, loose)
    kernel.pay(life.see, 7, loose)
    assert life.see.book(loose.address) == (1, 0)
    assert life.see.closed(loose.address, 0) == (40, 400, 0)
    assert dues(life, old, 0, loose.address) == [10, 30]
    assert dues(life, old, LATE, loose.address) == [100, 300]
    assert dues(life, life.agreement, 1, loose.address) == [7]


def test_late_payments_of_several_versions_stay_apart(life: Life, token: Contract) -> None:
    """Rule: each closed version has a late book of its own, through all later closings."""
    old, second = first(life), life.agreement
    late(life, 400)
    late(life, 400, token)
    life.amend(life.next(old.tree, currencies=named(token)))
    for version, amount in ((0, 40), (1, 70), (0, 4)):
        late(life, amount, version=version)
        late(life, amount, token, version)
    life.kernel.pay(life.see, 80)
    life.amend(life.next(Tree.of([(life.chain.account(), 1)])))
    late(life, 8, version=2)
    for currency, own in ((ZERO, 80), (token.address, 0)):
        assert dues(life, old, LATE, currency) == [111, 333]
        assert dues(life, second, 1 | LATE, currency) == [70]
        assert dues(life, old, 2, currency) == [own // 4, own * 3 // 4]
        assert life.see.received(currency) == 0
    assert dues(life, old, 2 | LATE) == [2, 6]
    (_, a), _ = seats(old)
    keys = [key(0, a, version) for version in (LATE, 2, 2 | LATE, 0, 1, 1 | LATE)]
    joins = [life.seat(0, old, 0), (2, *life.seat(0, old.changed(currencies=named(token)), 2)[1:])]
    life.see.claim_versions(joins, keys[:4], [ZERO, token.address])
    assert life.chain.balance(a) == 111 + 20 + 2
    assert token.balanceOf(a) == 111
    with refused("not joined"):
        life.see.claim_versions([], keys[4:], [ZERO])


@pytest.mark.parametrize("coin", ["native", "token"])
def test_late_amounts_are_bounded(life: Life, token: Contract, coin: str) -> None:
    """Rule: a late payment beyond 2**111 - 1, alone or with what is there, is refused, so that no
    book overflows; up to there all is theirs."""
    paid = token if coin == "token" else None
    currency = token.address if paid else ZERO
    chain, old = life.chain, first(life)
    chain.set_balance(chain.me, 2**200)
    for amount in (CAP + 1, 2**112, 2**144, 2**199):
        with refused("wrong amount"):
            late(life, amount, paid)
    late(life, CAP - 8, paid)
    with refused("wrong amount"):
        late(life, 9, paid)
    life.kernel.pay(life.see, 7, paid)
    with refused("wrong amount"):
        late(life, 2, paid)
    late(life, 1, paid)
    assert life.see.received(currency) == 7
    assert dues(life, old, LATE, currency) == parts(old.tree, CAP - 7)
    joins = [life.seat(n, old, 0) for n in (0, 1)]
    life.see.claim_versions([*joins, life.seat(0)], late_keys(life), [currency])
    with refused("wrong amount"):  # of one late book no more than the bound, for ever
        late(life, 8, paid)
    late(life, 7, paid)
    heir = accounts(life.agreement)[0]
    life.see.claim_versions([], [*late_keys(life), key(0, heir, 1)], [currency])
    had = [token.balanceOf(x) if paid else chain.balance(x) for x in (*accounts(old), heir)]
    assert had == [*parts(old.tree, CAP), 7]


def test_a_token_that_lies_about_late_payments_harms_itself(life: Life, token: Contract) -> None:
    """Rule: a token whose balance falls and rises under late payments pays what is there, and no
    book of the coin or of another token moves."""
    other = life.chain.deploy("Token")
    other.approve(life.see.address, 2**255)
    old = first(life)
    late(life, 400)
    late(life, 400, token)
    for _ in range(3):
        late(life, CAP // 4, other)
        other.rebase(life.see.address, 0)
    life.see.claim_versions([life.seat(0, old, 0)], [], [])
    with refused("nothing due"):
        life.see.claim_versions([], late_keys(life)[:1], [other.address])
    other.rebase(life.see.address, 2**200)
    with refused("wrong amount"):
        late(life, 5, other)
    other.rebase(life.see.address, 50)
    joins = [life.seat(n, old, 0) for n in (0, 1)]
    life.see.claim_versions(joins, late_keys(life), [other.address, ZERO, token.address])
    assert [life.chain.balance(x) for x in accounts(old)] == [100, 300]
    assert [token.balanceOf(x) for x in accounts(old)] == [100, 300]
    assert [other.balanceOf(x) for x in accounts(old)] == [50, 0]
