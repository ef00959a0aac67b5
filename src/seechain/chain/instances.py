"""Which instance of a development chain a node is: a fork has its origin's id and first block."""

from __future__ import annotations

import time
from typing import Any
from weakref import WeakSet

import requests
from web3 import Web3
from web3.exceptions import BadResponseFormat, Web3Exception, Web3RPCError

from seechain.chain.node import asking

PAUSES = (0.1, 0.4)  # seconds, before it is asked again

_METHOD: Any = "hardhat_metadata"  # of anvil and Hardhat, on which chains are forked
_NO_METHOD = (-32601, -32004)  # codes
_NO_STATUS = (403, 404, 405, 501)
_OF_METHODS = ("method", "endpoint", "namespace", "hardhat")
_DENIED = (
    "not found",
    "not exist",
    "not support",
    "unsupported",
    "not available",
    "not allowed",
    "not permitted",
    "not enabled",
    "forbidden",
    "restricted",
    "no such",
    "whitelist",
    "not implemented",
    "unknown",
    "invalid method",
    "disabled",
)

_none: WeakSet[Web3] = WeakSet()  # those that have said that they are no development chain


def instance_of(w3: Web3) -> str:
    """Tells a node's chain from its forks, and from what it was before a restart; 0x and hex.

    Empty where the node knows nothing of it, as all but development chains. A failure to answer
    is not taken for that: a chain would be another one each time.

    Raises:
        NodeError: it gives no answer that can be understood.
    """
    if w3 in _none:
        return ""
    with asking(w3, "which instance of its chain it is"):
        for pause in PAUSES:
            try:
                return _instance(w3)
            except (Web3Exception, OSError, ValueError):
                time.sleep(pause)
        return _instance(w3)


def _instance(w3: Web3) -> str:
    try:
        said: Any = w3.provider.make_request(_METHOD, [])
    except requests.HTTPError as error:  # some gateways answer so to methods they don't have
        said = _body(error)
        if said is None:
            raise
    refused = said.get("error") if isinstance(said, dict) else None
    if refused is not None and _is_denied(refused):
        _none.add(w3)
        return ""
    if refused is not None:
        raise Web3RPCError(str(refused), rpc_response=said)
    found = said.get("result") if isinstance(said, dict) else None
    instance = found.get("instanceId") if isinstance(found, dict) else None
    if not isinstance(instance, str) or not instance.startswith("0x"):
        raise BadResponseFormat("no instance")
    return instance


def _body(error: requests.HTTPError) -> Any | None:
    """The answer within an HTTP error, where it is one."""
    if error.response is None:
        return None
    try:
        said = error.response.json()
    except ValueError:
        said = None
    if isinstance(said, dict) and said.get("error") is not None:
        return said
    denied = error.response.status_code in _NO_STATUS
    return {"error": {"code": _NO_METHOD[0], "message": ""}} if denied else None


def _is_denied(error: Any) -> bool:
    """Whether an error says that there is no such method, and not that it failed."""
    if isinstance(error, dict) and error.get("code") in _NO_METHOD:
        return True
    low = str(error.get("message") if isinstance(error, dict) else error).lower()
    about = any(each in low for each in _OF_METHODS)
    return about and any(each in low for each in _DENIED)
