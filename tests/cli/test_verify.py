"""`seechain verify`, as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from seechain import SEE
from tests.cli.typing import Typed
from tests.unit.portables import made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that no chain has made."""
    path = tmp_path / "see.json"
    path.write_bytes(made().to_bytes())
    return path


def test_a_right_file_is_told_to_be_right_without_a_chain(run: Typed, file: Path) -> None:
    said = run.well("verify", file)
    assert "it agrees with itself: whether it is true only the chain can tell" in said
    assert "nothing differs" not in said
    assert "whether later versions, or an end, are left out" in said
    found = run.json("verify", file)
    assert (found["right"], found["online"], found["differences"]) == (True, False, [])


def test_without_signatures_nothing_is_said_to_be_proven(run: Typed, tmp_path: Path) -> None:
    content = made().model_dump()
    versions = [{**each, "signatures": []} for each in content["versions"]]
    (tmp_path / "see.json").write_bytes(made(versions=versions).to_bytes())
    said = run.well("verify", tmp_path / "see.json")
    assert "nothing differs" not in said
    assert "the signatures by which version 1 came in force are not in the file" in said


def test_every_difference_is_named_and_the_exit_code_is_3(run: Typed, file: Path) -> None:
    text = file.read_text().replace('"deadline": 1800000000', '"deadline": 1800000001', 1)
    file.write_text(text.replace('"quorum": "2/3"', '"quorum": "1/3"', 1))
    result = run("verify", file)
    assert result.exit_code == 3
    said = result.stdout
    assert "- hash: " in said
    assert "- versions[0].commitment: " in said
    assert "- versions[0].text: the quorum differs" in said
    assert "- versions[0].signatures[0].signature: it is not of " in said
    found = run("verify", file, "--json")
    assert found.exit_code == 3
    assert '"right": false' in found.stdout


def test_what_can_not_be_read_has_exit_code_5(run: Typed, file: Path) -> None:
    file.write_text("{")
    assert "is no JSON" in run.refused("verify", file, code=5)
    assert "can't be read" in run.refused("verify", file.with_name("none"), code=5)
    with file.open("wb") as huge:
        huge.truncate(2**31)
    assert "has more than" in run.refused("verify", file, code=5)
    file.write_text('{"format": "x\\u001b[31m"}')
    assert "x\\x1b[31m" in run.refused("verify", file, code=5)


def test_control_characters_are_shown_written_out(run: Typed, tmp_path: Path) -> None:
    path = tmp_path / "see.json"
    hostile = [{**made().model_dump()["located"][0], "uri": "x\x1b[31m\u202e"}]
    path.write_bytes(made(located=hostile).to_bytes())
    assert "\x1b" not in run.well("verify", path)


def test_a_file_is_compared_with_its_chain(at: Typed, see: SEE, tmp_path: Path, run: Typed) -> None:
    path = tmp_path / "see.json"
    at.well("export", "--see", see.address, "--out", path)
    assert "compared with the chain: nothing differs" in at.well("verify", path)
    path.write_bytes(made().to_bytes())
    result = at("verify", path)
    assert result.exit_code == 3
    said = result.stdout
    assert "- block: the file says 40, the chain has " in said
    assert "can not be reached" in run.refused(
        "verify", path, "--rpc", "http://127.0.0.1:1", code=4
    )


def test_offline_is_said_also_where_the_environment_names_a_node(
    run: Typed, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEECHAIN_RPC", "http://127.0.0.1:1")
    assert run.json("verify", file, "--offline")["online"] is False
    run.refused("verify", file, code=4)
