"""What a chain, a node or a contract refuses.

    SeechainError
      ChainError                 the root of all below
        NodeError                the node can't be reached, or does not do what it was asked
        NotMined                 a transaction was sent and is in no block yet
        NoFunds                  an account has no money for the amount or for the gas
        OutOfGas                 a call needs more gas than a transaction may have
        NonceError               an account sent something else at the same time
        WrongChain               something was made for another chain
        NoRegistry               no Registry of this seechain stands at an address
        NotDeployed              Payer or Noticeboard do not stand on a chain
        NotSeechain              an address is no SEE or Splitter that a Registry deployed
        NotPublished             a share table can't be recovered from the chain
        TokenError               a token's address is no contract, or it does not answer
        Refused                  a contract refuses, for a `reason` of its own
          NothingDue, NotJoined, BadSignature, ...

There is one class below Refused for each reason of the contracts. The SDK raises the same
classes before anything is sent, where it can tell.
"""

from __future__ import annotations

import re

from seechain.errors import SeechainError, SignatureError


class ChainError(SeechainError):
    """What a chain, a node or a contract refuses."""


class NodeError(ChainError):
    """The node can't be reached, or does not do what it was asked."""


class NotMined(ChainError):
    """A transaction was sent and is in no block yet: look for it before you send again."""


class NoFunds(ChainError):
    """An account has no money for the amount or for the gas."""


class OutOfGas(ChainError):
    """A call needs more gas than a transaction may have."""


class NonceError(ChainError):
    """An account sent something else at the same time."""


class ReplacedError(ChainError):
    """Another transaction was mined with the nonce of one that was sent: look what it did."""

    block: int | None = None  # of the other one, where it was found


class WrongChain(ChainError):
    """Something was made for another chain."""


class NoRegistry(ChainError):
    """No Registry of this seechain stands at an address."""


class NotDeployed(ChainError):
    """What stands beside the SEEs, the Payer or the Noticeboard, does not stand on a chain."""


class NotSeechain(ChainError):
    """An address is no SEE or Splitter that a Registry deployed."""


class NotPublished(ChainError):
    """A share table can't be recovered from the chain."""


class TokenError(ChainError):
    """A token's address is no contract, or it does not answer as a token does."""


class Refused(ChainError):
    """A contract refuses. `reason` is its own word for it, empty where it gave none."""

    reason = ""
    sentence = "the contract gave no reason; check what it is asked for, and try again"


class NotPayable(Refused):
    """Coin was sent where none is taken."""

    reason = "not payable"
    sentence = "it takes no coin: pay the address of a SEE or a Splitter, and more than zero"


class WrongAmount(Refused):
    """The coin that was sent is not the amount that was named."""

    reason = "wrong amount"
    sentence = "the coin sent is not the amount named: send exactly the amount, none for a token"


class PaymentFailed(Refused):
    """A recipient or a token refused a payment."""

    reason = "payment failed"
    sentence = "the recipient or the token refuses the payment: it stays due"


class WrongTable(Refused):
    """A share table is not the one that was signed or created."""

    reason = "wrong table"
    sentence = "this is not the share table it is committed to: recover the table from the chain"


class WrongPage(Refused):
    """A page is not in the share table at this number."""

    reason = "wrong page"
    sentence = "the page is not in the share table at this number: check seats, shares and order"


class WrongProof(Refused):
    """A proof has the wrong length."""

    reason = "wrong proof"
    sentence = "the proof has the wrong length for this page: make it from the whole table"


class WrongSum(Refused):
    """Shares do not add up to the table's total."""

    reason = "wrong sum"
    sentence = "the shares do not add up to the table's total"


class WrongTotal(Refused):
    """A table's total shares are out of range."""

    reason = "wrong total"
    sentence = "the total shares must be from 1 to 281474976710655"


class AlreadyJoined(Refused):
    """A seat has joined before."""

    reason = "already joined"
    sentence = "the seat has joined before: claim without a proof"


class NotJoined(Refused):
    """A seat has not joined yet."""

    reason = "not joined"
    sentence = "the seat has not joined yet, or is no seat of the table: join first, with a proof"


class NothingDue(Refused):
    """Nothing is due."""

    reason = "nothing due"
    sentence = "nothing is due now: wait for the next payment"


class OneLedger(Refused):
    """A token is the native coin under a second address."""

    reason = "one ledger"
    sentence = "this token is the native coin under a second address: use native"


class MoreGas(Refused):
    """A transaction has too little gas for its recipients."""

    reason = "more gas"
    sentence = "the transaction has too little gas for its recipients: give it more"


class SeeEnded(Refused):
    """A SEE has ended."""

    reason = "see ended"
    sentence = (
        "the SEE has ended and takes no further payment:"
        " what is sent to its address all the same is split by its last table"
    )


