"""What is said of growth is what was recorded, and a push is held against its floor."""

from __future__ import annotations

import json

import pytest

from bench import growth
from bench.peers import __main__ as peers
from bench.peers import floors, report
from bench.peers.figures import Figure


def recorded() -> dict[str, growth.Table]:
    said = json.loads(growth.RECORD.read_text("utf-8"))
    return {name: said[name] for name in ("payments", "versions")}


def test_the_document_shows_the_growth_that_was_recorded() -> None:
    prose = growth.DOCUMENT.read_text("utf-8")
    for name, table in growth.shown(recorded()).items():
        assert f"<!-- growth: {name} -->\n{table}<!-- end -->" in prose


def test_nothing_grows_with_payments_and_an_amendment_not_with_versions() -> None:
    payments, versions = recorded()["payments"], recorded()["versions"]
    noise = 100  # zero bytes of signatures and hashes
    for row in (*payments.values(), versions["amend"], versions["claim_in_force"]):
        assert max(row.values()) - min(row.values()) <= noise


def test_a_floor_is_two_transactions_their_calldata_and_the_recipients() -> None:
    floor = floors.of_push("ours", 3, b"\0\0\1\2")
    assert floor.gas == 22_024 + 21_000 + 2 * 4 + 2 * 16 + 3 * 9_300


@pytest.mark.parametrize(
    ("members", "of_floor", "faults"), [(50, 1.08, 0), (50, 1.081, 1), (49, 2, 0)]
)
def test_a_push_to_many_keeps_to_its_floor(members: int, of_floor: float, faults: int) -> None:
    floor = floors.of_push("ours", members, b"")
    ours = Figure("push.native", members, "ours", int(floor.gas * of_floor))
    found = floors.faults([ours, floor])
    assert len(found) == faults
    assert all(f"push.native to {members} members" in each for each in found)


def test_the_record_keeps_to_the_floors() -> None:
    figures = report.read(peers.RECORD)
    assert sum(each.row == floors.ROW for each in figures) == 7
    assert floors.faults(figures) == []
