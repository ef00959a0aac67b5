"""Fixed Splitters, small and large: create, find, recover, claim and pay out by pages."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account import Account
from web3 import Web3

from seechain import SEE, Line, NothingDue, Registry, ShareTable, ShareTableError, Splitter
from seechain.accounts import checksum
from seechain.chain.events import Kept, PaidOut, Published
from seechain.chain.interface import of
from seechain.chain.reverts import (
    NotPublished,
    NotSeechain,
    Refused,
    WrongPage,
    WrongProof,
    WrongTable,
)
from seechain.sending.senders import Call, send
from tests.sdk.chain import key
from tests.sdk.conftest import make_agreement

SPLITTER = of("Splitter")
ADA, BEN = key(1).address, key(2).address


def many(seats: int) -> ShareTable:
    """A table of accounts that nobody has the keys of."""
    return ShareTable.from_seats(
        (checksum((10**40 + 7919 * at).to_bytes(20, "big")), 1 + at % 7) for at in range(seats)
    )


def test_a_splitter_is_created_once_for_each_salt(registry: Registry) -> None:
    splitter = registry.create_splitter({ADA: 60, BEN: 40}, sender=key(0))
    assert len(splitter.receipts) == 1
    again = registry.create_splitter([(BEN, 40), (ADA, 60)], sender=key(8))
    assert (again.address, again.receipts) == (splitter.address, ())
    other = registry.create_splitter({ADA: 60, BEN: 40}, sender=key(0), salt=1)
    assert other.address != splitter.address
    assert Splitter(registry.w3, other.address, salt=(1).to_bytes(32, "big")).table == again.table
    with pytest.raises(NotSeechain, match="give the salt that it was created with"):
        Splitter(registry.w3, other.address)
    with pytest.raises(NotSeechain, match="no Splitter stands at"):
        Splitter(registry.w3, ADA)


def test_a_splitter_splits_for_ever(registry: Registry, usdc: Any) -> None:
    address = registry.create_splitter({ADA: 60, BEN: 40}, sender=key(0)).address
    splitter = Splitter(registry.w3, address)
    assert set(splitter.members) == {Line(ADA, 60), Line(BEN, 40)}
    splitter.pay("1 ether", sender=key(3))
    splitter.pay(100, currency=usdc.address, memo="1", sender=key(0))
    assert splitter.due(ADA) == {"native": 6 * 10**17}
    splitter.claim(ADA, sender=key(8))
    splitter.payout(sender=key(8))
    assert splitter.due() == {"native": 0}
    splitter.payout(currency=usdc.address, sender=key(8))
    assert usdc.functions.balanceOf(BEN).call() == 40
    assert splitter.version == 0


@pytest.mark.parametrize(
    ("seats", "says"),
    [
        ([], "one seat word"),
        ([(ADA, 1), (ADA, 2)], "has two seats"),
        ([("0x" + "00" * 20, 1)], "account"),
        ([(ADA, 0)], "shares are a whole number"),
        ([(ADA, -1)], "shares are a whole number"),
        ([(ADA, 1.5)], "shares are a whole number"),
    ],
)
def test_a_table_that_can_not_stand_is_refused(
    registry: Registry, seats: list[Any], says: str
) -> None:
    with pytest.raises(ShareTableError, match=says):
        registry.create_splitter(seats, sender=key(0))


def test_100_seats_are_paid_out_whole(registry: Registry) -> None:
    table = many(100)
    splitter = registry.create_splitter(table, sender=key(0))
    (published,) = splitter.receipts.events
    assert isinstance(published, Published)
    splitter = Splitter(registry.w3, splitter.address)
    assert splitter.table == table
    splitter.pay("1 ether", sender=key(3))
    first = table.seat(77)
    assert splitter.due(first.account)["native"] == 10**18 * first.shares // table.shares
    splitter.claim(first.account, sender=key(8))
    receipts = splitter.payout(sender=key(8))
    assert len(receipts) == 1
    assert [event.page for event in receipts.events if isinstance(event, PaidOut)] == [0, 1, 2, 3]
    assert registry.w3.eth.get_balance(first.account) == 10**18 * first.shares // table.shares  # type: ignore[arg-type]
    with pytest.raises(NothingDue):
        splitter.payout(sender=key(8))


def test_a_whole_table_that_passes_a_transaction_goes_by_pages(registry: Registry) -> None:
    table = many(512)
    splitter = registry.create_splitter(table, sender=key(0), publish=False)
    splitter.pay("1 ether", sender=key(3))
    receipts = splitter.payout(sender=key(8))  # every account is new, which costs 25,000 more
    assert len(receipts) == 16
    assert receipts.gas_used > 2**24
    assert splitter.due()["native"] == 0
    splitter.pay("1 ether", sender=key(3))
    assert len(splitter.payout(sender=key(8))) == 1


def test_600_seats_are_published_and_paid_out_by_pages(registry: Registry) -> None:
    table = many(600)
    address = registry.create_splitter(table, sender=key(0)).address
    made = registry.w3.eth.block_number
    splitter = Splitter(registry.w3, address, block=made - 5)
    assert splitter.table == table
    with pytest.raises(NotPublished):
        _ = Splitter(registry.w3, address, block=made + 1).table
    splitter.pay("1 ether", sender=key(3))
    last = table.seat(599).account
    splitter.claim(last, sender=key(8))
    with pytest.raises(NothingDue):
        splitter.claim(last, sender=key(8))
    receipts = splitter.payout(sender=key(8))
    assert len(receipts) == table.pages == 19
    assert not [event for event in receipts.events if isinstance(event, Kept)]
    paid = sum(registry.w3.eth.get_balance(seat.account) for seat in table)  # type: ignore[arg-type]
    assert 10**18 - len(table) < paid <= 10**18


def test_more_than_1000_seats_are_published_only_when_asked(registry: Registry) -> None:
    table = many(1001)
    splitter = registry.create_splitter(table, sender=key(0))
    assert len(splitter.receipts) == 1
    with pytest.raises(NotPublished):
        _ = Splitter(registry.w3, splitter.address).table
    assert Splitter(registry.w3, splitter.address, table=table).members == splitter.members
    salt = bytes(31) + b"\1"
    again = registry.create_splitter(table, sender=key(0), salt=salt, publish=True)
    assert len(again.receipts) == 1 + 8
    assert Splitter(registry.w3, again.address, salt=salt).table == table


def test_a_see_of_several_pages_lives_as_one_of_one(registry: Registry) -> None:
    agreement = make_agreement(seats=many(200).words)
    consents = [registry.sign(agreement, key(number)) for number in (1, 2, 3)]
    see = registry.register(agreement, consents, sender=key(0))
    assert len(see.receipts) == 1 + 2
    see = SEE(registry.w3, see.address)
    assert see.table == agreement.table
    assert len(see.members) == 205
    see.pay("1 ether", sender=key(3))
    see.claim(ADA, sender=key(8))
    assert len(see.payout(sender=key(8))) == 1
    assert see.due() == {"native": 0}
    end = see.deregistration()
    see.deregister([see.sign(end, key(1)), see.sign(end, key(2))], sender=key(8))
    assert see.state == "ended"


def test_an_interrupted_publication_is_resumed(registry: Registry) -> None:
    table = many(300)
    splitter = registry.create_splitter(table, sender=key(0), publish=False)
    data = of("Registry").encode(
        "publish", splitter.address, splitter.table_key, 5, [table.page(5)], [table.proof(5)]
    )
    send(registry.w3, Call(registry.address, data, "publishing"), key(8))
    with pytest.raises(NotPublished, match="at most 32 of its seats are published"):
        _ = Splitter(registry.w3, splitter.address).table
    assert len(splitter.publish(sender=key(8))) == 3
    assert Splitter(registry.w3, splitter.address).table == table


def test_a_table_that_was_tampered_with_is_refused(registry: Registry) -> None:
    splitter = registry.create_splitter({ADA: 60, BEN: 40}, sender=key(0))
    with pytest.raises(WrongTable, match=r"not the share table that 0x.* is committed to"):
        Splitter(registry.w3, splitter.address, table=ShareTable.from_seats([(ADA, 61)]))


class Attack:
    """Joins and payouts past the SDK's own checks, so that it is the contract that refuses."""

    def __init__(self, splitter: Splitter) -> None:
        self.splitter = splitter

    def send(self, name: str, *arguments: object) -> None:
        data = SPLITTER.encode(name, self.splitter.table_key, *arguments)
        send(self.splitter.w3, Call(self.splitter.address, data, f"the {name}"), key(8))

    def refused(self, kind: type[Refused], name: str, *arguments: object) -> None:
        with pytest.raises(kind) as caught:
            self.send(name, *arguments)
        assert "0x08c379a0" not in str(caught.value)
        assert str(caught.value).startswith(f"the {name} was refused: {kind.sentence}")


