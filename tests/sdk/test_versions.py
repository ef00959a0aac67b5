"""Money over the versions of a SEE: due, claimed and paid out, also years and chains later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from web3 import Web3

from seechain import SEE, NothingDue, Registry, ShareTableError
from seechain.chain.events import Claimed, Closed, Joined
from seechain.chain.reverts import (
    CurrencyFailed,
    NodeError,
    NotExpired,
    NotLeft,
    NotPublished,
    PaymentFailed,
)
from tests.sdk.chain import anvil, deployed, key, rpc, warp
from tests.sdk.conftest import ADA, BEN, CLEO, DESK, PORT, make_agreement, register
from tests.sdk.life import DAY, EVE, amend, joined, line, next_agreement, worth
from tests.sdk.test_journal import changing

# Code that fails at once; that burns its gas in a loop; that reverts; that is none.
FAULTS = {"invalid": "0xfe", "endless": "0x5b5f56", "reverting": "0x5f5ffd", "none": "0x"}


@contextmanager
def broken(w3: Web3, token: Any, fault: str = "invalid") -> Iterator[None]:
    """A token that can't be read for as long as this lasts."""
    code = w3.eth.get_code(token.address).hex().removeprefix("0x")
    rpc(w3, "anvil_setCode", token.address, FAULTS[fault])
    yield
    rpc(w3, "anvil_setCode", token.address, "0x" + code)


# ---------------------------------------------------------------- claim


def test_a_claim_takes_all_versions_in_one_transaction_and_joins_the_new_one(
    see: SEE, usdc: Any
) -> None:
    currencies = ["native", usdc.address]
    see.pay(1000, sender=key(3))
    see.pay(1000, currency=usdc.address, sender=key(0))
    for nonce in (1, 2):
        amend(see, next_agreement(currencies=currencies, nonce=nonce), 1, 2, *range(3, 2 + nonce))
        see.pay(1000, sender=key(3))
        see.pay(1000, currency=usdc.address, sender=key(0))
    see.pay(1000, version=0, sender=key(3))
    assert see.due(ADA) == {"native": 2 * 400 + 2 * 300, usdc.address: 400 + 2 * 300}
    before = worth(see, ADA)
    (receipt,) = see.claim(ADA, sender=key(8))
    assert worth(see, ADA) - before == 1400
    assert usdc.functions.balanceOf(ADA).call() == 1000
    assert [each.version for each in receipt.events if isinstance(each, Joined)] == [0, 1, 2]
    assert see.due(ADA) == {"native": 0, usdc.address: 0}
    with pytest.raises(NothingDue, match=rf"nothing is due to Ada \({ADA}\) now: wait"):
        see.claim(ADA, sender=key(8))
    # From now on it is one plain claim.
    see.pay(1000, sender=key(3))
    (receipt,) = see.claim(ADA, sender=key(1))
    assert receipt.gas_used < 60_000


def test_a_claim_of_the_old_version_alone_joins_the_new_one_too(see: SEE) -> None:
    see.pay(1000, sender=key(3))
    amend(see, next_agreement())
    (receipt,) = see.claim(ADA, sender=key(8))
    assert {each.version for each in receipt.events if isinstance(each, Joined)} == {0, 1}
    assert [(e.version, e.amount) for e in receipt.events if isinstance(e, Claimed)] == [(0, 400)]


def test_who_is_out_claims_and_who_came_in_has_no_part_of_before(see: SEE) -> None:
    see.pay(1000, sender=key(3))
    amend(see, next_agreement())
    assert see.due(CLEO)["native"] == 200
    assert see.due(EVE)["native"] == 0
    before = worth(see, CLEO)
    see.claim(CLEO, sender=key(8))
    assert worth(see, CLEO) - before == 200
    with pytest.raises(ShareTableError, match="has no seat in this share table"):
        see.due(PORT)


def test_six_versions_are_claimed_in_two_transactions(see: SEE) -> None:
    """Four seats join in one call; what is undivided of each version stays in it."""
    for nonce in range(1, 6):
        see.pay(1000, sender=key(3))
        amend(see, make_agreement(nonce=nonce))
    see.pay(1000, sender=key(3))
    receipts = see.claim(DESK, sender=key(8))
    assert len(receipts) == 2
    assert see.due(DESK)["native"] == 0
    assert [each.amount for each in receipts.events if isinstance(each, Claimed)] == [50] * 6


def test_who_never_claimed_claims_a_year_later(see: SEE, usdc: Any, w3: Web3) -> None:
    see.pay(1000, sender=key(3))
    see.pay(1000, currency=usdc.address, sender=key(0))
    amend(see, next_agreement())
    see.pay(1000, sender=key(3))
    end = see.deregistration()
    see.deregister([see.sign(end, key(number)) for number in (1, 2, 6)], sender=key(8))
    warp(w3, 365 * DAY)
    later = SEE(w3, see.address)
    assert later.due(DESK) == {"native": 50 + 50, usdc.address: 50}
    before = worth(see, DESK)
    (receipt,) = later.claim(DESK, sender=key(8))
    assert worth(see, DESK) - before == 100
    assert usdc.functions.balanceOf(DESK).call() == 50
    assert {each.version for each in receipt.events if isinstance(each, Joined)} == {0, 1}


