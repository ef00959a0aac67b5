"""The faults of the wire: what becomes of a question and its answer, whatever they are about.

A kind is a fault with a name. `lies` has those of nodes that answer wrongly, `weather` those of
the chain itself; `all_kinds` has all.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.faults.proxy import SEND, SILENCE, Exchange, Reply, Strike

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.acts import Act, World

TIMEOUT = 0.4  # seconds, of the client that meets a fault
SENDING = ("registration", "payment", "token payment", "payout", "cascade")
READING = ("reading",)
EVERY = (*SENDING, *READING)


@dataclass(frozen=True)
class Kind:
    """One kind of fault.

    Attributes:
        does, holds: in words, for the docs.
        methods: that are struck, by default what sends, or for a reading any.
        acts: that it touches. times: how often it strikes, None: always.
        after: what ends the fault outside of the proxy.
        mends: what must happen before the act can be complete, where that is not ours to do.
        is_said: whether it must end in an error, since it can't complete.
    """

    name: str
    does: str
    strike: Strike
    holds: str = "complete, or one sentence and complete when run again"
    methods: tuple[str, ...] = ()
    acts: tuple[str, ...] = EVERY
    first: int = 0
    times: int | None = 1
    after: Callable[[World], None] | None = None
    mends: Callable[[World, Act, Path], None] | None = None
    is_said: bool = False

    def struck(self, act: str) -> tuple[tuple[str, ...], int]:
        """The methods that are struck in an act, and how many of them are spared before."""
        if self.methods:
            return self.methods, self.first
        return (SEND, self.first) if act in SENDING else ((), 3)


def status(code: int, *, forwards: bool = False, **headers: str) -> Strike:
    """Answers an HTTP status and no JSON."""

    def strike(exchange: Exchange) -> Reply:
        if forwards:
            exchange.forward()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Reply(b"<html>no</html>", code, {"Content-Type": "text/html", **named})

    return strike


def refuses(code: int, message: str, *, forwards: bool = False) -> Strike:
    """Answers 200 and an error."""

    def strike(exchange: Exchange) -> Reply:
        if forwards:
            exchange.forward()
        return exchange.error(code, message)

    return strike


def body(change: Callable[[bytes], bytes], **more: int) -> Strike:
    """Forwards, and changes the answer's bytes."""

    def strike(exchange: Exchange) -> Reply:
        return Reply(change(json.dumps(exchange.forward()).encode()), **more)

    return strike


def _drop_before(exchange: Exchange) -> Reply:
    return SILENCE


def _drop_after(exchange: Exchange) -> Reply:
    exchange.forward()
    return SILENCE


def _late(exchange: Exchange) -> Reply:
    said = exchange.forward()
    time.sleep(TIMEOUT + 0.1)
    return Reply.of(said)


def _deaf(exchange: Exchange) -> Reply:
    time.sleep(TIMEOUT + 0.1)
    return SILENCE


def _twice(exchange: Exchange) -> Reply:
    exchange.forward()
    return Reply.of(exchange.forward())


def _truncated(exchange: Exchange) -> Reply:
    whole = json.dumps(exchange.forward()).encode()
    return Reply(whole[: len(whole) // 2], length=len(whole))


def _wrong_id(exchange: Exchange) -> Reply:
    return Reply.of({**exchange.forward(), "id": 10**9})


def _no_id(exchange: Exchange) -> Reply:
    return Reply.of({**exchange.forward(), "id": None})


def _reordered(exchange: Exchange) -> Reply:
    before = exchange.proxy.last
    exchange.forward()
    return Reply.of(before or {})  # with its own, older id


def _neither(exchange: Exchange) -> Reply:
    exchange.forward()
    return Reply.of({"jsonrpc": "2.0", "id": exchange.question["id"]})


def _null(exchange: Exchange) -> Reply:
    exchange.forward()
    return exchange.result(None)


def _list(exchange: Exchange) -> Reply:
    return Reply.of([exchange.forward()])


def _other_type(exchange: Exchange) -> Reply:
    exchange.forward()
    return exchange.result({"what": ["else"]})


def _drip(exchange: Exchange) -> Reply:
    # Each byte comes in time, the whole far too late: two bytes a TIMEOUT would never time out.
    whole = json.dumps(exchange.forward()).encode()
    return Reply(whole, pause=TIMEOUT / len(whole))


WIRE = (
    Kind("dropped before", "closes the connection, and the node never hears of it", _drop_before),
    Kind("dropped after", "does what it is asked, and closes the connection", _drop_after),
    Kind("late", "does it, and answers after the client has given up", _late),
    Kind("deaf", "takes the question, does nothing, never answers", _deaf),
    Kind("repeated", "does what it is asked twice, and gives the second answer", _twice),
    Kind("truncated", "closes the connection in the middle of the answer", _truncated),
    Kind("halved", "gives half the answer as though it were all", body(lambda b: b[: len(b) // 2])),
    Kind("garbled", "turns bytes of the answer over", body(lambda b: b[::-1])),
    Kind("not text", "answers bytes that are no UTF-8", body(lambda b: b"\xff\xfe" + b)),
    Kind("wrong id", "answers under the number of another question", _wrong_id),
    Kind("no id", "answers without the question's number", _no_id),
    Kind("reordered", "gives the answer to the question before", _reordered),
    Kind("empty body", "does it, and answers nothing", body(lambda b: b"")),
    Kind("a page", "does it, and answers a page of HTML", body(lambda b: b"<html>hello</html>")),
    Kind("neither", "answers neither a result nor an error", _neither),
    Kind("null", "does it, and answers null", _null),
    Kind("a list", "answers a list of answers", _list),
    Kind("other type", "answers an object where a number or bytes were asked for", _other_type),
    Kind("slow drip", "answers byte by byte", _drip),
    Kind("429", "answers HTTP 429", status(429)),
    Kind("429, later", "answers HTTP 429 with Retry-After", status(429, Retry_After="1")),
    Kind("500", "does it, and answers HTTP 500", status(500, forwards=True)),
    Kind("502", "answers HTTP 502", status(502)),
    Kind("503", "answers HTTP 503", status(503)),
    Kind("504", "does it, and answers HTTP 504", status(504, forwards=True)),
    Kind("401", "answers HTTP 401", status(401)),
    Kind("limit exceeded", "answers error -32005", refuses(-32005, "limit exceeded")),
    Kind(
        "internal error",
        "does it, and answers error -32603",
        refuses(-32603, "Internal error", forwards=True),
    ),
    Kind("header not found", "answers error -32000", refuses(-32000, "header not found")),
    Kind("method not found", "answers error -32601", refuses(-32601, "method not found")),
)
