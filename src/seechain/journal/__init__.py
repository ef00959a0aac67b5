"""A Journal: an act that a crash, a kill or a failing node interrupts is gone on with, never done
twice.

    with Journal("INV-7"):
        see.pay("1.5 ether", memo="INV-7", sender=client)

Each transaction is on the disk, signed, before any node hears of it. The same key run again goes
on where the act was; a key whose act is done gives its receipts again and sends nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Token
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from web3 import Web3

from seechain.chain.receipts import Receipt, Receipts, to_json
from seechain.chain.reverts import ChainError, NotMined, ReplacedError
from seechain.errors import JournalError
from seechain.journal.book import Book
from seechain.journal.file import read_lines
from seechain.journal.lease import Lease, Taken
from seechain.journal.steps import (
    State,
    Step,
    TaskRecord,
    acts_of,
    check_chain,
    line_of,
    place_line,
    why_awaited,
    words_of,
)
from seechain.sending import senders
from seechain.sending.delivery import Delivery
from seechain.sending.mined import Place, block_hash, head_number, mark_of, place_of
from seechain.sending.senders import (
    Call,
    Sender,
    address_of,
    concluded,
    numbered,
    pending_of,
    prepared,
)
from seechain.sending.signing import signed
from seechain.sending.tasks import Earlier, Journalling, Task, current

NONCES = 3  # that may turn out to have been used before, by what sends without a Journal


class Journal(Book):
    """The journal of one act. Use it as a context manager; it is for the thread that opened it.

    Args:
        key: names the act, as an invoice's number does. Whatever has the same key, in the same
            directory, is the same act.
        directory: where journals are kept, for all acts of the accounts that send: by default
            $XDG_STATE_HOME/seechain, or ~/.local/state/seechain.
        once: a key whose act is done sends nothing more; False: then its next act begins.
        confirmations: blocks on top of a transaction's own before it counts as mined. 0: it is in
            a block of the chain as it is now, which a reorganisation may still undo.
        waiting: told, where another process must be waited for, which account's nonces it takes;
            None: it is at this act.

    Attributes:
        slow: told once, where a step is in no block for longer than three seconds, which step and
            what the node's fault is; None: the node has it, and it is not mined yet.
        away: seconds that a node is waited for that does not take a step, or can't be reached;
            by default as long as for one that does, two minutes.

    Raises:
        JournalError: the key is none, or the journal can't be kept, or read.
    """

    def __init__(
        self,
        key: str,
        *,
        directory: str | Path | None = None,
        once: bool = True,
        confirmations: int = 0,
        waiting: Callable[[str | None], object] | None = None,
    ) -> None:
        super().__init__(key, directory, once=once)
        if type(confirmations) is not int or confirmations < 0:
            raise JournalError(f"confirmations are blocks, 0 or more, got {confirmations!r}")
        self.confirmations, self.waiting = confirmations, waiting
        self.away: float | None = None
        self.slow: Callable[[Step, ChainError | None], object] | None = None
        self._token: Token[Journalling | None] | None = None
        self._within: list[TaskRecord] = []
        self._settled: dict[int, tuple[Web3, Place]] = {}

    def forget(self, number: int, w3: Web3) -> None:
        """Settles by hand a step that was replaced: run again, the act sends it anew.

        Args:
            number: of the step. w3: a node of its chain, which is asked whether its nonce was
                used by something else, so that nobody can have it mined any more.

        Raises:
            JournalError: there is no such step, it is mined, or it may still be. NodeError: the
                node can't be asked.
        """
        with self._opened():
            step = self._acts.steps.get(number)
            if step is None or step.state is not State.PENDING:
                state = "is none" if step is None else f"is {step.state}"
                raise JournalError(f"step {number} of {self.key!r} {state}: nothing to forget")
            why = why_awaited(w3, step, self.confirmations)
            if why is not None:
                raise JournalError(f"step {number} of {self.key!r} can't be forgotten: {why}")
            self._write({"step": number, "state": State.FORGOTTEN})

    # ------------------------------------------------------------ from here to the end of a run

    def __enter__(self) -> Journal:
        self._open()
        self._settled = {}
        self._token = current.set(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._token is not None:
            current.reset(self._token)
            self._token = None
        try:
            if error is None and not self._acts.is_done:
                self._finish()
        finally:
            self._close()

    def task(self, w3: Web3, task: Task) -> Any:
        """See `seechain.sending.tasks.doing`."""
        return self._task(w3, task)

    def send(self, w3: Web3, act: Call, sender: Sender) -> Receipt:
        """See `seechain.sending.senders.send`.

        Raises:
            ReplacedError: another transaction was mined with the nonce of one of this act.
            JournalError: the act is done, and this was no part of it. Else as there.
        """
        place, address = self.settle(w3), address_of(sender)
        for _ in range(NONCES):
            step = self._find(place, address, act) or self._taken_after_all(w3, place, address, act)
            if step is None:
                self._check_new(act.what, place)
                step, delivery = self._begin(w3, place, act, sender)
                try:
                    self._follow(step, delivery)
                except ReplacedError as error:
                    # Its nonce was gone before it was signed, so it can never be mined.
                    if error.block is None or error.block > step.since:
                        raise self._to_forget(step, error) from error
                    self._reject(step, str(error))
                    continue
            elif step.state is State.PENDING:
                self._deliver_again(w3, step)
            else:
                self._still(w3, step)
            break
        else:
            raise NotMined(f"{act.what} was not sent: others use the nonces of {address}")
        self._acts.met.add(step.number)
        return concluded(w3, step.sent.transaction, act.what, step.receipt)

    def settle(self, w3: Web3) -> Place:
        """Has mined what this act had on its way on this chain; once in a run.

        What failed is looked at again, before it is sent anew.

        Raises:
            ReplacedError, NotMined, ...: as `Delivery.receipt`.
        """
        known = self._settled.get(id(w3))
        if known is not None:
            return known[1]
        place = place_of(w3)
        pending = [
            step
            for step in self._acts.steps.values()
            if step.place == place
            and (step.state is State.PENDING or (step.is_failed and not self._acts.is_done))
        ]
        for step in sorted(pending, key=lambda each: (each.sent.sender, each.nonce)):
            with self._lease(place, step.sent.sender) as lease:
                lease.tell_before(w3, step.nonce)
            self._deliver_again(w3, step)
        self._settled[id(w3)] = w3, place
        return place

    # ------------------------------------------------------------ tasks

    @contextmanager
    def _task(self, w3: Web3, task: Task) -> Iterator[Earlier]:
        place = self.settle(w3)
        within = self._within[-1].number if self._within else None
        record = self._acts.match(within, task, place)
        if record is None:
            self._check_new(words_of(task), place)
            number = self._acts.count + 1
            self._write(
                {"task": number, "within": within, **task._asdict(), **place_line(place)},
                sync=False,  # the first step's sync takes it along
            )
            record = self._acts.tasks[number]
        self._acts.met.add(record.number)
        self._within.append(record)
        try:
            earlier = self._earlier(w3, record)
            yield earlier
        finally:
            self._within.pop()
        self._acts.meet(record)
        if not record.is_complete:
            self._write({"task": record.number, "state": "complete"}, sync=False)

    def _check_new(self, what: str, place: Place) -> None:
        """An act that has paid one thing is not run again with another under its key."""
        self._check_open(f"{what} on chain {place.chain_id}")
        other = None if self._within else self._acts.unmet()
        if other is not None:
            raise JournalError(
                f"the act {self.key!r} was begun with {other.what!r} on"
                f" {other.place.seen_from(place)}, and now asks for {what!r} on chain"
                f" {place.chain_id}: run it as it was begun; for another act use another key"
            )

    def _earlier(self, w3: Web3, record: TaskRecord) -> Earlier:
        done = [step for step in self._acts.steps_of(record) if step.is_done]
        for step in done:
            self._still(w3, step)
        own = any(step.is_last and step.is_done and step.task == record.number for step in done)
        receipts = Receipts(Receipt.of(step.receipt) for step in done if step.is_done)
        return Earlier(receipts, own or record.is_complete)

    # ------------------------------------------------------------ steps

    def _find(self, place: Place, address: str, act: Call) -> Step | None:
        """The step of what is to be sent, if an earlier run has come as far."""
        for step in self._of(place, address, act):
            is_over = step.is_done and not act.is_missing
            if step.state is State.PENDING or is_over:
                return step
            if step.state is State.MINED and self._acts.is_done:
                return step  # it was refused then, and the act went on
        return None

    def _of(self, place: Place, address: str, act: Call) -> list[Step]:
        task = self._within[-1].number if self._within else None
        return [
            step
            for step in self._acts.steps.values()
            if step.number not in self._acts.met
            and step.task == task
            and step.is_of(place, address, act)
        ]

    def _begin(self, w3: Web3, place: Place, act: Call, sender: Sender) -> tuple[Step, Delivery]:
        """Takes a nonce, signs, writes down, and tells the node: in this order."""
        transaction = prepared(w3, act, sender)
        with self._lease(place, transaction["from"]) as lease:
            lease.check_file(w3, self.path.name)
            nonce, refused = lease.next(w3), self._refused(place, act, sender)
            if refused > nonce and not lease.is_taken(refused):
                nonce = refused  # another node may have taken it: one of the two can be mined
            head = head_number(w3)
            mark = mark_of(w3, head)
            sent = signed(numbered(w3, transaction, nonce), sender)
            number = self._acts.count + 1
            task = self._within[-1].number if self._within else None
            step = Step(number, task, act.what, place, sent, act.is_last, head, mark)
            lease.take(nonce, Taken(self.path.name, number, sent.hash))
            self._write(line_of(step))
            step = self._acts.steps[number]
            delivery = self._delivery(w3, step, is_new=True)
            delivery.tell()
        return step, delivery

    def _refused(self, place: Place, act: Call, sender: Sender) -> int:
        """The nonce with which this was refused before; -1 where it was not."""
        steps = self._of(place, address_of(sender), act)
        return max((step.nonce for step in steps if step.state is State.REJECTED), default=-1)

    def _delivery(self, w3: Web3, step: Step, *, is_new: bool) -> Delivery:
        def heard(said: str) -> None:
            self._write({"step": step.number, "state": step.state, "hash": said})

        return Delivery(
            w3,
            step.sent,
            step.what,
            wait=senders.WAIT,
            confirmations=self.confirmations,
            since=step.since,
            is_new=is_new,
            heard=heard,
            away=self.away,
            slow=None if self.slow is None else partial(self.slow, step),
        )

    def _deliver_again(self, w3: Web3, step: Step) -> None:
        """Waits for what an earlier run has signed, and tells it again where that is needed."""
        check_chain(w3, step)
        if step.state is not State.PENDING:
            self._write({"step": step.number, "state": State.PENDING})
        try:
            self._follow(step, self._delivery(w3, step, is_new=False))
        except ReplacedError as error:
            raise self._to_forget(step, error) from error

    def _to_forget(self, step: Step, error: ReplacedError) -> ReplacedError:
        words = (
            f"{error}; if it is to be sent anew, Journal({self.key!r}).forget({step.number}, w3)"
        )
        told = ReplacedError(words)
        told.block = error.block
        return told

    def _follow(self, step: Step, delivery: Delivery) -> None:
        """Waits until a step is in a block, and writes that down."""
        try:
            receipt = delivery.receipt()
        except ChainError as error:
            if delivery.refused is error:
                self._reject(step, str(error))
            raise
        line = {"step": step.number, "state": State.MINED, "receipt": to_json(receipt)}
        self._write(line)

    def _reject(self, step: Step, why: str) -> None:
        self._write({"step": step.number, "state": State.REJECTED, "why": why})
        with self._lease(step.place, step.sent.sender) as lease:
            lease.free(step.nonce, Taken(self.path.name, step.number))

    def _taken_after_all(self, w3: Web3, place: Place, address: str, act: Call) -> Step | None:
        """What a node said it would not take is sent anew only if it did not take it."""
        for step in self._of(place, address, act):
            if step.state is not State.REJECTED or step.hash is None:
                continue
            if pending_of(w3, address) <= step.nonce:
                continue  # the nonce is free, and is used again: one of the two can be mined
            try:
                self._deliver_again(w3, step)
                return step
            except ReplacedError as error:
                self._write({"step": step.number, "state": State.REJECTED, "why": str(error)})
        return None

    def _still(self, w3: Web3, step: Step) -> None:
        """What was mined in an earlier run still is; after a reorganisation it is told again."""
        number = int(step.receipt["blockNumber"])
        is_deep = not self.confirmations or block_hash(w3, number + self.confirmations) is not None
        if not is_deep or block_hash(w3, number) != bytes(step.receipt["blockHash"]):
            self._deliver_again(w3, step)

    # ------------------------------------------------------------ nonces

    def _lease(self, place: Place, account: str) -> Lease:
        return Lease(self.directory, place, account, self._step_of, partial(self._wait, account))

    def _step_of(self, taken: Taken) -> Step | None:
        if taken.file == self.path.name:
            return self._acts.every.get(taken.step)
        path = self.directory / taken.file
        return acts_of(path, read_lines(path)).every.get(taken.step)
