"""Tells when payment requests have been paid, as blocks come.

watch = Watch(w3, [request], tell=print)
watch.run(every=5, timeout=3600)       # True: all paid

A payment counts when it is so many blocks deep; until then it is told as seen, and one that is
gone from the chain is told as gone. With a state file, a watch that was stopped goes on where it
was and tells nothing twice; a webhook is told at least once.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from web3 import Web3

from seechain.chain.deployer import is_local
from seechain.chain.logs import latest_block
from seechain.chain.node import asking, chain_id_of, url_of
from seechain.chain.reverts import NodeError, WrongChain
from seechain.errors import PaymentRequestError, WebhookError
from seechain.history import Payment
from seechain.history.incoming import incoming
from seechain.payment_requests.cautions import cautions, has_ended
from seechain.payment_requests.matching import Matched, Paying, Standing, match, may_be_for
from seechain.payment_requests.payment_request import PaymentRequest, memo_text
from seechain.payment_requests.token_words import check_words
from seechain.payment_requests.watch_state import WatchState, plain
from seechain.payment_requests.webhook import Webhook
from seechain.see.standing import books_at

EVERY = 5.0  # seconds
DEEP, DEEP_LOCAL = 12, 1  # blocks
LONGEST = 60.0  # seconds between two tries at a node that does not answer

Kind = Literal["state", "seen", "gone", "node", "webhook"]


@dataclass(frozen=True)
class Notice:
    """Something to tell: `str()` is a sentence without its end.

    kind: "state" how a request stands now; "seen" a payment that does not count yet; "gone" one
    that the chain has no more; "node" and "webhook" who does not answer.
    """

    kind: Kind
    text: str
    standing: Standing | None = None

    def __str__(self) -> str:
        return self.text


class Watch:
    """A watch over the payment requests of one chain.

    Args:
        tell: called with each notice.
        confirmations: how many blocks deep a payment counts, 1 being the latest; by default 1 on
            a chain of one's own and 12 elsewhere.
        state: a file to go on from; without one nothing is remembered.
        webhook: told of each change of a request's state.

    Raises:
        WrongChain: a request is for another chain. NotSeechain: its SEE is none.
        PaymentRequestError: there is none, or two can't be told apart, or one has another symbol
            or other decimals than its token. FileError: the state can't be read.
    """

    def __init__(
        self,
        w3: Web3,
        requests: Iterable[PaymentRequest],
        *,
        tell: Callable[[Notice], object],
        confirmations: int | None = None,
        state: Path | None = None,
        webhook: Webhook | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.w3 = w3
        self.requests = tuple(requests)
        self._tell, self._sleep, self._path, self._webhook = tell, sleep, state, webhook
        if not self.requests:
            raise PaymentRequestError("there is no payment request to watch: name a file")
        match(self.requests, ())
        self._check_chain()
        check_words(w3, *self.requests)
        sees = dict.fromkeys(each.see for each in self.requests)
        self._books = {see: books_at(w3, see) for see in sees}
        local = confirmations is None and is_local(w3)
        self.confirmations = confirmations or (DEEP_LOCAL if local else DEEP)
        self.state = WatchState.load(state, self.requests[0].chain_id, self.requests)
        self.matched: Matched = match(self.requests, ())

    def cautions(self) -> list[str]:
        """What is to be known of the requests: see `seechain.payment_requests.cautions`."""
        return cautions(self.requests, self._books, latest_block(self.w3))

    def has_ended(self, request: PaymentRequest) -> bool:
        """Whether who is to be paid is a SEE that takes no further payment."""
        return has_ended(self._books[request.see])

    def run(
        self, every: float = EVERY, timeout: float | None = None, *, once: bool = False
    ) -> bool:
        """Looks until all is paid, or the time is over; whether all is paid.

        A node that does not answer is asked again, at growing intervals.

        Args:
            every: seconds between two looks. timeout: seconds in all. once: looks once.

        Raises:
            NodeError: the node does not answer when the time is over, or at the one look.
            WebhookError: at the one look, or when the time is over: a message was not taken.
        """
        end = None if timeout is None else time.monotonic() + timeout
        pause = every
        while True:
            trouble: NodeError | WebhookError | None = None
            try:
                self.look()
                self.deliver()
                pause = every
            except (NodeError, WebhookError) as error:
                trouble = error
            if trouble is None and self.matched.all_paid:
                return True
            left = None if end is None else end - time.monotonic()
            if once or (left is not None and left <= 0):
                if trouble is not None:
                    raise trouble
                return self.matched.all_paid
            if trouble is not None:
                kind: Kind = "node" if isinstance(trouble, NodeError) else "webhook"
                self._tell(Notice(kind, f"{trouble} (again in {pause:g} s)"))
            self._sleep(pause if left is None else min(pause, left))
            if trouble is not None:
                pause = min(max(LONGEST, every), max(1.0, pause) * 2)

    def look(self) -> Matched:
        """Looks once, tells what is new, and notes it; what a webhook is to be told waits.

        Raises:
            NodeError: the node does not answer, or is behind what it has shown before.
        """
        self._check_chain()
        head = latest_block(self.w3)
        block = self._block(head)
        before = self.state.payments
        kept, first = self._common(head)
        after = [each for each in before if each.block_number < first]
        after += self._read(first, head)
        if self._block(head) != block:
            raise NodeError(
                f"the chain at {url_of(self.w3)} changed while it was read: it is read again"
            )
        self.state.marks = kept
        self.state.mark(head, block[0])
        self.state.payments = after
        notices = [*self._gone(before, after), *self._news(head, block[1])]
        self.state.save(self._path)
        for notice in notices:
            self._tell(notice)
        return self.matched

    def deliver(self) -> None:
        """Sends what the webhook is still to be told, in its order.

        Raises:
            WebhookError: it does not take it.
        """
        while self._webhook is not None and self.state.unsent:
            waiting = self.state.unsent[0]
            self._webhook.post(waiting["message"], waiting["key"])
            del self.state.unsent[0]
            self.state.save(self._path)

    # ------------------------------------------------------------ reading

    def _check_chain(self) -> None:
        chain, wanted = chain_id_of(self.w3), self.requests[0].chain_id
        if chain != wanted:
            raise WrongChain(
                f"the payment request is for chain {wanted}, the node at {url_of(self.w3)} is of"
                f" chain {chain}: ask a node of that chain"
            )

    def _block(self, number: int) -> tuple[str, int]:
        """Hash and time (unix seconds) of a block."""
        with asking(self.w3, f"reading block {number}"):
            method: Any = "eth_getBlockByNumber"
            block: Any = self.w3.manager.request_blocking(method, [hex(number), False])
            return _hex(block["hash"]), _number(block["timestamp"])

    def _common(self, head: int) -> tuple[list[tuple[int, str]], int]:
        """The marks that are still of this chain, and the first block to be read."""
        marks = list(self.state.marks)
        if marks and marks[-1][0] > head:
            raise NodeError(
                f"the node at {url_of(self.w3)} is at block {head}, it has shown"
                f" {marks[-1][0]} before: it is asked again"
            )
        while marks and self._block(marks[-1][0])[0] != marks[-1][1]:
            marks.pop()
        start = min(each.first_block for each in self.requests)
        return marks, marks[-1][0] + 1 if marks else start

    def _read(self, first: int, head: int) -> list[Payment]:
        found: list[Payment] = []
        for see, books in self._books.items():
            wanted = [each.currency for each in self.requests if each.see == see]
            came = incoming(
                *(books, first, head, wanted),
                wanted=partial(may_be_for, self.requests),
                with_nothing=True,
            )
            found += filter(self._concerns, came)
        return found

    def _concerns(self, payment: Payment) -> bool:
        """Whether it may be for one of the requests: only these are kept."""
        return any(
            payment.see == each.see
            and (
                payment.memo == each.memo
                if any(payment.memo)
                else payment.currency == each.currency
                and each.amount in (payment.amount, payment.logged)
            )
            for each in self.requests
        )

    # ------------------------------------------------------------ telling

    def _gone(self, before: Sequence[Payment], after: Sequence[Payment]) -> list[Notice]:
        """Payments that the chain has no more, in whichever block."""
        still = Counter(map(_name, after))
        notices = []
        for payment in before:
            name = _name(payment)
            if still[name]:
                still[name] -= 1
                continue
            self.state.seen = [each for each in self.state.seen if each != name]
            notices.append(
                Notice("gone", f"a payment is gone from the chain: {self._said(payment)}")
            )
        return notices

    def _news(self, head: int, now: int) -> list[Notice]:
        deep = head - self.confirmations + 1
        counted = [each for each in self.state.payments if each.block_number <= deep]
        self.matched = match(self.requests, counted, now)
        notices = []
        if len(counted) < len(self.state.payments):
            notices += self._seen(match(self.requests, self.state.payments, now), deep, head)
        for standing in self.matched.standings:
            if notice := self._changed(standing):
                notices.append(notice)
        return notices

    def _seen(self, matched: Matched, deep: int, head: int) -> list[Notice]:
        """What will count, once it is deep enough; told once."""
        notices = []
        for standing in matched.standings:
            for each in standing.matches:
                name = _name(each.payment)
                if each.payment.block_number <= deep or name in self.state.seen:
                    continue
                self.state.seen.append(name)
                depth = head - each.payment.block_number + 1
                waits = f"{depth} of {self.confirmations} blocks deep"
                notices.append(Notice("seen", f"seen, {waits}: {self._said(each.payment)}"))
        return notices

    def _changed(self, standing: Standing) -> Notice | None:
        request = standing.request
        message = as_message(standing, self.confirmations)
        state = {**message["state"], "confirmations": None}  # another depth is no news
        what = json.dumps(state, sort_keys=True) + "".join(map(_name, _payments(standing)))
        digest = hashlib.sha256(what.encode()).hexdigest()
        number, last = self.state.told.get(request.id, (0, ""))
        is_new = standing.status == "open" and not (standing.misfits or standing.short)
        if digest == last or (not last and is_new):
            return None
        self.state.told[request.id] = (number + 1, digest)
        if self._webhook is not None:
            message["number"] = number + 1
            key = hashlib.sha256(json.dumps(message, sort_keys=True).encode()).hexdigest()
            self.state.unsent.append({"key": key, "message": message})
        return Notice("state", f"{_title(request)} is {standing}", standing)

    def _said(self, payment: Paying) -> str:
        request = next((each for each in self.requests if each.currency == payment.currency), None)
        money = f"{payment.amount} units of {payment.currency}"
        if request is not None:
            money = request.money(payment.amount)
        memo = f", memo {memo_text(payment.memo)!r}" if any(payment.memo) else ""
        return f"{money} from {payment.payer}{memo}, transaction {payment.transaction_hash}"


def as_message(standing: Standing, confirmations: int) -> dict[str, Any]:
    """How a request stands, as a webhook is told; amounts as digits, in smallest units."""
    request = standing.request
    return {
        "event": "payment_request",
        "request_id": request.id,
        "request": request.as_dict(),
        "state": {
            "status": standing.status,
            "paid": str(standing.paid),
            "missing": str(standing.missing),
            "over": str(standing.over),
            "late": standing.late,
            "by_amount": any(each.by_amount for each in standing.matches),
            "duplicates": len(standing.duplicates),
            "confirmations": confirmations,
        },
        "payments": [plain(each.payment) for each in standing.matches],
        "misfits": [{**plain(each), "why": why} for each, why in standing.misfits],
        "short": [plain(each) for each in standing.short],
    }


def _payments(standing: Standing) -> list[Paying]:
    counted = [each.payment for each in standing.matches]
    return [*counted, *(each for each, _ in standing.misfits), *standing.short]


def _title(request: PaymentRequest) -> str:
    return f"the request {request.memo_text or request.description or request.id[:12]!r}"


def _name(payment: Paying) -> str:
    """A payment, in whichever block it stands."""
    fields = (payment.see, payment.transaction_hash, payment.currency, payment.amount)
    return json.dumps([*fields, payment.payer, payment.memo.hex(), payment.version])


def _hex(value: Any) -> str:
    return value if isinstance(value, str) else "0x" + bytes(value).hex()


def _number(value: Any) -> int:
    return int(value, 16) if isinstance(value, str) else int(value)
