"""Glyphs for the letters of a run: joined, stacked and reordered as its script wants, by HarfBuzz.

reportlab sets letters, not glyphs: a glyph that no letter has by itself gets one that the font does
not use, and `Font` writes into the PDF what it says, which is what a reader copies and searches.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import ShapeData, ShapedStr, TTFont  # type: ignore[import-untyped]

_LATIN = frozenset({*range(0x20, 0x7F), *range(0xA1, 0x100)})
_UNUSED = (range(0xE000, 0xF900), range(0x3400, 0xD800), range(0x100, 0x3400))


def is_shapable(name: str) -> bool:
    """Whether a font that reportlab knows has outlines in the PDF, for which glyphs are known."""
    return hasattr(pdfmetrics.getFont(name).face, "charToGlyph")


class Font(TTFont):  # type: ignore[misc]
    """A TrueType font whose glyphs say in a document what `said` of it has for their letters."""

    def addObjects(self, doc: Any) -> None:
        """See reportlab: writes the font into a document."""
        said = getattr(doc, "seechain_said", {}).get(self.fontName, {})
        count = len(self.state[doc].subsets)
        names = [self.getSubsetInternalName(each, doc)[1:] for each in range(count)]
        super().addObjects(doc)

        def says(found: re.Match[str]) -> str:
            letter = int(found[1], 16)
            return f"> <{said.get(letter, chr(letter)).encode('utf-16-be').hex().upper()}>"

        for name in names:
            font = doc.idToObject["BasicFonts"].dict[name]
            stream = doc.idToObject[font.ToUnicode.name]
            stream.content = re.sub("> <([0-9A-F]+)>$", says, stream.content, flags=re.M)


class Run(NamedTuple):
    """A part of a line as reportlab's canvas draws it, in one font, from left to right.

    width: in widths of its letter size. said: what it says, where its glyphs can't.
    """

    font: str
    text: Any
    width: float
    said: str = ""


def letters_of(name: str) -> frozenset[int]:
    """The letters of a font that reportlab knows; none of a font that is not in the PDF."""
    if name == "Courier":  # every PDF reader has it, with Latin letters
        return _LATIN
    font: Any = pdfmetrics.getFont(name)
    if not hasattr(font, "seechain_letters"):  # before glyphs that are none are added
        font.seechain_letters = frozenset(getattr(font.face, "charToGlyph", ()))
    letters: frozenset[int] = font.seechain_letters
    return letters


def scripts(text: str) -> Iterator[str]:
    """The script of each letter, by its name; of signs and marks, that of the letter before."""
    last = ""
    for letter in text:
        if unicodedata.category(letter)[0] == "L":
            last = unicodedata.name(letter, "").partition(" ")[0]
        yield last


def shaped(text: str, name: str, said: dict[int, str], *, back: bool) -> Iterator[Run]:
    """The glyphs of a text of one font, direction and script.

    said: what the letters of the font say in this document; more is added to it. back: the text
    runs from right to left.
    """
    import uharfbuzz

    font: Any = pdfmetrics.getFont(name)
    buffer = uharfbuzz.Buffer()
    buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if back else "ltr"
    uharfbuzz.shape(uharfbuzz.Font(font.hbFace), buffer, {})
    glyphs = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
    starts = sorted({info.cluster for info, _ in glyphs})
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    plain: list[tuple[int, Any]] = []
    for start, group in groupby(glyphs, lambda each: each[0].cluster):
        source = text[start : ends[start]]
        letters = [(_letter(font, info.codepoint, source[0]), place) for info, place in group]
        if len(letters) == 1 and _can_say(letters[0][0], source, letters_of(name), said):
            plain += letters
            continue
        if plain:
            yield _run(font, plain)
            plain = []
        yield _run(font, letters, source)
    if plain:
        yield _run(font, plain)


def _can_say(letter: int, source: str, own: frozenset[int], said: dict[int, str]) -> bool:
    """Whether a letter of a font says in this document what a glyph stands for, and no other."""
    if letter in own and _compatible(chr(letter)) != _compatible(source):
        return False
    return said.setdefault(letter, source) == source


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _letter(font: Any, glyph: int, likely: str) -> int:
    letter = ord(likely)
    return letter if font.face.charToGlyph.get(letter) == glyph else _glyphs(font)[glyph]


def _run(font: Any, letters: Sequence[tuple[int, Any]], said: str = "") -> Run:
    scale = 1000 / font.hbFace.upem
    places = []
    for letter, at in letters:
        numbers = (at.x_advance, at.y_advance, at.x_offset, at.y_offset)
        wide = font.face.getCharWidth(letter)
        places.append(ShapeData(0, *(each * scale for each in numbers), wide))
    text = ShapedStr("".join(chr(letter) for letter, _ in letters), places)
    return Run(font.fontName, text, sum(place.x_advance for place in places) / 1000, said)


def _glyphs(font: Any) -> dict[int, int]:
    """A letter for each glyph of a font, the same in every document."""
    known: dict[int, int] | None = getattr(font, "seechain_glyphs", None)
    if known is not None:
        return known
    import uharfbuzz

    face = font.face
    known = {glyph: min(letters) for glyph, letters in face.glyphToChar.items()}
    free = (letter for letter in chain(*_UNUSED) if letter not in face.charToGlyph)
    advances, scale = uharfbuzz.Font(font.hbFace), 1000 / font.hbFace.upem
    bare = [glyph for glyph in range(face.numGlyphs) if glyph not in known]
    for glyph, letter in list(zip(bare, free, strict=False)):
        known[glyph] = letter
        face.charToGlyph[letter] = glyph
        face.charWidths[letter] = advances.get_glyph_h_advance(glyph) * scale
    font.seechain_glyphs = known
    return known
