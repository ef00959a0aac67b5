"""Every command of docs/cli.md is run as it is written, by people with keystores of their own."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from eth_account import Account
from eth_account.messages import encode_typed_data
from web3 import Web3

from seechain import Agreement
from seechain.chain import clones
from seechain.cli import COMMANDS, main
from tests.cli.typing import NAMES, PASSWORD
from tests.direct import connected
from tests.sdk.chain import deployed, key
from tools.anvil import running

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```console\n(.*?)^```", re.S | re.M)
PROMPT = re.compile(r"^([a-z]+)\$ seechain (.*)$")


class Line:
    """A command, who types it, and what it says on the page."""

    def __init__(self, who: str, words: str) -> None:
        self.who, self.words, self.says = who, words, list[str]()


def commands() -> Iterator[Line]:
    for block in BLOCK.findall(PAGE):
        line = None
        for each in block.splitlines():
            if found := PROMPT.match(each):
                if line:
                    yield line
                line = Line(found[1], found[2])
            elif line and each.strip():
                line.says.append(each)
        if line:
            yield line


def shown(pattern: str, text: str) -> bool:
    """Whether a line of the page stands in what was said; "…" is anything."""
    pieces = [re.escape(" ".join(piece.split())) for piece in pattern.split("…")]
    wanted = re.compile(".*?".join(pieces))
    return any(wanted.search(" ".join(line.split())) for line in text.splitlines())


def test_every_command_stands_on_the_page() -> None:
    names = {line.words.split()[0] for line in commands()}
    assert names == {name for part in COMMANDS.values() for name in part}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_page_runs_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("night-market.yaml", "night-market-2.yaml"):
        (tmp_path / name).write_bytes((ROOT / "examples" / name).read_bytes())
    for number, name in enumerate(NAMES):
        stored = Account.encrypt(key(number).key, PASSWORD, kdf="pbkdf2", iterations=10)
        (tmp_path / f"{name}.json").write_text(json.dumps(stored))
    with running() as url:
        w3 = connected(url)
        dollar = deployed(w3, "SignedToken")
        dollar.functions.give(key(3).address, 10**9).transact({"from": key(0).address})
        names = {"SEECHAIN_RPC": url, "DOLLAR": dollar.address}
        for line in commands():
            typed = [_filled(word, names) for word in shlex.split(line.words)]
            environment = {"SEECHAIN_RPC": url, "SEECHAIN_PASSWORD": PASSWORD}
            if typed[0] == "recover":
                _send(
                    w3,
                    clones.see_address(
                        clones.registry_address(), Agreement.load(typed[1]).commitment
                    ),
                )
            if "--account" not in typed:
                environment["SEECHAIN_KEYSTORE"] = f"{line.who}.json"
            _check_dry_run(w3, tmp_path, typed, environment)
            result = CliRunner(mix_stderr=False).invoke(main, typed, env=environment)
            said = f"{result.stdout}\n{result.stderr}"
            assert result.exit_code == 0, f"{line.words}\n{said}\n{result.exception!r}"
            for each in line.says:
                assert shown(_filled(each, names), said), f"{line.words}\n{each}\n{said}"
            _note(typed, said, names)


def _check_dry_run(w3: Web3, folder: Path, typed: list[str], environment: dict[str, str]) -> None:
    """A dry run of any command prints one JSON object, and writes and sends nothing."""

    def state() -> tuple[Any, ...]:
        files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        return w3.eth.block_number, files

    before = state()
    words = [*typed, "--dry-run", "--json"]
    result = CliRunner(mix_stderr=False).invoke(main, words, env=environment)
    assert result.exit_code == 0, f"{words}\n{result.stdout}\n{result.stderr}"
    assert isinstance(json.loads(result.stdout), dict)
    assert state() == before, words


def _send(w3: Web3, address: str) -> None:
    """What somebody's wallet sends."""
    sent: Any = {"from": key(3).address, "to": address, "value": 10**18}
    w3.eth.wait_for_transaction_receipt(w3.eth.send_transaction(sent))


def _filled(text: str, names: dict[str, str]) -> str:
    return re.sub(r"\$([A-Z_]+)", lambda found: names[found[1]], text)


def _note(typed: list[str], said: str, names: dict[str, str]) -> None:
    """What the page refers to afterwards, and what a wallet does that is not ours."""
    if found := re.search(r"(\w+) is registered: SEE (0x\w{40})", said):
        names[{"Market": "SEE"}.get(found[1], found[1].upper())] = found[2]
    if found := re.search(r"The appeal stands on the board: (0x\w{64})", said):
        names["NOTICE"] = found[1]
    if typed[0] == "pay" and (found := re.search(r"Transaction (0x\w{64})", said)):
        names["TX"] = found[1]
    if found := re.search(r"The seat is shared: Splitter (0x\w{40})", said):
        names["SPLITTER"] = found[1]
    if "--message" in typed:
        path = Path(typed[typed.index("--message") + 1])
        signable = encode_typed_data(full_message=json.loads(path.read_text()))
        signature = key(NAMES.index("ben")).sign_message(signable).signature
        path.with_name("ben.signature").write_text("0x" + signature.hex() + "\n")
