"""Bad input at the commands of a SEE's life: each is one sentence, and nothing has changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from seechain import SEE, Agreement, Consent, Registry
from seechain.consent.signers import sign_typed_data
from tests.ape.running import EXAMPLE, NEXT, NOWHERE, STRANGER, Refused, Run

ADA, BEN, PORT = "TEST::1", "TEST::2", "TEST::3"


@pytest.fixture
def following(tmp_path: Path) -> Path:
    """The file of the next version."""
    path = tmp_path / NEXT.name
    path.write_text(NEXT.read_text())
    return path


# The next agreement


def test_a_next_agreement_without_shares(refused: Refused, see: SEE, following: Path) -> None:
    following.write_text(re.sub(r"shares: \d+(, voices: 1)?", "voices: 1", following.read_text()))

    for name in ("amend", "sign"):
        assert "nobody has shares" in refused(name, following, "--see", see.address)


def test_a_next_agreement_that_changes_nothing(run: Run, refused: Refused, see: SEE) -> None:
    for name in ("amend", "sign"):
        sentence = refused(name, EXAMPLE, "--see", see.address, account=ADA)
        assert f"changes nothing: it is the agreement of {see.address}" in sentence

    assert run("amend", NEXT, "--see", see.address).exit_code == 0
    assert "version 1" in refused("amend", NEXT, "--see", see.address)


def test_consents_for_another_version_see_or_agreement(
    run: Run,
    refused: Refused,
    registry: Registry,
    see: SEE,
    example: Path,
    following: Path,
    members: dict[str, Any],
) -> None:
    ada = members["Ada"]
    first = see.sign(see.amendment(Agreement.load(following)), ada)
    file = following.with_name("ada.json")
    file.write_text(first.to_json())
    amend = ("amend", following, "--consents", file, "--see")
    other = example.read_text().replace("Night Market", "Day Market")
    example.write_text(other)
    assert run("register", example).exit_code == 0
    elsewhere = SEE(see.w3, registry.address_of(Agreement.load(example)))
    sentence = refused(*amend, elsewhere.address)
    assert f"Ada ({ada.address}) is for {see.address}, version 0, this is " in sentence

    following.write_text(following.read_text().replace("Dana does", "Dana makes"))
    sentence = refused(*amend, see.address)
    assert f"the consent of Ada ({ada.address}) is for another agreement" in sentence

    assert run("amend", example, "--see", see.address).exit_code == 0
    following.write_text(NEXT.read_text())
    sentence = refused(*amend, see.address)
    assert f"is for {see.address}, version 0, this is {see.address}, version 1" in sentence


def test_an_amendment_and_an_endorsement_without_a_quorum(
    refused: Refused,
    registry: Registry,
    members: dict[str, Any],
    example: Path,
    following: Path,
) -> None:
    text, keys = example.read_text(), [Account.create(), Account.create()]
    for name, key in zip(("Ada", "Ben"), keys, strict=True):
        text = text.replace(members[name].address, key.address)
    example.write_text(text)
    agreement = Agreement.load(example)
    consents = [registry.sign(agreement, each) for each in (*keys, members["Port of Delft"])]
    see = registry.register(agreement, consents, sender=members["Desk"])
    following.write_text(following.read_text().replace(members["Cleo"].address, see.address))

    for act in (
        ("amend", following, "--see", see.address),
        ("endorse", EXAMPLE, "--as", see.address),
    ):
        sentence = refused(*act)
        assert "1 of 3 voices have signed, the quorum is 2/3: missing are" in sentence
        assert all(key.address in sentence for key in keys)
    sentence = refused("sign", following, "--see", see.address, account=ADA)
    assert f"{members['Ada'].address}) has no voice in this agreement" in sentence


def test_a_see_that_is_not_registered(
    refused: Refused, registry: Registry, agreement: Agreement, members: dict[str, Any]
) -> None:
    see = registry.deploy_clone(agreement, sender=members["Desk"]).address

    for act in (
        ("amend", NEXT, "--see", see),
        ("leave", "--see", see),
        ("deregister", "--see", see),
        ("sign", see, "--leave", "both"),
    ):
        assert f"{see} is not registered" in refused(*act, account=ADA)


# What a member does alone


def test_a_member_without_a_seat_or_a_voice(refused: Refused, see: SEE, accounts: Any) -> None:
    port, stranger = accounts[3].address, accounts[9].address
    at = ("--see", see.address)

    assert f"{port} has no seat" in refused("leave", *at, "--only", "seat", account=PORT)
    assert f"{port} has no seat" in refused("redirect", *at, "--to", NOWHERE, account=PORT)
    share = ("share", *at, "--with", NOWHERE, "--part")
    assert f"{port} has no seat" in refused(*share, "1/4", account=PORT)
    assert f"{stranger} has nothing to leave" in refused("leave", *at, account=STRANGER)
    sentence = refused("leave", *at, "--only", "voice", account="TEST::4")
    assert "has no voice" in sentence
    assert "a part is above 0 and below 1, got 5/4" in refused(*share, "5/4", account=ADA)
    assert 'a part is written like "1/4"' in refused(*share, "some", account=ADA)
    assert "to nobody, or to the SEE" in refused("redirect", *at, "--to", see.address, account=ADA)


def test_relaying_without_a_consent(
    run: Run, refused: Refused, see: SEE, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    at = ("--see", see.address)
    none = tmp_path / "none.json"

    for name in ("leave", "redirect", "locate"):
        assert f"{none} can't be read" in refused(name, *at, "--relay", none)
    assert "--to ADDRESS, or --relay CONSENT" in refused("redirect", *at)
    assert "--uri URI, or --relay CONSENT" in refused("locate", *at)
    signed = run("sign", see.address, "--leave", "voice", account=BEN)
    file = signed.stdout.split()[-1]
    sentence = refused("redirect", *at, "--relay", file)
    assert "is the consent to a leaving, not to a redirection" in sentence
    assert "leave --only out" in refused("leave", *at, "--only", "seat", "--relay", file)


def _changed(see: SEE, consent: Consent, ben: Any) -> Consent:
    return consent.model_copy(update={"seat": True})


def _other_chain(see: SEE, consent: Consent, ben: Any) -> Consent:
    data = see.message(see.leaving(ben.address, seat=False), ben.address)
    data["domain"]["chainId"] = 1
    signature = sign_typed_data(see.w3, ben, data)
    return consent.model_copy(update={"chain_id": 1, "signature": signature})


def _late(see: SEE, consent: Consent, ben: Any) -> Consent:
    return consent.model_copy(update={"deadline": 1_700_000_000})


def _elsewhere(see: SEE, consent: Consent, ben: Any) -> Consent:
    return consent.model_copy(update={"see": NOWHERE})


def _old(see: SEE, consent: Consent, ben: Any) -> Consent:
    return consent.model_copy(update={"version": 7})


UNFIT: list[tuple[Callable[..., Consent], str]] = [
    (_changed, r"does not count: another key signed"),
    (_other_chain, r"is for chain 1, this is chain \d+: sign again"),
    (_late, r"was good until 2023-11-14 .*: sign again"),
    (_elsewhere, rf"is for {NOWHERE}, not 0x"),
    (_old, r"signed to leave version 7, version 0 is in force: sign again"),
]


def test_a_consent_that_can_not_be_relayed(
    refused: Refused, see: SEE, members: dict[str, Any], tmp_path: Path
) -> None:
    ben, file = members["Ben"], tmp_path / "ben.json"
    consent = see.sign(see.leaving(ben.address, seat=False), ben)

    for make, sentence in UNFIT:
        file.write_text(make(see, consent, ben).to_json())
        assert re.search(sentence, refused("leave", "--see", see.address, "--relay", file))


@pytest.mark.both_chains
def test_leaving_twice(run: Run, refused: Refused, see: SEE) -> None:
    leave = ("leave", "--see", see.address)
    assert run(*leave, account=BEN).exit_code == 0

    assert "has nothing to leave" in refused(*leave, account=BEN)
    assert "left before" in refused(*leave, "--only", "seat", account=BEN)


# Names of acts that contradict each other


def test_acts_that_contradict_each_other(refused: Refused, see: SEE) -> None:
    two = ("sign", see.address, "--leave", "both", "--to", NOWHERE)
    assert "--leave and --to are two things" in refused(*two, account=ADA)
    assert "--leave goes with a SEE's address" in refused("sign", EXAMPLE, "--leave", "both")
    sentence = refused("sign", see.address, "--see", see.address)
    assert "--see goes with the SEE's next agreement" in sentence


# Money


def test_nothing_to_recover(refused: Refused, registry: Registry, agreement: Agreement) -> None:
    address = registry.address_of(agreement)

    assert f"there is nothing at {address} on chain" in refused("recover", EXAMPLE)


def test_what_is_registered_here_is_paid_out_and_not_recovered(
    refused: Refused, see: SEE, members: dict[str, Any]
) -> None:
    members["Port of Delft"].transfer(see.address, 100)

    sentence = refused("recover", EXAMPLE)
    assert f"{see.address} is registered on this chain" in sentence


def test_a_version_that_is_not_yet(refused: Refused, see: SEE) -> None:
    sentence = refused("pay", "--see", see.address, "--amount", 1, "--version", 1)

    assert "version 0 of its agreement is in force" in sentence


@pytest.mark.both_chains
def test_an_end_before_the_expiry(refused: Refused, see: SEE) -> None:
    sentence = refused("deregister", "--see", see.address, "--expired")

    assert f"{see.address} can be ended by anyone from 2028-01-08 on" in sentence
