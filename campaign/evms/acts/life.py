"""The life of a SEE: deploy, register, pay in, join, claim, pay out, end."""

from __future__ import annotations

from eth_utils import keccak

from campaign.evms.acts import cast
from campaign.evms.stage import Stage, refused
from tests.contracts.consent import DEREGISTRATION
from tests.contracts.evm import ETHER, ZERO, key

MEMO = keccak(text="INV-7")


def whole_life(stage: Stage) -> None:
    """Three voices and ten seats: registered, paid in coin and token, claimed, paid out, ended."""
    ada, ben, cleo = cast.voices(stage)
    client = stage.signer("client")
    kernel = stage.kernel()
    stage.note("deploy a token")
    coin = stage.deploy("Coin", 10**30, as_="coin")
    life = cast.found(stage, kernel, cast.seats(stage, [ada, ben, cleo], 7), coin)
    office = life.office
    stage.note("register with a voice missing")
    with refused("missing voice"):
        office.register(signatures=office.consent()[:128] + bytes(64))
    stage.note("register")
    office.register(None, None, *cast.words(life))
    stage.note("register again")
    with refused("already registered"):
        office.register()
    pay(stage, life, client)
    join_and_claim(stage, life, client)
    tokens(stage, life, coin, client)
    end(stage, life, client)


def pay(stage, life, client: str) -> None:
    see = life.see
    stage.note("pay plainly")
    stage.send(see.address, value=3 * ETHER, sender=client)
    stage.note("pay with an access list, which makes it warm and not cheaper")
    listed = [{"address": see.address, "storageKeys": ["0x" + "00" * 31 + "01"]}]
    stage.send(see.address, value=1, sender=client, access_list=listed)
    stage.note("pay with a wallet's short note")
    stage.send(see.address, b"thanks", value=ETHER // 7, sender=client)
    stage.note("pay with a long note, whose bytes cost more than its execution (EIP-7623)")
    stage.send(see.address, bytes(range(1, 256)) * 12, value=5, sender=client)
    stage.note("pay with a memo")
    see.pay(ZERO, 2 * ETHER, MEMO, value=2 * ETHER, sender=client)
    stage.note("pay for the version in force")
    see.pay(ZERO, 77, MEMO, 0, value=77, sender=client)
    stage.note("pay for a version that is not in force")
    with refused("wrong version"):
        see.pay(ZERO, 77, MEMO, 1, value=77, sender=client)
    stage.note("pay another amount than is said")
    with refused("wrong amount"):
        see.pay(ZERO, 78, MEMO, value=77, sender=client)
    stage.note("pay with no gas left for the log")
    with refused("no reason"):
        stage.send(see.address, value=9, sender=client, gas=21_900)


def join_and_claim(stage, life, client: str) -> None:
    see, tree = life.see, life.agreement.tree
    accounts = [tree.pages[0][at : at + 20].hex() for at in range(0, 320, 32)]
    ada = cast.place(life, stage.address("ada"))
    stage.note("claim before joining")
    with refused("not joined"):
        see.claim(ada, stage.address("ada"))
    stage.note("join and claim at once")
    life.join(0, sender=client)
    stage.note("join without a claim")
    life.join(ada, False)
    stage.note("join twice")
    with refused("already joined"):
        life.join(ada)
    stage.note("join by another table")
    with refused("wrong table"):
        see.join((tree.root, tree.shares, 1, bytes(32)), 2, tree.pages[0], True)
    stage.note("claim for oneself")
    see.claim(ada, sender=stage.address("ada"))
    stage.note("claim again")
    with refused("nothing due"):
        see.claim(ada, stage.address("ada"))
    stage.note("pay, claim a steady part")
    stage.send(see.address, value=10**15 + 1, sender=client)
    see.claim(ada, stage.address("ada"))
    stage.note("ask what is due to three seats, in a transaction")
    numbers = [int.from_bytes(tree.pages[0][at : at + 32], "big") for at in (0, 32, 64)]
    cast.ask(stage, see, "dues", ZERO, 0, tree.shares, 1, 0, numbers)
    stage.note("pay out to all")
    life.payout(sender=client)
    stage.note("pay out again, where nothing is due")
    life.payout(sender=client)
    assert len(accounts) == 10


def tokens(stage, life, coin, client: str) -> None:
    see, ada = life.see, stage.address("ada")
    at = cast.place(life, ada)
    stage.note("hand the client tokens")
    coin.transfer(client, 10**24)
    stage.note("pay in tokens without approval")
    with refused("no reason"):
        see.pay(coin.address, 10**20, MEMO, sender=client)
    stage.note("approve, and pay in tokens with a memo")
    coin.approve(see.address, 10**20, sender=client)
    see.pay(coin.address, 10**20, MEMO, sender=client)
    stage.note("pay in tokens plainly")
    coin.transfer(see.address, 12_345_678_901, sender=client)
    stage.note("claim tokens")
    see.claim_token(coin.address, at, ada)
    stage.note("claim tokens again")
    with refused("nothing due"):
        see.claim_token(coin.address, at, ada)
    stage.note("pay out tokens while one account is blocked")
    blocked = "0x" + life.agreement.tree.pages[0][:20].hex()
    coin.block_account(blocked, True)
    life.payout(0, coin.address)
    stage.note("let it have them, and claim what was kept")
    coin.block_account(blocked, False)
    see.claim_token(coin.address, 0, blocked)
    stage.note("claim all currencies of a version")
    coin.transfer(see.address, 10**18, sender=client)
    stage.send(see.address, value=10**17, sender=client)
    see.claim_versions([], [key(at, ada), key(0, blocked)], [ZERO, coin.address])


def end(stage, life, client: str) -> None:
    see, office = life.see, life.office
    stage.note("end by a third of the voices")
    with refused("no quorum"):
        office.deregister(life.sign(DEREGISTRATION, office.end_of(see.address))[:64] + bytes(128))
    stage.note("end by all voices")
    office.deregister(life.sign(DEREGISTRATION, office.end_of(see.address)))
    stage.note("end again")
    with refused("already ended"):
        office.deregister(life.sign(DEREGISTRATION, office.end_of(see.address)))
    stage.note("pay what has ended")
    with refused("see ended"):
        see.pay(ZERO, 5, MEMO, value=5, sender=client)
    stage.note("pay it plainly: it still splits")
    stage.send(see.address, value=100_000, sender=client)
    life.payout()
    stage.note("read its record in a transaction")
    cast.ask(stage, life.registry, "record", see.address)
