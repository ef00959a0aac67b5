# pragma version 0.4.3
"""
@title Slots
@license MIT
@notice Where a SEE keeps its state; tests/proofs/test_catalogue.py compares it with the compiler's.
"""
COMMITMENTS: constant(uint256) = 0
NATIVE: constant(uint256) = 1
TOKENS: constant(uint256) = 2
PAGES: constant(uint256) = 3
SEATS: constant(uint256) = 4
TOKEN_SEATS: constant(uint256) = 5
REDIRECTS: constant(uint256) = 6
CLOSED: constant(uint256) = 7
ENDED: constant(uint256) = 8
