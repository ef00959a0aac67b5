"""How the program ends where its streams are closed, full or of few letters: a real process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from seechain import SEE
from tests.cli.typing import PASSWORD, Typed

PROGRAM = (sys.executable, "-c", "from seechain.cli import main; main(prog_name='seechain')")


class Shell:
    """Types commands into a real shell; `$S` stands for the program."""

    def __init__(self, folder: Path, rpc: str) -> None:
        (folder / "password").write_text(PASSWORD + "\n")
        self.folder = folder
        self.environment = {
            **os.environ, "S": str(folder / "s"), "SEECHAIN_RPC": rpc,
            "XDG_STATE_HOME": str(folder / "state"), "PYTHONPATH": "",
        }  # fmt: skip
        path = folder / "s"
        path.write_text(f'#!/bin/sh\nexec {PROGRAM[0]} -c "{PROGRAM[2]}" "$@"\n')
        path.chmod(0o755)

    def __call__(self, typed: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """typed: by bash, whose exit code is that of a pipe's first command."""
        done = subprocess.run(
            ["bash", "-c", f"{typed}\nexit ${{PIPESTATUS[0]}}"], capture_output=True, text=True,
            cwd=self.folder, env={**self.environment, **environment}, check=False, timeout=60,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        assert "Exception ignored" not in done.stderr, done.stderr
        return done


@pytest.fixture
def shell(tmp_path: Path, rpc: str) -> Shell:
    return Shell(tmp_path, rpc)


@pytest.fixture
def pays(see: SEE, keystores: dict[str, Path]) -> str:
    key = f"--keystore {keystores['port']} --password-file password"
    return f"$S pay --see {see.address} --amount '1 wei' {key}"


def test_a_letter_that_the_terminal_lacks_pays_once(shell: Shell, pays: str, see: SEE) -> None:
    held = see.w3.eth.get_balance(see.address)
    done = shell(f"{pays} --memo 'INV-7 5\u20ac'", PYTHONIOENCODING="latin-1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "INV-7 5\\u20ac" in done.stdout
    assert see.w3.eth.get_balance(see.address) == held + 1


def test_what_fails_after_the_payment_changes_no_exit_code(
    shell: Shell, pays: str, see: SEE
) -> None:
    held = see.w3.eth.get_balance(see.address)
    path = shell.folder / "late.py"
    path.write_text(
        "import seechain.cli.pay as pay, seechain.cli as cli\n"
        "def fails(*given): raise AttributeError('of any kind')\n"
        "pay._tell_paid = fails\ncli.main(prog_name='seechain')\n"
    )
    done = shell(pays.replace("$S", f"{sys.executable} late.py"))
    assert done.returncode == 0, done.stderr
    assert "It is done, but can't be shown: of any kind" in done.stderr
    assert see.w3.eth.get_balance(see.address) == held + 1


NOTE = """
import os, signal
import seechain.journal.file as file
real = file.os.fsync
def slow(number):
    real(number)
    path = os.readlink(f"/proc/self/fd/{number}")
    if path.endswith(".jsonl") and b'"done"' in open(path, "rb").read()[-40:]:
        os.kill(os.getpid(), signal.SIGINT)  # Ctrl-C while the disk is busy
file.os.fsync = slow
"""
AFTER = """
import os, signal
import seechain.journal as journal
real = journal.Journal.__exit__
def left(*given):
    real(*given)
    os.kill(os.getpid(), signal.SIGINT)
journal.Journal.__exit__ = left
"""
RAISED = """
import seechain.journal as journal
real = journal.Journal.__exit__
def left(*given):
    real(*given)
    raise KeyboardInterrupt
journal.Journal.__exit__ = left
"""
LATE = """
import os, signal, seechain.cli.pay as pay, seechain.cli as cli
def stopped(*given):
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGINT)
pay._tell_paid = stopped
"""
CALLBACK = """
import os, signal, weakref, seechain.cli.pay as pay
class It: pass
def stopped(ref): os.kill(os.getpid(), signal.SIGINT); [0 for _ in range(9)]
def told(*given):
    it = It(); ref = weakref.ref(it, stopped); del it
pay._tell_paid = told
"""
ENDED = """
import os, signal, sys
real = sys.exit
def ended(code):
    os.kill(os.getpid(), signal.SIGINT)
    real(code)
sys.exit = ended
"""


@pytest.mark.parametrize(
    ("when", "shown", "said"),
    [
        pytest.param(NOTE, True, "It is done: what would interrupt it came too late", id="note"),
        pytest.param(AFTER, True, "It is done: what would interrupt it came too late", id="after"),
        pytest.param(RAISED, True, "", id="raised"),
        pytest.param(LATE, False, "It is done, but can't be shown: interrupted", id="shown"),
        pytest.param(CALLBACK, False, "It is done, but can't be shown: interrupted", id="callback"),
        pytest.param(ENDED, True, "", id="ended"),
    ],
)
def test_ctrl_c_at_what_is_done_changes_no_exit_code(
    shell: Shell, pays: str, see: SEE, when: str, shown: bool, said: str
) -> None:
    """By the code of what was interrupted it was typed again, and paid twice."""
    held = see.w3.eth.get_balance(see.address)
    end = "\nfrom seechain.cli import main\nmain(prog_name='seechain')\n"
    (shell.folder / "late.py").write_text(when + end)
    done = shell(pays.replace("$S", f"{sys.executable} late.py"))
    assert (done.returncode, said in done.stderr) == (0, True), done.stderr
    assert ("Paid: 1 wei" in done.stdout) is shown
    assert "Interrupted" not in done.stderr
    assert see.w3.eth.get_balance(see.address) == held + 1


def test_ctrl_c_before_the_note_is_gone_on_with(shell: Shell, pays: str, see: SEE) -> None:
    held = see.w3.eth.get_balance(see.address)
    (shell.folder / "late.py").write_text(
        "import os, signal, seechain.journal as journal, seechain.cli as cli\n"
        "def stopped(*given): raise KeyboardInterrupt\n"
        "journal.Journal._finish = stopped\ncli.main(prog_name='seechain')\n"
    )
    done = shell(pays.replace("$S", f"{sys.executable} late.py"))
    assert done.returncode == 130
    assert "type it again to go on with it" in done.stderr
    assert "nothing new was sent" in shell(pays).stdout
    assert see.w3.eth.get_balance(see.address) == held + 1


@pytest.mark.parametrize("closed", ["| head -1", ">/dev/full"])
def test_output_that_is_gone_before_the_payment_ends_it_in_a_sentence(
    shell: Shell, pays: str, see: SEE, closed: str
) -> None:
    held = see.w3.eth.get_balance(see.address)
    done = shell(f"{pays} {closed}")
    assert done.returncode == 5
    assert done.stderr.startswith("Error: the output can't be written, so this was ended: ")
    assert see.w3.eth.get_balance(see.address) == held


def test_output_that_is_gone_after_the_payment_is_no_fault_of_it(
    shell: Shell, pays: str, see: SEE
) -> None:
    held = see.w3.eth.get_balance(see.address)
    done = shell(f"{pays} --json >/dev/full")
    assert (done.returncode, done.stderr[:34]) == (0, "It is done, but can't be shown: [E")
    assert see.w3.eth.get_balance(see.address) == held + 1


@pytest.mark.parametrize("words", ["--help", "show SEE --json"])
def test_a_full_disk_of_the_output(shell: Shell, see: SEE, words: str) -> None:
    done = shell(f"$S {words.replace('SEE', see.address)} >/dev/full")
    assert done.returncode == 5
    assert done.stderr.startswith("Error: the output can't be written")
    assert "No space left" in done.stderr
    done = shell(f"$S {words.replace('SEE', see.address)} >/dev/full 2>&1")
    assert done.returncode == 5


def test_a_key_that_was_written_is_said_to_be(shell: Shell) -> None:
    done = shell("$S keystore --out new.json --password-file password --json >/dev/full")
    assert done.returncode == 5
    assert done.stderr.startswith("Error: new.json is written, but the output can't be: No space")
    assert (shell.folder / "new.json").exists()


@pytest.mark.parametrize("closed", [">&-", "<&- >&- 2>&-"])
def test_closed_output_is_no_fault(shell: Shell, pays: str, see: SEE, closed: str) -> None:
    held = see.w3.eth.get_balance(see.address)
    assert shell(f"{pays} {closed}").returncode == 0
    assert see.w3.eth.get_balance(see.address) == held + 1


def test_closed_input_is_nobody_who_could_be_asked(
    shell: Shell, pays: str, keystores: dict[str, Path]
) -> None:
    for words, code, said in (
        (pays.replace("--password-file password", ""), 1, "nobody can be asked for its password"),
        ("$S keystore --out new.json", 1, "nobody can be asked for its password"),
        ("$S code --check -", 1, "the standard input: "),
    ):
        done = shell(f"{words} <&-")
        assert (done.returncode, said in done.stderr) == (code, True), done.stderr


def test_a_terminal_of_few_letters(shell: Shell) -> None:
    few = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    member = "--member N\u00e4,core,0x70997970C51812dc3A010C7d01b50e0d17dc79C8,1,1"
    new = f"$S new --name N\u00e4 --terms x --expires 2030-01-01 {member} --out n\u00e4.yaml"
    done = shell(new, **few)
    assert done.returncode == 0, done.stderr
    assert "name: N\u00e4" in (shell.folder / "n\u00e4.yaml").read_text()
    done = shell("$S preview n\u00e4.yaml", **few)
    assert done.returncode == 0, done.stderr
    assert "N\\xe4" in done.stdout or "N\u00e4" in done.stdout


def test_bytes_that_are_no_text(run: Typed) -> None:
    said = run.refused("new", "--name", "N\udce4", "--terms", "x", code=2)
    assert said == "what was typed holds bytes that are no text in UTF-8: type it again"


def test_a_folder_is_no_file(run: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEECHAIN_PASSWORD", PASSWORD)
    for option in (["--out", "x/"], ["--out=x/"]):
        said = run.refused("keystore", *option, code=2)
        assert said == "--out names a file, and x/ is a folder"
    assert not list(tmp_path.iterdir())


def test_ctrl_c_within_a_callback_ends_it(shell: Shell) -> None:
    (shell.folder / "late.py").write_text(
        "import weakref, os, signal, time\nfrom seechain.cli import main\n"
        "class It: pass\n"
        "def stopped(ref):\n    os.kill(os.getpid(), signal.SIGINT)\n    time.sleep(1)\n"
        "def version(*given):\n    it = It()\n    ref = weakref.ref(it, stopped)\n    del it\n"
        "    print('went on')\n"
        "import seechain.cli as cli\ncli.main.params[0].callback = version\n"
        "main(['--version'])\n"
    )
    done = subprocess.run(
        [sys.executable, "late.py"], cwd=shell.folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Interrupted\n")
