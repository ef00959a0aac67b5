"""Re-entry by a token into a fixed Splitter: from each of its calls into each of them."""

from __future__ import annotations

from functools import cache

import pytest

from tests.hostile_tokens.codes import undone
from tests.hostile_tokens.reentry_split import SplitScene
from tests.properties.chain import fast

PAGES = pytest.mark.parametrize("pages", [1, 2])
ENTRIES = ("pay", "claim_token", "claim_many", "payout", "payout_whole")


@cache
def scene(when_asked: bool, pages: int) -> SplitScene:
    return SplitScene(fast(), when_asked, pages)


@PAGES
def test_each_call_of_a_split_would_succeed_by_itself(pages: int) -> None:
    s = scene(False, pages)
    for name, call in s.targets().items():
        with undone(s.chain):
            s.set_up(call, betrays=False)
            assert s.moves_by_itself(), name
            _, done = s.counted()
            assert done > 0, name


@PAGES
@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("when_asked", [False, True])
def test_re_entry_into_a_split(entry: str, pages: int, when_asked: bool) -> None:
    """All stands as without it, whether it calls where it is moved or where it is asked."""
    s = scene(when_asked, pages)
    act = s.entries()[entry]
    with undone(s.chain):
        assert act()
        without = s.stands()
    for name, call in s.targets().items():
        with undone(s.chain):
            s.set_up(call, betrays=when_asked)
            assert act(), name
            if not when_asked:
                tried, done = s.counted()
                assert (tried > 0, done) == (True, 0), name
            assert s.stands() == without, name
