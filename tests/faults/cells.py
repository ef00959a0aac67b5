"""One cell of the matrix: an act while the node fails, the act again, and what is then on chain."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from unittest import mock

from seechain import SeechainError
from tests.faults.acts import ACTS, Act, State, World, kept
from tests.faults.kinds import TIMEOUT, WIRE, Kind
from tests.faults.lies import LIES
from tests.faults.log_lies import LOG_LIES
from tests.faults.weather import WEATHER

KINDS = {each.name: each for each in (*WIRE, *LIES, *LOG_LIES, *WEATHER)}
CELLS = [(name, act) for name, kind in KINDS.items() for act in kind.acts]
_CASCADES = ("dropped after", "garbled", "reorganised", "other hash", "logs cut")


def _short() -> Iterator[tuple[str, str]]:
    """Each kind in one act, the acts by turns; the campaign has them all in all."""
    for place, (name, kind) in enumerate(KINDS.items()):
        acts = [act for act in kind.acts if act != "cascade"]
        yield name, acts[place % len(acts)]
        if name in _CASCADES:  # which takes the longest
            yield name, "cascade"


SHORT = list(_short())
PATIENCE = 0.5  # seconds for a receipt, while the node fails
LONGEST = 15.0  # seconds for a receipt, when it does not fail any more
_ADVICE = re.compile(
    r"\b(check|try|ask|look|send|give|wait|run|name|use|call|recover|sign|do it again)\b"
)
_INNER = re.compile(
    r"Traceback|HTTPConnectionPool|JSONDecode|urllib3|requests\.|web3\.|object at 0x|rpc_response"
    r"|Expecting value|codec can't"
)


class End(StrEnum):
    """How an act under a fault ended."""

    COMPLETE = "complete"
    SAID = "said, then complete"


@dataclass(frozen=True)
class Truth:
    """An act without a fault: what it reads, and what is then on chain."""

    read: object
    state: State
    seconds: float  # that it took


class Matrix:
    """The cells, over one world."""

    def __init__(self, here: World) -> None:
        self.here = here
        self._truths: dict[str, Truth] = {}
        self.asked: dict[str, list[str]] = {}  # the methods that each act asks, in their order

    def truth(self, act: Act) -> Truth:
        """What an act does where nothing fails."""
        if act.name not in self._truths:
            self.here.reset()
            start = time.monotonic()
            with tempfile.TemporaryDirectory() as folder:
                read = kept(act, self.here, self.here.client(timeout=20), Path(folder))
            took = time.monotonic() - start
            self.asked[act.name] = list(self.here.proxy.log)
            self.here.settle()
            self._truths[act.name] = Truth(_read(act, read), self.here.state(), took)
        return self._truths[act.name]

    def truth_of(self, act: Act) -> Truth:
        """As `truth`, of an act that was done before."""
        return self._truths[act.name]

    def cell(self, kind: Kind, act: Act, *, place: int = 0, retries: bool = False) -> End:
        """Does the act under the fault, then again without it; checks all that must hold.

        place: how many of the questions that are meant are spared before, beyond the kind's own.
        """
        truth, here = self.truth(act), self.here
        here.reset()
        methods, spared = kind.struck(act.name)
        with tempfile.TemporaryDirectory() as folder:
            here.proxy.strike(kind.strike, methods, first=spared + place, times=kind.times)
            here.proxy.notes |= {"mine": lambda: _mine(here), "forget": here.forget}
            end, read = self._first(act, Path(folder), retries)
            hits = here.proxy.hits
            here.proxy.heal()
            if kind.after is not None:
                kind.after(here)
            again = self._again(kind, act, Path(folder))
        here.settle()
        assert hits or place, f"{kind.name} never touched the {act.name}"
        # At a later message it may strike what is asked for words alone, as a token's decimals.
        assert end == End.SAID or not kind.is_said or place, f"{kind.name} was not noticed"
        for each in (read, again) if end == End.COMPLETE else (again,):
            assert _read(act, each) == truth.read
        now = here.state()
        assert now.balances == truth.state.balances
        assert now.logs == truth.state.logs
        return end

    def _again(self, kind: Kind, act: Act, folder: Path) -> object:
        """The act once more, while nothing fails."""
        if kind.mends is not None:
            try:
                with mock.patch("seechain.sending.senders.WAIT", PATIENCE):
                    return kept(act, self.here, self.here.client(timeout=20), folder)
            except SeechainError as error:
                check_sentence(error)
                kind.mends(self.here, act, folder)
        with mock.patch("seechain.sending.senders.WAIT", LONGEST):
            return kept(act, self.here, self.here.client(timeout=20), folder)

    def _first(self, act: Act, folder: Path, retries: bool) -> tuple[End, object]:
        client = self.here.client(timeout=TIMEOUT, retries=retries)
        try:
            with mock.patch("seechain.sending.senders.WAIT", PATIENCE):
                return End.COMPLETE, kept(act, self.here, client, folder)
        except SeechainError as error:
            check_sentence(error)
            return End.SAID, None


def matched(matrix: Matrix, kind: Kind, act: Act) -> int:
    """At how many questions of an act the kind's fault can begin."""
    if kind.times is None and kind.methods:
        return 1  # it is a property of the node, from the start
    methods, spared = kind.struck(act.name)
    asked = matrix.asked[act.name]
    return sum(not methods or each in methods for each in asked) - spared


def _mine(here: World) -> None:
    here.rpc("evm_setAutomine", True)
    here.rpc("evm_mine")


def _read(act: Act, read: object) -> object:
    """What a reading read; of what sends, its effects are on the chain."""
    return read if act.sender is None else None


def check_sentence(error: SeechainError) -> None:
    """An error that a person can act on: one line, in plain words, that says what to do."""
    said = str(error)
    assert said, "an error says something"
    assert "\n" not in said, said
    assert len(said) < 800, said
    assert not _INNER.search(said), said
    assert _ADVICE.search(said), f"it does not say what to do: {said}"


__all__ = ["ACTS", "CELLS", "KINDS", "SHORT", "End", "Matrix", "check_sentence"]
