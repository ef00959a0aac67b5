"""What a member did itself: what it signed, and what it sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from web3 import Web3

from seechain.chain.events import Joined, Left, Redirected, Registered, VoiceLeft
from seechain.chain.node import asking
from seechain.portable import hex_of
from seechain.portable.lives import Life
from seechain.portable.passport import Act
from seechain.portable.submitted import AMEND, REGISTER, consents_of

_WHAT = {Left: "left", VoiceLeft: "left", Redirected: "redirected", Joined: "joined"}


class Acted:
    """Tells what only a member itself can have done."""

    def __init__(self, w3: Web3, member: str) -> None:
        self.w3, self.member = w3, member
        self._senders: dict[str, str] = {}

    def sent(self, transaction: str) -> bool:
        """Whether it sent a transaction."""
        if transaction not in self._senders:
            with asking(self.w3, f"reading the transaction {transaction}"):
                found: Any = self.w3.eth.get_transaction(transaction)  # type: ignore[arg-type]
                self._senders[transaction] = str(found["from"]).lower()
        return self._senders[transaction] == self.member.lower()

    def acts(self, life: Life) -> Iterator[Act]:
        """What it did in a SEE: each thing once, what it signed once a version."""
        for at, start in enumerate(life.starts):
            yield from self._signed(life, at, start)
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

    def _signed(self, life: Life, at: int, start: Registered) -> Iterator[Act]:
        version = life.versions[at]
        roll = life.versions[max(at - 1, 0)].roll
        if not any(each.account == self.member for each in roll):
            return

        def is_it(arguments: tuple[Any, ...]) -> bool:
            table, terms = (arguments[5], arguments[6]) if at else arguments[:2]
            return (table[0], terms[4]) == (version.root, version.terms.nonce)

        act = AMEND if at else REGISTER
        for each in consents_of(self.w3, start.transaction_hash, act, roll, is_it):
            if each.account == self.member:
                yield _act(
                    "signed",
                    start,
                    version=at,
                    commitment=hex_of(version.commitment),
                    deadline=each.deadline,
                    signature=hex_of(each.signature),
                    by="key" if each.is_by_key else "contract",
                )

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
