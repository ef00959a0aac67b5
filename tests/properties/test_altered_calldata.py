"""Who submits what others have signed may alter nothing of it: not a bit that has a meaning."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.books_model import Seat
from tests.properties.chain import Revm, pyrevm, raw
from tests.properties.life_world import LEAVE_SEAT, REDIRECT, Clone, key_of

pytestmark = pytest.mark.skipif(pyrevm is None, reason="pyrevm can't be imported here")
BITS = 40  # of each word, beside its lowest and its highest
MEMBER, ELSEWHERE = a.account_of(a.KEYS[0]), "0x" + "e1" * 20
REDIRECT_TYPE = "Redirect(address see,address to,uint256 times)"
REDIRECTION = f"Redirection(address account,Redirect redirect,uint256 deadline){REDIRECT_TYPE}"


class Tap(Revm):
    """Remembers what was sent last, and what came of it."""

    def send(
        self, sender: str, to: str, data: bytes = b"", value: int = 0, gas: int = 10**8
    ) -> bool:
        self.sent = (sender, to, data)
        return super().send(sender, to, data, value, gas)

    def outcome(self, to: str, data: bytes) -> Any:
        """What a stranger's call leaves: the logs it made, and nothing where it is refused."""
        if not super().send("0x" + "5a" * 20, to, data):
            return None
        return [(log.address, log.topics, log.data[1]) for log in self.evm.result.logs]


class Desk:
    """A facilitator's: a SEE of two voices, one of which has a seat that has joined."""

    def __init__(self) -> None:
        self.chain = Tap()
        self.world = w.World(self.chain)
        seats = (Seat(MEMBER, 1), Seat("0x" + "99" * 20, 3))
        self.token = self.world.tokens["plain"]
        self.now = a.Agreement(a.Table(seats), ((0, 1), (1, 1)), (w.ZERO, self.token), 1)
        self.clone = Clone(self.world, self.now)
        self.next = a.Agreement(a.Table(seats[::-1]), ((0, 2), (2, 1)), (w.ZERO,), 2)
        assert self.clone.join(0, False)
        self.chain.set_balance(self.clone.address, 4000)

    def act(self, name: str) -> tuple[str, bytes]:
        """Contract and calldata of an act that passes; it is undone."""
        before = self.chain.evm.snapshot()
        acts = {
            "register": lambda: self.world.register(self.next),
            "amend": lambda: self.clone.amend(self.next, {0, 1}),
            "deregister": lambda: self.clone.deregister({0, 1}),
            "leave": lambda: self.clone.leave(0, 0, True),
            "leave_seat": self._leave_seat,
            "redirect": self._redirect,
            "endorse": lambda: self.clone.endorse(a.DEREGISTRATION, self.clone.address, bytes(32)),
        }
        sent: list[tuple[str, bytes]] = []
        send, self.chain.send = self.chain.send, self._noting(sent)  # type: ignore[method-assign]
        assert acts[name]()
        self.chain.send = send  # type: ignore[method-assign]
        self.chain.evm.revert(before)
        return sent[-1]

    def _noting(self, sent: list[tuple[str, bytes]]) -> Any:
        send = self.chain.send

        def note(sender: str, to: str, data: bytes = b"", value: int = 0, gas: int = 10**8) -> bool:
            sent.append((to, data))
            return send(sender, to, data, value, gas)

        return note

    def _alone(self, kind: str, subject: bytes) -> bytes:
        return a.sign(self.world.registry, kind, subject, [a.KEYS[0]])

    def _leave_seat(self) -> bool:
        signed = self._alone(a.LEAVING, self.clone._leave_hash(False, True, 0))
        tokens = bytes(12) + raw(self.token)
        return self.clone.consult(w.ANYONE, LEAVE_SEAT, MEMBER, 0, 0, tokens, a.DEADLINE, signed)

    def _redirect(self) -> bool:
        hash_ = a.struct(REDIRECT_TYPE, "address address uint256", self.clone.address, ELSEWHERE, 0)
        signed = self._alone(REDIRECTION, hash_)
        seat = key_of(0, 0, MEMBER)
        to = (MEMBER, ELSEWHERE, seat, [self.token], a.DEADLINE, signed)
        return self.clone.do(w.ANYONE, REDIRECT, *to)


def flips(data: bytes, dice: random.Random, bits: int) -> Any:
    """The selector's bits, and of each word the first, the last and some others."""
    yield from range(0, 32, 5)
    for word in range(4, len(data), 32):
        for bit in {0, 255, *dice.sample(range(256), bits)}:
            if word * 8 + bit < len(data) * 8:
                yield word * 8 + bit


# What nobody signs, by its words in the calldata; a flip there can only leave something out.
UNSIGNED = {
    # Whether the table is published with it: if not, anyone publishes it later.
    "register": {13},
    "amend": {25},
    # Which currencies a leave reaches at once: one that is left out is touched later by anyone.
    "leave_seat": {4, 7, 8},
}


@pytest.mark.parametrize(
    "name", ["register", "amend", "deregister", "leave", "leave_seat", "redirect", "endorse"]
)
def test_a_facilitator_alters_nothing_that_was_signed(name: str) -> None:
    """Rule: with any bit of it flipped, what was signed is refused or means what it meant."""
    desk, dice = Desk(), random.Random(name)
    to, data = desk.act(name)
    evm = desk.chain.evm
    before = evm.snapshot()
    meant = desk.chain.outcome(to, data)
    evm.revert(before)
    assert meant
    refused = alike = 0
    for bit in flips(data, dice, BITS):
        number = int.from_bytes(data, "big") ^ 1 << (len(data) * 8 - 1 - bit)
        before = evm.snapshot()
        outcome = desk.chain.outcome(to, number.to_bytes(len(data), "big"))
        evm.revert(before)
        refused += outcome is None
        alike += outcome == meant
        if outcome is not None and outcome != meant:
            word = (bit // 8 - 4) // 32
            assert word in UNSIGNED.get(name, ()), (word, outcome)
            assert outcome == [log for log in meant if log in outcome], outcome
            assert outcome[0] in meant
    assert refused > 5 * BITS
    assert alike  # such as bits of what is padded: so the others were not refused for nothing
