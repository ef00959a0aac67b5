"""One page in HTML that needs nothing else: it is read, printed and sent around as a file.

No script, link, font or picture is loaded: the page forbids itself all of it, and its only style
is allowed by its hash, so that nothing that slipped in could change what one reads.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape

from seechain.paper.blocks import (
    BAR,
    Block,
    Facts,
    Figure,
    Heading,
    Pre,
    Table,
    Text,
    alignment,
    is_hex,
)
from seechain.paper.direction import turns
from seechain.paper.drawing import svg
from seechain.paper.letters import FONTS, width
from seechain.visible import visible

_STYLE = (
    """
:root { color-scheme: light dark; --ink: #16212b; --soft: #56626d; --line: #d9d6cd;
  --paper: #fcfbf8; --shade: #f3f1eb; --t0: #12404f; --t1: #2b6f77; --t2: #4f918f;
  --t3: #74aaa1; --t4: #93beb2; --t5: #abcdc2 }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e8ebe9; --soft: #a3aeb2;
  --line: #35424a; --paper: #141c22; --shade: #1c262d; --t0: #b7d9cd; --t1: #93c2b5;
  --t2: #74aaa1; --t3: #579390; --t4: #437c80; --t5: #356670 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 FONTS }
main { max-width: 60rem; margin: 0 auto; padding: 3rem 1.5rem 4rem }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 1.5rem; letter-spacing: -.01em }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.6rem 0 .8rem }
h3 { font-size: 1.05rem; margin: 1.8rem 0 .5rem }
h1, h2, h3, p, dd { overflow-wrap: anywhere }
p { margin: .7rem 0; max-width: 44rem; white-space: pre-line }
.note, figcaption, dt { color: var(--soft) }
.note, figcaption { font-size: .88rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; margin: .8rem 0; font-size: .95rem }
th { text-align: left; font-weight: 400; font-size: .9em; color: var(--soft) }
td { max-width: 26rem; overflow-wrap: break-word }
th, td { padding: .45rem 1.2rem .45rem 0; border-bottom: 1px solid var(--line);
  vertical-align: baseline }
th:last-child, td:last-child { padding-right: 0 }
.hex { font: .82em ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace }
.r { text-align: right; font-variant-numeric: tabular-nums }
td.r { white-space: nowrap }
thead th { border-bottom-color: var(--soft); vertical-align: bottom }
.sum td { font-weight: 600; border-bottom: 0; border-top: 1.5px solid var(--ink) }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .35rem 1.5rem;
  margin: .8rem 0 }
dd { margin: 0; font-variant-numeric: tabular-nums }
pre { margin: .8rem 0; padding: 1.1rem 1.3rem; background: var(--shade); border-radius: 4px;
  font: .82rem/1.55 ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
  white-space: pre-wrap; overflow-wrap: anywhere }
