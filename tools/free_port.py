"""Prints a port of this machine that is free, and from which the system gives none to clients.

Ape chooses anvil's among the ports that clients get: where many tests ask their nodes beside it, it
is now and then in use, and anvil does not start.
"""

from __future__ import annotations

import random
import socket

PORTS = range(20_000, 32_000)


def free_port() -> int:
    """A port on which a server can listen now."""
    while True:
        port = random.choice(PORTS)
        with socket.socket() as server:
            try:
                server.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


if __name__ == "__main__":
    print(free_port())
