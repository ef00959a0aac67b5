"""What the Registry has noted of a SEE, and deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from web3 import Web3

from seechain.chain import interface
from seechain.chain.node import ask
from seechain.chain.reverts import NotRegistered, TooLate
from seechain.consent.messages import DEADLINE

DAY = 24 * 3600
_REGISTRY = interface.of("Registry")


@dataclass(frozen=True, slots=True)
class Record:
    """A SEE in the Registry's books. Times are in UTC; `ended` is None while it lives.

    block_number: of its registration, as the chain's contracts count blocks. amended: of its
    latest amendment, None before. left: places of the roll whose voice has left, as bits.
    """

    see: str
    registered: datetime
    ended: datetime | None
    version: int
    block_number: int
    amended: int | None = None
    left: int = 0


def record_of(w3: Web3, registry: str, see: str) -> Record:
    """The record of a SEE.

    Raises:
        NotRegistered: there is none.
    """
    block, registered, ended, version, amended, left = ask(w3, registry, _REGISTRY, "record", see)
    if not registered:
        raise NotRegistered(f"{see} is not registered at the Registry {registry}")
    return Record(
        see=see,
        registered=datetime.fromtimestamp(registered, UTC),
        ended=datetime.fromtimestamp(ended, UTC) if ended else None,
        version=version,
        block_number=block,
        amended=amended or None,
        left=left,
    )


def deadline_of(deadline: object, now: int) -> int:
    """The deadline that somebody has chosen.

    Raises:
        TooLate: it is over, or no time at all.
    """
    if type(deadline) is not int or not 0 < deadline < 2**256:
        raise TooLate(f"a deadline is a time in unix seconds, got {deadline!r}")
    if deadline < now:
        raise TooLate(f"the deadline {deadline} is over, it is {now} on chain: name a later one")
    return deadline


def deadline_at(now: int) -> int:
    """The default deadline of signatures made at `now`: the end of the day, UTC, in seven days.

    All who sign on the same day sign the same deadline, as they must.
    """
    return (now + DEADLINE) // DAY * DAY + DAY - 1
