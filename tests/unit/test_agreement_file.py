"""The YAML and CSV of an agreement, with their lines."""

from pathlib import Path

import pytest

from seechain.agreement.file import read_file, read_seats, read_yaml, seats_path
from seechain.errors import AgreementError
from seechain.share_table import ShareTable

ADA = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
BEN = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"


@pytest.mark.parametrize(
    ("yaml", "value"),
    [
        ("a: 40", 40),
        ("a: -5", -5),
        ("a: 40.0", 40.0),
        ("a: 0x10", "0x10"),
        (f"a: {ADA}", ADA),
        ("a: 010", "010"),
        ("a: 1_000", "1_000"),
        ("a: 1:30", "1:30"),
        ("a: yes", True),
        ("a: 'yes'", "yes"),
        ("a: ~", None),
        ("a:", None),
        ("a: 2027-12-31", "2027-12-31"),
        ("a: 2/3", "2/3"),
        ("a: .nan_", ".nan_"),
        ("a: .inf", ".inf"),
        ("a: [1, {b: x}]", [1, {"b": "x"}]),
        ("a: " + "9" * 90, "9" * 90),
    ],
)
def test_yaml_is_read_without_its_surprises(yaml: str, value: object) -> None:
    read = read_yaml(yaml).data["a"]
    assert (read, type(read)) == (value, type(value))


def test_lines_are_kept() -> None:
    lines = read_yaml("a: 1\nb:\n  - {c: 2}\n  - c: 3\n").lines
    assert lines[("a",)] == 1
    assert lines[("b", 0, "c")] == 3
    assert lines[("b", 1, "c")] == 4


@pytest.mark.parametrize(
    ("yaml", "says"),
    [
        ("", "fields with values"),
        ("- a", "fields with values"),
        ("just text", "fields with values"),
        ("a: 1\nb: [1", "line 2: this is no YAML"),
        ("a: 1\n\tb: 2", "line 2: this is no YAML"),
        ("a: b: c", "line 1: this is no YAML"),
        ("a: 1\na: 2", "line 2: the field 'a' stands here twice"),
        ("m:\n  - {a: 1,\n     a: 2}", "line 3: the field 'a' stands here twice"),
        ("a: &x 1\nb: *x", "line 1: an agreement has no aliases"),
        ("a: &x [*x]", "no aliases"),
        ("a: !!python/object:os.system 1", "line 1: an agreement has no tags"),
        ("a: !own 1", "no tags"),
        ("? [a]\n: 1", "a field's name is a word"),
        ("a: 1\n---\nb: 2", "line 2: this is no YAML"),
        ("a: 1\nb: \x07", r"line 2: the character U\+0007"),
        pytest.param("a:\n " + "[" * 5000, "line 2: this is nested too deeply", id="deep"),
        pytest.param("a" * 1_000_001, "longer than 1000000", id="long"),
    ],
)
def test_what_is_no_agreement_file_is_refused(yaml: str, says: str) -> None:
    with pytest.raises(AgreementError, match=says):
        read_yaml(yaml)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(AgreementError, match=r"^none\.yaml: there is no file"):
        read_file(tmp_path / "none.yaml")
    with pytest.raises(AgreementError, match="can't be read: Is a directory"):
        read_file(tmp_path)
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("name: Zoë".encode("latin-1"))
    with pytest.raises(AgreementError, match=r"not UTF-8 text \(byte 8\)"):
        read_file(latin)
    long = tmp_path / "long.yaml"
    long.write_bytes(b"#" * 4_000_001)
    with pytest.raises(AgreementError, match="too long"):
        read_file(long)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    marked = tmp_path / "marked.yaml"
    marked.write_text("name: Zoë", encoding="utf-8-sig")
    assert read_file(marked) == "name: Zoë"


