"""A node that is named by the path of its socket: what it fails at is told at once."""

from __future__ import annotations

import gc
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from seechain import SEE
from seechain.cli import line
from tests.cli.typing import Typed
from tests.faults.proxy import Link

ADA = "0x" + "ad" * 20

# A command ends with its process, and its connection with it: here it is collected.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """No other test sees the connections of these."""
    yield
    gc.collect()


@contextmanager
def listening(path: Path, answer: Callable[[socket.socket], None]) -> Iterator[Path]:
    """A socket that gives each connection to `answer`, and closes it then."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def serve() -> None:
            with suppress(OSError):
                while True:
                    link, _ = server.accept()
                    with suppress(OSError), link:
                        answer(link)

        threading.Thread(target=serve, daemon=True).start()
        yield path
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("gives", "says"),
    [
        (b"", "can not be reached"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "can't be read"),
        (b'{"jsonrpc": "2.0", "id": 0, "result": "0x', "can't be read"),
        (b'{"jsonrpc": "2.0", "result": [' + 6_000_000 * b"[]," + b"0]}", "can't be read"),
        (10_000 * b"[" + 10_000 * b"]", "can't be read"),
    ],
    ids=["closed", "no JSON", "cut", "many parts", "deep"],
)
def test_a_socket_that_closes_or_gives_what_is_no_answer_is_told_at_once(
    gives: bytes, says: str, tmp_path: Path, run: Typed
) -> None:
    def answer(link: socket.socket) -> None:
        link.recv(1 << 16)
        link.sendall(gives)

    with listening(tmp_path / "ipc", answer) as path:
        before = time.monotonic()
        said = run.refused("show", ADA, "--rpc", str(path), code=4)
        assert time.monotonic() - before < 3
    assert f"the node at {path} " in said
    assert says in said


def test_a_socket_that_drips_is_not_waited_for_longer_than_the_deadline(
    tmp_path: Path, run: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "DEADLINE", 0.6)

    def drips(link: socket.socket) -> None:
        for _ in range(100):
            link.sendall(b" ")
            time.sleep(0.1)

    with listening(tmp_path / "ipc", drips) as path:
        before = time.monotonic()
        said = run.refused("show", ADA, "--rpc", str(path), code=4)
        assert time.monotonic() - before < 3
    assert "does not answer in time" in said


def test_a_socket_answers_in_pieces_and_may_close_after_each_answer(
    rpc: str, tmp_path: Path, at: Typed, run: Typed, see: SEE
) -> None:
    def forwards(link: socket.socket) -> None:
        node = Link(rpc.removeprefix("http://"))
        answer = json.dumps(node.ask(json.loads(link.recv(1 << 16)))).encode()
        for start in range(0, len(answer), 1000):
            link.sendall(answer[start : start + 1000])
        node.close()

    with listening(tmp_path / "ipc", forwards) as path:
        found = run.well("show", see.address, "--rpc", str(path))
    assert found == at.well("show", see.address)
