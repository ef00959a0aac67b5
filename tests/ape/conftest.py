"""Each test here runs on both local chains: `ape test tests/ape --network ethereum:local:…`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from web3 import Web3

from seechain import Agreement

EXAMPLE = Path(__file__).parents[2] / "examples" / "night-market.yaml"


@pytest.fixture
def w3(chain: Any) -> Web3:
    return chain.provider.web3


@pytest.fixture
def agreement() -> Agreement:
    return Agreement.load(EXAMPLE)


@pytest.fixture
def members(agreement: Agreement, accounts: Any) -> dict[str, Any]:
    """Ape's test accounts by the names that the example gives them."""
    by_address = {account.address: account for account in accounts}
    return {member.name: by_address[member.account] for member in agreement.members}
