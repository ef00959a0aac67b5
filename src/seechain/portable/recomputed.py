"""What a portable file says, recomputed without a chain: text, table, terms, hashes, signatures.

Whatever follows from something else is worked out again. What only the chain can tell is not
passed over: it is named as unproven.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from eth_hash.auto import keccak

from seechain import portable
from seechain.agreement.roll import unpack_roll
from seechain.agreement.text import check_text, currency_address, read_text, terms_faults
from seechain.chain import clones
from seechain.consent import Kind, digest_of, messages, recover
from seechain.errors import AgreementError, ShareTableError, SignatureError
from seechain.portable import CHAIN, Portable, Signature, Version, bytes_of, hex_of
from seechain.portable.exporting import in_order
from seechain.portable.sealed import shown
from seechain.see.deciding import GRACE
from seechain.share_table import ShareTable


class Difference(NamedTuple):
    """What is not as it should be. where: the place in the file, as "versions[0].table.root"."""

    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}"


class Recomputed:
    """All checks of a file that need no chain, in the file's order.

    differences: what is not as it should be. missing: what the file does not hold. unproven: what
    only the chain can tell. tables: the committed share tables, by place of the version.
    """

    def __init__(self, file: Portable) -> None:
        self.file = file
        self.differences: list[Difference] = []
        self.missing: list[str] = []
        self.unproven: list[str] = []
        self.tables: dict[int, ShareTable] = {}
        self._place()
        for at, version in enumerate(file.versions):
            self._version(at, version)
        self._record()
        self._end()
        self._books()
        self._blocks()

    def add(self, where: str, sentence: str) -> None:
        """Notes a difference."""
        self.differences.append(Difference(where, sentence))

    def _same(self, where: str, said: object, found: object, why: str) -> None:
        if said != found:
            self.add(where, f"the file says {shown(said)}, {why} {shown(found)}")

    # ------------------------------------------------------------ where it stands

    def _place(self) -> None:
        file = self.file
        if not file.versions:
            self.add("versions", "there is none: a SEE has one version or more")
            return
        own = clones.registry_address()
        if file.registry != own:
            self.unproven.append(
                f"the Registry {file.registry} is not the one that this seechain's own address"
                f" leads to, {own}: only the chain can tell what it is"
            )
        see = clones.clone_address(
            file.registry,
            clones.first_created(file.registry),
            bytes_of(file.versions[0].commitment),
            clones.NO_SALT,
        )
        self._same("see", file.see, see, "the SEE of this Registry and its first agreement is")

    def _record(self) -> None:
        file, record = self.file, self.file.record
        for at, version in enumerate(file.versions):
            where = f"versions[{at}]"
            self._same(f"{where}.number", version.number, at, "its place is that of number")
            if at and version.block < file.versions[at - 1].block:
                self.add(
                    f"{where}.block",
                    f"it came in block {version.block}, before the version that it succeeds",
                )
        last = len(file.versions) - 1
        self._same("record.version", record.version, last, "its last version is")
        if (record.amended is None) != (record.version == 0):
            said = "no amendment" if record.amended is None else "an amendment"
            self.add("record.amended", f"it names {said}, at version {record.version}")
        if file.versions:
            left = [each.account for each in file.versions[-1].left if each.what == "voice"]
            self._same(
                "record.left",
                sorted(record.left),
                sorted(left),
                "the voices that left its last version are",
            )
            if list(record.left) != sorted(record.left, key=lambda each: int(each, 16)):
                self.add("record.left", "the accounts do not ascend")
        if record.ended is not None and record.ended < record.registered:
            self.add("record.ended", "it ended before it was registered")

    # ------------------------------------------------------------ an agreement

    def _version(self, at: int, version: Version) -> None:
        where, terms = f"versions[{at}]", version.terms.hashed
        table = self._table(f"{where}.table", version)
        if table is not None:
            self.tables[at] = table
        self._terms(f"{where}.terms", version)
        shape = version.table
        table_hash = messages.table_hash(bytes_of(shape.root), shape.shares, shape.pages)
        commitment = messages.agreement_hash(table_hash, messages.terms_hash(terms))
        self._same(
            f"{where}.commitment", version.commitment, hex_of(commitment), "table and terms give"
        )
        self._text(where, version, table)
        self._signatures_of(at, version)
        self._left(at, version)
        currencies = [each.currency for each in version.closed]
        self._ascending(f"{where}.closed", currencies)
        if version.closed and at == len(self.file.versions) - 1:
            self.add(f"{where}.closed", "it names books that were closed, and is in force")

    def _table(self, where: str, version: Version) -> ShareTable | None:
        said = version.table
        if said.words is None:
            self.missing.append(
                f"the share table of version {version.number} is not in the file: it was not"
                " published, or not all of it"
            )
            return None
        try:
            table = ShareTable.from_words(bytes_of(said.words))
        except ShareTableError as error:
            self.add(f"{where}.words", str(error))
            return None
        before = len(self.differences)
        self._same(f"{where}.root", said.root, hex_of(table.root), "its seat words give")
        self._same(f"{where}.shares", said.shares, table.shares, "its seats add up to")
        self._same(f"{where}.pages", said.pages, table.pages, "its seats fill")
        return table if len(self.differences) == before else None

    def _terms(self, where: str, version: Version) -> None:
        terms = version.terms
        try:
            unpack_roll(terms.hashed.roll)
        except AgreementError as error:
            self.add(f"{where}.roll", "; ".join(error.faults))
        if not 0 < Fraction(terms.quorum) <= 1:
            self.add(f"{where}.quorum", f"it is above 0 and at most 1, not {terms.quorum}")
        self._ascending(f"{where}.currencies", terms.currencies)
        if not terms.currencies:
            self.add(f"{where}.currencies", "there is none")

    def _ascending(self, where: str, currencies: Sequence[str]) -> None:
        words = [int(currency_address(each), 16) for each in currencies]
        if words != sorted(set(words)):
            self.add(where, "the currencies do not ascend, each once")

    def _text(self, where: str, version: Version, table: ShareTable | None) -> None:
        terms, text = version.terms, version.text
        if text is None:
            self.missing.append(
                f"the readable agreement of version {version.number} is not in the file: its hash"
                f" is {terms.text_hash}"
            )
            return
        self._same(
            f"{where}.terms.text_hash",
            terms.text_hash,
            hex_of(keccak(text.encode())),
            "the text has",
        )
        hashed = terms.hashed
        rest: dict[str, Any] = {
            "quorum": Fraction(terms.quorum),
            "expiry": terms.expiry,
            "currencies": tuple(currency_address(each) for each in terms.currencies),
            "nonce": hashed.nonce,
        }
        try:
            if table is not None:
                check_text(text, table, hashed.roll, **rest)
            else:
                shape = (bytes_of(version.table.root), version.table.shares, version.table.pages)
                for fault in terms_faults(read_text(text), shape, hashed.roll, **rest):
                    self.add(f"{where}.text", fault)
        except AgreementError as error:
            for fault in error.faults:
                self.add(f"{where}.text", fault)

    # ------------------------------------------------------------ who agreed

    def _signatures_of(self, at: int, version: Version) -> None:
        where = f"versions[{at}].signatures"
        commitment = bytes_of(version.commitment)
        kind, about = portable.subject_of(at, self.file.see, commitment)
        voices = self._voices(max(at - 1, 0), with_leavers=at == 0)
        signed = self._signed(where, version.signatures, kind, about, voices)
        if not any(each.source == CHAIN for each in version.signatures):
            self.unproven.append(
                f"the signatures by which version {at} came in force are not in the file: only the"
                " chain can tell that its voices agreed"
            )
        elif at == 0:
            for account in voices:
                if account not in signed:
                    self.add(where, f"{account} has not signed: registering needs every voice")
        else:
            self._quorum(where, at - 1, signed, voices)

    def _quorum(self, where: str, at: int, signed: set[str], voices: dict[str, int]) -> None:
        yes, live = sum(voices[each] for each in signed), sum(voices.values())
        quorum = Fraction(self.file.versions[at].terms.quorum)
        if not yes or yes < live * quorum:
            self.add(where, f"{yes} of {live} voices have signed, the quorum was {quorum}")

    def _voices(self, at: int, *, with_leavers: bool = False) -> dict[str, int]:
        """The voices of a version, by default without those who left it."""
        version = self.file.versions[at]
        left = {each.account for each in version.left if each.what == "voice"}
        return {
            each.account: each.voices
            for each in version.terms.roll
            if with_leavers or each.account not in left
        }

    def _signed(
        self,
        where: str,
        signatures: Sequence[Signature],
        kind: Kind,
        about: dict[str, Any],
        voices: dict[str, int],
    ) -> set[str]:
        """Who has signed what was submitted, as far as can be told."""
        file, signed = self.file, set()
        if list(signatures) != sorted(signatures, key=in_order):
            self.add(where, "the signatures do not ascend by account")
        submitted = [each for each in signatures if each.source == CHAIN]
        if len({each.deadline for each in submitted}) > 1:
            self.add(where, "what was submitted together names several deadlines")
        if len({each.account for each in submitted}) < len(submitted):
            self.add(where, "an account has signed twice what was submitted once")
        for at, each in enumerate(signatures):
            here = f"{where}[{at}]"
            if each.account not in voices:
                self.add(f"{here}.account", f"{each.account} has no voice in this")
                continue
            if each.by == "contract":
                self.unproven.append(
                    f"{here}: whether the contract {each.account} has signed, only the chain can"
                    " tell"
                )
            else:
                place = (file.chain_id, file.registry, each.deadline)
                digest = digest_of(kind, about, each.account, *place)
                fault = _fault(digest, each)
                if fault:
                    self.add(f"{here}.signature", fault)
                    continue
            if each.source == CHAIN:
                signed.add(each.account)
        return signed

    def _left(self, at: int, version: Version) -> None:
        where = f"versions[{at}].left"
        voices = self._voices(at, with_leavers=True)
        table = self.tables.get(at)
        seen = set()
        for place, each in enumerate(version.left):
            here = f"{where}[{place}]"
            if (each.account, each.what) in seen:
                self.add(here, f"the {each.what} of {each.account} leaves twice")
            seen.add((each.account, each.what))
            if each.what == "voice" and each.account not in voices:
                self.add(f"{here}.account", f"{each.account} has no voice that could leave")
            if each.what == "seat" and table is not None and each.account not in table:
                self.add(f"{here}.account", f"{each.account} has no seat that could leave")
        blocks = [version.block, *(each.block for each in version.left)]
        if at + 1 < len(self.file.versions):
            blocks.append(self.file.versions[at + 1].block)
        if blocks != sorted(blocks):
            self.add(where, "who left does not stand between this version and the next, by block")

    # ------------------------------------------------------------ the end, the money

    def _end(self) -> None:
        file, end = self.file, self.file.end
        if (end is None) != (file.record.ended is None):
            said = "no end" if end is None else "an end"
            self.add("end", f"the file names {said}, and its record says otherwise")
        if end is None or not file.versions:
            return
        last = len(file.versions) - 1
        version = file.versions[last]
        about = {"see": file.see, "version": last}
        voices = self._voices(last)
        signed = self._signed("end.signatures", end.signatures, Kind.DEREGISTRATION, about, voices)
        if any(each.source == CHAIN for each in end.signatures):
            self._quorum("end.signatures", last, signed, voices)
        elif voices and (file.record.ended or 0) < version.terms.expiry + GRACE:
            self.unproven.append(
                "the signatures by which it ended are not in the file: only the chain can tell"
                " that its voices agreed"
            )
        if end.block < version.block:
            self.add("end.block", "it ended before its last version came in force")

    def _books(self) -> None:
        file = self.file
        last = len(file.versions) - 1
        for at, book in enumerate(file.books):
            if book.version > last:
                self.add(f"books[{at}].version", f"there is no version {book.version}")
        accounts = [int(each.account, 16) for each in file.redirects]
        if accounts != sorted(set(accounts)):
            self.add("redirects", "the accounts do not ascend, each once")
        for at, each in enumerate(file.redirects):
            if each.to == file.see or int(each.to, 16) == 0:
                self.add(f"redirects[{at}].to", "money is redirected to nobody, or to the SEE")

    def _blocks(self) -> None:
        file = self.file
        blocks = [(f"versions[{at}]", each.block) for at, each in enumerate(file.versions)]
        for at, version in enumerate(file.versions):
            blocks += [(f"versions[{at}].left", each.block) for each in version.left]
        blocks += [("end", file.end.block)] if file.end else []
        blocks += [(f"located[{at}]", each.block) for at, each in enumerate(file.located)]
        for where, block in blocks:
            if block > file.block:
                self.add(where, f"it came in block {block}, the file is of block {file.block}")


def _fault(digest: bytes, signature: Signature) -> str | None:
    try:
        signer = recover(digest, bytes_of(signature.signature))
    except SignatureError as error:
        return str(error)
    if signer == signature.account:
        return None
    return f"it is not of {signature.account} under this, but of {signer}"