class NotRegistry(Refused):
    """Only its Registry amends a SEE, takes a seat out of it, or ends it."""

    reason = "not registry"
    sentence = "only its Registry may do that"


class WrongVersion(Refused):
    """A version is not the one that it must be."""

    reason = "wrong version"
    sentence = "another version of the agreement is in force now: look at it, then do it again"


class LastVersion(Refused):
    """A SEE was amended 8,191 times."""

    reason = "last version"
    sentence = "it was amended as often as can be: end it and register the next"


class CurrencyFailed(Refused):
    """A token's balance can't be read."""

    reason = "currency failed"
    sentence = "the token does not say what the SEE has of it: try again when it does"


class AlreadyLeft(Refused):
    """A seat or a voice has left before."""

    reason = "already left"
    sentence = "it has left before"


class NotLeft(Refused):
    """A seat has not left."""

    reason = "not left"
    sentence = "the seat has not left"


class LastShare(Refused):
    """The last live shares can't leave."""

    reason = "last share"
    sentence = "it has the last shares that are left, to which all that comes belongs: end the SEE"


class WrongAccount(Refused):
    """Money can't be sent there."""

    reason = "wrong account"
    sentence = "its money can't be redirected to nobody, or to the SEE itself"


class WrongMessage(Refused):
    """A SEE does not sign a redirection."""

    reason = "wrong message"
    sentence = "a SEE redirects no money: what it is paid is its own members'"


class WrongQuorum(Refused):
    """A quorum is out of range."""

    reason = "wrong quorum"
    sentence = "the quorum must be above 0 and at most 1"


class WrongExpiry(Refused):
    """An expiry is past or more than ten years ahead."""

    reason = "wrong expiry"
    sentence = "the expiry must be ahead, and not more than ten years"


class WrongRoll(Refused):
    """A roll is empty, too long or not ascending."""

    reason = "wrong roll"
    sentence = "the roll must have 1 to 64 accounts, ascending, with voices above zero"


class WrongCurrencies(Refused):
    """Currencies are none, too many or not ascending."""

    reason = "wrong currencies"
    sentence = "the currencies must be 1 to 8, ascending and distinct"


class BadSignature(Refused, SignatureError):
    """A signature is not its voice's own under this message."""

    reason = "bad signature"
    sentence = "a signature is not its voice's own under this message: sign again"


class MissingVoice(Refused, SignatureError):
    """Not every voice has signed."""

    reason = "missing voice"
    sentence = "not every voice has signed: registering needs all of them"


class TooLate(Refused, SignatureError):
    """The deadline of the signatures is over."""

    reason = "too late"
    sentence = "the deadline of the signatures is over: sign again"


class AlreadyRegistered(Refused):
    """The agreement has been registered before."""

    reason = "already registered"
    sentence = "this agreement has been registered before: give the next one another nonce"


class NotRegistered(Refused):
    """The SEE is not registered."""

    reason = "not registered"
    sentence = "it is not registered at this Registry"


class AlreadyEnded(Refused):
    """The SEE has ended before."""

    reason = "already ended"
    sentence = "it has ended before"


class WrongAgreement(Refused):
    """The agreement is not the one in force."""

    reason = "wrong agreement"
    sentence = "this is not the agreement in force"


class NoQuorum(Refused, SignatureError):
    """Too few voices have signed."""

    reason = "no quorum"
    sentence = "too few voices have signed: the quorum of the agreement is not reached"


class NotExpired(Refused):
    """The agreement has not expired, or its seven days of grace are not over."""

    reason = "not expired"
    sentence = "anyone may end it seven days after the agreement's expiry, not before"


class AlreadyPosted(Refused):
    """The notice has been posted before."""

    reason = "already posted"
    sentence = "this notice of the same author stands on the board: nothing is to be done"


class NoImplementation(Refused):
    """The Registry's Splitter implementation does not stand."""

    reason = "no implementation"
    sentence = "the Splitter implementation must be deployed before the Registry"


REASONS: dict[str, type[Refused]] = {each.reason: each for each in Refused.__subclasses__()}


def refusal(reason: str, what: str) -> Refused:
    """The error for a contract's reason; `what` says what was tried, as "the claim for 0x...".

    Words of others (a token's reason) are passed on, without bytes that nobody can read.
    """
    kind = REASONS.get(reason)
    if kind is not None:
        return kind(f"{what} was refused: {kind.sentence}")
    said = re.sub(r"(0x)?[0-9a-fA-F]{64,}", "", reason).strip(" :,")
    return Refused(f"{what} was refused: {f'{said!r}' if said else Refused.sentence}")
