"""The blocks of a page as PDF, by reportlab: an extra, `pip install "seechain[documents]"`.

The same blocks give the same bytes on one machine; on another its fonts may be others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.util import find_spec

from seechain.errors import SeechainError
from seechain.paper.blocks import Block

PAPERS = {"A4": (595.28, 841.89), "Letter": (612.0, 792.0)}  # points, wide and high


def pdf(
    title: str,
    blocks: Iterable[Block],
    *,
    paper: str = "A4",
    what: str = "preview",
    tell: Callable[[str], None] | None = None,
) -> bytes:
    """The blocks as a PDF file, with the title and page numbers at its feet.

    Letters that no font here has stand as \\u05d0 in it; see `fonts`.

    Args:
        paper: A4 or Letter. what: as of `page`.
        tell: is told, in a sentence each, which letters stand so, and which need fonts of the
            reader's.

    Raises:
        SeechainError: reportlab or uharfbuzz is not installed.
        ValueError: another paper, or a table whose rows or alignment don't fit its columns.
    """
    if paper not in PAPERS:
        raise ValueError(f"paper is A4 or Letter, got {paper!r}")
    for needed in ("reportlab", "uharfbuzz"):
        if find_spec(needed) is None:
            raise SeechainError(
                f'PDF needs {needed}: pip install "seechain[documents]", or write HTML instead'
            )
    from seechain.paper.setting import set_pages

    return set_pages(title, blocks, PAPERS[paper], tell, what)
