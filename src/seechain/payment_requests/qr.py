"""QR codes: as PNG, as SVG, and in a terminal, be it dark or light.

Error correction M (15 % may be lost) and a quiet zone of four modules, as ISO/IEC 18004 asks.
"""

from __future__ import annotations

from io import BytesIO
from itertools import zip_longest
from typing import Any

from seechain.paper.png import marked

QUIET = 4  # modules of white around it
SCALE = 8  # pixels for each module of a PNG

# Black on white from the fixed part of 256 colours, which no theme changes.
_START, _END = "\x1b[38;5;16;48;5;231m", "\x1b[0m"
_BLOCKS = {(0, 0): " ", (1, 0): "\u2580", (0, 1): "\u2584", (1, 1): "\u2588"}
_REVERSED = {(1, 1): " ", (0, 1): "\u2580", (1, 0): "\u2584", (0, 0): "\u2588"}


def png(text: str, scale: int = SCALE) -> bytes:
    """The code as a PNG, black on white."""
    out = BytesIO()
    _code(text).save(out, kind="png", scale=scale, border=QUIET, dark="#000", light="#fff")
    return marked(out.getvalue(), "request")


def svg(text: str, scale: int = SCALE) -> str:
    """The code as an SVG, black on white: one drawing, without text and without scripts."""
    out = BytesIO()
    _code(text).save(
        out,
        kind="svg",
        scale=scale,
        border=QUIET,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        desc="seechain request",
    )
    return out.getvalue().decode()


def terminal(text: str, *, colours: bool = True) -> str:
    """The code as lines of half blocks, two rows of modules on each.

    Args:
        colours: by escapes of its own, black on white in any terminal. Without them, where the
            output is no terminal, light on dark is taken for granted.
    """
    rows = [list(row) for row in _code(text).matrix_iter(scale=1, border=QUIET)]
    white = [0] * len(rows[0])
    blocks = _BLOCKS if colours else _REVERSED
    lines = [
        "".join(blocks[bool(top), bool(bottom)] for top, bottom in zip(above, below, strict=True))
        for above, below in zip_longest(rows[::2], rows[1::2], fillvalue=white)
    ]
    start, end = (_START, _END) if colours else ("", "")
    return "\n".join(start + line + end for line in lines)


def _code(text: str) -> Any:
    import segno

    return segno.make_qr(text, error="m", boost_error=False)
