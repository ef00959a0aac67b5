"""A member's parts of payments lose nothing: floors of cumulative amounts add up to the unit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seechain import ShareTable
from seechain.chain.events import Left
from seechain.history import PaidBy, Payment
from seechain.statements.entitled import Entitled

SEE = "0x" + "99" * 20
amounts = st.lists(st.integers(1, 10**24), min_size=1, max_size=12)


def account(index: int) -> str:
    return f"0x{index + 1:040x}"


def payment(amount: int, how: PaidBy = "pay", version: int = 0) -> Payment:
    return Payment(SEE, 1, 1, "", -1, "native", amount, "", bytes(32), version, how)


def left(table: ShareTable, index: int, shares: int) -> Left:
    return Left(SEE, 1, "", 0, table.seat(index).account, index, 0, "native", 0, shares)


@given(st.lists(st.integers(1, 2**40), min_size=2, max_size=6), amounts)
def test_parts_are_floors_of_all_that_came(shares: list[int], paid: list[int]) -> None:
    table = ShareTable.from_seats([(account(at), each) for at, each in enumerate(shares)])
    for index, own in enumerate(shares):
        entitled = Entitled(account(index), lambda version: table)
        parts = [entitled.pay(payment(each)) for each in paid]
        assert sum(each or 0 for each in parts) == sum(paid) * own // sum(shares)


@given(st.lists(st.integers(1, 2**40), min_size=3, max_size=6), amounts, amounts, amounts)
def test_parts_with_leavers_never_pass_what_came(
    shares: list[int], first: list[int], then: list[int], late: list[int]
) -> None:
    table = ShareTable.from_seats([(account(at), each) for at, each in enumerate(shares)])
    all_ = 0
    for index in range(len(shares)):
        entitled = Entitled(account(index), lambda version: table)
        mine = sum(entitled.pay(payment(each)) or 0 for each in first)
        mine += entitled.leave(left(table, 0, shares[0]))
        assert entitled.leave(left(table, 0, shares[0])) == 0  # it leaves once
        parts = [entitled.pay(payment(each)) for each in then]
        mine += sum(each or 0 for each in parts)
        parts_late = [entitled.pay(payment(each, "late")) for each in late]
        mine += sum(each or 0 for each in parts_late)
        if index == 0:
            assert mine == sum(first) * shares[0] // sum(shares)
            assert {*parts, *parts_late} == {None}
        all_ += mine
    undivided = sum(first) + sum(then) + sum(late) - all_
    assert 0 <= undivided < 3 * len(shares)


def test_who_has_no_seat_has_no_part() -> None:
    table = ShareTable.from_seats([(account(0), 1), (account(1), 2)])
    entitled = Entitled(account(7), lambda version: table)
    assert entitled.pay(payment(10)) is None
    assert entitled.leave(left(table, 0, 1)) == 0
