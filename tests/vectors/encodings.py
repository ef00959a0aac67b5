"""How r and s are written elsewhere: DER (ASN.1) and IEEE P1363. Strict: what is not right is None.

A contract takes neither; the tests read them so as to write r and s as the contract does.
"""

from __future__ import annotations


def read(signature: bytes, *, p1363: bool) -> tuple[int, int] | None:
    """r and s of a signature that is written as it should be, else None. DER may be negative."""
    if p1363:
        if len(signature) != 64:
            return None
        return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    return _read_der(signature)


def _read_der(signature: bytes) -> tuple[int, int] | None:
    if len(signature) < 2 or signature[0] != 0x30:
        return None
    length, body = _length(signature[1:])
    if length is None or length != len(body):
        return None
    numbers = []
    for _ in range(2):
        if len(body) < 2 or body[0] != 2:
            return None
        length, rest = _length(body[1:])
        if not length or length > len(rest):
            return None
        number, body = rest[:length], rest[length:]
        # The shortest form: no byte in front that says nothing.
        if length > 1 and number[0] in (0, 0xFF) and number[0] >> 7 == number[1] >> 7:
            return None
        numbers.append(int.from_bytes(number, "big", signed=True))
    return (numbers[0], numbers[1]) if not body else None


def _length(data: bytes) -> tuple[int | None, bytes]:
    """An ASN.1 length in its shortest form, and what follows it."""
    if data[0] < 0x80:
        return data[0], data[1:]
    size = data[0] & 0x7F
    length = int.from_bytes(data[1 : 1 + size], "big")
    shortest = size and len(data) > size and length >= 0x80 and length >> 8 * (size - 1)
    return (length, data[1 + size :]) if shortest else (None, b"")


def compact(r: int, s: int, parity: int) -> bytes | None:
    """EIP-2098; None where r has more than 256 bits, or s more than 255, or one is negative."""
    if not 0 <= r < 2**256 or not 0 <= s < 2**255:
        return None
    return r.to_bytes(32, "big") + (s | parity << 255).to_bytes(32, "big")
