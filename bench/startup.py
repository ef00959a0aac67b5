"""How long the command takes to start, and whose time a registration is: the node's or ours.

    python -m bench.startup [--check]

Starts are the median of ten processes. A registration is all that a person waits for at a node
that runs: the file is read, the Registry checked, three voices sign, and the transaction is
estimated, signed, sent and found in a block. The chain's part is the time in requests, from when
the HTTP client is called until it has the answer; ours is all else. Of the requests it is said
too how much is CPU of the client, and how much is waiting for the node.
"""

from __future__ import annotations

import argparse
import json
import platform
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Any

from bench.chain import ANVIL, ROOT
from bench.tables import markdown, put
from tools import anvil

RECORD = ROOT / "bench" / "startup.json"
DOCUMENT = ROOT / "docs" / "performance.md"
EXAMPLE = ROOT / "examples" / "night-market.yaml"
COMMAND = "python -m bench.startup"
TIMES = 10  # processes of each kind
REGISTRATIONS = 30
IMPORT_MOST, HELP_MOST = 0.10, 0.15  # seconds above bare Python
PROFILED = 10  # modules that are listed
MNEMONIC = "test test test test test test test test test test test junk"

STARTS = {
    "bare Python": ["-c", "pass"],
    "`import seechain`": ["-c", "import seechain"],
    "`seechain --help`": ["-c", "from seechain.cli import main; main()", "--help"],
}


class Asked:
    """The time in requests of a provider, by the clock and of this process's CPU."""

    def __init__(self) -> None:
        self.seconds = self.cpu = 0.0
        self.requests = 0

    def listen(self, provider: Any) -> None:
        """Measure each request of this provider from now on."""
        ask = provider.make_request

        def asked(method: Any, parameters: Any) -> Any:
            began, own = time.perf_counter(), time.process_time()
            try:
                return ask(method, parameters)
            finally:
                self.seconds += time.perf_counter() - began
                self.cpu += time.process_time() - own
                self.requests += 1

        provider.make_request = asked


