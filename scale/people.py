"""The members of a measurement: drawn from a seed, so that every run has the same."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak

from seechain.accounts import checksum, checksummed

EXPIRES = "2027-12-31"
MOST_SHARES = 10_000  # of one seat
CHANGED = 10  # of so many seats one goes, and another comes, when the agreement is amended


@dataclass(frozen=True, slots=True)
class Crowd:
    """Accounts (20 bytes each, one after the other) with their shares."""

    raw: bytes
    shares: list[int]

    def __len__(self) -> int:
        return len(self.shares)

    def account(self, at: int) -> str:
        """The account of one of them, checksummed; a negative number counts from the end."""
        at %= len(self)
        return checksum(self.raw[20 * at : 20 * (at + 1)])

    def write(self, path: Path) -> None:
        """The seats file, as a program writes it: checksummed accounts, in no order."""
        digits = checksummed(self.raw.hex().encode()).decode()
        with path.open("w", encoding="ascii") as file:
            file.write("account,shares\n")
            file.writelines(
                f"0x{digits[40 * at : 40 * (at + 1)]},{shares}\n"
                for at, shares in enumerate(self.shares)
            )


def crowd(seats: int, seed: int) -> Crowd:
    """So many members that nobody has the keys of."""
    rng = random.Random(f"{seed} of {seats}")
    return Crowd(rng.randbytes(20 * seats), _shares(rng, seats))


def crowds(seats: int, seed: int, last: str) -> tuple[Crowd, Crowd]:
    """A crowd, and the one after: the first tenth is replaced, and everyone has other shares.

    last: the account of the last member of both.
    """
    before = crowd(seats, seed)
    rng = random.Random(f"{seed} after {seats}")
    gone, kept = seats // CHANGED, bytes.fromhex(last[2:])
    raw = before.raw[20 * gone :] + rng.randbytes(20 * gone)
    after = Crowd(raw[:-20] + kept, _shares(rng, seats))
    return Crowd(before.raw[:-20] + kept, before.shares), after


def signer(name: str, seats: int) -> LocalAccount:
    """A member that signs; in each SEE it is another, so that each has its own balances."""
    account: LocalAccount = Account.from_key(keccak(f"{name} of {seats}".encode()))
    return account


VOICES = ("Ada", "Ben", "Port")


def write_agreement(folder: Path, one: Crowd, name: str, token: str) -> Path:
    """The files of an agreement of three voices, two with a seat, and a crowd."""
    ada, ben, port = (signer(each, len(one)).address for each in VOICES)
    path = folder / f"{name}.yaml"
    one.write(path.with_suffix(".csv"))
    lines = [
        f"name: The {name} table",
        "terms: We share what we earn.",
        f'currencies: [native, "{token}"]',
        "quorum: 2/3",
        f"expires: {EXPIRES}",
        "members:",
        f'  - {{name: Ada, account: "{ada}", role: core, shares: 9000, voices: 1}}',
        f'  - {{name: Ben, account: "{ben}", role: core, shares: 8000, voices: 1}}',
        f'  - {{name: Port, account: "{port}", role: client, voices: 1}}',
        f"seats: {name}.csv",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return path


def _shares(rng: random.Random, count: int) -> list[int]:
    return rng.choices(range(1, MOST_SHARES + 1), k=count)
