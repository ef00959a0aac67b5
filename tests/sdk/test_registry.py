"""Agreeing and registering, and every consent that is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from web3 import Web3

from seechain import SEE, Agreement, AgreementError, Consent, Registry, SignatureError
from seechain.chain.events import Published, Registered
from seechain.chain.interface import of
from seechain.chain.records import deadline_at
from seechain.chain.reverts import (
    AlreadyRegistered,
    BadSignature,
    MissingVoice,
    NoRegistry,
    NotRegistered,
    NotSeechain,
    TooLate,
    WrongChain,
)
from seechain.consent import normalise
from seechain.sending.senders import Call, send
from tests.sdk.chain import deployed, key, rpc, warp
from tests.sdk.conftest import make_agreement

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


@pytest.fixture
def consents(registry: Registry, agreement: Agreement, voices: list[Any]) -> list[Consent]:
    return [registry.sign(agreement, account) for account in voices]


def changed(consent: Consent, **fields: object) -> Consent:
    return Consent.model_validate({**dict(consent), **fields})


def refused(registry: Registry, agreement: Agreement, consents: list[Any], kind: type) -> str:
    """How the SDK refuses, before it sends anything."""
    with pytest.raises(kind) as caught:
        registry.register(agreement, consents, sender=key(0))
    assert registry.w3.eth.get_code(registry.address_of(agreement)) == b""  # type: ignore[arg-type]
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_see_is_registered_and_recorded(
    registry: Registry, agreement: Agreement, consents: list[Consent]
) -> None:
    address = registry.address_of(agreement)
    see = registry.register(agreement, consents, sender=key(0))

    assert see.address == address
    (receipt,) = see.receipts
    published, registered = sorted(receipt.events, key=lambda event: event.name)
    assert isinstance(published, Published)
    assert isinstance(registered, Registered)
    assert published.words == agreement.table.words
    assert (registered.submitter, registered.agreement) == (key(0).address, agreement.commitment)
    record = registry.record(see)
    assert (record.see, record.ended, record.version) == (address, None, 0)
    assert record.block_number == receipt.block_number
    assert see.state == "registered"
    assert see.registered == record.registered


def test_the_address_does_not_depend_on_who_submits_or_when(
    registry: Registry, agreement: Agreement, voices: list[Any]
) -> None:
    address = registry.address_of(agreement)
    deadline = deadline_at(registry.w3.eth.get_block("latest")["timestamp"]) + 5
    consents = [registry.sign(agreement, account, deadline) for account in reversed(voices)]
    assert registry.register(agreement, consents, sender=key(6)).address == address


def test_a_clone_may_be_deployed_and_paid_before_it_is_registered(
    registry: Registry, agreement: Agreement, consents: list[Consent]
) -> None:
    clone = registry.deploy_clone(agreement, sender=key(6))
    assert clone.receipts.gas_used > 0
    assert registry.deploy_clone(agreement, sender=key(6)).receipts == ()
    assert isinstance(clone, SEE)
    assert (clone.state, clone.registered, clone.ended) == ("unregistered", None, None)
    clone.pay("1 ether", sender=key(0))
    clone.claim(key(1).address, sender=key(6))
    with pytest.raises(NotRegistered, match="is not registered"):
        _ = SEE(registry.w3, clone.address).members
    with pytest.raises(NotRegistered):
        clone.deregistration()

    see = registry.register(agreement, consents, sender=key(0))
    assert see.address == clone.address
    assert see.due(key(1).address)["native"] == 0
    assert see.due(key(2).address)["native"] == 35 * 10**16


def test_registering_twice_is_refused(
    registry: Registry, agreement: Agreement, consents: list[Consent], see: SEE
) -> None:
    with pytest.raises(AlreadyRegistered, match=r"'Night Market' was registered on .* nonce"):
        registry.register(agreement, consents, sender=key(0))
    # Ended or not.
    end = see.deregistration()
    see.deregister([see.sign(end, key(1)), see.sign(end, key(2))], sender=key(0))
    with pytest.raises(AlreadyRegistered):
        registry.register(agreement, consents, sender=key(0))


def test_the_contract_itself_refuses_a_second_registration(
    registry: Registry, agreement: Agreement, consents: list[Consent]
) -> None:
    receipts = registry.register(agreement, consents, sender=key(0)).receipts
    sent = registry.w3.eth.get_transaction(receipts.transaction_hash)  # type: ignore[arg-type]
    again = Call(registry.address, bytes(sent["input"]), "the registration")
    with pytest.raises(AlreadyRegistered, match="the registration was refused: this agreement"):
        send(registry.w3, again, key(7))


def test_every_voice_must_sign(
    registry: Registry, agreement: Agreement, consents: list[Consent]
) -> None:
    message = refused(registry, agreement, consents[:2], MissingVoice)
    assert "missing is the consent of Port (" in message
    assert "no consent at all" in refused(registry, agreement, [], SignatureError)


def test_a_stranger_does_not_sign(registry: Registry, agreement: Agreement) -> None:
    for stranger in (key(4), key(8), key(8).address):
        with pytest.raises(SignatureError, match="has no voice in this agreement"):
            registry.sign(agreement, stranger)


def test_a_foreign_consent_is_refused(
    registry: Registry, agreement: Agreement, consents: list[Consent]
) -> None:
    foreign = changed(consents[0], account=key(4).address)
    message = refused(registry, agreement, [*consents, foreign], SignatureError)
    assert message.startswith("Cleo (0x")
    assert "has no voice" in message
    # Another member's signature under one's own name.
    borrowed = changed(consents[0], signature=consents[1].signature)
    message = refused(registry, agreement, [borrowed, *consents[1:]], BadSignature)
    assert "the consent of Ada (0x" in message


def test_a_consent_counts_once(
    registry: Registry, agreement: Agreement, consents: list[Consent]
) -> None:
    message = refused(registry, agreement, [*consents, consents[1]], SignatureError)
    assert message.startswith("there are two consents of Ben (0x")


def test_a_consent_is_not_replayed_for_another_agreement(
    registry: Registry, agreement: Agreement, consents: list[Consent]
) -> None:
    other = make_agreement(nonce=1)
    message = refused(registry, other, consents, SignatureError)
    assert "the consent of Ada" in message
    assert "is for another agreement" in message
    forged = [changed(each, commitment=other.commitment) for each in consents]
    assert "does not count" in refused(registry, other, forged, BadSignature)


@pytest.mark.parametrize("field", ["chain_id", "registry", "deadline"])
def test_each_flipped_field_is_refused_even_when_the_consent_says_so_too(
    registry: Registry, agreement: Agreement, consents: list[Consent], field: str
) -> None:
    flipped = {"chain_id": 1, "registry": key(9).address, "deadline": consents[0].deadline + 1}
    kinds = {"chain_id": WrongChain, "registry": SignatureError, "deadline": SignatureError}
    one = [changed(consents[0], **{field: flipped[field]}), *consents[1:]]
    assert "Ada (0x" in refused(registry, agreement, one, kinds[field])


def test_the_digest_covers_every_field(
    registry: Registry, agreement: Agreement, consents: list[Consent]
) -> None:
    later = [changed(each, deadline=each.deadline + 1) for each in consents]
    assert "does not count" in refused(registry, agreement, later, BadSignature)


FLIPS: dict[str, dict[str, object]] = {
    "name": {"name": "Day Market"},
    "terms": {"terms": "We run another."},
    "quorum": {"quorum": "3/4"},
    "expires": {"expires": "2030-12-30"},
    "currencies": {"currencies": ["native", "0x" + "11" * 20]},
    "nonce": {"nonce": 7},
}


@pytest.mark.parametrize("field", FLIPS)
def test_each_flipped_field_of_the_agreement_is_refused_on_chain(
    registry: Registry, w3: Web3, field: str
) -> None:
    """Past the SDK's own checks, so that it is the contract that refuses."""
    signed, other = make_agreement(), make_agreement(**FLIPS[field])
    consents = [registry.sign(signed, key(number)) for number in (1, 2, 3)]
    packed = pack_for(registry, signed, consents)
    table, terms = other.table, other.signed
    data = of("Registry").encode(
        "register",
        (table.root, table.shares, table.pages, bytes(32)),
        (terms.text_hash, *terms.quorum.as_integer_ratio(), terms.expiry, terms.nonce),
        consents[0].deadline,
        terms.roll,
        terms.currency_words,
        packed,
        b"",
        0,
    )
    with pytest.raises(BadSignature, match="a signature is not its voice's own"):
        send(w3, Call(registry.address, data, "the registration"), key(0))


