"""`seechain export`, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

from seechain import SEE, Agreement
from seechain.consent.consents import Consents
from tests.cli.typing import Typed
from tests.sdk.chain import key

EXAMPLE = Path(__file__).parents[2] / "examples" / "night-market.yaml"


def test_the_file_is_written_and_what_it_lacks_is_said(
    at: Typed, see: SEE, example: Path, tmp_path: Path
) -> None:
    out = tmp_path / "see.json"
    said = at.well("export", "--see", see.address, "--out", out)
    assert "3 signatures, its share table, no text: give it by --agreement" in said
    said = at.well("export", "--see", see.address, "--agreement", example, "--out", out)
    assert "Version 0: 3 signatures, its share table, its text" in said
    content = json.loads(out.read_bytes())
    assert content["see"] == see.address
    assert content["hash"] in said
    assert at.well("export", "--see", see.address, "--agreement", example) == out.read_text()
    found = at.json("export", "--see", see.address, "--out", tmp_path / "again.json")
    assert found["versions"] == [
        {
            "number": 0,
            "commitment": content["versions"][0]["commitment"],
            "signatures": 3,
            "has_table": True,
            "has_text": False,
        }
    ]


def test_consents_are_taken_from_a_file_or_a_folder(at: Typed, see: SEE, tmp_path: Path) -> None:
    from seechain import Registry

    registry = Registry(see.w3)
    agreement = Agreement.load(EXAMPLE)
    later = registry.registration(agreement, 1_900_000_000)
    signed = registry.sign(agreement, key(1), 1_900_000_000)
    folder = tmp_path / "consents"
    folder.mkdir()
    (folder / "ada.json").write_text(signed.to_json())
    many = Consents.of(later).with_consents([registry.sign(agreement, key(2), 1_900_000_000)])
    (folder / "ben.json").write_text(many.to_json())
    found = at.json("export", "--see", see.address, "--consents", folder, "--out", tmp_path / "a")
    assert found["versions"][0]["signatures"] == 5
    empty = tmp_path / "empty"
    empty.mkdir()
    said = at.refused("export", "--see", see.address, "--consents", empty, code=5)
    assert "there is no file of consents" in said


def test_what_is_no_see_and_no_agreement_of_it_is_refused(
    at: Typed, see: SEE, example: Path
) -> None:
    assert "no SEE stands at" in at.refused("export", "--see", key(1).address)
    example.write_text(example.read_text().replace("Night", "Other"))
    said = at.refused("export", "--see", see.address, "--agreement", example)
    assert "has no version with the agreement 'Other Market'" in said
    missing = example.with_name("none.yaml")
    assert "there is no file" in at.refused(
        "export", "--see", see.address, "--agreement", missing, code=5
    )
