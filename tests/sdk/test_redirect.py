"""Redirects: a member's money goes elsewhere, in all versions and currencies, until undone."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from seechain import SEE, AccountError, Consent, Registry, ShareTableError, SignatureError
from seechain.chain.events import Joined, Redirected
from seechain.chain.reverts import BadSignature, TooLate, WrongAccount, WrongChain
from tests.sdk.chain import deployed, key, rpc, warp
from tests.sdk.conftest import ADA, BEN, CLEO, PORT, make_agreement, register
from tests.sdk.life import DAY, amend, line, next_agreement, worth

SAFE = key(7).address


def refused(see: SEE, kind: type, member: Any, to: str | None = None, **options: Any) -> str:
    with pytest.raises(kind) as caught:
        see.redirect(member, to, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_all_versions_and_currencies_go_elsewhere(see: SEE, usdc: Any) -> None:
    see.pay(1000, sender=key(3))
    see.pay(2000, currency=usdc.address, sender=key(0))
    see.claim(ADA, sender=key(8))
    see.pay(1000, sender=key(3))
    see.pay(2000, currency=usdc.address, sender=key(0))
    amend(see, next_agreement(currencies=["native", usdc.address]))
    see.pay(1000, sender=key(3))
    see.pay(2000, currency=usdc.address, sender=key(0))
    had, worth_of_ada = usdc.functions.balanceOf(ADA).call(), worth(see, ADA)

    receipts = see.redirect(key(1), SAFE)
    (event,) = (each for each in receipts.events if isinstance(each, Redirected))
    assert (event.account, event.to) == (ADA, SAFE)
    assert see.redirected(ADA) == SAFE
    assert SEE(see.w3, see.address).redirected(ADA) == SAFE
    assert see.redirected(BEN) == BEN
    worth_of_ada, before = worth(see, ADA), worth(see, SAFE)
    see.claim(ADA, sender=key(8))
    assert worth(see, SAFE) - before == 400 + 300
    assert usdc.functions.balanceOf(SAFE).call() == 800 + 600
    see.pay(1000, sender=key(3))
    see.pay(2000, currency=usdc.address, sender=key(0))
    see.payout(sender=key(8))
    assert worth(see, SAFE) - before == 400 + 300 + 300
    assert usdc.functions.balanceOf(SAFE).call() == 800 + 600 + 600
    assert worth(see, ADA) == worth_of_ada
    assert usdc.functions.balanceOf(ADA).call() == had
    assert set(see.due().values()) == {0}


def test_a_redirect_is_undone_by_naming_oneself(see: SEE) -> None:
    see.redirect(key(1), SAFE)
    see.redirect(key(1), ADA)
    assert see.redirected(ADA) == ADA
    see.pay(1000, sender=key(3))
    before = worth(see, ADA)
    see.claim(ADA, sender=key(8))
    assert worth(see, ADA) - before == 400


def test_a_signature_is_relayed_and_counts_once(see: SEE) -> None:
    before = worth(see, ADA)
    see.redirect(key(1), SAFE, sender=key(8))
    assert worth(see, ADA) == before
    consent = see.sign(see.redirection(ADA, BEN), key(1))
    see.redirect(Consent.from_json(consent.to_json()), sender=key(8))
    assert see.redirected(ADA) == BEN
    message = refused(see, SignatureError, consent, sender=key(8))
    assert message == (
        f"Ada ({ADA}) has redirected its money 2 times, and signed for after 1: sign again"
    )


def test_a_contract_redirects_by_erc_1271_what_it_can_not_take(registry: Registry) -> None:
    wallet = deployed(registry.w3, "Wallet", key(5).address)
    members = [line("Ada", ADA, 1, 1), line("Co-op", wallet.address, 3)]
    see = register(registry, make_agreement(members=members), 1)
    see.pay(400, sender=key(3))
    see.payout(sender=key(8))
    assert see.due(wallet.address) == {"native": 300}
    redirection = see.redirection(wallet.address, SAFE)
    data = see.message(redirection, wallet.address)
    own = bytes(key(5).sign_message(encode_typed_data(full_message=data)).signature)
    before = worth(see, SAFE)
    see.redirect(see.consent(redirection, wallet.address, own), sender=key(8))
    see.payout(sender=key(8))
    assert worth(see, SAFE) - before == 300
    assert see.due(wallet.address) == {"native": 0}


def test_an_account_with_delegated_code_redirects_by_key(see: SEE, usdc: Any) -> None:
    rpc(see.w3, "anvil_setCode", ADA, "0xef0100" + usdc.address[2:].lower())
    see.redirect(key(1), SAFE, sender=key(8))
    assert see.redirected(ADA) == SAFE


def test_a_seat_that_has_not_joined_joins_on_the_way_and_is_not_paid(see: SEE) -> None:
    see.pay(1000, sender=key(3))
    receipts = see.redirect(key(4), SAFE, sender=key(8))
    assert len(receipts) == 2
    assert any(isinstance(each, Joined) for each in receipts.events)
    assert see.due(CLEO)["native"] == 200
    before = worth(see, SAFE)
    see.claim(CLEO, sender=key(8))
    assert worth(see, SAFE) - before == 200


def test_who_is_no_member_any_more_redirects_what_is_still_owed(see: SEE) -> None:
    see.pay(1000, sender=key(3))
    see.join(CLEO, sender=key(8), claims_native=False)
    amend(see, next_agreement())
    see.redirect(key(4), SAFE, sender=key(8))
    before = worth(see, SAFE)
    see.payout(sender=key(8))
    assert worth(see, SAFE) - before == 200


def test_more_tokens_than_one_redirect_names_are_told_too(registry: Registry) -> None:
    """Three versions with 17 tokens together: one redirect names 16, the last is touched."""
    made = [deployed(registry.w3, "Token", f"T{number}", 0) for number in range(17)]
    tokens = sorted(made, key=lambda token: token.address.lower())
    order = [token.address for token in tokens]
    see = register(registry, make_agreement(currencies=["native", *order[:7]]))
    for first, last in ((7, 14), (14, 17)):
        amend(see, make_agreement(currencies=["native", *order[first:last]], nonce=first))
    tried = (0, 6, 16)  # a token of an older agreement is a currency still

    def pay_in_and_out() -> None:
        for number in tried:
            see.pay(100, currency=order[number], sender=key(0))
        see.payout(sender=key(8))

    pay_in_and_out()
    see.pay(100, currency=order[6], sender=key(0))
    see.redirect(key(1), SAFE)
    pay_in_and_out()
    held = [tokens[number].functions.balanceOf(SAFE).call() for number in tried]
    assert held == [40, 80, 40]


# ---------------------------------------------------------------- refused


def test_who_never_claimed_from_a_closed_version_redirects_what_it_is_owed(see: SEE) -> None:
    """Its seat is proven on the way, and not paid before the money goes where it says."""
    see.pay(1000, sender=key(3))
    amend(see, next_agreement())
    before = worth(see, SAFE)
    see.redirect(key(4), SAFE)
    see.claim(CLEO, sender=key(8))
    assert worth(see, SAFE) - before == 200
    # A seat that has joined in any version is enough, also where the latest has not.
    amend(see, make_agreement(nonce=5), 1, 2, 3)
    amend(see, next_agreement(nonce=6))
    see.redirect(key(4), BEN)
    assert see.redirected(CLEO) == BEN


def test_where_money_can_not_go_is_refused(see: SEE) -> None:
    for to in (see.address, "0x" + "00" * 20):
        message = refused(see, WrongAccount, key(1), to)
        assert message == (
            f"redirecting Ada ({ADA}): its money can't be redirected to nobody, or to the SEE"
            " itself"
        )
    assert refused(see, WrongAccount, key(1)) == (
        "a redirect names where the money goes: to=ADDRESS"
    )
    refused(see, AccountError, key(1), "Cleo")


def test_a_redirect_that_changes_nothing_is_not_sent(see: SEE) -> None:
    message = refused(see, WrongAccount, key(1), ADA)
    assert message == f"the money of Ada ({ADA}) goes to {ADA} already"
    see.redirect(key(1), SAFE)
    assert refused(see, WrongAccount, key(1), SAFE).endswith(f"goes to {SAFE} already")


def test_only_members_redirect_and_only_their_own(see: SEE) -> None:
    message = refused(see, ShareTableError, key(3), SAFE)
    assert message.startswith(f"{PORT} has no seat in this share table")
    redirection = see.redirection(ADA, BEN)
    with pytest.raises(SignatureError, match=r"only Ada \(0x.* signs this, not Ben \(0x"):
        see.sign(redirection, key(2))
    by_ben = key(2).sign_typed_data(full_message=redirection.message(ADA)).signature
    message = refused(see, BadSignature, redirection.consent(ADA, bytes(by_ben)), sender=key(2))
    assert "the consent of Ada (0x" in message


def test_a_consent_to_a_redirect_counts_here_and_now_only(see: SEE, registry: Registry) -> None:
    consent = see.sign(see.redirection(ADA, SAFE), key(1))

    def flip(kind: type, **changed: object) -> str:
        return refused(see, kind, consent.model_copy(update=changed), sender=key(8))

    assert "is for chain 1" in flip(WrongChain, chain_id=1)
    assert "is for the Registry" in flip(SignatureError, registry=BEN)
    assert "does not count" in flip(BadSignature, to=BEN)
    assert "does not count" in flip(BadSignature, deadline=consent.deadline + 1)
    assert "signed for after 1: sign again" in flip(SignatureError, times=1)
    message = refused(see, SignatureError, consent, BEN, sender=key(8))
    assert message == f"Ada ({ADA}) signed for its money to go to {SAFE}, not to {BEN}"
    sibling = register(registry, make_agreement(nonce=3))
    moved = consent.model_copy(update={"see": sibling.address})
    assert "does not count" in refused(sibling, BadSignature, moved, sender=key(8))
    assert "name the sender" in refused(see, SignatureError, consent)
    warp(see.w3, 9 * DAY)
    assert "was good until" in refused(see, TooLate, consent, sender=key(8))


def test_a_redirect_outlives_the_agreement_and_the_end(see: SEE) -> None:
    see.redirect(key(1), SAFE)
    see.pay(1000, sender=key(3))
    end = see.deregistration()
    see.deregister([see.sign(end, key(1)), see.sign(end, key(2))], sender=key(8))
    other = Account.create().address
    see.redirect(key(1), other)
    see.payout(sender=key(8))
    assert worth(see, other) == 400
