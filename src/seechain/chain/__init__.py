"""The chain: nodes, contracts, logs and tokens, what they answer and what they refuse."""
