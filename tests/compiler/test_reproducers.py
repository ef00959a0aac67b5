"""What Vyper 0.4.3 compiles wrongly, shown on an EVM; and the gate refuses each such source.

Where a test of a fault fails the compiler is another: docs/security.md then has to be written
anew, and what was forbidden for its sake may be allowed again.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from eth_abi import encode
from eth_hash.auto import keccak
from vyper import compile_code
from vyper.compiler.settings import OptimizationLevel, Settings
from vyper.exceptions import VyperException

from tests.properties.chain import Revm, deploy
from tools.check_sources import check_source

HERE = Path(__file__).parent
CALLER = "0x" + "d0" * 20
OPTIMIZED = ("gas", "codesize")
ALL = (*OPTIMIZED, "none")


def call(source: str, optimize: str, function: str, *arguments: object, value: int = 0) -> int:
    """The number that a contract answers."""
    settings = Settings(optimize=OptimizationLevel.from_string(optimize), evm_version="prague")
    code = compile_code(source, output_formats=["bytecode"], settings=settings)["bytecode"]
    chain = Revm()
    at = deploy(chain, bytes.fromhex(code[2:]))
    chain.set_balance(CALLER, value)
    types = function[function.index("(") + 1 : -1]
    data = keccak(function.encode())[:4] + encode(types.split(",") if types else [], arguments)
    return int.from_bytes(bytes(chain.evm.message_call(CALLER, at, data, value)), "big")


def told(name: str, optimize: str, value: int = 0) -> int:
    source = (HERE / f"{name}.vy").read_text("ascii")
    return call(source, optimize, "told(bool)", True, value=value)


@pytest.mark.parametrize("optimize", OPTIMIZED)
def test_cve_2026_114117(optimize: str) -> None:
    """4 | 2 is 6; without optimisation it is."""
    assert told("ternary_or", optimize, value=4) == 1
    assert told("ternary_or", "none", value=4) == 6


@pytest.mark.parametrize("optimize", ALL)
def test_cve_2026_114115(optimize: str) -> None:
    """The first number of [3, 4] is 3."""
    assert told("ternary_nested", optimize) == 4


@pytest.mark.parametrize("optimize", ALL)
def test_cve_2023_40015(optimize: str) -> None:
    """11 less 11, which is 0 from left to right."""
    assert told("right_to_left", optimize) == 1


@pytest.mark.parametrize("optimize", ALL)
def test_cve_2026_114118(optimize: str) -> None:
    """It says "made", and there is no code. An offset that is just too large is refused."""
    source = (HERE / "code_offset.vy").read_text("ascii")
    settings = Settings(optimize=OptimizationLevel.from_string(optimize), evm_version="prague")
    code = compile_code(source, output_formats=["bytecode"], settings=settings)["bytecode"]
    chain = Revm()
    at = deploy(chain, bytes.fromhex(code[2:]))
    blueprint = "0x" + "b1" * 20
    chain.evm.insert_account_info(blueprint, _info(b"\xfe\x71\x00" + bytes(40)))

    def made(offset: int) -> int:
        data = keccak(b"made(address,uint256)")[:4]
        data += encode(["address", "uint256"], [blueprint, offset])
        return int.from_bytes(bytes(chain.evm.message_call(CALLER, at, data)), "big")

    assert made(2**256 - 50) == 0
    with pytest.raises(RuntimeError, match="Revert"):
        made(43)


def _info(code: bytes) -> object:
    import pyrevm

    return pyrevm.AccountInfo(code=code, nonce=1)


ONE, TWO, THREE = ("0x" + str(number) * 40 for number in (1, 2, 3))
LINES = f"""# pragma version 0.4.3
# COMMENT
A: constant(address) = {ONE}
B: constant(address) = {TWO}


@external
def told() -> address:
    return B
"""
IN_A_LINE = f"""# pragma version 0.4.3
@external
def told() -> address:
    return self._first({"s" * 44}, {ONE}, {TWO})#{THREE}


{"s" * 44}: constant(uint256) = 1


@internal
def _first(number: uint256, first: address, second: address) -> address:
    return first
"""


@pytest.mark.parametrize("separator", ["\f", "\v", "\x1c", "\x85", "\u2028"])
def test_cve_2026_114116(separator: str) -> None:
    """A character in a comment moves literals by a line: B has the value of A."""
    hidden = LINES.replace("COMMENT", f"{separator}A: constant(address) = {THREE}")
    assert call(LINES, "gas", "told()") == int(TWO, 16)
    assert call(hidden, "gas", "told()") == int(ONE, 16)
    assert check_source(hidden.encode())


def test_cve_2026_114114() -> None:
    """Letters of two bytes, which Python takes for the s, move what follows in their line."""
    hidden = IN_A_LINE.replace("s" * 44, "\u017f" * 44, 1)
    assert call(IN_A_LINE, "gas", "told()") == int(ONE, 16)
    assert call(hidden, "gas", "told()") == int(TWO, 16)
    assert check_source(hidden.encode())
    assert check_source(b"\xef\xbb\xbf" + LINES.encode())


@pytest.mark.parametrize("path", sorted(HERE.glob("*.vy")), ids=lambda path: path.stem)
def test_the_gate_refuses_each_reproducer(path: Path) -> None:
    assert check_source(path.read_bytes())


FIXED = """# pragma version 0.4.3
count: uint256


@internal
def _act() -> bool:
    self.count += 1
    return True


@external
def told() -> uint256:
    joined: Bytes[3] = concat(b"" if self._act() else b"", b"abc")
    return self.count
"""


@pytest.mark.parametrize("optimize", ALL)
def test_what_later_releases_fixed_is_fixed(optimize: str) -> None:
    """CVE-2025-47285 and CVE-2025-47774, which some databases give no fixed release for."""
    assert call(FIXED, optimize, "told()") == 1
    sliced = FIXED.replace('concat(b"" if self._act() else b"", b"abc")', "slice(msg.data, 0, 0)")
    with pytest.raises(VyperException, match="Length cannot be less than 1"):
        call(sliced, optimize, "told()")
