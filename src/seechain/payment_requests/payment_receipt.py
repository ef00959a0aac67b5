"""A receipt of a payment that anyone can check: who paid what, and what each member gets of it.

receipt = receipt_of(see, transaction)
receipt.save("receipt.json")
receipt = PaymentReceipt.load("receipt.json")
receipt.faults()               # of itself: sums, shares, commitment
differences(receipt, w3)       # from what the chain says
doubts(receipt, see)           # what even the chain does not vouch for

What each member gets is reckoned for this payment by itself, as the contracts divide

    divided = amount where nobody has left, else floor(amount x total / (total - left))
    units   = floor(divided x shares / total)          0 for a seat that has left

What no floor gives out is undivided: it is carried, and comes with the payments that follow.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, model_validator

from seechain.agreement.text import NATIVE
from seechain.amounts import MAX_UNITS
from seechain.consent.messages import agreement_hash
from seechain.errors import PaymentReceiptError, PaymentRequestError, ShareTableError
from seechain.files import read_text, write_whole
from seechain.payment_requests.fields import Fields, moment_text
from seechain.payment_requests.matching import match
from seechain.payment_requests.payment_request import (
    PaymentRequest,
    memo_text,
    money_text,
    read_memo,
    read_symbol,
)
from seechain.share_table import MAX_SHARES, PULL_ONLY, ShareTable, pack_seats

FORMAT = "seechain payment receipt"
FORMAT_VERSION = 1
MAX_FILE = 256 * 2**20  # bytes: a million seats
HOWS = ("pay", "transfer", "late", "payer")

_READ = Fields(PaymentReceiptError, "payment receipt")


class Part(NamedTuple):
    """What one seat gets of the payment, in the currency's smallest unit.

    has_left: it had left by then, and gets nothing.
    """

    account: str
    shares: int
    units: int
    pull_only: bool = False
    has_left: bool = False


class PaymentReceipt(BaseModel):
    """A receipt, frozen; that it is well formed says nothing about its being true.

    how: "pay", "transfer", "late" or "payer", as `seechain.history.Payment`. time: of the block,
    in unix seconds. version: of the agreement by which it is divided; terms_hash: of its terms,
    zero for a Splitter; commitment: what the SEE is committed to. parts: of all seats, ascending
    by account. undivided: what is carried. request: the one it was paid for.

    Raises:
        PaymentReceiptError: a field is missing, or is none of its kind.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    chain_id: int
    see: str
    payer: str
    currency: str
    amount: int
    symbol: str = ""
    decimals: int | None = None
    memo: bytes
    how: str
    block_number: int
    time: int
    transaction_hash: str
    log_index: int
    version: int
    terms_hash: bytes
    commitment: bytes
    parts: tuple[Part, ...]
    undivided: int
    request: PaymentRequest | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any) -> Any:
        data = _READ.only(data, cls.model_fields, _REQUIRED)
        currency, request = _READ.currency(data["currency"]), data.get("request")
        native = currency == NATIVE
        if data["how"] not in HOWS:
            raise PaymentReceiptError(f"a payment is by {', '.join(HOWS)}, got {data['how']!r:.99}")
        if not isinstance(data["parts"], list | tuple):
            raise PaymentReceiptError("the parts of a payment receipt are a list")
        return {
            "chain_id": _READ.whole(data["chain_id"], "the chain's id", 1, MAX_UNITS),
            "see": _READ.account(data["see"], "the SEE"),
            "payer": _READ.account(data["payer"], "the payer"),
            "currency": currency,
            "amount": _READ.units(data["amount"], "the amount", 1, MAX_UNITS),
            "symbol": "ether" if native else read_symbol(_READ, data.get("symbol")),
            "decimals": 18
            if native
            else _READ.optional(data.get("decimals"), "the number of decimals", 77),
            "memo": _memo(data["memo"]),
            "how": data["how"],
            "block_number": _READ.whole(data["block_number"], "the block", 0, 2**63),
            "time": _READ.moment(data["time"], "the time"),
            "transaction_hash": "0x"
            + _READ.raw(data["transaction_hash"], "the transaction", 32).hex(),
            "log_index": _READ.whole(data["log_index"], "the place in the log", 0, 2**63),
            "version": _READ.whole(data["version"], "the version", 0, 2**13 - 1),
            "terms_hash": _READ.raw(data["terms_hash"], "the hash of the terms", 32),
            "commitment": _READ.raw(data["commitment"], "the commitment", 32),
            "parts": tuple(map(_part, data["parts"])),
            "undivided": _READ.units(data["undivided"], "what is undivided", 0, MAX_UNITS),
            "request": PaymentRequest.from_dict(request) if isinstance(request, dict) else request,
        }

    # ------------------------------------------------------------ whether it is true

    def faults(self) -> list[str]:
        """What is wrong with it by itself, one sentence each; no chain is asked."""
        try:
            table = self.table
        except ShareTableError as error:
            return [f"the parts are no share table: {error}"]
        found = [*_wrong_units(self)]
        if self.total - self.left <= 0:
            return ["all seats of the receipt have left, which can't be"]
        committed = table.hash
        if any(self.terms_hash):
            committed = agreement_hash(table.hash, self.terms_hash)
        if committed != self.commitment:
            found.append(
                f"the shares are not those of the agreement: they make 0x{committed.hex()}, the"
                f" receipt is of 0x{self.commitment.hex()}"
            )
        carried = self.amount - sum(each.units for each in self.parts)
        if self.undivided != carried:
            found.append(
                f"the parts and what is undivided do not add up: {self.money(self.undivided)} is"
                f" said to be undivided, it is {self.money(carried)}"
            )
        return found + self._request_faults()

    def _request_faults(self) -> list[str]:
        request = self.request
        if request is None:
            return []
        if request.chain_id != self.chain_id:
            return [f"the request is for chain {request.chain_id}, the payment on {self.chain_id}"]
        if match([request], [self]).standings[0].matches:
            return []
        return [f"the payment is not for the request {request.memo_text or request.id[:12]!r}"]

    def request_differences(self, request: PaymentRequest) -> list[str]:
        """What the request in it says otherwise than this one, one sentence each."""
        if self.request is None:
            return ["the receipt names no request"]
        said, right = self.request.as_dict(), request.as_dict()
        return [
            f"the {name} of the request differs: the receipt says {said.get(name)!r}, the request"
            f" {right.get(name)!r}"
            for name in {**said, **right}
            if said.get(name) != right.get(name)
        ]

    @property
    def as_logged(self) -> bool:
        """False, as of a payment that was held against the balance: `doubts` asks the chain."""
        return False

    @property
    def logged(self) -> None:
        """None, for the same reason."""

    @property
    def table(self) -> ShareTable:
        """The share table that its parts are of.

        Raises:
            ShareTableError: they are of none.
        """
        seats = ((each.account, each.shares, PULL_ONLY * each.pull_only) for each in self.parts)
        return ShareTable.from_words(pack_seats(seats))

    @property
    def total(self) -> int:
        """All shares."""
        return sum(each.shares for each in self.parts)

    @property
    def left(self) -> int:
        """Shares that had left by then."""
        return sum(each.shares for each in self.parts if each.has_left)

    # ------------------------------------------------------------ as a file and as text

    def as_dict(self) -> dict[str, Any]:
        """The fields of the file, in plain types: amounts as digits, bytes in hex, time in UTC."""
        fields: dict[str, Any] = {"format": FORMAT, "format_version": FORMAT_VERSION}
        fields |= {name: getattr(self, name) for name in PaymentReceipt.model_fields}
        native = self.currency == NATIVE
        fields |= {
            "amount": str(self.amount),
            "symbol": None if native else self.symbol or None,
            "decimals": None if native else self.decimals,
            "memo": memo_text(self.memo),
            "time": moment_text(self.time),
            "terms_hash": "0x" + self.terms_hash.hex(),
            "commitment": "0x" + self.commitment.hex(),
            "parts": [_as_dict(each) for each in self.parts],
            "undivided": str(self.undivided),
            "request": None if self.request is None else self.request.as_dict(),
        }
        return {name: value for name, value in fields.items() if value is not None}

    def to_json(self) -> str:
        """The receipt as a file holds it."""
        return json.dumps(self.as_dict(), indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str, source: str = "the payment receipt") -> PaymentReceipt:
        """The receipt of a file's text. source: how faults call it.

        Raises:
            PaymentReceiptError: it is no payment receipt, or one of a later seechain.
        """
        try:
            return cls(**_READ.parsed(text, source, FORMAT, FORMAT_VERSION))
        except PaymentRequestError as error:
            raise PaymentReceiptError(f"in the receipt: {error}") from None

    def save(self, path: str | Path) -> Path:
        """Writes the file, whole or not at all.

        Raises:
            FileError: it can't be written.
        """
        return write_whole(path, self.to_json())

    @classmethod
    def load(cls, path: str | Path) -> PaymentReceipt:
        """Reads a file.

        Raises:
            FileError: it can't be read. PaymentReceiptError: as `from_json`.
        """
        return cls.from_json(read_text(path, MAX_FILE), str(path))

    def money(self, units: int) -> str:
        """Units of its currency as exact text."""
        return money_text(units, self.currency, self.symbol, self.decimals)

    def __str__(self) -> str:
        return self.told()

    def told(self, names: Mapping[str, str] | None = None) -> str:
        """The receipt as lines to read and to print. names: of accounts, which are on no chain."""
        return "\n".join(_lines(self, names or {}))


