"""Calls that come back before the books are written."""

from __future__ import annotations

from tests.incidents.arena import (
    ALICE,
    BOB,
    CLAIM,
    CLAIM_MANY,
    CLAIM_TOKEN,
    ETHER,
    MALLORY,
    MEMO,
    Arena,
    agreed,
    key,
)
from tests.incidents.incident import Seed, incident
from tests.properties import world as w
from tests.properties.life_model import LATE
from tests.properties.life_world import PAY, PAY_LATE
from tests.properties.world import ANYONE, PAYER, ZERO, calldata

SPLITTER, SEE = "contracts/Splitter.vy", "contracts/SEE.vy"
ARRIVED = "staticcall IERC20(currency).balanceOf(self) - before"
UNBOUNDED = Seed(
    "contracts/modules/paying.vy", f"return min(amount, {ARRIVED})", f"return {ARRIVED}"
)


def lock_open(
    path: str, function: str, only: str, marks: str = "@external\n", beside: Seed | None = None
) -> Seed:
    old, new = f"{marks}def {function}(", f"{marks}@reentrant\ndef {function}("
    return Seed(path, old, new, (only,), beside=beside)


@incident(
    "2016-06",
    "3.6 million ETH",
    "The DAO",
    Seed(
        SPLITTER,
        """\
            books.native = unsafe_add(book, due << books.TOP) | 1 << (index & books.BOOK_PLACES)
            books.seats[key] = unsafe_add(seat, due << books.TOP)
            log pull.Claimed(seat=key, amount=due)
            if not raw_call(account, b"", value=due, revert_on_failure=False):
                refusals._payment_failed()
            return
""",
        """\
            if not raw_call(account, b"", value=due, revert_on_failure=False):
                refusals._payment_failed()
            books.native = unsafe_add(book, due << books.TOP) | 1 << (index & books.BOOK_PLACES)
            books.seats[key] = unsafe_add(seat, due << books.TOP)
            log pull.Claimed(seat=key, amount=due)
            return
""",
        ("Splitter",),
    ),
)
def the_dao(arena: Arena) -> None:
    """A member claims again while its claim is being paid."""
    thief = arena.recipients[0]
    split = arena.split((thief, 1), (ALICE, 1))
    assert arena.join(split, 0)
    assert arena.join(split, 1)
    arena.send(split.address, 10 * ETHER)
    arena.obey(thief, w.CALL, split.address, calldata(CLAIM, 0, thief))
    arena.claim(split, 0)
    assert arena.held(thief) == 5 * ETHER
    assert arena.claim(split, 1)
    assert arena.held(ALICE) == 5 * ETHER


@incident(
    "2020-04",
    "$25 million",
    "Lendf.Me (imBTC, ERC-777)",
    lock_open(SPLITTER, "claim_token", "Splitter"),
)
def lendf_me(arena: Arena) -> None:
    """A token calls before it moves, and the member claims in the midst of a payout."""
    token = arena.tokens["caller"]
    split = arena.split((MALLORY, 1), (ALICE, 1))
    assert arena.join(split, 0)
    arena.send(split.address, 1000, token)
    again = calldata(CLAIM_TOKEN, token, 0, MALLORY)
    assert arena.do(ANYONE, token, "set_call(address,bytes)", split.address, again)
    assert arena.payout(split, token)
    assert arena.held(MALLORY, token) == 500
    assert arena.held(ALICE, token) == 500


@incident(
    "2023-07",
    "$73 million",
    "Curve pools (Vyper 0.2.15 to 0.3.0, CVE-2023-39363)",
    lock_open(SPLITTER, "claim_many", "Splitter"),
)
def vyper_locks(arena: Arena) -> None:
    """A lock that does not lock: what another call wrote meanwhile is written over."""
    thief = arena.recipients[0]
    split = arena.split((thief, 1), (ALICE, 1), (BOB, 1))
    for at in range(3):
        assert arena.join(split, at)
    arena.send(split.address, 9 * ETHER)
    again = calldata(CLAIM_MANY, [key(2, BOB)], [ZERO])
    arena.obey(thief, w.CALL, split.address, again)
    assert arena.do(ANYONE, split.address, CLAIM_MANY, [key(0, thief)], [ZERO])
    arena.obey(thief, w.ACCEPT)
    for at in (1, 2):
        arena.claim(split, at)
    assert [arena.held(each) for each in (ALICE, BOB)] == [3 * ETHER] * 2


@incident(
    "2022-04",
    "$80 million",
    "Rari Capital Fuse and Fei",
    Seed(SPLITTER, "    self._check_unlocked()\n", "    pass\n", ("Splitter",)),
)
def rari(arena: Arena) -> None:
    """Coming back by another function than the one that pays."""
    thief = arena.recipients[0]
    split = arena.split((thief, 1), (ALICE, 1))
    assert arena.join(split, 0)
    arena.send(split.address, 10 * ETHER)
    arena.obey(thief, w.CALL, split.address, calldata(CLAIM, 0, thief))
    assert arena.payout(split)
    assert [arena.held(each) for each in (thief, ALICE)] == [5 * ETHER] * 2


