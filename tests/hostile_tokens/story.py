"""One whole life of a SEE, in which a token turns hostile."""

from __future__ import annotations

from typing import Any

from tests.hostile_tokens.acts import Acts, second_shares
from tests.hostile_tokens.kinds import Kind
from tests.hostile_tokens.stage import PEOPLE, VOICES
from tests.properties.world import ZERO

TURNS = ("from the start", "once it was paid", "once there is another agreement")


def whole_life(chain: Any, kind: Kind, turn: str = TURNS[0], fillers: int = 0) -> Acts:
    """Registered, paid, joined, claimed, paid out, redirected, left, amended, paid late, ended."""
    s = Acts(chain, kind, fillers)
    s.turn(turn == TURNS[0])
    _paid(s, 10_007)
    s.turn(turn in TURNS[:2])
    _first_agreement(s)
    s.turn(turn in TURNS[:2])
    s.amend(second_shares(s))
    s.turn(True)
    _second_agreement(s)
    s.deregister()
    for currency in (ZERO, s.good, s.bad):
        s.transfer(currency, 333)
        s.payout(currency, whole=False)
    s.settle([ZERO, s.good])
    s.check_exact(ZERO)
    s.check_exact(s.good)
    s.check_no_strays()
    _behaves_again(s)
    return s


def _paid(s: Acts, amount: int) -> None:
    for currency in (ZERO, s.good, s.bad, *([s.second] if s.second else [])):
        s.pay(currency, amount)
        s.transfer(currency, amount // 3)
    s.next_block()


def _first_agreement(s: Acts) -> None:
    for account in (PEOPLE[1], s.contract, VOICES[0]):
        s.join(account)
    s.transfer(ZERO, 5_003)
    s.must("claim", s.claim(ZERO, s.contract))
    s.must("claim_token", s.claim(s.good, s.contract))
    s.claim(s.bad, s.contract)
    s.claim_versions("claim_versions", 0, [ZERO, s.bad, s.good], instead=[ZERO, s.good])
    _paid(s, 20_011)
    for whole in (False, True):
        for currency in (s.bad, ZERO, s.good):
            s.payout(currency, whole)
        _paid(s, 7_001)
    s.redirect(PEOPLE[1])
    s.leave(PEOPLE[0])
    _paid(s, 9_001)
    s.check_solvent() if s.kind.solvent else None


def _second_agreement(s: Acts) -> None:
    s.touch(s.good)
    s.touch(s.bad)
    _paid(s, 8_009)
    for currency in (ZERO, s.good, s.bad):
        s.pay_late(currency, 4_001, 0)
    s.must("late claims", s.claim_versions("", 0, [ZERO, s.good], 1 << 15))
    s.claim_versions("late claims", 0, [s.bad], 1 << 15)
    for account in (PEOPLE[2], VOICES[0]):
        s.join(account)
    s.leave(VOICES[0])
    s.touch(s.good, [VOICES[0]])
    s.touch(s.bad, [VOICES[0]])
    _paid(s, 6_007)
    s.leave(PEOPLE[2])
    for currency in (s.bad, ZERO, s.good):
        s.payout(currency, whole=True)
    _paid(s, 3_001)
    s.check_solvent() if s.kind.solvent else None


def _behaves_again(s: Acts) -> None:
    """What the token owes is paid once it lets itself be paid."""
    s.turn(False)
    refused, s.refused = s.refused, []
    if s.kind.exact and s.kind.code:
        s.touch(s.bad, [VOICES[0], PEOPLE[2]])
    s.settle([s.bad])
    if s.kind.exact:
        s.check_exact(s.bad)
    s.refused = refused
