"""Incidents of others, replayed: nothing is gained here, and with the historic fault it is."""

from __future__ import annotations

import re

import pytest

from tests.incidents.incident import Incident
from tests.incidents.replayed import ALL, BY_NAME, gain, theme_of
from tests.incidents.seeded import ROOT, put_in

# One of each kind of fault, of those that are compiled fastest; `make campaign` takes them all.
SEEDED = ("the_dao", "compound", "akutars", "fluid", "poly_network", "ccip_read")


@pytest.mark.parametrize("incident", ALL, ids=lambda incident: incident.name)
def test_nobody_gains(incident: Incident) -> None:
    assert not gain(incident, seeded=False)


@pytest.mark.parametrize("incident", ALL, ids=lambda incident: incident.name)
def test_each_fault_can_still_be_put_in(incident: Incident) -> None:
    for seed in filter(None, (incident.seed, incident.seed.beside)):
        text = (ROOT / seed.path).read_text("utf-8")
        assert put_in(seed, text) != text


@pytest.mark.parametrize("name", SEEDED)
def test_with_the_fault_somebody_gains(name: str) -> None:
    assert gain(BY_NAME[name], seeded=True)


def test_there_are_fifty() -> None:
    assert len(BY_NAME) == len(ALL)
    assert len(ALL) >= 50


def test_each_has_its_row() -> None:
    page = (ROOT / "docs" / "attacks" / "incidents.md").read_text("utf-8")
    rows = re.findall(r"`(tests/incidents/\w+\.py)::(\w+)` \|$", page, re.M)
    assert sorted(rows) == sorted((theme_of(each), each.name) for each in ALL)
    for each in ALL:
        assert f"| {each.source} ({each.when}; {each.lost}) |" in page
    assert f"{len(ALL)} incidents" in page
