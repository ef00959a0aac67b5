"""What every account must hold, whoever keeps the books: a plain model, for peers as for ours.

All that a seat was ever paid of what arrived is floor(C s / T): C all that arrived in the
currency, s the seat's shares, T the sum of all shares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import product

from bench.chain import BenchError
from bench.ledger import NATIVE, Expected
from bench.peers.ground import Ground

Seats = Sequence[tuple[str, int]]  # account and shares


class Balances(Expected):
    """The balances of accounts in the native coin and in tokens, expected and read."""

    def __init__(self, ground: Ground, accounts: Iterable[str], tokens: Sequence[str]) -> None:
        self._ground = ground
        self._accounts = [account.lower() for account in accounts]
        self._tokens = tokens
        if len(set(self._accounts)) != len(self._accounts):
            raise BenchError("payer, stranger and members are different accounts")
        super().__init__()

    def mint(self, currency: str, account: str, amount: int) -> None:
        """Expect that the amount comes to be."""
        self._expected[currency, account.lower()] += amount

    def _read(self) -> dict[tuple[str, str], int]:
        amounts = self._ground.held(self._accounts, self._tokens)
        keys = product((NATIVE, *self._tokens), self._accounts)
        return dict(zip(keys, amounts, strict=True))


class Books:
    """What one split received and paid, as it ought to be."""

    def __init__(
        self, ground: Ground, address: str, seats: Seats, tokens: Sequence[str] = ()
    ) -> None:
        self.seats = seats
        self._address = address
        self._total = sum(shares for _, shares in seats)
        self._received: defaultdict[str, int] = defaultdict(int)
        self._taken: defaultdict[tuple[str, int], int] = defaultdict(int)
        members = [account for account, _ in seats]
        watched = [*members, ground.payer, ground.stranger, address]
        self.balances = Balances(ground, watched, tokens or [ground.token.address])
        self._payer = ground.payer

    def amount(self, currency: str) -> int:
        """What is paid next: another amount each time, and one that does not divide itself."""
        return 10**18 + 1_234_567 + self._received[currency] // 10**3

    def receive(self, currency: str, amount: int) -> None:
        """Expect that the payer has paid."""
        self._received[currency] += amount
        self.balances.move(currency, self._payer, self._address, amount)

    def take(self, row: str, currency: str, indices: Iterable[int]) -> None:
        """Expect that these seats were paid all that is due to them, and check everything.

        Raises:
            BenchError: a balance is wrong, or nothing was due, so that nothing was measured.
        """
        for index in indices:
            account, shares = self.seats[index]
            due = self._received[currency] * shares // self._total - self._taken[currency, index]
            if due <= 0:
                raise BenchError(f"{row}: nothing is due to seat {index}, so nothing is measured")
            self._taken[currency, index] += due
            self.balances.move(currency, self._address, account, due)
        self.balances.check(row)
        if self.balances.held(currency, self._address) == 0:
            # The refund for a balance that is cleared is luck of the amount, not a merit.
            raise BenchError(f"{row}: nothing was left undivided: choose another amount")
