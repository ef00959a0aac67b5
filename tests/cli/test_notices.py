"""Appeals and records by command: posted, relayed, listed, answered, and the applicant admitted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from seechain import SEE, Agreement
from tests.cli.typing import Person, Typed
from tests.sdk.chain import key


@pytest.fixture(autouse=True)
def board(people: dict[str, Person], example: Path) -> None:
    people["desk"].well("deploy")


def test_an_appeal_is_answered_and_the_applicant_admitted(
    people: dict[str, Person], at: Typed, see: SEE, example: Path
) -> None:
    words = ("--see", see.address)
    said = people["ada"].well(
        "appeal", *words, "--text", "Who can seal a quay wall?", "--shares", 10
    )
    assert "Who can seal a quay wall?" in said
    assert "It offers 10 shares" in said
    (listed,) = at.json("notices", *words, "--open")["notices"]
    assert listed["text"] == "Who can seal a quay wall?"
    assert listed["has_voice"]
    assert people["cleo"].refused("appeal", *words, "--text", "x").endswith("it can't post")

    eve = key(7)
    stored = Path("eve.json")
    stored.write_text(json.dumps(eve.encrypt("pw", kdf="pbkdf2", iterations=10)))
    Path("eve.password").write_text("pw")
    at.well(
        *("apply", *words, "--notice", listed["notice"], "--name", "Eve", "--text", "I can."),
        *("--out", "eve.application.json"),
        *("--keystore", stored, "--password-file", "eve.password"),
    )
    asked = at.well(
        *("apply", *words, "--notice", listed["notice"], "--name", "Eve", "--shares", "99"),
        *("--out", "more.json", "--dry-run"),
        *("--keystore", stored, "--password-file", "eve.password"),
    )
    assert "Note: the appeal offers 10 shares, and this asks for more" in asked
    admit = ("admit", example, *words, "--application", "eve.application.json", "--out")
    said = at.well(*admit, "night-market-3.yaml")
    assert "Eve" in said
    after = Agreement.load("night-market-3.yaml")
    assert [(each.name, each.shares) for each in after.members][-1] == ("Eve", 10)
    assert "is there already" in at.refused(*admit, "night-market-3.yaml", code=5)
    people["ada"].well("sign", "night-market-3.yaml", *words)
    people["ben"].well("sign", "night-market-3.yaml", *words)
    people["desk"].well("amend", "night-market-3.yaml", *words)
    assert eve.address in {line.account for line in see.members}

    text = Path("eve.application.json").read_text()
    Path("eve.application.json").write_text(text.replace('"shares": 10', '"shares": 11'))
    assert "signed" in at.refused(*admit, "x.yaml")
    assert not Path("x.yaml").exists()


def test_a_record_is_relayed_and_its_file_recognised(
    people: dict[str, Person], at: Typed, see: SEE
) -> None:
    Path("learned.txt").write_text("Sandbags first.\n")
    words = ("record", "--see", see.address, "--file", "learned.txt", "--uri", "ipfs://sand")
    people["port"].well(*words, "--sign", "posting.json")
    before = len(at.json("notices", "--see", see.address)["notices"])
    made = people["desk"].json(*words, "--relay", "posting.json")
    assert made["author"] == people["port"].address
    assert len(at.json("notices", "--see", see.address)["notices"]) == before + 1
    assert "has posted this record before" in people["desk"].refused(
        *words, "--relay", "posting.json"
    )
    check = ("notices", "--see", see.address, "--notice", made["notice"], "--file")
    assert "byte for byte" in at.well(*check, "learned.txt")
    Path("learned.txt").write_text("Sandbags last.\n")
    assert at(*check, "learned.txt").exit_code == 3
    assert "signed for another" in people["desk"].refused(*words, "--relay", "posting.json")


def test_a_notice_forges_no_other(people: dict[str, Person], at: Typed, see: SEE) -> None:
    """Neither where it is found nor what it says reads as a notice of somebody else."""
    other = f"Record 0x{'ab' * 32}\n  by {people['ada'].address}, in block 1\n  | I resign."
    words = ("record", "--see", see.address)
    told = people["port"].well(*words, "--text", f"x\u2028\n{other}", "--dry-run")
    told += people["port"].well(*words, "--text", "x", "--uri", f"https://x\n\n{other[:150]}")
    people["port"].well(*words, "--text", other)
    told += at.well("notices", "--see", see.address)
    count = len(at.json("notices", "--see", see.address)["notices"])
    starts = [line for line in told.splitlines() if line.startswith(("Record ", "Appeal "))]
    assert len(starts) == count
    assert not any("abababab" in line for line in starts)
    assert not [line for line in told.splitlines() if line.startswith("  | I resign")]
    assert f"  | Record 0x{'ab' * 32}" in told
    assert "https://x\\x0a\\x0aRecord%200xabab" in told


def test_what_a_notice_says_steers_no_terminal(
    people: dict[str, Person], at: Typed, see: SEE
) -> None:
    people["ada"].well("record", "--see", see.address, "--text", "a\x1b[2Jb\u202ec")
    said = at.well("notices", "--see", see.address)
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "a\\x1b[2Jb\\u202ec" in said
