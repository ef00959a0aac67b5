"""How a cascade is found: who is a contract of ours, in which order they pay, and what flows.

The gas of a step below the top can't be estimated before the steps above it are done. It is said
to be about:

    a payout       36,000 for each page, and for each seat that is paid 10,200 of the native coin
                   or 8,600 of a token; 17,100 more where nothing was paid out before
    a new account  25,000 more where a wallet has none of the native coin, 17,100 of a token
    other debts    35,000 for each call (closed versions, leavers), 27,000 for each that is paid,
                   48,000 for each seat that must join
    a touch        60,000 where a token's book is behind, or may not know who was redirected
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from web3 import Web3

from seechain.agreement.text import NATIVE
from seechain.chain import clones, genuine, interface
from seechain.chain.node import asking, balance_of, code_of, eth_of
from seechain.chain.reverts import ChainError, NotSeechain, TokenError
from seechain.chain.tokens import Token
from seechain.see import arrears, cascade
from seechain.see.cascade import Cascade, Goes, Portion, Step
from seechain.see.holdings import Book
from seechain.see.recovered import Recovered
from seechain.share_table import PAGE_SEATS, ShareTable
from seechain.splitter import Splitter, claims
from seechain.splitter.dues import is_pull_only
from seechain.splitter.payouts import WHOLE_PAGES

if TYPE_CHECKING:
    from seechain.see import SEE

PAGE, FIRST, CLAIMS, CLAIM, JOIN, TOUCH = 36_000, 17_100, 35_000, 27_000, 48_000, 60_000
NATIVE_SEAT, TOKEN_SEAT, NEW_NATIVE, NEW_TOKEN = 10_200, 8_600, 25_000, 17_100
_DELEGATED = b"\xef\x01\x00"  # an account with a key, by EIP-7702
_SPLITTER = interface.of("Splitter")


@dataclass
class Node:
    """A contract on the way: where its members' money goes, and what it holds of each currency."""

    contract: Splitter
    books: dict[str, Book]
    payees: dict[str, str]  # of members that are pushed to
    depth: int = 0
    incoming: dict[str, int] = field(default_factory=dict)


def find(see: SEE, currency: str | None, known: Iterable[Splitter]) -> Cascade:
    """See `SEE.cascade`."""
    return _Search(see, currency, known).plan(currency)


