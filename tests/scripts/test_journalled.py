"""Commands are noted: what was interrupted is gone on with, what has a key is done once."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from web3 import Web3

from seechain import SEE, Agreement, Journal, Registry
from tests.scripts.running import LEAVES_SOCKETS, LIMIT, ROOT, ape_run, ape_typed, refused, well
from tests.sdk.chain import key
from tests.sdk.journals import dies

ETHER = 10**18
pytestmark = LEAVES_SOCKETS


@pytest.fixture(scope="module")
def see(w3: Web3) -> SEE:
    agreement = Agreement.load(ROOT / "examples" / "night-market.yaml")
    registry = Registry.deploy(w3, sender=key(0))
    consents = [registry.sign(agreement, key(number)) for number in (1, 2, 3)]
    return registry.register(agreement, consents, sender=key(0))


def test_a_key_is_done_once_and_without_one_each_run_is_another_act(
    see: SEE, network: str, journals: Path, tmp_path: Path
) -> None:
    before = see.received()["native"]

    def pay(*options: object, run: Callable[..., object] = ape_typed) -> object:
        words = ("pay", "--see", see.address, "--amount", "1 ether", *options)
        return run(*words, network=network, account="TEST::3")

    keyed = ("--key", "INV-7", "--journal", tmp_path)
    first = well(pay(*keyed, run=ape_run))
    again = well(pay(*keyed))
    assert "'INV-7' is done: nothing is sent again" in again
    assert first.splitlines()[-1] == again.splitlines()[-1]  # the same transaction
    assert see.received()["native"] == before + ETHER
    assert "for another act use another key" in refused(pay(*keyed, "--memo", "INV-8"))
    for _ in range(2):
        assert "gone on with" not in well(pay())
    assert see.received()["native"] == before + 3 * ETHER
    assert len(list((journals / "local").glob("pay-*.jsonl"))) == 1


def test_what_was_interrupted_is_gone_on_with(see: SEE, network: str, tmp_path: Path) -> None:
    before = see.received()["native"]

    def interrupted(w3: Web3) -> None:
        with Journal("INV-9", directory=tmp_path):
            SEE(w3, see.address).pay("1 ether", memo="INV-9", sender=key(3))

    dies("before it is told", see.w3, interrupted)
    assert see.received()["native"] == before
    words = ("pay", "--see", see.address, "--amount", "1 ether", "--memo", "INV-9")
    keyed = ("--key", "INV-9", "--journal", tmp_path)
    said = well(ape_typed(*words, *keyed, network=network, account="TEST::3"))
    assert "It was begun on " in said
    assert see.received()["native"] == before + ETHER


def test_an_output_that_is_closed_does_not_make_it_undone(see: SEE, network: str) -> None:
    before = see.received()["native"]
    words = f"ape run pay --see {see.address} --amount '1 ether' --network {network}"
    line = f"{words} --account TEST::3 | sed '/ 5.100 /q'; echo ${{PIPESTATUS[0]}}"
    piped = subprocess.run(
        ["bash", "-c", line],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )

    assert piped.stdout.splitlines()[-1] == "0"
    assert "Traceback" not in piped.stderr
    assert "can't be reached" not in piped.stderr
    assert see.received()["native"] == before + ETHER
