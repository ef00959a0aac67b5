"""The mesh as one SVG: cards in columns, and who pays whom. No script, link, font or style in it.

It is legible in black and white: a seat is a line, a voice alone is dotted, a shared seat is
dashed, and what goes back to a payer runs from right to left in a darker tone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from xml.sax.saxutils import escape

from seechain.mesh import Edge, Mesh, Node
from seechain.mesh.layout import Layout, Place, layout
from seechain.paper.drawing import COLOURS
from seechain.paper.letters import FONTS, fit, width
from seechain.parts import percent
from seechain.visible import visible

CARD, BETWEEN, MARGIN = 256.0, 228.0, 48.0
HEAD, LEGEND = 124.0, 76.0
LEAST_WIDE = 984.0  # for the legend
LOW = 78.0  # a card that nothing leads to
_BACK = "#8a4b2a"  # of what flows back
_MOST_ALONE = 5  # cards in a row of those that are tied to nothing


def draw(mesh: Mesh) -> str:
    """The picture as SVG text."""
    tied = {each for edge in mesh.edges for each in (edge.payer, edge.member)}
    nodes = [each for each in mesh.nodes if each.address in tied]
    alone = [each for each in mesh.nodes if each.address not in tied]
    places = layout(
        [each.address for each in nodes], [(each.payer, each.member) for each in mesh.edges]
    )
    rows = math.ceil(len(alone) / _MOST_ALONE)
    wide = max(
        2 * MARGIN + places.columns * (CARD + BETWEEN) - BETWEEN,
        2 * MARGIN + min(len(alone), _MOST_ALONE) * (CARD + 24) - 24,
        LEAST_WIDE,
    )
    below = HEAD + places.high + (56 if nodes else 0)
    high = below + (rows * (LOW + 24) + 40 if alone else 0) + LEGEND
    title = f"The mesh of {len(mesh.nodes)} {'SEEs' if len(mesh.nodes) != 1 else 'SEE'}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(wide)} {_n(high)}"'
        f' width="{_n(wide)}" height="{_n(high)}" role="img" aria-labelledby="title says"'
        f' font-family="{FONTS}">'
    )
    lines = [
        head,
        "<!-- seechain mesh -->",
        f'<title id="title">{_text(title)}</title>',
        f'<desc id="says">{_text(describe(mesh))}</desc>',
        f'<rect width="100%" height="100%" fill="{COLOURS["paper"]}"/>',
        *_heading(mesh),
        *(line for at, edge in enumerate(mesh.edges) for line in _edge(at, edge, places, mesh)),
        *(_card(each, *_corner(places.nodes[each.address])) for each in nodes),
        *(line for at, edge in enumerate(mesh.edges) for line in _label(at, edge, places, mesh)),
    ]
    if alone:
        lines.append(_words("Tied to none of the others", MARGIN, below + 4, 13, "soft"))
        for at, node in enumerate(alone):
            x = MARGIN + at % _MOST_ALONE * (CARD + 24)
            lines.append(_card(node, x, below + 22 + at // _MOST_ALONE * (LOW + 24), LOW))
    return "\n".join([*lines, *_legend(high - LEGEND + 30), "</svg>\n"])


def describe(mesh: Mesh) -> str:
    """The picture in words, for those who can't see it."""
    names = {each.address: _name(each) for each in mesh.nodes}
    said = [
        f"{names[edge.payer]} has {names[edge.member]} as a member: {_tie(edge, mesh)}"
        for edge in mesh.edges
    ]
    return ". ".join(said or ["None of them is a member of another"]) + "."


# ---------------------------------------------------------------- parts of it


def _heading(mesh: Mesh) -> Iterator[str]:
    sees = sum(each.kind == "SEE" for each in mesh.nodes)
    shared = len(mesh.nodes) - sees
    ties = len(mesh.edges)
    said = [_count(sees, "SEE"), _count(ties, "tie")] + (
        [_count(shared, "Splitter")] * bool(shared)
    )
    yield _words("Who is a member of whom", MARGIN, 58, 27, "ink", bold=True)
    said.append(f"chain {mesh.chain_id}, Registry {_short(mesh.registry)}")
    yield _words(" · ".join(said), MARGIN, 84, 14, "soft")


def _card(node: Node, x: float, y: float, high: float) -> str:
    ended = node.state == "ended"
    split = node.kind == "Splitter"
    line = COLOURS["soft" if ended else "t2" if split else "t1"]
    ground = "#f1f5f2" if split else "#ffffff"
    dash = ' stroke-dasharray="5 4"' if ended else ""
    said = _name(node)
    name, size = fit(said, 16, CARD - 38, bold=True)
    about: list[str] = [node.kind if not ended else "SEE, ended"]
    about.append("table not published" if node.members is None else _count(node.members, "member"))
    if node.name:
        about.append(_short(node.address))
    small, small_size = fit(" · ".join(about), 12.5, CARD - 38)
    middle = y + high / 2
    bar = "" if ended else (
        f'<path d="M{_n(x + 10)} {_n(y)}H{_n(x + 6)}a6 6 0 0 0 -6 6V{_n(y + high - 6)}a6 6 0 0 0'
        f' 6 6H{_n(x + 10)}Z" fill="{line}"/>'
    )  # fmt: skip
    return (
        f"<g><title>{_text(f'{said}, {node.address}')}</title>"
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(CARD)}" height="{_n(high)}" rx="6"'
        f' fill="{ground}" stroke="{line}" stroke-width="1.4"{dash}/>{bar}'
        + _words(name, x + 22, middle - 4, size, "ink" if not ended else "soft", bold=True)
        + _words(small, x + 22, middle + 17, small_size, "soft")
        + "</g>"
    )


