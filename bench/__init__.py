"""The gas benchmark: what each act costs on a real chain, against targets and the best peers.

`python -m bench --help` says how it is run; docs/gas.md says what is measured.
"""
