"""Three of the four EVMs run the recorded scenarios; EELS is the campaign's (docs/evms.md)."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from campaign import evms
from campaign.evms import anvil, codes, ethereumjs, py_evm, record, scenario, settings

SMALL = "contract_voice"


@pytest.fixture(scope="module")
def pairs() -> evms.Pairs:
    return evms.load()


@pytest.fixture(scope="module")
def small(pairs: evms.Pairs) -> tuple[scenario.Scenario, dict[str, Any]]:
    """A scenario, and what py-evm answered."""
    made, asked = next(pair for pair in pairs if pair[0]["name"] == SMALL)
    return made, scenario.tidy(py_evm.run(asked), asked)


@pytest.mark.parametrize("engine", [py_evm, anvil, ethereumjs], ids=lambda each: each.NAME)
def test_an_evm_does_what_is_recorded(engine: Any, pairs: evms.Pairs) -> None:
    """Rule: status, gas, output, logs, accounts and the root of the state, after each step."""
    assert evms.compare(pairs, [engine]) == []


def test_every_act_is_recorded(pairs: evms.Pairs) -> None:
    assert sorted(made["name"] for made, _ in pairs) == sorted(record.ACTS)


@pytest.mark.parametrize(
    ("place", "value"),
    [("status", 0), ("gas", 1), ("output", "0x01"), ("logs", []), ("state_root", "0x")],
)
def test_any_difference_is_named(place: str, value: object, small: Any) -> None:
    made, answer = small
    wrong = copy.deepcopy(answer)
    at = next(n for n, step in enumerate(wrong["steps"]) if step["logs"] and step["output"] == "0x")
    wrong["steps"][at][place] = value

    assert list(scenario.differences(made, answer, "py-evm")) == []
    (line,) = scenario.differences(made, wrong, "py-evm")
    assert f"step {at + 1}" in line
    assert place in line


def test_an_account_that_differs_is_named(small: Any) -> None:
    made, answer = small
    wrong = copy.deepcopy(answer)
    account = next(iter(wrong["steps"][0]["accounts"]))
    wrong["steps"][0]["accounts"][account] = [1, "1"]
    wrong["end"][account] = [1, "1"]

    step, end = scenario.differences(made, wrong, "py-evm")
    assert f"step 1 ({made['steps'][0]['act']}), accounts: {account}" in step
    assert f"at the end: {account}" in end


def test_an_evm_that_is_missing_is_a_difference(
    pairs: evms.Pairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anvil, "missing", lambda: "none here")
    assert evms.compare(pairs, [anvil]) == ["revm (anvil) did not run: none here"]


def test_a_scenario_of_other_contracts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaign.evms.codes.digests", lambda names: dict.fromkeys(names, "00"))
    with pytest.raises(ValueError, match="record it anew"):
        scenario.load(scenario.files()[0])


def test_a_setting_that_compiles_otherwise_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule: seeded, a Registry whose code says another reason for a refusal."""
    good = codes.contracts()
    abi, code = good["Registry"]
    said, other = b"bad signature".hex(), b"bad signaturf".hex()
    assert code.count(said) >= 1
    spoiled = {**good, "Registry": (abi, code.replace(said, other))}
    monkeypatch.setattr(
        codes, "contracts", lambda setting="gas": spoiled if setting == "?" else good
    )

    assert list(settings.differences(SMALL, settings=("gas", "gas"))) == []
    with pytest.raises(AssertionError, match="bad signaturf, not bad signature"):
        list(settings.differences(SMALL, settings=("gas", "?")))
