"""Checks the descriptors of hardware wallets by the linter of their registry, without the network.

    .build/erc7730/bin/python tools/lint_descriptors.py [FOLDER]

The linter (the package erc7730) would ask Sourcify and Etherscan for the interface of the contract
on each chain. It is given what was compiled here, so that all calls are compared, also where
nothing is deployed yet. A warning is a fault too.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from erc7730.common import client
from erc7730.common.output import ConsoleOutputAdder
from erc7730.lint.v2.lint import lint_all
from erc7730.model.abi import ABI
from pydantic import TypeAdapter

SOURCE = Path(__file__).resolve().parent.parent / "src" / "seechain"


def interface_of(contract: str) -> list[ABI]:
    """What a transaction can call of a contract."""
    abi = json.loads((SOURCE / "_artifacts" / f"{contract}.json").read_text("utf-8"))["abi"]
    calls = [each for each in abi if each.get("stateMutability") not in ("view", "pure")]
    return TypeAdapter(list[ABI]).validate_json(json.dumps(calls))


def main(arguments: list[str]) -> int:
    """Lint the descriptors of a folder; return 1 where the linter says anything of them."""
    folder = Path(arguments[0]) if arguments else SOURCE / "descriptors"
    known = {}
    for path in folder.glob("calldata-*.json"):
        said = json.loads(path.read_text("utf-8"))
        contract = said["metadata"]["contractName"].removeprefix("seechain ")
        for each in said["context"]["contract"]["deployments"]:
            known[each["address"].lower()] = interface_of(contract)
    client.get_contract_abis = lambda _, address: known[address.lower()]
    client.get_contract_explorer_url = lambda *_: "what was compiled"
    out = ConsoleOutputAdder()
    count = lint_all(sorted(folder.glob("*.json")), out)
    print(f"{count} descriptors were checked")
    return 1 if out.has_errors or out.has_warnings or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
