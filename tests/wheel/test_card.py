"""The card runs as it is written, with whatever web3 is installed."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from web3 import Web3

# The folder is copied to run far from the repository, where it is no package.
_spec = importlib.util.spec_from_file_location("card", Path(__file__).with_name("card.py"))
assert _spec is not None
assert _spec.loader is not None
card = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(card)


def key(number: int) -> LocalAccount:
    """One of anvil's funded accounts."""
    Account.enable_unaudited_hdwallet_features()
    account: LocalAccount = Account.from_mnemonic(
        card.MNEMONIC, account_path=f"m/44'/60'/0'/0/{number}"
    )
    return account


def test_the_card_runs_as_it_is_written(
    w3: Web3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expires = datetime.now(UTC).date() + timedelta(days=300)
    agreement = card.AGREEMENT.format(expires=expires)
    (tmp_path / "night-market.yaml").write_text(agreement, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    ada = key(1)
    names: dict[str, Any] = {
        "w3": w3,
        "deployer": key(0),
        "voices": [ada, key(2), key(3)],
        "facilitator": key(0),
        "client": key(3),
        "ada": ada,
        "anyone": key(7),
    }
    before = w3.eth.get_balance(ada.address)

    exec(card.CARD, names)

    see = names["see"]
    assert see.state == "ended"
    assert w3.eth.get_balance(ada.address) - before == 6 * 10**17
    assert w3.eth.get_balance(see.address) == 0
    recovered = names["SEE"](w3, see.address).members
    lines = {(line.account, line.shares, line.voices) for line in recovered}
    assert lines == {
        (key(1).address, 40, 1),
        (key(2).address, 35, 1),
        (key(3).address, 0, 1),
        (key(4).address, 20, 0),
        (key(0).address, 5, 0),
    }
