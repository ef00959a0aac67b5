"""Functions that anyone could call, and addresses that were not whose they seemed."""

from __future__ import annotations

from contextlib import suppress

from eth_hash.auto import keccak

from tests.incidents.arena import ALICE, BOB, ETHER, MALLORY, MEMO, Arena, agreed, seats_of
from tests.incidents.incident import Seed, incident
from tests.incidents.quorums import ALL, hers, of_three
from tests.incidents.signatures import has_its_half, joined, leaves
from tests.properties import agreement as a
from tests.properties.chain import raw
from tests.properties.life_world import PAY, Clone
from tests.properties.stage import JOIN
from tests.properties.world import ANYONE, PAYER, TABLE_ARGUMENT, ZERO

SEE, REGISTRY = "contracts/SEE.vy", "contracts/Registry.vy"
CLONE, PAYING = "contracts/modules/clone.vy", "contracts/modules/paying.vy"
RECORDS, VERSIONS = "contracts/modules/records.vy", "contracts/modules/versions.vy"
OF_SPLITTER, OF_SEE, OF_REGISTRY = ("Splitter",), ("SEE",), ("Registry",)
ONLY_REGISTRY = "    if msg.sender != registry:\n        refusals._not_registry()\n"


def open_to_all(next_line: str) -> Seed:
    return Seed(SEE, ONLY_REGISTRY + next_line, next_line, OF_SEE)


@incident(
    "2017-07",
    "153,037 ETH",
    "Parity's multisig (initWallet)",
    open_to_all("    if old != books._commitment(books.native):\n"),
)
def parity_init(arena: Arena) -> None:
    """Anyone makes a new owner."""
    see, own = of_three(arena), hers()
    see.do(MALLORY, "succeed(bytes32,bytes32,bytes)", see.now.hash, own.hash, b"")
    arena.send(see.address, 10 * ETHER)
    see.do(MALLORY, JOIN, own.argument, 0, own.table.pages[0], True)
    assert arena.held(MALLORY) == 0


@incident(
    "2017-11",
    "513,774 ETH, frozen for ever",
    "Parity's library",
    Seed(
        PAYING,
        "    if self == IMPLEMENTATION:\n        refusals._not_payable()\n    if currency",
        "    if currency",
        OF_SPLITTER,
    ),
)
def parity_library(arena: Arena) -> None:
    """The code behind all clones is a contract too, of nobody: what gets there stays there."""
    library = arena.implementations[0]
    arena.do(PAYER, library, PAY, ZERO, ETHER, MEMO, value=ETHER)
    assert arena.held(library) == 0


@incident(
    "2021-08",
    "$611 million",
    "Poly Network",
    Seed(
        REGISTRY,
        "    consent._check_alone(self, account, kinds.LEAVING_TYPE, leave, deadline, signature)\n"
        "    extcall",
        "    extcall",
        OF_REGISTRY,
    ),
)
def poly_network(arena: Arena) -> None:
    """The one caller that is trusted calls what anyone tells it to."""
    see = joined(arena, (ALICE, 1), (BOB, 1))
    leaves(arena, see, MALLORY, ALICE)
    assert has_its_half(arena, see)


@incident(
    "2022-07",
    "$6 million",
    "Audius (initialised again)",
    Seed(
        REGISTRY,
        "    if records.of[see] != 0:\n        refusals._already_registered()\n",
        "",
        OF_REGISTRY,
    ),
)
def audius(arena: Arena) -> None:
    """What is done once is done again: an ended SEE lives, by signatures that all can read."""
    see = of_three(arena)
    assert see.deregister(ALL)
    with suppress(AssertionError):  # where it is refused, as it should be
        arena.register(see.now)
    assert see.record()[2] != 0  # ended


@incident(
    "2022-06",
    "20 million OP",
    "Wintermute's address on Optimism",
    Seed(
        CLONE,
        "    return raw_create(concat(code, commitment), salt=salt)\n",
        "    return raw_create(concat(code, commitment))\n",
        OF_REGISTRY,
    ),
)
def wintermute(arena: Arena) -> None:
    """An address counts how many were made before: on another chain a stranger is there first."""
    create = "create(bytes32,uint256,uint256,bytes32)"
    own, other = (a.Table(tuple(seats_of((each, 1)))) for each in (MALLORY, ALICE))
    assert arena.do(MALLORY, arena.registry, create, *own.fields, bytes(32))
    counted = keccak(b"\xd6\x94" + raw(arena.registry) + b"\x02")  # the first that it made
    for where in ("0x" + counted[12:].hex(), arena.splitter_address(other)):
        arena.send(where, 10 * ETHER)
        arena.do(MALLORY, where, JOIN, (*own.fields, bytes(32)), 0, own.pages[0], True)
    assert arena.held(MALLORY) == 0


@incident(
    "2023-03",
    "$8.9 million",
    "SafeMoon (a public burn)",
    open_to_all("    key: uint256 = books._key(books.native, index, account)\n"),
)
def safe_moon(arena: Arena) -> None:
    """Anyone destroys what is another's, and the rest is worth more."""
    see = joined(arena, (ALICE, 1), (MALLORY, 1))
    see.do(MALLORY, "leave(address,uint256,bytes)", ALICE, 0, b"")
    assert has_its_half(arena, see)


@incident(
    "2016-04",
    "the fees of a pyramid, to whoever came",
    "Rubixi (a constructor by another name)",
    open_to_all("    self.ended = True\n"),
)
def rubixi(arena: Arena) -> None:
    """What only its maker should call is open to all."""
    see = of_three(arena)
    see.do(MALLORY, "end()")
    assert not arena.number(see.address, "ended()")


@incident(
    "2024",
    "nothing: found in a review",
    "0xSplits v2 (shares are changed before a distribution)",
    Seed(
        VERSIONS,
        "unsafe_sub(0, held) << books.TOP | version << 8 | filter",
        "version << 8 | filter",
        OF_SEE,
    ),
)
def splits_front_run(arena: Arena) -> None:
    """What has come and was not divided yet is divided by the new shares."""
    see = arena.see((ALICE, 1))
    arena.send(see.address, 10 * ETHER)
    assert see.amend(agreed((MALLORY, 1), nonce=1), ALL)
    see.join(0, True)
    assert arena.held(MALLORY) == 0
    assert see.claim_versions([(0, 0)], [see.key(0, 0)], [ZERO])
    assert arena.held(ALICE) == 10 * ETHER


@incident(
    "2025-09",
    "a loss not known to us",
    "Superfluid's pools",
    Seed(
        RECORDS,
        "    if record == 0:\n        refusals._not_registered()\n",
        "",
        OF_REGISTRY,
    ),
)
def superfluid_pools(arena: Arena) -> None:
    """It looks like one of ours, and nobody asks whether it is: not all have signed it."""
    see: Clone = object.__new__(Clone)
    see.world, see.agreements, see._words = arena, [agreed((ALICE, 1))], {}
    assert arena.do(ANYONE, arena.registry, f"deploy({TABLE_ARGUMENT})", see.now.argument)
    where = arena.ask(arena.registry, "see_address(bytes32)", see.now.hash)
    see.address = "0x" + where[12:].hex()
    assert not see.amend(hers(), {0, 1})
    assert see.view("version()") == [0]
