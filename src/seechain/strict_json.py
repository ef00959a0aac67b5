"""Reads JSON that anybody may have written: bounded, each field once, whole numbers alone."""

from __future__ import annotations

import json
import re
from typing import Any

from seechain.visible import visible

MOST_DEPTH = 12
MOST_PARTS = 2_000_000  # texts, commas and brackets
MOST_DIGITS = 78  # of a number: what fits 256 bits

# A text that does not end goes to the end of the file: no place in it is looked at twice.
_PARTS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)


def parse(raw: bytes | str) -> Any:
    """The value of a JSON text.

    Raises:
        ValueError: it is none (json.JSONDecodeError, UnicodeDecodeError), is nested too deep or
            has too many parts, has a field twice, a fraction, a number beyond 256 bits or half a
            letter.
    """
    raw = raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw
    _check_shape(raw)
    found = json.loads(
        raw.decode("utf-8"),
        object_pairs_hook=_object,
        parse_int=_number,
        parse_float=_no_number,
        parse_constant=_no_number,
    )
    if b"\\ud" in raw or b"\\uD" in raw:  # halves of letters, which may lack the other
        try:
            json.dumps(found, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:
            raise ValueError("it holds half a letter, which is no text") from None
    return found


def _check_shape(raw: bytes) -> None:
    # Ahead of reading, which recurses, and makes objects: neither must depend on the machine.
    depth = 0
    for parts, match in enumerate(_PARTS.finditer(raw)):
        first = raw[match.start()]
        depth += first in b"[{"
        depth -= first in b"]}"
        if depth > MOST_DEPTH:
            raise ValueError(f"it is nested more than {MOST_DEPTH} deep")
        if parts >= MOST_PARTS:
            raise ValueError(f"it has more than {MOST_PARTS} parts")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise ValueError(f"the field {visible(name[:80], lines=False)} stands there twice")
            seen.add(name)
    return fields


def _number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"the number {digits[:20]}... is too long")
    return int(digits)


def _no_number(digits: str) -> Any:
    raise ValueError(f"{digits[:20]} is no whole number")
