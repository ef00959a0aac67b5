"""Text of others, so that a terminal shows it and does nothing else with it."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

SENTENCE, WORD = 4000, 300  # characters that are shown of an error, and of one word in it

_LONG_WORD = re.compile(rf"\S{{{WORD + 3},}}")


def visible(text: str, *, lines: bool = True) -> str:
    """The text with every character that hides, reorders or steers written out, as \\u202e.

    lines: whether it keeps its line ends.
    """
    return "".join(
        letter if (lines and letter == "\n") or not hides(letter) else _written(letter)
        for letter in text
    )


def word(text: str) -> str:
    """A URI of others in a sentence: visible, and without the blanks that would end it there."""
    shown = visible(text, lines=False)
    return "".join(quote(letter) if letter.isspace() else letter for letter in shown)


def in_bounds(text: str) -> str:
    """A sentence whose values are short enough to be read, whatever a file or the chain says."""
    short = _LONG_WORD.sub(lambda found: f"{found[0][:WORD]}...", text)
    return short if len(short) <= SENTENCE else f"{short[:SENTENCE]}..."


def hides(letter: str) -> bool:
    """Whether a character shows as nothing, or changes how others are shown."""
    # Cc control, Cf format (direction), Zl and Zp line ends, Cs, Co and Cn no characters at all.
    category = unicodedata.category(letter)
    if letter in _JOINERS:
        return False
    return category[0] == "C" or category in ("Zl", "Zp") or letter in _BLANKS


# Format characters that scripts need inside words: zero width joiner and non-joiner.
_JOINERS = "\u200c\u200d"
# Letters that show as nothing.
_BLANKS = "\u034f\u115f\u1160\u2800\u3164\uffa0"


def _written(letter: str) -> str:
    number = ord(letter)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"
