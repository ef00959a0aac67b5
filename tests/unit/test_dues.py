"""What is due is read by parts of a table; what a contract refuses is told as what it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from seechain.accounts import checksum
from seechain.agreement.text import NATIVE, currency_address
from seechain.chain.reverts import OutOfGas, Refused, TokenError
from seechain.share_table import ShareTable
from seechain.splitter import dues

TOKEN = checksum(b"\xc0" * 20)
TABLE = ShareTable.from_seats((f"0x{number:040x}", number) for number in range(1, 1101))


class Contract(SimpleNamespace):
    """Answers with the shares of the seats that it is asked about."""

    def __init__(self, fault: Exception | None = None) -> None:
        super().__init__(w3=None, address="0x" + "11" * 20, interface="SPLITTER", table=TABLE)
        self.fault, self.asked = fault, []

    def dues_key(self, currency: str) -> tuple[object, ...]:
        return (currency_address(currency),)

    def ask(self, w3: Any, address: str, interface: Any, name: str, *arguments: Any) -> list[int]:
        assert (address, interface, name) == (self.address, "SPLITTER", "dues")
        currency, shares, pages, first, words = arguments
        assert (shares, pages) == (TABLE.shares, TABLE.pages)
        self.asked.append((currency, first, len(words)))
        if self.fault:
            raise self.fault
        assert [word >> 96 for word in words] == [first + at + 1 for at in range(len(words))]
        return [word & 2**48 - 1 for word in words]


@pytest.fixture
def contract(monkeypatch: pytest.MonkeyPatch) -> Any:
    def made(fault: Exception | None = None) -> Contract:
        one = Contract(fault)
        monkeypatch.setattr(dues, "ask", one.ask)
        return one

    return made


def test_a_part_is_of_so_many_seats_from_the_first_on(contract: Any) -> None:
    one = contract()
    for first, count in ((0, 1), (7, 3), (1090, 10), (1099, 1)):
        read = dues.dues_of(one, NATIVE, first, count)
        assert read == [first + at + 1 for at in range(count)]
    assert dues.dues_of(one, NATIVE, 1090, 99) == list(range(1091, 1101))
    assert one.asked[0] == (currency_address(NATIVE), 0, 1)


def test_all_parts_together_are_the_table(contract: Any) -> None:
    one = contract()
    found: list[int] = []
    while len(found) < len(TABLE):
        found += dues.dues_of(one, TOKEN, len(found))
    assert found == list(range(1, 1101))
    assert sum(count for *_, count in one.asked) == 1100
    assert {currency for currency, *_ in one.asked} == {TOKEN}


@pytest.mark.parametrize("fault", [Refused("no"), OutOfGas("too much")])
def test_a_refusal_is_not_swallowed(
    contract: Any, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a token that can be read it is the contract's, else it is the token's."""
    said: list[str] = []

    class Readable:
        def __init__(self, _: object, address: str) -> None:
            assert address == TOKEN

        def balance(self, of: str) -> int:
            said.append(of)
            return 5

    monkeypatch.setattr(dues, "Token", Readable)
    for currency in (NATIVE, TOKEN):
        with pytest.raises(type(fault)):
            dues.dues_of(contract(fault), currency, 0)
    assert said == ["0x" + "11" * 20]

    class Broken(Readable):
        def balance(self, of: str) -> int:
            raise TokenError(of)

    monkeypatch.setattr(dues, "Token", Broken)
    with pytest.raises(TokenError):
        dues.dues_of(contract(fault), TOKEN, 0)


def test_what_is_due_is_of_one_account_or_of_all(contract: Any) -> None:
    one = contract()
    assert dues.due(one, NATIVE, TABLE.seat(600).account) == 601
    assert dues.due(one, NATIVE, None) == sum(range(1, 1101))
    assert [first for _, first, _ in one.asked] == [600, 0, 512, 1024]


def test_pages_on_which_something_can_be_pushed(
    contract: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A seat to which nothing is due, or that is pull only, brings no page."""
    owed = {5, 63, 64, 700, 1099}
    one = contract()

    def ask(*asked: Any) -> list[int]:
        *_, first, words = asked
        return [int(first + at in owed) for at in range(len(words))]

    monkeypatch.setattr(dues, "ask", ask)
    assert dues.pages_due(one, NATIVE) == [0, 1, 2, 21, 34]
    monkeypatch.setattr(dues, "is_pull_only", lambda _, index: index in {5, 64, 1099})
    assert dues.pages_due(one, NATIVE) == [1, 21]
