"""Files of consents that somebody has tampered with: what counts stays, what does not is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from seechain import SEE, Registry
from seechain.consent.consents import Consents
from tests.cli.typing import Person, Typed
from tests.sdk.chain import key

ADA, BEN, PORT = (key(number).address for number in (1, 2, 3))


@pytest.fixture(autouse=True)
def folder(example: Path, registry: Registry) -> Path:
    """Where all is typed, with an agreement of its own."""
    example.write_text(example.read_text().replace("Night Market", "Dusk Market"))
    return example.rename("dusk.yaml")


def changed(path: str, out: str, **changes: Any) -> None:
    data = json.loads(Path(path).read_text())
    for name, value in changes.items():
        (data if name in data else data["about"])[name] = value
    Path(out).write_text(json.dumps(data))


def signed(path: str) -> dict[str, str]:
    found = Consents.from_json(Path(path).read_text()).signed
    return {each.account: each.signature.hex() for each in found}


def test_a_signature_that_counts_gives_way_to_none_that_does_not(
    people: dict[str, Person], run: Typed
) -> None:
    """A further file replaced good signatures, and all was said to be well."""
    people["ada"].well("sign", "dusk.yaml")
    people["ben"].well("sign", "dusk.yaml")
    good = signed("dusk.consents.json")
    bad = [{"account": each, "signature": "0x" + "11" * 65} for each in (ADA, BEN)]
    changed("dusk.consents.json", "bad.json", consents=bad)
    said = people["port"].well("sign", "dusk.yaml", "--consents", "bad.json")
    assert said.count("Left out: the consent of ") == 2
    assert "3 of 3 have signed, nobody is missing" in said
    assert {**signed("dusk.consents.json"), PORT: ""} == {**good, PORT: ""}
    for order in (("dusk.consents.json", "bad.json"), ("bad.json", "dusk.consents.json")):
        assert run.json("check", *order)["wrong"] == []
    assert run("check", "bad.json").exit_code == 3
    people["desk"].well("register", "dusk.yaml", "--consents", "bad.json", "--dry-run")


def test_who_has_no_voice_is_not_counted(people: dict[str, Person]) -> None:
    people["ada"].well("sign", "dusk.yaml")
    data = json.loads(Path("dusk.consents.json").read_text())
    data["consents"].append({"account": key(8).address, "signature": "0x" + "11" * 65})
    Path("dusk.consents.json").write_text(json.dumps(data))
    said = people["ben"].well("sign", "dusk.yaml")
    assert f"Left out: {key(8).address} has no voice in this" in said
    assert "2 of 3 have signed, missing: Port of Delft" in said
    assert set(signed("dusk.consents.json")) == {ADA, BEN}


@pytest.mark.parametrize(("seconds", "days"), [(10**9, "days"), (2**255, "for ever")])
def test_a_deadline_that_is_far_is_said(
    people: dict[str, Person], see: SEE, seconds: int, days: str
) -> None:
    """Whoever begins a file chooses until when all signatures count, and nobody was told."""
    said = people["ada"].well("sign", see.address)
    assert "Signed, it counts until 20" in said
    assert "Note: that is" not in said
    path = f"{see.address}.consents.json"
    far = json.loads(Path(path).read_text())["about"]["deadline"] + seconds
    changed(path, path, deadline=far, consents=[])
    said = people["port"].well("sign", path, "--dry-run")
    assert f"{days}, and signatures usually count seven days" in said
    given = people["port"].json("sign", path, "--dry-run")
    assert given["deadline"] == far


def test_consents_to_something_else_are_not_written_over(
    people: dict[str, Person], see: SEE, folder: Path
) -> None:
    """They were dropped without a word."""
    later = folder.with_name("later.yaml")
    text = (Path(__file__).parents[2] / "examples" / "night-market-2.yaml").read_text()
    later.write_text(text)
    people["ada"].well("sign", later, "--see", see.address)
    before = Path("later.consents.json").read_bytes()
    changed("later.consents.json", "later.consents.json", see=key(7).address)
    kept = Path("later.consents.json").read_bytes()
    assert kept != before
    said = people["ben"].refused("sign", later, "--see", see.address)
    assert said.startswith(
        f"later.consents.json holds consents to something else, whose see is {key(7).address}"
    )
    assert Path("later.consents.json").read_bytes() == kept


def test_an_end_of_another_name_says_how_it_is_sent(people: dict[str, Person], see: SEE) -> None:
    people["ada"].well("sign", see.address)
    Path(f"{see.address}.consents.json").rename("the end.json")
    said = people["port"].well("sign", "the end.json")
    assert f"next: seechain deregister --see {see.address} --consents 'the end.json'" in said
    said = people["desk"].well(
        "deregister", "--see", see.address, "--consents", "the end.json", "--dry-run"
    )
    assert "Would be sent" in said


def test_an_end_holds_no_agreement_and_names_what_ends(
    people: dict[str, Person], see: SEE, run: Typed
) -> None:
    """Names of an agreement that nobody signs there were shown as those of who had signed."""
    people["ada"].well("sign", see.address)
    path = f"{see.address}.consents.json"
    said = run.well("check", path)
    assert f"Consents to a deregistration of {see.address}, version 0" in said
    people["ada"].well("sign", "dusk.yaml")
    other = json.loads(Path("dusk.consents.json").read_text())["agreement"]
    data = json.loads(Path(path).read_text())
    Path("forged.json").write_text(json.dumps({**data, "agreement": other}))
    assert "an agreement that nobody signs in it" in run.refused("check", "forged.json")
    changed(path, "over.json", deadline=1000, consents=[])
    result = run("check", "over.json")
    assert (result.exit_code, "They counted until 1970-01-01" in result.stdout) == (3, True)


def test_programs_are_told_what_is_left_out(people: dict[str, Person]) -> None:
    people["ada"].well("sign", "dusk.yaml")
    bad = [{"account": ADA, "signature": "0x" + "11" * 65}]
    changed("dusk.consents.json", "dusk.consents.json", consents=bad)
    given = people["ben"].json("sign", "dusk.yaml")
    assert [ADA in each for each in given["left_out"]] == [True]
    assert ADA in given["missing"]
