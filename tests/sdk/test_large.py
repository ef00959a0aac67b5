"""A large SEE: its table stays in a store, and it is paid out by parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from web3 import Web3

from seechain import (
    SEE,
    Journal,
    JournalError,
    NothingDue,
    Registry,
    ShareStore,
    ShareTable,
    ShareTableError,
)
from seechain.accounts import checksum
from seechain.chain.reverts import AlreadyLeft, NotPublished, WrongTable
from seechain.share_table import pack_seats
from tests.sdk.chain import key
from tests.sdk.conftest import make_agreement

MANY = [(checksum((10**40 + 7919 * at).to_bytes(20, "big")), 1 + at % 7) for at in range(150)]
FEW = pack_seats(MANY)
FEWER = pack_seats([(account, shares + 1) for account, shares in MANY[20:]])


@pytest.fixture
def unpublished(registry: Registry, usdc: Any, voices: list[LocalAccount]) -> SEE:
    agreement = make_agreement(currencies=["native", usdc.address], seats=FEW)
    consents = [registry.sign(agreement, account) for account in voices]
    return registry.register(agreement, consents, sender=key(0), publish=False)


def test_members_claim_from_a_store(
    unpublished: SEE,
    registry: Registry,
    usdc: Any,
    w3: Web3,
    voices: list[LocalAccount],
    tmp_path: Path,
) -> None:
    table = unpublished.table
    path = ShareStore.write(tmp_path / "members", table)
    with pytest.raises(NotPublished):
        SEE(w3, unpublished.address).due(MANY[7][0])
    with ShareStore(path, signed=unpublished.in_force.table_hash) as store:
        see = SEE(w3, unpublished.address, table=store)
        see.pay("1 ether", sender=key(0))
        see.pay(10**6, currency=usdc.address, sender=key(0))
        account, shares = MANY[7]
        due = {
            "native": 10**18 * shares // table.shares,
            usdc.address: 10**6 * shares // table.shares,
        }
        assert see.due(account) == due == unpublished.due(account)
        see.claim(account, sender=key(8))
        assert w3.eth.get_balance(account) == due["native"]
        assert usdc.functions.balanceOf(account).call() == due[usdc.address]
        with pytest.raises(ShareTableError, match="has no seat in this share table"):
            see.claim(key(19).address, sender=key(8))
        see.leave(voices[0], seat=True, voice=False)
        with pytest.raises(AlreadyLeft):
            see.leave(voices[0], seat=True, voice=False)
        following = make_agreement(
            name="Night Market, again", currencies=["native", usdc.address], seats=FEWER
        )
        amendment = see.amendment(following)
        consents = [see.sign(amendment, account) for account in voices]
        see.amend(following, consents, sender=key(8), publish=False)
        see.pay("1 ether", sender=key(0))
    # The old version's table and the new one's, each from a store of its own.
    stores = [ShareStore(path), ShareStore(ShareStore.write(tmp_path / "next", following.table))]
    again = SEE(w3, unpublished.address, table=stores[0])
    again.give(stores[1])
    dropped, kept = MANY[3], MANY[40]
    again.claim(dropped[0], sender=key(8))
    assert w3.eth.get_balance(dropped[0]) == 10**18 * dropped[1] // table.shares
    again.claim(kept[0], sender=key(8))
    new = 10**18 * (kept[1] + 1) // following.table.shares
    assert w3.eth.get_balance(kept[0]) == 10**18 * kept[1] // table.shares + new


def test_a_store_of_another_table_is_refused(unpublished: SEE, w3: Web3, tmp_path: Path) -> None:
    other = ShareStore(ShareStore.write(tmp_path / "other", ShareTable.from_seats(MANY)))
    with pytest.raises(WrongTable):
        SEE(w3, unpublished.address, table=other)


def test_a_large_table_is_paid_out_by_parts(unpublished: SEE, usdc: Any, w3: Web3) -> None:
    see, table = unpublished, unpublished.table
    see.pay("1 ether", sender=key(0))
    see.pay(10**6, currency=usdc.address, sender=key(0))
    before = {seat.account: w3.eth.get_balance(seat.account) for seat in table}
    receipts = see.payout(sender=key(8), pages=[3, 1, 3])
    assert len(receipts) == 4  # two pages, two currencies
    for at, seat in enumerate(table):
        paid = 10**18 * seat.shares // table.shares if at // 32 in (1, 3) else 0
        assert w3.eth.get_balance(seat.account) - before[seat.account] == paid
    with pytest.raises(NothingDue, match="can be paid out on these pages now"):
        see.payout(sender=key(8), pages=[1])
    with pytest.raises(ShareTableError, match="there is no page 5"):
        see.payout(sender=key(8), pages=[5])
    # Most pages, which otherwise the call over the whole table would pay, and the others too.
    assert len(see.payout("native", sender=key(8), pages=range(4))) == 2
    assert see.due(table.seat(128).account)["native"] > 0
    for wrong in ("1", 1.0, True):
        with pytest.raises(ShareTableError, match="a page is a whole number from 0 on"):
            see.payout(sender=key(8), pages=[wrong])  # type: ignore[list-item]


def test_no_page_is_not_all_pages_to_a_journal(unpublished: SEE, w3: Web3, tmp_path: Path) -> None:
    unpublished.pay("1 ether", sender=key(0))
    with Journal("October", directory=tmp_path):
        unpublished.payout("native", sender=key(8))
    again = Journal("October", directory=tmp_path)
    with again, pytest.raises(JournalError, match="was no part of it"):
        unpublished.payout("native", sender=key(8), pages=[])
