"""What may happen to a split, and what must hold after each step.

What the chain says is compared with the model, and with what must hold for any split whatever
the model says.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from tests.properties import world as w
from tests.properties.books_model import CAP, NATIVE
from tests.properties.chain import GAS
from tests.properties.stage import (
    CLAIM_VERSIONS,
    JOIN,
    JOIN_PAGE,
    MODES,
    PAYOUT,
    PAYOUT_PAGE,
    PAYOUT_WHOLE,
    PLACE,
    Stage,
)
from tests.properties.world import ANYONE, PAYER, calldata

AMOUNT = st.one_of(st.integers(1, 300), st.integers(1, 10**20), st.integers(2**90, 2**100))
HUGE = st.one_of(AMOUNT, st.integers(CAP - 2, CAP + 2), st.integers(2**111, 2**114))
FILL = st.one_of(st.just(0), st.integers(10**15, 10**20), HUGE)
BLOCKED = st.sampled_from([0, w.ANSWER_FALSE, w.REVERT, w.BURN_TOKEN, w.FUSSY_TOKEN])
MEMO = bytes(range(32))


class Books(Stage):
    """Subclasses say of which kind the split is and how large."""

    # ---------------------------------------------------------------- rules: pay

    @rule(amount=HUGE, memo=st.sampled_from([b"", b"rent", b"\xff" * 40]))
    def pay_plainly(self, amount, memo) -> None:
        amount = self._size(amount)
        assert self.chain.send(PAYER, self.to, memo, amount)
        self.model.books[NATIVE].receive(amount)

    @rule(place=PLACE, amount=HUGE)
    def pay(self, place, amount) -> None:
        name, amount = self._name(place), self._size(amount)
        currency, value = self.world.currency(name), 0
        if name == NATIVE:
            value = amount
        else:
            self.world.do(PAYER, currency, "approve(address,uint256)", self.to, amount)
        done = self._do(PAYER, "pay(address,uint256,bytes32)", currency, amount, MEMO, value=value)
        self._alike(done, self.model.pay, name, amount)

    @rule(place=PLACE, amount=HUGE)
    def transfer_token(self, place, amount) -> None:
        self._fill(self.names[1 + place % (len(self.names) - 1)], amount)

    @rule(amount=AMOUNT)
    def force_coin(self, amount) -> None:
        """By a block's reward or a selfdestruct: nobody is asked."""
        self.chain.set_balance(self.to, self.chain.balance(self.to) + amount)
        self.model.books[NATIVE].receive(amount)

    @precondition(lambda self: "rebaser" in self.names)
    @rule(percent=st.integers(0, 250), odd=st.integers(0, 3))
    def rebase(self, percent, odd) -> None:
        books = self.model.books["rebaser"]
        balance = min(books.balance * percent // 100 + odd, 2**116)
        assert self.world.do(
            ANYONE, self.world.tokens["rebaser"], "set_balance(address,uint256)", self.to, balance
        )
        books.rebase(balance)

    # ---------------------------------------------------------------- rules: pull

    @rule(place=PLACE, claims=st.booleans(), fill=FILL)
    def join(self, place, claims, fill) -> None:
        self._fill(NATIVE, fill)
        self._join(place % len(self.seats), claims)

    @rule(place=PLACE, itself=st.booleans(), fill=FILL)
    def claim(self, place, itself, fill) -> None:
        self._fill(NATIVE, fill)
        at = self._joined(place)
        account = self.seats[at].account
        if itself and account not in self.contracts:
            done = self._do(account, "claim(uint256)", at)
        else:
            done = self._do(ANYONE, "claim(uint256,address)", at, account)
        self._alike(done, self.model.claim, NATIVE, at)

    @rule(place=PLACE, which=PLACE, fill=FILL)
    def claim_token(self, place, which, fill) -> None:
        name = self.names[1 + which % (len(self.names) - 1)]
        self._fill(name, fill)
        at = self._joined(place)
        account, currency = self.seats[at].account, self.world.currency(name)
        done = self._do(ANYONE, "claim_token(address,uint256,address)", currency, at, account)
        self._alike(done, self.model.claim, name, at)

    @rule(
        places=st.lists(PLACE, min_size=1, max_size=8),
        which=st.lists(PLACE, min_size=1, max_size=5),
        joined=st.integers(0, 5),
        fill=FILL,
    )
    def claim_many(self, places, which, joined, fill) -> None:
        """Seats and currencies may come twice."""
        self._fill(self._name(which[0]), fill)
        seats = [place % len(self.seats) for place in places]
        if joined:
            seats = [at for at in seats if at in self.model.joined]
        keys = [at << 160 | int(self.seats[at].account, 16) for at in seats]
        names = [self._name(place) for place in which]
        currencies = [self.world.currency(name) for name in names]
        if self.see:
            done = self._do(ANYONE, CLAIM_VERSIONS, [], keys, currencies)
        else:
            done = self._do(ANYONE, "claim_many(uint256[],address[])", keys, currencies)
        self._alike(done, self.model.claim_many, seats, names)

    # ---------------------------------------------------------------- rules: push

    @rule(
        place=PLACE,
        which=PLACE,
        gas=st.one_of(st.just(GAS), st.integers(60_000, 600_000)),
        fill=FILL,
    )
    def payout_page(self, place, which, gas, fill) -> None:
        """With less gas it may fail as a whole, but never at a recipient's cost."""
        name, page = self._name(which), place % len(self.split.pages)
        self._fill(name, fill)
        words, currency = self.split.pages[page], self.world.currency(name)
        if len(self.split.pages) == 1 and place % 2:
            arguments = (PAYOUT, self.split.table, words, currency)
        else:
            proof = self.split.proofs[page]
            arguments = (PAYOUT_PAGE, self.split.table, page, words, proof, currency)
        done = self._do(ANYONE, *arguments, gas=gas)
        assert done or gas < GAS
        if done:
            self.model.payout(name, [page])

    @rule(which=PLACE, fill=FILL)
    def payout_whole(self, which, fill) -> None:
        name = self._name(which)
        self._fill(name, fill)
        pages, currency = self.split.pages, self.world.currency(name)
        assert self._do(ANYONE, PAYOUT_WHOLE, self.split.table, pages, currency)
        self.model.payout(name, range(len(pages)))

    # ---------------------------------------------------------------- rules: recipients, tokens

    @precondition(lambda self: self.mode)
    @rule(place=PLACE, mode=MODES, whom=PLACE)
    def change_recipient(self, place, mode, whom) -> None:
        account = sorted(self.mode)[place % len(self.mode)]
        self._set_mode(account, mode, whom)

    @rule(place=PLACE, which=PLACE, how=BLOCKED)
    def block(self, place, which, how) -> None:
        _, account = self._seat(place)
        name = self.names[1 + which % (len(self.names) - 1)]
        self.world.do(ANYONE, self.world.tokens[name], "set_blocked(address,uint256)", account, how)
        self.blocked[name, account] = how

    @precondition(lambda self: "caller" in self.names)
    @rule(whom=PLACE)
    def change_caller(self, whom) -> None:
        """The token calls the split while it moves: as it likes, it gains nothing by it."""
        message, hook = self._hook(whom)
        token = self.world.tokens["caller"]
        assert self.world.do(ANYONE, token, "set_call(address,bytes)", self.to, message)
        self.hook["caller"] = hook

    # ---------------------------------------------------------------- rules: the end, and nonsense

    @precondition(lambda self: self.see and not self.model.ended)
    @rule(chance=st.integers(0, 3))
    def deregister(self, chance) -> None:
        if chance == 0:
            assert self.world.deregister(self.to, self.split.agreement)
            self.model.ended = True

    @rule(place=PLACE, which=PLACE)
    def nonsense(self, place, which) -> None:
        """Each of these must be refused, whatever went before."""
        at, account = self._seat(place)
        page, currency = at // 32, self.world.currency(self._name(which))
        pages, proofs, table = self.split.pages, self.split.proofs, self.split.table
        words, proof = pages[page], proofs[page]
        more = words[:-1] + bytes([words[-1] ^ 1])
        other = (table[0], table[1] + 1, *table[2:])
        if len(pages) > 1:
            for wrong in (
                (table, at + 32, words, proof),
                (table, at, more, proof),
                (table, at, words, proof + bytes(64)),
                (table, at, words, proof[:-64]),
                (other, at, words, proof),
            ):
                assert not self._do(ANYONE, JOIN_PAGE, *wrong, True)
        for wrong in ((table, at + 32, words), (table, at, more), (other, at, words)):
            assert not self._do(ANYONE, JOIN, *wrong, True)
        assert not self._do(ANYONE, PAYOUT_PAGE, table, page, more, proof, currency)
        assert not self._do(ANYONE, PAYOUT_PAGE, table, page + 1, words, proof, currency)
        assert not self._do(ANYONE, PAYOUT_PAGE, other, page, words, proof, currency)
        assert not self._do(ANYONE, PAYOUT_WHOLE, table, [*pages, words], currency)
        assert not self._do(ANYONE, PAYOUT_WHOLE, table, [*pages[:-1], more], currency)
        assert not self._do(ANYONE, "claim(uint256,address)", at + 32, account)
        assert not self._do(ANYONE, "claim(uint256,address)", at, ANYONE)
        assert not self._do(ANYONE, "end()")

    # ---------------------------------------------------------------- what always holds

    @invariant()
    def the_chain_and_the_model_agree(self) -> None:
        self._look()
        for name, books in self.model.books.items():
            assert self.received[name] == books.divisible
            assert self.dues[name] == [books.due(at) for at in range(len(self.seats))]

    @invariant()
    def the_balance_is_what_came_less_what_was_paid(self) -> None:
        for name, books in self.model.books.items():
            if name == NATIVE:
                balance = self.chain.balance(self.to)
            else:
                token, view = self.world.tokens[name], calldata("balanceOf(address)", self.to)
                balance = int.from_bytes(self.chain.view(token, view), "big")
            assert balance == books.balance

    @invariant()
    def each_recipient_has_what_the_model_paid_it(self) -> None:
        self._look()
        for name, books in self.model.books.items():
            got = dict.fromkeys(self.accounts, 0)
            for at, seat in enumerate(self.seats):
                got[seat.account] += books.got[at]
            assert self.held[name] == got

    @invariant()
    def paid_and_due_and_carried_is_what_was_received(self) -> None:
        self._look()
        for name, books in self.model.books.items():
            if books.fell or books.fee:
                continue  # then what recipients hold is not what was paid
            paid = sum(self.held[name].values())
            carried = self.received[name] - paid - sum(self.dues[name])
            assert 0 <= carried < len(self.seats), name

    @invariant()
    def no_seat_is_above_its_part_and_none_a_unit_below(self) -> None:
        self._look()
        for name, books in self.model.books.items():
            if books.fell:
                continue
            for seat, had, due in zip(self.seats, books.had, self.dues[name], strict=True):
                # 0 <= C s / T - had - due < 1, without the division
                below = self.received[name] * seat.shares - (had + due) * books.total
                assert 0 <= below < books.total, name

    @invariant()
    def nobody_lost_to_another(self) -> None:
        """What a seat had and what is due to it never falls, unless the money did."""
        self._look()
        for name, books in self.model.books.items():
            parts = [had + due for had, due in zip(books.had, self.dues[name], strict=True)]
            if not books.fell:
                assert all(now >= was for now, was in zip(parts, self.parts[name], strict=True))
            self.parts[name] = parts
