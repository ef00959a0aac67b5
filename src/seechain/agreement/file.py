"""Reads the agreement file (YAML) and its table of further seats (CSV), keeping line numbers.

YAML is read to plain values without its surprises: a key twice, an alias or a tag is refused,
an account without quotes stays text, and a date stays as it was written.
"""

from __future__ import annotations

import csv
import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import yaml

from seechain.accounts import account_bytes
from seechain.errors import AccountError, AgreementError, ShareTableError
from seechain.share_table.seat_words import (
    AT_ONCE,
    MAX_SEATS,
    PULL_ONLY,
    WORD,
    pack_columns,
    pack_seat,
    repeated,
    sort_words,
)

MAX_FILE = 1_000_000  # characters of YAML
MAX_DEPTH = 8  # lists and fields inside each other; an agreement needs 3
MAX_LISTED = 20  # faults of a seats file that are listed
MAX_COUNTED = 1000  # with so many it is no seats file, and not read to its end
MAX_LINE = 100_000  # characters; of more a line is another
MAX_SHOWN = 60  # characters of a cell

Where: TypeAlias = tuple[str | int, ...]

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,77})")
_TAG = "tag:yaml.org,2002:"


class Source(NamedTuple):
    """What a file says: its values by field, and the line (from 1) of each value."""

    data: dict[str, object]
    lines: dict[Where, int]


def read_file(path: Path) -> str:
    """The text of a file, with a clear sentence where it can't be read.

    Raises:
        AgreementError: it is missing, not a file, too long, or not UTF-8.
    """
    try:
        _check_plain(path)
        if path.stat().st_size > 4 * MAX_FILE:
            raise AgreementError("the file is too long for an agreement", path.name)
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise AgreementError(f"there is no file {path}", path.name) from None
    except UnicodeDecodeError as error:
        raise AgreementError(
            f"the file is not UTF-8 text (byte {error.start}): save it as UTF-8", path.name
        ) from None
    except OSError as error:
        raise AgreementError(f"{path} can't be read: {error.strerror}", path.name) from None


def _check_plain(path: Path) -> None:
    # A pipe waits for ever, and a device never ends.
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.EINVAL, "it is no file")


def read_yaml(text: str, doubled: list[str] | None = None) -> Source:
    """The values of an agreement file, with their lines.

    doubled: takes the faults of fields that stand there twice, so that the others are read.

    Raises:
        AgreementError: it is no YAML, no mapping of fields, or uses what an agreement has no use
            for (a key twice, aliases, tags).
    """
    if len(text) > MAX_FILE:
        raise AgreementError(f"the file is longer than {MAX_FILE} characters")
    walk = _Walk()
    try:
        node = yaml.compose(text, Loader=_Loader)
        data = walk.value(node, ()) if node is not None else None
    except yaml.YAMLError as error:
        raise AgreementError(_yaml_fault(error, text)) from None
    if walk.faults or (walk.doubled and doubled is None):
        raise AgreementError(walk.faults + walk.doubled)
    if doubled is not None:
        doubled += walk.doubled
    if not isinstance(data, dict):
        raise AgreementError(
            "the file should be fields with values, as 'name: Night Market', and is not"
        )
    return Source(data, walk.lines)


class _Loader(yaml.SafeLoader):
    """Goes down so far only: how deep it could must not depend on the machine."""

    depth = 0

    def compose_sequence_node(self, anchor: Any) -> Any:
        with self._deeper():
            return super().compose_sequence_node(anchor)

    def compose_mapping_node(self, anchor: Any) -> Any:
        with self._deeper():
            return super().compose_mapping_node(anchor)

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        if self.depth == MAX_DEPTH:
            event: Any = self.peek_event()  # type: ignore[no-untyped-call]
            line = event.start_mark.line + 1
            raise AgreementError(f"line {line}: this is nested too deeply for an agreement")
        self.depth += 1
        yield
        self.depth -= 1


class _Walk:
    def __init__(self) -> None:
        self.lines: dict[Where, int] = {}
        self.faults: list[str] = []
        self.doubled: list[str] = []
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, where: Where) -> object:
        line = node.start_mark.line + 1
        self.lines[where] = line
        if id(node) in self._seen:
            self.faults.append(f"line {line}: an agreement has no aliases (&, *): write it out")
            return None
        self._seen.add(id(node))
        if not node.tag.startswith(_TAG) or "/" in node.tag:
            self.faults.append(f"line {line}: an agreement has no tags, got {node.tag}")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, where)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(each, (*where, at)) for at, each in enumerate(node.value)]
        return _scalar(node.tag.removeprefix(_TAG), node.value)

    def _mapping(self, node: yaml.MappingNode, where: Where) -> dict[str, object]:
        values: dict[str, object] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self.faults.append(f"line {line}: a field's name is a word")
            elif name in values:
                self.doubled.append(f"line {line}: the field {name!r} stands here twice")
            else:
                values[name] = self.value(value, (*where, name))
        return values


def _scalar(tag: str, text: str) -> object:
    if tag == "int" and _WHOLE.fullmatch(text):
        return int(text)
    if tag == "float":
        try:
            return float(text)
        except ValueError:
            return text
    if tag == "bool":
        return text.lower() in ("yes", "true", "on")
    if tag == "null":
        return None
    return text


def _yaml_fault(error: yaml.YAMLError, text: str) -> str:
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return f"line {line}: the character U+{ord(text[error.position]):04X} can't stand in YAML"
    assert isinstance(error, yaml.MarkedYAMLError)  # the parser raises no others
    where = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
    context = f" ({error.context})" if error.context else ""
    return f"{where}this is no YAML: {error.problem}{context}"


