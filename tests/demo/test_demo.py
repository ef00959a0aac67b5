"""`python -m demo` as `make demo` runs it: to its end, without Node, and stopped by Ctrl-C."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VENV = Path(sys.prefix, "bin")
LIMIT = 240  # seconds, on a busy machine; 15 on an idle one


@contextmanager
def started(**env: str) -> Iterator[subprocess.Popen[str]]:
    """The demo, running, in a group of its own: a terminal signals the whole group."""
    run = subprocess.Popen(
        [sys.executable, "-u", "-m", "demo"],
        cwd=ROOT,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with run:
        try:
            yield run
        finally:
            if run.poll() is None:
                run.terminate()  # it ends its chain


def listens(url: str) -> bool:
    host, port = url.removeprefix("http://").split(":")
    with socket.socket() as tried:
        tried.settimeout(2)
        return tried.connect_ex((host, int(port))) == 0


def url_of(output: str) -> str:
    found = re.search(r"anvil at (http://[0-9.:]+[0-9])", output)
    assert found, output
    return found[1]


def check(output: str) -> None:
    assert "Ada claims what is hers" in output
    assert "Cleo's account refused the coin" in output
    assert "A further payment is refused" in output
    # 40, 35, 20 and 5 of 100 of 1.75 ether and a wei, and of 2,500 of the token.
    for row in (
        "Ada 40/100 0.700000000000000000 1,000.000000",
        "Ben 35/100 0.612500000000000000 875.000000",
        "Cleo 20/100 0.350000000000000000 500.000000",
        "Desk 5/100 0.087500000000000000 125.000000",
        "not yet divided 0.000000000000000001 0.000000",
        "paid in 100/100 1.750000000000000001 2,500.000000",
    ):
        assert row in re.sub(r"[ \t]+", " ", output), output


@pytest.fixture
def picture() -> Path:
    folder = ROOT / "build" / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    return folder / "split.png"


def test_the_whole_life_on_anvil(picture: Path) -> None:
    for _ in range(2):  # a second run finds what the first left
        with started() as run:
            output, _ = run.communicate(timeout=LIMIT)

        assert run.returncode == 0, output
        check(output)
        assert not listens(url_of(output))
    assert picture.stat().st_size > 50_000
    assert picture.with_suffix(".svg").exists()


def test_without_node_it_runs_in_this_process_and_says_so() -> None:
    # npm's anvil is there, and the Node that it needs is not.
    path = os.pathsep.join(map(str, (VENV, ROOT / "node_modules" / ".bin")))
    with started(PATH=path) as run:
        output, _ = run.communicate(timeout=LIMIT)

    assert run.returncode == 0, output
    assert "Ape's chain in this process, since anvil does not start" in output
    check(output)


@pytest.mark.parametrize("moment", ["The life of", "Register: one transaction", "Who got what"])
def test_ctrl_c_leaves_no_process_behind(moment: str) -> None:
    with started() as run:
        assert run.stdout
        output = ""
        for line in run.stdout:
            output += line
            if moment in line:
                break
        url = url_of(output)
        assert listens(url), output

        os.killpg(run.pid, signal.SIGINT)
        rest, _ = run.communicate(timeout=30)

    assert run.returncode == 130, output + rest
    assert "Traceback" not in rest
    assert not listens(url)


def test_a_chain_that_does_not_answer_is_one_sentence_and_exit_code_1(tmp_path: Path) -> None:
    dead = tmp_path / "anvil"
    dead.write_text(
        f"#!/bin/sh\necho $$ > {tmp_path}/pid\necho 'Listening on 127.0.0.1:1'\nexec sleep 600\n"
    )
    dead.chmod(0o755)
    with started(PATH=os.pathsep.join([str(tmp_path), os.environ["PATH"]])) as run:
        output, _ = run.communicate(timeout=LIMIT)

    assert run.returncode == 1, output
    assert "The demo failed: " in output
    assert "Traceback" not in output
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
