"""The agreement: the file that a person writes, and what it is signed as."""

import time
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from eth_account import Account
from hypothesis import given
from hypothesis import strategies as st

from seechain.accounts import ZERO_ADDRESS, checksum
from seechain.agreement import Agreement, Member
from seechain.agreement.roll import unpack_roll
from seechain.consent import messages
from seechain.errors import AgreementError
from seechain.share_table import Seat, ShareTable
from tests.unit.agreements import (
    ADA,
    BEN,
    CLEO,
    FILE,
    NOW,
    TOKEN,
    account,
    faults_of,
    make,
    member,
)

EXAMPLE = Path(__file__).parents[2] / "examples" / "night-market.yaml"
JUNK = "test test test test test test test test test test test junk"


# ---------------------------------------------------------------- the example


def test_the_example_is_the_night_market_of_the_test_accounts() -> None:
    agreement = Agreement.load(EXAMPLE, now=NOW)
    Account.enable_unaudited_hdwallet_features()
    keys = [Account.from_mnemonic(JUNK, account_path=f"m/44'/60'/0'/0/{at}") for at in range(5)]
    assert [(m.name, m.role, m.account, m.shares, m.voices) for m in agreement.members] == [
        ("Ada", "core", keys[1].address, 40, 1),
        ("Ben", "core", keys[2].address, 35, 1),
        ("Port of Delft", "client", keys[3].address, 0, 1),
        ("Cleo", "co-creator", keys[4].address, 20, 0),
        ("Desk", "facilitator", keys[0].address, 5, 0),
    ]
    assert agreement.warnings == ()
    assert agreement.expiry == datetime(2028, 1, 1, tzinfo=UTC).timestamp()
    assert agreement.table.shares == 100


# ---------------------------------------------------------------- what it is signed as


def test_a_file_and_python_make_the_same_agreement() -> None:
    parsed = Agreement.parse(FILE, now=NOW)
    made = Agreement(
        name="Quay",
        terms="We share.\n",
        currencies=("native",),
        quorum=Fraction(2, 3),
        expires=date(2027, 12, 31),
        members=(
            Member(name="Ada", account=ADA.lower(), role="core", shares=40, voices=1),
            Member(name="Ben", account=BEN, role="co-creator", shares=20),
        ),
    )
    assert parsed == made
    assert hash(parsed) == hash(made)
    assert parsed.commitment == made.commitment


def test_table_roll_and_terms() -> None:
    agreement = make(
        members=[
            member(shares=None),
            member(name="Ben", account=BEN, voices=3, pull_only=True),
            member(name="Cleo", account=CLEO, voices=None, shares=2),
        ],
        seats=[(account(1), 5), Seat(account(0xA4), 6, 1)],
    )
    assert list(agreement.table) == [
        Seat(account(1), 5), Seat(BEN, 40, 1), Seat(CLEO, 2), Seat(account(0xA4), 6, 1)
    ]  # fmt: skip
    assert unpack_roll(agreement.roll) == ((ADA, 1), (BEN, 3))
    assert agreement.signed.currencies == (ZERO_ADDRESS, TOKEN)
    assert agreement.terms_hash == messages.terms_hash(agreement.signed)
    assert agreement.commitment == messages.agreement_hash(
        agreement.table.hash, agreement.terms_hash
    )
    assert "Further seats: 2 with 11 of 53 shares (20.75 %)" in agreement.text


def test_currencies_are_in_order_of_address() -> None:
    shuffled = make(currencies=[account(3), TOKEN.lower(), "native"])
    assert shuffled.currencies == ("native", account(3), TOKEN)


@pytest.mark.parametrize(
    ("written", "nonce"),
    [
        (None, 0),
        (0, 0),
        (7, 7),
        ("0x07", 7),
        ("0x" + "ff" * 32, 2**256 - 1),
        (2**256 - 1, 2**256 - 1),
    ],
)
def test_nonce(written: object, nonce: int) -> None:
    agreement = make(nonce=written)
    assert agreement.nonce == nonce
    assert agreement.signed.nonce == nonce.to_bytes(32, "big")


@pytest.mark.parametrize(
    ("written", "quorum"),
    [("2/3", Fraction(2, 3)), ("4/6", Fraction(2, 3)), ("1 / 2", Fraction(1, 2)), (1, 1), ("1", 1)],
)
def test_quorum(written: object, quorum: Fraction) -> None:
    assert make(quorum=written).quorum == quorum


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Quays"},
        {"terms": "We share all."},
        {"currencies": ["native"]},
        {"quorum": "3/4"},
        {"expires": "2027-12-30"},
        {"nonce": 1},
        {"seats": [(CLEO, 1)]},
        {"members": [member(), member(name="Ben", account=BEN, shares=21)]},
        {"members": [member(), member(name="Ben", account=BEN, shares=20, voices=2)]},
        {"members": [member(), member(name="Bob", account=BEN, shares=20)]},
        {"members": [member(), member(name="Ben", account=BEN, shares=20, role="client")]},
        {"members": [member(), member(name="Ben", account=BEN, shares=20, pull_only=True)]},
        {"members": [member(), member(name="Ben", account=CLEO, shares=20)]},
        {"members": [member(name="Ben", account=BEN, shares=20), member()]},
    ],
)
def test_each_field_moves_the_commitment_and_is_found_by_matches(
    changed: dict[str, object],
) -> None:
    one, other = make(), make(**changed)
    assert one.commitment != other.commitment
    assert one.matches(one.text) is True
    with pytest.raises(AgreementError, match="differ"):
        one.matches(other.text)


