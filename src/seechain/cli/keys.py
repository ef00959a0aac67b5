"""Whose key signs: a keystore file, an account of the node, an account of Ape, a claim code."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seechain import strict_json
from seechain.accounts import account_bytes, checksum
from seechain.errors import AccountError, SeechainError
from seechain.files import read_text

if TYPE_CHECKING:
    from seechain.consent.claim_code import ClaimCode

MAX_KEYSTORE = 65_536  # bytes
# What wallets ask for is n = 2^18, r = 8, p = 1, or up to 2^20 rounds: a second or two.
MOST_SCRYPT, MOST_ROUNDS, MOST_LENGTH = 2**25, 2**24, 128  # n * r * p; of PBKDF2; bytes
MOST_MEMORY = 2**23  # n * r, of 128 bytes each
SHORTEST = 8  # characters of a new password
MAX_WORDS = 4096  # bytes of a file with the words of a claim code
STDIN = "-"

_NOT_WHOLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError)


class Code:
    """The account of a claim code, whose words are in a file; they are read when they are needed.

    path: "-" for the standard input, where they are asked for on a terminal.

    Raises:
        FileError: the file can't be read. AccountError: these are no words of a claim code.
    """

    def __init__(self, path: str) -> None:
        self.path = path

    @property
    def address(self) -> str:
        """Its address."""
        return self._code.address

    def sign_transaction(self, transaction: dict[str, Any]) -> Any:
        """As eth-account."""
        return self._code.account.sign_transaction(transaction)

    def sign_message(self, message: Any) -> Any:
        """As eth-account."""
        return self._code.account.sign_message(message)

    def __str__(self) -> str:
        # What a Journal knows it by: the words of two codes may have come by the same path.
        return self.address

    @cached_property
    def _code(self) -> ClaimCode:
        from seechain.consent.claim_code import ClaimCode

        text = _typed_words() if self.path == STDIN else read_text(self.path, MAX_WORDS)
        where = "the standard input" if self.path == STDIN else self.path
        if text.lstrip().startswith("{"):
            raise AccountError(
                f"{where} is no file of words: where it is a keystore, name it by --keystore"
            )
        try:
            return ClaimCode.from_words(text)
        except AccountError as error:
            raise AccountError(f"{where}: {error}") from None


def _typed_words() -> str:
    if _asks():
        return str(click.prompt("Words of the claim code", hide_input=True, err=True))
    return click.get_text_stream("stdin").read(MAX_WORDS)


def code_option(name: str, said: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option --code: whose words are in a file. name: of the argument that it gives."""
    return click.option("--code", name, metavar="FILE", type=Code, help=said)


by_code_option = code_option(
    "by_code",
    "Sign by the claim code whose 12 words are in this file ('-': the standard input); your"
    " account only sends.",
)
_CODE = code_option(
    "code", "The claim code whose 12 words are in this file; '-': the standard input."
)
_OPTIONS = (
    click.option(
        "--keystore",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="SEECHAIN_KEYSTORE",
        help="Your key, in a keystore file (Web3 Secret Storage); its password is asked for.",
    ),
    click.option(
        "--account",
        metavar="ADDRESS",
        help="An account that the node signs for, also one of a hardware wallet behind it.",
    ),
    click.option("--ape-account", metavar="ALIAS", help="An account that Ape knows."),
    _CODE,
    click.option(
        "--password-file",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Holds the keystore's password; else SEECHAIN_PASSWORD, or it is asked for.",
    ),
)


def account_options(function: Any) -> Any:
    """The options that name whose key signs; --code only where it is not the command's own."""
    taken = {option for each in getattr(function, "__click_params__", ()) for option in each.opts}
    for option in reversed(_OPTIONS):
        if option is not _CODE or "--code" not in taken:
            function = option(function)
    return function


def account_from(
    keystore: Path | None,
    account: str | None,
    ape_account: str | None,
    password_file: Path | None,
    code: Code | None = None,
) -> Any:
    """The account that the options name.

    Raises:
        click.UsageError: none or several are named. AccountError, FileError: it can't be had.
    """
    # A keystore of the environment gives way to what is typed.
    if (
        keystore
        and (account or ape_account or code)
        and str(keystore) == os.environ.get("SEECHAIN_KEYSTORE")
    ):
        keystore = None
    given = [each for each in (keystore, account, ape_account, code) if each]
    if len(given) != 1:
        raise click.UsageError(
            "name whose key signs: --keystore FILE, --account ADDRESS or --ape-account ALIAS"
            + (", one of them" if given else "")
        )
    if code:
        return code
    if keystore:
        return Keystore(keystore, password_file)
    if account:
        return checksum(account_bytes(account))
    return _of_ape(str(ape_account))


