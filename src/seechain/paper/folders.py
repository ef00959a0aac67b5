"""Where the fonts of systems are, and which letters are in them."""

from __future__ import annotations

from collections.abc import Container, Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

UNIX = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
MAC = ("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts")
WINDOWS = ("C:/Windows/Fonts",)
ROOTS = (*UNIX, *MAC, *WINDOWS)

BROUGHT = "pymupdf_fonts"  # brings FiraGO, of the extra `documents`

_MOST = 12  # letters that a sentence lists
_KINDS = (".ttf", ".ttc", ".otf")
_EMPTY = ("lastresort", "blank", "fallback-empty")  # whose letters are boxes, or nothing
_ODD = (
    *("italic", "oblique", "condensed", "narrow", "serif", "mono", "display", "emoji"),
    *("thin", "light", "medium", "semi", "demi", "extra", "black", "heavy"),
)  # fmt: skip


class FontFile(NamedTuple):
    """A font of the system. outlines: TrueType's, which reportlab can put into a PDF."""

    letters: Container[int]
    outlines: bool


def font_files(*, bold: bool = False) -> list[Path]:
    """The files of the system's fonts: plain sans serifs of that weight come first."""
    found = [
        path
        for root in ROOTS
        for path in Path(root).expanduser().rglob("*")
        if path.suffix.lower() in _KINDS and not any(name in path.stem.lower() for name in _EMPTY)
    ]
    return sorted(found, key=lambda path: _rank(path, bold))


@lru_cache(maxsize=2048)
def read(path: Path) -> FontFile:
    """What is in a file; no letters where it is no font, or can't be read."""
    import uharfbuzz

    try:
        face = uharfbuzz.Face(uharfbuzz.Blob(path.read_bytes()))
    except OSError:
        return FontFile(frozenset(), False)
    return FontFile(face.unicodes, "glyf" in face.table_tags)


def brought(name: str) -> bytes | None:
    """A font that pymupdf_fonts brings, as FiraGO_Regular; None where it is not installed."""
    if find_spec(BROUGHT) is None:
        return None
    from importlib import import_module

    return bytes(import_module(f"{BROUGHT}.{name}").fontbuffer)


def listed(letters: Iterable[str]) -> str:
    """Letters in a sentence."""
    known = sorted(letters)
    more = f" and {len(known) - _MOST} more" if len(known) > _MOST else ""
    return " ".join(known[:_MOST]) + more


def _rank(path: Path, bold: bool) -> tuple[object, ...]:
    name = path.stem.lower()
    is_odd = any(word in name for word in _ODD)
    return is_odd, ("bold" in name) != bold, "sans" not in name, name, path
