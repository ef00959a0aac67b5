"""Who and what takes part: the members of the example, their keys, and a token to be paid in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_account.signers.local import LocalAccount

from demo.chain import deploy, funded_account
from demo.report import Report
from seechain import Agreement

EXAMPLES = Path(__file__).parents[1] / "examples"
FILE, NEXT_FILE = EXAMPLES / "night-market.yaml", EXAMPLES / "night-market-2.yaml"
TEST_ACCOUNTS = 10
PORT, DESK = "Port of Delft", "Desk"
BROKEN = "Cleo"  # whose account is a contract that refuses coin
GUEST, GUEST_KEY = "Gil", 6  # who is in no agreement


class Wrong(Exception):
    """The demo did not come out as it must."""


@dataclass(frozen=True)
class Cast:
    """agreement, next: first and second. keys, accounts: by name; wallet: Cleo's contract."""

    agreement: Agreement
    next: Agreement
    keys: Mapping[str, LocalAccount]
    accounts: Mapping[str, str]
    token: Any
    wallet: Any


def gather(report: Report) -> Cast:
    """The example's members on this chain, with a token for it to be paid in."""
    first, second = Agreement.load(FILE), Agreement.load(NEXT_FILE)
    by_address = {str(key.address): key for key in map(funded_account, range(TEST_ACCOUNTS))}
    named = {each.name: each.account for each in (*first.members, *second.members)}
    keys = {name: by_address[account] for name, account in named.items()}
    keys[GUEST] = funded_account(GUEST_KEY)
    with report.step("A token for the client to pay in, and a member whose account is broken"):
        token = new_token(report, keys[PORT])
        wallet = deploy(report.w3, "Wallet", keys[BROKEN].address, sender=keys[BROKEN])
        report.say(f"The agreement of {FILE.name} takes the token {token.address} too, and")
        report.say(f"{BROKEN}'s account is a contract that refuses coin: {wallet.address}.")
    accounts = {name: str(key.address) for name, key in keys.items()}
    accounts[BROKEN] = wallet.address
    return Cast(
        _here(first, accounts, token), _here(second, accounts, token), keys, accounts, token, wallet
    )


def new_token(report: Report, holder: LocalAccount) -> Any:
    """A token with six decimals, of which the holder has a million."""
    return deploy(report.w3, "Token", holder.address, 10**12, sender=holder)


def _here(agreement: Agreement, accounts: Mapping[str, str], token: Any) -> Agreement:
    """The agreement of a file, with what stands at other addresses on this chain."""
    values = agreement.model_dump()
    values["currencies"] = ["native", token.address]
    for member in values["members"]:
        member["account"] = accounts[member["name"]]
    return Agreement.model_validate(values)
