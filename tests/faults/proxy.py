"""A node that fails on purpose: a JSON-RPC proxy before a real one, which does one named fault.

with Proxy(url) as proxy:              # forwards everything
    proxy.strike(kind, world)          # from now on the kind's fault, at its methods
    ...
    proxy.heal()
"""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

SEND = ("eth_sendRawTransaction", "eth_sendTransaction")


@dataclass(frozen=True)
class Reply:
    """What the client gets: a body, or silence where it is None."""

    body: bytes | None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None  # that is announced, where it is not the body's own
    pause: float = 0.0  # seconds between single bytes

    @classmethod
    def of(cls, answer: object, **more: Any) -> Reply:
        """An answer as JSON."""
        return cls(json.dumps(answer).encode(), **more)


SILENCE = Reply(None)


class Exchange:
    """One question of the client; a fault looks at it and decides what comes back."""

    def __init__(self, proxy: Proxy, link: Link, question: dict[str, Any], number: int) -> None:
        self.proxy, self.link, self.question = proxy, link, question
        self.number = number  # of those that the kind is about, from 0
        self.method: str = question["method"]
        self.parameters: list[Any] = question.get("params") or []

    def forward(self) -> dict[str, Any]:
        """What the node itself answers."""
        return self.link.ask(self.question)

    def result(self, value: object) -> Reply:
        """An answer with this result."""
        return Reply.of({"jsonrpc": "2.0", "id": self.question["id"], "result": value})

    def error(self, code: int, message: str, **more: object) -> Reply:
        """An answer with this error."""
        said = {"code": code, "message": message, **more}
        return Reply.of({"jsonrpc": "2.0", "id": self.question["id"], "error": said})

    def ask(self, method: str, *parameters: object) -> Any:
        """What the node answers to a question of our own; None for an error."""
        question = {"jsonrpc": "2.0", "id": 0, "method": method, "params": list(parameters)}
        return self.link.ask(question).get("result")


class Link:
    """A connection to the node, one for each of the client's."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._http: http.client.HTTPConnection | None = None

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The node's answer."""
        body = json.dumps(question)
        for fresh in (False, True):
            if self._http is None or fresh:
                self.close()
                self._http = http.client.HTTPConnection(self._host, timeout=30)
            try:
                self._http.request("POST", "/", body, {"Content-Type": "application/json"})
                answer: dict[str, Any] = json.loads(self._http.getresponse().read())
                return answer
            except (OSError, http.client.HTTPException):
                if fresh:
                    raise
        raise AssertionError

    def close(self) -> None:
        """Ends the connection."""
        if self._http is not None:
            self._http.close()
            self._http = None


Strike = Callable[[Exchange], Reply | None]  # None: forward it as it is


class Proxy:
    """Forwards to the node, and does the fault that it was told.

    Attributes:
        log: the methods that were asked, since the last `strike` or `heal`.
        hits: how often the fault was done since then.
        fetched: pages that were asked for: none ever is (EIP-3668).
        watch: called before and after each question is forwarded, with its number from 0 on and
            "before" or "after".
    """

    def __init__(self, node: str) -> None:
        self.node = node
        self.log: list[str] = []
        self.hits = 0
        self.fetched: list[str] = []
        self.watch: Callable[[int, str], None] | None = None
        self.last: dict[str, Any] | None = None  # the latest answer
        self.notes: dict[str, Any] = {}  # a fault's own, from one question to the next
        self._strike: Strike | None = None
        self._methods: frozenset[str] | None = None
        self._from, self._times = 0, 0
        self._matched = 0
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        """Where the client asks."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Proxy:
        self._thread.daemon = True
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def strike(
        self,
        fault: Strike,
        methods: tuple[str, ...] = (),
        *,
        first: int = 0,
        times: int | None = 1,
    ) -> None:
        """From now on does a fault.

        Args:
            methods: of questions that are meant, by default all.
            first: how many of them are spared before. times: how many are struck, None: all.
        """
        with self._lock:
            self._strike, self._methods = fault, frozenset(methods) or None
            self._from, self._times = first, 1 << 60 if times is None else times
            self._clear()

    def heal(self) -> None:
        """Forwards all from now on."""
        with self._lock:
            self._strike = None
            self._clear()

    def _clear(self) -> None:
        self._matched = self.hits = 0
        self.log, self.notes, self.last = [], {}, None

    def answer(self, link: Link, question: dict[str, Any]) -> Reply:
        """What the client gets for a question."""
        with self._lock:
            place, fault, number = len(self.log), None, 0
            self.log.append(question["method"])
            if self._methods is None or question["method"] in self._methods:
                number = self._matched - self._from
                self._matched += 1
                if self._strike is not None and 0 <= number < self._times:
                    fault = self._strike
        if self.watch is not None:
            self.watch(place, "before")
        exchange = Exchange(self, link, question, number)
        reply = None
        if fault is not None:
            self.hits += 1  # before: the client may be gone when it has done it
            reply = fault(exchange)
            self.hits -= reply is None
        if reply is None:
            said = exchange.forward()
            self.last = said
            reply = Reply.of(said)
        if self.watch is not None:
            self.watch(place, "after")
        return reply


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, *_: object) -> None:
        """Clients that go away are what this is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.link = Link(urlsplit(self.server.proxy.node).netloc)

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.link.close()

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        """Notes a page that was asked for."""
        self.server.proxy.fetched.append(self.path)
        self.send_error(404)

    def do_POST(self) -> None:
        """Answers one question."""
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            reply = self.server.proxy.answer(self.link, question)
            self._write(reply)
        except OSError:
            self.close_connection = True

    def _write(self, reply: Reply) -> None:
        if reply.body is None:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        length = len(reply.body) if reply.length is None else reply.length
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if reply.pause:
            for at in range(len(reply.body)):
                self.wfile.write(reply.body[at : at + 1])
                self.wfile.flush()
                time.sleep(reply.pause)
        else:
            self.wfile.write(reply.body)
            self.wfile.flush()
        if length != len(reply.body):
            self.close_connection = True
