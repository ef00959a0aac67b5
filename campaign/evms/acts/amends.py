"""Amendments: books that close, a token that can't be read, invoices that are paid late."""

from __future__ import annotations

from typing import Any

from campaign.evms.acts import cast
from campaign.evms.stage import Stage, refused
from tests.contracts.consent import AMENDMENT
from tests.contracts.evm import ETHER, ZERO, Tree, key
from tests.contracts.life import LATE, Life

MEMO = b"INV-11".ljust(32, b"\0")


def amended(stage: Stage) -> None:
    """Two amendments, one while a token is silent; what was earned before stays owed."""
    ada, ben, cleo = cast.voices(stage)
    kernel = stage.kernel()
    coin = stage.deploy("Coin", 10**30, as_="coin")
    life = cast.found(stage, kernel, cast.seats(stage, [ada, ben, cleo], 3), coin)
    life.office.register(None, None, *cast.words(life))
    stage.note("pay coin and tokens, claim some of it")
    stage.send(life.see.address, value=3 * ETHER)
    coin.transfer(life.see.address, 10**20)
    coin.approve(life.see.address, 10**24)
    life.join(cast.place(life, ada))
    life.see.claim_token(coin.address, cast.place(life, ada), ada)
    first = life.agreement
    amend(stage, life, first, cleo)
    closed(stage, life, first, [ada, ben])
    late(stage, life, first, coin)
    silent(stage, life, coin)


def amend(stage: Stage, life: Life, first: Any, cleo: str) -> None:
    next_ = life.next(Tree.of(cast.seats(stage, [cleo], 1)), text=b"\7" * 32)
    subject = life.succession(next_)
    stage.note("amend by one voice of three")
    with refused("no quorum"):
        life.amend(next_, life.sign(AMENDMENT, subject)[:64] + bytes(128))
    stage.note("pay late before anything is closed")
    with refused("wrong version"):
        life.see.pay_late(ZERO, 5, MEMO, 0, value=5)
    stage.note("amend by two voices of three, words and all")
    life.amend(next_, life.sign(AMENDMENT, subject)[:128] + bytes(64), next_.tree.pages[0], 0)
    stage.note("amend the same again")
    with refused("wrong agreement"):
        life.registry.amend(
            life.see.address,
            *first.preimage,
            *next_.preimage,
            life.office.deadline,
            life.sign(AMENDMENT, life.succession(next_)),
            b"",
            0,
        )
    stage.note("pay the next version, and pay it out")
    stage.send(life.see.address, value=ETHER + 1)
    life.payout()


def closed(stage: Stage, life: Life, first: Any, accounts: list[str]) -> None:
    places = [at for at, account in enumerate(cast.members(first)) if account in accounts]
    keys = [key(at, account) for at, account in zip(places, accounts, strict=True)]
    stage.note("claim of the closed books by one that has not joined")
    with refused("not joined"):
        life.see.claim_versions([], [keys[1]], [ZERO])
    stage.note("join a closed version, and claim of it")
    seat = life.seat(places[1], first, 0)
    life.see.claim_versions([seat], keys, [ZERO, *cast.tokens(first)])
    stage.note("again")
    with refused("nothing due"):
        life.see.claim_versions([], keys, [ZERO])
    stage.note("join a version to come")
    with refused("wrong version"):
        life.see.claim_versions([life.seat(0, None, 2)], [], [])


def late(stage: Stage, life: Life, first: Any, coin: Any) -> None:
    see = life.see
    stage.note("pay a closed version late, in coin and tokens")
    see.pay_late(ZERO, ETHER // 7, MEMO, 0, value=ETHER // 7)
    see.pay_late(coin.address, 10**19 + 1, MEMO, 0)
    stage.note("pay another amount late than is said")
    with refused("wrong amount"):
        see.pay_late(ZERO, 6, MEMO, 0, value=5)
    stage.note("join the rest of the first version, and claim what was paid late")
    accounts, joined = cast.members(first), [stage.address("ada"), stage.address("ben")]
    others = [at for at, account in enumerate(accounts) if account not in joined]
    seats = [life.seat(at, first, 0) for at in others]
    see.claim_versions(seats, [key(at, a, LATE) for at, a in enumerate(accounts)], [ZERO])
    late_keys = [key(at, a, LATE) for at, a in enumerate(accounts)]
    see.claim_versions([], late_keys, [coin.address])
    stage.note("and what was due to them before")
    early = [key(at, a) for at, a in enumerate(accounts)]
    see.claim_versions([], early, [ZERO, coin.address])
    stage.note("ask what a closed version received, in a transaction")
    cast.ask(stage, see, "closed", ZERO, 0)
    cast.ask(stage, see, "closed", coin.address, 0)


def silent(stage: Stage, life: Life, coin: Any) -> None:
    see = life.see
    stage.note("amend while the token can't be read")
    coin.transfer(see.address, 10**18)
    coin.silence(True)
    next_ = life.next(Tree.of(cast.seats(stage, [], 2)), text=b"\x09" * 32)
    second = life.agreement
    life.amend(next_)
    stage.note("touch it too soon")
    with refused("currency failed"):
        see.touch(coin.address, [])
    stage.note("touch it when it can be read")
    coin.silence(False)
    coin.transfer(see.address, 10**17)
    see.touch(coin.address, [])
    stage.note("each version has its own")
    life.payout(0, coin.address)
    seats = [life.seat(at, second, 1) for at in range(2)]
    keys = [key(at, account, 1) for at, account in enumerate(cast.members(second))]
    see.claim_versions(seats, keys, [coin.address])
    coin.transfer(see.address, 10**16)
    life.payout(0, coin.address)
    cast.ask(stage, see, "book", coin.address)
