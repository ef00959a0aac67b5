"""A SEE recovered from its address, forged ones, and its end."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from web3 import Web3

from seechain import SEE, Agreement, Consent, Registry, SignatureError
from seechain.chain import published
from seechain.chain.clones import NO_SALT, create2
from seechain.chain.events import Ended
from seechain.chain.interface import of
from seechain.chain.reverts import (
    AlreadyEnded,
    BadSignature,
    NoQuorum,
    NotExpired,
    NotPublished,
    NotSeechain,
    SeeEnded,
    TooLate,
    WrongChain,
    WrongTable,
)
from tests.sdk.chain import key, warp
from tests.sdk.conftest import ADA, BEN, PORT, make_agreement, register

SPLITTER = of("Splitter")


# ---------------------------------------------------------------- recover


def test_all_is_recovered_from_the_address(
    see: SEE, agreement: Agreement, w3: Web3, usdc: Any
) -> None:
    again = SEE(w3, see.address.lower())
    assert [(line.account, line.shares, line.voices) for line in again.members] == sorted(
        ((each.account, each.shares, each.voices) for each in agreement.members),
        key=lambda line: int(line[0], 16),
    )
    assert again.table == agreement.table
    assert again.commitment == agreement.commitment
    assert again.terms.text_hash == agreement.signed.text_hash
    assert again.currencies == ("native", usdc.address)
    assert (again.quorum, again.version) == (Fraction(2, 3), 0)
    assert again.expires == datetime(2031, 1, 1, tzinfo=UTC)
    assert again.table_key == see.table_key
    assert repr(again) == f"<SEE {see.address}>"


@pytest.mark.parametrize("hint", [0, 1, 10**9])
def test_a_block_that_is_another_chain_s_is_borne_with(see: SEE, hint: int) -> None:
    """On some chains contracts count the blocks of the chain below."""
    found = published.registration_of(see.w3, see.registry, see.address, hint)
    assert found == see.registration


def test_an_unpublished_table_is_given(registry: Registry, agreement: Agreement) -> None:
    consents = [registry.sign(agreement, key(number)) for number in (1, 2, 3)]
    see = registry.register(agreement, consents, sender=key(0), publish=False)
    hidden = SEE(registry.w3, see.address)
    assert len(hidden.roll) == 3
    with pytest.raises(NotPublished, match="can't be recovered from the chain: nothing of it is"):
        _ = hidden.members
    with pytest.raises(WrongTable):
        SEE(registry.w3, see.address, table=make_agreement(nonce=3, seats=seat()).table)
    given = SEE(registry.w3, see.address, table=agreement.table)
    given.publish(sender=key(8))
    assert SEE(registry.w3, see.address).members == given.members
    assert given.publish(sender=key(8)) == ()


def seat() -> bytes:
    return bytes([9] * 20) + bytes(11) + b"\1"


def test_a_forged_clone_is_refused(see: SEE, usdc: Any, w3: Web3) -> None:
    code = bytes(w3.eth.get_code(see.address))  # type: ignore[arg-type]
    init = bytes.fromhex("60838060093d393df3") + code
    sent = w3.eth.send_transaction({"from": ADA, "data": "0x" + init.hex()})
    forged = w3.eth.wait_for_transaction_receipt(sent)["contractAddress"]
    assert forged is not None
    assert w3.eth.get_code(forged) == code
    with pytest.raises(NotSeechain, match=r"only looks like a SEE: the Registry .* did not deploy"):
        SEE(w3, forged)
    # The same with an implementation of the forger's own.
    other = code.replace(
        bytes.fromhex(see_implementation(code)), bytes.fromhex(usdc.address[2:].lower())
    )
    init = bytes.fromhex("60838060093d393df3") + other
    sent = w3.eth.send_transaction({"from": ADA, "data": "0x" + init.hex()})
    forged = w3.eth.wait_for_transaction_receipt(sent)["contractAddress"]
    assert forged is not None
    with pytest.raises(NotSeechain, match="is no SEE of a Registry"):
        SEE(w3, forged)
    splitter = Registry(w3).create_splitter({ADA: 1}, sender=key(8))
    with pytest.raises(NotSeechain, match="is no SEE of a Registry: it is a fixed Splitter"):
        SEE(w3, splitter.address)
    with pytest.raises(NotSeechain, match=r"no SEE stands at .* but another contract"):
        SEE(w3, usdc.address)
    assert create2(ADA, NO_SALT, b"") != forged


def see_implementation(code: bytes) -> str:
    return code[64:84].hex()


# ---------------------------------------------------------------- end


def test_a_quorum_ends_it_and_claims_go_on(see: SEE) -> None:
    see.pay("1 ether", sender=key(3))
    end = see.deregistration()
    receipt = see.deregister([see.sign(end, key(3)), see.sign(end, key(1))], sender=key(8))
    assert any(isinstance(event, Ended) for event in receipt.events)
    assert see.state == "ended"
    assert see.ended is not None
    for memo in ("late", None):
        with pytest.raises(SeeEnded, match="has ended and takes no further payment"):
            see.pay(5, memo=memo, sender=key(3))
    see.w3.eth.send_transaction({"from": PORT, "to": see.address, "value": 100})  # type: ignore[typeddict-item]
    see.claim(ADA, sender=key(8))
    see.payout(sender=key(8))
    with pytest.raises(AlreadyEnded, match="ended on 20"):
        see.deregistration()
    with pytest.raises(AlreadyEnded):
        see.expire(sender=key(8))


def test_an_end_is_signed_as_a_registration_is(see: SEE, registry: Registry) -> None:
    end = see.deregistration()
    one, two = see.sign(end, key(1)), see.sign(end, key(2).address)

    def refused(kind: type, *consents: Consent) -> str:
        with pytest.raises(kind) as caught:
            see.deregister(consents, sender=key(8))
        return str(caught.value)

    said = refused(NoQuorum, one)
    assert "1 of 3 voices have signed, the quorum is 2/3: missing are" in said
    assert "Ben (0x" in said
    assert "two consents of Ada" in refused(SignatureError, one, one, two)
    flip = one.model_copy
    assert "is for chain 1, this is chain 31337" in refused(
        WrongChain, flip(update={"chain_id": 1}), two
    )
    assert "version 1, this is" in refused(SignatureError, flip(update={"version": 1}), two)
    assert "Ada" in refused(SignatureError, flip(update={"see": BEN}), two)
    borrowed = flip(update={"signature": two.signature})
    assert "Ada" in refused(BadSignature, borrowed, two)
    formed = registry.sign(make_agreement(), key(1))
    assert "is for a registration, not a deregistration: sign again" in refused(
        SignatureError, formed, two
    )
    with pytest.raises(SignatureError, match="has no voice"):
        see.sign(end, key(4))
    warp(see.w3, 9 * 86400)
    assert "Ada" in refused(TooLate, one, two)


def test_a_consent_to_an_end_is_not_replayed_for_a_sibling(see: SEE, registry: Registry) -> None:
    sibling = register(registry, make_agreement(nonce=5))
    end = see.deregistration()
    consents = [see.sign(end, key(1)), see.sign(end, key(2))]
    with pytest.raises(SignatureError, match=r"is for 0x.*, this is 0x"):
        sibling.deregister(consents, sender=key(8))
    forged = [each.model_copy(update={"see": sibling.address}) for each in consents]
    with pytest.raises(BadSignature):
        sibling.deregister(forged, sender=key(8))


def test_anyone_ends_it_a_week_after_its_expiry(see: SEE) -> None:
    with pytest.raises(NotExpired, match="can be ended by anyone from 2031-01-08 on"):
        see.expire(sender=key(8))
    now = see.w3.eth.get_block("latest")["timestamp"]
    warp(see.w3, see.terms.expiry + 7 * 86400 - now)
    see.expire(sender=key(8))
    assert see.state == "ended"
