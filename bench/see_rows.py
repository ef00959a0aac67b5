"""The rows of SEEs: registration, deregistration, and claims while one lives."""

from __future__ import annotations

from hashlib import sha256

from bench.agreements import DEADLINE, Case, account, case, record, register, signatures
from bench.chain import BenchError
from bench.ledger import NATIVE, Split
from bench.scene import Scene
from bench.splitter_rows import CYCLES, Rows, join
from seechain.consent import messages
from seechain.share_table import ShareTable

MILLION = 1_000_000
VOICES = (4, 64)  # beside 3: the next one, and as many as there can be


def measure(scene: Scene) -> Rows:
    """All rows of SEEs that live and die by one agreement."""
    rows: Rows = {}
    published = case(scene, scene.table(10), voices=3, text="published")
    rows["register.published.10"] = register(scene, published, publish=True)
    unpublished = case(scene, scene.table(10), voices=3, text="unpublished")
    rows["register.unpublished.10"] = register(scene, unpublished, publish=False)
    large = case(scene, million_seats(), voices=3, text="a million seats")
    rows[f"register.unpublished.{MILLION}"] = register(scene, large, publish=False)
    rows["register.voice"] = max(
        _each_voice(scene, rows["register.unpublished.10"], voices) for voices in VOICES
    )
    rows |= _claim(scene, published)
    rows["deregister.3"] = deregister(scene, published)
    return rows


def million_seats() -> ShareTable:
    """A real table of 31,250 pages, of accounts that nobody has the keys of."""
    words = (
        sha256(number.to_bytes(4, "big")).digest()[:20] + (1000 + number % 997).to_bytes(12, "big")
        for number in range(MILLION)
    )
    return ShareTable.from_words(b"".join(sorted(words)))


def _each_voice(scene: Scene, of_three: int, voices: int) -> int:
    """What a voice more than 3 adds, rounded up."""
    more = case(scene, scene.table(10), voices, text=f"{voices} voices")
    return -((of_three - register(scene, more, publish=False)) // (voices - 3))


def _claim(scene: Scene, case: Case) -> Rows:
    rows: Rows = {}
    token = scene.token.address
    contract, terms = scene.see(case.agreement), messages.terms_hash(case.terms)
    split = Split(scene.chain, contract, case.table, terms, scene.token)
    split.pay(NATIVE)
    for index in range(len(case.table)):
        join(split, index, "see.claim.native.steady")
    for _ in range(CYCLES):
        split.pay(NATIVE)
        row = "see.claim.native.steady"
        rows[row] = split.act(row, split.accounts[4], NATIVE, [4], "claim", 4)
        split.pay(token)
        row = "see.claim.erc20.steady"
        rows[row] = split.act(row, split.accounts[6], token, [6], "claim_token", token, 6)
    return rows


def deregister(scene: Scene, case: Case) -> int:
    """End the SEE by all its voices; the gas.

    Raises:
        BenchError: it reverted, or the SEE lives on.
    """
    see = scene.see(case.agreement)
    structs = [
        messages.deregistration_hash(account(key), see.address, 0, DEADLINE) for key in case.keys
    ]
    receipt = scene.chain.transact(
        scene.chain.accounts[0],
        scene.registry,
        "deregister",
        see.address,
        case.on_chain_table,
        case.on_chain_terms,
        DEADLINE,
        case.terms.roll,
        case.terms.currency_words,
        signatures(scene, case, structs),
    )
    if not record(scene, see).ended or not scene.chain.view(see, "bool", "ended"):
        raise BenchError("deregister: the SEE lives on")
    return receipt.gas