def pack_for(registry: Registry, agreement: Agreement, consents: list[Consent]) -> bytes:
    from seechain.consent.signatures import pack

    return pack(registry.w3, registry._poll(agreement), consents, 0).signatures


def test_an_expired_consent_is_refused(
    registry: Registry, agreement: Agreement, consents: list[Consent]
) -> None:
    warp(registry.w3, 9 * 86400)
    message = refused(registry, agreement, consents, TooLate)
    assert message.startswith("the consent of Ada (0x")
    assert "sign again" in message


def test_an_expired_agreement_is_neither_signed_nor_registered(
    registry: Registry, agreement: Agreement, consents: list[Consent]
) -> None:
    old = make_agreement(expires="2020-01-01")
    with pytest.raises(AgreementError, match="expires must be ahead of today"):
        registry.sign(old, key(1))
    with pytest.raises(AgreementError, match="expires must be ahead of today"):
        registry.register(old, consents, sender=key(0))


def test_a_malleable_signature_is_refused(
    registry: Registry, agreement: Agreement, consents: list[Consent]
) -> None:
    normal = normalise(consents[0].signature)
    s = ORDER - int.from_bytes(normal[32:64], "big")
    twin = normal[:32] + s.to_bytes(32, "big") + bytes([55 - normal[64]])
    twins = [changed(consents[0], signature=twin), *consents[1:]]
    message = refused(registry, agreement, twins, BadSignature)
    assert "the consent of Ada" in message
    assert "high s" in message


