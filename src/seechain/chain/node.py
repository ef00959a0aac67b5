"""Asking a node: calls that change nothing, and what may go wrong with them in plain words."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple, Protocol
from urllib.parse import urljoin, urlsplit
from weakref import WeakKeyDictionary

import requests
from eth_utils.exceptions import ValidationError
from web3 import Web3
from web3.eth import Eth
from web3.exceptions import (
    BadResponseFormat,
    ContractLogicError,
    OffchainLookup,
    TimeExhausted,
    Web3Exception,
)
from web3.middleware import ENSNameToAddressMiddleware, ValidationMiddleware

from seechain.accounts import checksum
from seechain.chain.interface import Interface
from seechain.chain.reasons import reason_of
from seechain.chain.reverts import (
    ChainError,
    NodeError,
    NoFunds,
    NonceError,
    NotMined,
    NotSeechain,
    OutOfGas,
    refusal,
)

_FUNDS = ("insufficient funds", "cannot afford")
_NONCE = (
    "nonce too low",
    "nonce too high",
    "already known",
    "replacement transaction",
    "invalid nonce",
)
_GAS = (
    "out of gas",
    "gas required exceeds",
    "gas limit",
    "intrinsic gas",
    "exceeds max transaction",
)
# Code that fails without reverting: nodes have words of their own for it.
_FAULTS = (
    "evm error",
    "invalid opcode",
    "opcode not found",
    "invalid jump",
    "stack underflow",
    "stack overflow",
    "stack limit",
)

_WAITING = "web3._utils.threads"  # of what is raised for a socket that does not answer
_NOT_NEEDED = (ENSNameToAddressMiddleware, ValidationMiddleware)
# Returns the code of the account that it is asked for: EXTCODESIZE, EXTCODECOPY, RETURN.
_READS_CODE = "0x5f35803b90815f5f833c505ff3"
_PROBE = "0x" + "5eec" * 10  # where a simulation has what reads code
_chain_ids: WeakKeyDictionary[Web3, int] = WeakKeyDictionary()  # as first said


class Simulation(Protocol):
    """What was simulated and is on no chain: who reads after it reads there.

    logs: of it, as web3 gives them.
    """

    logs: list[dict[str, Any]]

    def read(self, w3: Web3, to: str, data: bytes, what: str, code: str = "") -> bytes | None:
        """The answer of a contract; None while nothing was simulated. code: that stands there."""


simulation: ContextVar[Simulation | None] = ContextVar("simulation", default=None)


def url_of(w3: Web3) -> str:
    """Where a node is, without what may be secret: path, query and password."""
    provider: Any = w3.provider
    uri = getattr(provider, "endpoint_uri", None) or getattr(provider, "ipc_path", None)
    if uri is None:
        return type(provider).__name__
    return _place(str(uri))


def _place(uri: str) -> str:
    try:
        parts = urlsplit(uri)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "a URL that is none"
    if not parts.hostname:
        return uri
    return f"{parts.scheme}://{parts.hostname}{port}"


@contextmanager
def asking(w3: Web3, what: str) -> Iterator[None]:
    """Turns what web3 raises inside into one clear sentence; `what` says what was tried."""
    try:
        yield
    except ChainError:
        raise
    except (Web3Exception, OSError, ValidationError) as error:
        raise explained(w3, error, what) from error
    except Exception as error:
        # eth-tester's own errors can't be named here: it is no dependency.
        named = ("eth_tester", "eth.", "eth_utils", "requests", _WAITING)
        if not is_unreadable(error) and not type(error).__module__.startswith(named):
            raise
        raise explained(w3, error, what) from error


def is_unreadable(error: Exception) -> bool:
    """Whether this is what comes of an answer that is no JSON, or of other types than it should.

    web3 lets Python's own errors through; those of a wallet that signs are told apart by where
    they were raised.
    """
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError | BadResponseFormat):
        return True
    kinds = ValueError | TypeError | LookupError | AttributeError | OverflowError | RecursionError
    if isinstance(error, Web3Exception | ValidationError) or not isinstance(error, kinds):
        return False
    modules = [
        str(frame.f_globals.get("__name__")) for frame, _ in traceback.walk_tb(error.__traceback__)
    ]
    return modules[-1].startswith("seechain.") or any(each.startswith("web3.") for each in modules)


def explained(w3: Web3, error: Exception, what: str) -> ChainError:
    """The error of this package for one of web3's, its transports' or eth-tester's."""
    message = _message(error)
    if is_unreadable(error):
        return NodeError(
            f"the node at {url_of(w3)} gave an answer that can't be read ({what}):"
            " try again, or ask another node"
        )
    if isinstance(error, OffchainLookup):
        return refusal(
            "it wants an answer from outside the chain, which is never fetched: check the address",
            what,
        )
    if isinstance(error, TimeExhausted):
        return NotMined(f"{what} is in no block yet: {message}")
    if isinstance(error, OSError) or type(error).__module__ == _WAITING:
        return NodeError(_lost(url_of(w3), error))
    low = message.lower()
    if any(each in low for each in _GAS) and "more gas" not in low:
        return OutOfGas(
            f"{what} needs more gas than a transaction may have, or than the node estimated:"
            " try again, or ask another node"
        )
    if any(each in low for each in _FUNDS) or "InsufficientFunds" in type(error).__name__:
        return NoFunds(f"{what} failed: the account has no money for the amount and the gas")
    if any(each in low for each in _NONCE):
        return NonceError(
            f"{what} failed: its account sent something else at the same time; try again"
        )
    if isinstance(error, ContractLogicError) or "TransactionFailed" in type(error).__name__:
        return refusal(reason_of(message, getattr(error, "data", None)), what)
    if any(each in low for each in _FAULTS):
        return refusal("", what)
    if "revert" in low:
        return refusal(reason_of(message, _data_of(error)), what)
    return NodeError(
        f"the node at {url_of(w3)} refused {what}: {_plain(message)}:"
        " try again, or ask another node"
    )


