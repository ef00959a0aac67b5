"""The errors of seechain, in one tree.

    SeechainError                what every error of this package is
      AccountError               an account is not an address, or its checksum is wrong
      AgreementError             an agreement, or its text, has faults; `.faults` lists them
      ShareTableError            seats, pages or a proof that can't stand in a share table
      SignatureError             a signature or a consent that nobody should accept
      AmountError                an amount that can't be read exactly
      JournalError               an act's journal can't be read or kept, or is of another act
      FileError                  a file can't be read or written
      NoticeError                a notice, or an application, has a fault
      PaymentRequestError        a payment request, its URI or its file has faults
      PaymentReceiptError        a payment receipt is none, or can't be made
      WebhookError               a webhook's URL or secret is wrong, or nobody takes what it says
      StatementError             a statement does not add up, or its period is none

What a chain or a contract refuses hangs below the same root, in `reverts`.

Each message is one plain sentence: what was wrong, with which value, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable


class SeechainError(Exception):
    """The root of the tree: catch this one to catch whatever seechain raises on purpose."""


class AccountError(SeechainError):
    """An account is not an address of 20 bytes in hex, or its checksum is wrong."""


class AgreementError(SeechainError):
    """An agreement, or its readable text, has faults.

    `faults` holds one sentence for each of them; `source` says where they were read.
    """

    def __init__(self, faults: str | Iterable[str], source: str = "the agreement") -> None:
        self.faults: tuple[str, ...] = (faults,) if isinstance(faults, str) else tuple(faults)
        self.source = source
        super().__init__(self._message())

    def _message(self) -> str:
        if len(self.faults) == 1:
            return f"{self.source}: {self.faults[0]}"
        return f"{self.source} has {len(self.faults)} faults:" + "".join(
            f"\n- {fault}" for fault in self.faults
        )

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.faults, self.source)


class ShareTableError(SeechainError):
    """Seats, pages or a proof that can't stand in a share table."""


class SignatureError(SeechainError):
    """A signature or a consent that nobody should accept."""


class AmountError(SeechainError):
    """An amount that can't be read exactly."""


class JournalError(SeechainError):
    """An act's journal can't be read or kept, or it is the journal of another act."""


class FileError(SeechainError):
    """A file can't be read or written."""


class PaymentRequestError(SeechainError):
    """A payment request, its URI or its file has faults."""


class PaymentReceiptError(SeechainError):
    """A payment receipt is none, or can't be made."""


class WebhookError(SeechainError):
    """A webhook's URL or its secret is wrong, or its receiver does not take what it is told."""


class StatementError(SeechainError):
    """A statement does not add up, or its period is none."""


class NoticeError(SeechainError):
    """A notice of a SEE, or an application in answer to an appeal, has a fault."""
