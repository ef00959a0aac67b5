"""Writes the descriptors by which hardware wallets show what is signed (ERC-7730, version 2).

    python tools/make_descriptors.py           write src/seechain/descriptors/
    python tools/make_descriptors.py --check   say whether they are up to date

Types, functions and the contracts' addresses come from the package, so that a descriptor can't say
other than the code; what is said of each field is written down here. A field of which nothing is
said is not shown: it is a proof, or a number that only tells messages apart.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from seechain.chain.artifacts import load
from seechain.chain.clones import noticeboard_address, payer_address, registry_address
from seechain.consent import messages

FOLDER = Path(__file__).resolve().parent.parent / "src" / "seechain" / "descriptors"
SCHEMA = "https://eips.ethereum.org/assets/eip-7730/erc7730-v2.schema.json"
# The contracts have one address on every chain; a descriptor must name the chains all the same.
CHAINS = {
    1: "Ethereum",
    10: "OP Mainnet",
    100: "Gnosis",
    137: "Polygon",
    8453: "Base",
    42161: "Arbitrum One",
    11155111: "Sepolia",
}

DATE = {"format": "date", "params": {"encoding": "timestamp"}}
PERSON = {"format": "addressName", "params": {"types": ["wallet", "eoa", "contract"]}}
CONTRACT = {"format": "addressName", "params": {"types": ["contract"]}}
TOKEN = {"format": "addressName", "params": {"types": ["token"]}}
KIND = {"format": "enum", "params": {"$ref": "$.metadata.enums.kinds"}}
WHAT = {"format": "enum", "params": {"$ref": "$.metadata.enums.notices"}}
AMOUNT = {"format": "tokenAmount", "params": {"tokenPath": "currency"}}
RAW = {"format": "raw"}
UNLESS_ZERO = {"visible": {"ifNotIn": [0]}}

# What a wallet shows of each message: its intent, and label and format by path.
_AGREEMENT = {
    "terms.text": ("Agreement", RAW),
    "terms.expiry": ("Ends", DATE),
    "terms.quorum_numerator": ("Quorum, part", RAW),
    "terms.quorum_denominator": ("Quorum, of", RAW),
    "terms.currencies.[]": ("Currency, 0 is coin", TOKEN),
    "terms.roll.[]": ("Account and voices", RAW),
    "table.shares": ("Shares in all", RAW),
    "table.root": ("Share table", RAW),
}
_SEE = ("SEE", CONTRACT)
_VERSION = ("Version", RAW)
_ACCOUNT = ("For account", PERSON)
_DEADLINE = ("Signature good until", DATE)
_NOTICE = {
    "uri": ("Found at", RAW),
    "content": ("Hash of it", RAW),
    "shares": ("Shares offered", RAW | UNLESS_ZERO),
    "until": ("Open until", DATE | UNLESS_ZERO),
}
MESSAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "Registration": ("Agree to form a SEE", _AGREEMENT),
    "Amendment": (
        "Agree to change a SEE",
        {"see": _SEE, "version": ("From version", RAW)}
        | {f"agreement.{path}": shown for path, shown in _AGREEMENT.items()},
    ),
    "Deregistration": ("Agree to end a SEE", {"see": _SEE, "version": _VERSION}),
    "Endorsement": (
        "Agree that a SEE signs",
        {
            "see": ("SEE that signs", CONTRACT),
            "version": _VERSION,
            "kind": ("What it signs", KIND),
            "account": ("For the member", CONTRACT),
            "subject": ("Hash of it", RAW),
        },
    ),
    "Leaving": (
        "Leave a SEE for ever",
        {
            "see": _SEE,
            "version": _VERSION,
            "voice": ("Give up the voice", RAW),
            "seat": ("Give up the seat", RAW),
        },
    ),
    "Redirection": ("Redirect your money", {"see": ("From SEE", CONTRACT), "to": ("To", PERSON)}),
    "Publication": ("Say where to read", {"see": _SEE, "uri": ("Agreement at", RAW)}),
    "Posting": (
        "Publish a notice",
        {"see": _SEE, "what": ("Notice", RAW)} | _NOTICE | {"board": ("Noticeboard", CONTRACT)},
    ),
}

# The same of functions, by contract.
_TERMS = {
    "text": ("Hash of agreement", RAW),
    "expiry": ("Ends", DATE),
    "quorum_numerator": ("Quorum, part", RAW),
    "quorum_denominator": ("Quorum, of", RAW),
}
_UNTIL = {"deadline": ("Signatures until", DATE)}
_REGISTRY: dict[str, tuple[str, dict[str, Any]]] = {
    "register": (
        "Register an agreement",
        {f"terms.{path}": shown for path, shown in _TERMS.items()}
        | {"table.shares": ("Shares in all", RAW), "table.root": ("Share table", RAW)}
        | _UNTIL,
    ),
    "amend": (
        "Change a SEE",
        {"see": _SEE}
        | {f"next_terms.{path}": shown for path, shown in _TERMS.items()}
        | {"next_table.shares": ("Shares in all", RAW), "next_table.root": ("Share table", RAW)}
        | _UNTIL,
    ),
    "deregister": ("End a SEE", {"see": _SEE} | _UNTIL),
    "expire": ("End a SEE that expired", {"see": _SEE}),
    "leave": (
        "Leave a SEE for ever",
        {"see": _SEE, "account": ("Gives up its voice", PERSON), "seat": ("And the seat", RAW)}
        | _UNTIL,
    ),
    "leave_seat": (
        "Give up a seat for ever",
        {"see": _SEE, "account": ("Gives up its seat", PERSON), "version": _VERSION} | _UNTIL,
    ),
    "endorse": (
        "Let a SEE sign",
        {
            "see": ("SEE that signs", CONTRACT),
            "kind": ("What it signs", KIND),
            "account": ("For the member", CONTRACT),
            "subject": ("Hash of it", RAW),
        }
        | _UNTIL,
    ),
    "locate": (
        "Say where to read",
        {"see": _SEE, "account": ("Said by", PERSON), "uri": ("Agreement at", RAW)} | _UNTIL,
    ),
    "publish": ("Publish a share table", {"account": ("SEE or Splitter", CONTRACT)}),
    "create": (
        "Create a Splitter",
        {"shares": ("Shares in all", RAW), "root": ("Share table", RAW)},
    ),
    "create_published": (
        "Create a Splitter",
        {"shares": ("Shares in all", RAW), "root": ("Share table", RAW)},
    ),
    "deploy": (
        "Deploy a SEE's address",
        {"table.shares": ("Shares in all", RAW), "table.root": ("Share table", RAW)},
    ),
}
_PAYMENT = {
    "amount": ("Amount", AMOUNT),
    "see": ("To SEE or Splitter", CONTRACT),
    "memo": ("Reference", RAW),
}
CALLS: dict[str, dict[str, tuple[str, dict[str, Any]]]] = {
    "Registry": _REGISTRY,
    "Payer": {
        "pay_with_permit": ("Pay a SEE", _PAYMENT | {"deadline": ("Permit good until", DATE)}),
        "pay_with_authorization": (
            "Pay a SEE for another",
            {"payer": ("From", PERSON)} | _PAYMENT | {"valid_before": ("Good until", DATE)},
        ),
    },
    "Noticeboard": {
        "post": (
            "Publish a notice",
            {"notice.see": _SEE, "notice.what": ("Notice", WHAT)}
            | {f"notice.{path}": shown for path, shown in _NOTICE.items()}
            | {"account": ("Author", PERSON)}
            | _UNTIL,
        ),
    },
}


def descriptors() -> dict[str, str]:
    """The text of each descriptor by the name of its file."""
    made = {
        "eip712-seechain-registry.json": _descriptor(
            "Registry",
            {"eip712": {"deployments": _deployments("Registry"), "domain": _domain()}},
            {encode_type(name): _of_message(name) for name in messages.KINDS},
        )
    }
    for contract in CALLS:
        made[f"calldata-seechain-{contract.lower()}.json"] = _descriptor(
            contract,
            {"contract": {"deployments": _deployments(contract)}},
            {signature(each): _of_call(contract, each) for each in functions(contract)},
        )
    return {name: json.dumps(each, indent=2) + "\n" for name, each in made.items()}


def encode_type(name: str) -> str:
    """EIP-712's encodeType of a message: what its kind is the hash of."""
    encoded = ""
    for each in (name, *messages.SUBJECTS[name][2]):
        fields = (f"{field['type']} {field['name']}" for field in messages.TYPES[each])
        encoded += f"{each}({','.join(fields)})"
    return encoded


