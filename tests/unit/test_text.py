"""The readable agreement: deterministic, read back exactly, and no place to forge."""

import string
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seechain.accounts import ZERO_ADDRESS, checksum
from seechain.agreement.roll import pack_roll
from seechain.agreement.text import (
    ROLES,
    Readable,
    ReadableMember,
    check_text,
    expiry_of,
    plain_text,
    read_text,
    render,
)
from seechain.errors import AgreementError
from seechain.share_table import ShareTable


def account(number: int) -> str:
    return checksum(bytes([number]) * 20)


ADA = ReadableMember("Ada", "core", account(1), 40, 1, False)
BEN = ReadableMember("Ben", "co-creator", account(2), 20, 0, True)
DELFT = ReadableMember("Port of Delft", "client", account(3), 0, 2, False)


@dataclass(frozen=True)
class Signed:
    """A readable agreement with the table and the roll that belong to it."""

    readable: Readable
    table: ShareTable
    roll: bytes

    def check(self, text: str | None = None, **other: Any) -> Readable:
        terms = {
            "table": self.table,
            "roll": self.roll,
            "quorum": self.readable.quorum,
            "expiry": expiry_of(self.readable.expires),
            "currencies": (ZERO_ADDRESS, account(9)),
            "nonce": self.readable.nonce,
        }
        return check_text(render(self.readable) if text is None else text, **{**terms, **other})


def signed(
    members: tuple[ReadableMember, ...] = (ADA, BEN, DELFT),
    further: tuple[tuple[str, int], ...] = ((account(6), 30), (account(7), 10)),
    name: str = "Night Market",
    terms: str = "We share.\n\n  All of it.",
) -> Signed:
    seats = [(each.account, each.shares, int(each.pull_only)) for each in members if each.shares]
    table = ShareTable.from_seats([*seats, *further])
    readable = Readable(
        name=name,
        terms=terms,
        members=members,
        further_seats=len(further),
        further_shares=sum(shares for _, shares in further),
        shares=table.shares,
        pages=table.pages,
        root=table.root,
        quorum=Fraction(2, 3),
        expires=date(2027, 12, 31),
        currencies=("native", account(9)),
        nonce=bytes(31) + b"\5",
    )
    return Signed(
        readable, table, pack_roll((each.account, each.voices) for each in members if each.voices)
    )


def test_rendering_1_to_the_letter() -> None:
    """The vector for every other implementation: not one character of it may ever change."""
    one = signed()
    assert render(one.readable) == "\n".join(
        [
            "seechain agreement, rendering 1",
            "",
            'Name: "Night Market"',
            "",
            "Terms:",
            "| We share.",
            "|",
            "|   All of it.",
            "",
            "Members: 3",
            '1. "Ada", core',
            f"   account: {account(1)}",
            "   seat: 40 of 100 shares (40.00 %)",
            "   voices: 1 of 3",
            '2. "Ben", co-creator',
            f"   account: {account(2)}",
            "   seat: 20 of 100 shares (20.00 %), pull only",
            "   voices: none",
            '3. "Port of Delft", client',
            f"   account: {account(3)}",
            "   seat: none",
            "   voices: 2 of 3",
            "",
            "Further seats: 2 with 40 of 100 shares (40.00 %)",
            f"Share table: 100 shares, 1 page, root 0x{one.table.root.hex()}",
            "Quorum: 2/3 of the live voices",
            "Expires: at the end of 2027-12-31, which is 2028-01-01T00:00:00Z",
            f"Currencies: native coin, {account(9)}",
            "Nonce: 0x" + "00" * 31 + "05",
        ]
    )


def test_a_part_is_rounded_down() -> None:
    third = (ADA._replace(shares=2), BEN._replace(shares=1))
    text = render(signed(third, further=()).readable)
    assert "2 of 3 shares (66.66 %)" in text
    assert "1 of 3 shares (33.33 %)" in text
    assert "Further seats: none\n" in text


letters = st.characters(
    codec="utf-8", exclude_categories=["Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"]
)
names = st.text(letters, min_size=1, max_size=20)
lines = st.text(st.one_of(letters, st.sampled_from('\n|:"1. ')), min_size=1, max_size=120)


def normal(value: str, **how: bool) -> str | None:
    try:
        return plain_text(value, "it", **how)
    except AgreementError:
        return None


