"""The chain as the measurements find it: contracts in place, accounts with means."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

from eth_abi.abi import encode

from bench.chain import Chain, Contract, create2
from bench.ledger import Split
from seechain.chain.artifacts import Artifact, load
from seechain.share_table import ShareTable

DEPLOYER = "0x4e59b44847b379578588920ca78fbf26c0b4956c"  # the deterministic one of all chains
NO_SALT = bytes(32)
HELD = 10**24  # of the token, by everyone beforehand


class Scene:
    """A chain with the Registry, both implementations, and a token that everyone holds."""

    def __init__(self, chain: Chain, registry: Contract, token: Contract) -> None:
        self.chain = chain
        self.registry = registry
        self.token = token
        self._salts = count(1)

    def table(self, seats: int, step: int = 37) -> ShareTable:
        """The first test accounts, with uneven shares: 1,000 and a step more for each."""
        accounts = self.chain.accounts[1 : seats + 1]
        return ShareTable.from_seats(
            (account, 1000 + step * place) for place, account in enumerate(accounts)
        )

    def splitter(self, seats: int) -> Split:
        """A new fixed Splitter of so many seats."""
        table, word = self.table(seats), next(self._salts).to_bytes(32, "big")
        terms = (table.root, table.shares, table.pages, word)
        self.chain.transact(self.chain.accounts[0], self.registry, "create", *terms)
        address = self.splitter_address(table, word)
        contract = Contract(address, load("Splitter").selectors)
        return Split(self.chain, contract, table, bytes(32), self.token)

    def splitter_address(self, table: ShareTable, salt: bytes) -> str:
        """Where the Registry says that the Splitter of a table stands, or would."""
        found: str = self.chain.view(self.registry, "address", "splitter_address", table.hash, salt)
        return found

    def see(self, agreement: bytes) -> Contract:
        """The SEE of an agreement, by its commitment."""
        address = self.chain.view(self.registry, "address", "see_address", agreement)
        return Contract(address, load("SEE").selectors)


def build(chain: Chain, token: Contract | None = None) -> Scene:
    """Put everything in place.

    token: one that everyone holds already; without it, one is made.
    """
    splitter = _deploy(chain, load("Splitter"))
    see_code = bytes.fromhex(load("SEE").bytecode[2:])
    registry = _deploy(chain, load("Registry"), ["bytes", "address"], [see_code, splitter.address])
    return Scene(chain, registry, token or _token(chain))


def sums(table: ShareTable) -> int:
    """The shares of each page as the Registry takes them: 48 bits each, none for one page."""
    if table.pages == 1:
        return 0
    return sum(table.page_shares(page) << 48 * page for page in range(table.pages))


def _deploy(
    chain: Chain, artifact: Artifact, types: Sequence[str] = (), values: Sequence[Any] = ()
) -> Contract:
    init_code = bytes.fromhex(artifact.bytecode[2:]) + encode(types, values)
    chain.send(chain.accounts[0], DEPLOYER, NO_SALT + init_code)
    return Contract(create2(DEPLOYER, NO_SALT, init_code), artifact.selectors)


def vyper(source: Path) -> tuple[bytes, dict[str, str]]:
    """The init code and the selectors of one of the benchmark's own contracts."""
    from vyper.compiler import compile_code  # type: ignore[import-untyped]
    from vyper.compiler.settings import (  # type: ignore[import-untyped]
        OptimizationLevel,
        Settings,
    )

    made = compile_code(
        source.read_text("ascii"),
        output_formats=["bytecode", "method_identifiers"],
        settings=Settings(optimize=OptimizationLevel.GAS, evm_version="prague"),
    )
    return bytes.fromhex(made["bytecode"][2:]), made["method_identifiers"]


def _token(chain: Chain) -> Contract:
    code, selectors = vyper(Path(__file__).with_name("tokens") / "Plain.vy")
    holders = encode(["address[]", "uint256"], [chain.accounts, HELD])
    chain.send(chain.accounts[0], DEPLOYER, NO_SALT + code + holders)
    return Contract(create2(DEPLOYER, NO_SALT, code + holders), selectors)
