"""Where the readable agreement of a SEE may be read, and how much it counts who says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from seechain.chain.events import Amended, Located, Registered
from seechain.history import History
from seechain.see import SEE
from seechain.splitter import Splitter

Standing = Literal["voice", "submitter", "seat", "none"]
_ORDER: tuple[Standing, ...] = ("voice", "submitter", "seat", "none")


@dataclass(frozen=True, slots=True)
class LocatedSeen:
    """A URI that somebody has said. Anyone may say one: what stands there is to be compared.

    publisher: who said so. name: as an agreement at hand has it. standing: in the SEE now: it has
    a "voice"; it was the "submitter" of an agreement; it has a "seat" alone; or "none".
    """

    uri: str
    publisher: str
    name: str
    standing: Standing


def located(books: Splitter, past: History) -> tuple[LocatedSeen, ...]:
    """What was said: first by who has a voice, last by strangers, among them the last one first."""
    if not isinstance(books, SEE):
        return ()
    events = [fact.event for fact in past.facts]
    said = {(each.uri, each.publisher): None for each in events if isinstance(each, Located)}
    if not said:
        return ()
    submitters = {each.submitter for each in events if isinstance(each, Registered | Amended)}
    lines = {line.account: line for line in books.members}

    def standing(account: str) -> Standing:
        if account in lines and lines[account].voices:
            return "voice"
        if account in submitters:
            return "submitter"
        return "seat" if account in lines and account not in books.leavers else "none"

    found = [
        LocatedSeen(uri, account, books.names.get(account, ""), standing(account))
        for uri, account in reversed(said)
    ]
    return tuple(sorted(found, key=lambda each: _ORDER.index(each.standing)))