_REQUIRED = tuple(
    name for name, field in PaymentReceipt.model_fields.items() if field.is_required()
)
_PART = ("account", "shares", "units")


def divided(amount: int, seats: list[tuple[str, int, bool, bool]]) -> tuple[Part, ...]:
    """What each seat gets of a payment. seats: account, shares, pull only, has left."""
    total = sum(shares for _, shares, _, _ in seats)
    live = sum(shares for _, shares, _, has_left in seats if not has_left)
    whole = amount * total // live
    return tuple(
        Part(account, shares, 0 if has_left else whole * shares // total, pull_only, has_left)
        for account, shares, pull_only, has_left in seats
    )


def _wrong_units(receipt: PaymentReceipt) -> Iterator[str]:
    if receipt.total == receipt.left:
        return
    seats = [(each.account, each.shares, each.pull_only, each.has_left) for each in receipt.parts]
    for said, right in zip(receipt.parts, divided(receipt.amount, seats), strict=True):
        if said.units != right.units:
            yield (
                f"the part of {said.account} differs: the receipt says {receipt.money(said.units)},"
                f" {said.shares} of {receipt.total} shares make {receipt.money(right.units)}"
            )


def _lines(receipt: PaymentReceipt, names: Mapping[str, str]) -> Iterator[str]:
    def who(account: str) -> str:
        return f"{names[account]} ({account})" if account in names else account

    yield f"Receipt of a payment of {receipt.money(receipt.amount)}"
    yield f"  paid to    {receipt.see}, on chain {receipt.chain_id}"
    yield f"  paid by    {who(receipt.payer)}"
    yield f"  currency   {'native coin' if receipt.currency == NATIVE else receipt.currency}"
    yield f"  memo       {memo_text(receipt.memo) or 'none'}"
    yield f"  when       {moment_text(receipt.time)}, block {receipt.block_number}"
    yield f"  where      transaction {receipt.transaction_hash}, log {receipt.log_index}"
    yield f"  agreement  version {receipt.version}, 0x{receipt.commitment.hex()}"
    if receipt.request is not None:
        described = receipt.request.description
        yield f"  request    {receipt.request.memo_text or receipt.request.id[:12]}" + (
            f": {described}" if described else ""
        )
        missing = receipt.request.amount - receipt.amount
        yield f"  asked for  {receipt.money(receipt.request.amount)}" + (
            f"; with this payment alone {receipt.money(missing)} is missing" if missing > 0 else ""
        )
    yield "  each member gets of it"
    for each in receipt.parts:
        note = ", has left" if each.has_left else ""
        yield (
            f"    {who(each.account)}  {each.shares}/{receipt.total}{note}"
            f"  {receipt.money(each.units)}"
        )
    yield f"    undivided, carried to the next payment: {receipt.money(receipt.undivided)}"


def _part(value: Any) -> Part:
    if isinstance(value, Part):
        return value
    data = _READ.only(value, Part._fields, _PART)
    marks = [data.get(name, False) for name in ("pull_only", "has_left")]
    if any(type(each) is not bool for each in marks):
        raise PaymentReceiptError("pull_only and has_left of a part are true or false")
    return Part(
        _READ.account(data["account"], "a member"),
        _READ.whole(data["shares"], "the shares of a part", 1, MAX_SHARES),
        _READ.units(data["units"], "the units of a part", 0, MAX_UNITS),
        *marks,
    )


def _as_dict(part: Part) -> dict[str, Any]:
    fields = {"account": part.account, "shares": part.shares, "units": str(part.units)}
    return fields | {name: True for name in ("pull_only", "has_left") if getattr(part, name)}


def _memo(value: object) -> bytes:
    try:
        return read_memo(value)
    except PaymentRequestError as error:
        raise PaymentReceiptError(str(error)) from None
