"""web3 by a plain connection to a node of this machine: no proxies, cookies or redirects are
looked for at each of the many thousand requests of a test run, which cost more than the answers."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import requests
from web3 import HTTPProvider, Web3
from web3.middleware import Web3Middleware


@dataclass
class Answer:
    """What web3 uses of a response."""

    status: int
    content: bytes

    def raise_for_status(self) -> None:
        if self.status >= 400:
            raise requests.HTTPError(f"HTTP {self.status}")

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class Lines:
    """What web3 uses of a session of `requests`. A thread that asks while all are busy has its own
    connection."""

    def __init__(self) -> None:
        self._idle: dict[str, list[HTTPConnection]] = {}
        weakref.finalize(self, _close, self._idle)

    def post(self, url: str, *, data: bytes, headers: dict[str, str], timeout: float, **_: Any):
        idle = self._idle.setdefault(url, [])
        line = idle.pop() if idle else HTTPConnection(urlsplit(url).netloc)
        line.timeout = timeout
        try:
            line.request("POST", "/", data, headers)
            response = line.getresponse()
            answer = Answer(response.status, response.read())
        except BaseException:
            line.close()
            raise
        idle.append(line)
        return answer


def _close(lines: dict[str, list[HTTPConnection]]) -> None:
    for each in lines.values():
        for line in each:
            line.close()


class Mined(Web3Middleware):
    """What a test sends by itself is mined when it goes on, if the node mines by itself."""

    def response_processor(self, method: Any, response: Any) -> Any:
        if method == "eth_sendTransaction" and "result" in response:
            ask: Any = self._w3.provider.make_request
            wanted = [response["result"]]
            while not ask("eth_getTransactionReceipt", wanted)["result"]:
                if not ask("anvil_getAutomine", [])["result"]:
                    break
        return response


def connected(url: str) -> Web3:
    """web3 for an anvil of this machine."""
    w3 = Web3(HTTPProvider(url, {"timeout": 120}, session=Lines()))
    w3.middleware_onion.add(Mined, "mined")
    return w3
