"""A SEE whose every log is read, on the fast chain: what acts said is compared word by word."""

from __future__ import annotations

from typing import Any

from eth_abi import encode
from eth_hash.auto import keccak

from tests.properties.chain import GAS, Revm, raw
from tests.properties.test_life_cases import Stand
from tests.properties.world import World

Event = tuple[str, list[bytes], bytes]  # contract, topics, data


class Loud(Revm):
    """Remembers what the latest call that succeeded has logged."""

    logs: list[Event]

    def send(self, sender: str, to: str, data: bytes = b"", value: int = 0, gas: int = GAS) -> bool:
        done = super().send(sender, to, data, value, gas)
        if done:
            found = self.evm.result.logs
            self.logs = [(log.address.lower(), _words(log.topics), log.data[1]) for log in found]
        return done


def _words(topics: list[Any]) -> list[bytes]:
    return [raw(each) if isinstance(each, str) else bytes(each) for each in topics]


def event(where: str, signature: str, indexed: int, *values: Any) -> Event:
    """What a contract logs; the first `indexed` of the values are topics."""
    types = signature[signature.index("(") + 1 : -1].split(",") if values else []
    topics = [encode([kind], [value]) for kind, value in zip(types, values, strict=True)]
    data = encode(types[indexed:], values[indexed:])
    return where.lower(), [keccak(signature.encode()), *topics[:indexed]], data


class LoudStand(Stand):
    """A SEE of native coin and a token, heard."""

    def __init__(self, *shares: int) -> None:
        self.chain = Loud()
        super().__init__(*shares, world=World(self.chain))

    @property
    def said(self) -> list[Event]:
        """By the SEE, in the latest act: a token's own logs are not of interest."""
        return [each for each in self.chain.logs if each[0] == self.see.address]

    def event(self, signature: str, indexed: int, *values: Any) -> Event:
        return event(self.see.address, signature, indexed, *values)
