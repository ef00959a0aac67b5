"""The life of examples/night-market.yaml, from the agreement to a payment after its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_account.signers.local import LocalAccount
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from demo import picture
from demo.chain import Chain, deploy, funded_account, send
from demo.report import Report, exact, plain, short
from seechain import SEE, Agreement, Registry, SeechainError

FILE = Path(__file__).parents[1] / "examples" / "night-market.yaml"
TEST_ACCOUNTS = 10
BROKEN = "Cleo"  # whose account is a contract that refuses coin
NATIVE, ETHER = 18, "ether"
TOKEN, USDC = 6, "USDC"
FIRST, SECOND = 1_500_000_000_000_000_000, 2_500_000_000  # wei, and units of the token
# No whole number of shares goes into it: what is left over is seen to be carried.
LATE = 250_000_000_000_000_001


class Wrong(Exception):
    """The demo did not come out as it must."""


@dataclass(frozen=True)
class Cast:
    """Who and what takes part. keys: by member's name; wallet: Cleo's contract."""

    agreement: Agreement
    keys: Mapping[str, LocalAccount]
    token: Any
    wallet: Any

    def account(self, name: str) -> str:
        return next(each.account for each in self.agreement.members if each.name == name)


def live(chain: Chain, console: Console, folder: Path) -> None:
    """Runs the whole life and writes the picture into the folder.

    Raises:
        Wrong: a figure that does not come out to the last unit.
    """
    report = Report(chain.w3, console)
    console.print(Text(f"\nThe life of {FILE.name}, on {chain.about}.", style="bold"))
    cast = _cast(report)
    _show(cast.agreement, report)
    see = _register(cast, report)
    before, fees = _holdings(see, cast, chain.w3), dict(report.fees)
    _pay(see, cast, report)
    _claim_and_pay_out(see, cast, report)
    _end(see, cast, report)
    _late(see, cast, report)
    got = _got(_holdings(see, cast, chain.w3), before, report.fees, fees, see.address)
    left = _check(got, see, cast, report)
    _gas(report)
    svg, png = picture.write(_split(got, left, see, cast), folder)
    console.print(f"\nThe split as a picture: {_near(svg)} and {_near(png)}\n")


def _cast(report: Report) -> Cast:
    """The example's members on this chain, with a token for it to be paid in."""
    example = Agreement.load(FILE)
    by_address = {str(key.address): key for key in map(funded_account, range(TEST_ACCOUNTS))}
    keys = {each.name: by_address[each.account] for each in example.members}
    w3 = report.w3
    with report.step("A token for the client to pay in, and a member whose account is broken"):
        token = deploy(
            w3, "Token", keys["Port of Delft"].address, 10**12, sender=keys["Port of Delft"]
        )
        wallet = deploy(w3, "Wallet", keys[BROKEN].address, sender=keys[BROKEN])
        report.say(f"The agreement of {FILE.name} takes the token {token.address} too, and")
        report.say(f"{BROKEN}'s account is a contract that refuses coin: {wallet.address}.")
    values = example.model_dump()
    values["currencies"] = ["native", token.address]
    for member in values["members"]:
        if member["name"] == BROKEN:
            member["account"] = wallet.address
    return Cast(Agreement.model_validate(values), keys, token, wallet)


def _show(agreement: Agreement, report: Report) -> None:
    with report.step("The readable agreement: what everyone signs, and nothing else"):
        report.show(Panel(Text(agreement.text), expand=False))
    with report.step("What a payment would give to whom, before anyone signs"):
        report.say(str(agreement.preview(plain(FIRST, NATIVE, ETHER))))


def _register(cast: Cast, report: Report) -> SEE:
    desk = cast.keys["Desk"]
    with report.step("Put the Registry on this chain, once for everybody"):
        registry = Registry.deploy(report.w3, sender=desk)
        report.say(f"Registry {registry.address}, the same on every chain")
    with report.step("Everyone who has a voice signs"):
        consents = []
        for member in cast.agreement.members:
            if member.voices:
                consents.append(registry.sign(cast.agreement, cast.keys[member.name]))
                report.say(f"{member.name}, {member.role}: signed by {member.account}")
    with report.step("Register: one transaction, sent by Desk, who needs no voice for it"):
        see = registry.register(cast.agreement, consents, sender=desk)
        report.say(f"SEE {see.address}")
    found = SEE(report.w3, see.address).members
    if [each.shares for each in found if each.shares] == []:
        raise Wrong("the share table can't be recovered from the chain")
    return see


