"""Tables: no figure is ever broken in two, however narrow the terminal is."""

from __future__ import annotations

import pytest

from seechain.cli import tables

COLUMNS = ("time", "what", "payer", "amount>")
ACCOUNT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
ROWS = [
    ("", "held at the opening", "", "0"),
    ("2026-11-28 14:00:01", "payment", ACCOUNT, "2.589686042113222662"),
]


def narrowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 80 columns, from here on."""
    monkeypatch.setattr(tables.sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")  # no colours


def test_what_is_too_wide_for_a_terminal_is_shown_fact_by_fact(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    narrowed(monkeypatch)
    tables.print_table("Lines", COLUMNS, ROWS)
    assert capsys.readouterr().out.splitlines()[1:] == [
        "held at the opening",
        "  amount  0",
        "2026-11-28 14:00:01",
        "  what    payment",
        f"  payer   {ACCOUNT}",
        "  amount  2.589686042113222662",
    ]


def test_what_fits_is_rows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    narrowed(monkeypatch)
    tables.print_table("", ("member", "part>"), [("Ada", "40"), ("\u738b\u5c0f\u660e", "5")])
    said = capsys.readouterr().out
    assert [line.split() for line in said.splitlines()] == [
        ["member", "part"], ["Ada", "40"], ["\u738b\u5c0f\u660e", "5"]
    ]  # fmt: skip


def test_what_is_piped_is_one_line_for_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    """At 160 columns it was folded, and no program could read it."""
    long = "x" * 300
    tables.print_table("", (*COLUMNS, "note"), [(*ROWS[1], long)])
    (_, line) = capsys.readouterr().out.splitlines()
    assert line.split()[-2:] == ["2.589686042113222662", long]