def test_compact_signatures_count_too(
    registry: Registry, agreement: Agreement, consents: list[Consent]
) -> None:
    normal = normalise(consents[0].signature)
    compact = normal[:32] + bytes([normal[32] | (normal[64] - 27) << 7]) + normal[33:64]
    short = [changed(consents[0], signature=compact), *consents[1:]]
    assert registry.register(agreement, short, sender=key(0)).state == "registered"


def test_different_deadlines_are_named(registry: Registry, agreement: Agreement) -> None:
    now = registry.w3.eth.get_block("latest")["timestamp"]
    consents = [registry.sign(agreement, key(at), now + 1000 + at) for at in (1, 2, 3)]
    message = refused(registry, agreement, consents, SignatureError)
    assert "all sign with the same deadline" in message


def test_an_agreement_whose_text_differs_from_its_table_is_refused(
    registry: Registry, consents: list[Consent]
) -> None:
    forged = make_agreement()
    forged.__dict__["text"] = forged.text.replace("seat: 40 of 100", "seat: 60 of 100")
    for act in (
        lambda: registry.sign(forged, key(1)),
        lambda: registry.message(forged, key(1).address),
        lambda: registry.register(forged, consents, sender=key(0)),
    ):
        with pytest.raises(AgreementError, match="the text"):
            act()


def test_any_wallet_signs_the_message(registry: Registry, agreement: Agreement) -> None:
    consents = []
    for number in (1, 2, 3):
        data = registry.message(agreement, key(number).address)
        assert json.loads(json.dumps(data)) == data
        signed = key(number).sign_message(encode_typed_data(full_message=data))
        consent = registry.consent(agreement, key(number).address, bytes(signed.signature))
        assert Consent.from_json(consent.to_json()) == consent
        consents.append(consent)
    assert registry.register(agreement, consents, sender=key(0)).state == "registered"


def test_a_node_signs_for_its_own_accounts(registry: Registry, agreement: Agreement) -> None:
    consents = [registry.sign(agreement, key(number).address) for number in (1, 2, 3)]
    registry.register(agreement, consents, sender=key(0).address)
    owner = Account.create()
    other = make_agreement(
        members=[
            {"name": "Eve", "role": "core", "account": owner.address, "shares": 1, "voices": 1}
        ]
    )
    with pytest.raises(SignatureError, match="the node does not sign for"):
        registry.sign(other, owner.address)


def with_wallet(w3: Web3) -> tuple[Agreement, Any]:
    wallet = deployed(w3, "Wallet", key(5).address)
    return make_agreement(
        members=[
            {"name": "Ada", "role": "core", "account": key(1).address, "shares": 1, "voices": 1},
            {"name": "Co-op", "role": "core", "account": wallet.address, "shares": 2, "voices": 1},
        ]
    ), wallet


def test_a_contract_signs_by_erc_1271(registry: Registry) -> None:
    agreement, wallet = with_wallet(registry.w3)
    data = registry.message(agreement, wallet.address)
    own = bytes(key(5).sign_message(encode_typed_data(full_message=data)).signature)
    ada = registry.sign(agreement, key(1))

    by_stranger = key(6).sign_message(encode_typed_data(full_message=data)).signature
    refusing = registry.consent(agreement, wallet.address, bytes(by_stranger))
    message = refused(registry, agreement, [ada, refusing], BadSignature)
    assert (
        message == f"the contract Co-op ({wallet.address}) does not accept its signature (ERC-1271)"
    )
    huge = registry.consent(agreement, wallet.address, own + bytes(1000))
    assert "1065 bytes, 1024 fit" in refused(registry, agreement, [ada, huge], BadSignature)

    longer = registry.consent(agreement, wallet.address, own + b"more")
    see = registry.register(agreement, [longer, ada], sender=key(0))
    assert see.state == "registered"


def test_an_account_with_delegated_code_signs_by_key(
    registry: Registry, agreement: Agreement, consents: list[Consent]
) -> None:
    """EIP-7702: such an account has code and still signs as before."""
    rpc(registry.w3, "anvil_setCode", key(1).address, "0xef0100" + key(9).address[2:])
    assert registry.register(agreement, consents, sender=key(0)).state == "registered"


def test_the_walk_finds_every_see(registry: Registry, see: SEE) -> None:
    other = make_agreement(nonce=2)
    consents = [registry.sign(other, key(number)) for number in (1, 2, 3)]
    second = registry.register(other, consents, sender=key(0))
    assert [record.see for record in registry.sees()] == [see.address, second.address]
    assert list(registry.sees(second.record.block_number)) == [second.record]


def test_a_registry_elsewhere_is_refused(w3: Web3, usdc: Any, registry: Registry) -> None:
    with pytest.raises(NoRegistry, match=r"no Registry stands at 0x.* on chain 31337 \(http://"):
        Registry(w3, key(1).address)
    with pytest.raises(NoRegistry, match="is not the Registry of this seechain"):
        Registry(w3, usdc.address)
    with pytest.raises(NotSeechain, match=r"no SEE stands at .* but nothing"):
        registry.see(key(1).address)
    with pytest.raises(NotRegistered):
        registry.record(key(1).address)
