"""The card that the wheel's tests run is the README's and the example's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from eth_tester import EthereumTester, PyEVMBackend
from web3 import EthereumTesterProvider, Web3

from seechain import Registry
from tests.sdk.chain import MNEMONIC, key
from tests.sdk.conftest import make_agreement
from tests.wheel.card import CARD

ROOT = Path(__file__).parents[2]


def test_the_wheel_is_tested_with_the_card_of_the_readme() -> None:
    assert f"```python\n{CARD}```" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tester() -> Web3:
    """A chain in this process, which knows neither anvil's methods nor a deployer."""
    backend = PyEVMBackend.from_mnemonic(MNEMONIC, num_accounts=10, hd_path="m/44'/60'/0'/0")
    return Web3(EthereumTesterProvider(EthereumTester(backend)))


@pytest.mark.filterwarnings("ignore")  # of eth-tester itself
def test_the_whole_life_on_eth_tester(tester: Web3) -> None:
    registry = Registry.deploy(tester, sender=key(0))
    agreement = make_agreement()
    consents = [registry.sign(agreement, key(number)) for number in (1, 2, 3)]
    see: Any = registry.register(agreement, consents, sender=key(0))
    see.pay("1.5 ether", memo="INV-7", sender=tester.eth.accounts[3])
    see.pay(1, sender=key(3))
    assert see.due(key(1).address) == {"native": 6 * 10**17}
    see.claim(key(1).address, sender=key(7))
    see.payout(sender=key(7))
    end = see.deregistration()
    see.deregister([see.sign(end, key(number)) for number in (1, 2)], sender=key(7))
    again = registry.see(see.address)
    assert again.state == "ended"
    assert again.members == see.members
    assert [record.see for record in registry.sees()] == [see.address]
