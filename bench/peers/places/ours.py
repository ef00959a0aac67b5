"""Ours: a fixed Splitter, and a SEE that voices have signed."""

from __future__ import annotations

from itertools import count

from eth_account import Account
from eth_keys.datatypes import PrivateKey

from bench.agreements import DEADLINE, account, case, record, register, signatures
from bench.chain import BenchError, Contract
from bench.ledger import NATIVE
from bench.life_rows import MNEMONIC
from bench.peers.books import Books
from bench.peers.ground import Call, Ground
from bench.peers.places import Place
from bench.scene import sums
from bench.see_rows import deregister, million_seats
from seechain.chain.artifacts import load
from seechain.consent import messages
from seechain.share_table import ShareTable

FEW = 128  # seats of a table that is published as it is created
PAGES_AT_ONCE = 4  # that are published in one call
KEYS_AT_ONCE = 64  # of claim_many
TRANSACTION_BYTES = 2**17  # that nodes take
_salts = count(1 << 32)


class Splitter(Place):
    """A fixed Splitter, its table published."""

    name = "seechain Splitter"

    def __init__(self, ground: Ground, table: ShareTable) -> None:
        self._open(ground, table, bytes(32), _create(ground, table))

    def _open(
        self, ground: Ground, table: ShareTable, terms: bytes, made: tuple[Contract, list[int]]
    ) -> None:
        self.contract, self.created = made
        self.table = table
        self.version = 0
        self.on_chain_table = (table.root, table.shares, table.pages, terms)
        super().__init__(ground, self.contract.address, _seats(table))

    def claim(self, index: int, currency: str, by_member: bool = True) -> Call:
        where = () if currency == NATIVE else (currency,)
        whom = () if by_member else (self.seats[index][0],)
        return self._call("claim_token" if where else "claim", *where, index, *whom)

    def first(self, index: int, currency: str) -> list[Call]:
        page = index // 32
        words = self.table.page(page)
        if self.table.pages == 1:
            join = self._call("join", self.on_chain_table, index, words)
        else:
            proof = self.table.proof(page)
            join = self._call("join_page", self.on_chain_table, index, words, proof)
        if currency == NATIVE:
            return [join]
        return [join, self.claim(index, currency, False)]

    def everyone(self, currency: str) -> list[Call]:
        keys = [self.key(index) for index in range(len(self.seats))]
        some = [keys[at : at + KEYS_AT_ONCE] for at in range(0, len(keys), KEYS_AT_ONCE)]
        return [self._claim_keys(each, currency) for each in some]

    def push(self, currency: str) -> Call:
        where = () if currency == NATIVE else (currency,)
        pages = [self.table.page(page) for page in range(self.table.pages)]
        if len(pages) == 1:
            return self._call("payout", self.on_chain_table, pages[0], *where)
        return self._call("payout_whole", self.on_chain_table, pages, *where)

    def key(self, index: int) -> int:
        """A seat's key."""
        return self.version << 192 | index << 160 | int(self.seats[index][0], 16)

    def _claim_keys(self, keys: list[int], currency: str) -> Call:
        return self._call("claim_many", keys, [currency])

    def _call(self, function: str, *arguments: object) -> Call:
        return Call(self.address, self.contract.data(function, *arguments))


class See(Splitter):
    """A SEE, its table published; its voices are members, as many as are said."""

    name = "seechain SEE"

    def __init__(self, ground: Ground, table: ShareTable, voices: int, text: str) -> None:
        self.voices = voices
        self.keys = [_key(number) for number in range(1, voices + 1)]
        self.text = f"{text}, {next(_salts)}"
        self.case = case(ground.scene, table, voices, self.text, self.keys)
        publish = len(table) <= FEW
        gas = [register(ground.scene, self.case, publish=publish)]
        contract = ground.scene.see(self.case.agreement)
        terms = messages.terms_hash(self.case.terms)
        if not publish:
            gas.append(
                ground.send(ground.payer, *_publishing(ground, contract.address, table, terms))
            )
        self._open(ground, table, terms, (contract, gas))

    def first(self, index: int, currency: str) -> list[Call]:
        if currency == NATIVE:
            return super().first(index, currency)
        page = index // 32
        proof = self.table.proof(page)
        seat = (self.version, self.on_chain_table, index, self.table.page(page), proof)
        return [self._call("claim_versions", [seat], [self.key(index)], [currency])]

    def _claim_keys(self, keys: list[int], currency: str) -> Call:
        return self._call("claim_versions", [], keys, [currency])

    def amend(self, row: str, table: ShareTable) -> list[int]:
        """The next agreement in force by all voices, its table published; each transaction's gas.

        Raises:
            BenchError: it reverted, or is not in force.
        """
        ground, scene, see = self.ground, self.ground.scene, self.address
        text = f"{self.text}, version {self.version + 1}"
        new = case(scene, table, self.voices, text, self.keys)
        subject = messages.succession_hash(see, self.version, new.agreement)
        kind = messages.KINDS["Amendment"]
        voices = [account(key) for key in self.case.keys]
        structs = [messages.message_hash(kind, voice, subject, DEADLINE) for voice in voices]
        signed = signatures(scene, self.case, structs)
        publish = len(table) <= FEW
        words = (table.words, sums(table)) if publish else (b"", 0)
        call = (see, *self.case.preimage, *new.preimage, DEADLINE, signed, *words)
        data = scene.registry.data("amend", *call)
        used = [ground.send(ground.payer, Call(scene.registry.address, data))]
        self.books.balances.check(row)  # nobody was paid by it
        terms = messages.terms_hash(new.terms)
        if not publish:
            used.append(ground.send(ground.payer, *_publishing(ground, see, table, terms)))
        self.case, self.table, self.version = new, table, self.version + 1
        self.on_chain_table = (table.root, table.shares, table.pages, terms)
        self.seats = _seats(table)
        self.books = Books(ground, see, self.seats)
        in_force = ground.chain.view(self.contract, "bytes32", "commitment")
        if in_force != new.agreement or record(scene, self.contract).version != self.version:
            raise BenchError(f"{row}: the next agreement is not in force")
        return used

    def end(self, row: str) -> int:
        gas = deregister(self.ground.scene, self.case)
        self.books.balances.check(row)
        return gas


