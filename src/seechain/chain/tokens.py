"""Tokens (ERC-20), as far as they are read and approved; odd ones are borne with."""

from __future__ import annotations

from functools import cached_property, partial

from web3 import Web3
from web3.exceptions import Web3RPCError

from seechain.accounts import account_bytes, checksum
from seechain.amounts import format_units
from seechain.chain.interface import ERC20
from seechain.chain.node import ask, call, chain_id_of, code_of
from seechain.chain.receipts import Receipt
from seechain.chain.reverts import (
    ChainError,
    NodeError,
    NoFunds,
    NotSeechain,
    OutOfGas,
    Refused,
    TokenError,
)
from seechain.sending.senders import Call, Sender, address_of, send
from seechain.sending.tasks import once

MAX_SYMBOL = 32  # characters that are believed
_SYMBOL = bytes.fromhex("95d89b41")
_OF_THE_CALL = (3, -32000, -32015)  # what nodes call the errors of what they run


class Token:
    """A token. Amounts are in its smallest unit.

    Raises:
        AccountError: the address is none. TokenError: it is no contract on this chain.
    """

    def __init__(self, w3: Web3, address: str) -> None:
        self.w3 = w3
        self.address = checksum(account_bytes(address))
        if not code_of(w3, self.address):
            raise TokenError(
                f"the token {self.address} is no contract on chain {chain_id_of(w3)}:"
                " check its address, and the chain"
            )

    @cached_property
    def symbol(self) -> str:
        """Its symbol; empty where it has none that can be read."""
        try:
            raw = call(self.w3, self.address, _SYMBOL, f"reading the symbol of {self.address}")
        except (Refused, NodeError, OutOfGas) as error:
            _check_node(error)
            return ""
        if len(raw) == 32:  # old tokens answer 32 bytes
            text = raw.rstrip(b"\0")
        else:
            length = int.from_bytes(raw[32:64], "big") if len(raw) >= 64 else 0
            text = raw[64 : 64 + min(length, 4 * MAX_SYMBOL)]
        said = text.decode("utf-8", "replace")[:MAX_SYMBOL]
        return said if said.isprintable() and " " not in said else ""

    @cached_property
    def decimals(self) -> int | None:
        """Its decimals; None where it has none that can be believed."""
        try:
            decimals = int(ask(self.w3, self.address, ERC20, "decimals"))
        except (Refused, NotSeechain, NodeError, OutOfGas) as error:
            _check_node(error)
            return None
        return decimals if decimals <= 77 else None

    def balance(self, account: str) -> int:
        """What an account has.

        Raises:
            TokenError: the contract does not answer as a token does.
        """
        return self._ask("balanceOf", account)

    def allowance(self, owner: str, spender: str) -> int:
        """What `spender` may take from `owner`.

        Raises:
            TokenError: the contract does not answer as a token does.
        """
        return self._ask("allowance", owner, spender)

    def approve(self, spender: str, amount: int, *, sender: Sender) -> list[Receipt]:
        """Lets `spender` take the amount, where it may not yet; the transactions it took.

        Raises:
            NoFunds: the sender has less. TokenError, Refused: the token refuses.
        """
        act = partial(self.allow, spender, amount, sender)
        return list(once(self.w3, "approve", self.address, (spender, amount), act))

    def allow(self, spender: str, amount: int, sender: Sender) -> list[Receipt]:
        """As `approve`, for a payment that it is a part of.

        In a Journal it is not done because it was done once: another act may have used it up.
        """
        owner = address_of(sender)
        has = self.balance(owner)
        if has < amount:
            raise NoFunds(
                f"{owner} has {self.format(has)} and can't pay {self.format(amount)}:"
                " it needs the token first"
            )
        allowed = self.allowance(owner, spender)
        if allowed >= amount:
            return []
        try:
            return [self._approve(spender, amount, sender)]
        except Refused:
            if not allowed:
                raise
        # Some tokens want an allowance to be taken back before another is given.
        return [self._approve(spender, 0, sender), self._approve(spender, amount, sender)]

    def format(self, units: int) -> str:
        """An amount as exact text, as "1.5 USDC"."""
        if self.decimals is None:
            return format_units(units, 0, f"units of {self.address}")
        return format_units(units, self.decimals, self.symbol or f"of {self.address}")

    def _approve(self, spender: str, amount: int, sender: Sender) -> Receipt:
        data = ERC20.encode("approve", spender, amount)
        what = f"approving {self.format(amount)}"
        return send(self.w3, Call(self.address, data, what, is_missing=True), sender)

    def _ask(self, name: str, *accounts: str) -> int:
        try:
            return int(ask(self.w3, self.address, ERC20, name, *accounts))
        except (Refused, NotSeechain, OutOfGas):
            raise TokenError(
                f"{self.address} does not answer {name} as a token does: check its address"
            ) from None


def _check_node(error: ChainError) -> None:
    """Raises what is the node's own fault: a token that it can't run is borne with."""
    if not isinstance(error, NodeError):
        return
    cause = error.__cause__
    answer = cause.rpc_response if isinstance(cause, Web3RPCError) else None
    said = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(said, dict) or said.get("code") not in _OF_THE_CALL:
        raise error
