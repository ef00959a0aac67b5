"""Signing typed data (EIP-712), with whatever holds the key."""

from __future__ import annotations

from typing import Any

from eth_account.messages import encode_typed_data
from eth_hash.auto import keccak
from web3 import Web3

from seechain.chain import interface
from seechain.chain.node import ask, asking
from seechain.consent.subjects import Subject
from seechain.errors import AccountError, SignatureError
from seechain.sending.senders import Sender, address_of
from seechain.sending.signing import is_ape

_REGISTRY = interface.of("Registry")


def sign_typed_data(w3: Web3, account: Sender, data: dict[str, Any]) -> bytes:
    """The account's signature, 65 bytes for a key.

    account: an eth-account account, an Ape account (which asks its user), or an address that the
    node signs for (eth_signTypedData_v4).

    Raises:
        AccountError: it can't sign. SignatureError: its user declined. NodeError: the node fails.
    """
    if isinstance(account, str):
        return _signed_by_node(w3, address_of(account), data)
    signable = encode_typed_data(full_message=data)
    if is_ape(account):
        signed = account.sign_message(signable)
        if signed is None:
            raise SignatureError(f"{address_of(account)} did not sign")
        return bytes(signed.encode_rsv())
    if not hasattr(account, "sign_message"):
        raise AccountError(f"{type(account).__name__} can't sign: use an account with its key")
    return bytes(account.sign_message(signable).signature)


def typed_digest(data: dict[str, Any]) -> bytes:
    """The 32 bytes that are signed of typed data (EIP-712)."""
    signable = encode_typed_data(full_message=data)
    return keccak(b"\x19" + signable.version + signable.header + signable.body)


def sign_subject(w3: Web3, account: Sender, subject: Subject) -> bytes:
    """The account's signature under a subject; of a SEE that has endorsed it, no bytes.

    Raises:
        SignatureError: the SEE has not endorsed it. Else as `sign_typed_data`.
    """
    address = address_of(account)
    if not hasattr(account, "endorsement"):
        return sign_typed_data(w3, account, subject.message(address))
    if not ask(w3, subject.registry, _REGISTRY, "endorsed", address, subject.digest(address)):
        raise SignatureError(
            f"the SEE {address} has not endorsed this {subject.kind}: let its voices sign"
            " see.endorsement(...), and submit that with see.endorse(...)"
        )
    return b""


def _signed_by_node(w3: Web3, address: str, data: dict[str, Any]) -> bytes:
    method: Any = "eth_signTypedData_v4"
    with asking(w3, f"signing by the node for {address}"):
        answer: Any = w3.provider.make_request(method, [address, data])
    if answer.get("result") is None:
        error = answer.get("error")
        said = error.get("message") if isinstance(error, dict) else "it can't"
        raise SignatureError(f"the node does not sign for {address}: {str(said)[:200]}")
    return bytes.fromhex(str(answer["result"])[2:])
