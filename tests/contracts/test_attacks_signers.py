"""Contracts that have a voice (ERC-1271), and what is done with signatures that point."""

from __future__ import annotations

import pytest
from eth_utils import keccak

from tests.contracts.consent import KEYS, REGISTRATION, Office, compact, digest
from tests.contracts.evm import Contract, Kernel, refused

JUNK, REVERTS, BURNS, SHORT, ONE, LONG, DIRTY, ECHO, STRICT = range(1, 10)
BLOCK = 1024
# Says yes to whatever it is asked, and reads nothing of it.
ALWAYS = bytes.fromhex("7f1626ba7e" + "00" * 28 + "5f5260205ff3")
SAID = b"a signature of the contract's own"


@pytest.fixture
def signer(kernel: Kernel) -> Contract:
    return kernel.chain.deploy("Signer")


@pytest.fixture
def office(kernel: Kernel, signer: Contract) -> Office:
    """A key and a contract, by address."""
    made = Office.open(kernel)
    voices = sorted([KEYS[0].address, signer.address], key=lambda a: int(a, 16))
    made.agreement = made.agreement.changed(voices=tuple((a, 1) for a in voices))
    return made


def signatures(office: Office, signer: Contract, pointer: int, behind: bytes) -> bytes:
    """The key's signature, the contract's pointer, and what follows both."""
    out = b""
    for account, _ in office.agreement.voices:
        if account == signer.address:
            out += bytes(32) + (pointer % 2**256).to_bytes(32, "big")
        else:
            subject = office.agreement.hash
            it = digest(office.domain, REGISTRATION, account, subject, office.deadline)
            out += compact(KEYS[0].unsafe_sign_hash(it))
    return out + behind


def pointer(offset: int, length: int) -> int:
    return offset << 32 | length


def said(office: Office, signer: Contract) -> bytes:
    return signatures(office, signer, pointer(128, len(SAID)), SAID.ljust(BLOCK, b"\0"))


@pytest.mark.parametrize("mode", [0, LONG])
def test_a_contract_signs_by_the_magic_word(office: Office, signer: Contract, mode: int) -> None:
    """The right word is a yes, also at the head of a longer answer."""
    signer.set(mode, bytes(32))
    office.register(signatures=said(office, signer))


@pytest.mark.parametrize("mode", [JUNK, REVERTS, BURNS, SHORT, ONE, DIRTY, ECHO])
def test_no_other_answer_is_a_yes(office: Office, signer: Contract, mode: int) -> None:
    """Junk, a revert, burnt gas, short, true, dirty, an echo of the question."""
    signer.set(mode, bytes(32))
    with refused("bad signature"):
        office.register(signatures=said(office, signer))


@pytest.mark.parametrize(
    "code",
    ["", "5f5ff3", "620180005ff3", "620180005ffd", "fe", "365f5f37365ff3", "60205ff3"],
    ids=["no code", "nothing", "bomb", "reverting bomb", "invalid", "echo", "zeros"],
)
def test_odd_code_is_no_yes(office: Office, signer: Contract, code: str) -> None:
    """An account without code, bombs, an echo of all that was asked."""
    signatures_ = said(office, signer)
    office.kernel.chain.set_code(signer.address, bytes.fromhex(code))
    with refused("bad signature"):
        office.register(signatures=signatures_)


def test_a_signer_may_ask_back(office: Office, signer: Contract) -> None:
    """A contract that reads the Registry, as a SEE that signs will, gets its answer."""
    registry = office.kernel.registry
    signer.ask(registry.address, registry.data("record", signer.address))
    office.register(signatures=said(office, signer))


def test_a_precompile_has_no_voice(office: Office) -> None:
    """The precompile that answers what it is asked, and its neighbours."""
    for number in range(1, 18):
        account = f"0x{number:040x}"
        a = office.agreement.changed(voices=((account, 1),))
        with refused("bad signature"):
            office.register(a, bytes(32) + pointer(64, 0).to_bytes(32, "big") + bytes(BLOCK))


def test_the_contract_is_asked_about_exactly_what_it_signed(
    office: Office, signer: Contract
) -> None:
    """Length and bytes arrive as they were given."""
    signer.set(STRICT, keccak(SAID))
    good = said(office, signer)
    for length in (0, len(SAID) - 1, len(SAID) + 1, BLOCK):
        bad = signatures(office, signer, pointer(128, length), SAID.ljust(BLOCK, b"\0"))
        with refused("bad signature"):
            office.register(signatures=bad)
    office.register(signatures=good)


@pytest.mark.parametrize(
    ("offset", "length"),
    [
        (129, 0),
        (128 + BLOCK, 0),
        (5120, 5),
        (2**32, 5),
        (2**63, 5),
        (2**224 - 1, 5),
        (2**224 - BLOCK, 5),
        (2**224 - 128, 5),
        (128, BLOCK + 1),
        (128, 2**32 - 1),
    ],
)
def test_a_pointer_points_into_the_signatures(
    office: Office, signer: Contract, offset: int, length: int
) -> None:
    """Beyond the end, wrapping round, or longer than a block: refused by any signer."""
    good = signatures(office, signer, pointer(128, BLOCK), bytes(BLOCK))
    bad = signatures(office, signer, pointer(offset, length), bytes(BLOCK))
    office.kernel.chain.set_code(signer.address, ALWAYS)
    with refused():
        office.register(signatures=bad)
    office.register(signatures=good)


def test_a_key_does_not_sign_by_pointing(office: Office, signer: Contract) -> None:
    """A zero r means a contract: an account without code can't be said to have signed."""
    block = office.consent(keys=[KEYS[0]]).ljust(BLOCK, b"\0")
    word = bytes(32) + pointer(128, 64).to_bytes(32, "big")
    with refused("bad signature"):
        office.register(signatures=word + word + block)


def test_a_contract_does_not_sign_with_a_key_of_others(office: Office, signer: Contract) -> None:
    """An ECDSA signature in the place of a contract is not passed to it."""
    with refused("bad signature"):
        office.register(signatures=office.consent(keys=[KEYS[0], KEYS[0]]))


def test_a_signer_that_burns_its_gas_leaves_enough_to_end_without_it(
    office: Office, signer: Contract
) -> None:
    """A voice that would block is left out: the others' quorum ends the SEE."""
    office.agreement = office.agreement.changed(quorum=(1, 2))
    office.register(signatures=said(office, signer))
    signer.set(BURNS, bytes(32))
    key_only = b"".join(
        office.end()[:64] if account == KEYS[0].address else bytes(64)
        for account, _ in office.agreement.voices
    )
    office.deregister(key_only)
    assert office.see().ended()


@pytest.mark.parametrize("gas", [400_000, 800_000, 1_200_000])
def test_too_little_gas_makes_no_yes(office: Office, signer: Contract, gas: int) -> None:
    """A signer that runs out of gas says nothing, at any gas of the caller's choice."""
    signer.set(BURNS, bytes(32))
    with refused():
        office.register(signatures=said(office, signer), gas=gas)
