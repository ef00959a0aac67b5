"""A file beside a chain: whether it can be compared, and what differs, in words."""

from __future__ import annotations

from typing import Any

from web3 import Web3

from seechain.chain.logs import latest_block
from seechain.chain.node import chain_id_of, url_of
from seechain.portable.recomputed import Difference
from seechain.portable.sealed import shown


def wrong_place(w3: Web3, chain_id: int, block: int) -> Difference | None:
    """What stands in the way of comparing: another chain, or one that is not so far."""
    return _wrong_chain(w3, chain_id) or _wrong_block(w3, block)


def no_state(w3: Web3, what: str, block: int) -> str:
    """That something can't be told, since the node has forgotten it."""
    return f"{what} in block {block}: the node at {url_of(w3)} keeps no states so old"


def _wrong_chain(w3: Web3, said: int) -> Difference | None:
    chain_id = chain_id_of(w3)
    if chain_id == said:
        return None
    sentence = f"the file is of chain {said}, the node at {url_of(w3)} is of {chain_id}"
    return Difference("chain_id", sentence)


def _wrong_block(w3: Web3, said: int) -> Difference | None:
    if said <= (latest := latest_block(w3)):
        return None
    return Difference("block", f"the file says {said}, the chain has {latest} blocks")


def unlike(where: str, said: Any, has: Any) -> str:
    """How what the file says differs from what the chain has."""
    if said is None and isinstance(has, dict):
        return f"the chain has {_named(where, has)}, the file has not"
    if has is None and isinstance(said, dict):
        return f"the file has {_named(where, said)}, the chain has not"
    return f"the file says {shown(said)}, the chain {shown(has)}"


def _named(where: str, value: dict[str, Any]) -> str:
    """What stands at a place, in words."""
    if where.startswith("versions[") and "number" in value:
        return f"version {value['number']} since block {value['block']}"
    names = ("account", "see", "currency", "uri", "what")
    account = next((value[name] for name in names if value.get(name)), None)
    return shown(account if account is not None else value)