def main(arguments: list[str] | None = None) -> int:
    """Run it; 0 if all targets are met, else 1."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args(arguments)
    figures = measure()
    for name, table in tables(figures).items():
        print(f"{name}\n{table}")
    if not options.check:
        RECORD.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
        write_into(DOCUMENT, figures)
    faults = misses(figures)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def measure(times: int = TIMES, registrations: int = REGISTRATIONS) -> dict[str, Any]:
    """All figures, in seconds and milliseconds."""
    return {
        "command": COMMAND,
        "machine": "2 cores",
        "versions": {
            "python": platform.python_version(),
            "anvil": ANVIL,
            "web3": version("web3"),
        },
        "starts": {name: start(words, times) for name, words in STARTS.items()},
        "registration": registration(registrations),
    }


def start(words: list[str], times: int) -> dict[str, float]:
    """Seconds of a process, medians: what it takes, and its CPU."""
    took, own = [], []
    for _ in range(times):
        began, before = time.perf_counter(), _children()
        subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
        took.append(time.perf_counter() - began)
        own.append(_children() - before)
    return {"s": round(statistics.median(took), 3), "cpu_s": round(statistics.median(own), 3)}


def _children() -> float:
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def registration(times: int) -> dict[str, Any]:
    """Milliseconds of a registration, medians, and where our own go."""
    from eth_account import Account

    from seechain import Agreement, Registry
    from seechain.cli.connecting import connected

    Account.enable_unaudited_hdwallet_features()
    keys = [
        Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{number}")
        for number in range(4)
    ]

    def register(number: int, asked: Asked | None = None) -> None:
        w3 = connected(url)
        if asked is not None:
            asked.listen(w3.provider)
        registry = Registry(w3)
        agreement = Agreement.load(EXAMPLE).model_copy(update={"name": f"Market {number}"})
        consents = [registry.sign(agreement, key) for key in keys[1:]]
        registry.register(agreement, consents, sender=keys[0])

    with anvil.running("--hardfork", "prague") as url:
        Registry.deploy(connected(url), sender=keys[0])
        register(0)  # what is read once in a process was read
        runs = [_split(partial(register, at)) for at in range(1, times + 1)]
        with _sampled() as modules:
            for at in range(times + 1, 2 * times + 1):
                register(at)
    found: dict[str, Any] = {
        name: round(statistics.median(run[name] for run in runs), 2) for name in runs[0]
    }
    total = max(1, modules.total())
    found["profile"] = {
        name: round(100 * count / total, 1) for name, count in modules.most_common(PROFILED)
    }
    return found


def _split(act: Callable[[Asked], None]) -> dict[str, float]:
    asked = Asked()
    began, own = time.perf_counter(), time.process_time()
    act(asked)
    seconds, cpu = time.perf_counter() - began, time.process_time() - own
    return {
        "ms": 1000 * seconds,
        "chain_ms": 1000 * asked.seconds,
        "client_cpu_ms": 1000 * asked.cpu,
        "own_ms": 1000 * (seconds - asked.seconds),
        "own_cpu_ms": 1000 * (cpu - asked.cpu),
        "requests": asked.requests,
    }


@contextmanager
def _sampled() -> Iterator[Counter[str]]:
    """In which package our CPU is, looked at each two milliseconds of it."""
    modules: Counter[str] = Counter()

    def look(_: int, frame: FrameType | None) -> None:
        name = frame.f_globals.get("__name__", "") if frame is not None else ""
        modules[str(name).partition(".")[0] or "others"] += 1

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, 0.002, 0.002)
    try:
        yield modules
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def tables(figures: dict[str, Any]) -> dict[str, str]:
    """The tables of the document, by their names there."""
    starts, found = figures["starts"], figures["registration"]
    bare = starts["bare Python"]["s"]
    rows = [["", "s", "s above bare Python", "s of CPU"]]
    rows += [
        [name, f"{each['s']:.3f}", f"{each['s'] - bare:.3f}", f"{each['cpu_s']:.3f}"]
        for name, each in starts.items()
    ]
    waiting = max(0.0, found["chain_ms"] - found["client_cpu_ms"])
    split = [
        ["a registration", "ms", "%"],
        [f"the chain's: {found['requests']:.0f} requests until their answers", found["chain_ms"]],
        ["of these, waiting for the node", waiting],
        ["of these, CPU of the HTTP client", found["client_cpu_ms"]],
        ["ours: all else", found["own_ms"]],
        ["all", found["ms"]],
    ]
    for row in split[1:]:
        row[1:] = [f"{row[1]:.1f}", f"{100 * row[1] / found['ms']:.0f}"]
    profile = [["our CPU by package", "%"]]
    profile += [[name, f"{percent:.1f}"] for name, percent in found["profile"].items()]
    return {"starts": markdown(rows), "registration": markdown(split), "profile": markdown(profile)}


def write_into(document: Path, figures: dict[str, Any]) -> None:
    """Puts the tables between their markers, where there are any."""
    put(document, "startup", tables(figures))


def misses(figures: dict[str, Any]) -> list[str]:
    """One sentence for each target that is missed."""
    starts, found = figures["starts"], figures["registration"]
    bare = starts["bare Python"]["s"]
    faults = []
    for name, most in (("`import seechain`", IMPORT_MOST), ("`seechain --help`", HELP_MOST)):
        above = starts[name]["s"] - (bare if most == IMPORT_MOST else 0)
        if above > most:
            faults.append(f"{name} takes {above:.3f} s, at most {most} s wanted")
    if found["own_ms"] > found["chain_ms"]:
        faults.append(
            f"a registration takes {found['own_ms']:.1f} ms of ours and {found['chain_ms']:.1f} ms"
            " of the chain's"
        )
    return faults


if __name__ == "__main__":
    sys.exit(main())
