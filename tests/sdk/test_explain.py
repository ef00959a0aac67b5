"""What a transaction did, and why: sentences and figures of every kind of act."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from web3 import Web3

from seechain import SEE, NotMined, Registry, SeechainError
from seechain.beside.noticeboard import Noticeboard
from seechain.beside.notices import Notice
from seechain.beside.payer import Payer
from seechain.chain import clones
from seechain.chain.decoding import topic_of
from seechain.chain.published import topic
from seechain.explain import Explanation, explain
from seechain.money import Money
from tests.sdk.chain import deployed, key, rpc
from tests.sdk.conftest import ADA, BEN, CLEO, DESK, PORT, make_agreement, register
from tests.sdk.histories import made
from tests.sdk.life import EVE, amend, line, next_agreement

TOKEN = Path(__file__).parents[1] / "properties" / "hostile" / "Token.vy"
NAMES = {ADA: "Ada", BEN: "Ben", CLEO: "Cleo\x1b[2J"}


def told(w3: Web3, transaction: str, **options: Any) -> Explanation:
    return explain(w3, transaction, money=Money(w3), **options)


def done(w3: Web3, sent: Any) -> str:
    """The hash of a transaction of web3's, once it is mined."""
    return w3.eth.wait_for_transaction_receipt(sent)["transactionHash"].to_0x_hex()


def figures(said: Explanation, account: str) -> Any:
    """The data of one member's portion."""
    steps = [part for step in said.steps for part in step.data.get("portions", [step.data])]
    (found,) = (each for each in steps if each.get("account") == account and "due" in each)
    return found


def payment(said: Explanation) -> tuple[str, ...]:
    """The sentences about the payment of a transaction that made one."""
    (step,) = (each for each in said.steps if each.data["what"] == "payment")
    return step.sentences


def test_a_registration(see: SEE, agreement: Any, w3: Web3) -> None:
    transaction = see.receipts.transaction_hash
    said = told(w3, transaction, agreement=agreement)
    assert said.is_ours
    assert said.succeeded
    assert not said.faults
    text = "\n".join(said.sentences)
    assert f"The SEE {see.address} was registered, submitted by {key(0).address}" in text
    assert "its agreement, 'Night Market', has the hash 0x" + agreement.commitment.hex() in text
    assert "The roll has 3 voices" in text
    assert f"Ada ({ADA}) 1" in text
    assert "A quorum of 2/3 of the voices amends or ends it; its last day is 2030-12-31" in text
    assert said.steps[0].data["roll"][0]["voices"] == 1
    bare = told(w3, transaction)
    assert "Night Market" not in "\n".join(bare.sentences)


def test_every_amount_is_recomputed(see: SEE, w3: Web3) -> None:
    paid = see.pay("1.5 ether", memo="INV-7\x1b[2J", sender=key(3)).transaction_hash
    said = told(w3, paid, names=NAMES)
    assert (
        f"{PORT} paid 1.5 ether (1500000000000000000) to {see.address} by pay,"
        " memo 'INV-7\\x1b[2J'" in said.sentences
    )
    see.claim(ADA, sender=key(8))
    see.pay("0.5 ether", sender=key(3))
    said = told(w3, see.claim(ADA, sender=key(8)).transaction_hash, names=NAMES)
    assert said.sentences[-2:] == (
        f"Ada ({ADA}) was paid 0.2 ether (200000000000000000) of {see.address} by a claim",
        (
            "  its seat has 40 of 100 shares in version 0; C = 2000000000000000000 received so far;"
            " floor(C x 40 / 100) = 800000000000000000; it had had 600000000000000000;"
            " due 200000000000000000"
        ),
    )
    of_ada = figures(said, ADA)
    assert (of_ada["had"], of_ada["due"]) == ("600000000000000000", "200000000000000000")
    assert of_ada["amount"]["decimal"] == "0.2"


