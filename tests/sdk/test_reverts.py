"""Every reason of the contracts is a class of errors, whatever node tells it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import encode
from web3 import Web3
from web3.exceptions import ContractLogicError, OffchainLookup, Web3RPCError

from seechain import ChainError, NothingDue, Refused, SeechainError, SignatureError
from seechain.chain import reverts
from seechain.chain.node import explained

CONTRACTS = Path(__file__).parents[2] / "contracts"
W3 = Web3()


def reasons() -> set[str]:
    found: set[str] = set()
    for path in CONTRACTS.rglob("*.vy"):
        text = path.read_text("utf-8")
        text = re.sub(r'"""(.*?)"""', "", text, flags=re.S)
        found |= set(re.findall(r'(?:, |raise |_refuse\()"([a-z ]+)"\)?(?:  #.*)?$', text, re.M))
    return found


def test_reasons_and_classes_are_one_to_one() -> None:
    assert reasons() == set(reverts.REASONS)
    assert len({kind.sentence for kind in reverts.REASONS.values()}) == len(reverts.REASONS)


@pytest.mark.parametrize("reason", sorted(reverts.REASONS))
def test_a_refusal_is_one_sentence(reason: str) -> None:
    kind = reverts.REASONS[reason]
    error = reverts.refusal(reason, "the claim for Ada")
    assert type(error) is kind
    assert isinstance(error, ChainError)
    assert isinstance(error, SeechainError)
    assert str(error).startswith("the claim for Ada was refused: ")
    assert str(error).count("\n") == 0
    assert kind.__doc__


def test_what_is_wrong_with_consent_is_a_signature_error_too() -> None:
    for kind in (reverts.BadSignature, reverts.MissingVoice, reverts.TooLate, reverts.NoQuorum):
        assert issubclass(kind, SignatureError)


DATA = "0x08c379a0" + encode(["string"], ["nothing due"]).hex()


@pytest.mark.parametrize(
    "error",
    [
        ContractLogicError("execution reverted: nothing due", DATA),
        ContractLogicError("execution reverted: nothing due"),
        ContractLogicError("execution reverted", DATA),
        ContractLogicError(DATA),
        ContractLogicError("reverted with reason string 'nothing due'"),
        Web3RPCError("VM Exception: execution reverted: nothing due"),
        Web3RPCError(
            "execution reverted",
            rpc_response={"error": {"code": 3, "message": "execution reverted", "data": DATA}},  # type: ignore[typeddict-item]
        ),
    ],
)
def test_every_node_tells_the_reason_in_its_own_way(error: Exception) -> None:
    assert type(explained(W3, error, "the claim")) is NothingDue


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ContractLogicError("execution reverted", "0x"), "the contract gave no reason"),
        (ContractLogicError("execution reverted", "0xdeadbeef" + "00" * 64), "no reason"),
        (ContractLogicError("0xdeadbeef" + "00" * 64), "no reason"),
        (ContractLogicError("execution reverted: ERC20: paused"), "'ERC20: paused'"),
        (
            ContractLogicError("execution reverted", "0x4e487b71" + "11".rjust(64, "0")),
            "a calculation is out of range",
        ),
        (ContractLogicError("execution reverted", "0x08c379a0ff"), "no reason"),
    ],
)
def test_no_bytes_are_shown(error: Exception, says: str) -> None:
    refused = explained(W3, error, "the claim")
    assert type(refused) is Refused
    assert says in str(refused)
    assert not re.search(r"[0-9a-f]{16}", str(refused))


def test_an_answer_from_outside_is_never_fetched(w3: Web3) -> None:
    """A token that reverts with OffchainLookup (EIP-3668) causes no request."""
    from seechain.chain.node import call
    from tests.sdk.chain import key, rpc

    body = encode(
        ["address", "string[]", "bytes", "bytes4", "bytes"],
        [key(7).address, ["http://127.0.0.1:1/{data}"], b"", b"\0\0\0\0", b""],
    )
    data = bytes.fromhex("556f1830") + body
    size = len(data)
    # Copies what stands behind these 12 bytes, and reverts with it.
    code = bytes.fromhex(f"61{size:04x}80600c5f395ffd".ljust(24, "0")) + data
    rpc(w3, "anvil_setCode", key(7).address, "0x" + code.hex())
    with pytest.raises(Refused, match="never fetched"):
        call(w3, key(7).address, b"", "reading the symbol")


def test_offchain_lookup_is_named() -> None:
    payload: dict[str, Any] = {}
    error = OffchainLookup(payload)
    assert "never fetched" in str(explained(W3, error, "reading"))
