"""A Splitter: what is paid to its address is split by its share table, for ever.

splitter = registry.create_splitter([(ada, 60), (ben, 40)], sender=anyone)
splitter.pay("1.5 ether", sender=client)
splitter.due(ada)                      # {"native": 900000000000000000}
splitter.payout(sender=anyone)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, partial
from typing import NamedTuple

from web3 import Web3

from seechain.accounts import account_bytes, checksum
from seechain.agreement.text import NATIVE, currency_address
from seechain.chain import genuine, interface, published
from seechain.chain.clones import NO_SALT, registry_address
from seechain.chain.node import ask
from seechain.chain.receipts import Receipt, Receipts
from seechain.chain.reverts import NodeError, TokenError, WrongTable
from seechain.sending.senders import Sender, address_of
from seechain.sending.tasks import once
from seechain.share_table import ShareTable
from seechain.splitter import claims, dues, payments, payouts, publishing

LAST_VERSION = 2**13 - 1  # contracts/modules/versions.vy


class Line(NamedTuple):
    """One member as the chain knows it: account, shares (0: no seat), voices (0: none)."""

    account: str
    shares: int
    voices: int = 0
    pull_only: bool = False


class Splitter:
    """A fixed Splitter, found by its address; its table is recovered from the chain when needed.

    Args:
        table: the share table, where it is at hand or was never published.
        registry: the Registry that deployed it, by default this version's own.
        salt: the 32 bytes with which it was created.
        block: one before it was created, so that no earlier one is searched for its table.

    Raises:
        AccountError: the address is none.
        NotSeechain: no Splitter of this Registry stands there.
        WrongTable: the table that was given is not the one it is committed to.
    """

    def __init__(
        self,
        w3: Web3,
        address: str,
        *,
        table: ShareTable | None = None,
        registry: str | None = None,
        salt: bytes = NO_SALT,
        block: int = 0,
    ) -> None:
        self.w3 = w3
        self.address = checksum(account_bytes(address))
        self.registry = registry or registry_address()
        self.receipts = Receipts()  # of the transactions that made it, where it was made here
        self.interface = interface.of("Splitter")
        self._block = block
        self._commitment = genuine.check_splitter(w3, self.address, self.registry, salt).commitment
        if table is not None:
            if table.hash != self.commitment:
                raise WrongTable(f"this is not the share table that {self.address} is committed to")
            self.table = table

    @property
    def commitment(self) -> bytes:
        """What it is committed to: the struct hash of its share table."""
        return self._commitment

    @cached_property
    def table(self) -> ShareTable:
        """The share table, recovered from what was published and checked against the commitment.

        Raises:
            NotPublished: it was not, or not all of it.
        """
        where = (self.w3, self.registry, self.address)
        return published.table_of(*where, self.commitment, self.publication_start)

    @property
    def table_key(self) -> tuple[bytes, int, int, bytes]:
        """The table as the contracts take it: root, total shares, pages, hash of the terms."""
        return self.table.root, self.table.shares, self.table.pages, self._terms_hash

    @property
    def members(self) -> tuple[Line, ...]:
        """All members, ascending by account."""
        return tuple(Line(each.account, each.shares, 0, each.pull_only) for each in self.table)

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies that are looked at when none is named: "native"."""
        return (NATIVE,)

    @property
    def version(self) -> int:
        """The number of the agreement in force.

        Raises:
            NodeError: the node can't be asked, or names a number that no agreement can have.
        """
        number = int(ask(self.w3, self.address, self.interface, "version"))
        if number > LAST_VERSION:  # taken as true, all would seem to be owed by closed versions
            raise NodeError(
                f"the node says that version {number} of {self.address} is in force, which can't"
                " be: try again, or ask another node"
            )
        return number

    def received(self) -> dict[str, int]:
        """All that was ever received, by currency, in its smallest unit."""
        return self._by_currency(
            lambda currency: int(
                ask(self.w3, self.address, self.interface, "received", currency_address(currency))
            )
        )

    def due(self, account: str | None = None) -> dict[str, int]:
        """What is due to a member, or to all together, by currency, in its smallest unit.

        A token that can't be read is left out.

        Raises:
            AccountError, ShareTableError: the account is none, or has no seat.
        """
        if account is not None:
            self.table.index(str(account))
        return self._by_currency(lambda currency: dues.due(self, currency, account))

    def pay(
        self,
        amount: int | str,
        *,
        sender: Sender,
        currency: str | None = None,
        memo: str | bytes | None = None,
    ) -> Receipts:
        """Pays in. Of a token it approves first what is missing.

        Args:
            amount: smallest units, or text with its unit: "1.5 ether", "250 USDC".
            currency: "native" or a token's address; where the amount's unit says it, leave it out.
            memo: a reference, such as an invoice number: text or bytes, 32 bytes at most.

        Raises:
            AmountError: amount or memo can't be read exactly. TokenError: the token is none.
            NoFunds: the sender has too little. SeeEnded: the SEE has ended. Else as `send`.
        """
        act = partial(payments.pay, self, amount, currency, memo, sender)
        return self.once("pay", (address_of(sender), amount, currency, memo), act)

    def join(self, account: str, *, sender: Sender, claims_native: bool = True) -> Receipts:
        """Proves a member's seat, and pays what is due to it of the native coin.

        Raises:
            ShareTableError: the account has no seat. AlreadyJoined: it has joined.
        """

        def join() -> Receipts:
            return Receipts([claims.join(self, account, sender, claims_native)])

        return self.once("join", (account,), join)

    def claim(self, account: str, currency: str | None = None, *, sender: Sender) -> Receipts:
        """Pays a member what is due to it; the money goes to the member, whoever sends.

        It joins on the way where it must. currency: one, by default all that are named.

        Raises:
            ShareTableError: the account has no seat. NothingDue: nothing is due to it.
            PaymentFailed: it, or the token, refuses the payment. Else as `send`.
        """
        act = partial(claims.claim, self, account, currency, sender)
        return self.once("claim", (account, currency), act)

    def payout(
        self,
        currency: str | None = None,
        *,
        sender: Sender,
        pages: Iterable[int] | None = None,
    ) -> Receipts:
        """Pays everyone what is due: all pages, of one currency or of all that are named.

        A member whose address or token refuses loses nothing: its amount stays due to it.

        Args:
            pages: only these, counted from 0, 32 seats each: a large table is paid out by parts.

        Raises:
            NothingDue: nothing is due to anyone. ShareTableError: there is no such page. Else as
                `send`.
        """
        among = payouts.chosen(self, pages)
        act = partial(payouts.payout, self, currency, sender, None, among)
        what = () if among is None else ("pages", *among)
        return self.once("payout", (currency, *what), act)

    def publish(self, *, sender: Sender) -> Receipts:
        """Publishes what is missing of the table, for a large one whose publication stopped."""
        return self.once("publish", (), partial(publishing.publish, self, sender))

    def once(
        self, verb: str, details: Iterable[object], act: Callable[[], Iterable[Receipt]]
    ) -> Receipts:
        """An act on this contract, of which a Journal knows whether an earlier run has done it."""
        return once(self.w3, verb, self.address, details, act)

    def dues_key(self, currency: str) -> tuple[object, ...]:
        """Which dues the contract is asked for: those of a currency."""
        return (currency_address(currency),)

    def named(self, currency: str | None) -> tuple[str, ...]:
        """The currencies that an act is about: the one that is named, or all of the agreement."""
        if currency is None:
            return self.currencies
        if currency == NATIVE or (currency[:2] == "0x" and not currency.strip("0x")):
            return (NATIVE,)
        return (checksum(account_bytes(currency)),)

    def named_text(self, account: str) -> str:
        """How messages call an account."""
        return account

    @property
    def publication_start(self) -> tuple[int, int]:
        """From which block on, and which place in its log, its table may have been published."""
        return self._block, 0

    @property
    def _terms_hash(self) -> bytes:
        return bytes(32)

    def _by_currency(self, read: dues.Reader) -> dict[str, int]:
        found = {}
        for currency in self.currencies:
            try:
                found[currency] = read(currency)
            except TokenError:
                continue
        return found

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.address}>"
