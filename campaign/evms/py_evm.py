"""py-evm: the engine that records, and one of the four."""

from __future__ import annotations

from importlib.metadata import version as installed
from typing import Any

from eth.chains.base import MiningChain
from eth.db.atomic import AtomicDB
from eth.vm.forks.prague import PragueVM
from eth.vm.forks.prague.headers import PragueBlockHeader
from eth.vm.spoof import SpoofTransaction
from eth_utils import to_checksum_address

NAME = "py-evm"
VIEW_GAS = 30_000_000


def version() -> str:
    return installed("py-evm")


def missing() -> str:
    """Nothing: it is what records."""
    return ""


def run_all(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What comes of scenarios, as scenario.py describes it."""
    return [run(request) for request in requests]


def run(request: dict[str, Any]) -> dict[str, Any]:
    """One scenario."""
    machine = Machine(request["block"], request["genesis"])
    steps = []
    for step in request["steps"]:
        made = machine.step(raw(step["raw"]), step["number"], step["timestamp"], step["creates"])
        made["accounts"] = {account: machine.account(account) for account in step["watch"]}
        steps.append(made)
    return {
        "steps": steps,
        "end": {account: machine.account(account) for account in request["watch"]},
    }


class Machine:
    """A state, and transactions that are applied to it, each in a block of its own."""

    def __init__(
        self, block: dict[str, Any], genesis: dict[str, Any], vm: type[PragueVM] = PragueVM
    ) -> None:
        self.block = block
        kind = MiningChain.configure(
            __name__="Evms", vm_configuration=((0, vm),), chain_id=block["chain_id"]
        )
        state = {
            raw(account): {
                "balance": int(each["balance"]),
                "nonce": each["nonce"],
                "code": raw(each["code"]),
                "storage": {},
            }
            for account, each in genesis.items()
        }
        self.chain = kind.from_genesis(
            AtomicDB(),
            {"difficulty": 0, "gas_limit": block["gas_limit"], "timestamp": 0},
            state,
        )
        self.root = self.chain.get_canonical_head().state_root
        self.vm = self._vm(0, 0)
        self.changed: set[str] = set()  # accounts, by the latest step

    def step(self, signed: bytes, number: int, timestamp: int, creates: bool) -> dict[str, Any]:
        """Apply one signed transaction."""
        self.vm = self._vm(number, timestamp)
        header = self.vm.get_header()
        transaction = self.vm.get_transaction_builder().decode(signed)
        receipt, computation = self.vm.apply_transaction(header, transaction)
        accounts = self.vm.state._account_db
        diff = accounts._journaltrie.diff()
        keys = {*(key for key, _ in diff.pending_items()), *diff.deleted_keys()}
        keys |= {key for key, _ in accounts._get_changed_roots()}
        self.changed = {to_checksum_address(key) for key in keys}
        self.vm.state.persist()
        self.root = self.vm.state.state_root
        hide = creates and computation.is_success
        return {
            "status": int(computation.is_success),
            "gas": receipt.gas_used,
            "output": "0x" if hide else "0x" + computation.output.hex(),
            "logs": [
                [
                    to_checksum_address(log.address),
                    ["0x" + topic.to_bytes(32, "big").hex() for topic in log.topics],
                    "0x" + log.data.hex(),
                ]
                for log in receipt.logs
            ],
            "state_root": "0x" + self.root.hex(),
        }

    def view(self, sender: str, to: str, data: bytes) -> tuple[bool, bytes]:
        """Call without a trace, in the latest block."""
        vm = self._vm(self.vm.get_header().block_number, self.vm.get_header().timestamp)
        call = vm.create_unsigned_transaction(
            nonce=vm.state.get_nonce(raw(sender)),
            gas_price=self.block["base_fee"],
            gas=VIEW_GAS,
            to=raw(to),
            value=0,
            data=data,
        )
        computation = vm.state.apply_transaction(SpoofTransaction(call, from_=raw(sender)))
        return computation.is_success, computation.output

    def account(self, account: str) -> list[Any]:
        """Nonce, balance, hash of the code, root of the storage; as eth_getProof tells them."""
        each = self.vm.state._account_db._get_account(raw(account))
        return [
            each.nonce,
            str(each.balance),
            "0x" + each.code_hash.hex(),
            "0x" + each.storage_root.hex(),
        ]

    def code(self, account: str) -> bytes:
        return bytes(self.vm.state.get_code(raw(account)))

    def _vm(self, number: int, timestamp: int) -> PragueVM:
        header = PragueBlockHeader(
            difficulty=0,
            block_number=number,
            gas_limit=self.block["gas_limit"],
            timestamp=timestamp,
            coinbase=raw(self.block["coinbase"]),
            mix_hash=raw(self.block["prev_randao"]),
            base_fee_per_gas=self.block["base_fee"],
            state_root=self.root,
            parent_hash=bytes(32),
        )
        return self.chain.get_vm(header)


def raw(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
