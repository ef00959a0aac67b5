"""Whether a file proves what it says: a SEE's portable file, or a member's passport.

report = verify(raw)            # without a chain: all that follows from something else
report = verify(raw, w3)        # and with what the chain says now
report.is_right, report.differences, report.unproven
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from web3 import Web3

from seechain import portable
from seechain.chain.reverts import BadSignature, NotRegistered, NotSeechain, TooLate
from seechain.consent import Consent, Kind
from seechain.consent.signatures import pack_alone
from seechain.errors import FileError
from seechain.portable import FILE, Portable, Signature, bytes_of, exporting, passport, sealed
from seechain.portable.as_of import keeps_state
from seechain.portable.beside import no_state, unlike, wrong_place
from seechain.portable.passport import Passport
from seechain.portable.passport_online import PassportOnline
from seechain.portable.recomputed import Difference, Recomputed
from seechain.portable.sealed import shown
from seechain.see import SEE
from seechain.share_table import ShareTable

Values = dict[str, Any]


@dataclass(frozen=True)
class Report:
    """What came of it.

    about: what the file is, in words. differences: all that is not as it should be. unproven: what
    could not be told here, and isn't taken as wrong. online: whether a chain was asked.
    """

    about: str
    differences: tuple[Difference, ...]
    unproven: tuple[str, ...]
    online: bool

    @property
    def is_right(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def verify(
    raw: bytes,
    w3: Web3 | None = None,
    *,
    source: str = "the file",
    tables: Iterable[ShareTable] = (),
    advance: Callable[[int], None] = lambda steps: None,
) -> Report:
    """Recomputes what a file says, and compares it with the chain where one is given.

    Args:
        source: how faults call the file. tables: share tables that were not published, with which
            a passport was made. advance: is told of each SEE that was read.

    Raises:
        FileError: it is no such file, or not laid out as one.
        NodeError: the node can't be asked.
    """
    content = sealed.unseal(raw, source)
    bytes_differ = [Difference(*each) for each in sealed.faults_of(raw, content).items()]
    kind = content.get("format")
    if kind == passport.FORMAT:
        return _passport(passport.of_content(content, source), bytes_differ, w3, tables, advance)
    if kind == portable.FORMAT:
        return _see(portable.of_content(content, source), bytes_differ, w3)
    raise FileError(f"{source} is neither a SEE's file nor a passport: its format is {shown(kind)}")


def _see(file: Portable, differences: list[Difference], w3: Web3 | None) -> Report:
    found = Recomputed(file)
    differences += found.differences
    unproven = [*found.missing, *found.unproven]
    if w3 is None:
        unproven.append(
            "whether later versions, or an end, are left out; blocks, transactions, times, amounts,"
            " who left, redirects and places where it can be read: only the chain can tell"
        )
    else:
        online = _Online(w3, file, found)
        known = {each.where for each in differences}
        differences += [each for each in online.differences if each.where not in known]
        unproven = [*found.missing, *online.unproven]
    count = len(file.versions)
    about = (
        f"the SEE {file.see} on chain {file.chain_id} until block {file.block},"
        f" {count} version{'s'[: count != 1]}"
    )
    return Report(about, tuple(differences), tuple(unproven), w3 is not None)


def _passport(
    file: Passport,
    differences: list[Difference],
    w3: Web3 | None,
    tables: Iterable[ShareTable],
    advance: Callable[[int], None],
) -> Report:
    found = passport.Recomputed(file)
    differences += found.differences
    unproven = list(found.unproven) if w3 is None else []
    if any(each.name is not None for each in file.sees):
        unproven.append("the names of SEEs: they are on no chain")
    if w3 is None:
        unproven.append(
            "whether SEEs, or what it did there, are left out, and all that it had, did and was"
            " paid: only the chain can tell; a right signature shows neither that it has a voice"
            " there, nor that this was submitted"
        )
    else:
        known = {each.where for each in differences}
        online = PassportOnline(w3, file, tables, advance)
        differences += [each for each in online.differences if each.where not in known]
        unproven += online.unproven
    if file.unreadable:
        sees = shown(", ".join(file.unreadable), 400)
        unproven.append(f"whether it has a seat in {sees}: their share tables were not published")
    unproven.append(passport.INDEPENDENCE)
    count = len(file.sees)
    about = (
        f"the passport of {file.member} on chain {file.chain_id} until block {file.block},"
        f" {count} SEE{'s'[: count != 1]}"
    )
    return Report(about, tuple(differences), tuple(unproven), w3 is not None)


class _Online:
    """A file beside what the chain had in its block: that is read anew, and compared."""

    def __init__(self, w3: Web3, file: Portable, found: Recomputed) -> None:
        self.w3, self.file = w3, file
        self.differences: list[Difference] = []
        self.unproven: list[str] = []
        wrong = wrong_place(w3, file.chain_id, file.block)
        if wrong is not None:
            self.differences.append(wrong)
            return
        try:
            see = SEE(w3, file.see)
            self._compare(see, found)
        except (NotSeechain, NotRegistered) as error:
            self._add("see", str(error))
            return
        self._ask_contracts()

    def _add(self, where: str, sentence: str) -> None:
        self.differences.append(Difference(where, sentence))

    def _compare(self, see: SEE, found: Recomputed) -> None:
        file = self.file
        has_state = keeps_state(self.w3, see.address, file.block)
        tables = found.tables.values()
        then = exporting.file_of(see, tables, file.block, has_state=has_state)
        if not has_state:
            what = "the books, and what versions closed with,"
            self.unproven.append(no_state(self.w3, what, file.block))
        self._say_since(see)
        mine, chains = (_comparable(each, has_state=has_state) for each in (file, then))
        for where, said, has in sealed.differences(mine, chains):
            if where.startswith("books[") and where.endswith(".received") and has is None:
                self.unproven.append(f"{where}: the token can't be read")
            else:
                self._add(where, unlike(where, said, has))

    def _say_since(self, see: SEE) -> None:
        """The file may be true, and over."""
        now, said = see.record, self.file.record
        news = [f"version {now.version} is in force"] if now.version > said.version else []
        news += ["it has ended"] if now.ended and said.ended is None else []
        if news:
            self.unproven.append(
                f"what came after block {self.file.block}: {' and '.join(news)} now"
            )

    def _ask_contracts(self) -> None:
        """Of consents that came by file, whether contracts have signed them."""
        file = self.file
        for at, version in enumerate(file.versions):
            commitment = bytes_of(version.commitment)
            kind, about = portable.subject_of(at, file.see, commitment)
            self._ask(f"versions[{at}].signatures", version.signatures, kind, about)
        if file.end is not None:
            about = {"see": file.see, "version": len(file.versions) - 1}
            self._ask("end.signatures", file.end.signatures, Kind.DEREGISTRATION, about)

    def _ask(
        self, where: str, signatures: tuple[Signature, ...], kind: Kind, about: Values
    ) -> None:
        for at, each in enumerate(signatures):
            if each.source != FILE or each.by != "contract":
                continue
            consent = Consent.model_construct(
                kind=kind,
                account=each.account,
                chain_id=self.file.chain_id,
                registry=self.file.registry,
                deadline=each.deadline,
                signature=bytes_of(each.signature),
                **about,
            )
            try:
                pack_alone(self.w3, consent, each.account, now=0)
            except (BadSignature, TooLate) as error:
                self._add(f"{where}[{at}].signature", str(error))


def _comparable(file: Portable, *, has_state: bool) -> Values:
    """A file's fields, but for what the chain does not have: hash, texts, consents by file; and
    what it held then, where the node does not have that."""
    content = sealed.dumped(file)
    del content["hash"]
    signed = []
    if not has_state:
        del content["books"]
        for version in content["versions"]:
            del version["closed"]
    for version in content["versions"]:
        del version["text"]  # its hash is compared
        signed.append(version["signatures"])
    if content["end"] is not None:
        signed.append(content["end"]["signatures"])
    for signatures in signed:
        signatures[:] = [each for each in signatures if each["source"] != FILE]
    return content
