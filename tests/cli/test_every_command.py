"""What holds for every command: how it is found, explains itself, and fails."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import click
import pytest
from web3 import Web3

from seechain import SEE
from seechain.chain import clones
from seechain.cli import COMMANDS, EXIT_CODES, main
from seechain.cli.desk import Desk
from seechain.cli.frame import CONNECTION
from tests.cli.typing import PASSWORD, Person, Typed
from tests.sdk.chain import key
from tests.sdk.chain import rpc as ask

NAMES = [name for part in COMMANDS.values() for name in part]
SOMEBODY = key(1).address
# What is typed after each command that looks at a chain, where SEE stands for an address.
WORDS: dict[str, tuple[str, ...]] = {
    "sign": ("SEE",),
    "pay": ("--see", "SEE", "--amount", "1 wei"),
    "claim": ("--see", "SEE"),
    "payout": ("--see", "SEE"),
    "amend": ("night-market.yaml", "--see", "SEE"),
    "leave": ("--see", "SEE"),
    "redirect": ("--see", "SEE", "--to", SOMEBODY),
    "share": ("--see", "SEE", "--with", SOMEBODY, "--part", "1/4"),
    "endorse": ("night-market.yaml", "--as", "SEE"),
    "deregister": ("--see", "SEE"),
    "locate": ("--see", "SEE", "--uri", "ipfs://x"),
    "show": ("SEE",),
    "statement": ("--see", "SEE", "--from", "2027-01-01", "--to", "2027-02-01"),
    "export": ("--see", "SEE", "--out", "see.json"),
    "request": ("--see", "SEE", "--amount", "1 ether", "--memo", "INV-7"),
    "receipt": ("0x" + "11" * 32, "--see", "SEE"),
    "notices": ("--see", "SEE"),
}
SENDS = [name for name in NAMES if import_module(f"seechain.cli.{name}").cli.kind == "sending"]


def command(name: str) -> Any:
    return import_module(f"seechain.cli.{name}").cli


@pytest.mark.parametrize("name", NAMES)
def test_it_explains_itself_and_has_the_common_options(name: str, run: Typed) -> None:
    said = run.well(name, "--help")
    assert said.startswith(f"Usage: main {name}")
    options = {each.name: each for each in command(name).params}
    assert {"as_json", "dry_run"} <= set(options)
    kind = command(name).kind
    assert ("rpc" in options) == (kind != "offline") or kind == "offline"
    if kind in ("sending", "signing"):
        assert set(CONNECTION) - {"code"} <= set(options)
    if kind == "sending":
        assert {"key", "journal", "forget"} <= set(options)
    for each in command(name).params:
        if isinstance(each, click.Option):
            assert each.help, f"{name} {each.name}"
            assert each.help.endswith((".", ").")), f"{name} {each.name}: {each.help}"


def test_all_are_listed_with_one_line(run: Typed) -> None:
    said = run.runner.invoke(main, ["--help"]).stdout
    for part, commands in COMMANDS.items():
        assert f"\n{part}:\n" in said
        for name, line in commands.items():
            assert f"  {name} " in said
            assert line in said
            assert line.endswith(".")
            assert len(line) < 70
    assert " ".join(EXIT_CODES.split()) in " ".join(said.split())


def test_what_is_no_command_is_typed_wrongly(run: Typed) -> None:
    assert run("pey").exit_code == 2
    assert run("pay", "--no-such-option").exit_code == 2
    assert run.runner.invoke(main, ["--version"]).stdout == "seechain 0.1.0\n"


SEE_ = "0x" + "11" * 20


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pay", "--json", "--nope"), "No such option: --nope"),
        (("statement", "--format", "other", "--json"), "Invalid value for '--format'"),
        (("pay", "--json", "--see"), "Option '--see' requires an argument."),
        (("pey", "--json"), "Did you mean pay?"),
        (("show", SEE_, "--json"), "name the node: --rpc URL"),
        (("pay", "--see", SEE_, "--amount", "1 wei", "--json"), "name the node: --rpc URL"),
        (("keystore", "--out", "x/", "--json"), "--out names a file, and x/ is a folder"),
    ],
)
def test_a_program_is_told_what_it_typed_wrongly(
    run: Typed, words: tuple[str, ...], said: str
) -> None:
    done = run(*words)
    error = json.loads(done.stdout)["error"]
    assert (done.exit_code, error["exit_code"], error["kind"]) == (2, 2, "UsageError")
    assert said in error["message"]
    assert done.stderr == ""
    assert run(words[0], "--nope", "--", "--json").stdout == ""  # which is no option there


ONE_OBJECT = "--json prints one object: name a file in place of -"


@pytest.mark.parametrize(
    "words", [("code",), ("keystore",), ("mesh", "--see", "SEE"), ("passport", SEE_)]
)
def test_json_is_all_that_is_printed(
    words: tuple[str, ...], at: Typed, see: SEE, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEECHAIN_PASSWORD", PASSWORD)
    typed = [see.address if each == "SEE" else each for each in words]
    done = (at if len(words) > 1 else Typed(at.runner))(*typed, "--out", "-", "--json")
    assert json.loads(done.stdout)["error"]["message"] == ONE_OBJECT
    assert done.exit_code == 2


def test_where_one_of_two_files_is_refused_none_is_written(tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match="--json prints one object"):
        Desk(as_json=True).write_all([(tmp_path / "seats.csv", "x"), ("-", "y")])
    assert not list(tmp_path.iterdir())


def test_help_loads_nothing_heavy() -> None:
    heavy = ("web3", "pydantic", "eth_account", "eth_abi", "yaml", "rich", "requests", "ape")
    code = (
        "import sys; from seechain.cli import main\n"
        "try: main(['--help'])\n"
        f"finally: print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


# ------------------------------------------------------------ addresses that are no SEE


def typed(name: str, address: str) -> list[str]:
    return [name, *(address if each == "SEE" else each for each in WORDS[name])]


@pytest.fixture
def forged(w3: Web3, see: SEE) -> str:
    """A clone of the SEE's code, which no Registry has deployed."""
    address = Web3.to_checksum_address("0x" + "f0" * 20)
    ask(w3, "anvil_setCode", address, w3.eth.get_code(see.address).to_0x_hex())  # type: ignore[arg-type]
    return address


