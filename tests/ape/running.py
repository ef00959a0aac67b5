"""What tests of the commands share: the files, and the types of their fixtures in conftest.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

EXAMPLE = Path(__file__).parents[2] / "examples" / "night-market.yaml"
NEXT = EXAMPLE.with_name("night-market-2.yaml")
NOWHERE = "0x" + "11" * 20
STRANGER = "TEST::9"  # an account that the examples do not name

Run = Callable[..., Result]
Refused = Callable[..., str]