# ---------------------------------------------------------------- payout


def test_a_payout_pays_closed_versions_and_leavers_too(see: SEE, usdc: Any) -> None:
    see.pay(1000, sender=key(3))
    see.pay(1000, currency=usdc.address, sender=key(0))
    amend(see, next_agreement(currencies=["native", usdc.address]))
    see.pay(1000, sender=key(3))
    see.leave(key(2), seat=True, voice=False)
    see.pay(1000, version=0, sender=key(3))
    accounts = (ADA, CLEO, DESK, EVE)
    before = {each: worth(see, each) for each in accounts}
    due = {each: see.due(each)["native"] for each in (*accounts, BEN)}
    assert due == {ADA: 1100, CLEO: 400, DESK: 150, EVE: 150, BEN: 1200}
    assert see.due()["native"] == 3000
    see.payout(sender=key(8))
    assert {each: worth(see, each) - before[each] for each in accounts} == {
        each: due[each] for each in accounts
    }
    assert set(see.due().values()) == {0}
    assert worth(see, see.address) == 0
    assert usdc.functions.balanceOf(CLEO).call() == 200
    with pytest.raises(NothingDue, match="can be paid out now: wait for the next payment"):
        see.payout(sender=key(8))


def test_one_that_refuses_stops_nobody(registry: Registry, usdc: Any) -> None:
    wallet = deployed(registry.w3, "Wallet", key(5).address)
    members = [
        line("Ada", ADA, 1, 1),
        line("Shut", wallet.address, 2),
        line("Pull", BEN, 3, pull_only=True),
        line("Cleo", CLEO, 4),
    ]
    currencies = ["native", usdc.address]
    see = register(registry, make_agreement(members=members, currencies=currencies), 1)
    see.pay(1000, sender=key(3))
    see.pay(1000, currency=usdc.address, sender=key(0))
    amend(see, make_agreement(members=members[:2], currencies=currencies, nonce=1), 1)
    before = worth(see, CLEO)
    see.payout(sender=key(8))
    assert worth(see, CLEO) - before == 400
    # It takes no coin, and has the token all the same; who pulls is not pushed to.
    assert see.due(wallet.address) == {"native": 200, usdc.address: 0}
    assert usdc.functions.balanceOf(wallet.address).call() == 200
    assert see.due(BEN) == {"native": 300, usdc.address: 300}
    with pytest.raises(PaymentFailed, match=r"Shut .* refuses the payment: it stays due"):
        see.claim(wallet.address, "native", sender=key(8))
    see.claim(BEN, sender=key(8))
    wallet.functions.set_open(True).transact({"from": ADA})
    see.payout(sender=key(8))
    assert set(see.due().values()) == {0}


# ---------------------------------------------------------------- tokens that can't be read


@pytest.mark.parametrize("fault", FAULTS)
def test_a_token_that_can_not_be_read_is_closed_when_it_can(
    see: SEE, usdc: Any, w3: Web3, fault: str
) -> None:
    see.pay(1000, currency=usdc.address, sender=key(0))
    with broken(w3, usdc, fault):
        amend(see, next_agreement(currencies=["native", usdc.address]))
        assert see.version == 1
        assert see.book_version(usdc.address) == 0
        see.pay(1000, sender=key(3))
        assert see.due(ADA) == {"native": 300}
        with pytest.raises(CurrencyFailed) as caught:
            see.touch(usdc.address, sender=key(8))
        assert str(caught.value) == (
            f"touching {usdc.address} was refused: the token does not say what the SEE has of it:"
            " try again when it does"
        )
        see.payout(sender=key(8))  # of the native coin
        assert see.due(ADA) == {"native": 0}
    assert see.due(CLEO)[usdc.address] == 200
    receipt = see.touch(usdc.address, sender=key(8))
    (event,) = receipt.events
    assert isinstance(event, Closed)
    assert (event.currency, event.version, event.received) == (usdc.address, 0, 1000)
    assert see.book_version(usdc.address) == 1
    see.pay(1000, currency=usdc.address, sender=key(0))
    assert see.due(ADA)[usdc.address] == 400 + 300
    assert see.due(CLEO)[usdc.address] == 200
    see.payout(sender=key(8))
    assert usdc.functions.balanceOf(ADA).call() == 700
    with pytest.raises(CurrencyFailed, match="the native coin is never left behind: touch tokens"):
        see.touch("native", sender=key(8))


