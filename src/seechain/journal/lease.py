"""The nonce lease: of the processes that send from one account on one chain, one at a time takes
a nonce.

It is held from reading the count until the transaction was told to the node. What each process
has taken stands in a file beside it, with the journal and the step it is for, so that a node that
counts too few makes nobody use a nonce twice, and what a process that died had on its way is told
again before a later nonce is used: there is no gap. The system releases it when a process dies.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from web3 import Web3

from seechain.errors import JournalError
from seechain.journal.file import make_folder, on_disk, opened, sync_folder
from seechain.journal.locks import lock, unlock
from seechain.journal.steps import State, Step, check_chain
from seechain.sending.delivery import Delivery
from seechain.sending.mined import Place, count_of, is_known, is_mined

KEPT = 64  # nonces that are mined and still known, for nodes that count too few
PATIENCE = 2.0  # seconds for which another process may have it before anybody is told
ASKED = 6  # times at most, until a node says the same twice


class Taken(NamedTuple):
    """For what a nonce was taken: the journal's file, the step in it, and its transaction's hash.

    hash: None where the node signs it.
    """

    file: str
    step: int
    hash: str | None = None


class Lease:
    """The nonces of one account on one chain. Use it as a context manager.

    Args:
        folder: of the journals. step_of: finds the step that a nonce was taken for. waiting:
            called, where another process has the lease for longer than a node takes to answer.
    """

    def __init__(
        self,
        folder: Path,
        place: Place,
        account: str,
        step_of: Callable[[Taken], Step | None],
        waiting: Callable[[], object] | None = None,
    ) -> None:
        names = (str(place.chain_id), place.genesis[2:18], place.instance[2:18])
        self._folder = folder / "nonces" / "-".join(filter(None, names))
        self._account, self._place, self._step_of = account, place, step_of
        self._waiting = waiting
        self._number: int | None = None
        self._owner = 0
        self._taken: dict[int, Taken] = {}

    def __enter__(self) -> Lease:
        make_folder(self._folder)
        self._number = opened(self._folder / f"{self._account}.lock", os.O_RDWR)
        self._owner = os.getpid()
        try:
            lock(self._number, self._waiting, patience=PATIENCE)
            self._taken = self._read()
        except BaseException:
            self._release()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._release()

    def next(self, w3: Web3) -> int:
        """The nonce to use now. What others had on their way before it is told again.

        Raises:
            NodeError: the node does not say twice the same.
        """
        mined, nonce = self._counts(w3)
        for each in sorted(self._taken):
            if each < mined - KEPT:
                del self._taken[each]
        for each in sorted(self._taken, reverse=True):
            if each < nonce:
                break
            if self._is_mined(w3, each):  # the node counts too few
                nonce = each + 1
                break
        self._tell(w3, [each for each in self._taken if each >= nonce])
        while nonce in self._taken:
            nonce += 1
        return nonce

    def is_taken(self, nonce: int) -> bool:
        """Whether a nonce is used by something of ours."""
        return nonce in self._taken

    def take(self, nonce: int, taken: Taken) -> None:
        """Notes for what a nonce is used, on the disk."""
        self._taken[nonce] = taken
        self._write()

    def free(self, nonce: int, taken: Taken) -> None:
        """The nonce is used by nothing of ours, if it was taken for this."""
        if nonce in self._taken and self._taken[nonce][:2] == taken[:2]:
            del self._taken[nonce]
            self._write()

    def check_file(self, w3: Web3, file: str) -> None:
        """A journal holds all that it has sent: an older copy would send it once more.

        Raises:
            JournalError: it does not. NodeError: the node can't be asked.
        """
        for nonce, taken in self._taken.items():
            if taken.file != file or self._found(nonce) is not None:
                continue
            if taken.hash is None:
                was_told = count_of(w3, self._account, "pending") > nonce
            else:
                was_told = is_known(w3, taken.hash)
            if was_told:
                raise JournalError(
                    f"the journal {file} lacks step {taken.step}, which was sent as"
                    f" {taken.hash or 'a transaction of the node'} with nonce {nonce} of"
                    f" {self._account}: it was removed, or is an older copy; look what that did;"
                    " for another act use another key"
                )

    def tell_before(self, w3: Web3, nonce: int) -> None:
        """Tells again what is to be mined before a nonce."""
        mined = count_of(w3, self._account)
        self._tell(w3, [each for each in self._taken if mined <= each < nonce])

    def _counts(self, w3: Web3) -> tuple[int, int]:
        """How many are mined, and the nonce after all that the node knows of.

        It is asked until it says the same twice, or what was last taken here leads to expect.
        """
        before: tuple[int, int] | None = None
        for _ in range(ASKED):
            said = count_of(w3, self._account), count_of(w3, self._account, "pending")
            is_expected = said[0] <= said[1] and said[1] - 1 == max(self._taken, default=None)
            if said == before or is_expected:
                break
            before = said
        return said[0], max(said)

    def _is_mined(self, w3: Web3, nonce: int) -> bool:
        step = self._step(nonce)
        return step is not None and is_mined(w3, step.hash, step.what)

    def _tell(self, w3: Web3, nonces: Iterable[int]) -> None:
        """Tells what has these nonces to the node, and frees those that nothing has."""
        steps = {nonce: self._step(nonce) for nonce in sorted(nonces)}
        for each in filter(None, steps.values()):  # all, before the first is told
            check_chain(w3, each)
        for nonce, step in steps.items():
            if step is None:
                del self._taken[nonce]
            else:
                Delivery(w3, step.sent, step.what, wait=0, is_new=False).tell()

    def _step(self, nonce: int) -> Step | None:
        """The step that has a nonce, if it is still meant to be mined."""
        step = self._found(nonce)
        if step is None or step.state in (State.REJECTED, State.FORGOTTEN):
            return None
        return step

    def _found(self, nonce: int) -> Step | None:
        step = self._step_of(self._taken[nonce])
        if step is None or step.nonce != nonce or step.place != self._place:
            return None
        return step if step.sent.sender == self._account else None

    @property
    def _path(self) -> Path:
        return self._folder / f"{self._account}.json"

    def _read(self) -> dict[int, Taken]:
        try:
            with on_disk(f"the lease {self._path} can't be read"):
                try:
                    raw = self._path.read_bytes()
                except FileNotFoundError:
                    return {}
            read = json.loads(raw)
            return {int(nonce): Taken(*taken) for nonce, taken in read["taken"].items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            raise JournalError(
                f"the lease {self._path} can't be read: look which transactions of this account"
                " are on their way, then remove the file"
            ) from None

    def _write(self) -> None:
        """Replaces the file, so that it is the old one or the new one at any time."""
        known = {str(nonce): list(self._taken[nonce]) for nonce in sorted(self._taken)}
        raw = json.dumps({"lease": 1, "account": self._account, "taken": known}, indent=1)
        new = self._path.with_suffix(".new")
        number = opened(new, os.O_WRONLY | os.O_TRUNC)
        with on_disk(f"the lease {self._path} can't be written"):
            with open(number, "w", encoding="utf-8") as file:
                file.write(raw + "\n")
                file.flush()
                os.fsync(number)
            os.replace(new, self._path)
            sync_folder(self._folder)

    def _release(self) -> None:
        if self._number is not None:
            unlock(self._number, self._owner)
            os.close(self._number)
            self._number = None
