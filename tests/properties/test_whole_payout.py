"""Tables of one page to seventeen, paid whole, by pages and by claims, in any order.

A life is a seed: coin and two tokens, versions, leaves, redirects, failed and refused pushes, coin
that comes back amid a payout, balances that fall, and a member that calls for a payout while it is
paid (whole_payout.py). PROPERTIES_TIMES=50 lives fifty times as many, anew each time.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.chain import pyrevm
from tests.properties.conftest import profile
from tests.properties.whole_payout import live

pytestmark = pytest.mark.skipif(pyrevm is None, reason="pyrevm can't be imported here")


@profile(30)
@given(st.integers(0, 2**32), st.integers(10, 90))
def test_no_mix_of_payouts_of_several_pages_pays_a_seat_anything_but_its_part(
    seed: int, steps: int
) -> None:
    live(seed, steps)
