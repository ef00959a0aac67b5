"""Nodes that answer too much, elsewhere or not at all: one sentence that says which."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from seechain.cli import line
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


def test_depth_is_told_by_the_shape_alone() -> None:
    """In a process that has set its bound of recursion higher, reading such an answer ended it."""
    for deep in (
        b"[" * 101,
        b"[" * 10**5 + b"]" * 10**5,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b"[1," * 500 + b"2" + b",3]" * 500,
    ):
        with pytest.raises(json.JSONDecodeError, match="nested more than 100 deep"):
            line.check_parts(deep)
    for flat in (
        b"[" * 100 + b"]" * 100,
        b"[" + b"[]," * 10**5 + b"0]",
        json.dumps({"result": ["[" * 300] * 50}).encode(),
        json.dumps({"result": ['\\"[{' * 100, "\\\\"]}).encode(),
    ):
        line.check_parts(flat)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_question_goes_to_another_host_than_the_one_that_was_named(
    status: int, proxy: Proxy, run: Typed
) -> None:
    with Proxy("http://127.0.0.1:1") as other:
        to = {"Location": other.url.replace("//", "//ada:secret@") + "/key"}
        proxy.strike(lambda exchange: Reply(b"", status=status, headers=to), times=None)
        said = run.refused("show", ADA, "--rpc", proxy.url, code=4)
        assert (other.log, other.fetched) == ([], [])
    assert f"{proxy.url} redirects to {other.url}: name that URL, if it is meant" in said
    assert "secret" not in said


def test_a_redirect_within_a_node_shows_no_path(proxy: Proxy, run: Typed) -> None:
    to = {"Location": "/secret"}
    proxy.strike(lambda exchange: Reply(b"", status=307, headers=to), times=None)
    said = run.refused("show", ADA, "--rpc", proxy.url, code=4)
    assert f"the node at {proxy.url} redirects to another path: name that URL" in said
    assert "secret" not in said


def test_what_a_redirect_holds_is_not_read(proxy: Proxy, run: Typed) -> None:
    to = {"Location": "http://a.org"}
    proxy.strike(lambda exchange: Reply(b" " * 99, status=307, headers=to, pause=0.1), times=None)
    before = time.monotonic()
    said = run.refused("show", ADA, "--rpc", proxy.url, code=4)
    assert time.monotonic() - before < 3
    assert "redirects to http://a.org: name" in said


@pytest.mark.parametrize("location", ["http://a\x1b]b.org/", "http://a\x1bb.org", "//[", ""])
def test_a_redirect_to_what_is_no_url_is_told_as_one(
    location: str, proxy: Proxy, run: Typed
) -> None:
    to = {"Location": location}
    proxy.strike(lambda exchange: Reply(b"", status=307, headers=to), times=None)
    said = run.refused("show", ADA, "--rpc", proxy.url, code=4)
    assert f"the node at {proxy.url} redirects to" in said
    assert "\x1b" not in said
