"""All incidents, and what an attack does to our contracts and to those with its fault."""

from __future__ import annotations

import traceback
from pathlib import Path

from tests.incidents import (
    client,
    counting,
    currencies,
    proofs,
    quorums,
    reentry,
    rights,
    signatures,
    stuck,
)
from tests.incidents.arena import Arena
from tests.incidents.incident import ALL, Incident
from tests.incidents.seeded import codes, sdk

THEMES = (reentry, stuck, counting, currencies, proofs, signatures, quorums, rights, client)
FILES = {str(Path(str(theme.__file__))) for theme in THEMES}
BY_NAME = {each.name: each for each in ALL}


def gain(incident: Incident, seeded: bool) -> str:
    """The line of the attack that found a gain; empty where there was none."""
    try:
        if incident.is_of_sdk:
            with sdk(incident.seed if seeded else None) as package:
                incident.attack(package)
        else:
            incident.attack(Arena(codes(incident.seed) if seeded else None))
    except AssertionError as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        if last.filename not in FILES:  # the scene could not be set: that says nothing
            raise
        return last.line or "?"
    return ""


def theme_of(incident: Incident) -> str:
    """The file of an attack, from the root of the repository."""
    return incident.attack.__module__.replace(".", "/") + ".py"


__all__ = ["ALL", "BY_NAME", "gain", "theme_of"]
