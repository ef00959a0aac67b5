"""A member's passport over all SEEs: what it was, did and earned there, and what is weak."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from web3 import Web3

from seechain import SEE, Registry
from seechain.errors import AccountError, FileError
from seechain.portable import sealed
from seechain.portable.passport import INDEPENDENCE, Entry, Passport, read
from seechain.portable.passport_reading import issue
from seechain.portable.verifying import verify
from tests.sdk.cascades import see_of
from tests.sdk.chain import anvil, deployed, key
from tests.sdk.conftest import ADA, BEN, CLEO, DESK, PORT, make_agreement, register
from tests.sdk.life import amend, joined, next_agreement
from tests.unit.mutations import changed, named, one_of_each, others, shuffles
from tests.unit.portables import content_of

ETHER = 10**18
FAY = key(7).address


def entry_of(found: Passport, see: SEE) -> Entry:
    return next(each for each in found.sees if each.see == see.address)


def amounts(entry: Entry) -> dict[str, tuple[int, int, int]]:
    return {each.currency: (int(each.paid), int(each.own), int(each.due)) for each in entry.earned}


@pytest.fixture
def lived(registry: Registry, usdc: Any) -> SEE:
    """Two versions, two currencies, a leaver; Ada's and Ben's consents to both."""
    see = register(registry, make_agreement(currencies=["native", usdc.address]))
    see.pay("1 ether", sender=key(3))
    see.pay(1_000_000, currency=usdc.address, sender=key(0))
    see.payout(sender=key(8))
    see.pay("1 ether", sender=key(3))
    joined(see, CLEO)
    see.leave(key(4))
    amend(see, next_agreement(currencies=["native", usdc.address]))
    see.pay("2 ether", sender=key(3))
    see.claim(ADA, sender=key(1))
    return see


def test_what_a_member_was_did_and_earned(registry: Registry, lived: SEE, usdc: Any) -> None:
    found = issue(registry, ADA, names={lived.address: "Night Market"})
    (entry,) = found.sees
    assert (entry.name, entry.roles, entry.marks) == ("Night Market", ("seat", "voice"), ())
    assert [(each.shares, each.total, each.voices, each.all_voices) for each in entry.terms] == [
        (40, 100, 1, 3),
        (30, 100, 1, 4),
    ]
    assert [each.what for each in entry.acts] == ["signed", "signed", "joined", "claimed"]
    assert amounts(entry) == {
        "native": (400 * ETHER // 1000 + 400 * ETHER // 1000 + 600 * ETHER // 1000, 0, 0),
        usdc.address: (400_000, 0, 0),
    }
    assert found.totals == entry.earned
    cleo = issue(registry, CLEO).sees[0]
    assert cleo.roles == ("seat",)
    assert [each.what for each in cleo.events] == ["joined", "seat left"]
    assert [each.what for each in cleo.acts] == ["left"]
    assert amounts(cleo)["native"] == (ETHER // 5, 0, ETHER // 5)
    port = issue(registry, PORT).sees[0]
    assert (port.roles, port.earned) == (("voice",), ())
    assert issue(registry, FAY).sees == ()
    assert [each.what for each in issue(registry, key(8).address).sees[0].acts] == ["submitted"]


def test_it_verifies_offline_and_beside_the_chain_also_later(lived: SEE) -> None:
    registry = Registry(lived.w3)
    found = issue(registry, ADA)
    raw = found.to_bytes()
    assert read(raw).to_bytes() == raw
    assert verify(raw).is_right
    assert verify(raw, lived.w3).is_right
    lived.pay("1 ether", sender=key(3))
    lived.payout(sender=key(8))
    amend(lived, make_agreement(nonce=77), 1, 2, 6)
    lived.leave(key(2))
    end = lived.deregistration()
    lived.deregister([lived.sign(end, key(number)) for number in (1, 3)], sender=key(0))
    assert verify(raw, lived.w3).differences == ()  # all of it was so until its last block
    assert issue(registry, ADA, block=found.block).to_bytes() == raw
    later = issue(registry, ADA)
    assert [each.what for each in later.sees[0].events][-1] == "ended"
    assert verify(later.to_bytes(), lived.w3).differences == ()


def test_a_seat_that_others_gave_proves_nothing(registry: Registry, lived: SEE) -> None:
    desk = issue(registry, DESK).sees[0]
    assert desk.marks == ("never acted",)
    assert amounts(desk)["native"] == (ETHER // 20, 0, 3 * ETHER // 20)
    lived.claim(DESK, sender=key(8))
    assert issue(registry, DESK).sees[0].marks == ("never acted",)
    lived.pay("1 ether", sender=key(3))
    lived.claim(DESK, sender=key(5))
    assert issue(registry, DESK).sees[0].marks == ()


def test_money_that_one_paid_to_oneself_is_marked(registry: Registry) -> None:
    see = register(registry, make_agreement())
    see.pay("1 ether", sender=key(1))
    see.pay("3 ether", sender=key(3))
    see.claim(ADA, sender=key(1))
    entry = issue(registry, ADA).sees[0]
    assert entry.marks == ("paid by itself",)
    assert amounts(entry)["native"] == (16 * ETHER // 10, 4 * ETHER // 10, 0)
    see.redirect(key(2), FAY)  # what Fay pays is Ben's own from now on
    see.pay("1 ether", sender=key(7))
    assert issue(registry, BEN).sees[0].marks == ("paid by itself",)
    assert issue(registry, PORT).sees[0].marks == ("paid by itself",)
    assert "paid by itself" not in issue(registry, CLEO).sees[0].marks


def test_a_see_of_ones_own_pays_as_oneself_and_is_marked_alone(registry: Registry) -> None:
    top = register(registry, make_agreement())
    mine = see_of(registry, "Mine", {ADA: 3, top.address: 1})
    mine.pay("4 ether", sender=key(3))
    mine.payout(sender=key(8))
    found = issue(registry, ADA)
    assert entry_of(found, mine).marks == ("alone",)
    assert entry_of(found, top).marks == ("paid by itself",)
    assert amounts(entry_of(found, top))["native"] == (0, 4 * ETHER // 10, 4 * ETHER // 10)


def test_currencies_that_no_agreement_names_are_told_apart(
    registry: Registry, usdc: Any, w3: Web3
) -> None:
    other = deployed(w3, "GrossToken", 0)
    see = register(registry, make_agreement(currencies=["native", usdc.address]))
    beside = register(registry, make_agreement(nonce=8))
    for paid in (see, beside):
        paid.pay("1 ether", sender=key(3))
        paid.pay(100, currency=usdc.address, sender=key(0))
        paid.pay(10**12, currency=other.address, sender=key(0))
    found = issue(registry, ADA)
    named = [{each.currency for each in entry.earned if each.is_named} for entry in found.sees]
    assert named == [{"native", usdc.address}, {"native"}]
    assert [(each.currency, each.is_named, each.due) for each in found.totals] == [
        ("native", True, str(8 * ETHER // 10)),
        (usdc.address, True, "40"),
        *sorted(
            [(other.address, False, str(8 * 10**11)), (usdc.address, False, "40")],
            key=lambda each: int(each[0], 16),
        ),
    ]
    content = content_of(found.to_bytes())
    for each in (content["totals"], content["sees"][1]["earned"]):
        each[-1]["is_named"] = True
    assert not verify(sealed.seal(content), w3).is_right


def test_what_is_not_published_is_listed_and_voices_are_told(registry: Registry) -> None:
    agreement = make_agreement()
    consents = [registry.sign(agreement, key(number)) for number in (1, 2, 3)]
    see = registry.register(agreement, consents, sender=key(0), publish=False)
    found = issue(registry, ADA)
    assert found.unreadable == (see.address,)
    entry = found.sees[0]
    assert (entry.roles, entry.is_readable, entry.earned) == (("voice",), False, ())
    assert issue(registry, CLEO).sees == ()
    report = verify(found.to_bytes(), see.w3)
    assert report.is_right
    assert any(f"whether it has a seat in {see.address}" in each for each in report.unproven)
    given = issue(registry, CLEO, tables=[agreement.table])
    assert (given.unreadable, given.sees[0].roles) == ((), ("seat",))
    told = given.to_bytes()
    report = verify(told, see.w3)
    assert report.is_right
    assert f"what it had and was paid in {see.address}" in report.unproven[0]
    assert verify(told, see.w3, tables=[agreement.table]).unproven == (INDEPENDENCE,)
    assert verify(found.to_bytes(), see.w3, tables=[agreement.table]).is_right
    SEE.of(see.w3, see.address, agreement).publish(sender=key(8))
    for raw in (told, found.to_bytes()):  # both were so then
        assert verify(raw, see.w3, tables=[agreement.table]).differences == ()
        assert verify(raw, see.w3).differences == ()


def test_what_needs_no_table_is_compared_where_a_table_is_hidden(registry: Registry) -> None:
    agreement = make_agreement()
    consents = [registry.sign(agreement, key(number)) for number in (1, 2, 3)]
    registry.register(agreement, consents, sender=key(0), publish=False)
    content = content_of(issue(registry, ADA, tables=[agreement.table]).to_bytes())
    assert verify(sealed.seal(content), registry.w3).is_right
    entry = content["sees"][0]
    more = {**entry, "terms": [{**entry["terms"][0], "voices": 2}]}
    for sees in ([more], []):
        assert not verify(sealed.seal({**content, "sees": sees}), registry.w3).is_right


def test_a_node_that_keeps_no_old_states_is_said_to(
    lived: SEE, forgets: Callable[[int], None]
) -> None:
    found = issue(Registry(lived.w3), CLEO)
    lived.pay("1 ether", sender=key(3))
    forgets(found.block)
    report = verify(found.to_bytes(), lived.w3)
    assert report.is_right
    assert report.unproven[0].startswith(f"what was due in block {found.block}: the node at ")
    content = content_of(found.to_bytes())
    for each in (content["totals"][0], content["sees"][0]["earned"][0]):
        each["paid"] = "9" * 20
    assert not verify(sealed.seal(content), lived.w3).is_right


def test_a_token_that_a_later_version_names_changes_no_passport(
    registry: Registry, usdc: Any
) -> None:
    see = register(registry, make_agreement())
    usdc.functions.transfer(see.address, 100).transact({"from": key(0).address})
    raw = issue(registry, ADA).to_bytes()
    amend(see, next_agreement(currencies=["native", usdc.address]))
    assert verify(raw, see.w3).is_right


def test_whatever_is_changed_is_named_beside_the_chain(lived: SEE) -> None:
    content = content_of(issue(Registry(lived.w3), ADA).to_bytes())
    passed = []
    for path, value in one_of_each(content):
        where = named(path)
        for other in list(others(value))[:1] if where not in ("hash", "sees[0].name") else ():
            passed += _passes(changed(content, path, other), lived.w3, where)
    for what, other in shuffles(content):
        passed += _passes(other, lived.w3, what)
    # One block less, in which nothing happened to it, is another true passport.
    assert set(passed) <= {"block"}


def test_whatever_follows_from_something_else_is_named_without_a_chain(lived: SEE) -> None:
    content = content_of(issue(Registry(lived.w3), ADA).to_bytes())
    for path, value in (
        (("chain_id",), 1),
        (("member",), BEN),
        (("totals", 0, "paid"), "1"),
        (("sees", 0, "earned", 0, "paid"), "1"),
        (("sees", 0, "earned", 0, "own"), "1"),
        (("sees", 0, "earned", 0, "is_named"), False),
        (("sees", 0, "acts"), content["sees"][0]["acts"] * 2),
        (("sees", 0, "events"), content["sees"][0]["events"] * 2),
        (("sees", 0, "see"), BEN),
        (("sees", 0, "roles"), ["seat"]),
        (("sees", 0, "acts"), []),
        (("sees", 0, "marks"), ["never acted"]),
        (("sees", 0, "marks"), ["alone", "paid by itself"]),
        (("sees", 0, "terms", 0, "shares"), 101),
        (("sees", 0, "block"), 10_000),
        (("sees", 0, "acts", 0, "deadline"), 1),
        (("sees", 0, "acts", 0, "version"), 1),
        (("sees", 0, "acts", 0, "signature"), None),
        (("sees", 0, "acts", 1, "commitment"), content["sees"][0]["acts"][0]["commitment"]),
        (("sees", 0, "acts", 2, "deadline"), 1),
        (("sees",), [*content["sees"], *content["sees"]]),
        (("unreadable",), [BEN, BEN]),
    ):
        assert not verify(sealed.seal(changed(content, path, value))).is_right, path


def test_another_chain_a_later_block_and_no_registry_are_named(lived: SEE) -> None:
    content = content_of(issue(Registry(lived.w3), ADA).to_bytes())
    (found,) = verify(sealed.seal({**content, "block": 10**9}), lived.w3).differences
    assert found.where == "block"
    with anvil() as empty:
        places = {each.where for each in verify(sealed.seal(content), empty).differences}
        assert places & {"block", "registry"}
    with pytest.raises(AccountError):
        issue(Registry(lived.w3), "ada")


def _passes(content: dict[str, Any], w3: Web3, what: str) -> list[str]:
    raw = sealed.seal(content)
    try:
        return [what] if verify(raw).is_right and verify(raw, w3).is_right else []
    except FileError:
        return []
