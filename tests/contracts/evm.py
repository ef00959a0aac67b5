"""A chain to attack: anvil, contracts compiled from the sources at hand, calls that say why.

Nothing here uses the package: table, proofs and digests are made a second time, from the
written format, so that a fault which the package and the contracts share is seen.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from eth_abi import decode, encode
from eth_utils import function_signature_to_4byte_selector, keccak, to_checksum_address

from tests.direct import connected
from tests.rewind import rewind

ROOT = Path(__file__).parents[2]
HOSTILE = Path(__file__).parent / "hostile"
ZERO = "0x" + "00" * 20
DEPLOYER = "0x4e59b44847b379578588920cA78FbF26c0B4956C"  # the deterministic deployer
ETHER = 10**18
GAS = 16_000_000  # below the 2**24 of EIP-7825


class Reverted(Exception):
    """A transaction or a call that failed, with its reason."""


# ---------------------------------------------------------------- compile


def compiled(cache: Path) -> dict[str, tuple[list[dict[str, Any]], str]]:
    """Compile kernel and hostile contracts: name -> (ABI, init code). Once for each source."""
    import hatch_build

    sources = [*sorted((ROOT / "contracts").rglob("*.vy")), *sorted(HOSTILE.glob("*.vy"))]
    key = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    made = cache / f"{key}.json"
    lock = (cache / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed: workers need not compile the same
    if not made.exists():
        from vyper import compile_code

        out = {k: (v["abi"], v["bytecode"]) for k, v in hatch_build.compile_contracts().items()}
        for path in HOSTILE.glob("*.vy"):
            one = compile_code(path.read_text("ascii"), output_formats=["abi", "bytecode"])
            out[path.stem] = (one["abi"], one["bytecode"])
        made.write_text(json.dumps(out))
    lock.close()
    return {name: (abi, code) for name, (abi, code) in json.loads(made.read_text()).items()}


# ---------------------------------------------------------------- chain


class Chain:
    """An anvil and what is deployed on it. Gas costs nothing, so that balances are exact."""

    def __init__(self, url: str, contracts: dict[str, tuple[list[dict[str, Any]], str]]) -> None:
        self.web3 = connected(url)
        self.contracts = contracts
        self.me: str = self.rpc("eth_accounts")[0]
        self.fresh = 0

    def rpc(self, method: str, *params: Any) -> Any:
        answer = self.web3.provider.make_request(method, list(params))  # type: ignore[arg-type]
        if "error" in answer:
            raise Reverted(_reason(answer["error"]))
        return answer["result"]

    def send(
        self, to: str | None, data: bytes = b"", value: int = 0, gas: int = GAS, sender: str = ""
    ) -> dict[str, Any]:
        """Mine one transaction. Raises Reverted, with the reason, where it failed."""
        fields = {
            "from": sender or self.me,
            "data": "0x" + data.hex(),
            "value": hex(value),
            "gas": hex(gas),
            "gasPrice": "0x0",
        }
        if to:
            fields["to"] = to
        sent = self.rpc("eth_sendTransaction", fields)
        while not (receipt := self.rpc("eth_getTransactionReceipt", sent)):
            time.sleep(0.001)  # mined, and not yet told
        if receipt["status"] != "0x1":
            self.rpc("eth_call", fields, "latest")
            raise Reverted("failed, and passes when it is called")
        return dict(receipt)

    def call(self, to: str, data: bytes, sender: str = "", gas: int = GAS) -> bytes:
        fields = {"from": sender or self.me, "to": to, "data": "0x" + data.hex(), "gas": hex(gas)}
        return bytes.fromhex(self.rpc("eth_call", fields, "latest")[2:])

    def deploy(self, name: str, *args: Any) -> Contract:
        abi, code = self.contracts[name]
        inputs = next((e["inputs"] for e in abi if e["type"] == "constructor"), [])
        data = bytes.fromhex(code[2:]) + encode([_type(i) for i in inputs], args)
        return Contract(self, self.send(None, data)["contractAddress"], abi)

    def deterministic(self, name: str, *args: Any) -> Contract:
        """Deploy through the deterministic deployer, with a zero salt."""
        abi, code = self.contracts[name]
        inputs = next((e["inputs"] for e in abi if e["type"] == "constructor"), [])
        init = bytes.fromhex(code[2:]) + encode([_type(i) for i in inputs], args)
        self.send(DEPLOYER, bytes(32) + init)
        hashed = keccak(b"\xff" + raw(DEPLOYER) + bytes(32) + keccak(init))
        return Contract(self, to_checksum_address(hashed[12:]), abi)

    def at(self, name: str, address: str) -> Contract:
        return Contract(self, address, self.contracts[name][0])

    def account(self) -> str:
        """A fresh account without code and without money. The addresses ascend."""
        self.fresh += 1
        return to_checksum_address((0xACC << 140 | self.fresh << 128 | 1).to_bytes(20, "big"))

    def balance(self, account: str) -> int:
        return int(self.rpc("eth_getBalance", account, "latest"), 16)

    def code(self, account: str) -> bytes:
        return bytes.fromhex(self.rpc("eth_getCode", account, "latest")[2:])

    def set_code(self, account: str, code: bytes) -> None:
        self.rpc("anvil_setCode", account, "0x" + code.hex())

    def set_balance(self, account: str, amount: int) -> None:
        self.rpc("anvil_setBalance", account, hex(amount))

    def now(self) -> int:
        return int(self.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    def next_at(self, timestamp: int) -> None:
        """The next block, which the next transaction makes, has this time."""
        self.rpc("evm_setNextBlockTimestamp", hex(timestamp))

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What happens within is undone."""
        snapshot, fresh = self.rpc("evm_snapshot"), self.fresh
        try:
            yield
        finally:
            rewind(self.rpc, snapshot)
            self.fresh = fresh


