"""Asks a node for raw bytes, again where it is busy, or says that it may be asked for less.

A node over HTTP is asked through the session of its provider, with its headers and settings, and
without web3's middlewares, which take longer than the node; any other provider is asked through
web3.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import requests
from web3 import HTTPProvider, Web3
from web3.exceptions import Web3Exception

from seechain.chain.node import explained, url_of
from seechain.chain.raw_logs import BLOCKS_AT_ONCE
from seechain.chain.reverts import NodeError
from seechain.columns.parsing import AnswersError, Wanted, logs_of, result_of
from seechain.columns.words import WORD, Unreadable

T = TypeVar("T")

TRIES = 8  # of a question that the node was too busy for, or that was lost
PAUSE = 0.25  # seconds before the second try, doubled before each further one
LONGEST = 15.0  # pause, also where the node asks for more
MOST_BYTES = 32 * 2**20  # of one answer, but for the logs of a single block
_MOST_OF_A_BLOCK = 2**30  # bytes; pyarrow reads no longer ones
_TIMEOUT = 60.0  # seconds, where the provider names none
_TOO_LONG = "it gives more at once than is taken"
_QUANTITY = re.compile(r"0x[0-9a-fA-F]{1,16}")
_BLOCK = "eth_getBlockByNumber"
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)
_LOST = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)
_LIMIT = -32005  # EIP-1474: limit exceeded; of requests, or of what one may ask
_BUSY = ("rate", "too many requests", "throttl", "per second", "capacity", "compute units", "busy")
_TOO_MUCH = ("range", "more than", "results", "response size", "block", "logs")


class TooMuch(Exception):
    """The node does not answer this; a smaller range may help. Says why.

    times: how many times less fits; 0 where the node does not say, and refuses by its own bounds.
    """

    def __init__(self, why: str, times: int = 0) -> None:
        self.why, self.times = why, times
        super().__init__(why)


class _Again(Exception):
    """The node may answer later.

    after: seconds that it asks for. is_heavy: it may be the question that is too much for it.
    """

    def __init__(self, why: str, after: float = 0.0, *, is_heavy: bool = False) -> None:
        self.why, self.after, self.is_heavy = why, after, is_heavy
        super().__init__(why)


class Node:
    """A node that is asked for blocks and logs.

    asked: how many requests were sent. read: how many bytes came back.
    """

    def __init__(self, w3: Web3) -> None:
        self.w3 = w3
        self.asked = 0
        self.read = 0
        self._session: requests.Session | None = None
        self._takes_batches = isinstance(w3.provider, HTTPProvider)

    def close(self) -> None:
        """Ends the connection."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def head(self) -> int:
        """The number of the latest block."""
        return self._surely(
            lambda: _quantity(self._result("eth_blockNumber", [])), "the number of the latest block"
        )

    def hash_of(self, number: int) -> bytes | None:
        """The hash of a block; None where the node has no such block, or not yet."""

        def ask() -> bytes | None:
            block = self._result(_BLOCK, [hex(number), False])
            return None if block is None else _hash(block["hash"])

        return self._surely(ask, f"block {number}")

    def times_of(self, numbers: list[int]) -> dict[int, int]:
        """The times of these blocks, in unix seconds; many in one request, where it takes that."""
        found: dict[int, int] = {}
        for at in range(0, len(numbers), BLOCKS_AT_ONCE):
            part = numbers[at : at + BLOCKS_AT_ONCE]
            found |= self._times_at_once(part) or {each: self._time_of(each) for each in part}
        return found

    def _times_at_once(self, numbers: list[int]) -> dict[int, int]:
        """The times, or none, where the node takes no batches: then it is not asked again."""
        if not self._takes_batches or len(numbers) < 2:
            return {}
        questions = [self._question(_BLOCK, [hex(each), False]) for each in numbers]
        try:
            blocks = [each["result"] for each in json.loads(self._post(questions, MOST_BYTES))]
            found = {_quantity(each["number"]): _quantity(each["timestamp"]) for each in blocks}
            if set(found) == set(numbers):
                return found
        except (requests.RequestException, AnswersError, TooMuch, _Again, *_UNREADABLE):
            pass
        self._takes_batches = False
        return {}

    def _time_of(self, number: int) -> int:
        def ask() -> int:
            return _quantity(self._result(_BLOCK, [hex(number), False])["timestamp"])

        return self._surely(ask, f"the time of block {number}")

    def logs(self, wanted: Wanted, first: int, last: int) -> Any:
        """The logs of these blocks, as `parsing.LOGS`.

        Raises:
            TooMuch: the node refuses them, and a smaller range may help.
            NodeError: it does not answer, or refuses a single block.
        """
        most = MOST_BYTES if last > first else _MOST_OF_A_BLOCK

        def ask() -> Any:
            answer = self._answer("eth_getLogs", [wanted.asked(first, last)], most)
            return logs_of(answer, wanted, first, last)

        try:
            return self._patiently(ask, f"the logs of blocks {first} to {last}")
        except TooMuch as error:
            if last > first:
                raise
            raise self._refusal(f"the logs of block {first}", error.why) from error

    def _surely(self, ask: Callable[[], T], what: str) -> T:
        try:
            return self._patiently(ask, what)
        except TooMuch as error:
            raise self._refusal(what, error.why) from error

    def _refusal(self, what: str, why: str) -> NodeError:
        why = " ".join(why.split())[:300].rstrip(".:")
        return NodeError(
            f"the node at {url_of(self.w3)} does not give {what} ({why}):"
            " try again, or ask another node"
        )

    def _patiently(self, ask: Callable[[], T], what: str) -> T:
        """Asks again where the node is busy, or the answer was lost, with longer and longer pauses.

        Raises:
            TooMuch: it refuses this. NodeError: it stays busy or silent, or refuses everything.
        """
        pause = PAUSE
        for left in reversed(range(TRIES)):
            after = 0.0
            try:
                return _told(ask)
            except _Again as error:
                after = error.after
                if error.is_heavy and left < TRIES - 2:
                    raise TooMuch(error.why) from error
                if not left:
                    raise self._refusal(what, error.why) from error
            except requests.RequestException as error:
                if _is_late(error):
                    raise TooMuch("it does not answer in time") from error
                if not left or not isinstance(error, _LOST):
                    raise explained(self.w3, error, what) from error
            except _UNREADABLE as error:
                # Cut short, perhaps: once more, and then less at once.
                if left < TRIES - 1:
                    raise TooMuch("its answer can't be read") from error
            time.sleep(min(max(pause, after), LONGEST))
            pause *= 2
        raise AssertionError

    def _result(self, method: str, parameters: list[Any]) -> Any:
        return result_of(self._answer(method, parameters, MOST_BYTES))

    def _answer(self, method: str, parameters: list[Any], most: int) -> bytes:
        if not isinstance(self.w3.provider, HTTPProvider):
            self.asked += 1
            return self._answer_of_web3(method, parameters)
        return self._post(self._question(method, parameters), most)

    def _question(self, method: str, parameters: list[Any]) -> dict[str, Any]:
        self.asked += 1
        return {"jsonrpc": "2.0", "id": self.asked, "method": method, "params": parameters}

    def _post(self, question: object, most: int) -> bytes:
        provider: Any = self.w3.provider
        settings = {"timeout": _TIMEOUT, **provider.get_request_kwargs()}
        with self._connection().post(
            self._url, data=json.dumps(question), stream=True, **settings
        ) as response:
            _check_status(response)
            body = self._body(response, most)
        if response.status_code >= 400:
            result_of(body)  # raises what it says
            raise requests.HTTPError(response=response)
        return body

    @property
    def _url(self) -> str:
        provider: Any = self.w3.provider
        return str(provider.endpoint_uri)

    def _connection(self) -> requests.Session:
        """The provider's own session, which may be one that its user gave it."""
        manager = getattr(self.w3.provider, "_request_session_manager", None)
        session = manager and manager.cache_and_return_session(self._url)
        if isinstance(session, requests.Session):
            return session
        if self._session is None:
            self._session = requests.Session()
        return self._session

    def _body(self, response: requests.Response, most: int) -> bytes:
        pieces, size = [], _number(response.headers.get("Content-Length", ""))
        if size > most:
            raise TooMuch(_TOO_LONG, 2 * size // most)
        size = 0
        for piece in response.iter_content(1 << 20):
            pieces.append(piece)
            size += len(piece)
            if size > most:
                raise TooMuch(_TOO_LONG, 2)
        self.read += size
        return b"".join(pieces)

    def _answer_of_web3(self, method: str, parameters: list[Any]) -> bytes:
        name: Any = method
        try:
            result: Any = self.w3.manager.request_blocking(name, parameters)
        except Web3Exception as error:
            raise TooMuch(str(error)) from error
        answer = json.dumps({"result": _plain(result)}).encode()
        self.read += len(answer)
        return answer


def _told(ask: Callable[[], T]) -> T:
    """What the node says; an error of its own is one of ours."""
    try:
        return ask()
    except AnswersError as error:
        if _is_busy(error):
            raise _Again(error.message) from error
        raise TooMuch(error.message) from error


def _check_status(response: requests.Response) -> None:
    """Raises for what is no answer of JSON-RPC: nodes give errors of their own with 4xx too."""
    status = response.status_code
    if status < 400:
        return
    why = f"it answers HTTP {status}"
    if status == 429 or status == 503:
        raise _Again(why, _number(response.headers.get("Retry-After", "")))
    if status in (500, 502, 504):
        raise _Again(why, is_heavy=True)
    if status in (408, 413):
        raise TooMuch(why)
    if status != 400:  # with which some give an error of JSON-RPC
        raise requests.HTTPError(why, response=response)


def _quantity(said: Any) -> int:
    """A number as nodes write it, below 2^63."""
    if not _QUANTITY.fullmatch(said) or (number := int(said, 16)) >= 2**63:
        raise Unreadable("a number that is none")
    return number


def _hash(said: Any) -> bytes:
    raw = bytes.fromhex(said[2:])
    if len(raw) != WORD:
        raise Unreadable("a hash that is none")
    return raw


def _is_late(error: requests.RequestException) -> bool:
    return isinstance(error, requests.Timeout) or "timed out" in str(error).lower()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def _is_busy(error: AnswersError) -> bool:
    low = error.message.lower()
    if error.code == _LIMIT:
        return not any(each in low for each in _TOO_MUCH) or "rate" in low.split()
    return error.code == 429 or any(each in low for each in _BUSY)


def _plain(value: Any) -> Any:
    """What web3 has made of an answer, as a node gives it."""
    if isinstance(value, bytes):
        return "0x" + bytes(value).hex()
    if isinstance(value, int) and not isinstance(value, bool):
        return hex(value)
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
