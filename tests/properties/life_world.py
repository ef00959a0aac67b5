"""A SEE on the chain, and what its members and strangers do with it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from eth_hash.auto import keccak
from eth_keys.datatypes import PrivateKey

from tests.properties import agreement as a
from tests.properties.chain import raw
from tests.properties.stage import (
    CLAIM_VERSIONS,
    JOIN,
    JOIN_PAGE,
    PAYOUT,
    PAYOUT_PAGE,
    PAYOUT_WHOLE,
)
from tests.properties.world import (
    ANYONE,
    PAYER,
    TABLE_ARGUMENT,
    TERMS_ARGUMENT,
    ZERO,
    World,
    calldata,
)

PREIMAGE = f"{TABLE_ARGUMENT},{TERMS_ARGUMENT},bytes,bytes"
AMEND = f"amend(address,{PREIMAGE},{PREIMAGE},uint256,bytes,bytes,uint256)"
EXPIRE = f"expire(address,{PREIMAGE})"
LEAVE = f"leave(address,{PREIMAGE},address,uint256,bool,uint256,uint256,bytes)"
LEAVE_SEAT = "leave_seat(address,address,uint256,uint256,bytes,uint256,bytes)"
ENDORSE = f"endorse(address,{PREIMAGE},bytes32,address,bytes32,uint256,bytes)"
REDIRECT = "redirect(address,address,uint256,address[],uint256,bytes)"
PAY = "pay(address,uint256,bytes32)"
PAY_VERSION = "pay(address,uint256,bytes32,uint256)"
PAY_LATE = "pay_late(address,uint256,bytes32,uint256)"
DUES = "dues(address,uint256,uint256,uint256,uint256,uint256[])"
MEMO = bytes(range(32))


def key_of(version: int, at: int, account: str) -> int:
    return version << 192 | at << 160 | int(account, 16)


_question = lru_cache(10_000)(calldata)  # each is asked after each step


class Clone:
    def __init__(self, world: World, agreement: a.Agreement) -> None:
        self.world, self.agreements = world, [agreement]
        self.address = world.register(agreement)
        self._words: dict[int, tuple[int, ...]] = {}

    @property
    def now(self) -> a.Agreement:
        return self.agreements[-1]

    @property
    def version(self) -> int:
        return len(self.agreements) - 1

    def table(self, version: int) -> a.Table:
        return self.agreements[version].table

    def key(self, version: int, at: int, late: int = 0) -> int:
        return key_of(version | late, at, self.table(version).seats[at].account)

    def do(self, sender: str, signature: str, *arguments: Any, **more: int) -> bool:
        return self.world.do(sender, self.address, signature, *arguments, **more)

    def consult(self, sender: str, signature: str, *arguments: Any) -> bool:
        """A call of the Registry about this SEE."""
        return self.world.do(sender, self.world.registry, signature, self.address, *arguments)

    # ---------------------------------------------------------------- consent

    def signed(self, kind: str, subject: bytes, places: set[int]) -> bytes:
        keys = [key if at in places else None for at, key in enumerate(self.now.keys)]
        return a.sign(self.world.registry, kind, subject, keys)

    def amend(self, agreement: a.Agreement, yes: set[int], published: bool = True) -> bool:
        succession = a.struct(
            a.SUCCESSION, "address uint256 bytes32", self.address, self.version, agreement.hash
        )
        done = self.consult(
            ANYONE,
            AMEND,
            *self.now.preimage,
            *agreement.preimage,
            a.DEADLINE,
            self.signed(a.AMENDMENT, succession, yes),
            *(agreement.table.published if published else (b"", 0)),
        )
        if done:
            self.agreements.append(agreement)
        return done

    def deregister(self, yes: set[int]) -> bool:
        keys = [key if at in yes else None for at, key in enumerate(self.now.keys)]
        return self.world.deregister(self.address, self.now, self.version, keys)

    def expire(self) -> bool:
        return self.consult(ANYONE, EXPIRE, *self.now.preimage)

    def _leave_hash(self, voice: bool, seat: bool, at: int) -> bytes:
        return a.struct(
            a.LEAVE,
            "address uint256 bool bool uint256",
            self.address,
            self.version,
            voice,
            seat,
            at,
        )

    def leave_seat(self, account: str, at: int, tokens: list[str], member: Clone | None) -> bool:
        """By the account as sender; what a contract signs anyone sends, a SEE endorses it first."""
        words = b"".join(bytes(12) + raw(token) for token in tokens)
        if member is not None:
            member.endorse(a.LEAVING, member.address, self._leave_hash(False, True, at))
        leave = (account, self.version, at, words, a.DEADLINE, b"")
        return self.consult(self._sender(account), LEAVE_SEAT, *leave)

    def leave(self, place: int, at: int | None, signs: bool) -> bool:
        """A voice, and a seat with it or not; as the sender or by a signature."""
        key: PrivateKey = self.now.keys[place]
        leave = self._leave_hash(True, at is not None, at or 0)
        return self.consult(
            ANYONE if signs else a.account_of(key),
            LEAVE,
            *self.now.preimage,
            a.account_of(key),
            place,
            at is not None,
            at or 0,
            a.DEADLINE,
            a.sign(self.world.registry, a.LEAVING, leave, [key]) if signs else b"",
        )

    def endorse(self, kind: str, account: str, subject: bytes) -> bool:
        """By all who have a voice; those that have left are passed over."""
        act = a.struct(
            a.ACT,
            "address uint256 bytes32 address bytes32",
            self.address,
            self.version,
            keccak(kind.encode()),
            account,
            subject,
        )
        return self.consult(
            ANYONE,
            ENDORSE,
            *self.now.preimage,
            keccak(kind.encode()),
            account,
            subject,
            a.DEADLINE,
            self.signed(a.ENDORSEMENT, act, set(range(len(self.now.voices)))),
        )

    def redirect(self, account: str, to: str, key: int, tokens: list[str]) -> bool:
        return self.do(self._sender(account), REDIRECT, account, to, key, tokens, a.DEADLINE, b"")

    def _sender(self, account: str) -> str:
        return account if self.world.can_send(account) else ANYONE

    # ---------------------------------------------------------------- money

    def pay(self, currency: str, amount: int, version: int | None) -> bool:
        value = self._approve(currency, amount)
        if version is None:
            return self.do(PAYER, PAY, currency, amount, MEMO, value=value)
        return self.do(PAYER, PAY_VERSION, currency, amount, MEMO, version, value=value)

    def pay_late(self, currency: str, amount: int, version: int) -> bool:
        value = self._approve(currency, amount)
        return self.do(PAYER, PAY_LATE, currency, amount, MEMO, version, value=value)

    def _approve(self, currency: str, amount: int) -> int:
        """The coin to send with it."""
        if currency == ZERO:
            return amount
        self.world.do(PAYER, currency, "approve(address,uint256)", self.address, amount)
        return 0

    def join(self, at: int, claims: bool) -> bool:
        table, argument = self.now.table, self.now.argument
        if len(table.pages) == 1:
            return self.do(ANYONE, JOIN, argument, at, table.pages[0], claims)
        page = at // a.PAGE
        proof = table.proofs[page]
        return self.do(ANYONE, JOIN_PAGE, argument, at, table.pages[page], proof, claims)

    def claim_versions(
        self, joins: list[tuple[int, int]], keys: list[int], currencies: list[str]
    ) -> bool:
        seats = []
        for version, at in joins:
            table, page = self.table(version), at // a.PAGE
            argument = self.agreements[version].argument
            seats.append((version, argument, at, table.pages[page], table.proofs[page]))
        return self.do(ANYONE, CLAIM_VERSIONS, seats, keys, currencies)

    def payout(self, currency: str, version: int, page: int | None) -> bool:
        """A page, or the whole table, of the version that the currency's book is of."""
        table, argument = self.table(version), self.agreements[version].argument
        if page is None:
            return self.do(ANYONE, PAYOUT_WHOLE, argument, table.pages, currency)
        if len(table.pages) == 1:
            return self.do(ANYONE, PAYOUT, argument, table.pages[0], currency)
        proof = table.proofs[page]
        return self.do(ANYONE, PAYOUT_PAGE, argument, page, table.pages[page], proof, currency)

    # ---------------------------------------------------------------- views

    def view(self, signature: str, *arguments: Any) -> list[int]:
        answer = self.world.chain.view(self.address, _question(signature, *arguments))
        return [int.from_bytes(answer[at : at + 32], "big") for at in range(0, len(answer), 32)]

    def dues(self, currency: str, version: int, late: int = 0) -> list[int]:
        if version not in self._words:
            words = self.table(version).words
            self._words[version] = tuple(int.from_bytes(word, "big") for word in words)
        _, shares, pages = self.table(version).fields
        words = self._words[version]
        return self.view(DUES, currency, version | late, shares, pages, 0, words)[2:]

    def record(self) -> list[int]:
        where = _question("record(address)", self.address)
        answer = self.world.chain.view(self.world.registry, where)
        return [int.from_bytes(answer[at : at + 32], "big") for at in range(0, 192, 32)]
