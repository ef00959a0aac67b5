"""Decisions of too few, of the wrong ones, or of nobody."""

from __future__ import annotations

from unittest.mock import patch

from eth_hash.auto import keccak
from eth_keys.datatypes import PrivateKey

from tests.incidents.arena import ALICE, BOB, ETHER, MALLORY, Arena, agreed, seats_of
from tests.incidents.incident import Seed, incident
from tests.properties import agreement as a
from tests.properties.life_world import AMEND, ENDORSE, Clone
from tests.properties.stage import JOIN
from tests.properties.world import ZERO

REGISTRY = "contracts/Registry.vy"
QUORUM, CONSENT = "contracts/modules/quorum.vy", "contracts/modules/consent.vy"
TERMS, RECORDS = "contracts/modules/terms.vy", "contracts/modules/records.vy"
OF_REGISTRY = ("Registry",)
ALL = {0, 1, 2}


def hers(nonce: int = 1) -> a.Agreement:
    """An agreement of Mallory alone, who has all of it."""
    return a.Agreement(a.Table(tuple(seats_of((MALLORY, 1)))), ((3, 1),), (ZERO,), nonce)


def amended(see: Clone, agreement: a.Agreement, keys: list[PrivateKey | None]) -> None:
    """Puts an agreement to the vote of these."""
    succession = a.struct(
        a.SUCCESSION, "address uint256 bytes32", see.address, see.version, agreement.hash
    )
    votes = a.sign(see.world.registry, a.AMENDMENT, succession, keys)
    see.consult(MALLORY, AMEND, *see.now.preimage, *agreement.preimage, a.DEADLINE, votes, b"", 0)


def of_three(arena: Arena) -> Clone:
    return arena.see((ALICE, 1), (BOB, 1))


@incident(
    "2022-08",
    "$190 million",
    "Nomad",
    Seed(QUORUM, "    if yes == 0 or yes *", "    if yes *", OF_REGISTRY),
)
def nomad(arena: Arena) -> None:
    """Zero counts as agreed: where no voice is left, nobody's consent is enough."""
    see = of_three(arena)
    for place in ALL:
        assert see.leave(place, None, signs=True)
    subject = keccak(b"anything")
    message = (keccak(a.LEAVING.encode()), see.address, subject)
    assert not see.consult(MALLORY, ENDORSE, *see.now.preimage, *message, a.DEADLINE, bytes(64 * 3))
    digest = a.digest(arena.registry, a.LEAVING, see.address, subject)
    assert not arena.number(arena.registry, "endorsed(address,bytes32)", see.address, digest)


@incident(
    "2022-02",
    "$326 million",
    "Wormhole",
    Seed(
        RECORDS,
        "    if agreement != self._commitment_of(see):\n        refusals._wrong_agreement()\n",
        "",
        OF_REGISTRY,
    ),
)
def wormhole(arena: Arena) -> None:
    """Signatures are checked, against whatever the submitter says they must be."""
    see = of_three(arena)
    arena.deregister(see.address, hers(), 0, [a.KEYS[3]])
    assert not arena.number(see.address, "ended()")


@incident(
    "2022-01",
    "$1.8 million",
    "OpenSea (old listings)",
    Seed(
        CONSENT,
        "    if block.timestamp > deadline:\n        refusals._too_late()\n    if len(signatures)",
        "    if len(signatures)",
        OF_REGISTRY,
    ),
)
def open_sea(arena: Arena) -> None:
    """What was signed long ago, and forgotten, is brought forth."""
    see = of_three(arena)
    arena.chain.set_time(a.DEADLINE + 1)
    assert not see.amend(agreed((MALLORY, 1), nonce=1), ALL)
    assert see.view("version()") == [0]


@incident(
    "2022-04",
    "$182 million",
    "Beanstalk",
    Seed(
        REGISTRY,
        "quorum._check(kinds.AMENDMENT_TYPE, succession, deadline, roll,",
        "quorum._check(kinds.AMENDMENT_TYPE, succession, deadline, next_roll,",
        OF_REGISTRY,
    ),
)
def beanstalk(arena: Arena) -> None:
    """Who decides is found out in the moment of the decision, by what the decider brings."""
    see = of_three(arena)
    arena.send(see.address, 10 * ETHER)
    amended(see, hers(), [a.KEYS[3]])
    arena.send(see.address, 10 * ETHER)
    see.do(MALLORY, JOIN, hers().argument, 0, hers().table.pages[0], True)
    assert see.view("version()") == [0]
    assert arena.held(MALLORY) == 0


@incident(
    "2022-02",
    "$470,000",
    "Build Finance",
    Seed(
        QUORUM,
        "    if yes == 0 or yes * terms.quorum_denominator < live * terms.quorum_numerator:\n",
        "    if yes == 0:\n",
        OF_REGISTRY,
    ),
)
def build_finance(arena: Arena) -> None:
    """One of many votes, the others are asleep, and it is enough."""
    see = of_three(arena)
    assert not see.amend(hers(), {0})
    assert see.view("version()") == [0]


@incident(
    "2024-08",
    "$12 million",
    "Ronin (a total of zero)",
    Seed(
        TERMS,
        "    if terms.quorum_numerator == 0:\n        refusals._wrong_quorum()\n",
        "",
        OF_REGISTRY,
    ),
)
def ronin(arena: Arena) -> None:
    """What must be reached was never set, and is zero: anyone reaches it."""
    with patch.object(a, "QUORUM", (0, 3)):
        try:
            see = of_three(arena)
        except AssertionError:
            return  # it was not registered: as it should be
        assert not see.amend(hers(), {0})


@incident(
    "2020-08",
    "$750,000 locked",
    "YAM",
    Seed(
        CONSENT,
        "            if absent >> i & 1 != 0:\n                continue\n",
        """\
            if absent >> i & 1 != 0:
                gone: uint256 = extract32(roll, i << 5, output_type=uint256) & VOICES
                live = unsafe_add(live, gone)
                silent = unsafe_add(silent, gone)
                continue
""",
        OF_REGISTRY,
    ),
)
def yam(arena: Arena) -> None:
    """Votes that can't be cast count: no quorum is reached again."""
    see = of_three(arena)
    for place in (0, 1):
        assert see.leave(place, None, signs=True)
    assert see.amend(agreed((ALICE, 1), nonce=1), {2})