def many_seats(ground: Ground, seats: int | None = None) -> tuple[int, int]:
    """A Splitter of a real table of accounts that nobody has the keys of: seats and gas.

    seats: a million for None, whose words are not published; else so many, published in the
    one transaction that creates it.

    Raises:
        BenchError: another one was made, or the words in the log are others.
    """
    table = million_seats()
    if seats is not None:
        table = ShareTable.from_words(table.words[: 32 * seats])
    calls, address = _creation(ground, table, publish=seats is not None)
    gas = ground.send(ground.payer, *calls)
    contract = Contract(address, load("Splitter").selectors)
    if ground.chain.view(contract, "bytes32", "commitment") != table.hash:
        raise BenchError(f"the Splitter of {len(table)} seats is another")
    if seats is not None:
        block = ground.chain.rpc("eth_blockNumber")
        asked = {"fromBlock": block, "toBlock": block, "address": ground.scene.registry.address}
        logs = ground.chain.rpc("eth_getLogs", asked)
        words = "".join(log["data"][2:] for log in logs if len(log["topics"]) == 2)
        if not words.endswith(table.words.hex()):
            raise BenchError(f"the words of {len(table)} seats were not published")
    return len(table), gas


def most_seats(ground: Ground) -> int:
    """How many seats can be published in the one transaction that creates their Splitter."""
    words, pages = million_seats().words, 1
    while True:
        table = ShareTable.from_words(words[: 1024 * (pages + 1)])
        calls, _ = _creation(ground, table)
        if ground.size(*calls) > TRANSACTION_BYTES:
            return 32 * pages
        pages += 1


def _create(ground: Ground, table: ShareTable) -> tuple[Contract, list[int]]:
    calls, address = _creation(ground, table)
    used = [ground.send(ground.payer, *calls)]
    if ground.chain.rpc("eth_getCode", address, "latest") == "0x":
        raise BenchError(f"no Splitter was made at {address}")
    return Contract(address, load("Splitter").selectors), used


def _creation(ground: Ground, table: ShareTable, publish: bool = True) -> tuple[list[Call], str]:
    """The calls of one transaction that make a Splitter and publish its table; its address."""
    word = next(_salts).to_bytes(32, "big")
    registry = ground.scene.registry
    shape = (table.root, table.shares, table.pages, word)
    address = ground.scene.splitter_address(table, word)
    if publish and len(table) <= FEW:
        data = registry.data("create_published", *shape, table.words, sums(table))
        return [Call(registry.address, data)], address
    made = [Call(registry.address, registry.data("create", *shape))]
    if publish:
        made += _publishing(ground, address, table, bytes(32))
    return made, address


def _publishing(ground: Ground, address: str, table: ShareTable, terms: bytes) -> list[Call]:
    registry, shape = ground.scene.registry, (table.root, table.shares, table.pages, terms)
    calls = []
    for first in range(0, table.pages, PAGES_AT_ONCE):
        pages = range(first, min(first + PAGES_AT_ONCE, table.pages))
        words = [table.page(page) for page in pages]
        proofs = [table.proof(page) for page in pages]
        data = registry.data("publish", address, shape, first, words, proofs)
        calls.append(Call(registry.address, data))
    return calls


def _seats(table: ShareTable) -> list[tuple[str, int]]:
    return [(seat.account, seat.shares) for seat in table]


def _key(number: int) -> PrivateKey:
    Account.enable_unaudited_hdwallet_features()
    made = Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{number}")
    return PrivateKey(bytes(made.key))
