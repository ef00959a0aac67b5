"""Bad input at the commands: each is one sentence, a non-zero exit, and nothing has changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from web3 import Web3

from seechain import SEE, Agreement, Consent, Registry
from seechain.consent.signers import sign_typed_data
from tests.ape.faulty_agreements import ADA, FAULTS
from tests.ape.running import EXAMPLE, NEXT, NOWHERE, STRANGER, Refused, Run

# The agreement


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["register", "sign"])
def test_a_faulty_agreement(refused: Refused, example: Path, fault: str, name: str) -> None:
    change, sentence = FAULTS[fault]
    example.write_text(change(example.read_text()))

    assert re.search(sentence, refused(name, example))


# Consents


@pytest.fixture
def consents(example: Path) -> Path:
    """A file with one consent."""
    return example.with_name("ada.json")


@pytest.fixture
def consent(registry: Registry, agreement: Agreement, members: dict[str, Any]) -> Consent:
    """Ada's, as it should be."""
    return registry.sign(agreement, members["Ada"])


def _expired(registry: Registry, agreement: Agreement, ada: Any, consent: Consent) -> Consent:
    return consent.model_copy(update={"deadline": 1_700_000_000})


def _foreign(registry: Registry, agreement: Agreement, ada: Any, _: Consent) -> Consent:
    other = Agreement.parse(EXAMPLE.read_text() + "nonce: 1\n")
    return registry.sign(other, ada)


def _other_chain(registry: Registry, agreement: Agreement, ada: Any, consent: Consent) -> Consent:
    data = registry.message(agreement, ada.address, consent.deadline)
    data["domain"]["chainId"] = 1
    signature = sign_typed_data(registry.w3, ada, data)
    return consent.model_copy(update={"chain_id": 1, "signature": signature})


def _replayed(registry: Registry, agreement: Agreement, ada: Any, consent: Consent) -> Consent:
    other = _other_chain(registry, agreement, ada, consent)
    return other.model_copy(update={"chain_id": registry.chain_id})


def _changed_byte(registry: Registry, agreement: Agreement, ada: Any, consent: Consent) -> Consent:
    signature = bytearray(consent.signature)
    signature[40] ^= 1
    return consent.model_copy(update={"signature": bytes(signature)})


def _high_s(registry: Registry, agreement: Agreement, ada: Any, consent: Consent) -> Consent:
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    s = order - int.from_bytes(consent.signature[32:64], "big")
    raw = consent.signature[:32] + s.to_bytes(32, "big") + bytes([55 - consent.signature[64]])
    return consent.model_copy(update={"signature": raw})


def _changed_deadline(
    registry: Registry, agreement: Agreement, ada: Any, consent: Consent
) -> Consent:
    return consent.model_copy(update={"deadline": consent.deadline + 1})


BAD_CONSENTS: list[tuple[Callable[..., Consent], str]] = [
    (_expired, rf"Ada \({ADA}\) was good until 2023-11-14 .*: sign again"),
    (_foreign, rf"Ada \({ADA}\) is for another agreement"),
    (_other_chain, rf"Ada \({ADA}\) is for chain 1, this is chain \d+"),
    (_replayed, rf"Ada \({ADA}\) does not count: another key signed"),
    (_changed_byte, rf"Ada \({ADA}\) does not count"),
    (_high_s, rf"Ada \({ADA}\) does not count: .* high s"),
    (_changed_deadline, rf"Ada \({ADA}\) does not count: another key signed"),
]


@pytest.mark.parametrize(
    ("make", "sentence"), BAD_CONSENTS, ids=[f.__name__[1:] for f, _ in BAD_CONSENTS]
)
def test_a_consent_that_does_not_count(
    refused: Refused,
    registry: Registry,
    agreement: Agreement,
    consent: Consent,
    members: dict[str, Any],
    example: Path,
    consents: Path,
    make: Callable[..., Consent],
    sentence: str,
) -> None:
    bad = make(registry, agreement, members["Ada"], consent)
    consents.write_text(bad.to_json())

    assert re.search(sentence, refused("register", example, "--consents", consents))


