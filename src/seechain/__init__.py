"""Pop-up organisations on any EVM chain: register in a minute, split what you earn as agreed.

from seechain import Agreement, Registry, SEE

Nothing heavy is loaded until it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seechain.agreement import Agreement, Member
    from seechain.beside.authorization import Authorization
    from seechain.beside.noticeboard import Noticeboard
    from seechain.beside.notices import Application, Notice
    from seechain.beside.payer import Payer
    from seechain.cascade import Cascade
    from seechain.changes import Change, Changes
    from seechain.claim_code import ClaimCode
    from seechain.consent import Consent
    from seechain.consents import Consents
    from seechain.errors import (
        AccountError,
        AgreementError,
        AmountError,
        FileError,
        JournalError,
        NoticeError,
        PaymentReceiptError,
        PaymentRequestError,
        SeechainError,
        ShareTableError,
        SignatureError,
        StatementError,
        WebhookError,
    )
    from seechain.journal import Journal
    from seechain.payment_requests.payment_receipt import PaymentReceipt
    from seechain.payment_requests.payment_request import PaymentRequest
    from seechain.payment_requests.watching import Watch
    from seechain.receipts import Receipt, Receipts
    from seechain.records import Record
    from seechain.registry import Registry
    from seechain.reverts import (
        ChainError,
        NodeError,
        NoFunds,
        NothingDue,
        NotMined,
        Refused,
        ReplacedError,
    )
    from seechain.seat_words import Seat
    from seechain.see import SEE
    from seechain.share_store import ShareStore
    from seechain.share_table import ShareTable
    from seechain.splitter import Line, Splitter
    from seechain.subjects import (
        Amendment,
        Deregistration,
        Endorsement,
        Leaving,
        Publication,
        Redirection,
        Registration,
    )
    from seechain.tokens import Token
    from seechain.versions import Version

__version__ = "0.1.0"

_HOMES = {
    "AccountError": "errors",
    "Agreement": "agreement",
    "AgreementError": "errors",
    "Amendment": "subjects",
    "AmountError": "errors",
    "Application": "beside.notices",
    "Authorization": "beside.authorization",
    "Cascade": "cascade",
    "ChainError": "reverts",
    "Change": "changes",
    "Changes": "changes",
    "ClaimCode": "claim_code",
    "Consent": "consent",
    "Consents": "consents",
    "Deregistration": "subjects",
    "Endorsement": "subjects",
    "FileError": "errors",
    "Journal": "journal",
    "JournalError": "errors",
    "Leaving": "subjects",
    "Line": "splitter",
    "Member": "agreement",
    "NodeError": "reverts",
    "NoFunds": "reverts",
    "NothingDue": "reverts",
    "Notice": "beside.notices",
    "Noticeboard": "beside.noticeboard",
    "NoticeError": "errors",
    "NotMined": "reverts",
    "Payer": "beside.payer",
    "PaymentReceipt": "payment_requests.payment_receipt",
    "PaymentReceiptError": "errors",
    "PaymentRequest": "payment_requests.payment_request",
    "PaymentRequestError": "errors",
    "Publication": "subjects",
    "Receipt": "receipts",
    "Receipts": "receipts",
    "Record": "records",
    "Redirection": "subjects",
    "Refused": "reverts",
    "Registration": "subjects",
    "Registry": "registry",
    "ReplacedError": "reverts",
    "Seat": "seat_words",
    "SEE": "see",
    "SeechainError": "errors",
    "ShareStore": "share_store",
    "ShareTable": "share_table",
    "ShareTableError": "errors",
    "SignatureError": "errors",
    "Splitter": "splitter",
    "StatementError": "errors",
    "Token": "tokens",
    "Version": "versions",
    "Watch": "payment_requests.watching",
    "WebhookError": "errors",
}

__all__ = [
    "SEE",
    "AccountError",
    "Agreement",
    "AgreementError",
    "Amendment",
    "AmountError",
    "Application",
    "Authorization",
    "Cascade",
    "ChainError",
    "Change",
    "Changes",
    "ClaimCode",
    "Consent",
    "Consents",
    "Deregistration",
    "Endorsement",
    "FileError",
    "Journal",
    "JournalError",
    "Leaving",
    "Line",
    "Member",
    "NoFunds",
    "NodeError",
    "NotMined",
    "NothingDue",
    "Notice",
    "NoticeError",
    "Noticeboard",
    "Payer",
    "PaymentReceipt",
    "PaymentReceiptError",
    "PaymentRequest",
    "PaymentRequestError",
    "Publication",
    "Receipt",
    "Receipts",
    "Record",
    "Redirection",
    "Refused",
    "Registration",
    "Registry",
    "ReplacedError",
    "Seat",
    "SeechainError",
    "ShareStore",
    "ShareTable",
    "ShareTableError",
    "SignatureError",
    "Splitter",
    "StatementError",
    "Token",
    "Version",
    "Watch",
    "WebhookError",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'seechain' has no attribute {name!r}")
    value = getattr(import_module(f"seechain.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
