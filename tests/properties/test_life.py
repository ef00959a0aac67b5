"""The life of SEEs, whatever anybody does, on the real code (see life_machine.py)."""

from __future__ import annotations

from tests.properties import chain
from tests.properties.conftest import profile
from tests.properties.life_machine import Life


class OfTwoSees(Life):
    pass


class OfThreeSeesOfFewSeats(Life):
    """Members of each other, with few seats: leaves and payments go round."""

    sees, least, most = 3, 1, 4


class OfSeveralPages(Life):
    """Tables of one page and of several follow each other."""

    sees, least, most = 1, 2, 70


class OfARebasingToken(Life):
    always, never = frozenset({"rebaser"}), frozenset()


class OnOtherChains(Life):
    """A sample, each of it put through on a node and on another EVM's code."""

    replays = (chain.Anvil, chain.PyEvm)


class OfSeveralPagesOnOtherChains(OfSeveralPages):
    replays = (chain.Anvil, chain.PyEvm)


def case(machine: type[Life], examples: int, steps: int = 40) -> type:
    machine.TestCase.settings = profile(examples, stateful_step_count=steps)
    return machine.TestCase


TestTwoSees = case(OfTwoSees, 40)
TestThreeSeesOfFewSeats = case(OfThreeSeesOfFewSeats, 40)
TestSeveralPages = case(OfSeveralPages, 40)
TestRebasingToken = case(OfARebasingToken, 25)
TestOnOtherChains = case(OnOtherChains, 4, 25)
TestSeveralPagesOnOtherChains = case(OfSeveralPagesOnOtherChains, 3, 25)
