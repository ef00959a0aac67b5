"""What z3 proves of the arithmetic. Needs z3, which is in the proofs' own environment."""
