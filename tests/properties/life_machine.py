"""What may happen in the life of SEEs that are members of each other."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.books_model import CAP, NATIVE, Seat
from tests.properties.life_model import LATE
from tests.properties.life_stage import ALL, MODES, MUTE, PLACE, STYLES
from tests.properties.life_truths import Truths
from tests.properties.stage import CLAIM_VERSIONS, PAYOUT
from tests.properties.world import ANYONE

AMOUNT = st.one_of(st.integers(1, 300), st.integers(1, 10**20), st.integers(2**90, 2**100))
HUGE = st.one_of(AMOUNT, st.integers(CAP - 2, CAP + 2), st.integers(2**110, 2**114))
FILL = st.one_of(st.just(0), st.integers(1, 300), st.integers(10**15, 10**20))
BLOCKED = st.sampled_from([0, w.ANSWER_FALSE, w.REVERT, w.BURN_TOKEN, w.FUSSY_TOKEN])
SEED = st.integers(0, 2**32)
VOICES = st.one_of(st.just(ALL), st.sets(st.sampled_from(sorted(ALL))))


class Life(Truths):
    # ---------------------------------------------------------------- rules: pay

    @rule(place=PLACE, which=PLACE, amount=HUGE)
    def transfer(self, place, which, amount) -> None:
        self._fill(*self._see(place), self._name(which), self._size(amount))

    @rule(place=PLACE, which=PLACE, amount=HUGE, version=st.sampled_from([None, 0, 0, 1]))
    def pay(self, place, which, amount, version) -> None:
        """With no version, that in force, or the one before."""
        (clone, model), name, amount = self._see(place), self._name(which), self._size(amount)
        if version is not None:
            version = max(0, model.version - version)
        done = clone.pay(self.world.currency(name), amount, version)
        self._alike(done, model.pay, name, amount, version)

    @rule(place=PLACE, which=PLACE, amount=HUGE, version=PLACE)
    def pay_late(self, place, which, amount, version) -> None:
        """Also to the version in force, which is refused."""
        (clone, model), name, amount = self._see(place), self._name(which), self._size(amount)
        version %= model.version + 1
        done = clone.pay_late(self.world.currency(name), amount, version)
        self._alike(done, model.pay_late, name, amount, version)

    @precondition(lambda self: "rebaser" in self.names)
    @rule(place=PLACE, percent=st.integers(0, 250), odd=st.integers(0, 3))
    def rebase(self, place, percent, odd) -> None:
        clone, model = self._see(place)
        balance = min(model.balance("rebaser") * percent // 100 + odd, 2**105)
        self._set_balance("rebaser", clone.address, balance)
        model.rebase("rebaser", balance)

    # ---------------------------------------------------------------- rules: versions

    @rule(place=PLACE, seed=SEED, style=st.sampled_from(STYLES), yes=VOICES)
    def amend(self, place, seed, style, yes) -> None:
        """Other seats and shares, few or many, other currencies and voices."""
        dice = self._dice(seed)
        most = dice.choice([min(self.most, 3), min(self.most, 12), self.most])
        self._amend(place, self._draw(dice, style, most, dice.random() < 0.5), yes, seed % 2 == 0)

    @rule(place=PLACE, seed=SEED, style=st.sampled_from([None, *STYLES]))
    def amend_of_the_same_seats(self, place, seed, style) -> None:
        """With other shares, or with the same table under other terms."""
        _, model = self._see(place)
        dice, seats = self._dice(seed), list(model.seats(-1))
        if style is not None:
            shares = self._shares(dice, style, len(seats))
            seats = [
                Seat(seat.account, part, seat.pull_only)
                for seat, part in zip(seats, shares, strict=True)
            ]
        self._amend(place, self._agree(dice, seats, self.names[seed % 2 :]), ALL, False)

    def _amend(self, place, agreement, yes, published) -> None:
        clone, model = self._see(place)
        self._alike(clone.amend(agreement, set(yes), published), model.amend, agreement, yes)

    @rule(place=PLACE, which=PLACE, leavers=st.lists(PLACE, max_size=3))
    def touch(self, place, which, leavers) -> None:
        (clone, model), name = self._see(place), self._token(which)
        left = sorted(model.books[NATIVE].final)
        seats = len(model.seats(-1))
        leavers = [left[n % len(left)] if left and n % 7 else n % seats for n in leavers]
        keys = [self._short(clone, at) for at in leavers]
        done = clone.do(ANYONE, "touch(address,uint256[])", self.world.currency(name), keys)
        self._alike(done, model.touch, name, leavers)

    @rule(place=PLACE, chance=st.integers(0, 5), yes=VOICES)
    def deregister(self, place, chance, yes) -> None:
        if chance == 0:
            clone, model = self._see(place)
            self._alike(clone.deregister(set(yes)), model.deregister, yes)

    # ---------------------------------------------------------------- rules: leave, redirect

    @rule(place=PLACE, at=PLACE, named=st.booleans(), fill=FILL)
    def leave_seat(self, place, at, named, fill) -> None:
        """Out of all currencies, or of the native coin alone."""
        clone, model = self._see(place)
        self._fill(clone, model, NATIVE, fill)
        if not model.joined[-1]:
            self._alike(clone.join(0, False), model.join, 0, False)
        at, names = self._joined(model, at), self.names[1:] if named else []
        account = model.seats(-1)[at].account
        member = self._member(account)
        done = clone.leave_seat(account, at, self._currencies(names), member)
        if member is not None:
            inner = self.models[self.clones.index(member)]
            if not inner.quorum(set(ALL)):
                assert not done
                return
        self._alike(done, model.leave_seat, at, names)

    @rule(place=PLACE, which=PLACE, seed=SEED, fill=FILL, again=FILL)
    def leave_amid_payments(self, place, which, seed, fill, again) -> None:
        """Some claim, one leaves, and all are paid out: what each had must still count."""
        (clone, model), name, dice = self._see(place), self._name(which), self._dice(seed)
        self._fill(clone, model, name, fill)
        if dice.random() < 0.3:
            self.payout(place, which, None, 0)
        joins = [(model.version, dice.randrange(len(model.seats(-1)))) for _ in range(3)]
        packed = [clone.key(*each) for each in joins]
        done = clone.claim_versions(joins, packed, self._currencies([name]))
        self._alike(done, model.claim_versions, joins, joins, [name])
        self.leave_seat(place, dice.randrange(10**6), True, again)
        self.payout(place, which, None, again)

    @rule(place=PLACE, voice=PLACE, seat=st.booleans(), signs=st.booleans())
    def leave(self, place, voice, seat, signs) -> None:
        """A voice, and the seat of the same account with it if it has one."""
        clone, model = self._see(place)
        voice %= len(clone.now.voices)
        account, at = a.account_of(clone.now.keys[voice]), None
        if seat:
            found = [n for n, each in enumerate(model.seats(-1)) if each.account == account]
            at = found[0] if found else None
        self._alike(clone.leave(voice, at, signs), model.leave, voice, at)

    @rule(place=PLACE, version=PLACE, at=PLACE, to=PLACE, back=st.integers(0, 3))
    def redirect(self, place, version, at, to, back) -> None:
        """To anybody, also to a SEE, which is refused where it is this one."""
        clone, model = self._see(place)
        version %= model.version + 1
        at = self._joined(model, at, version)
        account = model.seats(version)[at].account
        if self._member(account) is not None:
            return  # no SEE signs that
        to = account if back == 0 else self.accounts[to % len(self.accounts)]
        key, tokens = clone.key(version, at), self._currencies(self.names[1:])
        done = clone.redirect(account, to, key, tokens)
        if at in model.joined[version]:
            self._alike(done, model.redirect, account, to)
        else:
            assert not done

    # ---------------------------------------------------------------- rules: pull

    @rule(place=PLACE, at=PLACE, claims=st.booleans(), fill=FILL)
    def join(self, place, at, claims, fill) -> None:
        clone, model = self._see(place)
        self._fill(clone, model, NATIVE, fill)
        at %= len(model.seats(-1))
        self._alike(clone.join(at, claims), model.join, at, claims)

    @rule(place=PLACE, at=PLACE, which=PLACE, fill=FILL)
    def claim(self, place, at, which, fill) -> None:
        """Of the version that the currency's book is of."""
        (clone, model), name = self._see(place), self._name(which)
        self._fill(clone, model, name, fill)
        version = model.books[name].version
        at = self._joined(model, at, version)
        account, currency = model.seats(version)[at].account, self.world.currency(name)
        if name == NATIVE:
            done = clone.do(ANYONE, "claim(uint256,address)", at, account)
        else:
            done = clone.do(ANYONE, "claim_token(address,uint256,address)", currency, at, account)
        self._alike(done, model.claim, name, at)

    @rule(place=PLACE, at=PLACE, which=PLACE, fill=FILL, again=FILL)
    def claim_and_pay_out(self, place, at, which, fill, again) -> None:
        """What was claimed must count in the payout, wherever the contract noted it."""
        self.join(place, at, False, 0)
        self.claim(place, at, which, fill)
        self.payout(place, which, None, again)

    @rule(
        place=PLACE,
        joins=st.lists(st.tuples(PLACE, PLACE), max_size=4),
        keys=st.lists(st.tuples(PLACE, PLACE, st.sampled_from([0, 0, LATE])), max_size=8),
        which=st.lists(PLACE, min_size=1, max_size=4),
        fill=FILL,
    )
    def claim_versions(self, place, joins, keys, which, fill) -> None:
        """Seats of any version, which join on the way; seats and currencies may come twice."""
        clone, model = self._see(place)
        self._fill(clone, model, self._name(which[0]), fill)
        names = [self._name(each) for each in which]
        joins = [self._of_any_version(model, *each) for each in joins]
        keys = [(*self._of_any_version(model, *each[:2]), each[2]) for each in keys]
        keys = [each for each in keys if each[1] in model.joined[each[0]] or each[:2] in joins]
        keys += [(*each, 0) for each in joins]
        packed = [clone.key(*each) for each in keys]
        done = clone.claim_versions(joins, packed, self._currencies(names))
        keys = [(version | late, at) for version, at, late in keys]
        self._alike(done, model.claim_versions, joins, keys, names)

    @rule(place=PLACE, which=PLACE)
    def everybody_claims_everything(self, place, which) -> None:
        """Of one version, joined or not, sixteen of those to whom something is due."""
        clone, model = self._see(place)
        version = which % (model.version + 1)
        names = [name for name in self.names if self.rules.readable(name)]
        for late in (0, LATE):
            books = [(name, model.find(name, version | late)) for name in names]
            owed = sorted(
                {
                    at
                    for name, book in books
                    if book is not None
                    for at, due in enumerate(book.dues(model.c(name, book)))
                    if due
                }
            )
            for first in range(0, min(len(owed), 16), 4):
                some = owed[first : first + 4]
                packed = [clone.key(version, at, late) for at in some]
                joins = [(version, at) for at in some]
                done = clone.claim_versions(joins, packed, self._currencies(names))
                keys = [(version | late, at) for at in some]
                self._alike(done, model.claim_versions, joins, keys, names)

    # ---------------------------------------------------------------- rules: push

    @rule(place=PLACE, which=PLACE, page=st.one_of(st.none(), PLACE), fill=FILL)
    def payout(self, place, which, page, fill) -> None:
        """A page or the whole table, of the version that the currency's book is of."""
        (clone, model), name = self._see(place), self._name(which)
        self._fill(clone, model, name, fill)
        version = model.books[name].version
        pages = len(clone.table(version).pages)
        page = None if page is None else page % pages
        done = clone.payout(self.world.currency(name), version, page)
        self._alike(done, model.payout, name, range(pages) if page is None else [page])

    # ---------------------------------------------------------------- rules: recipients, tokens

    @precondition(lambda self: self.mode)
    @rule(place=PLACE, mode=MODES)
    def change_recipient(self, place, mode) -> None:
        self._set_mode(sorted(self.mode)[place % len(self.mode)], mode)

    @rule(place=PLACE, which=PLACE, how=BLOCKED)
    def block(self, place, which, how) -> None:
        account, name = self.people[place % len(self.people)], self._token(which)
        self.world.do(ANYONE, self.world.tokens[name], "set_blocked(address,uint256)", account, how)
        self.blocked[name, account] = how

    @rule(which=PLACE, how=MUTE)
    def change_whether_a_token_can_be_read(self, which, how) -> None:
        name = self._token(which)
        assert self.world.do(ANYONE, self.world.tokens[name], "set_mute(uint256)", how)
        self.mute[name] = how

    # ---------------------------------------------------------------- rules: nonsense

    @rule(place=PLACE, which=PLACE, of=PLACE)
    def nonsense(self, place, which, of) -> None:
        """Each of these must be refused, whatever went before."""
        (clone, model), name = self._see(place), self._name(which)
        currency = self.world.currency(name)
        version, at = self._of_any_version(model, of, place)
        account = model.seats(version)[at].account
        assert not clone.do(ANYONE, "end()")
        assert not clone.do(ANYONE, "touch(address,uint256[])", w.ZERO, [])
        assert not clone.do(ANYONE, "leave(address,uint256,bytes)", account, at, b"")
        assert not clone.do(
            ANYONE, "succeed(bytes32,bytes32,bytes)", clone.now.hash, bytes(32), b""
        )
        assert not clone.leave_seat(w.ANYONE, at, [], None)
        assert not clone.redirect(w.ANYONE, account, clone.key(version, at), [])
        beyond = (model.version + 1) << 192 | clone.key(0, 0)
        assert not clone.do(ANYONE, CLAIM_VERSIONS, [], [beyond], [currency])
        if clone.version > 0:
            old = clone.agreements[-2]
            if old.hash != clone.now.hash:
                table = old.table
                assert not clone.do(ANYONE, PAYOUT, old.argument, table.pages[0], w.ZERO)
                with_old = [(clone.version, old.argument, 0, table.pages[0], table.proofs[0])]
                assert not clone.do(ANYONE, CLAIM_VERSIONS, with_old, [], [currency])
        book = model.find(name, version)
        owed = book and (book.received is None or book.due(at, book.received))
        if owed and not model.can_claim(name, version, at):
            keys = [clone.key(version, at)]
            assert not clone.do(ANYONE, CLAIM_VERSIONS, [], keys, [currency])

    # ---------------------------------------------------------------- helpers

    def _of_any_version(self, model, version: int, at: int) -> tuple[int, int]:
        version %= model.version + 1
        return version, self._joined(model, at, version)

    def _short(self, clone, at: int) -> int:
        """A seat of the version in force, as `touch` has it."""
        return clone.key(clone.version, at) & (1 << 192) - 1
