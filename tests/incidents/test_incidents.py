"""Incidents of others, replayed: nothing is gained here, and with the historic fault it is."""

from __future__ import annotations

import pytest

from tests.incidents.arena import Arena
from tests.incidents.incident import Incident
from tests.incidents.replayed import ALL, BY_NAME, gain

# One of each kind of fault, of those that are compiled fastest; `make campaign` takes them all.
SEEDED = ("the_dao", "lendf_me", "cream")


@pytest.mark.parametrize("incident", ALL, ids=lambda incident: incident.name)
def test_nobody_gains(incident: Incident) -> None:
    incident.attack(Arena())


@pytest.mark.parametrize("name", SEEDED)
def test_with_the_fault_somebody_gains(name: str) -> None:
    assert gain(BY_NAME[name], seeded=True)


def test_there_are_fifty() -> None:
    assert len(BY_NAME) == len(ALL)
    assert len(ALL) >= 8
