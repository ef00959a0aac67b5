"""What only looks like a SEE, and what is one and belongs to nobody, fed to every function."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from tests.contracts.consent import KEYS, compact
from tests.contracts.evm import ETHER, ZERO, Contract, Kernel, Reverted, refused
from tests.contracts.signed import Acts, digest
from tests.contracts.sweep import Sweep, changing
from tests.contracts.wire import short_wire

INIT = bytes.fromhex("60838060093d393df3")  # of a clone, ahead of its code
STRANGER = "0x" + "5a" * 20
SIGNED = KEYS[0]


@pytest.fixture
def acts(kernel: Kernel) -> Iterator[Acts]:
    with short_wire(kernel.chain):
        kernel.chain.rpc("anvil_setBalance", STRANGER, hex(ETHER))
        kernel.chain.rpc("anvil_impersonateAccount", STRANGER)
        yield Acts(kernel, SIGNED.address, b"")


def forged(acts: Acts) -> dict[str, str]:
    """Addresses that are no SEE of the Registry, and most of them say that they are."""
    chain, kernel, code = acts.chain, acts.kernel, acts.chain.code(acts.see.address)
    forger = chain.deploy("Forger", acts.life.agreement.hash)
    implementation = bytes.fromhex(kernel.registry.see_implementation()[2:])
    assert code.count(implementation) == 1
    other = code.replace(implementation, bytes.fromhex(forger.address[2:]))
    fresh = acts.office.agreement.changed(nonce=b"\4" * 32)
    kernel.registry.deploy(fresh.table)
    return {
        "the same bytes": chain.send(None, INIT + code)["contractAddress"],
        "another implementation": chain.send(None, INIT + other)["contractAddress"],
        "answers like one": forger.address,
        "a fixed Splitter": kernel.split(acts.life.agreement.tree).address,
        "not registered": acts.office.see(fresh).address,
        "the implementation": kernel.registry.see_implementation(),
        "the Registry": kernel.registry.address,
        "a member": SIGNED.address,
        "nobody": chain.account(),
        "the zero address": ZERO,
        "a precompile that echoes": "0x" + "00" * 19 + "04",
    }


OF_A_SEE = ["Amendment", "Deregistration", "Leaving", "Leaving of a voice", "Publication"]


def test_what_is_no_see_is_none_in_every_function_of_the_registry(acts: Acts) -> None:
    """Rule: even where all voices sign for it, what the Registry did not register is not amended,
    left, ended, located, endorsed for or expired; and publishes under its own name alone."""
    true, registry = acts.see, acts.registry
    named = {e["name"] for e in changing(registry) if any(i["name"] == "see" for i in e["inputs"])}
    assert named == {
        *("amend", "deregister", "leave_seat", "leave", "locate", "endorse", "expire"),
    }
    record = registry.record(true.address)
    table, words = acts.life.agreement.table, acts.life.agreement.tree.pages[0]
    for name, address in forged(acts).items():
        acts.see = acts.chain.at("SEE", address)
        for kind in [*OF_A_SEE, "Endorsement"]:
            hash_ = digest(kind, acts.message(kind), acts.domain())
            with refused("not registered"):
                acts.tried(kind, compact(SIGNED.unsafe_sign_hash(hash_)))
        expire = registry.data("expire", address, *acts.life.agreement.preimage)
        with refused("not registered"):
            acts.chain.call(registry.address, expire)
        with suppress(Reverted):
            published = registry.publish(address, table, 0, [words], [b""])
            assert len(published["logs"]) == 1, name
            assert int(published["logs"][0]["topics"][1], 16) == int(address, 16), name
        assert registry.record(address)[1] == 0, name
    assert registry.record(true.address) == record


def test_what_is_no_see_is_nobody_s_account(acts: Acts) -> None:
    """Rule: as the account of an act it has signed nothing, whatever is given as its signature."""
    kinds = ("Leaving", "Leaving of a voice", "Redirection", "Publication")
    for name, address in forged(acts).items():
        for kind in kinds:
            signed = compact(
                SIGNED.unsafe_sign_hash(digest(kind, acts.message(kind), acts.domain()))
            )
            for signature in (b"", bytes(64), signed):
                if (name, kind) == ("a member", kind) and signature == signed:
                    continue
                with refused():
                    acts.tried(kind, signature, address)


def money(acts: Acts, token: Contract) -> list[Any]:
    now = acts.life.agreement
    words = [int.from_bytes(now.tree.pages[0][at : at + 32], "big") for at in (0, 32)]
    out: list[Any] = [acts.chain.balance(acts.see.address), token.balanceOf(acts.see.address)]
    for currency in (ZERO, token.address):
        out.append(acts.see.dues(currency, 0, now.tree.shares, 1, 0, words))
    return [*out, acts.see.commitment(), acts.see.version()]


def test_what_is_no_currency_moves_none(acts: Acts, token: Contract) -> None:
    """Rule: given as a currency to every function of a SEE, an address that is no token moves
    nothing of any other: not coin, not a token, not an agreement."""
    acts.kernel.pay(acts.see, 4000)
    acts.kernel.pay(acts.see, 4000, token)
    before = money(acts, token)
    takes = {e["name"] for e in changing(acts.see) if "currenc" in str(e["inputs"])}
    assert takes == {
        *("claim_token", "claim_versions", "payout", "payout_page", "payout_whole", "pay"),
        *("pay_late", "touch", "redirect", "succeed", "leave"),
    }
    for name, address in {**forged(acts), "itself": acts.see.address}.items():
        if address == ZERO:
            continue  # that is the coin
        sweep = Sweep(acts.life, SIGNED.address, acts.elsewhere, address)
        pool = {"amount": 5, "seats": []}
        for function, data in sweep.calls(acts.see, pool, {**pool, "amount": 0}, naming="currenc"):
            with suppress(Reverted):
                acts.chain.send(acts.see.address, data, sender=STRANGER, gas=3_000_000)
            assert money(acts, token) == before, (name, function)


def kept(acts: Acts, account: str) -> list[str]:
    proof = acts.chain.rpc("eth_getProof", account, [], "latest")
    return [proof[each] for each in ("storageHash", "balance", "nonce", "codeHash")]


@pytest.mark.parametrize("which", ["SEE", "Splitter"])
def test_an_implementation_is_nobody_s(acts: Acts, token: Contract, which: str) -> None:
    """Rule: called directly, by anybody, with whatever could be true, an implementation keeps
    nothing: no slot is written, no coin stays, nobody becomes its Registry."""
    registry = acts.registry
    there = registry.see_implementation() if which == "SEE" else registry.splitter_implementation()
    contract = acts.chain.at(which, there)
    untouched = kept(acts, there)
    names = set()
    for currency in (ZERO, token.address):
        sweep = Sweep(acts.life, SIGNED.address, acts.elsewhere, currency)
        pools = ({"amount": 7}, {"amount": 0, "version": 2**256 - 1, "keys": []})
        for name, data in sweep.calls(contract, *pools):
            for value in (0, 7):
                names.add(name)
                with suppress(Reverted):
                    acts.chain.send(there, data, value=value, sender=STRANGER, gas=2_000_000)
    assert len(names) == len({e["name"] for e in changing(contract)}) > 7
    for data, value in ((b"", 7), (b"memo!", 7), (b"memo!", 0), (b"", 0)):
        with refused("not payable"):
            acts.chain.send(there, data, value=value)
    assert kept(acts, there) == untouched


def test_a_clone_can_not_be_begun_again(acts: Acts) -> None:
    """Rule: there is nothing to initialise: a clone's table is in its code, and no function that
    a stranger calls, on a fresh clone or a living one, changes its agreement."""
    fresh = acts.office.agreement.changed(nonce=b"\4" * 32)
    acts.registry.deploy(fresh.table, sender=STRANGER)
    clone = acts.office.see(fresh)
    for see, agreement in ((clone, fresh), (acts.see, acts.life.agreement)):
        sweep = Sweep(acts.life, SIGNED.address, STRANGER, ZERO)
        for name, data in sweep.calls(see, {"amount": 0}):
            with suppress(Reverted):
                acts.chain.send(see.address, data, sender=STRANGER, gas=3_000_000)
            assert (see.commitment(), see.version(), see.ended()) == (agreement.hash, 0, False), (
                name
            )
        for kind in ("init", "initialize", "setup", "__init__"):
            for types in ("", "address", "bytes32", "address,bytes32"):
                data = bytes.fromhex("00000000") + f"{kind}({types})".encode()
                with refused():
                    acts.chain.send(see.address, data, sender=STRANGER)
    assert acts.registry.record(clone.address)[1] == 0
