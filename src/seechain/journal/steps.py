"""Steps: the transactions of an act as its journal keeps them, and the lines they are kept as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from web3 import Web3

from seechain.chain.receipts import from_json
from seechain.errors import JournalError
from seechain.journal.file import unreadable
from seechain.sending.mined import (
    Mark,
    Place,
    by_nonce,
    count_of,
    has_mark,
    head_number,
    is_asked,
    is_mined,
    place_of,
)
from seechain.sending.senders import Call
from seechain.sending.signing import Sent
from seechain.sending.tasks import Task


class State(StrEnum):
    """Where a step stands. REJECTED: no node took it. FORGOTTEN: settled by hand."""

    PENDING = "pending"
    MINED = "mined"
    REJECTED = "rejected"
    FORGOTTEN = "forgotten"


@dataclass(slots=True)
class Step:
    """One transaction of an act.

    number: from 1, over all that the journal holds. task: the number of its task, None for one by
    itself. is_last: with it its task is complete. since: the latest block when it was signed.
    mark: tells the chain that it was signed on. receipt: web3's, of the fields that count.
    """

    number: int
    task: int | None
    what: str
    place: Place
    sent: Sent
    is_last: bool
    since: int
    mark: Mark
    state: State = State.PENDING
    receipt: Any = None

    @property
    def nonce(self) -> int:
        """Its nonce."""
        return self.sent.nonce

    @property
    def hash(self) -> str | None:
        """Its transaction's hash; None where a node signs it and has not said it."""
        return self.sent.hash

    def is_of(self, place: Place, sender: str, act: Call) -> bool:
        """Whether this is the step of what is to be sent now."""
        asked = self.sent.transaction
        return (
            self.place == place
            and (asked["from"], asked["to"], asked["value"]) == (sender, act.to, act.value)
            and asked["data"] == "0x" + act.data.hex()
        )

    @property
    def is_done(self) -> bool:
        """Whether it is in a block and was not refused there."""
        return self.state is State.MINED and self.receipt["status"] == 1

    @property
    def is_failed(self) -> bool:
        """Whether it is in a block and was refused there."""
        return self.state is State.MINED and self.receipt["status"] != 1


@dataclass(slots=True)
class TaskRecord:
    """A task as the journal keeps it. within: the number of the task it is a part of."""

    number: int
    within: int | None
    task: Task
    place: Place
    is_complete: bool = False

    @property
    def what(self) -> str:
        """It in words."""
        return words_of(self.task)


def words_of(task: Task) -> str:
    """A task in words."""
    return " ".join(task).strip()


class Acts:
    """What a journal holds of the act that it is at: tasks and steps in their order.

    A key whose act may be done again has several acts in one file, one after the other.
    """

    def __init__(self) -> None:
        self.begun = ""
        self.tasks: dict[int, TaskRecord] = {}
        self.steps: dict[int, Step] = {}
        self.every: dict[int, Step] = {}  # of all acts of the file
        self.is_done = False
        self.count = 0  # of tasks and steps in the whole file
        self.met: set[int] = set()  # tasks and steps that this run has come by

    def read(self, line: Mapping[str, Any]) -> None:
        """Follows a line.

        Raises:
            ValueError, LookupError, TypeError: it is none of a journal's.
        """
        if "journal" in line:
            self.begin_anew()
            self.begun = str(line["begun"])
        elif line.get("act") == "done":
            self.is_done = True
        elif "step" in line:
            self._read_step(line)
        elif "task" in line:
            self._read_task(line)
        else:
            raise ValueError

    def begin_anew(self) -> None:
        """After an act that is done comes another one."""
        self.begun, self.is_done = "", False
        self.tasks, self.steps, self.met = {}, {}, set()

    def match(self, within: int | None, task: Task, place: Place) -> TaskRecord | None:
        """The first of these tasks that this run has not come by."""
        wanted = (within, task, place)
        for record in self.tasks.values():
            if record.number not in self.met and wanted == (
                record.within,
                record.task,
                record.place,
            ):
                return record
        return None

    def unmet(self) -> TaskRecord | Step | None:
        """What an earlier run has sent something for, and this one has not come by.

        What is a part of something else is not looked at: whether it is needed may have changed.
        """
        for record in self.tasks.values():
            if record.within is None and record.number not in self.met and self.steps_of(record):
                return record
        for step in self.steps.values():
            is_begun = step.state is State.PENDING or step.is_done
            if step.task is None and step.number not in self.met and is_begun:
                return step
        return None

    def steps_of(self, record: TaskRecord) -> list[Step]:
        """The steps of a task and of the tasks that are a part of it."""
        wanted = self._with_parts(record)
        return [step for step in self.steps.values() if step.task in wanted]

    def meet(self, record: TaskRecord) -> None:
        """This run is through with a task, whatever of it came by."""
        self.met |= self._with_parts(record)
        self.met.update(step.number for step in self.steps_of(record))

    def _with_parts(self, record: TaskRecord) -> set[int]:
        found = {record.number}
        for each in self.tasks.values():  # parts come after what they are a part of
            if each.within in found:
                found.add(each.number)
        return found

    def _read_task(self, line: Mapping[str, Any]) -> None:
        number = int(line["task"])
        if line.get("state") == "complete":
            self.tasks[number].is_complete = True
            return
        self.count = max(self.count, number)
        task = Task(line["verb"], line["target"], line["details"])
        self.tasks[number] = TaskRecord(number, line["within"], task, _place(line))

    def _read_step(self, line: Mapping[str, Any]) -> None:
        number, state = int(line["step"]), line["state"]
        if state == State.PENDING and "transaction" in line:
            self.count = max(self.count, number)
            self.steps[number] = self.every[number] = _step(line)
            return
        step = self.steps[number]
        step.state = State(state)
        if state == State.MINED:
            step.receipt = from_json(line["receipt"])
        if "hash" in line:
            step.sent = Sent(step.sent.transaction, step.sent.raw, line["hash"])


