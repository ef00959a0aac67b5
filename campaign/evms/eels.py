"""EELS, the executable specification of Ethereum, in an environment of its own.

Its pins exclude those of web3 7; so it is installed, from requirements/eels.txt, where the campaign
first needs it, under .campaign/.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

NAME = "EELS"
ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements" / "eels.txt"
HOME = ROOT / ".campaign" / "evms" / "eels"
PYTHON = HOME / "bin" / "python"
SCRIPT = Path(__file__).with_name("eels_inside.py")
WITHIN = 1800  # seconds, for all scenarios


def version() -> str:
    return re.findall(r"^ethereum-execution==(\S+)", LOCK.read_text("ascii"), re.MULTILINE)[0]


def missing() -> str:
    """Why it can't run here; nothing where it can. Installs it, unless it is there."""
    try:
        make()
    except (OSError, subprocess.CalledProcessError) as error:
        return f"EELS can't be installed: {error}"
    return ""


def make() -> None:
    """Install what is pinned."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    made = HOME / ".made"
    if made.exists() and made.read_text("ascii") == wanted:
        return
    HOME.parent.mkdir(parents=True, exist_ok=True)
    _uv("venv", "--clear", "--python", sys.executable, str(HOME))
    _uv("pip", "sync", "--python", str(PYTHON), "--require-hashes", str(LOCK))
    made.write_text(wanted, "ascii")


def run_all(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What comes of scenarios, as scenario.py describes it."""
    done = subprocess.run(
        [str(PYTHON), "-I", str(SCRIPT)],
        input=json.dumps(requests),
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{SCRIPT.name}: {done.stderr[-2000:]}")
    return list(json.loads(done.stdout))


def _uv(*arguments: str) -> None:
    subprocess.run(["uv", *arguments, "--quiet"], check=True)
