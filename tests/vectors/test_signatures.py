"""Our own signatures, good and spoiled, through the contracts and through the SDK's packing."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from seechain.consent import Kind
from tests.vectors import ours
from tests.vectors.make_signatures import CONTRACTS, Row, text_of
from tests.vectors.mutated import mutated
from tests.vectors.scene import DEADLINE, SIGNER, Stage, stage
from tests.vectors.spoiled import BAD, REFUSED


@pytest.fixture(scope="module")
def at(request: pytest.FixtureRequest) -> Iterator[Stage]:
    assert request.config.cache is not None
    with stage(request.config.cache.mkdir("contracts")) as here:
        yield here


@pytest.fixture(scope="module")
def rows(at: Stage) -> list[Row]:
    return list(ours.vectors(at))


def test_every_vector_ends_as_it_is_written(at: Stage, rows: list[Row]) -> None:
    figures, failed = ours.run(at, rows)
    assert failed == []
    assert figures["vectors"] == len(rows) == 921
    assert figures["put to the contracts"] > 800  # few are put to the SDK alone
    assert figures["taken"] > 130  # one byte more than 64 is v 0, and good where the parity is


def test_the_file_holds_what_is_made_today(at: Stage) -> None:
    """Nothing in it was mended by hand; what must come of each stands in the sources."""
    at.set("mode 0")
    assert ours.DATA.read_text("utf-8") == text_of(at)


def test_all_kinds_and_all_contracts_that_sign_are_in_it(rows: list[Row]) -> None:
    # A posting is for the Noticeboard, whose own tests sign it.
    kinds = set(Kind) - {Kind.POSTING}
    by_kind = Counter(row.kind for row in rows if row.scene == "keys")
    assert set(by_kind) == kinds
    assert min(by_kind.values()) >= 60
    for kind in kinds:
        cases = {row.case for row in rows if row.scene == "contract" and row.kind == kind}
        assert cases == set(CONTRACTS)


@pytest.mark.parametrize("setting", ["mode 0", "mode 9"])
def test_a_wrong_word_in_the_file_is_seen(at: Stage, rows: list[Row], setting: str) -> None:
    """What is taken and what is refused, told wrongly, fails: for the contracts and the SDK."""
    some = [row for row in rows if row.setting == setting and row.contract is not None]
    some = some[:: len(some) // 6]
    wrong = [
        replace(row, contract=BAD if row.contract == "" else "", sdk="" if row.sdk else REFUSED)
        for row in some
    ]
    _, failed = ours.run(at, wrong)
    assert len([each for each in failed if "the contracts say" in each]) >= len(wrong) > 1
    assert len([each for each in failed if "the SDK says" in each]) == len(wrong)


def test_what_is_called_spoiled_is_not_another_good_one(rows: list[Row]) -> None:
    """A key has two good signatures of one message where it has used two nonces."""
    good = {(row.kind, row.account, row.signature) for row in rows if row.sdk == ""}
    for row in mutated(rows, random.Random(5), 20_000):
        if row.sdk == REFUSED and row.deadline == DEADLINE and row.account != SIGNER:
            assert (row.kind, row.account, row.signature) not in good


@pytest.mark.parametrize("seed", range(2))
def test_what_dice_have_spoiled_is_refused(at: Stage, rows: list[Row], seed: int) -> None:
    figures, failed = ours.run(at, mutated(rows, random.Random(seed), 120))
    assert failed == []
    assert figures["refused"] > 50