class Keystore:
    """An account in a keystore file, which is unlocked when it signs for the first time.

    Raises:
        FileError: the file can't be read. AccountError: it is no keystore.
    """

    def __init__(self, path: Path, password_file: Path | None = None) -> None:
        self.path, self._password_file = path, password_file
        try:
            self._stored: dict[str, Any] = strict_json.parse(read_text(path, MAX_KEYSTORE))
            crypto = self._stored["crypto" if "crypto" in self._stored else "Crypto"]
            crypto["kdf"]
        except (ValueError, TypeError, KeyError, AttributeError):
            raise AccountError(
                f"{path} is no keystore: name a file of Web3 Secret Storage, as wallets write it"
            ) from None
        if fault := _fault(self._stored, crypto):
            raise AccountError(f"{path} can't be unlocked: {fault}")

    @cached_property
    def address(self) -> str:
        """Its address, which most keystores say."""
        said = self._stored.get("address")
        if isinstance(said, str) and said:
            return checksum(account_bytes("0x" + said.removeprefix("0x").lower()))
        return str(self._unlocked.address)

    def sign_transaction(self, transaction: dict[str, Any]) -> Any:
        """As eth-account."""
        return self._unlocked.sign_transaction(transaction)

    def sign_message(self, message: Any) -> Any:
        """As eth-account."""
        return self._unlocked.sign_message(message)

    @cached_property
    def _unlocked(self) -> Any:
        from eth_account import Account

        password = _password(self.path, self._password_file)
        try:
            unlocked = Account.from_key(Account.decrypt(self._stored, password))
        except (*_NOT_WHOLE, MemoryError) as error:
            if "MAC" in str(error):
                raise AccountError(f"this is not the password of {self.path}") from None
            raise AccountError(f"{self.path} can't be unlocked: it is no whole keystore") from None
        said = self._stored.get("address")
        if said and unlocked.address.lower() != "0x" + said.removeprefix("0x").lower():
            raise AccountError(
                f"{self.path} says that it is of 0x{said.removeprefix('0x')}, and holds the key of"
                f" {unlocked.address}: it was changed"
            )
        return unlocked


def _fault(stored: dict[str, Any], crypto: dict[str, Any]) -> str | None:
    """Why a keystore is not tried at all, in part of a sentence."""
    kdf = crypto["kdf"]
    work: Any = crypto.get("kdfparams")
    if stored.get("version") != 3:
        version = stored.get("version")
        return f"it is of version {version!r}, and 3 is read: let your wallet write it anew"
    if kdf not in ("scrypt", "pbkdf2"):
        return f"its kdf is {kdf!r}, and scrypt and pbkdf2 are read: let your wallet write it anew"
    if not isinstance(stored.get("address", ""), str):
        return f"its address is {stored['address']!r}, which is no text: it was changed"
    names = ("n", "r", "p") if kdf == "scrypt" else ("c",)
    costs = [int(work[name]) for name in names if isinstance(work, dict) and _is_count(work, name)]
    if len(costs) < len(names) or not _is_count(work, "dklen") or work["dklen"] > MOST_LENGTH:
        return "it is no whole keystore"
    most = MOST_SCRYPT if kdf == "scrypt" else MOST_ROUNDS
    is_small = kdf != "scrypt" or costs[0] * costs[1] <= MOST_MEMORY
    if is_small and math.prod(costs) <= most:
        return None
    said = ", ".join(f"{name} = {cost}" for name, cost in zip(names, costs, strict=True))
    rest = "that is far more work than wallets ask for: let your wallet write it anew"
    return f"it asks for {kdf} with {said}, and {rest}"


def _is_count(values: dict[str, Any], name: str) -> bool:
    return type(values.get(name)) is int and values[name] > 0


def new_password(path: Path, file: Path | None) -> str:
    """The password of a keystore that is about to be made; on a terminal it is asked for twice.

    Raises:
        AccountError: nobody can be asked for it, or it is too short.
    """
    if file is None and "SEECHAIN_PASSWORD" not in os.environ and _asks():
        asked = f"New password of {path}"
        return _long_enough(
            str(click.prompt(asked, hide_input=True, confirmation_prompt=True, err=True))
        )
    return _long_enough(_password(path, file))


def _long_enough(password: str) -> str:
    if len(password) < SHORTEST:
        raise AccountError(f"a password has at least {SHORTEST} characters: choose a longer one")
    return password


def _asks() -> bool:
    return click.get_text_stream("stdin").isatty()


def _password(path: Path, file: Path | None) -> str:
    if file is not None:
        # Some editors end lines and begin files in ways of their own.
        return read_text(file, 4096).removeprefix("\ufeff").removesuffix("\n").removesuffix("\r")
    if (given := os.environ.get("SEECHAIN_PASSWORD")) is not None:
        return given
    if not _asks():
        raise AccountError(
            f"{path} is locked, and nobody can be asked for its password: --password-file FILE"
        )
    return str(click.prompt(f"Password of {path}", hide_input=True, err=True))


def _of_ape(alias: str) -> Any:
    try:
        from ape import accounts
        from ape.exceptions import ApeException
    except ImportError:
        raise SeechainError(
            'Ape is not installed: pip install "seechain[ape]", or use --keystore'
        ) from None
    try:
        return (
            accounts.test_accounts[int(alias[6:])]
            if alias.startswith("TEST::")
            else (accounts.load(alias))
        )
    except (ApeException, KeyError, IndexError, ValueError):
        raise AccountError(f"Ape knows no account {alias!r}: ape accounts list") from None
