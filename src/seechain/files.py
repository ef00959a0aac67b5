"""Files that people keep: read within bounds, written whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, TypeAlias

from seechain.errors import FileError

MOST = 64 * 2**20  # bytes that are read, by default
Over: TypeAlias = Literal["alike", "same", "any"]

_END = 2**16  # bytes at the end of a larger file, where some formats say what they are
# How the files begin that seechain writes, and the mark in them: nobody writes such by hand.
_MARKED = re.compile(
    rb"(?s)\A(?:"
    rb";[^\n]*\n;[^\n]*, chain \d+, up to block \d+\n(?:(?P<hledger>decimal-mark)|(?P<beancount>))"
    rb"|(?P<csv>record,see,see_name,currency,)"
    rb'|<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    rb'<meta name="generator" content="seechain (?P<html>[a-z]+)">'
    rb"|<svg [^>]*>\s*(?:<!-- |<desc>)seechain (?P<svg>[a-z]+)"
    rb"|\x89PNG.{33}tEXtSoftware\x00seechain (?P<png>picture|request)"
    rb"|%PDF.*/Creator \(seechain (?P<pdf>[a-z]+)\)"
    rb"|PAR1.*seechain (?P<parquet>statement)"
    rb"|SQLite format 3\x00.{52}(?P<table>.{4})"
    rb")"
)
_WHOSE = ("format", "seechain", "chain_id", "see", "member", "account", "domain")
# What may be new where an account signs again what it does with its seat: the last one counts.
_AFRESH = ("deadline", "signature", "version", "index", "seat", "voice", "to", "times", "uri")


def read_whole(path: str | Path, most: int = MOST) -> bytes:
    """The bytes of a file.

    Raises:
        FileError: it can't be read, is no file, or has more than `most` bytes.
    """
    try:
        with open(path, "rb", opener=_plain) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FileError(f"{path} is no file: name the file itself")
            raw = file.read(most + 1)
    except (OSError, ValueError) as error:  # also of a name that no file can have
        raise FileError(f"{path} can't be read: {why(error)}") from None
    if len(raw) > most:
        raise FileError(f"{path} has more than {most} bytes: it is not what it should be")
    return raw


def read_start(path: str | Path, count: int = 200) -> str:
    """The first bytes of a file as text, whatever they are.

    Raises:
        FileError: it can't be read.
    """
    try:
        with open(path, "rb", opener=_plain) as file:
            return file.read(count).decode("utf-8", "replace")
    except (OSError, ValueError) as error:
        raise FileError(f"{path} can't be read: {why(error)}") from None


def read_text(path: str | Path, most: int = MOST) -> str:
    """The text of a file in UTF-8.

    Raises:
        FileError: it is no text in UTF-8. Else as `read_whole`.
    """
    try:
        return read_whole(path, most).decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileError(f"{path} is no text in UTF-8: byte {error.start} can't be read") from None


def write_whole(
    path: str | Path, data: bytes | str, *, private: bool = False, over: Over = "alike"
) -> Path:
    """Writes a file whole or not at all: what was there before stays until the new one is on disk.

    private: only its owner may read it. over: see `check_target`.

    Raises:
        FileError: it can't be written, or must not be written over.
    """
    raw = data.encode("utf-8") if isinstance(data, str) else data
    try:
        is_new = (private or over == "same") and not Path(path).exists()
    except (OSError, ValueError, RuntimeError):
        is_new = False  # it is refused
    path = check_target(path, raw, over=over)
    try:
        _put(path, raw, 0o600 if private else _mode(path), is_new=is_new)
    except FileExistsError:
        raise FileError(f"{path} has been made by another meanwhile: name another file") from None
    except (OSError, ValueError) as error:
        raise FileError(f"{path} can't be written: {why(error)}") from None
    return path


def check_target(path: str | Path, data: bytes | str, *, over: Over = "alike") -> Path:
    """Where a file would be written, which a link may name.

    over: which file that is there is written over: "alike", one that seechain wrote, of the same
    kind and about the same, which no two payments or postings that are signed are. "same", one
    that holds the same. "any", any text that people write, as an agreement, but no words of a key.

    Raises:
        FileError: no file can be there, or the one that is there is to stay.
    """
    raw = data.encode("utf-8") if isinstance(data, str) else data
    path = Path(path)
    try:
        if path.is_symlink():
            path = path.resolve()
        if path.exists() and not path.is_file():
            raise FileError(f"{path} is no file that could be written: name another")
        if not os.access(path.parent, os.W_OK | os.X_OK):
            os.listdir(path.parent)  # says why
            raise PermissionError(errno.EACCES, "Permission denied")
        kept = _to_keep(path, raw, over)
    except RuntimeError:  # before Python 3.13, of links that lead to each other
        raise FileError(f"{path} is a link that leads back to itself: name a file") from None
    except (OSError, ValueError) as error:
        raise FileError(f"{path} can't be written: {why(error)}") from None
    if kept:
        raise FileError(f"{path} is there already, and holds {kept}: name another file")
    return path


def _to_keep(path: Path, raw: bytes, over: Over) -> str:
    """What a file holds that is not to be written over; "" where it may be, or is empty."""
    if not path.exists():
        return ""
    with open(path, "rb", opener=_plain) as file:
        there = file.read(MOST)
        if there == raw[:MOST] and file.read(len(raw)) == raw[MOST:]:
            return ""
        if len(there) == MOST:
            file.seek(-_END, os.SEEK_END)
            there += file.read()
    if not there or there == raw:
        return ""
    if b'"crypto"' in there[:4096].lower():
        return "a key"
    if re.fullmatch(rb"\s*(?:[A-Za-z]{3,8}\s+){11,23}[A-Za-z]{3,8}\s*", there[:4096]):
        return "the words of a key"
    kind = _kind(there)
    if over == "any":
        return "" if kind is None and _is_text(there) else "something else"
    if kind is None or kind != _kind(raw):
        return "something else"
    return "another of its kind" if over == "same" else ""


def _kind(raw: bytes) -> Any:
    """What a file is and about what, by its mark or as JSON; None if seechain wrote none such."""
    if found := _MARKED.match(raw):
        return found.lastgroup, found[str(found.lastgroup)]
    try:
        read = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, dict):
        return None
    if "signature" in read:
        return {name: value for name, value in read.items() if name not in _AFRESH}
    whose = {name: read[name] for name in _WHOSE if name in read}
    return whose if "format" in read or "seechain" in read else (whose, sorted(read))


def _is_text(raw: bytes) -> bool:
    """Whether it is text, whose last letter may be cut."""
    try:
        return "\x00" not in raw[:MOST].decode("utf-8")
    except UnicodeDecodeError:
        return False


def _put(path: Path, raw: bytes, mode: int, *, is_new: bool) -> None:
    """Puts a file in its place. is_new: FileExistsError where another is there by then."""
    number, name = tempfile.mkstemp(prefix=f".{path.name[:64]}.", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            os.fchmod(number, mode)
            file.write(raw)
            file.flush()
            os.fsync(number)
        if is_new:
            _link(name, path)
        else:
            os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _link(name: str, path: Path) -> None:
    try:
        os.link(name, path)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS):
            raise
        os.replace(name, path)  # there are no links on this disk
    else:
        os.unlink(name)


def _mode(path: Path) -> int:
    """That of the file before, or what the user's mask leaves."""
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _plain(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe would wait for ever


def why(error: Exception) -> str:
    """What the system says of a fault, without numbers and names."""
    return str(getattr(error, "strerror", None) or error)
