"""Files that prove themselves: JSON in one way of writing it, with a hash over all of it.

    canonical   ASCII, two blanks of indent, fields in the order of their format, a line end at
                the end; the last field is "hash": keccak256 of the same bytes without it

What is read is hostile: its size, its depth and its numbers are bounded, a field that stands
there twice is refused, and so are fractions and what JSON does not have. A file that holds the
same in other bytes is read, and said to be other than it was written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from eth_hash.auto import keccak
from pydantic import BaseModel, ConfigDict, ValidationError

from seechain import strict_json
from seechain.errors import FileError

MOST_BYTES = 320 * 2**20  # a table of all seats that there can be takes 256 MiB
MOST_FAULTS = 20  # that are listed


class Part(BaseModel):
    """A part of such a file: its fields are known, and of exactly their types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def seal(content: Mapping[str, Any]) -> bytes:
    """The bytes of a file with this content, its hash at the end."""
    fields = {name: value for name, value in content.items() if name != "hash"}
    return _bytes({**fields, "hash": hash_of(fields)})


def hash_of(content: Mapping[str, Any]) -> str:
    """The hash of a content, without the hash that it names itself."""
    plain = {name: value for name, value in content.items() if name != "hash"}
    return "0x" + keccak(_bytes(plain)).hex()


def unseal(raw: bytes, source: str) -> dict[str, Any]:
    """The fields of such a file; nothing is believed yet. source: how faults call it.

    Raises:
        FileError: it is no JSON as it was written here, or beyond all bounds.
    """
    if len(raw) > MOST_BYTES:
        raise FileError(f"{source} has more than {MOST_BYTES} bytes: it is not what it should be")
    try:
        content = strict_json.parse(raw)
    except UnicodeDecodeError as error:
        raise FileError(f"{source} is no text in UTF-8: byte {error.start} can't be read") from None
    except json.JSONDecodeError as error:
        raise FileError(
            f"{source} is no JSON: line {error.lineno}, column {error.colno}:"
            f" {error.msg.lower()}; it was cut or changed, get it again"
        ) from None
    except ValueError as error:
        raise FileError(f"{source} can't be read: {error}") from None
    if not isinstance(content, dict):
        raise FileError(f"{source} is no file of seechain: it has no fields")
    return content


def faults_of(raw: bytes, content: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the bytes of a file and with its hash: sentences, by place."""
    found = {}
    written = _bytes(content)
    if raw != written:
        at = next(
            (at for at, (one, other) in enumerate(zip(raw, written, strict=False)) if one != other),
            min(len(raw), len(written)),
        )
        found["the file"] = f"it is not written as seechain writes it, from byte {at} on"
    if content.get("hash") != (own := hash_of(content)):
        found["hash"] = (
            f"the content has the hash {own}, the file names {content.get('hash')}:"
            " something in it was changed"
        )
    return found


def read_as(model: type[Part], content: Mapping[str, Any], source: str) -> Any:
    """The content as its format has it.

    Raises:
        FileError: fields are missing, unknown or of other types; names them.
    """
    try:
        return model.model_validate(dict(content))
    except ValidationError as error:
        faults = [_fault(each) for each in error.errors(include_url=False)]
        more = len(faults) - MOST_FAULTS
        rest = [f"and {more} faults more"] if more > 0 else []
        said = "; ".join(faults[:MOST_FAULTS] + rest)
        raise FileError(f"{source} is not laid out as its format is: {said}") from None


def dumped(part: Part) -> dict[str, Any]:
    """A part as JSON has it, its fields in their order."""
    return part.model_dump(mode="json")


def dumped_all(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """As `dumped`, of each."""
    return [dumped(each) for each in parts]


def differences(one: Any, other: Any, where: str = "") -> list[tuple[str, Any, Any]]:
    """All places at which two contents differ, with both values; None where there is nothing."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            each
            for name in dict.fromkeys([*one, *other])
            for each in differences(one.get(name), other.get(name), f"{where}.{name}".strip("."))
        ]
    if isinstance(one, list) and isinstance(other, list):
        return [
            each
            for at in range(max(len(one), len(other)))
            for each in differences(
                one[at] if at < len(one) else None,
                other[at] if at < len(other) else None,
                f"{where}[{at}]",
            )
        ]
    return [] if type(one) is type(other) and one == other else [(where, one, other)]


def shown(value: Any, most: int = 100) -> str:
    """A value in a sentence: on one line, what can't be seen escaped, cut where it is long."""
    text = json.dumps(value) if not isinstance(value, str) else repr(value)[1:-1]
    return text if len(text) <= most else f"{text[: most // 2]}...{text[-8:]}"


def _bytes(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=2) + "\n").encode("ascii")


def _fault(error: Any) -> str:
    where = "".join(
        f"[{each}]" if isinstance(each, int) else f".{shown(each)}" for each in error["loc"]
    ).strip(".")
    said = str(error["msg"]).removeprefix("Value error, ").lower()
    return f"{where}: {shown(said, 200)}"
