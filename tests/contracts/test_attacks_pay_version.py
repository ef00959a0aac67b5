"""Who names a version as it pays, pays that version or nobody."""

from __future__ import annotations

from tests.contracts.evm import ZERO, Kernel, Tree, key, refused
from tests.contracts.life import Life


def test_a_payment_never_lands_in_another_version_than_it_names(kernel: Kernel) -> None:
    """A currency that can't be read within bounds keeps its old book: a payment under the next
    version is refused, and does not go to the members of before."""
    token = kernel.chain.deploy("HeavyToken")
    old, new = kernel.chain.account(), kernel.chain.account()
    life = Life.found(kernel, [(old, 1)], token)
    life.join(0, False)
    life.amend(life.next(Tree.of([(new, 1)])))
    with refused("wrong version"):
        life.see.pay(ZERO, 1, bytes(32), 0, value=1)
    assert life.see.book(token.address)[0] == 0
    token.approve(life.see.address, 200)
    with refused("wrong version"):
        life.see.pay(token.address, 100, bytes(32), 1)
    life.see.pay(token.address, 100, bytes(32))  # whatever is in force: the old books
    life.see.claim_versions([], [key(0, old)], [token.address])
    assert token.balanceOf(old) == 100
