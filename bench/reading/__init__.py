"""Reading a SEE's logs into columns, raced against web3.py on one anvil.

    python -m bench.reading

writes bench/reading.json, and the tables between the markers of docs/performance.md.
"""
