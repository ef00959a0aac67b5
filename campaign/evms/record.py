"""Record the scenarios: `python -m campaign.evms.record [NAME ...]`.

What the acts do is done on py-evm, and what came of it is written down. A difference from what
was recorded before is a change of behaviour or of gas: look at it before you commit it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from campaign.evms import scenario
from campaign.evms.acts import amends, life, moves, nested, pages, recipients, refusals, splitters
from campaign.evms.stage import Stage

ACTS: dict[str, Callable[[Stage], None]] = {
    "whole_life": life.whole_life,
    "several_pages": pages.several_pages,
    "recipients": recipients.recipients,
    "delegated": recipients.delegated,
    "amended": amends.amended,
    "nested": nested.nested,
    "contract_voice": nested.contract_voice,
    "splitters": splitters.splitters,
    "refusals": refusals.refusals,
    "redirect_and_leave": moves.redirect_and_leave,
}


def record(name: str, **how: Any) -> Stage:
    """Play the acts of a scenario from its genesis on."""
    act = ACTS[name]
    stage = Stage(name, (act.__doc__ or "").strip(), **how)
    act(stage)
    return stage


def main(names: list[str]) -> int:
    for name in names or ACTS:
        made = record(name).finished()
        scenario.save(made, scenario.FOLDER / f"{name}.json")
        print(f"{name}: {len(made['steps'])} transactions")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