def _lost(url: str, error: Exception) -> str:
    """What is told of a question that had no answer."""
    response = getattr(error, "response", None)
    if isinstance(error, requests.HTTPError) and response is not None:
        if "location" in response.headers and response.status_code < 400:
            return _redirected(url, response.url, response.headers["location"])
        return (
            f"the node at {url} answers HTTP {response.status_code}:"
            " check the URL, its key and its limits"
        )
    if isinstance(error, requests.exceptions.ProxyError):
        proxy = getattr(getattr(error.args[0], "pool", None), "proxy", None)
        place = _place(str(proxy)) if proxy else "that is set"
        return (
            f"the proxy {place} does not connect to the node at {url}:"
            " check HTTPS_PROXY and HTTP_PROXY, or name the node's host in NO_PROXY"
        )
    if isinstance(error, requests.exceptions.SSLError):
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return (
                f"the certificate of the node at {url} is not trusted: check the URL, or name a"
                " file of those that you trust in REQUESTS_CA_BUNDLE"
            )
        return f"the node at {url} does not speak TLS: check the URL, and whether it is http://"
    is_late = "timeout" in type(error).__name__.lower()
    return (
        f"the node at {url} {'does not answer in time' if is_late else 'can not be reached'}:"
        " check the URL, and that the node runs"
    )


def _redirected(url: str, asked: str, location: str) -> str:
    try:
        place = _place(urljoin(asked, location))[:300]
    except ValueError:
        return f"the node at {url} redirects to no URL: check the URL"
    place = "another path" if place == url else place
    return f"the node at {url} redirects to {place}: name that URL, if it is meant"


def _plain(message: str) -> str:
    """A node's words on one line."""
    return " ".join(message.split())[:300].rstrip(".:")


def _message(error: Exception) -> str:
    response = getattr(error, "rpc_response", None)
    if isinstance(response, dict) and isinstance(response.get("error"), dict):
        return str(response["error"].get("message", ""))
    return str(getattr(error, "message", None) or (error.args[0] if error.args else error))


def _data_of(error: Exception) -> object:
    response = getattr(error, "rpc_response", None)
    if isinstance(response, dict) and isinstance(response.get("error"), dict):
        return response["error"].get("data")
    return None


def eth_of(w3: Web3) -> Eth:
    """Where the node is asked: as `w3.eth`, through all its middleware but two.

    web3 compares a transaction's chain id with the node's, for which it asks at every call and
    estimate: none of these has one. And it looks for names of ENS: here all are addresses.
    """
    return _reader(w3).eth


