"""Which way letters run, by the examples of the standard and by what must hold for any line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seechain.paper.direction import base_of, levels, ordered, turns


@pytest.mark.parametrize(
    ("text", "base", "shown"),
    [
        # From UAX #9: 4.3 and the examples of its rules, with capitals as Hebrew letters.
        ("car is THE CAR in arabic", 0, "car is RAC EHT in arabic"),
        ("CAR IS the car IN ENGLISH", 1, "HSILGNE NI the car SI RAC"),
        ("he said IT IS 123, 456, OK", 0, "he said KO ,456 ,123 SI TI"),
        ("it is called AN INTRO TO java $19.95 IN", 0, "it is called OT ORTNI NA java $19.95 NI"),
        ("A 1-2 B", 0, "B 1-2 A"),
        ("A(B)c", 0, "(B)Ac".replace("(B)A", ")B(A")),
        ("a (B) c", 0, "a (B) c"),
        ("A (b) C", 1, "C )b( A"),
    ],
)
def test_the_order_is_that_of_the_standard(text: str, base: int, shown: str) -> None:
    hebrew = {letter: chr(0x5D0 + ord(letter) - 65) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    back = {there: here for here, there in hebrew.items()}
    given_text = "".join(hebrew.get(letter, letter) for letter in text)
    parts = list(zip(levels(given_text, base), given_text, strict=True))
    assert "".join(back.get(each, each) for _, each in ordered(parts)) == shown


def test_a_line_runs_as_its_first_letter_does() -> None:
    assert [base_of(each) for each in ("12 (a) \u05d0", "12 (\u05d0) a", "\u0639", "12", "")] == [
        *(0, 1, 1, 0, 0)
    ]


@given(st.text("ab\u05d0\u05d1\u0639\u0665\u064e12 ,.:+-$()[]\u200d", max_size=30), st.booleans())
def test_every_letter_is_in_its_line_once(text: str, back: bool) -> None:
    found = levels(text, int(back))
    assert len(found) == len(text)
    parts = list(zip(found, range(len(text)), strict=True))
    assert sorted(at for _, at in ordered(parts)) == list(range(len(text)))
    # Words to the right are read to the right, and words to the left to the left.
    for letter, level in zip(text, found, strict=True):
        assert level % 2 == 0 or letter not in "ab\u0665"
        assert level % 2 == 1 or letter not in "\u05d0\u05d1\u0639"


def test_a_line_without_such_letters_is_left_alone() -> None:
    assert not turns("Zo\u00eb (1) \u738b")
    assert levels("Zo\u00eb (1)", 0) == [0] * 7
