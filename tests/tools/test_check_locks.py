"""The lock files' check, on locks that are good and on each way in which one can be bad."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.check_locks import check_package_lock, check_requirements, main

HASH = "    --hash=sha256:" + "0a" * 32
GOOD = f"one==1.0 \\\n{HASH} \\\n{HASH}\ntwo==2.0 ; sys_platform == 'win32' \\\n{HASH}\n"


def test_a_good_lock_passes() -> None:
    assert check_requirements(GOOD) == []


@pytest.mark.parametrize(
    ("lock", "fault"),
    [
        ("one==1.0\n", "neither a pin nor a hash: one==1.0"),
        ("one==1.0 \\\n", "no hash: one==1.0"),
        (f"one>=1.0 \\\n{HASH}\n", "neither a pin nor a hash: one>=1.0"),
        ("--index-url https://mirror.example/simple\n" + GOOD, "neither a pin nor a hash: --ind"),
        (f"one @ https://mirror.example/one.whl \\\n{HASH}\n", "neither a pin nor a hash: one @"),
        (f"one==1.0 \\\ntwo==2.0 \\\n{HASH}\n", "no hash: one==1.0"),
        ("", "no pins at all"),
    ],
)
def test_a_bad_lock_is_refused(lock: str, fault: str) -> None:
    assert any(found.startswith(fault) for found in check_requirements(lock))


def package_lock(**entry: str) -> str:
    return json.dumps({"packages": {"": {}, "node_modules/one": entry}})


def test_the_node_lock_has_hashes_and_no_address() -> None:
    assert check_package_lock(package_lock(version="1.0.0", integrity="sha512-x")) == []
    assert check_package_lock(package_lock(version="1.0.0")) == ["no hash: node_modules/one"]
    (fault,) = check_package_lock(
        package_lock(integrity="sha512-x", resolved="https://mirror.example/one.tgz")
    )
    assert fault.startswith("an address: node_modules/one")
    assert check_package_lock('{"packages": {"": {}}}') == ["no packages at all"]


def test_the_command_reads_every_lock(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "a.txt").write_text(GOOD)
    (tmp_path / "package-lock.json").write_text(package_lock(integrity="sha512-x"))
    assert main(tmp_path) == 0
    of_peers = tmp_path / "bench" / "peers" / "package-lock.json"
    of_peers.parent.mkdir(parents=True)
    of_peers.write_text(package_lock(version="1.0.0"))
    assert main(tmp_path) == 1
    assert "bench/peers/package-lock.json: no hash: node_modules/one" in capsys.readouterr().err
    of_peers.write_text(package_lock(integrity="sha512-x"))
    assert main(tmp_path) == 0
    (tmp_path / "requirements" / "b.txt").write_text("one==1.0\n")
    assert main(tmp_path) == 1
    assert "requirements/b.txt: neither a pin nor a hash" in capsys.readouterr().err
