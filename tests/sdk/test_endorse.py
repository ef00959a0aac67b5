"""A SEE as a member of a SEE: it is paid there, and signs there by the quorum of its voices."""

from __future__ import annotations

import pytest

from seechain import SEE, AccountError, Agreement, Registry, SignatureError
from seechain.chain.events import Endorsed
from seechain.chain.interface import of
from seechain.chain.node import ask
from seechain.chain.reverts import (
    AlreadyLeft,
    BadSignature,
    MissingVoice,
    NoQuorum,
    TooLate,
    WrongMessage,
    WrongVersion,
)
from tests.sdk.chain import key, warp
from tests.sdk.conftest import ADA, make_agreement, register
from tests.sdk.life import DAY, amend, line, next_agreement, worth

FAY = key(7)
ERC1271 = of("SEE")


@pytest.fixture
def inner(registry: Registry) -> SEE:
    return register(registry, make_agreement(name="Crew"))


@pytest.fixture
def agreed(inner: SEE) -> Agreement:
    """Fay and the crew, each a voice and a seat."""
    members = [line("Fay", FAY.address, 1, 1), line("Crew", inner.address, 3, 1)]
    return make_agreement(name="Festival", members=members, quorum="1", nonce=21)


@pytest.fixture
def outer(registry: Registry, inner: SEE, agreed: Agreement) -> SEE:
    endorse(inner, registry.registration(agreed))
    consents = [registry.sign(agreed, FAY), registry.sign(agreed, inner)]
    return registry.register(agreed, consents, sender=key(8))


def endorse(inner: SEE, subject: object, *voices: int) -> object:
    act = inner.endorsement(subject)  # type: ignore[arg-type]
    consents = [inner.sign(act, key(number)) for number in voices or (1, 2)]
    return inner.endorse(act, consents, sender=key(8))


def test_a_see_registers_as_a_member(outer: SEE, inner: SEE) -> None:
    assert inner.address in {each.account for each in outer.roll}
    outer.pay(400, sender=key(3))
    outer.payout(sender=key(8))
    assert worth(outer, inner.address) == 300
    before = worth(inner, ADA)
    inner.payout(sender=key(8))
    assert worth(inner, ADA) - before == 120


def test_it_signs_by_no_bytes_and_only_what_it_endorsed(
    registry: Registry, inner: SEE, agreed: Agreement
) -> None:
    with pytest.raises(SignatureError) as caught:
        registry.sign(agreed, inner)
    assert str(caught.value) == (
        f"the SEE {inner.address} has not endorsed this registration: let its voices sign"
        " see.endorsement(...), and submit that with see.endorse(...)"
    )
    registration = registry.registration(agreed)
    receipt = endorse(inner, registration)
    (event,) = receipt.events  # type: ignore[attr-defined]
    assert isinstance(event, Endorsed)
    digest = registration.digest(inner.address)
    assert (event.see, event.digest) == (inner.address, digest)
    assert (event.account, event.subject) == (inner.address, agreed.commitment)
    assert event.deadline == registration.deadline
    consent = registry.sign(agreed, inner)
    assert (consent.account, consent.signature) == (inner.address, b"")
    for asked, answer in ((digest, "1626ba7e"), (bytes(32), "ffffffff")):
        said = ask(inner.w3, inner.address, ERC1271, "isValidSignature", asked, b"")
        assert bytes(said)[:4].hex() == answer
    other = make_agreement(name="Festival", members=list(map(dict, agreed.members)), nonce=22)
    with pytest.raises(SignatureError, match="has not endorsed this registration"):
        registry.sign(other, inner)
    with pytest.raises(MissingVoice, match="missing is the consent of Fay"):
        registry.register(agreed, [consent], sender=key(8))


def test_a_forged_consent_of_a_see_does_not_count(
    registry: Registry, inner: SEE, agreed: Agreement
) -> None:
    """Its own voice signs in its name: the SEE has not endorsed it."""
    registration = registry.registration(agreed)
    by_ada = key(1).sign_typed_data(full_message=registration.message(inner.address)).signature
    for signature in (bytes(by_ada), b"", bytes(65)):
        forged = registration.consent(inner.address, signature)
        with pytest.raises(BadSignature, match=r"Crew .* does not accept its signature"):
            registry.register(agreed, [registry.sign(agreed, FAY), forged], sender=key(8))


def test_it_amends_leaves_and_locates_there(outer: SEE, inner: SEE, agreed: Agreement) -> None:
    following = make_agreement(name="Festival", members=list(map(dict, agreed.members)), nonce=23)
    amendment = outer.amendment(following)
    endorse(inner, amendment)
    outer.amend(
        following, [outer.sign(amendment, FAY), outer.sign(amendment, inner)], sender=key(8)
    )
    assert outer.version == 1

    said = outer.publication(inner.address, "https://example.org")
    endorse(inner, said)
    outer.locate("https://example.org", member=outer.sign(said, inner), sender=key(8))

    leaving = outer.leaving(inner.address)
    endorse(inner, leaving)
    outer.leave(outer.sign(leaving, inner), sender=key(8))
    assert outer.leavers == {inner.address}
    with pytest.raises(AlreadyLeft):
        outer.leave(inner, sender=key(8))


