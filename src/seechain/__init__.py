"""Pop-up organisations on any EVM chain: register in a minute, split what you earn as agreed.

from seechain import Agreement, Registry, SEE

Nothing heavy is loaded until it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seechain.agreement import Agreement, Member
    from seechain.consent import Consent
    from seechain.errors import (
        AccountError,
        AgreementError,
        AmountError,
        SeechainError,
        ShareTableError,
        SignatureError,
    )
    from seechain.receipts import Receipt, Receipts
    from seechain.records import Record
    from seechain.registry import Registry
    from seechain.reverts import ChainError, NodeError, NoFunds, NothingDue, Refused
    from seechain.see import SEE, Deregistration
    from seechain.share_table import Seat, ShareTable
    from seechain.splitter import Line, Splitter
    from seechain.tokens import Token

__version__ = "0.1.0"

_HOMES = {
    "AccountError": "errors",
    "Agreement": "agreement",
    "AgreementError": "errors",
    "AmountError": "errors",
    "ChainError": "reverts",
    "Consent": "consent",
    "Deregistration": "see",
    "Line": "splitter",
    "Member": "agreement",
    "NoFunds": "reverts",
    "NodeError": "reverts",
    "NothingDue": "reverts",
    "Receipt": "receipts",
    "Receipts": "receipts",
    "Record": "records",
    "Refused": "reverts",
    "Registry": "registry",
    "SEE": "see",
    "Seat": "share_table",
    "SeechainError": "errors",
    "ShareTable": "share_table",
    "ShareTableError": "errors",
    "SignatureError": "errors",
    "Splitter": "splitter",
    "Token": "tokens",
}

__all__ = [
    "SEE",
    "AccountError",
    "Agreement",
    "AgreementError",
    "AmountError",
    "ChainError",
    "Consent",
    "Deregistration",
    "Line",
    "Member",
    "NoFunds",
    "NodeError",
    "NothingDue",
    "Receipt",
    "Receipts",
    "Record",
    "Refused",
    "Registry",
    "Seat",
    "SeechainError",
    "ShareTable",
    "ShareTableError",
    "SignatureError",
    "Splitter",
    "Token",
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