def _pay(see: SEE, cast: Cast, report: Report) -> None:
    port = cast.keys["Port of Delft"]
    with report.step(f"Port of Delft pays {plain(FIRST, NATIVE, ETHER)}, for INV-7"):
        see.pay("1.5 ether", memo="INV-7", sender=port)
        _dues(see, cast, report)
    with report.step(f"Port of Delft pays {plain(SECOND, TOKEN, USDC)}, for INV-8"):
        see.pay(SECOND, currency=cast.token.address, memo="INV-8", sender=port)
        report.say("One transaction approves the token, the other pays it.")


def _dues(see: SEE, cast: Cast, report: Report) -> None:
    said = []
    for member in cast.agreement.members:
        if member.shares:
            due = see.due(member.account)["native"]
            said.append(f"{member.name} {plain(due, NATIVE, ETHER)}")
    report.say("Due: " + ", ".join(said))


def _claim_and_pay_out(see: SEE, cast: Cast, report: Report) -> None:
    ada, desk, broken = cast.account("Ada"), cast.keys["Desk"], cast.account(BROKEN)
    with report.step("Ada claims what is hers, in both currencies"):
        see.claim(ada, sender=cast.keys["Ada"])
        if any(see.due(ada).values()):
            raise Wrong("Ada has claimed and something is still due to her")
    with report.step("Desk pays out everyone else, in both currencies"):
        see.payout(sender=desk)
        kept = see.due(broken)["native"]
        if kept != FIRST * 20 // 100:
            raise Wrong(f"{BROKEN} must be owed what its account refused, and is owed {kept}")
        report.say(
            f"{BROKEN}'s account refused the coin. Nobody else was stopped, and"
            f" {plain(kept, NATIVE, ETHER)} stays due to {BROKEN}."
        )
    with report.step(f"{BROKEN} mends the account, and Desk claims for it"):
        send(report.w3, cast.wallet.functions.mend(), cast.keys[BROKEN])
        see.claim(broken, sender=desk)
        if see.due(broken)["native"]:
            raise Wrong(f"{BROKEN} has claimed and something is still due")
        report.say(f"{BROKEN} has the {plain(kept, NATIVE, ETHER)} and lost nothing.")


def _end(see: SEE, cast: Cast, report: Report) -> None:
    with report.step("The work is done: two of three voices deregister the SEE"):
        end = see.deregistration()
        consents = [see.sign(end, cast.keys[name]) for name in ("Ada", "Port of Delft")]
        see.deregister(consents, sender=cast.keys["Desk"])
    try:
        see.pay("1 ether", sender=cast.keys["Port of Delft"])
    except SeechainError as error:
        report.say(f"A further payment is refused: {error}")
    else:
        raise Wrong("a SEE that has ended took a payment")


def _late(see: SEE, cast: Cast, report: Report) -> None:
    port = cast.keys["Port of Delft"]
    with report.step("A late transfer arrives all the same, and splits as agreed"):
        w3 = report.w3
        fields: dict[str, Any] = {
            "from": port.address,
            "to": see.address,
            "value": LATE,
            "nonce": w3.eth.get_transaction_count(port.address),
            "gas": 30_000,
            "gasPrice": w3.eth.gas_price,
            "chainId": w3.eth.chain_id,
        }
        sent = w3.eth.send_raw_transaction(port.sign_transaction(fields).raw_transaction)
        w3.eth.wait_for_transaction_receipt(sent, timeout=30, poll_latency=0.05)
        report.say(f"{plain(LATE, NATIVE, ETHER)}, which the shares do not divide")
    with report.step("Desk pays it out"):
        see.payout(currency="native", sender=cast.keys["Desk"])