def test_it_leaves_at_once_where_the_endorsement_is_as_old_as_today(outer: SEE, inner: SEE) -> None:
    endorse(inner, outer.leaving(inner.address))
    with pytest.raises(SignatureError, match=f"the SEE {inner.address} sends nothing itself"):
        outer.leave(inner)
    outer.leave(inner, sender=key(8))
    assert outer.leavers == {inner.address}


def test_a_see_that_has_ended_can_still_leave(outer: SEE, inner: SEE) -> None:
    end = inner.deregistration()
    inner.deregister([inner.sign(end, key(1)), inner.sign(end, key(2))], sender=key(8))
    leaving = outer.leaving(inner.address)
    endorse(inner, leaving)
    outer.leave(outer.sign(leaving, inner), sender=key(8))
    assert outer.leavers == {inner.address}


def test_a_member_of_a_member_signs_for_it(registry: Registry, outer: SEE, inner: SEE) -> None:
    """Three deep: the festival is a member of the town, by its own two voices."""
    members = [line("Gil", key(9).address, 1, 1), line("Festival", outer.address, 1, 1)]
    town = make_agreement(name="Town", members=members, quorum="1", nonce=31)
    registration = registry.registration(town)
    of_outer = outer.endorsement(registration)
    # The crew signs, as a voice of the festival, that the festival signs.
    act = inner.endorsement(of_outer)
    inner.endorse(act, [inner.sign(act, key(1)), inner.sign(act, key(3))], sender=key(8))
    consents = [outer.sign(of_outer, FAY), outer.sign(of_outer, inner)]
    outer.endorse(of_outer, consents, sender=key(8))
    see = registry.register(
        town, [registry.sign(town, key(9)), registry.sign(town, outer)], sender=key(8)
    )
    assert see.state == "registered"


# ---------------------------------------------------------------- refused


def test_a_see_signs_no_redirect(outer: SEE, inner: SEE) -> None:
    redirection = outer.redirection(inner.address, ADA)
    with pytest.raises(WrongMessage, match="can't do this: a SEE redirects no money"):
        outer.redirect(inner, ADA, sender=key(8))
    with pytest.raises(AccountError, match=f"the SEE {inner.address} sends nothing itself: name"):
        outer.pay(5, sender=inner)
    with pytest.raises(WrongMessage) as caught:
        inner.endorsement(redirection)
    assert str(caught.value) == (
        f"{inner.address} can't sign this: a SEE redirects no money: what it is paid is its own"
        " members'"
    )


def test_an_endorsement_takes_the_quorum_of_its_own_voices(
    registry: Registry, inner: SEE, agreed: Agreement
) -> None:
    act = inner.endorsement(registry.registration(agreed))
    one, two = inner.sign(act, key(1)), inner.sign(act, key(2))
    with pytest.raises(NoQuorum, match="1 of 3 voices have signed, the quorum is 2/3"):
        inner.endorse(act, [one], sender=key(8))
    with pytest.raises(SignatureError, match="has no voice in this agreement"):
        inner.sign(act, FAY)
    other = inner.endorsement(registry.registration(make_agreement(nonce=40)))
    with pytest.raises(SignatureError, match=r"Ada .* is for another endorsement: sign again"):
        inner.endorse(other, [one, two], sender=key(8))
    borrowed = one.model_copy(update={"signature": two.signature})
    with pytest.raises(BadSignature, match=r"the consent of Ada .* does not count"):
        inner.endorse(act, [borrowed, two], sender=key(8))
    warp(inner.w3, 9 * DAY)
    with pytest.raises(TooLate, match="was good until"):
        inner.endorse(act, [one, two], sender=key(8))


def test_an_endorsement_is_of_one_see_and_version(
    registry: Registry, inner: SEE, agreed: Agreement
) -> None:
    sibling = register(registry, make_agreement(nonce=41))
    act = inner.endorsement(registry.registration(agreed))
    consents = [inner.sign(act, key(1)), inner.sign(act, key(2))]
    with pytest.raises(SignatureError, match=f"is to be endorsed by {inner.address}, not by 0x"):
        sibling.endorse(act, consents, sender=key(8))
    amend(inner, next_agreement())
    with pytest.raises(WrongVersion, match=r"this endorsement is for version 0 .*, version 1 is"):
        inner.endorse(act, consents, sender=key(8))


def test_an_endorsement_ends_with_the_deadline_of_its_message(
    registry: Registry, inner: SEE, agreed: Agreement
) -> None:
    endorse(inner, registry.registration(agreed))
    consents = [registry.sign(agreed, FAY), registry.sign(agreed, inner)]
    warp(inner.w3, 9 * DAY)
    with pytest.raises(TooLate, match="was good until"):
        registry.register(agreed, consents, sender=key(8))
    with pytest.raises(SignatureError, match="has not endorsed this registration"):
        registry.sign(agreed, inner)