def block_of(w3: Web3, number: int | str, whole: bool = False) -> Any | None:
    """A block as the node shows it, numbers in hex; None above its head.

    web3's own reading refuses those of chains with proof of authority, which are longer.
    """
    method: Any = "eth_getBlockByNumber"
    at = hex(number) if isinstance(number, int) else number
    return _reader(w3).manager.request_blocking(method, [at, whole])


def _reader(w3: Web3) -> Web3:
    onion: Any = w3.middleware_onion
    middleware = [each for each in onion.middleware if each[0] not in _NOT_NEEDED]
    # Kept with what it belongs to: a provider knows who asked it last, so a table that is weak
    # in its keys would never let one go.
    kept: Web3 | None = vars(w3).get("_seechain_reader")
    known: Any = kept and kept.middleware_onion
    if kept is None or kept.provider is not w3.provider or known.middleware != middleware:
        kept = vars(w3)["_seechain_reader"] = Web3(w3.provider, middleware)
    kept.eth.default_account = w3.eth.default_account
    return kept


def call(w3: Web3, to: str, data: bytes, what: str, *, block: Any = "latest") -> bytes:
    """The answer of a contract, as bytes. No answer is ever fetched from outside (EIP-3668).

    Raises:
        ChainError: the node can't be asked, or the contract refuses.
    """
    simulated = simulation.get() if block == "latest" else None
    if simulated is not None and (answer := simulated.read(w3, to, data, what)) is not None:
        return answer
    with asking(w3, what):
        transaction: Any = {"to": to, "data": "0x" + data.hex()}
        return bytes(eth_of(w3).call(transaction, block, ccip_read_enabled=False))


def ask(
    w3: Web3, to: str, interface: Interface, name: str, *arguments: Any, block: Any = "latest"
) -> Any:
    """What a view answers, or answered in a block: its value, or a tuple of several.

    Raises:
        NotSeechain: the answer is none of such a contract. ChainError: as `call`.
    """
    data = interface.encode(name, *arguments)
    raw = call(w3, to, data, f"reading {name} of {to}", block=block)
    try:
        values = interface.decode(name, len(arguments), raw)
    except ValueError:
        raise NotSeechain(
            f"{to} does not answer {name} as seechain's contracts do:"
            f" check the address, and the chain at {url_of(w3)}"
        ) from None
    return values[0] if len(values) == 1 else values


def code_of(w3: Web3, address: str) -> bytes:
    """The code at an address, empty where there is none."""
    what, simulated = f"reading the code of {address}", simulation.get()
    if simulated is not None:
        asked = bytes.fromhex(address[2:]).rjust(32, b"\0")
        answer = simulated.read(w3, _PROBE, asked, what, _READS_CODE)
        if answer is not None:
            return answer
    with asking(w3, what):
        return bytes(eth_of(w3).get_code(_checksummed(address)))


def balance_of(w3: Web3, address: str) -> int:
    """The native coin of an account, in wei."""
    with asking(w3, f"reading the balance of {address}"):
        return int(eth_of(w3).get_balance(_checksummed(address)))


def chain_id_of(w3: Web3) -> int:
    """The chain's id, which never changes.

    Raises:
        NodeError: it is another one than before: what is signed would be for a wrong chain.
    """
    with asking(w3, "reading the chain's id"):
        said = int(eth_of(w3).chain_id)
    before = _chain_ids.setdefault(w3, said)
    if said != before:
        raise NodeError(
            f"the node at {url_of(w3)} says that its chain is {said}, and before that it is"
            f" {before}: check the URL, and connect again"
        )
    return said


class Head(NamedTuple):
    """The latest block: its time in unix seconds, and its base fee in wei, if it has one."""

    timestamp: int
    base_fee: int | None


def head_of(w3: Web3) -> Head:
    """The latest block."""
    with asking(w3, "reading the latest block"):
        block: Any = block_of(w3, "latest")
        fee = block.get("baseFeePerGas")
        return Head(_number(block["timestamp"]), None if fee is None else _number(fee))


def now_of(w3: Web3) -> int:
    """The time of the latest block, in unix seconds: what contracts take for the present."""
    return head_of(w3).timestamp


def _number(value: Any) -> int:
    return int(value, 16) if isinstance(value, str) else int(value)


def _checksummed(address: str) -> Any:
    return checksum(bytes.fromhex(address[2:]))
