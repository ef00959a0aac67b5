"""The tables of what was measured, and what misses its target."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.tables import aligned, markdown, put

TIMES_FASTER = 20  # than web3.py, by the clock
GROWTH = 1.25  # of the peak of memory, from the smallest to the largest reading

Table = list[tuple[str, ...]]


def race_table(figures: dict[str, Any]) -> Table:
    """Who read how fast."""
    race = figures["race"]
    events, web3 = race["events"], race["web3"]["wall"]
    lines: Table = [("", "s", "s of its own", "µs an event", "web3.py / it")]
    rows = (
        ("web3.py, `contract.events.X.get_logs`", race["web3"]),
        ("`seechain.columns.read`", race["columns"]),
        ("the same, the first time in a process", race["columns_first"]),
        ("the same, into a folder", race["columns_to_disk"]),
        ("again from the folder", race["columns_again"]),
        ("the node alone, for our 3 questions", {"wall": race["node_alone"]}),
        ("the node alone, for web3.py's", {"wall": race["node_alone_web3"]}),
    )
    for name, spent in rows:
        own = f"{spent['own']:.2f}" if "own" in spent else ""
        wall = spent["wall"]
        cells = f"{wall:.2f}", own, f"{wall / events * 1e6:.1f}", f"{web3 / wall:.1f}"
        lines.append((name, *cells))
    return lines


def flat_table(figures: dict[str, Any]) -> Table:
    """How memory grows."""
    lines: Table = [("events", "s", "s of its own", "peak MiB", "MiB before")]
    flat = figures["flatness"]
    rows = [(f"{each['rows']:,}", each) for each in flat["sizes"]]
    rows += [
        ("again, nothing new", flat["again"]),
        (
            f"interrupted after {flat['interrupted']['parts_kept']} parts, gone on",
            flat["interrupted"],
        ),
        (f"again, {flat['fork']['blocks']} blocks changed", flat["fork"]),
    ]
    for name, each in rows:
        memory = f"{each['peak_mib']:,}", f"{each['before_mib']:,}"
        lines.append((name, f"{each['wall']:.1f}", f"{each['own']:.1f}", *memory))
    return lines


def tables(figures: dict[str, Any]) -> dict[str, Table]:
    """All tables, by the names of their markers."""
    found = {"race": race_table(figures)}
    if "flatness" in figures:
        found["flatness"] = flat_table(figures)
    return found


def text(figures: dict[str, Any]) -> str:
    """The tables for a terminal."""
    return "\n\n".join(aligned(table) for table in tables(figures).values())


def write_into(document: Path, figures: dict[str, Any]) -> None:
    """Puts the tables between their markers, where there are any."""
    made = {name: markdown(table) for name, table in tables(figures).items()}
    put(document, "reading", made)


def misses(figures: dict[str, Any]) -> list[str]:
    """One sentence for each target that is missed."""
    found = []
    ratio = figures["race"]["ratio"]
    if ratio < TIMES_FASTER:
        found.append(
            f"columns are {ratio} times as fast as web3.py, at least {TIMES_FASTER} wanted"
        )
    if "flatness" in figures:
        peaks = [each["peak_mib"] for each in figures["flatness"]["sizes"]]
        if peaks[-1] > GROWTH * peaks[0]:
            found.append(f"the peak of memory grows from {peaks[0]} to {peaks[-1]} MiB")
    return found
