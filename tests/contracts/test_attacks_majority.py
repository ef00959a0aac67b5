"""A majority, or a recipient, calls all that there is to call: what is earned stays whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from eth_abi import decode
from eth_utils import keccak

from tests.contracts.closing import living
from tests.contracts.consent import (
    AMENDMENT,
    DEREGISTRATION,
    ENDORSEMENT,
    KEYS,
    REDIRECTION,
    REGISTRATION,
)
from tests.contracts.evm import ZERO, Contract, Kernel, Reverted, Tree, key
from tests.contracts.life import LATE, LEAVING, PUBLICATION, Life
from tests.contracts.recipients import PAGE, PAGES, PARTS, Scene
from tests.contracts.sweep import Sweep
from tests.contracts.wire import short_wire

TRIED = "0x" + keccak(text="Tried(bool,bytes)").hex()
EARNED = {"native": [250, 750], "token": [500, 1500]}


@pytest.fixture(autouse=True)
def _wire(kernel: Kernel) -> Iterator[None]:
    with short_wire(kernel.chain):
        yield


class Coup:
    """Two of three voices, who want what two members earned under the first agreement."""

    def __init__(self, kernel: Kernel, token: Contract, per_page: int) -> None:
        self.kernel, self.chain, self.token = kernel, kernel.chain, token
        self.life = living(kernel, token, per_page=per_page)
        self.old, self.see = self.life.agreement, self.life.see
        kernel.pay(self.see, 1000)
        kernel.pay(self.see, 2000, token)
        self.thief = kernel.chain.account()
        self.victims = [(at // per_page * 32 + at % per_page, self._account(at)) for at in (0, 1)]
        for sender in (self.thief, KEYS[0].address):
            self.chain.rpc("anvil_impersonateAccount", sender)

    def _account(self, at: int) -> str:
        words = b"".join(self.old.tree.pages)
        return "0x" + words[32 * at : 32 * at + 20].hex()

    def signed(self, kind: str, subject: bytes) -> bytes:
        """By two of the three."""
        return self.life.sign(kind, subject, KEYS[:2]) + bytes(64)

    def amend(self, nonce: int, *currencies: bytes) -> None:
        next_ = self.life.next(
            Tree.of([(self.thief, 1)]), nonce=bytes([nonce]) * 32, currencies=currencies
        )
        self.life.amend(next_, self.signed(AMENDMENT, self.life.succession(next_)))

    def tries(self) -> Iterator[tuple[str, bytes]]:
        """All that takes arguments, in each way that could touch the victims' or the thief's."""
        registry, see = self.life.registry, self.see
        for index, account in [*self.victims, (0, self.thief)]:
            for currency in (ZERO, self.token.address):
                sweep = Sweep(self.life, account, self.thief, currency, 0)
                first = [key(index, account, 0), key(index, account, LATE)]
                pools = (
                    {"amount": 0, "index": index},
                    {"amount": 0, "version": 0, "keys": first, "seats": []},
                    {"amount": 3, "version": 0, "seats": [self.life.seat(index, self.old, 0)]},
                )
                for contract in (see, registry):
                    for _, data in sweep.calls(contract, *pools):
                        yield contract.address, data

    def does(self, to: str, data: bytes, sender: str) -> bool:
        """Whether it passed; where not, nothing has changed."""
        fields = {"from": sender, "to": to, "data": "0x" + data.hex(), "gas": hex(3_000_000)}
        try:
            self.chain.rpc("eth_call", fields, "latest")
        except Reverted:
            return False
        self.chain.send(to, data, sender=sender, gas=3_000_000)
        return True

    def endorsements(self) -> None:
        """The quorum makes the SEE itself sign whatever there is to sign."""
        kinds = (REGISTRATION, AMENDMENT, DEREGISTRATION, LEAVING, PUBLICATION, ENDORSEMENT)
        for kind in (*kinds, REDIRECTION, "Permit(address owner,address spender,uint256 value)"):
            for account in (self.see.address, self.victims[0][1], self.thief):
                subject = self.life.redirect_hash(self.thief, 0)
                act = self.signed(ENDORSEMENT, self.life.act_hash(kind, account, subject))
                with suppress(Reverted):
                    self.life.endorse(kind, account, subject, act)

    def earned(self) -> dict[str, list[int]]:
        """What each victim had, and is due of the first agreement."""
        out = {}
        _, shares, pages, _ = self.old.tree.table
        for coin, currency in (("native", ZERO), ("token", self.token.address)):
            out[coin] = []
            for index, account in self.victims:
                page, at = self.old.tree.pages[index >> 5], index % 32 * 32
                word = int.from_bytes(page[at : at + 32], "big")
                (due,) = self.see.dues(currency, 0, shares, pages, index, [word])
                had = self.chain.balance(account) if coin == "native" else None
                out[coin].append(due + (self.token.balanceOf(account) if had is None else had))
        return out


def test_a_majority_that_calls_everything_takes_nothing_earned(
    kernel: Kernel, token: Contract
) -> None:
    """Rule: the quorum amends to itself, and again, and endorses and calls all there is: after
    each call what others earned is theirs, due or had; and in the end they have all of it."""
    coup = Coup(kernel, token, PAGES)
    coin, other = coup.old.currencies
    for nonce, named in enumerate(((coin,), (coin, other), (other,)), 7):
        coup.amend(nonce, *named)
        assert coup.earned() == EARNED
    coup.endorsements()
    done, tried = 0, dict.fromkeys(coup.tries())
    for to, data in tried:
        for sender in (coup.thief, KEYS[0].address):
            if coup.does(to, data, sender):
                done += 1
                assert coup.earned() == EARNED, data.hex()
    assert done > 40
    coup.life.office.deregister(
        coup.signed(DEREGISTRATION, coup.life.office.end_of(coup.see.address, coup.life.version)),
        coup.life.agreement,
        coup.see.address,
    )
    for index, account in coup.victims:
        with suppress(Reverted):
            coup.see.claim_versions(
                [coup.life.seat(index, coup.old, 0)],
                [key(index, account, 0)],
                [ZERO, token.address],
            )
    assert [kernel.chain.balance(account) for _, account in coup.victims] == EARNED["native"]
    assert [token.balanceOf(account) for _, account in coup.victims] == EARNED["token"]
    assert kernel.chain.balance(coup.thief) == 0
    assert token.balanceOf(coup.thief) == 0


# ---------------------------------------------------------------- who is paid calls everything

# How it is paid, and of how many functions each n-th is tried: all others hold the lock.
WAYS = {"claim": 1, "claim_versions": 4, "payout": 4, "payout of a token": 5, "claim of a token": 5}


class Inside(Scene):
    """The hostile seat is a contract that calls whatever it is aimed at, as it is paid."""

    def __init__(self, kernel: Kernel, token: Contract) -> None:
        self.contract = kernel.chain.deploy("Recipient")
        super().__init__(kernel, token, self.contract.address, PAGE)
        self.join()
        self.elsewhere = kernel.chain.account()

    def aims(self) -> Iterator[tuple[str, str, bytes]]:
        """Every function of the SEE, the Registry and a second SEE; acts that are signed too."""
        life, registry = self.life, self.life.registry
        second = Life.found(self.kernel, [(self.see.address, 1), (self.hostile, 1)], keys=KEYS[:1])
        self.kernel.pay(second.see, 800)
        for seat in (2, 0):
            account = self.seats[seat][0]
            sweep = Sweep(life, account, self.elsewhere, self.token.address, self.index)
            for contract, pool in ((self.see, {"index": seat}), (registry, {})):
                for name, data in sweep.calls(contract, {"amount": 0, **pool}):
                    yield name, contract.address, data
        second.join(0, False)
        for index, account in enumerate((self.see.address, self.hostile)):
            sweep = Sweep(second, account, self.elsewhere, ZERO, index)
            for name, data in sweep.calls(second.see, {"amount": 0}):
                yield f"second {name}", second.see.address, data
        end = life.office.end()
        yield (
            "deregister",
            registry.address,
            registry.data(
                "deregister",
                self.see.address,
                *life.agreement.preimage[:2],
                life.office.deadline,
                *life.agreement.preimage[2:],
                end,
            ),
        )

    def enter(self, way: str) -> dict[str, Any]:
        coin = "token" if way.endswith("token") else "native"
        how = {"gas": 3_000_000}
        if way.startswith("payout"):
            return dict(self.life.payout(currency=self.currency(coin), **how))
        if way == "claim_versions":
            return dict(self.see.claim_versions([], [self.key()], [ZERO], **how))
        if coin == "token":
            return dict(self.see.claim_token(self.token.address, self.index, self.hostile, **how))
        return dict(self.see.claim(self.index, self.hostile, **how))

    def settle(self) -> None:
        """All that is due, to all."""
        self.contract.aim(ZERO, b"", 0)
        keys = [self.key(seat) for seat in range(3)]
        with suppress(Reverted):
            self.see.claim_versions([], keys, [ZERO, self.token.address])


@pytest.mark.parametrize("way", WAYS)
def test_who_is_paid_and_calls_everything_is_paid_once(
    kernel: Kernel, token: Contract, way: str
) -> None:
    """Rule: from within any payment a recipient may call any function there is, of its payer, the
    Registry and a second SEE that pays its payer: all have their parts, to the unit."""
    scene = Inside(kernel, token)
    aims = list(scene.aims())
    assert len(aims) > 60
    inside = 0
    for name, to, data in aims[:: WAYS[way]]:
        with kernel.chain.undone():
            scene.contract.aim(to, data, 0)
            receipt = scene.enter(way)
            passed = False  # a push of which the call took all gas is kept, and has no log
            for log in receipt["logs"]:
                if log["topics"][0] == TRIED:
                    passed, _ = decode(["bool", "bytes"], bytes.fromhex(log["data"][2:]))
            if to == scene.see.address and way != "claim":
                assert not passed, name  # the lock
            inside += passed
            scene.settle()
            income = (
                400 if passed and name.startswith("second") else 0
            )  # of the second SEE, or none
            for coin in ("native", "token"):
                honest = [scene.had(account, coin) for account in scene.honest]
                theirs = scene.had(scene.hostile, coin) + scene.had(scene.elsewhere, coin)
                if income and coin == "native":
                    held = kernel.chain.balance(scene.see.address)
                    got = sum(honest) + theirs + held - sum(PARTS)
                    assert got in (0, 400, 800), name  # its seat's, the hostile one's, or both
                    assert honest in ([2000, 5000], [2100, 5250]), name
                else:
                    assert (honest, theirs) == (list(PARTS[:2]), PARTS[2]), (name, coin)
    assert inside > 2
