"""Every function that changes state, called with arguments that could be true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eth_abi import encode
from eth_utils import function_signature_to_4byte_selector, keccak

from tests.contracts.evm import Contract, _type, key
from tests.contracts.life import Life


def changing(contract: Contract) -> list[dict[str, Any]]:
    """The ABI entries of what is no view."""
    return [
        each
        for each in contract.abi
        if each["type"] == "function" and each["stateMutability"] not in ("view", "pure")
    ]


class Sweep:
    """Arguments by their names and types, of one SEE, one member and one currency."""

    def __init__(self, life: Life, account: str, to: str, currency: str, index: int = 0) -> None:
        self.life, self.account, self.to, self.currency = life, account, to, currency
        self.index = index

    def calls(
        self, contract: Contract, *pools: dict[str, Any], naming: str = ""
    ) -> Iterator[tuple[str, bytes]]:
        """Name and calldata of each function, with each pool of other arguments; only of those
        that take an argument whose name starts like this."""
        for entry in changing(contract):
            if not any(
                each["name"].startswith(naming) for each in entry["inputs"] or [{"name": ""}]
            ):
                continue
            for pool in pools or ({},):
                yield entry["name"], self._data(entry, pool)

    def _data(self, entry: dict[str, Any], pool: dict[str, Any]) -> bytes:
        types = [_type(each) for each in entry["inputs"]]
        values = [
            pool.get(each["name"], self._value(each["name"], type_))
            for each, type_ in zip(entry["inputs"], types, strict=True)
        ]
        signature = f"{entry['name']}({','.join(types)})"
        return function_signature_to_4byte_selector(signature) + encode(types, values)

    def _value(self, name: str, type_: str) -> Any:
        life = self.life
        now = life.agreement
        table, terms, roll, currencies = now.preimage
        words, proof = now.tree.pages[self.index >> 5], now.tree.proof(self.index >> 5)
        currency_word = bytes(12) + bytes.fromhex(self.currency[2:])
        named = {
            "see": life.see.address,
            "account": self.account,
            "splitter": life.see.address,
            "to": self.to,
            "currency": self.currency,
            "table": now.table if life.see is not None else table,
            "next_table": table,
            "terms": terms,
            "next_terms": terms,
            "roll": roll,
            "next_roll": roll,
            "next_currencies": currencies,
            "root": now.tree.root,
            "shares": now.tree.shares,
            "pages": now.tree.pages if type_.endswith("[]") else len(now.tree.pages),
            "index": self.index,
            "words": [words] if type_.endswith("[]") else words,
            "proof": proof,
            "proofs": [proof],
            "old": life.see.commitment(),
            "commitment": keccak(text="of a stranger"),
            "key": key(self.index, self.account, life.version),
            "keys": [key(self.index, self.account, life.version)],
            "leavers": [key(self.index, self.account)],
            "seats": [life.seat(self.index)],
            "version": life.version,
            "deadline": life.office.deadline,
            "claims": True,
            "uri": "ipfs://a stranger's",
            "signature": bytes(64),
            "signatures": bytes(len(roll) * 2),
        }
        if name == "currencies":
            return [self.currency] if type_.endswith("[]") else currency_word
        return named.get(name, _nothing(type_))


def _nothing(type_: str) -> Any:
    if type_.endswith("[]"):
        return []
    return {"bytes": b"", "bytes32": bytes(32), "bool": True, "string": ""}.get(type_, 0)
