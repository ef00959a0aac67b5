"""A seat without a wallet yet: from its claim code to the money at a real account."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from eth_account import Account
from web3 import Web3

from seechain import SEE, Agreement, Registry
from seechain.consent.claim_code import ClaimCode
from tests.cli.typing import PASSWORD, Person, Typed
from tests.sdk.chain import key

ETHER = 10**18
EXAMPLE = Path(__file__).parents[2] / "examples" / "night-market.yaml"
FURTHER = '  - {{name: Dana, role: contributor, account: "{}", shares: 20, pull_only: true}}\n'
REAL = "0x00000000000000000000000000000000000000A1"


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Typed) -> Path:
    """The file of words of a code that was made by the command."""
    monkeypatch.chdir(tmp_path)
    run.well("code", "--out", "dana.txt")
    return tmp_path / "dana.txt"


@pytest.fixture
def code(words: Path) -> ClaimCode:
    """The code itself."""
    return ClaimCode.from_words(words.read_text())


@pytest.fixture
def seated(registry: Registry, code: ClaimCode) -> SEE:
    """A SEE with 1.2 ether, of which 0.2 are due to the seat of the code."""
    text = EXAMPLE.read_text().replace("# A further", FURTHER.format(code.address) + "# A further")
    agreement = Agreement.parse(text)
    consents = [registry.sign(agreement, key(number)) for number in (1, 2, 3)]
    see = registry.register(agreement, consents, sender=key(0))
    see.pay("1.2 ether", sender=key(3))
    return see


def test_from_a_code_to_the_money_at_a_real_account(
    seated: SEE,
    code: ClaimCode,
    words: Path,
    people: dict[str, Person],
    at: Typed,
    w3: Web3,
    journals: Path,
) -> None:
    desk, see = people["desk"], ("--see", seated.address)
    said = people["cleo"].well("payout", *see)
    assert f"{code.address} did not take it, or is pull only; kept for it: 0.2 ether" in said
    assert "Everyone else has what was due of native coin" in said
    assert w3.eth.get_balance(code.address) == 0  # it is never pushed to
    looked = at.json("code", "--check", words, *see)
    assert (looked["address"], looked["seat"], looked["redirected"]) == (code.address, True, None)
    assert looked["due"][0]["units"] == str(2 * ETHER // 10)
    said = desk.well("claim", *see, "--member", code.address, "--dry-run")
    assert "is a pull-only seat and was not redirected" in said

    assert "Nothing was sent" in desk.well(
        "redirect", *see, "--to", REAL, "--code", words, "--dry-run"
    )
    assert seated.redirected(code.address) == code.address
    said = desk.well("redirect", *see, "--to", REAL, "--code", words)
    assert f"The money of {code.address} goes to {REAL}" in said
    assert "whoever has or saw its words can redirect it" in said
    assert "nobody else can" not in said
    assert w3.eth.get_transaction_count(code.address) == 0
    again = desk.refused("redirect", *see, "--to", REAL, "--code", words)
    assert again == f"the money of {code.address} goes to {REAL} already"
    assert at.json("code", "--check", words, *see)["redirected"] == REAL

    before = w3.eth.get_balance(REAL)
    said = people["ben"].well("claim", *see, "--member", code.address)
    assert f"at {REAL}" in said
    assert "Note:" not in said
    assert w3.eth.get_balance(REAL) - before == 2 * ETHER // 10
    assert at.json("code", "--check", words, *see)["due"][0]["units"] == "0"
    # Who kept a copy can redirect again: the command says so when a code is made.
    copy = " ".join(code.words.upper().split(" ")) + "\r\n"
    desk.well("redirect", *see, "--to", code.address, "--code", "-", input=copy)
    assert seated.redirected(code.address) == code.address
    noted = [path.read_text() for path in journals.rglob("*") if path.is_file()]
    assert any(seated.address.lower() in each.lower() for each in noted)
    for secret in (code.words, code.account.key.hex().removeprefix("0x")):
        assert not any(secret in each for each in noted)


def test_a_code_signs_leaves_and_sends_as_an_account(
    seated: SEE,
    code: ClaimCode,
    words: Path,
    people: dict[str, Person],
    at: Typed,
    w3: Web3,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    see = ("--see", seated.address)
    at.well("sign", seated.address, "--to", REAL, "--code", words)
    (consent,) = Path().glob("*.redirection.*.json")
    refused = people["desk"].refused("redirect", *see, "--relay", consent, "--code", words, code=2)
    assert refused == "the consent is signed already: leave --code out"
    people["desk"].well("redirect", *see, "--relay", consent)
    assert seated.redirected(code.address) == REAL
    poor = at.refused("claim", *see, "--code", words)
    assert f"{code.address} has 0 ether" in poor
    monkeypatch.setenv("SEECHAIN_KEYSTORE", str(people["ben"].keystore))  # gives way
    assert at.refused("claim", *see, "--code", words) == poor
    people["desk"].well("leave", *see, "--code", words)
    assert code.address in seated.leavers
    value = {"from": key(0).address, "to": code.address, "value": ETHER}
    w3.eth.wait_for_transaction_receipt(w3.eth.send_transaction(value))
    at.well("claim", *see, "--code", words)
    two = at.refused("claim", *see, "--code", words, "--account", REAL, code=2)
    assert two.endswith("one of them")


def test_a_code_of_no_seat_and_words_that_are_none(
    see: SEE, words: Path, people: dict[str, Person], at: Typed, run: Typed
) -> None:
    typed = ("redirect", "--see", see.address, "--to", REAL, "--code")
    assert "no seat" in people["desk"].refused(*typed, words)
    looked = at("code", "--check", words, "--see", see.address)
    assert looked.exit_code == 3
    assert "It has no seat in" in looked.stdout
    secret = [
        "legal",
        "winner",
        "thank",
        "year",
        "wave",
        "sausage",
        "worth",
        "useful",
        "legal",
        "winner",
        "thank",
        "yellow",
    ]
    spoiled = Path("spoiled.txt")
    for text, sentence in (
        (" ".join([*secret[:3], "yeer", *secret[4:]]), "spoiled.txt: word 4 is not in"),
        (" ".join(secret[:11]), "and these are 11"),
        ("{}", "spoiled.txt is no file of words"),
        ("a" * 5000, "more than 4096 bytes"),
    ):
        spoiled.write_text(text)
        code = 5 if "bytes" in sentence else 1
        result = people["desk"](*typed, spoiled)
        assert sentence in people["desk"].refused(*typed, spoiled, code=code)
        assert not set(secret) & set((result.stdout + result.stderr).split())
    assert "can't be read" in run.refused("code", "--check", "none.txt", code=5)
    said = run.refused("code", "--check", "-", input="no words\n")
    assert said.startswith("the standard input: a claim code has 12 words")


def test_what_is_written_and_shown_of_a_new_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Typed
) -> None:
    monkeypatch.chdir(tmp_path)
    made = run.json("code")
    assert ClaimCode.from_words(made["words"]).address == made["address"]
    assert f'account: "{made["address"]}", shares: SHARES, pull_only: true' in made["line"]
    said = run.well("code", "--out", "c.txt")
    kept = ClaimCode.from_words(Path("c.txt").read_text())
    assert stat.S_IMODE(Path("c.txt").stat().st_mode) == 0o600
    assert kept.address in said
    assert kept.words not in said
    assert "a copy can redirect the money again" in said
    assert run.well("code", "--check", "c.txt") == f"The claim code of {kept.address}\n"
    assert "is there already" in run.refused("code", "--out", "c.txt", code=5)
    assert ClaimCode.from_words(Path("c.txt").read_text()) == kept

    assert "nobody can be asked" in run.refused("code", "--out", "c.json")
    assert not Path("c.json").exists()
    Path("password").write_text(PASSWORD + "\n")
    stored = run.json("code", "--out", "c.json", "--password-file", "password", "--words")
    opened = Account.from_key(Account.decrypt(json.loads(Path("c.json").read_text()), PASSWORD))
    assert opened.address == stored["address"] == ClaimCode.from_words(stored["words"]).address
    assert stat.S_IMODE(Path("c.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("--see", REAL), "--see goes with --check"),
        (("--check", "c.txt", "--see", REAL), "name the node"),
        (("--check", "c.txt", "--words"), "--check makes nothing"),
        (("--password-file", "p"), "--password-file goes with --out"),
    ],
)
def test_options_that_do_not_go_together(typed: tuple[str, ...], sentence: str, run: Typed) -> None:
    assert sentence in run.refused("code", *typed, code=2)
