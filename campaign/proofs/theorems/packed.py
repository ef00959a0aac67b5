"""Packed words: no field ever overflows into another. 256-bit vectors."""

from __future__ import annotations

from typing import Any

import z3

from campaign.proofs import formulas as f
from campaign.proofs.theorems.theorem import Claim, Symbols, theorem, words

W = Symbols
PLACE = 255  # the 8 marks of a book


def _top(word: Any) -> Any:
    return z3.LShR(word, f.TOP)


def _low(word: Any) -> Any:
    return word & f.UNDER_TOP


@theorem("Splitter.claim, pull._claim_odd, pull._claim_token, versions._claim: the book")
def a_claim_keeps_to_its_field_of_the_book() -> Claim:
    """A claim adds its amount to `paid` (112 bits, signed) and a mark, and changes nothing else."""
    book, amount, place = words("book amount place")
    after = f.claimed_book(W, book, amount, place)
    exact = _top(after) == (_top(book) + amount) & f.AMOUNT
    rest = _low(after) == _low(book) | place
    return Claim(
        [z3.ULE(amount, f.MOST), z3.ULE(place, PLACE)],
        z3.And(exact, rest),
        _top(after) == _top(book) + amount,  # false: it is signed, and passes zero
    )


@theorem("Splitter.join, Splitter.claim, pull._claim_odd: the seat")
def a_claim_keeps_to_its_field_of_the_seat() -> Claim:
    """What a seat took is what it is entitled to, and its shares, total and flags stay."""
    seat, entitled = words("seat entitled")
    after = f.claimed_seat(W, seat, entitled)
    return Claim(
        [z3.ULE(entitled, f.AMOUNT)],
        z3.And(_top(after) == entitled, _low(after) == _low(seat)),
        _top(after) == entitled,  # false beyond 112 bits
        neighbour_given=[z3.ULE(entitled, 2**113)],
    )


@theorem("books._fresh")
def a_fresh_seat_reads_back() -> Claim:
    """The slot of a seat that joins has its shares, its total, and one flag for several pages."""
    shares, total, pages = words("shares total pages")
    seat = f.fresh(W, shares, total, pages)
    reads = z3.And(
        seat & f.SHARES == shares,
        z3.LShR(seat, f.TOTAL_AT) & f.SHARES == total,
        _top(seat) == 0,
        (seat & f.SEVERAL_PAGES != 0) == (pages != 1),
        seat & (f.OWN_COUNT | f.LEFT) == 0,
    )
    return Claim(
        [z3.ULE(shares, f.SHARES), z3.ULE(total, f.SHARES)],
        reads,
        reads,
        neighbour_given=[z3.ULE(shares, 2 * f.SHARES), z3.ULE(total, f.SHARES)],
    )


@theorem("books._key, Splitter.claim, Splitter.join")
def a_key_names_one_seat() -> Claim:
    """Two seats with one key are of one version, index and account."""
    book, other, index, second, account, whose = words("book other index second account whose")
    same = f.key(W, book, index, account) == f.key(W, other, second, whose)
    accounts = [z3.ULE(account, f.ACCOUNT), z3.ULE(whose, f.ACCOUNT)]
    one = z3.And(
        book & f.VERSION == other & f.VERSION, index & f.INDEX == second & f.INDEX, account == whose
    )
    return Claim(
        [*accounts, same],
        one,
        z3.And(one, index == second),  # false: only the lowest 32 bits count
    )


@theorem("books._page_key, books._page, books._keep_page")
def a_page_key_names_one_page() -> Claim:
    """Pages with one key are of one version and number, and a seat's page is its index // 32."""
    book, other, key, second = words("book other key second")
    page, number = f.page_key(W, book, key), f.page_key(W, other, second)

    def of(place: Any) -> Any:
        return z3.LShR(z3.LShR(place, f.INDEX_AT) & f.INDEX, 5)

    one = z3.And(book & f.VERSION == other & f.VERSION, of(key) == of(second))
    return Claim([page == number], one, z3.And(one, key == second))


