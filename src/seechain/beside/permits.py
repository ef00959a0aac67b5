"""What a token lets its owner sign: permits (ERC-2612) and authorisations (ERC-3009).

A token's signing domain (EIP-712) is made from what it says of itself, for this chain and this
address alone, and counts only where its hash is the one that the token checks signatures with.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eth_abi.abi import encode
from eth_hash.auto import keccak
from web3 import Web3

from seechain.accounts import account_bytes, checksum
from seechain.chain.interface import Interface
from seechain.chain.node import ask, asking, call, chain_id_of, eth_of
from seechain.chain.reverts import NotSeechain, OutOfGas, Refused, TokenError
from seechain.chain.tokens import Token

Field = dict[str, str]
PERMIT = "Permit"  # https://eips.ethereum.org/EIPS/eip-2612
AUTHORIZATION = "ReceiveWithAuthorization"  # https://eips.ethereum.org/EIPS/eip-3009


def _fields(listed: str) -> list[Field]:
    return [dict(zip(("type", "name"), each.split(), strict=True)) for each in listed.split(",")]


_TYPES = {
    PERMIT: _fields("address owner,address spender,uint256 value,uint256 nonce,uint256 deadline"),
    AUTHORIZATION: _fields(
        "address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce"
    ),
}
_DOMAIN = _fields("string name,string version,uint256 chainId,address verifyingContract")
_PERMIT_ARGUMENTS = ("address", "address", "uint256", "uint256", "uint8", "bytes32", "bytes32")
_RECEIVE_ARGUMENTS = (
    *("address", "address", "uint256", "uint256", "uint256", "bytes32"),
    *("uint8", "bytes32", "bytes32"),
)
_STRANGER = "0x" + "5e" * 20
TOKEN = Interface(
    lambda: (
        ("DOMAIN_SEPARATOR", (), ("bytes32",)),
        (
            "eip712Domain",
            (),
            ("bytes1", "string", "string", "uint256", "address", "bytes32", "uint256[]"),
        ),
        ("nonces", ("address",), ("uint256",)),
        ("name", (), ("string",)),
        ("version", (), ("string",)),
        ("authorizationState", ("address", "bytes32"), ("bool",)),
        ("permit", _PERMIT_ARGUMENTS, ()),
        ("receiveWithAuthorization", _RECEIVE_ARGUMENTS, ()),
    )
)


def message(w3: Web3, token: Token, primary: str, values: dict[str, Any]) -> dict[str, Any]:
    """The typed data (EIP-712) that a token takes: plain JSON, for any wallet.

    Args:
        primary: `PERMIT` or `AUTHORIZATION`; values: its fields.

    Raises:
        TokenError: the token takes no signatures, or its domain can't be reproduced.
    """
    domain = domain_of(w3, token)
    domain_type = [field for field in _DOMAIN if field["name"] in domain]
    return {
        "types": {"EIP712Domain": domain_type, primary: _TYPES[primary]},
        "primaryType": primary,
        "domain": domain,
        "message": values,
    }


def domain_of(w3: Web3, token: Token) -> dict[str, Any]:
    """The signing domain of a token.

    Raises:
        TokenError: as `message`.
    """
    try:
        wanted = bytes(ask(w3, token.address, TOKEN, "DOMAIN_SEPARATOR"))
    except (Refused, NotSeechain, OutOfGas):
        raise TokenError(
            f"the token {token.address} takes no signatures in place of an approval (ERC-2612,"
            " ERC-3009): pay it with see.pay, which approves what is missing"
        ) from None
    for name, version in _said(w3, token.address):
        domain = {
            "name": name,
            "version": version,
            "chainId": chain_id_of(w3),
            "verifyingContract": token.address,
        }
        if version is None:
            del domain["version"]
        if _separator(domain) == wanted:
            return domain
    raise TokenError(
        f"the signing domain of the token {token.address} can't be reproduced from its name and"
        " version, so nobody can tell what would be signed: pay it with see.pay, which approves"
        " what is missing"
    )


def nonce_of(w3: Web3, token: Token, owner: str) -> int:
    """How many permits of an owner the token has taken.

    Raises:
        TokenError: it does not say.
    """
    try:
        return int(ask(w3, token.address, TOKEN, "nonces", owner))
    except (Refused, NotSeechain, OutOfGas):
        raise TokenError(
            f"the token {token.address} takes no permits (ERC-2612): pay it with see.pay, which"
            " approves what is missing"
        ) from None


def is_used(w3: Web3, token: Token, account: str, nonce: bytes) -> bool:
    """Whether the token has taken, or its owner cancelled, an authorisation.

    Raises:
        TokenError: it does not say: it takes none.
    """
    try:
        return bool(ask(w3, token.address, TOKEN, "authorizationState", account, nonce))
    except (Refused, NotSeechain, OutOfGas):
        raise TokenError(
            f"the token {token.address} takes no authorisations (ERC-3009): pay it with a permit,"
            " or with see.pay"
        ) from None


def check_payee(w3: Web3, token: Token, arguments: tuple[Any, ...]) -> None:
    """Checks that nobody but the payee can use a signed authorisation (ERC-3009).

    Else a stranger could have the money moved, and it would stay where nothing is paid with it.

    Raises:
        TokenError: the token lets a stranger use it.
    """
    data = TOKEN.encode("receiveWithAuthorization", *arguments)
    asked: Any = {"from": checksum(account_bytes(_STRANGER)), "to": token.address}
    asked["data"] = "0x" + data.hex()
    try:
        with asking(w3, f"asking {token.address} who may use an authorisation"):
            eth_of(w3).call(asked, ccip_read_enabled=False)
    except (Refused, OutOfGas):
        return
    raise TokenError(
        f"the token {token.address} lets anybody use an authorisation, so it could go astray: pay"
        " it with a permit, or with see.pay"
    )


def check_permit(w3: Web3, token: Token, arguments: tuple[Any, ...]) -> None:
    """Asks the token for its word on a signed permit, before anything is sent.

    Raises:
        TokenError: it refuses.
    """
    data = TOKEN.encode("permit", *arguments)
    try:
        call(w3, token.address, data, f"the permit of {token.address}")
    except (Refused, OutOfGas) as error:
        raise TokenError(
            f"the token {token.address} does not take the permit: {error}; pay it with see.pay,"
            " which approves what is missing"
        ) from None


def _said(w3: Web3, address: str) -> Iterator[tuple[str, str | None]]:
    """Names and versions that a token's domain may have: ERC-5267 first, then its own words."""
    told = _try(w3, address, "eip712Domain")
    if told is not None:
        yield str(told[1]), str(told[2])
    name = _try(w3, address, "name")
    if name is None:
        return
    version = _try(w3, address, "version")
    for each in dict.fromkeys([*([] if version is None else [str(version)]), "1", "2"]):
        yield str(name), each
    yield str(name), None


def _try(w3: Web3, address: str, name: str) -> Any:
    try:
        return ask(w3, address, TOKEN, name)
    except (Refused, NotSeechain, OutOfGas):
        return None


def _separator(domain: dict[str, Any]) -> bytes:
    fields = [field for field in _DOMAIN if field["name"] in domain]
    listed = ",".join(f"{field['type']} {field['name']}" for field in fields)
    words = [keccak(f"EIP712Domain({listed})".encode())]
    for field in fields:
        value = domain[field["name"]]
        if field["type"] == "string":
            words.append(keccak(str(value).encode()))
        else:
            words.append(encode([field["type"]], [value]))
    return keccak(b"".join(words))
