"""Tables of several pages: joined, claimed and paid out by page and as a whole."""

from __future__ import annotations

from campaign.evms.acts import cast
from campaign.evms.stage import Stage, refused
from tests.contracts.evm import ETHER, PULL_ONLY, ZERO, key

WHOLE, HALF = 2**96, 2**95 - 1  # wei; of the first a clone can't make one word with its payer


def several_pages(stage: Stage) -> None:
    """Seventy seats on three pages: proofs, a page at a time, a whole table, amounts above 2^96."""
    (ada, *_) = cast.voices(stage)
    whale = stage.signer("whale", ether=3 * 10**11)
    kernel = stage.kernel()
    stage.note("deploy a token")
    coin = stage.deploy("Coin", 2**128, as_="coin")
    members = cast.seats(stage, [ada], 69)
    members[40] = (*members[40], PULL_ONLY)
    life = cast.found(stage, kernel, members, coin)
    stage.note("register, with all words of three pages")
    life.office.register(None, None, *cast.words(life))
    stage.send(life.see.address, value=7 * ETHER + 3, sender=whale)
    proofs(stage, life)
    by_page(stage, life)
    at_once(stage, life)
    tokens_by_page(stage, life, coin)
    above_a_word(stage, life, whale)


def proofs(stage: Stage, life) -> None:
    see, tree, table = life.see, life.agreement.tree, life.agreement.table
    stage.note("join by the words of another page")
    with refused("wrong page"):
        see.join_page(table, 33, tree.pages[0], tree.proof(1), True)
    stage.note("join by half a proof")
    with refused("wrong proof"):
        see.join_page(table, 33, tree.pages[1], tree.proof(1)[:64], True)
    stage.note("join a place that the page has not")
    with refused("wrong page"):
        see.join_page(table, 64 + 9, tree.pages[2], tree.proof(2), True)
    stage.note("join as of one page")
    with refused("wrong page"):
        see.join(table, 0, tree.pages[0], True)
    stage.note("join one of each page, and claim at once")
    for index in (1, 33, 65):
        life.join(index)
    stage.note("join one that takes no push")
    life.join(40, False)


def by_page(stage: Stage, life) -> None:
    stage.note("pay out the middle page, where one takes no push")
    life.payout(1)
    stage.note("pay out the same page again")
    life.payout(1)
    stage.note("pay, and pay out the last page before the first")
    stage.send(life.see.address, value=ETHER // 3)
    life.payout(2)
    life.payout(0)
    stage.note("claim what was kept")
    life.see.claim(40, cast.member(life, 40))
    stage.note("claim where a page was paid out further")
    life.see.claim(33, cast.member(life, 33))


def at_once(stage: Stage, life) -> None:
    see, tree, table = life.see, life.agreement.tree, life.agreement.table
    stage.send(see.address, value=1)
    stage.send(see.address, value=10**15 + 7)
    stage.note("pay out two pages of three as the whole")
    with refused("wrong page"):
        see.payout_whole(table, tree.pages[:2], ZERO)
    stage.note("pay out the whole, without proofs")
    see.payout_whole(table, tree.pages, ZERO)


def tokens_by_page(stage: Stage, life, coin) -> None:
    see, tree, table = life.see, life.agreement.tree, life.agreement.table
    coin.transfer(see.address, 10**24 + 1)
    stage.note("pay out a page of tokens, while one account is refused")
    coin.block_account(cast.member(life, 2), True)
    life.payout(0, coin.address)
    stage.note("claim several seats in both currencies")
    stage.send(see.address, value=10**16)
    keys = [key(n, cast.member(life, n)) for n in (1, 33, 65)]
    see.claim_versions([], keys, [ZERO, coin.address])
    stage.note("pay out the whole in tokens")
    see.payout_whole(table, tree.pages, coin.address)


def above_a_word(stage: Stage, life, whale: str) -> None:
    stage.note("pay more than a clone packs with its payer")
    stage.send(life.see.address, value=WHOLE, sender=whale)
    stage.send(life.see.address, value=HALF, sender=whale)
    stage.note("claim of it, and pay out a page")
    life.see.claim(65, cast.member(life, 65))
    life.payout(2)
    stage.note("ask what is due to a page, in a transaction")
    words = life.agreement.tree.pages[0]
    numbers = [int.from_bytes(words[at : at + 32], "big") for at in range(0, len(words), 32)]
    _, shares, pages, _ = life.agreement.tree.table
    cast.ask(stage, life.see, "dues", ZERO, 0, shares, pages, 0, numbers)
