"""The rules of an agreement: each fault in one sentence, all of them at once."""

from datetime import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seechain.accounts import ZERO_ADDRESS
from seechain.agreement import Agreement, Member
from seechain.agreement.rules import FIELDS
from seechain.agreement.text import ROLES
from seechain.errors import AgreementError
from seechain.share_table import MAX_SHARES
from tests.unit.agreements import ADA, BEN, CLEO, FILE, TOKEN, account, faults_of, make, member


def test_a_fault_names_line_member_field_and_value() -> None:
    assert faults_of(FILE.replace("shares: 20", "shares: -5")) == (
        "line 12: member 2 'Ben': shares must be a whole number from zero up, got -5",
    )


def test_all_faults_are_listed_at_once() -> None:
    text = (
        FILE.replace("shares: 20", "shares: 1.5")
        .replace("role: core", "role: king")
        .replace("2/3", "3/2")
        .replace("expires: 2027-12-31\n", "colour: red\n")
        .replace(BEN, ADA)
    )
    assert faults_of(text) == (
        "line 5: quorum must be a fraction above 0 and at most 1, as 2/3, got '3/2'",
        f"line 6: the field 'colour' is not known, known are {', '.join(FIELDS)}",
        f"line 8: member 1 'Ada': role must be one of {', '.join(ROLES)}, got 'king'",
        f"line 10: member 2 'Ben': account {ADA} is that of member 1 too",
        "line 12: member 2 'Ben': shares must be a whole number from zero up, got 1.5",
        "expires is missing",
    )


def test_a_sentence_does_not_repeat_a_whole_file() -> None:
    with pytest.raises(AgreementError) as caught:
        make(quorum="1" * 10_000)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": None}, "name is missing"),
        ({"name": 5}, "name must be text: put it in quotes, got 5"),
        ({"name": "a\nb"}, "name holds the character U+000A"),
        ({"terms": "a\u202eb"}, "terms holds the character U+202E (right-to-left override)"),
        ({"terms": " "}, "terms is empty"),
        ({"currencies": None}, "currencies is missing"),
        ({"quorum": None}, "quorum is missing"),
        ({"expires": None}, "expires is missing"),
        ({"currencies": []}, "got 0 of them"),
        ({"currencies": [account(at) for at in range(1, 10)]}, "got 9 of them"),
        ({"currencies": "native"}, "got 'native'"),
        ({"currencies": ["native", "native"]}, "the currency native stands here twice"),
        ({"currencies": [TOKEN, TOKEN.lower()]}, "stands here twice"),
        ({"currencies": [ZERO_ADDRESS]}, "write native for the native coin"),
        ({"currencies": ["USDC"]}, "a currency is native or the address of a token"),
        ({"quorum": 0}, "above 0 and at most 1, as 2/3, got 0"),
        ({"quorum": "0/3"}, "got '0/3'"),
        ({"quorum": "2/0"}, "got '2/0'"),
        ({"quorum": Fraction(4, 3)}, "got '4/3'"),
        ({"quorum": 0.67}, "got 0.67"),
        ({"quorum": True}, "got True"),
        ({"quorum": "50%"}, "got '50%'"),
        ({"quorum": "-1/2"}, "got '-1/2'"),
        ({"quorum": "1/4294967296"}, "got '1/4294967296'"),
        ({"expires": "31-12-2027"}, "expires must be a day, as 2027-12-31, got '31-12-2027'"),
        ({"expires": "2027-02-30"}, "expires: there is no day 2027-02-30"),
        ({"expires": datetime(2027, 1, 1)}, "expires must be a day"),
        ({"expires": "9999-12-31"}, "expires must be a day"),
        ({"expires": 2027}, "got 2027"),
        ({"members": None}, "members is missing"),
        ({"members": []}, "members must be a list with one member or more, got []"),
        ({"members": {"Ada": 1}}, "members must be a list"),
        ({"members": ["Ada"]}, "member 1: a member is fields in braces"),
        ({"nonce": -1}, "nonce must be a whole number or hex of up to 32 bytes, got -1"),
        ({"nonce": True}, "got True"),
        ({"nonce": 2**256}, "nonce must be"),
        ({"nonce": "0x" + "00" * 33}, "nonce must be"),
        ({"nonce": "7"}, "nonce must be"),
        ({"seats": "seats.csv"}, "seats must be seat words"),
        ({"seats": 5}, "seats must be seat words"),
        ({"seats": [5]}, "seats: "),
        ({"seats": b"\1"}, "seats: a share table is one seat word"),
        ({"seats": [(CLEO, 1), (CLEO, 2)]}, "has two seats"),
        ({"seats": [(ADA, 1)]}, "member 1 'Ada': account"),
        ({"owner": "me"}, "the field 'owner' is not known"),
    ],
)
def test_faulty_fields(changed: dict[str, object], says: str) -> None:
    with pytest.raises(AgreementError) as caught:
        make(**changed)
    assert len(caught.value.faults) == 1
    assert says in caught.value.faults[0]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"shares": -5}, "shares must be a whole number from zero up, got -5"),
        ({"shares": 40.0}, "got 40.0"),
        ({"shares": "40"}, "got '40'"),
        ({"shares": True}, "got True"),
        ({"shares": MAX_SHARES + 1}, f"shares must be a whole number at most {MAX_SHARES}"),
        ({"voices": -1}, "voices must be a whole number from zero up, got -1"),
        ({"voices": 1.0}, "got 1.0"),
        ({"voices": False}, "got False"),
        ({"voices": 2**32}, "voices must be a whole number at most 4294967295"),
        ({"account": None}, "account is missing"),
        ({"account": ZERO_ADDRESS}, "account is the zero address"),
        ({"account": "Ada"}, "0x and 40 hex digits, got 'Ada'"),
        ({"account": 5}, "got 5"),
        ({"account": ADA.swapcase().replace("X", "x")}, "the checksum of account"),
        ({"role": None}, "role is missing"),
        ({"role": "Core"}, "got 'Core'"),
        ({"role": ["core"]}, "got ['core']"),
        ({"name": 'A"'}, "name can't hold a double quote"),
        ({"name": "a" * 101}, "name has 101 characters"),
        ({"pull_only": 1}, "pull_only must be true or false, got 1"),
        ({"shares": None, "pull_only": True}, "pull_only is for a seat"),
        ({"shares": None, "voices": None}, "needs shares, voices or both"),
        ({"share": 5}, "the field 'share' is not known, known are name, role, account, shares"),
    ],
)
def test_faulty_members(changed: dict[str, object], says: str) -> None:
    with pytest.raises(AgreementError) as caught:
        make(members=[member(name="Ben", account=BEN), member(**{"account": ADA, **changed})])
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith("member 2")
    assert says in caught.value.faults[0]
    with pytest.raises(AgreementError) as alone:
        Member.model_validate(member(**changed))
    assert says in str(alone.value)


