"""Accounts: 20 bytes inside, checksummed text (EIP-55) at the edges."""

from __future__ import annotations

import re

from eth_hash.auto import keccak

from seechain.errors import AccountError

ZERO_ADDRESS = "0x" + "00" * 20

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")


def checksum(account: bytes) -> str:
    """The EIP-55 text of an account of 20 bytes."""
    plain = account.hex()
    digest = keccak(plain.encode()).hex()
    return "0x" + "".join(
        letter.upper() if nibble > "7" else letter
        for letter, nibble in zip(plain, digest, strict=False)
    )


def _shown(account: object) -> str:
    """What was given in the place of an account, unless it may be a private key."""
    text = account.hex() if isinstance(account, bytes) else f"{account}"
    digits = hex(account)[2:] if isinstance(account, int) else re.sub(r"^0[xX]|\s", "", text)
    if len(digits) > 48:
        return "something that may be a private key: give the account's address, keep the key"
    return repr(account)


def account_bytes(account: object) -> bytes:
    """The 20 bytes of an account that is written in hex.

    Text in one case carries no checksum and passes; mixed case must be right.

    Raises:
        AccountError: it is no text, not 0x and 40 hex digits, or its checksum is wrong.
    """
    if not isinstance(account, str) or not _ADDRESS.fullmatch(account):
        raise AccountError(f"an account is 0x and 40 hex digits, got {_shown(account)}")
    digits = account[2:]
    raw = bytes.fromhex(digits)
    if digits != digits.lower() and digits != digits.upper() and account != checksum(raw):
        raise AccountError(
            f"the checksum of account {account} is wrong: a letter was mistyped; copy it again"
        )
    return raw