def address_of(contract: str) -> str:
    """Where a contract stands, on every chain."""
    registry = registry_address()
    return {
        "Registry": registry,
        "Payer": payer_address(),
        "Noticeboard": noticeboard_address(registry),
    }[contract]


def functions(contract: str) -> list[dict[str, Any]]:
    """Those of a contract that a transaction calls, from its interface."""
    return [
        each
        for each in load(contract).abi
        if each["type"] == "function" and each["stateMutability"] not in ("view", "pure")
    ]


def signature(function: dict[str, Any]) -> str:
    """A function with types and names of its arguments, as ERC-7730 writes it."""
    return f"{function['name']}({','.join(map(_argument, function['inputs']))})"


def leaves(inputs: list[dict[str, Any]], at: str = "") -> list[str]:
    """The paths of all values of arguments."""
    found = []
    for each in inputs:
        path = f"{at}{each['name']}" + (".[]" if each["type"].endswith("[]") else "")
        inner = each.get("components")
        found += leaves(inner, f"{path}.") if inner else [path]
    return found


def paths_of(kind: str, at: str = "") -> list[str]:
    """The paths of all values of an EIP-712 type."""
    found = []
    for field in messages.TYPES[kind]:
        base = field["type"].removesuffix("[]")
        path = f"{at}{field['name']}" + (".[]" if base != field["type"] else "")
        found += paths_of(base, f"{path}.") if base in messages.TYPES else [path]
    return found


