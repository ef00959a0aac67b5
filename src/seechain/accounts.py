"""Accounts: 20 bytes inside, checksummed text (EIP-55) at the edges."""

from __future__ import annotations

import re

from seechain.errors import AccountError
from seechain.hashing import keccak

ZERO_ADDRESS = "0x" + "00" * 20

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_CASE = ord("a") ^ ord("A")
_HIGH = bytes(_CASE if chr(each) in "89abcdef" else 0 for each in range(256))
_LETTER = bytes(_CASE if chr(each) in "abcdef" else 0 for each in range(256))


def checksum(account: bytes) -> str:
    """The EIP-55 text of an account of 20 bytes."""
    return "0x" + checksummed(account.hex().encode()).decode()


def checksummed(digits: bytes) -> bytes:
    """The hex digits of accounts as EIP-55 writes them.

    digits: 40 for each account, in lower case, one account after the other.
    """
    # All letters change their case at once: in a million accounts there is no loop over letters.
    hashes = b"".join([keccak(digits[at : at + 40])[:20] for at in range(0, len(digits), 40)]).hex()
    is_high = int.from_bytes(hashes.encode().translate(_HIGH), "little")
    is_letter = int.from_bytes(digits.translate(_LETTER), "little")
    plain = int.from_bytes(digits, "little")
    return (plain ^ is_high & is_letter).to_bytes(len(digits), "little")


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
