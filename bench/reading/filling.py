"""An anvil with a SEE that has logged many events of all kinds that money has there."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from web3 import HTTPProvider, Web3

from bench.chain import BenchError
from seechain import SEE, Agreement, Registry
from tools.anvil import running

MNEMONIC = "test test test test test test test test test test test junk"
TIMES = 200  # of each call of the filler: 1,400 logs, 1,300 of them the SEE's or its payments
BLOCK = 4_000_000_000  # gas that a block may have
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Filled:
    """The chain, the SEE, its token, and the block of the last call that filled it."""

    w3: Web3
    see: SEE
    token: Any
    last: int


@contextmanager
def filled(events: int) -> Iterator[Filled]:
    """A chain of its own, with at least so many events of one SEE.

    Raises:
        BenchError: a transaction failed.
    """
    with running("--hardfork", "prague", "--gas-limit", str(BLOCK)) as url:
        w3 = Web3(HTTPProvider(url, {"timeout": 120}))
        yield _fill(w3, events)


def _fill(w3: Web3, events: int) -> Filled:
    everyone = [_key(number) for number in range(4)]
    ada, ben, cleo, desk = everyone
    token = _deploy(w3, desk, HERE.parent / "tokens" / "Plain.vy", [desk.address], 10**24)
    registry = Registry.deploy(w3, sender=desk)
    members: list[dict[str, object]] = [
        {"name": "Ada", "account": ada.address, "role": "core", "shares": 40, "voices": 1},
        {"name": "Ben", "account": ben.address, "role": "core", "shares": 35},
        {
            "name": "Cleo",
            "account": cleo.address,
            "role": "co-creator",
            "shares": 25,
            "pull_only": True,
        },
    ]
    agreement = Agreement.model_validate(
        {
            "name": "Night Market",
            "terms": "We run a night market.",
            "currencies": ["native", token.address],
            "quorum": "1/1",
            "expires": "2030-12-31",
            "members": members,
        }
    )
    see = registry.register(agreement, [registry.sign(agreement, ada)], sender=desk)
    filler = _deploy(w3, desk, HERE / "Filler.vy", value=10**18)
    _mined(w3, token.functions.transfer(filler.address, 10**23).transact({"from": desk.address}))
    first = see.table.seat(0).account
    see.pay(1000, sender=desk)
    see.join(first, sender=desk)
    call = filler.functions.fill(
        see.address, token.address, first, see.table_key, see.table.words, TIMES
    )
    options: Any = {"from": desk.address, "gas": 200_000_000}
    sent = [call.transact(options) for _ in range(-(-events // (TIMES * 13 // 2)))]
    last = max(_mined(w3, each) for each in sent)
    return Filled(w3, SEE(w3, see.address), token, last)


def _key(number: int) -> LocalAccount:
    Account.enable_unaudited_hdwallet_features()
    path = f"m/44'/60'/0'/0/{number}"
    account: LocalAccount = Account.from_mnemonic(MNEMONIC, account_path=path)
    return account


def _deploy(
    w3: Web3, sender: LocalAccount, source: Path, *arguments: object, value: int = 0
) -> Any:
    done = subprocess.run(
        ["vyper", "-f", "abi,bytecode", str(source)], capture_output=True, text=True, check=True
    )
    abi, code = done.stdout.strip().split("\n")
    made = w3.eth.contract(abi=json.loads(abi), bytecode=code).constructor(*arguments)
    receipt: Any = w3.eth.wait_for_transaction_receipt(
        made.transact({"from": sender.address, "value": value})
    )
    return w3.eth.contract(address=receipt["contractAddress"], abi=json.loads(abi))


def _mined(w3: Web3, transaction: Any) -> int:
    receipt: Any = w3.eth.wait_for_transaction_receipt(transaction, timeout=300)
    if receipt["status"] != 1:
        raise BenchError("a transaction that was to fill the chain failed")
    return int(receipt["blockNumber"])