class Contract:
    """`c.f(args)` calls a view, and sends a transaction else; keywords as in Chain.send."""

    def __init__(self, chain: Chain, address: str, abi: list[dict[str, Any]]) -> None:
        self.chain, self.address, self.abi = chain, to_checksum_address(address), abi

    def data(self, name: str, *args: Any) -> bytes:
        return _encode(self._entry(name, len(args)), args)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def act(*args: Any, **how: Any) -> Any:
            entry = self._entry(name, len(args))
            data = _encode(entry, args)
            if entry["stateMutability"] not in ("view", "pure"):
                return self.chain.send(self.address, data, **how)
            out = decode([_type(o) for o in entry["outputs"]], self.chain.call(self.address, data))
            return out[0] if len(out) == 1 else out

        return act

    def _entry(self, name: str, count: int) -> dict[str, Any]:
        return next(
            e
            for e in self.abi
            if e["type"] == "function" and e["name"] == name and len(e["inputs"]) == count
        )


def _encode(entry: dict[str, Any], args: tuple[Any, ...]) -> bytes:
    types = [_type(i) for i in entry["inputs"]]
    return function_signature_to_4byte_selector(f"{entry['name']}({','.join(types)})") + encode(
        types, args
    )


def _type(entry: dict[str, Any]) -> str:
    if not entry["type"].startswith("tuple"):
        return str(entry["type"])
    return f"({','.join(_type(c) for c in entry['components'])}){entry['type'][5:]}"


def _reason(error: dict[str, Any]) -> str:
    data = error.get("data")
    if isinstance(data, str) and data.startswith("0x08c379a0"):
        return str(decode(["string"], bytes.fromhex(data[10:]))[0])
    return f"{error.get('message')} {data or ''}"


def raw(account: str) -> bytes:
    return bytes.fromhex(account[2:])


@contextmanager
def refused(reason: str = "") -> Iterator[None]:
    """Expect a revert; of exactly this reason, where one is given."""
    with pytest.raises(Reverted) as caught:
        yield
    if reason:
        assert str(caught.value) == reason


# ---------------------------------------------------------------- table

PULL_ONLY = 1
TABLE_TYPE = keccak(text="Table(bytes32 root,uint256 shares,uint256 pages)")


def seat_word(account: str, shares: int, flags: int = 0) -> bytes:
    return raw(account) + flags.to_bytes(6, "big") + shares.to_bytes(6, "big")


def node(left: tuple[bytes, int], right: tuple[bytes, int]) -> tuple[bytes, int]:
    (a, x), (b, y) = left, right
    packed = a + x.to_bytes(32, "big") + b + y.to_bytes(32, "big") + b"\x01"
    return keccak(packed), x + y


