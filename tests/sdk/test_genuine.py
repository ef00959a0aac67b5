"""The code of whatever the SDK talks to is compared with what the package was built with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from web3 import HTTPProvider, Web3

from seechain import SEE, Registry, Splitter
from seechain.chain import artifacts, clones
from seechain.chain.reverts import NoRegistry, NotSeechain
from tests.sdk.chain import anvil, key, rpc
from tests.sdk.conftest import ADA

REGISTRY = clones.registry_address()
IMPLEMENTATIONS = {
    "Registry": REGISTRY,
    "SEE": clones.first_created(REGISTRY),
    "Splitter": clones.splitter_implementation(),
}


def again(w3: Web3) -> Web3:
    """The same node for somebody who has not seen it yet."""
    return Web3(HTTPProvider(w3.provider.endpoint_uri))  # type: ignore[attr-defined]


def code_at(w3: Web3, address: str) -> bytes:
    return bytes(w3.eth.get_code(address))  # type: ignore[arg-type]


def places(name: str) -> dict[str, int]:
    """Bytes to change: of the code, and of each immutable."""
    size = len(artifacts.load(name).runtime) // 2 - 1
    all_of = {"the first byte": 0, "in the middle": size // 2, "the last of the code": size - 1}
    immutables = {
        "Registry": {"SEE": 31, "Splitter": 63, "length of a clone": 95, "a clone": 96, "its": 160},
        "SEE": {"itself": 31, "its Registry": 63},
        "Splitter": {"itself": 31},
    }
    return all_of | {what: size + at for what, at in immutables[name].items()}


@pytest.mark.parametrize("name", IMPLEMENTATIONS)
def test_one_byte_changed_is_refused(see: SEE, registry: Registry, w3: Web3, name: str) -> None:
    """Rule: by each way in, whichever byte it is, at the known address too."""
    splitter = registry.create_splitter({ADA: 1}, sender=key(8))
    said = r"is not the Registry of this seechain: .* has the hash 0x\w{64}, and should have 0x"
    ways: dict[str, tuple[type[Exception], Callable[[Web3], Any]]] = {
        "Registry": (NoRegistry, Registry),
        "deploy": (NoRegistry, lambda other: Registry.deploy(other, sender=key(9))),
        "SEE": (NotSeechain, lambda other: SEE(other, see.address)),
        "Splitter": (NoRegistry, lambda other: Splitter(other, splitter.address)),
    }
    code, height = code_at(w3, IMPLEMENTATIONS[name]), w3.eth.block_number
    for at in places(name).values():
        changed = bytearray(code)
        changed[at] ^= 1
        rpc(w3, "anvil_setCode", IMPLEMENTATIONS[name], "0x" + changed.hex())
        for kind, way in ways.values():
            with pytest.raises(kind, match=said):
                way(again(w3))
    assert w3.eth.block_number == height


def test_which_part_is_another_is_said(registry: Registry, w3: Web3) -> None:
    for name, words in (
        ("Splitter", f"the code of Splitters, at {IMPLEMENTATIONS['Splitter']}, has the hash"),
        ("SEE", f"the code of SEEs, at {IMPLEMENTATIONS['SEE']}, has the hash"),
        ("Registry", f"what stands at {REGISTRY} on chain 31337 "),
    ):
        rpc(w3, "anvil_setCode", IMPLEMENTATIONS[name], "0x00")
        with pytest.raises(NoRegistry, match=words):
            Registry(again(w3))


def test_code_with_more_or_less_is_refused(registry: Registry, w3: Web3) -> None:
    for address in IMPLEMENTATIONS.values():
        code = code_at(w3, address)
        for other in (code + b"\0", code[:-1], code[:32], b"\xef\x01\x00" + bytes(20)):
            rpc(w3, "anvil_setCode", address, "0x" + other.hex())
            with pytest.raises(NoRegistry, match="is not the Registry of this seechain"):
                Registry(again(w3))
        rpc(w3, "anvil_setCode", address, "0x" + code.hex())
    assert Registry(again(w3)).address == REGISTRY


def test_a_clone_with_one_byte_changed_is_refused(see: SEE, w3: Web3) -> None:
    code = code_at(w3, see.address)
    for at in range(0, len(code), 7):
        other = bytearray(code)
        other[at] ^= 1
        rpc(w3, "anvil_setCode", see.address, "0x" + other.hex())
        with pytest.raises(NotSeechain):
            SEE(again(w3), see.address)


def test_the_code_is_read_once_from_a_node(see: SEE, w3: Web3) -> None:
    """Nothing can change it, so a SEE that is opened later costs one reading, of its clone."""
    asked: list[str] = []
    other = again(w3)
    make: Any = other.provider.make_request

    def counted(method: Any, params: Any) -> Any:
        if method == "eth_getCode":
            asked.append(params[0])
        return make(method, params)

    other.provider.make_request = counted  # type: ignore[method-assign]
    SEE(other, see.address)
    assert sorted(asked) == sorted([see.address, *IMPLEMENTATIONS.values()])
    asked.clear()
    SEE(other, see.address)
    assert asked == [see.address]


def test_another_deployer_is_refused() -> None:
    with anvil() as w3:
        rpc(w3, "anvil_setCode", clones.DEPLOYER, "0x" + clones.DEPLOYER_CODE.hex() + "00")
        with pytest.raises(
            NoRegistry, match=r"is not the deterministic deployer: its code has the"
        ):
            Registry.deploy(w3, sender=key(9))
        assert w3.eth.get_block_number() == 0