def acts_of(path: Path, lines: Iterable[Mapping[str, Any]]) -> Acts:
    """What the lines of a journal say.

    Raises:
        JournalError: one of them is none of a journal's.
    """
    acts = Acts()
    for number, line in enumerate(lines, 1):
        try:
            acts.read(line)
        except (ValueError, LookupError, TypeError, AttributeError):
            raise unreadable(path, number) from None
    return acts


def check_chain(w3: Web3, step: Step) -> None:
    """What was signed on one chain is told to no other, though it would take it.

    Raises:
        JournalError: this is another chain, by its blocks. NodeError: the node can't be asked.
    """
    if has_mark(w3, step.mark) or is_mined(w3, step.hash, step.what):
        return
    raise JournalError(
        f"{step.what}, nonce {step.nonce} of {step.sent.sender}, was signed on another chain than"
        f" this one, or the node lags behind: block {step.mark.number} is not {step.mark.hash};"
        " nothing is sent: ask another node, or use that nonce for something else first"
    )


def why_awaited(w3: Web3, step: Step, confirmations: int) -> str | None:
    """Why a step may still be mined, or is; None where its nonce was used by something else.

    confirmations: blocks on top of that of what used it.

    Raises:
        NodeError: the node can't be asked.
    """
    if place_of(w3) != step.place:
        return f"it is on chain {step.place.chain_id}, and this is another: connect to a node of it"
    whose = f"nonce {step.nonce} of {step.sent.sender}"
    if count_of(w3, step.sent.sender) <= step.nonce:
        return f"{whose} was used by nothing yet: run the act again, or use it for something else"
    found = by_nonce(w3, step.sent.sender, step.nonce)
    if found is None:
        return f"what used {whose} is not found: ask a node that keeps old states"
    block = int(found["blockNumber"], 16)
    if found["hash"] == step.hash or (is_asked(found, step.sent) and block > step.since):
        return f"it was mined, as {found['hash']}: run the act again"
    if head_number(w3) - block < confirmations:
        return f"{found['hash']}, which used its nonce, is not deep enough yet: try again later"
    return None


def line_of(step: Step) -> dict[str, Any]:
    """The line that is on the disk before anybody hears of a step: intent, nonce, raw, hash."""
    asked = dict(step.sent.transaction)
    asked["value"] = str(asked["value"])  # wei is beyond what other readers of JSON count to
    return {
        "step": step.number,
        "state": State.PENDING,
        "what": step.what,
        "task": step.task,
        "last": step.is_last,
        "since": step.since,
        "mark": list(step.mark),
        **place_line(step.place),
        "transaction": asked,
        "hash": step.sent.hash,
        "raw": None if step.sent.raw is None else "0x" + step.sent.raw.hex(),
    }


def _step(line: Mapping[str, Any]) -> Step:
    asked = {**line["transaction"], "value": int(line["transaction"]["value"])}
    raw = None if line["raw"] is None else bytes.fromhex(line["raw"][2:])
    return Step(
        number=int(line["step"]),
        task=line["task"],
        what=line["what"],
        place=_place(line),
        sent=Sent(asked, raw, line["hash"]),
        is_last=line["last"],
        since=int(line["since"]),
        mark=Mark(*line["mark"]),
    )


def place_line(place: Place) -> dict[str, Any]:
    """The fields of a line that say on which chain."""
    return {"chain": place.chain_id, "genesis": place.genesis, "instance": place.instance}


def _place(line: Mapping[str, Any]) -> Place:
    return Place(line["chain"], line["genesis"], line["instance"])
