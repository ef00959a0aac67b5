"""Which Python the environment is built with, on machines that have one or another."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "find-python"


@pytest.fixture
def find(tmp_path: Path):
    """Run the tool on a machine that has only these names, each of that version."""

    def run(python: str = "", **names: int) -> subprocess.CompletedProcess[str]:
        for name, version in names.items():
            program = tmp_path / name.replace("_", ".")
            program.write_text(
                '#!/bin/sh\ncase "$2" in\n'
                f"*version*) echo {version};;\n"
                f"*executable*) echo {name};;\n"
                "esac\n"
            )
            program.chmod(0o755)
        environment = {"PATH": str(tmp_path), "PYTHON": python}
        return subprocess.run(
            ["/bin/sh", TOOL], env=environment, capture_output=True, text=True, check=False
        )

    return run


def test_the_default_one_where_it_will_do(find) -> None:
    assert find(python3=311, python3_12=312).stdout == "python3\n"


def test_an_older_or_newer_default_gives_way(find) -> None:
    assert find(python3=309, python3_11=311).stdout == "python3_11\n"
    assert find(python3=313, python3_12=312).stdout == "python3_12\n"


def test_a_newer_one_alone_is_taken_and_the_wait_is_named(find) -> None:
    found = find(python3=313)
    assert found.stdout == "python3\n"
    assert "4 minutes" in found.stderr


def test_one_that_is_named_is_taken(find) -> None:
    assert find(python="python3.13", python3=311, python3_13=313).stdout == "python3_13\n"


def test_too_old_is_refused(find) -> None:
    for found in (find(python3=310), find(python="python3.10", python3=311, python3_10=310)):
        assert found.returncode == 1
        assert "needs Python 3.11 or newer" in found.stderr
