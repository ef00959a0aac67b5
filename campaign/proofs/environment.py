"""The proofs' own environment: halmos with yices, and z3, made where it is first needed.

halmos runs `forge build` before it reads what forge made: here everything is made by build.py, and
the `forge` that it finds does nothing. Its solvers are installed with it: it downloads none.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".campaign" / "proofs"
LOCK = ROOT / "requirements" / "proofs.txt"
BIN = HOME / "env" / "bin"
CHECK_SECONDS = 60  # of a core, of one check of halmos and of each solver that it asks
PATIENCE = 4  # times as long by the clock, where others use the cores too
ALL_SECONDS = 900  # of a core, of all theorems
MEMORY = 3 * 2**30  # bytes, of halmos and of each solver

PROVEN, REFUTED = "proven", "refuted"
BUSY = "not reached by the clock: others used the cores"  # to be asked again
LATER = "not asked: the campaign's time was over"
IN_TIME, NO_CORE, NO_CLOCK = "in time", "used up its core", "used up the clock"
ENDS = {
    0: PROVEN,
    1: REFUTED,
    2: "the solver found no answer in time",
    3: "a path could not be followed",
    4: "all paths revert",
    5: "halmos failed",
}


def make() -> None:
    """Install what is pinned, unless it is there already."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    made = HOME / "env" / ".made"
    if made.exists() and made.read_text("ascii") == wanted:
        return
    HOME.mkdir(parents=True, exist_ok=True)
    env = HOME / "env"
    _uv("venv", "--clear", "--python", sys.executable, str(env))
    _uv("pip", "sync", "--python", str(BIN / "python"), "--require-hashes", str(LOCK))
    made.write_text(wanted, "ascii")


def prove(folder: Path, contract: str, test: str, *options: str) -> str:
    """Run halmos on one check: "proven", "refuted", or why neither.

    A loop that was not followed to its end proves nothing.
    """
    seconds = CHECK_SECONDS
    answer = folder / f"{contract}.{test}.json"
    answer.unlink(missing_ok=True)
    solver = f"{BIN / 'yices-smt2'} --smt2-model-format --bvconst-in-decimal"
    command = [str(BIN / "halmos"), "--root", str(folder), "--storage-layout", "generic"]
    command += ["--solver-command", solver, "--no-status", "--loop", "40", "--solver-threads", "1"]
    command += ["--contract", contract, "--function", "", "--match-test", f"^{test}\\("]
    command += [
        "--solver-timeout-assertion",
        f"{seconds * PATIENCE}s",
        "--json-output",
        str(answer),
    ]
    command += options
    path = f"{folder / 'bin'}:{BIN}:{os.environ.get('PATH', '')}"
    said, ended = _run(
        command, folder, {"PATH": path, "HOME": str(HOME)}, seconds * PATIENCE, seconds
    )
    if ended == NO_CLOCK:
        return BUSY
    if ended == NO_CORE:
        return f"not reached in {seconds:g} s of a core"
    if not answer.exists():
        if "MemoryError" in said or "out of memory" in said:
            return f"not reached in {MEMORY >> 30} GB"
        return f"halmos gave no answer: {' '.join(said.split())[-200:]}"
    results = json.loads(answer.read_text("utf-8"))["test_results"] or {}
    for result in [each for of in results.values() for each in of]:
        if result["exitcode"] == 0 and result["num_bounded_loops"] != 0:
            return "a loop was not followed to its end"
        return ENDS[result["exitcode"]]
    return f"halmos found no such check: {' '.join(said.split())[-200:]}"


def theorems() -> dict[str, Any]:
    """Have z3 prove the theorems: {"proven": names, "faults": what is wrong}."""
    command = [str(BIN / "python"), "-m", "campaign.proofs.theorems"]
    variables = {"PYTHONPATH": str(ROOT)}
    said, ended = _run(command, ROOT, variables, ALL_SECONDS * PATIENCE, ALL_SECONDS)
    line = next((each for each in said.splitlines() if each.startswith('{"proven"')), "")
    if ended != IN_TIME or not line:
        raise RuntimeError(f"z3 gave no answer: {said[-2000:]}")
    return dict(json.loads(line))


def _run(
    command: list[str], folder: Path, variables: dict[str, str], seconds: float, core: float
) -> tuple[str, str]:
    """What a command said, and how it ended; it and its solvers are bounded.

    ``seconds`` are by the clock, ``core`` are those that each process may use of a core.
    """

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(core), int(core) + 1))

    process = subprocess.Popen(
        command,
        env={**os.environ, **variables},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=bound,
    )
    try:
        said = process.communicate(timeout=seconds)[0]
        killed = process.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
        return said, NO_CORE if killed else IN_TIME
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[0], NO_CLOCK


def _uv(*arguments: str) -> None:
    subprocess.run(["uv", *arguments, "--quiet"], check=True)
