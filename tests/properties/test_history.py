"""Whole lives of SEEs, and the histories that are rebuilt from their logs: equal to the unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import event, given, note
from hypothesis import strategies as st
from web3 import Web3

from seechain import SEE, Agreement, Registry, SeechainError
from seechain.history import History
from seechain.text import NATIVE
from tests.properties.conftest import profile
from tests.rewind import rewind
from tests.sdk.chain import anvil, deployed, key, rpc
from tests.sdk.conftest import make_agreement, register
from tests.sdk.histories import checked, gained
from tests.sdk.life import amend, line

ADA, BEN, CLEO, DANA, EVE = (key(number).address for number in (1, 2, 4, 5, 6))
WALLETS = [Web3.to_checksum_address(f"0x{number:040x}") for number in (0xA0001, 0xA0002, 0xA0003)]
CROWD = [Web3.to_checksum_address(f"0x{number:040x}") for number in range(0xB0000, 0xB0000 + 33)]
STEPS = 14


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[Web3, Any, Any]]:
    """A chain with two tokens, of which agreements name the first one at most."""
    with anvil() as w3:
        Registry.deploy(w3, sender=key(9))
        yield w3, deployed(w3, "Token", "USDC", 6), deployed(w3, "Token", "EURC", 6)


class Life:
    """A SEE, and what may happen to it; what is refused changes nothing."""

    def __init__(self, w3: Web3, named: Any, other: Any, draw: Callable[[Any], Any]) -> None:
        self.w3, self.tokens, self.draw = w3, (named, other), draw
        self.currencies = [NATIVE, named.address, other.address]
        self.registry = Registry(w3)
        self.see: SEE = register(self.registry, self._agreement(0), 1)
        self.watched = [ADA, BEN, CLEO, DANA, EVE, *WALLETS, CROWD[0], CROWD[32]]
        self.before = {each: self._worth(each) for each in self.watched}
        self.done: list[str] = []

    def step(self) -> None:
        money = [self.pay, self.send, self.pay, self.claim, self.claim, self.payout, self.payout]
        rest = [self.leave, self.redirect, self.amend, self.late, self.touch, self.force]
        act = self.draw(st.sampled_from([*money, *rest]))
        try:
            act()
            self.done.append(act.__name__)
        except SeechainError:
            pass

    def check(self) -> History:
        past = checked(self.see, currencies=self.currencies)
        for account in self.watched:
            now = self._worth(account)
            for currency in self.currencies:
                assert (
                    gained(past, account, currency)
                    == now[currency] - (self.before[account][currency])
                )
        return past

    # ------------------------------------------------------------ acts

    def pay(self) -> None:
        currency = self.draw(st.sampled_from(self.currencies))
        self.see.pay(self._amount(), currency=currency, sender=key(0), memo="x")

    def send(self) -> None:
        at, amount = self.draw(st.integers(0, 2)), self._amount()
        payer = {"from": key(0).address}
        if at == 2:
            data = self.draw(st.sampled_from(["0x", "0x12345678aa"]))
            value: Any = {**payer, "to": self.see.address, "value": amount, "data": data}
            self.w3.eth.wait_for_transaction_receipt(self.w3.eth.send_transaction(value))
        else:
            self.tokens[at].functions.transfer(self.see.address, amount).transact(payer)

    def claim(self) -> None:
        self.see.claim(self._member(), self._currency(), sender=key(8))

    def payout(self) -> None:
        self.see.payout(self._currency(), sender=key(8))

    def leave(self) -> None:
        self.see.leave(key(self._number()), seat=True, voice=False, sender=key(8))

    def redirect(self) -> None:
        number = self._number()
        to = self.draw(st.sampled_from([*WALLETS, key(number).address, self.tokens[0].address]))
        self.see.redirect(key(number), to, sender=key(8))

    def amend(self) -> None:
        amend(self.see, self._agreement(self.see.version + 1), 1)

    def late(self) -> None:
        version = self.draw(st.integers(0, max(0, self.see.version - 1)))
        currency = self.draw(st.sampled_from(self.currencies))
        self.see.pay(self._amount(), currency=currency, version=version, sender=key(0))

    def touch(self) -> None:
        leavers = sorted(self.see.leavers)
        chosen = self.draw(st.lists(st.sampled_from(leavers), unique=True)) if leavers else []
        token = self.draw(st.sampled_from(self.currencies[1:]))
        self.see.touch(token, chosen, sender=key(8))

    def force(self) -> None:
        more = self._worth(self.see.address)[NATIVE] + self._amount()
        rpc(self.w3, "anvil_setBalance", self.see.address, hex(more))

    # ------------------------------------------------------------ internals

    def _agreement(self, version: int) -> Agreement:
        draw = self.draw
        members = [line("Ada", ADA, draw(st.integers(1, 9)), 1)]
        for name, account in (("Ben", BEN), ("Cleo", CLEO), ("Dana", DANA), ("Eve", EVE)):
            if shares := draw(st.integers(0, 9)):
                members.append(line(name, account, shares, pull_only=draw(st.booleans())))
        if draw(st.booleans()):  # it takes no coin
            members.append(line("Token", self.tokens[0].address, draw(st.integers(1, 9))))
        if draw(st.integers(0, 3)) == 0:
            members += [line(f"C{at}", each, at + 1) for at, each in enumerate(CROWD)]
        currencies = self.currencies[: draw(st.integers(1, 2))]
        return make_agreement(members=members, currencies=currencies, nonce=version + 1)

    def _amount(self) -> int:
        return self.draw(st.one_of(st.integers(1, 99), st.integers(1, 10**18)))

    def _currency(self) -> str | None:
        return self.draw(st.sampled_from([None, None, *self.currencies]))

    def _member(self) -> str:
        return self.draw(st.sampled_from([each.account for each in self.see.members]))

    def _number(self) -> int:
        return self.draw(st.sampled_from([1, 2, 4, 5, 6]))

    def _worth(self, account: Any) -> dict[str, int]:
        tokens = {each.address: each.functions.balanceOf(account).call() for each in self.tokens}
        return {NATIVE: self.w3.eth.get_balance(account), **tokens}


@profile(4)
@given(data=st.data())
def test_a_history_is_what_the_chain_says(world: tuple[Web3, Any, Any], data: Any) -> None:
    w3 = world[0]
    snapshot = rpc(w3, "evm_snapshot")
    try:
        life = Life(*world, data.draw)
        for _ in range(STEPS):
            life.step()
        past = life.check()
        for done in life.done:
            note(done)
        event(f"{min(len(set(life.done)), 9)} kinds of acts were done")
        event(f"{len({each.how for each in past.payments})} ways of payment")
    finally:
        rewind(partial(rpc, w3), snapshot)
