"""`seechain mesh`, as it is typed."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from seechain import SEE, Agreement, Registry
from tests.cli.conftest import EXAMPLE
from tests.cli.typing import Typed
from tests.sdk.cascades import see_of
from tests.sdk.chain import key


def test_the_map_is_listed_and_drawn(
    at: Typed, registry: Registry, see: SEE, example: Path, tmp_path: Path
) -> None:
    top = see_of(registry, "Harbour", {key(1).address: 3, see.address: 1})
    out = tmp_path / "mesh.svg"
    said = at.well("mesh", "--out", out, "--agreement", example)
    assert "Night Market" in said
    assert "25.00 %" in said
    assert "Night Market" in "".join(ET.parse(out).getroot().itertext())
    assert at.well("mesh", "--out", "-").startswith("<svg")
    found = at.json("mesh", "--see", see.address)
    (edge,) = found["edges"]
    assert (edge["from"], edge["to"], edge["kind"]) == (top.address, see.address, "seat")
    assert (edge["shares"], edge["total"]) == (1, 4)
    assert {each["address"] for each in found["nodes"]} == {top.address, see.address}


def test_what_is_no_see_is_refused(at: Typed, registry: Registry) -> None:
    assert "no SEE stands at" in at.refused("mesh", "--see", key(1).address)
    assert "no Registry stands at" in at.refused("mesh", "--registry", key(1).address)


def test_a_see_is_named_by_a_later_version_too(at: Typed, see: SEE) -> None:
    """Only the agreement that it was registered with named it."""
    second = EXAMPLE.with_name("night-market-2.yaml")
    later = Agreement.load(second)
    amendment = see.amendment(later)
    see.amend(later, [see.sign(amendment, key(number)) for number in (1, 2)], sender=key(0))
    found = at.json("mesh", "--agreement", second)
    assert {each["name"] for each in found["nodes"] if each["address"] == see.address} == {
        later.name
    }
    given = at.json("passport", key(1).address, "--agreement", second)
    assert later.name in str(given)
