"""modules/consent.vy on an EVM, with the digest given instead of hashed.

Its functions hash their own message, so a foreign digest can't be put to them. So the module is
compiled as it stands but for the two lines that make the digest: there the subject takes its
place. What is checked of r, s, parity, pointers and answers is the same source.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from eth_abi import decode, encode
from eth_hash.auto import keccak

from tests.properties.chain import Revm, deploy

ROOT = Path(__file__).parents[2]
LINES = (
    "digest: bytes32 = keccak256(concat(0x1901, domain, message))",
    "digest: bytes32 = self._digest(registry, kind, account, subject, deadline)",
)
YES = 1  # voices of the one that is asked
GAS = 3_000_000


@cache
def init_code(*faults: tuple[str, str]) -> bytes:
    """Compiled from today's module. faults: lines of it, and what stands there instead, so that
    tests show that the vectors would see it."""
    from vyper.cli.vyper_compile import compile_files
    from vyper.compiler.settings import OptimizationLevel, Settings

    source = (ROOT / "contracts/modules/consent.vy").read_text("ascii")
    for line in LINES:
        assert source.count(line) == 1, f"modules/consent.vy makes its digest otherwise: {line}"
        source = source.replace(line, "digest: bytes32 = subject")
    for line, fault in faults:
        assert source.count(line) == 1, f"modules/consent.vy has no such line: {line}"
        source = source.replace(line, fault)
    with tempfile.TemporaryDirectory() as folder:
        modules = Path(folder, "contracts", "modules")
        modules.mkdir(parents=True)
        (modules / "consent.vy").write_text(source, "ascii")
        refusals = (ROOT / "contracts/modules/refusals.vy").read_text("ascii")
        (modules / "refusals.vy").write_text(refusals, "ascii")
        asked = Path(folder, "Asked.vy")
        asked.write_bytes(Path(__file__).with_name("Asked.vy").read_bytes())
        settings = Settings(optimize=OptimizationLevel.GAS, evm_version="prague")
        out = compile_files([str(asked)], ["bytecode"], paths=[folder], settings=settings)
    return bytes.fromhex(next(iter(out.values()))["bytecode"][2:])


class Asked:
    """Whether the module takes a signature of an account under a digest, by both its checks."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        self.revm = Revm()
        self.at = deploy(self.revm, init_code(*faults))
        self.asked = 0
        self._alone = keccak(b"alone(address,bytes32,bytes)")[:4]
        self._counted = keccak(b"counted(bytes32,bytes,bytes)")[:4]

    def alone(self, account: str, digest: bytes, signature: bytes) -> bool:
        """As what a member does alone: of any length."""
        arguments = encode(["address", "bytes32", "bytes"], [account, digest, signature])
        return self._call(self._alone + arguments) is not None

    def counted(self, account: str, digest: bytes, signature: bytes) -> bool:
        """As one voice in a roll: of 64 bytes."""
        roll = bytes.fromhex(account[2:]) + YES.to_bytes(12, "big")
        arguments = encode(["bytes32", "bytes", "bytes"], [digest, roll, signature])
        answer = self._call(self._counted + arguments)
        if answer is None:
            return False
        yes, live = decode(["uint256", "uint256"], answer)
        assert live == YES
        return bool(yes == YES)

    def _call(self, data: bytes) -> bytes | None:
        self.asked += 1
        try:
            return bytes(
                self.revm.evm.message_call("0x" + "d0" * 20, self.at, data, gas=GAS, is_static=True)
            )
        except RuntimeError as error:
            if "Revert" not in str(error):  # all refusals are by its own word
                raise
            return None