def test_a_consent_of_a_stranger(
    refused: Refused, consent: Consent, members: dict[str, Any], example: Path, consents: Path
) -> None:
    cleo = members["Cleo"].address
    consents.write_text(consent.model_copy(update={"account": cleo}).to_json())

    sentence = refused("register", example, "--consents", consents)
    assert f"Cleo ({cleo}) has no voice" in sentence


def test_a_file_that_is_no_consent(
    refused: Refused, registry: Registry, example: Path, consents: Path
) -> None:
    consents.write_text('{"kind": "registration"}')

    sentence = refused("register", example, "--consents", consents)
    assert re.search("ada.json: this is no consent: account: ", sentence)


def test_a_missing_consent(refused: Refused, registry: Registry, example: Path) -> None:
    absent = Account.create().address
    example.write_text(example.read_text().replace(ADA, absent))

    assert f"missing is the consent of Ada ({absent})" in refused("register", example)


def test_an_account_without_a_voice_does_not_sign(
    refused: Refused, registry: Registry, example: Path, accounts: Any
) -> None:
    sentence = refused("sign", example, account=STRANGER)

    assert f"{accounts[9].address} has no voice" in sentence


@pytest.mark.both_chains
def test_registering_twice(refused: Refused, see: SEE, example: Path) -> None:
    sentence = refused("register", example)

    assert "'Night Market' was registered on " in sentence
    assert see.address in sentence
    assert "nonce" in sentence


# Money


@pytest.mark.both_chains
def test_a_payment_in_a_token_that_is_no_contract(refused: Refused, see: SEE) -> None:
    sentence = refused("pay", "--see", see.address, "--amount", 5, "--currency", NOWHERE)

    assert f"the token {NOWHERE} is no contract" in sentence


@pytest.mark.parametrize("amount", ["much", "0", "-1", "1.5", "0.1 wei", "1 USDC"])
def test_an_amount_that_can_not_be_paid(refused: Refused, see: SEE, amount: str) -> None:
    sentence = refused("pay", "--see", see.address, "--amount", amount)
    assert amount.split()[0] in sentence


def test_a_memo_that_is_too_long(refused: Refused, see: SEE) -> None:
    sentence = refused("pay", "--see", see.address, "--amount", 5, "--memo", "x" * 33)
    assert "memo" in sentence
    assert "33" in sentence


def test_a_claim_by_a_stranger(refused: Refused, see: SEE, accounts: Any) -> None:
    stranger = accounts[9].address
    see.pay("1 ether", sender=accounts[3])

    sentence = refused("claim", "--see", see.address, account=STRANGER)
    assert stranger in sentence
    assert stranger in refused("claim", "--see", see.address, "--member", stranger)
    port = accounts[3].address  # has a voice and no seat
    assert f"{port} has no seat" in refused("claim", "--see", see.address, "--member", port)


def test_a_member_that_is_no_account(refused: Refused, see: SEE) -> None:
    assert "Ben" in refused("claim", "--see", see.address, "--member", "Ben")


def test_a_claim_in_a_token_that_is_no_contract(refused: Refused, see: SEE) -> None:
    sentence = refused("claim", "--see", see.address, "--member", ADA, "--currency", NOWHERE)

    assert NOWHERE in sentence


def test_a_second_claim(run: Run, refused: Refused, see: SEE, accounts: Any) -> None:
    claim = ("claim", "--see", see.address, "--member", ADA)
    sentence = refused(*claim)
    assert "nothing is due" in sentence
    see.pay("1 ether", sender=accounts[3])
    assert run(*claim).exit_code == 0

    sentence = refused(*claim)
    assert f"nothing is due to {ADA}" in sentence


@pytest.mark.both_chains
def test_a_second_payout(run: Run, refused: Refused, see: SEE, accounts: Any) -> None:
    see.pay("1 ether", sender=accounts[3])
    assert run("payout", "--see", see.address).exit_code == 0

    sentence = refused("payout", "--see", see.address)
    assert "nothing" in sentence


