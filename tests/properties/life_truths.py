"""What must hold of SEEs after each step, whatever happened to them."""

from __future__ import annotations

import random

from hypothesis.stateful import invariant

from tests.properties.books_model import NATIVE
from tests.properties.life_books import Book
from tests.properties.life_model import LATE, See
from tests.properties.life_stage import Stage
from tests.properties.life_world import Clone
from tests.properties.world import ANYONE, calldata, numbers

EVERYTHING = 8  # every so many steps all books are read, else those that can have changed


class Truths(Stage):
    # ---------------------------------------------------------------- what the chain says

    def _look(self) -> None:
        """Reads the chain once for all invariants, which come in any order."""
        if self.looked == len(self.chain.steps):
            return
        self.looked = len(self.chain.steps)
        self.quiet += 1
        self.dues: list[tuple[Clone, See, str, Book, list[int]]] = []
        for clone, model in zip(self.clones, self.models, strict=True):
            for name, book in model.every_book():
                if book.received is None:
                    if not self.rules.readable(name):
                        continue
                elif not self._may_have_changed(book):
                    continue
                late = LATE if book.late else 0
                dues = clone.dues(self.world.currency(name), book.version, late)
                self.dues.append((clone, model, name, book, dues))

    def _may_have_changed(self, book: Book) -> bool:
        """A closed book changes by claims and late payments only."""
        now = (sum(book.had), book.received)
        changed = self.last.get(id(book)) != now
        self.last[id(book)] = now
        return changed or self.quiet % EVERYTHING == 0

    # ---------------------------------------------------------------- what always holds

    @invariant()
    def the_dues_are_what_the_model_says(self) -> None:
        self._look()
        for _, model, name, book, dues in self.dues:
            assert dues == book.dues(model.c(name, book)), (name, book.version, book.late)

    @invariant()
    def everybody_holds_what_the_model_says(self) -> None:
        held = self.bank.held
        for account in self.accounts:
            assert self.chain.balance(account) == held[NATIVE, account], account
        for name in self.names[1:]:
            held_of = numbers(self.chain.view(self.world.tokens[name], self.holdings))
            assert held_of == [held[name, account] for account in self.accounts], name

    @invariant()
    def every_seat_has_its_exact_part_but_for_a_unit_a_leave(self) -> None:
        self._look()
        for *_, book, dues in self.dues:
            if not book.fell:
                book.check_fair(dues)

    @invariant()
    def nobody_lost_to_another(self) -> None:
        self._look()
        for *_, book, dues in self.dues:
            if not book.fell:
                book.check_nobody_lost(dues)

    @invariant()
    def what_is_held_is_what_is_owed_and_less_than_a_unit_a_seat(self) -> None:
        """Of all versions together, by the chain's figures alone."""
        self._look()
        held: dict[tuple[str, str], list[int]] = {}
        for _, model, name, book, dues in self.dues:
            sums = held.setdefault((model.address, name), [0, 0, 0])
            sums[0] += sum(dues)
            sums[1] += len(book.seats) + book.leaves
            sums[2] += 1
        for model in self.models:
            for name in self.names:
                books = [book for each, book in model.every_book() if each == name]
                owed, most, count = held.get((model.address, name), (0, 0, 0))
                if count != len(books) or any(book.fell for book in books):
                    continue  # not all of them were read
                assert 0 <= model.balance(name) - owed < most, name

    @invariant()
    def the_books_and_the_record_say_where_the_see_is(self) -> None:
        for clone, model in zip(self.clones, self.models, strict=True):
            _, registered, ended, version, amended, left = clone.record()
            assert registered
            assert bool(ended) == model.ended == bool(clone.view("ended()")[0])
            assert [version] == clone.view("version()") == [model.version]
            assert bool(amended) == (version > 0)
            assert left == model.absent
            commitment = clone.view("commitment()")[0]
            assert commitment == int.from_bytes(clone.now.hash, "big")
            for name in self.names:
                book, currency = model.books[name], self.world.currency(name)
                assert clone.view("book(address)", currency) == [book.version, book.left]
                if self.rules.readable(name):
                    assert clone.view("received(address)", currency) == [model.c(name, book)]

    @invariant()
    def closed_books_say_what_was_owed(self) -> None:
        self._look()
        for clone, _, name, book, dues in self.dues:
            if book.received is None:
                continue
            version, currency = book.version, self.world.currency(name)
            received, late, left = clone.view("closed(address,uint256)", currency, version)
            if book.late:
                assert late == book.received
            elif received or left:
                assert (received, left) == (book.received, book.left)
            else:
                assert not any(dues)

    @invariant()
    def redirects_are_as_the_accounts_said(self) -> None:
        for clone, model in zip(self.clones, self.models, strict=True):
            for account, to in model.redirects.items():
                said = clone.view("redirected(address)", account)
                assert said == [int(to, 16), model.times[account]]

    # ---------------------------------------------------------------- helpers

    def _set_balance(self, name: str, account: str, amount: int) -> None:
        mint = calldata("set_balance(address,uint256)", account, amount)
        assert self.chain.send(ANYONE, self.world.tokens[name], mint)

    def _member(self, account: str) -> Clone | None:
        return next((clone for clone in self.clones if clone.address == account), None)

    @staticmethod
    def _dice(seed: int) -> random.Random:
        return random.Random(seed)
