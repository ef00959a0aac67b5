"""Sending: who signs, how a transaction is told to the node and mined, and of which task it is."""
