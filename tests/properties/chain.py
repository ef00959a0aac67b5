"""Chains for the property tests: the least that sends calls and reads balances and slots.

    fast()    pyrevm, some 100,000 calls a second; gas is not real there, so nothing measures it
    PyEvm     py-evm, another code base altogether; also what `fast` falls back to
    Anvil     a node, one mined transaction for each call

All start alike (chain id, time, deployer), gas costs nothing, any sender is obeyed, and what is
deployed goes through the deterministic deployer: so one recording of calls fits all of them.
"""

from __future__ import annotations

import http.client
import json
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Protocol

from eth.chains.base import MiningChain  # raises the recursion limit: not in the midst of a test
from eth.db.atomic import AtomicDB
from eth.vm.forks.prague import PragueVM
from eth.vm.spoof import SpoofTransaction
from eth_hash.auto import keccak

from tools.anvil import running

try:
    import pyrevm

    WHY_NOT_FAST = ""
except ImportError as error:  # it has no wheel for each Python and each machine
    pyrevm = None
    WHY_NOT_FAST = f"pyrevm can't be imported ({error}): py-evm does its work, at 1/100 the speed"

CHAIN_ID = 1
START = 1_800_000_000  # unix seconds
GAS = 30_000_000  # of a call, unless said otherwise
CALLS = Counter[str]()  # of the fast engine, in this process
DEPLOYER = "0x4e59b44847b379578588920ca78fbf26c0b4956c"
DEPLOYER_CODE = bytes.fromhex(
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe036016000816020823780358282"
    "34f58015156039578182fd5b8082525050506014600cf3"
)


class Chain(Protocol):
    def send(self, sender: str, to: str, data: bytes = b"", value: int = 0, gas: int = GAS) -> bool:
        """Whether the call succeeded; where it did not, nothing has changed."""

    def view(self, to: str, data: bytes) -> bytes: ...

    def balance(self, account: str) -> int: ...

    def set_balance(self, account: str, amount: int) -> None: ...

    def storage(self, account: str, slot: int) -> int: ...

    def code(self, account: str) -> bytes: ...

    def set_time(self, now: int) -> None:
        """Unix seconds, from the next call on; never back."""


def raw(address: str) -> bytes:
    return bytes.fromhex(address[2:])


def deployed_address(init_code: bytes, salt: int = 0) -> str:
    """Where the deterministic deployer puts this code (EIP-1014)."""
    packed = b"\xff" + raw(DEPLOYER) + salt.to_bytes(32, "big") + keccak(init_code)
    return "0x" + keccak(packed)[12:].hex()


def deploy(chain: Chain, init_code: bytes, salt: int = 0) -> str:
    assert chain.send("0x" + "d0" * 20, DEPLOYER, salt.to_bytes(32, "big") + init_code)
    return deployed_address(init_code, salt)


class Revm:
    def __init__(self) -> None:
        self.evm = pyrevm.EVM(env=pyrevm.Env(block=self._block(START)), spec_id="PRAGUE")
        self.evm.insert_account_info(DEPLOYER, pyrevm.AccountInfo(code=DEPLOYER_CODE, nonce=1))

    def send(self, sender: str, to: str, data: bytes = b"", value: int = 0, gas: int = GAS) -> bool:
        CALLS["sent"] += 1
        try:
            self.evm.message_call(sender, to, data, value, gas)
        except RuntimeError:  # a revert, or a halt such as no gas
            return False
        finally:
            self.evm.reset_transient_storage()  # it knows no end of a transaction
        return True

    def view(self, to: str, data: bytes) -> bytes:
        CALLS["viewed"] += 1
        return self.evm.message_call("0x" + "d0" * 20, to, data, gas=10**9, is_static=True)

    def balance(self, account: str) -> int:
        return self.evm.get_balance(account)

    def set_balance(self, account: str, amount: int) -> None:
        self.evm.set_balance(account, amount)

    def storage(self, account: str, slot: int) -> int:
        return self.evm.storage(account, slot)

    def code(self, account: str) -> bytes:
        return self.evm.get_code(account).rstrip(b"\0")  # padded there

    def set_time(self, now: int) -> None:
        self.evm.set_block_env(self._block(now))

    @staticmethod
    def _block(now: int) -> Any:
        return pyrevm.BlockEnv(number=1, timestamp=now, gas_limit=10**12)


