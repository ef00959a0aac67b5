"""Which payment belongs to which payment request.

    a payment with a request's memo, currency and version   counts for it
    one with its memo and another currency or version       is listed with it and does not count
    one without a memo                                      counts for the only open request of
                                                            exactly this amount and currency
    all others                                              are unmatched

Each is judged by what was open when it came, in the chain's order: what comes later never moves
what was matched before. Open means here that not all was paid for it yet, and that it has not
expired: a trifle with its memo, which anyone can pay, does not close it to the payment that it
asks for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from seechain.errors import PaymentRequestError
from seechain.payment_requests.payment_request import PaymentRequest

Status = Literal["open", "expired", "partly paid", "paid", "over-paid"]
Misfit = Literal["wrong currency", "wrong version"]


class Paying(Protocol):
    """What is read of a payment: see `seechain.history.Payment`."""

    @property
    def see(self) -> str: ...
    @property
    def block_number(self) -> int: ...
    @property
    def time(self) -> int: ...
    @property
    def transaction_hash(self) -> str: ...
    @property
    def log_index(self) -> int: ...
    @property
    def currency(self) -> str: ...
    @property
    def amount(self) -> int: ...
    @property
    def payer(self) -> str: ...
    @property
    def memo(self) -> bytes: ...
    @property
    def version(self) -> int: ...
    @property
    def as_logged(self) -> bool: ...
    @property
    def logged(self) -> int | None: ...


class Match(NamedTuple):
    """A payment that counts for a request.

    by_amount: it has no memo, only the amount. late: the request had expired. duplicate: all had
    been paid before it came.
    """

    payment: Paying
    by_amount: bool
    late: bool
    duplicate: bool


@dataclass(frozen=True)
class Standing:
    """How a request stands. Amounts in its currency's smallest unit.

    matches: what counts for it, in the chain's order. misfits: payments with its memo that do
    not count, and why. short: payments without a memo of exactly what it asks for by the token's
    log, of which less arrived while it was open: they count for nothing by that.
    """

    request: PaymentRequest
    matches: tuple[Match, ...] = ()
    misfits: tuple[tuple[Paying, Misfit], ...] = ()
    short: tuple[Paying, ...] = ()
    now: int | None = None

    @property
    def paid(self) -> int:
        """What was paid for it."""
        return sum(each.payment.amount for each in self.matches)

    @property
    def missing(self) -> int:
        """What is still to be paid."""
        return max(0, self.request.amount - self.paid)

    @property
    def over(self) -> int:
        """What was paid beyond it."""
        return max(0, self.paid - self.request.amount)

    @property
    def late(self) -> bool:
        """Whether some of it came after it had expired."""
        return any(each.late for each in self.matches)

    @property
    def duplicates(self) -> tuple[Paying, ...]:
        """Payments that came when all had been paid."""
        return tuple(each.payment for each in self.matches if each.duplicate)

    @property
    def status(self) -> Status:
        """Where it stands: "open", "expired", "partly paid", "paid" or "over-paid"."""
        if not self.matches:
            is_over = self.now is not None and _has_expired(self.request, self.now)
            return "expired" if is_over else "open"
        if self.missing:
            return "partly paid"
        return "over-paid" if self.over else "paid"

    @property
    def is_paid(self) -> bool:
        """Whether all was paid, or more."""
        return self.paid >= self.request.amount

    def __str__(self) -> str:
        """How it stands, in a sentence without its end."""
        request = self.request
        said = {
            "open": f"open: {request.money(request.amount)} to be paid",
            "expired": f"expired: nothing was paid until {request.expires_text}",
            "partly paid": f"partly paid: {request.money(self.missing)} is missing of"
            f" {request.money(request.amount)}",
            "paid": f"paid: {request.money(request.amount)}",
            "over-paid": f"over-paid: {request.money(self.over)} more than"
            f" {request.money(request.amount)}",
        }[self.status]
        return ", ".join([said, *self.caveats, *_short(self)])

    @property
    def caveats(self) -> list[str]:
        """What is to be said beside its status, in a few words each."""
        said = {
            "late": self.late,
            "matched by amount": any(each.by_amount for each in self.matches),
            "as the token's log has it": any(each.payment.as_logged for each in self.matches),
            f"{len(self.duplicates)} paid again": bool(self.duplicates),
        }
        found = [words for words, is_so in said.items() if is_so]
        return found + [f"a payment with its memo in the {why}" for _, why in self.misfits]


@dataclass(frozen=True)
class Matched:
    """Requests with what was paid for them, in the order they were given, and all other payments.

    Each payment stands in exactly one place: in `matches` or `misfits` of one standing, or here
    in `unmatched`; one of these may stand in `short` of standings too.
    """

    standings: tuple[Standing, ...]
    unmatched: tuple[Paying, ...]

    @property
    def all_paid(self) -> bool:
        """Whether every request was paid."""
        return all(each.is_paid for each in self.standings)


def match(
    requests: Iterable[PaymentRequest], payments: Iterable[Paying], now: int | None = None
) -> Matched:
    """Which payment belongs to which request.

    Args:
        payments: on the requests' chain, in any order; the same log twice counts once.
        now: unix seconds, to tell requests that have expired; left out: none has.

    Raises:
        PaymentRequestError: the requests are of several chains, or two are the same but for
            their amounts, so that nobody could tell for which of them a payment is.
    """
    open_books = [_Book(each) for each in requests]
    _check(each.request for each in open_books)
    unmatched = []
    for payment in _in_order(payments):
        if not _placed(open_books, payment):
            unmatched.append(payment)
            for each in open_books:
                each.note_short(payment)
    standings = tuple(
        Standing(each.request, tuple(each.matches), tuple(each.misfits), tuple(each.short), now)
        for each in open_books
    )
    return Matched(standings, tuple(unmatched))


def may_be_for(requests: Iterable[PaymentRequest], payment: Paying) -> bool:
    """Whether a payment without a memo may be for one of these, by what the token's log says.

    A token with a fee delivers less than that, so what is logged is the amount or more.
    """
    return any(
        (each.see, each.currency) == (payment.see, payment.currency)
        and each.amount <= payment.amount
        and each.first_block <= payment.block_number
        for each in requests
    )


class _Book:
    def __init__(self, request: PaymentRequest) -> None:
        self.request = request
        self.matches: list[Match] = []
        self.misfits: list[tuple[Paying, Misfit]] = []
        self.short: list[Paying] = []
        self.paid = 0

    def take(self, payment: Paying, *, by_amount: bool = False) -> bool:
        is_late = _has_expired(self.request, payment.time)
        is_again = self.paid >= self.request.amount
        self.matches.append(Match(payment, by_amount, is_late, is_again))
        self.paid += payment.amount
        return True

    def note_short(self, payment: Paying) -> None:
        is_asked = payment.logged == self.request.amount and self.why_not(payment) is None
        if is_asked and self.is_after(payment) and self.is_open_at(payment):
            self.short.append(payment)

    def is_meant_by(self, payment: Paying) -> bool:
        return self.is_after(payment) and payment.amount > 0

    def is_after(self, payment: Paying) -> bool:
        is_after = payment.block_number >= self.request.first_block
        return is_after and payment.see == self.request.see

    def is_open_at(self, payment: Paying) -> bool:
        return self.paid < self.request.amount and not _has_expired(self.request, payment.time)

    def why_not(self, payment: Paying) -> Misfit | None:
        """What keeps a payment with this memo from counting."""
        if payment.currency != self.request.currency:
            return "wrong currency"
        if self.request.version not in (None, payment.version):
            return "wrong version"
        return None


def _placed(books: list[_Book], payment: Paying) -> bool:
    here = [each for each in books if each.is_meant_by(payment)]
    if any(payment.memo):
        named = [each for each in here if each.request.memo == payment.memo]
        for each in named:
            if each.why_not(payment) is None:
                return each.take(payment)
        # In the currency of one of them rather than of none.
        for each in sorted(named, key=lambda book: book.request.currency != payment.currency)[:1]:
            why = each.why_not(payment)
            assert why is not None
            each.misfits.append((payment, why))
            return True
        return False
    meant = [
        each
        for each in here
        if each.request.amount == payment.amount
        and each.why_not(payment) is None
        and each.is_open_at(payment)
    ]
    return len(meant) == 1 and meant[0].take(payment, by_amount=True)


def _check(requests: Iterable[PaymentRequest]) -> None:
    chains, seen = set(), set()
    for request in requests:
        chains.add(request.chain_id)
        key: Any = (request.see, request.memo, request.currency, request.version)
        if any(request.memo) and key in seen:
            raise PaymentRequestError(
                f"two payment requests to {request.see} have the memo {request.memo_text!r}:"
                " give each its own"
            )
        seen.add(key)
    if len(chains) > 1:
        raise PaymentRequestError(
            f"the payment requests are of chains {', '.join(map(str, sorted(chains)))}: look at"
            " those of one chain at a time"
        )


def _in_order(payments: Iterable[Paying]) -> list[Paying]:
    """In the chain's order, what no log knows of last; each log once."""
    found: dict[Any, Paying] = {}
    for number, payment in enumerate(payments):
        log = (payment.see, payment.block_number, payment.log_index, payment.transaction_hash)
        found.setdefault(log if payment.transaction_hash else number, payment)
    return sorted(found.values(), key=_place)


def _place(payment: Paying) -> tuple[int, int, int]:
    return payment.block_number, payment.transaction_hash == "", payment.log_index


def _short(standing: Standing) -> list[str]:
    """Of an unpaid request, the last payment of its amount of which less arrived."""
    if standing.is_paid or not standing.short:
        return []
    number, last, money = len(standing.short), standing.short[-1], standing.request.money
    asked = money(standing.request.amount)
    logged = f"a payment of {asked} was logged in {last.transaction_hash}"
    if number > 1:
        logged = f"{number} payments of {asked} were logged, the last in {last.transaction_hash}"
    came = money(last.amount) if last.amount else "nothing"
    return [f"{logged}, of which {came} arrived, or the token changed the balance in that block"]


def _has_expired(request: PaymentRequest, time: int) -> bool:
    return request.expires is not None and time >= request.expires
