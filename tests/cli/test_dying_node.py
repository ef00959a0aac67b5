"""A node that dies in the middle of a command, and Ctrl-C: typed again it goes on, once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from eth_account.messages import encode_typed_data
from web3 import Web3

from seechain import SEE
from seechain.sending.delivery import Delivery
from tests.cli.bad_kit import Kit
from tests.cli.typing import Person, Typed
from tests.faults.proxy import Exchange, Proxy, Reply
from tests.sdk.chain import key

DEAD = Reply(b"bad gateway", status=502)
SOME = 4  # places in each command at which the node dies


@pytest.fixture
def proxy(rpc: str) -> Iterator[Proxy]:
    with Proxy(rpc) as proxy:
        yield proxy


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seechain.cli.journalled.AWAY", 1.0)
    monkeypatch.setattr("seechain.cli.line.PAUSES", (0.01, 0.01))


def dies(exchange: Exchange) -> Reply:
    return DEAD


def test_a_payment_whose_node_dies_is_gone_on_with_and_made_once(
    proxy: Proxy, people: dict[str, Person], see: SEE
) -> None:
    port = people["port"]
    words = ("pay", "--see", see.address, "--amount", "1 gwei", "--memo", "INV-9")
    proxy.heal()
    port.well(*words, "--rpc", proxy.url)
    places = len(proxy.log)
    before = see.received()["native"]
    codes = set()
    for count, place in enumerate(range(0, places, max(places // SOME, 1)), 1):
        proxy.strike(dies, first=place, times=None)
        result = port(*words, "--rpc", proxy.url)
        codes.add(result.exit_code)
        proxy.heal()
        if result.exit_code:
            assert result.exit_code == 4, result.stderr
            assert result.stderr.count("Error: ") == 1
            port.well(*words, "--rpc", proxy.url)
        assert see.received()["native"] == before + count * 10**9
    assert 4 in codes


LOOKS = {
    "show": ("SEE",),
    "export": ("--see", "SEE", "--out", "see.json"),
    "statement": ("--see", "SEE", "--from", "2020-01-01", "--to", "2030-01-01", "--out", "see.csv"),
    "passport": ("MEMBER", "--out", "passport.json"),
    "mesh": ("--out", "mesh.svg"),
    "admit": (
        "night-market.yaml",
        "--see",
        "SEE",
        "--application",
        "APPLICATION",
        "--out",
        "x.yaml",
    ),
}


@pytest.mark.parametrize("name", LOOKS)
def test_what_looks_at_a_node_that_dies_ends_with_4_and_leaves_no_file(
    name: str, proxy: Proxy, run: Typed, see: SEE, example: Path, kit: Kit
) -> None:
    named = {"SEE": see.address, "MEMBER": see.members[0].account}
    named["APPLICATION"] = str(kit.folder / "application.json")
    words = (name, *(named.get(each, each) for each in LOOKS[name]), "--rpc", proxy.url)
    proxy.heal()
    run.well(*words)
    places = len(proxy.log)
    for each in example.parent.iterdir():
        if each != example:
            each.unlink()
    for place in (0, places // 2, places - 1):
        proxy.strike(dies, first=place, times=None)
        result = run(*words)
        assert result.exit_code == 4, f"{place}: {result.stdout}{result.stderr}"
        assert result.stderr.count("Error: ") == 1
        assert [each.name for each in example.parent.iterdir()] == [example.name]


def test_ctrl_c_while_it_waits_is_130_and_typed_again_it_goes_on(
    people: dict[str, Person], see: SEE, w3: Web3
) -> None:
    before = see.received()["native"]
    words = ("pay", "--see", see.address, "--amount", "3 gwei", "--memo", "INV-8")
    with mock.patch.object(Delivery, "receipt", side_effect=KeyboardInterrupt):
        result = people["port"](*words)
    assert result.exit_code == 130
    assert "may be mined all the same: type it again to go on with it" in result.stderr
    people["port"].well(*words)
    assert see.received()["native"] == before + 3 * 10**9


def test_a_full_disk_before_anything_is_sent(people: dict[str, Person], see: SEE) -> None:
    before = see.received()["native"]
    words = ("pay", "--see", see.address, "--amount", "5 gwei")
    full = OSError(28, "No space left on device")
    with mock.patch("os.fsync", side_effect=full):
        said = people["port"].refused(*words, code=5)
    assert "No space left on device" in said
    assert see.received()["native"] == before
    people["port"].well(*words)
    assert see.received()["native"] == before + 5 * 10**9


def test_a_wallets_signature_is_taken_in_while_the_node_fails(
    proxy: Proxy, people: dict[str, Person], see: SEE, run: Typed, example: Path
) -> None:
    account = ("--account", people["ada"].address, "--rpc", proxy.url)
    run.well("sign", see.address, *account, "--message", "typed.json")
    typed = encode_typed_data(full_message=json.loads(Path("typed.json").read_text()))
    signature = "0x" + key(1).sign_message(typed).signature.hex()
    words = ("sign", see.address, *account, "--signature", signature)
    proxy.heal()
    run.well(*words)
    last = [place for place, asked in enumerate(proxy.log) if asked == "eth_getCode"][-1]
    proxy.strike(lambda exchange: exchange.result(None), first=last, times=None)
    assert "can't be read" in run.refused(*words, code=4)


def test_errors_are_one_json_object_too(people: dict[str, Person], see: SEE) -> None:
    result = people["ada"]("claim", "--see", see.address, "--member", "0x1", "--json")
    said = json.loads(result.stdout)["error"]
    assert (said["kind"], said["exit_code"]) == ("AccountError", result.exit_code)
    assert result.stderr == ""
