"""Words that are not as they should be, at each option of each command that takes one."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest
from web3 import Web3

from seechain import SEE, Registry
from seechain.chain import clones
from seechain.cli import COMMANDS
from tests.cli import bad
from tests.cli.bad_kit import DAYS, Kit
from tests.cli.typing import Person, Typed
from tests.sdk.chain import deployed, key
from tests.sdk.chain import rpc as ask

NAMES = [name for part in COMMANDS.values() for name in part]
EACH = int(os.environ.get("SEECHAIN_BAD", 1))  # values that are tried at each option
PAST, LATE = "2020-01-01", "9999-12-31"
VALUES = (
    "", " ", "0", "-1", "1.5", "1e80", str(bad.HUGE), "1e5 ether", "\u0661\u0662 ether",
    "\uff11 ether", "1 ether ether", "-1 ether", "0 wei", "1.5 wei", f"{bad.HUGE} ether",
    "0." + "0" * 150 + "1 ether", "1 NOPE", bad.EVIL.replace("\x00", ""), "0x", "0x123",
    "0x" + "00" * 20, "0x" + "11" * 20, "0x" + "zz" * 20, key(1).address,
    "0x" + key(1).address[2:].swapcase(), key(1).address[2:], "0x" + "ff" * 32, "native", "NATIVE",
    "2027-02-30", LATE, "10000-01-01", "0000-00-00", "0001-01-01", "2027-13-01", "20270101",
    "2027-W01-1", "2027-01-01T00:00:00", "2027-01-01T00:00:00+99:99", "tomorrow", "x" * 70_000,
    "a\udc80b", "1/0", "1/2/3", "-1/4", "5/4", "1e400", "nan", "inf", "0/1", "1/" + "9" * 5000,
    "9" * 5000, ".", "..", "/dev/zero", "/dev/full", "n" * 300, "nowhere/file.json",
    "javascript:alert(1)", "http://[", "ipfs://\u202e", "none.json", "PIPE", "FOLDER",
    "8" * 4000 + " ether", "out.xyz", "REGISTRY", "FORGED", "CLONE", "EMPTY", "REVERTS", "EVIL",
    "ALL 255", "ALL ONES", "ENDLESS",
)  # fmt: skip


@pytest.fixture(scope="module")
def addresses(w3: Web3, see: SEE, registry: Registry) -> dict[str, str]:
    """Contracts that are none of those that are wanted, and tokens that lie."""
    found = {"REGISTRY": registry.address, "CLONE": clones.splitter_implementation()}
    found["EVIL"] = deployed(w3, "Token", "\x1b[J\u202e<", 6).address
    for name, code in {
        "FORGED": w3.eth.get_code(see.address).to_0x_hex(),  # type: ignore[arg-type]
        "EMPTY": "0x00",
        "REVERTS": "0x60006000fd",
        "ALL 255": "0x60ff60005260206000f3",
        "ALL ONES": "0x60001960005260206000f3",
        "ENDLESS": "0x5b600056",
    }.items():
        found[name] = Web3.to_checksum_address(f"0xf0{len(found):02x}" + "f2" * 18)
        ask(w3, "anvil_setCode", found[name], code)
    return found


@pytest.fixture
def good(kit: Kit, keystores: dict[str, Path]) -> dict[str, list[tuple[str, ...]]]:
    """What is typed after each command so that it does what it should."""
    at = ("--see", kit.see)
    password = keystores["ada"].with_name("password")
    account = ("--keystore", str(keystores["ada"]), "--password-file", str(password))
    dry = (*account, "--dry-run")
    file = {name: str(kit.folder / name) for name in kit.files}
    member = f"Ada,core,{key(1).address},1,1"
    notice = ("--notice", kit.names["notice"])
    return {
        "new": [("--name", "X", "--terms", "y", "--expires", "2030-01-01", "--member", member,
                 "--out", "out.yaml", "--force")],
        "check": [(file["night-market.yaml"],)],
        "preview": [(file["night-market.yaml"], "--amount", "1 ether")],
        "code": [("--check", file["words.txt"], *at), ("--out", "code.txt")],
        "keystore": [("--out", "me.json", "--password-file", str(password))],
        "sign": [(file["bright.yaml"], *account), (kit.see, *account)],
        "register": [(file["bright.consents.json"], *dry)],
        "request": [(*at, "--amount", "1 ether", "--memo", "INV-7", "--out", "req.json"),
                    (file["request.json"],)],
        "pay": [(*at, "--amount", "1 wei", *dry), ("--request", file["request.json"], *dry)],
        "watch": [(file["request.json"], "--once", "--state", "state")],
        "receipt": [(kit.names["transaction"], *at), (file["receipt.json"],)],
        "claim": [(*at, *dry)],
        "payout": [(*at, *dry)],
        "amend": [(file["night-market-2.consents.json"], *at, *dry)],
        "leave": [(*at, *dry)],
        "redirect": [(*at, "--to", key(8).address, *dry)],
        "share": [(*at, "--with", key(8).address, "--part", "1/4", *dry)],
        "endorse": [(file["bright.yaml"], "--as", kit.see, *dry)],
        "deregister": [(*at, *dry)],
        "appeal": [(*at, "--text", "Who now?", *dry)],
        "record": [(*at, "--text", "So.", *dry)],
        "notices": [at],
        "apply": [(*at, *notice, "--name", "D", "--text", "I can", "--out", "app.json", *account)],
        "admit": [(file["night-market.yaml"], *at, "--application", file["application.json"],
                   "--out", "next.yaml")],
        "show": [(kit.see,)],
        "explain": [(kit.names["transaction"],)],
        "statement": [(*at, *DAYS)],
        "mesh": [("--out", "mesh.svg")],
        "export": [(*at, "--out", "export.json")],
        "passport": [(key(1).address, "--out", "pass.json")],
        "verify": [(file["portable.json"],)],
        "deploy": [dry],
        "locate": [(*at, "--uri", "ipfs://x", *dry)],
        "recover": [(file["bright.yaml"], *dry)],
    }  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("FOLDER").mkdir()
    os.mkfifo("PIPE")
    return tmp_path


@pytest.mark.parametrize("name", NAMES)
def test_a_word_that_is_not_as_it_should_be(
    name: str, good: dict[str, list[tuple[str, ...]]], addresses: dict[str, str], folder: Path,
    at: Typed, w3: Web3,
) -> None:  # fmt: skip
    judge = bad.Judge(at, w3)
    turn = 7 * NAMES.index(name)
    for words in good[name]:
        for option in bad.command_of(name).params:
            is_option = isinstance(option, click.Option)
            if option.name in ("help", "rpc") or (is_option and option.is_flag):
                continue
            for _ in range(EACH):
                turn += 11
                value = VALUES[turn % len(VALUES)]
                value = addresses.get(value, value)
                at_place = (*words, option.opts[0], value) if is_option else (value, *words[1:])
                judge(name, *at_place, may=(0, 1, 2, 3, 5))
    assert set(judge.codes) & {1, 2, 5} or name == "deploy"


@pytest.mark.parametrize("currency", ["EVIL", "EMPTY", "REVERTS", "ALL 255", "ALL ONES", "ENDLESS"])
def test_a_token_that_lies(
    currency: str, addresses: dict[str, str], folder: Path, people: dict[str, Person], at: Typed,
    kit: Kit, w3: Web3,
) -> None:  # fmt: skip
    of = ("--see", kit.see, "--currency", addresses[currency])
    ada = bad.Judge(people["ada"], w3)
    for words in (
        ("pay", *of, "--amount", "5", "--dry-run"),
        ("pay", *of, "--amount", "1 X", "--dry-run"),
        ("pay", *of, "--amount", "5", "--permit"),
        ("pay", *of, "--amount", "5", "--authorize", "out.json"),
        ("claim", *of, "--dry-run"),
        ("payout", *of, "--dry-run"),
    ):
        ada(*words)
    for words in (
        ("statement", *of, *DAYS),
        ("request", *of, "--amount", "5", "--memo", "INV"),
    ):
        bad.Judge(at, w3)(*words)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("appeal", "--see", "SEE", "--text", "Who?", "--until", LATE), 1),
        (("appeal", "--see", "SEE", "--text", "Who?", "--until", PAST), 1),
        (("appeal", "--see", "SEE", "--text", "a\udc80b"), 2),
        (("record", "--see", "SEE", "--text", "x", "--uri", "a\udc80b"), 2),
        (("sign", "SEE", "--uri", "a\udc80b"), 2),
        (("pay", "--see", "SEE", "--amount", "1 wei", "--memo", "a\udc80b"), 2),
        (("pay", "--see", "SEE", "--amount", "9" * 5000), 1),
        (("pay", "--see", "SEE", "--amount", "\u0661 ether"), 1),
        (("sign", "SEE", "--leave", "x" * 70_000), 2),
        (("sign", "SEE", "--signature", "x" * 70_000), 1),
        (("sign", "SEE", "--message", "n" * 300), 5),
        (("amend", "n" * 300 + ".json", "--see", "SEE"), 5),
    ],
)
def test_what_was_found(
    words: tuple[str, ...], code: int, people: dict[str, Person], see: SEE, folder: Path, w3: Web3
) -> None:
    """Each of them ended in a traceback, or filled the screen."""
    people["desk"].well("deploy")
    typed = [see.address if each == "SEE" else each for each in words]
    bad.Judge(people["ada"], w3)(*typed, may=(code,))


@pytest.mark.parametrize(
    "url",
    ["", "http://", "http://[", "http://[::1", "http://x:99999", "http://x:secret", "http://\x1b[2J",
     "http://a b", "http://\u202e", "http://a\udc80b", "http://" + "a" * 300 + ".x", "ws://x",
     "/dev/zero", "/tmp", "file:///etc/passwd", "http://me:secret@[/"],
)  # fmt: skip
def test_a_url_that_is_none(url: str, run: Typed, see: SEE) -> None:
    for words in (("show", see.address), ("mesh",), ("statement", "--see", see.address, *DAYS)):
        result = bad.Judge(run)(*words, "--rpc", url, may=(4,))
        assert "secret" not in result.stderr


def test_a_request_of_too_many_digits(see: SEE, at: Typed, folder: Path) -> None:
    words = ("request", "--see", see.address, "--memo", "INV-7", "--amount")
    for digits in ("9" * 79, "9" * 200, "9" * 5000):
        at.refused(*words, digits)
