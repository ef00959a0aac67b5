"""How memory grows with the number of events, and what an interruption and a fork cost."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from web3 import HTTPProvider, Web3

from bench.chain import BenchError
from bench.reading.filling import TIMES, Filled

SIZES = (100_000, 300_000, 1_000_000)
IN_A_BLOCK = TIMES * 11 // 2  # rows: the transfers by which a `pay` was made are none
FORKED = 10  # blocks, of which the hash changes


@contextmanager
def replayed(place: Filled, events: int) -> Iterator[str]:
    """The URL of a node with so many events more than the anvil has."""
    blocks = -(-events // IN_A_BLOCK)
    provider: Any = place.w3.provider
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.reading.replay", provider.endpoint_uri, str(blocks)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def flatness(place: Filled, folder: Path) -> dict[str, Any]:
    """Figures of readings of several sizes, of one that was interrupted, and of a fork."""
    found: dict[str, Any] = {"sizes": []}
    for size in SIZES:
        with replayed(place, size) as url:
            own = folder / str(size)
            found["sizes"].append({"events": size, **_read(url, place, own)})
            if size == SIZES[-1]:
                found["again"] = _read(url, place, own)
                found["interrupted"] = _interrupted(url, place, folder, found["sizes"][-1])
                found["fork"] = _fork(url, place, own, found["sizes"][-1])
    return found


def _command(url: str, place: Filled, folder: Path) -> list[str]:
    module = "bench.reading.one_reading"
    return [sys.executable, "-m", module, url, place.see.address, str(folder)]


def _read(url: str, place: Filled, folder: Path) -> dict[str, Any]:
    command = _command(url, place, folder)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchError(f"a reading failed: {done.stderr.strip().splitlines()[-1:]}")
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _interrupted(url: str, place: Filled, folder: Path, whole: dict[str, Any]) -> dict[str, Any]:
    """A reading that is interrupted half-way, and goes on."""
    own = folder / "interrupted"
    process = subprocess.Popen(
        _command(url, place, own), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while _kept(own) < 4 and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.wait()
    kept = _kept(own)
    asked = _ask(url, "replay_asked")
    went_on = _read(url, place, own)
    _same(went_on, whole)
    return {
        "parts_kept": kept,
        "parts": _kept(own),
        "requests": _ask(url, "replay_asked") - asked,
        **went_on,
    }


def _fork(url: str, place: Filled, folder: Path, whole: dict[str, Any]) -> dict[str, Any]:
    """The last blocks change: what is final stays, and the others are read again."""
    head = int(_ask(url, "eth_blockNumber"), 16)
    _ask(url, "replay_fork", head - FORKED + 1)
    asked = _ask(url, "replay_asked")
    after = _read(url, place, folder)
    _same(after, whole)
    return {"blocks": FORKED, "requests": _ask(url, "replay_asked") - asked, **after}


def _kept(folder: Path) -> int:
    return len(list(folder.glob("blocks-*"))) if folder.exists() else 0


def _same(one: dict[str, Any], other: dict[str, Any]) -> None:
    if (one["rows"], one["paid"]) != (other["rows"], other["paid"]):
        raise BenchError(f"{one['rows']:,} rows were read, and {other['rows']:,} the first time")


def _ask(url: str, method: str, *parameters: object) -> Any:
    name: Any = method
    answer: Any = Web3(HTTPProvider(url)).provider.make_request(name, list(parameters))
    return answer["result"]
