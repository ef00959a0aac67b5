"""A chain that says why the latest call was refused, and a SEE and a Splitter on it."""

from __future__ import annotations

from typing import Any

from eth_abi import decode

from tests.properties import world as w
from tests.properties.books_model import Seat
from tests.properties.chain import GAS, Revm
from tests.properties.stage import join
from tests.properties.test_life_cases import TOKEN, Stand
from tests.properties.world import World

ERROR = "08c379a0"  # the selector of Error(string)


class Blunt(Revm):
    why = ""  # empty: it succeeded, or nothing was said

    def send(self, sender: str, to: str, data: bytes = b"", value: int = 0, gas: int = GAS) -> bool:
        self.why = ""
        try:
            self.evm.message_call(sender, to, data, value, gas)
        except RuntimeError as error:
            answer = str(error).partition("output: 0x")[2].partition(" ")[0]
            if answer.startswith(ERROR):
                (self.why,) = decode(["string"], bytes.fromhex(answer.removeprefix(ERROR)))
            return False
        finally:
            self.evm.reset_transient_storage()
        return True


class BluntStand(Stand):
    """A SEE of native coin and a token."""

    def __init__(self, *shares: int) -> None:
        self.chain = Blunt()
        super().__init__(*shares, world=World(self.chain))

    def refuses(self, why: str, signature: str, *arguments: Any, value: int = 0) -> None:
        done = self.see.do(w.PAYER, signature, *arguments, value=value)
        assert (done, self.chain.why) == (False, why)


class BluntSplit:
    """A fixed Splitter of native coin and a token."""

    def __init__(self, seats: list[Seat]) -> None:
        self.chain = Blunt()
        self.world = World(self.chain)
        self.token = self.world.tokens[TOKEN]
        self.split = self.world.create(seats, see=False)

    def do(self, signature: str, *arguments: Any, value: int = 0) -> bool:
        return self.world.do(w.PAYER, self.split.address, signature, *arguments, value=value)

    def refuses(self, why: str, signature: str, *arguments: Any, value: int = 0) -> None:
        done = self.do(signature, *arguments, value=value)
        assert (done, self.chain.why) == (False, why)

    def join(self, at: int) -> None:
        assert self.do(*join(self.split, at, False))

    def receive(self, amount: int) -> None:
        """Of both currencies."""
        balance = self.chain.balance(self.split.address)
        self.chain.set_balance(self.split.address, balance + amount)
        transfer = ("transfer(address,uint256)", self.split.address, amount)
        assert self.world.do(w.PAYER, self.token, *transfer)