@theorem("books._keep_page, books._page, books._base, leaving._leave")
def a_page_reads_back() -> Claim:
    """A page's base of 160 bits, its pushed bit and its 32 marks do not touch each other."""
    base, marks = words("base marks")
    page = f.page_word(W, base, marks)
    reads = z3.And(
        z3.LShR(page, f.PAGE_BASE_AT) == base,
        page & (2**32 - 1) == marks,
        page & f.PAGE_PUSHED != 0,
    )
    few = z3.ULE(marks, 2**32 - 1)
    return Claim(
        [z3.ULE(base, 2**160 - 1), few], reads, reads, neighbour_given=[z3.ULE(base, 2**224), few]
    )


@theorem("leaving._leave: ALL_PLACES")
def a_books_marks_become_its_pages() -> Claim:
    """Mark i of a page is mark i modulo 8 of the book that had its marks for it until then."""
    (marks,) = words("marks")
    page = marks * f.ALL_PLACES

    def says(step: int) -> Any:
        return z3.And(
            z3.ULE(page, 2**32 - 1),
            *[
                z3.Extract(place, place, page) == z3.Extract(place % step, place % step, marks)
                for place in range(32)
            ],
        )

    return Claim([z3.ULE(marks, PLACE)], says(8), says(7))


@theorem("versions._close: the next book")
def a_next_book_starts_clean() -> Claim:
    """The next version's book has minus what is held, its version and filter, and nothing else."""
    balance, version, filter_ = words("balance version filter")
    book = f.closed_book(W, balance, version, filter_)
    held = f.least(W, balance, f.MOST)
    reads = z3.And(
        _top(book) == (0 - held) & f.AMOUNT,
        z3.LShR(book & f.VERSION, 8) == version,
        _low(book) & ~z3.BitVecVal(f.VERSION | f.FILTER, 256) == 0,
        book & f.FILTER == filter_,
    )
    filters = filter_ & ~z3.BitVecVal(f.FILTER, 256) == 0
    return Claim(
        [z3.ULE(version, 8191), filters],
        reads,
        reads,
        neighbour_given=[z3.ULE(version, 8192), filters],  # false: one version too many
    )


@theorem("versions._close: the record, versions._note_late")
def a_record_keeps_to_its_field() -> Claim:
    """A closed book has C at its top and all else as it was."""
    book, amount = words("book amount")
    record = f.closed_record(W, book, amount)
    return Claim(
        [z3.ULE(amount, f.MOST)],
        z3.And(_top(record) == amount, _low(record) == _low(book)),
        record == book,
    )


def _signed(field: Any) -> Any:
    """A field of 112 bits, signed, in a word's two's complement."""
    return z3.SignExt(144, z3.Extract(111, 0, field))


@theorem("SEE.pay_late, versions._note_late: the book")
def a_late_payment_keeps_to_its_signed_field() -> Claim:
    """What a late payment leaves of `paid` is exactly as much less, never wrapped from below zero
    to above, and all else stays; without the line that refuses, it wraps."""
    book, amount = words("book amount")
    after = f.late_book(W, book, amount)
    fits = z3.ULE(amount, f.MOST)
    exact = _signed(_top(after)) == _signed(_top(book)) - amount
    taken = f.late_refused(W, book, amount) == 0
    kept = z3.And(exact, _low(after) == _low(book))
    return Claim([fits, taken], kept, kept, neighbour_given=[fits])


@theorem("versions._note_late: the book of late payments")
def late_payments_keep_to_their_field() -> Claim:
    """What was paid late adds up exactly in its 112 bits, within the cap, and all else stays."""
    late, amount = words("late amount")
    after = f.late_record(W, late, amount)
    within = z3.And(z3.ULE(amount, f.MOST), z3.ULE(_top(late) + amount, f.MOST))
    exact = z3.And(
        _top(after) == _top(late) + amount,
        z3.ULE(_top(after), f.MOST),
        _low(after) == _low(late),
    )
    return Claim([within], exact, exact, neighbour_given=[z3.ULE(amount, f.MOST)])


@theorem("leaving._leave: the book")
def a_leave_keeps_to_its_fields_of_the_book() -> Claim:
    """A leave lowers `paid` by the entitlement, notes the shares that left, and changes no more."""
    book, amount, left = words("book amount left")
    after = f.left_book(W, book, amount, left)
    reads = z3.And(
        _top(after) == (_top(book) - amount) & f.AMOUNT,
        z3.LShR(after, f.BASE_AT) & f.AMOUNT == left,
        after & (2**f.BASE_AT - 1) == (book | f.FOLDED) & (2**f.BASE_AT - 1),
    )
    return Claim(
        [z3.ULE(amount, f.AMOUNT), z3.ULE(left, f.SHARES)],
        reads,
        reads,
        neighbour_given=[z3.ULE(amount, f.AMOUNT), z3.ULE(left, 2**113)],
    )


