"""Every fault of a file is named with its line; what is no agreement at all is said as well."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.typing import Typed

FAULTY = """\
name: Quay
terms: |
  We share.
currencies: [native, ether]
quorum: 3/2
expires: 2020-01-01
colour: red
members:
  - {name: Ada, role: boss, account: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", shares: 40}
  - name: "Ben\\u202e"
    role: core
    account: "0x3c44CdDdB6a900fa2b585dd299e03d12FA4293BC"
    shares: none
    voices: 1
"""
EXPECTED = [  # in the order of the file
    (4, "currencies[1]", "a currency is native or"),
    (5, "quorum", "quorum must be a fraction"),
    (6, "expires", "expires must be ahead of today"),
    (7, "colour", "the field 'colour' is not known"),
    (9, "members[0].role", "member 1 'Ada': role must be one of core"),
    (10, "members[1].name", "holds the character U+202E"),
    (12, "members[1].account", "checksum"),
    (13, "members[1].shares", "shares must be a whole number"),
]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def write(content: str | bytes, name: str = "quay.yaml") -> str:
        raw = content.encode() if isinstance(content, str) else content
        (tmp_path / name).write_bytes(raw)
        return name

    return write


def faults(run: Typed, path: str) -> list[dict[str, Any]]:
    result = run("check", path, "--json")
    assert result.exit_code == 3, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["faults"]
    return found


def test_a_right_file_has_no_fault(run: Typed, example: Path) -> None:
    said = run.well("check", example)
    assert "night-market.yaml has no fault: 'Night Market', until 2027-12-31" in said
    assert "members: 5, voices: 3, seats: 4, shares: 100" in said
    given = run.json("check", example)
    assert given["faults"] == given["warnings"] == []
    assert len(given["commitment"]) == 66


def test_every_fault_has_its_line_and_field(run: Typed, write: Any) -> None:
    found = faults(run, write(FAULTY))
    assert [(each["line"], each["field"]) for each in found] == [
        (line, field) for line, field, _ in EXPECTED
    ]
    for each, (_, _, message) in zip(found, EXPECTED, strict=True):
        assert message in each["message"]
        assert not each["message"].startswith("line")
        assert each["file"] == "quay.yaml"


def test_a_doubled_field_hides_no_other_fault(run: Typed, write: Any) -> None:
    found = faults(run, write(FAULTY.replace("colour: red", "quorum: 2/3")))
    lines = [4, 5, 6, 7, 9, 10, 12, 13]
    assert [each["line"] for each in found] == lines
    assert found[3]["message"] == "the field 'quorum' stands here twice"


def test_people_read_the_same(run: Typed, write: Any) -> None:
    result = run("check", write(FAULTY))
    assert result.exit_code == 3
    lines = result.stdout.splitlines()
    assert lines[0] == "quay.yaml has 8 faults:"
    assert lines[2].startswith("  line 5: quorum must be a fraction")
    assert "\u202e" not in result.stdout


def test_what_may_surprise_is_no_fault(run: Typed, example: Path) -> None:
    example.write_text(example.read_text().replace("quorum: 2/3", "quorum: 1/2"))
    assert "Warning: quorum 1/2: two halves" in run.well("check", example)
    assert len(run.json("check", example)["warnings"]) == 1


def test_the_seats_file_is_checked_too(run: Typed, example: Path) -> None:
    with example.open("a") as file:
        file.write("seats: seats.csv\n")
    (found,) = faults(run, str(example))
    assert found["message"].startswith("there is no file")
    line = len(example.read_text().splitlines())
    assert (found["line"], found["field"], found["file"]) == (line, "seats", "night-market.yaml")
    seats = example.with_name("seats.csv")
    seats.write_text("account,shares\n0x" + "22" * 20 + ",0\nx,y\n0x" + "23" * 20 + ",5\n")
    found_two = faults(run, str(example))
    assert [(each["file"], each["line"], each["field"]) for each in found_two] == [
        ("seats.csv", 2, "seats"),
        ("seats.csv", 3, "seats"),
    ]
    seats.write_text(f"0x{'22' * 20},1\n0x{'23' * 20},1\n0x{'22' * 20},1\n")
    (found,) = faults(run, str(example))
    assert (found["line"], found["message"][-24:]) == (3, "into one, that of line 1")
    seats.write_text("0x" + "22" * 20 + ",10\n")
    assert "seats: 5, shares: 110" in run.well("check", example)


def test_a_missing_file_is_not_a_faulty_one(run: Typed, tmp_path: Path) -> None:
    assert "there is no file" in run.refused("check", tmp_path / "none.yaml", code=5)
    assert "can't be read" in run.refused("check", tmp_path, code=5)


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"name: \xff\xfe", None, "is not UTF-8 text (byte 6)"),
        (b"name: a\x00b\n", 1, "U+0000 can't stand in YAML"),
        (b"name: Quay\n\tterms: x\n", 2, "this is no YAML"),
        (b"name: a\nname: b\n", 2, "the field 'name' stands here twice"),
        (b"", None, "fields with values"),
        (b"just text", None, "fields with values"),
        (b"a: &x [1]\nb: *x\n", 1, "no aliases"),
        (b"a: !!python/object/apply:os.system [echo]\n", 1, "no tags"),
        (b"a: " + b"[" * 5_000, 1, "nested too deeply"),
        (b"name: x\n" * 700_000, None, "too long"),
    ],
    ids=range(10),
)
def test_what_is_no_agreement_file_at_all(
    run: Typed, write: Any, content: bytes, line: int | None, message: str
) -> None:
    (found,) = [each for each in faults(run, write(content)) if message in each["message"]]
    assert found["line"] == line


def test_a_bomb_of_aliases_ends_at_once(run: Typed, write: Any) -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]\n" for at in range(1, 30)
    )
    assert any("no aliases" in each["message"] for each in faults(run, write(bomb)))


def test_a_byte_order_mark_is_no_fault(run: Typed, example: Path) -> None:
    example.write_bytes(b"\xef\xbb\xbf" + example.read_bytes())
    run.well("check", example)


def test_what_never_ends_is_not_read(run: Typed, example: Path) -> None:
    """A pipe would wait for ever, and a device never end."""
    pipe = example.with_name("pipe.yaml")
    os.mkfifo(pipe)
    assert "it is no file" in run.refused("check", pipe, code=5)
    assert "it is no file" in run.refused("check", "/dev/zero", code=5)
    with example.open("a") as file:
        file.write("seats: pipe.yaml\n")
    (found,) = faults(run, str(example))
    assert "it is no file" in found["message"]
