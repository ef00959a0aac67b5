"""The rows of a SEE's life: its agreement is succeeded, members leave, money is redirected."""

from __future__ import annotations

from collections.abc import Sequence

from eth_abi.abi import decode
from eth_account import Account
from eth_keys.datatypes import PrivateKey

from bench.agreements import DEADLINE, account, case, record, register, signatures
from bench.chain import BenchError, Receipt
from bench.ledger import NATIVE, Split
from bench.scene import Scene
from bench.see_rows import MILLION, million_seats
from bench.splitter_rows import Rows, join
from seechain.consent import messages
from seechain.share_table import ShareTable

MNEMONIC = "test test test test test test test test test test test junk"  # anvil's
SEATS = 10
ALL = range(SEATS)
JOINED_AT_ONCE = 4  # seats of claim_versions


def measure(scene: Scene) -> Rows:
    """All rows of SEEs that change."""
    return _amend(scene) | _claim_past(scene) | _leave(scene) | _redirect(scene)


class Life:
    """A SEE of ten seats, three of whose members have a voice, and the books it ought to keep."""

    def __init__(self, scene: Scene, text: str) -> None:
        self.scene = scene
        self._text = text
        self._keys = [_member_key(number) for number in range(1, 4)]
        self.case = case(scene, scene.table(SEATS), 3, text, self._keys)
        register(scene, self.case, publish=False)
        see, terms = scene.see(self.case.agreement), messages.terms_hash(self.case.terms)
        self.split = Split(scene.chain, see, self.case.table, terms, scene.token)
        self._tables = [self.split.table]

    def pay(self) -> None:
        """Pay in both currencies."""
        for currency in self.split.currencies:
            self.split.pay(currency)

    def payout(self, row: str, paid: Sequence[int] = ALL) -> None:
        """Pay out the one page of the table, in both currencies: to these seats, and no others."""
        split = self.split
        for currency in split.currencies:
            call = ("payout", split.table, split.seats.page(0), currency)
            split.act(row, split.stranger, currency, paid, *call)

    def amend(self, row: str, table: ShareTable, owed: bool) -> int:
        """Put a next agreement in force by all three voices, without the table's words; the gas.

        owed: whether money is due to members when it comes into force, in both currencies.
        """
        split, old, version = self.split, self.case, self.split.version
        if any(split.book(currency).owes() != owed for currency in split.currencies):
            raise BenchError(f"{row}: what is owed is not what was to be measured")
        new = case(self.scene, table, 3, f"{self._text}, version {version + 1}", self._keys)
        see = split.contract.address
        subject = messages.succession_hash(see, version, new.agreement)
        kind = messages.KINDS["Amendment"]
        structs = [messages.message_hash(kind, account(k), subject, DEADLINE) for k in old.keys]
        signed = signatures(self.scene, old, structs)
        call = (see, *old.preimage, *new.preimage, DEADLINE, signed, b"", 0)
        receipt = self._transact(split.payer, "amend", *call)
        self._check_closed(row, owed)
        self.case = new
        split.open(table, messages.terms_hash(new.terms))
        self._tables.append(split.table)
        in_force = self.scene.chain.view(split.contract, "bytes32", "commitment")
        number = record(self.scene, split.contract).version
        if in_force != new.agreement or number != split.version:
            raise BenchError(f"{row}: the next agreement is not in force")
        split.check(row)  # and nobody was paid by it
        return receipt.gas

    def next_table(self) -> ShareTable:
        """The same ten members with other shares."""
        return self.scene.table(SEATS, step=41 + 4 * self.split.version)

    def key(self, index: int, version: int) -> int:
        """A seat's key, as claim_versions takes it."""
        seat = self.split.book(NATIVE, version).table.seat(index)
        return version << 192 | index << 160 | int(seat.account, 16)

    def proof(self, index: int, version: int) -> tuple[object, ...]:
        """A seat of a table of one page, to be joined by claim_versions."""
        words = self.split.book(NATIVE, version).table.page(0)
        return (version, self._tables[version], index, words, b"")

    def claim_all(self, row: str, version: int) -> None:
        """Pay all seats what a closed version owes them, in both currencies, to the unit."""
        for first in range(0, SEATS, JOINED_AT_ONCE):
            indices = range(first, min(first + JOINED_AT_ONCE, SEATS))
            seats = [self.proof(index, version) for index in indices]
            keys = [self.key(index, version) for index in indices]
            for currency in self.split.currencies:
                call = ("claim_versions", seats, keys, [currency])
                split = self.split
                split.act_on(row, split.stranger, currency, {version: indices}, *call)

    def leave(self, row: str, index: int, place: int) -> Receipt:
        """Give up a seat and a voice, by the member itself."""
        member = self.split.accounts[index]
        seat = (member, place, True, index)
        call = (self.split.contract.address, *self.case.preimage, *seat, DEADLINE, b"")
        receipt = self._transact(member, "leave", *call)
        self.split.check(row)
        return receipt

    def _transact(self, sender: str, function: str, *call: object) -> Receipt:
        return self.scene.chain.transact(sender, self.scene.registry, function, *call)

    def _check_closed(self, row: str, owed: bool) -> None:
        split, chain = self.split, self.scene.chain
        for currency in split.currencies:
            received = split.book(currency).received if owed else 0
            types, closed = "(uint256,uint256,uint256)", (currency, split.version)
            if chain.view(split.contract, types, "closed", *closed) != (received, 0, 0):
                raise BenchError(f"{row}: a closed book is not what was owed")
            book = chain.view(split.contract, "(uint256,uint256)", "book", currency)
            if book != (split.version + 1, 0):
                raise BenchError(f"{row}: a book is not of the next version")
            if chain.view(split.contract, "uint256", "received", currency) != 0:
                raise BenchError(f"{row}: the next version does not start at zero")


