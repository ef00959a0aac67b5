"""What is signed: every message hashes as eth-account hashes it, and covers each of its fields."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from eth_account import Account
from eth_account._utils.encode_typed_data.encoding_and_hashing import hash_struct
from eth_account.messages import encode_typed_data
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from seechain.accounts import checksum
from seechain.consent import FIELDS, Consent, Kind, messages
from seechain.consent.subjects import (
    Amendment,
    Deregistration,
    Endorsement,
    Leaving,
    Posting,
    Publication,
    Redirection,
    Registration,
    Subject,
)
from tests.unit.agreements import make

KEY = Account.from_key("0x" + "33" * 32)
SEE, OTHER, REGISTRY = (checksum(bytes([byte]) * 20) for byte in (0x51, 0x52, 0x53))
WHERE = (31337, REGISTRY, 1_800_000_000)

accounts = st.binary(min_size=20, max_size=20).map(checksum)
uints = st.integers(0, 2**256 - 1)
words = st.binary(min_size=32, max_size=32)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
where = (uints, accounts, uints)
agreements = st.builds(lambda nonce, terms: make(nonce=nonce, terms=terms), uints, st.just("Quay."))
subjects: st.SearchStrategy[Subject] = st.one_of(
    st.builds(Registration, *where, agreements),
    st.builds(Amendment, *where, accounts, uints, agreements),
    st.builds(Deregistration, *where, accounts, uints),
    st.builds(Endorsement, *where, accounts, uints, st.sampled_from(Kind), accounts, words),
    st.builds(Leaving, *where, accounts, accounts, uints, st.booleans(), st.booleans(), uints),
    st.builds(Redirection, *where, accounts, accounts, accounts, uints),
    st.builds(Publication, *where, accounts, accounts, texts),
    st.builds(
        Posting,
        *where,
        accounts,
        accounts,
        accounts,
        st.sampled_from(["appeal", "record"]),
        words,
        texts,
        uints,
        uints,
    ),
)

EXAMPLES: tuple[Subject, ...] = (
    Registration(*WHERE, make()),
    Amendment(*WHERE, SEE, 3, make()),
    Deregistration(*WHERE, SEE, 3),
    Endorsement(*WHERE, SEE, 3, Kind.AMENDMENT, SEE, bytes(32)),
    Leaving(*WHERE, KEY.address, SEE, 3, True, False, 0),
    Redirection(*WHERE, KEY.address, SEE, OTHER, 0),
    Publication(*WHERE, KEY.address, SEE, "https://example.org/agreement"),
    Posting(*WHERE, KEY.address, OTHER, SEE, "appeal", bytes(32), "ipfs://appeal", 50, 9),
)


def named(subject: Subject) -> str:
    return subject.kind


def another(value: Any) -> Any:
    """Another value of the same type."""
    match value:
        case bool():
            return not value
        case Kind():
            return Kind.DEREGISTRATION
        case int():
            return value + 7
        case bytes():
            return b"\1" * 32
        case str():
            return OTHER if value != OTHER else REGISTRY
    return make(nonce=9)


def signable_digest(data: dict[str, Any]) -> bytes:
    signable = encode_typed_data(full_message=json.loads(json.dumps(data)))
    return keccak(b"\x19" + signable.version + signable.header + signable.body)


def test_there_is_an_example_of_every_kind() -> None:
    assert [subject.kind for subject in EXAMPLES] == list(Kind)
    assert list(messages.SUBJECTS) == [kind.capitalize() for kind in Kind]


@given(subjects, accounts)
def test_every_message_hashes_as_eth_account_hashes_it(subject: Subject, account: str) -> None:
    data = subject.message(account)
    assert subject.digest(account) == signable_digest(data)
    name, field_type, _ = messages.SUBJECTS[subject.kind.capitalize()]
    types = {each: fields for each, fields in data["types"].items() if each != "EIP712Domain"}
    value = json.loads(json.dumps(data["message"][name]))
    assert subject.hash == hash_struct(field_type, types, value)
    assert data["message"]["account"] == account
    assert data["message"]["deadline"] == subject.deadline


@given(subjects, accounts)
def test_a_consent_signs_the_same_digest_after_it_travelled(subject: Subject, account: str) -> None:
    made = subject.consent(account, bytes(65))
    again = Consent.from_json(made.to_json())
    assert again == made
    assert again.digest == subject.digest(account)
    assert set(again.about) == set(FIELDS[subject.kind])


@pytest.mark.parametrize("subject", EXAMPLES, ids=named)
def test_a_wallet_s_signature_counts(subject: Subject) -> None:
    signature = KEY.sign_typed_data(full_message=subject.message(KEY.address)).signature
    subject.consent(KEY.address, bytes(signature)).check(now=subject.deadline)


@pytest.mark.parametrize("subject", EXAMPLES, ids=named)
def test_each_field_moves_the_digest(subject: Subject) -> None:
    """One signature never counts for a second account, chain, Registry, deadline or matter."""
    fields = [name for name in subject.__dataclass_fields__ if name not in ("account", "kind")]
    changed = {name: another(getattr(subject, name)) for name in fields}
    flipped = [replace(subject, **{name: value}) for name, value in changed.items()]
    digests = {each.digest(KEY.address) for each in (subject, *flipped)}
    digests |= {subject.digest(OTHER)}
    assert len(digests) == 2 + len(flipped)


def test_no_two_kinds_share_a_digest() -> None:
    assert len({subject.digest(KEY.address) for subject in EXAMPLES}) == len(EXAMPLES)
    assert len({kind.type_hash for kind in Kind}) == len(Kind)


def test_the_types_of_issue_4_are_those_of_the_contracts() -> None:
    """Written out a second time on purpose: a change here breaks every signature."""
    table = "Table(bytes32 root,uint256 shares,uint256 pages)"
    terms = (
        "Terms(string text,bytes32[] roll,uint256 quorum_numerator,uint256 quorum_denominator,"
        "uint256 expiry,address[] currencies,bytes32 nonce)"
    )
    agreement = "Agreement(Table table,Terms terms)"
    types = {
        Kind.AMENDMENT: "Amendment(address account,Succession succession,uint256 deadline)"
        + agreement
        + "Succession(address see,uint256 version,Agreement agreement)"
        + table
        + terms,
        Kind.ENDORSEMENT: "Endorsement(address account,Act act,uint256 deadline)"
        "Act(address see,uint256 version,bytes32 kind,address account,bytes32 subject)",
        Kind.LEAVING: "Leaving(address account,Leave leave,uint256 deadline)"
        "Leave(address see,uint256 version,bool voice,bool seat,uint256 index)",
        Kind.REDIRECTION: "Redirection(address account,Redirect redirect,uint256 deadline)"
        "Redirect(address see,address to,uint256 times)",
        Kind.PUBLICATION: "Publication(address account,Location location,uint256 deadline)"
        "Location(address see,string uri)",
        Kind.POSTING: "Posting(address account,Notice notice,uint256 deadline)"
        "Notice(address board,address see,string what,bytes32 content,string uri,"
        "uint256 shares,uint256 until)",
    }
    for kind, encoded in types.items():
        assert kind.type_hash == keccak(encoded.encode()), kind


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_is_said_with_its_article(kind: Kind) -> None:
    assert kind.with_article.split(" ")[0] == ("an" if kind[0] in "aeiou" else "a")


def test_a_wallet_shows_the_whole_text_of_an_amendment() -> None:
    amendment = Amendment(*WHERE, SEE, 3, make())
    shown = amendment.message(KEY.address)["message"]["succession"]
    assert shown["agreement"]["terms"]["text"] == make().text
    assert (shown["see"], shown["version"]) == (SEE, 3)
    assert amendment.commitment == make().commitment