def seats(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "seats.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("head", ["", "account,shares\n", "\ufeffaccount, shares\n"])
def test_seats_are_read(tmp_path: Path, head: str) -> None:
    words = read_seats(seats(tmp_path, f"{head}{ADA},7\r\n\n {BEN.lower()} , 8\n"))
    assert {seat.account: seat.shares for seat in ShareTable.from_words(words)} == {ADA: 7, BEN: 8}


def test_a_seat_can_be_pull_only(tmp_path: Path) -> None:
    words = read_seats(seats(tmp_path, f"{ADA},7,pull_only\n{BEN},8,\n"))
    assert {s.account: s.pull_only for s in ShareTable.from_words(words)} == {ADA: True, BEN: False}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "there is no seat in the file"),
        ("account,shares\n", "there is no seat in the file"),
        (f"{ADA},7\n{BEN},-5", "line 2: shares must be a whole number above zero|from 1 to"),
        (f"{ADA},0", "line 1: shares are a whole number from 1 to 281474976710655, got 0"),
        (f"{ADA},1.0", "line 1: shares must be a whole number above zero, got '1.0'"),
        (f"{ADA},1e3", "got '1e3'"),
        (f"{ADA},true", "got 'true'"),
        (f"{ADA}", "line 1: a seat is an account"),
        (f"{ADA},1,x", "third column is empty or pull_only, got 'x'"),
        (f"{ADA},1,,", "line 1: a seat is an account"),
        (f"{ADA}," + "9" * 500, "line 1: shares must be a whole number above zero, got '9{60}'"),
        (f"{ADA.replace('C51', 'c51')},1", "line 1: the checksum"),
        ("0x" + "0" * 40 + ",1", "not zero"),
        ("Ada,1", r"line 1: a seat is an account \(0x and 40 hex digits\)"),
        (f"{BEN},1\n{ADA},1\n\n{ADA.lower()} ,2", "line 4: the account .* that of line 2"),
        (f'{ADA},1\n"{ADA},1', "line 2: the file can't be read as CSV"),
    ],
)
def test_seats_that_are_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(AgreementError, match=says) as caught:
        read_seats(seats(tmp_path, text))
    assert caught.value.source == "seats.csv"


def test_all_faults_of_seats_are_counted_and_some_listed(tmp_path: Path) -> None:
    with pytest.raises(AgreementError) as caught:
        read_seats(seats(tmp_path, "x,1\n" * 50))
    assert len(caught.value.faults) == 21
    assert caught.value.faults[-1] == "and 30 faults more"


def test_what_is_no_table_of_seats_is_not_shown_nor_read_to_its_end(tmp_path: Path) -> None:
    secret = "abandon ability able about above absent absorb abstract absurd abuse access acid"
    for text in (secret, f"{secret},1", f"{{'{secret}', 3}}", f"0x{'ab' * 32}", f"0x{secret},1"):
        with pytest.raises(AgreementError) as caught:
            read_seats(seats(tmp_path, text))
        assert not {"ability", "abab"} & set(str(caught.value).replace("0x", " ").split())
        assert "abil" not in str(caught.value)
    with pytest.raises(AgreementError, match="line 1: shares must be"):
        read_seats(seats(tmp_path, f"{ADA},{'1' * 200_000}"))
    with pytest.raises(AgreementError, match="and more than 4076 faults more"):
        read_seats(seats(tmp_path, "x,1\n" * 200_000))


def test_seats_that_can_not_be_read(tmp_path: Path) -> None:
    with pytest.raises(AgreementError, match=f"^{tmp_path.name}: {tmp_path} can't be read: Is a"):
        read_seats(tmp_path)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    with pytest.raises(AgreementError, match="the file is not UTF-8 text: save the table as CSV"):
        read_seats(tmp_path / "picture.png")


def test_a_missing_seats_file(tmp_path: Path) -> None:
    with pytest.raises(AgreementError, match="there is no file"):
        read_seats(tmp_path / "seats.csv")


@pytest.mark.parametrize("value", ["/etc/seats.csv", "../seats.csv", "a/../../b.csv", "", 5, None])
def test_a_seats_path_stays_beside_the_agreement(value: object, tmp_path: Path) -> None:
    with pytest.raises(AgreementError, match="seats"):
        seats_path(value, tmp_path)


def test_a_seats_path_needs_a_folder(tmp_path: Path) -> None:
    assert seats_path("a/seats.csv", tmp_path) == tmp_path / "a" / "seats.csv"
    with pytest.raises(AgreementError, match="base_dir"):
        seats_path("seats.csv", None)