def test_a_payout_touches_what_can_be_read_again(see: SEE, usdc: Any, w3: Web3) -> None:
    see.pay(1000, currency=usdc.address, sender=key(0))
    with broken(w3, usdc):
        amend(see, next_agreement(currencies=["native", usdc.address]))
    see.payout(sender=key(8))
    assert see.book_version(usdc.address) == 1
    assert usdc.functions.balanceOf(CLEO).call() == 200


def test_who_leaves_a_token_that_can_not_be_read_leaves_it_by_touch(
    see: SEE, usdc: Any, w3: Web3
) -> None:
    joined(see, ADA)
    with broken(w3, usdc):
        see.leave(key(1))
    assert see.leavers == {ADA}
    see.pay(1000, currency=usdc.address, sender=key(0))
    assert see.due(ADA)[usdc.address] == 400  # nobody has touched it
    with pytest.raises(NotLeft, match="the seat has not left"):
        see.touch(usdc.address, [BEN], sender=key(8))
    see.touch(usdc.address, [ADA.lower()], sender=key(8))
    see.pay(600, currency=usdc.address, sender=key(0))
    assert see.due(ADA)[usdc.address] == 400
    assert see.due(BEN)[usdc.address] == 350 + 350


def test_a_token_of_an_older_agreement_is_still_a_currency(see: SEE, usdc: Any) -> None:
    for nonce in (1, 2):
        amend(see, make_agreement(nonce=nonce))
    see.pay(1000, currency=usdc.address, sender=key(0))
    assert see.due(ADA) == {"native": 0, usdc.address: 400}
    see.payout(sender=key(8))
    assert usdc.functions.balanceOf(ADA).call() == 400


# ---------------------------------------------------------------- the end


def test_the_quorum_follows_those_that_stay_until_the_end(see: SEE) -> None:
    see.leave(key(1), seat=False)
    end = see.deregistration()
    see.deregister([see.sign(end, key(2)), see.sign(end, key(3))], sender=key(8))
    assert see.state == "ended"


def test_the_next_agreement_s_expiry_counts(see: SEE, w3: Web3) -> None:
    first = see.terms.expiry
    amend(see, next_agreement(expires="2031-06-30"))
    warp(w3, first + 7 * DAY - w3.eth.get_block("latest")["timestamp"])
    with pytest.raises(NotExpired) as caught:
        see.expire(sender=key(8))
    assert str(caught.value) == (
        f"{see.address} can be ended by anyone from 2031-07-08 on, seven days after its expiry"
    )
    warp(w3, see.terms.expiry + 7 * DAY - w3.eth.get_block("latest")["timestamp"])
    see.expire(sender=key(8))
    assert see.state == "ended"


# ---------------------------------------------------------------- another chain, hidden tables


def test_money_sent_on_the_wrong_chain_is_recovered_with_nobody_s_signature(
    see: SEE, agreement: Any, usdc: Any
) -> None:
    """The same address there, known before: its first table splits it."""
    amend(see, next_agreement(currencies=["native", usdc.address]))
    with anvil("--chain-id", "4711") as elsewhere:
        registry = Registry.deploy(elsewhere, sender=key(9))
        assert registry.address_of(agreement) == see.address
        payment = {"from": key(3).address, "to": see.address, "value": hex(1000)}
        rpc(elsewhere, "eth_sendTransaction", payment)
        clone = registry.deploy_clone(agreement, sender=key(8))
        assert isinstance(clone, SEE)
        assert (clone.address, clone.state) == (see.address, "unregistered")
        assert clone.due()["native"] == 1000
        assert clone.due(CLEO)["native"] == 200
        before = worth(clone, CLEO), worth(clone, ADA)
        clone.claim(ADA, sender=key(8))
        clone.payout(sender=key(8))
        assert (worth(clone, CLEO) - before[0], worth(clone, ADA) - before[1]) == (200, 400)
        assert clone.due()["native"] == 0


def test_a_table_that_was_never_published_is_given(see: SEE, w3: Web3) -> None:
    following = next_agreement()
    see.pay(1000, sender=key(3))
    amend(see, following, publish=False)
    see.pay(1000, sender=key(3))
    hidden = SEE(w3, see.address)
    for act in (hidden.due, lambda: hidden.payout(sender=key(8)), lambda: hidden.members):
        with pytest.raises(NotPublished, match="nothing of it is published; give the table"):
            act()
    given = SEE(w3, see.address, table=following.table)
    assert given.due(ADA)["native"] == 400 + 300


def test_a_version_that_can_not_be_is_not_believed(see: SEE, w3: Web3) -> None:
    """All would seem to be owed by closed versions, and a payout would pay nothing."""
    lies: list[str] = []

    def lie(method: str, result: Any) -> Any:
        return lies.pop() if method == "eth_call" and lies else result

    asked = SEE(changing(w3, lie), see.address)
    lies.append("0x" + "e7" * 32)
    with pytest.raises(NodeError, match="which can't be: try again, or ask another node"):
        assert asked.version
    assert asked.version == 0
