"""What others do puts nothing false into a member's passport, and what can't be told is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from seechain import SEE, Registry
from seechain.beside.payer import Payer
from seechain.chain import interface
from seechain.portable import exporting
from seechain.portable.passport import INDEPENDENCE, Entry
from seechain.portable.passport_reading import issue
from seechain.portable.verifying import verify
from seechain.share_table import ShareTable
from tests.sdk.chain import deployed, key, rpc
from tests.sdk.conftest import ADA, BEN, CLEO, DESK, PORT, make_agreement, register
from tests.sdk.life import amend, line
from tests.sdk.test_passport import amounts, entry_of

ETHER, MARK = 10**18, "paid by itself"


@pytest.fixture
def top(registry: Registry) -> SEE:
    return register(registry, make_agreement())


def ada_in(see: SEE) -> Entry:
    return entry_of(issue(Registry(see.w3), ADA), see)


def own_in(see: SEE, currency: str = "native") -> int:
    """What of Ada's came from herself; and the passport that says so is right beside the chain."""
    found = issue(Registry(see.w3), ADA)
    assert verify(found.to_bytes(), see.w3).is_right
    return amounts(entry_of(found, see))[currency][1]


def below(registry: Registry, nonce: int, *members: Any, signed: tuple[int, ...]) -> SEE:
    made = make_agreement(nonce=nonce, members=list(members), quorum="2/3")
    return register(registry, made, *signed)


# ---------------------------------------------------------------- majorities that others made


def test_a_majority_by_an_amendment_that_it_did_not_sign_is_not_its_own(
    registry: Registry, top: SEE
) -> None:
    names = line("Ada", ADA, 10, 1), line("Ben", BEN, 45, 1), line("Desk", DESK, 45, 1)
    see = below(registry, 21, *names, signed=(1, 2, 5))
    rest = [line("Ben", BEN, 0, 1), line("Desk", DESK, 0, 1), line("X", top.address, 49)]
    amend(see, make_agreement(nonce=22, members=[line("Ada", ADA, 51, 1), *rest]), 2, 5)
    see.pay("1 ether", sender=key(8))
    see.payout(sender=key(8))
    assert ada_in(top).marks == ()
    assert own_in(top) == 0


def test_a_majority_by_others_leaving_is_not_its_own(registry: Registry, top: SEE) -> None:
    names = line("Ada", ADA, 40, 1), line("Ben", BEN, 58, 1), line("X", top.address, 2)
    see = below(registry, 21, *names, signed=(1, 2))
    see.join(BEN, sender=key(8))
    see.leave(key(2))
    see.pay("1 ether", sender=key(8))
    see.payout(sender=key(8))
    assert ada_in(top).marks == ()


def test_to_claim_what_is_due_makes_nothing_its_own(registry: Registry, top: SEE) -> None:
    names = line("Ada", ADA, 51), line("Six", key(6).address, 0, 1), line("X", top.address, 49)
    see = below(registry, 21, *names, signed=(6,))
    see.pay("1 ether", sender=key(8))
    see.claim(top.address, sender=key(8))
    see.claim(ADA, sender=key(1))
    assert ada_in(top).marks == ()


def test_where_another_redirects_its_part_is_not_its_own(registry: Registry, top: SEE) -> None:
    names = line("Ada", ADA, 60, 1), line("Ben", BEN, 40, 1)
    see = below(registry, 21, *names, signed=(1, 2))
    see.join(BEN, sender=key(8))
    see.redirect(key(2), top.address)
    see.pay("1 ether", sender=key(8))
    see.payout(sender=key(8))
    assert ada_in(top).marks == ()
    see.join(ADA, sender=key(8))
    see.redirect(key(1), top.address)
    see.pay("1 ether", sender=key(8))
    see.payout(sender=key(8))
    assert own_in(top) == 6 * ETHER // 10 * 4 // 10
    parts = [line("Ada", ADA, 4, 1), line("Ben", BEN, 4, 1), line("Cleo", CLEO, 2)]
    amend(see, make_agreement(nonce=22, members=parts))
    SEE(see.w3, see.address).pay("1 ether", sender=key(8))
    SEE(see.w3, see.address).payout(sender=key(8))  # as much of Ben's as of hers
    assert own_in(top) == 10 * ETHER // 10 * 4 // 10