@incident(
    "2021-12",
    "$30 million",
    "Grim Finance",
    lock_open(SEE, "pay_late", "SEE", "@external\n@payable\n", UNBOUNDED),
)
def grim_finance(arena: Arena) -> None:
    """Two payments, one within the other, both count the balance that the inner one brought."""
    token, helper = arena.tokens["caller"], arena.recipients[0]
    see = arena.see((MALLORY, 1), currencies=(token,))
    assert see.amend(agreed((BOB, 1), currencies=(token,), nonce=1), {0, 1, 2})
    arena.send(see.address, 1000, token)  # what Bob has earned
    for account in (MALLORY, helper):
        assert arena.do(ANYONE, token, "set_balance(address,uint256)", account, 100)
    approve = calldata("approve(address,uint256)", see.address, 100)
    assert arena.chain.send(MALLORY, token, approve)
    arena.obey(helper, w.CALL, token, approve)
    assert arena.chain.send(ANYONE, helper)
    late = calldata(PAY_LATE, token, 100, MEMO, 0)
    arena.obey(helper, w.CALL, see.address, late)
    assert arena.do(ANYONE, token, "set_call(address,bytes)", helper, b"")
    arena.chain.send(MALLORY, see.address, late)
    assert arena.do(ANYONE, token, "set_call(address,bytes)", ZERO, b"")
    see.claim_versions([(0, 0)], [see.key(0, 0, LATE)], [token])
    see.claim_versions([(1, 0)], [see.key(1, 0)], [token])
    assert arena.held(MALLORY, token) + arena.held(helper, token) <= 200
    assert arena.held(BOB, token) == 1000


@incident(
    "2023-02",
    "$3.65 million",
    "dForce (read-only)",
    lock_open(SPLITTER, "received", "Splitter", "@external\n@view\n"),
)
def dforce(arena: Arena) -> None:
    """Somebody who trusts what a contract says is shown its books half written."""
    reader = arena.put("Reader")
    split = arena.split((reader, 1), (ALICE, 9))
    question = calldata("received(address)", ZERO)
    assert arena.do(ANYONE, reader, "set(address,bytes)", split.address, question)
    arena.send(split.address, 10 * ETHER)
    assert arena.payout(split)
    assert arena.held(reader) == ETHER
    assert arena.number(reader, "seen()") in (0, 10 * ETHER)  # refused, or right


@incident(
    "2021-08",
    "$18.8 million",
    "Cream Finance (AMP)",
    lock_open(SPLITTER, "payout", "Splitter"),
)
def cream(arena: Arena) -> None:
    """A token calls before it moves: what it pays out is claimed too, in that moment."""
    token = arena.tokens["caller"]
    split = arena.split((MALLORY, 1), (ALICE, 1))
    assert arena.join(split, 0)
    arena.send(split.address, 1000, token)
    again = calldata(CLAIM_TOKEN, token, 0, MALLORY)
    assert arena.do(ANYONE, token, "set_call(address,bytes)", split.address, again)
    assert arena.payout(split, token)
    assert arena.held(MALLORY, token) == 500


@incident(
    "2023-02",
    "$3 million",
    "Orion Protocol",
    lock_open(SEE, "pay", "SEE", "@external\n@payable\n", UNBOUNDED),
)
def orion(arena: Arena) -> None:
    """One amount that arrives is credited twice: as the inner payment and within the outer."""
    token, helper = arena.tokens["caller"], arena.recipients[0]
    see = arena.see((ALICE, 1), currencies=(token,))
    assert arena.do(ANYONE, token, "set_balance(address,uint256)", helper, 100)
    pay = calldata(PAY, token, 100, MEMO)
    approve = calldata("approve(address,uint256)", see.address, 100)
    assert arena.chain.send(PAYER, token, approve)
    arena.obey(helper, w.CALL, token, approve)
    assert arena.chain.send(ANYONE, helper)
    arena.obey(helper, w.CALL, see.address, pay)
    assert arena.do(ANYONE, token, "set_call(address,bytes)", helper, b"")
    arena.chain.send(PAYER, see.address, pay)
    paid = arena.logged("Paid(address,bytes32,address,uint256)", see.address)
    assert sum(int.from_bytes(data[32:], "big") for data in paid) <= arena.held(see.address, token)


@incident(
    "2022-03",
    "$11.7 million",
    "Agave and Hundred Finance on Gnosis Chain (ERC-677)",
    lock_open(SPLITTER, "payout_page", "Splitter"),
)
def agave(arena: Arena) -> None:
    """A token that tells its receivers: in a payout of several pages the first one claims."""
    token = arena.tokens["caller"]
    others = [("0x" + f"{at:040x}", 1) for at in range(1, 40)]
    split = arena.split((MALLORY, 1), *others)
    assert arena.join(split, 0, claims=False)
    arena.send(split.address, 4000, token)
    again = calldata(CLAIM_TOKEN, token, 0, MALLORY)
    assert arena.do(ANYONE, token, "set_call(address,bytes)", split.address, again)
    assert arena.payout(split, token)
    assert arena.held(MALLORY, token) == 100


@incident(
    "2023-07",
    "$3.3 million",
    "Conic Finance (read-only)",
    lock_open(SPLITTER, "dues", "Splitter", "@external\n@view\n"),
)
def conic(arena: Arena) -> None:
    """A lender who asks in the midst of a payout what is due to a member is told too much."""
    reader = arena.put("Reader")
    split = arena.split((reader, 1), (ALICE, 9))
    words = [int.from_bytes(word, "big") for word in split.words]
    question = calldata(
        "dues(address,uint256,uint256,uint256,uint256[])", ZERO, 10, 1, 0, words[:1]
    )
    assert arena.do(ANYONE, reader, "set(address,bytes)", split.address, question)
    arena.send(split.address, 10 * ETHER)
    assert arena.payout(split)
    assert arena.number(reader, "seen()") == 0
