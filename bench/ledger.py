"""What every account must hold, worked out apart from the contracts.

All that a seat was ever paid is floor(C s / T): C all that arrived in the currency, s the
seat's shares, T the table's. No act is measured whose outcome is not this, to the unit.
"""

from __future__ import annotations

from collections.abc import Iterable

from bench.chain import BenchError, Chain, Contract, Receipt
from seechain.share_table import ShareTable

NATIVE = "0x" + "00" * 20


class Ledger:
    """The balances of some accounts in the native coin and in one token."""

    def __init__(self, chain: Chain, token: Contract, accounts: Iterable[str]) -> None:
        self._chain = chain
        self._token = token
        self._keys = [(cur, acc.lower()) for cur in (NATIVE, token.address) for acc in accounts]
        self._requests = [self._request(*key) for key in self._keys]
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
                unit = "wei" if currency == NATIVE else "units of the token"
                raise BenchError(f"{row}: {account} has {amount} {unit}, not {expected}")

    def _request(self, currency: str, account: str) -> tuple[str, list[object]]:
        if currency == NATIVE:
            return "eth_getBalance", [account, "latest"]
        data = "0x" + self._token.data("balanceOf", account).hex()
        return "eth_call", [{"to": currency, "input": data}, "latest"]

    def _read(self) -> dict[tuple[str, str], int]:
        answers = self._chain.batch(self._requests)
        return {key: int(answer, 16) for key, answer in zip(self._keys, answers, strict=True)}


class Split:
    """A Splitter or SEE under measurement, with the books it ought to keep."""

    def __init__(
        self, chain: Chain, contract: Contract, table: ShareTable, terms: bytes, token: Contract
    ) -> None:
        self.chain = chain
        self.contract = contract
        self.seats = table
        self.table = (table.root, table.shares, table.pages, terms)
        self.accounts = [seat.account for seat in table]
        self.payer, self.stranger = chain.accounts[0], chain.accounts[-1]
        self._shares = [seat.shares for seat in table]
        self._token = token
        self._received = dict.fromkeys((NATIVE, token.address), 0)
        self._taken = {currency: [0] * len(table) for currency in self._received}
        # Apart from each other: a payer who is paid too would hide a wrong figure.
        watched = [*self.accounts, self.payer, self.stranger, contract.address]
        if len({account.lower() for account in watched}) != len(watched):
            raise BenchError("payer, stranger and members are different accounts")
        self._ledger = Ledger(chain, token, watched)

    def pay(self, currency: str) -> int:
        """Pay as anyone would, by a plain transfer; the gas."""
        # Another amount each time, and one that leaves something undivided: see `settle`.
        amount = 10**18 + 1_234_567 + self._received[currency] // 10**3
        if currency == NATIVE:
            receipt = self.chain.send(self.payer, self.contract.address, value=amount)
            logged = int(self.payer, 16) << 96 | amount
            if [log.data for log in receipt.logs] != [logged.to_bytes(32, "big")]:
                raise BenchError("a plain payment did not log its payer and amount")
        else:
            receipt = self.chain.transact(
                self.payer, self._token, "transfer", self.contract.address, amount
            )
        self._received[currency] += amount
        self._ledger.move(currency, self.payer, self.contract.address, amount)
        return receipt.gas

    def act(self, row: str, sender: str, currency: str, paid: Iterable[int], *call: object) -> int:
        """Call a function that must pay these seats all their due; the gas.

        Raises:
            BenchError: it reverted, or a balance is wrong afterwards.
        """
        function, *arguments = call
        receipt: Receipt = self.chain.transact(sender, self.contract, str(function), *arguments)
        self._settle(row, currency, paid)
        return receipt.gas

    def _settle(self, row: str, currency: str, paid: Iterable[int]) -> None:
        taken = self._taken[currency]
        for index in paid:
            entitled = self._received[currency] * self._shares[index] // self.seats.shares
            if entitled <= taken[index]:
                raise BenchError(f"{row}: nothing is due to seat {index}, so nothing is measured")
            due, taken[index] = entitled - taken[index], entitled
            self._ledger.move(currency, self.contract.address, self.accounts[index], due)
        self._ledger.check(row)
        if self._ledger.held(currency, self.contract.address) == 0:
            # The refund for a balance that is cleared is luck of the amount, not a merit.
            raise BenchError(f"{row}: nothing was left undivided: choose another amount")
