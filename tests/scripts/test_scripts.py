"""`ape run …`, of each kind one in a process of its own, as a person types it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from eth_account import Account
from web3 import Web3

from seechain import SEE, Agreement, Registry
from seechain.consent.consents import Consents
from tests.scripts.running import LEAVES_SOCKETS, SEE_LINE, ape_run, ape_typed, refused, well

pytestmark = LEAVES_SOCKETS


@pytest.mark.parametrize("chain", ["foundry", "test"])
def test_one_command_forms_a_see_unattended(chain: str, journals: Path) -> None:
    run = ape_run("register", "examples/night-market.yaml", network=f"ethereum:local:{chain}")
    output = well(run)

    assert 'Name: "Night Market"' in output
    assert re.search(r"Ada \(0x\w{40}\) signs", output)
    assert re.search(r"Port of Delft \(0x\w{40}\) signs", output)
    assert SEE_LINE.search(output)
    assert re.search(r"[0-9]{3},[0-9]{3} gas", output)
    assert not journals.exists()  # the chain has ended with the command


def test_a_faulty_agreement_is_one_sentence(network: str, example: Path) -> None:
    example.write_text(example.read_text().replace("shares: 40", "shares: -40"))

    error = refused(ape_typed("register", example, network=network))

    assert "Ada" in error
    assert "-40" in error


def test_a_missing_file_is_one_sentence(network: str) -> None:
    assert "none.yaml" in refused(ape_typed("register", "none.yaml", network=network))


def test_an_unknown_see_is_one_sentence(network: str) -> None:
    nowhere = "0x" + "11" * 20

    assert nowhere in refused(ape_typed("payout", "--see", nowhere, network=network))


def test_a_node_that_is_down_is_one_sentence() -> None:
    down = ape_run("deploy", network="ethereum:local:http://127.0.0.1:1")

    assert "http://127.0.0.1:1 can't be reached" in refused(down)


def test_the_whole_life_command_by_command(w3: Web3, network: str, example: Path) -> None:
    agreement = Agreement.load(example)
    ben = next(each.account for each in agreement.members if each.name == "Ben")
    address = SEE_LINE.findall(well(ape_run("register", example, network=network)))[-1]
    see = SEE(w3, address)

    paid = ("pay", "--see", address, "--amount", "1.5 ether", "--memo", "INV-7")
    well(ape_typed(*paid, network=network, account="TEST::3"))
    assert see.due(ben) == {"native": 525_000_000_000_000_000}
    claimed = ape_typed("claim", "--see", address, "--member", ben, network=network)
    assert f"{ben} got 0.525 ether" in well(claimed)
    assert see.due(ben) == {"native": 0}
    well(ape_typed("payout", "--see", address, network=network))
    assert w3.eth.get_balance(address) == 0
    assert "nothing" in refused(ape_typed("claim", "--see", address, network=network))
    well(ape_typed("deregister", "--see", address, network=network))
    assert see.ended
    assert "ended" in refused(ape_typed(*paid, network=network))


def test_consents_are_taken_from_files(w3: Web3, network: str, example: Path) -> None:
    deployed = well(ape_typed("deploy", network=network))
    assert re.search(r"Registry 0x[0-9A-Fa-f]{40} on chain 31337", deployed)
    # An account that is nobody's test account: only a file can speak for it.
    ada, stranger = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", Account.create()
    example.write_text(example.read_text().replace(ada, stranger.address))
    file = example.with_name("night-market.consents.json")

    well(ape_typed("sign", example, network=network, account="TEST::2"))
    kept = Consents.from_json(file.read_text())
    assert [each.account for each in kept.signed] == ["0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"]
    error = refused(ape_typed("register", example, network=network))
    assert stranger.address in error

    by_wallet = Registry(w3).sign(Agreement.load(example), stranger, kept.deadline)
    further = example.with_name("from-a-wallet.json")
    further.write_text("{}")
    register = ("register", example, "--consents", further)
    assert further.name in refused(ape_typed(*register, network=network))
    further.write_text(by_wallet.to_json())
    output = well(ape_typed(*register, network=network))

    assert f"Ada ({stranger.address}) has signed" in output
    assert SEE_LINE.search(output)
