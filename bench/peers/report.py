"""What came out: a file of all figures, and the tables of a document, between markers.

A table stands between `<!-- bench: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bench.chain import ANVIL, BenchError
from bench.peers import fetched, floors
from bench.peers.compare import LIKE, LOWER_BOUND, OF_SEES, OURS, ROWS, UNLIKE, Verdict, verdicts
from bench.peers.figures import COMPUTED, RECORDED, Figure
from bench.peers.places import openzeppelin, thirdweb
from bench.peers.recorded import AGREEING, MOST_BY_GAS, SIZES, V1, V2
from bench.tables import put

MARKS = {RECORDED: "ʳ", COMPUTED: "ᶜ"}
OVER = "ˣ"
_HOW = "ʳ recorded, ᶜ added up from recorded rows, ˣ a transaction of more than 16,777,216 gas."
_BRACKETS = (
    "\nIn brackets: not like for like, or a peer that no transaction can create."
    " Bold: not below the best peer. ʳ recorded.\n"
)
LEGENDS = {"ratios": _BRACKETS, "see": _BRACKETS, "gas": f"\n{_HOW}\n", "lives": f"\n{_HOW}\n"}
Table = list[list[str]]


def record(path: Path, figures: Sequence[Figure], found: Sequence[Verdict]) -> None:
    """Write every figure, with the versions and the settings that it was measured with."""
    said = {
        "command": "make bench",
        "machine": "2 cores; gas does not depend on it",
        "chain": f"anvil {ANVIL}, its default hard fork",
        "peers": _versions(),
        "figures": [each._asdict() for each in figures],
        "like_for_like": [
            {
                "row": each.row,
                "members": each.members,
                "ours": each.ours.contender,
                "best_peer": each.best.contender,
                "ratio": round(each.ratio, 4),
                "judged": each.like,
            }
            for each in found
        ],
    }
    path.write_text(_lines(said) + "\n", "utf-8")


def _lines(said: Mapping[str, object]) -> str:
    """JSON with a line for each entry of a list, so that a change is read at a glance."""
    parts = []
    for key, value in said.items():
        shown = json.dumps(value, ensure_ascii=False)
        if isinstance(value, list):
            entries = ",\n".join(json.dumps(each, ensure_ascii=False) for each in value)
            shown = f"[\n{entries}\n]"
        parts.append(f"{json.dumps(key)}: {shown}")
    return "{\n" + ",\n".join(parts) + "\n}"


def read(path: Path) -> list[Figure]:
    """The figures of a recorded run.

    Raises:
        BenchError: the file is missing, or is something else.
    """
    try:
        return [Figure(**each) for each in json.loads(path.read_text("utf-8"))["figures"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BenchError(f"{path.name} can't be read ({error}): make bench") from None


def tables(figures: Sequence[Figure], found: Sequence[Verdict]) -> dict[str, str]:
    """The tables by name, as markdown."""
    made = {
        "ratios": _ratios(found),
        "see": _ratios(verdicts(figures, OF_SEES), "a SEE to the best peer"),
        "gas": _gas(figures),
        "lives": _lives(figures, found),
        "most": _most(figures),
        "floor": floors.table(figures),
        "like": [["row", "what is the same"], *map(list, LIKE.items())],
        "unlike": _unlike(),
        "agreement": _agreement(figures),
        "peers": _peers(),
    }
    return {name: _markdown(table) + LEGENDS.get(name, "") for name, table in made.items()}


def fill(document: Path, made: Mapping[str, str]) -> None:
    """Put the tables between their markers, where a document has them."""
    put(document, "bench", made)


def text(found: Iterable[Verdict]) -> str:
    """The ratios for a terminal."""
    table = _ratios(found)
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    lines = []
    for line in table:
        name, *cells, best = line
        shown = "  ".join(cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=False))
        lines.append(f"{name.ljust(widths[0])}  {shown}  {best}")
    return "\n".join(lines)


def _ratios(found: Iterable[Verdict], title: str = "ours to the best peer") -> Table:
    """Ours to the best peer; in brackets what is not like for like."""
    lines: Table = [[title, *(f"N={size}" for size in SIZES), "best peer"]]
    by_row: dict[tuple[str, bool], dict[int, Verdict]] = {}
    for each in found:
        if not each.row.startswith("life"):
            by_row.setdefault((each.row, each.aside), {})[each.members] = each
    for (row, aside), some in by_row.items():
        cells = [_ratio(some[size]) if size in some else "" for size in SIZES]
        what = f"{ROWS[row]}, beside one that does less" if aside else ROWS[row]
        lines.append([what, *cells, _names(some)])
    return lines


def _ratio(each: Verdict) -> str:
    if not each.like:
        return f"({each.shown})"
    return each.shown if each.ours.gas < each.best.gas else f"**{each.shown}**"


def _names(some: Mapping[int, Verdict]) -> str:
    """The best peer, and from which number of members another one is."""
    names: list[str] = []
    last = ""
    for size in sorted(some):
        best = some[size].best
        name = best.contender.partition(",")[0] + MARKS.get(best.how, "")
        if name != last:
            names.append(name if not names else f"{name} from {size}")
            last = name
    return ", ".join(names)


def _gas(figures: Sequence[Figure]) -> Table:
    lines: Table = [["", "", *(f"N={size}" for size in SIZES)]]
    for row, what in ROWS.items():
        if row.startswith("life"):
            continue
        known: dict[str, dict[int, Figure]] = {}
        for each in figures:
            if each.row == row:
                known.setdefault(each.contender, {})[each.members] = each
        for contender, some in sorted(known.items(), key=lambda item: not _first(item[0])):
            cells = [_cell(some[size]) if size in some else "" for size in SIZES]
            lines.append([what, contender, *cells])
            what = ""
    return lines


def _first(contender: str) -> bool:
    return contender.startswith("seechain")


def _cell(figure: Figure) -> str:
    return f"{figure.gas:,}{MARKS.get(figure.how, '')}{OVER if figure.over else ''}"


def _lives(figures: Sequence[Figure], found: Sequence[Verdict]) -> Table:
    sizes = sorted({each.members for each in figures if each.row.startswith("life")})
    head = [cell for size in sizes for cell in (f"N={size}", "to the best peer")]
    lines: Table = [["", "", *head]]
    best = {(each.row, each.members): each.best for each in found if not each.aside}
    for row, what in ROWS.items():
        names = sorted(
            {each.contender for each in figures if each.row == row and row.startswith("life")},
            key=lambda name: (not _first(name), name),
        )
        for name in names:
            cells: list[str] = []
            for size in sizes:
                some = [
                    each
                    for each in figures
                    if (each.row, each.members, each.contender) == (row, size, name)
                ]
                rival = best.get((row, size))
                cells.append(_cell(some[0]) if some else "")
                cells.append(f"{some[0].gas / rival.gas:.3f}" if some and rival else "")
            lines.append([what, name, *cells])
            what = ""
    return lines


def _most(figures: Sequence[Figure]) -> Table:
    most = {each.contender: each for each in figures if each.row == "most"}
    bounds = {
        OURS: "the size of a transaction, 128 KiB",
        V1: f"the size of a transaction; by gas alone it would be {MOST_BY_GAS:,}",
    }
    lines: Table = [["members stored or published in one creation", "most", "bound by"]]
    for name, each in sorted(most.items(), key=lambda item: -item[1].members):
        mark = MARKS.get(each.how, "")
        bound = bounds.get(name, "16,777,216 gas of a transaction")
        lines.append([name, f"{each.members:,}{mark}", bound])
    million = next(each for each in figures if each.row == "most.unpublished")
    lines.append(
        [
            f"{OURS}, table not published",
            f"{million.members:,}",
            f"2²² seats of a table; a million use {million.gas:,} gas",
        ]
    )
    return lines


def _unlike() -> Table:
    lines: Table = [["row", "beside", "why it is not like for like"]]
    said: dict[tuple[str, str], list[str]] = {}
    for (row, name), why in UNLIKE.items():
        said.setdefault((name, why), []).append(ROWS[row])
    said[f"{V1}, {V2}", LOWER_BOUND] = ["whole lives"]
    for (name, why), rows in said.items():
        lines.append(["; ".join(rows), "all peers" if name == "*" else name, why])
    return lines


def _agreement(figures: Sequence[Figure]) -> Table:
    """The best of a peer's figures in this run beside what was recorded."""
    lines: Table = [["row", "recorded of", "N", "recorded", "this run", "difference"]]
    for row, name, series in AGREEING:
        for size, recorded in series.items():
            some = [
                each.gas
                for each in figures
                if (each.row, each.members) == (row, size)
                and each.contender.startswith(name.partition(" +")[0])
            ]
            if some and size in (2, 10, 100, 500):
                gas = min(some)
                change = f"{(gas - recorded) / recorded:+.2%}"
                lines.append([ROWS[row], name, str(size), f"{recorded:,}", f"{gas:,}", change])
    return lines


