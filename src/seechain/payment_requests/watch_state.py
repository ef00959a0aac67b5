"""What a watch knows between two looks, in one small file that is written whole.

{"format": "seechain watch", "format_version": 1, "chain_id": 1, "requests": [ids],
 "marks": [[block number, block hash], ...], "payments": [...], "told": {id: [number, what]},
 "seen": [...], "unsent": [{"key": ..., "message": ...}, ...]}
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from seechain import strict_json
from seechain.errors import FileError, PaymentRequestError
from seechain.files import read_text, why, write_whole
from seechain.history import Payment
from seechain.journal.file import default_directory, make_folder
from seechain.journal.locks import lock
from seechain.payment_requests.payment_request import PaymentRequest

FORMAT = "seechain watch"
FORMAT_VERSION = 1
MAX_FILE = 64 * 2**20  # bytes
MARKS = 64  # blocks whose hash is remembered


@dataclass
class WatchState:
    """Blocks that were read (marks), what was paid in them, what was told, what is to be sent.

    told: by request, how many messages there were and what the last one said. seen: payments that
    were told before they counted.
    """

    chain_id: int
    requests: list[str]
    marks: list[tuple[int, str]] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    told: dict[str, tuple[int, str]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    unsent: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, chain_id: int, requests: Sequence[PaymentRequest]) -> WatchState:
        """That of a watch that has seen nothing."""
        return cls(chain_id, [each.id for each in requests])

    @classmethod
    def load(
        cls, path: Path | None, chain_id: int, requests: Sequence[PaymentRequest]
    ) -> WatchState:
        """That of an earlier run, or a new one where there is no file.

        Raises:
            FileError: the file can't be read, or is no such file.
            PaymentRequestError: it is of other requests.
        """
        new = cls.of(chain_id, requests)
        if path is None or not path.exists():
            return new
        try:
            stored = strict_json.parse(read_text(path, MAX_FILE))
            if (stored["format"], stored["format_version"]) != (FORMAT, FORMAT_VERSION):
                raise ValueError("another format")
            state = cls(
                stored["chain_id"],
                stored["requests"],
                [(int(number), str(block)) for number, block in stored["marks"]],
                [_payment(each) for each in stored["payments"]],
                {key: (int(count), str(what)) for key, (count, what) in stored["told"].items()},
                list(stored["seen"]),
                list(stored["unsent"]),
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            raise FileError(
                f"{path} is no state of a watch, or is damaged: move it away to begin anew"
            ) from None
        if (state.chain_id, state.requests) != (chain_id, new.requests):
            raise PaymentRequestError(
                f"{path} is the state of a watch of other requests: name another file"
            )
        return state

    def save(self, path: Path | None) -> None:
        """Writes it, whole or not at all.

        Raises:
            FileError: it can't be written.
        """
        if path is None:
            return
        stored = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "chain_id": self.chain_id,
            "requests": self.requests,
            "marks": self.marks,
            "payments": [plain(each) for each in self.payments],
            "told": self.told,
            "seen": self.seen,
            "unsent": self.unsent,
        }
        write_whole(path, json.dumps(stored, indent=1) + "\n", private=True)

    def mark(self, number: int, block: str) -> None:
        """Remembers that all was read up to this block: of late ones each, of early ones some."""
        if self.marks and self.marks[-1] == (number, block):
            return
        self.marks.append((number, block))
        if len(self.marks) > MARKS:
            half = MARKS // 2
            self.marks = self.marks[:-half][::2] + self.marks[-half:]


@contextmanager
def alone(path: Path | None) -> Iterator[None]:
    """Keeps the file to this watch, inside: of two with one file each would tell a part.

    None: there is none.

    Raises:
        FileError: another watch uses it, or its folder can't be written.
        JournalError: the disk has no locks.
    """
    if path is None:
        yield
        return
    # Beside it, since it is replaced whenever it is written.
    beside = path.resolve().with_name(f"{path.name}.lock")
    number = _locked(beside, path)
    try:
        yield
    finally:
        with suppress(OSError):
            os.unlink(beside)
        os.close(number)


def _locked(beside: Path, path: Path) -> int:
    def refuse() -> None:
        raise FileError(f"another watch uses {path}: end that one, or keep the state elsewhere")

    while True:
        try:
            number = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except (OSError, ValueError) as error:
            raise FileError(f"{path} can't be written: {why(error)}") from None
        try:
            lock(number, refuse)
            with suppress(FileNotFoundError):  # another watch has ended just now
                if os.path.samestat(os.fstat(number), os.stat(beside)):
                    return number
        except BaseException:
            os.close(number)
            raise
        os.close(number)


def state_path(requests: Iterable[PaymentRequest], to: str = "") -> Path:
    """Where the state of a watch is kept by default: a file of its own for these requests.

    to: the webhook that is told, if any; another one is told all.

    Raises:
        JournalError: the folder can't be made, or others can write in it.
    """
    folder = default_directory()
    make_folder(folder)
    names = json.dumps([sorted(each.id for each in requests), to])
    return folder / f"watch-{hashlib.sha256(names.encode()).hexdigest()[:32]}.json"


def plain(payment: Any) -> dict[str, Any]:
    """A payment in plain types: the amount as digits, the memo in hex."""
    fields = {**asdict(payment), "amount": str(payment.amount), "memo": "0x" + payment.memo.hex()}
    fields.pop("received", None)  # which only a whole history knows
    logged = fields.pop("logged", None)
    return fields if logged is None else {**fields, "logged": str(logged)}


def _payment(stored: dict[str, Any]) -> Payment:
    memo = bytes.fromhex(stored["memo"][2:])
    logged = None if stored.get("logged") is None else int(stored["logged"])
    return Payment(**{**stored, "amount": int(stored["amount"]), "memo": memo, "logged": logged})
