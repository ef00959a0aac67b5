"""The life of a SEE through the commands that a person types."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from web3 import Web3

from seechain import SEE, Agreement, Registry, Splitter
from seechain.consent.consents import Consents
from tests.ape.running import EXAMPLE, NEXT, NOWHERE, Run

ADA, BEN, PORT, CLEO, DANA, ANYONE = (f"TEST::{number}" for number in (1, 2, 3, 4, 5, 8))
ETHER = 10**18
FILE = re.compile(r"has signed: (.+\.json)")

Well = Callable[..., str]
Gains = Callable[[str], int]


@pytest.fixture
def well(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Well:
    """What a command says that does what it should; its files go to a folder of the test."""
    monkeypatch.chdir(tmp_path)

    def well(*arguments: object, account: str = "TEST::0") -> str:
        result = run(*arguments, account=account)
        assert result.exit_code == 0, result.stdout + result.stderr
        return str(result.stdout)

    return well


@pytest.fixture
def following(tmp_path: Path) -> Path:
    """The file of the next version."""
    path = tmp_path / NEXT.name
    path.write_text(NEXT.read_text())
    return path


@pytest.fixture
def gains(w3: Web3, accounts: Any) -> Gains:
    """What an account has now above what it had when the test began."""
    addresses = [accounts[number].address for number in range(10)]
    before = [w3.eth.get_balance(address) for address in addresses]

    def gains(alias: str) -> int:
        number = int(alias.removeprefix("TEST::"))
        return int(w3.eth.get_balance(addresses[number])) - before[number]

    return gains


def at(see: SEE, *more: object) -> tuple[object, ...]:
    return ("--see", see.address, *more)


def test_the_next_agreement_is_signed_at_a_distance_and_leaves_the_old_debts(
    well: Well, see: SEE, following: Path, gains: Gains, members: dict[str, Any], accounts: Any
) -> None:
    ben, cleo, dana = members["Ben"].address, members["Cleo"].address, accounts[5].address
    well("pay", *at(see), "--amount", "1 ether", account=PORT)

    file = following.with_name("night-market-2.consents.json")
    subject = replace(see.amendment(Agreement.load(following)), deadline=1_700_000_000)
    file.write_text(Consents.of(subject).to_json())  # nobody has, and it is too late
    shown = well("sign", following, *at(see), account=BEN)  # again: with a deadline that is ahead
    assert re.search(r"Dana +- +22.72 % +\+22.72 %", shown)
    assert "For you: Ben gains: part 35.00 % -> 36.36 %, voice 33.33 % -> 25.00 %" in shown
    assert "has counted until 2023-11-14 22:13 UTC" in shown
    assert Path(FILE.findall(shown)[0]) == file
    amended = well("amend", following, *at(see), account=ANYONE)
    assert f"Ben ({ben}) has signed" in amended
    assert f"is in force: version 1 of SEE {see.address}" in amended
    well("pay", *at(see), "--amount", "1.1 ether", account=PORT)
    late = well("pay", *at(see), "--amount", "2 ether", "--version", 0, account=PORT)
    assert "to the members of version 0" in late

    assert see.version == 1
    assert see.due(cleo) == {"native": 3 * ETHER * 20 // 100}
    assert see.due(dana) == {"native": ETHER * 25 // 100}
    well("claim", *at(see, "--member", cleo), account=ANYONE)
    well("payout", *at(see), account=ANYONE)
    assert gains(CLEO) == 3 * ETHER * 20 // 100
    assert gains(DANA) == ETHER * 25 // 100
    assert gains(BEN) == 3 * ETHER * 35 // 100 + ETHER * 40 // 100
    assert see.w3.eth.get_balance(see.address) == 0


def test_members_leave_by_themselves_or_relayed_and_the_last_voice_ends_it(
    well: Well, see: SEE, members: dict[str, Any]
) -> None:
    ada, ben, cleo = (members[name].address for name in ("Ada", "Ben", "Cleo"))
    well("pay", *at(see), "--amount", "1 ether", account=PORT)

    left = well("leave", *at(see), account=BEN)
    assert "its seat (35.00 % of what comes) and its voice (1 of 3)" in left
    assert "What was earned stays owed to it: 0.35 ether" in left
    well("pay", *at(see), "--amount", "0.65 ether", account=PORT)
    assert see.due(ben) == {"native": ETHER * 35 // 100}
    assert see.due(cleo) == {"native": ETHER * 40 // 100}

    well("leave", *at(see), "--only", "voice", account=ADA)
    (file,) = FILE.findall(well("sign", see.address, "--leave", "both", account=PORT))
    last = well("leave", *at(see), "--relay", file, account=ANYONE)
    assert "It is the last voice: the SEE ends with it" in last
    assert f"SEE {see.address} has ended" in last
    assert see.ended
    assert see.due(ada) == {"native": ETHER * 80 // 100}


def test_money_is_redirected_and_a_seat_is_shared(
    well: Well, see: SEE, gains: Gains, members: dict[str, Any], accounts: Any
) -> None:
    ada, ben, guest = members["Ada"].address, members["Ben"].address, accounts[7].address
    (file,) = FILE.findall(well("sign", see.address, "--to", NOWHERE, account=BEN))
    relayed = well("redirect", *at(see), "--relay", file, account=ANYONE)
    assert f"The money of {ben} goes to {NOWHERE}, of all versions and currencies" in relayed
    well("redirect", *at(see), "--to", guest, account=CLEO)
    well("redirect", *at(see), "--to", members["Cleo"].address, account=CLEO)

    share = ("share", *at(see), "--with", guest, "--part", "1/4")
    well("redirect", *at(see), "--to", guest, account=ADA)
    shared = well(*share, account=ADA)
    assert f"Until now it went to {guest}" in shared
    (splitter,) = re.findall(r"Splitter (0x\w{40})", shared)
    assert "Nothing was sent" in well(*share, account=ADA)
    before = see.w3.eth.get_balance(NOWHERE), see.w3.eth.get_balance(guest)
    well("pay", *at(see), "--amount", "1 ether", account=PORT)
    claimed = well("claim", *at(see), "--member", ada, account=ANYONE)
    assert f"{ada} got 0.4 ether, at {splitter}" in claimed
    well("payout", *at(see), account=ANYONE)
    well("payout", "--see", splitter, account=ANYONE)

    assert see.w3.eth.get_balance(NOWHERE) - before[0] == ETHER * 35 // 100
    assert see.w3.eth.get_balance(guest) - before[1] == ETHER * 10 // 100
    assert gains(CLEO) == pytest.approx(ETHER * 20 // 100, abs=ETHER // 100)  # less its gas
    assert Splitter(see.w3, splitter).due() == {"native": 0}
    assert see.redirected(members["Cleo"].address) == members["Cleo"].address


def test_a_see_signs_as_a_member_is_paid_through_and_leaves_as_one(
    run: Run,
    well: Well,
    see: SEE,
    registry: Registry,
    example: Path,
    gains: Gains,
    members: dict[str, Any],
) -> None:
    inner = see.address
    outer_text = example.read_text().replace(members["Ben"].address, inner)
    example.write_text(outer_text.replace("Night Market", "Harbour"))
    agreement = Agreement.load(example)

    (file,) = FILE.findall(well("sign", example, "--as", inner, account=ADA))
    assert Path(file) == example.with_name(f"night-market.{inner}.consents.json")
    endorse = ("endorse", example, "--as", inner)
    (consent,) = FILE.findall(well(*endorse, account=ANYONE))
    assert Path(consent) == example.with_name("night-market.consents.json")
    assert "It has signed before" in well(*endorse, account=ANYONE)
    registered = well("register", example)
    assert f"Ben ({inner}) has signed" in registered
    outer = SEE(see.w3, registry.address_of(agreement))

    well("pay", *at(outer), "--amount", "1 ether", account=PORT)
    paid = well("payout", *at(outer), "--cascade", account=ANYONE)
    assert re.search("pays out through 2 levels in 2 transactions, about [0-9,]+ gas", paid)
    assert paid.count("Everyone has what was due of native coin from 0x") == 2
    assert gains(CLEO) == ETHER * 20 // 100 + ETHER * 35 // 100 * 20 // 100
    redirect = run("sign", outer.address, "--to", NOWHERE, "--as", inner, account=ADA)
    assert "a SEE redirects no money" in redirect.stderr
    act = (outer.address, "--leave", "both", "--as", inner)
    (consent,) = FILE.findall(well("endorse", *act, account=ANYONE))
    well("leave", *at(outer), "--relay", consent, account=ANYONE)
    assert outer.leavers == {inner}
    assert inner not in {voice.account for voice in outer.roll}


@pytest.mark.both_chains
def test_what_came_to_a_chain_where_it_is_not_registered_is_recovered(
    well: Well, registry: Registry, agreement: Agreement, gains: Gains, members: dict[str, Any]
) -> None:
    address = registry.address_of(agreement)
    members["Port of Delft"].transfer(address, ETHER)

    said = well("recover", EXAMPLE, account=ANYONE)

    assert f"At {address} there is 1 ether" in said
    assert gains(ADA) == ETHER * 40 // 100
    assert gains(CLEO) == ETHER * 20 // 100
    assert registry.see(address).state == "unregistered"


@pytest.mark.both_chains
def test_where_the_agreement_is_read_is_said_by_a_sender_or_by_signature(
    well: Well, see: SEE, members: dict[str, Any]
) -> None:
    well("locate", *at(see), "--uri", "ipfs://first", account=ANYONE)
    (file,) = FILE.findall(well("sign", see.address, "--uri", "ipfs://second", account=ADA))

    said = well("locate", *at(see), "--relay", file, account=ANYONE)

    assert f"{members['Ada'].address} says that the agreement can be read at ipfs://second" in said


@pytest.mark.both_chains
def test_anyone_ends_it_a_week_after_its_expiry(well: Well, see: SEE, chain: Any) -> None:
    chain.pending_timestamp = int(see.expires.timestamp()) + 7 * 24 * 3600 + 60
    chain.mine()

    well("deregister", *at(see), "--expired", account=ANYONE)

    assert see.ended
