"""Fonts for PDF: the first family that this machine has, and what to do about letters it lacks.

Where there is none, it is Vera, which reportlab brings along: Latin letters only. A letter that a
PDF can't show as it is read stands as \\u05d0 in it, so that nothing is left out in silence: one
that the font lacks, and those of scripts that run from right to left, which reportlab would set in
the wrong order. The HTML page shows them all.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]

from seechain.visible import visible

_UNIX = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_DEJAVU = ("truetype/dejavu", "TTF", "dejavu", "dejavu-sans-fonts", "dejavu-sans-mono-fonts", "")
_NOTO = ("truetype/noto", "noto", "TTF", "google-noto", "")
_LIBERATION = ("truetype/liberation", "liberation", "liberation-sans", "liberation-mono", "")
_MAC = ("/System/Library/Fonts/Supplemental", "/Library/Fonts")
_WINDOWS = ("C:/Windows/Fonts",)


class _Family(NamedTuple):
    """Where a family may be, and the files of its regular, bold and one-width faces."""

    folders: Sequence[str]
    files: tuple[str, str, str]


_FAMILIES = (
    _Family(
        [f"{root}/{folder}" for root in _UNIX for folder in _DEJAVU],
        ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf"),
    ),
    _Family(
        [f"{root}/{folder}" for root in _UNIX for folder in _NOTO],
        ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSansMono-Regular.ttf"),
    ),
    _Family(
        [f"{root}/{folder}" for root in _UNIX for folder in _LIBERATION],
        ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf", "LiberationMono-Regular.ttf"),
    ),
    _Family(_MAC, ("Arial.ttf", "Arial Bold.ttf", "Courier New.ttf")),
    _Family(_WINDOWS, ("arial.ttf", "arialbd.ttf", "cour.ttf")),
)


class Face(NamedTuple):
    """One face that reportlab knows by its name, and the letters it has."""

    name: str
    letters: frozenset[int]

    def text(self, text: str, *, lines: bool = False) -> str:
        """The text, with the letters that this face can't show written out."""
        return "".join(
            letter if (lines and letter == "\n") or self._shows(letter) else _written(letter)
            for letter in visible(text, lines=lines)
        )

    def _shows(self, letter: str) -> bool:
        is_back = unicodedata.bidirectional(letter) in ("R", "AL", "AN")
        return ord(letter) in self.letters and not is_back


class Faces(NamedTuple):
    """The three faces of a document."""

    regular: Face
    bold: Face
    mono: Face


def faces() -> Faces:
    """The faces of the first family whose files are all here, else reportlab's own."""
    for family in _FAMILIES:
        found = [_find(family.folders, file) for file in family.files]
        paths = [str(path) for path in found if path]
        if len(paths) == len(family.files):
            return Faces(*map(_register, paths))
    regular, bold = _register("Vera.ttf"), _register("VeraBd.ttf")
    # The one-width face that every PDF reader has knows Latin letters.
    latin = frozenset({*range(0x20, 0x7F), *range(0xA1, 0x100)})
    return Faces(regular, bold, Face("Courier", latin))


def _find(folders: Sequence[str], file: str) -> Path | None:
    for folder in folders:
        path = Path(folder).expanduser() / file
        if path.is_file():
            return path
    return None


def _register(path: str) -> Face:
    name = f"seechain-{Path(path).stem}"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, path))
    font: Any = pdfmetrics.getFont(name)
    return Face(name, frozenset(font.face.charToGlyph))


def _written(letter: str) -> str:
    return f"\\u{ord(letter):04x}"
