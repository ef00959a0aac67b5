"""What is received, due, closed and left. Vectors where words are read, integers where divided.

A floor q = floor(a / t) is any q with q t <= a < (q + 1) t.
"""

from __future__ import annotations

from typing import Any

import z3

from campaign.proofs import formulas as f
from campaign.proofs.theorems.theorem import Claim, Integers, Symbols, theorem, words

W = Symbols
N = Integers


def _ints(names: str) -> list[Any]:
    return [z3.Int(name) for name in names.split()]


def _floor(quotient: Any, amount: Any, divisor: Any) -> Any:
    return z3.And(
        quotient * divisor <= amount, amount < quotient * divisor + divisor, quotient >= 0
    )


def _book(name: str) -> tuple[Any, Any, list[Any]]:
    """A book by what was paid (112 bits, signed) and all below it."""
    paid, low = _ints(f"{name}_paid {name}_low")
    return paid * 2**f.TOP + low, paid, [paid >= 0, paid < 2**112, low >= 0, low < 2**f.TOP]


def _within(paid: Any, balance: Any) -> list[Any]:
    """What was received in all is within the cap, and a balance covers an old debt."""
    return [z3.If(paid > f.MOST, paid + balance >= 2**112, paid + balance <= f.MOST)]


# ---------------------------------------------------------------- what is received


@theorem("books._received")
def what_is_received_is_never_negative() -> Claim:
    """C is between 0 and 2**111 - 1, of any book and any balance, also one that fell."""
    book, balance = words("book balance")
    amount = f.received(W, book, balance)
    return Claim([], z3.ULE(amount, f.MOST), z3.ULT(amount, f.MOST))


@theorem("books._received, Splitter.claim, pull._claim_token")
def the_plain_sum_is_what_is_received() -> Claim:
    """Where the plain claim takes `balance + paid` with one addition, that is C."""
    book, balance = words("book balance")
    total = f.least(W, balance, f.MOST) + z3.LShR(book, f.TOP)
    plain = z3.LShR(total, 111) == 0
    follows = f.received(W, book, balance) == total
    return Claim([plain], follows, follows, neighbour_given=[z3.LShR(total, 113) == 0])


@theorem("Splitter.claim, pull._claim_odd, pull._claim_native, pull._claim_token, push._pay_page")
def a_payment_keeps_what_is_received() -> Claim:
    """C is the same before and after an amount is paid from the balance and added to `paid`."""
    balance, amount = _ints("balance amount")
    book, paid, given = _book("book")
    before = f.received(N, book, balance)
    after = f.received(N, f.paid_book(N, book, amount), balance - amount)
    given += [amount >= 0, amount <= balance, balance <= f.MOST]
    return Claim([*given, *_within(paid, balance)], after == before, after == before, given)


@theorem("SEE.pay, Splitter.__default__, paying._take; books._received")
def a_payment_raises_what_is_received_by_itself() -> Claim:
    """What is paid in raises C by as much, until the cap."""
    balance, amount = _ints("balance amount")
    book, paid, given = _book("book")
    before = f.received(N, book, balance)
    after = f.received(N, book, balance + amount)
    given += [amount >= 0, balance >= 0, balance + amount <= f.MOST]
    within = [*_within(paid, balance), *_within(paid, balance + amount)]
    exact = after == before + amount
    return Claim([*given, *within], exact, exact, given)


# ---------------------------------------------------------------- what is due


@theorem("books._due")
def due_is_never_negative() -> Claim:
    """What is due never wraps below zero: it is at most what the seat is entitled to."""
    book, seat, base, amount = words("book seat base amount")
    should, had = f.entitled(W, book, seat, amount), f.had(W, seat, base)
    due = f.due(W, book, seat, base, amount)
    return Claim([], z3.ULE(due, should), due == should - had)


@theorem("books._entitled: one seat")
def nobody_is_entitled_to_more_than_is_received() -> Claim:
    """floor(C s / T) is at most C where the shares s are of the total T."""
    c, s, t, part = _ints("c s t part")
    given = [c >= 0, t > 0, s >= 0, _floor(part, c * s, t)]
    lemma = z3.Implies(s <= t, c * s <= c * t)
    return Claim([*given, s <= t], part <= c, part <= c, given, [lemma])


@theorem("books._entitled: two seats, or a page and another")
def parts_add_up_to_at_most_the_whole() -> Claim:
    """floor(C r / T) + floor(C s / T) <= floor(C (r + s) / T): by induction over the seats of a
    table whose shares add up to T, what all are entitled to is at most C, and so is what is due."""
    c, r, s, t, first, second, both = _ints("c r s t first second both")
    given = [c >= 0, t > 0, r >= 0, s >= 0]
    given += [_floor(first, c * r, t), _floor(second, c * s, t), _floor(both, c * r + c * s, t)]
    product = z3.Implies(first + second > both, (first + second) * t >= (both + 1) * t)
    return Claim(given, first + second <= both, first + second == both, splits=[product])