@pytest.mark.parametrize("name", [each for each in WORDS if each in NAMES])
def test_an_address_that_is_no_see_is_one_sentence(
    name: str, people: dict[str, Person], at: Typed, see: SEE, forged: str, example: Path
) -> None:
    person = people["ada"] if command(name).kind in ("sending", "signing") else at
    files = sorted(example.parent.iterdir())
    for address in (
        "0x" + "11" * 20,
        "0x123",
        "0x" + SOMEBODY[2:].swapcase(),
        clones.splitter_implementation(),
        forged,
    ):
        result = person(*typed(name, address))
        assert result.exit_code in (1, 2), f"{address}: {result.stdout}{result.stderr}"
        lines = [each for each in result.stderr.splitlines() if each.startswith("Error: ")]
        assert len(lines) == 1, result.stderr
        assert sorted(example.parent.iterdir()) == files
    said = person(*typed(name, forged), "--json")
    assert json.loads(said.stdout)["error"]["exit_code"] == 1


@pytest.mark.parametrize("name", [each for each in WORDS if each in NAMES])
def test_a_node_that_is_away_is_exit_code_4(
    name: str, run: Typed, keystores: dict[str, Path], see: SEE, example: Path
) -> None:
    words = [*typed(name, see.address), "--rpc", "http://127.0.0.1:1"]
    if command(name).kind in ("sending", "signing"):
        words += ["--keystore", str(keystores["ada"])]
    said = run.refused(*words, code=4)
    assert "http://127.0.0.1:1" in said


def test_a_program_is_told_what_people_are_told_beside(capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk(as_json=True)
    desk.note("a.yaml names nobody")
    desk.result({"notes": ["a token is foreign"]})
    desk.finish()
    assert json.loads(capsys.readouterr().out) == {
        "notes": ["a token is foreign", "a.yaml names nobody"]
    }


class Deep(BaseHTTPRequestHandler):
    """A node whose answers are nested too deeply."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        raw = b'{"jsonrpc": "2.0", "id": 0, "result": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
        self.send_response(200)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *given: object) -> None:
        """Nothing."""


@contextmanager
def deep() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Deep) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_an_answer_that_is_nested_too_deeply_is_exit_code_4(
    run: Typed, keystores: dict[str, Path], example: Path
) -> None:
    files = (
        "--keystore",
        keystores["ada"],
        "--password-file",
        keystores["ada"].parent / "password",
    )
    with deep() as url:
        for name in WORDS:
            signs = command(name).kind in ("sending", "signing")
            run.refused(*typed(name, SEE_), "--rpc", url, *(files if signs else ()), code=4)
