"""Commands beside a command: nothing is lost, nothing is left, and who failed is said."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "beside.py"
PYTHON = sys.executable


def started(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [PYTHON, str(TOOL), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_what_each_says_is_shown_whole_and_in_order() -> None:
    run = started("echo one; echo two >&2", "echo three", "--", "echo", "the main one")
    said, errors = run.communicate(timeout=60)

    assert run.returncode == 0
    assert "is done, 0 s\none\ntwo\n---\n" in said
    assert said.index("two") < said.index("is done, 0 s\nthree\n---\n")
    assert "the main one\n" in said
    assert errors == ""


@pytest.mark.parametrize(
    ("words", "failed"),
    [
        (("echo why; exit 3", "echo next", "--", "true"), "failed: echo why; exit 3\n"),
        (("echo next", "--", "false"), "failed: false\n"),
        (("exit 3", "echo next", "--", "false"), "failed: exit 3\nfailed: false\n"),
    ],
)
def test_one_that_fails_fails_all_and_the_others_run(words: tuple[str, ...], failed: str) -> None:
    run = started(*words)
    said, errors = run.communicate(timeout=60)

    assert run.returncode == 1
    assert errors == failed
    assert "\nnext\n" in said
    assert ("failed with exit code 3, 0 s\nwhy\n" in said) == ("why" in words[0])


@pytest.mark.parametrize("command", ["exit 130", "kill -INT $$", "printf '\\377'; exit 1"])
def test_what_ends_unlike_others_has_failed_too(command: str) -> None:
    """As after Ctrl-C, though there was none, and with what is no text."""
    run = started(command, "echo next", "--", "true")
    said, errors = run.communicate(timeout=60)

    assert run.returncode == 1
    assert errors == f"failed: {command}\n"
    assert ("\nnext\n" in said) == ("printf" in command)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 1)], ids=["SIGINT", "SIGTERM"]
)
def test_ctrl_c_ends_all(tmp_path: Path, number: signal.Signals, code: int) -> None:
    files = [tmp_path / name for name in ("beside", "main")]
    sleep = "import os, pathlib, time; pathlib.Path({!r}).write_text(str(os.getpid())); {}"
    waits = [sleep.format(str(file), "time.sleep(600)") for file in files]
    run = started(f'exec {PYTHON} -c "{waits[0]}"', "echo never", "--", PYTHON, "-c", waits[1])
    until = time.monotonic() + 30
    while not all(file.exists() and file.read_text() for file in files):
        assert time.monotonic() < until
        time.sleep(0.02)
    if number == signal.SIGINT:
        os.killpg(run.pid, number)  # as a terminal does
    else:
        run.send_signal(number)
    said, _ = run.communicate(timeout=30)

    assert run.returncode == code
    assert "never" not in said
    for file in files:
        with pytest.raises(ProcessLookupError):
            os.kill(int(file.read_text()), 0)
