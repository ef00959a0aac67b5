"""What only looks like ours, given to every function of the SDK that takes an address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from web3 import Web3

from seechain import SEE, Registry, SeechainError, Splitter
from tests.sdk.chain import key, rpc
from tests.sdk.conftest import ADA, BEN, make_agreement

INIT = "0x60838060093d393df3"  # of a clone, ahead of its code
SENDER = key(8)


def put(w3: Web3, code: bytes) -> str:
    sent = w3.eth.send_transaction({"from": ADA, "data": INIT + code.hex()})  # type: ignore[typeddict-item]
    made = w3.eth.wait_for_transaction_receipt(sent)["contractAddress"]
    assert made is not None
    return made


@pytest.fixture
def forged(see: SEE, registry: Registry, usdc: Any, w3: Web3) -> dict[str, str]:
    """Addresses at which no SEE stands, most of which say that one does."""
    code = bytes(w3.eth.get_code(see.address))  # type: ignore[arg-type]
    other = code.replace(code[64:84], bytes.fromhex(usdc.address[2:]))
    clone = registry.deploy_clone(make_agreement(nonce=9), sender=key(0))
    return {
        "the same bytes": put(w3, code),
        "another implementation": put(w3, other),
        "another commitment": put(w3, code[:-32] + bytes(32)),
        "the implementation": Web3.to_checksum_address(code[64:84]),
        "the Registry": registry.address,
        "a token": usdc.address,
        "a person": BEN,
        "nobody": Web3.to_checksum_address("0x" + "77" * 20),
        "the zero address": "0x" + "00" * 20,
        "a precompile": "0x" + "00" * 19 + "04",
        "not registered": clone.address,
    }


def entries(see: SEE, registry: Registry, w3: Web3) -> dict[str, Callable[[str], Any]]:
    """Each takes an address of a SEE or of a Registry, and would act or sign on it."""
    return {
        "SEE, paid": lambda at: SEE(w3, at).pay(5, sender=SENDER),
        "SEE, claimed": lambda at: SEE(w3, at).claim(ADA, sender=SENDER),
        "SEE, signed": lambda at: SEE(w3, at).sign(SEE(w3, at).deregistration(), key(1)),
        "SEE, redirected": lambda at: SEE(w3, at).redirect(key(1), BEN, sender=SENDER),
        "Registry.see": lambda at: registry.see(at).payout(sender=SENDER),
        "Registry.record": registry.record,
        "Registry": lambda at: Registry(w3, at).sign(make_agreement(nonce=5), key(1)),
        "touch": lambda at: see.touch(at, sender=SENDER),
        "pay in it": lambda at: see.pay(5, currency=at, sender=SENDER),
    }


# What is no forgery there: a Registry, a token, the coin; and a genuine clone that nobody has
# registered yet splits what it is paid by its first table.
TRUE = {
    ("Registry", "the Registry"),
    ("touch", "a token"),
    # These answer when they are asked for a balance. A touch moves nothing.
    ("touch", "another implementation"),
    ("touch", "a precompile"),
    ("pay in it", "a token"),
    ("pay in it", "the zero address"),
    ("SEE, paid", "not registered"),
}


def test_no_function_takes_a_forged_address(
    see: SEE, registry: Registry, w3: Web3, forged: dict[str, str]
) -> None:
    """Rule: the SDK pays, claims, signs and redirects at nothing that only looks like a SEE, and
    takes no Registry and no token on trust: one sentence, and no transaction."""
    before = rpc(w3, "eth_blockNumber")
    taken = []
    for entry, act in entries(see, registry, w3).items():
        for name, address in forged.items():
            if (entry, name) in TRUE:
                continue
            try:
                act(address)
            except SeechainError as error:
                if len(str(error)) > 20:
                    continue
            taken.append((entry, name))
    assert taken == []
    assert rpc(w3, "eth_blockNumber") == before
    assert see.due()["native"] == 0


def test_no_splitter_stands_at_a_forged_address(see: SEE, forged: dict[str, str], w3: Web3) -> None:
    """Rule: a Splitter is one that the Registry deployed, whatever table comes with the address."""
    for address in (*forged.values(), see.address):
        with pytest.raises(SeechainError):
            Splitter(w3, address, table=see.table)
