"""A scenario on EELS, the executable specification, by the Python that has it (eels.py).

Reads the requests (scenario.py) on stdin and writes what came of each.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from ethereum.crypto.hash import Hash32, keccak256
from ethereum.forks.prague import fork, vm
from ethereum.forks.prague.fork_types import Account, Address
from ethereum.forks.prague.state import (
    State,
    get_account_optional,
    set_account,
    state_root,
    storage_root,
)
from ethereum.forks.prague.transactions import decode_transaction
from ethereum_types.bytes import Bytes32
from ethereum_types.numeric import U64, U256, Uint


class Listening:
    """Its receipts have no output: so the message's is taken where the fork reads it."""

    def __init__(self) -> None:
        self.output: Any = None
        self.inner = fork.process_message_call
        fork.process_message_call = self  # type: ignore[assignment]

    def __call__(self, message: Any) -> Any:
        self.output = self.inner(message)
        return self.output


def raw(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def run(request: dict[str, Any], listening: Listening) -> dict[str, Any]:
    state = State()
    for account, each in request["genesis"].items():
        code = raw(each["code"])
        made = Account(nonce=Uint(each["nonce"]), balance=U256(int(each["balance"])), code=code)
        set_account(state, Address(raw(account)), made)
    steps = [play(state, request["block"], step, listening) for step in request["steps"]]
    return {"steps": steps, "end": look(state, request["watch"])}


def play(state: State, block: dict[str, Any], step: dict[str, Any], listening: Any) -> Any:
    environment = vm.BlockEnvironment(
        chain_id=U64(block["chain_id"]),
        state=state,
        block_gas_limit=Uint(block["gas_limit"]),
        block_hashes=[],
        coinbase=Address(raw(block["coinbase"])),
        number=Uint(step["number"]),
        base_fee_per_gas=Uint(block["base_fee"]),
        time=U256(step["timestamp"]),
        prev_randao=Bytes32(raw(block["prev_randao"])),
        excess_blob_gas=U64(0),
        parent_beacon_block_root=Hash32(bytes(32)),
    )
    output = vm.BlockOutput()
    transaction = decode_transaction(raw(step["raw"]))
    fork.process_transaction(environment, output, transaction, Uint(0))
    made = listening.output
    return {
        "status": int(made.error is None),
        "gas": int(output.block_gas_used),
        "output": "0x" + bytes(made.return_data).hex(),
        "logs": [
            [
                "0x" + log.address.hex(),
                ["0x" + topic.hex() for topic in log.topics],
                "0x" + log.data.hex(),
            ]
            for log in output.block_logs
        ],
        "state_root": "0x" + state_root(state).hex(),
        "accounts": look(state, step["watch"]),
    }


def look(state: State, accounts: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for account in accounts:
        address = Address(raw(account))
        each = get_account_optional(state, address)
        found[account] = each and [
            int(each.nonce),
            str(int(each.balance)),
            "0x" + keccak256(each.code).hex(),
            "0x" + storage_root(state, address).hex(),
        ]
    return found


if __name__ == "__main__":
    listener = Listening()
    json.dump([run(each, listener) for each in json.load(sys.stdin)], sys.stdout)