def _argument(each: dict[str, Any]) -> str:
    if "components" not in each:
        return f"{each['type']} {each['name']}"
    inner = ",".join(map(_argument, each["components"]))
    return f"({inner}){each['type'].removeprefix('tuple')} {each['name']}"


def _of_message(name: str) -> dict[str, Any]:
    intent, shown = MESSAGES[name]
    field = messages.SUBJECTS[name][0]
    said = {"account": _ACCOUNT}
    said |= {f"{field}.{path}": each for path, each in shown.items()}
    return _format(intent, said | {"deadline": _DEADLINE}, paths_of(name))


def _of_call(contract: str, function: dict[str, Any]) -> dict[str, Any]:
    intent, shown = CALLS[contract][function["name"]]
    return _format(intent, shown, leaves(function["inputs"]))


def _format(intent: str, shown: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    """Every value has its field: what is not shown is said to be so."""
    if unknown := set(shown) - set(paths):
        raise KeyError(f"{intent}: there is no {', '.join(sorted(unknown))}")
    fields = [{"path": path, "label": each[0], **each[1]} for path, each in shown.items()]
    fields += [
        {"path": path, "label": path.removesuffix(".[]").rpartition(".")[2], "visible": "never"}
        for path in paths
        if path not in shown
    ]
    return {"intent": intent, "fields": fields}


def _descriptor(contract: str, context: dict[str, Any], formats: dict[str, Any]) -> dict[str, Any]:
    enums: dict[str, dict[str, str]] = {
        "kinds": {"0x" + raw.hex(): name for name, raw in messages.KINDS.items()},
        "notices": {"1": "Appeal", "2": "Record"},
    }
    said = json.dumps(formats)
    used = {name: each for name, each in enums.items() if f"$.metadata.enums.{name}" in said}
    return {
        "$schema": SCHEMA,
        "$comment": "Written by tools/make_descriptors.py",
        "context": context,
        "metadata": {"owner": "seechain", "contractName": f"seechain {contract}"}
        | ({"enums": used} if used else {}),
        "display": {"formats": formats},
    }


def _deployments(contract: str) -> list[dict[str, Any]]:
    return [{"chainId": each, "address": address_of(contract)} for each in CHAINS]


def _domain() -> dict[str, str]:
    return {"name": messages.DOMAIN_NAME, "version": messages.DOMAIN_VERSION}


def main(arguments: list[str] | None = None, folder: Path = FOLDER) -> int:
    """Write the descriptors, or with --check return 1 where one is not up to date."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args(arguments).check
    stale = []
    for name, text in descriptors().items():
        path = folder / name
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.write_text(text, "utf-8", newline="\n")
            print(f"Written: {name}")
    for name in stale if check else ():
        print(f"{name} is not up to date: python tools/make_descriptors.py", file=sys.stderr)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
