"""The demos as `make` runs them: to their end, without Node, and stopped by Ctrl-C."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VENV = Path(sys.prefix, "bin")
LIMIT = 300  # seconds, on a busy machine; 20 on an idle one


@contextmanager
def started(*arguments: str, **env: str) -> Iterator[subprocess.Popen[str]]:
    """A demo, running, in a group of its own: a terminal signals the whole group."""
    run = subprocess.Popen(
        [sys.executable, "-u", *(arguments or ("-m", "demo"))],
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
    assert "0.6 ether: 0.2 ether of the first, and 0.4 ether of the second." in output
    assert "0.575 ether stays due to Ben. Of what comes: Ada 40/70, Dana 25/70, Desk 5/70" in output
    # Of 2 ether and 2,500 USDC by 100, then 1.1 ether by 110, then a wei more than 1 ether and
    # 1,250 USDC by 70, where a fifth of Dana's goes to Gil.
    has_rows(
        output,
        "Ada 40 % 36.36 % 57.14 % 1.771428571428571429 1,714.285714",
        "Ben 35 % 36.36 % - 1.100000000000000000 875.000000",
        "Dana - 22.73 % 28.57 % 0.535714285714285714 357.142856",
        "Gil - - 7.14 % 0.071428571428571428 89.285714",
        "Cleo 20 % - - 0.400000000000000000 500.000000",
        "Desk 5 % 4.55 % 7.14 % 0.221428571428571428 214.285714",
        "undivided in the SEE 0.000000000000000001 0.000001",
        "undivided in the Splitter 0.000000000000000001 0.000001",
        "paid in by Port of Delft 100 % 100 % 100 % 4.100000000000000001 3,750.000000",
    )


def check_mesh(output: str) -> None:
    assert "The Guild has no key, and has not signed yet" in output
    assert "Every amount came as it was planned" in output
    assert "What was earned before stays owed as it was: 0.35 ether to the Guild." in output
    # 35 of 100 of 3 ether and 45 of 100 of the rest, by 50, 30 and 20, a quarter of Cleo's to Gil.
    has_rows(
        output,
        "Ada 2.150000000000000000 999.999999",
        "Desk 0.185000000000000000 99.999999",
        "Light Guild, of which 1.365000000000000000 899.999999",
        "Eva 0.409500000000000000 269.999999",
        "Finn 0.273000000000000000 179.999999",
        "Cleo 0.511875000000000000 337.499999",
        "Gil, of Cleo's seat 0.170625000000000000 112.499999",
        "undivided in the Guild, and in Cleo's seat 0.000000000000000000 0.000003",
        "undivided in the Festival 0.000000000000000001 0.000002",
        "paid in by Port of Delft 3.700000000000000001 1,999.999999",
    )


def has_rows(output: str, *rows: str) -> None:
    for row in rows:
        assert row in re.sub(r"[ \t]+", " ", output), output


DEMOS: list[tuple[str, Callable[[str], None]]] = [("demo", check), ("demo.mesh", check_mesh)]


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


def test_sees_in_sees_on_anvil() -> None:
    with started("-m", "demo.mesh") as run:
        output, _ = run.communicate(timeout=LIMIT)

    assert run.returncode == 0, output
    check_mesh(output)
    assert not listens(url_of(output))


@pytest.mark.parametrize("story", ["demo.life", "demo.nested"])
def test_one_unit_that_is_not_where_it_must_be_is_exit_code_1(story: str) -> None:
    spoilt = (
        "import sys\n"
        "from demo.ledger import Ledger\n"
        "from demo.starting import run\n"
        "left = Ledger.left\n"
        "Ledger.left = lambda self: (left(self)[0], left(self)[1] + 1)\n"
        f"sys.exit(run({story!r}))\n"
    )
    with started("-c", spoilt) as run:
        output, _ = run.communicate(timeout=LIMIT)

    assert run.returncode == 1, output
    assert re.search(r"The demo failed: .* and must get", output), output


@pytest.mark.parametrize(("module", "checked"), DEMOS[:1])  # the chain is the same for both
def test_without_node_it_runs_in_this_process_and_says_so(
    module: str, checked: Callable[[str], None], tmp_path: Path
) -> None:
    # An anvil of npm's is there, and the Node that starts it is not.
    (tmp_path / "anvil").write_text("#!/usr/bin/env node\n")
    (tmp_path / "anvil").chmod(0o755)
    path = os.pathsep.join(map(str, (VENV, tmp_path)))
    with started("-m", module, PATH=path) as run:
        output, _ = run.communicate(timeout=LIMIT)

    assert run.returncode == 0, output
    assert "Ape's chain in this process, since anvil does not start" in output
    checked(output)


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
