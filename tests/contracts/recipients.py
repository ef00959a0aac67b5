"""Kinds of hostile recipients, and a SEE of which one is a member beside two honest ones."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.contracts.closing import dues
from tests.contracts.consent import KEYS
from tests.contracts.evm import HOSTILE, ZERO, Chain, Contract, Kernel, key, raw
from tests.contracts.life import Life

FOLDER = HOSTILE / "recipients"
DELEGATED = bytes.fromhex("ef0100")  # EIP-7702: the code of an account that chose another's
# What a call of 100,000 gas with coin gives to who is called (EIP-150 adds a stipend).
PROMISED = 100_000 + 2300
PARTS = (2000, 5000, 1000)  # of two honest seats, and of the hostile one: the last
HOSTILE_SEAT = 2
PAID, KEPT, AWAY, BACK = "paid", "kept", "away", "back"  # what becomes of a payment
SOME_GAS = 1_000_000  # of a claim: more than a push promises, and soon burnt
PAGES, PAGE = 1, 32  # seats to a page


def compiled(cache: Path) -> dict[str, tuple[list[dict[str, Any]], str]]:
    """Compile them: name -> (ABI, init code). Once for each source."""
    sources = sorted(FOLDER.glob("*.vy"))
    made = cache / f"{hashlib.sha256(b''.join(p.read_bytes() for p in sources)).hexdigest()}.json"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            from vyper import compile_code

            out = {}
            for path in sources:
                one = compile_code(path.read_text("ascii"), output_formats=["abi", "bytecode"])
                out[path.stem] = (one["abi"], one["bytecode"])
            made.write_text(json.dumps(out))
    return {name: (abi, code) for name, (abi, code) in json.loads(made.read_text()).items()}


def eats(gas: int) -> bytes:
    """Code that uses exactly this gas, or all of less: memory, and steps of one gas."""
    words = max(n for n in range(8000) if 3 * n + n * n // 512 + 5 <= gas)
    steps = gas - (3 * words + words * words // 512 + 5)
    return b"\x5b" * steps + b"\x62" + (32 * words).to_bytes(3, "big") + bytes.fromhex("5ff3")


# ---------------------------------------------------------------- kinds

SINK = "51cc" * 10


@dataclass(frozen=True)
class Kind:
    """What becomes of a payment: pushed, claimed, and claimed together with others."""

    code: str | bytes  # the name of a contract, or runtime code
    push: str
    claim: str
    token: str = ""  # of a token that tells its recipients; "" where as with coin
    many: str = ""  # of claim_versions and join, which hold the lock; "" where as with claim

    def becomes(self, way: str, coin: str) -> str:
        if coin == "token":
            alone = self.token.split() or [self.push, self.many or self.claim]
            return alone[0 if way.startswith("payout") else -1]
        if way.startswith("payout"):
            return self.push
        return self.claim if way == "claim" else self.many or self.claim


KINDS = {
    "accepts": Kind("Accepts", PAID, PAID),
    "reverts": Kind("Reverts", KEPT, KEPT),
    "reverts with a bomb": Kind(bytes.fromhex("620180005ffd"), KEPT, KEPT),
    "reverts with all that its gas pays": Kind(bytes.fromhex("6202e0005ffd"), KEPT, KEPT),
    "returns a bomb": Kind(bytes.fromhex("620180005ff3"), PAID, PAID),
    "burns all gas": Kind("Burns", KEPT, KEPT),
    "burns by a bad opcode": Kind(b"\xfe", KEPT, KEPT),
    "fills storage": Kind("FillsStorage", KEPT, KEPT),
    "needs all gas that is promised": Kind(eats(PROMISED), PAID, PAID),
    "needs one gas more": Kind(eats(PROMISED + 1), KEPT, PAID, token=PAID),
    "refuses pushes": Kind("RefusesPushes", KEPT, PAID),
    "refuses claims": Kind("RefusesClaims", PAID, KEPT),
    "is not payable": Kind("NotPayable", KEPT, KEPT),
    "pays it back with a reference": Kind("PaysBack", KEPT, BACK, many=KEPT, token=KEPT),
    "sends it back": Kind("SendsBack", BACK, BACK, token=KEPT),
    "sends it on": Kind("Forwards", AWAY, AWAY, token=PAID),
    "destroys itself": Kind(bytes.fromhex("73" + SINK + "ff"), AWAY, AWAY, token=PAID),
    # Forced: no code of the SEE runs. CALLER SELFDESTRUCT.
    "destroys itself into its payer": Kind(bytes.fromhex("33ff"), BACK, BACK, token=PAID),
    "creates a contract with it": Kind(bytes.fromhex("5f5f34f000"), AWAY, AWAY, token=PAID),
}


# ---------------------------------------------------------------- a SEE with one of them


class Scene:
    """A SEE of three seats, of which one is hostile, with 8,000 of coin and of a token."""

    def __init__(self, kernel: Kernel, token: Contract, hostile: str, per_page: int) -> None:
        self.kernel, self.chain, self.token = kernel, kernel.chain, token
        self.hostile = hostile
        self.honest = [kernel.chain.account(), kernel.chain.account()]
        self.seats = list(zip([*self.honest, hostile], (2, 5, 1), strict=True))
        self.life = Life.found(kernel, self.seats, token, per_page=per_page, keys=KEYS[:1])
        self.see, self.old = self.life.see, self.life.agreement
        self.step = 1 if per_page == PAGE else 32  # from seat to seat
        token.set(0, 0, True)
        kernel.pay(self.see, 8000)
        kernel.pay(self.see, 8000, token)

    def currency(self, coin: str) -> str:
        return ZERO if coin == "native" else self.token.address

    def had(self, account: str, coin: str) -> int:
        if coin == "native":
            return self.chain.balance(account)
        return int(self.token.balanceOf(account))

    def dues(self, coin: str) -> list[int]:
        return dues(self.life, self.old, 0, self.currency(coin))

    @property
    def index(self) -> int:
        """Of the hostile seat in the whole table."""
        return HOSTILE_SEAT * self.step

    def key(self, seat: int = HOSTILE_SEAT) -> int:
        return key(seat * self.step, self.seats[seat][0])

    def join(self) -> None:
        """All join, and nobody is paid."""
        joins = [self.life.seat(seat * self.step, self.old, 0) for seat in range(3)]
        self.see.claim_versions(joins, [], [])

    # ------------------------------------------------------------ ways of payment

    def payout(self, coin: str) -> list[Any]:
        """All pages, one call each."""
        return [self.life.payout(p, self.currency(coin)) for p in range(len(self.old.tree.pages))]

    def whole(self, coin: str) -> list[Any]:
        tree = self.old.tree
        return [self.see.payout_whole(self.life.agreement.table, tree.pages, self.currency(coin))]

    def claim(self, coin: str, seat: int = HOSTILE_SEAT) -> None:
        """By whatever takes the seat's version now."""
        if self.life.version:
            self.versions(coin, [seat])
        elif coin == "native":
            self.see.claim(seat * self.step, self.seats[seat][0], gas=SOME_GAS)
        else:
            at, account = seat * self.step, self.seats[seat][0]
            self.see.claim_token(self.token.address, at, account, gas=SOME_GAS)

    def versions(self, coin: str, seats: list[int]) -> None:
        keys = [self.key(seat) for seat in seats]
        self.see.claim_versions([], keys, [self.currency(coin)], gas=SOME_GAS)

    def close(self) -> None:
        """Another agreement comes into force; what was earned stays owed."""
        self.life.amend(self.life.next(self.old.tree, nonce=b"\7" * 32))


def seated(chain: Chain, kind: Kind, delegated: bool) -> str:
    """An account of the kind: with its code, or one that delegates to it (EIP-7702)."""
    account = chain.account()
    if isinstance(kind.code, str):
        code, there = b"", chain.deploy(kind.code).address
    else:
        code, there = kind.code, chain.account()
        chain.set_code(there, code)
    chain.set_code(account, DELEGATED + raw(there) if delegated else code or chain.code(there))
    return account


Way = Callable[[Scene, str], Any]
PAYOUTS: dict[str, Way] = {"payout": Scene.payout, "payout_whole": Scene.whole}
CLAIMS: dict[str, Way] = {
    "claim": lambda scene, coin: scene.claim(coin),
    "claim_versions": lambda scene, coin: scene.versions(coin, [HOSTILE_SEAT]),
}
