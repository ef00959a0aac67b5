"""Receipts of real payments; whatever is changed in one is found, offline or by the chain."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from hypothesis import given
from hypothesis import strategies as st

from seechain import SEE, Registry
from seechain.agreement.text import NATIVE
from seechain.chain.reverts import NotPublished
from seechain.errors import FileError, PaymentReceiptError
from seechain.payment_requests.payment_receipt import PaymentReceipt, divided
from seechain.payment_requests.payment_request import PaymentRequest
from seechain.payment_requests.receipt_making import differences, doubts, receipt_of
from tests.sdk.chain import deployed, key
from tests.sdk.conftest import ADA, BEN, CLEO, DESK, make_agreement
from tests.sdk.life import amend, joined, next_agreement

ETHER = 10**18
AWAY = "0x" + "ab" * 32


@pytest.fixture
def paid(see: SEE, port: LocalAccount) -> PaymentReceipt:
    """A receipt of 101 wei, of which one stays undivided."""
    return receipt_of(see, see.pay(101, memo="INV-7", sender=port).transaction_hash)


@pytest.fixture
def written() -> PaymentReceipt:
    """The same, written down by somebody who never saw a chain."""
    agreement = make_agreement()
    seats = [(each.account, each.shares, False, False) for each in agreement.table]
    return PaymentReceipt(
        chain_id=31337,
        see=key(7).address,
        payer=key(3).address,
        currency=NATIVE,
        amount=101,
        memo="INV-7",
        how="pay",
        block_number=9,
        time=1_800_000_000,
        transaction_hash=AWAY,
        log_index=0,
        version=0,
        undivided=1,
        parts=divided(101, seats),
        terms_hash=agreement.terms_hash,
        commitment=agreement.commitment,
    )


def changed(receipt: PaymentReceipt, change: Callable[[dict[str, Any]], object]) -> PaymentReceipt:
    fields = receipt.as_dict()
    change(fields)
    return PaymentReceipt.from_json(json.dumps(fields))


def with_another_member(receipt: PaymentReceipt) -> PaymentReceipt:
    """All of it adds up by itself; only the chain knows that it is another agreement's."""
    seats = [(each.account, each.shares, False, False) for each in receipt.parts]
    seats[0] = (key(7).address, *seats[0][1:])
    fields = {**dict(receipt), "parts": divided(receipt.amount, seats), "terms_hash": bytes(32)}
    return PaymentReceipt(**{**fields, "commitment": PaymentReceipt(**fields).table.hash})


def test_a_receipt_says_who_paid_and_what_each_gets(see: SEE, paid: PaymentReceipt) -> None:
    assert (paid.see, paid.payer, paid.currency) == (see.address, key(3).address, NATIVE)
    assert (paid.amount, paid.memo.rstrip(b"\0"), paid.how) == (101, b"INV-7", "pay")
    units = {each.account: each.units for each in paid.parts}
    assert units == {ADA: 40, BEN: 35, CLEO: 20, DESK: 5}
    assert paid.undivided == 1
    assert paid.commitment == see.commitment
    assert paid.time == see.w3.eth.get_block(paid.block_number)["timestamp"]
    assert paid.faults() == []
    assert differences(paid, see.w3) == []
    lines = str(paid).split("\n")
    assert lines[0] == "Receipt of a payment of 0.000000000000000101 ether"
    assert f"    {ADA}  40/100  0.00000000000000004 ether" in lines


def test_what_it_says_of_each_member_is_what_the_member_can_claim(
    see: SEE, paid: PaymentReceipt
) -> None:
    assert {each.account: each.units for each in paid.parts} == {
        each.account: see.due(each.account)[NATIVE] for each in see.members if each.shares
    }


