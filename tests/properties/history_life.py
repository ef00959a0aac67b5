"""Lives of a SEE whose histories and statements are held against the chain."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import event, note
from hypothesis import strategies as st
from web3 import Web3

from seechain import SEE, Agreement, Registry, SeechainError
from seechain.agreement.text import NATIVE
from seechain.chain.tokens import Token
from seechain.history import History
from tests.rewind import rewind
from tests.sdk.chain import deployed, key, rpc
from tests.sdk.conftest import make_agreement, register
from tests.sdk.histories import HOSTILE, checked, gained, made, unlogged
from tests.sdk.life import amend, line

ADA, BEN, CLEO, DANA, EVE = (key(number).address for number in (1, 2, 4, 5, 6))
WALLETS = [Web3.to_checksum_address(f"0x{number:040x}") for number in (0xA0001, 0xA0002, 0xA0003)]
CROWD = [Web3.to_checksum_address(f"0x{number:040x}") for number in range(0xB0000, 0xB0000 + 33)]
STEPS = 12
FLIP = st.booleans()
TOKEN = Path(__file__).parent / "hostile" / "Token.vy"


def plain_money(w3: Web3) -> tuple[Web3, Any, Any]:
    """A chain with two tokens, of which agreements name the first one at most."""
    Registry.deploy(w3, sender=key(9))
    return w3, deployed(w3, "Token", "USDC", 6), deployed(w3, "Token", "EURC", 6)


def odd_money(w3: Web3) -> tuple[Web3, Any, Any, list[str]]:
    """A chain with two tokens that log nothing, one with a fee, and members who pay back."""
    Registry.deploy(w3, sender=key(9))
    tokens = [made(w3, TOKEN, fee, fee > 0) for fee in (100, 0)]
    for token in tokens:
        token.functions.set_balance(key(0).address, 10**40).transact({"from": ADA})
    members = [made(w3, HOSTILE / f"{name}.vy").address for name in ("SendsBack", "PaysBack")]
    return w3, tokens[0], tokens[1], members


class Life:
    """A SEE, and what may happen to it; what is refused changes nothing."""

    also: tuple[str, ...] = ()  # members

    def __init__(self, w3: Web3, named: Any, other: Any, draw: Callable[[Any], Any]) -> None:
        self.w3, self.tokens, self.draw = w3, (named, other), draw
        self.currencies = [NATIVE, named.address, other.address]
        self.registry = Registry(w3)
        self.see: SEE = register(self.registry, self._agreement(0), 1)
        self.watched = [ADA, BEN, CLEO, DANA, EVE, *WALLETS, CROWD[0], CROWD[32]]
        self.before = {each: self._worth(each) for each in self.watched}
        self.done: list[str] = []
        self.forced = 0  # wei, of which no log knows

    def step(self) -> None:
        money = [self.pay, self.send, self.pay, self.claim, self.claim, self.payout, self.payout]
        rest = [self.leave, self.redirect, self.amend, self.late, self.touch, self.force]
        act = self.draw(st.sampled_from([*money, *rest, *self.more()]))
        try:
            act()
            self.done.append(act.__name__)
        except SeechainError:
            pass

    def more(self) -> list[Callable[[], None]]:
        """Further acts."""
        return []

    def check(self) -> History:
        past = checked(self.see, currencies=self.currencies)
        assert unlogged(past) == ({NATIVE: self.forced} if self.forced else {})
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
        more = self._amount()
        self.forced += more
        held = self._worth(self.see.address)[NATIVE]
        rpc(self.w3, "anvil_setBalance", self.see.address, hex(held + more))

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
        members += [line(f"O{at}", each, 3) for at, each in enumerate(self.also) if draw(FLIP)]
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
        tokens = {
            each.address: Token(self.w3, each.address).balance(account) for each in self.tokens
        }
        return {NATIVE: self.w3.eth.get_balance(account), **tokens}


class OddLife(Life):
    """With tokens that take a fee, log no transfers, and change balances by themselves, and with
    members who pay back what they get, while the others are being paid."""

    def more(self) -> list[Callable[[], None]]:
        return [self.rebase, self.rebase, self.block]

    def rebase(self) -> None:
        token = self.draw(st.sampled_from(self.tokens))
        now = Token(self.w3, token.address).balance(self.see.address)
        then = self.draw(st.integers(0, 2 * now + 9))
        token.functions.set_balance(self.see.address, then).transact({"from": ADA})

    def block(self) -> None:
        token = self.draw(st.sampled_from(self.tokens))
        account = self.draw(st.sampled_from([ADA, BEN, CLEO]))
        token.functions.set_blocked(account, self.draw(st.integers(0, 2))).transact({"from": ADA})

    def check(self) -> History:
        past = checked(self.see, currencies=self.currencies, is_odd=True)
        forced = [
            each.amount
            for each in past.payments
            if (each.how, each.currency) == ("unlogged", NATIVE)
        ]
        assert sum(forced) == self.forced
        assert bool(forced) == bool(self.forced)
        return past


def live(w3: Web3, begin: Callable[[], Life]) -> None:
    """A life from its beginning, looked at in its end."""
    snapshot = rpc(w3, "evm_snapshot")
    try:
        life = begin()
        for _ in range(STEPS):
            life.step()
        past = life.check()
        for done in life.done:
            note(done)
        event(f"{min(len(set(life.done)), 9)} kinds of acts were done")
        event(f"{len({each.how for each in past.payments})} ways of payment")
    finally:
        rewind(partial(rpc, w3), snapshot)
