"""Delivery: a transaction is told to the node, and told again, until it is in a block.

Once it was told, no fault of the node is an error: an answer that is lost, late, garbled or
about something else is a doubt, and what settles a doubt is to look for the hash and to tell the
same bytes again. They can be mined once only.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum
from typing import Any

from web3 import Web3
from web3.exceptions import TransactionNotFound, Web3RPCError

from seechain.chain.node import asking, eth_of, explained
from seechain.chain.reverts import ChainError, NodeError, NonceError, NotMined, ReplacedError
from seechain.sending.mined import block_hash, by_nonce, count_of, head_number, is_asked
from seechain.sending.signing import Sent

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0  # seconds between two looks for a receipt
FIRST_AGAIN, LONGEST_AGAIN = 1.0, 16.0  # seconds until the same bytes are told again
LOOKS = 4  # for a receipt, before it is believed that there is none
MANY_LOOKS = 20  # where the nonce is used, and what used it can't be found
LIES = 5  # receipts of something else, before it is an error
QUIET = 3.0  # seconds, after which who waits is told

_KNOWN = ("already known", "already imported", "known transaction", "already exists")
_STALE = ("nonce too low", "nonce is too low", "old nonce", "invalid nonce")
_OTHER = ("replacement transaction", "could not replace", "transaction underpriced: tx with same")
_DOUBTS = ("nonce too high", "timeout", "timed out", "try again", "limit exceeded", "internal")


class Answer(Enum):
    """What a node said to a transaction. OTHER: another one with its nonce is at hand."""

    TAKEN = "taken"
    STALE = "its nonce was used"
    OTHER = "another one waits with its nonce"
    REFUSED = "refused"
    DOUBT = "nothing that settles it"


class Delivery:
    """One transaction on its way.

    Args:
        wait: seconds until it must be in a block. away: the same, while the node is silent or can
            not be reached, or does not answer when it is told; None: no less.
        confirmations: blocks on top of its own.
        since: the latest block when it was signed: what was mined until then is not it.
        is_new: nobody has heard of it yet, so that a refusal means that it will never come.
        heard: is told the hash, where the node signs and says it. slow: is told once, where it
            takes long, what the node's last fault was.
    """

    def __init__(
        self,
        w3: Web3,
        sent: Sent,
        what: str,
        *,
        wait: float,
        confirmations: int = 0,
        since: int = -1,
        is_new: bool = True,
        heard: Callable[[str], None] | None = None,
        away: float | None = None,
        slow: Callable[[ChainError | None], object] | None = None,
    ) -> None:
        self.w3, self.sent, self.what = w3, sent, what
        self.hash = sent.hash
        self.refused: ChainError | None = None  # why the node did not take it
        self.was_taken = False  # by a node that said so
        self._wait, self._confirmations, self._is_new = wait, confirmations, is_new
        self._since, self._heard, self._slow = since, heard, slow
        self._away = wait if away is None else away
        self._met = time.monotonic()  # when the node last did what it was asked
        self._said: ChainError | None = None
        self._tells = self._looks = self._lies = self._head = 0
        self._end = self._quiet = 0.0
        self._answer = self._first = Answer.DOUBT
        self._failed = False  # a receipt has said so

    def tell(self) -> Answer:
        """Tells it to the node, once."""
        self._tells += 1
        try:
            self._answer = self._told()
        except Exception as error:
            self._said = _in_words(self.w3, error, self.what)
            self._answer = _sorted(error, self._said)
        if self._answer is not Answer.DOUBT:
            self._met = time.monotonic()
        self._first = self._answer if self._tells == 1 else self._first
        self.was_taken |= self._answer is Answer.TAKEN
        if self._answer not in (Answer.REFUSED, Answer.OTHER):
            self.refused = None
        elif self._tells == 1 and self._is_new:
            self.refused = self._said
        return self._answer

    def receipt(self) -> Any:
        """Its receipt as web3 gives it, whatever its status, once it is deep enough.

        Raises:
            NotMined: it is in no block in time, and may still come. ReplacedError: its nonce was
                used by another one (NonceError where it is new and was not taken). NodeError: the
                node answers with receipts of something else. Else what the node refuses it for.
        """
        begun, pause = time.monotonic(), FIRST_PAUSE
        self._end, self._quiet = begun + self._wait, begun + QUIET
        again, interval = begun + FIRST_AGAIN, FIRST_AGAIN
        if not self._tells:
            self._met = begun
            self.tell()
        while True:
            said, receipt = self._said, self._look()
            if receipt is not None:
                if self._is_deep(receipt) and self._is_sure(receipt):
                    return receipt
            else:
                self._check_lost()
            self._check_time(receipt, self._said is said)
            if receipt is None and time.monotonic() >= again:
                self.tell()
                self._check_replaced()
                interval = min(2 * interval, LONGEST_AGAIN)
                again = time.monotonic() + interval
            time.sleep(pause)
            pause = min(1.3 * pause, LONGEST_PAUSE)

    def _check_time(self, receipt: Any | None, is_well: bool) -> None:
        """Refuses to wait any longer, or tells who waits. is_well: the node has not failed now."""
        now = time.monotonic()
        is_well = is_well and self._answer is not Answer.DOUBT
        if is_well:
            self._met = now
        if now > min(self._end, self._met + self._away):
            raise self._overdue(receipt)
        if self._slow is not None and now > self._quiet:
            slow, self._slow = self._slow, None
            slow(None if is_well else self._said)

    def _told(self) -> Answer:
        if self.sent.raw is not None:
            eth_of(self.w3).send_raw_transaction(self.sent.raw)
            return Answer.TAKEN
        by_node: Any = {name: self.sent.transaction[name] for name in self.sent.transaction}
        self._hear("0x" + bytes(self.w3.eth.send_transaction(by_node)).hex())
        return Answer.TAKEN

    def _hear(self, said: str) -> None:
        if self.hash != said:
            self.hash = said
            if self._heard is not None:
                self._heard(said)

    def _look(self) -> Any | None:
        """The receipt, where the node has one that is true and in the chain as it is now."""
        self._looks += 1
        try:
            if self.hash is None:
                self._find_by_nonce()
            if self.hash is None:
                return None
            with asking(self.w3, self.what):
                try:
                    receipt: Any = eth_of(self.w3).get_transaction_receipt(self.hash)  # type: ignore[arg-type]
                except TransactionNotFound:
                    return None
                if receipt["blockNumber"] is None:
                    return None
                if not self._is_true(receipt):
                    self._lied()
                    return None
                number = int(receipt["blockNumber"])
                if block_hash(self.w3, number) != bytes(receipt["blockHash"]):
                    return None  # the chain is being reorganised, or the node lags
                return receipt
        except Exception as error:
            if isinstance(error, _Lied | ReplacedError):
                raise
            self._said = _in_words(self.w3, error, self.what)
            return None

    def _is_true(self, receipt: Any) -> bool:
        asked = self.sent.transaction
        return (
            "0x" + bytes(receipt["transactionHash"]).hex() == self.hash
            and str(receipt["from"]).lower() == self.sent.sender.lower()
            and str(receipt["to"] or "").lower() == str(asked.get("to", "")).lower()
            and receipt["status"] in (0, 1)
            and all(
                bytes(log["transactionHash"]) == bytes(receipt["transactionHash"])
                for log in receipt["logs"]
            )
        )

    def _lied(self) -> None:
        self._lies += 1
        if self._lies >= LIES:
            raise _Lied(
                f"the node answers with a receipt that is not of {self.what}, transaction"
                f" {self.hash}, which may still come: ask another node"
            )

    def _is_sure(self, receipt: Any) -> bool:
        """That it failed is believed when it is said twice: one would send it again."""
        before, self._failed = self._failed, receipt["status"] != 1
        return before or not self._failed

    def _is_deep(self, receipt: Any) -> bool:
        if not self._confirmations:
            return True
        try:
            head = head_number(self.w3)
        except ChainError as error:
            self._said = error
            return False
        if head > self._head:  # each block is waited for as long
            self._head, self._end = head, time.monotonic() + self._wait
        return head - int(receipt["blockNumber"]) >= self._confirmations

    def _find_by_nonce(self) -> None:
        """What the node signed, and did not say the hash of."""
        if count_of(self.w3, self.sent.sender) <= self.sent.nonce:
            return
        found = by_nonce(self.w3, self.sent.sender, self.sent.nonce)
        if found is not None:
            self._take(found)

    def _check_lost(self) -> None:
        """What the node would not take is not waited for, unless it comes all the same."""
        if self._looks < LOOKS:
            return
        if self._answer is Answer.REFUSED or self.refused is not None:
            why = self.refused or self._said
            if why is not None and not self._is_known():
                raise why
        if self._answer in (Answer.STALE, Answer.OTHER):
            self._check_replaced()

    def _check_replaced(self) -> None:
        if self.hash is None or self._looks < LOOKS:
            return
        try:
            if count_of(self.w3, self.sent.sender) <= self.sent.nonce:
                return
            found = by_nonce(self.w3, self.sent.sender, self.sent.nonce)
        except ChainError as error:
            self._said = error
            return
        if found is not None and found["hash"] != self.hash:
            self._take(found)
        if found is None and self._looks >= MANY_LOOKS and not self._is_known():
            raise self._replaced(None)

    def _take(self, found: Any) -> None:
        """What was mined with its nonce is it, if it does the same: a wallet had it sped up."""
        is_ours = not self._is_new or self._first in (Answer.TAKEN, Answer.DOUBT)
        is_later = int(str(found["blockNumber"]), 16) > self._since
        if not (is_ours and is_later and is_asked(found, self.sent)):
            raise self._replaced(found)
        self._hear(str(found["hash"]))

    def _replaced(self, found: Any | None) -> ReplacedError:
        which = "which can't be found" if found is None else found["hash"]
        error = ReplacedError(
            f"{self.what}: nonce {self.sent.nonce} of {self.sent.sender} was used by another"
            f" transaction, {which}: look what it did before you do this again"
        )
        error.block = None if found is None else int(str(found["blockNumber"]), 16)
        return error

    def _is_known(self) -> bool:
        try:
            with asking(self.w3, self.what):
                return eth_of(self.w3).get_transaction(self.hash) is not None  # type: ignore[arg-type]
        except ChainError:
            return False

    def _overdue(self, receipt: Any | None) -> ChainError:
        who = f"transaction {self.hash or 'of the node'}, nonce {self.sent.nonce}"
        who += f" of {self.sent.sender}"
        if receipt is not None:
            return NotMined(
                f"{self.what} is in block {receipt['blockNumber']}, which has not"
                f" {self._confirmations} blocks on top yet: {who}; look again later"
            )
        if self._answer is Answer.OTHER:
            return NonceError(
                f"{self.what} waits for nothing: another transaction with its nonce is on its way;"
                f" look for {who} before you send again"
            )
        said = f"; the node says: {self._said}" if self._said is not None else ""
        return NotMined(
            f"{self.what} is in no block yet, and may still come: look for {who} before you send"
            f" again; inside a Journal, running it again goes on with it{said}"
        )


class _Lied(NodeError):
    """Not a doubt any more."""

    __qualname__ = "NodeError"


def _in_words(w3: Web3, error: Exception, what: str) -> ChainError:
    try:
        with asking(w3, what):
            raise error
    except ChainError as words:
        return words
    except Exception as other:
        return explained(w3, other, what)


def _sorted(error: Exception, words: ChainError) -> Answer:
    """What an error says of a transaction that was told: by the node's words, not by ours."""
    low = str(error).lower()
    if any(each in low for each in _KNOWN):
        return Answer.TAKEN
    if any(each in low for each in _STALE):
        return Answer.STALE
    if any(each in low for each in _OTHER):
        return Answer.OTHER
    said = isinstance(error, Web3RPCError) or not isinstance(words, NodeError | NotMined)
    if not said or any(each in low for each in _DOUBTS):
        return Answer.DOUBT
    return Answer.REFUSED if _is_final(words, low) else Answer.DOUBT


def _is_final(words: ChainError, low: str) -> bool:
    if not isinstance(words, NodeError):
        return True
    return any(
        each in low
        for each in ("fee", "underpriced", "chain id", "chainid", "not supported", "sender", "size")
    )
