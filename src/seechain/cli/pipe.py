"""The line to a node over its socket: as `line`, each question is answered in time or an error."""

from __future__ import annotations

import time
from json import JSONDecodeError
from socket import socket
from typing import Any

from web3 import IPCProvider
from web3.types import RPCResponse

from seechain.cli import line

# How an answer ends that begins so; of blanks alone nothing is known yet.
_ENDS = {b"{": b"}", b"[": b"]", b"": b"}"}


class Pipe(IPCProvider):
    """What asks a node by the path of its socket.

    web3's own waits all its time for a socket that is closed, or gives what is no JSON.
    """

    def _make_request(self, request: bytes) -> RPCResponse:
        """Asks, and once more where the connection was lost, but never what sends: its sender
        tells it again.

        Raises:
            TimeoutError: it does not come in time, or has no end.
            JSONDecodeError: what comes is no answer. OSError: the connection is lost.
        """
        end = time.monotonic() + line.DEADLINE
        sockets: Any = self._socket
        with self._lock, sockets as sock:
            try:
                return self._asked(sock, request, end)
            except ConnectionError:
                if b"eth_send" in request:
                    raise
            return self._asked(sockets.reset(), request, end)

    def _asked(self, sock: socket, request: bytes, end: float) -> RPCResponse:
        sock.settimeout(_left(end))
        sock.sendall(request + b"\n")
        body = b""
        while True:
            sock.settimeout(_left(end))
            piece = sock.recv(1 << 20)
            body += piece
            if not body:
                raise ConnectionResetError("closed without an answer")
            if len(body) > line.MOST:
                raise TimeoutError(f"an answer without end: {len(body)} bytes")
            end_of = _ENDS.get(body[:64].lstrip()[:1])
            if piece and end_of is not None:
                if not piece.rstrip().endswith(end_of):
                    continue
                line.check_parts(body)
                try:
                    return self.decode_rpc_response(body)
                except JSONDecodeError:
                    continue
            raise JSONDecodeError("no answer", "", 0)


def _left(end: float) -> float:
    return max(end - time.monotonic(), 0.001)
