"""Names of members and SEEs, from agreements that are at hand: the chain knows accounts only."""

from __future__ import annotations

from collections.abc import Iterable

from seechain.agreement import Agreement
from seechain.see.recovered import Recovered
from seechain.splitter import Splitter


def names_of(agreements: Iterable[Agreement], sees: Iterable[Splitter]) -> dict[str, str]:
    """Names by account: of members, and of the SEEs of which an agreement is or was in force."""
    found: dict[str, str] = {}
    titles: dict[bytes, str] = {}
    for agreement in agreements:
        found |= {member.account: member.name for member in agreement.members}
        titles[agreement.commitment] = agreement.name
    for see in sees:
        for version in see.versions if isinstance(see, Recovered) else ():
            if version.commitment in titles:
                found[see.address] = titles[version.commitment]
    return found
