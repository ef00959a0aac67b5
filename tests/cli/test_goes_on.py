"""Whatever sends: interrupted at any moment after the chain has it, typed again it ends well."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from click.testing import CliRunner
from web3 import Web3

from seechain import SEE, Agreement, Registry
from seechain.beside.noticeboard import Noticeboard
from seechain.sending.delivery import Delivery
from tests.cli.conftest import EXAMPLE
from tests.cli.typing import NAMES, Person
from tests.rewind import rewind
from tests.sdk.chain import key, warp

ETHER = 10**18
DAY = 86400
SEE_ = ("--see", "SEE")

# Who types it, what, and how many transactions it takes.
COMMANDS: dict[str, tuple[str, tuple[str, ...], int]] = {
    "pay": ("port", ("pay", *SEE_, "--amount", "1 gwei", "--memo", "I"), 1),
    "claim": ("ada", ("claim", *SEE_), 1),
    "payout": ("desk", ("payout", *SEE_), 1),
    "cascade": ("desk", ("payout", *SEE_, "--cascade"), 1),
    "register": ("desk", ("register", "dawn.yaml"), 1),
    "amend": ("desk", ("amend", "next.yaml", *SEE_), 1),
    "deregister": ("desk", ("deregister", *SEE_), 1),
    "leave": ("ben", ("leave", *SEE_, "--yes"), 2),
    "leave seat": ("ben", ("leave", *SEE_, "--yes", "--only", "seat"), 2),
    "leave relayed": ("desk", ("leave", *SEE_, "--relay", "SEE.leaving.BEN.json"), 2),
    "redirect": ("ben", ("redirect", *SEE_, "--to", "CLEO"), 2),
    "redirect relayed": ("desk", ("redirect", *SEE_, "--relay", "SEE.redirection.BEN.json"), 2),
    "locate": ("ada", ("locate", *SEE_, "--uri", "https://a.example"), 1),
    "share": ("ben", ("share", *SEE_, "--with", "CLEO", "--part", "1/4"), 3),
    "endorse": ("desk", ("endorse", "dusk.yaml", "--as", "SEE"), 1),
    "recover": ("desk", ("recover", "dawn.yaml"), 2),
    "appeal": ("ada", ("appeal", *SEE_, "--text", "who knows?"), 1),
    "record": ("ada", ("record", *SEE_, "--text", "so it is"), 1),
}


@pytest.fixture(scope="module")
def folder(
    w3: Web3, see: SEE, keystores: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Agreements and what was signed, as people have them at hand."""
    Noticeboard.deploy(w3, sender=key(0))
    see.pay("1 ether", sender=key(3))
    folder, text = tmp_path_factory.mktemp("papers"), EXAMPLE.read_text()
    dawn = folder / "dawn.yaml"
    dawn.write_text(text.replace("Night Market", "Dawn Market"))
    address = Registry(w3).address_of(Agreement.load(dawn))
    w3.eth.send_transaction({"from": key(0).address, "to": address, "value": ETHER})  # type: ignore[arg-type]
    (folder / "next.yaml").write_text(text.replace("shares: 40", "shares: 45"))
    (folder / "dusk.yaml").write_text(text.replace(key(2).address, see.address))
    url = str(w3.provider.endpoint_uri)  # type: ignore[attr-defined]
    signed = {
        "ada": [("dawn.yaml",), ("next.yaml", *SEE_), ("SEE",), ("dusk.yaml", "--as", "SEE")],
        "port": [("dawn.yaml",)],
    }
    signed["ben"] = [*signed["ada"], ("SEE", "--leave", "both"), ("SEE", "--to", "CLEO")]
    with contextlib.chdir(folder):
        for name, acts in signed.items():
            who = person(url, keystores, name)
            for words in acts:
                who.well("sign", *(meant(each, see) for each in words))
    return folder


def person(url: str, keystores: dict[str, Path], name: str) -> Person:
    path = keystores[name]
    options = ("--rpc", url, "--keystore", path, "--password-file", path.with_name("password"))
    runner = CliRunner(mix_stderr=False)
    address = key(NAMES.index(name)).address
    return Person(runner, *options, keystore=path, address=address)


def meant(word: str, see: SEE) -> str:
    for name, account in (("SEE", see.address), ("BEN", key(2).address), ("CLEO", key(4).address)):
        word = word.replace(name, account)
    return word


@pytest.fixture
def here(w3: Web3, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with all papers; the chain is put back in the end."""
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    before = ask(w3, "evm_snapshot")
    yield tmp_path
    rewind(lambda method, *given: ask(w3, method, *given), before)


def ask(w3: Web3, method: Any, *given: object) -> Any:
    return w3.provider.make_request(method, list(given))["result"]


def sent(w3: Web3) -> int:
    return sum(w3.eth.get_transaction_count(key(number).address) for number in range(len(NAMES)))


WINDOWS = {
    "before it is known to be mined": mock.patch.object(Delivery, "receipt"),
    "when the first is mined": mock.patch("seechain.journal.concluded"),
    "when all is mined": mock.patch("seechain.journal.Journal._finish"),
}


CASES = [
    *((name, "before it is known to be mined") for name in ("amend", "deregister", "endorse")),
    *((name, "when the first is mined") for name, (*_, count) in COMMANDS.items() if count > 1),
    *((name, "when all is mined") for name in COMMANDS),
]


@pytest.mark.parametrize(("name", "window"), CASES)
def test_typed_again_it_ends_well_and_nothing_is_sent_twice(
    name: str, window: str, people: dict[str, Person], w3: Web3, see: SEE, here: Path
) -> None:
    who, typed, count = COMMANDS[name]
    words = [meant(each, see) for each in typed]
    before = sent(w3)
    with WINDOWS[window] as place:
        place.side_effect = KeyboardInterrupt
        assert people[who](*words).exit_code == 130
    people[who].well(*words)
    assert sent(w3) == before + count


def test_an_appeal_is_open_as_long_as_when_it_was_begun(
    people: dict[str, Person], w3: Web3, see: SEE, here: Path
) -> None:
    """Typed again the next day, its last day was another, and so was what it said."""
    words = ("appeal", "--see", see.address, "--text", "who knows?")
    with mock.patch("seechain.journal.Journal._finish", side_effect=KeyboardInterrupt):
        assert people["ada"](*words).exit_code == 130
    warp(w3, DAY)
    people["ada"].well(*words)
    assert "stands on the board" in people["ada"].well(*words)  # another one


@pytest.mark.parametrize("name", ["register", "amend", "leave relayed", "share", "recover"])
def test_a_dry_run_says_all_that_is_done_afterwards(
    name: str, people: dict[str, Person], w3: Web3, see: SEE, here: Path
) -> None:
    who, typed, count = COMMANDS[name]
    words = [meant(each, see) for each in typed]
    before = sent(w3)
    dry = people[who].json(*words, "--dry-run")
    assert (dry["complete"], len(dry["steps"]), sent(w3)) == (True, count, before)
    assert people[who].json(*words)["gas_used"] == pytest.approx(dry["gas"], rel=0.01)