@theorem("books._entitled: a whole table")
def the_whole_is_all_that_is_received() -> Claim:
    """floor(C T / T) is C: where the induction over a table's seats ends."""
    c, t, part = _ints("c t part")
    given = [c >= 0, t > 0, _floor(part, c * t, t)]
    low = z3.Implies(part < c, (part + 1) * t <= c * t)
    high = z3.Implies(part > c, part * t >= (c + 1) * t)
    return Claim(given, part == c, part < c, splits=[low, high])


@theorem("books._due, push._pay_page, push._pay_marked, pull._claim_odd")
def claim_and_payout_commute() -> Claim:
    """A claim then a payout pay a seat as much as a payout then a claim, to the unit, whatever is
    received between: after both, it had its part of all that was received."""
    taken, at, first, second = _ints("taken at first second")  # parts: of base, of C, of C later
    given = [taken >= 0, at >= 0, first >= at, second >= first, first >= taken]
    had = z3.If(taken > at, taken, at)

    def pays(should: Any, had_: Any) -> Any:
        return z3.If(should > had_, should - had_, 0)

    claimed = pays(first, had)
    # The claim notes `first` in the slot and marks it; the payout looks there.
    then = pays(second, z3.If(first > at, first, at))
    pushed = pays(first, had)  # the page's base is C from now on, its part is `first`
    later = pays(second, z3.If(taken > first, taken, first))
    unmarked = pays(second, at)  # false: a payout that does not look at the slot
    return Claim(
        given,
        z3.And(claimed + then == pushed + later, claimed + then == second - had),
        claimed + unmarked == pushed + later,
    )


# ---------------------------------------------------------------- products


@theorem("books._divided, books._entitled, books._had, Splitter.claim: unsafe_mul")
def products_never_overflow() -> Claim:
    """C T, V s and a page's base times s are below 2**256: unsafe_mul is exact."""
    c, total, v, s, base = _ints("c total v s base")
    small = z3.And(total >= 1, total <= f.SHARES, s >= 0, s <= f.SHARES)
    fits = z3.And(c >= 0, c <= f.AMOUNT, v >= 0, v <= c * total, base >= 0, base < 2**160)
    bound = z3.And(c * total <= f.AMOUNT * f.SHARES, c * total >= 0)
    product = v * s <= f.AMOUNT * f.SHARES * f.SHARES
    mul = z3.And(c * total < 2**160, v * s < 2**208, base * s < 2**208)
    return Claim([small, fits], mul, v * s < 2**200, splits=[bound, product])


@theorem("quorum._check, consent._count, terms._check")
def the_quorums_products_never_overflow() -> Claim:
    """64 voices of 32 bits times a denominator of 32 bits stay far below 2**256."""
    yes, live, numerator, denominator = _ints("yes live numerator denominator")
    most = 2**32 - 1
    given = [yes >= 0, live >= yes, live <= 64 * most]
    given += [numerator >= 1, numerator <= denominator, denominator <= most]
    fits = z3.And(yes * denominator <= 64 * most * most, live * numerator <= 64 * most * most)
    return Claim(given, fits, yes * denominator <= live * numerator)


# ---------------------------------------------------------------- closing


@theorem("versions._close, versions._claim, books._due")
def closing_changes_nobodys_due() -> Claim:
    """A seat's due by a closed book's record is its due by the book as it was closed."""
    book, balance, seat, base = words("book balance seat base")
    amount = f.received(W, book, balance)
    record = f.closed_record(W, book, amount)
    before = f.due(W, book, seat, base, amount)
    after = f.due(W, record, seat, base, z3.LShR(record, f.TOP))
    return Claim([], after == before, f.due(W, record, seat, base, balance) == before)


@theorem("versions._close, books._received")
def the_next_version_starts_with_nothing() -> Claim:
    """What is held when a book is closed is no part of C of the next version."""
    balance, more, version, filter_ = words("balance more version filter")
    book = f.closed_book(W, balance, version, filter_)
    bounds = [z3.ULE(version, 8191), filter_ & ~z3.BitVecVal(f.FILTER, 256) == 0]
    starts = f.received(W, book, balance)
    later = f.received(W, book, balance + more)
    small = [z3.ULE(balance + more, f.MOST), z3.ULE(more, f.MOST), z3.ULE(balance, f.MOST)]
    return Claim([*bounds, *small], z3.And(starts == 0, later == more), later == balance + more)


