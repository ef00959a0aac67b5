"""What members and strangers do in the life of that SEE, and what must be so in the end."""

from __future__ import annotations

from collections.abc import Iterable

from tests.hostile_tokens.pots import LATE
from tests.hostile_tokens.stage import ELSEWHERE, GAS, PEOPLE, THIEF, VOICES, Stage
from tests.properties import world as w
from tests.properties.stage import CLAIM_VERSIONS
from tests.properties.world import ANYONE, ZERO, calldata

CLAIM = "claim(uint256,address)"
CLAIM_TOKEN = "claim_token(address,uint256,address)"
TOUCH = "touch(address,uint256[])"


class Acts(Stage):
    # ---------------------------------------------------------------- joining and claiming

    def at(self, account: str, version: int | None = None) -> int:
        """The index of a seat; -1 where the account has none in that version."""
        version = self.see.version if version is None else version
        seats = self.see.table(version).seats
        return next((at for at, seat in enumerate(seats) if seat.account == account), -1)

    def join(self, account: str) -> None:
        at = self.at(account)
        if (self.see.version, at) not in self.joined:
            self.must("join", self.see.join(at, True))
            self.joined.add((self.see.version, at))

    def claim(self, currency: str, account: str) -> bool:
        """By the claim of one seat; may find nothing due."""
        if currency == ZERO:
            return self.do(CLAIM, self.at(account), account)
        done = self.do(CLAIM_TOKEN, currency, self.at(account), account)
        return self.may("claim_token", done) if currency != self.good else done

    def claim_versions(
        self,
        name: str,
        version: int,
        currencies: list[str],
        late: int = 0,
        instead: list[str] | None = None,
    ) -> bool:
        """All seats of a version, which join where they have not.

        :param instead: What must be paid to the seats of a page where all of that fails.
        """
        seats = self.see.table(version).seats
        done = True
        for first in range(0, len(seats), 32):
            places = range(first, min(first + 32, len(seats)))
            new = [at for at in places if (version, at) not in self.joined]
            for four in (new[at : at + 4] for at in range(0, len(new), 4)):
                self.must("join", self.see.claim_versions([(version, at) for at in four], [], []))
                self.joined |= {(version, at) for at in four}
            keys = [self.see.key(version, at, late) for at in places]
            paid = self.do(CLAIM_VERSIONS, [], keys, currencies)
            if instead and not paid:
                self.must(name, self.do(CLAIM_VERSIONS, [], keys, instead))
            done &= paid
        return self.may(name, done) if set(currencies) - {ZERO, self.good} else done

    # ---------------------------------------------------------------- payouts

    def payout(self, currency: str, whole: bool) -> None:
        version = self.book(currency)
        pages = [None] if whole else list(range(len(self.see.table(version).pages)))
        name = "payout_whole" if whole else "payout"
        for page in pages:
            self.seen(name, currency, self.see.payout(currency, version, page))

    # ---------------------------------------------------------------- consent

    def amend(self, shares: dict[str, int]) -> None:
        next_ = self.agreement(shares)
        self.must("amend", self.see.amend(next_, {0, 1, 2} - self._gone()))
        for pots in self.pots.values():
            pots.tables.append(shares)
        self.left = set()

    def _gone(self) -> set[int]:
        return {at for at, voice in enumerate(VOICES) if voice in self.left}

    def leave(self, account: str) -> None:
        """A seat leaves what comes in all currencies; with its voice, where it has one."""
        at, version = self.at(account), self.see.version
        left = self.left_of(self.bad)
        if account in VOICES and account not in self.left:
            self.must("leave", self.see.leave(VOICES.index(account), at, True))
            self.left.add(account)
        else:
            done = self.see.leave_seat(account, at, self.tokens, None)
            self.must("leave_seat", done)
        self.joined.add((version, at))
        self.pots[ZERO].leave(version, account)
        self.pots[self.good].leave(version, account)
        self._left_bad(account, left)

    def _left_bad(self, account: str, before: int) -> None:
        if self.left_of(self.bad) > before:
            self.pots[self.bad].leave(self.see.version, account)

    def touch(self, currency: str, leavers: Iterable[str] = ()) -> None:
        for account in leavers:
            before = self.left_of(currency)
            key = self.see.key(self.see.version, self.at(account))
            if self.seen("touch", currency, self.do(TOUCH, currency, [key])):
                after = self.left_of(currency)
                if currency in self.pots and after > before:
                    self.pots[currency].leave(self.see.version, account)
        self.seen("touch", currency, self.do(TOUCH, currency, []))

    def redirect(self, account: str) -> None:
        key = self.see.key(self.see.version, self.at(account))
        self.must("redirect", self.see.redirect(account, ELSEWHERE, key, self.tokens))
        self.redirected = account

    def deregister(self) -> None:
        self.must("deregister", self.see.deregister({0, 1, 2} - self._gone()))

    # ---------------------------------------------------------------- the end of the story

    def settle(self, currencies: list[str]) -> None:
        """Everybody claims all of every version, currency by currency."""
        for version in range(len(self.see.agreements)):
            for late in (0, LATE):
                for currency in currencies:
                    self.claim_versions("last claims", version, [currency], late)

    def had(self, currency: str, account: str) -> int:
        both = [account, ELSEWHERE] if account == self.redirected else [account]
        if currency == ZERO:
            return sum(self.chain.balance(each) for each in both)
        return sum(self.held(currency, each) for each in both)

    def check_exact(self, currency: str) -> None:
        """To the unit, and nobody but the seats has any of it."""
        pots = self.pots[currency]
        for account in pots.accounts():
            assert self.had(currency, account) == pots.part(account), (currency, account)
        paid = sum(pots.part(account) for account in pots.accounts())
        came = pots.came
        assert self.arrived(currency) == came - paid >= 0
        self._check_strangers(currency)

    def check_no_strays(self) -> None:
        """Nobody but the seats has any of the hostile token, unless that is what it does."""
        if not self.kind.strays:
            self._check_strangers(self.bad)

    def _check_strangers(self, currency: str) -> None:
        for stranger in (ANYONE, THIEF, self.world.registry, *self.world.implementations):
            assert self.had(currency, stranger) == 0, stranger

    def check_solvent(self) -> None:
        """The hostile token's books promise no more than the balance that it tells."""
        told = self.told()
        if told is None:
            return
        promised = 0
        for version in range(len(self.see.agreements)):
            for late in (0, LATE):
                promised += sum(self.see.dues(self.bad, version, late))
        assert promised <= told, (promised, told)

    def told(self) -> int | None:
        """None where its balance can't be read."""
        try:
            answer = self.chain.view(self.bad, calldata("balanceOf(address)", self.address))
        except (RuntimeError, AssertionError):  # the second is py-evm's chain
            return None
        return int.from_bytes(answer[:32], "big") if len(answer) >= 32 else None


def first_shares(stage: Acts) -> dict[str, int]:
    return dict(stage.pots[ZERO].tables[0])


def second_shares(stage: Acts) -> dict[str, int]:
    """Two of the first agreement go, two come."""
    kept = first_shares(stage)
    for account in (PEOPLE[0], VOICES[1]):
        del kept[account]
    return kept | {PEOPLE[2]: 13, PEOPLE[3]: 4}


__all__ = ["GAS", "Acts", "first_shares", "second_shares", "w"]
