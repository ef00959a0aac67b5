"""The roots of a state, from what it holds.

anvil keeps slots that were set back to zero and counts them into its roots, as no other EVM does:
so its roots are made here, from all accounts and slots that it dumps.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import rlp
from eth_utils import keccak, to_checksum_address
from trie import HexaryTrie

# Where anvil puts the hashes of its blocks (EIP-2935): of the chain, not of any transaction.
HISTORY = to_checksum_address("0x0000f90827f1c53a10cb7a02335b175320002935")
NO_CODE = keccak(b"")


@cache
def _code_hash(code: str) -> str:
    """Each dump has all code again."""
    return "0x" + keccak(hexstr=code).hex()


class Roots:
    """Tries that follow one state, of which each dump is whole."""

    def __init__(self) -> None:
        self.accounts = HexaryTrie({})
        self.storage: dict[str, tuple[HexaryTrie, dict[str, int]]] = {}
        self.found: dict[str, list[Any]] = {}

    def follow(self, dumped: dict[str, Any]) -> str:
        """Take over accounts as anvil dumps them; returns the root of the state."""
        found = {}
        for account, each in dumped.items():
            made = [
                int(str(each["nonce"]), 0),
                str(int(each["balance"], 16)),
                _code_hash(each["code"]),
                "0x" + self._storage(account, each["storage"]).hex(),
            ]
            if made[:3] != [0, "0", "0x" + NO_CODE.hex()]:  # else EIP-161 says that it is not there
                found[to_checksum_address(account)] = made
        found.pop(HISTORY, None)
        for account in {*found, *self.found}:
            if found.get(account) != self.found.get(account):
                self._put(account, found.get(account))
        self.found = found
        return "0x" + self.accounts.root_hash.hex()

    def _put(self, account: str, made: list[Any] | None) -> None:
        key = keccak(hexstr=account)
        if made is None:
            self.accounts.delete(key)
            return
        nonce, balance, code, storage = made
        fields = [nonce, int(balance), bytes.fromhex(storage[2:]), bytes.fromhex(code[2:])]
        self.accounts[key] = rlp.encode(fields)

    def _storage(self, account: str, slots: dict[str, str]) -> bytes:
        trie, before = self.storage.setdefault(account, (HexaryTrie({}), {}))
        now = {slot: int(value, 16) for slot, value in slots.items() if int(value, 16)}
        for slot in {*before, *now}:
            if before.get(slot) != now.get(slot):
                key = keccak(int(slot, 16).to_bytes(32, "big"))
                if slot in now:
                    trie[key] = rlp.encode(now[slot])
                else:
                    trie.delete(key)
        self.storage[account] = trie, now
        return bytes(trie.root_hash)
