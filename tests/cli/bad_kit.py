"""One file of each kind that commands read, and the commands that read it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner
from web3 import Web3

from seechain import SEE
from tests.cli.typing import PASSWORD, Typed
from tests.sdk.chain import deployed, key

EXAMPLES = Path(__file__).parents[2] / "examples"
DAYS = ("--from", "2020-01-01", "--to", "2030-12-31")


@dataclass
class Kit:
    """Files by kind, with what else commands need. reads: commands by kind, @ for the file."""

    see: str
    folder: Path
    files: dict[str, bytes] = field(default_factory=dict)
    reads: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def made(w3: Web3, see: SEE, keystores: dict[str, Path], folder: Path) -> Kit:
    """All kinds, written by the commands themselves."""
    kit = Kit(see.address, folder)
    url = str(w3.provider.endpoint_uri)  # type: ignore[attr-defined]
    run = Typed(CliRunner(mix_stderr=False), "--rpc", url)
    password = keystores["ada"].with_name("password")

    def by(name: str, command: str, *words: object) -> str:
        return run.well(command, *words, "--keystore", keystores[name], "--password-file", password)

    token = deployed(w3, "SignedToken")
    here = {"from": key(0).address}
    w3.eth.wait_for_transaction_receipt(
        token.functions.transfer(key(3).address, 10**9).transact(here)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        for name in ("night-market.yaml", "night-market-2.yaml"):
            Path(name).write_bytes((EXAMPLES / name).read_bytes())
        text = Path("night-market.yaml").read_text().replace("name: Night", "name: Bright")
        Path("bright.yaml").write_text(text)
        lines = [f"0x{number:040x},1" for number in range(0x1000, 0x1003)]
        Path("seats.csv").write_text("account,shares\n" + "\n".join(lines) + "\n")
        Path("many.yaml").write_text(text + "seats: seats.csv\n")
        by("desk", "deploy")
        by("ada", "sign", "night-market-2.yaml", "--see", see.address)
        by("ada", "sign", "bright.yaml")
        by("cleo", "sign", see.address, "--to", key(9).address)
        by("ben", "sign", see.address, "--leave", "both")
        by("ada", "sign", see.address, "--uri", "https://example.org/x.yaml")
        by("ada", "sign", see.address)
        pay = ("--see", see.address, "--amount", "1 gwei", "--memo", "INV-7")
        run.well("request", *pay, "--description", "Stalls", "--out", "request.json")
        by("port", "pay", *pay)
        block = w3.eth.get_block("latest", full_transactions=True)
        sent = "0x" + block["transactions"][0]["hash"].hex().removeprefix("0x")  # type: ignore[index]
        run.well("receipt", sent, "--see", see.address, "--request", "request.json",
                 "--out", "receipt.json")  # fmt: skip
        run("watch", "request.json", "--once", "--state", "state.json")
        by("port", "pay", "--see", see.address, "--amount", "5 SIGN", "--currency", token.address,
           "--authorize", "payment.json")  # fmt: skip
        said = by("ada", "appeal", "--see", see.address, "--text", "Who?", "--shares", "10")
        notice = said.split("on the board: ")[1].split()[0]
        by("ada", "appeal", "--see", see.address, "--text", "Who then?", "--sign", "posting.json")
        by("dana", "apply", "--see", see.address, "--notice", notice, "--name", "Dana", "--text",
           "I can", "--out", "application.json")  # fmt: skip
        run.well("export", "--see", see.address, "--agreement", "night-market.yaml",
                 "--out", "portable.json")  # fmt: skip
        run.well("passport", key(1).address, "--out", "passport.json")
        run.well("code", "--out", "words.txt")
        Path("keystore.json").write_bytes(keystores["port"].read_bytes())
        Path("secret.txt").write_text("a secret of some length, for webhooks\n")
        Path("password.txt").write_text(PASSWORD + "\n")
        Path("terms.txt").write_text("We share.\n")
        for path in Path().iterdir():
            if path.is_file():
                kit.files[path.name] = path.read_bytes()
    account = ("--keystore", str(keystores["ada"]), "--password-file", str(password))
    kit.names = {name.split(".")[1]: name for name in kit.files if name.startswith("0x")}
    at = ("--see", see.address)
    kit.names |= {"transaction": sent, "notice": notice, "token": token.address}
    kit.reads = {
        "night-market.yaml": [
            ("check", "@"),
            ("preview", "@", "--amount", "1 ether", "--out", "out.html"),
            ("export", *at, "--agreement", "@", "--out", "out.json"),
            ("show", *at, "--agreement", "@"),
            ("explain", sent, "--agreement", "@"),
            ("receipt", sent, *at, "--agreement", "@"),
            ("statement", *at, *DAYS, "--agreement", "@"),
            ("mesh", "--agreement", "@", "--out", "out.svg"),
            ("passport", key(1).address, "--agreement", "@", "--out", "out.json"),
            ("sign", "@", *account),
            ("register", "@", *account),
            ("amend", "@", *at, *account),
            ("recover", "@", *account),
            ("endorse", "@", "--as", see.address, *account),
            ("admit", "@", *at, "--application", str(folder / "application.json"),
             "--out", "out.yaml"),
        ],
        "seats.csv": [
            ("check", "many.yaml"),
            ("preview", "many.yaml", "--amount", "1 ether"),
            ("sign", "many.yaml", *account),
            ("new", "--name", "X", "--terms", "y", "--expires", "2030-01-01",
             "--seats", "seats.csv", "--member", f"Ada,core,{key(1).address},1,1",
             "--out", "out.yaml"),
        ],
        "bright.consents.json": [
            ("sign", "@", *account),
            ("register", "@", *account),
            ("register", str(folder / "bright.yaml"), "--consents", "@", *account),
            ("export", *at, "--consents", "@", "--out", "out.json"),
            ("preview", "@"),
            ("check", "@"),
        ],
        "night-market-2.consents.json": [
            ("sign", "@", *account),
            ("amend", "@", *at, *account),
        ],
        f"{see.address}.consents.json": [
            ("sign", "@", *account),
            ("deregister", *at, "--consents", "@", *account),
        ],
        kit.names["redirection"]: [("redirect", *at, "--relay", "@", *account)],
        kit.names["leaving"]: [("leave", *at, "--relay", "@", *account)],
        kit.names["publication"]: [("locate", *at, "--relay", "@", *account)],
        "posting.json": [
            ("appeal", *at, "--text", "Who then?", "--relay", "@", *account),
        ],
        "request.json": [
            ("request", "@"),
            ("request", "@", "--qr", "out.svg"),
            ("pay", "--request", "@", *account),
            ("watch", "@", "--once", "--state", "out.state"),
            ("receipt", sent, *at, "--request", "@"),
            ("statement", *at, *DAYS, "--requests", "@", "--format", "csv", "--out", "out.csv"),
        ],
        "receipt.json": [("receipt", "@"), ("receipt", "@", "--check")],
        "payment.json": [("pay", "--relay", "@", *account)],
        "application.json": [
            ("admit", str(folder / "night-market.yaml"), *at, "--application", "@",
             "--out", "out.yaml"),
        ],
        "portable.json": [("verify", "@")],
        "passport.json": [("verify", "@")],
        "keystore.json": [
            ("claim", *at, "--member", key(1).address, "--keystore", "@", "--password-file",
             str(password)),
        ],
        "words.txt": [
            ("code", "--check", "@"),
            ("redirect", *at, "--to", key(9).address, "--code", "@", *account),
            ("claim", *at, "--member", key(1).address, "--code", "@"),
        ],
        "state.json": [
            ("watch", str(folder / "request.json"), "--once", "--state", "@"),
        ],
        "secret.txt": [
            ("watch", str(folder / "request.json"), "--once", "--state", "out.state",
             "--webhook", "http://127.0.0.1:1/", "--webhook-secret-file", "@"),
        ],
        "password.txt": [
            ("claim", *at, "--member", key(1).address, "--keystore",
             str(folder / "keystore.json"), "--password-file", "@"),
        ],
        "terms.txt": [
            ("new", "--name", "X", "--terms-file", "@", "--expires", "2030-01-01",
             "--member", f"Ada,core,{key(1).address},1,1", "--out", "out.yaml"),
            ("notices", *at, "--notice", notice, "--file", "@"),
            ("record", *at, "--file", "@", "--sign", "out.json", *account),
            ("sign", see.address, "--signature", "@", *account),
        ],
    }  # fmt: skip
    return kit


def typed(words: tuple[str, ...], path: str | os.PathLike[str]) -> list[str]:
    """The words with the file in its place."""
    return [str(path) if each == "@" else each for each in words]
