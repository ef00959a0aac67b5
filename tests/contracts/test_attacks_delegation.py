"""Members whose accounts are odd, or become so between consent and payout (EIP-7702)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from eth_account import Account
from eth_utils import keccak, to_checksum_address

from tests.contracts.consent import KEYS
from tests.contracts.evm import DEPLOYER, ZERO, Contract, Kernel, Reverted, Tree, kept, raw, refused
from tests.contracts.life import LEAVING, Life
from tests.contracts.recipients import (
    DELEGATED,
    KEPT,
    PAGE,
    PAID,
    PARTS,
    Scene,
    compiled,
    eats,
)
from tests.contracts.wire import short_wire

SPONSOR = Account.from_key(keccak(text="who pays for authorisations"))


@pytest.fixture(autouse=True)
def _compiled(kernel: Kernel, request: pytest.FixtureRequest) -> Iterator[None]:
    assert request.config.cache is not None
    kernel.chain.contracts.update(compiled(request.config.cache.mkdir("recipients")))
    with short_wire(kernel.chain):
        yield


def delegate(kernel: Kernel, key: Any, to: str) -> None:
    """A real transaction with a real authorisation; to the zero address: no longer."""
    chain = kernel.chain
    nonce = int(chain.rpc("eth_getTransactionCount", key.address, "latest"), 16)
    authorisation = {"chainId": 31337, "address": to, "nonce": nonce}
    transaction = {
        "chainId": 31337,
        "nonce": int(chain.rpc("eth_getTransactionCount", SPONSOR.address, "latest"), 16),
        "gas": 200_000,
        "maxFeePerGas": 0,
        "maxPriorityFeePerGas": 0,
        "to": to_checksum_address(chain.me),
        "value": 0,
        "data": b"",
        "authorizationList": [key.sign_authorization(authorisation)],
    }
    sent = chain.rpc(
        "eth_sendRawTransaction",
        "0x" + bytes(SPONSOR.sign_transaction(transaction).raw_transaction).hex(),
    )
    while not (receipt := chain.rpc("eth_getTransactionReceipt", sent)):
        pass
    assert receipt["status"] == "0x1"
    expected = DELEGATED + raw(to) if to != ZERO else b""
    assert chain.code(key.address) == expected


def test_a_member_may_change_its_mind_between_consent_and_payout(
    kernel: Kernel, token: Contract
) -> None:
    """Rule: delegating, again and no longer, is a member's own affair: the others are paid all
    the same, its key goes on signing, and it has its part in the end."""
    chain, k = kernel.chain, KEYS[0]
    reverts, burns, accepts, back = (
        chain.deploy(name).address for name in ("Reverts", "Burns", "Accepts", "SendsBack")
    )
    honest = chain.account()
    delegate(kernel, k, reverts)
    life = Life.found(kernel, [(k.address, 1), (honest, 3)], token, keys=[k])
    before = chain.balance(k.address)
    for round_, (code, sum_) in enumerate(
        [(reverts, 0), (burns, 0), (ZERO, 300), (burns, 300), (accepts, 500), (ZERO, 600)], 1
    ):
        delegate(kernel, k, code)
        kernel.pay(life.see, 400)
        assert (kept(life.payout()) == [0]) == (code in (reverts, burns))
        assert chain.balance(honest) == 300 * round_
        assert chain.balance(k.address) - before == sum_
    delegate(kernel, k, reverts)
    kernel.pay(life.see, 400)
    with refused("payment failed"):
        life.see.claim(0, k.address, gas=1_000_000)
    delegate(kernel, k, back)  # what it sends back is income
    life.see.claim(0, k.address)
    assert chain.balance(life.see.address) == 400
    delegate(kernel, k, burns)
    elsewhere = chain.account()
    owed = life.see.dues(ZERO, 0, 4, 1, 0, [int.from_bytes(life.agreement.tree.pages[0][:32])])
    life.leave_seat(k.address, 0, signature=life.alone(LEAVING, life.leave_hash(False, True, 0), k))
    life.redirect(k.address, elsewhere, 0)
    life.see.claim(0, k.address)
    assert (chain.balance(elsewhere),) == tuple(owed) == (25,)


@pytest.mark.parametrize(
    ("to", "fate"),
    {
        "itself": KEPT,  # one hop is followed, and a delegation is no code
        "an account that delegates": KEPT,
        "nothing": PAID,
        "a precompile": PAID,
        "a see": PAID,
        "the payer": PAID,
        "an implementation": PAID,  # of which it is none: it takes coin
        "the registry": KEPT,
    }.items(),
)
def test_what_an_account_may_delegate_to(
    kernel: Kernel, token: Contract, to: str, fate: str
) -> None:
    """Rule: whatever code an account chose, the others are paid, and nobody claims from it."""
    chain = kernel.chain
    account, other = chain.account(), chain.account()
    chain.set_code(other, DELEGATED + raw(chain.deploy("Accepts").address))
    scene = Scene(kernel, token, account, PAGE)
    sibling = Life.found(kernel, [(chain.account(), 1)])
    there = {
        "itself": account,
        "an account that delegates": other,
        "nothing": chain.account(),
        "a precompile": "0x" + "00" * 19 + "09",
        "a see": sibling.see.address,
        "the payer": scene.see.address,
        "an implementation": kernel.registry.see_implementation(),
        "the registry": kernel.registry.address,
    }[to]
    chain.set_code(account, DELEGATED + raw(there))
    (receipt,) = scene.payout("native")
    assert kept(receipt) == ([2] if fate == KEPT else [])
    assert [chain.balance(a) for a in scene.honest] == list(PARTS[:2])
    assert chain.balance(account) == (PARTS[2] if fate == PAID else 0)
    # It has the code of a SEE, and no table: there is nothing to prove.
    tree = Tree.of([(other, 1)])
    with suppress(Reverted):
        chain.at("SEE", account).join(tree.table, 0, tree.pages[0], True)
    assert chain.balance(other) == 0
    assert chain.balance(account) == (PARTS[2] if fate == PAID else 0)


def test_no_choice_of_gas_starves_an_account_that_delegates(
    kernel: Kernel, token: Contract
) -> None:
    """Rule: at every gas a payout pays a delegated account that needs all of what is promised,
    or changes nothing. The delegation itself costs the caller 2,600 more."""
    chain = kernel.chain
    account, there = chain.account(), chain.account()
    chain.set_code(there, eats(100_000))
    chain.set_code(account, DELEGATED + raw(there))
    scene = Scene(kernel, token, account, PAGE)
    scene.payout("native")
    outcomes = []
    for gas in range(60_000, 460_000, 2_500):
        kernel.pay(scene.see, 80)
        held = [chain.balance(a) for a in (*scene.honest, account, scene.see.address)]
        try:
            receipt = scene.life.payout(gas=gas)
        except Reverted:
            outcomes.append(False)
            after = [chain.balance(a) for a in (*scene.honest, account, scene.see.address)]
            assert after == held
        else:
            outcomes.append(True)
            assert kept(receipt) == [], gas
            assert chain.balance(scene.see.address) == 0
    assert outcomes == sorted(outcomes)
    assert {True, False} <= set(outcomes)


PRECOMPILES = {n: PAID if n < 9 else KEPT for n in range(1, 18)}


def special(kernel: Kernel, token: Contract) -> dict[str, tuple[str, str, str]]:
    """Accounts of their own kind: what becomes of coin, and of a token, that is pushed."""
    registry, coinbase = kernel.registry, "0x" + "c0" * 20
    kernel.chain.rpc("anvil_setCoinbase", coinbase)
    split = kernel.split(Tree.of([(kernel.chain.account(), 1)]))
    sibling = Life.found(kernel, [(kernel.chain.account(), 1)])
    return {
        "the token": (token.address, KEPT, KEPT),
        "the Registry": (registry.address, KEPT, KEPT),
        "the implementation of SEEs": (registry.see_implementation(), KEPT, KEPT),
        "the implementation of Splitters": (kernel.splitter.address, KEPT, KEPT),
        "a sibling": (sibling.see.address, PAID, KEPT),  # of no hook it knows
        "a fixed Splitter": (split.address, PAID, KEPT),
        "the coinbase": (coinbase, PAID, PAID),
        "the deterministic deployer": (DEPLOYER, KEPT, KEPT),
        **{
            f"precompile {n}": (to_checksum_address(n.to_bytes(20, "big")), fate, PAID)
            for n, fate in PRECOMPILES.items()
        },
    }


def test_members_that_are_no_ordinary_accounts(kernel: Kernel, token: Contract) -> None:
    """Rule: a seat of the token, the Registry, an implementation, a sibling, a precompile or the
    coinbase stops nobody; what it does not take stays owed to it, and nobody else gets it."""
    for name, (account, coin_fate, token_fate) in special(kernel, token).items():
        with kernel.chain.undone():
            kernel.chain.set_balance(account, 0)
            had = token.balanceOf(account)
            scene = Scene(kernel, token, account, PAGE)
            for coin, fate in (("native", coin_fate), ("token", token_fate)):
                (receipt,) = scene.payout(coin)
                assert kept(receipt) == ([2] if fate == KEPT else []), (name, coin)
                assert [scene.had(a, coin) for a in scene.honest] == list(PARTS[:2]), name
                held = scene.had(account, coin) - (had if coin == "token" else 0)
                assert held == (PARTS[2] if fate == PAID else 0), name
                assert scene.dues(coin) == [0, 0, PARTS[2] if fate == KEPT else 0], name
                assert kept(scene.payout(coin)[0]) == ([2] if fate == KEPT else []), name
                assert [scene.had(a, coin) for a in scene.honest] == list(PARTS[:2]), name
