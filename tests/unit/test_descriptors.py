"""The descriptors by which hardware wallets show what is signed: they say what the code says."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from eth_hash.auto import keccak

from seechain import Agreement
from seechain.chain.artifacts import load
from seechain.chain.clones import noticeboard_address, payer_address, registry_address
from seechain.consent import messages
from tools import make_descriptors

EIP712 = "eip712-seechain-registry.json"
CALLDATA = {name: f"calldata-seechain-{name.lower()}.json" for name in make_descriptors.CALLS}
ALL = [EIP712, *CALLDATA.values()]
# What a Ledger shows whole.
LABEL, INTENT, NAME = 20, 30, 22
ACCOUNT, SEE = "0x" + "11" * 20, "0x" + "22" * 20


def shipped(name: str) -> dict[str, Any]:
    """A descriptor, as the package has it."""
    text = files("seechain").joinpath("descriptors", name).read_text("utf-8")
    return dict(json.loads(text))


def formats(name: str) -> dict[str, Any]:
    """Of a descriptor what is shown of each message or call."""
    return dict(shipped(name)["display"]["formats"])


def test_what_is_shipped_is_what_the_tool_makes(capsys: pytest.CaptureFixture[str]) -> None:
    assert make_descriptors.main(["--check"]) == 0, capsys.readouterr().err


def test_a_stale_or_missing_file_is_found_and_written_anew(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make_descriptors.main(["--check"], tmp_path) == 1
    assert make_descriptors.main([], tmp_path) == 0
    assert make_descriptors.main(["--check"], tmp_path) == 0
    path = tmp_path / EIP712
    path.write_text(path.read_text().replace("Redirect your money", "Nothing much"))
    assert make_descriptors.main(["--check"], tmp_path) == 1
    assert f"{EIP712} is not up to date" in capsys.readouterr().err


def test_they_are_bound_to_the_contracts_and_their_domain() -> None:
    expected = {
        EIP712: registry_address(),
        CALLDATA["Registry"]: registry_address(),
        CALLDATA["Payer"]: payer_address(),
        CALLDATA["Noticeboard"]: noticeboard_address(registry_address()),
    }
    assert sorted(expected) == sorted(ALL)
    for name, address in expected.items():
        (context,) = shipped(name)["context"].values()
        places = context["deployments"]
        assert {each["address"] for each in places} == {address}
        chains = [each["chainId"] for each in places]
        assert len(set(chains)) == len(chains) >= 2
        assert 1 in chains
    domain = shipped(EIP712)["context"]["eip712"]["domain"]
    assert domain == {"name": messages.DOMAIN_NAME, "version": messages.DOMAIN_VERSION}


def test_each_message_has_the_type_whose_hash_the_registry_signs() -> None:
    hashes = [keccak(key.encode()) for key in formats(EIP712)]
    assert hashes == list(messages.KINDS.values())


@pytest.mark.parametrize("contract", list(CALLDATA))
def test_each_call_is_one_that_was_compiled(contract: str) -> None:
    artifact = load(contract)
    expected = {
        f"0x{keccak(_plain(each).encode())[:4].hex()}"
        for each in artifact.abi
        if each["type"] == "function" and each["stateMutability"] not in ("view", "pure")
    }
    found = {
        "0x" + keccak(_without_names(key).encode())[:4].hex() for key in formats(CALLDATA[contract])
    }
    assert found == expected
    assert set(artifact.selectors.values()) >= {f"0x{int(each, 16):x}" for each in found}


@pytest.mark.parametrize("name", ALL)
def test_labels_fit_the_screen(name: str) -> None:
    metadata = shipped(name)["metadata"]
    assert len(metadata["owner"]) <= NAME
    assert len(metadata["contractName"]) <= INTENT
    for values in metadata.get("enums", {}).values():
        assert all(len(each) <= LABEL for each in values.values())
    for shown in formats(name).values():
        assert 0 < len(shown["intent"]) <= INTENT
        labels = [each["label"] for each in shown["fields"] if each.get("visible") != "never"]
        assert all(0 < len(each) <= LABEL for each in labels)
        assert len(set(labels)) == len(labels)


def _message(name: str) -> dict[str, Any]:
    """A message with a value everywhere, which differs from all others."""
    count = iter(range(10**9, 2 * 10**9))

    def value(kind: str) -> Any:
        if kind.endswith("[]"):
            return [value(kind[:-2]) for _ in range(2)]
        if kind in messages.TYPES:
            return {each["name"]: value(each["type"]) for each in messages.TYPES[kind]}
        return f"{kind} {next(count)}"

    return dict(value(name))


def _at(value: Any, path: str) -> list[Any]:
    """What is found at a path of ERC-7730."""
    found = [value]
    for step in path.split("."):
        found = [item for each in found for item in (each if step == "[]" else [each[step]])]
    return found


def _values(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [found for each in value.values() for found in _values(each)]
    if isinstance(value, list):
        return [found for each in value for found in _values(each)]
    return [value]


@pytest.mark.parametrize("name", list(messages.KINDS))
def test_each_value_of_a_message_has_one_field(name: str) -> None:
    shown = formats(EIP712)[make_descriptors.encode_type(name)]
    message = _message(name)
    found = [each for field in shown["fields"] for each in _at(message, field["path"])]
    assert sorted(found) == sorted(_values(message))


@pytest.mark.parametrize("contract", list(CALLDATA))
def test_each_value_of_a_call_has_one_field(contract: str) -> None:
    for function in make_descriptors.functions(contract):
        shown = formats(CALLDATA[contract])[make_descriptors.signature(function)]
        found = [each["path"].removesuffix(".[]") for each in shown["fields"]]
        assert sorted(found) == sorted(_leaves(function["inputs"]))


def _leaves(inputs: list[dict[str, Any]]) -> list[str]:
    return [
        f"{each['name']}.{leaf}" if leaf else each["name"]
        for each in inputs
        for leaf in (_leaves(each["components"]) if "components" in each else [""])
    ]


# What a wallet may leave out: what only tells messages apart, or a place in a table.
HIDDEN = {
    "Registration": {"agreement.table.pages", "agreement.terms.nonce"},
    "Amendment": {"succession.agreement.table.pages", "succession.agreement.terms.nonce"},
    "Leaving": {"leave.index"},
    "Redirection": {"redirect.times"},  # how often before: the number of the message
}


@pytest.mark.parametrize("name", list(messages.KINDS))
def test_nothing_that_matters_is_hidden(name: str) -> None:
    fields = formats(EIP712)[make_descriptors.encode_type(name)]["fields"]
    hidden = {each["path"] for each in fields if each.get("visible") == "never"}
    assert hidden == HIDDEN.get(name, set())
    unless = {each["path"] for each in fields if isinstance(each.get("visible"), dict)}
    assert unless == ({"notice.shares", "notice.until"} if name == "Posting" else set())


def test_the_whole_text_of_an_agreement_is_shown() -> None:
    member = {"name": "Ada", "role": "core", "account": ACCOUNT, "shares": 1, "voices": 1}
    agreement = Agreement(
        name="Night Market",
        terms="We run it.",
        currencies=["native"],
        quorum="2/3",
        expires="2027-12-31",
        members=[member],
    )
    data = messages.typed_data(
        "Registration",
        ACCOUNT,
        messages.agreement_value(agreement.table, agreement.signed),
        chain_id=1,
        registry=registry_address(),
        deadline=1_800_000_000,
    )
    fields = formats(EIP712)[make_descriptors.encode_type("Registration")]["fields"]
    said = {each["label"]: (_at(data["message"], each["path"]), each) for each in fields}
    assert said["Agreement"][0] == [agreement.text]
    assert said["Signature good until"][1]["params"] == {"encoding": "timestamp"}
    assert said["Ends"][0] == [agreement.expiry]
    assert said["Account and voices"][0] == ["0x" + agreement.roll.hex()]


def test_what_a_see_signs_is_named_by_its_kind() -> None:
    for name in (EIP712, CALLDATA["Registry"]):
        kinds = shipped(name)["metadata"]["enums"]["kinds"]
        assert kinds == {"0x" + raw.hex(): each for each, raw in messages.KINDS.items()}


def _plain(function: dict[str, Any]) -> str:
    def kind(each: dict[str, Any]) -> str:
        inner = ",".join(map(kind, each.get("components", ())))
        return each["type"].replace("tuple", f"({inner})") if inner else str(each["type"])

    return f"{function['name']}({','.join(map(kind, function['inputs']))})"


def _without_names(signature: str) -> str:
    """A signature as its selector is made of: types alone."""
    parts = signature.replace(")", " )").split(",")
    plain = ",".join(
        " ".join(each.split(" ")[:1] + [")" for word in each.split() if word == ")"])
        for each in parts
    )
    return plain.replace(" ", "")
