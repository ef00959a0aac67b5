"""A node with as many events as are wanted: one real block's answers, again and again.

It stands before an anvil, forwards every question about the blocks that anvil has, and answers for
those above them itself: each has the logs of the anvil's last block, as the anvil gave them, with
numbers, hashes and time of its own. `replay_fork` changes the hashes of the blocks from one on.

    python -m bench.reading.replay URL BLOCKS
"""

from __future__ import annotations

import http.client
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


class Replayed:
    """The chain above the anvil's own blocks. asked: how often logs were asked for."""

    def __init__(self, url: str, blocks: int) -> None:
        self.host = urlsplit(url).netloc
        self.real = int(self.ask("eth_blockNumber"), 16)
        self.head = self.real + blocks
        self.fork = self.head + 1
        self.forked = b""
        self.asked = 0
        block = self.ask("eth_getBlockByNumber", hex(self.real), False)
        self.block, self.time = block, int(block["timestamp"], 16)
        self._templates: dict[str, bytes] = {}

    def ask(self, method: str, *parameters: object) -> Any:
        """What the anvil answers."""
        question = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
        return json.loads(self.forward(json.dumps(question).encode()))["result"]

    def forward(self, question: bytes) -> bytes:
        """The anvil's own answer, as it is."""
        connection = http.client.HTTPConnection(self.host, timeout=120)
        connection.request("POST", "/", question, {"Content-Type": "application/json"})
        answer = connection.getresponse().read()
        connection.close()
        return answer

    def answer(self, question: bytes) -> bytes:
        """The answer to a question."""
        asked = json.loads(question)
        method, parameters = asked["method"], asked.get("params", [])
        if method == "eth_blockNumber":
            return _said(json.dumps(hex(self.head)).encode())
        if method == "eth_getBlockByNumber" and parameters[0][:2] == "0x":
            number = int(parameters[0], 16)
            if number > self.real:
                return _said(self._header(number))
        if method == "eth_getLogs":
            self.asked += 1
            last = int(parameters[0]["toBlock"], 16)
            if last > self.real:
                return _said(self._logs(parameters[0], last))
        if method == "replay_fork":
            self.fork, self.forked = parameters[0], b"f"
            return _said(b"true")
        if method == "replay_asked":
            return _said(str(self.asked).encode())
        return self.forward(question)

    def _hash(self, number: int) -> bytes:
        mark = self.forked if number >= self.fork else b""
        return b"0x" + (mark + b"%x" % number).rjust(64, b"b")

    def _header(self, number: int) -> bytes:
        if number > self.head:
            return b"null"
        changed = {
            "number": hex(number),
            "hash": self._hash(number).decode(),
            "timestamp": hex(self.time + number - self.real),
        }
        return json.dumps({**self.block, **changed}).encode()

    def _logs(self, asked: dict[str, Any], last: int) -> bytes:
        first = int(asked["fromBlock"], 16)
        found = []
        if first <= self.real:
            own = self.ask("eth_getLogs", {**asked, "toBlock": hex(self.real)})
            if own:
                found.append(json.dumps(own).encode()[1:-1])
        template = self._template(asked)
        if template:
            transaction = b'"' + self.block["transactions"][0].encode() + b'"'
            for number in range(max(first, self.real + 1), min(last, self.head) + 1):
                hash = self._hash(number)
                found.append(
                    template.replace(b'"' + self.block["hash"].encode() + b'"', b'"%s"' % hash)
                    .replace(transaction, b'"0xcc%s"' % hash[4:])
                    .replace(
                        b'"blockNumber":"%s"' % hex(self.real).encode(),
                        b'"blockNumber":"0x%x"' % number,
                    )
                    .replace(
                        b'"blockTimestamp":"%s"' % hex(self.time).encode(),
                        b'"blockTimestamp":"0x%x"' % (self.time + number - self.real),
                    )
                )
        return b"[" + b",".join(found) + b"]"

    def _template(self, asked: dict[str, Any]) -> bytes:
        """The logs of the anvil's last block for such a question, without the brackets."""
        of_last = {**asked, "fromBlock": hex(self.real), "toBlock": hex(self.real)}
        name = json.dumps(of_last)
        if name not in self._templates:
            question = {"jsonrpc": "2.0", "id": 1, "method": "eth_getLogs", "params": [of_last]}
            answer = self.forward(json.dumps(question).encode())
            self._templates[name] = answer[answer.index(b"[") + 1 : answer.rindex(b"]")]
        return self._templates[name]


def _said(result: bytes) -> bytes:
    return b'{"jsonrpc":"2.0","id":1,"result":' + result + b"}"


def serve(url: str, blocks: int) -> None:
    """Serves until it is ended; prints where."""
    chain = Replayed(url, blocks)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *_: object) -> None:
            """Says nothing."""

        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            answer = chain.answer(question)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that was interrupted goes away."""

    server = Server(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
