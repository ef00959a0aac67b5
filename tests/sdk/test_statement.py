"""Statements of real chains: to the unit, period after period, for a SEE and for its members."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from web3 import Web3

from seechain import SEE, Registry
from seechain.chain.node import now_of
from seechain.errors import StatementError
from seechain.payment_requests.payment_request import PaymentRequest
from seechain.statements.beancount import to_beancount
from seechain.statements.comma import to_csv
from seechain.statements.hledger import to_hledger
from seechain.statements.making import member_statement, see_statement
from seechain.statements.periods import Period, blocks_of
from seechain.statements.statement import Account, Statement
from tests.sdk.chain import key, rpc
from tests.sdk.conftest import ADA, BEN, CLEO, DESK, PORT, make_agreement, register
from tests.sdk.life import EVE, amend, line, next_agreement
from tests.unit.statements import read_beancount, read_hledger

MEMBERS = (ADA, BEN, CLEO, DESK)


class Days:
    """Days after the one on which a test begins."""

    def __init__(self, w3: Web3) -> None:
        self.w3 = w3
        self.zero = datetime.fromtimestamp(now_of(w3), UTC).date()

    def __call__(self, day: int) -> date:
        return self.zero + timedelta(days=day)

    def begin(self, day: int, second: int = 0) -> None:
        """The next block is of this second of the day."""
        when = datetime.combine(self(day), datetime.min.time(), UTC) + timedelta(seconds=second)
        rpc(self.w3, "evm_setNextBlockTimestamp", int(when.timestamp()))

    def period(self, first: int, last: int) -> Period:
        return Period(self(first), self(last))


@pytest.fixture
def days(see: SEE) -> Days:
    return Days(see.w3)


def account(statement: Statement, currency: str = "native") -> Account:
    (found,) = (each for each in statement.accounts if each.currency.code == currency)
    return found


def moves(statement: Statement, currency: str = "native") -> list[tuple[str, int]]:
    return [(each.kind, each.units) for each in account(statement, currency).lines]


def earned(statement: Statement, currency: str = "native") -> dict[str, int]:
    return {each.account: each.earned for each in account(statement, currency).shares}


def in_journals(statement: Statement) -> None:
    """Its journals are balanced, and every assertion in them holds."""
    ours, theirs = read_beancount(to_beancount(statement)), read_hledger(to_hledger(statement))
    assert ours.asserted == theirs.asserted
    assert bool(ours.asserted) == bool(statement.accounts)
    assert ours.balances == theirs.balances


def test_two_periods_of_a_see(see: SEE, days: Days, usdc: Any) -> None:
    days.begin(1)
    see.pay(1001, memo="INV-1", sender=key(3))
    usdc.functions.approve(see.address, 2000).transact({"from": key(0).address})
    days.begin(3, 86_399)  # the last second of a period
    see.pay(2000, currency=usdc.address, memo="INV-2", sender=key(0))
    days.begin(4)  # the first of the next
    see.claim(CLEO, sender=key(8))
    see.pay(500, sender=key(3))
    see.payout(sender=key(8))
    days.begin(8)
    see.pay(7, sender=key(3))
    first, second = (see_statement(see, days.period(*each)) for each in ((1, 3), (4, 7)))
    assert moves(first) == [("payment", 1001)]
    assert [each.units for each in account(first, usdc.address).lines] == [2000]
    assert (account(first).opening, account(first).closing) == (0, 1001)
    assert earned(first) == {ADA: 400, BEN: 350, CLEO: 200, DESK: 50}
    assert account(first).undivided == (0, 1)
    (paid,) = account(first).lines
    assert (paid.reference, paid.account, paid.version) == ("INV-1", PORT, 0)
    assert paid.time.date() == days(1)
    assert moves(second)[:2] == [("claim", -200), ("payment", 500)]
    assert sorted(moves(second)[2:]) == [("payout", -each) for each in (600, 525, 100, 75)]
    assert (account(second).opening, account(second).closing) == (1001, 1)
    assert earned(second) == {ADA: 200, BEN: 175, CLEO: 100, DESK: 25}
    assert set(earned(second, usdc.address).values()) == {0}
    for each in (first, second):
        in_journals(each)
    # Beside the first in one ledger, the second opens nothing again, and what it asserts holds.
    for to, reader in ((to_beancount, read_beancount), (to_hledger, read_hledger)):
        ledger, alone = reader(to(first) + to(second, continues=True)), reader(to(second))
        assert ledger.asserted == reader(to(first)).asserted + alone.asserted
        for where, held in alone.balances.items():
            if where[0].startswith(("Assets", "Liabilities")):
                assert ledger.balances[where] == held


def test_members_parts_add_up_to_what_the_see_paid(see: SEE, days: Days) -> None:
    days.begin(1)
    for amount in (1, 2, 3, 333, 17, 101):
        see.pay(amount, sender=key(3))
    see.claim(ADA, sender=key(8))
    days.begin(3)
    for amount in (99, 1, 1, 1):
        see.pay(amount, sender=key(3))
    see.payout(sender=key(8))
    for first, last in ((3, 4), (1, 4)):
        whole = see_statement(see, days.period(first, last))
        parts = earned(whole)
        for member in MEMBERS:
            own = member_statement(member, [see], days.period(first, last))
            assert earned(own)[member] == parts[member]
            payments = [each for each in account(own).lines if each.kind == "payment"]
            assert len(payments) == len([each for each in moves(whole) if each[0] == "payment"])
            assert sum(each.units for each in payments) == parts[member]
            assert account(own).closing == next(
                each.closing for each in account(whole).shares if each.account == member
            )
            in_journals(own)


def test_a_life_with_leavers_versions_and_late_invoices(
    registry: Registry, days: Days, see: SEE, usdc: Any
) -> None:
    def pay(**more: Any) -> None:
        see.pay(997, sender=key(3), **more)
        see.pay(991, currency=usdc.address, sender=key(0), **more)

    days.begin(1)
    pay()
    see.leave(key(1), voice=False)
    pay()
    see.redirect(key(4), EVE)
    days.begin(3)
    see.payout(sender=key(8))
    pay()
    amend(see, next_agreement(currencies=["native", usdc.address]))
    pay()
    see.claim(BEN, sender=key(8))
    days.begin(5)
    pay(version=0)
    see.leave(key(2), voice=False)
    pay()
    see.payout(sender=key(8))
    pay()
    every = (*MEMBERS, EVE)
    for first, last in ((3, 4), (5, 6), (0, 9)):
        period = days.period(first, last)
        whole = see_statement(see, period)
        in_journals(whole)
        for member in every:
            own = member_statement(member, [see], period)
            in_journals(own)
            for each in own.accounts:
                code = each.currency.code
                assert each.earned == earned(whole, code).get(member, 0)
    assert {code: see.due(BEN)[code] for code in ("native", usdc.address)} == {
        each.currency.code: each.closing for each in member_statement(BEN, [see], period).accounts
    }
    notes = {each.note for each in account(whole).lines}
    assert "paid late, to the members of version 0" in notes
    redirected = [each for each in account(whole).lines if each.account == CLEO and each.units]
    assert {each.to for each in redirected} == {EVE}


def test_coin_that_no_log_shows_is_an_adjustment_where_the_chain_shows_it(
    see: SEE, days: Days, w3: Web3
) -> None:
    days.begin(1)
    see.pay(1000, sender=key(3))
    rpc(w3, "anvil_setBalance", see.address, hex(1300))
    days.begin(3)
    see.pay(100, sender=key(3))
    rpc(w3, "anvil_setBalance", see.address, hex(1450))
    see.payout(sender=key(8))
    first, second = (see_statement(see, days.period(*each)) for each in ((1, 2), (3, 4)))
    assert moves(first) == [("payment", 1000), ("adjustment", 300)]
    assert account(first).closing == account(second).opening == 1300
    assert moves(second)[:2] == [("payment", 100), ("adjustment", 50)]
    assert earned(first)[ADA] + earned(second)[ADA] == 1450 * 40 // 100
    for period in (days.period(1, 2), days.period(3, 4), days.period(1, 4)):
        own = member_statement(ADA, [see], period)
        assert earned(own) == {ADA: earned(see_statement(see, period))[ADA]}
        in_journals(own)


def test_a_token_whose_balance_falls(registry: Registry, w3: Web3, days: Days, usdc: Any) -> None:
    members = [line("Ada", ADA, 3, 1), line("Ben", BEN, 1)]
    see = register(registry, make_agreement(members=members, currencies=[usdc.address]), 1)
    slot = Web3.keccak((4).to_bytes(32, "big") + bytes(12) + bytes.fromhex(see.address[2:]))
    days.begin(1)
    see.pay(1000, currency=usdc.address, sender=key(0))
    see.payout(usdc.address, sender=key(8))
    see.pay(1000, currency=usdc.address, sender=key(0))
    days.begin(3)
    rpc(w3, "evm_mine")
    rpc(w3, "anvil_setStorageAt", usdc.address, slot.to_0x_hex(), "0x" + f"{500:064x}")
    rpc(w3, "evm_mine")
    first, second = (see_statement(see, days.period(*each)) for each in ((1, 2), (3, 4)))
    assert account(first, usdc.address).closing == 1000
    assert moves(second, usdc.address) == [("adjustment", -500)]
    assert "0.0005 USDC is not there, and taken off as an adjustment" in second.notes[-1]
    assert not first.notes
    own = member_statement(ADA, [see], days.period(3, 4))
    assert (account(own, usdc.address).opening, account(own, usdc.address).closing) == (750, 375)
    assert see.due(ADA)[usdc.address] == 375
    in_journals(second)
    in_journals(own)


def test_a_member_of_several_sees(registry: Registry, see: SEE, days: Days) -> None:
    crew = register(registry, make_agreement(members=[line("Ada", ADA, 1, 1)], nonce=8), 1)
    other = register(registry, make_agreement(members=[line("Ben", BEN, 1, 1)], nonce=9), 2)
    days.begin(1)
    for each in (see, crew, other):
        each.pay(1000, sender=key(3))
    sees = [registry.see(each.see) for each in registry.sees()]
    own = member_statement(ADA.lower(), sees, days.period(1, 1))
    assert {each.see: each.earned for each in own.accounts} == {
        see.address: 400,
        crew.address: 1000,
    }
    in_journals(own)
    none = member_statement(EVE, sees, days.period(1, 1))
    assert none.accounts == ()
    assert none.notes[1:] == (f"{EVE} has never had a seat in these SEEs: check the address.",)


def test_payment_requests_are_told_what_became_of_them(see: SEE, days: Days) -> None:
    chain = see.w3.eth.chain_id
    asked = [
        PaymentRequest(see=see.address, chain_id=chain, currency="native", amount=each, memo=memo)
        for each, memo in ((1000, "INV-1"), (1000, "INV-2"), (1000, "INV-3"), (1000, "INV-4"))
    ]
    late = {"memo": "INV-5", "expires": days(1).isoformat(), "amount": 10}
    asked.append(PaymentRequest(see=see.address, chain_id=chain, currency="native", **late))
    days.begin(1)
    for amount, memo in ((1000, "INV-1"), (400, "INV-2"), (1001, "INV-3")):
        see.pay(amount, memo=memo, sender=key(3))
    days.begin(2)
    see.pay(10, memo="INV-5", sender=key(3))
    days.begin(4)
    see.pay(600, memo="INV-2", sender=key(3))
    statement = see_statement(see, days.period(1, 3), requests=asked)
    assert [(each.reference, each.status, each.paid) for each in statement.requests] == [
        ("INV-1", "paid", 1000),
        ("INV-2", "partly paid", 400),
        ("INV-3", "over-paid", 1001),
        ("INV-4", "open", 0),
        ("INV-5", "paid, late", 10),
    ]
    assert statement.requests[4].due == days(1)
    assert [each.request for each in account(statement).lines] == [
        *("paid", "partly paid", "over-paid", "paid, late")
    ]
    own = member_statement(ADA, [see], days.period(1, 3), requests=asked)
    assert own.requests == statement.requests
    elsewhere = PaymentRequest(see=see.address, chain_id=1, currency="native", amount=1, memo="X")
    with pytest.raises(StatementError, match="the payment request X is of chain 1, and this is"):
        see_statement(see, days.period(1, 3), requests=[elsewhere])


def test_periods_in_which_there_is_nothing(see: SEE, days: Days) -> None:
    see.pay(1000, sender=key(3))
    empty = see_statement(see, days.period(1, 2))
    assert empty.notes[-1] == "Nothing was received or paid in this period."
    assert empty.notes[0].startswith("The period has not begun: the chain is at ")
    assert (account(empty).opening, account(empty).closing) == (1000, 1000)
    before = see_statement(see, days.period(-20, -10))
    assert before.notes[0].startswith(f"{see.address} was registered after this period, at ")
    assert (account(before).opening, account(before).closing, account(before).lines) == (0, 0, ())
    open_end = see_statement(see, days.period(0, 99))
    assert open_end.notes[0].startswith("The period is not over: this is what the chain shows at ")
    for each in (empty, before, open_end):
        each.check()


def test_a_token_that_cannot_be_read_is_said(see: SEE, days: Days, usdc: Any, w3: Web3) -> None:
    days.begin(1)
    see.pay(1000, currency=usdc.address, sender=key(0))
    rpc(w3, "anvil_setCode", usdc.address, "0x")
    rpc(w3, "evm_mine")
    statement = see_statement(see, days.period(1, 1))
    assert account(statement, usdc.address).currency.text(3) == f"3 units of {usdc.address}"
    assert statement.notes[0].endswith(f" shows at {statement.as_of:%Y-%m-%dT%H:%M:%SZ}.")
    decimals, balance = statement.notes[1:]
    assert decimals == (
        f"The token {usdc.address} does not say its decimals: its amounts are in its smallest"
        " units."
    )
    assert balance == (
        f"The balance of {see.address} in {usdc.address} can't be read at block"
        f" {w3.eth.block_number}: what no log shows is left out."
    )
    assert moves(statement, usdc.address) == [("payment", 1000)]
    in_journals(statement)


def test_coin_that_is_gone_without_a_log_is_refused(see: SEE, days: Days) -> None:
    """Native coin never goes without a log: the node does not show all."""
    days.begin(1)
    see.pay(1000, sender=key(3))
    see.claim(ADA, sender=key(8))
    rpc(see.w3, "anvil_setBalance", see.address, hex(599))
    for made in (
        lambda: see_statement(see, days.period(1, 1)),
        lambda: member_statement(ADA, [see], days.period(1, 1)),
    ):
        with pytest.raises(StatementError) as caught:
            made()
        assert str(caught.value) == (
            f"the books of {see.address} do not add up at block {see.w3.eth.block_number}: it holds"
            " 599 units of native and its logs make 600, a difference of 1 units: ask another node"
        )


def pay_often(w3: Web3, see: str, count: int, at_once: int = 500) -> int:
    """So many plain payments of 1, 2, 3 ... wei, in blocks of `at_once`. Returns their sum."""
    payer = key(3).address
    nonce = w3.eth.get_transaction_count(payer)
    provider: Any = w3.provider
    rpc(w3, "evm_setAutomine", False)
    for first in range(0, count, at_once):
        batch = [
            (
                "eth_sendTransaction",
                [
                    {
                        "from": payer,
                        "to": see,
                        "value": hex(number + 1),
                        "gas": hex(40_000),
                        "nonce": hex(nonce + number),
                    }
                ],
            )
            for number in range(first, min(count, first + at_once))
        ]
        assert all("result" in each for each in provider.make_batch_request(batch))
        rpc(w3, "evm_mine")
    rpc(w3, "evm_setAutomine", True)
    return count * (count + 1) // 2


def test_ten_thousand_payments_take_seconds(see: SEE, days: Days, w3: Web3) -> None:
    days.begin(1)
    whole = pay_often(w3, see.address, 10_000)
    period = days.period(1, 1)
    start = time.perf_counter()
    statement = see_statement(SEE(w3, see.address), period)
    own = member_statement(ADA, [SEE(w3, see.address)], period)
    assert time.perf_counter() - start < 60  # 4 where nothing else runs
    found = account(statement)
    assert (len(found.lines), found.closing) == (10_000, whole)
    assert earned(statement) == {
        each: whole * shares // 100
        for each, shares in ((ADA, 40), (BEN, 35), (CLEO, 20), (DESK, 5))
    }
    assert sum(each.units for each in account(own).lines) == whole * 40 // 100
    assert to_csv(statement).count("\r\n") == 1 + 2 + 10_000 + 4 * 4 + 2


def test_the_blocks_of_a_period(see: SEE, days: Days, w3: Web3) -> None:
    numbers = []
    for day in (1, 1, 2, 5):
        days.begin(day, len(numbers))
        rpc(w3, "evm_mine")
        numbers.append(w3.eth.block_number)
    found = blocks_of(w3, days.period(1, 2))
    assert (found.before, found.last) == (numbers[0] - 1, numbers[2])
    found = blocks_of(w3, days.period(3, 4))
    assert (found.before, found.last) == (numbers[2], numbers[2])
    found = blocks_of(w3, days.period(5, 9))
    assert (found.before, found.last) == (numbers[2], numbers[3])
    found = blocks_of(w3, Period(date(1970, 1, 1), date(1971, 1, 1)))
    assert (found.before, found.last) == (-1, -1)