@theorem("versions._claim: the book of the version in force")
def old_debts_do_not_touch_the_next_version() -> Claim:
    """Paying what a closed version owes changes nothing of what is received in the next."""
    balance, amount, version = words("balance amount version")
    book = f.closed_book(W, balance, version, z3.BitVecVal(0, 256))
    after = f.received(W, f.claimed_book(W, book, amount, W.word(0)), balance - amount)
    given = [z3.ULE(version, 8191), z3.ULE(balance, f.MOST), z3.ULE(amount, balance)]
    forgotten = f.received(W, book, balance - amount + amount + 1)
    return Claim(given, after == 0, forgotten == 0)


@theorem("versions._note_late")
def a_late_payment_is_not_received_by_the_version_in_force() -> Claim:
    """What is paid late lowers `paid` by as much as the balance rose: C stays."""
    balance, amount = _ints("balance amount")
    book, paid, given = _book("book")
    before = f.received(N, book, balance)
    after = f.received(N, f.late_book(N, book, amount), balance + amount)
    given += [amount >= 0, balance >= 0, balance + amount <= f.MOST]
    return Claim([*given, *_within(paid, balance)], after == before, after == before, given)


# ---------------------------------------------------------------- leaving


def _leave(first: bool) -> tuple[list[Any], Any, Any, Any]:
    """C, V and L before and after a seat of s of T shares leaves; r are another's."""
    c, t, s, r, left = _ints("c t s r left")
    v, e, v2 = _ints("v e v2")
    left = z3.IntVal(0) if first else left
    live = t - left
    given = [c >= 0, s >= 0, r >= 0, t > 0, left >= 0, live - s > 0, r <= live - s]
    given += [_floor(v, c * t, live), _floor(e, v * s, t), _floor(v2, (c - e) * t, live - s)]
    return given, v, v2, (c, t, s, r, e, live)


@theorem("leaving._leave, books._divided")
def nobodys_due_falls_by_a_leave() -> Claim:
    """V, which stands for C where shares have left, never falls by a leave."""
    given, v, v2, (_, _, s, _, _, live) = _leave(first=False)
    lemma = z3.Implies(v2 < v, (v2 + 1) * (live - s) <= v * (live - s))
    return Claim(given, v2 >= v, v2 <= v, splits=[lemma])


@theorem("leaving._leave: the first who leaves")
def anothers_due_rises_by_less_than_one_unit() -> Claim:
    """V r / T of another seat rises by less than one smallest unit when the first seat leaves."""
    given, v, v2, (c, t, s, r, _, live) = _leave(first=True)
    same = v == c
    # (v2 - v) (T - s) <= (c - e) T - c (T - s) = c s - e T < T
    rise = (v2 - v) * (live - s) < t
    part = z3.Implies(v2 >= v, (v2 - v) * r <= (v2 - v) * (live - s))
    return Claim(given, (v2 - v) * r < t, (v2 - v) * r == 0, splits=[same, rise, part])


@theorem("leaving._leave: where others have left before")
def anothers_due_rises_by_less_than_two_units() -> Claim:
    """V r / T of another seat rises by less than two smallest units by a later leave."""
    given, v, v2, (_, t, s, r, _, live) = _leave(first=False)
    # c T < (v + 1) live, and e T > v s - T: (v2 - v) (live - s) < live + T <= 2 T
    rise = (v2 - v) * (live - s) < live + t
    part = z3.Implies(v2 >= v, (v2 - v) * r <= (v2 - v) * (live - s))
    return Claim(given, (v2 - v) * r < 2 * t, (v2 - v) * r < t, splits=[rise, part])


@theorem("leaving._leave, books._divided, books._entitled")
def those_who_stay_are_entitled_to_at_most_what_is_left() -> Claim:
    """floor(V (T - L) / T) is at most C: what all live seats are entitled to never passes C."""
    c, t, left, v, part = _ints("c t left v part")
    given = [c >= 0, t > 0, left >= 0, left < t, _floor(v, c * t, t - left)]
    given.append(_floor(part, v * (t - left), t))
    lemma = z3.Implies(part > c, part * t >= (c + 1) * t)
    return Claim(given, part <= c, part == c, splits=[lemma])


@theorem("leaving._leave: owed")
def a_leaver_loses_nothing() -> Claim:
    """What is owed to a seat that leaves is its due before, and no more is ever due to it."""
    book, seat, base, amount = words("book seat base amount")
    should, had = f.entitled(W, book, seat, amount), f.had(W, seat, base)
    owed = should - f.least(W, should, had)
    after = f.left_seat(W, seat, owed)
    later, then = words("later then")
    due = f.due(W, later, after, base, then)
    fits = z3.ULE(should, f.AMOUNT)
    return Claim([fits], due == f.due(W, book, seat, base, amount), due == should)
