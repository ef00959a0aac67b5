"""`seechain passport`, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

from seechain import SEE, Registry
from tests.cli.typing import Person, Typed
from tests.sdk.chain import key
from tests.sdk.conftest import CLEO
from tests.sdk.conftest import make_agreement as made

ETHER = 10**18


def test_a_passport_is_told_written_and_verified(
    at: Typed, people: dict[str, Person], see: SEE, example: Path, tmp_path: Path, run: Typed
) -> None:
    see.pay("1 ether", sender=key(3))
    see.payout(sender=key(0))
    out = tmp_path / "ada.json"
    ada = people["ada"].address
    said = at.well("passport", ada, "--agreement", example, "--out", out)
    assert f"Night Market {see.address}" in said
    assert "version 0: 40 of 100 shares, 1 of 3 voices" in said
    assert "it signed" in said
    assert "paid 0.4 ether" in said
    assert "nothing differs" in run.well("verify", out)
    assert "compared with the chain: nothing differs" in at.well("verify", out)
    text = out.read_text().replace('"paid": "4', '"paid": "5')
    out.write_text(text)
    assert at("verify", out).exit_code == 3
    assert at.well("passport", ada, "--out", "-").startswith("{")


def test_a_seat_that_never_acted_is_marked_and_json_has_amounts(
    at: Typed, see: SEE, registry: Registry
) -> None:
    said = at.well("passport", CLEO)
    assert "put there by others, this proves nothing" in said
    found = at.json("passport", CLEO)
    (entry,) = found["sees"]
    assert entry["marks"] == ["never acted"]
    assert entry["earned"][0]["paid"]["decimal"] == "0.2"
    assert found["totals"][0]["paid"]["units"] == str(ETHER // 5)
    hidden = made(nonce=8)
    consents = [registry.sign(hidden, key(number)) for number in (1, 2, 3)]
    registry.register(hidden, consents, sender=key(0), publish=False)
    assert "Not readable: " in at.well("passport", CLEO)
    nobody = json.loads(at.well("passport", key(9).address, "--json"))
    assert nobody["sees"] == []


def test_what_is_no_address_is_refused(at: Typed, registry: Registry) -> None:
    assert "an account is 0x" in at.refused("passport", "ada")
