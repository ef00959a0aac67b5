"""The short form of the campaign of a million forged proofs."""

from __future__ import annotations

import pytest

from campaign import forged_proofs
from campaign.forged_proofs.forgeries import FORGERIES
from tests.properties.chain import pyrevm

pytestmark = pytest.mark.skipif(pyrevm is None, reason="pyrevm can't be imported here")
PROOFS = 10_000


def test_no_forged_proof_is_accepted() -> None:
    """Rule: of ten thousand forged proofs none counts, and the true ones beside them do."""
    figures = forged_proofs.Figures(seed=5)
    forged_proofs.chunk(forged_proofs.Mint(5), figures, PROOFS)
    assert figures.failed == []
    assert figures.proofs >= PROOFS
    assert figures.live >= PROOFS // 150
    assert figures.lies >= PROOFS // 10
    assert set(figures.ways) == {"join_page", "payout_page", "publish", "claim_versions"}
    made = {kind.__name__ for kind in FORGERIES} | {"of_another_version"}
    assert set(figures.kinds) == made
    assert set(figures.refused) >= forged_proofs.REFUSALS


def test_forgers_notice_a_true_proof() -> None:
    """The harness itself: a proof that is true is accepted, and then it is no forgery."""
    mint = forged_proofs.Mint(6)
    for target in mint.targets:
        assert mint.is_live(target, target.cases[0]), target.name
        assert mint.is_live(target, target.cases[0]), "it was not undone"
        assert mint.refusal(target, target.cases[0].but(proof=b"?")) != ""
