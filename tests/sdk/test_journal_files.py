"""The files of a Journal when they are old, foreign, broken, shared or can't be written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from web3 import Web3

from seechain import JournalError
from seechain.reverts import NotMined
from tests.sdk.chain import rpc
from tests.sdk.journals import PAYER, dies, mine, paid, pay, raw_of, sent


@pytest.fixture
def nothing_mined(w3: Web3, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A chain on which somebody must mine, and nobody waits long."""
    monkeypatch.setattr("seechain.senders.WAIT", 0.2)
    rpc(w3, "evm_setAutomine", False)
    yield
    rpc(w3, "evm_setAutomine", True)


# ------------------------------------------------------------ what is older than the lease


def only(folder: Path, pattern: str = "*.jsonl") -> Path:
    """The one file of a name."""
    (path,) = folder.rglob(pattern)
    return path


@pytest.mark.parametrize("lines", [0, 1])
def test_an_older_copy_of_a_journal_does_not_pay_again(
    w3: Web3, tmp_path: Path, lines: int
) -> None:
    pay(w3, tmp_path)
    path, before = only(tmp_path), (paid(w3), sent(w3))
    path.write_text("".join(path.read_text().splitlines(True)[:lines]))
    with pytest.raises(JournalError, match=r"lacks step 1, .* 0x\w{64} with nonce .* use another"):
        pay(w3, tmp_path)
    path.unlink()
    with pytest.raises(JournalError, match="lacks step 1"):
        pay(w3, tmp_path)
    assert (paid(w3), sent(w3)) == before


def test_an_older_copy_does_not_pay_beside_what_waits(
    w3: Web3, tmp_path: Path, nothing_mined: None
) -> None:
    before = paid(w3)
    senders = {"signs itself": PAYER, "the node signs": PAYER.address}
    for name, sender in senders.items():
        with pytest.raises(NotMined):
            pay(w3, tmp_path, name, sender=sender)
    for path in tmp_path.glob("*.jsonl"):
        path.write_text(path.read_text().splitlines(True)[0])
    for name, sender in senders.items():
        with pytest.raises(JournalError, match="lacks step 1"):
            pay(w3, tmp_path, name, sender=sender)
    mine(w3)
    assert paid(w3) == before + 10


def test_what_was_never_told_is_not_missed(w3: Web3, tmp_path: Path) -> None:
    before, count = paid(w3), sent(w3)
    dies("before it is written down", w3, lambda other: pay(other, tmp_path))
    raw = raw_of(count, 1, 10**9)  # a wallet uses the nonce
    w3.eth.wait_for_transaction_receipt(w3.eth.send_raw_transaction(raw))
    pay(w3, tmp_path)
    assert paid(w3) == before + 6


def test_a_key_that_is_used_again_misses_nothing(w3: Web3, tmp_path: Path) -> None:
    before = paid(w3)
    for _ in range(3):
        pay(w3, tmp_path, once=False)
    assert paid(w3) == before + 15
