"""Amending: the next agreement by the quorum of the live voices, and all that is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from eth_account.messages import encode_typed_data
from web3 import Web3

from seechain import SEE, Agreement, AgreementError, Amendment, Consent, Registry, SignatureError
from seechain.chain.events import Amended, Closed, Published
from seechain.chain.interface import of
from seechain.chain.reverts import (
    AlreadyEnded,
    BadSignature,
    NoQuorum,
    NotRegistered,
    TooLate,
    WrongAgreement,
    WrongChain,
    WrongVersion,
)
from seechain.sending.senders import Call, send
from seechain.share_table import pack_seats
from tests.sdk.chain import key, rpc, warp
from tests.sdk.conftest import ADA, BEN, CLEO, DESK, PORT, make_agreement, register
from tests.sdk.life import DAY, EVE, amend, line, next_agreement


@pytest.fixture
def following(usdc: Any) -> Agreement:
    return next_agreement(currencies=["native", usdc.address])


def refused(see: SEE, agreement: Agreement, consents: list[Consent], kind: type) -> str:
    """How the SDK refuses, before it sends anything."""
    sent = see.w3.eth.get_transaction_count(key(8).address)  # type: ignore[arg-type]
    with pytest.raises(kind) as caught:
        see.amend(agreement, consents, sender=key(8))
    assert see.w3.eth.get_transaction_count(key(8).address) == sent  # type: ignore[arg-type]
    message = str(caught.value)
    assert "\n" not in message
    return message


# ---------------------------------------------------------------- amended


def test_the_next_agreement_is_in_force_and_the_old_stays_owed(
    see: SEE, following: Agreement, w3: Web3, usdc: Any
) -> None:
    see.pay(1000, sender=key(3))
    (receipt,) = amend(see, following)
    (amended,) = (each for each in receipt.events if isinstance(each, Amended))
    assert (amended.version, amended.agreement) == (1, following.commitment)
    assert amended.submitter == key(8).address
    (published,) = (each for each in receipt.events if isinstance(each, Published))
    assert published.words == following.table.words
    assert [
        (each.currency, each.received) for each in receipt.events if isinstance(each, Closed)
    ] == [("native", 1000)]
    assert (see.version, see.record.version, see.record.amended) == (1, 1, receipt.block_number)
    assert see.commitment == following.commitment
    assert see.received() == {"native": 0, usdc.address: 0}
    assert see.due(CLEO) == {"native": 200, usdc.address: 0}
    see.pay(1000, sender=key(3))
    assert see.due(ADA)["native"] == 400 + 300
    assert see.due(EVE)["native"] == 150
    assert see.due()["native"] == 2000


def test_all_is_recovered_from_the_address_alone(
    see: SEE, agreement: Agreement, following: Agreement, w3: Web3
) -> None:
    amend(see, following)
    again = SEE(w3, see.address)
    assert [each.number for each in again.versions] == [0, 1]
    assert [each.commitment for each in again.versions] == [
        agreement.commitment,
        following.commitment,
    ]
    assert [again.table_of(each) for each in again.versions] == [agreement.table, following.table]
    assert again.table == following.table
    assert {(each.account, each.shares, each.voices) for each in again.members} == {
        (each.account, each.shares, each.voices) for each in following.members
    }
    assert again.quorum == Fraction(2, 3)
    assert again.registration.agreement == agreement.commitment
    assert SEE.of(w3, see.address, agreement).commitment == following.commitment
    assert SEE.of(w3, see.address, following).table == following.table
    with pytest.raises(WrongAgreement, match="is the SEE of another agreement"):
        SEE.of(w3, see.address, make_agreement(nonce=99))


def test_several_amendments_in_one_block_are_all_found(see: SEE, w3: Web3) -> None:
    amend(see, next_agreement(nonce=10))
    rpc(w3, "evm_setAutomine", False)
    rpc(w3, "evm_mine")
    calls = []
    for version, nonce in ((1, 11), (2, 12)):
        following, before = next_agreement(nonce=nonce), next_agreement(nonce=nonce - 1)
        calls.append(amend_call(see, before, following, version))
    sender, to = key(8).address, see.registry
    hashes: list[Any] = [
        rpc(
            w3, "eth_sendTransaction", {"from": sender, "to": to, "data": data, "gas": hex(900_000)}
        )
        for data in ("0x" + call.hex() for call in calls)
    ]
    rpc(w3, "evm_mine")
    rpc(w3, "evm_setAutomine", True)
    blocks = {w3.eth.get_transaction_receipt(each)["blockNumber"] for each in hashes}
    assert len(blocks) == 1
    again = SEE(w3, see.address)
    assert [each.number for each in again.versions] == [0, 1, 2, 3]
    assert [each.commitment for each in again.versions[1:]] == [
        next_agreement(nonce=nonce).commitment for nonce in (10, 11, 12)
    ]
    assert again.table_of(again.versions[2]) == next_agreement(nonce=11).table
    assert again.versions[1].end == again.versions[2].start
    assert again.versions[2].end == again.versions[3].start


def amend_call(see: SEE, before: Agreement, following: Agreement, version: int) -> bytes:
    """The data of an amendment of a version that is not yet in force."""
    from seechain.chain.node import chain_id_of, now_of
    from seechain.consent import FIELDS, Kind
    from seechain.consent.signatures import Poll, pack
    from seechain.see.versions import Version

    deadline = now_of(see.w3) + DAY
    subject = Amendment(
        chain_id_of(see.w3), see.registry, deadline, see.address, version, following
    )
    voices = [key(number) for number in (1, 2, 3, 6)]
    consents = [
        subject.consent(
            each.address,
            bytes(each.sign_typed_data(full_message=subject.message(each.address)).signature),
        )
        for each in voices
    ]
    about = {field: subject.about[field] for field in FIELDS[Kind.AMENDMENT]}
    poll = Poll(Kind.AMENDMENT, about, subject.chain_id, see.registry, before.roll, {})
    packed = pack(see.w3, poll, consents, now_of(see.w3))
    old, new = (Version.of_agreement(0, each).preimage for each in (before, following))
    return of("Registry").encode(
        "amend", see.address, *old, *new, deadline, packed.signatures, following.table.words, 0
    )


def many(count: int, of_ada: int = 40) -> bytes:
    accounts = ("0x" + (number * 7919).to_bytes(20, "big").hex() for number in range(1, count + 1))
    return pack_seats((account, 1, 0) for account in accounts)


@pytest.mark.parametrize("count", [100, 300])
def test_large_tables_are_published_on_the_way_or_after_it(
    see: SEE, agreement: Agreement, w3: Web3, count: int
) -> None:
    """Up to 128 seats with the amendment, the others by further transactions."""
    large = next_agreement(seats=many(count))
    receipts = amend(see, large)
    assert len(receipts) == (1 if count == 100 else 4)
    # What comes later is told apart from what was published of this version.
    amend(see, next_agreement(seats=many(count + 40), nonce=5), 1, 2, 3)
    again = SEE(w3, see.address)
    tables = [again.table_of(each) for each in again.versions]
    assert [len(each) for each in tables] == [4, count + 4, count + 44]
    assert tables[0] == agreement.table
    assert tables[1] == large.table


def test_a_publication_that_stopped_is_taken_up(see: SEE, w3: Web3) -> None:
    large = next_agreement(seats=many(200))
    amend(see, large, publish=False)
    hidden = SEE(w3, see.address)
    with pytest.raises(Exception, match="nothing of it is published; give the table itself"):
        _ = hidden.members
    hidden.give(large.table)
    assert len(hidden.publish(sender=key(8))) == 2
    assert SEE(w3, see.address).table == large.table


# ---------------------------------------------------------------- what each signer sees


def test_each_signer_sees_what_changes_for_it(see: SEE, following: Agreement, ada: Any) -> None:
    changes = see.changes(following)
    said = {each.name: str(each) for each in changes.members}
    assert said == {
        "Ada": "Ada loses: part 40.00 % -> 30.00 %, voice 33.33 % -> 25.00 %",
        "Ben": "Ben gains: part 35.00 % -> 50.00 %, voice 33.33 % -> 25.00 %",
        "Cleo": "Cleo is no member any more; what it earned stays owed to it: part 20.00 % -> -",
        "Desk": "Desk keeps its part: part 5.00 %",
        "Eve": "Eve comes in: part - -> 15.00 %, voice - -> 25.00 %",
        "Port": "Port has no part, but a voice: voice 33.33 % -> 25.00 %",
    }
    assert changes.of(ada) == changes.of(ADA)
    assert [each.account for each in changes.gains] == sorted([BEN, EVE], key=str.lower)
    assert {each.name for each in changes.losses} == {"Ada", "Cleo"}
    assert "expires: 2030-12-31\n" in str(changes)
    assert changes.is_text_new


def test_what_changes_counts_from_who_is_left(see: SEE, following: Agreement) -> None:
    see.leave(key(1))
    ada, ben = see.changes(following).of(ADA), see.changes(following).of(BEN)
    assert ada is not None
    assert ben is not None
    assert ada.is_new
    assert (ben.part_before, ben.part_after) == (Fraction(35, 60), Fraction(1, 2))
    assert (ben.voice_before, ben.voice_after) == (Fraction(1, 2), Fraction(1, 4))


# ---------------------------------------------------------------- refused


def test_the_quorum_must_be_reached(see: SEE, following: Agreement) -> None:
    amendment = see.amendment(following)
    message = refused(see, following, [see.sign(amendment, key(1))], NoQuorum)
    assert message.startswith("1 of 3 voices have signed, the quorum is 2/3: missing are ")
    assert f"Ben ({BEN})" in message
    assert "there is no consent at all" in refused(see, following, [], SignatureError)


def test_who_has_no_voice_does_not_sign(see: SEE, following: Agreement) -> None:
    amendment = see.amendment(following)
    for stranger in (key(4), key(6), key(8)):
        with pytest.raises(SignatureError, match="has no voice in this agreement"):
            see.sign(amendment, stranger)


def test_a_voice_that_left_signs_no_more(see: SEE, following: Agreement) -> None:
    """The quorum follows those that stay; a consent from before the leave does not count."""
    amendment = see.amendment(following)
    consents = [see.sign(amendment, key(number)) for number in (1, 2)]
    see.leave(key(1), seat=False)
    with pytest.raises(SignatureError, match=r"the voice of Ada \(0x.* has left"):
        see.sign(amendment, key(1))
    message = refused(see, following, consents, SignatureError)
    assert message == f"the voice of Ada ({ADA}) has left: leave its consent out"
    assert "1 of 2 voices" in refused(see, following, consents[1:], NoQuorum)
    see.amend(following, [consents[1], see.sign(amendment, key(3))], sender=key(8))
    assert see.version == 1


def test_a_consent_counts_here_and_now_only(see: SEE, following: Agreement) -> None:
    amendment = see.amendment(following)
    one, two = see.sign(amendment, key(1)), see.sign(amendment, key(2))

    def flip(**changed: object) -> list[Consent]:
        return [one.model_copy(update=changed), two]

    says = "the consent of Ada (0x"
    assert "is for chain 1, this is chain 31337" in refused(
        see, following, flip(chain_id=1), WrongChain
    )
    for changed, kind, part in (
        ({"registry": ADA}, SignatureError, "is for the Registry 0x"),
        ({"version": 1}, SignatureError, "version 1, this is"),
        ({"see": BEN}, SignatureError, f"is for {BEN}, version 0, this is {see.address}"),
        ({"commitment": bytes(32)}, SignatureError, "is for another agreement"),
        ({"deadline": one.deadline + 1}, SignatureError, "all sign with the same deadline"),
        ({"signature": two.signature}, BadSignature, "another key signed"),
    ):
        message = refused(see, following, flip(**changed), kind)
        assert part in message
        assert "Ada (0x" in message
    assert says in refused(see, following, flip(version=1), SignatureError)
    end = see.sign(see.deregistration(), key(1))
    assert "is for a deregistration, not an amendment: sign again" in refused(
        see, following, [end, two], SignatureError
    )
    warp(see.w3, 9 * DAY)
    message = refused(see, following, [one, two], TooLate)
    assert "was good until" in message
    assert message.endswith("sign again")


def test_each_flipped_field_is_refused_also_where_the_consent_says_so_too(
    see: SEE, registry: Registry, following: Agreement
) -> None:
    other = next_agreement(nonce=77)
    sibling = register(registry, make_agreement(nonce=78))
    consents = [see.sign(see.amendment(following), key(number)) for number in (1, 2)]
    forged = [each.model_copy(update={"commitment": other.commitment}) for each in consents]
    assert "does not count" in refused(see, other, forged, BadSignature)
    moved = [each.model_copy(update={"see": sibling.address}) for each in consents]
    assert "does not count" in refused(sibling, following, moved, BadSignature)


def test_a_consent_of_an_older_version_is_not_replayed(see: SEE, following: Agreement) -> None:
    amendment = see.amendment(following)
    consents = [see.sign(amendment, key(number)) for number in (1, 2)]
    amend(see, next_agreement(nonce=5))
    message = refused(see, following, consents, SignatureError)
    assert "version 0, this is" in message
    assert message.endswith("version 1: sign again")
    with pytest.raises(WrongVersion, match=r"is for version 0 .*, version 1 is in force: look at"):
        see.sign(amendment, key(1))
    # Past the SDK's own checks it is the contract that refuses.
    block = see.w3.eth.get_block(see.record.amended, full_transactions=True)  # type: ignore[arg-type]
    (sent,) = block["transactions"]
    again = Call(see.registry, bytes(sent["input"]), "the amendment")  # type: ignore[index]
    with pytest.raises(BadSignature, match="the amendment was refused: a signature is not"):
        send(see.w3, again, key(8))


def test_consents_for_something_else_are_told_apart(
    see: SEE, registry: Registry, following: Agreement
) -> None:
    sibling = register(registry, make_agreement(nonce=6))
    with pytest.raises(SignatureError, match=f"is about the SEE {sibling.address}, not 0x"):
        see.sign(sibling.amendment(following), key(1))
    with pytest.raises(SignatureError, match="this is no consent: signature: Data should have"):
        see.consent(see.amendment(following), ADA, bytes(5000))
    with pytest.raises(SignatureError, match=r"a registration is signed with registry\.sign"):
        see.sign(registry.registration(following), key(1))


def test_an_agreement_that_can_not_stand_is_refused_before_anyone_signs(
    see: SEE, agreement: Agreement
) -> None:
    with pytest.raises(AgreementError, match="expires must be ahead of today"):
        see.amendment(next_agreement(expires="2020-01-01"))
    with pytest.raises(AgreementError, match="it is in force already: give it another nonce"):
        see.amendment(agreement)
    for deadline, says in (
        (5, r"the deadline 5 is over, it is \d+ on chain: name a later one"),
        ("tomorrow", "a deadline is a time in unix seconds, got 'tomorrow'"),
        (2**256, "a deadline is a time in unix seconds, got 1157"),
    ):
        with pytest.raises(TooLate, match=says):
            see.amendment(next_agreement(), deadline)  # type: ignore[arg-type]
    forged = next_agreement()
    forged.__dict__["text"] = forged.text.replace("seat: 30 of 100", "seat: 60 of 100")
    with pytest.raises(AgreementError, match="the text"):
        see.amendment(forged)


def test_what_ended_or_never_was_is_not_amended(
    see: SEE, registry: Registry, following: Agreement
) -> None:
    clone = registry.deploy_clone(make_agreement(nonce=8), sender=key(8))
    assert isinstance(clone, SEE)
    with pytest.raises(NotRegistered, match="is not registered at the Registry"):
        clone.amendment(following)
    end = see.deregistration()
    see.deregister([see.sign(end, key(1)), see.sign(end, key(2))], sender=key(8))
    with pytest.raises(AlreadyEnded, match=r"ended on 20.* UTC"):
        see.amendment(following)


def test_a_contract_and_any_wallet_sign_an_amendment(registry: Registry) -> None:
    from tests.sdk.chain import deployed

    wallet = deployed(registry.w3, "Wallet", key(5).address)
    members = [line("Ada", ADA, 1, 1), line("Co-op", wallet.address, 1, 1)]
    first = make_agreement(members=members, quorum=1)
    data = registry.message(first, wallet.address)
    own = bytes(key(5).sign_message(encode_typed_data(full_message=data)).signature)
    see = registry.register(
        first,
        [registry.sign(first, key(1)), registry.consent(first, wallet.address, own)],
        sender=key(0),
    )
    amendment = see.amendment(next_agreement(members=members, quorum=1))
    data = see.message(amendment, wallet.address)
    own = bytes(key(5).sign_message(encode_typed_data(full_message=data)).signature)
    consents = [see.sign(amendment, key(1)), see.consent(amendment, wallet.address, own)]
    see.amend(amendment.agreement, consents, sender=key(8))
    assert see.version == 1
    assert DESK not in {each.account for each in see.members}
    assert PORT not in {each.account for each in see.roll}
