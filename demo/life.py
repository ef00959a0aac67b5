"""The life of examples/night-market.yaml, from the agreement to a payment after its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from demo import drawing, picture, turns
from demo.cast import BROKEN, DESK, FILE, PORT, Cast, Wrong, gather
from demo.chain import Chain, send
from demo.ledger import Ledger
from demo.money import Purses, ether, usdc
from demo.outcome import settle
from demo.report import Report
from demo.story import Story
from seechain import SEE, Agreement, Registry, SeechainError

FIRST, SECOND, THIRD = 15 * 10**17, 2_500_000_000, 5 * 10**17  # wei, units of the token, wei
# No whole number of shares goes into it: what is left over is seen to be carried.
LATE = 250_000_000_000_000_001


def live(chain: Chain, console: Console, folder: Path) -> None:
    """Runs the whole life and writes the picture into the folder.

    Raises:
        Wrong: a figure that does not come out to the last unit.
    """
    report = Report(chain.w3, console)
    console.print(Text(f"\nThe life of {FILE.name}, on {chain.about}.", style="bold"))
    cast = gather(report)
    _show(cast.agreement, report)
    story = _begin(_register(cast, report), cast, report)
    _earn(story)
    turns.amend(story)
    turns.claim_both(story)
    turns.leave(story)
    turns.pay_out(story)
    splitter = turns.share(story)
    _end(story)
    _late(story)
    with report.step(f"{DESK} pays out the SEE, and then the Splitter"):
        story.see.payout(sender=story.desk)
        story.pay_out(splitter)
    got = settle(story, splitter)
    console.print(f"\nAll {report.sent} transactions took {report.used:,} gas.")
    svg, png = picture.write(drawing.of(story, splitter, got), folder)
    console.print(f"Who got what, as a picture: {_near(svg)} and {_near(png)}\n")


def _show(agreement: Agreement, report: Report) -> None:
    with report.step("The readable agreement: what everyone signs, and nothing else"):
        report.show(Panel(Text(agreement.text), expand=False))
    with report.step("What a payment would give to whom, before anyone signs"):
        report.say(str(agreement.preview(ether(FIRST))))


def _register(cast: Cast, report: Report) -> SEE:
    desk = cast.keys[DESK]
    with report.step("Put the Registry on this chain, once for everybody"):
        registry = Registry.deploy(report.w3, sender=desk)
        report.say(f"Registry {registry.address}, the same on every chain")
    with report.step("Everyone who has a voice signs"):
        consents = []
        for member in cast.agreement.members:
            if member.voices:
                consents.append(registry.sign(cast.agreement, cast.keys[member.name]))
                report.say(f"{member.name}, {member.role}: signed by {member.account}")
    with report.step(f"Register: one transaction, sent by {DESK}, who needs no voice for it"):
        see = registry.register(cast.agreement, consents, sender=desk)
        report.say(f"SEE {see.address}")
    found = {each.account: each.shares for each in SEE(report.w3, see.address).members}
    if found != {each.account: each.shares for each in cast.agreement.members}:
        raise Wrong("the share table can't be recovered from the chain")
    return see


def _begin(see: SEE, cast: Cast, report: Report) -> Story:
    """From here on every balance is watched."""
    purses = Purses(report, cast.token)
    for name, account in cast.accounts.items():
        purses.watch(name, account)
    purses.watch("SEE", see.address)
    shares = {each.name: each.shares for each in cast.agreement.members if each.shares}
    return Story(see, cast, report, Ledger("Registered", shares), purses)


def _earn(story: Story) -> None:
    report, see, cast = story.report, story.see, story.cast
    with report.step(f"{PORT} pays {ether(FIRST)}, for INV-7"):
        story.pay(FIRST, "INV-7")
        story.say_due("Due")
    with report.step(f"{PORT} pays {usdc(SECOND)}, for INV-8"):
        story.pay_token(SECOND, "INV-8")
        report.say("One transaction approves the token, the other pays it.")
    with report.step("Ada claims what is hers, in both currencies"):
        see.claim(cast.accounts["Ada"], sender=cast.keys["Ada"])
        story.must_owe("Ada", (0, 0))
    with report.step(f"{DESK} pays out everyone else, in both currencies"):
        see.payout(sender=story.desk)
        kept = story.due(BROKEN)[0]
        story.must_owe(BROKEN, (FIRST * 20 // 100, 0))
        report.say(
            f"{BROKEN}'s account refused the coin. Nobody else was stopped, and"
            f" {ether(kept)} stays due to {BROKEN}."
        )
    with report.step(f"{BROKEN} mends the account, and {DESK} claims for it"):
        send(report.w3, cast.wallet.functions.mend(), cast.keys[BROKEN])
        see.claim(cast.accounts[BROKEN], sender=story.desk)
        story.must_owe(BROKEN, (0, 0))
        report.say(f"{BROKEN} has the {ether(kept)} and lost nothing.")
    with report.step(f"{PORT} pays {ether(THIRD)}, for INV-9, and nobody takes it out yet"):
        story.pay(THIRD, "INV-9")
        story.say_due("Due")


def _end(story: Story) -> None:
    see, keys = story.see, story.cast.keys
    with story.report.step("The work is done: two of the three voices left deregister the SEE"):
        end = see.deregistration()
        consents = [see.sign(end, keys[name]) for name in ("Ada", PORT)]
        see.deregister(consents, sender=story.desk)
        try:
            see.pay("1 ether", sender=keys[PORT])
        except SeechainError as error:
            story.report.say(f"A further payment is refused: {error}")
        else:
            raise Wrong("a SEE that has ended took a payment")


def _late(story: Story) -> None:
    port, w3 = story.cast.keys[PORT], story.report.w3
    with story.report.step("A late transfer arrives all the same, and splits as agreed"):
        fields: dict[str, Any] = {
            "from": port.address,
            "to": story.see.address,
            "value": LATE,
            "nonce": w3.eth.get_transaction_count(port.address),
            "gas": 30_000,
            "gasPrice": w3.eth.gas_price,
            "chainId": w3.eth.chain_id,
        }
        sent = w3.eth.send_raw_transaction(port.sign_transaction(fields).raw_transaction)
        w3.eth.wait_for_transaction_receipt(sent, timeout=30, poll_latency=0.05)
        story.ledger.receive((LATE, 0), "0.25 ether, late")
        story.report.say(f"{ether(LATE)}, which the shares do not divide")


def _near(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
