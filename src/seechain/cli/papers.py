"""Files that travel: agreements and consents, told apart by what they hold.

Mail programs and people give files other names: a file of consents is one whatever it is called.
"""

from __future__ import annotations

from pathlib import Path

from seechain.agreement import Agreement
from seechain.consent import Consent
from seechain.consent.consents import MOST, Consents
from seechain.errors import SignatureError
from seechain.files import read_start, read_text

ONE_CONSENT = 65_536  # bytes of a file with one consent


def agreement_at(path: Path, *, check_expiry: bool = True) -> Agreement:
    """The agreement of its own file, or of a file of consents to it.

    Raises:
        AgreementError: it is none, or over. SignatureError: these consents are to no agreement.
        FileError: the file can't be read.
    """
    if not is_of_many(path):
        return Agreement.load(path, check_expiry=check_expiry)
    kept = consents_at(path)
    if kept is None or kept.agreement is None:
        raise SignatureError(f"{path} holds no agreement: name the file of the agreement")
    return kept.agreement


def is_of_many(path: Path) -> bool:
    """Whether a file is meant to hold consents of several accounts."""
    return path.is_file() and Consents.is_marked(read_start(path))


def consents_at(path: Path) -> Consents | None:
    """The consents of a file; None where there is none.

    Raises:
        FileError: it can't be read. SignatureError: it holds something else.
    """
    if not path.exists():
        return None
    try:
        return Consents.from_json(read_text(path, MOST))
    except SignatureError as error:
        raise SignatureError(f"{path}: {error}") from None


def signed_in(path: Path) -> tuple[Consent, ...]:
    """The consents of a file that is named: of several accounts, or of one."""
    kept = consents_at(path) if is_of_many(path) else None
    return (read_consent(path),) if kept is None else kept.signed


def read_consent(path: Path) -> Consent:
    """The one consent of a file.

    Raises:
        FileError: it can't be read. SignatureError: it holds none.
    """
    try:
        return Consent.from_json(read_text(path, ONE_CONSENT))
    except SignatureError as error:
        raise SignatureError(f"{path}: {error}") from None


def path_of(target: Path) -> Path:
    """Where the consents to an agreement's file, or about a SEE, are: it may be their own file."""
    if is_of_many(target):
        return target
    return target.with_name(f"{stem_of(target)}.consents.json")


def stem_of(path: Path) -> str:
    """The name of a file without what we add to it."""
    name = path.name.removesuffix(".consents.json")
    return name if name != path.name else path.stem
