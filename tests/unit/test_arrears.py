"""What is owed over versions, cut into calls that fit a transaction."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import pytest

from seechain.see import arrears
from seechain.see.arrears import Debt
from seechain.see.versions import LATE
from seechain.splitter import claims

ACCOUNTS = [f"0x{number:040x}" for number in range(1, 90)]


def debt(at: int, version: int = 0, late: int = 0, currency: str = "native") -> Debt:
    of: Any = SimpleNamespace(number=version)
    return Debt(of, version | late, at, ACCOUNTS[at], currency, 1)


def parts(
    monkeypatch: pytest.MonkeyPatch, owed: list[Debt], joined: set[tuple[int, int]]
) -> list[list[Debt]]:
    def has_joined(_: object, account: str, index: int, version: int) -> bool:
        assert ACCOUNTS[index] == account
        return (version, index) in joined

    monkeypatch.setattr(claims, "has_joined", has_joined)
    see: Any = None
    return list(arrears._parts(see, owed))


def test_thirty_two_debts_are_one_call_and_one_more_is_two(monkeypatch: pytest.MonkeyPatch) -> None:
    joined = {(0, at) for at in range(80)}
    for count, sizes in ((1, [1]), (31, [31]), (32, [32]), (33, [32, 1]), (65, [32, 32, 1])):
        found = parts(monkeypatch, [debt(at) for at in range(count)], joined)
        assert [len(part) for part in found] == sizes


def test_four_seats_join_in_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    for count, sizes in ((1, [1]), (4, [4]), (5, [4, 1]), (9, [4, 4, 1])):
        found = parts(monkeypatch, [debt(at) for at in range(count)], set())
        assert [len(part) for part in found] == sizes
    # A seat that joins counts once, whatever is owed to it.
    same = [debt(0), debt(0, late=LATE), debt(0, currency="0xc0"), debt(0, version=1)]
    assert [len(part) for part in parts(monkeypatch, [*same, debt(1)], set())] == [5]
    assert [len(part) for part in parts(monkeypatch, [*same, debt(1), debt(2)], set())] == [6]
    more = [debt(at) for at in range(1, 4)]
    assert [len(part) for part in parts(monkeypatch, [*same, *more], set())] == [6, 1]


def test_every_debt_is_in_one_part(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(1)
    for _ in range(50):
        count = dice.randint(0, 80)
        owed = [debt(at, version) for at in range(count) for version in range(2)]
        dice.shuffle(owed)
        joined = {(each.version.number, each.index) for each in owed if dice.random() < 0.8}
        found = parts(monkeypatch, owed, joined)
        flat = [each for part in found for each in part]
        assert len(flat) == len(owed)
        assert {id(each) for each in flat} == {id(each) for each in owed}
        for part in found:
            seats = {(each.version.number, each.index) for each in part}
            assert 0 < len(part) <= arrears.MOST_KEYS == 32
            assert len(seats - joined) <= arrears.MOST_SEATS == 4
        # Of an account all is in one call, where it can be.
        assert [each.account for each in flat] == sorted(each.account for each in flat)
