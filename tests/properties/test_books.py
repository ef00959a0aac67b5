"""The books of a fixed split, whatever anybody does, on the real code (see machine.py).

Those of a SEE are in test_life.py.

The form that `make test` runs is always the same; `make properties TIMES=50` runs a hundred
times as much, with other dice each time (see conftest.py).
"""

from __future__ import annotations

from tests.properties import chain
from tests.properties.conftest import TIMES, profile
from tests.properties.machine import Books


class OfAFixedSplit(Books):
    pass


class OfAFixedSplitOfSeveralPages(Books):
    least, most = 33, 100


class OfARebasingToken(Books):
    always = frozenset({"rebaser"})


class OfCallers(Books):
    """Few seats, so that they often call each other while they are paid."""

    least, most = 2, 5
    always = frozenset({"caller"})


class OnOtherChains(Books):
    """A sample, each of it put through on a node and on another EVM's code."""

    replays = (chain.Anvil, chain.PyEvm)


class OfSeveralPagesOnOtherChains(OfAFixedSplitOfSeveralPages):
    replays = (chain.Anvil, chain.PyEvm)


def case(machine: type[Books], examples: int, steps: int = 40) -> type:
    if not TIMES:
        examples //= 2  # the lives of test_life.py go the same ways, and further
    machine.TestCase.settings = profile(examples, stateful_step_count=steps)
    return machine.TestCase


TestFixedSplit = case(OfAFixedSplit, 60)
TestFixedSplitOfSeveralPages = case(OfAFixedSplitOfSeveralPages, 40)
TestRebasingToken = case(OfARebasingToken, 40)
TestCallers = case(OfCallers, 40)
TestOnOtherChains = case(OnOtherChains, 6, 25)
TestOfSeveralPagesOnOtherChains = case(OfSeveralPagesOnOtherChains, 4, 25)
