"""A SEE's portable file, read from the chain: `export(see, [agreement])`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from seechain import portable
from seechain.agreement import Agreement
from seechain.agreement.roll import Voice
from seechain.agreement.text import NATIVE, currency_address
from seechain.chain import interface
from seechain.chain.decoding import LEFT, topic_of
from seechain.chain.events import (
    Amended,
    Closed,
    Deregistered,
    Event,
    Left,
    Located,
    Redirected,
    Registered,
    VoiceLeft,
)
from seechain.chain.logs import latest_block, read_events
from seechain.chain.node import ask, chain_id_of
from seechain.chain.published import topic
from seechain.chain.reverts import (
    NotRegistered,
    NotSeechain,
    Refused,
    TokenError,
    WrongAgreement,
)
from seechain.consent import Consent, Kind, compact, digest_of, recover
from seechain.errors import SignatureError
from seechain.portable import CHAIN, FILE, Portable, Signature, as_of, hex_of, submitted
from seechain.portable.submitted import Act, Submitted, consents_of, puts_in_force
from seechain.see import SEE
from seechain.see.versions import Version
from seechain.share_table import ShareTable

_SEE = interface.of("SEE")
_OWN = (LEFT, "Closed(address,uint256,uint256)")
_REDIRECTED = topic_of("Redirected(address,address)")
_NOTED = (
    "Deregistered(address,address)",
    "VoiceLeft(address,address)",
    "Located(address,address,string)",
)


def export(
    see: SEE,
    agreements: Iterable[Agreement] = (),
    consents: Iterable[Consent] = (),
    *,
    advance: Callable[[int], None] = lambda steps: None,
) -> Portable:
    """The portable file of a SEE as it is in the latest block; `to_bytes()` writes it.

    Args:
        agreements: of its versions, for the readable texts, and for share tables that were not
            published.
        consents: beside those that were submitted: to its versions, or to its end.
        advance: is told of each version that has been read.

    Raises:
        NotRegistered: it is not registered. WrongAgreement: an agreement is of no version of it.
        SignatureError: a consent is about something else. NodeError: the node can't be asked.
    """
    texts: dict[bytes, str] = {}
    tables: list[ShareTable] = []
    commitments = {each.commitment for each in see.versions}
    for agreement in agreements:
        if agreement.commitment not in commitments:
            raise WrongAgreement(
                f"{see.address} has no version with the agreement {agreement.name!r}: give the"
                " file that was signed, to the letter"
            )
        texts[agreement.commitment] = agreement.text
        tables.append(agreement.table)
    last = latest_block(see.w3)
    return _Reading(see, texts, tables, list(consents), last, advance=advance).file()


def file_of(see: SEE, tables: Iterable[ShareTable], last: int, *, has_state: bool) -> Portable:
    """The file as the chain had it when block `last` was over, with share tables at hand.

    has_state: whether the node still has what contracts held then; else books and what versions
    closed with are left out.
    """
    return _Reading(see, {}, list(tables), [], last, has_state=has_state).file()


class _Reading:
    def __init__(
        self,
        see: SEE,
        texts: dict[bytes, str],
        tables: list[ShareTable],
        consents: list[Consent],
        last: int,
        *,
        has_state: bool = True,
        advance: Callable[[int], None] = lambda steps: None,
    ) -> None:
        self.see, self.w3, self.last, self.has_state = see, see.w3, last, has_state
        self.texts, self.consents, self.advance = texts, consents, advance
        self.record = see.record
        self.chain_id = chain_id_of(self.w3)
        self.tables = {each.hash: each for each in tables}
        self.all_starts = as_of.starts_of(see, self.record)
        self.starts = [each for each in self.all_starts if each.block_number <= last]
        if not self.starts:
            raise NotRegistered(f"{see.address} was not registered yet in block {last}")
        self.versions = see.versions[: len(self.starts)]
        first = self.starts[0].block_number
        # By their topics: the payments among them may be millions.
        self.own = self._events(see.address, map(topic_of, _OWN), first)
        self.noted = self._events(see.registry, map(topic_of, _NOTED), first, topic(see.address))
        # Redirected may be what is not registered yet.
        self.redirected = self._events(see.address, [_REDIRECTED], 0)

    def _events(
        self, contract: str, topics: Iterable[bytes], first: int, *more: bytes
    ) -> list[Event]:
        return [
            event
            for each in topics
            for event in read_events(self.w3, contract, [each, *more], first, self.last)
        ]

    def file(self) -> Portable:
        versions = []
        for version, start in zip(self.versions, self.starts, strict=False):
            versions.append(self._version(version, start))
            self.advance(1)
        end = self._end()
        given = [each for each in self.consents if not self._is_taken(each)]
        if given:
            who = self.see.named_text(given[0].account)
            raise SignatureError(
                f"the consent of {who} is about none of the versions of {self.see.address}, nor"
                " about its end: leave it out"
            )
        file = Portable.model_construct(
            format=portable.FORMAT,
            number=portable.NUMBER,
            chain_id=self.chain_id,
            registry=self.see.registry,
            see=self.see.address,
            block=self.last,
            record=self._record(end),
            versions=tuple(versions),
            end=end,
            books=tuple(self._books()),
            redirects=tuple(self._redirects()),
            located=tuple(
                portable.Location(
                    publisher=each.publisher,
                    uri=each.uri,
                    block=each.block_number,
                    transaction=each.transaction_hash,
                )
                for each in self.noted
                if isinstance(each, Located)
            ),
            hash="",
        )
        return portable.read(file.to_bytes(), "what was read")

    def _version(self, version: Version, start: Registered) -> portable.Version:
        terms = version.terms
        return portable.Version(
            number=version.number,
            block=start.block_number,
            transaction=start.transaction_hash,
            submitter=start.submitter,
            commitment=hex_of(version.commitment),
            table=portable.Table(
                root=hex_of(version.root),
                shares=version.shares,
                pages=version.pages,
                words=self._words(version),
            ),
            terms=portable.Terms(
                text_hash=hex_of(terms.text_hash),
                roll=tuple(
                    portable.Voice(account=each.account, voices=each.voices)
                    for each in version.roll
                ),
                quorum="/".join(map(str, terms.quorum)),
                expiry=terms.expiry,
                currencies=version.currencies,
                nonce=hex_of(terms.nonce),
            ),
            text=self.texts.get(version.commitment),
            signatures=self._signatures(version, start),
            left=tuple(self._left(version.number)),
            closed=tuple(self._closed(version.number)),
        )

    def _words(self, version: Version) -> str | None:
        table = as_of.table_of(self.see, version, self.last, self.tables)
        return None if table is None else hex_of(table.words)

    # ------------------------------------------------------------ signatures

    def _signatures(self, version: Version, start: Registered) -> tuple[Signature, ...]:
        number = version.number
        kind, about = portable.subject_of(number, self.see.address, version.commitment)
        act = submitted.AMEND if number else submitted.REGISTER
        roll = self.versions[max(number - 1, 0)].roll  # of those who could agree to it
        gone = self._gone(number - 1) if number else set()
        is_it = puts_in_force(version)
        return self._consents(start.transaction_hash, act, roll, is_it, kind, about, gone)

    def _consents(
        self,
        transaction: str,
        act: Act,
        roll: tuple[Voice, ...],
        is_it: Callable[[tuple[Any, ...]], bool],
        kind: Kind,
        about: dict[str, Any],
        gone: set[str],
    ) -> tuple[Signature, ...]:
        def digest(account: str, deadline: int) -> bytes:
            return digest_of(kind, about, account, self.chain_id, self.see.registry, deadline)

        there = consents_of(self.w3, transaction, act, roll, is_it, digest, gone)
        found = [_signature(each, CHAIN) for each in there]
        known = {(each.account, each.deadline, each.signature) for each in found}
        for each in self._given(kind, about):
            signature = _signature(_of_consent(each), FILE)
            if (signature.account, signature.deadline, signature.signature) not in known:
                found.append(signature)
        return tuple(sorted(found, key=in_order))

    def _given(self, kind: Kind, about: dict[str, Any]) -> list[Consent]:
        place = (self.chain_id, self.see.registry)
        return [
            each
            for each in self.consents
            if (each.chain_id, each.registry) == place and each.kind is kind and each.about == about
        ]

    def _is_taken(self, consent: Consent) -> bool:
        see = self.see.address
        abouts = [
            portable.subject_of(at, see, each.commitment) for at, each in enumerate(self.versions)
        ]
        if any(isinstance(each, Deregistered) for each in self.noted):
            abouts.append((Kind.DEREGISTRATION, self._end_about()))
        return any(consent in self._given(kind, about) for kind, about in abouts)

    def _end_about(self) -> dict[str, Any]:
        return {"see": self.see.address, "version": self.versions[-1].number}

    def _end(self) -> portable.End | None:
        ends = [each for each in self.noted if isinstance(each, Deregistered)]
        if not ends:
            return None
        end = ends[-1]
        signatures = self._consents(
            end.transaction_hash,
            submitted.DEREGISTER,
            self.versions[-1].roll,
            lambda arguments: int(arguments[0], 16) == int(self.see.address, 16),
            Kind.DEREGISTRATION,
            self._end_about(),
            self._gone(len(self.versions) - 1),
        )
        return portable.End(
            block=end.block_number,
            transaction=end.transaction_hash,
            submitter=end.submitter,
            signatures=signatures,
        )

    # ------------------------------------------------------------ what happened

    def _record(self, end: portable.End | None) -> portable.Record:
        record, version = self.record, len(self.starts) - 1
        later = [each for each in self.all_starts[version + 1 :] if isinstance(each, Amended)]
        amended = later[0].previous if later else record.amended  # where the one before stands
        ended = None if end is None or record.ended is None else int(record.ended.timestamp())
        left = self._gone(version)
        return portable.Record(
            registered=int(record.registered.timestamp()),
            ended=ended,
            version=version,
            block=record.block_number,
            amended=amended if version else None,
            left=tuple(each.account for each in self.versions[-1].roll if each.account in left),
        )

    def _gone(self, number: int) -> set[str]:
        return {each.account for each in self._left(number) if each.what == "voice"}

    def _left(self, number: int) -> list[portable.Leave]:
        first = _place(self.starts[number])
        last = _place(self.starts[number + 1]) if number + 1 < len(self.starts) else None
        found: list[Event] = [
            each
            for each in self.own
            if isinstance(each, Left) and (each.version, each.currency) == (number, NATIVE)
        ]
        found += [
            each
            for each in self.noted
            if isinstance(each, VoiceLeft)
            and first < _place(each)
            and (last is None or _place(each) < last)
        ]
        return [
            portable.Leave(
                account=each.account,  # type: ignore[attr-defined]
                what="seat" if isinstance(each, Left) else "voice",
                block=each.block_number,
                transaction=each.transaction_hash,
            )
            for each in sorted(found, key=_place)
        ]

    def _closed(self, number: int) -> list[portable.Closed]:
        if not self.has_state:
            return []
        found = {
            each.currency: None
            for each in self.own
            if isinstance(each, Closed) and each.version == number
        }
        lines = []
        for currency in sorted(found, key=currency_address):
            received, late, left = self._ask("closed", currency_address(currency), number)
            lines.append(
                portable.Closed(
                    currency=currency, received=str(received), late=str(late), left=left
                )
            )
        return lines

    def _ask(self, name: str, *arguments: Any) -> Any:
        return ask(self.w3, self.see.address, _SEE, name, *arguments, block=self.last)

    def _books(self) -> Iterator[portable.Book]:
        currencies = [name for each in reversed(self.versions) for name in each.currencies]
        for currency in dict.fromkeys(currencies) if self.has_state else ():
            word = currency_address(currency)
            version, left = self._ask("book", word)
            received: str | None
            try:
                received = str(self._ask("received", word))
            except (TokenError, NotSeechain, Refused):
                received = None
            yield portable.Book(currency=currency, version=version, left=left, received=received)

    def _redirects(self) -> list[portable.Redirect]:
        found: dict[str, list[str]] = {}
        for each in self.redirected:
            if isinstance(each, Redirected):
                found.setdefault(each.account, []).append(each.to)
        return [
            portable.Redirect(account=account, to=found[account][-1], times=len(found[account]))
            for account in sorted(found, key=lambda each: int(each, 16))
        ]


def in_order(signature: Signature) -> tuple[int, str, int, str]:
    """How signatures stand in a file: those that were submitted as the roll has them, first."""
    account = int(signature.account, 16)
    return account, signature.source, signature.deadline, signature.signature


def _signature(given: Submitted, source: Any) -> Signature:
    return Signature(
        account=given.account,
        deadline=given.deadline,
        signature=hex_of(given.signature),
        by="key" if given.is_by_key else "contract",
        source=source,
    )


def _of_consent(consent: Consent) -> Submitted:
    """A consent as the contracts take it."""
    try:
        if recover(consent.digest, consent.signature) == consent.account:
            return Submitted(consent.account, consent.deadline, compact(consent.signature), True)
    except SignatureError:
        pass
    return Submitted(consent.account, consent.deadline, consent.signature, False)


def _place(event: Event) -> tuple[int, int]:
    return event.block_number, event.log_index