def test_a_file_reads_back_the_same(paid: PaymentReceipt, tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    paid.save(path)
    assert PaymentReceipt.load(path) == paid


def test_a_token_late_payments_and_plain_transfers_have_receipts_too(
    see: SEE, usdc: Any, port: LocalAccount
) -> None:
    owner = key(0)
    in_token = see.pay("3 USDC", memo="INV-8", sender=owner).transaction_hash
    receipt = receipt_of(see, in_token)
    assert receipt.money(receipt.amount) == "3 USDC"
    assert receipt.parts[0].units * 100 == 3_000_000 * receipt.parts[0].shares
    sent = usdc.functions.transfer(see.address, 7).transact({"from": owner.address})
    plain = receipt_of(see, "0x" + sent.hex())
    assert (plain.how, plain.amount, plain.undivided) == ("transfer", 7, 7 - 2 - 2 - 1)
    amend(see, next_agreement(currencies=["native", usdc.address]))
    see = SEE(see.w3, see.address)
    late = receipt_of(see, see.pay(100, memo="INV-9", sender=port, version=0).transaction_hash)
    now = receipt_of(see, see.pay(100, memo="INV-10", sender=port).transaction_hash)
    assert (late.how, late.version, now.how, now.version) == ("late", 0, "pay", 1)
    assert {each.account: each.units for each in late.parts} == {
        ADA: 40,
        BEN: 35,
        CLEO: 20,
        DESK: 5,
    }
    assert now.commitment == see.commitment != late.commitment
    for each in (receipt, plain, late, now):
        assert differences(each, see.w3) == []


def test_a_seat_that_has_left_gets_nothing_and_the_others_all(
    see: SEE, ben: LocalAccount, port: LocalAccount
) -> None:
    before = see.pay(100, memo="INV-7", sender=port).transaction_hash
    joined(see)
    see.leave(ben)
    after = see.pay(65, memo="INV-8", sender=port).transaction_hash
    receipt = receipt_of(see, after)
    assert {each.account: each.units for each in receipt.parts} == {
        ADA: 40,
        BEN: 0,
        CLEO: 20,
        DESK: 5,
    }
    assert [each.account for each in receipt.parts if each.has_left] == [BEN]
    assert "has left" in str(receipt)
    assert not any(each.has_left for each in receipt_of(see, before).parts)
    assert differences(receipt, see.w3) == []
    hidden = changed(receipt, lambda fields: [each.pop("has_left", 0) for each in fields["parts"]])
    assert any("differs" in each for each in hidden.faults())


def test_a_splitter_gives_receipts(registry: Registry, port: LocalAccount) -> None:
    salt = b"stall".ljust(32)
    splitter = registry.create_splitter([(ADA, 2), (BEN, 1)], sender=key(0), salt=salt)
    receipt = receipt_of(splitter, splitter.pay(10, memo="x", sender=port).transaction_hash)
    assert sorted(each.units for each in receipt.parts) == [3, 6]
    assert (receipt.undivided, receipt.terms_hash) == (1, bytes(32))
    assert differences(receipt, splitter.w3) == []


def test_a_table_that_was_not_published_is_given_and_then_held_by_the_receipt(
    registry: Registry, port: LocalAccount
) -> None:
    agreement = make_agreement()
    consents = [registry.sign(agreement, key(number)) for number in (1, 2, 3)]
    made = registry.register(agreement, consents, sender=key(0), publish=False)
    paid = made.pay(100, memo="INV-7", sender=port).transaction_hash
    see = SEE(made.w3, made.address)
    with pytest.raises(NotPublished):
        receipt_of(see, paid)
    receipt = receipt_of(see, paid, table=agreement.table)
    assert differences(receipt, see.w3) == []
    lie = with_another_member(receipt)
    assert lie.faults() == []
    assert differences(lie, see.w3) == [
        "the share table is not the agreement's, which was not published: ask a member for it"
    ]


def test_a_receipt_names_the_request_that_it_was_paid_for(see: SEE, port: LocalAccount) -> None:
    request = PaymentRequest(
        see=see.address, chain_id=31337, currency=NATIVE, amount=100, memo="INV-7"
    )
    sent = see.pay(100, memo="INV-7", sender=port).transaction_hash
    receipt = receipt_of(see, sent, request=request)
    assert PaymentReceipt.from_json(receipt.to_json()).request == request
    assert differences(receipt, see.w3) == []
    assert receipt.request_differences(request) == []
    assert "  asked for  0.0000000000000001 ether" in str(receipt).split("\n")
    other = PaymentRequest(**{**request.model_dump(), "memo": "INV-8"})
    with pytest.raises(PaymentReceiptError, match="not for the request 'INV-8'"):
        receipt_of(see, sent, request=other)


def test_a_request_in_a_receipt_is_held_against_its_own_file(see: SEE, port: LocalAccount) -> None:
    fields = {"see": see.address, "chain_id": 31337, "currency": NATIVE, "memo": "RENT"}
    request = PaymentRequest(**fields, amount=10 * ETHER, description="Rent of June")
    receipt = receipt_of(
        see, see.pay(1, memo="RENT", sender=port).transaction_hash, request=request
    )
    assert "with this payment alone 9.999999999999999999 ether is missing" in str(receipt)
    lie = changed(
        receipt, lambda fields: fields["request"].update(amount="1", description="All of 2027")
    )
    assert differences(lie, see.w3) == []
    (doubt,) = doubts(lie, see)
    assert doubt.startswith("what it says of the request is on no chain and was not checked: hold")
    assert doubts(receipt, see, request) == []
    amount, description = lie.request_differences(request)
    assert amount.startswith("the amount of the request differs: the receipt says '1', the request")
    assert description.endswith("says 'All of 2027', the request 'Rent of June'")
    bare = changed(receipt, lambda fields: fields.pop("request"))
    assert doubts(bare, see) == []
    assert bare.request_differences(request) == ["the receipt names no request"]


def test_a_token_that_the_agreement_does_not_name_is_doubted(see: SEE, usdc: Any) -> None:
    forged = deployed(see.w3, "Token", "USDC", 6)
    found = [
        receipt_of(see, see.pay(7, currency=each.address, sender=key(0)).transaction_hash)
        for each in (usdc, forged)
    ]
    assert [differences(each, see.w3) for each in found] == [[], []]
    named, other = (doubts(each, see) for each in found)
    assert named == []
    assert other[0].startswith(f"the agreement does not name {forged.address}: anyone can make")
    amend(see, next_agreement(currencies=["native", forged.address]))
    assert doubts(found[0], SEE(see.w3, see.address)) == []  # that of its time does
    assert doubts(found[1]) == []


def test_a_transaction_that_pays_nothing_or_is_not_there_has_none(
    see: SEE, registry: Registry, ada: LocalAccount, port: LocalAccount
) -> None:
    see.pay(100, memo="INV-7", sender=port)
    claimed = see.claim(ADA, sender=ada).transaction_hash
    with pytest.raises(PaymentReceiptError, match=f"pays {see.address} nothing"):
        receipt_of(see, claimed)
    with pytest.raises(PaymentReceiptError, match="is in a block of chain 31337: check its hash"):
        receipt_of(see, AWAY)
    with pytest.raises(PaymentReceiptError, match="a transaction is 0x and 64 hex digits"):
        receipt_of(see, "INV-7")


def test_what_was_written_right_has_no_faults(written: PaymentReceipt) -> None:
    assert written.faults() == []


def set_part(**changes: object) -> Callable[[dict[str, Any]], object]:
    return lambda fields: fields["parts"][0].update(changes)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (set_part(units="41"), "the part of 0x.* differs: the receipt says"),
        (set_part(shares=41), "the shares are not those of the agreement"),
        (set_part(account=key(7).address), "the shares are not those of the agreement"),
        (set_part(pull_only=True), "the shares are not those of the agreement"),
        (lambda fields: fields["parts"].pop(), "the shares are not those of the agreement"),
        (lambda fields: fields["parts"].clear(), "the parts are no share table"),
        (lambda fields: fields["parts"].append(fields["parts"][0]), "the parts are no share table"),
        (lambda fields: fields.update(undivided="0"), ".*do not add up"),
        (lambda fields: fields.update(amount="201"), "the part of 0x.* differs"),
        (lambda fields: fields.update(commitment=AWAY), "the shares are not those of"),
        (lambda fields: fields.update(terms_hash=AWAY), "the shares are not those of"),
        (
            lambda fields: [each.update(has_left=True) for each in fields["parts"]],
            "all seats of the receipt have left",
        ),
    ],
)
def test_what_does_not_add_up_is_found_without_a_chain(
    written: PaymentReceipt, change: Callable[[dict[str, Any]], object], says: str
) -> None:
    found = changed(written, change).faults()
    assert any(re.match(says, each) for each in found), found


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"payer": DESK}, "the payer differs: the receipt says '0x9965"),
        ({"memo": "INV-8"}, "the memo differs"),
        ({"time": 1}, "the time, in unix seconds, differs"),
        ({"how": "transfer"}, "the way it was paid differs"),
        ({"block_number": 1}, "the block differs: the receipt says 1, the chain"),
        ({"log_index": 9}, "nothing at place 9 of the log"),
        ({"transaction_hash": AWAY}, "no transaction 0xabab"),
        ({"see": key(7).address}, "no SEE stands at"),
        ({"chain_id": 5}, "the receipt is of chain 5, the node of 31337"),
        ({"version": 1}, "the version of the agreement differs: the receipt says 1, the chain 0"),
    ],
)
def test_what_the_chain_says_otherwise_is_named(
    see: SEE, paid: PaymentReceipt, change: dict[str, Any], says: str
) -> None:
    lie = changed(paid, lambda fields: fields.update(change))
    assert lie.faults() == []
    found = differences(lie, see.w3)
    assert any(says in each for each in found), found


