"""Notices and applications by themselves, without a chain."""

from __future__ import annotations

import json
from typing import Any

import pytest
from eth_account import Account
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from seechain.accounts import checksum
from seechain.beside.notices import MAX_SHARES, MAX_URI, Application, Notice
from seechain.consent import recover
from seechain.errors import NoticeError

KEY = Account.from_key("0x" + "33" * 32)
SEE, REGISTRY = (checksum(bytes([byte]) * 20) for byte in (0x51, 0x53))
FIELDS: dict[str, Any] = {
    "chain_id": 31337,
    "registry": REGISTRY,
    "see": SEE,
    "appeal": b"\7" * 32,
    "account": KEY.address,
    "name": "Cleo",
    "text": "I can.\nAnd I have a crane.",
    "shares": 50,
    "deadline": 1_800_000_000,
}


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_a_short_text_stands_in_the_notice_itself(text: str) -> None:
    notice = Notice.record(SEE, text)
    assert notice.says(text)
    assert len(notice.uri.encode()) <= MAX_URI
    assert notice.uri.isascii()
    assert notice.text == (text if notice.uri else None)
    assert notice.uri or len(text.encode()) > 80


def test_a_file_is_known_by_its_hash() -> None:
    raw = b"\x00\xff what we learned"
    notice = Notice.record(SEE, raw, uri="ipfs://learned")
    assert notice.content == keccak(raw)
    assert notice.says(raw)
    assert not notice.says(raw + b" ")
    assert notice.text is None
    assert Notice.record(SEE, raw).uri == ""


def test_a_text_that_is_not_what_was_hashed_is_not_shown() -> None:
    assert Notice(SEE, "record", keccak(b"a"), "data:,b").text is None
    assert Notice(SEE, "record", keccak(b"a"), "data:,a").text == "a"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"content": ""}, "its content is empty"),
        ({"content": b""}, "its content is empty"),
        ({"uri": "x" * 257}, "a URI has at most 256 bytes, got 257"),
        ({"shares": -1}, "an appeal offers 0 to 281474976710655 shares, got -1"),
        ({"shares": MAX_SHARES + 1}, "an appeal offers"),
        ({"shares": True}, "got True"),
        ({"until": 0}, "is open until a time in unix seconds, got 0"),
        ({"until": 2**256}, "is open until a time"),
    ],
)
def test_what_can_not_be_asked_is_said(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(NoticeError, match=says):
        Notice.appeal(**{"see": SEE, "content": "Who?", "until": 9, **fields})


def test_each_field_of_a_notice_moves_its_key() -> None:
    given = Notice.appeal(SEE, "Who?", until=9, shares=1)
    others = [
        Notice.appeal(REGISTRY, "Who?", until=9, shares=1),
        Notice.appeal(SEE, "How?", until=9, shares=1, uri=given.uri),
        Notice.appeal(SEE, "Who?", until=9, shares=1, uri=""),
        Notice.appeal(SEE, "Who?", until=8, shares=1),
        Notice.appeal(SEE, "Who?", until=9, shares=2),
        Notice.record(SEE, "Who?"),
    ]
    keys = {each.key(SEE, SEE) for each in (given, *others)}
    keys |= {given.key(REGISTRY, SEE), given.key(SEE, REGISTRY)}
    assert len(keys) == 9


# ---------------------------------------------------------------- applications


def applied(**changed: Any) -> Application:
    made = Application.of({**FIELDS, **changed})
    return made.signed(bytes(KEY.sign_typed_data(full_message=made.message).signature))


def test_an_application_travels_as_it_was_signed() -> None:
    made = applied()
    again = Application.from_json(made.to_json())
    assert again == made
    assert recover(again.digest, again.signature) == KEY.address
    assert json.loads(json.dumps(made.message)) == made.message


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_of_an_application_is_signed(field: str) -> None:
    other: dict[str, Any] = {
        "registry": SEE,
        "see": REGISTRY,
        "appeal": b"\1" * 32,
        "account": SEE,
        "name": "Dora",
        "text": "",
    }
    value = other.get(field, 7)
    assert applied(**{field: value}).digest != applied().digest


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": ""}, "name: "),
        ({"name": "  "}, "name: a name is not blank"),
        ({"name": "x" * 65}, "name: "),
        ({"name": "Cl\neo"}, "name: it has characters that nobody sees"),
        ({"name": "Cleo\u202e"}, "name: it has characters that nobody sees"),
        ({"text": "\x1b[31m"}, "text: it has characters that nobody sees"),
        ({"text": "x" * 4001}, "text: "),
        ({"shares": 0}, "shares: "),
        ({"shares": 2**48}, "shares: "),
        ({"account": "0x12"}, "account: "),
        ({"appeal": "0x12"}, "appeal: "),
        ({"more": 1}, "more: "),
    ],
)
def test_an_application_with_faults_is_none(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(NoticeError, match="this is no application: " + says):
        Application.of({**FIELDS, **fields})
    text = json.loads(Application.of(FIELDS).to_json())
    plain = {k: v for k, v in fields.items() if k != "appeal"} or fields
    with pytest.raises(NoticeError, match="this is no application: " + says):
        Application.from_json(json.dumps({**text, **plain}))
