"""What the property tests play with: contracts, tokens, recipients; one split of either kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from eth_abi import encode
from eth_abi.grammar import parse
from eth_hash.auto import keccak

from seechain.chain import artifacts
from tests.properties import agreement as a
from tests.properties.books_model import NATIVE, Seat
from tests.properties.chain import Chain, deploy, raw

PAYER = "0x" + "aa" * 20
ANYONE = "0x" + "a1" * 20
ZERO = "0x" + "00" * 20
MUCH = 2**120
# Modes of hostile/Recipient.vy.
ACCEPT, REFUSE, BURN, FUSSY, GLUTTON, CALL, CALL_BACK = range(7)
# What hostile/Token.vy does to a blocked account; FUSSY is 4 there.
ANSWER_FALSE, REVERT, BURN_TOKEN, FUSSY_TOKEN = 1, 2, 3, 4

# Init code that deploys PUSH3 100,000 PUSH0 REVERT, or RETURN: a bomb of memory.
BOMBS = [bytes.fromhex(f"65620186a05f{end}5f526006601af3") for end in ("fd", "f3")]
RECIPIENTS = 12
TOKENS = ("plain", "fee", "silent", "blocker", "rebaser", "caller")
FEE = 170  # hundredths of a percent

TABLE_ARGUMENT = "(bytes32,uint256,uint256,bytes32)"
TERMS_ARGUMENT = "(bytes32,uint256,uint256,uint256,bytes32)"

REGISTER = f"register({TABLE_ARGUMENT},{TERMS_ARGUMENT},uint256,bytes,bytes,bytes,bytes,uint256)"


@cache
def _types(signature: str) -> list[str]:
    return [each.to_type_str() for each in parse(signature[signature.index("(") :]).components]


def calldata(signature: str, *arguments: Any) -> bytes:
    types = _types(signature) if not signature.endswith("()") else []
    return keccak(signature.encode())[:4] + encode(types, arguments)


def numbers(answer: bytes) -> list[int]:
    """The numbers of an array that is all that was answered."""
    return [int.from_bytes(answer[at : at + 32], "big") for at in range(64, len(answer), 32)]


@cache
def hostile(name: str) -> bytes:
    import vyper

    path = Path(__file__).parent / "hostile" / f"{name}.vy"
    output = vyper.compile_code(path.read_text("utf-8"), output_formats=["bytecode"])
    return raw(output["bytecode"])


def built(name: str) -> bytes:
    return raw(artifacts.load(name).bytecode)


@dataclass
class Split:
    """A clone and its table."""

    address: str
    seats: list[Seat]
    of: a.Table
    table: tuple[bytes, int, int, bytes]
    agreement: a.Agreement | None = None  # of a SEE

    def __post_init__(self) -> None:
        self.words, self.pages, self.proofs = self.of.words, self.of.pages, self.of.proofs


class World:
    """The contracts on a new chain. Everything is at the same place on each chain."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        chain.set_balance(PAYER, MUCH)
        splitter = deploy(chain, built("Splitter"))
        registry = built("Registry") + encode(["bytes", "address"], [built("SEE"), splitter])
        self.registry = deploy(chain, registry)
        see = chain.view(self.registry, calldata("see_implementation()"))
        self.implementations = [splitter, "0x" + see[12:].hex()]
        self.recipients = [deploy(chain, hostile("Recipient"), salt) for salt in range(RECIPIENTS)]
        self.bomb, self.returns_bomb = (deploy(chain, code) for code in BOMBS)
        self.sees: list[str] = []
        self.tokens = {}
        for salt, name in enumerate(TOKENS):
            how = [FEE if name == "fee" else 0, name == "silent"]
            code = hostile("Token") + encode(["uint256", "bool"], how)
            self.tokens[name] = deploy(chain, code, salt)
            self.do(PAYER, self.tokens[name], "set_balance(address,uint256)", PAYER, MUCH)

    def do(
        self, sender: str, to: str, signature: str, *arguments: Any, value: int = 0, **more: int
    ) -> bool:
        return self.chain.send(sender, to, calldata(signature, *arguments), value, **more)

    def can_send(self, account: str) -> bool:
        """No contract starts a transaction."""
        return account not in self.recipients and account not in self.sees

    def code(self, account: str) -> bytes:
        return self.chain.code(account)

    def currency(self, name: str) -> str:
        return ZERO if name == NATIVE else self.tokens[name]

    # ---------------------------------------------------------------- a split

    def create(self, seats: list[Seat], see: bool) -> Split:
        table = a.Table(tuple(seats))
        if see:
            agreement = a.Agreement(table, ((0, 1), (1, 1), (2, 1)), (ZERO, *self.tokens.values()))
            return Split(self.register(agreement), seats, table, agreement.argument, agreement)
        done = self.do(
            ANYONE,
            self.registry,
            "create(bytes32,uint256,uint256,bytes32)",
            *table.fields,
            bytes(32),
        )
        assert done, "create failed"
        return Split(self.splitter_address(table), seats, table, (*table.fields, bytes(32)))

    def splitter_address(self, table: a.Table) -> str:
        where = calldata("splitter_address(bytes32,bytes32)", table.hash, bytes(32))
        return "0x" + self.chain.view(self.registry, where)[12:].hex()

    def registration(self, agreement: a.Agreement) -> tuple[Any, ...]:
        """What `register` takes."""
        return (
            agreement.argument,
            agreement.terms,
            a.DEADLINE,
            agreement.roll,
            agreement.currency_words,
            a.sign(self.registry, a.REGISTRATION, agreement.hash, agreement.keys),
            *agreement.table.published,
        )

    def register(self, agreement: a.Agreement) -> str:
        done = self.do(ANYONE, self.registry, REGISTER, *self.registration(agreement))
        assert done, "register failed"
        where = self.chain.view(self.registry, calldata("see_address(bytes32)", agreement.hash))
        self.sees.append("0x" + where[12:].hex())
        return self.sees[-1]

    def deregister(
        self,
        see: str,
        agreement: a.Agreement,
        version: int = 0,
        keys: list[Any] | None = None,
    ) -> bool:
        end = a.struct(a.END, "address uint256", see, version)
        table, terms, roll, currencies = agreement.preimage
        signed = a.sign(self.registry, a.DEREGISTRATION, end, keys or agreement.keys)
        return self.do(
            ANYONE,
            self.registry,
            f"deregister(address,{TABLE_ARGUMENT},{TERMS_ARGUMENT},uint256,bytes,bytes,bytes)",
            see,
            table,
            terms,
            a.DEADLINE,
            roll,
            currencies,
            signed,
        )

    # ---------------------------------------------------------------- storage

    def slots(self, split: Split, names: list[str]) -> list[int]:
        """Where the books of a split's first version stand."""
        layout = artifacts.load("Splitter").storage_layout["books"]
        at = {name: each["slot"] for name, each in layout.items()}
        keys = [index << 160 | int(seat.account, 16) for index, seat in enumerate(split.seats)]
        found = [at["native"], *(_mapped(at["seats"], key) for key in keys)]
        for name in names:
            currency = int(self.currency(name), 16)
            found.append(_mapped(at["tokens"], currency))
            found += [_mapped(_mapped(at["token_seats"], currency), key) for key in keys]
            found += [
                _mapped(_mapped(at["pages"], currency), page) for page in range(len(split.pages))
            ]
        return found


