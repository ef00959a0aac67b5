"""A history is the chain's to the unit: balances, dues and every portion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from eth_tester import EthereumTester, PyEVMBackend
from web3 import EthereumTesterProvider, Web3

from seechain import SEE, NodeError, Registry, ShareTable
from seechain.accounts import ZERO_ADDRESS
from seechain.beside.payer import Payer
from seechain.chain.events import Amended, Joined, Left, Redirected, Registered
from seechain.history import Fact, history
from seechain.sending.senders import Call, send
from seechain.splitter.claims import key_of
from tests.sdk.chain import deployed, key, rpc
from tests.sdk.conftest import ADA, BEN, CLEO, DESK, PORT, make_agreement, register
from tests.sdk.histories import HOSTILE, checked, gained, made, unlogged
from tests.sdk.life import EVE, amend, line, next_agreement, worth

MUTE = Path(__file__).parents[1] / "properties" / "hostile" / "Token.vy"


def sent(w3: Web3, to: str, amount: int, sender: int = 3) -> None:
    """A plain transfer of native coin."""
    value: Any = {"from": key(sender).address, "to": to, "value": amount}
    w3.eth.wait_for_transaction_receipt(w3.eth.send_transaction(value))


def moved(token: Any, to: str, amount: int, sender: int = 0) -> None:
    """A plain transfer of a token."""
    token.functions.transfer(to, amount).transact({"from": key(sender).address})


def test_what_came_and_who_had_what(see: SEE, w3: Web3, usdc: Any) -> None:
    before = {each: worth(see, each) for each in (ADA, BEN, CLEO, DESK)}
    see.pay(1001, memo="INV-7", sender=key(3))
    sent(w3, see.address, 500)
    see.pay(2000, currency=usdc.address, sender=key(0))
    moved(usdc, see.address, 7)
    see.claim(CLEO, sender=key(8))
    see.payout(sender=key(8))
    see.pay(99, sender=key(3))
    past = checked(see)
    assert unlogged(past) == {}
    assert [
        (each.currency, each.amount, each.payer, each.text, each.version, each.how)
        for each in past.payments
    ] == [
        ("native", 1001, PORT, "INV-7", 0, "pay"),
        ("native", 500, PORT, "", 0, "transfer"),
        (usdc.address, 2000, key(0).address, "", 0, "pay"),
        (usdc.address, 7, key(0).address, "", 0, "transfer"),
        ("native", 99, PORT, "", 0, "pay"),
    ]
    for account, worth_then in before.items():
        assert gained(past, account) == worth(see, account) - worth_then
        assert gained(past, account, usdc.address) == usdc.functions.balanceOf(account).call()
    ada = next(each for each in past.portions if each.account == ADA and each.how == "payout")
    assert (ada.shares, ada.total, ada.left, ada.received, ada.had, ada.due, ada.amount) == (
        (40, 100, 0, 1501, 0, 600, 600)
    )
    facts = [type(each.event) for each in past.facts]
    assert facts[0] is Registered
    assert Joined in facts
    block: Any = w3.eth.get_block(ada.block_number)
    assert ada.time == block["timestamp"]


def test_a_whole_life(see: SEE, w3: Web3, usdc: Any) -> None:
    see.pay(1000, sender=key(3))
    see.pay(1000, currency=usdc.address, sender=key(0))
    see.claim(BEN, sender=key(8))
    see.leave(key(1), voice=False)  # Ada's seat
    see.pay(777, sender=key(3))
    see.redirect(key(4), EVE)
    see.payout(sender=key(8))
    see.pay(333, sender=key(3))
    moved(usdc, see.address, 55)
    amend(see, next_agreement(currencies=["native", usdc.address]))
    see.pay(400, version=0, sender=key(3))
    see.pay(123, sender=key(3))
    see.claim(BEN, sender=key(8))
    see.pay(5000, currency=usdc.address, sender=key(0))
    see.payout(sender=key(8))
    see.pay(1, sender=key(3))
    past = checked(see)
    assert unlogged(past) == {}
    assert {type(each.event) for each in past.facts} >= {Registered, Amended, Left, Redirected}
    assert [each.version for each in past.payments if each.how == "late"] == [0]
    assert {each.to for each in past.portions if each.account == CLEO} == {EVE}
    by_ada = [each for each in past.portions if each.account == ADA and each.has_left]
    assert [(each.currency, each.amount) for each in by_ada] == [
        ("native", 400),
        (usdc.address, 400),
    ]


def test_what_could_not_be_paid_was_kept(registry: Registry, w3: Web3, usdc: Any) -> None:
    members = [
        line("Ada", ADA, 40, 1),
        line("Token", usdc.address, 35),  # it takes no coin
        line("Cleo", CLEO, 25, pull_only=True),
    ]
    see = register(registry, make_agreement(members=members), 1)
    for amount in (1000, 300):
        see.pay(amount, sender=key(3))
        see.payout(sender=key(8))
    past = checked(see)
    kept = [each for each in past.portions if each.how == "kept"]
    assert sorted((each.account, each.amount, each.due) for each in kept) == sorted(
        [(usdc.address, 0, 350), (CLEO, 0, 250), (usdc.address, 0, 455), (CLEO, 0, 325)]
    )
    see.claim(CLEO, sender=key(8))
    see.pay(50, sender=key(3))
    see.leave(key(1), voice=False)
    see.pay(17, sender=key(3))
    past = checked(see)
    assert gained(past, CLEO) == 325
    assert unlogged(past) == {}


def test_coin_that_came_without_a_log(see: SEE, w3: Web3) -> None:
    see.pay(1000, sender=key(3))
    rpc(w3, "anvil_setBalance", see.address, hex(1500))
    past = checked(see)
    (last,) = (each for each in past.payments if each.how == "unlogged")
    assert (last.amount, last.transaction_hash, last.log_index) == (500, "", -1)
    assert last.block_number == w3.eth.block_number == past.last
    see.claim(ADA, sender=key(8))
    see.payout(sender=key(8))
    rpc(w3, "anvil_setBalance", see.address, hex(worth(see, see.address) + 33))
    amend(see, next_agreement())
    past = checked(see)
    assert unlogged(past) == {"native": 533}
    assert {each.version for each in past.payments} == {0}


def test_what_came_before_it_was_registered(registry: Registry, w3: Web3, usdc: Any) -> None:
    agreement = make_agreement(currencies=["native", usdc.address], nonce=7)
    moved(usdc, registry.address_of(agreement), 1000)
    early = registry.deploy_clone(agreement, sender=key(8))
    early.pay(100, sender=key(3))
    past = checked(early, fresh=False)
    see = register(registry, agreement)
    sent(w3, see.address, 50)
    past = checked(see)
    assert [(each.amount, each.how) for each in past.payments] == [
        (1000, "early"),
        (100, "early"),
        (50, "transfer"),
    ]


def test_a_splitter_of_several_pages(registry: Registry, w3: Web3, usdc: Any) -> None:
    seats = [(f"0x{number:040x}", 1 + number % 7) for number in range(0x1000, 0x1000 + 70)]
    splitter = registry.create_splitter([*seats, (ADA, 11)], sender=key(8))
    splitter.pay(10_007, sender=key(3))
    splitter.claim(seats[40][0], sender=key(8))
    moved(usdc, splitter.address, 999)
    splitter.payout(sender=key(8))
    splitter.payout(usdc.address, sender=key(8))
    splitter.pay(503, sender=key(3))
    splitter.claim(ADA, sender=key(8))
    splitter.pay(703, sender=key(3))
    past = checked(splitter)
    assert unlogged(past) == {}
    assert usdc.address in past.currencies
    assert gained(past, seats[40][0]) == w3.eth.get_balance(seats[40][0])  # type: ignore[arg-type]


def test_a_token_that_was_named_late(see: SEE, registry: Registry, w3: Web3) -> None:
    other = deployed(w3, "Token", "EURC", 6)
    moved(other, see.address, 1000)
    amend(see, next_agreement())
    moved(other, see.address, 500)  # to the old table, which it is divided by until it is touched
    past = checked(see, currencies=["native", other.address])
    assert past.due()[other.address] == 1500
    see.touch(other.address, sender=key(8))
    moved(other, see.address, 100)
    see.payout(other.address, sender=key(8))
    past = checked(see)
    assert gained(past, CLEO, other.address) == 300
    assert [each.version for each in past.payments] == [0, 0, 1]


def test_a_token_that_was_touched_when_nothing_was_owed(see: SEE, w3: Web3) -> None:
    other = deployed(w3, "Token", "EURC", 6)
    amend(see, next_agreement())
    see.touch(other.address, sender=key(8))
    moved(other, see.address, 1000)
    past = checked(see, currencies=[other.address])
    assert [each.version for each in past.payments] == [1]
    see.payout(other.address, sender=key(8))
    past = checked(see)
    assert gained(past, EVE, other.address) == 150


def test_only_some_blocks_and_currencies(see: SEE, w3: Web3, usdc: Any) -> None:
    see.pay(1000, sender=key(3))
    see.payout(sender=key(8))
    middle = w3.eth.block_number
    see.pay(77, currency=usdc.address, sender=key(0))
    see.pay(100, sender=key(3))
    past = checked(see)
    early, late = history(see, last=middle), history(see, first=middle + 1)
    assert early.entries + late.entries == past.entries
    assert early.balances["native"] == sum(each.amount for each in early.payments) - 1000 == 0
    assert late.balances == past.balances
    only = history(see, currencies=[usdc.address])
    assert [each.amount for each in only.payments] == [77]
    assert [each for each in only.entries if isinstance(each, Fact)] == list(past.facts)


def test_a_table_that_was_not_published(registry: Registry) -> None:
    agreement = make_agreement(nonce=9)
    consents = [registry.sign(agreement, key(at)) for at in (1, 2, 3)]
    see = registry.register(agreement, consents, sender=key(0), publish=False)
    see.pay(1000, sender=key(3))
    see.payout(sender=key(8))
    bare = SEE(see.w3, see.address)
    with pytest.raises(Exception, match="can't be recovered from the chain"):
        history(bare)
    bare.give(agreement.table)
    assert isinstance(bare.table, ShareTable)
    checked(bare, fresh=False)


def test_who_paid_by_a_signature(registry: Registry, w3: Web3) -> None:
    token = deployed(w3, "SignedToken")
    token.functions.give(key(6).address, 10**9).transact({"from": key(0).address})
    payer = Payer.deploy(w3, sender=key(8))
    see = register(registry, make_agreement(currencies=["native", token.address]))
    payer.pay_with_permit(see, 250, currency=token.address, memo="INV-7", sender=key(6))
    signed = payer.authorization(see, 100, key(6), currency=token.address)
    payer.relay(signed, sender=key(8))
    amend(see, next_agreement(currencies=["native", token.address]))
    payer.pay_with_permit(see, 70, currency=token.address, version=0, sender=key(6))
    past = checked(see)
    assert [(each.amount, each.payer, each.version, each.how) for each in past.payments] == [
        (250, key(6).address, 0, "payer"),
        (100, key(6).address, 0, "payer"),
        (70, key(6).address, 0, "payer"),
    ]
    assert next(past.payments).text == "INV-7"
    assert past.due(CLEO)[token.address] == 70 + 14


def test_what_a_member_pays_back_while_others_are_paid(registry: Registry, w3: Web3) -> None:
    back = made(w3, HOSTILE / "SendsBack.vy")
    seats = {ADA: 1, back.address: 1, CLEO: 2}
    for pushed in (True, False):
        splitter = registry.create_splitter(seats, salt=1 + pushed, sender=key(8))
        splitter.pay(1000, sender=key(3))
        if pushed:
            splitter.payout(sender=key(8))
        else:
            for each in seats:
                splitter.join(each, sender=key(8), claims_native=False)
            # All of them have their part of what there was before the first of them was paid.
            table = splitter.table
            keys = [key_of(each, table.index(each), 0) for each in (back.address, ADA, CLEO)]
            data = splitter.interface.encode("claim_many", keys, [ZERO_ADDRESS])
            send(w3, Call(splitter.address, data, "claiming"), key(8))
        past = checked(splitter)
        assert unlogged(past) == {}
        assert [each.amount for each in past.payments] == [1000, 250]
        assert past.balances["native"] == 250


@pytest.mark.parametrize("sends", [1, 4])
def test_what_is_paid_back_of_coin_that_no_log_shows(
    registry: Registry, w3: Web3, sends: int
) -> None:
    """A payout of 2 units knows of one, and is paid one back: nothing is taken off for it."""
    back = made(w3, HOSTILE / "SendsBack.vy")
    splitter = registry.create_splitter({back.address: 3, ADA: 1}, salt=5, sender=key(8))
    splitter.pay(100, sender=key(3))
    rpc(w3, "anvil_setBalance", splitter.address, hex(100 + 40 * sends))
    splitter.payout(sender=key(8))
    past = checked(splitter)
    amounts = [each.amount for each in past.payments if each.how == "unlogged"]
    assert amounts
    assert min(amounts) > 0
    assert sum(amounts) == 40 * sends


def test_on_a_chain_within_python() -> None:
    w3 = Web3(EthereumTesterProvider(EthereumTester(PyEVMBackend())))
    accounts = w3.eth.accounts
    registry = Registry.deploy(w3, sender=accounts[0])
    splitter = registry.create_splitter([(accounts[1], 1), (accounts[2], 2)], sender=accounts[0])
    splitter.pay(1000, sender=accounts[3])
    splitter.payout(sender=accounts[0])
    past = checked(splitter)
    assert sorted(each.amount for each in past.portions) == [333, 666]
    for each in past.entries:
        assert each.time == w3.eth.get_block(each.block_number)["timestamp"]


def test_what_can_not_be_read_is_left_out(see: SEE, w3: Web3) -> None:
    mute = made(w3, MUTE, 0, False)
    mute.functions.set_balance(key(0).address, 10**9).transact({"from": key(3).address})
    see.pay(1000, currency=mute.address, sender=key(0))
    see.pay(70, sender=key(3))
    past = checked(see)
    assert (past.balances["native"], past.balances[mute.address]) == (70, 1000)
    for how in (1, 2, 3):
        mute.functions.set_mute(how).transact({"from": key(3).address})
        past = history(see)
        assert mute.address not in past.balances
        assert past.due()[mute.address] == 1000
        assert unlogged(past) == {}


def test_a_node_that_has_forgotten_and_one_that_fails(see: SEE, w3: Web3, forgets: Any) -> None:
    see.pay(1000, sender=key(3))
    see.payout(sender=key(8))
    middle = w3.eth.block_number
    see.pay(5, sender=key(3))
    forgets(middle)
    past = history(see, last=middle)
    assert past.balances == {}
    assert sum(each.amount for each in past.portions) == 1000
    forgets(w3.eth.block_number)
    with pytest.raises(NodeError):
        history(see)
