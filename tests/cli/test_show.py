"""seechain show: at a glance, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from web3 import Web3

from seechain import SEE, Agreement, Registry
from seechain.chain import clones
from tests.cli.conftest import EXAMPLE
from tests.cli.typing import Typed
from tests.rewind import rewind
from tests.sdk.chain import deployed, key, rpc, warp
from tests.sdk.life import EVE, amend, line


@pytest.fixture(autouse=True)
def anew(w3: Web3, see: SEE) -> Iterator[None]:
    """The chain as it was before each test."""
    snapshot = rpc(w3, "evm_snapshot")
    yield
    rewind(partial(rpc, w3), snapshot)


@pytest.fixture
def market(w3: Web3, see: SEE) -> SEE:
    """The example SEE, fresh to what each test does."""
    return SEE(w3, see.address)


def member(shown: Any, account: str, among: str = "members") -> Any:
    (found,) = (each for each in shown[among] if each["account"] == account)
    return found


def test_a_see_is_shown(at: Typed, market: SEE, w3: Web3) -> None:
    ada, cleo = key(1).address, key(4).address
    market.pay("1.5 ether", sender=key(3))
    market.claim(ada, sender=key(8))
    market.redirect(key(4), EVE)
    market.locate("https://example.org/\u202eagreement", sender=key(8))
    said = at.well("show", market.address, "--agreement", EXAMPLE)
    assert f"The SEE 'Night Market' {market.address} on chain 31337" in said
    assert "version 0 is in force" in said
    assert "Quorum 2/3 of 3 voices; last day 2027-12-31 UTC" in said
    row = next(each for each in said.splitlines() if ada in each)
    assert row.split() == ["Ada", ada, "40.00", "%", "40/100", "1"]
    assert f"paid at {EVE}" in said
    assert "https://example.org/\\u202eagreement" in said
    shown = at.json("show", "--see", market.address)
    assert (shown["kind"], shown["state"], shown["quorum"]) == ("SEE", "registered", "2/3")
    of_ada = member(shown, ada)
    assert (of_ada["part"], of_ada["shares"], of_ada["voices"]) == ("2/5", "40", 1)
    assert of_ada["had"][0]["decimal"] == "0.6"
    assert of_ada["due"][0]["units"] == "0"
    assert member(shown, cleo)["to"] == EVE
    (native,) = shown["money"]
    amounts = {each: native[each]["decimal"] for each in ("received", "paid", "due", "held")}
    assert amounts == {"received": "1.5", "paid": "0.6", "due": "0.9", "held": "0.9"}
    assert shown["warnings"] == []


def test_a_stranger_writes_no_line_and_hides_none(at: Typed, market: SEE, w3: Web3) -> None:
    """The URIs of four strangers, one of which would be a warning of ours."""
    ada = key(1).address
    market.locate("ipfs://of-ada", sender=key(1))
    for number in range(3):
        market.locate(f"https://example.org/{number}", sender=key(9))
    forged = "https://x.org/, says Ada\nLook: this SEE was moved,   pay it at 0x99"
    market.locate(forged, sender=key(9))
    said = at.well("show", market.address, "--agreement", EXAMPLE)
    assert not [line for line in said.splitlines() if line.startswith("Look")]
    named = [line for line in said.splitlines() if line.startswith("The agreement can be read")]
    assert len(named) == 3
    assert named[0].endswith(f" at ipfs://of-ada, says Ada ({ada})")
    assert "Ada\\x0aLook:%20this%20SEE%20was%20moved,%20%20%20pay%20it%20at%200x99" in named[1]
    assert named[1].endswith(f", says somebody who is no member, {key(9).address}")
    first, second = at.json("show", market.address)["located"][:2]
    assert (first["publisher"], first["standing"]) == (ada, "voice")
    assert (second["uri"], second["standing"]) == (forged, "none")


def test_tokens_go_by_their_address(at: Typed, market: SEE, w3: Web3) -> None:
    token = deployed(w3, "Token", "US\x1bDC", 6)
    market.pay(1_500_000, currency=token.address, sender=key(0))
    said = at.well("show", market.address)
    assert token.address in said
    assert "\x1b" not in said
    assert "1.5" in said
    shown = at.json("show", market.address)
    assert {each["currency"] for each in shown["money"]} == {"native", token.address}


def test_what_logs_alone_say_is_not_there(at: Typed, market: SEE, w3: Web3) -> None:
    token = deployed(w3, "GrossToken", 0)
    token.functions.approve(market.address, 10**9).transact({"from": key(0).address})
    market.pay(90, currency=token.address, sender=key(0))
    forged = token.functions.forge(EVE, market.address, 777).transact({"from": key(0).address})
    w3.eth.wait_for_transaction_receipt(forged)
    rpc(w3, "anvil_setBalance", market.address, hex(5))
    said = at.well("show", market.address)
    assert f"0.000777 GRS ({token.address}) that logs say was received is not there" in said
    assert "0.000000000000000005 ether of what was received came without a log" in said
    assert " -0.0" not in said


def test_who_left_and_what_is_odd(at: Typed, market: SEE, w3: Web3) -> None:
    ada, ben = key(1).address, key(2).address
    token = deployed(w3, "Token", "EURC", 6)
    market.pay(500, currency=token.address, sender=key(0))
    market.pay(1000, sender=key(3))
    market.leave(key(1))
    shown = at.json("show", market.address)
    of_ada = member(shown, ada)
    assert (of_ada["part"], of_ada["has_left"], of_ada["voices"]) == ("0", True, 0)
    assert member(shown, ben)["part"] == "7/12"
    assert shown["shares_left"] == "40"
    assert any("has left, but not yet in the token" in each for each in shown["warnings"])
    members = [line("Ben", ben, 1, 1), line("Eve", EVE, 2)]
    later = Agreement.load(EXAMPLE).model_dump() | {"members": members, "quorum": "1/2", "nonce": 2}
    amend(market, Agreement.model_validate(later), 2, 3)
    shown = at.json("show", market.address)
    assert member(shown, ada, "former_members")["due"][0]["units"] == "400"
    assert any("still belongs to version 0" in each for each in shown["warnings"])
    assert any("half of the voices or less" in each for each in shown["warnings"])
    assert "of an older version" in at.well("show", market.address)


def test_a_see_that_ended(at: Typed, market: SEE, w3: Web3) -> None:
    warp(w3, int(market.expires.timestamp()) - w3.eth.get_block("latest")["timestamp"] + 60)  # type: ignore[operator]
    shown = at.json("show", market.address)
    assert shown["state"] == "expired"
    assert shown["warnings"] == ["its last day is over: from a week later anyone may end it"]
    warp(w3, 8 * 86_400)
    market.expire(sender=key(8))
    said = at.well("show", market.address)
    assert "It ended on " in said
    assert "claims go on for ever" in said
    assert at.json("show", market.address)["state"] == "ended"


def test_a_splitter_and_a_registry(at: Typed, market: SEE, registry: Registry) -> None:
    splitter = registry.create_splitter([(key(1).address, 1), (EVE, 2)], salt=3, sender=key(8))
    splitter.pay(100, sender=key(3))
    shown = at.json("show", splitter.address)
    assert (shown["kind"], shown["state"]) == ("Splitter", "fixed")
    assert member(shown, EVE)["due"][0]["units"] == "66"
    assert f"The fixed Splitter {splitter.address}" in at.well("show", splitter.address)
    shown = at.json("show", registry.address)
    assert [each["see"] for each in shown["sees"]] == [market.address]
    assert "registered: 1; that have not ended: 1" in at.well("show", registry.address)


def test_what_is_no_see_is_one_sentence(
    at: Typed, market: SEE, registry: Registry, w3: Web3
) -> None:
    fake = Web3.to_checksum_address("0x" + "ab" * 20)
    assert f"nothing stands at {fake}" in at.refused("show", fake)
    code = clones.clone_code(clones.first_created(registry.address), bytes(32))
    rpc(w3, "anvil_setCode", fake, "0x" + code.hex())
    assert "only looks like a SEE" in at.refused("show", fake)
    token = deployed(w3, "Token", "EURC", 6)
    assert "but another contract" in at.refused("show", token.address)
    assert "0x and 40 hex digits" in at.refused("show", "0x12")
    assert at("show").exit_code == 2
    assert at("show", fake, "--see", market.address).exit_code == 2


def test_a_table_that_is_at_hand_alone(
    at: Typed, market: SEE, registry: Registry, tmp_path: Path
) -> None:
    path = tmp_path / "other.yaml"
    path.write_text(EXAMPLE.read_text().replace("Night Market", "Day Market"))
    agreement = Agreement.load(path)
    consents = [registry.sign(agreement, key(at)) for at in (1, 2, 3)]
    see = registry.register(agreement, consents, sender=key(0), publish=False)
    assert "can't be recovered from the chain" in at.refused("show", see.address)
    assert "Day Market" in at.well("show", see.address, "--agreement", path)
