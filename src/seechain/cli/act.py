"""One thing to sign: its message, the file of its consents, and who has signed it."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seechain.agreement import Agreement
from seechain.chain.node import now_of
from seechain.chain.reverts import BadSignature
from seechain.cli.desk import Desk
from seechain.cli.papers import consents_at, is_of_many, path_of, signed_in, stem_of
from seechain.consent import Consent, Kind
from seechain.consent.consents import Consents
from seechain.consent.signatures import check_signer
from seechain.consent.subjects import Subject
from seechain.errors import SignatureError
from seechain.files import write_whole
from seechain.journal.locks import alone_in
from seechain.registry import Registry
from seechain.see import SEE


@dataclass(frozen=True)
class Act:
    """Something to sign.

    by: whose voices or members sign it. path: of the file of its consents. words: what to type
    after `sign`. voices: names by account of those who decide it, if it is decided.
    """

    desk: Desk
    subject: Subject
    by: Registry | SEE
    path: Path
    words: str
    voices: Mapping[str, str]

    @property
    def agreement(self) -> Agreement:
        """The agreement that comes in force by it."""
        return self.subject.agreement  # type: ignore[attr-defined,no-any-return]

    def sign(self, account: Any) -> Consent:
        """The consent of an account, or of a SEE that has endorsed it."""
        subject = self.subject
        if isinstance(self.by, Registry):
            return self.by.sign(self.agreement, account, subject.deadline)
        return self.by.sign(subject, account)

    def consent(self, account: str, signature: bytes) -> Consent:
        """The consent of an account from what its wallet signed."""
        if isinstance(self.by, Registry):
            return self.by.consent(self.agreement, account, signature, self.subject.deadline)
        return self.by.consent(self.subject, account, signature)

    def signed(self, further: Iterable[Path] = ()) -> list[Consent]:
        """The consents that are at hand; on a local network those of test accounts that lack.

        A file of one is judged when it is submitted: who names it means it.
        """
        many = [path for path in further if is_of_many(path)]
        found = {each.account: each for each in self._counting(self._at_hand(many))}
        ones = [each for path in further if path not in many for each in signed_in(path)]
        found |= {each.account: each for each in ones}
        for account, name in self.voices.items():
            if account in found:
                self.desk.say(f"{call(name, account)} has signed")
            elif account in self.desk.test_accounts:
                found[account] = self.sign(self.desk.test_accounts[account])
                self.desk.say(f"{call(name, account)} signs, a test account")
            else:
                who = call(name, account)
                self.desk.say(f"{who} has not signed; {self.desk.program} sign {self.words}")
        self.desk.say()
        return list(found.values())

    def keep(self, consents: Iterable[Consent], further: Iterable[Path] = ()) -> list[str]:
        """Adds consents, and those of further files, to the file of this act.

        Tells and gives the accounts of who is missing. What does not count is left out.

        Raises:
            SignatureError: a file holds consents to something else.
        """
        with alone_in(self.path.parent):  # who signs at the same time is not lost
            found = [*self._at_hand(further), *consents]
            kept = Consents.of(self.subject).with_consents(self._counting(found))
            write_whole(self.path, kept.to_json())
        return self.tell_missing(kept)

    def tell_missing(self, kept: Consents) -> list[str]:
        """Says who has not signed yet; their accounts."""
        have = {each.account for each in kept.signed}
        missing = [account for account in self.voices if account not in have]
        names = [call(self.voices[account], account) for account in missing]
        who = f"missing: {'; '.join(names)}" if names else "nobody is missing"
        self.desk.say(f"In {self.path} {len(have)} of {len(self.voices)} have signed, {who}")
        if isinstance(self.by, Registry):
            is_enough = not missing
        else:
            live = sum(each.voices for each in self.by.roll)
            yes = sum(each.voices for each in self.by.roll if each.account in have)
            needed = math.ceil(self.by.quorum * live)
            self.desk.say(f"They have {yes} of {live} voices, and {needed} are needed")
            is_enough = yes >= needed
        if is_enough:
            self.desk.say(f"That is enough; next: {self.desk.program} {self._next()}")
        return missing

    def _next(self) -> str:
        """What is typed when enough have signed."""
        match self.subject.kind:
            case Kind.REGISTRATION:
                return f"register {typed(self.path)}"
            case Kind.AMENDMENT:
                return f"amend {typed(self.path)} --see {self.subject.see}"  # type: ignore[attr-defined]
            case Kind.DEREGISTRATION:
                see = str(self.subject.see)  # type: ignore[attr-defined]
                own = path_of(Path(see))
                where = "" if self.path == own else f" --consents {typed(self.path)}"
                return f"deregister --see {see}{where}"
        return f"endorse {self.words}"

    def endorsed_by(self, member: SEE) -> Act:
        """What the voices of a SEE sign, so that it signs this as a member."""
        self.desk.say(f"SEE {member.address} signs it, as a member, when its own voices have\n")
        subject = member.endorsement(self.subject)
        path = self.path.with_name(f"{stem_of(self.path)}.{member.address}.consents.json")
        words = f"{self.words} --as {member.address}"
        return Act(self.desk, subject, member, path, words, voices_of(member))

    def _at_hand(self, further: Iterable[Path]) -> list[Consent]:
        """The consents of this act's file and of further ones."""
        about = Consents.of(self.subject)
        kept = consents_at(self.path)
        found: list[Consent] = []
        if kept is not None and not self._is_dead(kept):
            if kept.about != about.about:
                raise SignatureError(
                    f"{self.path} holds consents to something else, {_differs(kept, about)}: delete"
                    " it, or sign under another name"
                )
            found += kept.signed
        for path in further:
            signed = signed_in(path)
            try:
                about.with_consents(signed)
            except SignatureError as error:
                raise SignatureError(f"{path}: {error}") from None
            found += signed
        return found

    def _is_dead(self, kept: Consents) -> bool:
        """Whether nothing can be done any more with what was signed: it may be written over."""
        place = ("kind", "registry", "chain_id", "see")
        about = Consents.of(self.subject).about
        is_here = all(kept.about.get(each) == about.get(each) for each in place)
        before = int(kept.about.get("version") or 0) < int(about.get("version") or 0)
        return not kept.signed or (is_here and before) or kept.deadline < now_of(self.desk.w3)

    def _counting(self, consents: Iterable[Consent]) -> list[Consent]:
        """Those that count: by who decides this, and really signed by it. Others are named."""
        found = []
        for each in consents:
            who = call(self.voices.get(each.account, each.account), each.account)
            if each.account not in self.voices:
                self._leave_out(f"{who} has no voice in this")
                continue
            try:
                check_signer(self.desk.w3, who, each)
            except BadSignature as error:
                self._leave_out(str(error))
                continue
            found.append(each)
        return found

    def _leave_out(self, why: str) -> None:
        self.desk.say(f"Left out: {why}")
        self.desk.result({"left_out": [*self.desk.results.get("left_out", []), why]})


def typed(path: Path) -> str:
    """A path as a shell takes it."""
    return shlex.quote(str(path))


def call(name: str, account: str) -> str:
    """A voice by its name, where that is known, and by its account."""
    return account if name == account else f"{name} ({account})"


def voices_of(see: SEE) -> dict[str, str]:
    """Names, or accounts, of those who decide for a SEE, by account."""
    return {each.account: see.names.get(each.account, each.account) for each in see.roll}


def _differs(kept: Consents, wanted: Consents) -> str:
    for field, value in wanted.about.items():
        if kept.about.get(field) != value:
            return f"whose {field} is {kept.about.get(field)}, and here it is {value}"
    return kept.kind.with_article
