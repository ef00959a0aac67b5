"""Claim codes: their words, their key, and that neither is ever told."""

from __future__ import annotations

import json
import logging
import traceback

import pytest
from eth_account import Account
from eth_account.hdaccount.mnemonic import Mnemonic
from eth_account.types import Language
from hypothesis import given, settings
from hypothesis import strategies as st

from seechain import Agreement
from seechain.consent.claim_code import ClaimCode
from seechain.errors import AccountError

# The mnemonic of every development chain, and its first account by the path of all wallets.
KNOWN = "test test test test test test test test test test test junk"
ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
# BIP-39's own vector: 16 bytes of 0x7f.
LEGAL = "legal winner thank year wave sausage worth useful legal winner thank yellow"


def test_the_key_is_the_first_account_that_wallets_make_of_the_words() -> None:
    assert ClaimCode.from_words(KNOWN).address == ADDRESS
    assert ClaimCode.from_words(LEGAL).words == LEGAL


def test_a_new_code_is_another_one_and_is_found_again_by_its_words() -> None:
    one, two = ClaimCode.new(), ClaimCode.new()
    assert one.address != two.address
    assert len(one.words.split()) == 12
    assert ClaimCode.from_words(one.words) == one
    assert ClaimCode.from_words(one.words).account.key == one.account.key


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from([" ", "  ", "\n", "\r\n", "\t", "\u00a0"]), min_size=13, max_size=13),
    st.lists(st.booleans(), min_size=12, max_size=12),
)
def test_case_spaces_and_line_ends_do_not_matter(gaps: list[str], loud: list[bool]) -> None:
    words = [word.upper() if up else word for word, up in zip(LEGAL.split(), loud, strict=True)]
    text = gaps[12] + "".join(f"{word}{gap}" for word, gap in zip(words, gaps[:12], strict=True))
    assert ClaimCode.from_words(text).words == LEGAL
    assert ClaimCode.from_words("\ufeff" + text).words == LEGAL


def _spanish() -> str:
    return str(Mnemonic(Language.SPANISH).to_mnemonic(bytes(range(16))))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "a claim code has 12 words, and these are 0"),
        (LEGAL.replace(" wave", ""), "a claim code has 12 words, and these are 11"),
        (LEGAL + " legal", "a claim code has 12 words, and these are 13"),
        (
            LEGAL.replace("wave sausage", "wavesausage"),
            "a claim code has 12 words, and these are 11, and word 5 is not in the English list",
        ),
        (LEGAL.replace("wave", "waffe"), "word 5 is not in the English list of BIP-39: copy"),
        (
            LEGAL.replace("wave", "waffe").replace("worth", "wurth"),
            "words 5 and 7 are not in the English list of BIP-39: copy",
        ),
        (LEGAL.replace("wave sausage", "sausage wave"), "two have changed places"),
        (LEGAL.replace("yellow", "zoo"), "one of them is another word of the list"),
        (_spanish(), "12 of the 12 words are not in the English list of BIP-39"),
        ("0x" + "ab" * 32, "a claim code has 12 words, and these are 1"),
    ],
)
def test_other_words_are_refused_in_one_sentence_that_holds_none_of_them(
    text: str, sentence: str
) -> None:
    with pytest.raises(AccountError) as refused:
        ClaimCode.from_words(text)
    said = str(refused.value)
    assert sentence in said
    told = "".join(traceback.format_exception(refused.value, chain=True))
    assert "another exception" not in told  # one of eth-account's would hold the words
    assert not set(text.lower().split()) & set(said.replace(",", "").split())


def test_nothing_that_shows_a_code_shows_its_secret(caplog: pytest.LogCaptureFixture) -> None:
    code = ClaimCode.from_words(LEGAL)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("seechain").warning("%s %r %s", code, code, [code])
    shown = f"{code} {code!r} {vars(code)['account']!r} {caplog.text} {{'code': {code!r}}}"
    assert code.address in shown
    assert "winner" not in shown
    assert code.account.key.hex() not in shown.replace("0x", "")


def test_a_keystore_holds_the_key_under_its_password() -> None:
    code = ClaimCode.from_words(LEGAL)
    text = code.to_keystore("a long password")
    assert Account.decrypt(text, "a long password") == code.account.key
    assert "0x" + json.loads(text)["address"].lower() == code.address.lower()
    assert "sausage" not in text
    with pytest.raises(AccountError, match="this one is empty"):
        code.to_keystore("")


def test_an_agreement_warns_of_a_pull_only_seat_with_a_voice() -> None:
    member = {"role": "core", "shares": 1, "voices": 1}
    members = [
        {**member, "name": "Ada", "account": ADDRESS},
        {**member, "name": "Cleo", "account": "0x" + "11" * 20, "pull_only": True},
    ]
    fields = {"name": "n", "terms": "t", "currencies": ["native"], "quorum": "2/3"}
    fields |= {"expires": "2027-12-31", "members": members}
    (warning,) = (each for each in Agreement(**fields).warnings if "pull-only" in each)
    assert warning.startswith("'Cleo' is pull-only and has a voice")
    members[1] |= {"voices": 0}
    assert not any("pull-only" in each for each in Agreement(**fields).warnings)
