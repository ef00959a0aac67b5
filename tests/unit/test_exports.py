"""What `import seechain` gives, and how little it loads."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

import seechain


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


def test_the_sdk_never_imports_ape() -> None:
    code = (
        "import seechain, sys; [getattr(seechain, name) for name in seechain.__all__];"
        "print('ape' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_import_is_light() -> None:
    """It loads two modules of its own and none of others; `make bench-startup` measures it."""
    code = (
        "import sys; before = set(sys.modules); import seechain\n"
        "print(sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ast.literal_eval(done.stdout)) - sys.stdlib_module_names
    assert loaded == {"seechain"}
