"""The whole life of a SEE on a local chain: `python -m demo`. No part of the package."""
