"""Cases in the life of a SEE that are worth a name, and a token that says anything at any time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.properties import agreement as a
from tests.properties.books_model import CAP, NATIVE, Seat
from tests.properties.chain import fast
from tests.properties.conftest import profile
from tests.properties.life_model import LATE
from tests.properties.life_world import Clone
from tests.properties.test_arithmetic import EDGES
from tests.properties.world import ANYONE, PAYER, ZERO, World, calldata, numbers

PEOPLE = ["0x" + (2**120 + at).to_bytes(20, "big").hex() for at in range(4)]
TOKEN = "plain"


class Stand:
    """One SEE of native coin and a token, and its people."""

    def __init__(self, *shares: int, world: World | None = None) -> None:
        self.world = world or World(fast())
        self.token = self.world.tokens[TOKEN]
        self.nonce = 0
        self.see = Clone(self.world, self.agreement(*shares))

    def agreement(self, *shares: int, accounts: list[str] | None = None) -> a.Agreement:
        self.nonce += 1
        seats = zip(accounts or PEOPLE, shares, strict=False)
        table = a.Table(tuple(Seat(account, part) for account, part in seats))
        return a.Agreement(table, ((0, 1),), (ZERO, self.token), self.nonce)

    def amend(self, *shares: int) -> None:
        assert self.see.amend(self.agreement(*shares), {0})

    def join(self) -> None:
        for at in range(len(self.see.now.table.seats)):
            assert self.see.join(at, False)

    def leave(self, at: int, *tokens: str) -> None:
        account = self.see.now.table.seats[at].account
        assert self.see.leave_seat(account, at, list(tokens), None)

    def receive(self, name: str, amount: int) -> None:
        if name == NATIVE:
            assert self.world.chain.send(PAYER, self.see.address, b"", amount)
        else:
            transfer = calldata("transfer(address,uint256)", self.see.address, amount)
            assert self.world.chain.send(PAYER, self.token, transfer)

    def say(self, balance: int) -> None:
        mint = calldata("set_balance(address,uint256)", self.see.address, balance)
        assert self.world.chain.send(ANYONE, self.token, mint)

    def mute(self, how: int) -> None:
        assert self.world.do(ANYONE, self.token, "set_mute(uint256)", how)

    def claim(self, version: int, *seats: int, late: int = 0, currency: str = ZERO) -> bool:
        keys = [self.see.key(version, at, late) for at in seats]
        return self.see.claim_versions([], keys, [currency])


def test_what_a_leave_does_not_divide_goes_to_who_stays() -> None:
    """98 units of 99 to one and one to the other: floors set 96 aside, so 2 are left."""
    stand = Stand(1, 98, 1)
    stand.join()
    stand.leave(0)
    stand.receive(NATIVE, 98)
    assert stand.see.dues(ZERO, 0) == [0, 96, 0]
    stand.leave(1)
    assert stand.see.dues(ZERO, 0) == [0, 96, 2]
    assert stand.claim(0, 1, 2)
    assert [stand.world.chain.balance(each) for each in PEOPLE[:3]] == [0, 96, 2]
    assert stand.world.chain.balance(stand.see.address) == 0


def test_a_token_that_could_not_be_read_closes_when_it_is_touched() -> None:
    """What came until then is the old table's; the leaver leaves it when somebody says so."""
    stand = Stand(1, 1)
    stand.join()
    for how in (1, 2, 3):
        version = stand.see.version
        stand.mute(how)
        stand.amend(1, 3)
        stand.receive(TOKEN, 100)
        assert stand.see.view("book(address)", stand.token) == [version, 0]
        assert not stand.see.do(ANYONE, "touch(address,uint256[])", stand.token, [])
        stand.mute(0)
        assert stand.see.dues(stand.token, version) == ([50, 50] if version == 0 else [25, 75])
        assert stand.see.do(ANYONE, "touch(address,uint256[])", stand.token, [])
        assert stand.see.view("book(address)", stand.token) == [version + 1, 0]
        assert stand.see.view("received(address)", stand.token) == [0]
        stand.join()
        assert stand.claim(version, 0, 1, currency=stand.token)
    stand.mute(1)
    stand.leave(0, stand.token)
    stand.mute(0)
    stand.receive(TOKEN, 4)
    assert stand.see.dues(stand.token, 3) == [1, 3]
    leaver = stand.see.key(0, 0)
    assert stand.see.do(ANYONE, "touch(address,uint256[])", stand.token, [leaver])
    stand.receive(TOKEN, 6)
    assert stand.see.dues(stand.token, 3) == [1, 9]


