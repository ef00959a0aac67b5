"""Members that are contracts, or become them (EIP-7702), and do what they shouldn't."""

from __future__ import annotations

from typing import Any

from campaign.evms.acts import cast
from campaign.evms.stage import Stage, refused
from tests.contracts.evm import ETHER, ZERO

TAKES, REFUSES, BURNS, BOMBS, REENTERS = range(5)  # of Taker.vy
STARVED = 240_000  # gas: of a payout that would have it push with less than it promises


def recipients(stage: Stage) -> None:
    """Recipients that refuse, burn, answer with a bomb, call back: kept for them, then claimed."""
    cast.voices(stage)
    kernel = stage.kernel()
    stage.note("deploy members that are contracts")
    takers = [stage.deploy("Taker", stage.me, mode, as_=f"taker {mode}") for mode in range(5)]
    sender = stage.deploy("Sender", as_="sender")
    life = cast.found(stage, kernel, cast.seats(stage, [t.address for t in takers], 1))
    life.office.register(None, None, *cast.words(life))
    stage.note("have one of them claim for all while it is paid")
    payout = life.see.data("payout", life.agreement.table, life.agreement.tree.pages[0], ZERO)
    takers[REENTERS].become(REENTERS, life.see.address, payout)
    stage.note("pay through a contract that gives 2,300 gas")
    sender.send_on(life.see.address, value=3 * ETHER)
    stage.note("join those that will be trouble")
    for taker in takers[1:]:
        life.join(cast.place(life, taker.address), False)
    stage.note("pay out with too little gas for those that burn it")
    with refused("more gas"):
        life.payout(gas=STARVED)
    stage.note("pay out: three fail, one calls back in vain")
    life.payout()
    stage.note("pay out again, and more")
    stage.send(life.see.address, value=ETHER // 7)
    life.payout()
    each_claims(stage, life, takers)


def each_claims(stage: Stage, life: Any, takers: list[Any]) -> None:
    for mode in (REFUSES, BURNS, BOMBS):
        stage.note("claim for one that fails")
        at = cast.place(life, takers[mode].address)
        with refused("payment failed"):
            life.see.claim(at, takers[mode].address, gas=1_000_000)
        stage.note("it changes its mind, and has all of it")
        takers[mode].become(TAKES, ZERO, b"")
        life.see.claim(at, takers[mode].address)
    stage.note("claim for one that calls back")
    stage.send(life.see.address, value=ETHER // 9)
    life.see.claim(cast.place(life, takers[REENTERS].address), takers[REENTERS].address)
    life.payout()


def delegated(stage: Stage) -> None:
    """EIP-7702: members' own accounts become contracts, between consent, payout and claim."""
    ada, ben, _ = cast.voices(stage)
    kernel = stage.kernel()
    taker = stage.deploy("Taker", ada, TAKES, as_="taker")
    life = cast.found(stage, kernel, cast.seats(stage, [ada, ben], 2))
    stage.note("delegate two accounts, one by a wrong nonce, which is passed over")
    stage.send(ben, authorizations=[grant("ada", taker, 0), grant("ben", taker, 7)])
    stage.note("register: a delegated account signs by its key")
    life.office.register(None, None, *cast.words(life))
    stage.note("pay the delegated account, whose code takes note of it")
    stage.send(life.see.address, value=ETHER)
    life.payout()
    stage.note("it refuses")
    me = stage.at("Taker", ada)
    me.become(REFUSES, ZERO, b"", sender=ada)
    stage.send(life.see.address, value=ETHER)
    life.join(cast.place(life, ada), False)
    life.payout()
    stage.note("claim, for an account that refuses")
    with refused("payment failed"):
        life.see.claim(cast.place(life, ada), ada)
    stage.note("a second one is delegated and paid in the same transaction")
    data = life.see.data("payout", life.agreement.table, life.agreement.tree.pages[0], ZERO)
    stage.send(life.see.address, value=5)
    stage.send(life.see.address, data, authorizations=[grant("ben", taker, 0)])
    stage.note("delegate to nothing again, and claim")
    nonce = stage.nonce(ada)
    stage.send(ben, authorizations=[{**grant("ada", taker, nonce), "address": ZERO}])
    life.see.claim(cast.place(life, ada), ada)
    stage.note("delegate to a clone: its default function is not the SEE's")
    stage.send(ada, authorizations=[grant("ben", life.see, stage.nonce(ben))])
    stage.send(ben, value=7)
    life.payout()


def grant(name: str, to: Any, nonce: int) -> dict[str, Any]:
    return {"signer": name, "chainId": 1, "address": to.address, "nonce": nonce}
