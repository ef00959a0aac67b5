"""Three of the four EVMs run the recorded scenarios; EELS is the campaign's (docs/evms.md)."""

from __future__ import annotations

import copy

import pytest

from campaign import evms
from campaign.evms import anvil, ethereumjs, py_evm, scenario


@pytest.mark.parametrize("engine", [py_evm, anvil, ethereumjs], ids=lambda each: each.NAME)
def test_an_evm_does_what_is_recorded(engine) -> None:
    assert evms.compare(evms.load(), [engine]) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [("status", 0), ("gas", 1), ("output", "0x01"), ("logs", []), ("state_root", "0x")],
)
def test_any_difference_is_named(place: str, value: object) -> None:
    made, asked = evms.load()[0]
    answer = scenario.tidy(py_evm.run(asked), asked)
    wrong = copy.deepcopy(answer)
    at = next(n for n, step in enumerate(wrong["steps"]) if step["logs"] and step["output"] == "0x")
    wrong["steps"][at][place] = value

    assert list(scenario.differences(made, answer, "py-evm")) == []
    (line,) = scenario.differences(made, wrong, "py-evm")
    assert f"step {at + 1}" in line
    assert place in line


def test_an_account_that_differs_is_named() -> None:
    made, asked = evms.load()[0]
    answer = scenario.tidy(py_evm.run(asked), asked)
    account = next(iter(answer["steps"][0]["accounts"]))
    answer["steps"][0]["accounts"][account] = [1, "1"]

    (line,) = scenario.differences(made, answer, "py-evm")
    assert f"step 1 ({made['steps'][0]['act']}), accounts: {account}" in line


def test_a_scenario_of_other_contracts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaign.evms.codes.digests", lambda names: dict.fromkeys(names, "00"))
    with pytest.raises(ValueError, match="record it anew"):
        scenario.load(scenario.files()[0])
