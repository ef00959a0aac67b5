"""An authorisation (ERC-3009): a client's signed payment, as a small file that anyone relays.

Its nonce is the hash of where the money goes and as what, so that who relays it changes nothing.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any

from eth_abi.abi import encode
from eth_hash.auto import keccak
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from seechain.chain.events import Event, Paid, PaidFor
from seechain.consent import Account, Hex, Uint, faults_of
from seechain.errors import SignatureError

ANY_VERSION = 2**256 - 1  # contracts/Payer.vy: a Splitter has no versions
LATE = 1 << 15


class Authorization(BaseModel):
    """What a client has signed to pay, beside the chain.

    chain_id, contract: where it counts; contract is the Payer. see: the SEE or Splitter that is
    paid. currency: the token's address. account: the client. amount: in the token's smallest unit.
    memo: 32 bytes. version: of the SEE's agreement, None for a Splitter; is_late: a closed one.
    salt: 32 bytes that tell two payments apart. valid_after, valid_before: unix seconds, both
    exclusive. signature: 65 bytes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    chain_id: Uint
    contract: Account
    see: Account
    currency: Account
    account: Account
    amount: Uint
    memo: Hex = Field(min_length=32, max_length=32)
    version: Annotated[int, Field(strict=True, ge=0, lt=LATE)] | None = None
    is_late: bool = Field(default=False, strict=True)
    salt: Hex = Field(min_length=32, max_length=32)
    valid_after: Uint
    valid_before: Uint
    signature: Hex = Field(min_length=65, max_length=65)

    @property
    def version_word(self) -> int:
        """The version as the Payer takes it."""
        return version_word(self.version, self.is_late)

    @cached_property
    def nonce(self) -> bytes:
        """The nonce that the token keeps: it binds SEE, currency, memo, version and salt."""
        return nonce_of(self.see, self.currency, self.memo, self.version_word, self.salt)

    @property
    def values(self) -> dict[str, Any]:
        """What the client signs (ERC-3009), as typed data has it."""
        return {
            "from": self.account,
            "to": self.contract,
            "value": self.amount,
            "validAfter": self.valid_after,
            "validBefore": self.valid_before,
            "nonce": "0x" + self.nonce.hex(),
        }

    def to_json(self) -> str:
        """It as a small JSON file's text, bytes in hex."""
        return self.model_dump_json(indent=2, exclude_none=True) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Authorization:
        """The authorisation of such a text; the signature is judged by `Payer.check`.

        Raises:
            SignatureError: it is none; names the fields.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise SignatureError("this is no authorisation: " + faults_of(error)) from None


def version_word(version: int | None, is_late: bool) -> int:
    """A version as the Payer takes it: None for any, as a Splitter has no versions."""
    if version is None:
        return ANY_VERSION
    return version | LATE if is_late else version


def nonce_of(see: str, currency: str, memo: bytes, version_word: int, salt: bytes) -> bytes:
    """The nonce that binds an authorisation to where its money goes (contracts/Payer.vy)."""
    types = ["address", "address", "bytes32", "uint256", "bytes32"]
    return keccak(encode(types, [see, currency, memo, version_word, salt]))


def clients_of(payer: str, events: list[Event]) -> dict[tuple[str, int], str]:
    """Who has paid through the Payer: the client by transaction and place in the log of what the
    SEE or Splitter logged, a `Paid` or `PaidLate` that names the Payer.

    Anybody may have any contract paid in that way, so a `PaidFor` counts only right behind the
    event of the SEE that it names.
    """
    paid = {
        (each.transaction_hash, each.log_index): each
        for each in events
        if isinstance(each, Paid) and each.payer == payer
    }
    found = {}
    for each in events:
        if isinstance(each, PaidFor) and each.address == payer:
            place = each.transaction_hash, each.log_index - 1
            before = paid.get(place)
            if before is not None and _is_of(before, each):
                found[place] = each.payer
    return found


def _is_of(paid: Paid, told: PaidFor) -> bool:
    return (paid.address, paid.memo, paid.currency) == (told.see, told.memo, told.currency)
