"""The life of a SEE, typed by people with keystores of their own."""

from __future__ import annotations

import json
from pathlib import Path
from unittest import mock

from seechain import SEE, Agreement
from seechain.consent.consents import Consents
from tests.cli.typing import Person, Typed

ETHER = 10**18


def test_a_see_is_formed_paid_and_ended_by_commands(
    people: dict[str, Person], at: Typed, example: Path
) -> None:
    example.write_text(example.read_text().replace("Night Market", "Morning Market"))
    people["desk"].well("deploy")
    said = people["ada"].well("sign", example)
    assert "Morning Market" in said
    assert "Nothing was signed" in people["ben"].well("sign", example, "--dry-run")
    assert "night-market.consents.json 1 of 3 have signed, missing: Ben" in said
    travelling = example.with_name("night-market.consents.json")
    example.unlink()  # the file that travels is enough
    assert people["ben"].json("sign", travelling)["missing"] == [people["port"].address]
    assert "missing is the consent" in people["desk"].refused("register", travelling)
    said = people["port"].well("sign", travelling)
    assert f"nobody is missing\nThat is enough; next: seechain register {travelling}" in said
    planned = people["desk"].json("register", travelling, "--dry-run")
    assert planned["dry_run"]
    assert planned["complete"]
    assert planned["gas"] > 100_000
    see = people["desk"].json("register", travelling)["see"]

    dry = people["port"].well(
        "pay", "--see", see, "--amount", "1.5 ether", "--memo", "INV-7", "--dry-run"
    )
    assert "+1.5 ether" in dry
    assert "Nothing was sent" in dry
    paid = people["port"].json("pay", "--see", see, "--amount", "1.5 ether", "--memo", "INV-7")
    assert [each["units"] for each in paid["parts"]] == [
        str(15 * 10**15 * each) for each in (40, 35, 20, 5)
    ]
    dry = people["cleo"].json("payout", "--see", see, "--dry-run")
    assert {each["account"]: each["decimal"] for each in dry["moves"]}[
        people["ada"].address
    ] == "0.6"
    assert people["ada"].json("claim", "--see", see)["paid"][0]["units"] == str(6 * ETHER // 10)
    people["cleo"].well("payout", "--see", see)
    people["ada"].well("sign", see)
    people["ben"].well("sign", see)
    assert "has ended" in people["desk"].well("deregister", "--see", see)


def test_copies_that_were_signed_apart_are_put_together(
    people: dict[str, Person], example: Path
) -> None:
    text = example.read_text().replace("Night Market", "Two Copies")
    example.write_text(text)
    people["desk"].well("deploy")
    people["ada"].well("sign", example)
    mine = example.with_name("night-market.consents.json")
    copy = example.with_name("copy.consents.json")
    copy.write_text(mine.read_text())
    people["ben"].well("sign", mine)
    people["port"].well("sign", copy)
    said = people["desk"].well("register", example, "--consents", copy)
    assert "Two Copies is registered" in said


def test_a_wallet_signs_elsewhere(people: dict[str, Person], at: Typed, example: Path) -> None:
    from eth_account.messages import encode_typed_data

    from tests.sdk.chain import key

    people["desk"].well("deploy")
    example.write_text(example.read_text().replace("Night Market", "Far Away"))
    words = ("sign", example, "--account", people["ada"].address)
    at.well(*words, "--message", "typed.json")
    typed = json.loads(Path("typed.json").read_text())
    signature = key(1).sign_message(encode_typed_data(full_message=typed)).signature.hex()
    forged = key(2).sign_message(encode_typed_data(full_message=typed)).signature.hex()
    assert "is signed by" in at.refused(*words, "--signature", "0x" + forged)
    assert not Path("night-market.consents.json").exists()
    at.well(*words, "--signature", "0x" + signature)
    kept = Consents.from_json(Path("night-market.consents.json").read_text())
    assert [each.account for each in kept.signed] == [people["ada"].address]


def test_the_next_version_and_what_members_do_alone(
    people: dict[str, Person], see: SEE, example: Path
) -> None:
    text = example.read_text().replace("shares: 35", "shares: 45")
    example.write_text(text)
    assert "35" in people["ada"].well("sign", example, "--see", see.address)
    people["ben"].well("sign", "night-market.consents.json")
    said = people["desk"].well("amend", "night-market.consents.json", "--see", see.address)
    assert "version 1 of SEE" in said
    late = people["port"].json("pay", "--see", see.address, "--amount", "100 wei", "--version", 0)
    assert [each["units"] for each in late["parts"]] == ["40", "35", "20", "5"]
    assert Agreement.load(example).commitment == see.commitment

    people["cleo"].well("sign", see.address, "--to", people["desk"].address)
    (consent,) = Path().glob("*.redirection.*.json")
    said = people["desk"].well("redirect", "--see", see.address, "--relay", consent)
    assert f"The money of {people['cleo'].address} goes to {people['desk'].address}" in said
    assert "Splitter" in people["ada"].well(
        "share", "--see", see.address, "--with", people["cleo"].address, "--part", "25%"
    )
    people["ben"].well("leave", "--see", see.address)
    assert people["ben"].address in see.leavers
    example.write_text(text.replace("Night Market", "Night Market, with Ben"))
    Path("night-market.consents.json").unlink()
    said = people["ada"].well("sign", example, "--see", see.address, "--dry-run")
    assert "has given up its seat and its voice; this agreement brings that back" in said
    uri = ("locate", "--see", see.address, "--uri", "my website")
    assert "begins with its scheme" in people["ada"].refused(*uri, code=2)


def test_a_terminal_is_asked_before_what_can_not_be_undone(
    people: dict[str, Person], see: SEE
) -> None:
    words = ("leave", "--see", see.address, "--only", "voice")
    with mock.patch("click.testing._NamedTextIOWrapper.isatty", return_value=True):
        result = people["port"](*words, input="n\n")
        assert "Leave for ever? [y/N]" in result.stdout
        assert result.exit_code == 130
        assert people["port"].address in {voice.account for voice in see.roll}
        assert people["port"](*words, "--yes").exit_code == 0
    assert people["port"].address not in {voice.account for voice in see.roll}
