"""Amounts as commands show them: in a token's own decimals and symbol, with its address."""

from __future__ import annotations

from typing import Any

from web3 import Web3

from seechain.agreement.text import NATIVE
from seechain.amounts import format_units
from seechain.chain.reverts import TokenError
from seechain.chain.tokens import Token
from seechain.visible import visible


class Money:
    """Currencies of a chain; each is asked for its symbol and decimals once."""

    def __init__(self, w3: Web3) -> None:
        self.w3 = w3
        self._known: dict[str, tuple[int | None, str]] = {NATIVE: (18, "ether")}

    def decimals(self, currency: str) -> int | None:
        """Decimals of a currency; None where they can't be read."""
        return self._of(currency)[0]

    def name(self, currency: str) -> str:
        """A currency for people: its symbol, which others may have too, and its address."""
        if currency == NATIVE:
            return "native coin"
        symbol = self._of(currency)[1]
        return f"{symbol} ({currency})" if symbol else currency

    def text(self, currency: str, units: int) -> str:
        """An amount for people."""
        decimals, symbol = self._of(currency)
        if currency == NATIVE:
            return format_units(units, 18, symbol)
        if decimals is None:
            return format_units(units, 0, f"units of {currency}")
        return format_units(units, decimals, f"{symbol} ({currency})".strip())

    def json(self, currency: str, units: int) -> dict[str, Any]:
        """An amount for programs."""
        decimals, symbol = self._of(currency)
        decimal = None if decimals is None else format_units(units, decimals)
        return {"currency": currency, "symbol": symbol, "units": str(units), "decimal": decimal}

    def _of(self, currency: str) -> tuple[int | None, str]:
        if currency not in self._known:
            try:
                token = Token(self.w3, currency)
                self._known[currency] = (token.decimals, visible(token.symbol, lines=False))
            except TokenError:
                self._known[currency] = (None, "")
        return self._known[currency]