def _drain(w3: Web3, account: Any) -> None:
    """Sends away all that it has but the gas for that."""
    price = 2 * (w3.eth.get_block("latest")["baseFeePerGas"] or 1)
    value = w3.eth.get_balance(account.address) - 21_000 * price
    sent = {"from": account.address, "to": NOWHERE, "gas": 21_000, "gasPrice": price}
    w3.eth.wait_for_transaction_receipt(w3.eth.send_transaction({**sent, "value": value}))


COMMANDS = [
    ("pay", "--amount", "1 ether"),
    ("claim", "--member", ADA),
    ("payout",),
    ("deregister",),
]


@pytest.mark.both_chains
@pytest.mark.parametrize("command", COMMANDS, ids=[command[0] for command in COMMANDS])
def test_an_account_without_money(
    refused: Refused, see: SEE, accounts: Any, command: tuple[str, ...]
) -> None:
    poor = accounts[9]
    see.pay("1 ether", sender=accounts[3])
    _drain(see.w3, poor)

    sentence = refused(*command, "--see", see.address, account=STRANGER)
    assert re.search(rf"{poor.address} has \S+ ether,? and ", sentence)


@pytest.mark.both_chains
def test_an_account_without_money_registers_nothing(
    refused: Refused, registry: Registry, example: Path, accounts: Any
) -> None:
    _drain(registry.w3, accounts[9])

    sentence = refused("register", example, account=STRANGER)
    assert f"{accounts[9].address} has " in sentence


# The SEE


ACTS = [
    ("amend", NEXT),
    ("leave",),
    ("redirect", "--to", ADA),
    ("share", "--with", ADA, "--part", "1/4"),
    ("locate", "--uri", "ipfs://night-market"),
]


@pytest.mark.parametrize("command", [*COMMANDS, *ACTS, ("sign",)], ids=lambda command: command[0])
def test_an_address_at_which_no_see_stands(
    refused: Refused, see: SEE, accounts: Any, command: tuple[str, ...]
) -> None:
    w3, eoa = see.w3, accounts[9].address
    code = bytes.fromhex("60838060093d393df3") + bytes(w3.eth.get_code(see.address))
    sent = w3.eth.send_transaction({"from": accounts[9].address, "data": "0x" + code.hex()})
    forged = w3.eth.wait_for_transaction_receipt(sent)["contractAddress"]
    at = () if command == ("sign",) else ("--see",)

    sentence = refused(*command, *at, "0xabc")
    assert "0xabc" in sentence
    sentence = refused(*command, *at, eoa)
    assert f"no SEE stands at {eoa}" in sentence
    sentence = refused(*command, *at, see.registry)
    assert "but another contract" in sentence
    sentence = refused(*command, *at, forged)
    assert f"{forged} only looks like a SEE" in sentence


def test_an_end_without_a_quorum(
    refused: Refused, registry: Registry, members: dict[str, Any], example: Path
) -> None:
    text, keys = example.read_text(), [Account.create(), Account.create()]
    for name, key in zip(("Ada", "Ben"), keys, strict=True):
        text = text.replace(members[name].address, key.address)
    example.write_text(text)
    agreement = Agreement.load(example)
    consents = [registry.sign(agreement, each) for each in (*keys, members["Port of Delft"])]
    see = registry.register(agreement, consents, sender=members["Desk"])

    sentence = refused("deregister", "--see", see.address)

    assert "1 of 3 voices have signed, the quorum is 2/3" in sentence
    assert all(key.address in sentence for key in keys)
    assert not see.ended


@pytest.mark.both_chains
def test_ending_twice_and_paying_after(run: Run, refused: Refused, see: SEE) -> None:
    assert run("deregister", "--see", see.address).exit_code == 0

    sentence = refused("deregister", "--see", see.address)
    assert f"{see.address} ended on" in sentence
    sentence = refused("pay", "--see", see.address, "--amount", "1 ether")
    assert "ended" in sentence