@given(names, lines, st.lists(names, min_size=1, max_size=5), st.data())
@settings(max_examples=150)
def test_what_is_rendered_reads_back(
    name: str, terms: str, people: list[str], data: st.DataObject
) -> None:
    texts = [normal(name), normal(terms, lines=True), *map(normal, people)]
    if None in texts:
        return
    members = tuple(
        ReadableMember(
            str(each),
            data.draw(st.sampled_from(ROLES)),
            account(at + 1),
            shares := data.draw(st.integers(1, 1000)),
            data.draw(st.integers(1, 9)),
            bool(shares % 2),
        )
        for at, each in enumerate(texts[2:])
    )
    one = signed(members, name=str(texts[0]), terms=str(texts[1]))
    assert read_text(render(one.readable)) == one.readable
    assert one.check() == one.readable


@given(st.data())
@settings(max_examples=200)
def test_no_changed_character_passes_unless_it_is_in_free_text(data: st.DataObject) -> None:
    one = signed()
    text = render(one.readable)
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from(string.printable + "\u202e\u200b"))
    changed = text[:at] + letter + text[at + 1 :]
    if changed == text:
        return
    try:
        said = one.check(changed)
    except AgreementError:
        return
    free = {"name": "", "terms": "", "members": ()}
    assert said._replace(**free) == one.readable._replace(**free)  # type: ignore[arg-type]
    for was, now in zip(one.readable.members, said.members, strict=True):
        assert was[2:] == now[2:]


FORGED = 'Members: 1\n1. "Eve", core\n   account: x\n\nQuorum: 1/100 of the live voices'


def test_terms_cannot_forge_another_section() -> None:
    one = signed(terms=FORGED)
    said = one.check()
    assert said.terms == FORGED
    assert said.quorum == Fraction(2, 3)
    outside = [line for line in render(one.readable).split("\n") if not line.startswith("|")]
    assert not any("Eve" in line or "1/100" in line for line in outside)


@pytest.mark.parametrize("name", ["Ada\nBen", 'Ada", core', "A\rB", "A\u2028B", "A\x85B", "A\tB"])
def test_names_cannot_forge_another_line(name: str) -> None:
    with pytest.raises(AgreementError, match="the name"):
        plain_text(name, "the name")


@pytest.mark.parametrize(
    "letter",
    [
        "\u202e",
        "\u2066",
        "\u200f",
        "\u200b",
        "\ufeff",
        "\x00",
        "\x1b",
        "\u3164",
        "\ue000",
        "\u0378",
    ],
)
def test_characters_that_hide_or_reorder_are_refused(letter: str) -> None:
    for many in (False, True):
        with pytest.raises(AgreementError, match=f"terms holds the character U.{ord(letter):04X}"):
            plain_text(f"a{letter}b", "terms", lines=many)


@pytest.mark.parametrize(
    "word",
    [
        "Zoë",
        "李雷",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "O'Neill & Söhne (2)",
        "🎪",
    ],
)
def test_names_of_all_scripts_pass(word: str) -> None:
    assert plain_text(word, "name") == word


def test_text_is_brought_into_one_form() -> None:
    assert plain_text("  Zoe\u0308 ", "name") == "Zo\u00eb"
    assert plain_text("\n\na \r\n\r\n b\n\n", "terms", lines=True) == "a\n\n b"


@pytest.mark.parametrize(
    ("value", "many"), [("", False), ("  ", False), ("\n \n", True), ("\xa0", False)]
)
def test_empty_text_is_refused(value: str, many: bool) -> None:
    with pytest.raises(AgreementError, match="is empty"):
        plain_text(value, "terms", lines=many)


def test_text_that_is_too_long_is_refused() -> None:
    assert plain_text("a" * 100, "name")
    with pytest.raises(AgreementError, match="has 101 characters, 100"):
        plain_text("a" * 101, "name")
    with pytest.raises(AgreementError, match="has 65537"):
        plain_text("a" * 65537, "terms", lines=True)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("rendering 1", "rendering 2", "line 1 is not as rendering 1 has it"),
        ("40 of 100", "41 of 100", "line 13 reads"),
        ("(40.00 %)\n   voices", "(99.00 %)\n   voices", "line 13 reads"),
        ("Further seats: 2 with 40", "Further seats: 0 with 0", "line 24"),
        ("Quorum: 2/3", "Quorum: 4/6", "line 26"),
        ("Quorum: 2/3", "Quorum: 2/0", "above zero"),
        ("2028-01-01T", "2029-01-01T", "line 27"),
        ("2027-12-31", "2027-02-30", "no day 2027-02-30"),
        ("2027-12-31", "9999-12-31", "no day 9999-12-31"),
        ("Terms:\n| We share.\n|\n|   All of it.", "Terms:", "line 6 should be the terms"),
        ("| We share.", "|We share.", "line 6"),
        ("| We share.", "| We share. ", "line 6"),
        ("|   All of it.", "|   All of it.\n|", "line 9"),
        ("Members: 3", "Members: 2", "line 19"),
        ("Members: 3", "Members: 4", "line 23"),
        ("100 shares, 1", "0 shares, 1", "above zero"),
        ("1 page,", "1 pages,", "line 25"),
        (f"account: {account(1)}", f"account: {ZERO_ADDRESS}", "zero"),
        (f"coin, {account(9)}", f"coin, {ZERO_ADDRESS}", "zero"),
        ("Name: ", "Name:  ", "line 3"),
        ("\n", "\r\n", "line 1"),
        ("2. ", "3. ", "line 15"),
    ],
)
def test_what_render_would_not_write_is_refused(old: str, new: str, says: str) -> None:
    text = render(signed().readable)
    assert old in text
    with pytest.raises(AgreementError, match=says):
        read_text(text.replace(old, new))


