"""What must hold of SEEs' money after each step, whatever happened to them.

Each public method of the classes of truths is an invariant, and its name says it. `EACH` of them
hold after each step, of every book that the step can have changed; all of them, of all that there
is, after every eighth step, after a step that was refused now and then, and at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.properties import world as w
from tests.properties.books_model import NATIVE
from tests.properties.life_books import Book
from tests.properties.life_model import LATE, See
from tests.properties.life_nonsense import Nonsense
from tests.properties.life_world import Clone
from tests.properties.world import PAYER, calldata, numbers


@dataclass(slots=True)
class Reading:
    """A book, and what the chain says is due by it."""

    clone: Clone
    model: See
    name: str
    book: Book
    c: int
    dues: list[int]
    parts: list[int]  # what each seat had and is due to it


class Money(Nonsense):
    """Of each currency: paid + due + carried = received, and nobody takes from another."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.readings: list[Reading] = []
        self.last: dict[int, Any] = {}  # books as they were read last
        self.strangers = [w.ANYONE, self.world.registry, *self.world.implementations]
        self.holdings_of_all = calldata("holdings(address[])", [PAYER, *self.accounts])

    def _look(self, everything: bool) -> None:
        """Reads from the chain what is due, of the books that can have changed."""
        self.readings = []
        for clone, model in zip(self.clones, self.models, strict=True):
            for name, book in model.every_book():
                if book.received is None and not self.rules.readable(name):
                    continue
                c = model.c(name, book)
                now = (sum(book.had), c, book.left, book.received)
                if everything or self.last.get(id(book)) != now:
                    self.last[id(book)] = now
                    late = LATE if book.late else 0
                    dues = clone.dues(self.world.currency(name), book.version, late)
                    parts = [had + due for had, due in zip(book.had, dues, strict=True)]
                    self.readings.append(Reading(clone, model, name, book, c, dues, parts))
        self.fair = [each for each in self.readings if not each.book.fell]
        self.whole = self._whole()
        self.held = {
            name: numbers(self.chain.view(self.world.tokens[name], self.holdings_of_all))
            for name in self.names[1:]
        }
        self.held[NATIVE] = [self.chain.balance(each) for each in (PAYER, *self.accounts)]

    # ---------------------------------------------------------------- dues

    def what_is_due_is_what_the_model_says(self) -> None:
        for each in self.readings:
            assert each.dues == each.book.dues(each.c), (each.name, each.book.version)

    def paid_due_and_carried_are_what_came(self) -> None:
        """Carried: less than a unit for each seat and leave."""
        for each in self.fair:
            carried = each.book.all - sum(each.book.had) - sum(each.dues)
            assert 0 <= carried < len(each.book.seats) + each.book.leaves

    def no_seat_is_above_its_part_but_for_a_unit_a_leave(self) -> None:
        for each in self.fair:
            for below, one in each.book.off(each.parts):
                assert below > -one * (1 + each.book.leaves) if each.book.leaves else below >= 0

    def no_seat_is_below_its_part_by_more_than_a_unit_and_one_a_leave(self) -> None:
        for each in self.fair:
            for below, one in each.book.off(each.parts):
                assert below < one * (1 + each.book.leaves)

    def what_a_seat_had_and_is_due_never_falls(self) -> None:
        for each in self.fair:
            was = each.book.parts or [0] * len(each.parts)
            assert all(now >= before for now, before in zip(each.parts, was, strict=True))
            each.book.parts = each.parts

    def a_closed_book_owes_for_ever_what_it_owed(self) -> None:
        for each in self.fair:
            if each.book.received is None or each.book.late:
                continue
            assert each.parts == (each.book.closed_parts or each.parts)
            each.book.closed_parts = each.parts

    def nothing_is_due_beyond_what_was_received(self) -> None:
        """What is due to leavers was set aside from it before."""
        for each in self.readings:
            stay = [due for at, due in enumerate(each.dues) if at not in each.book.final]
            assert sum(stay) <= each.c

    def no_due_is_negative_or_wraps(self) -> None:
        for each in self.readings:
            assert max(each.dues) < 2**112

    # ---------------------------------------------------------------- balances

    def everybody_holds_the_coin_that_the_model_says(self) -> None:
        held = self.bank.held
        assert self.held[NATIVE][1:] == [held[NATIVE, each] for each in self.accounts]

    def everybody_holds_the_tokens_that_the_model_says(self) -> None:
        held = self.bank.held
        for name in self.names[1:]:
            assert self.held[name][1:] == [held[name, each] for each in self.accounts], name

    def no_coin_appears_or_vanishes(self) -> None:
        assert sum(self.held[NATIVE]) == w.MUCH

    def no_token_appears_or_vanishes(self) -> None:
        for name in self.names[1:]:
            assert sum(self.held[name]) + self.bank.burnt[name] == w.MUCH, name

    def a_payer_has_paid_what_it_paid(self) -> None:
        for name in self.names:
            assert self.held[name][0] == self.bank.held[name, PAYER], name

    def strangers_and_implementations_hold_nothing(self) -> None:
        assert not any(map(self.chain.balance, self.strangers))

    # ---------------------------------------------------------------- of all versions together

    def the_balance_covers_all_that_is_due(self) -> None:
        for model, name, readings in self.whole:
            assert sum(sum(each.dues) for each in readings) <= model.balance(name), name

    def what_is_held_beyond_is_less_than_a_unit_a_seat(self) -> None:
        for model, name, readings in self.whole:
            owed = sum(sum(each.dues) for each in readings)
            most = sum(len(each.book.seats) + each.book.leaves for each in readings)
            assert model.balance(name) - owed < most, name

    def _whole(self) -> list[tuple[See, str, list[Reading]]]:
        """SEEs and currencies of which all books were read, and that are fair."""
        found: dict[tuple[str, str], list[Reading]] = {}
        for each in self.readings:
            found.setdefault((each.model.address, each.name), []).append(each)
        whole = []
        for model in self.models:
            for name in self.names:
                read = found.get((model.address, name), [])
                books = [book for each, book in model.every_book() if each == name]
                if len(read) == len(books) and not any(book.fell for book in books):
                    whole.append((model, name, read))
        return whole
