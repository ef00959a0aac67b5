"""The scenarios by each setting of the compiler: nothing but gas and code may differ.

They are acted anew, where gas costs nothing and the contracts are deployed in a way by which
addresses don't hang on code: so each slot, balance, log and answer can be compared as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eth.vm.forks.prague import PragueVM
from eth.vm.forks.prague.computation import PragueComputation
from eth.vm.forks.prague.state import PragueState
from eth_utils import keccak

from campaign.evms import record

SETTINGS = ("gas", "none", "codesize", "venom")
TOOK = "0x" + keccak(text="Took(uint256,uint256)").hex()  # its second word is the gas at hand


class LongComputation(PragueComputation):
    """Takes code of any length: not optimised, SEE is longer than EIP-170 and EIP-3860 allow."""

    @classmethod
    def validate_create_message(cls, message: Any) -> None:
        pass

    @classmethod
    def validate_contract_code(cls, contract_code: bytes) -> None:
        pass


class LongState(PragueState):
    computation_class = LongComputation


class LongVM(PragueVM):
    _state_class = LongState


def seen(name: str, setting: str) -> list[tuple[str, Any]]:
    """What came of each step of a scenario by one setting, but for gas and code."""
    stage = record.record(name, setting=setting, compared=True, vm=LongVM)
    return [
        (
            f"{name}, step {step['number']} ({step['act']})",
            {
                "status": step["expect"]["status"],
                "output": step["expect"]["output"],
                "logs": [_without_gas(log) for log in step["expect"]["logs"]],
                "accounts": {
                    account: [*each[:2], *each[3:]]
                    for account, each in step["expect"]["accounts"].items()
                },
            },
        )
        for step in stage.steps
    ]


def _without_gas(log: list[Any]) -> list[Any]:
    address, topics, data = log
    return [address, topics, data[:66] if topics == [TOOK] else data]


def differences(name: str, *, settings: tuple[str, ...] = SETTINGS) -> Iterator[str]:
    """Where a scenario comes out otherwise by another setting than the first."""
    first, *others = settings
    wanted = seen(name, first)
    for setting in others:
        got = seen(name, setting)
        if len(got) != len(wanted):
            yield f"{name}: {len(got)} steps by {setting}, {len(wanted)} by {first}"
        for (where, one), (_, other) in zip(got, wanted, strict=False):
            for what, value in one.items():
                if value != other[what]:
                    said = f"{str(value)[:300]} by {setting}, {str(other[what])[:300]} by {first}"
                    yield f"{where}, {what}: {said}"
