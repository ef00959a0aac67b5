"""Builds a share table from a seats file, in a process of its own: `python -m scale.building`.

Says in JSON what each step took, the most memory that the process had, and a digest of the root
and of the proof of every seat, so that two ways can be compared.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PAGE = 32


@dataclass
class Clock:
    """Seconds of each step: on the wall, and of the processor in this process."""

    wall: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Takes the time of what is done inside."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.cpu[name] = round(time.process_time() - cpu, 4)
        self.wall[name] = round(time.perf_counter() - wall, 4)

    @property
    def found(self) -> dict[str, Any]:
        """All steps and their sums."""
        return {
            "steps": self.cpu,
            "cpu": round(sum(self.cpu.values()), 4),
            "wall": round(sum(self.wall.values()), 4),
        }


def peak() -> float:
    """The most memory that this process had, in MiB."""
    # A process starts with the ru_maxrss of the one that started it; this is its own.
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return round(int(line.split()[1]) / 1024, 1)
    raise RuntimeError("this system does not say how much memory a process had")


def ours(path: Path, clock: Clock) -> tuple[bytes, Iterator[bytes]]:
    """The root, and the proof of every seat, by seechain."""
    from seechain.agreement.file import read_seats
    from seechain.share_table import ShareTable

    with clock.step("read"):
        words = read_seats(path)
    with clock.step("tree"):
        table = ShareTable.from_words(words)
        root = table.root
    with clock.step("proofs"):
        proofs = b"".join(table.proofs())

    def of_seats() -> Iterator[bytes]:
        at = 0
        for page in range(table.pages):
            size = len(table.proof(page))
            for _ in range(len(table.page(page)) // 32):
                yield proofs[at : at + size]
            at += size

    return root, of_seats()


def plain(path: Path, clock: Clock) -> tuple[bytes, Iterator[bytes]]:
    """The root, and the proof of every seat, the plain way."""
    from scale import plain as way

    with clock.step("read"):
        seats = way.read(path)
    with clock.step("tree"):
        levels = way.tree(seats)
        root = levels[-1][0].hash
    with clock.step("proofs"):
        proofs = [way.proof(levels, index) for index in range(len(seats))]
    return root, (b"".join(node.packed() for node in each) for each in proofs)


def measure(way: str, path: Path) -> dict[str, Any]:
    """What one way takes, in this process."""
    before = peak()
    clock = Clock()
    root, proofs = {"ours": ours, "plain": plain}[way](path, clock)
    figures = clock.found | {"memory": peak(), "memory_before": before}
    digest = hashlib.sha256(root)
    length = count = 0
    for each in proofs:
        digest.update(each)
        length, count = max(length, len(each)), count + 1
    return figures | {"seats": count, "proof_bytes": length, "digest": digest.hexdigest()}


def apart(way: str, path: Path, backend: str = "") -> dict[str, Any]:
    """As `measure`, in a process of its own. backend: of eth-hash, instead of the fastest."""
    environment = {**os.environ, "ETH_HASH_BACKEND": backend}
    command = [sys.executable, "-m", "scale.building", way, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m scale.building", description=__doc__)
    parser.add_argument("way", choices=["ours", "plain"])
    parser.add_argument("path", type=Path)
    options = parser.parse_args()
    print(json.dumps(measure(options.way, options.path)))
