"""Money that nobody could get out any more."""

from __future__ import annotations

from tests.incidents.arena import ALICE, BOB, CLAIM, ETHER, MALLORY, TRANSFER, Arena, seats_of
from tests.incidents.incident import Seed, incident
from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.world import ANYONE, PAYER

SPLITTER = "contracts/Splitter.vy"
PUSH, CLONE = "contracts/modules/push.vy", "contracts/modules/clone.vy"
OF_SPLITTER, OF_REGISTRY = ("Splitter",), ("Registry",)
NATIVE_PUSH = """\
            if raw_call(
                convert(word >> 96, address),
                b"",
                value=due,
                gas=RECIPIENT_GAS,
                revert_on_failure=False,
            ):
                paid = unsafe_add(paid, due)
                continue
"""
NATIVE_PUSH_OR_NOTHING = """\
            raw_call(
                convert(word >> 96, address),
                b"",
                value=due,
                gas=RECIPIENT_GAS,
            )
            paid = unsafe_add(paid, due)
            continue
"""
TOKEN_PUSH = f"""\
            sent, answer = raw_call(
                currency,
                abi_encode(word >> 96, due, method_id=method_id("{TRANSFER}")),
                max_outsize=32,
                gas=TOKEN_GAS,
                revert_on_failure=False,
            )
"""
TOKEN_PUSH_OR_NOTHING = f"""\
            sent = True
            answer = raw_call(
                currency,
                abi_encode(word >> 96, due, method_id=method_id("{TRANSFER}")),
                max_outsize=32,
                gas=TOKEN_GAS,
            )
"""


@incident(
    "2016-02",
    "what it owed to those it followed, until it was paid by hand",
    "King of the Ether Throne",
    Seed(
        PUSH,
        NATIVE_PUSH,
        NATIVE_PUSH.replace("            ):\n", "            ) or due != 0:\n"),
        OF_SPLITTER,
    ),
)
def king_of_the_ether(arena: Arena) -> None:
    """A payment to a contract fails, and counts as made."""
    king = arena.recipients[0]
    split = arena.split((king, 1), (ALICE, 1))
    arena.send(split.address, 10 * ETHER)
    arena.obey(king, w.REFUSE)
    assert arena.payout(split)
    arena.obey(king, w.ACCEPT)
    arena.join(split, 0)
    arena.claim(split, 0)
    assert arena.held(king) == 5 * ETHER


@incident(
    "2022-04",
    "11,539 ETH ($34 million)",
    "AkuDreams (Akutars)",
    Seed(
        PUSH,
        NATIVE_PUSH,
        NATIVE_PUSH_OR_NOTHING,
        OF_SPLITTER,
    ),
)
def akutars(arena: Arena) -> None:
    """One of those who are paid in a loop refuses, and nobody is paid."""
    bidder = arena.recipients[0]
    split = arena.split((bidder, 1), (ALICE, 1))
    arena.send(split.address, 10 * ETHER)
    arena.obey(bidder, w.REFUSE)
    arena.payout(split)
    assert arena.held(ALICE) == 5 * ETHER


@incident(
    "2020-06",
    "100,000 USDC frozen; of splitters a finding of many reviews",
    "USDC's first blocked account",
    Seed(
        PUSH,
        TOKEN_PUSH,
        TOKEN_PUSH_OR_NOTHING,
        OF_SPLITTER,
    ),
)
def blocked_account(arena: Arena) -> None:
    """A token blocks one member: in a loop that reverts nobody is paid."""
    token = arena.tokens["blocker"]
    split = arena.split((MALLORY, 1), (ALICE, 1))
    arena.send(split.address, 1000, token)
    assert arena.do(ANYONE, token, "set_blocked(address,uint256)", MALLORY, w.REVERT)
    arena.payout(split, token)
    assert arena.held(ALICE, token) == 500