def test_another_table_with_a_commitment_of_its_own_is_named(
    see: SEE, paid: PaymentReceipt
) -> None:
    lie = with_another_member(paid)
    assert lie.faults() == []
    found = differences(lie, see.w3)
    assert any(each.startswith("the commitment differs") for each in found)
    assert any(key(7).address in each and "has no seat" in each for each in found)


def test_a_token_that_is_shown_with_other_decimals_is_named(see: SEE) -> None:
    sent = see.pay("3 USDC", memo="INV-8", sender=key(0)).transaction_hash
    lie = changed(receipt_of(see, sent), lambda fields: fields.update(decimals=0))
    assert lie.money(lie.amount) == "3000000 USDC"
    assert differences(lie, see.w3) == [
        "the number of decimals differs: the receipt says 0, the chain 6"
    ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": "invoice"}, "does not say format"),
        ({"format_version": 2}, "reads 1"),
        ({"amount": "1.5"}, "the amount is a whole number"),
        ({"payer": "Port"}, "the payer of the payment receipt"),
        ({"how": "cash"}, "a payment is by pay, transfer, late, payer, got 'cash'"),
        ({"how": ["pay"]}, "a payment is by"),
        ({"parts": {}}, "are a list"),
        ({"parts": [1]}, "fields with values"),
        ({"parts": [{"account": ADA}]}, "does not say its shares"),
        ({"memo": "\x1b[2J"}, "can hide or reorder"),
        ({"time": "today"}, "the time is a day"),
        ({"commitment": "0x12"}, "the commitment is 0x and 64 hex digits"),
        ({"request": {"format": "x"}}, "does not say format"),
        ({"request": 7}, "fields with values|payment request"),
        ({"stamp": 1}, "has no field 'stamp'"),
    ],
)
def test_what_is_no_receipt_is_refused_in_one_sentence(
    written: PaymentReceipt, change: dict[str, Any], says: str
) -> None:
    with pytest.raises(PaymentReceiptError, match=says) as caught:
        changed(written, lambda fields: fields.update(change))
    assert "\n" not in str(caught.value)


def test_what_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    path.write_text("{")
    with pytest.raises(PaymentReceiptError, match="is no JSON"):
        PaymentReceipt.load(path)
    with pytest.raises(FileError):
        PaymentReceipt.load(tmp_path / "none.json")


seats = st.lists(
    st.tuples(st.just(ADA), st.integers(1, 2**40), st.booleans(), st.booleans()), min_size=1
).filter(lambda seats: not all(has_left for *_, has_left in seats))


@given(st.integers(1, 2**111), seats)
def test_less_than_a_unit_for_each_seat_and_one_for_the_leavers_is_undivided(
    amount: int, seats: list[tuple[str, int, bool, bool]]
) -> None:
    parts = divided(amount, seats)
    total = sum(each.shares for each in parts)
    live = sum(each.shares for each in parts if not each.has_left)
    carried = amount - sum(each.units for each in parts)
    assert 0 <= carried <= len(parts)
    for each in parts:
        right = 0 if each.has_left else amount * each.shares // live
        assert right - 1 <= each.units <= right
    assert live == total or any(each.has_left for each in parts)
