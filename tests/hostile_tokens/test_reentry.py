"""Re-entry by a token: from every call that reaches it into every external function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest

from tests.hostile_tokens.codes import undone
from tests.hostile_tokens.reentry import Scene
from tests.properties.chain import fast

PAGES = pytest.mark.parametrize("pages", [1, 2])
MOVING = ("pay", "pay of a version", "pay_late", "claim_token", "claim_versions")
MOVING += ("claim_versions of what came late", "payout_whole", "payout")
ASKING = (*MOVING, "touch", "touch for who left", "amend", "leave", "leave_seat")


@cache
def scene(when_asked: bool, pages: int) -> Scene:
    return Scene(fast(), when_asked, pages)


@PAGES
def test_each_call_would_succeed_by_itself(pages: int) -> None:
    """Else that it fails in the midst of another would tell nothing."""
    s = scene(False, pages)
    succeed = s.to_see() | s.through_registry() | s.beside()
    for name, call in (succeed | s.for_its_registry()).items():
        with undone(s.chain):
            s.set_up(call, betrays=False)
            assert s.moves_by_itself(), name
            tried, done = s.counted()
            assert tried > 0, name
            assert (done > 0) == (name in succeed), name


@PAGES
@pytest.mark.parametrize("entry", MOVING)
def test_re_entry_from_a_transfer(entry: str, pages: int) -> None:
    """The lock refuses all that could move money; what is open changes nothing of this SEE."""
    s = scene(False, pages)
    act = _named(s.moving(), entry)
    without = _alone(s, act)
    locked = s.to_see() | s.for_its_registry() | s.through_registry()
    for name, call in (locked | s.beside()).items():
        with undone(s.chain):
            s.set_up(call, betrays=False)
            assert act(), name
            tried, done = s.counted()
            assert tried > 0, name
            assert done == 0 or name not in locked, name
            assert s.stands() == without, name


@PAGES
@pytest.mark.parametrize("entry", ASKING)
def test_re_entry_from_a_balance(entry: str, pages: int) -> None:
    """Who is asked for a balance can write nothing, and see no half-made books."""
    s = scene(True, pages)
    act = _named(s.asking(), entry)
    without = _alone(s, act)
    for name, call in (s.to_see() | s.for_its_registry() | s.through_registry()).items():
        with undone(s.chain), agreements_kept(s):
            s.set_up(call, betrays=True)
            assert act(), name
            assert s.stands() == without, name
    with undone(s.chain), agreements_kept(s):  # what may succeed does, and is seen
        s.set_up(s.beside()["version"], betrays=True)
        assert not act() or s.stands() != without


def _alone(s: Scene, act: Callable[[], bool]) -> list[Any]:
    with undone(s.chain), agreements_kept(s):
        assert act()
        return s.stands()


@contextmanager
def agreements_kept(s: Scene) -> Iterator[None]:
    """What is undone on the chain is so for who follows it too."""
    before = list(s.see.agreements)
    yield
    s.see.agreements[:] = before


def _named(calls: dict[str, Callable[[], bool]], entry: str) -> Callable[[], bool]:
    """Of a table of two pages a page is paid out by another function."""
    return calls[entry] if entry in calls else calls[f"{entry}_page"]