@dataclass
class Tree:
    """A share table, honest unless the leaves say otherwise."""

    pages: list[bytes]
    sums: list[int]
    terms: bytes = bytes(32)

    @classmethod
    def of(cls, seats: list[tuple[Any, ...]], per_page: int = 32, **more: Any) -> Tree:
        """Seats: account, shares and maybe flags, as they are ordered. Fewer to a page for
        a tree of several small pages."""
        chunks = [seats[at : at + per_page] for at in range(0, len(seats), per_page)]
        words = [b"".join(seat_word(*seat) for seat in chunk) for chunk in chunks]
        return cls(words, [sum(seat[1] for seat in chunk) for chunk in chunks], **more)

    def levels(self) -> list[list[tuple[bytes, int]]]:
        level = [(keccak(words), total) for words, total in zip(self.pages, self.sums, strict=True)]
        levels = [level]
        while len(level) > 1:
            pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
            level = [node(*pair) if len(pair) == 2 else pair[0] for pair in pairs]
            levels.append(level)
        return levels

    @property
    def root(self) -> bytes:
        return self.levels()[-1][0][0]

    @property
    def shares(self) -> int:
        return self.levels()[-1][0][1]

    @property
    def table(self) -> tuple[bytes, int, int, bytes]:
        return self.root, self.shares, len(self.pages), self.terms

    def proof(self, page: int) -> bytes:
        out = b""
        for level in self.levels()[:-1]:
            if page ^ 1 < len(level):
                sibling, total = level[page ^ 1]
                out += sibling + total.to_bytes(32, "big")
            page >>= 1
        return out

    def index(self, page: int, place: int = 0) -> int:
        return page * 32 + place


def parts(tree: Tree, received: int) -> list[int]:
    """What each seat of the table may have had, in the table's order."""
    return [
        received * int.from_bytes(words[at + 26 : at + 32], "big") // tree.shares
        for words in tree.pages
        for at in range(0, len(words), 32)
    ]


def key(index: int, account: str, version: int = 0) -> int:
    return version << 192 | index << 160 | int(account, 16)


# ---------------------------------------------------------------- kernel


@dataclass
class Kernel:
    """The contracts as they stand on a chain, and fixed Splitters for the asking."""

    chain: Chain
    splitter: Contract  # the implementation
    registry: Contract

    def split(self, tree: Tree, salt: int = 0) -> Contract:
        root, shares, pages, _ = tree.table
        self.registry.create(root, shares, pages, salt.to_bytes(32, "big"))
        return self.chain.at("Splitter", self.address(tree, salt))

    def address(self, tree: Tree, salt: int = 0) -> str:
        root, shares, pages, _ = tree.table
        return to_checksum_address(
            self.registry.splitter_address(
                table_hash(root, shares, pages), salt.to_bytes(32, "big")
            )
        )

    def pay(self, to: Contract, amount: int, token: Contract | None = None) -> None:
        if token:
            token.transfer(to.address, amount)
        else:
            self.chain.send(to.address, value=amount)

    def join(self, split: Contract, tree: Tree, index: int, claims: bool = True, **how: Any) -> Any:
        if len(tree.pages) == 1:
            return split.join(tree.table, index, tree.pages[0], claims, **how)
        page = index >> 5
        return split.join_page(tree.table, index, tree.pages[page], tree.proof(page), claims, **how)

    def payout(
        self, split: Contract, tree: Tree, page: int = 0, currency: str = ZERO, **how: Any
    ) -> Any:
        if len(tree.pages) == 1:
            return split.payout(tree.table, tree.pages[0], currency, **how)
        return split.payout_page(
            tree.table, page, tree.pages[page], tree.proof(page), currency, **how
        )


def table_hash(root: bytes, shares: int, pages: int) -> bytes:
    return keccak(
        encode(["bytes32", "bytes32", "uint256", "uint256"], [TABLE_TYPE, root, shares, pages])
    )


KEPT = keccak(text="Kept(uint256,address,uint256)").hex()


def kept(receipt: dict[str, Any]) -> list[int]:
    """The indexes of the seats to which a push failed."""
    return [
        int(log["topics"][1], 16) >> 160 & 2**32 - 1
        for log in receipt["logs"]
        if log["topics"][0] == "0x" + KEPT
    ]