def test_a_payout_names_everyone_and_where_it_went(see: SEE, w3: Web3, usdc: Any) -> None:
    see.redirect(key(4), EVE)
    see.pay(1000, currency=usdc.address, sender=key(0))
    moved = usdc.functions.transfer(see.address, 100).transact({"from": key(0).address})
    said = told(w3, done(w3, moved))
    assert payment(said)[0].endswith(" by a plain transfer")
    assert payment(said)[1].endswith("C = 1100 received so far")
    said = told(w3, see.payout(usdc.address, sender=key(8)).transaction_hash, names=NAMES)
    assert not said.faults
    assert {figures(said, each)["due"] for each in (ADA, BEN, CLEO, DESK)} == {
        *("440", "385", "220", "55")
    }
    assert figures(said, CLEO)["to"] == EVE
    text = "\n".join(said.sentences)
    assert f"at {EVE}, where its money was redirected" in text
    assert usdc.address in text
    assert "\x1b" not in text
    assert "Cleo\\x1b[2J" in text


def test_leaving_and_amending(see: SEE, w3: Web3) -> None:
    see.pay(1000, sender=key(3))
    said = told(w3, see.leave(key(1)).transaction_hash, names=NAMES)
    text = "\n".join(said.sentences)
    assert f"Ada ({ADA}) gave up its voice in {see.address}" in text
    assert "native coin: 0.0000000000000004 ether (400) stays owed to it" in text
    assert "From now on 60 of 100 shares divide what comes" in text
    see.pay(600, sender=key(3))
    said = told(w3, see.claim(BEN, sender=key(8)).transaction_hash)
    assert "40 shares have left, so V = floor(C x 100 / 60) = 2000" in said.sentences[-1]
    receipts = amend(see, next_agreement(), 2, 3)
    said = told(w3, receipts.transaction_hash, names=NAMES)
    text = "\n".join(said.sentences)
    assert f"Ben ({BEN}) loses: part 58.33 % -> 50.00 %, voice 50.00 % -> 25.00 %" in text
    assert f"{EVE} comes in: part - -> 15.00 %" in text
    assert "The books of version 0" in text
    assert "closed at C = 0.0000000000000012 ether (1200)" in text
    changes = {each["account"]: each for each in said.steps[0].data["changes"]}
    assert (changes[CLEO]["part_before"], changes[CLEO]["part_after"]) == ("1/3", "0")
    late = see.pay(500, version=0, sender=key(3)).transaction_hash
    assert "late, to those who were members in version 0" in payment(told(w3, late))[0]


def test_what_came_without_a_log_is_said(see: SEE, w3: Web3) -> None:
    rpc(w3, "anvil_setBalance", see.address, hex(1000))
    said = told(w3, see.claim(ADA, sender=key(8)).transaction_hash)
    assert "(1000) came without a log before this" in said.sentences[-3]
    assert "due 400" in said.sentences[-1]


def test_a_failed_transaction_says_why(see: SEE, w3: Web3) -> None:
    data = see.interface.encode("claim", 77)
    call: Any = {"from": PORT, "to": see.address, "data": data, "gas": 200_000}
    said = told(w3, done(w3, w3.eth.send_transaction(call)))
    assert not said.succeeded
    assert said.is_ours
    assert said.sentences[-1] == (
        "It failed and changed nothing: the call was refused: the seat has not joined yet, or is no"
        " seat of the table: join first, with a proof"
    )
    call["gas"] = 22_500
    said = told(w3, done(w3, w3.eth.send_transaction(call)))
    assert "it used all of its 22500 gas" in said.reason


def test_what_is_not_seechains(see: SEE, w3: Web3, usdc: Any) -> None:
    plain: Any = {"from": PORT, "to": ADA, "value": 5}
    other = usdc.functions.transfer(ADA, 5).transact({"from": key(0).address})
    for sent in (w3.eth.send_transaction(plain), other):
        said = told(w3, done(w3, sent))
        assert not said.is_ours
        assert not said.steps
        assert "It did nothing with a SEE, a Splitter or a Registry of seechain" in said.sentences


