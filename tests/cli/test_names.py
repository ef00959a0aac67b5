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
    people: dict[str, Person], at: Typed, see: SEE, example: Path
) -> None:
    other = Path("other.yaml")
    other.write_text(example.read_text().replace("Night Market", "Day Market"))
    said = people["port"].well(
        "pay", "--see", see.address, "--amount", "1 ether", "--agreement", other
    )
    assert f"Note: other.yaml is no agreement of {see.address}, so it names nobody here" in said
    assert "Ada" not in said
    shown = at.well("show", see.address, "--agreement", other)
    assert shown.startswith("other.yaml is not the agreement in force, so it names nobody here")
    assert "Day Market" not in shown


def test_nobody_is_called_by_the_names_of_a_stranger(
    people: dict[str, Person], at: Typed, see: SEE, example: Path
) -> None:
    """Of anything that is told of a SEE, or of a Splitter, by an agreement that is not its own."""
    false = Path("false.yaml")
    false.write_text(example.read_text().replace("name: Ada,", "name: Mallory,"))
    paid = people["port"].json("pay", "--see", see.address, "--amount", "1 ether")["transactions"]
    people["ada"].well("share", "--see", see.address, "--with", key(5).address, "--part", "1/4")
    splitter = see.redirected(key(1).address)
    sent = people["port"].json("pay", "--see", splitter, "--amount", "8 wei")["transactions"]
    days = ("--from", "2020-01-01", "--to", "2040-12-31")
    given = ("--agreement", false)
    said = [
        at.well("explain", paid[0], *given),
        at.well("explain", sent[0], *given),
        at.well("statement", "--member", key(1).address, *days, *given),
    ]
    for each in (see.address, splitter):
        said.append(at.well("statement", "--see", each, *days, *given))
        said.append(people["ada"].well("claim", "--see", each, *given, "--dry-run"))
        said.append(people["desk"].well("payout", "--see", each, *given, "--dry-run"))
        said.append(at.well("request", "--see", each, "--amount", "1 ether", "--memo", "A", *given))
    said.append(at.well("receipt", sent[0], "--see", splitter, *given))
    for text in said:
        assert "Mallory" not in text
        assert "Cleo" not in text
    told = at("statement", "--see", splitter, *days, *given)
    assert told.stderr.startswith("Note: false.yaml is no agreement of what is told here")
    assert "Note: false.yaml is no agreement of a SEE in this transaction" in said[0]
    assert f"Note: false.yaml is no agreement of {splitter}, so it names nobody here" in said[-1]


def test_a_splitter_is_named_by_the_agreement_of_the_seat_that_is_shared(
    people: dict[str, Person], at: Typed, see: SEE, example: Path
) -> None:
    people["cleo"].well("share", "--see", see.address, "--with", key(6).address, "--part", "1/4")
    splitter = see.redirected(key(4).address)
    sent = people["port"].json("pay", "--see", splitter, "--amount", "8 wei")["transactions"]
    cleo = f"Cleo ({key(4).address})"
    assert cleo in at.well("receipt", sent[0], "--see", splitter, "--agreement", example)
    assert f"Port of Delft ({key(3).address})" in at.well(
        "explain", sent[0], "--agreement", example
    )


def test_a_name_stands_with_its_account_and_money_with_where_it_went(
    people: dict[str, Person], at: Typed, see: SEE, example: Path
) -> None:
    see.pay("1 ether", sender=key(3))
    see.redirect(key(2), key(7).address)
    see.claim(key(2).address, sender=key(8))
    days = ("--from", "2020-01-01", "--to", "2040-12-31")
    said = at.well("statement", "--see", see.address, *days, "--agreement", example)
    (named,) = (each for each in said.splitlines() if key(2).address in each)
    assert named.split() == ["Ben", key(2).address]
    assert said.index(named) < said.index("held at the opening")
    assert f"claim, paid to {key(7).address}" in said


def test_names_are_no_part_of_an_act(
    people: dict[str, Person], see: SEE, example: Path, journals: Path
) -> None:
    """Who goes on with a command may add the agreement to it, and pays once all the same."""
    from seechain.cli.journalled import key_of

    options = {"see": see.address, "amount": "1 ether", "names": None}
    assert key_of("pay", key(3).address, options, ()) == key_of(
        "pay", key(3).address, {**options, "names": example}, ()
    )
