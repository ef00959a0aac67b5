"""Who would get what, of a file or of a SEE: shown, drawn, and written to send around."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest
from web3 import Web3

from seechain import SEE, Agreement, Registry
from seechain.paper.outlook import Outlook
from tests.cli.typing import Person, Typed
from tests.sdk.chain import deployed, key
from tests.unit.papers import Html, pdf_lines

ETHER = 10**18


def test_a_file_shows_who_gets_what_and_what_is_signed(run: Typed, example: Path) -> None:
    said = run.well("preview", example, "--amount", "1000 USDC", "--amount", "1 wei")
    agreement = Agreement.load(example)
    row = next(line for line in said.splitlines() if line.startswith("Cleo"))
    assert row.split() == ["Cleo", "co-creator", "20.00", "%", "200", "0"]
    left = next(line for line in said.splitlines() if line.startswith("not divided"))
    assert left.split()[-2:] == ["0", "1"]
    assert "\n".join(f"  {line}".rstrip() for line in agreement.text.split("\n")) in said
    assert "0x" + agreement.commitment.hex() in said


def test_of_two_files_none_is_left_where_one_fails(run: Typed, example: Path) -> None:
    (example.parent / "folder.html").mkdir()
    for out in ("folder.html", "nowhere/x.html"):
        words = ("preview", example, "--amount", "1 wei", "--picture", "p.svg", "--out", out)
        run.refused(*words, code=5)
        assert not (example.parent / "p.svg").exists()


def test_programs_get_units(run: Typed, example: Path) -> None:
    given = run.json("preview", example, "--amount", "1.000001 USDC")
    (payment,) = given["payments"]
    assert payment["amount"] == {"symbol": "USDC", "units": "1000001", "decimal": "1.000001"}
    units = [int(each["gets"][0]["units"]) for each in given["members"]]
    assert units == [400_000, 350_000, 0, 200_000, 50_000]
    assert int(payment["undivided"]["units"]) == 1
    agreement = Agreement.load(example)
    assert given["text"] == agreement.text
    assert given["commitment"] == "0x" + agreement.commitment.hex()
    assert run.json("preview", example)["payments"] == []


def test_the_address_is_that_of_the_see_to_be(
    run: Typed, example: Path, registry: Registry
) -> None:
    agreement = Agreement.load(example)
    given = run.json("preview", example)
    assert given["address_of_the_SEE"] == registry.address_of(agreement)
    assert given["by_the_Registry"] == registry.address


@pytest.mark.parametrize("name", ["split.svg", "split.PNG"])
def test_the_split_is_drawn(run: Typed, example: Path, name: str) -> None:
    path = example.with_name(name)
    run.well("preview", example, "--amount", "1 ether", "--picture", path)
    raw = path.read_bytes()
    if name.endswith("svg"):
        assert "40.00 %" in [each.text for each in ElementTree.fromstring(raw).iter()]
    else:
        assert raw.startswith(b"\x89PNG")


def test_it_is_written_to_send_around(run: Typed, example: Path) -> None:
    html, pdf = example.with_name("a.html"), example.with_name("a.pdf")
    words = ("preview", example, "--amount", "1000 USDC", "--amount", "1.5 ether")
    assert "Written: " in run.well(*words, "--out", html)
    run.well(*words, "--out", pdf)
    agreement = Agreement.load(example)
    texts = Html(html.read_text()).texts
    lines = pdf_lines(pdf.read_bytes())
    for said in (texts, lines):
        assert set(filter(None, agreement.text.split("\n"))) <= set(said)
        assert {"350", "0.525", "100.00 %", "of 1000 USDC"} <= set(said)
    assert "0x" + agreement.commitment.hex() in "".join(texts)
    assert "0x" + agreement.commitment.hex() in lines


def test_more_payments_than_a_picture_holds_are_in_the_table(run: Typed, example: Path) -> None:
    words = [word for at in range(1, 6) for word in ("--amount", f"{at} USDC")]
    html = example.with_name("a.html")
    run.well("preview", example, *words, "--out", html)
    texts = Html(html.read_text()).texts
    assert "of 5 USDC" in texts
    assert "The first 3 payments; all of them are in the table." in texts


def test_many_members_and_further_seats_are_summed(run: Typed, example: Path) -> None:
    people = "".join(
        f'  - {{name: M{at}, role: contributor, account: "0x{at:040x}", shares: 1}}\n'
        for at in range(1, 61)
    )
    seats = example.with_name("seats.csv")
    seats.write_text("".join(f"0x{at:040x},2\n" for at in range(1000, 1020)))
    example.write_text(
        example.read_text().replace("\n# A further", people + "\n# A further")
        + "seats: seats.csv\n"
    )
    said = run.well("preview", example, "--amount", "200 USDC")
    row = next(line for line in said.splitlines() if "further seats" in line)
    assert row.split() == ["25", "more", "and", "20", "further", "seats", "together",
                           "32.50", "%", "65"]  # fmt: skip
    agreement = Agreement.load(example)
    outlook = Outlook.of_agreement(agreement, ["200 USDC"])
    assert len(outlook.table().rows) == 65 + 3
    for most in (1, 40, 100):
        parts = [row[-1] for row in outlook.table(most).rows]
        assert sum(map(Fraction, parts[:-1])) == Fraction(parts[-1]) == 200


def test_decimals_of_other_tokens_are_given_or_asked(
    run: Typed, at: Typed, example: Path, w3: Web3
) -> None:
    assert "'XYZ'" in run.refused("preview", example, "--amount", "1 XYZ")
    given = run.json("preview", example, "--amount", "1 XYZ", "--decimals", "XYZ=2")
    assert given["members"][0]["gets"][0]["units"] == "40"
    for wrong in ("XYZ", "XYZ=", "=2", "XYZ=-1", "XYZ=99", "ether=2"):
        run.refused("preview", example, "--amount", "1 XYZ", "--decimals", wrong)
    other = deployed(w3, "Token", "FOUR", 4)
    example.write_text(
        example.read_text().replace("currencies: [native]", f'currencies: ["{other.address}"]')
    )
    given = at.json("preview", example, "--amount", "1 FOUR")
    assert given["members"][0]["gets"][0]["units"] == "4000"


def test_a_see_shows_accounts_with_their_parts_and_voices(
    at: Typed, run: Typed, see: SEE, people: dict[str, Person], tmp_path: Path
) -> None:
    html = tmp_path / "see.html"
    said = at.well("preview", "--see", see.address, "--amount", "1.5 ether", "--out", html)
    row = next(line for line in said.splitlines() if line.startswith(key(1).address))
    assert row.split()[1:] == ["1", "of", "3", "voices", "40.00", "%", "0.6"]
    assert see.address in Html(html.read_text()).texts[0]
    given = at.json("preview", "--see", see.address, "--amount", "1 ether")
    assert given["text"] is None
    assert given["version_in_force"] == "0"
    assert given["commitment"] == "0x" + see.commitment.hex()
    assert sum(int(each["gets"][0]["units"]) for each in given["members"]) == ETHER
    run.refused("preview", "--see", see.address, code=2)


def test_who_has_left_a_see_gets_nothing(at: Typed, see: SEE) -> None:
    see.leave(key(4), voice=False)
    given = at.json("preview", "--see", see.address, "--amount", "0.8 ether")
    gets = {each["account"]: int(each["gets"][0]["units"]) for each in given["members"]}
    assert key(4).address not in gets
    assert given["shares"] == 80
    see.pay("0.8 ether", sender=key(9))
    paid = {account: units for account, units in gets.items() if units}
    assert {account: see.due(account)["native"] for account in paid} == paid


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("a.yaml", "--see", "0x1"),
        ("a.yaml", "--picture", "a.gif"),
        ("a.yaml", "--out", "a.docx"),
        ("a.yaml", "--out", "-"),
    ],
)
def test_what_can_not_be_meant_is_a_usage_error(run: Typed, words: tuple[str, ...]) -> None:
    run.refused("preview", *words, code=2)


def test_faults_of_the_file_and_amounts_are_said(run: Typed, example: Path) -> None:
    assert "an amount is above zero" in run.refused("preview", example, "--amount", "0 ether")
    assert "there is no file" in run.refused("preview", "none.yaml", code=5)
    example.write_text(example.read_text().replace("2/3", "3/2"))
    assert "line 21: quorum" in run.refused("preview", example)


def test_without_resvg_png_is_refused_in_a_sentence(
    run: Typed, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    said = run.refused("preview", example, "--picture", "a.png")
    assert "pip install resvg_py" in said
    assert not example.with_name("a.png").exists()