def test_a_forged_clone_is_named(see: SEE, w3: Web3) -> None:
    code: Any = clones.clone_code(clones.first_created(see.registry), bytes(32))
    fake = Web3.to_checksum_address("0x" + "ab" * 20)
    rpc(w3, "anvil_setCode", fake, "0x" + code.hex())
    sent: Any = {"from": PORT, "to": fake, "value": 5}
    said = told(w3, done(w3, w3.eth.send_transaction(sent)))
    assert not said.is_ours
    assert not said.steps
    assert f"{fake} logged Received, as a SEE does, and is none" in said.sentences[-1]


def test_acts_that_log_little(see: SEE, w3: Web3, registry: Registry) -> None:
    token = deployed(w3, "Token", "EURC", 6)
    said = told(w3, see.touch(token.address, sender=key(8)).transaction_hash)
    assert said.is_ours
    assert f"It did for the token {token.address}" in said.sentences[-1]
    early = registry.deploy_clone(make_agreement(nonce=5), sender=key(8))
    said = told(w3, early.receipts.transaction_hash)
    assert "It deployed the clone of an agreement before it is registered" in said.sentences[-1]
    splitter = registry.create_splitter([(ADA, 1), (BEN, 2)], salt=9, sender=key(8))
    said = told(w3, splitter.receipts.transaction_hash)
    assert f"It created a fixed Splitter at {splitter.address}" in "\n".join(said.sentences)
    said = told(w3, splitter.pay(77, sender=key(3)).transaction_hash)
    assert said.steps[0].data["how"] == "transfer"
    said = told(w3, splitter.payout(sender=key(8)).transaction_hash)
    assert figures(said, BEN)["due"] == "51"
    said = told(w3, see.locate("https://example.org/\u202ea", sender=key(8)).transaction_hash)
    assert said.sentences[-1].endswith("can be read at https://example.org/\\u202ea")
    end = see.deregistration()
    receipt = see.deregister([see.sign(end, key(at)) for at in (1, 2)], sender=key(8))
    text = "\n".join(told(w3, receipt.transaction_hash).sentences)
    assert f"The SEE {see.address} ended" in text
    assert "was deregistered, submitted by" in text


def test_only_one_see(see: SEE, w3: Web3) -> None:
    paid = see.pay(5, sender=key(3)).transaction_hash
    assert told(w3, paid, see=see.address).steps
    assert not told(w3, paid, see=ADA).steps


def test_no_such_transaction(w3: Web3) -> None:
    with pytest.raises(NotMined) as caught:
        told(w3, "0x" + "1" * 64)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("wrong", ["0x12", "x" * 66])
def test_what_is_no_hash(w3: Web3, wrong: str) -> None:
    with pytest.raises(SeechainError, match="is 0x and 64 hex digits, got"):
        told(w3, wrong)


def test_what_is_kept_and_what_can_not_be_told(registry: Registry, w3: Web3, usdc: Any) -> None:
    members = [line("Ada", ADA, 1, 1), line("Token", usdc.address, 1), line("Cleo", CLEO, 2)]
    agreement = make_agreement(members=members, nonce=31)
    consents = [registry.sign(agreement, key(1))]
    see = registry.register(agreement, consents, sender=key(0), publish=False)
    see.pay(1000, sender=key(3))
    paid = see.payout(sender=key(8)).transaction_hash
    said = told(w3, paid, agreement=agreement)
    assert not said.faults
    kept = figures(said, usdc.address)
    assert (kept["what"], kept["due"], kept["amount"]["units"]) == ("kept", "250", "0")
    assert "it is kept, and a claim pays it" in "\n".join(said.sentences)
    bare = told(w3, paid)
    assert bare.steps[0].data["what"] == "untold"
    assert "can't be told: the share table of" in bare.sentences[-1]
    later = make_agreement(members=members, nonce=32, quorum="1", terms="Else.")
    receipts = amend(see, later, 1, publish=False)
    assert "can't be recovered from the chain" in "\n".join(
        told(w3, receipts.transaction_hash).sentences
    )
    text = "\n".join(told(w3, receipts.transaction_hash, agreement=later).sentences)
    assert "Version 1 of the agreement" in text