def read_seats(path: Path) -> bytes:
    """The seat words of a CSV file of account,shares[,pull_only], ascending.

    The first line may name the columns. Not one object for each seat is kept.

    Raises:
        AgreementError: with the lines that are wrong, or whose account has a seat already; or
            there are more seats than a share table holds.
    """
    words = bytearray()
    faults: list[tuple[int, str]] = []
    rows = _rows(path)
    while len(faults) < MAX_COUNTED and (some := list(islice(rows, AT_ONCE))):
        words += _seat_words(some) or b"".join(_one_by_one(some, faults))
        if len(words) > WORD * MAX_SEATS:
            raise AgreementError(f"the file has more than {MAX_SEATS} seats", path.name)
    ascending = sort_words(bytes(words))
    if twice := {f"0x{raw.hex()}" for raw in repeated(ascending)}:
        faults += _second_seats(path, twice)
    if not words and not faults:
        raise AgreementError("there is no seat in the file", path.name)
    if faults:
        listed = [f"line {line}: {fault}" for line, fault in sorted(faults)[:MAX_LISTED]]
        more = len(faults) - MAX_LISTED
        if more > 0:
            some_more = f"{more}" if len(faults) < MAX_COUNTED else f"more than {more}"
            listed.append(f"and {some_more} faults more")
        raise AgreementError(listed, path.name)
    return ascending


def _second_seats(path: Path, accounts: set[str]) -> Iterator[tuple[int, str]]:
    first: dict[str, int] = {}
    for line, row in _rows(path):
        account = row[0].strip().lower() if row else ""
        if account in first:
            said = f"the account {account} has two seats: put them into one, that of line"
            yield line, f"{said} {first[account]}"
        elif account in accounts:
            first[account] = line


_Row: TypeAlias = tuple[int, list[str]]  # the line where it ends, and its cells as they stand


def _rows(path: Path) -> Iterator[_Row]:
    line = 0
    try:
        _check_plain(path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(iter(partial(file.readline, MAX_LINE), ""), strict=True)
            for row in reader:
                line = reader.line_num
                yield line, row
    except FileNotFoundError:
        raise AgreementError(f"there is no file {path}", path.name) from None
    except OSError as error:
        raise AgreementError(f"{path} can't be read: {error.strerror}", path.name) from None
    except UnicodeDecodeError:
        said = "the file is not UTF-8 text: save the table as CSV in UTF-8"
        raise AgreementError(said, path.name) from None
    except csv.Error:
        said = f"line {line + 1}: the file can't be read as CSV, lines of account,shares"
        raise AgreementError(said, path.name) from None
    except ValueError:  # of a name that no file can have
        raise AgreementError(f"there can be no file {str(path)!r}", path.name) from None


def _seat_words(rows: list[_Row]) -> bytes | None:
    """The words of rows that are all as a machine writes them; None where one is not."""
    cells = [row for _, row in rows]
    lengths, flags = set(map(len, cells)), None
    if not lengths <= {2, 3}:
        return None
    if 3 in lengths:
        thirds = [row[2] if len(row) == 3 else "" for row in cells]
        if not {"", "pull_only"}.issuperset(thirds):
            return None
        flags = [PULL_ONLY if third else 0 for third in thirds]
    numbers = [row[1] for row in cells]
    try:
        shares = list(map(int, numbers))
    except ValueError:
        return None
    # int takes also what the file has no use for: spaces, underscores, other digits.
    if list(map(str, shares)) != numbers:
        return None
    return pack_columns([row[0] for row in cells], shares, flags)


def _one_by_one(rows: list[_Row], faults: list[tuple[int, str]]) -> Iterator[bytes]:
    for line, row in rows:
        cells = [cell.strip() for cell in row]
        titles = line == 1 and cells[:2] == ["account", "shares"]
        if any(cells) and not titles:
            try:
                yield _seat_word(cells)
            except (AccountError, ShareTableError, ValueError) as error:
                faults.append((line, str(error)))


def _seat_word(row: list[str]) -> bytes:
    # What is no table may be a file of secrets: nothing of it is shown.
    if not row[0].startswith("0x") or len(row[0]) > MAX_SHOWN or len(row) not in (2, 3):
        raise ValueError(
            "a seat is an account (0x and 40 hex digits), its shares, perhaps pull_only"
        )
    shares, flag = row[1][:MAX_SHOWN], "".join(row[2:])[:MAX_SHOWN]
    if not _WHOLE.fullmatch(row[1]):
        raise ValueError(f"shares must be a whole number above zero, got {shares!r}")
    if flag not in ("", "pull_only"):
        raise ValueError(f"the third column is empty or pull_only, got {flag!r}")
    return pack_seat(account_bytes(row[0]), int(row[1]), PULL_ONLY if flag else 0)


def seats_path(value: object, base: Path | None) -> Path:
    """The path of the seats file that an agreement file names, beside it or below.

    Raises:
        AgreementError: it is no such path.
    """
    if not isinstance(value, str) or not value.strip():
        raise AgreementError(f"seats is the name of a CSV file, got {value!r}")
    if base is None:
        raise AgreementError(f"seats: say in which folder {value!r} is (base_dir)")
    path = Path(value)
    # The file may come from a stranger: it must not name what is elsewhere on this machine.
    if path.is_absolute() or ".." in path.parts:
        raise AgreementError(f"seats must be a file beside the agreement or below, got {value!r}")
    return base / path
