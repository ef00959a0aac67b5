"""What is written reads back to the same agreement, whatever its names and terms hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seechain.accounts import checksum
from seechain.agreement import Agreement
from seechain.agreement.file import MAX_FILE
from seechain.agreement.text import ROLES, plain_text
from seechain.agreement.writer import (
    Draft,
    file_name,
    read_member_line,
    write_agreement,
    write_seats,
)
from seechain.errors import AgreementError
from seechain.share_table import PULL_ONLY, pack_seat
from tests.unit.agreements import ADA, BEN, CLEO, NOW, TOKEN, account, make, member


def is_text(text: str, *, lines: bool = False) -> bool:
    try:
        plain_text(text, "it", lines=lines)
    except AgreementError:
        return False
    return True


LETTERS = st.one_of(
    st.characters(), st.sampled_from("#:-{}[]|>&*!%@`'\\,? \n\u00e9\u200c\u05d0\U0001f9ff~")
)
NAMES = st.text(LETTERS, min_size=1, max_size=40).filter(is_text)
TERMS = st.text(LETTERS, min_size=1, max_size=200).filter(lambda text: is_text(text, lines=True))


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    count = draw(st.integers(1, 5))
    members = [
        {
            "name": draw(NAMES),
            "role": draw(st.sampled_from(ROLES)),
            "account": checksum(bytes([at + 1]) * 20),
            "shares": draw(st.integers(1, 2**40)),
            "voices": draw(st.integers(1 if at == 0 else 0, 9)),
            "pull_only": draw(st.booleans()),
        }
        for at in range(count)
    ]
    return make(
        name=draw(NAMES),
        terms=draw(TERMS),
        currencies=draw(st.sampled_from([["native"], [TOKEN], [TOKEN, "native"]])),
        quorum=draw(st.sampled_from(["2/3", "1", "51/100"])),
        members=members,
        nonce=draw(st.integers(0, 2**256 - 1)),
    )


@given(agreements(), st.booleans())
@example(make(terms="  indented first\n\n    more\n- # no: comment\n...\n---\n\nend"), True)
@example(make(name="yes", terms="|"), False)
@example(make(name="2027-12-31", terms="'\\ \\n {{ }} %"), True)
@example(make(name="null", members=[member(name="~"), member(name="#1", account=BEN)]), True)
def test_what_is_written_reads_back_to_the_same(agreement: Agreement, with_notes: bool) -> None:
    text = write_agreement(agreement, with_notes=with_notes)
    read = Agreement.parse(text, check_expiry=False)
    assert read == agreement
    assert read.commitment == agreement.commitment


@given(NAMES)
def test_a_name_gives_a_plain_file_name(name: str) -> None:
    assert file_name(name).endswith(".yaml")
    assert not set(file_name(name)) & set('/\\:*?"<>| \n.') - {"."}
    assert file_name(name).count(".") == 1
    assert len(file_name(name).encode()) <= 255


def test_file_names_are_those_one_expects() -> None:
    assert file_name("Night Market") == "night-market.yaml"
    assert file_name("../../etc/passwd") == "etc-passwd.yaml"
    assert file_name("!!!") == "agreement.yaml"


def test_each_field_is_explained_as_in_the_example() -> None:
    text = write_agreement(make(name="Quay"))
    notes = [line for line in text.split("\n") if line.startswith("#")]
    example_ = (Path(__file__).parents[2] / "examples" / "night-market.yaml").read_text()
    assert len(notes) > 20
    assert sum(line in example_ for line in notes) > 12, notes
    assert "name: Quay\n" in text
    assert f'  - {{name: Ada, role: core, account: "{ADA}", shares: 40, voices: 1}}\n' in text
    assert all(len(line) <= 100 for line in notes)


def test_further_seats_are_in_a_file_of_their_own(tmp_path: Path) -> None:
    words = pack_seat(bytes([9]) * 20, 7, PULL_ONLY) + pack_seat(bytes([10]) * 20, 8)
    agreement = make(seats=words)
    (tmp_path / "seats.csv").write_text(write_seats(words))
    text = write_agreement(agreement, seats="seats.csv")
    assert Agreement.parse(text, tmp_path, check_expiry=False) == agreement
    with pytest.raises(AgreementError, match="file of further seats"):
        write_agreement(agreement)
    with pytest.raises(AgreementError, match="file of further seats"):
        write_agreement(make(), seats="seats.csv")


def test_the_largest_terms_fit() -> None:
    agreement = make(terms="x" * 65_536)
    text = write_agreement(agreement)
    assert len(text) < MAX_FILE
    assert Agreement.parse(text, check_expiry=False) == agreement


# ------------------------------------------------------------ a draft


def test_a_draft_becomes_the_agreement_that_was_typed() -> None:
    draft = Draft(NOW, nonce=5)
    for field, value in (
        ("name", "Quay"),
        ("terms", "We share."),
        ("currencies", ["native", TOKEN]),
        ("quorum", "2/3"),
        ("expires", "2027-12-31"),
    ):
        draft.set(field, value)
    assert draft.missing() == "members must be a list with one member or more, got []"
    draft.add_member(read_member_line(f"Ada,core,{ADA},40,1"))
    draft.add_member(read_member_line(f"Ben, core, {BEN}, 20, 1"))
    assert draft.missing() is None
    assert draft.agreement() == make(nonce=5)


def test_each_draft_has_a_number_of_its_own() -> None:
    numbers = {Draft(NOW).values["nonce"] for _ in range(20)}
    assert len(numbers) == 20
    assert all(0 <= number < 2**64 for number in numbers)


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("name", "a\u202eb", "U+202E"),
        ("name", "", "name is empty"),
        ("terms", " \n", "terms is empty"),
        ("quorum", "3/2", "quorum must be a fraction"),
        ("quorum", "1/0", "quorum must be a fraction"),
        ("expires", "2027-02-30", "there is no day"),
        ("expires", "2026-12-31", "must be ahead of today, 2027-01-01"),
        ("expires", "2040-01-01", "within ten years"),
        ("currencies", ["ether"], "a currency is native or"),
        ("currencies", ["native", "native"], "stands here twice"),
        ("nonce", "-1", "nonce must be"),
    ],
)
def test_a_faulty_value_is_refused_as_it_comes(field: str, value: object, fault: str) -> None:
    draft = Draft(NOW)
    said = draft.fault(field, value)
    assert said is not None
    assert fault in said
    with pytest.raises(AgreementError, match="the agreement: "):
        draft.set(field, value)
    assert field not in draft.values or field == "nonce"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "Quay"), ("quorum", "1"), ("expires", "2036-12-30"), ("currencies", [TOKEN])],
)
def test_a_right_value_has_no_fault(field: str, value: object) -> None:
    assert Draft(NOW).fault(field, value) is None


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("name", 'A"da', "double quote"),
        ("role", "boss", "role must be one of core, client"),
        ("account", "0x12", "40 hex digits"),
        ("account", ADA[:-1] + ("a" if ADA[-1] != "a" else "b"), "checksum"),
        ("account", "0x" + "0" * 40, "zero address"),
        ("account", BEN, "is that of member 1 too"),
        ("shares", "forty", "shares must be a whole number"),
        ("shares", 2**48, "at most"),
        ("voices", -1, "voices must be"),
    ],
)
def test_a_faulty_value_of_a_member_is_refused(field: str, value: object, fault: str) -> None:
    draft = Draft(NOW)
    draft.add_member(member(name="Ben", account=BEN))
    said = draft.member_fault(field, value)
    assert said is not None
    assert fault in said


def test_a_member_is_judged_among_the_others() -> None:
    draft = Draft(NOW)
    draft.add_member(member())
    with pytest.raises(AgreementError, match="is that of member 1 too"):
        draft.add_member(member(name="Twin"))
    with pytest.raises(AgreementError, match="needs shares, voices or both"):
        draft.add_member(member(account=BEN, shares=None, voices=None))
    assert len(draft.values["members"]) == 1
    assert draft.member_fault("account", CLEO) is None


def test_what_members_lack_together_is_said() -> None:
    draft = Draft(NOW)
    draft.add_member(member(voices=None))
    assert draft.missing() == "nobody has a voice: nobody could agree or decide"
    draft.add_member(member(name="Ben", account=BEN, shares=None))
    assert draft.missing() is None


def test_an_unfinished_draft_is_no_agreement() -> None:
    draft = Draft(NOW)
    draft.add_member(member())
    with pytest.raises(AgreementError) as caught:
        draft.agreement()
    assert "name is missing" in caught.value.faults
    assert "quorum is missing" in caught.value.faults


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"Ada,core,{ADA},40,1", {"shares": 40, "voices": 1}),
        (f"Ada,core,{ADA},,1", {"voices": 1}),
        (f"Ada,core,{ADA},40", {"shares": 40}),
        (f"Ada,core,{ADA},40,,pull_only", {"shares": 40, "pull_only": True}),
        (f"Ada, core , {ADA}, 4x", {"shares": "4x"}),
    ],
)
def test_a_member_of_one_line(line: str, expected: dict[str, object]) -> None:
    assert read_member_line(line) == {"name": "Ada", "role": "core", "account": ADA, **expected}


def test_a_name_with_a_comma_stands_in_quotes() -> None:
    assert read_member_line(f'"Ada, of Delft",core,{ADA},1')["name"] == "Ada, of Delft"


@pytest.mark.parametrize(
    "line", ["", "Ada", "Ada,core", f"Ada,core,{account(1)},1,1,push", "a,b,c,1,1,,x", '"a', "a\nb"]
)
def test_a_line_of_other_parts_is_refused(line: str) -> None:
    with pytest.raises(AgreementError, match="a member is name,role,account"):
        read_member_line(line)
