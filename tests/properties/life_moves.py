"""What may happen in the life of SEEs that are members of each other, by the dice."""

from __future__ import annotations

import random
from collections.abc import Iterable

from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.books_model import NATIVE, Seat
from tests.properties.chain import START
from tests.properties.life_model import GRACE, LATE, See
from tests.properties.life_stage import ALL, MODES, STYLES, Stage
from tests.properties.life_world import Clone
from tests.properties.world import ANYONE

MUTE = (0, 0, 0, 0, 0, 0, 0, 1, 2, 3)
BLOCKED = (0, w.ANSWER_FALSE, w.REVERT, w.BURN_TOKEN, w.FUSSY_TOKEN)
LATE_ENOUGH = a.EXPIRY + GRACE  # unix seconds


class Moves(Stage):
    # ---------------------------------------------------------------- pay

    def transfer(self, dice: random.Random) -> None:
        self._transfer(*self._see(dice), self._name(dice), self._amount(dice))

    def force(self, dice: random.Random) -> None:
        """Coin that comes without a call, as from a contract that ends or from a block's reward."""
        (clone, model), amount = self._see(dice), dice.randint(1, 10**18)
        self.chain.set_balance(clone.address, self.chain.balance(clone.address) + amount)
        payer = self.chain.balance(w.PAYER)
        self.chain.set_balance(w.PAYER, payer - amount)
        model.plainly(NATIVE, amount)

    def pay(self, dice: random.Random) -> None:
        """With no version, that in force, or the one before."""
        (clone, model), name, amount = self._see(dice), self._name(dice), self._amount(dice)
        version = dice.choice((None, 0, 0, 1))
        if version is not None:
            version = max(0, model.version - version)
        done = clone.pay(self.world.currency(name), amount, version)
        self._alike(done, model.pay, name, amount, version)

    def pay_late(self, dice: random.Random) -> None:
        """Also to the version in force, which is refused."""
        (clone, model), name, amount = self._see(dice), self._name(dice), self._amount(dice)
        version = dice.randint(0, model.version)
        done = clone.pay_late(self.world.currency(name), amount, version)
        self._alike(done, model.pay_late, name, amount, version)

    def rebase(self, dice: random.Random) -> None:
        if "rebaser" not in self.names:
            return
        clone, model = self._see(dice)
        balance = model.balance("rebaser") * dice.randint(0, 250) // 100 + dice.randint(0, 3)
        balance = min(balance, 2**105)
        mint = "set_balance(address,uint256)"
        assert self.world.do(ANYONE, self.world.tokens["rebaser"], mint, clone.address, balance)
        model.rebase("rebaser", balance)

    # ---------------------------------------------------------------- versions

    def amend(self, dice: random.Random) -> None:
        """Other seats and shares, few or many, other currencies and voices."""
        most = dice.choice([min(self.most, 3), min(self.most, 12), self.most])
        agreement = self._draw(dice, dice.choice(STYLES), most, dice.random() < 0.5)
        self._amend(dice, *self._see(dice), agreement, self._yes(dice))

    def amend_of_the_same_seats(self, dice: random.Random) -> None:
        """With other shares, or with the same table under other terms."""
        clone, model = self._see(dice)
        seats = list(model.seats(-1))
        style = dice.choice((None, *STYLES))
        if style is not None:
            shares = self._shares(dice, style, len(seats))
            seats = [
                Seat(seat.account, part, seat.pull_only)
                for seat, part in zip(seats, shares, strict=True)
            ]
        agreement = self._agree(dice, seats, self.names[dice.randint(0, 1) :])
        self._amend(dice, clone, model, agreement, ALL)

    def _amend(self, dice, clone: Clone, model: See, agreement: a.Agreement, yes) -> None:
        done = clone.amend(agreement, set(yes), dice.random() < 0.3)
        self._alike(done, model.amend, agreement, set(yes))

    @staticmethod
    def _yes(dice: random.Random) -> Iterable[int]:
        return ALL if dice.random() < 0.7 else {n for n in sorted(ALL) if dice.random() < 0.5}

    def touch(self, dice: random.Random) -> None:
        (clone, model), name = self._see(dice), self._token(dice)
        left, seats = sorted(model.books[NATIVE].final), len(model.seats(-1))
        leavers = [
            dice.choice(left) if left and dice.random() < 0.9 else dice.randrange(seats)
            for _ in range(dice.randint(0, 2))
        ]
        keys = [clone.key(clone.version, at) & (1 << 192) - 1 for at in leavers]
        done = clone.do(ANYONE, "touch(address,uint256[])", self.world.currency(name), keys)
        self._alike(done, model.touch, name, leavers)

    def deregister(self, dice: random.Random) -> None:
        if dice.random() < 0.03:
            (clone, model), yes = self._see(dice), self._yes(dice)
            self._alike(clone.deregister(set(yes)), model.deregister, set(yes))

    def expire(self, dice: random.Random) -> None:
        """Mostly too early; time goes on by a day, and seldom by more than an agreement lasts."""
        now = self.chain.now + 86400
        if dice.random() < 0.01:
            now = max(now, LATE_ENOUGH + dice.randint(-1, 1))
        if dice.random() < 0.3 and (now < START + 10**6 // 2 or now >= LATE_ENOUGH - 1):
            self.chain.set_time(now)
        clone, model = self._see(dice)
        self._alike(clone.expire(), model.expire, self.chain.now)

    # ---------------------------------------------------------------- leave, redirect

    def leave_seat(self, dice: random.Random) -> None:
        """Out of all currencies, or of the native coin alone."""
        clone, model = self._see(dice)
        self._fill(clone, model, NATIVE, dice)
        if not model.joined[-1]:
            self._alike(clone.join(0, False), model.join, 0, False)
        at, names = self._joined(model, dice), self.names[1:] if dice.random() < 0.5 else []
        account = model.seats(-1)[at].account
        member = self._member(account)
        done = clone.leave_seat(account, at, self._currencies(names), member)
        if not self._counts(account) or (
            member is not None and not self.models[self.clones.index(member)].quorum(set(ALL))
        ):
            assert not done
            return
        self._alike(done, model.leave_seat, at, names)

    def leave(self, dice: random.Random) -> None:
        """A voice, and the seat of the same account with it if it has one."""
        clone, model = self._see(dice)
        voice, signs = dice.randrange(len(clone.now.voices)), dice.random() < 0.5
        last = model.absent.bit_count() == len(clone.now.voices) - 1
        if last and dice.random() < 0.9:
            return  # it would end
        account, at = a.account_of(clone.now.keys[voice]), None
        if dice.random() < 0.5:
            found = [n for n, each in enumerate(model.seats(-1)) if each.account == account]
            at = found[0] if found else None
        done = clone.leave(voice, at, signs)
        if signs and not self.rules.in_time():
            assert not done
            return
        self._alike(done, model.leave, voice, at)

    def redirect(self, dice: random.Random) -> None:
        """To anybody, also to a SEE, which is refused where it is this one."""
        clone, model = self._see(dice)
        version = dice.randint(0, model.version)
        at = self._joined(model, dice, version)
        account = model.seats(version)[at].account
        if self._member(account) is not None:
            return  # no SEE signs that
        to = account if dice.random() < 0.25 else dice.choice(self.accounts)
        key, tokens = clone.key(version, at), self._currencies(self.names[1:])
        done = clone.redirect(account, to, key, tokens)
        if at in model.joined[version] and self._counts(account):
            self._alike(done, model.redirect, account, to)
        else:
            assert not done

    # ---------------------------------------------------------------- pull

    def join(self, dice: random.Random) -> None:
        clone, model = self._see(dice)
        self._fill(clone, model, NATIVE, dice)
        at, claims = dice.randrange(len(model.seats(-1))), dice.random() < 0.5
        apart = [n for n in range(len(model.seats(-1))) if n not in model.joined[-1]]
        if apart and dice.random() < 0.8:
            at = dice.choice(apart)
        self._alike(clone.join(at, claims), model.join, at, claims)

    def claim(self, dice: random.Random) -> None:
        """Of the version that the currency's book is of; once more, nothing is due."""
        (clone, model), name = self._see(dice), self._name(dice)
        self._fill(clone, model, name, dice)
        version = model.books[name].version
        at = self._owed(model, name, dice)
        account, currency = model.seats(version)[at].account, self.world.currency(name)
        call = ("claim(uint256,address)", at, account)
        if name != NATIVE:
            call = ("claim_token(address,uint256,address)", currency, at, account)
        done = clone.do(ANYONE, *call)
        self._alike(done, model.claim, name, at)
        if done:
            again = clone.do(ANYONE, *call)
            # A SEE that is a member of itself receives again what it pays.
            itself = any(seat.account == clone.address for seat in model.seats(version))
            assert not again or itself or model.books[name].fell, "paid twice"
            self._alike(again, model.claim, name, at)

    def claim_versions(self, dice: random.Random) -> None:
        """Seats of any version, which join on the way; seats and currencies may come twice."""
        clone, model = self._see(dice)
        names = [self._name(dice) for _ in range(dice.randint(1, 3))]
        self._fill(clone, model, names[0], dice)
        joins = [self._of_any_version(model, dice) for _ in range(dice.choice((0, 0, 1, 2, 4)))]
        keys = [
            (*self._of_any_version(model, dice), dice.choice((0, 0, LATE)))
            for _ in range(dice.randint(0, 6))
        ]
        keys = [each for each in keys if each[1] in model.joined[each[0]] or each[:2] in joins]
        keys += [(*each, 0) for each in joins]
        packed = [clone.key(*each) for each in keys]
        done = clone.claim_versions(joins, packed, self._currencies(names))
        self._alike(
            done,
            model.claim_versions,
            joins,
            [(version | late, at) for version, at, late in keys],
            names,
        )

    def everybody_claims(self, dice: random.Random) -> None:
        """Of one version, joined or not, sixteen of those to whom something is due."""
        clone, model = self._see(dice)
        version, late = dice.randint(0, model.version), dice.choice((0, LATE))
        names = [name for name in self.names if self.rules.readable(name)]
        books = [(name, model.find(name, version | late)) for name in names]
        owed = {
            at
            for name, book in books
            if book is not None
            for at, due in enumerate(book.dues(model.c(name, book)))
            if due
        }
        for first in range(0, min(len(owed), 16), 4):
            some = sorted(owed)[first : first + 4]
            packed = [clone.key(version, at, late) for at in some]
            joins = [(version, at) for at in some]
            done = clone.claim_versions(joins, packed, self._currencies(names))
            keys = [(version | late, at) for at in some]
            self._alike(done, model.claim_versions, joins, keys, names)

    # ---------------------------------------------------------------- push

    def payout(self, dice: random.Random) -> None:
        """A page or the whole table, of the version that the currency's book is of."""
        (clone, model), name = self._see(dice), self._name(dice)
        self._fill(clone, model, name, dice)
        version = model.books[name].version
        pages = len(clone.table(version).pages)
        page = dice.choice((None, dice.randrange(pages)))
        done = clone.payout(self.world.currency(name), version, page)
        self._alike(done, model.payout, name, range(pages) if page is None else [page])

    # ---------------------------------------------------------------- recipients, tokens

    def change_recipient(self, dice: random.Random) -> None:
        if self.mode:
            who = dice.choice(sorted(self.mode))
            self._set_mode(who, dice.choice(MODES), dice.randrange(self.most))

    def block(self, dice: random.Random) -> None:
        account, name, how = dice.choice(self.people), self._token(dice), dice.choice(BLOCKED)
        self.world.do(ANYONE, self.world.tokens[name], "set_blocked(address,uint256)", account, how)
        self.blocked[name, account] = how

    def change_whether_a_token_can_be_read(self, dice: random.Random) -> None:
        name, how = self._token(dice), dice.choice(MUTE)
        assert self.world.do(ANYONE, self.world.tokens[name], "set_mute(uint256)", how)
        self.mute[name] = how

    # ---------------------------------------------------------------- helpers

    def _counts(self, account: str) -> bool:
        """Whether an account acts alone: a contract by its signature, if it is not too late."""
        return self.world.can_send(account) or self.rules.in_time()

    def _owed(self, model: See, name: str, dice: random.Random) -> int:
        """A seat that has joined and to which something is due, unless the dice say otherwise."""
        book = model.books[name]
        at = self._joined(model, dice, book.version)
        owed = [n for n, due in enumerate(book.dues(model.c(name, book))) if due]
        owed = [n for n in owed if model.can_claim(name, book.version, n)]
        return dice.choice(owed) if owed and dice.random() < 0.9 else at

    def _of_any_version(self, model: See, dice: random.Random) -> tuple[int, int]:
        version = dice.randint(0, model.version)
        return version, self._joined(model, dice, version)

    def _member(self, account: str) -> Clone | None:
        return next((clone for clone in self.clones if clone.address == account), None)
