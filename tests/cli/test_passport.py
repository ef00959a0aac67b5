"""`seechain passport`, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

from seechain import SEE, Agreement, Registry
from seechain.portable.passport import INDEPENDENCE
from tests.cli.typing import Person, Typed
from tests.sdk.chain import deployed, key
from tests.sdk.conftest import BEN, CLEO
from tests.sdk.conftest import make_agreement as made
from tests.sdk.life import line

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
    assert f"No passport tells {INDEPENDENCE}\n" in said
    assert INDEPENDENCE in run.well("verify", out)
    assert "paid 0.4 ether" in said
    assert "a right signature shows neither that it has a voice" in run.well("verify", out)
    assert "compared with the chain: nothing differs" in at.well("verify", out)
    text = out.read_text().replace('"paid": "4', '"paid": "5')
    out.write_text(text)
    assert at("verify", out).exit_code == 3
    assert at.well("passport", ada, "--out", "-").startswith("{")


def test_a_seat_that_never_acted_is_marked_and_json_has_amounts(
    at: Typed, see: SEE, registry: Registry
) -> None:
    see.pay("1 ether", sender=key(3))
    see.payout(sender=key(0))
    said = at.well("passport", CLEO)
    assert "put there by others, this proves nothing" in said
    found = at.json("passport", CLEO)
    (entry,) = found["sees"]
    assert entry["marks"] == ["never acted"]
    paid = entry["earned"][0]["paid"]
    assert paid["decimal"] in ("0.2", "0.4")  # the SEE is of all tests of this file
    assert int(paid["units"]) in (ETHER // 5, 2 * ETHER // 5)
    assert found["totals"][0]["paid"] == paid
    hidden = made(nonce=8)
    consents = [registry.sign(hidden, key(number)) for number in (1, 2, 3)]
    registry.register(hidden, consents, sender=key(0), publish=False)
    assert "Not readable: " in at.well("passport", CLEO)
    nobody = json.loads(at.well("passport", key(9).address, "--json"))
    assert nobody["sees"] == []


def of_two(registry: Registry, number: int) -> tuple[str, SEE]:
    """One of anvil's accounts that is in no other SEE, and its SEE, where it has 40 %."""
    account = key(number).address
    members = [line("Fay", account, 40, 1), line("Ben", BEN, 60)]
    agreement = made(nonce=number, members=members)
    consents = [registry.sign(agreement, key(number))]
    return account, registry.register(agreement, consents, sender=key(0))


def test_what_came_from_itself_is_of_what_was_paid_and_is_due(
    at: Typed, registry: Registry
) -> None:
    account, see = of_two(registry, 8)
    see.pay("1 ether", sender=key(3))
    see.payout(sender=key(0))
    see.pay("3 ether", sender=key(8))
    said = at.well("passport", account)
    told = "  paid 0.4 ether, 1.2 ether more are due; of both together 1.2 ether came from itself"
    assert said.splitlines().count(told) == 2  # there, and over all
    see.payout(sender=key(0))
    said = at.well("passport", account)
    assert said.count("  paid 1.6 ether, of which 1.2 ether came from itself\n") == 2


def test_a_currency_that_no_agreement_names_is_said_to_be_none(
    at: Typed, registry: Registry
) -> None:
    account, see = of_two(registry, 7)
    token = deployed(see.w3, "GrossToken", 0)
    see.pay(5 * 10**15, currency=token.address, sender=key(0))
    see.payout(currency=token.address, sender=key(0))
    told = (
        f"  paid 2000000000 GRS ({token.address}) (no agreement of the SEE names this currency: it"
        " may be worth nothing)"
    )
    assert at.well("passport", account).splitlines().count(told) == 2


def test_a_passport_by_a_table_that_was_not_published_is_verified_with_it(
    at: Typed, see: SEE, registry: Registry, example: Path, tmp_path: Path
) -> None:
    example.write_text(example.read_text().replace("Night", "Other"))
    hidden = Agreement.load(example)
    consents = [registry.sign(hidden, key(number)) for number in (1, 2, 3)]
    registry.register(hidden, consents, sender=key(0), publish=False)
    out = tmp_path / "cleo.json"
    at.well("passport", CLEO, "--agreement", example, "--out", out)
    said = at.well("verify", out)
    assert "give the agreement by --agreement" in said
    assert "All that it says" not in said
    assert "by --agreement" not in at.well("verify", out, "--agreement", example)


def test_what_is_no_address_is_refused(at: Typed, registry: Registry) -> None:
    assert "an account is 0x" in at.refused("passport", "ada")