def test_the_contract_refuses_wrong_pages_and_proofs(registry: Registry) -> None:
    table = many(100)
    splitter = registry.create_splitter(table, sender=key(0))
    splitter.pay("1 ether", sender=key(3))
    attack = Attack(splitter)
    page, proof = table.page(1), table.proof(1)
    # A page under another number, of a table and beyond it.
    for index in (0, 64, 128):
        attack.refused(WrongPage, "join_page", index, page, proof)
    attack.refused(WrongPage, "payout_page", 0, page, proof)
    # A wrong proof: of another page, short, long, none.
    attack.refused(WrongPage, "join_page", 32, page, table.proof(2))
    for wrong in (proof[:64], proof + bytes(64), b""):
        attack.refused(WrongProof, "join_page", 32, page, wrong)
    # An inner node as a page of four seats, with a shorter proof.
    node = b"".join(
        part
        for at in (0, 1)
        for part in (
            Web3.keccak(table.page(at)),
            table.page_shares(at).to_bytes(32, "big"),
        )
    )
    attack.refused(WrongProof, "payout_page", 0, node, table.proof(0)[64:])
    attack.refused(WrongPage, "payout_page", 0, node, table.proof(0))
    # Shares of its own.
    changed = page[:31] + bytes([page[31] + 1]) + page[32:]
    attack.refused(WrongPage, "join_page", 32, changed, proof)
    # Not all pages, or in another order.
    pages = [table.page(at) for at in range(4)]
    attack.refused(WrongPage, "payout_whole", pages[:3])
    attack.refused(WrongPage, "payout_whole", [pages[1], pages[0], *pages[2:]])
    # A table of several pages is not joined as one of a single page.
    attack.refused(WrongPage, "join", 32, page)
    attack.send("join_page", 32, page, proof)


def test_a_stranger_has_no_seat(registry: Registry) -> None:
    splitter = registry.create_splitter({ADA: 60, BEN: 40}, sender=key(0))
    with pytest.raises(ShareTableError, match="has no seat"):
        splitter.claim(Account.create().address, sender=key(8))
