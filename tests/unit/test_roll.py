"""The roll's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seechain.accounts import checksum
from seechain.agreement.roll import MAX_VOICES, Voice, pack_roll, unpack_roll
from seechain.errors import AccountError, AgreementError

accounts = st.binary(min_size=20, max_size=20).filter(any).map(checksum)


def account(number: int) -> str:
    return checksum(number.to_bytes(20, "big"))


@given(st.dictionaries(accounts, st.integers(1, 2**26), min_size=1, max_size=64))
def test_a_roll_reads_back_ascending(voices: dict[str, int]) -> None:
    roll = pack_roll(voices.items())
    assert len(roll) == 32 * len(voices)
    lines = unpack_roll(roll)
    assert dict(lines) == voices
    assert [line.account.lower() for line in lines] == sorted(each.lower() for each in voices)


def test_a_voice_word_is_account_zero_voices() -> None:
    assert pack_roll([Voice(account(7), 3)]) == bytes(19) + b"\7" + bytes(8) + b"\0\0\0\3"


@pytest.mark.parametrize(
    ("voices", "says"),
    [
        ([], "1 to 64 words"),
        ([(account(at), 1) for at in range(1, 66)], "1 to 64 words"),
        ([(account(1), 1), (account(1), 2)], "does not ascend"),
        ([(account(0), 1)], "does not ascend"),
        ([(account(1), 0)], "got 0"),
        ([(account(1), True)], "got True"),
        ([(account(1), MAX_VOICES + 1)], "got 4294967296"),
        ([(account(1), MAX_VOICES), (account(2), 1)], "add up to"),
    ],
)
def test_rolls_that_no_agreement_can_have(voices: list[tuple[str, int]], says: str) -> None:
    with pytest.raises(AgreementError, match=says):
        pack_roll(voices)


def test_a_roll_of_64_fits() -> None:
    assert len(unpack_roll(pack_roll((account(at), 1) for at in range(1, 65)))) == 64


def test_a_wrong_account_is_refused() -> None:
    with pytest.raises(AccountError):
        pack_roll([("Ada", 1)])


@pytest.mark.parametrize(
    ("roll", "says"),
    [
        (b"\1" * 31, "31 bytes"),
        (b"\1" * 20 + bytes(12), "has 0 voices"),
        (b"\1" * 20 + b"\1" + bytes(10) + b"\1", "voices in the roll"),
    ],
)
def test_words_that_no_roll_can_have(roll: bytes, says: str) -> None:
    with pytest.raises(AgreementError, match=says):
        unpack_roll(roll)
