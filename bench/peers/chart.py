"""The picture: ours to the best peer, a line for each row, on a logarithmic scale.

It is legible in black and white: what is dearer is hollow, and right of the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log

from bench.peers.compare import ROWS, Verdict
from bench.peers.figures import COMPUTED
from demo.lettering import Sheet
from demo.picture import INK, LINE, MARGIN, PAPER, SOFT, WIDTH

TONES = ("#d3e4dc", "#a9cfc6", "#7fb5ae", "#5c9c98", "#3f8388", "#2b6f77", "#12404f")
DEARER, DEARER_GROUND = "#b4532a", "#f4e9e2"
LEFT, RIGHT = 560, 1330  # of the scale
LEAST, MOST = 0.45, 1.15
TICKS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1)
TOP, ROW, APART = 330, 46, 24
DOT = 8.5
SHOWN = (2, 10, 100, 500)  # whose figures stand beside it
COLUMNS = (1432, 1526, 1620, WIDTH - MARGIN)
GROUPS = (
    ("create.published",),
    ("pay.native", "claim.native.steady", "claim.native.third_party"),
    ("claim.erc20.steady", "claim.erc20.third_party"),
    ("firsts.native", "firsts.erc20"),
    ("push.native", "push.erc20"),
    ("claims.native", "claims.erc20"),
    ("selfclaims.native", "selfclaims.erc20"),
    ("life.pull.native", "life.pull.erc20", "life.push.native", "life.push.erc20"),
)


def draw(found: Iterable[Verdict]) -> str:
    """The picture as SVG text, of the rows that are like for like."""
    sheet = Sheet()
    by_row: dict[str, list[Verdict]] = {}
    for each in found:
        if each.like or each.best.how == COMPUTED:
            by_row.setdefault(each.row, []).append(each)
    sizes = sorted({each.members for some in by_row.values() for each in some})
    groups = [[row for row in group if row in by_row] for group in GROUPS]
    lines, y = [], float(TOP)
    for group in (group for group in groups if group):
        for row in group:
            lines += _line(sheet, by_row[row], sizes, y)
            y += ROW
        y += APART
    end = y - APART - ROW / 2 + 6
    height = end + 120
    drawn = [
        *_head(sheet, sizes),
        *_scale(sheet, TOP - ROW / 2 - 6, end),
        *lines,
        *_foot(sheet, end + 72),
    ]
    size = f'viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
        "<title>What each act costs here, to the best peer</title>",
        sheet.definitions(),
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="{PAPER}"/>',
        *drawn,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _at(ratio: float) -> float:
    """Where a ratio stands on the logarithmic scale."""
    inside = min(max(ratio, LEAST), MOST)
    return LEFT + (RIGHT - LEFT) * log(inside / LEAST) / log(MOST / LEAST)


def _head(sheet: Sheet, sizes: Sequence[int]) -> list[str]:
    title = "Gas, to the best peer"
    about = "Ours divided by the least of all peers, measured side by side on one chain."
    made = [
        sheet.letters(title, MARGIN, 118, 54, weight=700, fill=INK),
        sheet.letters(about, MARGIN, 166, 25, fill=SOFT),
    ]
    x = float(LEFT)
    made.append(sheet.letters("members", x, 232, 20, weight=600, fill=INK))
    x += 118
    for size, tone in zip(sizes, _tones(sizes), strict=True):
        made.append(_dot(x, 225, tone, None))
        made.append(sheet.letters(str(size), x + 16, 232, 20, fill=SOFT))
        x += 44 + 12 * len(str(size)) + 14
    made += [
        sheet.letters(f"N={size}", at, TOP - 48, 19, weight=600, fill=SOFT, align="end")
        for size, at in zip(SHOWN, COLUMNS, strict=True)
    ]
    return made


def _tones(sizes: Sequence[int]) -> Sequence[str]:
    return TONES[-len(sizes) :]


def _scale(sheet: Sheet, top: float, end: float) -> list[str]:
    wide = RIGHT - _at(1)
    made = [_box(_at(1), top, wide, end - top, DEARER_GROUND)]
    for tick in TICKS:
        x, one = _at(tick), tick == 1
        color, wide = (INK, 2.5) if one else (LINE, 1.5)
        made.append(
            f'<line x1="{x:.1f}" y1="{top:.1f}" x2="{x:.1f}" y2="{end:.1f}"'
            f' stroke="{color}" stroke-width="{wide}"/>'
        )
        label = "best peer" if one else f"{tick:.1f}"
        weight, tone = (700, INK) if one else (400, SOFT)
        made.append(sheet.letters(label, x, top - 14, 19, weight=weight, fill=tone, align="middle"))
        made.append(sheet.letters(f"{tick:.1f}", x, end + 28, 19, fill=tone, align="middle"))
    return made


def _line(sheet: Sheet, some: Sequence[Verdict], sizes: Sequence[int], y: float) -> list[str]:
    """A row: its name, a dot for each number of members, and figures."""
    tones = dict(zip(sizes, _tones(sizes), strict=True))
    ends = [_at(each.ratio) for each in some]
    name = ROWS[some[0].row]
    wide = max(ends) - min(ends)
    made = [
        sheet.letters(name, LEFT - 34, y + 8, 23, weight=500, fill=INK, align="end"),
        _box(min(ends), y - 1, wide, 2, SOFT),
    ]
    for each in sorted(some, key=lambda each: each.members):
        made.append(_dot(_at(each.ratio), y, tones[each.members], _edge(each)))
    by_size = {each.members: each for each in some}
    for size, at in zip(SHOWN, COLUMNS, strict=True):
        if size not in by_size:
            continue
        each = by_size[size]
        weight = 700 if _edge(each) == DEARER else 400
        shown = each.shown if each.like else f"({each.shown})"
        # Brackets hang, so that the figures stand under each other.
        hang = 0 if each.like else 7
        fill = _edge(each) or INK
        made.append(
            sheet.letters(shown, at + hang, y + 7, 21, weight=weight, fill=fill, align="end")
        )
    return made


def _edge(each: Verdict) -> str | None:
    """The colour of what is not below the peer; None for what is."""
    if each.ours.gas < each.best.gas:
        return None
    return DEARER if each.like else SOFT


def _box(x: float, y: float, wide: float, high: float, fill: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'
    return f'<rect {place} fill="{fill}"/>'


def _dot(x: float, y: float, tone: str, edge: str | None) -> str:
    """A hollow one where it has an edge."""
    look = (PAPER, edge, 3) if edge else (tone, INK, 1)
    place = f'cx="{x:.1f}" cy="{y:.1f}" r="{DOT}"'
    return '<circle {} fill="{}" stroke="{}" stroke-width="{}"/>'.format(place, *look)


def _foot(sheet: Sheet, y: float) -> list[str]:
    said = (
        "Left of the line is cheaper; the scale is logarithmic. Peers: OpenZeppelin, thirdweb,"
        " Superfluid, 0xSplits as recorded. In brackets: beside a lower bound of the peer's."
    )
    return [sheet.letters(said, MARGIN, y, 20, fill=SOFT)]