def test_a_payment_through_the_payer_and_a_notice(registry: Registry, w3: Web3) -> None:
    token = deployed(w3, "SignedToken")
    token.functions.give(key(6).address, 10**9).transact({"from": key(0).address})
    payer = Payer.deploy(w3, sender=key(8))
    put = told(w3, payer.receipts.transaction_hash)
    assert put.sentences[-1].startswith("It put the Payer of seechain on the chain")
    see = register(registry, make_agreement(currencies=["native", token.address]))
    receipts = payer.pay_with_permit(see, 250, currency=token.address, sender=key(6))
    said = told(w3, receipts.transaction_hash)
    assert f"It called pay_with_permit of the Payer {payer.address}" in said.sentences
    assert payment(said)[0].startswith(f"{key(6).address} paid ")
    assert payment(said)[0].endswith(" through the Payer, by a signature")
    board = Noticeboard.deploy(w3, sender=key(8))
    notice = Notice.record(see.address, b"%PDF", uri="ipfs://learned")
    said = told(w3, board.post(see, notice, sender=key(1)).transaction_hash)
    assert said.sentences[-1] == (
        f"{ADA} published a record of {see.address}, found at ipfs://learned"
    )


def test_a_see_within_a_see(registry: Registry, w3: Web3) -> None:
    inner = register(registry, make_agreement(name="Crew", nonce=41))
    members = [line("Fay", key(7).address, 1, 1), line("Crew", inner.address, 3, 1)]
    agreement = make_agreement(name="Festival", members=members, quorum="1", nonce=42)
    act = inner.endorsement(registry.registration(agreement))
    receipt = inner.endorse(act, [inner.sign(act, key(at)) for at in (1, 2)], sender=key(8))
    said = told(w3, receipt.transaction_hash)
    assert (
        f"The SEE {inner.address} signed a registration as a member of another"
        in (said.sentences[-1])
    )
    consents = [registry.sign(agreement, key(7)), registry.sign(agreement, inner)]
    outer = registry.register(agreement, consents, sender=key(8))
    outer.pay(1000, sender=key(3))
    said = told(w3, outer.payout(sender=key(8)).transaction_hash)
    assert [(step.data["what"], step.data["see"]) for step in said.steps] == [
        ("payment", inner.address),
        ("payout", outer.address),
    ]
    assert said.steps[0].data["payer"] == outer.address
    only = told(w3, said.transaction_hash, see=inner.address)
    assert [step.data["what"] for step in only.steps] == ["payment"]


def test_a_token_that_takes_a_fee_differs(registry: Registry, w3: Web3) -> None:
    fee = made(w3, TOKEN, 100, False)
    fee.functions.set_balance(key(0).address, 10**9).transact({"from": PORT})
    see = register(registry, make_agreement(currencies=["native", fee.address]))
    receipts = see.pay(1000, currency=fee.address, sender=key(0))
    assert "paid 990 " in payment(told(w3, receipts.transaction_hash))[0]
    said = told(w3, see.payout(fee.address, sender=key(8)).transaction_hash)
    assert f"the token {fee.address} has not logged a transfer of 396 to {ADA}" in said.faults
    assert said.sentences[-1].startswith("This differs: ")


def test_a_forged_registry_says_nothing(see: SEE, w3: Web3) -> None:
    """It logs that Ada has left a genuine SEE, word for word as a Registry does."""
    topics = [topic_of("VoiceLeft(address,address)"), topic(see.address), topic(ADA)]
    push = b"".join(b"\x7f" + each for each in reversed(topics))
    fake = Web3.to_checksum_address("0x" + "ac" * 20)
    rpc(w3, "anvil_setCode", fake, "0x" + (push + b"\x5f\x5f\xa3\x00").hex())
    sent: Any = {"from": PORT, "to": fake}
    said = told(w3, done(w3, w3.eth.send_transaction(sent)))
    assert not said.is_ours
    assert not said.steps
    assert said.sentences[-1].startswith(f"{fake} logged VoiceLeft, as a Registry does, and")
