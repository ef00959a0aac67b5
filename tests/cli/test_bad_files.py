"""Files that are not as they should be: one sentence, a documented exit code, nothing sent.

What is tried with each kind of file is in `tests.cli.bad`, which commands read it in
`tests.cli.bad_kit`. Each command gets a part of it, another part than the next one:
SEECHAIN_BAD=1000 in the environment has all of it tried with each, which takes half an hour.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from web3 import Web3

from seechain import SEE
from seechain.cli.ending import Failure
from seechain.visible import SENTENCE
from tests.cli import bad
from tests.cli.bad_kit import Kit, typed
from tests.cli.typing import Person, Typed

KINDS = (
    "night-market.yaml", "seats.csv", "bright.consents.json", "night-market-2.consents.json",
    "consents", "redirection", "leaving", "publication", "posting.json", "request.json",
    "receipt.json", "payment.json", "application.json", "portable.json", "passport.json",
    "keystore.json", "words.txt", "state.json", "secret.txt", "password.txt", "terms.txt",
)  # fmt: skip
OTHERS_EACH = 3  # values that are tried at each place of a file
FIRST = int(os.environ.get("SEECHAIN_BAD", 24))  # variants that a kind's first command gets
FURTHER = max(FIRST // 4, 1)  # and the others
NOBODY = 65534
MAY = (0, 1, 3, 5)
MISSING = {"state.json": (0, 3), "seats.csv": (1, 3, 5)}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kit: Kit) -> Path:
    """Where all is typed; an agreement with further seats stands there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "many.yaml").write_bytes(kit.files["many.yaml"])
    return tmp_path


@pytest.fixture
def judge(at: Typed, w3: Web3) -> bad.Judge:
    return bad.Judge(at, w3)


def variants(kit: Kit, name: str) -> Iterator[bytes]:
    """What may stand in place of a file of the kit."""
    raw = kit.files[name]
    yield from bad.GARBLED
    yield from bad.cut(raw)
    yield from bad.flipped(raw, 12)
    yield from (other for each, other in kit.files.items() if each != name)
    content = contents(raw, name)
    if not isinstance(content, dict):
        return
    for number, place in enumerate(bad.leaves(content)):
        yield bad.without(content, place).encode()
        for turn in range(OTHERS_EACH):
            other = bad.OTHERS[(7 * number + 11 * turn) % len(bad.OTHERS)]
            yield bad.with_other(content, place, other).encode()


def contents(raw: bytes, name: str) -> Any:
    if name.endswith(".yaml"):  # JSON is YAML too
        return yaml.load(raw, yaml.BaseLoader)
    return json.loads(raw) if name.endswith(".json") else None


def placed(folder: Path, name: str, words: tuple[str, ...]) -> Path:
    return folder / (name if "@" in words else "seats.csv")


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_not_as_it_should_be(
    kind: str, kit: Kit, folder: Path, judge: bad.Judge
) -> None:
    name = kit.names.get(kind, kind)
    for turn, words in enumerate(kit.reads[name]):
        path = placed(folder, name, words)
        tried = list(variants(kit, name))
        most = FURTHER if turn else FIRST
        if kind == "secret.txt":
            most = 2  # a webhook that nobody takes is tried again, for seconds
        step = max(len(tried) // most, 1)
        for raw in tried[(KINDS.index(kind) + turn) % step :: step]:
            path.write_bytes(raw)
            (folder / "out.yaml").unlink(missing_ok=True)
            (folder / "out.state").unlink(missing_ok=True)  # of a watch, which notes what it saw
            files = bad.kept(folder)
            # A state that has seen later blocks than the node is asked about again.
            result = judge(*typed(words, path), may=(0, 1, 3, 4, 5) if "state" in kind else MAY)
            if result.exit_code in (1, 2, 5):
                (folder / "out.state").unlink(missing_ok=True)
                assert bad.kept(folder) == files, f"{words} {raw[:200]!r}"
    assert set(judge.codes) & {1, 3, 5}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_can_t_be_read(kind: str, kit: Kit, folder: Path, judge: bad.Judge) -> None:
    name = kit.names.get(kind, kind)
    for words in kit.reads[name]:
        path = placed(folder, name, words)
        path.unlink(missing_ok=True)
        # Where there is no state it begins; `check` says what it finds.
        judge(*typed(words, path), may=MISSING.get(kind, (1, 5)))
        path.unlink(missing_ok=True)
        path.mkdir()
        judge(*typed(words, path), may=(1, 2, 3, 5))
        path.rmdir()
        path.write_bytes(kit.files[name])
        path.chmod(0)
        files = set(folder.iterdir())
        with Nobody(folder):
            judge(*typed(words, path), may=(1, 2, 3, 5))
        assert set(folder.iterdir()) - {folder / "out.state"} <= files
        path.unlink()


class Nobody:
    """A user without rights, also where tests are run by one who has all."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.before = folder, os.geteuid()

    def __enter__(self) -> None:
        if self.before == 0:
            os.seteuid(NOBODY)

    def __exit__(self, *_: object) -> None:
        os.seteuid(self.before)


# ------------------------------------------------------------ what was found, each by itself


def test_a_word_without_end_is_said_in_short_and_at_once(folder: Path, run: Typed) -> None:
    """It took more than a minute, and filled the screen."""
    Path("seats.csv").write_text("9" * 100_000)
    begun = time.monotonic()
    result = run("preview", "many.yaml", "--amount", "1 ether")
    assert time.monotonic() - begun < 20
    assert result.exit_code == 1
    assert len(result.stderr) < 1000
    assert len(Failure("a fault\n" * 10**6, 1, "", False, lines=True).message) < SENTENCE + 10


def test_a_file_without_terms(folder: Path, run: Typed) -> None:
    words = ("new", "--name", "X", "--expires", "2030-01-01", "--terms-file", "terms.txt")
    for text in ("", " \n", "\ufeff"):
        Path("terms.txt").write_text(text)
        assert run.refused(*words) == "terms.txt: there are no terms in it"


def test_a_name_that_no_file_can_have(folder: Path, run: Typed, kit: Kit) -> None:
    """A file may name another: the seats of an agreement."""
    text = kit.files["many.yaml"].decode()
    for name in ('"a\\0b.csv"', '"a\\ud800.csv"', "n" * 300 + ".csv", '"\\u202e.csv"'):
        Path("odd.yaml").write_text(text.replace("seats.csv", name))
        assert run("check", "odd.yaml").exit_code in (3, 5)
        assert run.refused("preview", "odd.yaml", "--amount", "1 ether")


def test_a_file_of_another_chain(
    folder: Path, people: dict[str, Person], kit: Kit, see: SEE, at: Typed
) -> None:
    ada = people["ada"]
    for kind, words in (
        ("request.json", ("pay", "--request", "@")),
        ("redirection", ("redirect", "--see", see.address, "--relay", "@")),
        ("payment.json", ("pay", "--relay", "@")),
    ):
        content = json.loads(kit.files[kit.names.get(kind, kind)])
        content["chain_id"] = 1
        Path("other.json").write_text(json.dumps(content))
        assert "chain 1" in ada.refused(*typed(words, "other.json")), kind
    content = json.loads(kit.files["bright.consents.json"])
    content["about"]["chain_id"] = 1
    Path("x.consents.json").write_text(json.dumps(content))
    assert "chain 1" in ada.refused("register", "x.consents.json")
    request = json.loads(kit.files["request.json"]) | {"chain_id": 1}
    Path("other.json").write_text(json.dumps(request))
    assert "chain 1" in at.refused("watch", "other.json", "--once")
