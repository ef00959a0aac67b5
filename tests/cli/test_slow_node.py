"""A node that accepts a question and never answers, or never ends: one sentence, in time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from seechain import SEE
from seechain.cli import line
from tests.cli.typing import Person, Typed
from tests.faults.proxy import SEND, Exchange, Proxy, Reply

DEADLINE = 0.6  # seconds, in place of 20
SLACK = 3.0  # seconds for all else that a command does


@pytest.fixture
def proxy(rpc: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    monkeypatch.setattr(line, "DEADLINE", DEADLINE)
    monkeypatch.setattr(line, "QUIET", 0.2)
    monkeypatch.setattr(line, "PAUSES", (0.05, 0.05))
    with Proxy(rpc) as proxy:
        yield proxy


def hangs(exchange: Exchange) -> Reply:
    time.sleep(5)
    return Reply(None)


def drips(exchange: Exchange) -> Reply:
    return Reply(b" " * 100, pause=0.1)


def has_no_end(exchange: Exchange) -> Reply:
    return Reply(b'{"jsonrpc": "2.0", "id": 0, "result": "0x' + 200_000 * b"00", length=1 << 30)


@pytest.mark.parametrize("fault", [hangs, drips])
def test_what_does_not_come_in_time_is_one_sentence_and_who_waits_is_told(
    fault: Callable[[Exchange], Reply], proxy: Proxy, run: Typed, see: SEE
) -> None:
    proxy.strike(fault, first=2, times=None)
    before = time.monotonic()
    result = run("show", see.address, "--rpc", proxy.url)
    assert time.monotonic() - before < DEADLINE + SLACK
    assert result.exit_code == 4
    waiting, error = result.stderr.splitlines()
    assert waiting == f"Waiting for the node at {proxy.url}"
    assert "does not answer in time" in error


def test_an_answer_without_end_is_not_read(
    proxy: Proxy, run: Typed, see: SEE, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "DEADLINE", 20.0)
    monkeypatch.setattr(line, "MOST", 5000)
    proxy.strike(has_no_end, ("eth_getCode",), times=None)
    before = time.monotonic()
    said = run.refused("show", see.address, "--rpc", proxy.url, code=4)
    assert time.monotonic() - before < SLACK
    assert "does not answer in time" in said


def test_under_json_nothing_is_told_while_it_waits(proxy: Proxy, run: Typed, see: SEE) -> None:
    proxy.strike(hangs, times=None)
    result = run("show", see.address, "--rpc", proxy.url, "--json")
    assert (result.exit_code, result.stderr) == (4, "")


def test_a_node_that_was_busy_is_asked_again(proxy: Proxy, run: Typed, see: SEE) -> None:
    for fault in (lambda exchange: Reply(b"", status=429), lambda exchange: Reply(None)):
        proxy.strike(fault, ("eth_call",), times=2)
        run.well("show", see.address, "--rpc", proxy.url)
        assert proxy.hits == 2


def test_a_node_that_is_silent_at_the_send_is_not_waited_for_long(
    proxy: Proxy, people: dict[str, Person], see: SEE, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has taken the payment all the same: typed again it is not made twice."""
    monkeypatch.setattr("seechain.cli.journalled.AWAY", DEADLINE)
    before = see.received()["native"]
    words = ("pay", "--see", see.address, "--amount", "7 gwei", "--memo", "INV-11")

    def takes_and_hangs(exchange: Exchange) -> Reply:
        exchange.forward()
        proxy.strike(hangs, times=None)
        return hangs(exchange)

    for fault in (hangs, takes_and_hangs):
        proxy.strike(fault, SEND, times=None)
        start = time.monotonic()
        result = people["port"](*words, "--rpc", proxy.url)
        assert time.monotonic() - start < 2 * DEADLINE + 1 + SLACK
        assert result.exit_code == 4
        assert f"Waiting for the node at {proxy.url}" in result.stderr
        assert "type it again, and it goes on where it was" in result.stderr
        assert "Journal" not in result.stderr
        proxy.heal()
        people["port"].well(*words, "--rpc", proxy.url)
        before += 7 * 10**9
        assert see.received()["native"] == before


def test_who_waits_for_a_dead_node_at_the_send_is_told(
    proxy: Proxy, people: dict[str, Person], see: SEE, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seechain.cli.journalled.AWAY", 1.0)
    monkeypatch.setattr("seechain.sending.delivery.QUIET", 0.3)
    before = see.received()["native"]
    words = ("pay", "--see", see.address, "--amount", "9 gwei", "--memo", "INV-12")

    def dies(exchange: Exchange) -> Reply:
        proxy.strike(lambda exchange: Reply(None), times=None)
        return Reply(None)

    proxy.strike(dies, SEND)
    result = people["port"](*words, "--rpc", proxy.url)
    assert result.exit_code == 4
    assert "Waiting for the payment of 9 gwei" in result.stderr
    assert "can not be reached" in result.stderr
    proxy.heal()
    people["port"].well(*words, "--rpc", proxy.url)
    assert see.received()["native"] == before + 9 * 10**9


def test_what_is_signed_goes_to_no_other_node_than_the_one_that_was_named(
    proxy: Proxy, people: dict[str, Person], see: SEE, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seechain.cli.journalled.AWAY", DEADLINE)
    words = ("pay", "--see", see.address, "--amount", "3 gwei", "--memo", "INV-13")
    with Proxy(proxy.node) as other:
        to = {"Location": other.url}
        proxy.strike(lambda exchange: Reply(b"", status=307, headers=to), SEND, times=None)
        result = people["port"](*words, "--rpc", proxy.url)
        assert other.log == []
    assert result.exit_code == 4
    assert f"redirects to {other.url}" in result.stderr
