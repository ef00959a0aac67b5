"""Names of members and SEEs, from agreements that are at hand: the chain knows accounts only."""

from __future__ import annotations

from collections.abc import Sequence

from seechain.agreement import Agreement
from seechain.see.naming import is_named_by
from seechain.see.recovered import Recovered
from seechain.splitter import Splitter


def names_of(
    agreements: Sequence[Agreement], sees: Sequence[Splitter]
) -> tuple[dict[str, str], list[Agreement]]:
    """Names by account, of members and of SEEs; and the agreements that name nobody in these.

    See `seechain.see.naming` for who is named by an agreement.
    """
    found: dict[str, str] = {}
    others = []
    for agreement in agreements:
        named = [see for see in sees if is_named_by(see, agreement)]
        if not named:
            others.append(agreement)
            continue
        found |= {member.account: member.name for member in agreement.members}
        found |= {see.address: agreement.name for see in named if isinstance(see, Recovered)}
    return found, others
