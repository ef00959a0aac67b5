"""Files that people keep: read within bounds, written whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Literal, TypeAlias

from seechain.errors import FileError

MOST = 64 * 2**20  # bytes that are read, by default
Over: TypeAlias = Literal["alike", "same", "any"]

_START = 4096  # bytes by which a file is known
_JSON_START = re.compile(rb'\s*\{\s*("(?:format|seechain)":\s*"[^"]*"|"[^"]*")')
_WORD_START = re.compile(rb"[!-~]+\s")


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
    path = check_target(path, raw, over=over)
    try:
        _replace(path, raw, 0o600 if private else _mode(path))
    except (OSError, ValueError) as error:
        raise FileError(f"{path} can't be written: {why(error)}") from None
    return path


def check_target(path: str | Path, data: bytes | str, *, over: Over = "alike") -> Path:
    """Where a file would be written, which a link may name.

    over: which file that is there is written over: "alike", one of the same kind, which begins
    alike; "same", one that holds the same; "any", any but a keystore.

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
        start = file.read(_START)
        is_same = start == raw[:_START] and file.read(len(raw)) == raw[_START:]
    if is_same or not start:
        return ""
    if b'"crypto"' in start.lower():
        return "a key"
    if _kind(start) != _kind(raw[:_START]):
        return "" if over == "any" else "something else"
    return "another of its kind" if over == "same" else ""


def _kind(start: bytes) -> bytes:
    """How files of a kind begin: JSON by its first field and the format there, else a word."""
    if found := _JSON_START.match(start):
        return found[1]
    if _WORD_START.match(start):
        return start.split(maxsplit=1)[0]
    return start[:4]


def _replace(path: Path, raw: bytes, mode: int) -> None:
    number, name = tempfile.mkstemp(prefix=f".{path.name[:64]}.", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            os.fchmod(number, mode)
            file.write(raw)
            file.flush()
            os.fsync(number)
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
