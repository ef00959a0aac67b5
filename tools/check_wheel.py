"""Checks the package as others get it: the wheel in dist/, in environments without this tree.

Each lane is an empty environment with the locked versions of requirements/<lane>.txt, without Ape
and without a compiler, in which a copy of tests/wheel runs from another folder.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANES = {"web3-7": "7.", "web3-8": "8."}


def main() -> int:
    """Check the wheel of dist/ in every lane; return 1 where a lane fails."""
    (wheel,) = (ROOT / "dist").glob("*.whl")
    with tempfile.TemporaryDirectory(prefix="seechain-wheel-") as scratch:
        check_same_bytes(wheel, Path(scratch, "again"))
        shutil.copytree(ROOT / "tests" / "wheel", Path(scratch, "tests"))
        shutil.copy(ROOT / "pyproject.toml", scratch)  # pytest's settings
        Path(scratch, "tools").mkdir()
        shutil.copy(ROOT / "tools" / "anvil.py", Path(scratch, "tools"))
        for lane, version in LANES.items():
            python = make_lane(lane, wheel, Path(scratch, lane))
            print(f"{wheel.name} on {lane}:", flush=True)
            check_lane(python, version, Path(scratch, "tests"))
    return 0


def check_same_bytes(wheel: Path, folder: Path) -> None:
    """Build the wheel once more, from the tree instead of the sdist: it must be the same file."""
    run("uv", "build", "--quiet", "--wheel", "--no-build-isolation", "--out-dir", folder, ROOT)
    (again,) = folder.glob("*.whl")
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (wheel, again)]
    if digests[0] != digests[1]:
        raise SystemExit(f"two builds of {wheel.name} differ: sha256 {' and '.join(digests)}")


def make_lane(lane: str, wheel: Path, folder: Path) -> Path:
    """Return the Python of an environment with the lane's versions and the wheel."""
    run("uv", "venv", "--quiet", "--python", sys.executable, folder)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = ["uv", "pip", "install", "--quiet", "--python", python]
    run(*install, "--require-hashes", "-r", ROOT / "requirements" / f"{lane}.txt")
    run(*install, "--no-deps", wheel)
    return python


def check_lane(python: Path, version: str, tests: Path) -> None:
    """Run the tests with nothing of this tree in reach."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_"))}
    code = (
        "import importlib.util, pathlib, seechain.chain.artifacts, sys, web3\n"
        f"assert web3.__version__.startswith({version!r}), web3.__version__\n"
        "assert not importlib.util.find_spec('ape') and not importlib.util.find_spec('vyper')\n"
        "here = pathlib.Path(seechain.chain.artifacts.__file__)\n"
        "assert here.is_relative_to(sys.prefix), here\n"
    )
    run(python, "-c", code, cwd=tests, env=environment)
    run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=tests.parent, env=environment)


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run a command; end this program where it fails, with its exit code."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=env, check=False)
    if done.returncode:
        print(f"failed: {' '.join(map(str, command))}", file=sys.stderr)
        raise SystemExit(done.returncode)


if __name__ == "__main__":
    sys.exit(main())
