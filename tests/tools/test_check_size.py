"""The size check, over and within the budget."""

from __future__ import annotations

import pytest

from tools.check_size import main


def test_contracts_keep_the_budget(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "Noticeboard",
        "Payer",
        "Registry",
        "SEE",
        "Splitter",
    ]


def test_a_contract_over_the_budget_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--budget", "100"]) == 1
    assert "bytes over the budget of 100" in capsys.readouterr().err