pre span { display: block; min-height: 1.55em; padding-left: 6ch; text-indent: -6ch }
figure { margin: 1.2rem 0 }
svg { display: block; max-width: 100%; height: auto }
.ink { fill: var(--ink) } .soft { fill: var(--soft) } .line { fill: var(--line) }
.paper { fill: var(--paper) } .ring { stroke: var(--soft) }
.t0 { fill: var(--t0) } .t1 { fill: var(--t1) } .t2 { fill: var(--t2) }
.t3 { fill: var(--t3) } .t4 { fill: var(--t4) } .t5 { fill: var(--t5) }
@page { margin: 18mm 16mm }
@media print {
  :root { color-scheme: light; --paper: #fff; font-size: 9.5pt }
  body { font-size: 1rem; print-color-adjust: exact; -webkit-print-color-adjust: exact }
  main { max-width: none; padding: 0 }
  h2, h3 { break-after: avoid }
  figure, tr { break-inside: avoid }
  thead { display: table-header-group }
  pre { padding: 0; background: none; font-size: .8rem }
  .wide { overflow: visible }
  .s8 { font-size: .8rem } .s7 { font-size: .7rem } .s6 { font-size: .6rem }
  .s5 { font-size: .5rem } .s4 { font-size: .4rem }
  table[class] :not(:last-child) { padding-right: .8em }
  .sheet { break-before: page }
}
"""
).replace("FONTS", FONTS)
_SHEET = 53.0  # widths of a letter m on A4 between the margins, where it is printed
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"


def page(title: str, blocks: Iterable[Block], *, what: str = "preview") -> str:
    """The blocks as one HTML page, the same for the same blocks.

    what: a word for its kind; only one of its kind is written over (`seechain.files`).

    Raises:
        ValueError: a table whose rows or alignment don't fit its columns.
    """
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta name="generator" content="seechain {what}">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{_line(title)}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{_line(title)}</h1>",
        *map(_block, blocks),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        level = min(max(block.level, 2), 3)
        return f"<h{level}>{_line(block.text)}</h{level}>"
    if isinstance(block, Text):
        note = ' class="note"' if block.is_soft else ""
        return f'<p{note} dir="auto">{escape(visible(block.text))}</p>'
    if isinstance(block, Pre):
        # A line of its own for each: one that wraps hangs, and can't pass for the next.
        spans = "".join(f"<span>{_barred(line)}</span>" for line in block.text.split("\n"))
        return f"<pre>{spans}</pre>"
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Figure):
        return _figure(block)
    if isinstance(block, Facts):
        pairs = "".join(
            f"<dt>{_cell(name)}</dt><dd>{_cell(what)}</dd>" for name, what in block.pairs
        )
        return f"<dl>{pairs}</dl>"
    return '<div class="sheet"></div>'


def _table(table: Table) -> str:
    classes = [' class="r"' if side == "r" else "" for side in alignment(table)]
    heads = "".join(
        f'<th scope="col"{side}>{_cell(head)}</th>'
        for head, side in zip(table.columns, classes, strict=True)
    )
    small = _small(table)
    kind = f' class="{small}"' if small else ""
    lines = [f'<div class="wide"><table{kind}>', f"<thead><tr>{heads}</tr></thead>", "<tbody>"]
    for at, row in enumerate(table.rows):
        kind = ' class="sum"' if table.total and at == len(table.rows) - 1 else ""
        cells = "".join(
            f"<td{side}>{_cell(cell)}</td>" for cell, side in zip(row, classes, strict=True)
        )
        lines.append(f"<tr{kind}>{cells}</tr>")
    return "\n".join([*lines, "</tbody>", "</table></div>"])


def _small(table: Table) -> str:
    """A class for a table that is too wide for a sheet: there nobody can scroll."""
    align = alignment(table)
    needs = 0.0
    for at, side in enumerate(align):
        cells = [row[at] for row in table.rows]
        words = [max(cell.split() or [""], key=len) for cell in [table.columns[at], *cells]]
        # Figures stay whole, texts break between their words.
        needs += 1.2 + max(
            width(each, 0.95) for each in ([*cells, words[0]] if side == "r" else words)
        )
    scale = _SHEET / max(needs, _SHEET)
    return "" if scale == 1 else f"s{min(8, max(4, int(scale * 9.5)))}"


def _figure(figure: Figure) -> str:
    picture = svg(figure.drawing, figure.wide)
    caption = f"<figcaption>{_line(figure.caption)}</figcaption>" if figure.caption else ""
    return f"<figure>{picture}{caption}</figure>"


def _line(text: str) -> str:
    return escape(visible(text, lines=False))


def _barred(text: str) -> str:
    """A line; what stands behind the bar of an agreement's terms has a direction of its own."""
    if text.startswith(BAR) and turns(text):
        return f"{BAR}<bdi>{_line(text[len(BAR) :])}</bdi>"
    return _line(text)


def _cell(text: str) -> str:
    """A text among others: what its letters' direction is must not reorder its neighbours."""
    if is_hex(text):
        half = len(text) // 2 + 1
        return f'<span class="hex">{text[:half]}<wbr>{text[half:]}</span>'
    return f"<bdi>{_line(text)}</bdi>"