@pytest.mark.parametrize("tail", ["\n", "\nQuorum: 1/100 of the live voices", " "])
def test_nothing_follows_the_last_line(tail: str) -> None:
    with pytest.raises(AgreementError, match="the text"):
        read_text(render(signed().readable) + tail)


@pytest.mark.parametrize("count", range(28))
def test_no_line_may_be_missing_at_the_end(count: int) -> None:
    lines = render(signed().readable).split("\n")[:count]
    with pytest.raises(AgreementError, match=f"line {max(count, 1)}|line {count + 1}"):
        read_text("\n".join(lines))


def test_a_wrong_checksum_in_the_text_is_refused() -> None:
    one = signed(members=(ADA._replace(account=checksum(bytes(range(160, 180)))),), further=())
    text = render(one.readable)
    swapped = text.replace(one.readable.members[0].account, one.readable.members[0].account.lower())
    with pytest.raises(AgreementError, match="not written with its checksum"):
        read_text(swapped)
    mistyped = one.readable.members[0].account.swapcase().replace("X", "x")
    with pytest.raises(AgreementError, match="checksum of account"):
        read_text(text.replace(one.readable.members[0].account, mistyped))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            {"members": (ADA._replace(shares=41), BEN, DELFT)},
            ["the seat of 'Ada'", "the shares of f"],
        ),
        ({"members": (ADA, BEN._replace(pull_only=False), DELFT)}, ["the seat of 'Ben'"]),
        ({"members": (ADA._replace(voices=2), BEN, DELFT)}, ["the roll"]),
        (
            {"members": (ADA, BEN, DELFT, ADA._replace(voices=0))},
            ["two members", "the number of f", "the shares of f"],
        ),
        ({"members": (ADA, BEN._replace(account=account(8)), DELFT)}, ["the seat of 'Ben'"]),
        ({"further_seats": 3}, ["the number of further seats"]),
        ({"further_shares": 39}, ["the shares of further seats"]),
        ({"root": bytes(32)}, ["the table's root"]),
        ({"shares": 101}, ["the total shares"]),
        ({"pages": 2}, ["the number of pages"]),
        ({"quorum": Fraction(1, 2)}, ["the quorum"]),
        ({"expires": date(2028, 1, 1)}, ["the expiry"]),
        ({"currencies": ("native",)}, ["the currencies"]),
        ({"currencies": (account(9), "native")}, ["the currencies"]),
        ({"nonce": bytes(32)}, ["the nonce"]),
    ],
)
def test_what_differs_from_what_is_signed_is_named(
    changed: dict[str, Any], says: list[str]
) -> None:
    one = signed()
    with pytest.raises(AgreementError) as caught:
        one.check(render(one.readable._replace(**changed)))
    assert len(caught.value.faults) == len(says)
    for fault, start in zip(caught.value.faults, says, strict=True):
        assert fault.startswith(start)


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"table": signed((ADA,)).table}, "the seat of 'Ben'"),
        ({"roll": signed((ADA,)).roll}, "the roll"),
        ({"quorum": Fraction(1, 2)}, "the quorum"),
        ({"expiry": 5}, "the expiry"),
        ({"currencies": (ZERO_ADDRESS,)}, "the currencies"),
        ({"nonce": bytes(32)}, "the nonce"),
    ],
)
def test_what_is_signed_can_differ_too(other: dict[str, Any], says: str) -> None:
    with pytest.raises(AgreementError, match=says):
        signed().check(**other)