def _peers() -> Table:
    lines: Table = [["peer", "version", "licence", "compiled by"]]
    for each in _versions():
        lines.append([each["peer"], each["version"], each["licence"], each["settings"]])
    return lines


def _versions() -> list[dict[str, str]]:
    versions, licences = fetched.versions(), fetched.licences()
    settings = {
        openzeppelin.PACKAGE: "its npm artifact; and solc 0.8.28, via IR, 1,000,000 runs",
        thirdweb.PACKAGE: "solc 0.8.23, 20 runs",
        "@superfluid-finance/ethereum-contracts": "its npm artifacts",
    }
    made = [
        {"peer": name, "version": versions[name], "licence": licences[name], "settings": how}
        for name, how in settings.items()
    ]
    made.append(
        {
            "peer": V2,
            "version": "2.2",
            "licence": "not fetched",
            "settings": "recorded: solc 0.8.23, via IR, 5,000,000 runs",
        }
    )
    made.append(
        {
            "peer": V1,
            "version": "1",
            "licence": "not fetched",
            "settings": "recorded: solc 0.8.4, 200 runs",
        }
    )
    return made


def _markdown(table: Table) -> str:
    head, *lines = table
    numbers = [all(_is_number(line[column]) for line in lines) for column in range(len(head))]
    rule = ["--:" if number else "---" for number in numbers]
    return "".join("| " + " | ".join(line) + " |\n" for line in [head, rule, *lines])


def _is_number(cell: str) -> bool:
    return not cell or cell.strip("()*+-")[0].isdigit()
