"""What tells a SEE's life apart at `ape run`: people who sign far from each other, other chains."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from eth_account import Account
from web3 import Web3

from seechain import Agreement, Registry
from seechain.consent.consents import Consents
from tests.scripts.running import LEAVES_SOCKETS, ROOT, ape_run, ape_typed, refused, well

pytestmark = LEAVES_SOCKETS
NAMES = ("night-market.yaml", "night-market-2.yaml")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """The two versions of the example."""
    return [Path(shutil.copy(ROOT / "examples" / name, tmp_path)) for name in NAMES]


def test_an_amendment_by_people_who_are_far_from_each_other(
    w3: Web3, network: str, files: list[Path]
) -> None:
    first, following = files
    ada, ben = Account.create(), Account.create()  # nobody's test accounts: only files speak
    for file in files:
        text = file.read_text().replace("0x70997970C51812dc3A010C7d01b50e0d17dc79C8", ada.address)
        file.write_text(text.replace("0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", ben.address))
    agreement = Agreement.load(first)
    registry = Registry.deploy(w3, sender=w3.eth.accounts[0])
    voices = (ada, ben, w3.eth.accounts[3])
    consents = [registry.sign(agreement, voice) for voice in voices]
    see = registry.register(agreement, consents, sender=w3.eth.accounts[0])
    at = ("--see", see.address)

    shown = well(ape_typed("sign", following, *at, network=network, account="TEST::3"))
    assert re.search(r"Ada +40.00 % +36.36 % +-3.63 % +33.33 % +25.00 %", shown)
    (signed,) = re.findall(r"has signed: (.+\.json)", shown)
    missing = refused(ape_typed("amend", following, *at, network=network))
    assert f"1 of 3 voices have signed, the quorum is 2/3: missing are Ada ({ada.address})" in (
        missing.replace(f"Ben ({ben.address}), ", "")
    )
    deadline = Consents.from_json(Path(signed).read_text()).deadline
    by_ada = see.sign(see.amendment(Agreement.load(following), deadline), ada)
    further = Path(signed).with_name("from-ada.json")
    further.write_text(by_ada.to_json())
    amended = well(ape_typed("amend", following, *at, "--consents", further, network=network))

    assert f"Ben ({ben.address}) has not signed; ape run sign {following} --see" in amended
    assert see.version == 1


def test_a_network_on_which_the_see_does_not_stand(w3: Web3, files: list[Path]) -> None:
    see = Registry.deploy(w3, sender=w3.eth.accounts[0]).address_of(Agreement.load(files[0]))

    elsewhere = ape_run("leave", "--see", see, network="ethereum:local:test", account="TEST::1")

    assert f"no SEE stands at {see} on chain 1337" in refused(elsewhere)


def test_all_commands_are_listed_with_a_whole_sentence() -> None:
    listed = subprocess.run(["ape", "run", "--help"], cwd=ROOT, capture_output=True, text=True)
    lines = listed.stdout.partition("Commands:")[2].splitlines()

    for script in (ROOT / "scripts").glob("[!_]*.py"):
        (line,) = (each for each in lines if each.split()[:1] == [script.stem])
        assert line.endswith("."), line
        assert not line.endswith("..."), line
