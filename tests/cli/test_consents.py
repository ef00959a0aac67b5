"""Consents that travel: under any name, signed apart and put together, checked without a chain."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from seechain import SEE, Registry
from seechain.consent.consents import Consents
from tests.cli.typing import Person, Typed
from tests.sdk.chain import key


@pytest.fixture(autouse=True)
def folder(example: Path, registry: Registry) -> Path:
    """Where all is typed, with an agreement of its own: this one is registered already."""
    text = example.read_text().replace("Night Market", "Day Market")
    example.write_text(text)
    return example.rename("day.yaml")


def signed(path: str) -> set[str]:
    return {each.account for each in Consents.from_json(Path(path).read_text()).signed}


def test_a_file_of_consents_keeps_its_signatures_under_any_name(
    people: dict[str, Person], tmp_path: Path
) -> None:
    """It made a new file, without those who had signed."""
    people["ada"].well("sign", "day.yaml")
    name = "day.consents (1).json"
    Path("day.consents.json").rename(name)
    said = people["ben"].well("sign", name)
    assert f"In {name} 2 of 3 have signed" in said
    assert "next: " not in said
    assert signed(name) == {key(1).address, key(2).address}
    said = people["port"].well("sign", name)
    assert f"next: seechain register '{name}'" in said
    assert sorted(each.name for each in tmp_path.iterdir()) == ["day.consents (1).json", "day.yaml"]
    assert "3 of 3" not in people["desk"].well("register", name, "--dry-run")
    assert "Day Market is registered" in people["desk"].well("register", name)


def test_copies_that_were_signed_apart_are_put_together_by_who_signs(
    people: dict[str, Person],
) -> None:
    """--consents was read for its deadline alone."""
    people["ada"].well("sign", "day.yaml")
    Path("sent.json").write_bytes(Path("day.consents.json").read_bytes())
    people["ben"].well("sign", "sent.json")
    said = people["port"].well("sign", "day.yaml", "--consents", "sent.json")
    assert "3 of 3 have signed" in said
    other = Path("other.yaml")
    other.write_text(Path("day.yaml").read_text().replace("Day Market", "Noon Market"))
    people["ada"].well("sign", other)
    before = Path("day.consents.json").read_bytes()
    said = people["ada"].refused("sign", "day.yaml", "--consents", "other.consents.json")
    assert said.startswith("other.consents.json: the consent of 0x7099")
    assert Path("day.consents.json").read_bytes() == before


def test_who_is_missing_is_told_without_a_chain(people: dict[str, Person], run: Typed) -> None:
    people["ada"].well("sign", "day.yaml")
    people["ben"].well("sign", "day.yaml")
    told = run.well("check", "day.consents.json")
    assert "'Day Market'" in told
    assert f"Ada ({key(1).address}) has signed\n" in told
    assert f"Port of Delft ({key(3).address}) has not signed" in told
    assert run.json("check", "day.consents.json")["missing"] == [key(3).address]


def test_copies_are_put_together_without_signing(people: dict[str, Person], run: Typed) -> None:
    people["ada"].well("sign", "day.yaml")
    Path("day.consents.json").rename("a.json")
    people["ben"].well("sign", "day.yaml", "--consents", "a.json")
    names = ("day.consents.json", "a.json")
    Path("b.json").write_bytes(Path("day.consents.json").read_bytes())
    run.well("check", *names, "--out", "all.json")
    assert signed("all.json") == {key(1).address, key(2).address}
    assert "there already" in run.refused("check", *names, "--out", "b.json", code=5)
    people["cleo"].refused("sign", "day.yaml")  # has no voice
    assert "consents" in run.refused("check", "a.json", "day.yaml", code=2)


def test_a_signature_of_something_else_is_named(people: dict[str, Person], run: Typed) -> None:
    people["ada"].well("sign", "day.yaml")
    data = json.loads(Path("day.consents.json").read_text())
    signature = data["consents"][0]["signature"]
    data["consents"][0]["account"] = key(2).address
    Path("forged.json").write_text(json.dumps(data))
    result = run("check", "forged.json")
    assert result.exit_code == 3, result.stdout
    assert f"Ben ({key(2).address}) has signed, but not this, or by another key" in result.stdout
    assert signature[2:20] not in result.stdout


def test_whoever_got_only_the_consents_sees_what_the_agreement_gives(
    people: dict[str, Person], run: Typed
) -> None:
    people["ada"].well("sign", "day.yaml")
    Path("day.yaml").unlink()
    said = run.well("preview", "day.consents.json", "--amount", "1.5 ether")
    assert "Ada" in said
    assert "0.6" in said


def test_an_amendment_says_how_many_voices_it_needs(people: dict[str, Person], see: SEE) -> None:
    next_ = Path("night-market-2.yaml")
    next_.write_bytes((Path(__file__).parents[2] / "examples" / "night-market-2.yaml").read_bytes())
    said = people["ada"].well("sign", next_, "--see", see.address)
    assert "They have 1 of 3 voices, and 2 are needed" in said
    assert "next: " not in said
    said = people["ben"].well("sign", "night-market-2.consents.json")
    assert "They have 2 of 3 voices, and 2 are needed" in said
    assert f"next: seechain amend night-market-2.consents.json --see {see.address}" in said


def test_who_signs_at_the_same_time_is_not_lost(rpc: str, keystores: dict[str, Path]) -> None:
    """The file was read, and written back without those who had signed meanwhile."""
    password = keystores["ada"].with_name("password")
    options = ["--rpc", rpc, "--password-file", str(password)]
    begun = [
        subprocess.Popen(
            ["seechain", "sign", "day.yaml", "--keystore", str(keystores[name]), *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for name in ("ada", "ben", "port")
    ]
    said = [each.communicate(timeout=60)[1] for each in begun]
    assert [each.returncode for each in begun] == [0, 0, 0], said
    assert len(signed("day.consents.json")) == 3


def test_a_file_of_consents_to_an_end_is_named_by_its_see(
    people: dict[str, Person], see: SEE
) -> None:
    """A file whose name begins with 0x was taken for an address, and for a private key."""
    people["ada"].well("sign", see.address)
    said = people["port"].well("sign", f"{see.address}.consents.json")
    assert f"In {see.address}.consents.json 2 of 3 have signed" in said


def test_consents_that_are_not_there_are_said_to_be_missing(people: dict[str, Person]) -> None:
    people["ada"].well("sign", "day.yaml")
    said = people["ben"].refused("sign", "day.yaml", "--consents", "no.json", code=5)
    assert said == "no.json can't be read: No such file or directory"
    assert "there is no file" in people["ben"].refused("sign", "no.consents.json", code=5)
    people["desk"].refused("register", "no.consents.json", code=5)
