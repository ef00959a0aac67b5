"""A chain for each worker, put back after each test; accounts, a token, an agreement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from web3 import Web3
from web3.exceptions import Web3RPCError
from web3.middleware import Web3Middleware

from seechain import SEE, Agreement, Registry
from tests.rewind import rewind
from tests.sdk.chain import anvil, deployed, key, rpc

EXPIRES = "2030-12-31"
ADA, BEN, PORT, CLEO, DESK = (key(number).address for number in (1, 2, 3, 4, 5))


@pytest.fixture(scope="session")
def chain() -> Iterator[Web3]:
    with anvil() as w3:
        Registry.deploy(w3, sender=key(9))
        yield w3


@pytest.fixture
def w3(chain: Web3) -> Iterator[Web3]:
    snapshot = rpc(chain, "evm_snapshot")
    yield chain
    rewind(partial(rpc, chain), snapshot)


@pytest.fixture
def forgets(w3: Web3) -> Iterator[Callable[[int], None]]:
    """Lets the node forget what was held in a block."""
    forgotten: set[str] = set()

    class Middleware(Web3Middleware):
        def wrap_make_request(self, make_request: Any) -> Any:
            def request(method: Any, params: Any) -> Any:
                if method in ("eth_getBalance", "eth_call") and params[-1] in forgotten:
                    raise Web3RPCError("missing trie node")
                return make_request(method, params)

            return request

    w3.middleware_onion.inject(Middleware, name="forgets", layer=0)
    yield lambda block: forgotten.add(hex(block))
    w3.middleware_onion.remove("forgets")


@pytest.fixture
def registry(w3: Web3) -> Registry:
    return Registry(w3)


@pytest.fixture
def ada() -> LocalAccount:
    return key(1)


@pytest.fixture
def ben() -> LocalAccount:
    return key(2)


@pytest.fixture
def port() -> LocalAccount:
    return key(3)


@pytest.fixture
def anyone() -> LocalAccount:
    return key(8)


@pytest.fixture
def usdc(w3: Web3) -> Any:
    """A token of 6 decimals; the first account has all of it."""
    return deployed(w3, "Token", "USDC", 6)


@pytest.fixture
def agreement(usdc: Any, ada: LocalAccount, ben: LocalAccount, port: LocalAccount) -> Agreement:
    return make_agreement(currencies=["native", usdc.address])


@pytest.fixture
def voices(ada: LocalAccount, ben: LocalAccount, port: LocalAccount) -> list[LocalAccount]:
    return [ada, ben, port]


@pytest.fixture
def see(registry: Registry, agreement: Agreement, voices: list[LocalAccount]) -> SEE:
    consents = [registry.sign(agreement, account) for account in voices]
    return registry.register(agreement, consents, sender=key(0))


def make_agreement(**changed: object) -> Agreement:
    """Ada 40 and Ben 35 with voices, the port a voice, Cleo 20, Desk 5."""
    members = [
        {"name": "Ada", "role": "core", "account": key(1).address, "shares": 40, "voices": 1},
        {"name": "Ben", "role": "core", "account": key(2).address, "shares": 35, "voices": 1},
        {"name": "Port", "role": "client", "account": key(3).address, "voices": 1},
        {"name": "Cleo", "role": "co-creator", "account": key(4).address, "shares": 20},
        {"name": "Desk", "role": "facilitator", "account": key(5).address, "shares": 5},
    ]
    fields: dict[str, object] = {
        "name": "Night Market",
        "terms": "We run a night market.",
        "currencies": ["native"],
        "quorum": "2/3",
        "expires": EXPIRES,
        "members": members,
    }
    return Agreement.model_validate({**fields, **changed})


def register(registry: Registry, agreement: Agreement, *voices: int) -> SEE:
    """The SEE of an agreement that these accounts have signed."""
    consents = [registry.sign(agreement, key(number)) for number in voices or (1, 2, 3)]
    return registry.register(agreement, consents, sender=key(0))
