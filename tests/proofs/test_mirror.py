"""The formulas that z3 knows are what the bytecode computes, of random words."""

from __future__ import annotations

import pytest

from campaign.proofs.formulas import Numbers

pytest.importorskip("pyrevm")
ROUNDS = 150
FUNCTIONS = {"claim", "dues", "received", "join", "payout", "pay_late", "succeed", "leave"}


def test_the_formulas_are_what_the_bytecode_computes() -> None:
    from campaign.proofs.mirror import compare

    compared, faults = compare(5, ROUNDS)

    assert faults == []
    assert {name.removeprefix("SEE.") for name in compared} == {*FUNCTIONS, "redirect"}
    assert min(compared.values()) > ROUNDS // 4


def test_the_registrys_records_are_packed_as_the_formulas_say() -> None:
    from campaign.proofs.mirror_records import compare

    compared, faults = compare(5, 20)

    assert faults == []
    assert {*compared} == {f"Registry.{name}" for name in ("register", "amend", "leave", "expire")}
    assert min(compared.values()) == 20


class RoundsUp(Numbers):
    @staticmethod
    def div(left: int, right: int) -> int:
        return -(-left // right) if right else 0


class NoCap(Numbers):
    @staticmethod
    def at_most(left: int, right: int) -> bool:
        return left < right


@pytest.mark.parametrize("wrong", [RoundsUp, NoCap])
def test_a_formula_that_is_a_unit_off_is_noticed(wrong: type[Numbers]) -> None:
    from campaign.proofs.mirror import compare

    _, faults = compare(5, ROUNDS, wrong)

    assert faults != []