class _Search:
    def __init__(self, see: SEE, currency: str | None, known: Iterable[Splitter]) -> None:
        self.see, self.w3 = see, see.w3
        self.contracts: dict[str, Splitter | None] = {each.address: each for each in known}
        self.contracts[see.address] = see
        self.wallets: dict[str, bool] = {}
        self.nodes: dict[str, Node] = {}
        self.currencies = self._currencies(currency)
        self.back: set[tuple[str, str]] = set()
        self.cycles: list[tuple[str, ...]] = []

    def plan(self, currency: str | None) -> Cascade:
        order = self._walk()
        for address in order:
            for to in self._passed(address):
                child = self.nodes[to]
                child.depth = max(child.depth, self.nodes[address].depth + 1)
        order.sort(key=lambda address: self.nodes[address].depth)  # stable
        steps = [
            step
            for address in order
            for each in self.currencies
            if (step := self._step(self.nodes[address], each)) is not None
        ]
        names: dict[str, str] = {}
        for address in reversed(order):
            contract = self.nodes[address].contract
            names |= contract.names if isinstance(contract, Recovered) else {}
        return Cascade(
            see=self.see,
            levels=tuple(steps),
            cycles=tuple(self.cycles),
            contracts={address: node.contract for address, node in self.nodes.items()},
            units={each: _unit(self.w3, each) for each in self.currencies},
            names=names,
        )

    def _currencies(self, asked: str | None) -> list[str]:
        found = []
        for each in arrears.named(self.see, asked):
            try:
                if each != NATIVE:
                    Token(self.w3, each).balance(self.see.address)
            except TokenError:
                if asked is not None:
                    raise
                continue  # one broken token does not stop the others
            found.append(each)
        return found

    # ------------------------------------------------------------ who is who

    def _walk(self) -> list[str]:
        """All contracts that are reached: each after all that pay into it, but for cycles."""
        top = self.see.address
        self._open(top)
        done: list[str] = []
        path, open_ = [top], {top}
        rest = [iter(self._followed(top))]
        seen = {top}
        while path:
            to = next(rest[-1], None)
            if to is None:
                rest.pop()
                open_.remove(path[-1])
                done.append(path.pop())
            elif to in open_:
                self.back.add((path[-1], to))
                self.cycles.append((*path[path.index(to) :], to))
            elif to not in seen:
                seen.add(to)
                self._open(to)
                path.append(to)
                open_.add(to)
                rest.append(iter(self._followed(to)))
        return done[::-1]

    def _open(self, address: str) -> None:
        contract = self.contracts[address]
        assert contract is not None
        table = contract.table
        books = {}
        for each in self.currencies:
            try:
                books[each] = Book(contract, each, table)
            except TokenError:
                continue
        members = {
            seat.account: None for index, seat in enumerate(table) if not is_pull_only(table, index)
        }
        members |= {debt.account: None for book in books.values() for debt in book.debts}
        payees = {
            each: contract.redirected(each) if isinstance(contract, Recovered) else each
            for each in members
        }
        self.nodes[address] = Node(contract, books, payees)

    def _followed(self, address: str) -> Iterator[str]:
        for to in dict.fromkeys(self.nodes[address].payees.values()):
            if self._contract(to) is not None:
                yield to

    def _passed(self, address: str) -> Iterator[str]:
        return (to for to in self._followed(address) if (address, to) not in self.back)

    def _contract(self, address: str) -> Splitter | None:
        """The SEE or Splitter at an address that can be followed."""
        if address in self.contracts:
            return self.contracts[address]
        # Asked twice: by one wrong answer a SEE would be taken for a person, and not be followed.
        code = code_of(self.w3, address) or code_of(self.w3, address)
        self.wallets[address] = not code or (len(code) == 23 and code.startswith(_DELEGATED))
        is_clone = clones.read_clone(code) is not None
        found = (self._genuine(address) or self._genuine(address)) if is_clone else None
        self.contracts[address] = found if found and cascade.is_open(found) else None
        return self.contracts[address]

    def _genuine(self, address: str) -> Splitter | None:
        try:
            genuine.check_see(self.w3, address)
            return type(self.see)(self.w3, address)
        except NotSeechain:
            pass
        try:
            return Splitter(self.w3, address, registry=self.see.registry)
        except NotSeechain:
            return None

    # ------------------------------------------------------------ what flows

    def _step(self, node: Node, currency: str) -> Step | None:
        book = node.books.get(currency)
        incoming = node.incoming.get(currency, 0)
        if book is None or not (book.owed or incoming):
            return None
        owed = list(self._owed(node.contract, book, incoming))
        amounts: dict[tuple[str, str, Goes], int] = {}
        for each in owed:
            key = self._way(node, each, currency)
            amounts[key] = amounts.get(key, 0) + each.units
            if key[2] == Goes.PASSED:
                child = self.nodes[key[1]].incoming
                child[currency] = child.get(currency, 0) + each.units
        portions = tuple(
            Portion(member, to, units, goes) for (member, to, goes), units in amounts.items()
        )
        pushed = [each for each in owed if each.debt is None and not each.is_pull_only]
        claimed = [each for each in owed if each.debt is not None and not each.is_pull_only]
        touched = book.is_behind or cascade.is_to_touch(node.contract, currency, portions)
        cost = self._cost(node, book, currency, pushed, claimed, touched)
        return Step(
            depth=node.depth,
            kind="SEE" if isinstance(node.contract, Recovered) else "Splitter",
            address=node.contract.address,
            currency=currency,
            due=book.owed,
            incoming=incoming,
            portions=portions,
            undivided=book.balance + incoming - sum(amounts.values()),
            gas=cost.gas,
            is_estimated=cost.is_estimated,
            pages=len({each.place // PAGE_SEATS for each in pushed}),
            transactions=cost.transactions,
            notes=tuple(_notes(node.contract, currency)),
        )

    def _owed(self, contract: Splitter, book: Book, incoming: int) -> Iterator[_Owed]:
        """What is owed to each seat when all has come; debt: the book of what is only claimed."""
        for index, units in enumerate(book.after(incoming)):
            if units:
                account = book.table.seat(index).account
                debt = contract.version if index in book.out else None
                yield _Owed(account, index, units, is_pull_only(book.table, index), debt)
        for each in book.debts:
            assert isinstance(contract, Recovered)
            pull = is_pull_only(contract.table_of(each.version), each.index)
            yield _Owed(each.account, each.index, each.amount, pull, each.version.number)

    def _way(self, node: Node, owed: _Owed, currency: str) -> tuple[str, str, Goes]:
        if owed.is_pull_only:
            return owed.account, owed.account, Goes.WAITS
        to = node.payees[owed.account]
        goes = Goes.CONTRACT
        if (node.contract.address, to) in self.back:
            goes = Goes.BACK
        elif self._contract(to) is not None and currency in self.nodes[to].books:
            goes = Goes.PASSED
        elif self.wallets.get(to):
            goes = Goes.PERSON
        return owed.account, to, goes

    # ------------------------------------------------------------ what it costs

    def _cost(
        self,
        node: Node,
        book: Book,
        currency: str,
        pushed: list[_Owed],
        claimed: list[_Owed],
        touched: bool,
    ) -> _Cost:
        contract = node.contract
        pages = sorted({each.place // PAGE_SEATS for each in pushed})
        calls = list(_payouts(contract, currency, book.table, pages))
        gas = None
        if calls and contract is self.see and not touched:
            gas = self._estimated(calls)
        is_estimated = gas is not None and not claimed
        if gas is None:
            first = 0 if any(book.had) else FIRST
            seat = NATIVE_SEAT if currency == NATIVE else TOKEN_SEAT
            gas = PAGE * len(pages) + seat * len(pushed) + (first if pages else 0)
            to = {node.payees[each.account] for each in pushed}
            gas += sum(self._new(each, currency) for each in to)
        joins = {
            (each.debt, each.place)
            for each in claimed
            if not claims.has_joined(contract, each.account, each.place, each.debt)
        }
        more = max(-(-len(claimed) // arrears.MOST_KEYS), -(-len(joins) // arrears.MOST_SEATS))
        gas += CLAIMS * more + CLAIM * len(claimed) + JOIN * len(joins) + TOUCH * touched
        return _Cost(gas, is_estimated, len(calls) + more + touched)

    def _estimated(self, calls: list[bytes]) -> int | None:
        """What the node says that the payouts cost; None where it can't."""
        gas = 0
        for data in calls:
            asked: Any = {"to": self.see.address, "data": "0x" + data.hex()}
            try:
                with asking(self.w3, "estimating the payout"):
                    gas += int(eth_of(self.w3).estimate_gas(asked))
            except ChainError:
                return None
        return gas

    def _new(self, account: str, currency: str) -> int:
        """What it costs more to pay an account that has nothing yet."""
        if currency != NATIVE:
            return 0 if Token(self.w3, currency).balance(account) else NEW_TOKEN
        is_new = self.wallets.get(account) and not balance_of(self.w3, account)
        return NEW_NATIVE if is_new else 0


class _Owed(NamedTuple):
    account: str
    place: int
    units: int
    is_pull_only: bool
    debt: int | None  # the version of whose book it is claimed; None: it is pushed


class _Cost(NamedTuple):
    gas: int
    is_estimated: bool
    transactions: int


def _payouts(
    contract: Splitter, currency: str, table: ShareTable, pages: list[int]
) -> Iterator[bytes]:
    """The calls of a payout, as `seechain.splitter.payouts` makes them."""
    token = [] if currency == NATIVE else [currency]
    if pages and table.pages == 1:
        yield _SPLITTER.encode("payout", contract.table_key, table.words, *token)
    elif table.pages <= WHOLE_PAGES and 2 * len(pages) > table.pages:
        whole = [table.page(page) for page in range(table.pages)]
        yield _SPLITTER.encode("payout_whole", contract.table_key, whole, *token)
    else:
        for page in pages:
            words = (page, table.page(page), table.proof(page))
            yield _SPLITTER.encode("payout_page", contract.table_key, *words, *token)


def _notes(contract: Splitter, currency: str) -> Iterator[str]:
    if not isinstance(contract, Recovered):
        return
    if (state := contract.state) != "registered":
        yield state
    if currency not in contract.currencies:
        what = "the native coin is" if currency == NATIVE else "this currency is"
        yield f"{what} not named by its agreement"


def _unit(w3: Web3, currency: str) -> tuple[int, str]:
    if currency == NATIVE:
        return 18, "ether"
    token = Token(w3, currency)
    if token.decimals is None:
        return 0, f"units of {token.address}"
    return token.decimals, token.symbol or f"of {token.address}"
