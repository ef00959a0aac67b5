"""Whether formulas.py is what the bytecode does: both are given the same random words.

The words stand in the storage of a real SEE on pyrevm. A call of the SEE is made, and each word
that it left, and each balance, is compared with what the formulas say of the words before.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pyrevm
from eth_abi import encode
from eth_hash.auto import keccak

from campaign.proofs import formulas as f
from seechain.chain.artifacts import load
from tests.properties.chain import Revm, deploy, raw

W = f.Numbers
ANYONE = "0x" + "a1" * 20
NONE = "0x" + "00" * 20
LATE = 1 << 15
ODD = f.CLAIMED | f.PUSHED | f.FOLDED
DUES = "dues(address,uint256,uint256,uint256,uint256,uint256[])"
VERSIONS = "claim_versions((uint256,(bytes32,uint256,uint256,bytes32),uint256,bytes,bytes)[],uint256[],address[])"  # noqa: E501
TABLE = "(bytes32,uint256,uint256,bytes32)"


def calldata(signature: str, types: list[str], *arguments: Any) -> bytes:
    return keccak(signature.encode())[:4] + encode(types, arguments)


def mapped(slot: int, *keys: int) -> int:
    for key in keys:
        slot = int.from_bytes(keccak(slot.to_bytes(32, "big") + key.to_bytes(32, "big")), "big")
    return slot


class Mirror:
    """A SEE of three seats, whose storage is written over before each call."""

    def __init__(self, seed: int, words: Any = W) -> None:
        self.w, self.dice, self.chain = words, random.Random(seed), Revm()
        self.compared: Counter[str] = Counter()
        self.faults: list[str] = []
        splitter = deploy(self.chain, raw(load("Splitter").bytecode))
        code = encode(["bytes", "address"], [raw(load("SEE").bytecode), splitter])
        self.registry = deploy(self.chain, raw(load("Registry").bytecode) + code)
        self.people = [100 * 2**100 + at for at in range(3)]
        self.shares = [self.dice.randint(1, 2**46) for _ in self.people]
        self.total = sum(self.shares)
        seats = zip(self.people, self.shares, strict=True)
        self.page = b"".join((who << 96 | shares).to_bytes(32, "big") for who, shares in seats)
        self.table = (keccak(self.page), self.total, 1, bytes(32))
        made = calldata(f"deploy({TABLE})", [TABLE], self.table)
        self.see = "0x" + self.chain.evm.message_call(ANYONE, self.registry, made)[12:].hex()
        self.chain.evm.reset_transient_storage()
        # From now on its Registry is an account that sends calls: a contract sends none.
        self.chain.evm.insert_account_info(self.registry, pyrevm.AccountInfo(nonce=2))
        layout = load("SEE").storage_layout
        self.at = {name: each["slot"] for name, each in layout["splitter"]["books"].items()}
        self.at["closed"] = layout["versions"]["closed"]["slot"]
        struct = self.chain.view(self.see, calldata("commitment()", []))
        self.commitment = int.from_bytes(struct, "big")

    # ---------------------------------------------------------------- words

    def amount(self, bits: int = 111) -> int:
        """Of any size, and often at an end of its field."""
        few = self.dice.choice([0, 1, 2**bits - 1, 2**bits - 2])
        any_ = self.dice.getrandbits(self.dice.randint(1, bits))
        return self.dice.choice([few, any_, any_, any_])

    def paid(self) -> int:
        """112 bits, signed."""
        return self.amount() * self.dice.choice([1, 1, -1]) % 2**112

    def book(self, plain: bool = False) -> int:
        low = self.dice.randint(1, 8190) << 8 | self.dice.getrandbits(8)
        if not plain:
            low |= self.dice.choice([0, f.CLAIMED, f.PUSHED, f.CLAIMED | f.PUSHED, ODD])
            low |= self.dice.getrandbits(8) << f.FILTER_AT
            folded = low & f.FOLDED
            low |= (self.dice.randint(1, self.total - 1) if folded else self.amount()) << f.BASE_AT
        return self.paid() << f.TOP | low

    def seat(self, book: int, at: int) -> int:
        taken = self.dice.choice([0, self.amount(100), self.amount()])
        seat = f.fresh(self.w, self.shares[at], self.total, self.dice.choice([1, 2]))
        if book & (ODD | f.FILTER | f.AMOUNT << f.BASE_AT):
            seat |= self.dice.choice([0, 0, f.OWN_COUNT])
        elif seat & f.SEVERAL_PAGES:
            seat ^= f.SEVERAL_PAGES  # its book is not plain
        return seat | taken << f.TOP

    def put(self, slot: int, value: int) -> None:
        self.chain.evm.insert_account_storage(self.see, slot, value)

    def get(self, slot: int) -> int:
        return self.chain.storage(self.see, slot)

    def call(self, sender: str, data: bytes, value: int = 0) -> bool:
        return self.chain.send(sender, self.see, data, value)

    def same(self, what: str, **pairs: tuple[Any, Any]) -> None:
        self.compared[what] += 1
        for name, (is_, should) in pairs.items():
            if is_ != should:
                self.faults.append(f"{what}: {name} is {is_:#x}, and should be {should:#x}")

    # ---------------------------------------------------------------- calls

    def claim(self) -> None:
        """claim, its view beside it, and claim_versions of the version in force."""
        w, at = self.w, self.dice.randrange(3)
        book = self.book(self.dice.random() < 0.5)
        balance, seat = self.amount(), self.seat(book, at)
        key = f.key(w, book, at, self.people[at])
        several = seat & f.SEVERAL_PAGES or book & f.FOLDED
        page, before, base = self._paged(book, seat, key)
        slot = mapped(self.at["seats"], key)
        for where, word in ((self.at["native"], book), (slot, seat)):
            self.put(where, word)
        self.chain.set_balance(self.see, balance)
        received = f.received(w, book, balance)
        due = f.due(w, book, seat, base, received)
        told = self._told(key, balance, received)
        self.same("SEE.dues", due=(told, due))
        done = self._claims(at, key)
        pays = 0 < due <= balance
        self.same("SEE.claim", done=(done, pays))
        mark, on_page = 1 << (at & 7), 0
        if several and f.claims_unmarked(w, book):
            mark |= f.CLAIMED
        elif several:
            mark, on_page = mark | f.PUSHED, 1 << at
        new = f.claimed_book(w, book, due, mark) if pays else book
        taken = f.entitled(w, book, seat, received)
        self.same(
            "SEE.claim",
            book=(self.get(self.at["native"]), new),
            seat=(self.get(slot), f.claimed_seat(w, seat, taken) if pays else seat),
            page=(self.get(page), before | on_page if pays else before),
            balance=(self.chain.balance(self.see), balance - due if pays else balance),
        )

    def _paged(self, book: int, seat: int, key: int) -> tuple[int, int, int]:
        """Where the word of its page is, the word, and how far the page was paid out."""
        page = mapped(self.at["pages"], 0, f.page_key(self.w, book, key))
        before = f.page_word(self.w, self.amount(), 0)
        whole = mapped(self.at["pages"], 0, f.whole_key(self.w, book))
        beyond = f.page_word(self.w, self.amount(), 0) if book & f.FOLDED else 0
        for where, word in ((page, before), (whole, beyond)):
            self.put(where, word)
        return page, before, f.base(self.w, book, seat, before, beyond)

    def _claims(self, at: int, key: int) -> bool:
        if self.dice.random() < 0.5:
            return self.call(ANYONE, self._claim(at))
        types = ["(uint256,(bytes32,uint256,uint256,bytes32),uint256,bytes,bytes)[]"]
        return self.call(
            ANYONE, calldata(VERSIONS, [*types, "uint256[]", "address[]"], [], [key], [NONE])
        )

    def _claim(self, at: int) -> bytes:
        account = "0x" + self.people[at].to_bytes(20, "big").hex()
        return calldata("claim(uint256,address)", ["uint256", "address"], at, account)

    def _told(self, key: int, balance: int, received: int) -> int:
        told = self.chain.view(self.see, calldata("received(address)", ["address"], NONE))
        self.same("SEE.received", received=(int.from_bytes(told, "big"), received))
        at = key >> f.INDEX_AT & f.INDEX
        word = self.people[at] << 96 | self.shares[at]
        types = ["address", "uint256", "uint256", "uint256", "uint256", "uint256[]"]
        asked = (NONE, key >> 192, self.total, 1, at, [word])
        return int.from_bytes(self.chain.view(self.see, calldata(DUES, types, *asked))[64:], "big")

    def join(self) -> None:
        w, at, book = self.w, self.dice.randrange(3), self.book(plain=True)
        key = f.key(w, book, at, self.people[at])
        slot = mapped(self.at["seats"], key)
        self.put(self.at["native"], book)
        self.put(slot, 0)
        self.put(mapped(self.at["commitments"], book >> 8 & 8191), self.commitment)
        types = [TABLE, "uint256", "bytes", "bool"]
        data = calldata(f"join({','.join(types)})", types, self.table, at, self.page, False)
        done = self.call(ANYONE, data)
        fresh = f.fresh(w, self.shares[at], self.total, 1)
        self.same("SEE.join", done=(done, True), seat=(self.get(slot), fresh))

    def payout(self) -> None:
        """payout of a page without marks."""
        w, balance = self.w, self.amount()
        book = self.book(plain=True) & ~f.BOOK_MARKS | self.amount() << f.BASE_AT
        self.put(self.at["native"], book)
        self.put(mapped(self.at["commitments"], book >> 8 & 8191), self.commitment)
        self.chain.set_balance(self.see, balance)
        base = book >> f.BASE_AT & f.AMOUNT
        reach = f.most(w, base, f.received(w, book, balance))
        dues = [f.pushed(w, base, reach, shares, self.total) for shares in self.shares]
        if sum(dues) > balance:
            return  # of a base that no payout left: pushes fail, and seats are kept
        data = calldata(f"payout({TABLE},bytes)", [TABLE, "bytes"], self.table, self.page)
        done = self.call(ANYONE, data)
        self.same(
            "SEE.payout",
            done=(done, True),
            book=(self.get(self.at["native"]), f.pushed_book(w, book, sum(dues), reach)),
            balance=(self.chain.balance(self.see), balance - sum(dues)),
        )

    def pay_late(self) -> None:
        w, book, amount, balance = self.w, self.book(), self.amount(95), self.amount()
        version = self.dice.randrange(book >> 8 & 8191)
        late = self.amount() << f.TOP | version << 8
        slot = mapped(self.at["closed"], 0, version | LATE)
        self.put(self.at["native"], book)
        self.put(slot, late)
        self.chain.set_balance(self.see, balance)
        self.chain.set_balance(ANYONE, amount)
        types = ["address", "uint256", "bytes32", "uint256"]
        asked = (NONE, amount, bytes(32), version)
        data = calldata(f"pay_late({','.join(types)})", types, *asked)
        done = self.call(ANYONE, data, amount)
        refused = f.late_refused(w, book, amount) or (late >> f.TOP) + amount > f.MOST
        taken = not refused and balance + amount <= f.MOST
        self.same(
            "SEE.pay_late",
            done=(done, taken),
            book=(self.get(self.at["native"]), f.late_book(w, book, amount) if taken else book),
            late=(self.get(slot), f.late_record(w, late, amount) if taken else late),
        )

    def succeed(self) -> None:
        w, book, balance = self.w, self.book(self.dice.random() < 0.3), self.amount()
        version = book >> 8 & 8191
        slot = mapped(self.at["closed"], 0, version)
        self.put(self.at["native"], book)
        self.put(slot, 0)
        self.put(mapped(self.at["commitments"], version), self.commitment)
        self.chain.set_balance(self.see, balance)
        types, old = ["bytes32", "bytes32", "bytes"], self.commitment.to_bytes(32, "big")
        data = calldata(f"succeed({','.join(types)})", types, old, bytes(32), b"")
        done = self.call(self.registry, data)
        amount = f.received(w, book, balance)
        owes = book & (f.BOOK_MARKS | ODD) or amount > book >> f.BASE_AT & f.AMOUNT
        after = f.closed_book(w, balance, version + 1, book & f.FILTER)
        self.same(
            "SEE.succeed",
            done=(done, True),
            book=(self.get(self.at["native"]), after),
            record=(self.get(slot), f.closed_record(w, book, amount) if owes else 0),
        )

    def leave(self) -> None:
        w, book, balance, at = self.w, self.book(), self.amount(), self.dice.randrange(3)
        seat = self.seat(book, at)
        key = f.key(w, book, at, self.people[at])
        slot = mapped(self.at["seats"], key)
        page, before, base = self._paged(book, seat, key)
        whole = mapped(self.at["pages"], 0, f.whole_key(w, book))
        beyond = self.get(whole)
        for where, word in ((self.at["native"], book), (slot, seat)):
            self.put(where, word)
        self.chain.set_balance(self.see, balance)
        account = "0x" + self.people[at].to_bytes(20, "big").hex()
        types = ["address", "uint256", "bytes"]
        data = calldata(f"leave({','.join(types)})", types, account, at, b"")
        done = self.call(self.registry, data)
        several = seat & f.SEVERAL_PAGES or book & f.FOLDED
        paid_whole = 0 if book & f.FOLDED or not several else book >> f.BASE_AT & f.AMOUNT
        left = self.shares[at] + (book >> f.BASE_AT & f.AMOUNT if book & f.FOLDED else 0)
        amount = f.received(w, book, balance)
        entitled, owed = f.entitled(w, book, seat, amount), f.due(w, book, seat, base, amount)
        after = f.left_book(w, book, entitled, left)
        if paid_whole or not several:
            after |= f.PUSHED
        mark = 1 << at
        if not several:
            marks = w.mul(book & f.BOOK_MARKS, f.ALL_PLACES)
            kept = f.page_word(w, book >> f.BASE_AT & f.AMOUNT, marks) | mark
        else:
            kept = before | mark
        stays = left < self.total
        self.same(
            "SEE.leave",
            done=(done, stays),
            book=(self.get(self.at["native"]), after if stays else book),
            seat=(self.get(slot), f.left_seat(w, seat, owed) if stays else seat),
            page=(self.get(page), kept if stays else before),
            whole=(
                self.get(whole),
                f.whole_word(w, paid_whole) if stays and paid_whole else beyond,
            ),
        )

    def redirect(self) -> None:
        w, book, at = self.w, self.book(), self.dice.randrange(3)
        key = f.key(w, book, at, self.people[at])
        slot = mapped(self.at["redirects"], self.people[at])
        word = self.dice.randrange(2**96 - 1) << f.TIMES_AT | self.dice.getrandbits(160)
        to = self.dice.getrandbits(160)
        self.put(self.at["native"], book)
        self.put(mapped(self.at["seats"], key), self.seat(book, at))
        self.put(slot, word)
        account, there = ("0x" + each.to_bytes(20, "big").hex() for each in (self.people[at], to))
        types = ["address", "address", "uint256", "address[]", "uint256", "bytes"]
        asked = (account, there, key, [], 0, b"")
        done = self.call(account, calldata(f"redirect({','.join(types)})", types, *asked))
        bit = 1 << f.FILTER_AT << (self.people[at] & 7)
        self.same(
            "SEE.redirect",
            done=(done, True),
            word=(self.get(slot), f.redirect_word(w, word, to)),
            book=(self.get(self.at["native"]), book | bit),
        )
        self.put(slot, 0)


CALLS: tuple[Callable[[Mirror], None], ...] = (
    Mirror.claim,
    Mirror.join,
    Mirror.payout,
    Mirror.pay_late,
    Mirror.succeed,
    Mirror.leave,
    Mirror.redirect,
)


def compare(seed: int, rounds: int, words: Any = W) -> tuple[Counter[str], list[str]]:
    """Make each call ``rounds`` times: how often each function was compared, and what differs."""
    mirror = Mirror(seed, words)
    for _ in range(rounds):
        for call in CALLS:
            call(mirror)
    return mirror.compared, mirror.faults
