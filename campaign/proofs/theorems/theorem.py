"""What a theorem is, and how z3 is asked.

A theorem is a function that returns what is given, what follows, and a false neighbour of both:
z3 must find that the first has no counterexample, that what is given can be at all, and that the
neighbour has one. A theorem that holds for the wrong reason fails at one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import z3

TIMEOUT = 600_000  # milliseconds by the clock, of one question: others may use the cores too


_WORD = z3.BitVecSort(256)
_MUL = z3.Function("mul", _WORD, _WORD, _WORD)
_DIV = z3.Function("div", _WORD, _WORD, _WORD)


class Symbols:
    """256-bit words as terms of z3; the other side of formulas.Numbers.

    Products and quotients are left open: what is proven holds whatever they are. Theorems that
    need to know what they are speak of integers.
    """

    @staticmethod
    def word(value: Any) -> Any:
        return z3.BitVecVal(value, 256) if isinstance(value, int) else value

    @staticmethod
    def mul(left: Any, right: Any) -> Any:
        return _MUL(left, right)

    @staticmethod
    def div(left: Any, right: Any) -> Any:
        return _DIV(left, right)

    @staticmethod
    def shr(value: Any, bits: int) -> Any:
        return z3.LShR(value, bits)

    @staticmethod
    def shl(value: Any, bits: Any) -> Any:
        return z3.BitVecVal(value, 256) << bits

    @staticmethod
    def at_most(left: Any, right: Any) -> Any:
        return z3.ULE(left, right)

    @staticmethod
    def pick(condition: Any, yes: Any, no: Any) -> Any:
        return z3.If(condition, yes, no)


class Integers:
    """Words as integers of z3, for sums: what wraps is said so."""

    @staticmethod
    def word(value: Any) -> Any:
        return value % 2**256

    @staticmethod
    def shr(value: Any, bits: int) -> Any:
        return value / z3.IntVal(2**bits)

    @staticmethod
    def at_most(left: Any, right: Any) -> Any:
        return left <= right

    @staticmethod
    def pick(condition: Any, yes: Any, no: Any) -> Any:
        return z3.If(condition, yes, no)


@dataclass
class Claim:
    """Given these, that follows; and the neighbour, which must not."""

    given: list[Any]
    follows: Any
    neighbour: Any
    neighbour_given: list[Any] | None = None  # where the neighbour is given something else
    splits: list[Any] = field(default_factory=list)  # lemmas: each is proven, then used


@dataclass(frozen=True)
class Theorem:
    name: str
    says: str
    mirrors: str
    claim: Callable[[], Claim]


ALL: dict[str, Theorem] = {}


def theorem(mirrors: str) -> Callable[[Callable[[], Claim]], Callable[[], Claim]]:
    """Name a theorem by its function and say which functions of contracts/ it mirrors."""

    def keep(claim: Callable[[], Claim]) -> Callable[[], Claim]:
        says = " ".join((claim.__doc__ or "").split())
        name = claim.__name__
        assert says
        assert name not in ALL
        ALL[name] = Theorem(name, says, mirrors, claim)
        return claim

    return keep


def check(wanted: Theorem) -> list[str]:
    """Return what is wrong: nothing, where it is proven and its neighbour refuted."""
    claim = wanted.claim()
    faults = []
    given = list(claim.given)
    for lemma in claim.splits:
        if (answer := _ask([*given, z3.Not(lemma)])) != z3.unsat:
            faults.append(f"{wanted.name}: a lemma is {answer}")
        given.append(lemma)
    if (answer := _ask([*given, z3.Not(claim.follows)])) != z3.unsat:
        faults.append(f"{wanted.name}: not proven ({answer})")
    if (answer := _ask(given)) != z3.sat:
        faults.append(f"{wanted.name}: nothing is like what is given ({answer})")
    given = claim.given if claim.neighbour_given is None else claim.neighbour_given
    if (answer := _ask([*given, z3.Not(claim.neighbour)])) != z3.sat:
        faults.append(f"{wanted.name}: its false neighbour is not refuted ({answer})")
    return faults


def words(names: str) -> list[Any]:
    return [z3.BitVec(name, 256) for name in names.split()]


def _ask(terms: list[Any]) -> Any:
    solver = z3.SolverFor("QF_UFBV") if _of_words(terms) else z3.Solver()
    solver.set("timeout", TIMEOUT)
    solver.add(*terms)
    return solver.check()


def _of_words(terms: list[Any]) -> bool:
    """Whether nothing but vectors is spoken of: there is a quicker solver for these."""
    seen, todo = set(), list(terms)
    while todo:
        term = todo.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        if not (z3.is_bool(term) or z3.is_bv(term)):
            return False
        todo += term.children()
    return True
