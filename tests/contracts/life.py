"""What a living SEE does after it is registered: amend, leave, redirect, endorse."""

from __future__ import annotations

from typing import Any

from eth_abi import encode
from eth_utils import keccak

from tests.contracts.consent import (
    ACT,
    AGREEMENT,
    AMENDMENT,
    ENDORSEMENT,
    KEYS,
    LEAVE,
    LEAVING,
    LOCATION,
    PUBLICATION,
    REDIRECT,
    REDIRECTION,
    SUCCESSION,
    TABLE,
    TERMS,
    Agreement,
    Office,
    compact,
    digest,
)
from tests.contracts.evm import Contract, Kernel, Tree

LATE = 1 << 15


def struct(kind: str, types: str, *values: Any) -> bytes:
    """The EIP-712 struct hash of words."""
    return keccak(keccak(text=kind) + encode(types.split(), values))


class Life:
    """One SEE, the agreement in force, and those who sign. Registers what the office has."""

    def __init__(self, office: Office, register: bool = True) -> None:
        self.office, self.kernel, self.chain = office, office.kernel, office.kernel.chain
        self.agreement, self.version = office.agreement, 0
        self.registry = self.kernel.registry
        if register:
            office.register()
        self.see: Contract = office.see()

    @classmethod
    def found(
        cls, kernel: Kernel, seats: Any, *tokens: Contract, per_page: int = 32, keys: Any = KEYS[:3]
    ) -> Life:
        """A SEE of these seats, of a voice for each key, of native coin and tokens."""
        office = Office.open(kernel)
        office.keys = list(keys)
        words = sorted(bytes.fromhex(token.address[2:]).rjust(32, b"\0") for token in tokens)
        office.agreement = office.agreement.changed(
            tree=Tree.of(seats, per_page),
            voices=tuple((k.address, 1) for k in keys),
            currencies=(bytes(32), *words),
        )
        return cls(office)

    # ------------------------------------------------------------ signatures

    def sign(self, kind: str, subject: bytes, keys: Any = None) -> bytes:
        """One signature after the other, in the order of the keys."""
        return self.office.sign(kind, subject, keys)

    def alone(self, kind: str, subject: bytes, key: Any, account: str = "") -> bytes:
        """The signature of one account, or of a key for an account that is a contract."""
        made = digest(
            self.office.domain, kind, account or key.address, subject, self.office.deadline
        )
        return compact(key.unsafe_sign_hash(made))

    def succession(self, next_: Agreement, version: int | None = None, see: str = "") -> bytes:
        return struct(
            SUCCESSION + AGREEMENT + TABLE + TERMS,
            "address uint256 bytes32",
            see or self.see.address,
            self.version if version is None else version,
            next_.hash,
        )

    def leave_hash(self, voice: bool, seat: bool, index: int, version: int | None = None) -> bytes:
        version = self.version if version is None else version
        return struct(
            LEAVE,
            "address uint256 bool bool uint256",
            self.see.address,
            version,
            voice,
            seat,
            index,
        )

    def redirect_hash(self, to: str, times: int) -> bytes:
        return struct(REDIRECT, "address address uint256", self.see.address, to, times)

    def location_hash(self, uri: str) -> bytes:
        return struct(LOCATION, "address bytes32", self.see.address, keccak(text=uri))

    def act_hash(self, kind: str, account: str, subject: bytes) -> bytes:
        return struct(
            ACT,
            "address uint256 bytes32 address bytes32",
            self.see.address,
            self.version,
            keccak(text=kind),
            account,
            subject,
        )

    # ------------------------------------------------------------ acts

    def next(self, tree: Tree, **fields: Any) -> Agreement:
        """An agreement like the one in force, with another table."""
        return self.agreement.changed(tree=tree, **fields)

    def amend(
        self,
        next_: Agreement,
        signatures: bytes | None = None,
        words: bytes = b"",
        sums: int = 0,
        **how: Any,
    ) -> Any:
        """Puts the next agreement in force; by all voices unless signatures are given."""
        receipt = self.registry.amend(
            self.see.address,
            *self.agreement.preimage,
            *next_.preimage,
            self.office.deadline,
            self.sign(AMENDMENT, self.succession(next_)) if signatures is None else signatures,
            words,
            sums,
            **how,
        )
        self.agreement, self.version = next_, self.version + 1
        return receipt

    def leave_seat(
        self,
        account: str,
        index: int,
        currencies: list[str] | None = None,
        signature: bytes = b"",
        version: int | None = None,
        **how: Any,
    ) -> Any:
        """By the account itself, unless a signature is given. The chain sends for anybody."""
        self.chain.rpc("anvil_impersonateAccount", account)
        how.setdefault("sender", self.chain.me if signature else account)
        words = b"".join(bytes.fromhex(each[2:]).rjust(32, b"\0") for each in currencies or ())
        return self.registry.leave_seat(
            self.see.address,
            account,
            self.version if version is None else version,
            index,
            words,
            self.office.deadline,
            signature,
            **how,
        )

    def leave(
        self,
        account: str,
        place: int,
        seat: int | None = None,
        signature: bytes = b"",
        **how: Any,
    ) -> Any:
        """Gives up the voice at a place of the roll, and a seat where its index is given."""
        self.chain.rpc("anvil_impersonateAccount", account)
        how.setdefault("sender", self.chain.me if signature else account)
        return self.registry.leave(
            self.see.address,
            *self.agreement.preimage,
            account,
            place,
            seat is not None,
            seat or 0,
            self.office.deadline,
            signature,
            **how,
        )

    def redirect(
        self,
        account: str,
        to: str,
        key: int,
        currencies: list[str] | None = None,
        signature: bytes = b"",
        **how: Any,
    ) -> Any:
        self.chain.rpc("anvil_impersonateAccount", account)
        how.setdefault("sender", self.chain.me if signature else account)
        return self.see.redirect(
            account, to, key, currencies or [], self.office.deadline, signature, **how
        )

    def endorse(
        self, kind: str, account: str, subject: bytes, signatures: bytes | None = None, **how: Any
    ) -> Any:
        """Signs a message for the SEE; by all voices unless signatures are given."""
        if signatures is None:
            signatures = self.sign(ENDORSEMENT, self.act_hash(kind, account, subject))
        return self.registry.endorse(
            self.see.address,
            *self.agreement.preimage,
            keccak(text=kind),
            account,
            subject,
            self.office.deadline,
            signatures,
            **how,
        )

    def join(self, index: int, claims: bool = True, **how: Any) -> Any:
        tree, table = self.agreement.tree, self.agreement.table
        if len(tree.pages) == 1:
            return self.see.join(table, index, tree.pages[0], claims, **how)
        page = index >> 5
        return self.see.join_page(table, index, tree.pages[page], tree.proof(page), claims, **how)

    def seat(
        self, index: int, agreement: Agreement | None = None, version: int | None = None
    ) -> Any:
        """A seat as claim_versions joins it."""
        a = agreement or self.agreement
        version = self.version if version is None else version
        page = index >> 5
        return version, a.table, index, a.tree.pages[page], a.tree.proof(page)

    def payout(self, page: int = 0, currency: str = "0x" + "00" * 20, **how: Any) -> Any:
        tree, table = self.agreement.tree, self.agreement.table
        if len(tree.pages) == 1:
            return self.see.payout(table, tree.pages[0], currency, **how)
        return self.see.payout_page(
            table, page, tree.pages[page], tree.proof(page), currency, **how
        )


__all__ = ["LATE", "LEAVING", "PUBLICATION", "REDIRECTION", "Life", "struct"]
