"""What an amendment changes, in words and as a table to read."""

from __future__ import annotations

from fractions import Fraction

import pytest
from rich.cells import cell_len

from seechain.agreement.changes import Change, Changes
from seechain.errors import AccountError
from tests.unit.agreements import ADA, BEN, CLEO, TOKEN


def change(*parts: str, account: str = ADA, name: str = "Ada") -> Change:
    """Part before and after, voice before and after."""
    return Change(account, name, *(Fraction(part) for part in parts))


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (change("1/4", "1/2", "0", "0"), "Ada gains: part 25.00 % -> 50.00 %"),
        (
            change("1/2", "1/3", "1/2", "1/2"),
            "Ada loses: part 50.00 % -> 33.33 %, voice 50.00 %",
        ),
        (change("1/2", "1/2", "0", "0"), "Ada keeps its part: part 50.00 %"),
        (
            change("1/2", "1/2", "1/2", "0"),
            "Ada keeps its part: part 50.00 %, voice 50.00 % -> -",
        ),
        (change("0", "1/5", "0", "1/3"), "Ada comes in: part - -> 20.00 %, voice - -> 33.33 %"),
        (
            change("1/5", "0", "0", "0"),
            "Ada is no member any more; what it earned stays owed to it: part 20.00 % -> -",
        ),
        (change("0", "0", "1/3", "1/3"), "Ada keeps its voice: voice 33.33 %"),
        (
            change("0", "0", "1/3", "1/2"),
            "Ada has no part, but a voice: voice 33.33 % -> 50.00 %",
        ),
        (
            change("0", "0", "1/3", "0"),
            "Ada is no member any more: voice 33.33 % -> -",
        ),
        (
            change("1/5", "0", "1/3", "1/3"),
            "Ada loses its part; what it earned stays owed to it: part 20.00 % -> -, voice 33.33 %",
        ),
        (change("0", "1/5", "1/3", "1/3"), "Ada gains: part - -> 20.00 %, voice 33.33 %"),
    ],
)
def test_a_change_is_said_in_words(made: Change, says: str) -> None:
    assert str(made) == says


@pytest.fixture
def changes() -> Changes:
    return Changes(
        version=2,
        members=(
            change("1/2", "1/4", "1/2", "1/3"),
            change("1/2", "1/2", "1/2", "1/3", account=BEN, name="Ben"),
            change("0", "1/4", "0", "1/3", account=CLEO, name="Cleo"),
        ),
        quorum=("2/3", "1/2"),
        expires=("2027-12-31", "2027-12-31"),
        currencies=(("native",), ("native", TOKEN)),
        is_text_new=True,
    )


def test_changes_are_a_table_to_read(changes: Changes) -> None:
    assert str(changes) == "\n".join(
        [
            "Version 2 is succeeded by version 3:",
            "        part now  part then            voice now  voice then",
            "  Ben    50.00 %    50.00 %      same    50.00 %     33.33 %",
            "  Ada    50.00 %    25.00 %  -25.00 %    50.00 %     33.33 %",
            "  Cleo         -    25.00 %  +25.00 %          -     33.33 %",
            "  quorum: 2/3 -> 1/2",
            "  expires: 2027-12-31",
            f"  currencies: native -> native, {TOKEN}",
            "  the readable text is another",
            "  what was earned until then stays owed under the old parts",
        ]
    )


def test_each_signer_finds_its_own(changes: Changes) -> None:
    assert changes.of(ADA.lower()) == changes.members[0]
    assert changes.of(TOKEN) is None
    with pytest.raises(AccountError):
        changes.of("Ada")
    assert [each.name for each in changes.gains] == ["Cleo"]
    assert [each.name for each in changes.losses] == ["Ada"]
    assert [each.is_new for each in changes.members] == [False, False, True]
    assert not any(each.is_out for each in changes.members)


def test_a_part_that_changes_by_little_is_not_called_the_same() -> None:
    """Rounded for the eye, but what is compared is exact."""
    tiny = change("1/2", str(Fraction(1, 2) - Fraction(1, 10**9)), "0", "0")
    assert str(tiny) == "Ada loses: part 50.0000000 % -> 49.9999999 %"


def test_many_further_seats_are_one_line_and_wide_letters_take_their_room() -> None:
    """Who comes in was row 20 of 71, and Chinese names shifted the columns."""
    further = tuple(
        change("1/100", "1/200", "0", "0", account=f"0x{number:040x}", name=f"0x{number:040x}")
        for number in range(1, 51)
    )
    named = change("1/2", "3/4", "1", "1", account=BEN, name="\u738b\u5c0f\u660e")
    text = str(
        Changes(0, (*further, named), ("1", "1"), ("2027-12-31",) * 2, ((), ()), is_text_new=False)
    )
    rows = text.splitlines()[2:-5]
    assert len(rows) == 11
    assert rows[0].startswith("  \u738b\u5c0f\u660e ")
    assert rows[-1].split() == [
        "41",
        "further",
        "41.00",
        "%",
        "20.50",
        "%",
        "-20.50",
        "%",
        "-",
        "-",
    ]
    assert len({cell_len(row) for row in rows}) == 1


def test_one_seat_more_is_a_row_and_not_one_further() -> None:
    further = tuple(
        change("1/11", "1/11", "0", "0", account=f"0x{number:040x}", name=f"0x{number:040x}")
        for number in range(1, 12)
    )
    both = ("1", "1")
    text = str(Changes(0, further, both, ("2027-12-31",) * 2, ((), ()), is_text_new=False))
    assert "further" not in text