def _amend(scene: Scene) -> Rows:
    rows: Rows = {}
    row = "amend.3.first.unclaimed"
    life = Life(scene, "to be amended before anybody claims")
    life.pay()  # by plain transfers, which write neither book
    rows[row] = life.amend(row, life.next_table(), owed=True)
    life.claim_all(row, 0)

    row = "amend.3.first"
    life = Life(scene, "to be amended")
    split, token = life.split, scene.token.address
    life.pay()
    join(split, 0, row)  # of the native coin: the token's book was never written
    life.pay()
    rows[row] = life.amend(row, life.next_table(), owed=True)

    row = "amend.3"
    life.pay()
    join(split, 0, row)
    split.act(row, split.accounts[0], token, [0], "claim_token", token, 0)
    life.pay()
    rows[row] = life.amend(row, life.next_table(), owed=True)

    row = "amend.3.nothing_owed"
    life.pay()
    life.payout(row)
    rows[row] = life.amend(row, life.next_table(), owed=False)

    row = f"amend.3.{MILLION}"
    life.pay()
    towards = life.amend(row, million_seats(), owed=True)
    life.pay()
    rows[row] = max(towards, life.amend(row, life.next_table(), owed=True))

    for version in (0, 1, 3):
        life.claim_all("amend.3", version)
    return rows


def _claim_past(scene: Scene) -> Rows:
    rows: Rows = {}
    life = Life(scene, "to be claimed from later")
    split, token = life.split, scene.token.address
    life.pay()
    for index in ALL:
        join(split, index, "claim_past.native")
    split.act("claim_past.erc20", split.accounts[4], token, [4], "claim_token", token, 4)
    life.pay()
    life.amend("claim_past.native", life.next_table(), owed=True)
    for row, currency in (("claim_past.native", NATIVE), ("claim_past.erc20", token)):
        call = ([life.key(4, 0)], [currency])
        member = split.accounts[4]
        rows[row] = split.act_on(row, member, currency, {0: [4]}, "claim_versions", [], *call)

    row = "claim.after_amend"
    life.pay()
    for index in ALL:
        if index != 5:
            join(split, index, row)
    seats, keys = [life.proof(5, 1)], [life.key(5, 0), life.key(5, 1)]
    paid, member = {0: [5], 1: [5]}, split.accounts[5]
    rows[row] = split.act_on(row, member, NATIVE, paid, "claim_versions", seats, keys, [NATIVE])
    return rows


def _leave(scene: Scene) -> Rows:
    row = "leave.2"
    life = Life(scene, "to be left")
    split, token = life.split, scene.token.address
    life.pay()
    for index in ALL:
        join(split, index, row)
        split.act(row, split.accounts[index], token, [index], "claim_token", token, index)
    life.pay()
    place = 1
    leaver = split.seats.index(account(life.case.keys[place]))
    others = [index for index in ALL if index != leaver]
    receipt = life.leave(row, leaver, place)

    shares = split.seats.seat(leaver).shares
    owed = [split.book(currency).leave(leaver) for currency in split.currencies]
    if min(owed) <= 0:
        raise BenchError(f"{row}: nothing was owed to the leaver")
    wanted = [
        (currency, amount, shares) for currency, amount in zip(split.currencies, owed, strict=True)
    ]
    logs = [log.data for log in receipt.logs if log.address == split.contract.address]
    if [decode(["address", "uint256", "uint256"], data) for data in logs] != wanted:
        raise BenchError(f"{row}: the seat did not leave with what was owed to it")
    if record(scene, split.contract).left != 1 << place:
        raise BenchError(f"{row}: the voice did not leave")

    # What comes is the others', and what was owed is still the leaver's, to the unit.
    life.pay()
    life.payout(row, others)
    member = split.accounts[leaver]
    split.act(row, member, NATIVE, [leaver], "claim", leaver)
    split.act(row, member, token, [leaver], "claim_token", token, leaver)
    life.pay()
    life.payout(row, others)
    return {row: receipt.gas}


def _redirect(scene: Scene) -> Rows:
    row = "redirect"
    life = Life(scene, "to be redirected in")
    split, member = life.split, life.split.accounts[4]
    life.pay()
    join(split, 4, row)
    where = (member, split.elsewhere, life.key(4, 0))
    receipt = scene.chain.transact(member, split.contract, "redirect", *where, [], DEADLINE, b"")
    split.check(row)
    split.redirect(member, split.elsewhere)
    found = scene.chain.view(split.contract, "(address,uint256)", "redirected", member)
    if found != (split.elsewhere.lower(), 1):
        raise BenchError(f"{row}: the account is not redirected")
    split.pay(NATIVE)
    split.act(row, member, NATIVE, [4], "claim", 4)
    life.pay()
    life.payout(row)
    return {row: receipt.gas}


def _member_key(number: int) -> PrivateKey:
    """The key of a test account, so that a member has a seat and a voice."""
    Account.enable_unaudited_hdwallet_features()
    path = f"m/44'/60'/0'/0/{number}"
    return PrivateKey(Account.from_mnemonic(MNEMONIC, account_path=path).key)
