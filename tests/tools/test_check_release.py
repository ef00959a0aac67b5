"""What a release deploys is on record, and no part of it changes without a word."""

from __future__ import annotations

import copy
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from seechain.chain import artifacts
from tools import check_release
from tools.check_release import Facts

RECORD = check_release.RELEASES / f"{check_release.version_of(check_release.ROOT)}.json"


@pytest.fixture(scope="module")
def now() -> Facts:
    return check_release.facts(check_release.ROOT)


@pytest.fixture
def record(tmp_path: Path, now: Facts, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the record, which the tool takes for the real one."""
    monkeypatch.setattr(check_release, "RELEASES", tmp_path)
    monkeypatch.setattr(check_release, "facts", lambda root: copy.deepcopy(now))
    shutil.copy(RECORD, tmp_path)
    return tmp_path / RECORD.name


def test_what_this_version_deploys_is_on_record(now: Facts) -> None:
    assert list(check_release.compare(RECORD, now)) == []


CHANGES = {
    ("SEE", "storage", "ended"): r"SEE, storage: ended was announced as 0: .*, and is 8: 1 slots",
    ("SEE", "storage", "splitter.books.seats"): r"SEE, storage: splitter\.books\.seats was annou",
    ("Registry", "transient", "$.nonreentrant_key"): r"Registry, transient: \$\.nonreentrant_key",
    ("Registry", "immutables", "SEE_CODE"): "Registry, immutables: SEE_CODE was announced",
    ("Splitter", "runtime_code_keccak"): "Splitter: runtime_code_keccak was announced as 0: ",
    ("Splitter", "init_code_keccak"): "Splitter: init_code_keccak was announced",
    ("Splitter", "abi_sha256"): "Splitter: abi_sha256 was announced",
    (
        "SEE",
        "compiler",
    ): r"SEE: compiler was announced as .* and is vyper 0\.4\.3, optimize gas, pra",
    ("SEE", "selectors", "pay(address,uint256,bytes32)"): r"SEE, selectors: pay\(address,uint256",
    ("deployed_code_keccak", "clone of zeros"): "deployed_code_keccak: clone of zeros was ann",
    ("addresses", "Registry"): "addresses: Registry was announced",
    ("sources", "contracts/modules/books.vy"): r"sources: contracts/modules/books\.vy was ann",
}


@pytest.mark.parametrize("path", CHANGES, ids=" ".join)
def test_each_change_is_one_sentence(
    path: tuple[str, ...], record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(record.read_text())
    part = told
    for name in path[:-1]:
        part = part[name]
    assert path[-1] in part
    part[path[-1]] = "0: 9 slots, another"
    record.write_text(json.dumps(told))

    assert check_release.main([]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert re.match(CHANGES[path], said[0])
    assert 'announce it: python -m tools.check_release --announce "WHY"' in said[1]


def test_what_is_new_and_what_is_gone_is_said(
    record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(record.read_text())
    told["SEE"]["storage"]["old"] = told["SEE"]["storage"].pop("ended")
    record.write_text(json.dumps(told))

    assert check_release.main([]) == 1
    said = capsys.readouterr().err
    assert "SEE, storage: old is gone, which was 8: 1 slots, bool" in said
    assert "SEE, storage: ended is new: 8: 1 slots, bool" in said


def test_another_byte_of_code_is_another_hash(now: Facts) -> None:
    built = artifacts.load("SEE")
    other = replace(built, runtime=built.runtime[:-2] + "fe", bytecode=built.bytecode + "00")
    facts = check_release.of_contract(other, {})
    assert facts["runtime_code_keccak"] != now["SEE"]["runtime_code_keccak"]
    assert facts["init_code_keccak"] != now["SEE"]["init_code_keccak"]


def test_variables_that_change_places_are_seen(
    tmp_path: Path, now: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real compiler on real sources, two of whose variables have changed places."""
    shutil.copytree(check_release.ROOT / "contracts", tmp_path / "contracts")
    books = tmp_path / "contracts/modules/books.vy"
    text = books.read_text("ascii")
    native = re.search(r"^native: .*\n", text, re.M)
    tokens = re.search(r"^tokens: .*\n", text, re.M)
    assert native
    assert tokens
    books.write_text(text.replace(native[0], "").replace(tokens[0], tokens[0] + native[0]))

    with pytest.raises(SystemExit, match=r"Splitter was not built from .*: run make setup"):
        check_release.layouts(tmp_path, "Splitter")
    built = artifacts.load("Splitter")
    integrity = _integrity(tmp_path)
    monkeypatch.setattr(artifacts, "load", lambda name: replace(built, integrity=integrity))
    layout = check_release.layouts(tmp_path, "Splitter")["storage_layout"]
    told = now["Splitter"]["storage"]
    moved = {name for name, at in check_release.slots(layout) if told[name] != at}
    assert moved == {"books.native", "books.tokens"}


def _integrity(root: Path) -> str:
    from vyper.cli.vyper_compile import compile_files

    source = root / "contracts" / "Splitter.vy"
    out = compile_files([str(source)], ["integrity"], paths=[str(root)], include_sys_path=False)
    return str(out[source]["integrity"])


def test_a_change_that_is_announced_passes(
    record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(record.read_text())
    first = told["announced"]
    told["SEE"]["runtime_code_keccak"] = "0x00"
    record.write_text(json.dumps(told))
    assert check_release.main([]) == 1

    assert check_release.main(["--announce", "  "]) == 1
    assert "say why it changed" in capsys.readouterr().err
    assert check_release.main(["--announce", "Late money is capped."]) == 0
    assert check_release.main([]) == 0
    assert json.loads(record.read_text())["announced"] == [*first, "Late money is capped."]

    assert check_release.main(["--announce", "Again."]) == 0
    assert "says so already" in capsys.readouterr().out
    assert json.loads(record.read_text())["announced"] == [*first, "Late money is capped."]


def test_a_version_without_a_record_fails(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record.unlink()
    assert check_release.main([]) == 1
    assert f"nothing was announced for this version: there is no releases/{record.name}" in (
        capsys.readouterr().err
    )
    assert check_release.main(["--announce", "The first."]) == 0
    assert check_release.main([]) == 0
