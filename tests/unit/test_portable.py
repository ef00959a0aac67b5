"""A SEE's portable file without a chain: whatever is changed in it is named."""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seechain.errors import FileError
from seechain.portable import sealed
from seechain.portable.verifying import verify
from seechain.share_table import ShareTable
from tests.unit.mutations import changed, leaves, named, others, shuffles
from tests.unit.portables import content_of, made

RAW = made().to_bytes()
CONTENT = content_of(RAW)
# What nothing else in the file tells: only the chain does.
CHAINS = re.compile(
    r"block|record\.(registered|block|amended|ended)|.*\.(block|transaction|submitter|publisher|uri)"
    r"|versions\[\d\]\.closed\[\d\]\.\w+|books\[\d\]\.\w+|redirects\[\d\]\.\w+"
    r"|versions\[0\]\.left\[0\]\.account|.*\.source|.*\.by"
)


def resealed(content: dict[str, Any]) -> bytes:
    """As somebody writes it who knows how."""
    return sealed.seal(content)


def test_a_file_reads_back_as_it_was_written_and_nothing_differs() -> None:
    report = verify(RAW)
    assert report.differences == ()
    assert not report.online
    assert any("only the chain can tell" in each for each in report.unproven)
    assert resealed(CONTENT) == RAW
    assert RAW.isascii()


def test_the_field_that_is_changed_is_named_though_the_hash_was_made_anew() -> None:
    passed, unnamed = [], []
    for path, value in leaves(CONTENT):
        where = named(path)
        if where == "hash":
            continue
        for other in others(value):
            try:
                report = verify(resealed(changed(CONTENT, path, other)))
            except FileError:
                continue  # it is laid out as no file can be
            if report.is_right and not CHAINS.fullmatch(where):
                passed.append((where, other))
            places = {each.where for each in report.differences}
            related = {where, where.rpartition(".")[0], where.rpartition("[")[0]}
            if report.differences and not (
                places & related or where.startswith(("record", "versions", "chain", "registry"))
            ):
                unnamed.append((where, places))
    assert passed == []
    assert unnamed == []


def test_any_leaf_that_is_changed_changes_the_hash() -> None:
    for path, value in leaves(CONTENT):
        for other in others(value):
            content = changed(CONTENT, path, other)
            raw = (json.dumps(content, indent=2) + "\n").encode()
            assert list(sealed.faults_of(raw, content)) == ["hash"], named(path)


def test_an_entry_less_or_twice_or_in_another_order_is_named() -> None:
    passed = []
    for what, content in shuffles(CONTENT):
        try:
            report = verify(resealed(content))
        except FileError:
            continue
        if report.is_right and not report.unproven[:-1]:
            passed.append(what)
    # Who says where it can be read, what closed, and that a seat left, only the chain tells; the
    # end has a signature more than the quorum needs.
    only_chain = (
        r"(located|redirects|books|versions\[0\]\.(closed|left))( less.*| twice)?"
        r"|end\.signatures less.*"
    )
    assert [each for each in passed if not re.fullmatch(only_chain, each)] == []


@given(st.integers(0, len(RAW) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed(at: int, by: int) -> None:
    raw = RAW[:at] + bytes([RAW[at] ^ by]) + RAW[at + 1 :]
    with suppress(FileError):
        assert not verify(raw).is_right


@given(st.integers(0, len(RAW) - 1), st.integers(0, 40))
def test_nothing_can_be_cut_out(at: int, size: int) -> None:
    raw = RAW[:at] + RAW[at + size :]
    with suppress(FileError):
        assert verify(raw).is_right == (raw == RAW)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "is no JSON"),
        (b"[]", "it has no fields"),
        (b'{"format": 1, "format": 2}', "the field format stands there twice"),
        (b'{"a": NaN}', "NaN is no whole number"),
        (b'{"a": 1.5}', "1.5 is no whole number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "is too long"),
        (b'{"a": ' + b"[" * 100_000, "is nested more than 12 deep"),
        (b'{"a": "\xff"}', "no text in UTF-8"),
        (b'{"format": "x\\u001b[31m\\u202e"}', "its format is x\\x1b[31m\\u202e"),
        (b'{"format": "seechain SEE", "e\\u202evil": 1}', r"e\u202evil: extra inputs"),
        (b"[" + b"1," * 2_100_000, "has more than 2000000 parts"),
    ],
    ids=range(11),
)
def test_what_is_no_file_is_refused_in_a_sentence(raw: bytes, sentence: str) -> None:
    with pytest.raises(FileError) as caught:
        verify(raw, source="see.json")
    assert sentence in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 2000


def test_what_is_beyond_all_size_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "MOST_BYTES", 100)
    with pytest.raises(FileError, match="more than 100 bytes"):
        verify(RAW)


def test_texts_that_do_not_end_are_looked_through_once() -> None:
    start = time.process_time()
    for raw in (b'{"a": "' + b'\\"' * 2_000_000, b'"' * 1_000_001, b'{"a": "' + b"\\" * 3_000_001):
        with pytest.raises(FileError):
            verify(raw)
    assert time.process_time() - start < 5


def test_a_lone_surrogate_is_no_text() -> None:
    raw = RAW.replace(b"We run a night market", b"We run \\ud800 night market")
    with pytest.raises(FileError, match="half a letter"):
        verify(raw)


def test_a_byte_that_changes_nothing_but_its_writing_is_named() -> None:
    (found,) = verify(RAW.replace(b'"number": 1,', b'"number":  1,', 1)).differences
    assert found.where == "the file"
    assert found.sentence == "it is not written as seechain writes it, from byte 42 on"


def test_a_table_that_is_not_in_the_file_is_said_to_be_missing() -> None:
    content = changed(CONTENT, ("versions", 1, "table", "words"), None)
    report = verify(resealed(content))
    assert report.is_right
    assert any("share table of version 1" in each for each in report.unproven)
    wrong = changed(content, ("versions", 1, "terms", "expiry"), 1)
    places = {each.where for each in verify(resealed(wrong)).differences}
    assert {"versions[1].text", "versions[1].commitment"} <= places


def test_what_came_after_the_block_of_the_file_is_named() -> None:
    places = {each.where for each in verify(resealed({**CONTENT, "block": 11})).differences}
    assert places == {"versions[0].left", "versions[1]", "versions[1].left", "end", "located[0]"}


def test_signatures_of_contracts_are_named_as_only_the_chain_can_tell() -> None:
    path = ("versions", 0, "signatures", 0)
    content = changed(CONTENT, (*path, "by"), "contract")
    report = verify(resealed(content))
    assert report.is_right
    account = CONTENT["versions"][0]["signatures"][0]["account"]
    assert any(f"contract {account} has signed" in each for each in report.unproven)


def test_a_large_table_is_verified_in_seconds() -> None:
    seats = 100_000
    words = b"".join((at + 1).to_bytes(20, "big") + (1).to_bytes(12, "big") for at in range(seats))
    table = ShareTable.from_words(words)
    values = {"root": f"0x{table.root.hex()}", "shares": seats, "pages": table.pages}
    content = changed(
        CONTENT, ("versions", 1, "table"), {**values, "words": f"0x{table.words.hex()}"}
    )
    start = time.process_time()
    places = {each.where for each in verify(resealed(content)).differences}
    assert time.process_time() - start < 5
    assert "versions[1].table.words" not in places
    assert {"versions[1].commitment", "versions[1].text"} <= places
