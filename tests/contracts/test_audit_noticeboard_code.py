"""An audit of the Noticeboard: authors that are contracts, precompiles or accounts with code."""

from __future__ import annotations

from typing import Any

import pytest
from eth_utils import keccak

from tests.contracts.board_stage import Board, Notice, posted
from tests.contracts.consent import KEYS
from tests.contracts.evm import Contract, Kernel, Reverted, raw, refused
from tests.contracts.life import Life
from tests.contracts.nest import BLOCK

DELEGATED = bytes.fromhex("ef0100")  # EIP-7702
POST = (
    "post((address,uint256,bytes32,string,uint256,uint256),"
    "(bytes32,uint256,uint256,bytes32),(bytes32,uint256,uint256,uint256,bytes32),"
    "bytes,bytes32,address,uint256,uint256,bytes)"
)
THIEF = KEYS[3]


@pytest.fixture
def board(kernel: Kernel) -> Board:
    return Board(kernel)


def _wallet(board: Board, code: str = "Signer") -> tuple[Contract, Notice, Any]:
    """A SEE of one voice, a contract's."""
    wallet = board.chain.deploy(code)
    agreement = board.life.agreement.changed(voices=((wallet.address, 1),), nonce=b"\1" * 32)
    from_wallet = bytes(32) + (64 << 32).to_bytes(32, "big") + bytes(BLOCK)
    board.life.office.register(agreement, signatures=from_wallet)
    return wallet, board.appeal(see=board.life.office.see(agreement).address), agreement


def test_a_contract_that_calls_back_while_it_is_asked_changes_nothing(board: Board) -> None:
    """It is asked without a right to write, so the second notice is not posted within the first."""
    wallet, notice, agreement = _wallet(board)
    board_ = board.board
    wallet.ask(board_.address, board_.data("posted", bytes(32)))
    said = posted(board.post(notice, wallet.address, 0, b"any", agreement))
    assert said["author"] == wallet.address.lower()
    wallet.ask(board_.address, keccak(text=POST)[:4] + bytes(96))
    with refused("bad signature"):
        board.post(notice.changed(uri=""), wallet.address, 0, b"any", agreement)


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 1024])
def test_a_signature_of_any_length_reaches_a_contract_as_it_is(board: Board, size: int) -> None:
    wallet, notice, agreement = _wallet(board)
    signature = b"\xff" * size
    wallet.set(9, keccak(signature))  # yes to this one only
    how: Any = {"agreement": agreement, "sender": board.chain.me}
    with refused("bad signature"):
        board.post(notice, wallet.address, 0, signature[:-1] + b"\xfe", **how)
    posted(board.post(notice, wallet.address, 0, signature, **how))


def test_a_relayer_who_gives_little_gas_posts_all_or_nothing(board: Board) -> None:
    wallet, notice, agreement = _wallet(board)
    key = board.key_of(notice, wallet.address)
    done = 0
    for gas in range(40_000, 200_000, 5_000):
        with board.chain.undone():
            try:
                receipt = board.post(notice, wallet.address, 0, b"any", agreement, gas=gas)
            except Reverted:
                assert board.board.posted(key) == 0
                continue
            done += 1
            assert posted(receipt)["key"] == key
    assert 0 < done < 32


@pytest.mark.parametrize("code", ["audit_puppet", "Token", ""])
def test_an_account_that_chose_code_is_its_keys_and_its_codes(board: Board, code: str) -> None:
    """EIP-7702: what it signed before counts on. Code that says yes to all speaks for it alone;
    code that says nothing lets nobody speak."""
    notice = board.appeal()
    signature = board.sign(notice, KEYS[0])
    at = board.chain.deploy(code).address if code else "0x" + (4).to_bytes(20, "big").hex()
    board.chain.set_code(KEYS[0].address, DELEGATED + raw(at))
    other = notice.changed(uri="")
    if code == "audit_puppet":
        board.post(other, KEYS[0].address, 0, b"any")
    else:
        with refused("bad signature"):
            board.post(other, KEYS[0].address, 0, b"any")
    with refused("bad signature"):
        board.post(other, KEYS[1].address, 1, b"any")
    posted(board.post(notice, signature=signature))


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 9])
def test_a_precompile_in_a_roll_says_nothing(board: Board, number: int) -> None:
    """An amendment may name any account: the identity echoes the question, ecrecover is silent."""
    account = "0x" + number.to_bytes(20, "big").hex()
    thief = Life.found(board.kernel, [(board.chain.account(), 1)], keys=[THIEF])
    thief.amend(thief.next(thief.agreement.tree, voices=((account, 1),)))
    notice = board.record(see=thief.see.address)
    for signature in (b"", b"any", bytes(64), b"\1" * 64):
        with refused("bad signature"):
            how: Any = {"agreement": thief.agreement, "sender": board.chain.me}
            board.post(notice, account, 0, signature, **how)


def test_one_key_with_two_accounts_signs_for_the_one_it_names(board: Board) -> None:
    """A wallet that asks the same key: the digest names the account, so that what the key signed
    as another account is none for its own."""
    notice = board.record()
    for name in (KEYS[1].address, board.see, board.kernel.registry.address):
        other = board.sign(notice, KEYS[0], account=name)
        with refused("bad signature"):
            board.post(notice, KEYS[0].address, 0, other)
    board.post(notice, signature=board.sign(notice, KEYS[0]))
