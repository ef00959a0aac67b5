"""Which way letters run: the Unicode Bidirectional Algorithm (UAX #9, revision 48) for one line.

Texts hold no marks of direction here, since `visible` shows them as what hides: so its rules for
explicit marks (X1 to X8) have no part in this, and a line is one sequence of one level.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TypeVar

_BACK = frozenset({"R", "AL"})
_TURNS = _BACK | {"AN"}  # where a line has none of these, all of it runs to the right
_NEUTRAL = frozenset({"B", "S", "WS", "ON"})
_OPEN = "([{\u2329\u27e8\u3008\u300a\u300c\u300e\u3010\u3014\u3016\uff08\uff3b\uff5b\uff5f\uff62"
_CLOSE = ")]}\u232a\u27e9\u3009\u300b\u300d\u300f\u3011\u3015\u3017\uff09\uff3d\uff5d\uff60\uff63"
_PAIRS = dict(zip(_CLOSE, _OPEN, strict=True))
_SAME = {"\u2329": "\u3008"}  # canonically equal (rule BD16)
_MOST_OPEN = 63  # BD16: deeper brackets are no pairs

_Part = TypeVar("_Part")


def turns(text: str) -> bool:
    """Whether some of its letters run from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(each) in _TURNS for each in text)


def base_of(text: str) -> int:
    """Which way a line runs as a whole, by its first letter (P2, P3): 0 to the right, 1 left."""
    strong = (unicodedata.bidirectional(each) for each in text)
    first = next((each for each in strong if each == "L" or each in _BACK), "L")
    return int(first in _BACK)


def levels(text: str, base: int) -> list[int]:
    """The level of each letter: odd ones run to the left. base: the line's own."""
    if not base and not turns(text):
        return [0] * len(text)
    kinds = [unicodedata.bidirectional(each) or "L" for each in text]
    # X9, by 5.2: what takes no room is as if it were not there, and goes with what is before it.
    at = [index for index, kind in enumerate(kinds) if kind != "BN"]
    found = dict(
        zip(at, _resolved([kinds[i] for i in at], [text[i] for i in at], base), strict=True)
    )
    result, last = [], base
    for index in range(len(text)):
        last = found.get(index, last)
        result.append(last)
    return result


def ordered(parts: Sequence[tuple[int, _Part]]) -> list[tuple[int, _Part]]:
    """Parts of a line as they stand from left to right (L2). Each is with its level."""
    result = list(parts)
    for least in range(max((level for level, _ in parts), default=0), 0, -1):
        start = 0
        while start < len(result):
            end = start
            while end < len(result) and result[end][0] >= least:
                end += 1
            result[start:end] = reversed(result[start:end])
            start = end + 1
    return result


def _resolved(kinds: list[str], letters: Sequence[str], base: int) -> Iterator[int]:
    edge = "R" if base else "L"  # sos and eos
    marks = [kind == "NSM" for kind in kinds]
    _weak(kinds, edge)
    _brackets(kinds, letters, marks, edge)
    _neutral(kinds, edge)
    for kind in kinds:  # I1, I2
        if base:
            yield base + (kind != "R")
        else:
            yield {"R": 1, "L": 0}.get(kind, 2)


def _weak(kinds: list[str], edge: str) -> None:
    last = strong = edge
    for at, kind in enumerate(kinds):
        if kind == "NSM":  # W1
            kind = last
        last = kind
        if kind == "EN" and strong == "AL":  # W2
            kind = "AN"
        elif kind == "L" or kind in _BACK:
            strong = kind
        kinds[at] = kind
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]  # W3
    for at in range(1, len(kinds) - 1):  # W4
        before, kind, after = kinds[at - 1 : at + 2]
        if before == after and (before, kind) in (("EN", "ES"), ("EN", "CS"), ("AN", "CS")):
            kinds[at] = before
    at = 0
    for kind, group in groupby(list(kinds)):  # W5, W6
        count = len(list(group))
        if kind in ("ET", "ES", "CS"):
            beside = (*kinds[max(at - 1, 0) : at], *kinds[at + count : at + count + 1])
            is_money = kind == "ET" and "EN" in beside
            kinds[at : at + count] = ["EN" if is_money else "ON"] * count
        at += count
    strong = edge
    for at, kind in enumerate(kinds):  # W7
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"


def _strong(kind: str) -> str:
    return "R" if kind in ("EN", "AN") else kind


def _pairs(kinds: Sequence[str], letters: Sequence[str]) -> list[tuple[int, int]]:
    waiting: list[tuple[str, int]] = []
    found = []
    for at, (kind, letter) in enumerate(zip(kinds, letters, strict=True)):
        if kind != "ON":
            continue
        if letter in _OPEN:
            if len(waiting) == _MOST_OPEN:
                return []
            waiting.append((_SAME.get(letter, letter), at))
        elif letter in _PAIRS:
            opening = _PAIRS[letter]
            opening = _SAME.get(opening, opening)
            for depth in range(len(waiting) - 1, -1, -1):
                if waiting[depth][0] == opening:
                    found.append((waiting[depth][1], at))
                    del waiting[depth:]
                    break
    return sorted(found)


def _brackets(
    kinds: list[str], letters: Sequence[str], marks: Sequence[bool], edge: str
) -> None:  # N0
    for start, end in _pairs(kinds, letters):
        inside = {_strong(kind) for kind in kinds[start + 1 : end]} & {"L", "R"}
        if not inside:
            continue
        toward = edge
        if edge not in inside:
            before = (_strong(kind) for kind in reversed(kinds[:start]))
            if next((kind for kind in before if kind in ("L", "R")), edge) != edge:
                toward = "L" if edge == "R" else "R"
        for at in (start, end):
            kinds[at] = toward
            # A mark goes with the bracket that it stands on.
            for after in range(at + 1, len(kinds)):
                if not marks[after]:
                    break
                kinds[after] = toward


def _neutral(kinds: list[str], edge: str) -> None:
    at = 0
    for is_neutral, group in groupby(list(kinds), _NEUTRAL.__contains__):  # N1, N2
        count = len(list(group))
        if is_neutral:
            before = _strong(kinds[at - 1]) if at else edge
            after = _strong(kinds[at + count]) if at + count < len(kinds) else edge
            kinds[at : at + count] = [before if before == after else edge] * count
        at += count
