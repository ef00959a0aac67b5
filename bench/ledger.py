"""What every account must hold, worked out apart from the contracts.

All that a seat was ever paid by one version is floor(V s / T): s the seat's shares, T the
table's, V all that arrived in the currency while the version was in force. Where seats have
left, V is what a table without leavers would have divided alike: what they are entitled to is
set aside, and the rest goes to the shares that stayed. No act is measured whose outcome is not
this, to the unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from bench.chain import BenchError, Chain, Contract, Receipt
from seechain.share_table import ShareTable

NATIVE = "0x" + "00" * 20


class Expected:
    """What accounts must hold in each currency, compared with what `_read` finds."""

    def __init__(self) -> None:
        self._expected = self._read()

    def move(self, currency: str, sender: str, receiver: str, amount: int) -> None:
        """Expect that the amount goes from the one to the other."""
        self._expected[currency, sender.lower()] -= amount
        self._expected[currency, receiver.lower()] += amount

    def held(self, currency: str, account: str) -> int:
        """What the account must hold."""
        return self._expected[currency, account.lower()]

    def check(self, row: str) -> None:
        """Compare all balances with the chain's.

        Raises:
            BenchError: one is wrong.
        """
        for (currency, account), amount in self._read().items():
            expected = self._expected[currency, account]
            if amount != expected:
                unit = "wei" if currency == NATIVE else f"units of {currency}"
                raise BenchError(f"{row}: {account} has {amount} {unit}, not {expected}")

    def _read(self) -> dict[tuple[str, str], int]:
        raise TypeError("who reads the chain says how")


class Ledger(Expected):
    """The balances of some accounts in the native coin and in one token."""

    def __init__(self, chain: Chain, token: Contract, accounts: Iterable[str]) -> None:
        self._chain = chain
        self._token = token
        self._keys = [(cur, acc.lower()) for cur in (NATIVE, token.address) for acc in accounts]
        self._requests = [self._request(*key) for key in self._keys]
        super().__init__()

    def _request(self, currency: str, account: str) -> tuple[str, list[object]]:
        if currency == NATIVE:
            return "eth_getBalance", [account, "latest"]
        data = "0x" + self._token.data("balanceOf", account).hex()
        return "eth_call", [{"to": currency, "input": data}, "latest"]

    def _read(self) -> dict[tuple[str, str], int]:
        answers = self._chain.batch(self._requests)
        return {key: int(answer, 16) for key, answer in zip(self._keys, answers, strict=True)}


class Book:
    """What one version received of one currency, and what each seat had of it."""

    def __init__(self, table: ShareTable) -> None:
        self.table = table
        self.received = 0
        self._taken: defaultdict[int, int] = defaultdict(int)
        self._left: dict[int, int] = {}  # index -> what the leaver is entitled to, for good

    def entitled(self, index: int) -> int:
        """All that a seat should have had until now."""
        if index in self._left:
            return self._left[index]
        live = self.table.shares - sum(self.table.seat(gone).shares for gone in self._left)
        divided = (self.received - sum(self._left.values())) * self.table.shares // live
        return divided * self.table.seat(index).shares // self.table.shares

    def due(self, index: int) -> int:
        """What a seat should have had and has not."""
        return self.entitled(index) - self._taken[index]

    def owes(self) -> bool:
        """Whether anything is due to anybody."""
        return any(self.due(index) > 0 for index in range(len(self.table)))

    def take(self, index: int) -> int:
        """Expect that a seat is paid all its due; the amount."""
        due = self.due(index)
        self._taken[index] += due
        return due

    def leave(self, index: int) -> int:
        """Take a seat out of what comes; what stays owed to it."""
        self._left[index] = self.entitled(index)
        return self.due(index)


class Split:
    """A Splitter or SEE under measurement, with the books it ought to keep."""

    def __init__(
        self, chain: Chain, contract: Contract, table: ShareTable, terms: bytes, token: Contract
    ) -> None:
        self.chain = chain
        self.contract = contract
        self.accounts = [seat.account for seat in table]  # of the first table
        self.payer, self.stranger = chain.accounts[0], chain.accounts[-1]
        self.elsewhere = chain.accounts[-2]  # where a member's money is redirected to
        self._token = token
        self._payees: dict[str, str] = {}
        # Apart from each other: a payer who is paid too would hide a wrong figure.
        others = [self.payer, self.stranger, self.elsewhere, contract.address]
        watched = [*self.accounts, *others]
        if len({account.lower() for account in watched}) != len(watched):
            raise BenchError("payer, stranger and members are different accounts")
        self._ledger = Ledger(chain, token, watched)
        self.currencies = (NATIVE, token.address)
        self._books: list[dict[str, Book]] = []
        self.open(table, terms)

    def open(self, table: ShareTable, terms: bytes) -> None:
        """Expect that an agreement is in force: what was owed before stays owed."""
        self.seats = table
        self.table = (table.root, table.shares, table.pages, terms)
        self._books.append({currency: Book(table) for currency in self.currencies})

    @property
    def version(self) -> int:
        """Of the agreement in force."""
        return len(self._books) - 1

    def book(self, currency: str, version: int | None = None) -> Book:
        """The books of a version, or of the one in force."""
        return self._books[self.version if version is None else version][currency]

    def redirect(self, account: str, to: str) -> None:
        """Expect that what is paid to an account goes elsewhere."""
        self._payees[account] = to

    def pay(self, currency: str) -> int:
        """Pay as anyone would, by a plain transfer; the gas."""
        book = self.book(currency)
        # Another amount each time, and one that leaves something undivided: see `settle`.
        amount = 10**18 + 1_234_567 + book.received // 10**3
        if currency == NATIVE:
            receipt = self.chain.send(self.payer, self.contract.address, value=amount)
            logged = int(self.payer, 16) << 96 | amount
            if [log.data for log in receipt.logs] != [logged.to_bytes(32, "big")]:
                raise BenchError("a plain payment did not log its payer and amount")
        else:
            receipt = self.chain.transact(
                self.payer, self._token, "transfer", self.contract.address, amount
            )
        book.received += amount
        self._ledger.move(currency, self.payer, self.contract.address, amount)
        return receipt.gas

    def act(self, row: str, sender: str, currency: str, paid: Iterable[int], *call: object) -> int:
        """Call a function that must pay these seats all their due; the gas.

        Raises:
            BenchError: it reverted, or a balance is wrong afterwards.
        """
        return self.act_on(row, sender, currency, {self.version: paid}, *call)

    def act_on(
        self,
        row: str,
        sender: str,
        currency: str,
        paid: Mapping[int, Iterable[int]],
        *call: object,
    ) -> int:
        """As `act`, of several versions: version to the seats that must be paid.

        Raises:
            BenchError: it reverted, or a balance is wrong afterwards.
        """
        function, *arguments = call
        receipt: Receipt = self.chain.transact(sender, self.contract, str(function), *arguments)
        for version, indices in paid.items():
            book = self.book(currency, version)
            for index in indices:
                self._settle(row, currency, book, index)
        self.check(row)
        if self._ledger.held(currency, self.contract.address) == 0:
            # The refund for a balance that is cleared is luck of the amount, not a merit.
            raise BenchError(f"{row}: nothing was left undivided: choose another amount")
        return receipt.gas

    def check(self, row: str) -> None:
        """Compare all balances with the chain's.

        Raises:
            BenchError: one is wrong.
        """
        self._ledger.check(row)

    def _settle(self, row: str, currency: str, book: Book, index: int) -> None:
        due = book.take(index)
        if due <= 0:
            raise BenchError(f"{row}: nothing is due to seat {index}, so nothing is measured")
        account = book.table.seat(index).account
        payee = self._payees.get(account, account)
        self._ledger.move(currency, self.contract.address, payee, due)