def test_matches_refuses_what_is_no_rendering() -> None:
    with pytest.raises(AgreementError, match="line 24 is one line too many"):
        make().matches(make().text + "\n")


@given(st.integers(0, 2**256 - 1), st.fractions(0, 1, max_denominator=2**32 - 1).filter(bool))
def test_an_agreement_survives_json_and_python(nonce: int, quorum: Fraction) -> None:
    agreement = make(nonce=nonce, quorum=quorum, seats=[(CLEO, 9)])
    assert Agreement.model_validate_json(agreement.model_dump_json()) == agreement
    assert Agreement.model_validate(agreement.model_dump()) == agreement
    assert Agreement.model_validate(dict(agreement)).text == agreement.text


def test_it_never_changes() -> None:
    agreement = make()
    with pytest.raises(ValueError, match="frozen"):
        agreement.name = "Other"  # type: ignore[misc]
    with pytest.raises(ValueError, match="frozen"):
        agreement.members[0].shares = 5  # type: ignore[misc]


# ---------------------------------------------------------------- expiry


def test_expiry_is_the_end_of_its_day() -> None:
    agreement = make(expires="2027-12-31")
    end = datetime(2028, 1, 1, tzinfo=UTC).timestamp()
    agreement.check(now=end - 1)
    with pytest.raises(AgreementError, match="ahead of today, 2028-01-01, got 2027-12-31"):
        agreement.check(now=end)


def test_expiry_is_within_ten_years() -> None:
    agreement = make(expires="2027-12-31")
    agreement.check(now=agreement.expiry - 3660 * 86400)
    with pytest.raises(AgreementError, match="within ten years, got 2027-12-31"):
        agreement.check(now=agreement.expiry - 3660 * 86400 - 1)


def test_load_judges_by_the_present_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "old.yaml"
    path.write_text(FILE.replace("2027-12-31", "2020-12-31"), encoding="utf-8")
    with pytest.raises(AgreementError, match=r"^old\.yaml: line 6: expires must be ahead of today"):
        Agreement.load(path)
    assert Agreement.load(path, check_expiry=False).expires == date(2020, 12, 31)
    assert Agreement.load(str(path), now=0 + 50 * 365 * 86400).expires == date(2020, 12, 31)
    with pytest.raises(AgreementError, match="ahead of today"):
        Agreement.load(path, check_expiry=False).check()


def test_check_judges_by_the_present() -> None:
    this_year = datetime.fromtimestamp(time.time(), UTC).year
    make(expires=f"{this_year + 1}-06-01").check()


# ---------------------------------------------------------------- the seats file


def test_further_seats_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "seats.csv").write_text(f"account,shares\n{CLEO},7\n", encoding="utf-8")
    agreement = Agreement.parse(FILE + "seats: seats.csv\n", tmp_path, now=NOW)
    assert list(ShareTable.from_words(agreement.seats)) == [Seat(CLEO, 7)]
    assert agreement.table.shares == 67
    assert agreement.preview(67).further_units == 7


def test_faults_of_the_seats_file_are_listed_with_the_others(tmp_path: Path) -> None:
    (tmp_path / "seats.csv").write_text(f"{CLEO},x\n", encoding="utf-8")
    text = FILE.replace("2/3", "0") + "seats: seats.csv\n"
    assert faults_of(text, tmp_path) == (
        "line 5: quorum must be a fraction above 0 and at most 1, as 2/3, got 0",
        "seats.csv: line 1: shares must be a whole number above zero, got 'x'",
    )
    assert faults_of(FILE + "seats: ../x.csv\n", tmp_path) == (
        "line 13: seats must be a file beside the agreement or below, got '../x.csv'",
    )


def test_an_account_in_both_places_is_refused(tmp_path: Path) -> None:
    (tmp_path / "seats.csv").write_text(f"{BEN},7\n", encoding="utf-8")
    assert faults_of(FILE + "seats: seats.csv\n", tmp_path) == (
        f"line 10: member 2 'Ben': account {BEN} stands among the further seats too",
    )


# ---------------------------------------------------------------- warnings, preview


def two_voices(**changed: object) -> Agreement:
    second = member(name="Ben", account=BEN, role=changed.pop("role", "core"))
    return make(members=[member(**changed.pop("first", {})), second], **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("agreement", "says"),
    [
        (two_voices(quorum="1/2"), ["quorum 1/2: two halves", "'Ada' decides", "'Ben' decides"]),
        (two_voices(quorum=1), ["quorum 1: one lost key"]),
        (make(members=[member()]), ["'Ada' decides alone"]),
        (two_voices(first={"voices": 2}), ["'Ada' decides alone"]),
        (two_voices(role="facilitator"), ["'Ben' is a facilitator"]),
        (two_voices(first={"name": "Ben"}), ["two members are named 'Ben'"]),
        (two_voices(), []),
        (
            two_voices(seats=[(checksum(at.to_bytes(20, "big")), 1) for at in range(1, 1000)]),
            ["1001 seats are not published"],
        ),
    ],
)
def test_warnings(agreement: Agreement, says: list[str]) -> None:
    assert len(agreement.warnings) == len(says)
    for warning, start in zip(agreement.warnings, says, strict=True):
        assert warning.startswith(start)


def test_preview_divides_by_the_table() -> None:
    seen = make(seats=[(CLEO, 40)]).preview("1 ether")
    assert [each.units for each in seen.shares] == [4 * 10**17, 2 * 10**17]
    assert (seen.further_units, seen.undivided) == (4 * 10**17, 0)
    assert "Ada" in str(seen)
