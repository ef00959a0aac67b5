"""The contracts' arithmetic, written once for numbers and for symbols.

Each function mirrors one of contracts/, named in its docstring, expression by expression. What
it is given decides what it does: `Numbers` computes, `Symbols` (theorems/) builds a term of z3. So
the very expressions that are proven are compared with the bytecode, on numbers.
"""

from __future__ import annotations

from typing import Any

AMOUNT = 2**112 - 1
MOST = 2**111 - 1
TOP = 144
UNDER_TOP = 2**144 - 1
BASE_AT = 32
NOT_BASE = (2**256 - 1) ^ (AMOUNT << BASE_AT)
BOOK_MARKS = 255
VERSION = 8191 << 8
FILTER_AT = 21
FILTER = 255 << 21
CLAIMED, PUSHED, FOLDED = 1 << 29, 2 << 29, 4 << 29
WHOLE = 2**24 - 1
PAGE_BASE_AT = 33
PAGE_PUSHED = 1 << 32
ALL_PLACES = 16843009
SHARES = 2**48 - 1
TOTAL_AT = 48
OWN_COUNT, SEVERAL_PAGES, LEFT = 1 << 96, 2 << 96, 4 << 96
INDEX_AT = 160
INDEX = 2**32 - 1
ACCOUNT = 2**160 - 1
TIMES_AT = 160


class Numbers:
    """256-bit words as Python's integers."""

    @staticmethod
    def word(value: int) -> int:
        return value % 2**256

    @staticmethod
    def mul(left: int, right: int) -> int:
        return left * right % 2**256

    @staticmethod
    def div(left: int, right: int) -> int:
        return left // right if right else 0  # as the EVM has it

    @staticmethod
    def shr(value: int, bits: int) -> int:
        return value >> bits

    @staticmethod
    def shl(value: int, bits: int) -> int:
        return (value << bits) % 2**256

    @staticmethod
    def at_most(left: int, right: int) -> bool:
        return left <= right

    @staticmethod
    def pick(condition: bool, yes: int, no: int) -> int:
        return yes if condition else no


def least(w: Any, left: Any, right: Any) -> Any:
    return w.pick(w.at_most(left, right), left, right)


def most(w: Any, left: Any, right: Any) -> Any:
    return w.pick(w.at_most(left, right), right, left)


def received(w: Any, book: Any, balance: Any) -> Any:
    """C: books._received."""
    paid = w.shr(book, TOP)
    held = least(w, balance, MOST)
    below = held - least(w, held, w.word(2**112 - paid))
    return w.pick(w.at_most(paid, MOST), least(w, w.word(held + paid), MOST), below)


def divided(w: Any, book: Any, amount: Any, total: Any) -> Any:
    """V: books._divided."""
    live = w.word(total - (w.shr(book, BASE_AT) & AMOUNT))
    return w.pick((book & FOLDED) == 0, amount, w.div(w.mul(amount, total), live))


def entitled(w: Any, book: Any, seat: Any, amount: Any) -> Any:
    """What a seat should have had in all: books._entitled."""
    total = w.shr(seat, TOTAL_AT) & SHARES
    part = w.div(w.mul(divided(w, book, amount, total), seat & SHARES), total)
    return w.pick((seat & LEFT) != 0, w.word(AMOUNT), part)


def had(w: Any, seat: Any, base: Any) -> Any:
    """books._had."""
    taken = w.shr(seat, TOP)
    part = w.div(w.mul(base, seat & SHARES), w.shr(seat, TOTAL_AT) & SHARES)
    return w.pick((seat & OWN_COUNT) != 0, taken, most(w, taken, part))


def due(w: Any, book: Any, seat: Any, base: Any, amount: Any) -> Any:
    """books._due, with the base that books._base finds."""
    should = entitled(w, book, seat, amount)
    return w.word(should - least(w, should, had(w, seat, base)))


def pushed(w: Any, base: Any, reach: Any, shares: Any, total: Any) -> Any:
    """What a payout pays a seat without a mark: push._pay_page."""
    return w.word(w.div(w.mul(reach, shares), total) - w.div(w.mul(base, shares), total))


def pushed_book(w: Any, book: Any, paid: Any, reach: Any) -> Any:
    """The book of a table of one page after a payout that failed nobody: push._pay_page."""
    kept = paid_book(w, book, paid) & NOT_BASE & ((2**256 - 1) ^ BOOK_MARKS)
    return kept | w.word(reach * 2**BASE_AT)


def fresh(w: Any, shares: Any, total: Any, pages: Any) -> Any:
    """The slot of a seat that joins: books._fresh."""
    word = shares | w.word(total * 2**TOTAL_AT)
    return w.pick(pages == 1, word, word | SEVERAL_PAGES)


def key(w: Any, book: Any, index: Any, account: Any) -> Any:
    """books._key."""
    version = w.word((book & VERSION) * 2**184)
    return version | w.word((index & INDEX) * 2**INDEX_AT) | account


