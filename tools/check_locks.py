"""Checks that the lock files pin everything by version and hash and name no registry.

A registry's address would tie the set-up to one mirror; a pin without a hash could change
under us.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^[A-Za-z0-9._-]+==[^\s;]+( ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def check_requirements(text: str) -> list[str]:
    """Return what is wrong with a lock file of Python packages, one line for each fault."""
    faults = []
    pin, hashes = "", 0
    for line in [*text.splitlines(), ""]:
        if HASH.match(line):
            hashes += 1
            continue
        if pin and not hashes:
            faults.append(f"no hash: {pin}")
        pin, hashes = line.removesuffix(" \\"), 0
        if line and not PIN.match(line):
            faults.append(f"neither a pin nor a hash: {line}")
    if "==" not in text:
        faults.append("no pins at all")
    return faults


def check_package_lock(text: str) -> list[str]:
    """Return what is wrong with a package-lock.json, one line for each fault."""
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    faults = ["no packages at all"] if not packages else []
    for name, entry in packages.items():
        if "resolved" in entry:
            faults.append(f"an address: {name}: {entry['resolved']}")
        if not entry.get("integrity", "").startswith("sha512-"):
            faults.append(f"no hash: {name}")
    return faults


def main(root: Path = ROOT) -> int:
    """Check every lock file of the tree; return 1 where one has a fault."""
    faults = []
    for path in sorted(root.glob("requirements/*.txt")):
        faults += [
            f"{path.relative_to(root)}: {fault}" for fault in check_requirements(_read(path))
        ]
    for path in (root / "package-lock.json", *sorted(root.glob("bench/*/package-lock.json"))):
        faults += [
            f"{path.relative_to(root)}: {fault}" for fault in check_package_lock(_read(path))
        ]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
