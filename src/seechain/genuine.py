"""Whether what stands at an address is ours: a Registry, a SEE, a Splitter.

An address that follows from the deterministic deployer or from CREATE2 proves the code that was
deployed there; everything else is compared with what the package was built with.
"""

from __future__ import annotations

from web3 import Web3

from seechain import artifacts, clones, interface
from seechain.accounts import account_bytes, checksum
from seechain.clones import Clone
from seechain.node import ask, chain_id_of, code_of, url_of
from seechain.reverts import NoRegistry, NotSeechain, Refused

_REGISTRY = interface.of("Registry")
_SEE = interface.of("SEE")


def check_registry(w3: Web3, address: str) -> None:
    """Checks that this version's Registry stands at an address.

    Raises:
        NoRegistry: nothing stands there, or something else.
    """
    code = code_of(w3, address)
    if not code:
        raise NoRegistry(
            f"no Registry stands at {address} on chain {chain_id_of(w3)} ({url_of(w3)}):"
            " check the chain, or put it there with Registry.deploy(w3, sender=...)"
        )
    if address == clones.registry_address():
        return
    try:
        see = _account(ask(w3, address, _REGISTRY, "see_implementation"))
        splitter = _account(ask(w3, address, _REGISTRY, "splitter_implementation"))
    except (NotSeechain, Refused):
        see = splitter = ""
    parts = (("Registry", address), ("SEE", see), ("Splitter", splitter))
    if not see or not all(_is_built(w3, name, at) for name, at in parts):
        raise NoRegistry(f"what stands at {address} is not the Registry of this seechain")
    if see != clones.first_created(address):
        raise NoRegistry(f"the Registry at {address} did not deploy the SEE that it names")


def check_see(w3: Web3, address: str) -> tuple[str, Clone]:
    """The Registry that deployed a SEE, and what its clone says.

    Raises:
        NotSeechain: no clone of a SEE stands there, or no Registry has deployed it.
    """
    clone = _clone(w3, address, "SEE")
    registry = clones.registry_address()
    if clone.implementation != clones.first_created(registry):
        try:
            registry = _account(ask(w3, clone.implementation, _SEE, "registry"))
            check_registry(w3, registry)
        except NoRegistry as error:
            raise NotSeechain(f"{address} is no SEE of a Registry: {error}") from None
        except (NotSeechain, Refused):
            is_splitter = clone.implementation == clones.splitter_implementation()
            what = "it is a fixed Splitter" if is_splitter else "no Registry has deployed it"
            raise NotSeechain(f"{address} is no SEE of a Registry: {what}") from None
    expected = clones.clone_address(
        registry, clones.first_created(registry), clone.commitment, clones.NO_SALT
    )
    if address != expected:
        raise NotSeechain(
            f"{address} only looks like a SEE: the Registry {registry} did not deploy it,"
            " so it may do anything with what it is paid"
        )
    return registry, clone


def check_splitter(w3: Web3, address: str, registry: str, salt: bytes) -> Clone:
    """What the clone of a fixed Splitter says.

    Raises:
        NotSeechain: no clone of a Splitter stands there, or the Registry has not deployed it
            with this salt.
    """
    clone = _clone(w3, address, "Splitter")
    implementation = splitter_implementation(w3, registry)
    if address != clones.clone_address(registry, implementation, clone.commitment, salt):
        raise NotSeechain(
            f"the Registry {registry} did not deploy a Splitter at {address} with this salt:"
            " give the salt that it was created with"
        )
    return clone


def splitter_implementation(w3: Web3, registry: str) -> str:
    """The implementation of a Registry's Splitters.

    Raises:
        NoRegistry: no Registry of this version stands there.
    """
    if registry == clones.registry_address():
        return clones.splitter_implementation()
    check_registry(w3, registry)
    return _account(ask(w3, registry, _REGISTRY, "splitter_implementation"))


def _clone(w3: Web3, address: str, what: str) -> Clone:
    code = code_of(w3, address)
    clone = clones.read_clone(code)
    if clone is None:
        has = "another contract" if code else "nothing"
        raise NotSeechain(
            f"no {what} stands at {address} on chain {chain_id_of(w3)} ({url_of(w3)}), but {has}:"
            " check the address and the chain"
        )
    return clone


def _is_built(w3: Web3, name: str, address: str) -> bool:
    built = artifacts.load(name)
    runtime = bytes.fromhex(built.runtime[2:])
    code = code_of(w3, address)
    if not code.startswith(runtime) or len(code) != built.size:
        return False
    # Of an implementation's immutables the first is itself; a Registry's are checked by asking.
    own = int.from_bytes(account_bytes(address), "big")
    return (
        name == "Registry" or int.from_bytes(code[len(runtime) : len(runtime) + 32], "big") == own
    )


def _account(address: str) -> str:
    return checksum(account_bytes(address))