def page_key(w: Any, book: Any, place: Any) -> Any:
    """books._page_key."""
    return w.word((book & VERSION) * 2**24) | w.shr(w.shr(place, INDEX_AT) & INDEX, 5)


def whole_key(w: Any, book: Any) -> Any:
    """The page beyond the last, where the whole's base is once shares have left: books.WHOLE."""
    return w.word((book & VERSION) * 2**24) | WHOLE


def whole_word(w: Any, base: Any) -> Any:
    """books._keep_whole."""
    return w.word(base * 2**PAGE_BASE_AT)


def base(w: Any, book: Any, seat: Any, page: Any, beyond: Any) -> Any:
    """The C, or V, up to which a seat's page was paid out: books._base and books._whole."""
    pushed_, folded = (book & PUSHED) != 0, (book & FOLDED) != 0
    in_beyond = w.pick((seat & SEVERAL_PAGES) != 0, w.shr(beyond, PAGE_BASE_AT), 0)
    after_leaves = w.pick(pushed_, in_beyond, 0)
    whole = w.pick(folded, after_leaves, w.shr(book, BASE_AT) & AMOUNT)
    return w.pick(pushed_, most(w, whole, w.shr(page, PAGE_BASE_AT)), whole)


def claims_unmarked(w: Any, book: Any) -> Any:
    """Whether a claim of a table of several pages marks no page: books._mark."""
    first = w.pick((w.shr(book, BASE_AT) & AMOUNT) == 0, True, False)
    return w.pick((book & PUSHED) != 0, False, w.pick((book & CLAIMED) != 0, True, first))


def page_word(w: Any, base: Any, marks: Any) -> Any:
    """books._keep_page."""
    return w.word(base * 2**PAGE_BASE_AT) | PAGE_PUSHED | marks


def paid_book(w: Any, book: Any, amount: Any) -> Any:
    """The book after a payment, but for its marks: Splitter.claim, push._pay_page."""
    return w.word(book + w.word(amount * 2**TOP))


def claimed_book(w: Any, book: Any, amount: Any, place: Any) -> Any:
    """The book after a claim: Splitter.claim, pull._claim_odd."""
    return paid_book(w, book, amount) | place


def late_book(w: Any, book: Any, amount: Any) -> Any:
    """The book after a payment to a closed version: versions._note_late."""
    return w.word(book - w.word(amount * 2**TOP))


def late_refused(w: Any, book: Any, amount: Any) -> Any:
    """Whether a late payment is refused, of room below zero: versions._note_late."""
    room = w.shr(book, TOP) ^ 2**111
    return w.pick(w.at_most(amount, room), w.word(0), w.word(1))


def late_record(w: Any, late: Any, amount: Any) -> Any:
    """The book of a closed version's late payments: versions._note_late."""
    return w.word(late + w.word(amount * 2**TOP))


def claimed_seat(w: Any, seat: Any, amount: Any) -> Any:
    """The seat after a claim: Splitter.claim, pull._claim_odd."""
    return (seat & UNDER_TOP) | w.word(amount * 2**TOP)


def closed_book(w: Any, balance: Any, version: Any, filter_: Any) -> Any:
    """The next version's book: versions._close."""
    held = least(w, balance, MOST)
    return w.word(w.word(0 - held) * 2**TOP) | w.word(version * 2**8) | filter_


def closed_record(w: Any, book: Any, amount: Any) -> Any:
    """What stays of the old book: versions._close."""
    return (book & UNDER_TOP) | w.word(amount * 2**TOP)


def left_book(w: Any, book: Any, amount: Any, left: Any) -> Any:
    """The book after a leave: leaving._leave, from the entitlement to the fold."""
    lower = w.word(book - w.word(amount * 2**TOP))
    return (lower & NOT_BASE) | w.word(left * 2**BASE_AT) | FOLDED


def left_seat(w: Any, seat: Any, owed: Any) -> Any:
    """The seat after a leave: leaving._leave."""
    kept = (seat & UNDER_TOP) | LEFT | OWN_COUNT
    return kept | w.word(w.word(AMOUNT - owed) * 2**TOP)


def redirect_word(w: Any, word: Any, to: Any) -> Any:
    """SEE.redirect."""
    return w.word((w.shr(word, TIMES_AT) + 1) * 2**TIMES_AT) | to


# ---------------------------------------------------------------- records of the Registry


def registered(w: Any, block: Any, time: Any) -> Any:
    """Registry.register."""
    return w.word(block * 2**96) | w.word(time * 2**56)


def amended(w: Any, record: Any, block: Any) -> Any:
    """Registry.amend."""
    kept = record & (2**144 - 2**16)
    return kept | w.word(block * 2**144) | w.word((record & (2**16 - 1)) + 1)


def without_voice(w: Any, record: Any, place: Any) -> Any:
    """Registry.leave."""
    return record | w.word(w.shl(1, place) * 2**192)


def ended(w: Any, record: Any, time: Any) -> Any:
    """Registry._end."""
    return record | w.word(time * 2**16)
