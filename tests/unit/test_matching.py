"""Which payment belongs to which request: each payment has one place, and sums hold to the unit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seechain.agreement.text import NATIVE
from seechain.errors import PaymentRequestError
from seechain.history import Payment
from seechain.payment_requests.matching import Matched, Paying, Standing, match
from seechain.payment_requests.payment_request import PaymentRequest, read_memo

SEE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
OTHER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
USDC = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"
NONE = bytes(32)
SEVEN, EIGHT = read_memo("INV-7"), read_memo("INV-8")


def asked(amount: int = 100, memo: object = "INV-7", **changed: Any) -> PaymentRequest:
    fields = {"see": SEE, "chain_id": 1, "currency": NATIVE, "amount": amount, "memo": memo}
    return PaymentRequest(**{**fields, **changed})


def paid(amount: int = 100, memo: bytes = SEVEN, place: int = 10, **changed: Any) -> Payment:
    """In block `place`, at that many seconds."""
    made = Payment(SEE, place, place, f"0x{place:064x}", 0, NATIVE, amount, OTHER, memo, 0, "pay")
    return replace(made, **changed)


def standing(requests: list[PaymentRequest], *payments: Payment, now: int = 99) -> Standing:
    return match(requests, payments, now).standings[0]


@pytest.mark.parametrize(
    ("amounts", "status", "missing", "over", "duplicates", "says"),
    [
        ([], "open", 100, 0, 0, "open: 0.0000000000000001 ether to be paid"),
        ([100], "paid", 0, 0, 0, "paid: 0.0000000000000001 ether"),
        ([40], "partly paid", 60, 0, 0, "0.00000000000000006 ether is missing of"),
        ([40, 60], "paid", 0, 0, 0, "paid: "),
        ([40, 61], "over-paid", 0, 1, 0, "over-paid: 0.000000000000000001 ether more than"),
        ([100, 100], "over-paid", 0, 100, 1, "1 paid again"),
    ],
)
def test_what_has_the_memo_counts(
    amounts: list[int], status: str, missing: int, over: int, duplicates: int, says: str
) -> None:
    payments = [paid(amount, place=number) for number, amount in enumerate(amounts, 1)]
    found = standing([asked()], *payments)
    assert (found.status, found.missing, found.over) == (status, missing, over)
    assert len(found.duplicates) == duplicates
    assert found.is_paid is (missing == 0)
    assert says in str(found)


def test_late_is_from_the_instant_of_the_expiry_on() -> None:
    request = asked(expires=50)
    assert not standing([request], paid(place=49)).late
    late = standing([request], paid(place=50))
    assert (late.late, late.status) == (True, "paid")
    assert str(late).endswith(", late")
    assert standing([request], now=49).status == "open"
    assert standing([request], now=50).status == "expired"
    assert match([request], [], None).standings[0].status == "open"


def test_another_currency_or_version_with_the_memo_does_not_count_and_is_told() -> None:
    found = standing([asked(version=2)], paid(currency=USDC), paid(version=1, place=11))
    assert [why for _, why in found.misfits] == ["wrong currency", "wrong version"]
    assert found.status == "open"
    assert "with its memo in the wrong currency" in str(found)
    assert standing([asked(version=1)], paid(version=1)).is_paid


def test_a_memo_in_two_currencies_goes_to_the_one_it_was_paid_in() -> None:
    in_coin, in_token = asked(), asked(currency=USDC, version=0)
    assert match([in_coin, in_token], [paid(currency=USDC)]).standings[1].is_paid
    late = match([in_coin, in_token], [paid(currency=USDC, version=1)])
    assert [why for _, why in late.standings[1].misfits] == ["wrong version"]


def test_without_a_memo_only_the_exact_amount_of_the_only_open_request_counts() -> None:
    plain = paid(memo=NONE)
    found = standing([asked(), asked(99, "INV-8")], plain)
    assert found.matches[0].by_amount
    assert str(found).endswith(", matched by amount")
    two = match([asked(), asked(memo="INV-8")], [plain])
    assert two.unmatched == (plain,)
    for other in (
        paid(101, NONE),
        paid(100, NONE, currency=USDC),
        paid(100, NONE, see=OTHER),
    ):
        assert match([asked()], [other]).unmatched == (other,)


def test_a_trifle_with_the_memo_does_not_keep_the_exact_amount_from_counting() -> None:
    trifle, plain = paid(1, place=1), paid(memo=NONE, place=2)
    found = standing([asked()], trifle, plain)
    assert [each.by_amount for each in found.matches] == [False, True]
    assert (found.status, found.over) == ("over-paid", 1)
    assert match([asked()], [trifle, plain, paid(memo=NONE, place=3)]).unmatched  # all is paid
    # Nor does it send the money to another request.
    two = match([asked(), asked(memo="INV-8")], [trifle, plain])
    assert two.unmatched == (plain,)


def test_what_only_a_tokens_log_says_is_said() -> None:
    found = standing([asked(currency=USDC)], paid(currency=USDC, as_logged=True))
    assert str(found).endswith("as the token's log has it")


def test_a_payment_of_the_very_amount_of_which_less_arrived_is_said_while_it_is_open() -> None:
    request = asked(currency=USDC, symbol="USDC", decimals=0, first_block=10, expires=20, version=1)
    fields = {"currency": USDC, "version": 1, "logged": 100}
    short = paid(90, NONE, **fields)
    matched = match([request], [short])
    assert (matched.standings[0].short, matched.unmatched) == ((short,), (short,))
    logged = f"a payment of 100 USDC was logged in {short.transaction_hash}, of which 90 USDC"
    assert str(matched.standings[0]).startswith(f"open: 100 USDC to be paid, {logged} arrived, or")
    for other in (
        {"logged": 99},
        {"logged": None},
        {"see": OTHER},
        {"version": 0},
        {"currency": NATIVE},
        {"place": 9},
        {"place": 20},
    ):
        assert standing([request], paid(90, NONE, **{**fields, **other})).short == ()
    none = paid(0, NONE, 11, **fields)
    assert "2 payments of 100 USDC were logged, the last in" in (
        said := str(standing([request], short, none))
    )
    assert f"{none.transaction_hash}, of which nothing arrived" in said
    whole = paid(place=12, currency=USDC, version=1)
    assert str(standing([request], short, whole)) == "paid: 100 USDC"
    assert standing([request], whole, paid(90, NONE, 13, **fields)).short == ()


def test_without_a_memo_nothing_counts_before_the_request_or_after_its_expiry() -> None:
    request = asked(first_block=10, expires=20)
    assert match([request], [paid(memo=NONE, place=9)]).unmatched
    assert match([request], [paid(memo=NONE, place=10)]).all_paid
    assert match([request], [paid(place=9)]).unmatched  # nor with one
    assert match([request], [paid(memo=NONE, place=20)]).unmatched
    assert match([request], [paid(memo=NONE, place=19)]).all_paid


def test_what_comes_later_moves_nothing_that_was_matched() -> None:
    payments = [paid(memo=NONE, place=1), paid(place=2), paid(memo=EIGHT, place=3)]
    requests = [asked(), asked(memo="INV-8")]
    # Two are open when the plain one comes, so it is nobody's for ever.
    assert match(requests, payments).unmatched == (payments[0],)
    # One is paid by then: the plain one is the other's.
    payments = [paid(place=1), paid(memo=NONE, place=2)]
    assert match(requests, payments[::-1]).all_paid


def test_what_no_log_knows_of_came_last_in_its_block() -> None:
    logged = paid(memo=NONE, log_index=3)
    unlogged = paid(memo=NONE, transaction_hash="", log_index=-1, payer="", how="unlogged")
    assert match([asked()], [unlogged, logged]).unmatched == (unlogged,)


def test_a_memo_that_nobody_asked_for_is_unmatched() -> None:
    other = paid(memo=EIGHT)
    assert match([asked()], [other]).unmatched == (other,)
    assert match([asked(memo=None)], [other]).unmatched == (other,)


def test_requests_that_nobody_can_tell_apart_are_refused() -> None:
    with pytest.raises(PaymentRequestError, match="have the memo 'INV-7': give each its own"):
        match([asked(), asked(200)], [])
    with pytest.raises(PaymentRequestError, match="of chains 1, 10"):
        match([asked(), asked(memo="INV-8", chain_id=10)], [])


def test_the_same_log_counts_once_and_two_logs_of_a_transaction_twice() -> None:
    assert standing([asked()], paid(), paid()).paid == 100
    assert standing([asked()], paid(), paid(log_index=1)).paid == 200


MEMOS = [NONE, SEVEN, EIGHT, read_memo("else")]
payments = st.lists(
    st.builds(
        paid,
        st.sampled_from([-5, 0, 1, 50, 100, 2**111]),
        st.sampled_from(MEMOS),
        st.integers(0, 30),
        log_index=st.integers(0, 3),
        currency=st.sampled_from([NATIVE, USDC]),
        version=st.integers(0, 1),
        see=st.sampled_from([SEE, OTHER]),
    ),
    max_size=30,
)
requests = st.lists(
    st.builds(
        asked,
        st.sampled_from([1, 50, 100]),
        st.sampled_from([*MEMOS[:3], None]),
        currency=st.sampled_from([NATIVE, USDC]),
        version=st.none() | st.integers(0, 1),
        expires=st.none() | st.integers(1, 30),
        first_block=st.integers(0, 30),
    ),
    max_size=6,
    unique_by=lambda each: (each.memo, each.currency, each.version),
)


def places(matched: Matched) -> list[Paying]:
    counted = [each.payment for one in matched.standings for each in one.matches]
    misfits = [each for one in matched.standings for each, _ in one.misfits]
    return [*counted, *misfits, *matched.unmatched]


@given(requests, payments)
def test_each_payment_has_one_place_and_the_sums_hold_to_the_unit(
    asked_for: list[PaymentRequest], came: list[Payment]
) -> None:
    logs = {(each.see, each.block_number, each.log_index): each for each in reversed(came)}
    matched = match(asked_for, came)
    found = places(matched)
    assert len(found) == len(logs)
    assert {id(each) for each in found} == {id(each) for each in logs.values()}
    assert sum(each.amount for each in found) == sum(each.amount for each in logs.values())
    for one in matched.standings:
        assert one.paid - one.over + one.missing == one.request.amount
        assert min(one.over, one.missing) == 0
        before = 0
        for each in one.matches:
            assert each.duplicate == (before >= one.request.amount)
            assert each.payment.amount > 0
            before += each.payment.amount
            assert each.payment.currency == one.request.currency
            assert each.payment.see == one.request.see
            assert each.by_amount == (not any(each.payment.memo))
            assert one.request.version in (None, each.payment.version)
        for payment, _ in one.misfits:
            assert payment.memo == one.request.memo


@given(requests, payments, st.integers(0, 31))
def test_what_was_matched_stays_matched(
    asked_for: list[PaymentRequest], came: list[Payment], block: int
) -> None:
    before = match(asked_for, [each for each in came if each.block_number < block])
    after = match(asked_for, came)
    for early, late in zip(before.standings, after.standings, strict=True):
        assert late.matches[: len(early.matches)] == early.matches
        assert late.misfits[: len(early.misfits)] == early.misfits
    assert after.unmatched[: len(before.unmatched)] == before.unmatched
