"""Whether formulas.py packs the Registry's records as its bytecode does, of random words."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pyrevm
from eth_abi import encode

from campaign.proofs import formulas as f
from campaign.proofs.mirror import ANYONE, NONE, TABLE, calldata, mapped
from seechain.chain.artifacts import load
from tests.properties import agreement as a
from tests.properties.books_model import Seat
from tests.properties.chain import START, Revm, deploy, raw

TERMS = "(bytes32,uint256,uint256,uint256,bytes32)"
PREIMAGE = [TABLE, TERMS, "bytes", "bytes"]
NATIVE = bytes(32)  # currencies: the native coin alone
ALL_VOICES = tuple((at, 1) for at in range(len(a.KEYS)))
SEATS = (Seat("0x" + "51" * 20, 1, False),)
GRACE = 7 * 24 * 3600  # seconds, from the end of an agreement until anyone ends its SEE


class Records:
    def __init__(self, seed: int, words: Any = f.Numbers) -> None:
        self.w, self.dice, self.chain = words, random.Random(seed), Revm()
        self.compared: Counter[str] = Counter()
        self.faults: list[str] = []
        splitter = deploy(self.chain, raw(load("Splitter").bytecode))
        code = encode(["bytes", "address"], [raw(load("SEE").bytecode), splitter])
        self.registry = deploy(self.chain, raw(load("Registry").bytecode) + code)
        self.slot = load("Registry").storage_layout["records"]["of"]["slot"]

    def live(self, nonce: int) -> None:
        """A SEE is registered, loses a voice, is amended, loses a voice, and expires."""
        w = self.w
        first, second = (
            a.Agreement(a.Table(SEATS), ALL_VOICES, (NONE,), 2 * nonce + at) for at in (0, 1)
        )
        block, time = self._now(a.DEADLINE)
        signed = a.sign(self.registry, a.REGISTRATION, first.hash, first.keys)
        types = [TABLE, TERMS, "uint256", "bytes", "bytes", "bytes", "bytes", "uint256"]
        asked = (first.argument, first.terms, a.DEADLINE, first.roll, NATIVE, signed, b"", 0)
        done = self._call(ANYONE, "register", types, *asked)
        asked_see = calldata("see_address(bytes32)", ["bytes32"], first.hash)
        see = "0x" + self.chain.view(self.registry, asked_see)[12:].hex()
        where = mapped(self.slot, int(see, 16))
        self._same("register", where, done, f.registered(w, block, time))

        # As it may stand after any number of amendments: what a leave must not touch.
        record = self._random(where)
        record = self._leave(see, where, record, first)
        version = record & 8191
        block, _ = self._now(a.DEADLINE)
        succession = a.struct(a.SUCCESSION, "address uint256 bytes32", see, version, second.hash)
        keys = [None if record >> 192 >> at & 1 else key for at, key in enumerate(first.keys)]
        signed = a.sign(self.registry, a.AMENDMENT, succession, keys)
        types = ["address", *PREIMAGE, *PREIMAGE, "uint256", "bytes", "bytes", "uint256"]
        asked = (see, *first.preimage, *second.preimage, a.DEADLINE, signed, b"", 0)
        done = self._call(ANYONE, "amend", types, *asked)
        record = f.amended(w, record, block)
        self._same("amend", where, done, record)
        record = self._leave(see, where, record, second)
        _, time = self._now(2**40 - 1, a.EXPIRY + GRACE)
        done = self._call(ANYONE, "expire", ["address", *PREIMAGE], see, *second.preimage)
        self._same("expire", where, done, f.ended(w, record, time))

    def _random(self, where: int) -> int:
        dice = self.dice
        record = dice.getrandbits(48) << 144 | dice.getrandbits(48) << 96
        record |= dice.getrandbits(40) << 56 | dice.randrange(8190)
        self.chain.evm.insert_account_storage(self.registry, where, record)
        return record

    def _leave(self, see: str, where: int, record: int, of: a.Agreement) -> int:
        place = self.dice.randrange(len(a.KEYS))
        account = a.account_of(of.keys[place])
        types = ["address", *PREIMAGE, "address", "uint256", "bool", "uint256", "uint256", "bytes"]
        asked = (see, *of.preimage, account, place, False, 0, a.DEADLINE, b"")
        done = self._call(account, "leave", types, *asked)
        record = f.without_voice(self.w, record, place)
        self._same("leave", where, done, record)
        return record

    def _now(self, last: int, first: int = START) -> tuple[int, int]:
        """A block, and unix seconds."""
        block, time = self.dice.randint(1, 2**48 - 1), self.dice.choice([last, first])
        time = self.dice.choice([time, self.dice.randint(first, last)])
        env = pyrevm.BlockEnv(number=block, timestamp=time, gas_limit=10**12)
        self.chain.evm.set_block_env(env)
        return block, time

    def _call(self, sender: str, name: str, types: list[str], *arguments: Any) -> bool:
        data = calldata(f"{name}({','.join(types)})", types, *arguments)
        return self.chain.send(sender, self.registry, data)

    def _same(self, name: str, where: int, done: bool, should: int) -> None:
        self.compared[f"Registry.{name}"] += 1
        is_ = self.chain.storage(self.registry, where)
        if not done or is_ != should:
            self.faults.append(f"Registry.{name}: the record is {is_:#x}, should be {should:#x}")


def compare(seed: int, rounds: int, words: Any = f.Numbers) -> tuple[Counter[str], list[str]]:
    records = Records(seed, words)
    for nonce in range(rounds):
        records.live(nonce)
    return records.compared, records.faults
