"""A SEE that is paid in the coin, in an honest token and in a hostile one, and who acts on it.

What must never fail, whatever the hostile token does, is done by `must`; what the hostile
token itself may refuse is tried by `may`, which notes what was refused.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests.contracts.test_attacks_tokens import sends_when_asked
from tests.hostile_tokens import codes
from tests.hostile_tokens.kinds import Kind
from tests.hostile_tokens.pots import Pots
from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.books_model import Seat
from tests.properties.life_world import Clone
from tests.properties.world import ANYONE, PAYER, ZERO, World, calldata

GAS = 2**24  # of a transaction (EIP-7825)
LATE = 1 << 15
THIEF = "0x" + "7f" * 20  # gets what strays
ELSEWHERE = "0x" + "e5" * 20  # where one account's money is redirected
NOBODY = "0x" + "c0de" * 10  # an account without code
PEOPLE = ["0x" + (2**150 * 5 + 2**120 * at).to_bytes(20, "big").hex() for at in range(1, 45)]
VOICES = [a.account_of(key) for key in a.KEYS[:3]]
MUCH = 2**100
HELD = "held(address)"


class Stage:
    def __init__(self, chain: Any, kind: Kind, fillers: int = 0) -> None:
        self.chain, self.kind = chain, kind
        self.world = World(chain)
        self.good = self.world.tokens["plain"]
        self.second = ""
        self.bad = self._made()
        self.contract = self.world.recipients[0]
        self.refused: list[str] = []
        self.on, self.blocks, self.left = False, 1, set[str]()
        first = {self.contract: 5, VOICES[0]: 3, VOICES[1]: 11, PEOPLE[0]: 2, PEOPLE[1]: 7}
        first |= dict.fromkeys(PEOPLE[4 : 4 + fillers], 1)
        self.tokens = [self.good, self.bad, *([self.second] if self.second else [])]
        self.see = Clone(self.world, self.agreement(first))
        self.address = self.see.address
        self.registered = codes.code_of(chain, self.address)
        self.pots = {each: Pots(first) for each in (ZERO, self.good, self.bad)}
        self.joined: set[tuple[int, int]] = set()
        self.redirected = ""

    def _made(self) -> str:
        """The hostile token, and all of it that the payer will want."""
        make, code = codes.made, self.kind.code
        if self.kind.name == "is the coin too":
            return make(self.chain, "CoinToo")
        if self.kind.name == "is upgraded":
            logics = [make(self.chain, "Decimals", 18), make(self.chain, "Misdirects")]
            token = make(self.chain, "Upgrades", *logics)
        elif code:
            token = make(self.chain, code, *self.kind.arguments)
        else:
            return NOBODY
        assert self.world.do(ANYONE, token, "set_balance(address,uint256)", PAYER, MUCH)
        self.code = codes.code_of(self.chain, token)
        if code == "FirstAddress":
            self.second = make(self.chain, "SecondAddress", token)
        return token

    def agreement(self, shares: dict[str, int]) -> a.Agreement:
        seats = tuple(Seat(account, shares[account]) for account in sorted(shares))
        return a.Agreement(a.Table(seats), ((0, 1), (1, 1), (2, 1)), (ZERO, *self.tokens))

    # ---------------------------------------------------------------- the hostile token

    def turn(self, on: bool) -> None:
        """Lets the token do what it does, or behave."""
        self.on = on
        if self.kind.name in ("loses its code", "lives for one transaction"):
            codes.set_code(self.chain, self.bad, b"" if on else self.code)
        elif self.kind.name == "is the coin too":
            codes.set_code(self.chain, self.address, self._coin_code() if on else self.registered)
        elif self.bad != NOBODY:
            victim = PEOPLE[0] if self.kind.name == "blocks a recipient" else THIEF
            how = (on, self.address, victim)
            assert self.world.do(ANYONE, self.bad, "turn(bool,address,address)", *how)
        if self.kind.code == "Reenters":
            self.aim(self.address, calldata("claim(uint256,address)", 0, self.contract))
        if self.kind.name == "has hooks":
            message = calldata("claim(uint256,address)", 0, self.contract)
            aim = (w.CALL if on else w.ACCEPT, self.address, message)
            assert self.world.do(ANYONE, self.contract, "set_mode(uint256,address,bytes)", *aim)

    def aim(self, target: str, message: bytes) -> None:
        assert self.world.do(ANYONE, self.bad, "aim(address,bytes)", target, message)

    def _coin_code(self) -> bytes:
        implementation = self.chain.view(self.world.registry, calldata("see_implementation()"))
        asker = SimpleNamespace(address=self.bad)
        answer = SimpleNamespace(address="0x" + implementation[12:].hex())
        return sends_when_asked(asker, answer, self.see.agreements[0].hash)

    def next_block(self) -> None:
        self.blocks += 1
        codes.next_block(self.chain, self.blocks)

    # ---------------------------------------------------------------- what is done

    def must(self, name: str, done: bool) -> None:
        assert done, f"{self.kind.name} stops: {name}"

    def may(self, name: str, done: bool) -> bool:
        if not done and name not in self.refused:
            self.refused.append(name)
        return done

    def seen(self, name: str, currency: str, done: bool) -> bool:
        if currency == self.bad or currency == self.second:
            return self.may(name, done)
        self.must(name, done)
        return True

    def do(self, signature: str, *arguments: Any, value: int = 0) -> bool:
        return self.see.do(ANYONE, signature, *arguments, value=value, gas=GAS)

    def pay(self, currency: str, amount: int) -> None:
        before = self.arrived(currency)
        if self.seen("pay", currency, self.see.pay(currency, amount, None)):
            self._came(currency, before, self.book(currency))

    def transfer(self, currency: str, amount: int) -> None:
        before = self.arrived(currency)
        if currency == ZERO:
            self.must("transfer", self.chain.send(PAYER, self.address, b"", amount, gas=GAS))
        else:
            move = calldata("transfer(address,uint256)", self.address, amount)
            self.seen("transfer", currency, self.chain.send(PAYER, currency, move, gas=GAS))
        self._came(currency, before, self.book(currency))

    def pay_late(self, currency: str, amount: int, version: int) -> None:
        before = self.arrived(currency)
        if self.seen("pay_late", currency, self.see.pay_late(currency, amount, version)):
            self._came(currency, before, version | LATE, amount)

    def _came(self, currency: str, before: int, version: int, most: int = 2**256) -> None:
        """What has come is that version's, up to what was paid; what is beyond is of the book."""
        if currency in self.pots:
            came = self.arrived(currency) - before
            self.pots[currency].receive(version, min(came, most))
            if came > most:
                self.pots[currency].receive(self.book(currency), came - most)

    def arrived(self, currency: str) -> int:
        """What the SEE has in truth."""
        if currency == ZERO:
            return self.chain.balance(self.address)
        return self.held(currency, self.address)

    def held(self, token: str, account: str) -> int:
        """What an account has of a token in truth."""
        if token == self.good:
            return self._number(token, "balanceOf(address)", account)
        if token == NOBODY or self.kind.name == "is the coin too" or not self._alive():
            return 0
        token = self.bad  # of two addresses over one ledger, the one that keeps it
        return self._number(token, HELD, account)

    def _alive(self) -> bool:
        return not (self.on and self.kind.name in ("loses its code", "lives for one transaction"))

    def _number(self, to: str, signature: str, *arguments: Any) -> int:
        return int.from_bytes(self.chain.view(to, calldata(signature, *arguments)), "big")

    def book(self, currency: str) -> int:
        """The version that gets what comes; of the hostile token, what the SEE says it is."""
        if currency in (ZERO, self.good):
            return self.see.version
        return self.see.view("book(address)", currency)[0]

    def left_of(self, currency: str) -> int:
        """The shares that have left the version in force, of a currency whose book knows of it."""
        version, left = self.see.view("book(address)", currency)[:2]
        return int(left) if version == self.see.version else 0
