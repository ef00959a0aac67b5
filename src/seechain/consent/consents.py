"""Consents: what is signed and who has signed it, as one small file that travels.

It holds the agreement itself, so that whoever gets it reads what it is about to sign. Copies that
were signed apart are put together again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from seechain import strict_json
from seechain.agreement import Agreement
from seechain.consent import FIELDS, Consent, Kind, faults_of
from seechain.consent.subjects import Amendment, Deregistration, Endorsement, Registration, Subject
from seechain.errors import AgreementError, SignatureError

FORMAT = "seechain consents 1"
MOST = 64 * 2**20  # bytes of a file; a table of a million seats has 32 MB as words
_COMMON = ("kind", "chain_id", "registry", "deadline")


@dataclass(frozen=True)
class Consents:
    """Consents of several accounts to one subject.

    about: a consent without account and signature, as plain values: what all of them name.
    agreement: that comes in force by it, where one does. signed: by account.
    """

    about: dict[str, Any]
    agreement: Agreement | None
    signed: tuple[Consent, ...] = ()

    @classmethod
    def of(cls, subject: Subject) -> Consents:
        """Nobody's yet."""
        agreement = getattr(subject, "agreement", None)
        if isinstance(subject, Endorsement):
            agreement = None
        return cls(_about(subject.consent(subject.registry, b"")), agreement)

    @property
    def kind(self) -> Kind:
        """Which message is signed."""
        return Kind(self.about["kind"])

    @property
    def deadline(self) -> int:
        """Unix seconds until which the signatures count."""
        return int(self.about["deadline"])

    @property
    def subject(self) -> Subject:
        """What is signed, for the kinds that an agreement or a SEE's address tell.

        Raises:
            SignatureError: an endorsement, which is told by what the SEE signs.
        """
        place = self.about["chain_id"], self.about["registry"], self.deadline
        see, version = str(self.about.get("see")), int(self.about.get("version") or 0)
        match self.kind:
            case Kind.REGISTRATION if self.agreement:
                return Registration(*place, self.agreement)
            case Kind.AMENDMENT if self.agreement:
                return Amendment(*place, see, version, self.agreement)
            case Kind.DEREGISTRATION:
                return Deregistration(*place, see, version)
        raise SignatureError(
            f"these are consents to {self.kind.with_article}: name what it is about"
        )

    def with_consents(self, consents: Iterable[Consent]) -> Consents:
        """Also with these. Of one account the later one counts, but none gives way to one that its
        key has not made: a contract's are for the chain to judge.

        Raises:
            SignatureError: one is to something else.
        """
        found = {each.account: each for each in self.signed}
        for each in consents:
            if _about(each) != self.about:
                raise SignatureError(self._difference(each))
            before = found.get(each.account)
            if before is None or _is_by_key(each) or not _is_by_key(before):
                found[each.account] = each
        return replace(self, signed=tuple(found[account] for account in sorted(found)))

    def is_about(self, subject: Subject) -> bool:
        """Whether they are to this, whatever its deadline."""
        other = _about(subject.consent(subject.registry, b""))
        return {**self.about, "deadline": 0} == {**other, "deadline": 0}

    def to_json(self) -> str:
        """The file's text."""
        agreement = None if self.agreement is None else self.agreement.model_dump(mode="json")
        signed = [
            {"account": each.account, "signature": "0x" + each.signature.hex()}
            for each in self.signed
        ]
        whole = {
            "seechain": FORMAT,
            "about": self.about,
            **({"agreement": agreement} if agreement else {}),
            "consents": signed,
        }
        return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"

    @staticmethod
    def is_marked(text: str) -> bool:
        """Whether a text is meant to be such a file, as far as its beginning says."""
        return '"seechain"' in text[:200] and FORMAT.rpartition(" ")[0] in text[:200]

    @classmethod
    def from_json(cls, text: str) -> Consents:
        """The consents of such a text; their signatures are not judged yet.

        Raises:
            SignatureError: it is none, or its agreement is not the one that is signed.
        """
        try:
            whole = strict_json.parse(text)
            if not isinstance(whole, dict) or whole.get("seechain") != FORMAT:
                raise SignatureError(f"it does not begin as a file of consents does, {FORMAT!r}")
            if unknown := set(whole) - {"seechain", "about", "agreement", "consents"}:
                raise SignatureError(f"it holds {sorted(unknown)[0]!r}, which is not known")
            about, signed = whole["about"], whole["consents"]
            consents = [
                Consent.model_validate_json(json.dumps({**about, **each})) for each in signed
            ]
            template = {"account": about["registry"], "signature": "0x"}
            empty = Consent.model_validate_json(json.dumps({**about, **template}))
            agreement = whole.get("agreement")
            found = cls(
                _about(empty), None if agreement is None else Agreement.model_validate(agreement)
            )
        except ValidationError as error:
            raise SignatureError("this is no file of consents: " + faults_of(error)) from None
        except (AgreementError, SignatureError) as error:
            raise SignatureError(f"this is no file of consents: {error}") from None
        except (ValueError, TypeError, KeyError) as error:
            said = f"{type(error).__name__} {error}"[:200]
            raise SignatureError(f"this is no file of consents: {said}") from None
        found._check_agreement()
        return found.with_consents(consents)

    def _check_agreement(self) -> None:
        commitment = self.about.get("commitment")
        if commitment is None and self.agreement is not None:
            raise SignatureError(
                f"this file of consents to {self.kind.with_article} holds an agreement that nobody"
                " signs in it"
            )
        if commitment is None:
            return
        if self.agreement is None:
            raise SignatureError("this file of consents lacks the agreement that is signed")
        if "0x" + self.agreement.commitment.hex() != commitment:
            raise SignatureError(
                "the agreement in this file of consents is not the one that was signed: it was"
                " changed since"
            )

    def _difference(self, other: Consent) -> str:
        for field, value in _about(other).items():
            if value != self.about.get(field):
                return (
                    f"the consent of {other.account} is to something else: its {field} is {value},"
                    f" and here it is {self.about.get(field)}"
                )
        return f"the consent of {other.account} is to something else"


def _is_by_key(consent: Consent) -> bool:
    try:
        consent.check()
    except SignatureError:
        return False
    return True


def _about(consent: Consent) -> dict[str, Any]:
    plain = consent.model_dump(mode="json", exclude_none=True)
    return {field: plain[field] for field in (*_COMMON, *FIELDS[consent.kind])}