class PyEvm:
    def __init__(self) -> None:
        kind = MiningChain.configure(
            __name__="Properties", vm_configuration=((0, PragueVM),), chain_id=CHAIN_ID
        )
        genesis = {
            "difficulty": 0,
            "gas_limit": 10**12,
            "timestamp": START - 1,
            "base_fee_per_gas": 0,
        }
        self.vm = kind.from_genesis(AtomicDB(), genesis, {}).get_vm()
        self.vm.state.set_code(raw(DEPLOYER), DEPLOYER_CODE)
        self.vm.state.set_nonce(raw(DEPLOYER), 1)

    def _apply(self, sender: str, to: str, data: bytes, value: int, gas: int) -> Any:
        call = self.vm.create_unsigned_transaction(
            nonce=self.vm.state.get_nonce(raw(sender)),
            gas_price=0,
            gas=gas,
            to=raw(to),
            value=value,
            data=data,
        )
        return self.vm.state.apply_transaction(SpoofTransaction(call, from_=raw(sender)))

    def send(self, sender: str, to: str, data: bytes = b"", value: int = 0, gas: int = GAS) -> bool:
        return self._apply(sender, to, data, value, gas).is_success

    def view(self, to: str, data: bytes) -> bytes:
        computation = self._apply("0x" + "d0" * 20, to, data, 0, 10**9)
        assert computation.is_success, computation.error
        return computation.output

    def balance(self, account: str) -> int:
        return self.vm.state.get_balance(raw(account))

    def set_balance(self, account: str, amount: int) -> None:
        self.vm.state.set_balance(raw(account), amount)

    def storage(self, account: str, slot: int) -> int:
        return self.vm.state.get_storage(raw(account), slot)

    def code(self, account: str) -> bytes:
        return self.vm.state.get_code(raw(account))

    def set_time(self, now: int) -> None:
        self.vm.state.execution_context._timestamp = now


def fast() -> Chain:
    return Revm() if pyrevm else PyEvm()


class Anvil:
    """A node of its own, found by PATH; ended by `close`."""

    def __init__(self) -> None:
        options = (
            f"--chain-id {CHAIN_ID} --timestamp {START} --accounts 1 --hardfork prague"
            " --base-fee 0 --gas-price 0 --disable-block-gas-limit"
        )
        self._node = ExitStack()
        url = self._node.enter_context(running(*options.split()))
        self._http = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
        self._ask("anvil_autoImpersonateAccount", True)
        self._ask("anvil_setCode", DEPLOYER, "0x" + DEPLOYER_CODE.hex())

    def _ask(self, method: str, *params: Any) -> Any:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        self._http.request("POST", "/", body, {"Content-Type": "application/json"})
        answer = json.loads(self._http.getresponse().read())
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    def send(self, sender: str, to: str, data: bytes = b"", value: int = 0, gas: int = GAS) -> bool:
        call = {
            "from": sender,
            "to": to,
            "data": "0x" + data.hex(),
            "value": hex(value),
            "gas": hex(gas),
            "gasPrice": "0x0",
        }
        hash_ = self._ask("eth_sendTransaction", call)
        while not (receipt := self._ask("eth_getTransactionReceipt", hash_)):
            time.sleep(0.002)  # mined at once, but not always by the time of the answer
        return int(receipt["status"], 16) == 1

    def view(self, to: str, data: bytes) -> bytes:
        return raw(self._ask("eth_call", {"to": to, "data": "0x" + data.hex()}, "latest"))

    def balance(self, account: str) -> int:
        return int(self._ask("eth_getBalance", account, "latest"), 16)

    def set_balance(self, account: str, amount: int) -> None:
        self._ask("anvil_setBalance", account, hex(amount))

    def storage(self, account: str, slot: int) -> int:
        return int(self._ask("eth_getStorageAt", account, hex(slot), "latest"), 16)

    def code(self, account: str) -> bytes:
        return raw(self._ask("eth_getCode", account, "latest"))

    def set_time(self, now: int) -> None:
        self._ask("evm_setNextBlockTimestamp", now)
        self._ask("evm_mine")

    def close(self) -> None:
        self._http.close()
        self._node.close()


@dataclass
class Recorder:
    """A chain that remembers what changed it, so that another can be put through the same."""

    chain: Chain

    def __post_init__(self) -> None:
        self.steps: list[tuple[Any, ...]] = []
        self.now = START
        self.view = self.chain.view
        self.balance = self.chain.balance
        self.storage = self.chain.storage
        self.code = self.chain.code

    def send(self, sender: str, to: str, data: bytes = b"", value: int = 0, gas: int = GAS) -> bool:
        done = self.chain.send(sender, to, data, value, gas)
        # Where gas was short what happens hangs on its price, which is not real here.
        if gas == GAS or done:
            self.steps.append((sender, to, data, value, done))
        return done

    def set_balance(self, account: str, amount: int) -> None:
        self.chain.set_balance(account, amount)
        self.steps.append((account, amount))

    def set_time(self, now: int) -> None:
        self.now = now
        self.chain.set_time(now)
        self.steps.append((now,))

    def replay(self, chain: Chain) -> None:
        for step in self.steps:
            if len(step) == 1:
                chain.set_time(*step)
            elif len(step) == 2:
                chain.set_balance(*step)
            else:
                assert chain.send(*step[:4]) == step[4], f"ends otherwise there: {step}"