def _holdings(see: SEE, cast: Cast, w3: Any) -> dict[str, tuple[int, int]]:
    """What each account holds of both currencies, asked of the chain and not of the SDK."""
    accounts = [each.account for each in cast.agreement.members if each.shares] + [see.address]
    return {
        account: (w3.eth.get_balance(account), cast.token.functions.balanceOf(account).call())
        for account in accounts
    }


def _got(
    now: Mapping[str, tuple[int, int]],
    before: Mapping[str, tuple[int, int]],
    fees: Mapping[str, int],
    fees_before: Mapping[str, int],
    see: str,
) -> dict[str, tuple[int, int]]:
    """What each account holds more than before, the fees that it paid for gas put back."""
    return {
        account: (
            held[0] - before[account][0] + fees.get(account, 0) - fees_before.get(account, 0),
            held[1] - before[account][1],
        )
        for account, held in now.items()
    }


def _check(
    got: Mapping[str, tuple[int, int]], see: SEE, cast: Cast, report: Report
) -> tuple[int, int]:
    """Shows who got what, checks it to the last unit, and returns what is not yet divided."""
    paid = (FIRST + LATE, SECOND)
    shares = cast.agreement.table.shares
    seated = [each for each in cast.agreement.members if each.shares]
    left = got[see.address]
    for member in seated:
        due = tuple(amount * member.shares // shares for amount in paid)
        if got[member.account] != due:
            raise Wrong(f"{member.name} got {got[member.account]} and must get {due}")
    sums = tuple(sum(got[each.account][at] for each in seated) + left[at] for at in (0, 1))
    if sums != paid or max(left) >= len(seated):
        raise Wrong(f"{paid} was paid in, and {sums} came out, of which {left} undivided")
    with report.step("Who got what, to the last unit, as the chain's balances say"):
        rows = [
            [each.name, f"{each.shares}/{shares}", *_exact(got[each.account])] for each in seated
        ]
        rows.append(["not yet divided", "", *_exact(left)])
        rows.append(["paid in", f"{shares}/{shares}", *_exact(paid)])
        report.table("", "part", ETHER, USDC, rows=rows, last=1)
    return left


def _exact(units: tuple[int, ...]) -> tuple[str, str]:
    return exact(units[0], NATIVE), exact(units[1], TOKEN)


def _gas(report: Report) -> None:
    with report.step("The gas of each step"):
        rows = [[title, str(count), f"{used:,}"] for title, count, used in report.gas]
        report.table("", "transactions", "gas", rows=rows)


def _split(
    got: Mapping[str, tuple[int, int]], left: tuple[int, int], see: SEE, cast: Cast
) -> picture.Split:
    agreement = cast.agreement
    ether, usdc = (FIRST + LATE, SECOND)
    members = sorted(agreement.members, key=lambda each: -each.shares)
    signers = [each.name for each in agreement.members if each.voices]
    return picture.Split(
        title=agreement.name,
        subtitle="How every payment divides itself, as everyone agreed before the first.",
        inflows=[
            picture.Inflow(
                ETHER,
                short(ether, NATIVE, 2),
                [f"{short(FIRST, NATIVE, 2)} for INV-7", f"{short(LATE, NATIVE, 2)} after the end"],
            ),
            picture.Inflow(USDC, short(usdc, TOKEN, 0), [f"{short(SECOND, TOKEN, 0)} for INV-8"]),
        ],
        rows=[
            picture.Row(each.name, _about(each), each.shares, _short(got.get(each.account, (0, 0))))
            for each in members
        ],
        sums=_short((ether, usdc)),
        left=[f"{left[0]} wei", str(left[1])],
        notes=[
            f"Signed by {_and(signers)} before the first payment. SEE {see.address}",
            "Read from the balances on chain. Amounts are rounded down; the demo's table is exact.",
        ],
    )


def _short(units: tuple[int, int]) -> list[str]:
    return [short(units[0], NATIVE, 4), short(units[1], TOKEN, 0)]


def _about(member: Any) -> str:
    voices = "1 voice" if member.voices == 1 else f"{member.voices} voices"
    about = f"{member.role} · {voices}" if member.voices else member.role
    return about if member.shares else f"{about}, no share: it pays and decides"


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _near(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
