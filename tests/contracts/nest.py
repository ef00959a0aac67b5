"""A SEE that is a member of another."""

from __future__ import annotations

from typing import Any

from tests.contracts.consent import DEREGISTRATION, KEYS, REGISTRATION, Agreement, Office, digest
from tests.contracts.evm import Kernel, Tree
from tests.contracts.life import Life

BLOCK = 1024
MAGIC = bytes.fromhex("1626ba7e")


class Nest:
    """A SEE of three voices, which is a voice and a seat of another, beside a key."""

    def __init__(self, kernel: Kernel, inner: Life | None = None, other: Any = KEYS[3]) -> None:
        self.kernel, self.chain, self.other = kernel, kernel.chain, other
        self.inner = inner or Life.found(kernel, [(kernel.chain.account(), 1)])
        self.office = Office.open(kernel)
        self.office.deadline = self.inner.office.deadline
        self.me = self.inner.see.address
        self.office.agreement = self.agreement()
        self.outer = Life(self.office, register=False)

    def agreement(self, **fields: Any) -> Agreement:
        a = self.office.agreement
        voices = sorted(((self.me, 1), (self.other.address, 1)), key=lambda v: int(v[0], 16))
        seats = [(self.me, 3), (self.chain.account(), 1)]
        return a.changed(voices=tuple(voices), tree=Tree.of(seats), quorum=(1, 1), **fields)

    def signatures(self, kind: str, subject: bytes) -> bytes:
        """The key's signature, and that the SEE is to be asked."""
        out = b""
        for account, _ in self.office.agreement.voices:
            if account == self.other.address:
                out += self.outer.alone(kind, subject, self.other)
            else:
                out += bytes(32) + (128 << 32).to_bytes(32, "big")
        return out + bytes(BLOCK)

    def register(self) -> Any:
        subject = self.office.agreement.hash
        return self.office.register(signatures=self.signatures(REGISTRATION, subject))

    def endorse(self, kind: str, subject: bytes, **how: Any) -> Any:
        return self.inner.endorse(kind, self.me, subject, **how)

    def formed(self) -> Nest:
        self.endorse(REGISTRATION, self.office.agreement.hash)
        self.register()
        return self

    def end(self) -> Any:
        subject = self.office.end_of(self.outer.see.address, self.outer.version)
        signatures = self.signatures(DEREGISTRATION, subject)
        return self.office.deregister(signatures, self.outer.agreement, self.outer.see.address)

    def says(self, kind: str, subject: bytes) -> bool:
        it = digest(self.office.domain, kind, self.me, subject, self.office.deadline)
        return bool(self.inner.see.isValidSignature(it, b"") == MAGIC)
