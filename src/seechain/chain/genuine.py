"""Whether what stands at an address is ours: a Registry, a SEE, a Splitter.

An address that follows from CREATE2 says what was deployed there, but not what a node answers for
it, nor what a chain put there by other means. So all code is compared, byte by byte, with what the
package was built with, its immutables included.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from eth_hash.auto import keccak
from web3 import Web3

from seechain.accounts import account_bytes, checksum
from seechain.chain import clones, interface
from seechain.chain.clones import Clone
from seechain.chain.node import ask, chain_id_of, code_of, url_of
from seechain.chain.reverts import NoRegistry, NotDeployed, NotSeechain, Refused

_REGISTRY = interface.of("Registry")
_SEE = interface.of("SEE")
# Registries that a node has shown, with all that they run. Nothing in their code can change or
# destroy it, so it is read once.
_SHOWN: WeakKeyDictionary[object, set[str]] = WeakKeyDictionary()


def check_registry(w3: Web3, address: str) -> None:
    """Checks that this version's Registry stands at an address, and the code that it runs.

    Raises:
        NoRegistry: nothing stands there, or something else.
    """
    code = code_of(w3, address)
    if not code:
        raise NoRegistry(
            f"no Registry stands at {address} on chain {chain_id_of(w3)} ({url_of(w3)}):"
            " check the chain, or put it there with Registry.deploy(w3, sender=...)"
        )
    known = address == clones.registry_address()
    splitter = clones.splitter_implementation() if known else clones.named_splitter(code)
    expected = clones.registry_code(address, splitter)
    _check_code(w3, address, "its code", clones.cleared(code), expected)
    shown = _SHOWN.setdefault(w3.provider, set())
    if address in shown:
        return
    see = clones.first_created(address)
    for what, at, expected in (
        (f"the code of SEEs, at {see},", see, clones.see_code(address)),
        (f"the code of Splitters, at {splitter},", splitter, clones.splitter_code(splitter)),
    ):
        _check_code(w3, address, what, code_of(w3, at), expected)
    shown.add(address)


def check_see(w3: Web3, address: str) -> tuple[str, Clone]:
    """The Registry that deployed a SEE, and what its clone says.

    Raises:
        NotSeechain: no clone of a SEE stands there, or no Registry has deployed it.
    """
    clone = _clone(w3, address, "SEE")
    registry = clones.registry_address()
    try:
        if clone.implementation != clones.first_created(registry):
            registry = _account(ask(w3, clone.implementation, _SEE, "registry"))
        _check_once(w3, registry)
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


def check_beside(w3: Web3, name: str, address: str, expected: bytes) -> None:
    """Checks the code of what stands beside the SEEs. name: "Payer" or "Noticeboard".

    Raises:
        NotDeployed: nothing stands there, or something else.
    """
    code = code_of(w3, address)
    if code == expected:
        return
    where = f"at {address} on chain {chain_id_of(w3)} ({url_of(w3)})"
    if not code:
        raise NotDeployed(
            f"no {name} stands {where}: put it there with {name}.deploy(w3, sender=...)"
        )
    raise NotDeployed(f"what stands {where} is not the {name} of this seechain: ask another node")


def splitter_implementation(w3: Web3, registry: str) -> str:
    """The implementation of a Registry's Splitters.

    Raises:
        NoRegistry: no Registry of this version stands there.
    """
    _check_once(w3, registry)
    if registry == clones.registry_address():
        return clones.splitter_implementation()
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


def _check_once(w3: Web3, registry: str) -> None:
    if registry not in _SHOWN.get(w3.provider, ()):
        check_registry(w3, registry)


def _check_code(w3: Web3, registry: str, what: str, code: bytes, expected: bytes) -> None:
    if code != expected:
        raise NoRegistry(
            f"what stands at {registry} on chain {chain_id_of(w3)} ({url_of(w3)}) is not the"
            f" Registry of this seechain: {what} has the hash 0x{keccak(code).hex()}, and should"
            f" have 0x{keccak(expected).hex()}: check the address, and ask another node"
        )


def _account(address: str) -> str:
    return checksum(account_bytes(address))
