"""What may happen on the way: the agreement changes, a member leaves, a member shares its seat."""

from __future__ import annotations

from fractions import Fraction

from demo.cast import BROKEN, DESK, GUEST, NEXT_FILE, PORT, Wrong
from demo.money import NOTHING, ether, usdc
from demo.story import Shared, Story

FOURTH, FIFTH, SIXTH = 11 * 10**17, 75 * 10**16, 1_250_000_000  # wei, wei, units of the token
LEAVER, SHARER = "Ben", "Dana"
PART = Fraction(1, 5)


def amend(story: Story) -> None:
    """Two of three voices put the next agreement in force, while something is still owed."""
    report, see, cast = story.report, story.see, story.cast
    with report.step(f"What {NEXT_FILE.name} would change, before anyone signs it"):
        report.say(str(see.changes(cast.next)))
    with report.step("Amend: Ada and Ben sign, two of three voices, and anyone sends it"):
        amendment = see.amendment(cast.next)
        consents = [see.sign(amendment, cast.keys[name]) for name in ("Ada", "Ben")]
        before = {name: story.due(name) for name in story.ledger.names}
        see.amend(cast.next, consents, sender=story.desk)
        for name, due in before.items():
            story.must_owe(name, due)
        shares = {each.name: each.shares for each in cast.next.members if each.shares}
        story.ledger.succeed("Amended", shares)
        story.say_due("Still due, under the old table")
    with report.step(f"{PORT} pays {ether(FOURTH)}, for INV-10"):
        story.pay(FOURTH, "INV-10")
        story.say_due("Due of both agreements")


def claim_both(story: Story) -> None:
    """A claim pays what is due of all versions, in one transaction."""
    with story.report.step("Ada claims what is hers of both agreements, in one transaction"):
        due = story.due("Ada")[0]
        see = story.see
        receipts = see.claim(story.cast.accounts["Ada"], sender=story.cast.keys["Ada"])
        if len(receipts) != 1:
            raise Wrong(f"the claim took {len(receipts)} transactions")
        story.must_owe("Ada", NOTHING)
        old = [each.received[0] * each.part("Ada") for each in story.ledger.periods]
        story.report.say(
            f"{ether(due)}: {ether(due - int(old[1]))} of the first, and"
            f" {ether(int(old[1]))} of the second."
        )


def leave(story: Story) -> None:
    """A member gives up seat and voice by its signature; somebody else pays the gas."""
    report, see, key = story.report, story.see, story.cast.keys[LEAVER]
    with report.step(
        f"{LEAVER} leaves, seat and voice: he signs, {DESK} sends it and pays the gas"
    ):
        due, sent = story.due(LEAVER), report.w3.eth.get_transaction_count(key.address)
        consent = see.sign(see.leaving(key.address), key)
        see.leave(consent, sender=story.desk)
        story.ledger.leave(f"{LEAVER} left", LEAVER)
        if report.w3.eth.get_transaction_count(key.address) != sent:
            raise Wrong(f"{LEAVER} has sent a transaction")
        story.must_owe(LEAVER, due)
        now = story.ledger.periods[-1]
        parts = [f"{each} {now.shares[each]}/{sum(now.shares.values())}" for each in now.shares]
        report.say(f"{ether(due[0])} stays due to {LEAVER}. Of what comes: {', '.join(parts)}.")
        report.say("Two transactions: his seat had not acted yet, so it is proven first.", "dim")


def pay_out(story: Story) -> None:
    """Those who are no members any more are paid like the others."""
    with story.report.step(f"{DESK} pays out everyone, also those who have gone"):
        gone = {name: story.due(name)[0] for name in (BROKEN, LEAVER)}
        story.see.payout(sender=story.desk)
        for name in story.ledger.names:
            story.must_owe(name, NOTHING)
        said = " and ".join(f"{ether(units)} to {name}" for name, units in gone.items())
        story.report.say(f"{said}, of what they earned before they went")


def share(story: Story) -> Shared:
    """A member gives a contributor a part of its own, and the next payment flows through it."""
    report, see, cast = story.report, story.see, story.cast
    with report.step(f"{SHARER} gives {GUEST} {PART} of her part, and asks nobody"):
        contract = see.share_seat(cast.keys[SHARER], cast.accounts[GUEST], PART)
        shared = Shared(contract, SHARER, GUEST, PART, story.ledger.owed(SHARER))
        report.say(f"Her money goes to their Splitter now: {contract.address}")
    story.purses.watch("Splitter", contract.address)
    with report.step(f"{PORT} pays {ether(FIFTH)} for INV-11 and {usdc(SIXTH)} for INV-12"):
        story.pay(FIFTH, "INV-11")
        story.pay_token(SIXTH, "INV-12")
    with report.step(f"{DESK} pays out the SEE, and then the Splitter"):
        see.payout(sender=story.desk)
        held = story.purses.got()["Splitter"]
        report.say(f"The SEE pays {ether(held[0])} and {usdc(held[1])} to the Splitter,")
        due = {name: contract.due(cast.accounts[name])["native"] for name in (SHARER, GUEST)}
        story.pay_out(shared)
        said = " and ".join(f"{ether(units)} to {name}" for name, units in due.items())
        report.say(f"and the Splitter pays {said}.")
    return shared
