"""Names, memos, descriptions and symbols that steer terminals, pages and tables: shown, inert."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from web3 import Web3

from seechain import SEE, Registry
from seechain.cli.desk import Desk
from seechain.cli.ending import Failure
from tests.cli import bad
from tests.cli.bad_kit import DAYS
from tests.cli.typing import Person, Typed
from tests.sdk.chain import deployed, key

MARKUP = "<img src=x onerror=alert(1)>&'"
MEMOS = (
    b"<script>alert(1)</script>",
    b"=cmd|' /C calc'!A1",
    b"@SUM(1)\t\r\n+1",
    b"\x1b[2J\x1b]0;x\x07",
    "\u202etxet\u2066\u200b\u2028".encode(),
    b"\xff\xfe\xc3",
    b"\x00\x00a",
    b'";DROP\n  Assets:x  1 ether\n',
)
STEERS = ("<script", "<img", "onerror=alert(1)>", "\x1b", "\u202e", "\u2066", "\x07")


@pytest.fixture(scope="module")
def evil(w3: Web3) -> str:
    """A token whose symbol steers a terminal."""
    return str(deployed(w3, "Token", "\x1b[J\u202e<", 6).address)


@pytest.fixture(scope="module")
def paid(see: SEE, evil: str, w3: Web3) -> list[str]:
    """The transactions that pay with each memo, and with that token."""
    found = [see.pay(10**9, memo=memo, sender=key(3)).transaction_hash for memo in MEMOS]
    token = deployed(w3, "Token", "=1+1", 6)
    for each, owner in ((evil, 0), (str(token.address), 0)):
        receipt = see.pay(10**6, currency=each, memo=MEMOS[0], sender=key(owner))
        found.append(receipt.transaction_hash)
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_the_chain_says_is_inert_on_a_terminal(
    see: SEE, paid: list[str], evil: str, at: Typed, folder: Path
) -> None:
    judge = bad.Judge(at)
    for words in (
        ("show", see.address),
        ("statement", "--see", see.address, *DAYS),
        ("statement", "--see", see.address, *DAYS, "--currency", evil),
        ("statement", "--member", see.members[0].account, *DAYS),
        ("passport", see.members[0].account, "--out", "passport.json"),
        ("export", "--see", see.address, "--out", "see.json"),
        ("mesh", "--out", "mesh.svg"),
        ("verify", "passport.json"),
        ("verify", "see.json"),
        *(("explain", each) for each in paid),
        *(("receipt", each, "--see", see.address) for each in paid),
    ):
        judge(*words, may=(0,))
        said = judge(*words, "--json", may=(0,)).stdout
        assert said.isascii()
        json.loads(said)
    assert not any(each in Path("mesh.svg").read_text() for each in STEERS)


@pytest.mark.parametrize("kind", ["csv", "html", "pdf", "json", "hledger", "beancount", "parquet"])
def test_what_the_chain_says_is_inert_in_a_statement(
    kind: str, see: SEE, paid: list[str], at: Typed, folder: Path
) -> None:
    out = Path(f"out.{kind}")
    words = ("--see", see.address, *DAYS, "--format", kind, "--out", out)
    bad.Judge(at)("statement", *words, may=(0,))
    raw = out.read_bytes()
    assert raw
    if kind in ("pdf", "parquet"):
        return
    text = raw.decode()
    bad.assert_shown(text.replace("\r\n", "\n"))
    if kind == "html":
        assert not any(each in text for each in STEERS)
    if kind == "csv":
        cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
        for cell in cells:
            assert cell[:1] not in "=@\t\r" or not cell, cell
            assert cell[:1] not in "+-" or cell[1:].replace(".", "").isdigit() or not cell, cell


def test_what_an_agreement_says_is_inert(
    example: Path, run: Typed, people: dict[str, Person], registry: Registry
) -> None:
    text = example.read_text()
    for steering in ("\\e[2J", "\\u202e", "\\u2028", "\\0", "\\a", "\\u200b", "\\ud800"):
        for field in ("name: Night Market", "name: Ada"):
            odd = text.replace(field, f'name: "x{steering}y"')
            assert odd != text
            example.write_text(odd)
            bad.Judge(run)("check", example, may=(3,))
            bad.Judge(run)("preview", example, may=(1,))
    marked = text.replace("name: Ada", f"name: {json.dumps(MARKUP)}")
    marked = marked.replace("name: Night Market", f"name: {json.dumps('=1+1 ' + MARKUP)}")
    example.write_text(marked)
    run.well("check", example)
    for option, out in (("--out", "x.html"), ("--picture", "x.svg"), ("--out", "x.pdf"),
                        ("--picture", "x.png")):  # fmt: skip
        run.well("preview", example, "--amount", "1 ether", option, out)
    for out in ("x.html", "x.svg"):
        made = Path(out).read_text()
        assert "<img" not in made
        assert "onerror=alert(1)>" not in made
        assert "&lt;img" in made
    people["desk"].well("deploy")
    bad.Judge(people["ada"])("sign", example, may=(0,))


def test_what_a_request_says_is_inert(
    see: SEE, evil: str, at: Typed, run: Typed, folder: Path
) -> None:
    words = ("request", "--see", see.address, "--amount", "1 gwei", "--memo", MARKUP[:20])
    at.well(*words, "--description", MARKUP, "--out", "request.json", "--qr", "qr.svg")
    assert "<img" not in Path("qr.svg").read_text()
    bad.Judge(run)("request", "request.json", may=(0,))
    bad.Judge(at)("watch", "request.json", "--once", "--state", "s", may=(0, 3))
    out = ("--format", "html", "--out", "out.html")
    at.well("statement", "--see", see.address, *DAYS, "--requests", "request.json", *out)
    assert "<img" not in Path("out.html").read_text()
    for steering in ("\x1b[2J", "\u202e", "a\nb", "\u2028"):
        bad.Judge(at)(*words, "--description", f"x{steering}y", may=(1,))
        assert at.refused(*words[:-1], f"x{steering}y")
    content = json.loads(Path("request.json").read_text())
    for field in ("symbol", "memo", "description"):
        for steering in ("\x1b[2J", "\u202e", "a\nb", "<script>"):
            Path("odd.json").write_text(json.dumps({**content, field: f"x{steering}"}))
            bad.Judge(run)("request", "odd.json", may=(0, 1))
    token = ("request", "--see", see.address, "--currency", evil, "--amount", "5", "--memo", "A")
    bad.Judge(at)(*token, may=(0, 1))


def test_what_a_member_writes_is_inert(
    see: SEE, people: dict[str, Person], at: Typed, folder: Path
) -> None:
    people["desk"].well("deploy")
    steering = "x\x1b[2J\u202e<script>"
    bad.Judge(people["ada"])("record", "--see", see.address, "--text", steering, may=(0, 1))
    bad.Judge(people["ada"])(
        *("record", "--see", see.address, "--text", "x", "--uri", f"ipfs://{steering}"), may=(0, 1)
    )
    bad.Judge(people["ada"])(
        "locate", "--see", see.address, "--uri", f"ipfs:{steering}", may=(0, 1)
    )
    bad.Judge(at)("notices", "--see", see.address, may=(0,))
    bad.Judge(at)("show", see.address, may=(0,))
    assert at("notices", "--see", see.address, "--json").stdout.isascii()


def test_who_is_quoted_writes_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Line ends about a sentence are ours, those within it are of whom it quotes."""
    desk = Desk()
    desk.say("\nread at ipfs://x\nLook: it was moved\u2028!\n")
    desk.say("\n\n")
    desk.say("one\ntwo", lines=True)
    assert capsys.readouterr().out == (
        "\nread at ipfs://x\\x0aLook: it was moved\\u2028!\n\n\n\n\none\ntwo\n"
    )
    refused = Failure("the node says: no\nDone: paid", 1, "NodeError", as_json=False)
    assert refused.message == "the node says: no\\x0aDone: paid"
