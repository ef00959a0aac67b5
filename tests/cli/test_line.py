"""Nodes that answer too much, elsewhere or not at all: one sentence that says which."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.cli.typing import Typed
from tests.faults.proxy import Exchange, Proxy, Reply

ADA = "0x" + "ad" * 20


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """In front of no node: all answers are the test's."""
    with Proxy("http://127.0.0.1:1") as proxy:
        yield proxy


def answers(result: bytes) -> object:
    def reply(exchange: Exchange) -> Reply:
        return Reply(b'{"jsonrpc": "2.0", "id": %d, "result": ' % exchange.question["id"] + result)

    return reply


@pytest.mark.parametrize(
    "result",
    [
        b"[" + 8_000_000 * b"[]," + b"0]}",
        b"[" + 16_000_000 * b"1," + b"0]}",
        100_000 * b"[" + 100_000 * b"]" + b"}",
    ],
    ids=["lists", "numbers", "deep"],
)
def test_an_answer_of_too_many_or_too_deep_parts_is_refused_at_once(
    result: bytes, proxy: Proxy, run: Typed
) -> None:
    proxy.strike(answers(result), times=None)  # type: ignore[arg-type]
    before = time.process_time()
    said = run.refused("show", ADA, "--rpc", proxy.url, code=4)
    assert time.process_time() - before < 2
    assert f"the node at {proxy.url} gave an answer that can't be read (reading" in said
