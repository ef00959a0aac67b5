"""What the benchmark says of rows: misses, rises, the record and the document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import report
from bench.__main__ import DOCUMENT, RECORD, judge
from bench.chain import BenchError
from bench.targets import PEERS, ROWS

RECORDED = report.read(RECORD)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """The record and its document, to be written to."""
    record, document = tmp_path / "gas.json", tmp_path / "gas.md"
    document.write_text("before\n<!-- gas table -->\n<!-- end -->\nafter\n")
    report.write(record, document, RECORDED)
    return record, document


def test_the_record_is_one_flat_object_of_all_rows_within_their_targets() -> None:
    assert tuple(json.loads(RECORD.read_text())) == ROWS
    assert report.misses(RECORDED) == []


def test_the_document_shows_the_record() -> None:
    assert report.is_current(DOCUMENT, RECORDED)
    assert not report.is_current(DOCUMENT, RECORDED | {"pay.native": 1})
    older = {row: gas for row, gas in RECORDED.items() if row != "amend.3"}
    assert not report.is_current(DOCUMENT, older)


@pytest.mark.parametrize(
    ("row", "limit"),
    [
        ("create.unpublished", 83_500),
        ("create.published.100", 155_000),
        ("claim.native.first.32", 79_360),
        ("push.native.2", 77_613),
        ("push.erc20.100", 1_101_475),
        ("claims.native.10", 222_070),
        ("claims.erc20.20", 429_132),
        ("register.unpublished.1000000", RECORDED["register.unpublished.10"] + 1000),
        ("deregister.3", 97_000),
        ("amend.3.first", 190_000),
        ("amend.3.nothing_owed", 125_000),
        ("amend.3.1000000", RECORDED["amend.3"] + 1000),
        ("leave.2", 130_000),
        ("claim_past.native", 52_000),
        ("claim_past.erc20", 62_000),
    ],
)
def test_a_row_may_use_its_target_and_no_more(row: str, limit: int) -> None:
    assert report.misses(RECORDED | {row: limit}) == []
    assert report.misses(RECORDED | {row: limit + 1}) == [
        f"{row} misses its target by 1: {limit + 1:,}, at most {limit:,}"
    ]


def test_a_row_without_a_target_misses_none_and_may_not_rise_either() -> None:
    risen = RECORDED | {"claim.after_amend": 10**7}
    assert report.misses(risen) == []
    shown = {line[0]: line for line in report.lines(risen)}
    assert shown["claim.after_amend"] == ("claim.after_amend", "10,000,000", "", "", "", "")
    (fault,) = report.regressions(risen, RECORDED)
    assert fault.startswith("claim.after_amend rose by ")


def test_a_row_may_rise_by_half_a_percent_and_no_more() -> None:
    assert report.regressions({"pay.native": 20_100}, {"pay.native": 20_000}) == []
    assert report.regressions({"pay.native": 20_101}, {"pay.native": 20_000}) == [
        "pay.native rose by 0.51%: from 20,000 to 20,101"
    ]


def test_rows_that_come_and_go_are_named() -> None:
    assert report.regressions({"new": 1}, {"old": 1}) == [
        "new is not recorded",
        "old is recorded and was not measured",
    ]
    with pytest.raises(BenchError, match=r"pay\.native"):
        report.check_rows({row: 1 for row in ROWS if row != "pay.native"})


def test_each_line_has_the_ratio_to_the_best_peer() -> None:
    shown = {line[0]: line for line in report.lines(RECORDED | {"claim.native.steady": 44_995})}
    assert shown["claim.native.steady"][3:] == ("44,995", "OpenZeppelin", "1.000")
    assert shown["deregister.3"][3:] == ("", "", "")
    assert set(PEERS) <= set(ROWS)


def test_what_is_within_bounds_is_recorded(files: tuple[Path, Path]) -> None:
    record, document = files
    rows = RECORDED | {"deregister.3": RECORDED["deregister.3"] - 1}
    assert judge(rows, check=False, update=False, record=record, document=document) == []
    assert report.read(record) == rows
    assert f"| `deregister.3` | {rows['deregister.3']:,} |" in document.read_text()
    assert document.read_text().startswith("before\n")
    assert document.read_text().endswith("after\n")


def test_a_rise_is_a_fault_and_recorded_only_when_asked(files: tuple[Path, Path]) -> None:
    record, document = files
    rows = RECORDED | {"deregister.3": 96_999}
    for check in (False, True):
        (fault,) = judge(rows, check=check, update=False, record=record, document=document)
        assert fault.startswith("deregister.3 rose by ")
        assert report.read(record) == RECORDED
    assert judge(rows, check=False, update=True, record=record, document=document) == []
    assert report.read(record) == rows


def test_a_first_record_is_made_but_not_by_a_check(files: tuple[Path, Path]) -> None:
    record, document = files
    record.unlink()
    with pytest.raises(BenchError, match=r"gas\.json can't be read"):
        judge(RECORDED, check=True, update=False, record=record, document=document)
    assert judge(RECORDED, check=False, update=False, record=record, document=document) == []
    assert report.read(record) == RECORDED


def test_a_check_writes_nothing_and_finds_a_document_that_drifted(
    files: tuple[Path, Path],
) -> None:
    record, document = files
    rows = RECORDED | {"deregister.3": RECORDED["deregister.3"] - 1}
    before = record.read_text(), document.read_text()
    assert judge(rows, check=True, update=False, record=record, document=document) == []
    assert (record.read_text(), document.read_text()) == before

    document.write_text(before[1].replace("| `pay.native` | ", "| `pay.native` | 1"))
    (fault,) = judge(rows, check=True, update=False, record=record, document=document)
    assert fault == "gas.md does not show gas.json: make gas-update"


@pytest.mark.parametrize("text", ["", "[]", '{"pay.native": 1.5}', '{"pay.native": true}'])
def test_a_record_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "gas.json"
    path.write_text(text)
    with pytest.raises(BenchError, match="make gas-update"):
        report.read(path)
