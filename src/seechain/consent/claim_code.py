"""Claim codes: a key of its own for a member who has no account yet.

code = ClaimCode.new()
code.address     # stands in the agreement, with pull_only: true
code.words       # 12 words, to hand over
code = ClaimCode.from_words(text)
see.redirect(code.account, "0x…", sender=anyone)   # the money goes to a real account from now on

The words are a mnemonic of BIP-39 in English, without a passphrase; the key is that of the path
`PATH` (BIP-32, BIP-44), the first account that any wallet makes of them. Whoever has the words has
the money that is due to the seat, and nobody can restore them.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from eth_account import Account
from eth_account.hdaccount import key_from_seed, seed_from_mnemonic
from eth_account.hdaccount.mnemonic import Mnemonic

from seechain.errors import AccountError

WORDS = 12
PATH = "m/44'/60'/0'/0/0"
_MOST_NAMED = 3  # wrong words; with more of them it is another language, or no words at all
_LIST = "the English list of BIP-39"


@dataclass(frozen=True)
class ClaimCode:
    """The key of a claim code.

    words: 12 words in lower case, one space between them. They are shown by nothing but this.

    Raises:
        AccountError: the words are none of a claim code; says where, and never the words.
    """

    words: str = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", _checked(self.words))

    @classmethod
    def new(cls) -> ClaimCode:
        """A code that nobody had before: 128 bits of the system's randomness."""
        return cls(Mnemonic().generate(WORDS))

    @classmethod
    def from_words(cls, text: str) -> ClaimCode:
        """The code of its words, however they are set: case, spaces and line ends don't matter.

        Raises:
            AccountError: as the class.
        """
        return cls(text)

    @cached_property
    def account(self) -> Any:
        """The account of eth-account, which signs."""
        return Account.from_key(key_from_seed(seed_from_mnemonic(self.words, ""), PATH))

    @property
    def address(self) -> str:
        """The checksummed address that stands in the agreement."""
        return str(self.account.address)

    def to_keystore(self, password: str) -> str:
        """The key as a file of Web3 Secret Storage, in JSON: the words are not in it.

        Raises:
            AccountError: there is no password.
        """
        if not password:
            raise AccountError("a claim code is kept under a password, and this one is empty")
        return json.dumps(Account.encrypt(self.account.key, password), indent=2) + "\n"

    def __repr__(self) -> str:
        return f"ClaimCode({self.address})"


def _checked(text: str) -> str:
    words = unicodedata.normalize("NFKD", text).removeprefix("\ufeff").lower().split()
    known = set(Mnemonic().wordlist)
    wrong = [at for at, word in enumerate(words, 1) if word not in known]
    if len(words) != WORDS:
        also = f", and {_named(wrong)}" if 0 < len(wrong) <= _MOST_NAMED else ""
        raise AccountError(f"a claim code has {WORDS} words, and these are {len(words)}{also}")
    if len(wrong) > _MOST_NAMED:
        raise AccountError(
            f"{len(wrong)} of the {WORDS} words are not in {_LIST}: these are no words of a claim"
            " code, which are English"
        )
    if wrong:
        raise AccountError(f"{_named(wrong)}: copy the words as they were written")
    if not Mnemonic().is_mnemonic_valid(" ".join(words)):
        raise AccountError(
            "each of the words is right, but not all together: one of them is another word of the"
            " list, or two have changed places"
        )
    return " ".join(words)


def _named(wrong: list[int]) -> str:
    if len(wrong) == 1:
        return f"word {wrong[0]} is not in {_LIST}"
    return f"words {', '.join(map(str, wrong[:-1]))} and {wrong[-1]} are not in {_LIST}"
