"""vyper and anvil are found where `make setup` put them, also without an activated shell."""

from __future__ import annotations

import os
import sys
from pathlib import Path

BINARIES = [Path(sys.prefix, "bin"), Path(__file__).parents[1] / "node_modules" / ".bin"]
os.environ["PATH"] = os.pathsep.join([*map(str, BINARIES), os.environ.get("PATH", "")])
