"""A token that calls back into a fixed Splitter, which pays in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.hostile_tokens import codes
from tests.hostile_tokens.stage import GAS, MUCH, PEOPLE, THIEF
from tests.properties import stage as t
from tests.properties.books_model import Seat
from tests.properties.chain import Chain
from tests.properties.life_world import key_of
from tests.properties.world import ANYONE, PAYER, ZERO, World, calldata

CLAIM_MANY = "claim_many(uint256[],address[])"
PAY = "pay(address,uint256,bytes32)"
Call = tuple[str, bytes]  # to whom, and what


class SplitScene:
    """Two seats of three have joined; coin, a good token and this one have come."""

    def __init__(self, chain: Chain, when_asked: bool, pages: int) -> None:
        self.chain, self.world, self.pages = chain, World(chain), pages
        self.good = self.world.tokens["plain"]
        self.bad = codes.made(chain, "Reenters", when_asked)
        self._do(self.bad, "set_balance(address,uint256)", PAYER, MUCH)
        people = PEOPLE[: 3 if pages == 1 else 34]
        seats = [Seat(account, 1 + at) for at, account in enumerate(people)]
        self.split = self.world.create(seats, see=False)
        self.address = self.split.address
        for at in (0, 1):
            self._do(self.address, *t.join(self.split, at, claims=False))
        for token in (self.good, self.bad):
            approve = calldata("approve(address,uint256)", self.address, MUCH)
            assert chain.send(PAYER, token, approve)
            assert self.pays(token)
        assert chain.send(PAYER, self.address, b"", 10_007)
        self.keys = [key_of(0, at, PEOPLE[at]) for at in (0, 1)]
        self.questions = self._questions()

    def _do(self, to: str, signature: str, *arguments: Any) -> None:
        assert self.world.do(ANYONE, to, signature, *arguments), signature

    def pays(self, currency: str) -> bool:
        return self.world.do(PAYER, self.address, PAY, currency, 1_009, bytes(32), gas=GAS)

    def _payout(self, currency: str) -> tuple[Any, ...]:
        split = self.split
        if self.pages == 1:
            return t.PAYOUT, split.table, split.pages[0], currency
        return t.PAYOUT_PAGE, split.table, 0, split.pages[0], split.proofs[0], currency

    def entries(self) -> dict[str, Callable[[], bool]]:
        """Calls in which the Splitter asks the token, and lets it move."""
        calls = {
            "claim_token": ("claim_token(address,uint256,address)", self.bad, 0, PEOPLE[0]),
            "claim_many": (CLAIM_MANY, self.keys, [self.bad]),
            "payout": self._payout(self.bad),
            "payout_whole": (t.PAYOUT_WHOLE, self.split.table, self.split.pages, self.bad),
        }
        return {"pay": lambda: self.pays(self.bad)} | {
            name: lambda call=call: self.world.do(ANYONE, self.address, *call, gas=GAS)
            for name, call in calls.items()
        }

    def targets(self) -> dict[str, Call]:
        """All that anybody may call, with what makes it succeed."""
        split, good = self.split, self.good
        calls: dict[str, tuple[Any, ...]] = {
            "pay": (PAY, ZERO, 0, bytes(32)),
            "join": t.join(split, 2),
            "claim": ("claim(uint256,address)", 0, PEOPLE[0]),
            "claim_token": ("claim_token(address,uint256,address)", good, 0, PEOPLE[0]),
            "claim_token of itself": (
                "claim_token(address,uint256,address)",
                self.bad,
                1,
                PEOPLE[1],
            ),
            "claim_many": (CLAIM_MANY, self.keys, [ZERO, good]),
            "payout": self._payout(ZERO),
            "payout of a token": self._payout(good),
            "payout of itself": self._payout(self.bad),
            "payout_whole": (t.PAYOUT_WHOLE, split.table, split.pages, good),
            "received": ("received(address)", ZERO),
            "seat": ("seat(address,uint256)", ZERO, self.keys[0]),
            "dues": ("dues(address,uint256,uint256,uint256,uint256[])", ZERO, 1, 1, 0, []),
        }
        return {name: (self.address, calldata(*call)) for name, call in calls.items()}

    def set_up(self, call: Call, betrays: bool) -> None:
        self._do(self.bad, "aim(address,bytes)", *call)
        self._do(self.bad, "set_betrays(bool)", betrays)
        self._do(self.bad, "turn(bool,address,address)", True, self.address, THIEF)

    def moves_by_itself(self) -> bool:
        return self.world.do(PAYER, self.bad, "transfer(address,uint256)", PAYER, 0, gas=GAS)

    def counted(self) -> list[int]:
        """How often it called back, and how often with success."""
        asked = (self.chain.view(self.bad, calldata(name)) for name in ("tried()", "done()"))
        return [int.from_bytes(answer, "big") for answer in asked]

    def stands(self) -> list[Any]:
        """All that anybody has, and all that the Splitter owes."""
        self._do(self.bad, "turn(bool,address,address)", False, self.address, THIEF)
        answers: list[Any] = [self.chain.view(*question) for question in self.questions]
        return answers + [self.chain.balance(each) for each in self._all()]

    def _all(self) -> list[str]:
        return [*PEOPLE[:3], THIEF, PAYER, ANYONE, self.bad, self.address]

    def _questions(self) -> list[Call]:
        words = [int.from_bytes(word, "big") for word in self.split.words]
        asked = [(self.good, calldata("balanceOf(address)", each)) for each in self._all()]
        asked += [(self.bad, calldata("held(address)", each)) for each in self._all()]
        for currency in (ZERO, self.good, self.bad):
            asked.append((self.address, t.dues_of(False, currency, self.split.table, words)))
        return asked
