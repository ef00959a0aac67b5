"""Redirects and leaves: by the account itself, by its signature, of seats and of voices."""

from __future__ import annotations

from typing import Any

from campaign.evms.acts import cast
from campaign.evms.stage import Stage, refused
from tests.contracts.consent import KEYS, LEAVING, REDIRECTION
from tests.contracts.evm import ETHER, ZERO, key


def redirect_and_leave(stage: Stage) -> None:
    """Money goes elsewhere, seats and voices leave, the last voice ends the SEE."""
    ada, ben, cleo = cast.voices(stage)
    kernel = stage.kernel()
    coin = stage.deploy("Coin", 10**30, as_="coin")
    life = cast.found(stage, kernel, cast.seats(stage, [ada, ben, cleo], 2), coin)
    life.office.register(None, None, *cast.words(life))
    stage.note("pay coin and tokens, join the voices' seats")
    stage.send(life.see.address, value=3 * ETHER)
    coin.transfer(life.see.address, 10**20)
    for account in (ada, ben, cleo):
        life.join(cast.place(life, account), False)
    redirects(stage, life, coin, ada, ben)
    seats_leave(stage, life, coin, ada, ben)
    voices_leave(stage, life, [ada, ben, cleo])


def redirects(stage: Stage, life: Any, coin: Any, ada: str, ben: str) -> None:
    see, away = life.see, stage.name(stage.account(), "away")
    seats = {account: key(cast.place(life, account), account) for account in (ada, ben)}
    stage.note("redirect another's money")
    with refused("bad signature"):
        life.redirect(ada, away, seats[ada], sender=ben)
    stage.note("redirect to nobody")
    with refused("wrong account"):
        life.redirect(ada, ZERO, seats[ada])
    stage.note("redirect one's own, in coin only")
    life.redirect(ada, away, seats[ada])
    stage.note("redirect by signature, in both")
    signed = life.alone(REDIRECTION, life.redirect_hash(away, 0), KEYS[1])
    life.redirect(ben, away, seats[ben], [coin.address], signed)
    stage.note("the same signature again")
    with refused("bad signature"):
        life.redirect(ben, away, seats[ben], [coin.address], signed)
    stage.note("claim coin and tokens: tokens of one whose redirect they don't know")
    see.claim(cast.place(life, ada), ada)
    see.claim_token(coin.address, cast.place(life, ada), ada)
    see.claim_token(coin.address, cast.place(life, ben), ben)
    stage.note("let the token know, and pay out both")
    see.touch(coin.address, [])
    coin.transfer(see.address, 10**20 + 7)
    life.payout()
    life.payout(0, coin.address)
    stage.note("have it come back")
    life.redirect(ada, ada, seats[ada], [coin.address])
    stage.note("ask where money goes, in a transaction")
    cast.ask(stage, see, "redirected", ada)


def seats_leave(stage: Stage, life: Any, coin: Any, ada: str, ben: str) -> None:
    see, at = life.see, cast.place(life, ada)
    stage.send(see.address, value=ETHER)
    stage.note("leave a seat, in coin only")
    life.leave_seat(ada, at)
    stage.note("leave it again")
    with refused("already left"):
        life.leave_seat(ada, at)
    stage.note("leave a seat that has not joined")
    with refused("not joined"):
        life.leave_seat(ben, at)
    stage.note("leave a seat by the signature of another")
    subject = life.leave_hash(False, True, cast.place(life, ben))
    with refused("bad signature"):
        wrong = life.alone(LEAVING, subject, KEYS[0], ben)
        life.leave_seat(ben, cast.place(life, ben), [coin.address], wrong)
    stage.note("leave a seat by signature, in both")
    signed = life.alone(LEAVING, subject, KEYS[1])
    life.leave_seat(ben, cast.place(life, ben), [coin.address], signed)
    stage.note("pay, with two seats gone; pay out; claim what was owed")
    stage.send(see.address, value=ETHER + 1)
    life.payout()
    see.claim(at, ada)
    stage.note("the token learns that a seat has left")
    see.touch(coin.address, [at << 160 | int(ada, 16)])
    stage.note("it never learns of one that has not")
    with refused("not left"):
        see.touch(coin.address, [1 << 160 | 1])
    coin.transfer(see.address, 10**18)
    life.payout(0, coin.address)
    stage.note("nothing came to it since")
    with refused("nothing due"):
        see.claim_versions([], [key(at, ada)], [coin.address])


def voices_leave(stage: Stage, life: Any, voices: list[str]) -> None:
    stage.note("a voice leaves from a place that is not its own")
    with refused("wrong roll"):
        life.leave(voices[0], 1)
    stage.note("voices leave, one with its seat; the last one ends the SEE")
    life.leave(voices[0], 0)
    with refused("already left"):
        life.leave(voices[0], 0)
    signed = life.alone(LEAVING, life.leave_hash(True, False, 0), KEYS[1])
    life.leave(voices[1], 1, None, signed)
    life.leave(voices[2], 2, cast.place(life, voices[2]))
    stage.note("it has ended")
    with refused("see ended"):
        life.see.pay(ZERO, 1, bytes(32), value=1)
    with refused("already ended"):
        life.leave_seat(voices[2], 0)
