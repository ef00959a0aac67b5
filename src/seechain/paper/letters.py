"""How wide a line is, without a font at hand, and a line that fits its room."""

from __future__ import annotations

import unicodedata

FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"

# In ems, a little wide on purpose: the fonts of systems differ, and a line must not run over.
_NARROW = frozenset("ijl.,:;'|!ftIr()[]/\\ -`")
_WIDE = frozenset("mwMW@%&")
_CUT = "\u2026"


def width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a line is in a sans serif of this size, in the size's unit."""
    return sum(map(_em, text)) * size * (1.1 if bold else 1.0)


def fit(
    text: str, size: float, room: float, *, bold: bool = False, least: float = 0.8
) -> tuple[str, float]:
    """A line that fits a room: set smaller, down to `least` of its size, then cut; and its size."""
    wide = width(text, size, bold=bold)
    if wide <= room:
        return text, size
    smaller = max(size * least, size * room / wide)
    if width(text, smaller, bold=bold) <= room + 1e-6:
        return text, smaller
    kept, used = [], width(_CUT, smaller, bold=bold)
    for letter in text:
        used += width(letter, smaller, bold=bold)
        # A mark belongs to the letter before it.
        if used > room and not unicodedata.combining(letter):
            break
        kept.append(letter)
    return "".join(kept).rstrip() + _CUT, smaller


def _em(letter: str) -> float:
    if unicodedata.combining(letter) or letter in "\u200c\u200d\ufe0f":
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    if letter in _NARROW:
        return 0.38
    if letter in _WIDE:
        return 0.95
    if letter.isascii():
        return 0.7 if letter.isupper() else 0.64 if letter.isdigit() else 0.61
    return 0.78 if letter.isupper() else 0.66