def many(count: int, **each: object) -> list[dict[str, object]]:
    return [member(account=account(at), name=f"M{at}", **each) for at in range(1, count + 1)]


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ([member(shares=None)], "nobody has shares"),
        ([member(voices=None)], "nobody has a voice"),
        ([*many(65, shares=None), member(voices=None)], "65 members have a voice, at most 64"),
        (many(2, shares=MAX_SHARES), "all shares add up to"),
        (many(2, voices=2**31), "all voices add up to 4294967296"),
    ],
)
def test_faults_of_all_members_together(members: list[dict[str, object]], says: str) -> None:
    with pytest.raises(AgreementError) as caught:
        make(members=members)
    assert len(caught.value.faults) == 1
    assert says in caught.value.faults[0]


def test_the_bounds_themselves_pass() -> None:
    assert len(make(members=many(64)).roll) == 64 * 32
    assert len(make(currencies=[account(at) for at in range(1, 9)]).currencies) == 8
    assert (
        make(members=[member(shares=MAX_SHARES - 1)], seats=[(CLEO, 1)]).table.shares == MAX_SHARES
    )
    assert make(members=[*many(160, voices=None), member()]).table.pages == 6


def test_only_further_seats_may_be_paid() -> None:
    assert make(members=[member(shares=None)], seats=[(CLEO, 1)]).table.shares == 1


@pytest.mark.parametrize("text", ["", "[]", "a: [", "name: Quay\nname: Quay", "\0"])
def test_garbage_is_refused(text: str) -> None:
    assert faults_of(text)


@pytest.mark.parametrize("data", [None, 5, [], "x"])
def test_what_is_no_mapping_is_refused(data: object) -> None:
    with pytest.raises(AgreementError, match="fields with values"):
        Agreement.model_validate(data)
    with pytest.raises(AgreementError, match="fields in braces"):
        Member.model_validate(data)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(AgreementError):
        Agreement.parse(text)
