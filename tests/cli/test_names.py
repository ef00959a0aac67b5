"""Names of members: on no chain, and shown by every command that is given the agreement."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from web3 import Web3

from seechain import SEE
from tests.cli.typing import Person, Typed
from tests.rewind import rewind
from tests.sdk.chain import key, rpc

ADA = f"Ada ({key(1).address})"


@pytest.fixture(autouse=True)
def anew(w3: Web3, see: SEE, example: Path) -> Iterator[None]:
    """The chain as it was before each test."""
    snapshot = rpc(w3, "evm_snapshot")
    yield
    rewind(partial(rpc, w3), snapshot)


def test_members_are_called_by_their_names(
    people: dict[str, Person], at: Typed, see: SEE, example: Path
) -> None:
    named = ("--see", see.address, "--agreement", example)
    asked = at.well("request", *named, "--amount", "1 ether", "--memo", "INV-7")
    paid = people["port"].well("pay", *named, "--amount", "1 ether", "--memo", "INV-7")
    for said in (asked, paid):
        (line,) = (each for each in said.splitlines() if each.startswith(ADA))
        assert line.split()[-3:] == ["40/100", "0.4", "ether"]
    assert f"Port of Delft ({key(3).address}) pays 1 ether" in paid
    made = people["port"].json("pay", *named, "--amount", "1 wei", "--memo", "INV-8")
    transaction = made["transactions"][0]
    receipt = at.well("receipt", transaction, *named, "--out", "receipt.json")
    assert f"{ADA}  40/100" in receipt
    assert f"{ADA}  40/100" in at.well("receipt", "receipt.json", "--agreement", example)
    dry = people["desk"].well("payout", *named, "--dry-run")
    assert f"{ADA} " in dry
    assert f"{ADA} got 0.4 ether" in people["ada"].well("claim", *named)
    shared = people["ada"].well("share", *named, "--with", key(5).address, "--part", "1/4")
    assert f"gets 1/4 of what {ADA} gets from SEE" in shared


def test_the_environment_may_name_the_agreement(
    people: dict[str, Person], see: SEE, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEECHAIN_AGREEMENT", str(example))
    said = people["port"].well("pay", "--see", see.address, "--amount", "1 ether")
    assert ADA in said


def test_an_agreement_that_is_over_still_names_its_members(
    at: Typed, see: SEE, example: Path, people: dict[str, Person]
) -> None:
    """`show`, `explain` and `statement` refused it once its last day had passed."""
    over = Path("over.yaml")
    over.write_text(example.read_text().replace("expires: 2027-12-31", "expires: 2020-12-31"))
    assert over.read_text() != example.read_text()
    assert "so it names nobody" in at.well("show", see.address, "--agreement", over)
    days = ("--from", "2020-01-01", "--to", "2030-12-31")
    at.well("statement", "--see", see.address, *days, "--agreement", over)
    made = people["port"].json("pay", "--see", see.address, "--amount", "1 ether")
    at.well("explain", made["transactions"][0], "--agreement", over)


def test_what_is_no_agreement_of_a_see_names_nobody_there(
    people: dict[str, Person], see: SEE, example: Path
) -> None:
    other = Path("other.yaml")
    other.write_text(example.read_text().replace("Night Market", "Day Market"))
    said = people["port"].well(
        "pay", "--see", see.address, "--amount", "1 ether", "--agreement", other
    )
    assert f"Note: other.yaml is no agreement of {see.address}, so it names nobody here" in said
    assert "Ada" not in said


def test_names_are_no_part_of_an_act(
    people: dict[str, Person], see: SEE, example: Path, journals: Path
) -> None:
    """Who goes on with a command may add the agreement to it, and pays once all the same."""
    from seechain.cli.journalled import key_of

    options = {"see": see.address, "amount": "1 ether", "names": None}
    assert key_of("pay", key(3).address, options, ()) == key_of(
        "pay", key(3).address, {**options, "names": example}, ()
    )
