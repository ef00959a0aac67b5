"""Telling another program: POST of JSON, signed, sent again until it is taken.

    Content-Type: application/json
    Idempotency-Key: <64 hex digits>           the same for the same message, however often sent
    Seechain-Signature: t=<unix seconds>,v1=<64 hex digits>

v1 is HMAC-SHA256, with the secret, of `<t>.` and the body's bytes; without a secret the header is
left out. The receiver takes a message with any status from 200 to 299; nothing of its answer is
read, and no redirect is followed. A message may arrive more than once: know it by its key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from seechain.errors import WebhookError
from seechain.files import read_text

CONNECT, ANSWER = 5, 15  # seconds
TRIES = 3
PAUSE = 1.0  # seconds before the second try; twice that before the third
LEAST_SECRET = 16  # characters

_OWN_MACHINE = ("localhost", "127.0.0.1", "::1")


class Webhook:
    """A receiver. url: https, or http on one's own machine. secret: for the signature.

    Raises:
        WebhookError: the URL or the secret is none that could be used.
    """

    def __init__(
        self,
        url: str,
        secret: str | None = None,
        *,
        pause: float = PAUSE,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._url, self._secret = url, secret
        self._pause, self._sleep = pause, sleep
        self.host = _host(url)
        self._is_own = urlsplit(url).hostname in _OWN_MACHINE
        if secret is not None and len(secret) < LEAST_SECRET:
            raise WebhookError(
                f"a webhook's secret has at least {LEAST_SECRET} characters: make a longer one"
            )

    @classmethod
    def of_file(cls, url: str, secret_file: str | Path | None) -> Webhook:
        """A receiver whose secret stands in a file of one line.

        Raises:
            FileError: the file can't be read. WebhookError: as when made.
        """
        secret = None if secret_file is None else read_text(secret_file, 4096).strip()
        return cls(url, secret)

    def post(self, message: Mapping[str, Any], key: str) -> None:
        """Sends a message, several times if it must.

        Args:
            key: the same for the same message, for ever.

        Raises:
            WebhookError: nobody has taken it: send it again later.
        """
        body = json.dumps(message, sort_keys=True, ensure_ascii=True).encode()
        why = ""
        for number in range(TRIES):
            if number:
                self._sleep(self._pause * 2 ** (number - 1))
            why = self._sent(body, key)
            if not why:
                return
        raise WebhookError(
            f"the webhook at {self.host} has not taken a message: {why}; it will be sent again"
        )

    def _sent(self, body: bytes, key: str) -> str:
        """Why it was not taken; empty where it was."""
        import requests

        session = requests.Session()
        # What stays on this machine goes through no proxy of the environment.
        session.trust_env = not self._is_own
        try:
            with (
                session,
                session.post(
                    self._url,
                    data=body,
                    headers=self._headers(body, key),
                    timeout=(CONNECT, ANSWER),
                    allow_redirects=False,
                    stream=True,  # nothing of the answer is read, however long it is
                    auth=_nobody,
                ) as answer,
            ):
                status = answer.status_code
        except requests.Timeout:
            return "it does not answer in time"
        except (requests.RequestException, ValueError):
            return "it can't be reached"
        return "" if 200 <= status < 300 else f"it answers HTTP {status}"

    def _headers(self, body: bytes, key: str) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "seechain",
            "Idempotency-Key": key,
        }
        if self._secret is not None:
            headers["Seechain-Signature"] = signature(self._secret, body, int(time.time()))
        return headers


def signature(secret: str, body: bytes, seconds: int) -> str:
    """What the header Seechain-Signature holds for a body sent at this unix time."""
    signed = f"{seconds}.".encode() + body
    return f"t={seconds},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, None
    if parts is None or not host or any(each.isspace() for each in url):
        raise WebhookError("the webhook's URL is none: write it as https://example.org/paid")
    if parts.scheme != "https" and (parts.scheme != "http" or host not in _OWN_MACHINE):
        raise WebhookError(
            f"a webhook at {host} takes https; http is for one's own machine only, as"
            " http://localhost:8000"
        )
    if parts.username or parts.password:
        raise WebhookError("the webhook's URL holds a password: sign with a secret instead")
    return f"{host}:{port}" if port else host


def _nobody(request: Any) -> Any:
    """No authorisation, and none of ~/.netrc either."""
    return request