def test_late_money_goes_to_who_was_there_at_the_closing() -> None:
    stand = Stand(1, 1, 2)
    stand.join()
    stand.leave(0, stand.token)
    stand.amend(5, 5)
    assert stand.see.pay_late(ZERO, 300, 0)
    assert stand.see.pay_late(stand.token, 30, 0)
    assert stand.see.dues(ZERO, 0, LATE) == [0, 100, 200]
    assert stand.see.dues(stand.token, 0, LATE) == [0, 10, 20]
    assert stand.see.view("received(address)", ZERO) == [0]
    assert not stand.claim(0, 0, late=LATE)
    assert stand.claim(0, 1, 2, late=LATE)
    assert [stand.world.chain.balance(each) for each in PEOPLE[:3]] == [0, 100, 200]


def test_a_see_is_a_member_of_a_see() -> None:
    """Money passes through it, and it leaves by the voices of its own."""
    inner = Stand(1, 3)
    world, outer = inner.world, inner.see.address
    accounts = sorted([PEOPLE[3], outer])
    at = accounts.index(outer)
    stand = Stand(1, 1, world=world)
    assert stand.see.amend(stand.agreement(1, 1, accounts=accounts), {0})
    stand.join()
    for name, currency in ((NATIVE, ZERO), (TOKEN, stand.token)):
        stand.receive(name, 80)
        assert stand.see.payout(currency, 1, None)
        assert inner.see.dues(currency, 0) == [10, 30]
        stand.receive(name, 80)
        assert stand.claim(1, at, currency=currency)
        assert inner.see.dues(currency, 0) == [20, 60]
    assert not stand.see.leave_seat(outer, at, [], None), "nobody has signed"
    assert stand.see.leave_seat(outer, at, [stand.token], inner.see)
    stand.receive(NATIVE, 40)
    assert stand.see.dues(ZERO, 1)[1 - at] == 80
    assert inner.see.payout(ZERO, 0, 0)
    assert [world.chain.balance(each) for each in PEOPLE[:2]] == [20, 60]


def test_a_closed_book_of_little_owes_it_though_many_shares_have_left() -> None:
    """Of several pages, and less came than shares have left: a layout might mix the two up."""
    stand = Stand(1)
    many = ["0x" + (2**121 + at).to_bytes(20, "big").hex() for at in range(40)]
    assert stand.see.amend(stand.agreement(1000, *[1] * 39, accounts=many), {0})
    assert stand.see.join(0, False)
    stand.leave(0, stand.token)
    stand.receive(TOKEN, 39)
    stand.amend(1, 1)
    assert stand.see.dues(stand.token, 1) == [0, *[1] * 39]
    assert stand.see.claim_versions([(1, 1)], [stand.see.key(1, 1)], [stand.token])


def test_a_plain_claim_counts_in_the_first_payout_of_several_pages() -> None:
    stand = Stand(1)
    many = ["0x" + (2**121 + at).to_bytes(20, "big").hex() for at in range(40)]
    assert stand.see.amend(stand.agreement(*[1] * 40, accounts=many), {0})
    assert stand.see.join(0, False)
    stand.receive(NATIVE, 400)
    assert stand.see.do(ANYONE, "claim(uint256,address)", 0, many[0])
    assert stand.see.payout(ZERO, 1, None)
    assert [stand.world.chain.balance(account) for account in many] == [10] * 40


