"""A drawing as PNG, by resvg with the fonts of the system, and with FiraGO where they lack letters.

Letters that none of them has are boxes in the picture, or nothing: who makes it is told.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

from seechain.errors import SeechainError
from seechain.paper.drawing import Drawing, Words, svg
from seechain.paper.folders import brought, font_files, listed, read
from seechain.visible import visible

_ZOOM = 2
_HEAD = 33  # bytes of a PNG's signature and its first chunk
_FIRA = ("FiraGO_Regular", "FiraGO_Bold")


def png(drawing: Drawing, *, tell: Callable[[str], None] | None = None) -> bytes:
    """The drawing as a PNG file, twice its size in pixels.

    Args:
        tell: is told, in a sentence, which letters no font here has.

    Raises:
        SeechainError: resvg_py or uharfbuzz is not installed.
    """
    for needed in ("resvg_py", "uharfbuzz"):
        if find_spec(needed) is None:
            raise SeechainError(
                f"a picture in PNG needs {needed}: pip install {needed}, or write .svg instead"
            )
    lacking = {letter for shape in drawing.shapes for letter in _letters(shape)}
    for path in font_files() if lacking else ():
        lacking = _without(lacking, path)
        if not lacking:
            break
    if not lacking:
        return _drawn(drawing)
    with TemporaryDirectory() as folder:
        for name in _FIRA:
            data = brought(name)
            if data is not None:
                file = Path(folder, f"{name}.ttf")
                file.write_bytes(data)
                lacking = _without(lacking, file)
        if lacking and tell:
            tell(
                f"The picture lacks {listed(lacking)}, since no font here has them: write .svg,"
                " which its reader's fonts draw."
            )
        return _drawn(drawing, font_dirs=[folder], sans_serif_family="FiraGO")


def marked(data: bytes, what: str) -> bytes:
    """A PNG file that says that seechain made it, and what it is, in a tEXt chunk."""
    said = b"tEXtSoftware\x00seechain " + what.encode()
    chunk = (len(said) - 4).to_bytes(4, "big") + said + crc32(said).to_bytes(4, "big")
    return bytes(data[:_HEAD]) + chunk + bytes(data[_HEAD:])


def _drawn(drawing: Drawing, **options: Any) -> bytes:
    import resvg_py

    return marked(resvg_py.svg_to_bytes(svg_string=svg(drawing), zoom=_ZOOM, **options), "picture")


def _without(letters: set[str], path: Path) -> set[str]:
    font = read(path).letters
    return {letter for letter in letters if ord(letter) not in font}


def _letters(shape: object) -> str:
    return visible(shape.text, lines=False).replace(" ", "") if isinstance(shape, Words) else ""
