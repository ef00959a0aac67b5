"""Appeals, records and applications, through the calls that members make."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from web3 import Web3

from seechain import SEE, Agreement, Journal, Registry
from seechain.beside.noticeboard import Noticeboard
from seechain.beside.notices import Application, Listed, Notice
from seechain.chain.clones import noticeboard_address, registry_address
from seechain.chain.events import Posted
from seechain.chain.reverts import (
    AlreadyEnded,
    AlreadyLeft,
    AlreadyPosted,
    BadSignature,
    NotDeployed,
    TooLate,
    WrongAgreement,
    WrongChain,
    WrongExpiry,
)
from seechain.consent import Consent
from seechain.errors import AgreementError, NoticeError, SignatureError
from tests.sdk.chain import key, warp
from tests.sdk.conftest import ADA, BEN, CLEO, PORT, make_agreement, register

DAY = 86400
ASKED = "Who can seal a quay wall?"


@pytest.fixture
def board(w3: Web3, anyone: LocalAccount) -> Noticeboard:
    return Noticeboard.deploy(w3, sender=anyone)


@pytest.fixture
def agreement() -> Agreement:
    return make_agreement()


@pytest.fixture
def see(registry: Registry, agreement: Agreement) -> SEE:
    return register(registry, agreement)


def in_days(w3: Web3, days: int) -> int:
    return int(w3.eth.get_block("latest")["timestamp"]) + days * DAY


@pytest.fixture
def appeal(see: SEE) -> Notice:
    return Notice.appeal(see.address, ASKED, until=in_days(see.w3, 30), shares=50)


@pytest.fixture
def listed(board: Noticeboard, see: SEE, appeal: Notice, ada: LocalAccount) -> Listed:
    board.post(see, appeal, sender=ada)
    (found,) = board.notices(see)
    return found


def test_it_is_deployed_once_at_a_known_address(w3: Web3, anyone: LocalAccount) -> None:
    with pytest.raises(NotDeployed, match="no Noticeboard stands at 0x"):
        Noticeboard(w3)
    board = Noticeboard.deploy(w3, sender=anyone)
    assert board.address == noticeboard_address(registry_address()) == Noticeboard(w3).address
    assert len(Noticeboard.deploy(w3, sender=anyone).receipts) == 0


# ---------------------------------------------------------------- posting


def test_a_voice_posts_an_appeal(
    board: Noticeboard, see: SEE, appeal: Notice, ada: LocalAccount
) -> None:
    assert board.notices(see) == ()
    receipt = board.post(see, appeal, sender=ada)
    (event,) = receipt.events
    assert isinstance(event, Posted)
    assert event.notice == appeal.key(board.address, ADA)
    (found,) = board.notices(see)
    assert found.notice == appeal
    assert (found.key, found.author) == (event.notice, ADA)
    assert (found.is_open, found.has_voice) == (True, True)
    assert found.notice.text == ASKED
    assert board.notice(see, found.key) == found
    assert board.is_posted(appeal, ADA)
    assert not board.is_posted(appeal, BEN)


def test_a_record_is_checked_against_its_file(
    board: Noticeboard, see: SEE, port: LocalAccount, anyone: LocalAccount, tmp_path: Path
) -> None:
    file = tmp_path / "learned.pdf"
    file.write_bytes(b"%PDF what we learned")
    record = Notice.record(see.address, file.read_bytes(), uri="ipfs://learned")
    board.post(see, record, member=port, sender=anyone)
    (found,) = board.notices(see)
    assert found.notice.says(file.read_bytes())
    assert not found.notice.says(b"%PDF what they say we learned")
    assert not found.is_open


def test_anyone_relays_a_consent_that_has_travelled(
    board: Noticeboard, see: SEE, appeal: Notice, ben: LocalAccount, anyone: LocalAccount
) -> None:
    subject = board.posting(see, appeal, BEN)
    assert (
        json.loads(json.dumps(see.message(subject, BEN)))["message"]["notice"]["what"] == "appeal"
    )
    consent = Consent.from_json(see.sign(subject, ben).to_json())
    other = Notice.appeal(see.address, ASKED, until=appeal.until, shares=51)
    with pytest.raises(SignatureError, match="signed for another notice: sign again"):
        board.post(see, other, member=consent, sender=anyone)
    board.post(see, appeal, member=consent, sender=anyone)
    assert board.notices(see)[0].author == BEN
    with pytest.raises(AlreadyPosted, match="has posted this appeal before"):
        board.post(see, appeal, member=consent, sender=anyone)


def test_a_forged_consent_does_not_count(
    board: Noticeboard, see: SEE, appeal: Notice, ben: LocalAccount, anyone: LocalAccount
) -> None:
    subject = board.posting(see, appeal, ADA)
    signature = bytes(ben.sign_typed_data(full_message=subject.message(ADA)).signature)
    with pytest.raises(BadSignature, match="another key signed"):
        board.post(see, appeal, member=subject.consent(ADA, signature), sender=anyone)
    with pytest.raises(SignatureError, match=r"only .*0x\w+\)? signs this"):
        see.sign(subject, ben)


def test_a_see_that_has_a_voice_posts_by_endorsing(
    board: Noticeboard, registry: Registry, see: SEE, anyone: LocalAccount
) -> None:
    """Its voices endorse the posting; it says so by ERC-1271."""
    members: list[dict[str, Any]] = [
        {"name": "Ada", "role": "core", "account": ADA, "shares": 1, "voices": 1},
        {"name": "Night Market", "role": "core", "account": see.address, "voices": 1, "shares": 1},
    ]
    outer = make_agreement(members=members, quorum="1/2")
    wanted = registry.registration(outer)
    endorse(see, wanted, anyone)
    consents = [registry.sign(outer, account) for account in (key(1), see)]
    group = registry.register(outer, consents, sender=anyone)
    record = Notice.record(group.address, "We learned to share.")
    subject = board.posting(group, record, see.address)
    endorse(see, subject, anyone)
    board.post(group, record, member=group.sign(subject, see), sender=anyone)
    assert board.notices(group)[0].author == see.address


def endorse(see: SEE, subject: Any, sender: LocalAccount) -> None:
    endorsement = see.endorsement(subject)
    see.endorse(endorsement, [see.sign(endorsement, key(n)) for n in (1, 2, 3)], sender=sender)


def test_who_can_not_post_is_told_why(
    board: Noticeboard, see: SEE, appeal: Notice, ada: LocalAccount, anyone: LocalAccount
) -> None:
    with pytest.raises(SignatureError, match=r"0x\w+\) has no voice in this agreement"):
        board.post(see, appeal, sender=key(4))
    now = in_days(see.w3, 0)
    for until in (now, now + 367 * DAY):
        with pytest.raises(WrongExpiry, match="until a time ahead, 366 days at most"):
            board.post(see, Notice.appeal(see.address, ASKED, until=until), sender=ada)
    with pytest.raises(NoticeError, match=f"the notice is of {CLEO}, not {see.address}"):
        board.post(see, Notice.record(CLEO, "x"), sender=ada)
    see.leave(key(2), seat=False, voice=True)
    with pytest.raises(AlreadyLeft, match=r"the voice of .* has left, so it can't post"):
        board.post(see, appeal, sender=key(2))
    board.post(see, appeal, sender=ada)
    see.leave(ada, seat=False, voice=True)
    (found,) = board.notices(see)
    assert (found.is_open, found.has_voice) == (True, False)


def test_after_the_end_there_are_records_only(
    board: Noticeboard, see: SEE, listed: Listed, ada: LocalAccount, anyone: LocalAccount
) -> None:
    end = see.deregistration()
    see.deregister([see.sign(end, key(n)) for n in (1, 2, 3)], sender=anyone)
    assert [each.is_open for each in board.notices(see)] == [False]
    late = Notice.appeal(see.address, "Who else?", until=in_days(see.w3, 1))
    with pytest.raises(AlreadyEnded, match="it makes no appeal, records it does"):
        board.post(see, late, sender=ada)
    board.post(see, Notice.record(see.address, "We sealed it."), sender=ada)
    assert [each.notice.what for each in board.notices(see)] == ["appeal", "record"]


def test_a_journal_posts_once(
    board: Noticeboard, see: SEE, appeal: Notice, ada: LocalAccount, tmp_path: Path
) -> None:
    for _ in range(2):
        with Journal("appeal-1", directory=tmp_path):
            board.post(see, appeal, sender=ada)
    assert len(board.notices(see)) == 1


# ---------------------------------------------------------------- applications


@pytest.fixture
def offer(board: Noticeboard, listed: Listed) -> Application:
    made = board.apply(listed, key(7), name="Eve", text="I can, and I have a crane.")
    return Application.from_json(made.to_json())


def test_an_outsider_is_admitted_by_an_amendment(
    board: Noticeboard, see: SEE, agreement: Agreement, offer: Application, anyone: LocalAccount
) -> None:
    next_ = board.admission(see, agreement, offer)
    added = next_.members[-1]
    assert (added.name, added.role, added.shares, added.voices) == ("Eve", "contributor", 50, 0)
    assert next_.members[:-1] == agreement.members
    amendment = see.amendment(next_)
    see.amend(next_, [see.sign(amendment, key(n)) for n in (1, 2, 3)], sender=anyone)
    see.pay(1500, sender=anyone)
    assert see.due(key(7).address) == {"native": 500}
    with pytest.raises(NoticeError, match="has a seat already"):
        board.admission(see, next_, offer)
    with pytest.raises(WrongAgreement, match="is not the one in force"):
        board.admission(see, agreement, offer)


def test_a_client_with_a_voice_gets_a_seat_beside_it(
    board: Noticeboard, see: SEE, agreement: Agreement, listed: Listed, port: LocalAccount
) -> None:
    next_ = board.admission(see, agreement, board.apply(listed, port, name="Port", shares=5))
    (member,) = (each for each in next_.members if each.account == PORT)
    assert (member.role, member.shares, member.voices) == ("client", 5, 1)
    assert len(next_.members) == len(agreement.members)


def test_who_asks_for_more_than_is_offered_gets_what_is_named(
    board: Noticeboard, see: SEE, agreement: Agreement, listed: Listed
) -> None:
    greedy = board.apply(listed, key(7), name="Eve", shares=51)
    with pytest.raises(NoticeError, match="asks for 51 shares, the appeal offers 50: name"):
        board.admission(see, agreement, greedy)
    assert board.admission(see, agreement, greedy, shares=51).members[-1].shares == 51
    assert board.admission(see, agreement, greedy, shares=7).members[-1].shares == 7
    with pytest.raises(AgreementError):
        board.admission(see, agreement, greedy, shares=7, role="captain")


def test_an_application_that_does_not_count_is_told_why(
    board: Noticeboard, registry: Registry, see: SEE, listed: Listed, offer: Application
) -> None:
    assert board.check(offer, see) == listed

    def changed(**fields: Any) -> Application:
        return Application.from_json(json.dumps({**json.loads(offer.to_json()), **fields}))

    with pytest.raises(BadSignature, match="another key signed, or something else was signed"):
        board.check(changed(shares=51), see)
    with pytest.raises(BadSignature):
        board.check(changed(account=BEN), see)
    with pytest.raises(WrongChain, match="is for chain 1, this is chain 31337"):
        board.check(changed(chain_id=1), see)
    with pytest.raises(NoticeError, match="is for the SEE"):
        board.check(offer, register(registry, make_agreement(nonce=5)))
    stranger = resigned(offer, appeal=b"\1" * 32)
    with pytest.raises(NoticeError, match="has no notice 0x0101"):
        board.check(stranger, see)
    warp(see.w3, 9 * DAY)
    with pytest.raises(TooLate, match="which is over: ask for another"):
        board.check(offer, see)


def resigned(offer: Application, **fields: Any) -> Application:
    made = Application.of({**offer.model_dump(), **fields, "signature": b""})
    return made.signed(bytes(key(7).sign_typed_data(full_message=made.message).signature))


def test_a_record_is_not_answered(
    board: Noticeboard, see: SEE, listed: Listed, offer: Application, ada: LocalAccount
) -> None:
    board.post(see, Notice.record(see.address, "We learned."), sender=ada)
    record = board.notices(see)[1]
    with pytest.raises(NoticeError, match="is no appeal that is open: look for another"):
        board.apply(record, key(7), name="Eve", shares=1)
    with pytest.raises(NoticeError, match="is a record, and nobody answers one"):
        board.check(resigned(offer, appeal=record.key), see)
    warp(see.w3, 31 * DAY)
    assert not board.notices(see)[0].is_open


def test_what_people_write_is_kept_as_it_is(
    board: Noticeboard, see: SEE, ada: LocalAccount
) -> None:
    """Markup, escapes and marks are for those who show it to escape."""
    text = "<script>\x1b[2J\u202e=1+1,\u0000"
    board.post(see, Notice.record(see.address, text), sender=ada)
    assert board.notices(see)[0].notice.text == text
