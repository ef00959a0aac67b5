"""Leaving: the seat, the voice or both; by oneself or by a signature that anyone relays."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account.messages import encode_typed_data
from web3 import Web3

from seechain import SEE, Agreement, Consent, Registry, ShareTableError, SignatureError
from seechain.chain.events import Ended, Joined, Left, VoiceLeft
from seechain.chain.reverts import (
    AlreadyEnded,
    AlreadyLeft,
    BadSignature,
    LastShare,
    TooLate,
    WrongChain,
    WrongVersion,
)
from tests.sdk.chain import deployed, key, rpc, warp
from tests.sdk.conftest import ADA, BEN, CLEO, DESK, PORT, make_agreement, register
from tests.sdk.life import DAY, amend, line, next_agreement, worth


def refused(see: SEE, kind: type, member: Any, **options: Any) -> str:
    """How the SDK refuses, before it sends anything."""
    sent = [see.w3.eth.get_transaction_count(key(at).address) for at in range(9)]  # type: ignore[arg-type]
    with pytest.raises(kind) as caught:
        see.leave(member, **options)
    assert sent == [see.w3.eth.get_transaction_count(key(at).address) for at in range(9)]  # type: ignore[arg-type]
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_seat_and_a_voice_leave_together(see: SEE, w3: Web3, usdc: Any) -> None:
    see.pay(1000, sender=key(3))
    see.pay(2000, currency=usdc.address, sender=key(0))
    receipts = see.leave(key(1))
    assert [type(each) for each in receipts.events if isinstance(each, Joined)] == [Joined]
    left = {each.currency: each for each in receipts.events if isinstance(each, Left)}
    assert {
        currency: (each.account, each.owed, each.shares) for currency, each in left.items()
    } == {
        "native": (ADA, 400, 40),
        usdc.address: (ADA, 800, 40),
    }
    (voice,) = (each for each in receipts.events if isinstance(each, VoiceLeft))
    assert (voice.see, voice.account) == (see.address, ADA)
    # What was due stays owed; what comes is the others'.
    see.pay(600, sender=key(3))
    assert see.due(ADA) == {"native": 400, usdc.address: 800}
    assert see.due(BEN)["native"] == 350 + 350
    assert see.due(CLEO)["native"] == 200 + 200
    assert see.due(DESK)["native"] == 50 + 50
    for seen in (see, SEE(w3, see.address)):
        assert seen.leavers == {ADA}
        assert [each.account for each in seen.roll] == sorted([BEN, PORT], key=str.lower)
        assert {each.account: each.voices for each in seen.members}[ADA] == 0
    see.claim(ADA, sender=key(8))
    assert see.due(ADA) == {"native": 0, usdc.address: 0}


def test_the_seat_leaves_alone(see: SEE) -> None:
    see.leave(key(1), voice=False)
    assert see.leavers == {ADA}
    assert ADA in {each.account for each in see.roll}
    see.sign(see.deregistration(), key(1))
    assert (
        refused(see, AlreadyLeft, key(1), seat=True) == f"the seat of Ada ({ADA}) has left before"
    )
    see.leave(key(1))  # with what it still has: the voice
    message = refused(see, AlreadyLeft, key(1))
    assert message == (f"Ada ({ADA}) has nothing to leave: no seat and no voice, or both have left")


def test_the_voice_leaves_alone(see: SEE) -> None:
    (receipt,) = see.leave(key(1), seat=False)
    assert [type(each) for each in receipt.events] == [VoiceLeft]
    see.pay(1000, sender=key(3))
    assert see.due(ADA)["native"] == 400
    message = refused(see, SignatureError, key(1), voice=True)
    assert message == f"Ada ({ADA}) has no voice in this agreement, or it has left"
    see.leave(key(1), seat=True)
    assert see.leavers == {ADA}


def test_a_seat_without_a_voice_and_a_voice_without_a_seat_leave(see: SEE) -> None:
    see.leave(key(4))
    see.leave(key(3))
    assert see.leavers == {CLEO}
    assert {each.account for each in see.roll} == {ADA, BEN}
    message = refused(see, ShareTableError, key(3), seat=True)
    assert message.startswith(f"{PORT} has no seat in this share table")
    refused(see, AlreadyLeft, key(8))


# ---------------------------------------------------------------- relayed


def test_a_key_signs_and_anyone_pays_the_gas(see: SEE) -> None:
    before = worth(see, ADA)
    see.leave(key(1), sender=key(8))
    assert worth(see, ADA) == before
    assert see.leavers == {ADA}


def test_a_consent_travels_and_is_sent_by_anyone(see: SEE) -> None:
    consent = see.sign(see.leaving(CLEO), key(4))
    again = Consent.from_json(consent.to_json())
    see.leave(again, sender=key(8))
    assert see.leavers == {CLEO}
    assert "has left before" in refused(see, AlreadyLeft, again, sender=key(8))


def test_a_contract_leaves_by_erc_1271(registry: Registry) -> None:
    wallet = deployed(registry.w3, "Wallet", key(5).address)
    members = [line("Ada", ADA, 1, 1), line("Co-op", wallet.address, 3)]
    see = register(registry, make_agreement(members=members), 1)
    see.pay(400, sender=key(3))
    leaving = see.leaving(wallet.address)
    data = see.message(leaving, wallet.address)
    signable = encode_typed_data(full_message=data)
    wrong = see.consent(leaving, wallet.address, bytes(key(6).sign_message(signable).signature))
    message = refused(see, BadSignature, wrong, sender=key(8))
    assert message == (
        f"the contract Co-op ({wallet.address}) does not accept its signature (ERC-1271)"
    )
    own = bytes(key(5).sign_message(signable).signature) + b"and more"
    see.leave(see.consent(leaving, wallet.address, own), sender=key(8))
    assert see.leavers == {wallet.address}
    # It takes no coin: what is owed to it stays so until it does.
    see.payout(sender=key(8))
    assert see.due(wallet.address) == {"native": 300}
    wallet.functions.set_open(True).transact({"from": ADA})
    see.payout(sender=key(8))
    assert worth(see, wallet.address) == 300


def test_an_account_with_delegated_code_leaves_by_key(see: SEE, usdc: Any) -> None:
    """EIP-7702: it has code, which does not sign, and signs by its key as before."""
    rpc(see.w3, "anvil_setCode", ADA, "0xef0100" + usdc.address[2:].lower())
    see.leave(key(1), sender=key(8))
    assert see.leavers == {ADA}


# ---------------------------------------------------------------- the last ones


def test_with_the_last_voice_the_see_ends(see: SEE) -> None:
    see.pay(1000, sender=key(3))
    for number in (1, 2):
        see.leave(key(number), seat=False)
    receipts = see.leave(key(3))
    assert any(isinstance(each, Ended) for each in receipts.events)
    assert see.state == "ended"
    see.payout(sender=key(8))
    assert see.due()["native"] == 0
    message = refused(see, AlreadyEnded, key(4))
    assert message.startswith(f"{see.address} ended on 20")


def test_the_last_share_does_not_leave(see: SEE) -> None:
    for number in (1, 2, 5):
        see.leave(key(number))
    message = refused(see, LastShare, key(4))
    assert message == (
        f"Cleo ({CLEO}) can't leave its seat: it has the last shares that are left, to which all"
        " that comes belongs: end the SEE"
    )
    see.pay(500, sender=key(3))
    assert see.due(CLEO)["native"] == 500


# ---------------------------------------------------------------- refused


def test_nobody_takes_another_out(see: SEE) -> None:
    leaving = see.leaving(ADA)
    with pytest.raises(SignatureError, match=f"only Ada .* signs this, not Ben .{BEN}"):
        see.sign(leaving, key(2))
    forged = leaving.consent(
        ADA, bytes(key(2).sign_typed_data(full_message=leaving.message(ADA)).signature)
    )
    message = refused(see, BadSignature, forged, sender=key(8))
    assert message.startswith(f"the consent of Ada ({ADA}) does not count: another key signed")


def test_a_consent_to_leave_counts_here_and_now_only(see: SEE, registry: Registry) -> None:
    consent = see.sign(see.leaving(ADA), key(1))

    def flip(kind: type, **changed: object) -> str:
        return refused(see, kind, consent.model_copy(update=changed), sender=key(8))

    assert "is for chain 1, this is chain 31337: sign again" in flip(WrongChain, chain_id=1)
    assert "is for the Registry 0x" in flip(SignatureError, registry=BEN)
    assert f"is for {BEN}, not {see.address}: sign again" in flip(SignatureError, see=BEN)
    assert flip(WrongVersion, version=1) == (
        f"Ada ({ADA}) signed to leave version 1, version 0 is in force: sign again"
    )
    assert "does not count" in flip(BadSignature, voice=False)
    assert "does not count" in flip(BadSignature, deadline=consent.deadline + 1)
    assert "there is nothing to leave" in flip(AlreadyLeft, voice=False, seat=False)
    assert "does not count" in flip(BadSignature, index=consent.index + 1 if consent.index else 1)
    sibling = register(registry, make_agreement(nonce=3))
    moved = consent.model_copy(update={"see": sibling.address})
    assert "does not count" in refused(sibling, BadSignature, moved, sender=key(8))
    redirection = see.sign(see.redirection(ADA, BEN), key(1))
    assert "is for a redirection, not a leaving: sign again" in refused(
        see, SignatureError, redirection, sender=key(8)
    )
    assert refused(see, SignatureError, consent) == (
        "a consent is sent by somebody: name the sender"
    )
    warp(see.w3, 9 * DAY)
    assert "was good until" in refused(see, TooLate, consent, sender=key(8))


def test_a_consent_says_itself_what_is_left(see: SEE) -> None:
    consent = see.sign(see.leaving(ADA, voice=False), key(1))
    message = refused(see, SignatureError, consent, voice=True, sender=key(8))
    assert message == f"Ada ({ADA}) signed to keep its voice: sign again"
    see.leave(consent, seat=True, voice=False, sender=key(8))
    assert ADA in {each.account for each in see.roll}


def test_a_consent_to_leave_ends_with_its_version(see: SEE) -> None:
    leaving = see.leaving(ADA)
    consent = see.sign(leaving, key(1))
    amend(see, next_agreement())
    message = refused(see, WrongVersion, consent, sender=key(8))
    assert message == f"Ada ({ADA}) signed to leave version 0, version 1 is in force: sign again"
    with pytest.raises(WrongVersion, match="this leaving is for version 0"):
        see.sign(leaving, key(1))


def test_who_left_comes_in_again_by_the_next_agreement_only(see: SEE, agreement: Agreement) -> None:
    see.pay(1000, sender=key(3))
    see.leave(key(1))
    amend(see, make_agreement(nonce=7), 2, 3)
    assert see.leavers == frozenset()
    see.pay(1000, sender=key(3))
    assert see.due(ADA)["native"] == 400 + 400
    see.claim(ADA, sender=key(8))
    assert see.due(ADA)["native"] == 0
    see.leave(key(1))
    assert see.leavers == {ADA}