@incident(
    "2016-04",
    "1,100 ETH, for two months",
    "GovernMental",
    Seed(
        PUSH,
        NATIVE_PUSH,
        NATIVE_PUSH.replace("                gas=RECIPIENT_GAS,\n", ""),
        OF_SPLITTER,
    ),
)
def governmental(arena: Arena) -> None:
    """A payout wants more gas than any transaction may have."""
    burners = arena.recipients[:4]
    split = arena.split(*((each, 1) for each in burners), (ALICE, 1))
    arena.send(split.address, 10 * ETHER)
    for each in burners:
        arena.obey(each, w.BURN)
    arena.payout(split, gas=2**24)
    assert arena.held(ALICE) == 2 * ETHER


@incident(
    "2023-01",
    "nothing: found in the review of Bedrock",
    "Optimism's bridge (too little gas for the message within)",
    Seed(
        PUSH,
        "            if msg.gas < RECIPIENT_GAS + CALL_GAS:\n",
        "            if msg.gas < CALL_GAS:\n",
        OF_SPLITTER,
    ),
)
def optimism_bridge(arena: Arena) -> None:
    """Whoever calls gives just so little gas that a payment fails, and the rest goes through."""
    fussy = arena.recipients[0]
    split = arena.split((fussy, 1), (ALICE, 1))
    arena.send(split.address, 10 * ETHER)
    arena.obey(fussy, w.FUSSY)  # content with what a payout promises, not with less
    for gas in range(80_000, 500_000, 2_000):
        if arena.payout(split, gas=gas):
            break
    assert arena.held(fussy) == 5 * ETHER


@incident(
    "2016-06",
    "some tickets' worth: what a failed `send` did not pay",
    "Etherpot",
    Seed(
        SPLITTER,
        """\
            if not raw_call(account, b"", value=due, revert_on_failure=False):
                refusals._payment_failed()
            return
""",
        """\
            done: bool = raw_call(account, b"", value=due, revert_on_failure=False)
            return
""",
        OF_SPLITTER,
    ),
)
def etherpot(arena: Arena) -> None:
    """The result of a payment is not looked at: the prize is gone, and nobody has it."""
    winner = arena.recipients[0]
    split = arena.split((winner, 1), (ALICE, 1))
    assert arena.join(split, 0)
    arena.send(split.address, 10 * ETHER)
    arena.obey(winner, w.REFUSE)
    arena.claim(split, 0)
    arena.obey(winner, w.ACCEPT)
    arena.do(ANYONE, split.address, CLAIM, 0, winner)
    assert arena.held(winner) == 5 * ETHER


@incident(
    "2019-12",
    "680 vaults of Aragon and many wallets could not be paid by contracts any more",
    "Istanbul (EIP-1884: SLOAD at 800 gas)",
    Seed(CLONE, 'x"363460601c17603657"', 'x"60015b5b5b5b603657"', OF_REGISTRY),
)
def istanbul(arena: Arena) -> None:
    """Who pays with 2,300 gas, as `transfer` does, does not reach a proxy's implementation."""
    split = arena.split((ALICE, 1))
    arena.chain.send(PAYER, split.address, b"", ETHER, gas=21_000 + 2_300)
    assert arena.held(split.address) == ETHER


@incident(
    "2019-07",
    "nothing: found in time, with $290 million locked",
    "Edgeware's lockdrop (Gridlock)",
    Seed(
        CLONE,
        "    return raw_create(concat(code, commitment), salt=salt)\n",
        "    created: address = raw_create(concat(code, commitment), salt=salt)\n"
        "    assert created.balance == 0\n"
        "    return created\n",
        OF_REGISTRY,
    ),
)
def edgeware(arena: Arena) -> None:
    """One wei sent ahead to an address that can be foretold: nothing is created there ever."""
    table = a.Table(tuple(seats_of((ALICE, 1), (BOB, 1))))
    where = arena.splitter_address(table)
    arena.send(where, 1)
    create = "create(bytes32,uint256,uint256,bytes32)"
    assert arena.do(ANYONE, arena.registry, create, *table.fields, bytes(32))
