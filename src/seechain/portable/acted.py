"""What a member did itself: what it signed, and what it sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from web3 import Web3

from seechain.accounts import account_bytes
from seechain.chain import interface
from seechain.chain.clones import payer_address
from seechain.chain.events import Joined, Left, Redirected, Registered, VoiceLeft
from seechain.chain.node import asking
from seechain.consent import digest_of
from seechain.history import Payment
from seechain.portable import hex_of, subject_of
from seechain.portable.lives import Life, place_of
from seechain.portable.passport import Act
from seechain.portable.submitted import AMEND, REGISTER, Submitted, consents_of, puts_in_force
from seechain.registry import Registry

_WHAT = {Left: "left", VoiceLeft: "left", Redirected: "redirected", Joined: "joined"}
_PAYER = interface.of("Payer")
_TRANSFER = bytes.fromhex("a9059cbb")  # transfer(address,uint256), of ERC-20


class Acted:
    """Tells what only a member itself can have done."""

    def __init__(self, registry: Registry, member: str) -> None:
        self.registry, self.member = registry, member
        self.w3: Web3 = registry.w3
        self._transactions: dict[str, Any] = {}

    def sent(self, transaction: str, to: str | None = None) -> bool:
        """Whether it sent a transaction, and to this contract where one is named."""
        found = self._transaction(transaction)
        is_there = to is None or str(found["to"]).lower() == to.lower()
        return is_there and str(found["from"]).lower() == self.member.lower()

    def is_ordered(self, payment: Payment) -> bool:
        """Whether its payer has sent this payment of a token itself, by a transfer or through the
        Payer: then no log of the token needs be believed."""
        found = self._transaction(payment.transaction_hash)
        payer, see, currency = (
            each.lower() for each in (payment.payer, payment.see, payment.currency)
        )
        if str(found["from"]).lower() != payer:
            return False
        to, data = str(found["to"]).lower(), bytes(found["input"])
        if to == currency:
            amount = payment.amount.to_bytes(32, "big")
            return data == _TRANSFER + bytes(12) + account_bytes(payment.see) + amount
        called = _PAYER.read(data) if to == payer_address().lower() else None
        if called is None or called[1][:2] != (see, currency):
            return False
        return called[0] == "pay_with_permit" or called[1][2] == payer

    def _transaction(self, transaction: str) -> Any:
        if transaction not in self._transactions:
            with asking(self.w3, f"reading the transaction {transaction}"):
                found: Any = self.w3.eth.get_transaction(transaction)  # type: ignore[arg-type]
                self._transactions[transaction] = found
        return self._transactions[transaction]

    # ------------------------------------------------------------ in one SEE

    def look(self, life: Life) -> None:
        """Finds what it did in a SEE: each thing once, what it signed once a version."""
        consents = [self._consents(life, at, start) for at, start in enumerate(life.starts)]
        life.acts = tuple(self._acts(life, consents))
        life.agreed = frozenset(
            at
            for at, start in enumerate(life.starts)
            if start.submitter == self.member or self._has_signed(life, at, consents[at])
        )
        life.is_alone = all(
            _deciding(life, at) == {self.member}
            or (at > 0 and {each.account for each in consents[at]} == {self.member})
            for at in range(len(life.starts))
        )

    def _has_signed(self, life: Life, at: int, consents: Sequence[Submitted]) -> bool:
        """Whether it certainly has: what a contract takes as its signature, nobody sees there."""
        if at == 0:  # which every voice has signed
            return self.member in _deciding(life, 0)
        return any(each.account == self.member and each.is_by_key for each in consents)

    def _acts(self, life: Life, consents: Sequence[Sequence[Submitted]]) -> Iterator[Act]:
        for at, start in enumerate(life.starts):
            yield from self._signed(life, at, start, consents[at])
            if start.submitter == self.member:
                yield _act("submitted", start)
        seen: set[str] = set()
        for event in life.events():
            what = _WHAT.get(type(event))
            if what is None or event.account != self.member or what in seen:
                continue
            # Anyone may join a seat for its member: it acted where it has sent that itself.
            if what != "joined" or self.sent(event.transaction_hash):
                seen.add(what)
                yield _act(what, event)
        claimed = self._claimed(life)
        if claimed is not None:
            yield claimed

    def _signed(
        self, life: Life, at: int, start: Registered, consents: Sequence[Submitted]
    ) -> Iterator[Act]:
        for each in consents:
            if each.account == self.member:
                yield _act(
                    "signed",
                    start,
                    version=at,
                    commitment=hex_of(life.versions[at].commitment),
                    deadline=each.deadline,
                    signature=hex_of(each.signature),
                    by="key" if each.is_by_key else "contract",
                )

    def _consents(self, life: Life, at: int, start: Registered) -> list[Submitted]:
        """Who signed a version, as far as it was asked itself."""
        if self.member not in _deciding(life, at):
            return []
        version = life.versions[at]
        kind, about = subject_of(at, life.see.address, version.commitment)
        place = self.registry.chain_id, self.registry.address

        def digest(account: str, deadline: int) -> bytes:
            return digest_of(kind, about, account, *place, deadline)

        roll = life.versions[max(at - 1, 0)].roll
        since = place_of(life.starts[max(at - 1, 0)])
        gone = {
            each.account
            for each in life.events()
            if isinstance(each, VoiceLeft) and since < place_of(each) < place_of(start)
        }
        what = start.transaction_hash, AMEND if at else REGISTER
        return consents_of(self.w3, *what, roll, puts_in_force(version), digest, gone)

    def _claimed(self, life: Life) -> Act | None:
        if life.past is None:
            return None
        hashes: dict[str, Any] = {}
        for each in life.past.portions:
            if each.account == self.member and each.how == "claim" and each.transaction_hash:
                hashes.setdefault(each.transaction_hash, each)
        for transaction, portion in hashes.items():
            if self.sent(transaction):
                return _act("claimed", portion)
        return None


def _deciding(life: Life, at: int) -> set[str]:
    """Whose voices decided on a version: its own roll on the first, else that of the one before."""
    return {each.account for each in life.versions[max(at - 1, 0)].roll}


def _act(what: str, event: Any, **signed: Any) -> Act:
    fields = dict.fromkeys(("version", "commitment", "deadline", "signature", "by"))
    return Act.model_validate(
        {
            "what": what,
            "block": event.block_number,
            "transaction": event.transaction_hash,
            **fields,
            **signed,
        }
    )
