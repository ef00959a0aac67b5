"""The Payer: a token is paid with one signature, and with no approval before.

payer = Payer.deploy(w3, sender=anyone)                    # or Payer(w3) where it stands
payer.pay_with_permit(see, "250 USDC", memo="INV-7", sender=client)

made = payer.authorization(see, "250 USDC", client, memo="INV-7")   # needs no coin for gas
payer.relay(made, sender=anyone)
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from web3 import Web3

from seechain.accounts import account_bytes, checksum
from seechain.beside import permits
from seechain.beside.authorization import Authorization, clients_of, version_word
from seechain.beside.permits import AUTHORIZATION, PERMIT
from seechain.chain import clones, genuine, interface
from seechain.chain.clones import payer_address
from seechain.chain.decoding import topic_of
from seechain.chain.deployer import deploy_beside
from seechain.chain.events import Event
from seechain.chain.logs import read_events
from seechain.chain.node import chain_id_of, now_of
from seechain.chain.receipts import Receipts
from seechain.chain.records import deadline_at, deadline_of
from seechain.chain.reverts import BadSignature, NoFunds, TooLate, WrongChain
from seechain.chain.tokens import Token
from seechain.consent import normalise, recover
from seechain.consent.signers import sign_typed_data, typed_digest
from seechain.errors import AmountError, SignatureError
from seechain.see.recovered import Recovered
from seechain.sending.senders import Call, Sender, address_of, send
from seechain.sending.tasks import once
from seechain.splitter import Splitter
from seechain.splitter.payments import chosen_version, memo_bytes, read_payment

__all__ = ["Authorization", "Payer", "payer_address"]

_PAYER = interface.of("Payer")
_PAID = tuple(
    topic_of(f"{name}(address,bytes32,address,uint256{more})")
    for name, more in (("Paid", ""), ("PaidLate", ",uint256"))
)
_PAID_FOR = topic_of("PaidFor(address,address,bytes32,address,uint256)")


class _Order(NamedTuple):
    """A payment of a token that is to be signed. word: the version as the Payer takes it."""

    see: str
    token: Token
    units: int
    memo: bytes
    version: int | None
    is_late: bool

    @property
    def word(self) -> int:
        return version_word(self.version, self.is_late)


class Payer:
    """The Payer of a chain: it has no owner and keeps nothing.

    Raises:
        NotDeployed: it does not stand on this chain.
    """

    def __init__(self, w3: Web3) -> None:
        self.w3 = w3
        self.address = payer_address()
        genuine.check_beside(w3, "Payer", self.address, clones.payer_code())
        self.receipts = Receipts()  # of the transactions that deployed it, where it was done here

    @classmethod
    def deploy(cls, w3: Web3, *, sender: Sender) -> Payer:
        """The Payer at its known address; it is deployed first where it is missing.

        Raises:
            NoRegistry: the chain has no deterministic deployer. Else as `send`.
        """
        address, code = payer_address(), clones.init_code("Payer")
        act = partial(deploy_beside, w3, "the Payer", address, code, sender)
        receipts = once(w3, "deploy", address, (), act)
        payer = cls(w3)
        payer.receipts = receipts
        return payer

    # ------------------------------------------------------------ permits

    def permit_message(
        self, token: Token, owner: str, amount: int, deadline: int | None = None
    ) -> dict[str, Any]:
        """The typed data (EIP-712) of a permit that lets this Payer take an amount, once.

        Args:
            amount: in the token's smallest unit. deadline: unix seconds; by default the end of the
                day, UTC, seven days from now.

        Raises:
            TokenError: the token takes no permits, or its domain can't be reproduced.
        """
        now = now_of(self.w3)
        values = {
            "owner": checksum(account_bytes(owner)),
            "spender": self.address,
            "value": amount,
            "nonce": permits.nonce_of(self.w3, token, owner),
            "deadline": deadline_at(now) if deadline is None else deadline_of(deadline, now),
        }
        return permits.message(self.w3, token, PERMIT, values)

    def pay_with_permit(
        self,
        splitter: Splitter,
        amount: int | str,
        *,
        sender: Sender,
        currency: str | None = None,
        memo: str | bytes | None = None,
        version: int | None = None,
        deadline: int | None = None,
    ) -> Receipts:
        """Pays a token into a SEE or a Splitter: the sender signs a permit, and sends once.

        Args:
            amount, currency, memo: as `Splitter.pay`. version: as `SEE.pay`.
            deadline: of the permit and the payment, see `permit_message`.

        Raises:
            AmountError: the amount can't be read exactly, or is of the native coin.
            TokenError: the token takes no permits. NoFunds: the sender has less.
            WrongVersion: as `SEE.pay`. Else as `send`.
        """
        options = (address_of(sender), amount, currency, memo, version, "permit")
        order = partial(self._order, splitter, amount, currency, memo, version)
        act = partial(self._pay_with_permit, order, sender, deadline)
        return splitter.once("pay", options, act)

    def _pay_with_permit(self, read: Any, sender: Sender, deadline: int | None) -> Receipts:
        order: _Order = read()
        owner = address_of(sender)
        self._check_funds(order, owner)
        data = self.permit_message(order.token, owner, order.units, deadline)
        signature = normalise(sign_typed_data(self.w3, sender, data))
        until, (r, s, v) = data["message"]["deadline"], _split(signature)
        asked = (owner, self.address, order.units, until, v, r, s)
        permits.check_permit(self.w3, order.token, asked)
        arguments = (order.token.address, order.units, order.memo, order.word, until, v, r, s)
        call = _PAYER.encode("pay_with_permit", order.see, *arguments)
        what = f"the payment of {order.token.format(order.units)} to {order.see}"
        return Receipts([send(self.w3, Call(self.address, call, what, is_last=True), sender)])

    # ------------------------------------------------------------ authorisations

    def authorization_message(self, authorization: Authorization) -> dict[str, Any]:
        """The typed data (EIP-712, ERC-3009) that its client signs: JSON for any wallet.

        Raises:
            TokenError: the token's domain can't be reproduced.
        """
        token = Token(self.w3, authorization.currency)
        return permits.message(self.w3, token, AUTHORIZATION, authorization.values)

    def unsigned(
        self,
        splitter: Splitter,
        amount: int | str,
        account: str,
        *,
        currency: str | None = None,
        memo: str | bytes | None = None,
        version: int | None = None,
        valid_after: int = 0,
        valid_before: int | None = None,
        salt: bytes | None = None,
    ) -> Authorization:
        """An authorisation with zeros for its signature, for a wallet that signs elsewhere.

        Args:
            amount, currency, memo: as `Splitter.pay`. version: as `SEE.pay`.
            valid_before: unix seconds; by default the end of the day, UTC, in seven days.
            salt: 32 bytes; random by default.

        Raises:
            As `authorization`.
        """
        now = now_of(self.w3)
        order = self._order(splitter, amount, currency, memo, version)
        made = Authorization(
            chain_id=chain_id_of(self.w3),
            contract=self.address,
            see=order.see,
            currency=order.token.address,
            account=account,
            amount=order.units,
            memo=order.memo,
            version=order.version,
            is_late=order.is_late,
            salt=secrets.token_bytes(32) if salt is None else salt,
            valid_after=valid_after,
            valid_before=(
                deadline_at(now) if valid_before is None else deadline_of(valid_before, now)
            ),
            signature=bytes(65),
        )
        permits.is_used(self.w3, order.token, made.account, made.nonce)  # or it takes none
        return made

    def authorization(
        self, splitter: Splitter, amount: int | str, account: Sender, **options: Any
    ) -> Authorization:
        """A client's signed payment, which anyone relays: the client needs no coin for gas.

        Where it goes, the memo and the version are bound by its nonce: nobody can change them.

        Args:
            account: an eth-account account, an Ape account, or an address that the node signs for.
            options: as `unsigned`.

        Raises:
            AmountError: the amount can't be read exactly, or is of the native coin.
            TokenError: the token takes no authorisations. WrongVersion: as `SEE.pay`.
        """
        made = self.unsigned(splitter, amount, address_of(account), **options)
        signature = sign_typed_data(self.w3, account, self.authorization_message(made))
        return self.signed(made, signature)

    def signed(self, authorization: Authorization, signature: bytes) -> Authorization:
        """An authorisation with the signature that its client's wallet made.

        Raises:
            SignatureError: it is not the client's. TokenError: the token lets anybody use it.
        """
        made = authorization.model_copy(update={"signature": normalise(signature)})
        self._check_signer(made)
        self._check_payee(made)
        return made

    def check(self, authorization: Authorization) -> None:
        """Checks that an authorisation can be relayed now: signature, time, funds, used before.

        Raises:
            WrongChain, SignatureError, BadSignature, TooLate, NoFunds, TokenError: it can't.
        """
        if authorization.chain_id != chain_id_of(self.w3):
            raise WrongChain(
                f"the authorisation is for chain {authorization.chain_id}, this is chain"
                f" {chain_id_of(self.w3)}: relay it there"
            )
        if authorization.contract != self.address:
            raise SignatureError(
                f"the authorisation is for the Payer {authorization.contract}, this is"
                f" {self.address}: let the client sign again"
            )
        self._check_signer(authorization)
        self._check_time(authorization)
        token = Token(self.w3, authorization.currency)
        if permits.is_used(self.w3, token, authorization.account, authorization.nonce):
            raise SignatureError(
                f"the authorisation of {authorization.account} was used or cancelled before:"
                " look whether the payment has been made"
            )
        has = token.balance(authorization.account)
        if has < authorization.amount:
            raise _no_funds(token, authorization.account, has, authorization.amount)
        self._check_payee(authorization)

    def relay(self, authorization: Authorization, *, sender: Sender) -> Receipts:
        """Sends what a client has authorised, and pays the gas. Anyone may.

        Raises:
            As `check`. WrongVersion: another version is in force than the client saw. Else as
            `send`.
        """
        options = ("authorization", authorization.nonce)
        act = partial(self._relay, authorization, sender)
        return once(self.w3, "pay", authorization.see, options, act)

    def _relay(self, made: Authorization, sender: Sender) -> Receipts:
        self.check(made)
        r, s, v = _split(made.signature)
        where = (made.see, made.currency, made.account, made.amount, made.memo, made.version_word)
        rest = (made.salt, made.valid_after, made.valid_before, v, r, s)
        data = _PAYER.encode("pay_with_authorization", *where, *rest)
        amount = Token(self.w3, made.currency).format(made.amount)
        what = f"the payment of {amount} by {made.account} to {made.see}"
        return Receipts([send(self.w3, Call(self.address, data, what, is_last=True), sender)])

    # ------------------------------------------------------------ what was paid

    def clients(
        self, splitter: Splitter, first: int = 0, last: int | None = None
    ) -> dict[tuple[str, int], str]:
        """Who has paid a SEE or Splitter through this Payer, in blocks `first` to `last`.

        Returns:
            The client by transaction hash and log index of the `Paid` or `PaidLate` event, which
            names the Payer itself as the payer.
        """
        found: list[Event] = []
        for topic in _PAID:
            wanted = [topic, _word(self.address)]
            found += read_events(self.w3, splitter.address, wanted, first, last)
        told = [_PAID_FOR, _word(splitter.address)]
        found += read_events(self.w3, self.address, told, first, last)
        return clients_of(self.address, found)

    # ------------------------------------------------------------ internals

    def _order(
        self,
        splitter: Splitter,
        amount: int | str,
        currency: str | None,
        memo: str | bytes | None,
        version: int | None,
    ) -> _Order:
        reference, is_late = memo_bytes(memo), False
        if isinstance(splitter, Recovered):
            with splitter.as_seen() as seen:
                version, is_late = chosen_version(splitter, seen, version)
                payment = read_payment(splitter, amount, currency)
        elif version is not None:
            raise AmountError(f"{splitter.address} is a Splitter: it has no versions, name none")
        else:
            payment = read_payment(splitter, amount, currency)
        if payment.token is None:
            raise AmountError(
                f"{amount!r} is native coin, which needs no approval: pay it with see.pay"
            )
        return _Order(splitter.address, payment.token, payment.units, reference, version, is_late)

    def _check_funds(self, order: _Order, owner: str) -> None:
        has = order.token.balance(owner)
        if has < order.units:
            raise _no_funds(order.token, owner, has, order.units)

    def _check_payee(self, made: Authorization) -> None:
        r, s, v = _split(made.signature)
        asked = (made.account, self.address, made.amount, made.valid_after, made.valid_before)
        token = Token(self.w3, made.currency)
        permits.check_payee(self.w3, token, (*asked, made.nonce, v, r, s))

    def _check_signer(self, made: Authorization) -> None:
        signer = recover(typed_digest(self.authorization_message(made)), made.signature)
        if signer != made.account:
            raise BadSignature(
                f"the authorisation of {made.account} is signed by {signer}, or for another"
                " payment: let the client sign again"
            )

    def _check_time(self, made: Authorization) -> None:
        now = now_of(self.w3)
        if now <= made.valid_after:
            raise TooLate(
                f"the authorisation counts after {_time(made.valid_after)}, it is {_time(now)}:"
                " relay it later"
            )
        if now >= made.valid_before:
            raise TooLate(
                f"the authorisation counted until {_time(made.valid_before)}, it is {_time(now)}:"
                " let the client sign again"
            )


def _split(signature: bytes) -> tuple[bytes, bytes, int]:
    """r, s and v of 65 bytes."""
    return signature[:32], signature[32:64], signature[64]


def _word(address: str) -> bytes:
    return account_bytes(address).rjust(32, b"\0")


def _no_funds(token: Token, owner: str, has: int, units: int) -> NoFunds:
    return NoFunds(
        f"{owner} has {token.format(has)} and can't pay {token.format(units)}:"
        " it needs the token first"
    )


def _time(seconds: int) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, ValueError, OSError):
        return str(seconds)
