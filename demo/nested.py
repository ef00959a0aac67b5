"""A SEE as a member of a SEE: it signs by its own quorum, and is paid through to its people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from eth_account.signers.local import LocalAccount
from rich.console import Console
from rich.text import Text

from demo.cast import DESK, GUEST, GUEST_KEY, PORT, Wrong, new_token
from demo.chain import Chain, funded_account
from demo.ledger import Ledger
from demo.money import ETHER, NOTHING, USDC, Purses, add, ether, exactly, less, usdc
from demo.outcome import divided
from demo.report import Report
from demo.story import Shared
from seechain import SEE, Agreement, Registry, SignatureError
from seechain.consent.subjects import Subject

FESTIVAL, GUILD = "Harbour Festival", "Light Guild"
KEYS = {DESK: 0, "Ada": 1, PORT: 3, "Cleo": 4, GUEST: GUEST_KEY, "Eva": 7, "Finn": 8}
# Names with shares and voices.
Table = Mapping[str, tuple[int, int]]
OF_GUILD: Table = {"Cleo": (50, 1), "Eva": (30, 1), "Finn": (20, 1)}
OF_FESTIVAL: Table = {"Ada": (60, 1), GUILD: (35, 1), DESK: (5, 0), PORT: (0, 1)}
NEXT: Table = {"Ada": (50, 1), GUILD: (45, 1), DESK: (5, 0), PORT: (0, 1)}
PART = Fraction(1, 4)  # of Cleo's seat, for Gil
FIRST, SECOND = 2 * 10**18, 10**18  # wei
THIRD, FOURTH = 7 * 10**17 + 1, 1_999_999_999  # wei, units of the token: they do not divide


@dataclass
class Mesh:
    """registry, token: what all SEEs share. accounts: by name, of people and of SEEs."""

    report: Report
    registry: Registry
    token: Any
    keys: Mapping[str, LocalAccount]
    accounts: dict[str, str]

    def agreement(self, name: str, terms: str, table: Table) -> Agreement:
        """An agreement of whoever is in the table."""
        members = [
            {
                "name": each,
                "role": {DESK: "facilitator", PORT: "client"}.get(each, "core"),
                "account": self.accounts[each],
                "shares": shares,
                "voices": voices,
            }
            for each, (shares, voices) in table.items()
        ]
        return Agreement.model_validate(
            {
                "name": name,
                "terms": terms,
                "currencies": ["native", self.token.address],
                "quorum": "2/3",
                "expires": "2027-12-31",
                "members": members,
            }
        )

    def endorse(self, guild: SEE, subject: Subject, voices: Iterable[str]) -> None:
        """The Guild signs something by the voices of its own members; Desk sends it."""
        act = guild.endorsement(subject)
        guild.endorse(
            act, [guild.sign(act, self.keys[name]) for name in voices], sender=self.keys[DESK]
        )


def live(chain: Chain, console: Console, _: Path) -> None:
    """Runs the whole of it.

    Raises:
        Wrong: a figure that does not come out to the last unit.
    """
    report = Report(chain.w3, console)
    console.print(Text(f"\nA SEE in a SEE, on {chain.about}.", style="bold"))
    mesh = _begin(report)
    guild = _guild(mesh)
    festival = _festival(mesh, guild)
    shared = _share(mesh, guild)
    purses = Purses(report, mesh.token)
    contracts = {FESTIVAL: festival.address, GUILD: guild.address}
    contracts["Splitter"] = shared.contract.address
    for name, account in {**mesh.accounts, **contracts}.items():
        purses.watch(name, account)
    ledger = Ledger("First", _shares(OF_FESTIVAL))
    _pay_through(mesh, festival, guild, shared, ledger, purses)
    _amend(mesh, festival, guild, ledger)
    _pay_again(mesh, festival, guild, shared, ledger)
    _settle(report, ledger, shared, purses)
    console.print(f"\nAll {report.sent} transactions took {report.used:,} gas.\n")


def _begin(report: Report) -> Mesh:
    keys = {name: funded_account(index) for name, index in KEYS.items()}
    with report.step("The Registry, and a token for the client to pay in"):
        registry = Registry.deploy(report.w3, sender=keys[DESK])
        token = new_token(report, keys[PORT])
    return Mesh(
        report, registry, token, keys, {name: str(key.address) for name, key in keys.items()}
    )


def _guild(mesh: Mesh) -> SEE:
    """A SEE like any other."""
    with mesh.report.step(f"{GUILD}: three people register a SEE"):
        agreement = mesh.agreement(GUILD, "We make light, together and for others.", OF_GUILD)
        consents = [mesh.registry.sign(agreement, mesh.keys[name]) for name in OF_GUILD]
        guild = mesh.registry.register(agreement, consents, sender=mesh.keys[DESK])
        mesh.accounts[GUILD] = guild.address
        mesh.report.say(f"SEE {guild.address}")
        mesh.report.say(f"{_said(OF_GUILD)}. Two of their three voices decide.")
    return guild


def _festival(mesh: Mesh, guild: SEE) -> SEE:
    """A SEE of which the Guild is a member, with a seat and a voice."""
    report, registry = mesh.report, mesh.registry
    terms = "We make the harbour shine for a week; the Guild does the light."
    agreement = mesh.agreement(FESTIVAL, terms, OF_FESTIVAL)
    with report.step(f"{FESTIVAL}: the Guild is to be a member, with a seat and a voice"):
        report.say(f"{_said(OF_FESTIVAL)}. {PORT}, the client, has a voice.")
        try:
            registry.sign(agreement, guild)
        except SignatureError:
            report.say("The Guild has no key, and has not signed yet: nothing can be registered.")
        else:
            raise Wrong("the Guild signed what its members did not")
    with report.step("The Guild signs by its own quorum: Cleo and Eva, two of its three voices"):
        mesh.endorse(guild, registry.registration(agreement), ("Cleo", "Eva"))
        report.say("From now on its address answers for this one message, and for no other.")
    with report.step(f"Ada and {PORT} sign with their keys, and {DESK} registers the Festival"):
        signers = (mesh.keys["Ada"], guild, mesh.keys[PORT])
        consents = [registry.sign(agreement, each) for each in signers]
        festival = registry.register(agreement, consents, sender=mesh.keys[DESK])
        report.say(f"SEE {festival.address}")
    festival.names |= {festival.address: FESTIVAL}
    return festival


def _share(mesh: Mesh, guild: SEE) -> Shared:
    with mesh.report.step(f"In the Guild, Cleo gives {GUEST} {PART} of her part, and asks nobody"):
        contract = guild.share_seat(mesh.keys["Cleo"], mesh.accounts[GUEST], PART)
        mesh.report.say(f"Splitter {contract.address}")
    guild.names |= {mesh.accounts[GUEST]: GUEST, contract.address: f"Cleo and {GUEST}"}
    return Shared(contract, "Cleo", GUEST, PART, NOTHING)


def _pay_through(
    mesh: Mesh, festival: SEE, guild: SEE, shared: Shared, ledger: Ledger, purses: Purses
) -> None:
    report, port = mesh.report, mesh.keys[PORT]
    with report.step(f"{PORT} pays the Festival {ether(FIRST)}"):
        festival.pay(FIRST, memo="INV-1", sender=port)
        ledger.receive((FIRST, 0))
    with report.step("Where it goes: a plan is read from the chain, and nothing is sent yet"):
        plan = festival.cascade(known=(guild, shared.contract))
        report.say(str(plan))
    with report.step(f"{DESK} runs the plan"):
        plan.run(sender=mesh.keys[DESK])
    got = purses.got()
    for name, account in mesh.accounts.items():
        planned = plan.people.get(account, {}).get("native", 0)
        if name != PORT and got[name] != (planned, 0):
            raise Wrong(f"the plan gives {planned} wei to {name}, who got {got[name]}")
    report.say(f"Every amount came as it was planned, from the Festival down to {GUEST}.")


def _amend(mesh: Mesh, festival: SEE, guild: SEE, ledger: Ledger) -> None:
    report, keys = mesh.report, mesh.keys
    with report.step(f"{PORT} pays {ether(SECOND)} more, and nobody takes it out yet"):
        festival.pay(SECOND, memo="INV-2", sender=keys[PORT])
        ledger.receive((SECOND, 0))
    agreement = mesh.agreement(FESTIVAL, "There is more light than we thought.", NEXT)
    with report.step("The Guild did more than was thought: the next agreement, old and new"):
        report.say(str(festival.changes(agreement)))
    with report.step("Amend: Ada signs, and the Guild, by Eva and Finn this time"):
        amendment = festival.amendment(agreement)
        mesh.endorse(guild, amendment, ("Eva", "Finn"))
        consents = [festival.sign(amendment, each) for each in (keys["Ada"], guild)]
        festival.amend(agreement, consents, sender=keys[DESK])
        owed = festival.due(guild.address)["native"]
        if owed != SECOND * OF_FESTIVAL[GUILD][0] // 100:
            raise Wrong(f"what the Guild earned before must stay owed to it, and {owed} is")
        report.say(f"What was earned before stays owed as it was: {ether(owed)} to the Guild.")
        ledger.succeed("Amended", _shares(NEXT))


def _pay_again(mesh: Mesh, festival: SEE, guild: SEE, shared: Shared, ledger: Ledger) -> None:
    report, port = mesh.report, mesh.keys[PORT]
    with report.step(f"{PORT} pays {ether(THIRD)} and {usdc(FOURTH)}"):
        festival.pay(THIRD, memo="INV-3", sender=port)
        festival.pay(FOURTH, currency=mesh.token.address, memo="INV-4", sender=port)
        ledger.receive((THIRD, FOURTH))
    with report.step("A plan for both currencies, and for what is owed of both agreements, is run"):
        plan = festival.cascade(known=(guild, shared.contract))
        plan.run(sender=mesh.keys[DESK])
        if festival.cascade(known=(guild, shared.contract)).levels:
            raise Wrong("the plan has run, and something is still due")
        report.say("Nothing is due any more, on any level.")


def _settle(report: Report, ledger: Ledger, shared: Shared, purses: Purses) -> None:
    """Checks and shows what everyone got: two ledgers, the Guild's fed by the Festival's."""
    inner = Ledger("First", _shares(OF_GUILD))
    inner.receive(ledger.owed(GUILD))
    must = {name: ledger.owed(name) for name in ledger.names}
    must |= {name: inner.owed(name) for name in inner.names}
    must |= {FESTIVAL: ledger.left(), GUILD: inner.left(), PORT: less(NOTHING, ledger.received)}
    must |= divided(shared, must)
    got = purses.check(must)
    with report.step("Who got what, to the last unit, as the chain's balances say"):
        rows = [["Ada", *exactly(got["Ada"])], [DESK, *exactly(got[DESK])]]
        rows.append([f"{GUILD}, of which", *exactly(ledger.owed(GUILD))])
        rows += [[f"  {name}", *exactly(got[name])] for name in ("Eva", "Finn", "Cleo")]
        rows.append([f"  {GUEST}, of Cleo's seat", *exactly(got[GUEST])])
        below = add(got[GUILD], got["Splitter"])
        rows.append(["  undivided in the Guild, and in Cleo's seat", *exactly(below)])
        rows.append(["undivided in the Festival", *exactly(got[FESTIVAL])])
        rows.append([f"paid in by {PORT}", *exactly(ledger.received)])
        report.table("", ETHER, USDC, rows=rows, last=1)


def _shares(table: Table) -> dict[str, int]:
    return {name: shares for name, (shares, _) in table.items() if shares}


def _said(table: Table) -> str:
    shares = _shares(table)
    return ", ".join(f"{name} {count}/{sum(shares.values())}" for name, count in shares.items())