def test_what_a_version_owes_is_of_who_set_that_up(registry: Registry, top: SEE) -> None:
    names = line("Ada", ADA, 10, 1), line("Ben", BEN, 50, 1), line("X", top.address, 40)
    see = below(registry, 21, *names, signed=(1, 2))
    see.pay("1 ether", sender=key(8))
    now = [line("Ada", ADA, 60, 1), line("Ben", BEN, 0, 1), line("X", top.address, 40)]
    amend(see, make_agreement(nonce=22, members=now))
    SEE(see.w3, see.address).claim(top.address, sender=key(8))
    assert ada_in(top).marks == ()
    see.pay("1 ether", sender=key(8))
    SEE(see.w3, see.address).claim(top.address, sender=key(8))
    assert own_in(top) == 4 * ETHER // 10 * 4 // 10


# ---------------------------------------------------------------- made-up contracts and data


def test_what_another_contract_logs_is_not_its_own(registry: Registry, top: SEE) -> None:
    w3 = top.w3
    table = ShareTable.from_seats([(BEN, 1), (top.address, 1)])
    false = deployed(w3, "Disguise", table.hash)
    shares = table.root, table.shares, table.pages, bytes(32)
    pages = [table.page(0)], [table.proof(0)]
    data = interface.of("Registry").encode("publish", false.address, shares, 0, *pages)
    bank = {"from": key(0).address}
    w3.eth.send_transaction({**bank, "to": registry.address, "data": data})  # type: ignore[typeddict-item]
    false.functions.pay_as(ADA, ETHER, top.address).transact({**bank, "value": ETHER})
    assert amounts(ada_in(top))["native"] == (0, 0, 4 * ETHER // 10)
    assert ada_in(top).marks == ()


def test_signatures_that_were_never_submitted_are_passed_over(registry: Registry, top: SEE) -> None:
    w3 = top.w3
    made = make_agreement(nonce=22, members=[line("Ada", ADA, 1, 1), line("Ben", BEN, 2, 1)])
    snapshot = rpc(w3, "evm_snapshot")
    receipts = amend(SEE(w3, top.address), made)
    found: Any = w3.eth.get_transaction(receipts[-1].transaction_hash)  # type: ignore[arg-type]
    data = bytes(found["input"])
    (act,) = (each for each in ada_in(top).acts if each.what == "signed" and each.version == 1)
    rpc(w3, "evm_revert", snapshot)
    assert act.signature is not None
    decoy = data.replace(bytes.fromhex(act.signature[2:]), bytes(31) + b"\1" * 33)
    relay = deployed(w3, "Disguise", bytes(32))
    relay.functions.call(decoy, registry.address, data).transact({"from": key(0).address})
    assert SEE(w3, top.address).version == 1
    passport = issue(registry, ADA)
    assert act.signature in {each.signature for each in passport.sees[0].acts}
    for raw in (passport.to_bytes(), exporting.export(SEE(w3, top.address)).to_bytes()):
        assert verify(raw, w3).differences == ()


def test_what_stands_for_a_voice_that_has_left_is_no_signature(
    registry: Registry, top: SEE
) -> None:
    w3 = top.w3
    made = make_agreement(nonce=22, members=[line("Ada", ADA, 1, 1), line("Ben", BEN, 2, 1)])
    amendment = top.amendment(made)
    top.leave(key(1))
    consents = [top.sign(amendment, key(each)) for each in (2, 3)]
    snapshot = rpc(w3, "evm_snapshot")
    receipts = SEE(w3, top.address).amend(made, consents, sender=key(8))
    found: Any = w3.eth.get_transaction(receipts[-1].transaction_hash)  # type: ignore[arg-type]
    data = bytes(found["input"])
    (ben, _) = exporting.export(SEE(w3, top.address)).versions[1].signatures
    rpc(w3, "evm_revert", snapshot)
    at = data.index(bytes.fromhex(ben.signature[2:])) + 64  # Ada stands behind Ben
    assert not any(data[at : at + 64])
    pointer = bytes(32) + (64).to_bytes(32, "big")  # 64 bytes of a contract's, from the start on
    call: Any = {"from": key(0).address, "to": registry.address}
    w3.eth.send_transaction({**call, "data": data[:at] + pointer + data[at + 64 :]})
    assert SEE(w3, top.address).version == 1
    assert [each.what for each in ada_in(top).acts].count("signed") == 1
    signed = exporting.export(SEE(w3, top.address)).versions[1].signatures
    assert {each.account for each in signed} == {BEN, PORT}


def test_a_token_that_a_stranger_names_is_not_its_own_though_it_claimed(
    registry: Registry,
) -> None:
    token = deployed(registry.w3, "GrossToken", 0)
    members = [line("Ada", ADA, 40), line("Six", key(6).address, 60, 1)]
    currencies = ["native", token.address]
    see = register(registry, make_agreement(members=members, currencies=currencies), 6)
    see.pay("1 ether", sender=key(8))
    see.claim(ADA, sender=key(1))
    bank = {"from": key(0).address}
    token.functions.forge(ADA, see.address, 1000).transact(bank)
    assert ada_in(see).marks == ()
    token.functions.transfer(ADA, 1000).transact(bank)
    token.functions.transfer(see.address, 1000).transact({"from": ADA})
    assert ada_in(see).marks == (MARK,)


def test_what_a_member_without_a_voice_sent_itself_is_its_own(registry: Registry) -> None:
    w3 = registry.w3
    payer, dollar = Payer.deploy(w3, sender=key(8)), deployed(w3, "SignedToken")
    see = register(registry, make_agreement(currencies=["native", dollar.address]))
    dollar.functions.give(CLEO, 1000).transact({"from": key(0).address})
    payer.pay_with_permit(see, 500, currency=dollar.address, sender=key(4))
    entry = entry_of(issue(registry, CLEO), see)
    assert entry.marks == ("never acted", MARK)
    assert amounts(entry)[dollar.address] == (0, 100, 100)
    dollar.functions.transfer(see.address, 500).transact({"from": CLEO})
    assert amounts(entry_of(issue(registry, CLEO), see))[dollar.address] == (0, 200, 200)


# ---------------------------------------------------------------- alone


def test_alone_is_where_no_other_has_agreed_to_any_version(registry: Registry, top: SEE) -> None:
    members = [line("Ada", ADA, 40, 1), line("Ben", BEN, 40), line("Cleo", CLEO, 20)]
    amend(top, make_agreement(nonce=22, members=members), 2, 3)
    assert ada_in(top).marks == ()
    mine = below(registry, 23, line("Ada", ADA, 1, 1), line("Ben", BEN, 1), signed=(1,))
    both = [line("Ada", ADA, 1, 2), line("Ben", BEN, 1, 1)]
    amend(mine, make_agreement(nonce=24, members=both), 1)
    assert ada_in(mine).marks == ("alone",)
    amend(SEE(mine.w3, mine.address), make_agreement(nonce=25, members=both), 1)
    assert ada_in(mine).marks == ("alone",)  # Ben has a voice, and has not agreed
    amend(SEE(mine.w3, mine.address), make_agreement(nonce=26, members=both), 1, 2)
    assert ada_in(mine).marks == ()


# ---------------------------------------------------------------- followed


def test_money_is_followed_through_circles_and_long_lines(registry: Registry, top: SEE) -> None:
    w3 = top.w3
    ben = line("Ben", BEN, 0, 1)
    first = below(registry, 31, ben, line("X", top.address, 1), signed=(2,))
    other = below(
        registry, 32, ben, line("X", top.address, 99), line("P", first.address, 1), signed=(2,)
    )
    circle = [ben, line("X", top.address, 1), line("Q", other.address, 99)]
    amend(first, make_agreement(nonce=33, members=circle), 2)
    SEE(w3, first.address).pay("1 ether", sender=key(1))
    for each in (first, other, first):
        SEE(w3, each.address).payout(sender=key(8))
    assert abs(own_in(top) - amounts(ada_in(top))["native"][2]) < 10
    line_of = [top]
    for nonce in range(40, 49):
        line_of.append(below(registry, nonce, ben, line("N", line_of[-1].address, 1), signed=(2,)))
    before = own_in(top)
    line_of[-1].pay("1 ether", sender=key(1))
    for each in reversed(line_of[1:]):
        each.payout(sender=key(8))
    assert own_in(top) == before + 4 * ETHER // 10


def test_no_more_is_its_own_than_it_has_paid(registry: Registry, top: SEE) -> None:
    names = line("Ben", BEN, 1, 1), line("X", top.address, 99)
    see = below(registry, 21, *names, signed=(2,))
    see.pay("1 ether", sender=key(8))
    amend(see, make_agreement(nonce=22, members=list(names)), 2)
    see = SEE(see.w3, see.address)
    see.pay(100, sender=key(8))
    see.payout(sender=key(8), pages=[0])
    see.pay(100, sender=key(1))
    see.claim(top.address, sender=key(8))  # what version 0 owes too, which others have paid
    assert amounts(ada_in(top))["native"][2] > ETHER // 3
    assert 0 < own_in(top) <= 40


def test_from_a_redirect_on_what_comes_from_there_is_its_own(top: SEE) -> None:
    top.pay("1 ether", sender=key(3))
    top.join(ADA, sender=key(8))
    top.redirect(key(1), PORT)
    assert ada_in(top).marks == ()
    top.pay("1 ether", sender=key(3))
    assert own_in(top) == 4 * ETHER // 10


# ---------------------------------------------------------------- fees, old states, what came since


def test_of_a_token_with_a_fee_what_arrived_is_its_own_also_where_states_are_forgotten(
    registry: Registry, forgets: Callable[[int], None]
) -> None:
    w3 = registry.w3
    token, bank = deployed(w3, "GrossToken", 10), {"from": key(0).address}
    see = register(registry, make_agreement(currencies=["native", token.address]))
    token.functions.transfer(ADA, 10_000).transact(bank)
    for payer in ({"from": ADA}, bank):
        token.functions.transfer(see.address, 1000).transact(payer)
    assert amounts(ada_in(see))[token.address] == (0, 360, 720)
    see.claim(ADA, currency=token.address, sender=key(1))
    token.functions.transfer(see.address, 1000).transact({"from": ADA})
    found = issue(registry, ADA)
    assert amounts(found.sees[0])[token.address][1] in (719, 720)  # a claim tells it so far
    see.pay("1 ether", sender=key(8))
    assert verify(found.to_bytes(), w3).is_right
    forgets(found.block)
    report = verify(found.to_bytes(), w3)
    assert report.differences == ()
    assert any(
        each.startswith("how much of its tokens came from itself") for each in report.unproven
    )


def test_a_splitter_that_is_published_later_changes_no_passport(
    registry: Registry, top: SEE
) -> None:
    seats = {ADA: 51, top.address: 49}
    splitter = registry.create_splitter(seats, sender=key(1), publish=False)
    splitter.pay("1 ether", sender=key(8))
    splitter.payout(sender=key(8))
    found = issue(registry, ADA)
    splitter.publish(sender=key(8))
    assert verify(found.to_bytes(), top.w3).is_right
    assert ada_in(top).marks == (MARK,)


def test_what_no_passport_tells_and_what_came_since_is_said(registry: Registry, top: SEE) -> None:
    raw = issue(registry, ADA).to_bytes()
    for report in (verify(raw), verify(raw, top.w3)):
        assert INDEPENDENCE in report.unproven
        assert not any(each.startswith("what came in") for each in report.unproven)
    top.join(ADA, sender=key(8))
    top.leave(key(1))
    amend(top, make_agreement(nonce=22), 2, 3)
    see = SEE(top.w3, top.address)
    end = see.deregistration()
    see.deregister([see.sign(end, key(each)) for each in (1, 2)], sender=key(0))
    report = verify(raw, top.w3)
    assert report.is_right
    (said,) = (each for each in report.unproven if each.startswith(f"what came in {top.address}"))
    for each in ("left its seat", "voice left", "version 1 was put in force", "it has ended"):
        assert each in said
