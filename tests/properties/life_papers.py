"""What must hold of SEEs' books, seats, words of storage and records (see life_truths.py)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.books_model import NATIVE
from tests.properties.life_model import See
from tests.properties.life_truths import Money
from tests.properties.life_world import Clone

OWN_COUNT, SEVERAL_PAGES, LEFT = 1, 2, 4  # flags of a seat
AMOUNT = 2**112
NO_DIGEST = bytes(31) + b"\x01"


class Papers(Money):
    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.codes = [self.world.code(clone.address) for clone in self.clones]
        self.born = [clone.record()[:2] for clone in self.clones]
        self.times: dict[tuple[str, str], int] = {}

    def _each(self) -> Iterator[tuple[Clone, See]]:
        yield from zip(self.clones, self.models, strict=True)

    def _each_book(self) -> Iterator[tuple[Clone, See, str, str]]:
        for clone, model in self._each():
            for name in self.names:
                yield clone, model, name, self.world.currency(name)

    # ---------------------------------------------------------------- books in force

    def received_is_what_the_model_says(self) -> None:
        for clone, model, name, currency in self._each_book():
            if self.rules.readable(name):
                received = clone.view("received(address)", currency)
                assert received == [model.c(name, model.books[name])]

    def a_book_is_of_the_version_that_the_model_says(self) -> None:
        for clone, model, name, currency in self._each_book():
            assert clone.view("book(address)", currency)[0] == model.books[name].version

    def a_book_knows_the_shares_that_left(self) -> None:
        for clone, model, name, currency in self._each_book():
            left = clone.view("book(address)", currency)[1]
            book = model.books[name]
            assert left == book.left == sum(book.seats[at].shares for at in book.final)

    def somebody_has_shares_left(self) -> None:
        for clone, model, name, currency in self._each_book():
            assert clone.view("book(address)", currency)[1] < model.books[name].total

    # ---------------------------------------------------------------- closed books

    def a_closed_book_says_what_it_received(self) -> None:
        for each in self.readings:
            if each.book.received is None or each.book.late:
                continue
            currency, version = self.world.currency(each.name), each.book.version
            received, _, left = each.clone.view("closed(address,uint256)", currency, version)
            if received or left:
                assert (received, left) == (each.book.received, each.book.left)
            else:
                assert not any(each.dues)

    def late_money_stands_apart(self) -> None:
        for each in self.readings:
            if each.book.late:
                currency = self.world.currency(each.name)
                late = each.clone.view("closed(address,uint256)", currency, each.book.version)[1]
                assert late == each.book.received

    def the_version_in_force_has_no_closed_book(self) -> None:
        for clone, model, name, currency in self._each_book():
            version = model.books[name].version
            assert clone.view("closed(address,uint256)", currency, version) == [0, 0, 0]

    def no_version_comes_before_its_time(self) -> None:
        for clone, model, _, currency in self._each_book():
            after = model.version + 1
            assert clone.view("closed(address,uint256)", currency, after) == [0, 0, 0]
            assert not any(clone.view("seat(address,uint256)", currency, after << 192))

    # ---------------------------------------------------------------- seats

    def _look(self, everything: bool) -> None:
        super()._look(everything)
        if not everything:
            return
        # Of books in force: took, shares, total shares and flags of each seat.
        self.seats = [
            (model, name, at, clone.view(SEAT, currency, clone.key(version, at)))
            for clone, model, name, currency in self._each_book()
            for version in [model.books[name].version]
            for at in range(len(model.seats(version)))
        ]

    def a_seat_has_the_shares_of_its_table(self) -> None:
        for model, name, at, slot in self.seats:
            book = model.books[name]
            assert slot[1:3] in ([0, 0], [book.seats[at].shares, book.total])

    def a_seat_has_a_slot_once_it_has_acted(self) -> None:
        for model, name, at, slot in self.seats:
            if name == NATIVE:
                assert (slot[2] != 0) == model.can_claim(name, model.books[name].version, at)

    def a_seat_has_known_flags_only(self) -> None:
        for *_, (_, _, _, flags) in self.seats:
            assert flags <= OWN_COUNT | SEVERAL_PAGES | LEFT

    def a_seat_knows_whether_its_table_has_several_pages(self) -> None:
        for model, name, _, (_, _, total, flags) in self.seats:
            several = len(model.books[name].seats) > a.PAGE
            assert not total or bool(flags & SEVERAL_PAGES) == several

    def a_seat_that_left_says_so(self) -> None:
        for model, name, at, (*_, flags) in self.seats:
            assert bool(flags & LEFT) == (at in model.books[name].final)

    def what_is_owed_to_a_leaver_stands_in_its_slot(self) -> None:
        for model, name, at, (took, _, _, flags) in self.seats:
            if flags & LEFT:
                owed = model.books[name].final[at] - model.books[name].had[at]
                assert AMOUNT - 1 - took == owed

    def no_seat_took_more_than_it_had(self) -> None:
        for model, name, at, (took, _, _, flags) in self.seats:
            if not flags & LEFT:
                had = model.books[name].had[at]
                assert took == had if flags & OWN_COUNT else took <= had

    # ---------------------------------------------------------------- words of storage

    def _words(self) -> Iterator[tuple[See, str, int]]:
        for clone, model, name, currency in self._each_book():
            yield model, name, self.chain.storage(clone.address, w.slot_of_book(currency))

    def what_was_paid_stands_in_its_field_and_no_other(self) -> None:
        for model, name, word in self._words():
            assert not word or word >> 144 == model.offset[name] % AMOUNT, name

    def the_version_stands_in_its_field_and_no_other(self) -> None:
        for model, name, word in self._words():
            assert not word or word >> 8 & 8191 == model.books[name].version

    def no_payout_went_further_than_what_was_received(self) -> None:
        """The base of a table of one page, while nobody has left."""
        for model, name, word in self._words():
            book = model.books[name]
            if not book.left:
                book.most = max(book.most, model.c(name, book))
                assert book.fell or word >> 32 & AMOUNT - 1 <= book.most

    def whoever_is_redirected_is_in_the_filter(self) -> None:
        for model, name, word in self._words():
            for account, to in model.redirects.items():
                if to != account and (name == NATIVE or word):
                    assert name != NATIVE or word >> 21 >> (int(account, 16) & 7) & 1

    # ---------------------------------------------------------------- records

    def the_registry_and_the_see_agree_on_the_version(self) -> None:
        for clone, model in self._each():
            assert clone.record()[3] == model.version == clone.view("version()")[0]

    def the_registry_and_the_see_agree_on_the_end(self) -> None:
        for clone, model in self._each():
            assert bool(clone.record()[2]) == model.ended == bool(clone.view("ended()")[0])

    def it_was_registered_once_for_ever(self) -> None:
        for clone, born in zip(self.clones, self.born, strict=True):
            assert clone.record()[:2] == born

    def it_was_amended_if_it_has_a_later_version(self) -> None:
        for clone, model in self._each():
            assert bool(clone.record()[4]) == (model.version > 0)

    def voices_that_left_are_left(self) -> None:
        for clone, model in self._each():
            assert clone.record()[5] == model.absent

    def the_commitment_is_that_of_the_agreement_in_force(self) -> None:
        for clone, _ in self._each():
            assert clone.view("commitment()")[0] == int.from_bytes(clone.now.hash, "big")

    def redirects_are_as_the_accounts_said(self) -> None:
        for clone, model in self._each():
            for account, to in model.redirects.items():
                said = clone.view("redirected(address)", account)
                assert said == [int(to, 16), model.times[account]]

    def redirects_only_count_up(self) -> None:
        for clone, model in self._each():
            for account in model.redirects:
                times = clone.view("redirected(address)", account)[1]
                assert times >= self.times.get((clone.address, account), 0)
                self.times[clone.address, account] = times

    def a_see_signs_nothing_that_its_voices_did_not(self) -> None:
        for clone, _ in self._each():
            answer = clone.view("isValidSignature(bytes32,bytes)", NO_DIGEST, b"")[0]
            assert answer >> 224 == 0xFFFFFFFF

    def its_code_never_changes(self) -> None:
        for clone, code in zip(self.clones, self.codes, strict=True):
            assert self.world.code(clone.address) == code


SEAT = "seat(address,uint256)"
