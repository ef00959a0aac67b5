"""What events that are not money say, in plain sentences and as data."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from seechain.agreement.changes import succession
from seechain.agreement.roll import unpack_roll
from seechain.chain.events import (
    Amended,
    Created,
    Deregistered,
    Ended,
    Endorsed,
    Event,
    Joined,
    Located,
    Posted,
    Published,
    Redirected,
    Registered,
    VoiceLeft,
)
from seechain.chain.reverts import NotPublished
from seechain.consent import Kind
from seechain.errors import AgreementError
from seechain.explain.reasons import Step, Words
from seechain.share_table import WORD
from seechain.visible import word

if TYPE_CHECKING:
    from seechain.agreement import Agreement
    from seechain.see import SEE

_KINDS = {kind.type_hash: kind for kind in Kind}
_NOTICES = {1: "an appeal", 2: "a record"}


def told(words: Words, event: Event) -> Step | None:
    """What an event says; None where it says nothing beside others."""
    tell = _TOLD.get(type(event))
    if tell is None:
        return None
    sentences, data = tell(words, event)
    return Step(event.log_index, sentences, {"what": event.name.lower(), **data})


def registered(words: Words, event: Registered, agreement: Agreement | None) -> Step:
    """A SEE that was formed. agreement: at hand, it gives its name if it is this one."""
    name = ""
    if agreement is not None and agreement.commitment == event.agreement:
        name = f" {agreement.name!r},"
    sentences = (
        (
            f"The SEE {event.see} was registered, submitted by {words.who(event.submitter)}: its"
            f" agreement,{name} has the hash 0x{event.agreement.hex()}"
        ),
        *_terms(words, event),
    )
    data = {"what": "registered", **_terms_data(event)}
    if name and agreement is not None:
        data["name"] = agreement.name
    return Step(event.log_index, sentences, data)


def amended(
    words: Words,
    see: SEE,
    event: Amended,
    seats_left: Collection[str],
    voices_left: Collection[str],
) -> Step:
    """The next agreement, and what it changed for whom."""
    first = (
        f"Version {event.version} of the agreement of the SEE {event.see} came into force by its"
        f" voices, submitted by {words.who(event.submitter)}; its hash is 0x{event.agreement.hex()}"
    )
    data = {"what": "amended", "version": event.version, **_terms_data(event)}
    try:
        changes = succession(see, event.version, seats_left, voices_left)
    except NotPublished as error:
        return Step(event.log_index, (first, *_terms(words, event), f"{error}"), data)
    sentences = [first]
    for change in changes.members:
        said = str(change).replace(change.name, words.who(change.account), 1)
        sentences.append(f"  {said}")
    for what, (before, after) in (
        ("quorum", changes.quorum),
        ("last day", changes.expires),
        ("currencies", tuple(", ".join(each) for each in changes.currencies)),
    ):
        if before != after:
            sentences.append(f"The {what} changed from {before} to {after}")
    if changes.is_text_new:
        sentences.append("The readable agreement is another")
    data["changes"] = [
        {
            "account": each.account,
            "part_before": str(each.part_before),
            "part_after": str(each.part_after),
            "voice_before": str(each.voice_before),
            "voice_after": str(each.voice_after),
        }
        for each in changes.members
    ]
    return Step(event.log_index, tuple(sentences), data)


def day(seconds: int) -> str:
    """The day of a time in unix seconds, UTC."""
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"
    except (ValueError, OverflowError, OSError):
        return f"{seconds} seconds"


def _terms(words: Words, event: Registered) -> list[str]:
    said = []
    try:
        roll = unpack_roll(event.roll)
    except AgreementError:
        roll = ()
    total = sum(voice.voices for voice in roll)
    voices = ", ".join(f"{words.who(each.account)} {each.voices}" for each in roll)
    pages = "1 page" if event.pages == 1 else f"{event.pages} pages"
    said.append(f"{event.shares} shares in {pages} divide what comes")
    said.append(f"The roll has {total} voices: {voices}")
    said.append(
        f"A quorum of {event.quorum_numerator}/{event.quorum_denominator} of the voices amends or"
        f" ends it; its last day is {day(event.expiry - 1)}, UTC"
    )
    return said


def _terms_data(event: Registered) -> dict[str, Any]:
    try:
        roll = unpack_roll(event.roll)
    except AgreementError:
        roll = ()
    return {
        "see": event.see,
        "agreement": "0x" + event.agreement.hex(),
        "submitter": event.submitter,
        "shares": str(event.shares),
        "pages": event.pages,
        "text_hash": "0x" + event.text_hash.hex(),
        "quorum": f"{event.quorum_numerator}/{event.quorum_denominator}",
        "expires": day(event.expiry - 1),
        "roll": [{"account": each.account, "voices": each.voices} for each in roll],
    }


def _joined(words: Words, event: Joined) -> tuple[tuple[str, ...], dict[str, Any]]:
    said = (
        f"The seat of {words.who(event.account)} was proven: {event.shares} shares in version"
        f" {event.version} of {event.address}; its claims need no proof from now on"
    )
    data = {"see": event.address, "account": event.account, "index": event.index}
    return (said,), {**data, "version": event.version, "shares": str(event.shares)}


def _redirected(words: Words, event: Redirected) -> tuple[tuple[str, ...], dict[str, Any]]:
    who = words.who(event.account)
    said = f"The money of {who} in {event.address} goes to {event.to} from now on, of all versions"
    if event.to == event.account:
        said = f"The money of {who} in {event.address} goes to itself again"
    return (said,), {"see": event.address, "account": event.account, "to": event.to}


def _ended(words: Words, event: Ended) -> tuple[tuple[str, ...], dict[str, Any]]:
    said = (
        f"The SEE {event.address} ended: pay refuses from now on, what was earned can be claimed"
        " for ever"
    )
    return (said,), {"see": event.address}


def _voice_left(words: Words, event: VoiceLeft) -> tuple[tuple[str, ...], dict[str, Any]]:
    said = (
        f"{words.who(event.account)} gave up its voice in {event.see}: the quorum follows the"
        " voices that stay"
    )
    return (said,), {"see": event.see, "account": event.account}


def _endorsed(words: Words, event: Endorsed) -> tuple[tuple[str, ...], dict[str, Any]]:
    kind = _KINDS.get(event.kind)
    what = "a message" if kind is None else kind.with_article
    said = (
        f"The SEE {event.see} signed {what} as a member of another, by its voices, for"
        f" {words.who(event.account)}, until {day(event.deadline)}: message hash"
        f" 0x{event.digest.hex()}"
    )
    return (said,), {
        "see": event.see,
        "kind": None if kind is None else str(kind),
        "account": event.account,
        "digest": "0x" + event.digest.hex(),
        "deadline": event.deadline,
    }


def _located(words: Words, event: Located) -> tuple[tuple[str, ...], dict[str, Any]]:
    said = (
        f"{words.who(event.publisher)} said that the agreement of {event.see} can be read at"
        f" {word(event.uri)}"
    )
    return (said,), {"see": event.see, "publisher": event.publisher, "uri": event.uri}


def _published(words: Words, event: Published) -> tuple[tuple[str, ...], dict[str, Any]]:
    seats = len(event.words) // WORD
    said = f"{seats} seats of the share table of {event.account} were published"
    return (said,), {"see": event.account, "seats": seats}


def _created(words: Words, event: Created) -> tuple[tuple[str, ...], dict[str, Any]]:
    pages = "1 page" if event.pages == 1 else f"{event.pages} pages"
    said = f"The fixed Splitter {event.splitter} was created, with {event.shares} shares in {pages}"
    return (said,), {
        "see": event.splitter,
        "shares": str(event.shares),
        "pages": event.pages,
    }


def _deregistered(words: Words, event: Deregistered) -> tuple[tuple[str, ...], dict[str, Any]]:
    said = f"The SEE {event.see} was deregistered, submitted by {words.who(event.submitter)}"
    return (said,), {"see": event.see, "submitter": event.submitter}


def _posted(words: Words, event: Posted) -> tuple[tuple[str, ...], dict[str, Any]]:
    what = _NOTICES.get(event.what, "a notice")
    said = f"{words.who(event.author)} published {what} of {event.see}, found at {word(event.uri)}"
    return (said,), {"see": event.see, "author": event.author, "uri": event.uri}


_TOLD: dict[type[Event], Callable[[Words, Any], tuple[tuple[str, ...], dict[str, Any]]]] = {
    Joined: _joined,
    Redirected: _redirected,
    Ended: _ended,
    VoiceLeft: _voice_left,
    Endorsed: _endorsed,
    Located: _located,
    Published: _published,
    Created: _created,
    Deregistered: _deregistered,
    Posted: _posted,
}
