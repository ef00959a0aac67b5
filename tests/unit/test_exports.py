"""What `import seechain` gives, and how little it loads."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

import seechain

HEAVY = ("web3", "pydantic", "eth_account", "eth_abi", "eth_utils", "yaml", "ape", "requests")


def test_each_name_of_the_export_list_is_there() -> None:
    assert sorted(seechain._HOMES) == sorted(seechain.__all__)
    for name in seechain.__all__:
        value = getattr(seechain, name)
        assert value.__module__ == f"seechain.{seechain._HOMES[name]}"
        assert name in dir(seechain)
    exec("from seechain import *", {})


def test_another_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="'seechain' has no attribute 'See'"):
        _ = seechain.See  # type: ignore[attr-defined]


def test_the_import_loads_nothing_heavy() -> None:
    code = f"import seechain, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_sdk_never_imports_ape() -> None:
    code = (
        "import seechain, sys; [getattr(seechain, name) for name in seechain.__all__];"
        "print('ape' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_import_is_light() -> None:
    def seconds(code: str) -> float:
        took = []
        for _ in range(8):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            took.append(time.perf_counter() - start)
        return min(took)

    assert seconds("import seechain") - seconds("pass") < 0.1
