"""Payment requests as they are typed."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy
import pytest
import zxingcpp
from PIL import Image
from web3 import Web3

from seechain import SEE
from seechain.payment_requests.payment_request import PaymentRequest
from tests.cli.typing import Typed
from tests.sdk.chain import deployed, key

ETHER = 10**18


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which all is typed."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_request_is_a_file_a_link_and_a_code(see: SEE, at: Typed, here: Path) -> None:
    said = at.well(
        *("request", "--see", see.address, "--amount", "1.5 ether", "--memo", "INV-7"),
        *("--expires", "2029-01-31", "--description", "A stall on the quay"),
        *("--out", "invoice-7.json", "--qr", "invoice-7.png"),
    )
    request = PaymentRequest.load(here / "invoice-7.json")
    assert (request.amount, request.memo_text) == (15 * ETHER // 10, "INV-7")
    assert request.expires_text == "2029-02-01T00:00:00Z"
    assert request.first_block == see.w3.eth.block_number + 1
    for each in ("1.5 ether", "INV-7", "A stall on the quay", request.uri, "0.6 ether", "\u2588"):
        assert each in said
    image = Image.open(io.BytesIO((here / "invoice-7.png").read_bytes())).convert("L")
    (code,) = zxingcpp.read_barcodes(numpy.array(image))
    assert code.text == request.uri


def test_a_token_is_known_by_its_address_and_shown_by_its_symbol(
    see: SEE, w3: Web3, at: Typed, here: Path
) -> None:
    usdc = deployed(w3, "Token", "USDC", 6)
    asked = ("request", "--see", see.address, "--amount", "250 USDC", "--memo", "INV-8")
    asked = (*asked, "--currency", usdc.address, "--with-memo")
    assert f"Note: the agreement does not name {usdc.address}" in at(*asked).stderr
    said = at.json(*asked, "--qr", "code.svg")
    assert said["request"]["amount"] == "250000000"
    assert said["request"]["symbol"] == "USDC"
    assert said["uri"] == (
        f"ethereum:{usdc.address}@31337/transfer?address={see.address}&uint256=250000000"
    )
    assert PaymentRequest.parse(said["call_uri"]).memo_text == "INV-8"
    assert (here / "code.svg").read_text().startswith("<svg")


def test_a_file_is_shown_with_its_state(see: SEE, at: Typed, run: Typed, here: Path) -> None:
    asked = ("request", "--see", see.address, "--amount", "2 ether", "--memo", "INV-9")
    at.well(*asked, "--out", "invoice-9.json")
    assert "It is open: 2 ether to be paid" in at.well("request", "invoice-9.json")
    see.pay("0.5 ether", memo="INV-9", sender=key(3))
    said = at.well("request", "invoice-9.json")
    assert "It is partly paid: 1.5 ether is missing of 2 ether" in said
    assert f"0.5 ether from {key(3).address}" in said
    state: Any = at.json("request", "invoice-9.json")["state"]
    assert (state["status"], state["missing"]) == ("partly paid", str(15 * ETHER // 10))
    offline = run.well("request", "invoice-9.json")
    assert "2 ether" in offline
    assert "It is" not in offline


def test_without_a_chain_it_takes_native_coin_and_units(see: SEE, run: Typed, here: Path) -> None:
    asked = ("request", "--see", see.address, "--memo", "INV-7", "--chain", 10)
    written = run.well(*asked, "--amount", "1 ether", "--out", "-")
    assert PaymentRequest.from_json(written).uri == f"ethereum:{see.address}@10?value=1e18"
    said = run.json(*asked, "--amount", "5", "--currency", key(7).address)
    assert (said["request"]["currency"], said["request"]["amount"]) == (key(7).address, "5")


@pytest.mark.parametrize(
    ("changed", "code", "says"),
    [
        ({"--memo": None}, 2, "name --memo"),
        ({"--amount": None}, 2, "name --amount"),
        ({"--qr": "code.pdf"}, 2, "ends with .png or .svg"),
        ({"--amount": "5 EURC"}, 1, "the unit 'EURC'"),
        ({"--amount": "\u00b2"}, 1, "an amount is digits"),
        ({"--memo": "x" * 33}, 1, "at most 32 bytes"),
        ({"--memo": "\x1b[2J"}, 1, "can hide or reorder"),
        ({"--description": "a\u202eb"}, 1, "can hide or reorder"),
        ({"--expires": "2020-01-31"}, 1, "it is past"),
        ({"--expires": "soon"}, 1, "the expiry is a day"),
        ({"--see": key(7).address}, 1, "no SEE stands at"),
        ({"--chain": 5}, 1, "the node is of chain 31337"),
        ({"--out": "none/a.json"}, 5, "can't be written"),
    ],
)
def test_what_can_not_be_asked_for_is_one_sentence(
    see: SEE, at: Typed, here: Path, changed: dict[str, object], code: int, says: str
) -> None:
    options: dict[str, object] = {"--see": see.address, "--amount": "1 ether", "--memo": "INV-7"}
    words = [word for pair in {**options, **changed}.items() if pair[1] for word in pair]
    assert says in at.refused("request", *words, code=code)
    assert list(here.iterdir()) == []


def test_a_file_that_others_wrote_is_refused_in_one_sentence(
    see: SEE, at: Typed, here: Path
) -> None:
    (here / "a.json").write_text(json.dumps({"format": "seechain payment request"}))
    assert "format_version None" in at.refused("request", "a.json")
    assert "can't be read" in at.refused("request", "b.json", code=5)
    assert "leave out --memo" in at.refused("request", "a.json", "--memo", "x", code=2)
