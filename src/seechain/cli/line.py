"""The line to a node: each question is answered within a time, or it is an error."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from json import JSONDecodeError
from threading import Thread
from typing import Any

from requests import ConnectionError, HTTPError, ReadTimeout, Response, Session

DEADLINE = 20.0  # seconds for one question, all tries of it
QUIET = 3.0  # seconds of a question, after which is told that it is waited for
MOST = 64 * 2**20  # bytes of an answer
DEPTH = 100  # of an answer's lists and objects
PARTS = 4_000_000  # of an answer; one of logs has about 15 for each log
PAUSES = (0.25, 0.5)  # seconds between the tries of a question

_NO_SHAPE = bytes(set(range(256)) - set(b'"[]{}'))
_TEXT = re.compile(rb'"[^"]*"')
_BUSY = (429, 500, 502, 503, 504)


class Line(Session):
    """What asks a node over HTTP.

    A question is asked again where the node is busy or the connection was lost, but never one that
    sends: its sender tells it again. slow: called the first time that an answer takes long.
    """

    def __init__(self) -> None:
        super().__init__()
        self.slow: Callable[[], object] | None = None

    def post(self, url: Any, data: Any = None, json: Any = None, **asked: Any) -> Response:
        """As `requests.Session.post`; the answer is whole when this returns.

        Raises:
            requests.Timeout: it does not come in time, or has no end.
            JSONDecodeError: it has more parts than can be read in time.
            HTTPError: it is elsewhere, where nothing is sent without being told. Else as there.
        """
        end = time.monotonic() + DEADLINE
        sends = (b"eth_send" if isinstance(data, bytes) else "eth_send") in data
        once = sends or asked.get("stream")  # who reads piece by piece has tries of its own
        for pause in () if once else PAUSES:
            try:
                response = self._asked(url, data, asked, end)
                if response.status_code not in _BUSY:
                    return response
            except ConnectionError:
                pass
            time.sleep(min(pause, max(end - time.monotonic(), 0)))
        return self._asked(url, data, asked, end)

    def get_redirect_target(self, resp: Response) -> None:
        """None: what is not followed is not read either."""

    def _asked(self, url: Any, data: Any, asked: dict[str, Any], end: float) -> Response:
        """Asks once. Only who waits beside it bears a node that gives a byte now and then."""
        found: list[Response | Exception] = []

        def ask() -> None:
            try:
                found.append(self._whole(url, data, asked, end))
            except Exception as error:
                found.append(error)

        asking = Thread(target=ask, daemon=True)
        asking.start()
        asking.join(max(min(end - DEADLINE + QUIET, end) - time.monotonic(), 0))
        if not found and self.slow is not None:
            slow, self.slow = self.slow, None
            slow()
        asking.join(max(end - time.monotonic(), 0))
        if not found:
            raise ReadTimeout(f"no answer within {DEADLINE:g} seconds")
        if isinstance(found[0], Exception):
            raise found[0]
        return found[0]

    def _whole(self, url: Any, data: Any, asked: dict[str, Any], end: float) -> Response:
        pieces, size = [], 0
        asked = {**asked, "stream": True, "timeout": DEADLINE}
        with super().post(url, data=data, **asked) as response:
            if 300 <= response.status_code < 400:
                raise HTTPError("elsewhere", response=response)
            for piece in response.iter_content(1 << 16):
                pieces.append(piece)
                size += len(piece)
                if size > MOST or time.monotonic() > end:
                    raise ReadTimeout(f"an answer without end: {size} bytes")
        response._content = body = b"".join(pieces)
        check_parts(body)
        return response


def check_parts(body: bytes) -> None:
    """Checks that an answer can be read: 60 MB of small parts would take 3 GB, and one that is
    nested without end ends the process where its stack is smaller than Python believes.

    Raises:
        JSONDecodeError: it has too many, or is nested too deep.
    """
    # Each part of JSON but the first follows one of these.
    if sum(map(body.count, (b"[", b"{", b","))) > PARTS:
        raise JSONDecodeError(f"an answer of more than {PARTS} parts", "", 0)
    if b"\\" in body:
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    shape = body.translate(None, _NO_SHAPE).replace(b'""', b"")
    shape = _TEXT.sub(b"", shape)
    for _ in range(DEPTH):  # each takes off what is innermost
        if len(shape) <= DEPTH:
            return
        shape = shape.replace(b"[]", b"").replace(b"{}", b"")
    raise JSONDecodeError(f"an answer that is nested more than {DEPTH} deep", "", 0)
