"""The clone, opcode by opcode, and what its two paths do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak, to_checksum_address

from tests.contracts.evm import ETHER, ROOT, ZERO, Contract, Kernel, Tree, raw, refused, table_hash

OPCODES = {
    "STOP": 0x00, "OR": 0x17, "SHL": 0x1B, "SHR": 0x1C, "CALLER": 0x33, "CALLVALUE": 0x34,
    "CALLDATASIZE": 0x36, "CALLDATACOPY": 0x37, "CODECOPY": 0x39, "RETURNDATASIZE": 0x3D,
    "RETURNDATACOPY": 0x3E, "MSTORE": 0x52, "JUMPI": 0x57, "MSIZE": 0x59, "GAS": 0x5A,
    "JUMPDEST": 0x5B, "PUSH0": 0x5F, "PUSH1": 0x60, "PUSH20": 0x73, "PUSH32": 0x7F, "DUP1": 0x80,
    "SWAP2": 0x91, "LOG1": 0xA1, "RETURN": 0xF3, "DELEGATECALL": 0xF4, "REVERT": 0xFD,
}  # fmt: skip
RECEIVED = keccak(text="Received(uint256)")
PAID = keccak(text="Paid(address,bytes32,address,uint256)")


def assembled(text: str, **values: bytes) -> bytes:
    """Machine code of mnemonics; a name in lower case stands for a value, a number for a byte."""
    code = b""
    for word in text.split():
        if word in OPCODES:
            code += bytes([OPCODES[word]])
        else:
            code += values[word] if word in values else bytes([int(word)])
    return code


def expected(implementation: str, commitment: bytes) -> bytes:
    code = assembled(
        """
        CALLDATASIZE CALLVALUE PUSH1 96 SHR OR PUSH1 54 JUMPI
        CALLVALUE CALLER PUSH1 96 SHL OR PUSH0 MSTORE PUSH32 topic MSIZE PUSH0 LOG1 STOP
        JUMPDEST CALLDATASIZE PUSH0 PUSH0 CALLDATACOPY
        PUSH0 PUSH0 CALLDATASIZE PUSH0 PUSH20 implementation GAS DELEGATECALL
        RETURNDATASIZE PUSH0 PUSH0 RETURNDATACOPY PUSH0 RETURNDATASIZE SWAP2 PUSH1 97 JUMPI
        REVERT JUMPDEST RETURN
        """,
        topic=RECEIVED,
        implementation=raw(implementation),
    )
    assert code[54] == code[97] == OPCODES["JUMPDEST"]
    return code + commitment


@pytest.fixture
def tree(kernel: Kernel) -> Tree:
    return Tree.of([(kernel.chain.account(), 60), (kernel.chain.account(), 40)])


@pytest.fixture
def split(kernel: Kernel, tree: Tree) -> Contract:
    return kernel.split(tree)


def test_its_code_is_what_is_written_down(kernel: Kernel, split: Contract, tree: Tree) -> None:
    commitment = table_hash(*tree.table[:3])

    assert kernel.chain.code(split.address) == expected(kernel.splitter.address, commitment)
    assert len(kernel.chain.code(split.address)) == 131


def test_the_listing_beside_the_code_has_the_same_bytes(kernel: Kernel, split: Contract) -> None:
    text = Path(ROOT, "contracts/modules/clone.vy").read_text("ascii")
    lines = re.findall(
        r"^        [0-9a-f]{2}  ((?:(?:[0-9a-f]{2})+|topic|implementation| (?! ))+)", text, re.M
    )
    listed = "".join(lines[1:]).replace("topic", RECEIVED.hex())
    listed = listed.replace("implementation", kernel.splitter.address[2:].lower()).replace(" ", "")

    assert bytes.fromhex(listed) == kernel.chain.code(split.address)[:-32]


def test_its_address_follows_from_init_code_and_salt(kernel: Kernel, tree: Tree) -> None:
    init = assembled("PUSH1 131 DUP1 PUSH1 9 RETURNDATASIZE CODECOPY RETURNDATASIZE RETURN")
    init += expected(kernel.splitter.address, table_hash(*tree.table[:3]))
    for salt in (0, 1, 2**256 - 1):
        packed = b"\xff" + raw(kernel.registry.address) + salt.to_bytes(32, "big") + keccak(init)

        assert kernel.split(tree, salt).address == to_checksum_address(keccak(packed)[12:])


@pytest.mark.parametrize("amount", [0, 1, ETHER, 2**96 - 1])
def test_a_plain_payment_is_logged_with_its_payer(
    kernel: Kernel, split: Contract, amount: int
) -> None:
    kernel.chain.set_balance(kernel.chain.me, 2**100)

    (log,) = kernel.chain.send(split.address, value=amount)["logs"]

    assert log["topics"] == ["0x" + RECEIVED.hex()]
    assert int(log["data"], 16) == int(kernel.chain.me, 16) << 96 | amount


def test_an_amount_that_does_not_fit_the_packed_log_is_logged_whole(
    kernel: Kernel, split: Contract
) -> None:
    kernel.chain.set_balance(kernel.chain.me, 2**100)

    (log,) = kernel.chain.send(split.address, value=2**96)["logs"]

    assert log["topics"][0] == "0x" + PAID.hex()
    assert bytes.fromhex(log["data"][2:]) == encode(["address", "uint256"], [ZERO, 2**96])


def test_coin_with_a_memo_that_no_function_knows_is_a_payment(
    kernel: Kernel, split: Contract
) -> None:
    (log,) = kernel.chain.send(split.address, b"INV-7", value=5)["logs"]

    assert log["topics"][:2] == [
        "0x" + PAID.hex(),
        "0x" + raw(kernel.chain.me).rjust(32, b"\0").hex(),
    ]
    assert split.received(ZERO) == 5


def test_a_call_of_no_function_without_coin_is_refused(kernel: Kernel, split: Contract) -> None:
    with refused("not payable"):
        kernel.chain.send(split.address, b"INV-7")


def test_who_gives_2300_gas_can_pay(kernel: Kernel, split: Contract) -> None:
    # 21,000 for the transaction, and what a transfer() of Solidity hands on.
    receipt = kernel.chain.send(split.address, value=5, gas=21_000 + 2_300)

    assert int(receipt["gasUsed"], 16) <= 22_060


def test_what_comes_back_is_handed_on_whole(kernel: Kernel, split: Contract, tree: Tree) -> None:
    words = [int.from_bytes(tree.pages[0][at : at + 32], "big") for at in (0, 32)]
    kernel.pay(split, 1000)

    assert list(split.dues(ZERO, 100, 1, 0, words)) == [600, 400]
    with refused("not joined"):
        split.claim(0)


@pytest.mark.parametrize("act", ["pay", "default"])
def test_the_implementation_by_itself_takes_no_money(kernel: Kernel, act: Any) -> None:
    with refused("not payable"):
        if act == "pay":
            kernel.splitter.pay(ZERO, 1, bytes(32), value=1)
        else:
            kernel.chain.send(kernel.splitter.address, value=1)
