"""`make scale`, with few members: both ways give one table, and a wrong sum is found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from web3 import HTTPProvider, Web3

from bench import scene
from bench.chain import NOW, BenchError, Chain
from bench.ledger import NATIVE
from bench.scene import Scene
from scale import __main__ as command
from scale import books, building, people, report
from scale.life import Life, live
from tools import anvil

RECORD = json.loads(command.RECORD.read_text("ascii"))


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[Scene, Web3]]:
    """A chain with everything in place."""
    options = ["--timestamp", str(NOW), "--gas-price", "0", "--base-fee", "0"]
    options += ["--balance", "1000000", "--disable-min-priority-fee"]
    with anvil.running(*options) as url, closing(Chain(url.removeprefix("http://"))) as chain:
        yield scene.build(chain), Web3(HTTPProvider(url))


@pytest.mark.parametrize("seats", [1, 33, 700])
def test_the_plain_way_gives_the_same_root_and_proofs(tmp_path: Path, seats: int) -> None:
    path = tmp_path / "seats.csv"
    people.crowd(seats, 1).write(path)
    ours, plain = (building.measure(way, path) for way in ("ours", "plain"))
    for figure in ("seats", "proof_bytes", "digest"):
        assert ours[figure] == plain[figure]
    assert ours["seats"] == seats


def test_a_life_is_checked_to_the_unit(
    place: tuple[Scene, Web3], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "SAMPLES", 2)
    found = live(*place, tmp_path, 100, members=4, pages=1, seed=3)
    assert found["checked"]["balances"] > 60
    assert found["checked"]["dues"] == 2 * 4 * 102
    assert found["gas"]["register"]["times"] == found["gas"]["amend"]["times"] == 1
    assert found["gas"]["payout of a page, token"]["times"] == 1


def test_a_unit_too_much_is_found(
    place: tuple[Scene, Web3], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "SAMPLES", 1)
    life = Life(*place, tmp_path, 40, 1)
    before, _ = people.crowds(40, 1, life.leaver.address)
    life.register(life.agreement(before, "first"))
    life.pay()
    member = before.account(5)
    life.claim("claim", [member])
    model = life.books
    model.check(life.see)
    one = {
        "balances of": (model._paid, (NATIVE, member)),
        f"balances of {NATIVE} are not": (model._held, NATIVE),
        "dues from seat 0 of version 0": (model._versions[0][NATIVE]._taken, 7),
    }
    for says, (figures, key) in one.items():
        figures[key] += 1  # type: ignore[index]
        with pytest.raises(BenchError, match=says):
            model.check(life.see)
        figures[key] -= 1  # type: ignore[index]
    model._held[NATIVE] += 60
    monkeypatch.setattr(model, "_balances", lambda currency, accounts: expected(model, accounts))
    with pytest.raises(BenchError, match=r"are held, \d+ are due"):
        model.check(life.see)


def expected(model: books.Books, accounts: list[str]) -> list[int]:
    """Balances as the model has them, as if the chain agreed."""
    return [*(model._paid[NATIVE, each] for each in accounts[:-1]), model._held[NATIVE]]


def test_what_is_recorded_meets_its_goals_and_is_what_is_shown(tmp_path: Path) -> None:
    assert command.misses(RECORD) == []
    assert list(RECORD["tables"]) == list(RECORD["lives"]) == ["1000", "10000", "100000", "1000000"]
    document = tmp_path / "performance.md"
    document.write_bytes(command.DOCUMENT.read_bytes())
    report.show(document, RECORD)
    assert document.read_bytes() == command.DOCUMENT.read_bytes()
    assert "1,000,000" in report.text(RECORD)


def test_a_table_is_put_in_its_place_and_nowhere_else(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    names = list(report.tables(RECORD))
    empty = "".join(f"<!-- scale: {name} -->\n<!-- end -->\n" for name in names[1:])
    document.write_text("before\n" + empty.replace("life -->\n", "life -->\nold\n") + "after\n")
    report.show(document, RECORD)
    shown = document.read_text()
    assert "old" not in shown
    assert shown.startswith("before\n")
    assert shown.endswith("<!-- end -->\nafter\n")
    assert shown.count("| --- |") == shown.count("<!-- end -->") == len(names) - 1
    report.show(document, RECORD)
    assert document.read_text() == shown


def test_a_goal_that_is_missed_is_said() -> None:
    table = {"ours": {"cpu": 11, "memory": 2000}, "store": {"first": 12}, "faster": 2}
    assert len(command.misses({"tables": {"1": table}})) == 4
