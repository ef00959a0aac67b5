"""Fonts for letters that a document's family lacks, the nearest first.

FiraGO, where pymupdf_fonts is; then any font of the system that a PDF can hold; then, for Chinese,
Japanese and Korean, the fonts that PDF names and leaves to the reader.
"""

from __future__ import annotations

import io
import struct
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFError  # type: ignore[import-untyped]

from seechain.paper.folders import brought, font_files, listed, read
from seechain.paper.shaping import Font, letters_of

# The letters of each font are about those of an old encoding.
_LEFT = (("gbk", "STSong-Light"), ("cp932", "HeiseiKakuGo-W5"), ("cp949", "HYGothic-Medium"))


# What reportlab raises of fonts that are broken, or not as it knows them.
_BROKEN = (TTFError, ArithmeticError, LookupError, ValueError, OSError, struct.error)


class Further:
    """Further fonts of one document, and what became of its letters.

    lacking: those that no font has. left: those that are in fonts of the reader. said: by font,
    what its letters say (see `shaping`). lines: those that were set. japanese: it has kana.
    """

    def __init__(self, *, japanese: bool = False) -> None:
        # The same sign is drawn otherwise in Japan.
        self._left = sorted(_LEFT, key=lambda each: japanese and each[0] != "cp932")
        self.lacking: dict[str, None] = {}
        self.left: dict[str, None] = {}
        self.said: dict[str, dict[int, str]] = {}
        self.lines: dict[Any, Any] = {}
        self._here: dict[bool, list[tuple[str, frozenset[int]]]] = {}
        self._files: dict[bool, list[Path]] = {}
        self._seen: dict[bool, dict[str, str | None]] = {}

    def font(self, letter: str, bold: bool) -> str | None:
        """The font of a letter, None where no font has it."""
        seen = self._seen.setdefault(bold, {})
        if letter not in seen:
            seen[letter] = self._embedded(ord(letter), bold) or self._of_reader(letter)
        return seen[letter]

    def notes(self) -> Iterator[str]:
        """What whoever sends the PDF should know of it, in sentences."""
        if self.lacking:
            yield (
                f"The PDF has {listed(self.lacking)} written out, as \\u05d0, since no font here"
                " has them: HTML shows them."
            )
        if self.left:
            yield (
                f"The PDF leaves {listed(self.left)} to the fonts of its reader, who sees nothing"
                " where there are none: install a TrueType font that has them here, or send HTML."
            )

    def _embedded(self, letter: int, bold: bool) -> str | None:
        if bold not in self._here:
            self._here[bold] = list(_brought(bold))
            self._files[bold] = font_files(bold=bold)
        for name, letters in self._here[bold]:
            if letter in letters:
                return name
        return self._searched(letter, bold)

    def _searched(self, letter: int, bold: bool) -> str | None:
        for path in self._files[bold]:
            file = read(path)
            if letter in file.letters and file.outlines:
                try:
                    name = register(path)
                except _BROKEN:
                    continue
                self._here[bold].append((name, letters_of(name)))
                return name
        return None

    def _of_reader(self, letter: str) -> str | None:
        if unicodedata.east_asian_width(letter) not in "WF" or ord(letter) > 0xFFFF:
            return None
        for encoding, name in self._left:
            try:
                letter.encode(encoding)
            except UnicodeEncodeError:
                continue
            if name not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(UnicodeCIDFont(name))
            self.left[letter] = None
            return name
        return None


def register(source: Path | str | bytes, name: str = "") -> str:
    """Makes a font known to reportlab; gives its name there.

    Raises:
        TTFError: it is no TrueType font.
    """
    if not isinstance(source, bytes):
        name = Path(source).stem
    name = f"seechain-{name}"
    if name not in pdfmetrics.getRegisteredFontNames():
        file = io.BytesIO(source) if isinstance(source, bytes) else str(source)
        pdfmetrics.registerFont(Font(name, file))
    return name


def _brought(bold: bool) -> Iterator[tuple[str, frozenset[int]]]:
    name = "FiraGO_Bold" if bold else "FiraGO_Regular"
    data = brought(name)
    if data is not None:
        known = register(data, name)
        yield known, letters_of(known)
