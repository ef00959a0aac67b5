"""The reason of a revert, found in what a node says of it."""

from __future__ import annotations

import re

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError

_ERROR = bytes.fromhex("08c379a0")  # Error(string)
_PANIC = bytes.fromhex("4e487b71")  # Panic(uint256)
_IN_A_MESSAGE = re.compile(r"(?:execution reverted|reverted with reason string)[:,]?\s*(.*)", re.S)


def reason_of(message: str, data: object) -> str:
    """The reason of a revert, from what a node said of it; empty where there is none."""
    raw = _bytes(data) or _bytes(message.rsplit(" ", 1)[-1])
    if raw[:4] == _ERROR:
        try:
            return str(decode(["string"], raw[4:])[0])
        except (DecodingError, UnicodeDecodeError):
            return ""
    if raw[:4] == _PANIC:
        return "a calculation is out of range"
    found = _IN_A_MESSAGE.search(message)
    said = found[1].strip(" '\"") if found else message
    return "" if said.startswith("0x") or said in ("no data", "None", "b''") else said


def _bytes(data: object) -> bytes:
    if isinstance(data, bytes):
        return data
    if isinstance(data, str) and data.startswith("0x"):
        try:
            return bytes.fromhex(data[2:])
        except ValueError:
            return b""
    return b""
