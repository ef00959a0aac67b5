"""What the acts cost here and in the best splitters that the npm registry has, on one chain.

`python -m bench.peers --help` says how it is run; docs/performance.md says what is measured.
"""
