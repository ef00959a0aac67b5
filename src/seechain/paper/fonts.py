"""Fonts for PDF: the first family that this machine has, and what to do about letters it lacks.

Where there is none, it is FiraGO, which pymupdf_fonts brings along, and without it Vera of
reportlab: Latin letters only. What the family lacks is looked for in `further` fonts. A letter that
none of them has stands as \\u05d0 in the PDF, so that nothing is left out in silence. The HTML
page shows them all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from seechain.paper import folders
from seechain.paper.direction import turns
from seechain.paper.further import Further, register
from seechain.paper.shaping import letters_of
from seechain.visible import visible

_KANA = re.compile("[\u3040-\u30ff]")
_JOINERS = "\u200c\u200d"
_DEJAVU = ("truetype/dejavu", "TTF", "dejavu", "dejavu-sans-fonts", "dejavu-sans-mono-fonts", "")
_NOTO = ("truetype/noto", "noto", "TTF", "google-noto", "")
_LIBERATION = ("truetype/liberation", "liberation", "liberation-sans", "liberation-mono", "")
_MAC = ("/System/Library/Fonts/Supplemental", "/Library/Fonts")


class _Family(NamedTuple):
    """Where a family may be, and the files of its regular, bold and one-width faces."""

    folders: Sequence[str]
    files: tuple[str, str, str]


_FAMILIES = (
    _Family(
        [f"{root}/{folder}" for root in folders.UNIX for folder in _DEJAVU],
        ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf"),
    ),
    _Family(
        [f"{root}/{folder}" for root in folders.UNIX for folder in _NOTO],
        ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSansMono-Regular.ttf"),
    ),
    _Family(
        [f"{root}/{folder}" for root in folders.UNIX for folder in _LIBERATION],
        ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf", "LiberationMono-Regular.ttf"),
    ),
    _Family(_MAC, ("Arial.ttf", "Arial Bold.ttf", "Courier New.ttf")),
    _Family(folders.WINDOWS, ("arial.ttf", "arialbd.ttf", "cour.ttf")),
)


@dataclass(frozen=True, slots=True)
class Face:
    """One face that reportlab knows by its name, and the letters it has.

    near: the face whose letters come next; then those of further fonts do.
    """

    name: str
    letters: frozenset[int]
    further: Further
    bold: bool = False
    near: Face | None = None

    def text(self, text: str, *, lines: bool = False) -> str:
        """The text, with the letters that no font shows written out."""
        if text.isascii() and text.isprintable():
            return text
        return "".join(
            letter if (lines and letter == "\n") or self._shows(letter) else _written(letter)
            for letter in visible(text, lines=lines)
        )

    def is_plain(self, text: str) -> bool:
        """Whether this face sets the text as it is: all its letters, one after the other."""
        if text.isascii():
            return True
        return (
            self.letters.issuperset(map(ord, text))
            and not turns(text)
            and not any(map(clings, text))
        )

    def runs(self, text: str) -> Iterator[tuple[str, int]]:
        """The font of each part of a text that `text` has made, and where the part ends."""
        last, start = "", 0
        for end in _ends(text):
            for font, until in self._fonts(text, start, end):
                if last and font != last:
                    yield last, start
                last, start = font, until
        if last:
            yield last, len(text)

    def _fonts(self, text: str, start: int, end: int) -> list[tuple[str, int]]:
        """Of a letter and its marks: one font where one has them all."""
        fonts = [self._font(letter) or self.name for letter in text[start:end]]
        needed = {ord(letter) for letter in text[start:end] if letter not in _JOINERS}
        for font in fonts:
            if len(fonts) == 1 or self._letters(font) >= needed:
                return [(font, end)]
        return [(font, at) for at, font in enumerate(fonts, start + 1)]

    def _shows(self, letter: str) -> bool:
        is_shown = letter in _JOINERS or self._font(letter) is not None
        if not is_shown:
            self.further.lacking[letter] = None
        return is_shown

    def _font(self, letter: str) -> str | None:
        if ord(letter) in self.letters:
            return self.name
        if self.near is not None:
            return self.near._font(letter)
        return self.further.font(letter, self.bold)

    def _letters(self, font: str) -> frozenset[int]:
        return self.letters if font == self.name else letters_of(font)


class Faces(NamedTuple):
    """The three faces of a document."""

    regular: Face
    bold: Face
    mono: Face


def faces(text: str = "") -> Faces:
    """The faces of the first family whose files are all here, else of fonts that are brought.

    text: of the whole document, which tells its languages.
    """
    further = Further(japanese=bool(_KANA.search(text)))
    for family in _FAMILIES:
        found = [_find(family.folders, file) for file in family.files]
        paths = [str(path) for path in found if path]
        if len(paths) == len(family.files):
            return _faces(further, *map(register, paths))
    files = ("FiraGO_Regular", "FiraGO_Bold", "SpaceMono_Regular")
    brought = [folders.brought(file) for file in files]
    data = [each for each in brought if each is not None]
    if len(data) == len(files):
        return _faces(further, *map(register, data, files))
    return _faces(further, register("Vera.ttf"), register("VeraBd.ttf"), "Courier")


def clings(letter: str) -> bool:
    """Whether it belongs to the letter before it."""
    return letter in _JOINERS or unicodedata.category(letter)[0] == "M"


def _faces(further: Further, regular: str, bold: str, mono: str) -> Faces:
    first = Face(regular, letters_of(regular), further)
    second = Face(bold, letters_of(bold), further, bold=True)
    return Faces(first, second, Face(mono, letters_of(mono), further, near=first))


def _ends(text: str) -> Iterator[int]:
    for at, letter in enumerate(text):
        if at and not clings(letter):
            yield at
    if text:
        yield len(text)


def _find(folders: Sequence[str], file: str) -> Path | None:
    for folder in folders:
        path = Path(folder).expanduser() / file
        if path.is_file():
            return path
    return None


def _written(letter: str) -> str:
    return f"\\u{ord(letter):04x}"
