"""Whose key signs, and what goes wrong with it: one sentence, and nothing is sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from web3 import Web3

from seechain import SEE
from tests.cli.typing import PASSWORD, Person, Typed
from tests.sdk.chain import key


@pytest.fixture
def pay(see: SEE, rpc: str) -> list[str]:
    return ["pay", "--see", see.address, "--amount", "1 wei", "--rpc", rpc]


def test_a_password_is_asked_of_nobody_who_is_not_there(
    run: Typed, pay: list[str], keystores: dict[str, Path]
) -> None:
    said = run.refused(*pay, "--keystore", keystores["port"])
    assert "is locked, and nobody can be asked for its password: --password-file FILE" in said


def test_a_wrong_password(
    run: Typed, pay: list[str], keystores: dict[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "wrong").write_text("guess\n")
    words = (*pay, "--keystore", keystores["port"], "--password-file", tmp_path / "wrong")
    assert "this is not the password of" in run.refused(*words)
    assert "No such file" in run.refused(*words[:-1], tmp_path / "none", code=5)


def test_a_password_of_the_environment(
    run: Typed, pay: list[str], keystores: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEECHAIN_PASSWORD", PASSWORD)
    monkeypatch.setenv("SEECHAIN_KEYSTORE", str(keystores["port"]))
    run.well(*pay)


@pytest.mark.parametrize("text", ["", "{}", "[]", "{not json", '{"crypto": 3}', "[" * 9000])
def test_a_file_that_is_no_keystore(run: Typed, pay: list[str], tmp_path: Path, text: str) -> None:
    path = tmp_path / "key.json"
    path.write_text(text)
    assert f"{path} is no keystore" in run.refused(*pay, "--keystore", path)


def test_a_keystore_that_was_changed(
    run: Typed, pay: list[str], keystores: dict[str, Path], tmp_path: Path
) -> None:
    stored = json.loads(keystores["port"].read_text())
    password = keystores["port"].with_name("password")
    path = tmp_path / "key.json"
    crypto = stored["crypto"]
    work = crypto["kdfparams"]
    for change, said in (
        ({"address": "00" * 20}, "it was changed"),
        ({"address": 5}, "its address is 5, which is no text"),
        ({"crypto": {**crypto, "mac": "00" * 32}}, "is not the password"),
        ({"crypto": {**crypto, "kdf": "md5"}}, "its kdf is 'md5', and scrypt and pbkdf2 are read"),
        ({"crypto": {**crypto, "kdfparams": {}}}, "it is no whole keystore"),
        ({"crypto": {**crypto, "kdfparams": {**work, "dklen": 2**40}}}, "it is no whole keystore"),
        ({"crypto": {**crypto, "kdfparams": {**work, "prf": "md5"}, "kdf": "pbkdf2"}}, "no whole"),
        ({"crypto": {**crypto, "cipherparams": {}}}, "it is no whole keystore"),
        ({"crypto": {**crypto, "kdf": "pbkdf2", "kdfparams": {"c": 2**40, "dklen": 32}}},
         "pbkdf2 with c = 1099511627776, and that is far more work"),
        ({"crypto": {**crypto, "kdf": "scrypt", "kdfparams": {**work, "n": 2**20, "r": 1,
          "p": 2**20}}}, "it asks for scrypt with n = 1048576, r = 1, p = 1048576, and that is"),
        ({"version": 1}, "it is of version 1, and 3 is read: let your wallet write it anew"),
    ):  # fmt: skip
        path.write_text(json.dumps({**stored, **change}))
        assert said in run.refused(*pay, "--keystore", path, "--password-file", password)


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_a_password_file_of_any_editor(
    run: Typed, pay: list[str], keystores: dict[str, Path], tmp_path: Path, ending: str
) -> None:
    file = tmp_path / "pw"
    file.write_bytes(f"\ufeff{PASSWORD}{ending}".encode())
    run.well(*pay, "--keystore", keystores["port"], "--password-file", file)


def test_nobody_and_two_are_typed_wrongly(
    run: Typed, pay: list[str], keystores: dict[str, Path], see: SEE
) -> None:
    assert "name whose key signs" in run.refused(*pay, code=2)
    two = (*pay, "--keystore", keystores["port"], "--account", see.address)
    assert "one of them" in run.refused(*two, code=2)


def test_a_node_signs_for_its_own_accounts_only(
    run: Typed, pay: list[str], people: dict[str, Person]
) -> None:
    run.well(*pay, "--account", people["port"].address)
    stranger = "0x" + "ab" * 20
    assert "0xABaBaBaB" in run.refused(*pay, "--account", stranger)


def test_an_account_that_ape_does_not_know(run: Typed, pay: list[str]) -> None:
    assert "Ape knows no account 'nobody'" in run.refused(*pay, "--ape-account", "nobody")


@pytest.mark.parametrize(
    ("url", "code"), [("http://127.0.0.1:1", 4), ("ftp://x", 4), ("/nowhere.ipc", 4)]
)
def test_a_node_that_is_not_there(
    run: Typed, pay: list[str], people: dict[str, Person], url: str, code: int
) -> None:
    words = [*pay[:-1], url, "--account", people["port"].address]
    run.refused(*words, code=code)


def test_no_node_at_all(run: Typed, pay: list[str]) -> None:
    assert "name the node: --rpc URL" in run.refused(*pay[:-2], code=2)


def test_a_keystore_of_ones_own(run: Typed, tmp_path: Path) -> None:
    words = ("keystore", "--out", tmp_path / "me.json", "--password-file", tmp_path / "password")
    (tmp_path / "password").write_text("short\n")
    assert "at least 8 characters" in run.refused(*words)
    (tmp_path / "password").write_text("long enough\n")
    made = run.json(*words)
    assert (tmp_path / "me.json").stat().st_mode & 0o777 == 0o600
    stored = json.loads((tmp_path / "me.json").read_text())
    assert Account.from_key(Account.decrypt(stored, "long enough")).address == made["address"]
    assert "is there already" in run.refused(*words, code=5)


def test_a_command_that_is_mistyped_is_guessed(run: Typed) -> None:
    assert "Did you mean sign?" in run("sgin").stderr
    assert "Did you mean" not in run("xyzzy").stderr


def test_who_is_paid_nothing_is_told_how_another_is(people: dict[str, Person], see: SEE) -> None:
    said = people["port"].refused("claim", "--see", see.address)
    assert "nothing is paid to you here; another's money is claimed by --member" in said


def test_an_account_that_the_node_does_not_sign_for_is_refused_before_anything_is_noted(
    at: Typed, see: SEE, w3: Web3, example: Path, journals: Path
) -> None:
    """Its nonce was taken by what was never sent, and held up all that its own key sent."""
    stranger = Account.create()
    fund: Any = {"from": key(0).address, "to": stranger.address, "value": 10**18}
    w3.eth.wait_for_transaction_receipt(w3.eth.send_transaction(fund))
    words = ("pay", "--see", see.address, "--amount", "7", "--account", stranger.address)
    said = at.refused(*words)
    assert f"does not sign for {stranger.address}: sign with its own key, --keystore" in said
    assert not list(journals.rglob("*.jsonl"))
    Path("stranger.json").write_text(json.dumps(Account.encrypt(stranger.key, "12345678")))
    Path("password").write_text("12345678")
    own = ("--keystore", "stranger.json", "--password-file", "password")
    assert "Paid: 7" in at.well("pay", "--see", see.address, "--amount", "7", *own)
