"""Scenario files: what happens, in words that any EVM understands, and what must come of it.

A file has a genesis, the environment of its blocks, and steps. A step is one transaction in a
block of its own. Its data may hold `{Name}`, which stands for the init code of a contract that
is compiled when the scenario runs: no bytecode is kept.

What is expected of a step: status, gas used, output (of a revert: its data; of a creation:
nothing, since the account tells it), logs, and for each account that it changed: nonce, balance
in wei, hash of its code, root of its storage. And the root of the state as a whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_utils import keccak, to_checksum_address

from campaign.evms import codes

FOLDER = Path(__file__).parent / "scenarios"
Scenario = dict[str, Any]
# Of an account without code and storage: the hash of nothing, the root of an empty tree.
NOTHING = ["0x" + keccak(b"").hex(), "0x" + keccak(b"\x80").hex()]
STALE = "the contracts are others than those of {}: record it anew (python -m campaign.evms.record)"


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.json"))


def load(path: Path) -> Scenario:
    """Read a scenario.

    Raises:
        ValueError: it was made from other contracts than those at hand.
    """
    made: Scenario = json.loads(path.read_text(encoding="utf-8"))
    if codes.digests(made["made_from"]) != made["made_from"]:
        raise ValueError(STALE.format(path.name))
    return made


def save(scenario: Scenario, path: Path) -> None:
    """Write it with a line for each account and each step, so that a change can be read."""
    lines = []
    for key, value in scenario.items():
        if isinstance(value, list):
            inner = ",\n".join("  " + json.dumps(each) for each in value)
            lines.append(f" {json.dumps(key)}: [\n{inner}\n ]")
        elif isinstance(value, dict) and key != "block":
            inner = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items())
            lines.append(f" {json.dumps(key)}: {{\n{inner}\n }}")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value)}")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8", newline="\n")


# ---------------------------------------------------------------- for an engine


def fill(text: str, contracts: codes.Contracts) -> str:
    """Data with the init codes in their places."""
    return re.sub(r"\{(\w+)\}", lambda found: contracts[found[1]][1], text)


def signed(step: dict[str, Any], block: dict[str, Any], keys: dict[str, str], data: str) -> str:
    """The raw transaction of a step: type 4 where it carries authorizations, else type 2."""
    fields: dict[str, Any] = {
        "type": 2,
        "chainId": block["chain_id"],
        "nonce": step["nonce"],
        "to": step["to"] or "",
        "value": int(step["value"]),
        "data": data,
        "gas": step["gas"],
        "maxFeePerGas": block["max_fee"],
        "maxPriorityFeePerGas": block["tip"],
        "accessList": step.get("access_list", []),
    }
    if step.get("authorizations"):
        fields["type"] = 4
        fields["authorizationList"] = [
            Account.from_key(keys[each["signer"]]).sign_authorization(
                {k: each[k] for k in ("chainId", "address", "nonce")}
            )
            for each in step["authorizations"]
        ]
    return "0x" + bytes(Account.from_key(keys[step["sender"]]).sign_transaction(fields)[0]).hex()


def request(scenario: Scenario) -> dict[str, Any]:
    """A scenario as an engine takes it: code filled in, transactions signed, nothing expected."""
    made = codes.contracts()
    genesis = {
        account: {
            "balance": each["balance"],
            "nonce": each.get("nonce", 0),
            "code": codes.DETERMINISTIC_DEPLOYER_CODE if each.get("deployer") else "",
        }
        for account, each in scenario["genesis"].items()
    }
    steps = []
    for step in scenario["steps"]:
        raw = signed(step, scenario["block"], scenario["keys"], fill(step["data"], made))
        steps.append(
            {
                "raw": raw,
                "creates": not step["to"],
                "number": step["number"],
                "timestamp": step["timestamp"],
                "watch": list(step["expect"]["accounts"]),
            }
        )
    return {
        "block": scenario["block"],
        "genesis": genesis,
        "steps": steps,
        "watch": list(scenario["end"]),
    }


# ---------------------------------------------------------------- compare


def tidy(answer: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """An engine's answer in the form of the files, whatever its habits of writing are."""
    for step, got in zip(asked["steps"], answer["steps"], strict=True):
        if step["creates"] and got["status"]:
            got["output"] = "0x"  # the code, of which the account has the hash
        got["logs"] = [[to_checksum_address(a), topics, data] for a, topics, data in got["logs"]]
        got["accounts"] = {each: short(found) for each, found in got["accounts"].items()}
    answer["end"] = {each: short(found) for each, found in answer["end"].items()}
    return answer


def short(account: list[Any] | None) -> list[Any]:
    """Nonce and balance; then hash of the code and root of the storage, where there are any."""
    if account is None:
        return [0, "0"]
    return account if account[2:] != NOTHING else account[:2]


def differences(scenario: Scenario, answer: dict[str, Any], engine: str) -> Iterator[str]:
    """Where an engine's answer is not what is expected, one line each."""
    where = f"{scenario['name']} on {engine}"
    if len(answer["steps"]) != len(scenario["steps"]):
        yield f"{where}: {len(answer['steps'])} of {len(scenario['steps'])} steps"
    for step, got in zip(scenario["steps"], answer["steps"], strict=False):
        for what, wanted in step["expect"].items():
            if what != "reason" and got[what] != wanted:
                at = f"{where}, step {step['number']} ({step['act']}), {what}"
                yield f"{at}: {_first(got[what], wanted)}"
    if answer["end"] != scenario["end"]:
        yield f"{where}, at the end: {_first(answer['end'], scenario['end'])}"


def _first(got: Any, wanted: Any) -> str:
    """The first place where two things differ, in a line that can be read."""
    if isinstance(got, dict) and isinstance(wanted, dict):
        for key in [*wanted, *(each for each in got if each not in wanted)]:
            if got.get(key) != wanted.get(key):
                return f"{key}: {_first(got.get(key), wanted.get(key))}"
    if isinstance(got, list) and isinstance(wanted, list) and len(got) == len(wanted):
        for place, (one, other) in enumerate(zip(got, wanted, strict=True)):
            if one != other:
                return f"[{place}]: {_first(one, other)}"
    return f"{str(got)[:160]}, not {str(wanted)[:160]}"
