"""What members sign: our struct hashes against eth-account's own encoding."""

import json
from fractions import Fraction
from typing import Any

from eth_account import Account
from eth_account._utils.encode_typed_data.encoding_and_hashing import hash_struct
from eth_account.messages import encode_typed_data
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from seechain.accounts import checksum
from seechain.consent import messages
from seechain.consent.messages import Terms

accounts = st.binary(min_size=20, max_size=20).map(checksum)
words = st.binary(min_size=32, max_size=32)
uints = st.integers(0, 2**256 - 1)
terms = st.builds(
    Terms,
    text=st.text(st.characters(exclude_categories=["Cs"])),
    roll=st.lists(words, min_size=1, max_size=5).map(b"".join),
    quorum=st.fractions(0, 1).filter(bool),
    expiry=uints,
    currencies=st.lists(accounts, min_size=1, max_size=4).map(tuple),
    nonce=words,
)


class Table:
    """Any root, total and pages."""

    def __init__(self, root: bytes, shares: int, pages: int) -> None:
        self.root, self.shares, self.pages = root, shares, pages


tables = st.builds(Table, words, uints, uints)


def signable_digest(data: dict[str, Any]) -> bytes:
    signable = encode_typed_data(full_message=json.loads(json.dumps(data)))
    return keccak(b"\x19" + signable.version + signable.header + signable.body)


def struct_hash(data: dict[str, Any], kind: str, value: dict[str, Any]) -> bytes:
    types = {name: fields for name, fields in data["types"].items() if name != "EIP712Domain"}
    return bytes(hash_struct(kind, types, value))


@given(accounts, tables, terms, uints, accounts, uints)
def test_a_registration_hashes_as_eth_account_hashes_it(
    account: str, table: Table, terms: Terms, chain_id: int, registry: str, deadline: int
) -> None:
    data = messages.typed_data(
        "Registration",
        account,
        messages.agreement_value(table, terms),
        chain_id=chain_id,
        registry=registry,
        deadline=deadline,
    )
    message = data["message"]
    table_hash = messages.table_hash(table.root, table.shares, table.pages)
    terms_hash = messages.terms_hash(terms)
    commitment = messages.agreement_hash(table_hash, terms_hash)
    agreement = message["agreement"]
    assert table_hash == struct_hash(data, "Table", agreement["table"])
    assert terms_hash == struct_hash(data, "Terms", agreement["terms"])
    assert commitment == struct_hash(data, "Agreement", agreement)
    registration = messages.registration_hash(account, commitment, deadline)
    assert registration == struct_hash(data, "Registration", message)
    separator = messages.domain_separator(chain_id, registry)
    assert messages.digest(separator, registration) == signable_digest(data)


@given(accounts, accounts, uints, uints, accounts, uints)
def test_a_deregistration_hashes_as_eth_account_hashes_it(
    account: str, see: str, version: int, chain_id: int, registry: str, deadline: int
) -> None:
    data = messages.typed_data(
        "Deregistration",
        account,
        {"see": see, "version": version},
        chain_id=chain_id,
        registry=registry,
        deadline=deadline,
    )
    message = messages.deregistration_hash(account, see, version, deadline)
    assert message == struct_hash(data, "Deregistration", data["message"])
    digest = messages.digest(messages.domain_separator(chain_id, registry), message)
    assert digest == signable_digest(data)


def test_the_types_are_those_of_the_contracts() -> None:
    """Written out a second time on purpose: a change here breaks every signature."""
    table = "Table(bytes32 root,uint256 shares,uint256 pages)"
    terms = (
        "Terms(string text,bytes32[] roll,uint256 quorum_numerator,uint256 quorum_denominator,"
        "uint256 expiry,address[] currencies,bytes32 nonce)"
    )
    agreement = "Agreement(Table table,Terms terms)" + table + terms
    zero = bytes(32)
    assert messages.table_hash(zero, 0, 0) == keccak(keccak(table.encode()) + bytes(96))
    assert messages.agreement_hash(zero, zero) == keccak(keccak(agreement.encode()) + bytes(64))
    nobody = "0x" + "00" * 20
    registration = "Registration(address account,Agreement agreement,uint256 deadline)" + agreement
    assert messages.registration_hash(nobody, zero, 0) == keccak(
        keccak(registration.encode()) + bytes(96)
    )
    end = "End(address see,uint256 version)"
    ending = "Deregistration(address account,End end,uint256 deadline)" + end
    assert messages.deregistration_hash(nobody, nobody, 0, 0) == keccak(
        keccak(ending.encode()) + bytes(32) + keccak(keccak(end.encode()) + bytes(64)) + bytes(32)
    )


def test_each_field_of_the_terms_moves_the_hash() -> None:
    nobody, other = "0x" + "00" * 20, "0x" + "00" * 19 + "01"
    base = Terms("text", bytes(32), Fraction(1, 2), 1, (nobody,), bytes(32))
    changed = [
        base._replace(text="text "),
        base._replace(roll=bytes(64)),
        base._replace(quorum=Fraction(1, 3)),
        base._replace(quorum=Fraction(2, 3)),
        base._replace(expiry=2),
        base._replace(currencies=(nobody, other)),
        base._replace(nonce=b"\1" + bytes(31)),
    ]
    assert len({messages.terms_hash(each) for each in [base, *changed]}) == len(changed) + 1


def test_a_wallet_signs_the_typed_data_as_it_is() -> None:
    key = Account.from_key("0x" + "11" * 32)
    table, terms = Table(bytes(32), 1, 1), Terms("t", bytes(32), Fraction(1), 1, (), bytes(32))
    data = messages.typed_data(
        "Registration",
        key.address,
        messages.agreement_value(table, terms),
        chain_id=1,
        registry=key.address,
        deadline=5,
    )
    by_wallet = key.sign_typed_data(full_message=data)
    assert bytes(by_wallet.message_hash) == signable_digest(data)