@theorem("leaving._leave: the seat; books._entitled, books._had")
def a_seat_that_left_is_owed_what_was_due() -> Claim:
    """The due of a seat that left is what was owed to it, whatever comes; its shares stay."""
    book, seat, owed, base, amount = words("book seat owed base amount")
    after = f.left_seat(W, seat, owed)
    due = f.due(W, book, after, base, amount)
    shares = after & (2**96 - 1) == seat & (2**96 - 1)
    return Claim(
        [z3.ULE(owed, f.AMOUNT)],
        z3.And(due == owed, shares),
        z3.And(due == owed, _low(after) == _low(seat)),  # false: its flags change
    )


@theorem("SEE.redirect, SEE.redirected, books._payee")
def a_redirect_reads_back() -> Claim:
    """A redirect is one more than before, and goes to its 160 bits."""
    word, to = words("word to")
    after = f.redirect_word(W, word, to)
    times = z3.LShR(word, f.TIMES_AT)
    reads = z3.And(after & f.ACCOUNT == to, z3.LShR(after, f.TIMES_AT) == times + 1)
    return Claim(
        [z3.ULE(to, f.ACCOUNT), z3.ULT(times, 2**96 - 1)],
        reads,
        reads,
        neighbour_given=[z3.ULE(to, f.ACCOUNT)],  # false at the 2**96th
    )


@theorem("Registry.register, Registry.amend, Registry.leave, Registry._end; records.record")
def a_record_of_the_registry_reads_back() -> Claim:
    """Of a record each field stays as it was written by registration, leaves, amendment, end."""
    block, time, later, ending, version, place = words("block time later ending version place")
    record = f.without_voice(W, f.registered(W, block, time), place)
    record = record | version  # as it was amended before
    record = f.without_voice(W, f.amended(W, record, later), place)
    record = f.ended(W, record, ending)
    reads = z3.And(
        z3.LShR(record, 96) & (2**48 - 1) == block,
        z3.LShR(record, 56) & (2**40 - 1) == time,
        z3.LShR(record, 16) & (2**40 - 1) == ending,
        record & (2**16 - 1) == version + 1,
        z3.LShR(record, 144) & (2**48 - 1) == later,
        z3.LShR(record, 192) == z3.BitVecVal(1, 256) << place,
    )
    fit = [z3.ULT(block, 2**48), z3.ULT(later, 2**48), z3.ULT(time, 2**40), z3.ULT(ending, 2**40)]
    rest = [z3.ULT(version, 8191), z3.ULT(place, 64)]
    return Claim(
        [*fit, *rest], reads, reads, neighbour_given=[*fit[:-1], z3.ULT(ending, 2**41), *rest]
    )


@theorem("consent._check_roll, consent._voice")
def a_voice_word_is_whole() -> Claim:
    """A word that the roll takes is account and voices alone: the 64 bits between are zero."""
    word, last = words("word last")
    account = z3.LShR(word, 96)
    voices = word & (2**32 - 1)
    taken = z3.And(z3.UGT(account, last), z3.ULT((word & (2**96 - 1)) - 1, 2**32 - 1))
    whole = z3.And(word == account << 96 | voices, voices != 0)
    loose = z3.And(z3.UGT(account, last), z3.ULE((word & (2**96 - 1)) - 1, 2**32 - 1))
    return Claim([taken], whole, whole, neighbour_given=[loose])


@theorem("books._filter, versions._catch_up, books._payee")
def a_filter_bit_is_a_filter_bit() -> Claim:
    """Asking a book for an account's redirect sets one filter bit: the one that _payee reads."""
    book, account = words("book account")
    bit = z3.BitVecVal(1 << f.FILTER_AT, 256) << (account & 7)
    after = book | bit
    reads = z3.LShR(z3.LShR(after, f.FILTER_AT), account & 7) & 1 == 1
    apart = (after ^ book) & ~z3.BitVecVal(f.FILTER, 256) == 0
    return Claim([z3.ULE(account, f.ACCOUNT)], z3.And(reads, apart), after == book)