def _edge(at: int, edge: Edge, places: Layout, mesh: Mesh) -> Iterator[str]:
    tone, dash, thick = _stroke(edge, at in places.turned)
    style = f'fill="none" stroke="{tone}" stroke-width="{_n(thick)}" stroke-linecap="round"{dash}'
    if edge.payer == edge.member:
        x, y, _ = _corner(places.nodes[edge.payer])
        x += CARD - 62
        path = f"M{_n(x)} {_n(y)}C{_n(x - 6)} {_n(y - 38)} {_n(x + 46)} {_n(y - 38)}"
        yield f'<path d="{path} {_n(x + 40)} {_n(y - 7)}" {style}/>'
        yield _arrow(x + 40, y - 1, 90, tone)
        return
    pieces, is_turned = places.ways[at], at in places.turned
    level = min(width(_tie(edge, mesh), 12) + 22, BETWEEN - 60)  # below the label
    path = ""
    for start, leaves, end, comes in pieces:
        (x0, y0), (x1, y1) = (_x(start) + CARD, HEAD + leaves), (_x(end), HEAD + comes)
        path += "" if path else f"M{_n(x0 + 7 * is_turned)} {_n(y0)}"
        to = x1
        if is_turned and not start.is_bend:
            x0 += level
            path += f"H{_n(x0)}"
        if not is_turned and not end.is_bend:
            x1, to = x1 - level, x1 - 7
        bend = (x1 - x0) / 2
        path += f"C{_n(x0 + bend)} {_n(y0)} {_n(x1 - bend)} {_n(y1)} {_n(x1)} {_n(y1)}"
        path += f"H{_n(to + CARD * end.is_bend)}"
    yield f'<path d="{path}" {style}/>'
    if at in places.turned:
        start, leaves = pieces[0][:2]
        yield _arrow(_x(start) + CARD + 1, HEAD + leaves, 180, tone)
    else:
        end, comes = pieces[-1][2:]
        yield _arrow(_x(end) - 1, HEAD + comes, 0, tone)


def _label(at: int, edge: Edge, places: Layout, mesh: Mesh) -> Iterator[str]:
    """What a tie is, in front of the member's card."""
    said, size = fit(_tie(edge, mesh), 12, BETWEEN - 64)
    tone = _BACK if at in places.turned else COLOURS["ink"]
    if edge.payer == edge.member:
        x, y, _ = _corner(places.nodes[edge.payer])
        yield _halo(said, x + CARD - 72, y - 16, size, tone, "end")
    elif at in places.turned:
        start, leaves = places.ways[at][0][:2]
        yield _halo(said, _x(start) + CARD + 14, HEAD + leaves - 6, size, tone, "start")
    else:
        end, comes = places.ways[at][-1][2:]
        yield _halo(said, _x(end) - 14, HEAD + comes - 6, size, tone, "end")


def _legend(y: float) -> Iterator[str]:
    x = MARGIN
    items = (
        ("a seat: paid that part of what comes", COLOURS["t1"], ""),
        ("a voice alone", COLOURS["t1"], ' stroke-dasharray="1 6"'),
        ("a seat that is shared or redirected", COLOURS["t2"], ' stroke-dasharray="9 5"'),
        ("back to one that pays it", _BACK, ""),
    )
    for said, tone, dash in items:
        yield (
            f'<path d="M{_n(x)} {_n(y)}h30" stroke="{tone}" stroke-width="2.2"'
            f' stroke-linecap="round"{dash}/>'
        )
        yield _words(said, x + 40, y + 4, 12, "soft")
        x += 62 + 6.1 * len(said)


# ---------------------------------------------------------------- small things


def _stroke(edge: Edge, is_turned: bool) -> tuple[str, str, float]:
    tone = _BACK if is_turned or edge.payer == edge.member else COLOURS["t1"]
    if edge.account:
        return (tone if is_turned else COLOURS["t2"]), ' stroke-dasharray="9 5"', 2.0
    if not edge.shares and edge.voices:
        return tone, ' stroke-dasharray="1 6"', 2.4
    return tone, "", 1.6 + 4 * math.sqrt(float(edge.part))


def _tie(edge: Edge, mesh: Mesh) -> str:
    said = []
    if edge.shares:
        part = percent(edge.part)
        said.append(f"{part} of {_short(edge.account)}" if edge.account else part)
    if edge.voices:
        said.append(f"{edge.voices} of {_count(edge.all_voices, 'voice')}")
    return ", ".join(said) or "a seat"


def _arrow(x: float, y: float, turn: float, tone: str) -> str:
    return (
        f'<path d="M0 0L-10 -5L-8 0L-10 5Z" fill="{tone}"'
        f' transform="translate({_n(x)} {_n(y)}) rotate({_n(turn)})"/>'
    )


def _x(place: Place) -> float:
    return MARGIN + place.column * (CARD + BETWEEN)


def _corner(place: Place) -> tuple[float, float, float]:
    return _x(place), HEAD + place.y - place.high / 2, place.high


def _name(node: Node) -> str:
    return visible(node.name, lines=False) or _short(node.address)


def _short(address: str) -> str:
    return f"{address[:6]}..{address[-4:]}"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" + ("" if number == 1 else "s")


def _words(text: str, x: float, y: float, size: float, tone: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"{weight}'
        f' fill="{COLOURS[tone]}">{_text(text)}</text>'
    )


def _halo(text: str, x: float, y: float, size: float, tone: str, align: str) -> str:
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" text-anchor="{align}"'
        f' fill="{tone}" stroke="{COLOURS["paper"]}" stroke-width="4" stroke-linejoin="round"'
        f' paint-order="stroke">{_text(text)}</text>'
    )


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    return escape(visible(text, lines=False))
