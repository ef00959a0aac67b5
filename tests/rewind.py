"""Puts a test's chain back to a snapshot."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

PATIENCE = 5  # seconds


def rewind(ask: Callable[..., Any], snapshot: str) -> None:
    """Takes anvil back. It tells a receipt before its pool forgets the transaction: what is
    still there would be mined again after, now and then."""
    until = time.monotonic() + PATIENCE
    while ask("txpool_status")["pending"] != "0x0" and time.monotonic() < until:
        pass
    assert ask("evm_revert", snapshot), snapshot
