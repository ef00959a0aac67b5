"""Lives of a SEE in any order, drawn from a seed, in which a token is hostile now and then."""

from __future__ import annotations

import random
from typing import Any

from tests.hostile_tokens.acts import Acts
from tests.hostile_tokens.kinds import Kind
from tests.hostile_tokens.pots import LATE
from tests.hostile_tokens.stage import PEOPLE, VOICES
from tests.properties.world import ZERO, calldata

DRAWS = {
    "_turns": 3,
    "_pays": 6,
    "_transfers": 4,
    "_pays_late": 3,
    "_joins": 4,
    "_claims": 4,
    "_claims_versions": 3,
    "_pays_out": 4,
    "_leaves": 2,
    "_redirects": 1,
    "_touches": 2,
    "_amends": 1,
    "_blocks": 1,
    "_aims": 1,
}


class Life:
    def __init__(self, chain: Any, kind: Kind, seed: int | str) -> None:
        self.dice = random.Random(f"{kind.name} {seed}")
        self.s = Acts(chain, kind, self.dice.choice([0, 0, 30]))
        self.calls = 0

    def live(self, steps: int = 40) -> Acts:
        names, weights = list(DRAWS), list(DRAWS.values())
        for name in self.dice.choices(names, weights, k=steps):
            getattr(self, name)()
            self.calls += 1
            self._check()
        return self._end()

    def _check(self) -> None:
        """At any time the books of the coin and of the good token promise what is there."""
        s = self.s
        if s.kind.solvent:
            s.check_solvent()
        version = s.see.version
        for currency in (ZERO, s.good):
            assert sum(s.see.dues(currency, version)) <= s.arrived(currency)

    def _end(self) -> Acts:
        s = self.s
        s.deregister()
        self._transfers()
        s.settle([ZERO, s.good])
        s.check_exact(ZERO)
        s.check_exact(s.good)
        s.turn(False)
        s.settle([s.bad])
        if s.kind.exact:
            s.check_exact(s.bad)
        self.calls += 3
        return s

    # ---------------------------------------------------------------- what is drawn

    def _currency(self) -> str:
        s = self.s
        return self.dice.choice([ZERO, s.good, s.bad, s.bad, s.second or s.bad])

    def _amount(self) -> int:
        return self.dice.choice([1, 7, 999, 10_007, 2**40, 2**70 + 1])

    def _accounts(self) -> list[str]:
        return [seat.account for seat in self.s.see.now.table.seats]

    def _account(self) -> str:
        return self.dice.choice(self._accounts())

    # ---------------------------------------------------------------- acts

    def _turns(self) -> None:
        self.s.turn(not self.s.on)

    def _pays(self) -> None:
        self.s.pay(self._currency(), self._amount())

    def _transfers(self) -> None:
        self.s.transfer(self._currency(), self._amount())

    def _pays_late(self) -> None:
        if self.s.see.version:
            version = self.dice.randrange(self.s.see.version)
            self.s.pay_late(self._currency(), self._amount(), version)

    def _joins(self) -> None:
        self.s.join(self._account())

    def _claims(self) -> None:
        account = self._account()
        self.s.join(account)
        self.s.claim(self._currency(), account)

    def _claims_versions(self) -> None:
        s = self.s
        version = self.dice.randint(0, s.see.version)
        late = self.dice.choice([0, LATE]) if version < s.see.version else 0
        currencies = self.dice.sample([ZERO, s.good, s.bad], self.dice.randint(1, 3))
        s.claim_versions("claim_versions", version, currencies, late)

    def _pays_out(self) -> None:
        self.s.payout(self._currency(), self.dice.random() < 0.5)

    def _leaves(self) -> None:
        s = self.s
        gone, table = s.pots[ZERO].gone(s.see.version), s.see.now.table
        stay = [seat.account for seat in table.seats if seat.account not in gone]
        account = self.dice.choice(stay)
        if len(stay) < 2 or (account in VOICES and s.left):
            return
        s.join(account)
        s.leave(account)

    def _redirects(self) -> None:
        known = [each for each in self._accounts() if each in PEOPLE]
        if known and not self.s.redirected:
            account = self.dice.choice(known)
            self.s.join(account)
            self.s.redirect(account)

    def _touches(self) -> None:
        s = self.s
        gone = sorted(s.pots[ZERO].gone(s.see.version))
        s.touch(s.good)
        s.touch(s.bad, self.dice.sample(gone, min(len(gone), 2)))

    def _amends(self) -> None:
        if self.s.see.version < 4:
            known = [*PEOPLE[:40], *VOICES[:2], self.s.contract]
            count = self.dice.choice([2, 3, 5, 8, 34])
            chosen = self.dice.sample(known, count)
            self.s.amend({each: self.dice.choice([1, 2, 5, 97]) for each in chosen})

    def _blocks(self) -> None:
        self.s.next_block()

    def _aims(self) -> None:
        s = self.s
        if s.kind.code != "Reenters":
            return
        keys = [s.see.key(s.see.version, at) for at in range(2)]
        message = self.dice.choice(
            [
                calldata("claim(uint256,address)", 0, self._account()),
                calldata("claim_token(address,uint256,address)", s.good, 0, self._account()),
                calldata("touch(address,uint256[])", s.good, []),
                calldata("pay(address,uint256,bytes32)", ZERO, 0, bytes(32)),
                calldata("received(address)", s.bad),
                calldata(
                    "redirect(address,address,uint256,address[],uint256,bytes)",
                    self._account(),
                    s.bad,
                    keys[0],
                    [],
                    0,
                    b"",
                ),
            ]
        )
        s.aim(s.address, message)


def random_life(chain: Any, kind: Kind, seed: int | str, steps: int = 40) -> Life:
    life = Life(chain, kind, seed)
    life.live(steps)
    return life
