"""Calls and answers of the contracts in bytes, from the interface that the package was built with.

It needs eth-abi only, so that it is the same with every web3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache, cached_property
from typing import Any, TypeAlias

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_hash.auto import keccak

from seechain.chain import artifacts

# The few functions of a token that are called.
_ERC20 = (
    ("balanceOf", ("address",), ("uint256",)),
    ("allowance", ("address", "address"), ("uint256",)),
    ("approve", ("address", "uint256"), ()),
    ("decimals", (), ("uint256",)),
)
_ERC1271 = (("isValidSignature", ("bytes32", "bytes"), ("bytes32",)),)


class Function:
    """One function: name, types of its arguments and of its answer."""

    def __init__(self, name: str, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
        self.inputs, self.outputs = inputs, outputs
        self.selector = keccak(f"{name}({','.join(inputs)})".encode())[:4]


_Signature: TypeAlias = tuple[str, tuple[str, ...], tuple[str, ...]]


class Interface:
    """The functions of one contract, by name and number of arguments; read when first used."""

    def __init__(self, signatures: Callable[[], Iterable[_Signature]]) -> None:
        self._signatures = signatures

    @cached_property
    def _functions(self) -> dict[tuple[str, int], Function]:
        return {
            (name, len(inputs)): Function(name, inputs, outputs)
            for name, inputs, outputs in self._signatures()
        }

    def encode(self, name: str, *arguments: Any) -> bytes:
        """The data of a call."""
        function = self._functions[name, len(arguments)]
        return function.selector + encode(function.inputs, arguments)

    def arguments(self, name: str, count: int, data: bytes) -> Iterator[tuple[Any, ...]]:
        """What calls of a function with so many arguments were given, wherever in `data` one
        stands: it may have been made by another contract, which was told what to call."""
        function = self._functions[name, count]
        at = data.find(function.selector)
        while at >= 0:
            with suppress(DecodingError, ValueError, OverflowError):
                yield tuple(decode(function.inputs, data[at + 4 :], strict=False))
            at = data.find(function.selector, at + 1)

    def read(self, data: bytes) -> tuple[str, tuple[Any, ...]] | None:
        """The name and the arguments of a call; None where it calls no function of these."""
        for (name, _), function in self._functions.items():
            if data[:4] == function.selector:
                try:
                    return name, tuple(decode(function.inputs, data[4:], strict=False))
                except (DecodingError, ValueError, OverflowError):
                    return None
        return None

    def decode(self, name: str, arguments: int, answer: bytes) -> tuple[Any, ...]:
        """The answer of a call with so many arguments.

        Raises:
            ValueError: it is no such answer.
        """
        try:
            return tuple(decode(self._functions[name, arguments].outputs, answer))
        except DecodingError as error:
            raise ValueError(f"{name} was answered with {len(answer)} bytes: {error}") from None


@cache
def of(name: str) -> Interface:
    """The interface of ``Registry``, ``SEE`` or ``Splitter``."""
    return Interface(lambda: _of_artifact(name))


ERC20 = Interface(lambda: _ERC20)
ERC1271 = Interface(lambda: _ERC1271)


def _of_artifact(name: str) -> Iterator[_Signature]:
    for each in artifacts.load(name).abi:
        if each["type"] == "function":
            yield each["name"], _types(each["inputs"]), _types(each["outputs"])


def _types(fields: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(_type(field) for field in fields)


def _type(field: dict[str, Any]) -> str:
    kind: str = field["type"]
    if kind.startswith("tuple"):
        return f"({','.join(_types(field['components']))})" + kind.removeprefix("tuple")
    return kind