def test_a_redirect_that_left_a_token_out_holds_in_it_once_it_is_touched() -> None:
    """By anybody, or by the next amendment."""
    account, other = PEOPLE[0], PEOPLE[3]
    asked = calldata("holdings(address[])", [account, other])
    for amends, mute in ((False, 0), (True, 0), (True, 1)):
        stand = Stand(1, 1)
        stand.join()
        stand.receive(TOKEN, 2)
        assert stand.see.payout(stand.token, 0, 0)
        assert stand.see.redirect(account, other, stand.see.key(0, 0), [])
        stand.mute(mute)
        if amends:
            stand.amend(1, 1)
            stand.join()
        stand.mute(0)
        if mute or not amends:
            assert stand.see.do(ANYONE, "touch(address,uint256[])", stand.token, [])
        for amount in (1, 2):
            stand.receive(TOKEN, 2)
            assert stand.see.payout(stand.token, int(amends), 0)
            held = numbers(stand.world.chain.view(stand.token, asked))
            assert held == [1, amount]


ACTS = st.sampled_from(["amend", "leave", "touch", "claim", "payout", "late"])
SAYS = st.one_of(st.sampled_from([0, *EDGES, 2**255, 2**256 - 1]), st.integers(0, 2**113))


@profile(60)
@given(st.lists(st.tuples(SAYS, ACTS, st.integers(0, 3)), min_size=1, max_size=12))
def test_a_token_that_says_anything_stops_nothing(steps) -> None:
    """It may say any balance, or none, at any time: nothing but itself goes wrong."""
    stand = Stand(1, 2, 3)
    stand.join()
    left: set[int] = set()
    for balance, act, which in steps:
        stand.say(balance)
        stand.mute(which)
        if act == "amend":
            stand.amend(3, 2, 1)
            stand.join()
            left = set()
        elif act == "leave" and which < 2 and which not in left:
            stand.leave(which, stand.token)
            left.add(which)
        elif act == "touch":
            keys = [stand.see.key(0, at) for at in left]
            assert stand.see.do(ANYONE, "touch(address,uint256[])", stand.token, keys) == (
                which == 0
            )
        elif act == "claim":
            for version in range(stand.see.version + 1):
                stand.claim(version, 0, 1, 2, currency=stand.token)
        elif act == "payout":
            stand.see.payout(stand.token, stand.see.view("book(address)", stand.token)[0], 0)
        elif stand.see.version:
            stand.see.pay_late(stand.token, 1, 0)
    # The native coin knows nothing of it.
    stand.receive(NATIVE, 6 * 10**18)
    live = [seat.shares for seat in stand.see.now.table.seats]
    total = sum(part for at, part in enumerate(live) if at not in left)
    dues = [0 if at in left else 6 * 10**18 * part // total for at, part in enumerate(live)]
    assert stand.see.dues(ZERO, stand.see.version) == dues
    assert stand.claim(stand.see.version, 0, 1, 2)
    # Once it says the truth again, its next version starts with nothing and divides as it should.
    stand.mute(0)
    stand.say(0)
    stand.amend(1, 1)
    stand.join()
    stand.receive(TOKEN, 100)
    assert stand.see.dues(stand.token, stand.see.version) == [50, 50]
    assert stand.claim(stand.see.version, 0, 1, currency=stand.token)


def test_late_money_has_no_room_beside_a_balance_that_fell_from_the_cap() -> None:
    """Found by the campaign: "paid" went below its field and came out as all that there is."""
    stand = Stand(1, 1)
    stand.join()
    stand.say(CAP)
    stand.amend(1, 1)
    stand.join()
    stand.say(1000)
    assert stand.see.dues(stand.token, 1) == [0, 0]
    assert stand.see.pay_late(stand.token, 1, 0)
    assert not stand.see.pay_late(stand.token, 1, 0)
    assert stand.see.dues(stand.token, 1) == [0, 0]
    assert stand.see.view("received(address)", stand.token) == [0]
