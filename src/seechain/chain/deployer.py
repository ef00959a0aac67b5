"""Putting contracts in place, through the deterministic deployer: one address on every chain."""

from __future__ import annotations

from eth_hash.auto import keccak
from web3 import Web3

from seechain.accounts import checksum
from seechain.chain import clones
from seechain.chain.clones import DEPLOYER
from seechain.chain.node import (
    asking,
    balance_of,
    chain_id_of,
    code_of,
    simulation,
    url_of,
)
from seechain.chain.receipts import Receipt, Receipts
from seechain.chain.reverts import ChainError, NoRegistry
from seechain.sending import senders
from seechain.sending.delivery import Delivery
from seechain.sending.senders import Call, Sender, send
from seechain.sending.signing import Sent, hash_of

# Arachnid's deterministic deployment proxy: its signer's only transaction, without a chain id,
# so that it is the same on every chain. Nobody has the key.
_SIGNER = checksum(bytes.fromhex("3fab184622dc19b6109349b94811493bf2a45362"))
_COST = 10**16  # wei: 100,000 gas at 100 gwei
_TRANSACTION = bytes.fromhex(
    "f8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffff"
    "ffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b80"
    "82525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a0"
    "2222222222222222222222222222222222222222222222222222222222222222"
)
_LOCAL_CHAINS = (1337, 31337, 131277322940537)
_LOCAL_NODES = ("anvil", "hardhat", "ethereumtester", "eth_tester", "ganache")


def deploy_registry(w3: Web3, sender: Sender) -> Receipts:
    """Deploys what is missing of deployer, Splitter implementation and Registry.

    Returns:
        The transactions; none where all of it stands.

    Raises:
        NoRegistry: the chain has no deterministic deployer, or lacks opcodes that the contracts
            need. Else as `send`.
    """
    if code_of(w3, clones.registry_address()):
        return Receipts()
    receipts = _check_deployer(w3, sender)
    for name, address, code in (
        ("the Splitter implementation", clones.splitter_implementation(), None),
        ("the Registry", clones.registry_address(), clones.registry_init_code()),
    ):
        receipts += _deploy(w3, name, address, code or clones.init_code("Splitter"), sender)
    return Receipts(receipts)


def deploy_beside(w3: Web3, name: str, address: str, code: bytes, sender: Sender) -> Receipts:
    """Deploys what stands beside the SEEs, by its deployable code, unless it stands.

    Raises:
        NoRegistry: as `deploy_registry`.
    """
    if code_of(w3, address):
        return Receipts()
    receipts = _check_deployer(w3, sender)
    return Receipts([*receipts, *_deploy(w3, name, address, code, sender)])


def _check_deployer(w3: Web3, sender: Sender) -> list[Receipt]:
    """Refuses another contract in the deployer's place; where there is none, it is deployed."""
    found = code_of(w3, DEPLOYER)
    if not found:
        return _deploy_deployer(w3, sender)
    if found != clones.DEPLOYER_CODE:
        raise NoRegistry(
            f"what stands at {DEPLOYER} on chain {chain_id_of(w3)} ({url_of(w3)}) is not the"
            f" deterministic deployer: its code has the hash 0x{keccak(found).hex()}, and should"
            f" have 0x{keccak(clones.DEPLOYER_CODE).hex()}: ask another node"
        )
    return []


def _deploy(w3: Web3, name: str, address: str, code: bytes, sender: Sender) -> list[Receipt]:
    if code_of(w3, address):
        return []
    receipt = send(w3, Call(DEPLOYER, clones.NO_SALT + code, f"deploying {name}"), sender)
    if not code_of(w3, address):
        raise NoRegistry(
            f"{name} did not come to stand at {address}: the chain at {url_of(w3)} may lack"
            " opcodes of the Cancun or Prague fork"
        )
    return [receipt]


def is_local(w3: Web3) -> bool:
    """Whether this is a chain of one's own, for tests."""
    if chain_id_of(w3) in _LOCAL_CHAINS:
        return True
    try:
        with asking(w3, "reading the node's name"):
            name = str(w3.client_version).lower()
    except ChainError:
        return False
    return name.startswith(_LOCAL_NODES)


def _deploy_deployer(w3: Web3, sender: Sender) -> list[Receipt]:
    if not is_local(w3):
        raise NoRegistry(
            f"chain {chain_id_of(w3)} ({url_of(w3)}) has no deterministic deployer at {DEPLOYER}:"
            " have it deployed first, then the Registry gets the same address as everywhere"
        )
    receipts = []
    missing = _COST - balance_of(w3, _SIGNER)
    if missing > 0:
        fund = Call(_SIGNER, b"", "funding the deterministic deployer's signer", missing)
        receipts.append(send(w3, fund, sender))
    if simulation.get() is not None:
        raise NoRegistry(
            f"there is no deterministic deployer at {DEPLOYER} yet: its deployment, and what comes"
            " after it, can't be simulated"
        )
    what = "deploying the deterministic deployer"
    sent = Sent({"from": _SIGNER, "to": "", "nonce": 0}, _TRANSACTION, hash_of(_TRANSACTION))
    # The same bytes for everybody: told twice it is mined once.
    receipts.append(Receipt.of(Delivery(w3, sent, what, wait=senders.WAIT).receipt()))
    return receipts
