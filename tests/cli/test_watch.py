"""Watching as it is typed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from seechain import SEE
from seechain.payment_requests.payment_request import PaymentRequest
from seechain.payment_requests.watch_state import alone
from tests.cli.typing import Typed
from tests.sdk.chain import key


@pytest.fixture
def file(see: SEE, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A request of its own for each test."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "invoice.json"
    block = int(see.w3.eth.block_number)
    memo = f"INV-{block}"
    fields = {"see": see.address, "chain_id": 31337, "currency": "native", "amount": 10**18}
    PaymentRequest(**fields, memo=memo, first_block=block).save(path)
    return path


def pay(see: SEE, file: Path, amount: str) -> None:
    see.pay(amount, memo=PaymentRequest.load(file).memo, sender=key(3))


def test_what_is_paid_ends_it_and_is_told_once(
    see: SEE, at: Typed, file: Path, journals: Path
) -> None:
    memo = PaymentRequest.load(file).memo_text
    unpaid = at("watch", file, "--once")
    assert unpaid.exit_code == 3
    assert "open: 1 ether to be paid" in unpaid.stdout
    pay(see, file, "0.4 ether")
    partly = f"The request '{memo}' is partly paid: 0.6 ether is missing of 1 ether"
    said = at("watch", file, "--timeout", "0.2", "--every", "0.1")
    assert said.exit_code == 3
    assert said.stdout.count(partly) == 1
    assert partly not in at("watch", file, "--once").stdout
    pay(see, file, "0.6 ether")
    assert f"The request '{memo}' is paid: 1 ether" in at.well("watch", file)
    assert at.json("watch", file)["all_paid"]
    assert [each.name[:6] for each in journals.iterdir()] == ["watch-"]


def test_it_can_be_told_to_remember_elsewhere(see: SEE, at: Typed, file: Path) -> None:
    pay(see, file, "1 ether")
    at.well("watch", file, "--state", "state.json", "--confirmations", 1)
    assert json.loads(file.with_name("state.json").read_text())["format"] == "seechain watch"
    file.with_name("state.json").write_text("{}")
    assert "is no state" in at.refused("watch", file, "--state", "state.json", code=5)


def test_two_watches_do_not_share_a_state(see: SEE, at: Typed, file: Path, journals: Path) -> None:
    pay(see, file, "1 ether")
    words = ("watch", file, "--once", "--state", "state.json")
    with alone(file.with_name("state.json")):
        said = at.refused(*words, code=5)
        assert said == "another watch uses state.json: end that one, or keep the state elsewhere"
    file.with_name("state.json.lock").touch()  # as one leaves it that was killed
    at.well(*words)
    assert {each.name for each in file.parent.iterdir()} == {"invoice.json", "state.json"}
    assert "can't be written" in at.refused(*words[:-1], "none/state.json", code=5)


def test_a_node_that_does_not_answer_is_exit_code_4(run: Typed, file: Path) -> None:
    said = run.refused("watch", file, "--rpc", "http://127.0.0.1:1", "--once", code=4)
    assert "can not be reached" in said


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["--webhook", "http://example.org"], 1, "takes https"),
        (["--webhook-secret-file", "s"], 2, "name it"),
        (["--webhook", "https://a.org", "--webhook-secret-file", "s"], 5, "can't be read"),
        (["--confirmations", "0"], 2, "confirmations"),
        (["none.json"], 5, "can't be read"),
    ],
)
def test_what_can_not_be_watched_is_one_sentence(
    at: Typed, file: Path, options: list[str], code: int, says: str
) -> None:
    assert says in at.refused("watch", file, *options, code=code)


def test_a_webhook_that_nobody_answers_is_said_and_waits(see: SEE, at: Typed, file: Path) -> None:
    pay(see, file, "1 ether")
    hook = ("--webhook", "http://127.0.0.1:1/paid", "--timeout", "0.1", "--state", "s.json")
    assert "it can't be reached; it will be sent again" in at.refused("watch", file, *hook)
    (waiting,) = json.loads(file.with_name("s.json").read_text())["unsent"]
    assert waiting["message"]["state"]["status"] == "paid"


def test_it_can_be_interrupted(rpc: str, file: Path) -> None:
    typed = [sys.executable, "-c", "from seechain.cli import main; main()", "watch", str(file)]
    watching = subprocess.Popen(
        [*typed, "--rpc", rpc],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    assert watching.stdout is not None
    assert "a payment counts" in watching.stdout.readline()
    watching.send_signal(signal.SIGINT)
    _, said = watching.communicate(timeout=30)
    assert watching.returncode == 130
    assert "Interrupted" in said
    assert "Traceback" not in said
