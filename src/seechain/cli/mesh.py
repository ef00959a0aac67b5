"""Draws the map of SEEs that are members of each other."""

from __future__ import annotations

from pathlib import Path

import click

from seechain.cli.books import agreements_option, all_at_hand
from seechain.cli.desk import Desk
from seechain.cli.frame import reading
from seechain.mesh import Mesh, find, registry_of
from seechain.mesh.picture import draw
from seechain.parts import percent
from seechain.registry import Registry


@reading
@click.option("--see", metavar="ADDRESS", help="Only what hangs together with this one.")
@click.option("--registry", metavar="ADDRESS", help="Of another than the usual one.")
@agreements_option("The agreement file of a SEE, for its name.")
@click.option("--out", type=click.Path(), metavar="FILE", help="Where to write the picture (SVG).")
def cli(
    desk: Desk, see: str | None, registry: str | None, agreements: tuple[Path, ...], out: str | None
) -> None:
    """Draw the map of SEEs that are members of each other, and of the seats that are shared.

    All SEEs of the Registry are read from the chain; names are on no chain.
    """
    given = all_at_hand(agreements)
    of = registry_of(desk.w3, see) if registry is None else Registry(desk.w3, registry)
    sees = list(of.sees())
    with desk.progress("Reading all SEEs", len(sees)) as advance:
        mesh = find(
            of,
            around=see,
            names=of.titles(given),
            tables=[each.table for each in given],
            sees=sees,
            advance=advance,
        )
    if out is not None:
        desk.write(out, draw(mesh))
    if out != "-":
        _tell(desk, mesh)
    desk.result({**mesh.to_json(), **({"out": out} if out else {})})


def _tell(desk: Desk, mesh: Mesh) -> None:
    names = {each.address: each.name or each.address for each in mesh.nodes}
    rows = [
        (
            names[each.payer],
            names[each.member],
            percent(each.part),
            f"{each.voices} of {each.all_voices}" if each.voices else "-",
            each.kind if not each.account else f"redirect of {each.account}",
        )
        for each in mesh.edges
    ]
    splitters = sum(each.kind == "Splitter" for each in mesh.nodes)
    sees = _count(len(mesh.nodes) - splitters, "SEE")
    title = f"{sees} and {_count(splitters, 'Splitter')} of {mesh.registry}"
    desk.table(title, ("from", "to", "part>", "voices>", "by"), rows)
    tied = {each for edge in mesh.edges for each in (edge.payer, edge.member)}
    for node in mesh.nodes:
        if node.address not in tied:
            desk.say(f"{names[node.address]} is a member of none, and none is a member of it")
        if node.members is None:
            desk.say(f"The share table of {names[node.address]} is not published: who has seats")
            desk.say("there can't be told")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
