"""A SEE's life, and SEEs in SEEs, on a local chain: `python -m demo`, `python -m demo.mesh`.

No part of the package.
"""
