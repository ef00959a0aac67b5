"""What a token calls itself, and a payment request that says otherwise."""

from __future__ import annotations

from web3 import Web3

from seechain.agreement.text import NATIVE
from seechain.chain.reverts import TokenError
from seechain.chain.tokens import Token
from seechain.errors import PaymentRequestError
from seechain.payment_requests.fields import Fields
from seechain.payment_requests.payment_request import PaymentRequest, read_symbol

_READ = Fields(PaymentRequestError, "token")


def words_of(w3: Web3, currency: str) -> tuple[str, int | None]:
    """Symbol and decimals of a currency, as far as they can be shown."""
    if currency == NATIVE:
        return "ether", 18
    try:
        token = Token(w3, currency)
    except TokenError:
        return "", None
    return shown_symbol(token), token.decimals


def shown_symbol(token: Token) -> str:
    """A token's symbol where it can be shown and is not the native coin's; else none."""
    try:
        return read_symbol(_READ, token.symbol)
    except PaymentRequestError:
        return ""


def check_words(w3: Web3, *requests: PaymentRequest, called: str = "") -> None:
    """Holds what requests say of their tokens against these: it may be meant to mislead.

    called: how the message calls the request, as by its file.

    Raises:
        PaymentRequestError: the token has other decimals, or another symbol.
        NodeError: the node can't be asked.
    """
    said = [each for each in requests if each.symbol or each.decimals is not None]
    words = {each: words_of(w3, each) for each in dict.fromkeys(one.currency for one in said)}
    for each in said:
        if wrong := _wrong(each, *words[each.currency]):
            name = called or f"the payment request {each.memo_text or each.id[:12]}"
            raise PaymentRequestError(
                f"{name} says that {each.currency} {wrong}: ask for another request"
            )


def _wrong(request: PaymentRequest, symbol: str, decimals: int | None) -> str:
    if request.decimals not in (None, decimals):
        has = "none" if decimals is None else decimals
        return f"has {request.decimals} decimals, and on chain it has {has}"
    if request.symbol not in ("", symbol):
        return f"is called {request.symbol!r}, and on chain it is {symbol!r}"
    return ""
