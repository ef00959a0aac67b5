"""Pop-up organisations on any EVM chain: register in a minute, split what you earn as agreed.

from seechain import Agreement, Registry, SEE

Nothing heavy is loaded until it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seechain.agreement import Agreement, Member
    from seechain.agreement.changes import Change, Changes
    from seechain.beside.authorization import Authorization
    from seechain.beside.noticeboard import Noticeboard
    from seechain.beside.notices import Application, Notice
    from seechain.beside.payer import Payer
    from seechain.chain.receipts import Receipt, Receipts
    from seechain.chain.records import Record
    from seechain.chain.reverts import (
        ChainError,
        NodeError,
        NoFunds,
        NothingDue,
        NotMined,
        Refused,
        ReplacedError,
    )
    from seechain.chain.tokens import Token
    from seechain.consent import Consent
    from seechain.consent.claim_code import ClaimCode
    from seechain.consent.consents import Consents
    from seechain.consent.subjects import (
        Amendment,
        Deregistration,
        Endorsement,
        Leaving,
        Publication,
        Redirection,
        Registration,
    )
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
    from seechain.registry import Registry
    from seechain.see import SEE
    from seechain.see.cascade import Cascade
    from seechain.see.versions import Version
    from seechain.share_table import ShareTable
    from seechain.share_table.seat_words import Seat
    from seechain.share_table.store import ShareStore
    from seechain.splitter import Line, Splitter

__version__ = "0.1.0"

_HOMES = {
    "AccountError": "errors",
    "Agreement": "agreement",
    "AgreementError": "errors",
    "Amendment": "consent.subjects",
    "AmountError": "errors",
    "Application": "beside.notices",
    "Authorization": "beside.authorization",
    "Cascade": "see.cascade",
    "ChainError": "chain.reverts",
    "Change": "agreement.changes",
    "Changes": "agreement.changes",
    "ClaimCode": "consent.claim_code",
    "Consent": "consent",
    "Consents": "consent.consents",
    "Deregistration": "consent.subjects",
    "Endorsement": "consent.subjects",
    "FileError": "errors",
    "Journal": "journal",
    "JournalError": "errors",
    "Leaving": "consent.subjects",
    "Line": "splitter",
    "Member": "agreement",
    "NodeError": "chain.reverts",
    "NoFunds": "chain.reverts",
    "NothingDue": "chain.reverts",
    "Notice": "beside.notices",
    "Noticeboard": "beside.noticeboard",
    "NoticeError": "errors",
    "NotMined": "chain.reverts",
    "Payer": "beside.payer",
    "PaymentReceipt": "payment_requests.payment_receipt",
    "PaymentReceiptError": "errors",
    "PaymentRequest": "payment_requests.payment_request",
    "PaymentRequestError": "errors",
    "Publication": "consent.subjects",
    "Receipt": "chain.receipts",
    "Receipts": "chain.receipts",
    "Record": "chain.records",
    "Redirection": "consent.subjects",
    "Refused": "chain.reverts",
    "Registration": "consent.subjects",
    "Registry": "registry",
    "ReplacedError": "chain.reverts",
    "Seat": "share_table.seat_words",
    "SEE": "see",
    "SeechainError": "errors",
    "ShareStore": "share_table.store",
    "ShareTable": "share_table",
    "ShareTableError": "errors",
    "SignatureError": "errors",
    "Splitter": "splitter",
    "StatementError": "errors",
    "Token": "chain.tokens",
    "Version": "see.versions",
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