def slots_of_see(
    versions: list[int],
    keys: list[int],
    closed: list[int],
    pages: list[int],
    accounts: list[int],
    currencies: list[int],
) -> list[int]:
    """Where all that a SEE keeps stands."""
    layout = artifacts.load("SEE").storage_layout
    at = {name: each["slot"] for name, each in layout["splitter"]["books"].items()}
    at["closed"] = layout["versions"]["closed"]["slot"]
    found = [layout["ended"]["slot"], at["native"]]
    found += [_mapped(at["commitments"], version) for version in versions]
    found += [_mapped(at["seats"], key) for key in keys]
    found += [_mapped(at["redirects"], account) for account in accounts]
    for currency in currencies:
        found.append(_mapped(at["tokens"], currency))
        for name, names in (("token_seats", keys), ("pages", pages), ("closed", closed)):
            found += [_mapped(_mapped(at[name], currency), each) for each in names]
    return found


@cache
def slot_of_book(currency: str) -> int:
    """Where the book of a currency stands in a SEE."""
    layout = artifacts.load("SEE").storage_layout["splitter"]["books"]
    if currency == ZERO:
        return int(layout["native"]["slot"])
    return _mapped(layout["tokens"]["slot"], int(currency, 16))


def _mapped(slot: int, key: int) -> int:
    return int.from_bytes(keccak(slot.to_bytes(32, "big") + key.to_bytes(32, "big")), "big")
