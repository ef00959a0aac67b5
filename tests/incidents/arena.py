"""Where the attacks take place: our contracts on a fast chain, as they are or with a fault."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from eth_hash.auto import keccak

from tests.incidents.seeded import hostile
from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.books_model import Seat
from tests.properties.chain import deploy, fast
from tests.properties.life_world import Clone
from tests.properties.stage import PAYOUT, PAYOUT_PAGE, join
from tests.properties.world import ANYONE, PAYER, ZERO, Split, World, built, calldata

MALLORY = "0x" + "bad0" * 10  # who attacks
ALICE, BOB = "0x" + "a11ce0" * 6 + "a11c", "0x" + "b0b0" * 10  # who would pay for it
ETHER = 10**18
CLAIM = "claim(uint256,address)"
CLAIM_TOKEN = "claim_token(address,uint256,address)"
CLAIM_MANY = "claim_many(uint256[],address[])"
SET_MODE = "set_mode(uint256,address,bytes)"
TRANSFER = "transfer(address,uint256)"
MEMO = bytes(32)


class Arena(World):
    def __init__(self, codes: dict[str, bytes] | None = None) -> None:
        codes = codes or {}
        with patch.object(w, "built", lambda name: codes.get(name) or built(name)):
            super().__init__(fast())

    # ---------------------------------------------------------------- reading

    def ask(self, to: str, signature: str, *arguments: Any) -> bytes:
        return self.chain.view(to, calldata(signature, *arguments))

    def number(self, to: str, signature: str, *arguments: Any) -> int:
        return int.from_bytes(self.ask(to, signature, *arguments)[:32], "big")

    def held(self, account: str, token: str = ZERO) -> int:
        if token == ZERO:
            return self.chain.balance(account)
        return self.number(token, "balanceOf(address)", account)

    def logged(self, event: str, address: str) -> list[bytes]:
        """The data of such events of the latest call; without pyrevm there are none."""
        logs = self.chain.evm.result.logs if hasattr(self.chain, "evm") else []
        topic = keccak(event.encode()).hex()
        return [
            log.data[1] for log in logs if log.address.lower() == address and topic in log.topics[0]
        ]

    # ---------------------------------------------------------------- what is on the chain

    def put(self, name: str, types: str = "", *arguments: Any, salt: int = 0) -> str:
        """A contract of these tests."""
        from eth_abi import encode

        return deploy(self.chain, hostile(name) + encode(types.split(), arguments), salt)

    def split(self, *seats: tuple[str, int]) -> Split:
        return self.create(seats_of(*seats), False)

    def see(self, *seats: tuple[str, int], voices: int = 3, **changed: Any) -> Clone:
        return Clone(self, agreed(*seats, voices=voices, **changed))

    # ---------------------------------------------------------------- acts

    def send(self, to: str, amount: int, token: str = ZERO) -> None:
        """A plain payment."""
        if token == ZERO:
            assert self.chain.send(PAYER, to, b"", amount)
        else:
            assert self.do(PAYER, token, TRANSFER, to, amount)

    def join(self, split: Split, at: int, claims: bool = False) -> bool:
        return self.do(ANYONE, split.address, *join(split, at, claims))

    def claim(self, split: Split, at: int, token: str = ZERO) -> bool:
        account = split.seats[at].account
        if token == ZERO:
            return self.do(ANYONE, split.address, CLAIM, at, account)
        return self.do(ANYONE, split.address, CLAIM_TOKEN, token, at, account)

    def payout(self, split: Split, token: str = ZERO, page: int = 0, **more: int) -> bool:
        if len(split.pages) == 1:
            call = (PAYOUT, split.table, split.pages[0], token)
        else:
            call = (PAYOUT_PAGE, split.table, page, split.pages[page], split.proofs[page], token)
        return self.do(ANYONE, split.address, *call, **more)

    def obey(self, recipient: str, mode: int, target: str = ZERO, message: bytes = b"") -> None:
        """Tells a hostile recipient what to do when it is paid."""
        assert self.do(ANYONE, recipient, SET_MODE, mode, target, message)


def seats_of(*seats: tuple[str, int]) -> list[Seat]:
    return [Seat(account.lower(), shares) for account, shares in seats]


def agreed(*seats: tuple[str, int], voices: int = 3, **changed: Any) -> a.Agreement:
    """An agreement between the first of the keys, one voice each, in native coin alone."""
    fields = {"currencies": (ZERO,), "nonce": 0, **changed}
    table = a.Table(tuple(seats_of(*seats)))
    return a.Agreement(table, tuple((at, 1) for at in range(voices)), **fields)


def key(at: int, account: str, version: int = 0) -> int:
    """Of a seat."""
    return version << 192 | at << 160 | int(account, 16)


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")
