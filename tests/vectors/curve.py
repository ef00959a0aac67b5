"""secp256k1, written out: slow, short, and shared with no library that is tested."""

from __future__ import annotations

PRIME = 2**256 - 2**32 - 977
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
HALF = ORDER // 2
BASE = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)
Point = tuple[int, int] | None  # None is the point at infinity
_Jacobian = tuple[int, int, int]


def lift(x: int, parity: int) -> Point:
    """The point of this x whose y has this parity; None where there is none."""
    square = (x**3 + 7) % PRIME
    y = pow(square, (PRIME + 1) // 4, PRIME)
    if y * y % PRIME != square:
        return None
    return x, y if y & 1 == parity else PRIME - y


def negate(point: Point) -> Point:
    return None if point is None else (point[0], -point[1] % PRIME)


def add(left: Point, right: Point) -> Point:
    return _affine(_add(_jacobian(left), _jacobian(right)))


def multiply(scalar: int, point: Point) -> Point:
    """scalar times the point; of the base point where None is given."""
    total, power = (1, 1, 0), _jacobian(BASE if point is None else point)
    scalar %= ORDER
    while scalar:
        if scalar & 1:
            total = _add(total, power)
        power = _double(power)
        scalar >>= 1
    return _affine(total)


def sign(digest: bytes, secret: int, nonce: int) -> tuple[int, int, int]:
    """r, s and parity of a signature with a nonce of one's choice, s in the lower half."""
    point = multiply(nonce, None)
    assert point is not None
    r = point[0] % ORDER
    s = pow(nonce, -1, ORDER) * (int.from_bytes(digest, "big") + r * secret) % ORDER
    parity = point[1] & 1
    return (r, ORDER - s, 1 - parity) if s > HALF else (r, s, parity)


def _jacobian(point: Point) -> _Jacobian:
    return (1, 1, 0) if point is None else (*point, 1)


def _affine(point: _Jacobian) -> Point:
    x, y, z = point
    if z == 0:
        return None
    inverse = pow(z, -1, PRIME)
    return x * inverse**2 % PRIME, y * inverse**3 % PRIME


def _double(point: _Jacobian) -> _Jacobian:
    x, y, z = point
    if y == 0 or z == 0:
        return 1, 1, 0
    s = 4 * x * y * y % PRIME
    m = 3 * x * x % PRIME
    new = (m * m - 2 * s) % PRIME
    return new, (m * (s - new) - 8 * pow(y, 4, PRIME)) % PRIME, 2 * y * z % PRIME


def _add(left: _Jacobian, right: _Jacobian) -> _Jacobian:
    (a, b, c), (d, e, f) = left, right
    if c == 0:
        return right
    if f == 0:
        return left
    u, v = a * f * f % PRIME, d * c * c % PRIME
    s, t = b * pow(f, 3, PRIME) % PRIME, e * pow(c, 3, PRIME) % PRIME
    if u == v:
        return _double(left) if s == t else (1, 1, 0)
    h, r = v - u, t - s
    x = (r * r - h**3 - 2 * u * h * h) % PRIME
    return x, (r * (u * h * h - x) - s * h**3) % PRIME, h * c * f % PRIME
