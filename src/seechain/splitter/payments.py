"""Payments into a SEE or a Splitter."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seechain.agreement.text import NATIVE, currency_address
from seechain.amounts import NATIVE_DECIMALS, read_amount
from seechain.chain import interface
from seechain.chain.receipts import Receipts
from seechain.chain.reverts import TokenError, WrongVersion
from seechain.chain.tokens import Token
from seechain.errors import AmountError
from seechain.sending.senders import Call, Sender, send

if TYPE_CHECKING:
    from seechain.see.recovered import Recovered
    from seechain.splitter import Splitter

MAX_MEMO = 32  # bytes
_INTERFACE = interface.of("Splitter")
_SEE = interface.of("SEE")


class Payment(NamedTuple):
    """Units of a currency; `token` for one that is not native."""

    currency: str
    units: int
    token: Token | None


def pay(
    splitter: Splitter,
    amount: int | str,
    currency: str | None,
    memo: str | bytes | None,
    sender: Sender,
) -> Receipts:
    """See `Splitter.pay`."""
    reference = memo_bytes(memo)
    payment = read_payment(splitter, amount, currency)
    what = f"the payment of {amount} to {splitter.address}"
    if payment.token is None and memo is None:
        # A plain transfer: it costs least, and the payer is logged all the same.
        plain = Call(splitter.address, b"", what, payment.units, is_last=True)
        return Receipts([send(splitter.w3, plain, sender)])
    arguments = (currency_address(payment.currency), payment.units, reference)
    return _send(splitter, payment, _INTERFACE.encode("pay", *arguments), what, sender)


def pay_version(
    see: Recovered,
    amount: int | str,
    currency: str | None,
    memo: str | bytes | None,
    sender: Sender,
    seen: int,
    version: int | None,
) -> Receipts:
    """See `SEE.pay`. seen: the version that the payer looked at."""
    reference = memo_bytes(memo)
    wanted, is_late = chosen_version(see, seen, version)
    payment = read_payment(see, amount, currency)
    name = "pay_late" if is_late else "pay"
    data = _SEE.encode(name, currency_address(payment.currency), payment.units, reference, wanted)
    what = f"the payment of {amount} to {see.address}"
    return _send(see, payment, data, what, sender)


def chosen_version(see: Recovered, seen: int, version: int | None) -> tuple[int, bool]:
    """The version that is paid, and whether it is closed, so that it is paid late.

    seen: the version that the payer looked at. version: that it names, or None.

    Raises:
        SeeEnded: it takes no payment any more. WrongVersion: another version is in force than the
            payer saw, or there is none of this number.
    """
    see.check_payable()
    current = see.version
    if version is not None and (type(version) is not int or version < 0):
        raise WrongVersion(f"versions are counted from 0, up to {current} now, got {version!r}")
    wanted = seen if version is None else version
    if wanted > current:
        raise WrongVersion(
            f"the payment to {see.address} was not made: version {current} of its agreement is in"
            f" force, there is no {wanted} yet: look again at who is paid"
        )
    if version is None and wanted != current:
        raise WrongVersion(
            f"the payment to {see.address} was not made: version {current} of its agreement is in"
            f" force, and not {wanted}: look again at who is paid, or name version={wanted} to pay"
            " those who were members then"
        )
    return wanted, wanted != current


def _send(splitter: Splitter, payment: Payment, data: bytes, what: str, sender: Sender) -> Receipts:
    receipts = []
    if payment.token is not None:
        receipts += payment.token.allow(splitter.address, payment.units, sender)
    units = 0 if payment.token else payment.units
    call = Call(splitter.address, data, what, units, is_last=True)
    receipts.append(send(splitter.w3, call, sender))
    return Receipts(receipts)


def memo_bytes(memo: str | bytes | None) -> bytes:
    """A memo as 32 bytes, filled up with zeros.

    Raises:
        AmountError: it is longer, or neither text nor bytes.
    """
    raw = memo.encode() if isinstance(memo, str) else (b"" if memo is None else memo)
    if not isinstance(raw, bytes):
        raise AmountError(f"a memo is text or bytes, got {type(memo).__name__}")
    if len(raw) > MAX_MEMO:
        raise AmountError(f"a memo has at most {MAX_MEMO} bytes, {memo!r} has {len(raw)}")
    return raw.ljust(MAX_MEMO, b"\0")


def read_payment(splitter: Splitter, amount: int | str, currency: str | None) -> Payment:
    """What an amount and a currency mean together.

    Raises:
        AmountError: they can't be read exactly, or contradict each other.
        TokenError: the currency is no token.
    """
    if currency is not None:
        (currency,) = splitter.named(currency)
    tokens = {} if currency == NATIVE else _tokens(splitter, amount, currency)
    read = read_amount(amount, {symbol: token.decimals or 0 for symbol, token in tokens.items()})
    if read.unit is not None and read.unit in NATIVE_DECIMALS:
        if currency not in (None, NATIVE):
            raise AmountError(f"{amount!r} is native coin, the currency is {currency}: name one")
        return Payment(NATIVE, read.units, None)
    if read.unit is not None:
        token = tokens[read.unit]
        if token.decimals is None:
            raise AmountError(f"the decimals of {token.address} can't be read: pay whole units")
        return Payment(token.address, read.units, token)
    if currency is None or currency == NATIVE:
        return Payment(NATIVE, read.units, None)
    return Payment(currency, read.units, Token(splitter.w3, currency))


def _tokens(splitter: Splitter, amount: int | str, currency: str | None) -> dict[str, Token]:
    """The tokens that the amount's unit may mean, by symbol."""
    if not isinstance(amount, str) or amount.split()[-1:] in ([], *([n] for n in NATIVE_DECIMALS)):
        return {}
    found: dict[str, Token] = {}
    for each in splitter.currencies if currency is None else (currency,):
        if each == NATIVE:
            continue
        try:
            token = Token(splitter.w3, each)
        except TokenError:
            if currency is not None:
                raise
            continue
        if token.symbol in found:
            raise AmountError(
                f"two currencies are called {token.symbol}: give currency=, an address"
            )
        if token.symbol and token.symbol not in NATIVE_DECIMALS:
            found[token.symbol] = token
    return found
