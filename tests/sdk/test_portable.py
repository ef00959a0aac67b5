"""A SEE's portable file beside its chain: what the chain says otherwise is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from web3 import Web3

from seechain import SEE, Agreement, Registry
from seechain.chain.node import now_of
from seechain.chain.reverts import NotRegistered, WrongAgreement
from seechain.errors import FileError, SignatureError
from seechain.portable import Portable, sealed
from seechain.portable.exporting import export
from seechain.portable.verifying import verify
from tests.sdk.chain import anvil, deployed, key, rpc, warp
from tests.sdk.conftest import ADA, BEN, CLEO, PORT, make_agreement, register
from tests.sdk.life import DAY, amend, joined, line, next_agreement
from tests.unit.mutations import changed, named, one_of_each, others, shuffles
from tests.unit.portables import content_of

FIRST, NEXT = make_agreement(), next_agreement()


@pytest.fixture
def lived(registry: Registry) -> SEE:
    """A SEE that was paid, redirected, left, amended, left again, and ended."""
    see = register(registry, FIRST)
    see.pay("1 ether", sender=key(3))
    joined(see)
    see.redirect(key(1), key(7).address)
    see.leave(key(4))
    amend(see, NEXT)
    see.pay("1 ether", sender=key(3), version=0)
    see.pay("2 ether", sender=key(3))
    see.leave(key(3))
    see.locate("ipfs://night", sender=key(1))
    end = see.deregistration()
    see.deregister([see.sign(end, key(number)) for number in (1, 2, 6)], sender=key(0))
    return SEE(see.w3, see.address)


def exported(see: SEE, *agreements: Agreement, consents: Any = ()) -> Portable:
    return export(SEE(see.w3, see.address), agreements, consents)


def passes(raw: bytes) -> bool:
    """Whether a file is taken for right without a chain."""
    try:
        return verify(raw).is_right
    except FileError:
        return False


def test_all_of_a_life_is_in_the_file_and_nothing_differs(lived: SEE) -> None:
    file = exported(lived, FIRST, NEXT)
    raw = file.to_bytes()
    assert raw == exported(lived, NEXT, FIRST).to_bytes()
    for report in (verify(raw), verify(raw, lived.w3)):
        assert report.differences == ()
    assert verify(raw, lived.w3).unproven == ()
    first, second = file.versions
    assert [each.account for each in first.signatures] == sorted([ADA, BEN, PORT], key=_number)
    assert {each.account for each in second.signatures} == {ADA, BEN}
    assert [(each.account, each.what) for each in first.left] == [(CLEO, "seat")]
    assert [(each.account, each.what) for each in second.left] == [(PORT, "voice")]
    assert file.record.left == (PORT,)
    assert first.closed[0].late == str(10**18)
    assert file.books[0].received == str(2 * 10**18)
    assert file.end is not None
    assert len(file.end.signatures) == 3
    assert [(each.account, each.to) for each in file.redirects] == [(ADA, key(7).address)]
    assert [(each.publisher, each.uri) for each in file.located] == [(ADA, "ipfs://night")]
    assert (first.text, second.text) == (FIRST.text, NEXT.text)


def test_whatever_is_changed_and_sealed_anew_is_named_beside_the_chain(lived: SEE) -> None:
    content = content_of(exported(lived, FIRST, NEXT).to_bytes())
    passed = []
    for path, value in one_of_each(content):
        where = named(path)
        for other in list(others(value))[:1] if where != "hash" else ():
            raw = sealed.seal(changed(content, path, other))
            if not passes(raw):
                continue
            report = verify(raw, lived.w3)
            if report.is_right:
                passed.append((where, other))
    assert passed == []


def test_an_entry_less_or_more_is_named_beside_the_chain(lived: SEE) -> None:
    content = content_of(exported(lived, FIRST, NEXT).to_bytes())
    passed = []
    for what, other in shuffles(content):
        raw = sealed.seal(other)
        if passes(raw) and verify(raw, lived.w3).is_right:
            passed.append(what)
    assert passed == []


def test_what_came_since_is_no_difference(registry: Registry) -> None:
    see = register(registry, FIRST)
    see.pay("2 ether", sender=key(3))
    files = [exported(see, FIRST)]
    see.pay("1 ether", sender=key(3))
    see.leave(key(4))
    see.redirect(key(1), key(7).address)
    files.append(exported(see, FIRST))
    amend(see, NEXT)
    files.append(exported(see, FIRST, NEXT))
    see.leave(key(3))
    see.pay("1 ether", sender=key(3), version=0)
    amend(see, make_agreement(nonce=77), 1, 2, 6)
    see.locate("ipfs://night", sender=key(1))
    end = see.deregistration()
    see.deregister([see.sign(end, key(number)) for number in (1, 2)], sender=key(0))
    for file in files:
        report = verify(file.to_bytes(), see.w3)
        since = f"what came after block {file.block}: version 2 is in force and it has ended now"
        assert (report.differences, report.unproven) == ((), (since,))


def test_a_balance_that_changes_by_itself_later_is_no_difference(
    w3: Web3, registry: Registry
) -> None:
    token = deployed(w3, "GrossToken", 0)
    see = register(registry, make_agreement(currencies=["native", token.address]))
    see.pay(1000, currency=token.address, sender=key(0))
    raw = exported(see).to_bytes()
    token.functions.rebase(see.address, 5).transact({"from": key(0).address})
    assert exported(see).books[1].received == "5"
    assert verify(raw, w3).is_right


def test_what_the_chain_had_by_then_is_not_left_out(registry: Registry) -> None:
    see = register(registry, FIRST)
    see.pay("2 ether", sender=key(3))
    amend(see, NEXT)
    see.pay("2 ether", sender=key(3))
    content = content_of(exported(see, FIRST, NEXT).to_bytes())
    for path, less in (
        (("books", 0, "received"), "1"),
        (("books", 0, "received"), None),
        (("versions", 1, "table", "words"), None),
        (("block",), see.registration.block_number),
        (("block",), 1),
    ):
        assert not verify(sealed.seal(changed(content, path, less)), see.w3).is_right, path
    first = {**content["versions"][0], "closed": []}
    older = {**content, "versions": [first]}
    older["record"] = {**content["record"], "version": 0, "amended": None}
    older["books"] = [{**content["books"][0], "version": 0}]
    assert verify(sealed.seal(older)).is_right
    said = [str(each) for each in verify(sealed.seal(older), see.w3).differences]
    assert "record.version: the file says 0, the chain 1" in said
    (more,) = (each for each in said if each.startswith("versions[1]"))
    assert more.startswith("versions[1]: the chain has version 1 since block ")
    assert more.endswith(", the file has not")


def test_a_table_that_was_published_later_was_not_in_the_file(registry: Registry) -> None:
    consents = [registry.sign(FIRST, key(number)) for number in (1, 2, 3)]
    see = registry.register(FIRST, consents, sender=key(0), publish=False)
    raw = exported(see).to_bytes()
    SEE.of(see.w3, see.address, FIRST).publish(sender=key(8))
    assert verify(raw, see.w3).is_right
    assert exported(see).versions[0].table.words is not None


def test_a_node_that_keeps_no_old_states_is_said_to(
    registry: Registry, forgets: Callable[[int], None]
) -> None:
    see = register(registry, FIRST)
    content = content_of(exported(see, FIRST).to_bytes())
    see.pay("1 ether", sender=key(3))
    forgets(content["block"])
    report = verify(sealed.seal(content), see.w3)
    assert report.is_right
    (said,) = report.unproven
    assert said.startswith("the books, and what versions closed with, in block ")
    other = changed(content, ("versions", 0, "submitter"), ADA)
    assert not verify(sealed.seal(other), see.w3).is_right


def test_what_was_redirected_before_it_was_registered_is_found(registry: Registry) -> None:
    clone = registry.deploy_clone(FIRST, sender=key(0))
    SEE.of(clone.w3, clone.address, FIRST).redirect(key(1), key(7).address)
    see = register(registry, FIRST)
    assert [each.to for each in exported(see).redirects] == [key(7).address]


def test_texts_and_tables_that_were_not_at_hand_are_said_to_be_missing(registry: Registry) -> None:
    consents = [registry.sign(FIRST, key(number)) for number in (1, 2, 3)]
    see = registry.register(FIRST, consents, sender=key(0), publish=False)
    bare = exported(see)
    assert (bare.versions[0].text, bare.versions[0].table.words) == (None, None)
    report = verify(bare.to_bytes(), see.w3)
    assert report.is_right
    assert len(report.unproven) == 2
    full = exported(see, FIRST)
    assert full.versions[0].table.words == f"0x{FIRST.table.words.hex()}"
    assert verify(full.to_bytes(), see.w3).unproven == ()
    with pytest.raises(WrongAgreement, match="no version with the agreement 'Night Market'"):
        exported(see, NEXT)


def test_a_contract_that_signed_is_for_the_chain_to_tell(w3: Web3, registry: Registry) -> None:
    wallet = deployed(w3, "Wallet", key(7).address).address
    members = [line("Ada", ADA, 1, 1), line("Wallet", wallet, 1, 1)]
    agreement = make_agreement(members=members)
    message = registry.registration(agreement)
    signed = key(7).unsafe_sign_hash(message.digest(wallet)).signature
    by_wallet = registry.consent(agreement, wallet, bytes(signed), message.deadline)
    consents = [registry.sign(agreement, key(1), message.deadline), by_wallet]
    see = registry.register(agreement, consents, sender=key(0))
    file = exported(see, agreement, consents=consents)
    given = {each.account: each for each in file.versions[0].signatures}
    assert (given[wallet].by, given[ADA].by) == ("contract", "key")
    assert len(file.versions[0].signatures) == 2  # those by file are the same
    report = verify(file.to_bytes())
    assert report.is_right
    assert any(f"contract {wallet} has signed" in each for each in report.unproven)
    assert verify(file.to_bytes(), w3).unproven == ()


def test_consents_by_file_are_kept_and_judged(w3: Web3, registry: Registry) -> None:
    wallet = deployed(w3, "Wallet", key(7).address).address
    members = [line("Ada", ADA, 1, 1), line("Wallet", wallet, 1, 1)]
    agreement = make_agreement(members=members, nonce=9)
    message = registry.registration(agreement)
    digest = message.digest(wallet)
    right = bytes(key(7).unsafe_sign_hash(digest).signature)
    wrong = bytes(key(8).unsafe_sign_hash(digest).signature)
    ada = registry.sign(agreement, key(1), message.deadline)
    consents = [ada, registry.consent(agreement, wallet, right, message.deadline)]
    see = registry.register(agreement, consents, sender=key(0))
    later = registry.sign(agreement, key(1), message.deadline + 86_400)
    forged = registry.consent(agreement, wallet, wrong, message.deadline)
    file = exported(see, agreement, consents=[later, forged])
    assert [each.source for each in file.versions[0].signatures].count("file") == 2
    (found,) = verify(file.to_bytes(), w3).differences
    assert found.where.startswith("versions[0].signatures[")
    assert "does not accept its signature" in found.sentence
    with pytest.raises(SignatureError, match="is about none of the versions"):
        exported(see, consents=[registry.sign(FIRST, key(1))])


def test_another_chain_and_no_see_are_named(lived: SEE, registry: Registry) -> None:
    raw = exported(lived, FIRST, NEXT).to_bytes()
    with anvil("--chain-id", "4242") as other:
        (found,) = verify(raw, other).differences
        assert found.where == "chain_id"
        assert "the file is of chain 31337, the node at http://127.0.0.1" in found.sentence
    with anvil() as empty:
        (found,) = verify(raw, empty).differences
        assert found.where == "block"
        rpc(empty, "anvil_mine", hex(content_of(raw)["block"]))
        (found,) = verify(raw, empty).differences
        assert found.where == "see"
        assert "no SEE stands at" in found.sentence


def test_what_is_not_registered_has_no_file(registry: Registry) -> None:
    agreement = make_agreement(nonce=11)
    clone = registry.deploy_clone(agreement, sender=key(0))
    with pytest.raises(NotRegistered):
        exported(clone)  # type: ignore[arg-type]


def _number(account: str) -> int:
    return int(account, 16)


def test_an_end_without_signatures_is_as_it_came(registry: Registry) -> None:
    soon = datetime.fromtimestamp(now_of(registry.w3) + 9 * DAY, UTC).date()
    expired = register(registry, make_agreement(expires=soon))
    warp(registry.w3, 20 * DAY)
    expired.expire(sender=key(8))
    alone = make_agreement(members=[line("Ada", ADA, 1, 1)], nonce=3)
    left = register(registry, alone, 1)
    left.leave(key(1), seat=False)  # the last voice
    for see in (expired, left):
        file = exported(see)
        assert file.end is not None
        assert file.end.signatures == ()
        raw = file.to_bytes()
        assert not any("by which it ended" in each for each in verify(raw).unproven)
        assert verify(raw, see.w3).is_right
    content = content_of(exported(left).to_bytes())
    stays = {**content["versions"][0], "left": []}
    other = sealed.seal({**content, "versions": [stays]})
    assert any("by which it ended are not in the file" in each for each in verify(other).unproven)


def test_a_token_that_can_not_be_read_has_a_book_all_the_same(
    w3: Web3, registry: Registry, usdc: Any
) -> None:
    see = register(registry, make_agreement(currencies=["native", usdc.address]))
    raw = exported(see).to_bytes()
    rpc(w3, "anvil_setCode", usdc.address, "0x")
    broken = exported(see)
    assert [each.received for each in broken.books] == ["0", None]
    report = verify(raw, w3)
    assert report.is_right
    assert "books[1].received: the token can't be read" in report.unproven


# Calls the address in the first word of its data with all that follows.
FORWARDER = "0x6020360380" + "60205f37" + "5f5f825f5f5f355af1" + "1560175700" + "5b5f5ffd"


def test_consents_are_found_in_what_another_contract_was_told_to_submit(
    w3: Web3, registry: Registry
) -> None:
    snapshot = rpc(w3, "evm_snapshot")
    see = register(registry, FIRST)
    told = bytes(w3.eth.get_transaction(see.receipts.transaction_hash)["input"])  # type: ignore[arg-type]
    rpc(w3, "evm_revert", snapshot)
    by = "0x00000000000000000000000000000000000F0F0F"
    rpc(w3, "anvil_setCode", by, FORWARDER)
    data = bytes.fromhex(registry.address[2:]).rjust(32, b"\0") + told
    sent: Any = {"from": key(0).address, "to": Web3.to_checksum_address(by), "data": data}
    w3.eth.wait_for_transaction_receipt(w3.eth.send_transaction(sent))
    file = exported(see, FIRST)
    assert len(file.versions[0].signatures) == 3
    assert int(file.versions[0].submitter, 16) == 0x0F0F0F
    assert verify(file.to_bytes(), w3).is_right
