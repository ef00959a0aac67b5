"""What the audit of the Payer is done with: a token of all kinds, and what is looked at after."""

from __future__ import annotations

from tests.contracts.evm import Contract
from tests.contracts.payer_stage import (
    Stage,
)

DELEGATED = bytes.fromhex("ef0100")  # EIP-7702
WAYS = ["pay", "relay"]
ANY_CALLER, ANY_SIGNATURE = 1, 2  # hostile/audit_token.vy
RESTS = 5000  # somebody's mistake, which lies at the Payer


def teach(puppet: Contract, *steps: tuple[str, bytes]) -> None:
    puppet.teach(list(steps))


def full(stage: Stage) -> None:
    """Another token: all of ERC-3009, ERC-1271 signers, hooks, units that are shares."""
    stage.token = stage.chain.deploy("audit_token")
    for each in (stage.client, stage.thief):
        stage.token.give(each, 1_000_000)


def unharmed(stage: Stage, *sees: Contract, paid: int = 0, kept: int = 0) -> None:
    assert stage.has(stage.client) == 1_000_000 - paid
    stage.clean(*sees, kept=kept)


def taking(stage: Stage, to: str, amount: int) -> tuple[str, bytes]:
    """What an honest SEE does, for whoever does it."""
    call = stage.token.data("transferFrom", stage.payer.address, to, amount)
    return stage.token.address, call
