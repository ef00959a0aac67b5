"""Every place in a file, and what can be changed there."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]
STRANGER = "0x90F8bf6A479f320ead074411a4B0e7944Ea8c9C1"


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """All values that are no lists and no objects, by place."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from leaves(each, (*path, name))
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from leaves(each, (*path, at))
    else:
        yield path, value


def one_of_each(content: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    """As `leaves`, but of lists the last that has a field."""
    found = {re.sub(r"\[\d+\]", "", named(path)): (path, value) for path, value in leaves(content)}
    yield from found.values()


def named(path: Path) -> str:
    """A place as a report names it."""
    return "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in path)[1:]


def changed(content: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The content with another value at a place."""
    other = copy.deepcopy(content)
    at = other
    for each in path[:-1]:
        at = at[each]  # type: ignore[index]
    at[path[-1]] = value  # type: ignore[index]
    return other


def others(value: Any) -> Iterator[Any]:
    """What a value may be changed to: of its own kind, or of none."""
    if isinstance(value, bool) or value is None:
        yield 1
    elif isinstance(value, int):
        yield value + 1
        if value:
            yield value - 1
    elif value == "native":
        yield STRANGER
    elif re.fullmatch("0x[0-9a-fA-F]{40}", value):
        yield STRANGER
        yield value[:-1] + ("0" if value[-1] != "0" else "1")  # its checksum is wrong
    elif re.fullmatch("[0-9]+", value):
        yield str(int(value) + 1)
    else:
        for at in {0, len(value) // 2, len(value) - 1} if value else ():
            letter = value[at]
            new = "1" if letter == "0" else "0" if letter in "123456789abcdef" else "x"
            yield value[:at] + (new if new != letter else "y") + value[at + 1 :]


def shuffles(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Lists with an entry less, twice, or two changed about; two signatures exchanged."""
    for path, value in list(_lists(content)):
        if not value:
            continue
        yield f"{named(path)} less", changed(content, path, value[:-1])
        yield f"{named(path)} less its first", changed(content, path, value[1:])
        yield f"{named(path)} twice", changed(content, path, [*value, value[-1]])
        if len(value) > 1:
            swapped = [value[1], value[0], *value[2:]]
            yield f"{named(path)} swapped", changed(content, path, swapped)
            if isinstance(value[0], dict) and "signature" in value[0]:
                one, other = copy.deepcopy(value[:2])
                one["signature"], other["signature"] = other["signature"], one["signature"]
                yield f"{named(path)} exchanged", changed(content, path, [one, other, *value[2:]])


def _lists(value: Any, path: Path = ()) -> Iterator[tuple[Path, list[Any]]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _lists(each, (*path, name))
    elif isinstance(value, list):
        yield path, value
        for at, each in enumerate(value):
            yield from _lists(each, (*path, at))
