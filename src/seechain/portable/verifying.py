"""Whether a file proves what it says: a SEE's portable file, or a member's passport.

report = verify(raw)            # without a chain: all that follows from something else
report = verify(raw, w3)        # and with what the chain says now
report.is_right, report.differences, report.unproven
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from web3 import Web3

from seechain import portable
from seechain.chain.logs import latest_block
from seechain.chain.node import chain_id_of, url_of
from seechain.chain.reverts import BadSignature, NoRegistry, NotRegistered, NotSeechain, TooLate
from seechain.consent import Consent, Kind
from seechain.consent.signatures import pack_alone
from seechain.errors import FileError
from seechain.portable import FILE, Portable, Signature, bytes_of, exporting, passport, sealed
from seechain.portable.as_of import keeps_state
from seechain.portable.passport import Passport
from seechain.portable.passport_reading import issue
from seechain.portable.recomputed import Difference, Recomputed
from seechain.portable.sealed import shown
from seechain.registry import Registry
from seechain.see import SEE

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
    advance: Callable[[int], None] = lambda steps: None,
) -> Report:
    """Recomputes what a file says, and compares it with the chain where one is given.

    Args:
        source: how faults call the file. advance: is told of each SEE that was read.

    Raises:
        FileError: it is no such file, or not laid out as one.
        NodeError: the node can't be asked.
    """
    content = sealed.unseal(raw, source)
    bytes_differ = [Difference(*each) for each in sealed.faults_of(raw, content).items()]
    kind = content.get("format")
    if kind == passport.FORMAT:
        return _passport(passport.of_content(content, source), bytes_differ, w3, advance)
    if kind == portable.FORMAT:
        return _see(portable.of_content(content, source), bytes_differ, w3)
    raise FileError(f"{source} is neither a SEE's file nor a passport: its format is {shown(kind)}")


def _see(file: Portable, differences: list[Difference], w3: Web3 | None) -> Report:
    found = Recomputed(file)
    differences += found.differences
    unproven = [*found.missing, *found.unproven]
    if w3 is None:
        unproven.append(
            "blocks, transactions, times, amounts, who left, redirects and places where it can be"
            " read: only the chain can tell"
        )
    else:
        online = _Online(w3, file, found)
        known = {each.where for each in differences}
        differences += [each for each in online.differences if each.where not in known]
        unproven = [*found.missing, *online.unproven]
    count = len(file.versions)
    about = f"the SEE {file.see} on chain {file.chain_id}, {count} version{'s'[: count != 1]}"
    return Report(about, tuple(differences), tuple(unproven), w3 is not None)


def _passport(
    file: Passport,
    differences: list[Difference],
    w3: Web3 | None,
    advance: Callable[[int], None],
) -> Report:
    found = passport.Recomputed(file)
    differences += found.differences
    unproven = list(found.unproven)
    if any(each.name is not None for each in file.sees):
        unproven.append("the names of SEEs: they are on no chain")
    if w3 is None:
        unproven.append(
            "what it had, did and was paid in each SEE, but for its signatures: only the chain can"
            " tell"
        )
    else:
        known = {each.where for each in differences}
        online = _passport_online(w3, file, advance)
        differences += [each for each in online if each.where not in known]
        unproven = [each for each in unproven if each.startswith("the names")]
    if file.unreadable:
        sees = shown(", ".join(file.unreadable), 400)
        unproven.append(f"whether it has a seat in {sees}: their share tables are not published")
    count = len(file.sees)
    about = (
        f"the passport of {file.member} on chain {file.chain_id} until block {file.block},"
        f" {count} SEE{'s'[: count != 1]}"
    )
    return Report(about, tuple(differences), tuple(unproven), w3 is not None)


def _passport_online(w3: Web3, file: Passport, advance: Callable[[int], None]) -> list[Difference]:
    """A passport beside what the chain had in its last block."""
    wrong = _wrong_chain(w3, file.chain_id) or _wrong_block(w3, file.block)
    if wrong is not None:
        return [wrong]
    try:
        registry = Registry(w3, file.registry)
    except NoRegistry as error:
        return [Difference("registry", str(error))]
    now = issue(registry, file.member, block=file.block, advance=advance)
    mine, chains = sealed.dumped(file), sealed.dumped(now)
    for content in (mine, chains):
        del content["hash"]
        for entry in content["sees"]:
            del entry["name"]
    return [
        Difference(where, _unlike(where, said, has))
        for where, said, has in sealed.differences(mine, chains)
    ]


def _wrong_chain(w3: Web3, said: int) -> Difference | None:
    chain_id = chain_id_of(w3)
    if chain_id == said:
        return None
    sentence = f"the file is of chain {said}, the node at {url_of(w3)} is of {chain_id}"
    return Difference("chain_id", sentence)


def _wrong_block(w3: Web3, said: int) -> Difference | None:
    if said <= (latest := latest_block(w3)):
        return None
    return Difference("block", f"the file says {said}, the chain has {latest} blocks")


def _unlike(where: str, said: Any, has: Any) -> str:
    if said is None and isinstance(has, dict):
        return f"the chain has {_named(where, has)}, the file has not"
    if has is None and isinstance(said, dict):
        return f"the file has {_named(where, said)}, the chain has not"
    return f"the file says {shown(said)}, the chain {shown(has)}"


class _Online:
    """A file beside what the chain had in its block: that is read anew, and compared."""

    def __init__(self, w3: Web3, file: Portable, found: Recomputed) -> None:
        self.w3, self.file = w3, file
        self.differences: list[Difference] = []
        self.unproven: list[str] = []
        wrong = _wrong_chain(w3, file.chain_id) or _wrong_block(w3, file.block)
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
            self.unproven.append(
                f"the books, and what versions closed with, as they were in block {file.block}: the"
                f" node at {url_of(self.w3)} keeps no states so old"
            )
        mine, chains = (_comparable(each, has_state=has_state) for each in (file, then))
        for where, said, has in sealed.differences(mine, chains):
            if where.startswith("books[") and where.endswith(".received") and has is None:
                self.unproven.append(f"{where}: the token can't be read")
            else:
                self._add(where, _unlike(where, said, has))

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


def _named(where: str, value: Values) -> str:
    """What stands at a place, in words."""
    if where.startswith("versions[") and "number" in value:
        return f"version {value['number']} since block {value['block']}"
    names = ("account", "see", "currency", "uri", "what")
    account = next((value[name] for name in names if value.get(name)), None)
    return shown(account if account is not None else value)
