"""A webhook is told of payments by a real server on this machine, at least once."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount

from seechain import SEE
from seechain.errors import FileError, WebhookError
from seechain.payment_requests.webhook import Webhook
from tests.sdk.watches import ETHER, asked, watch

SECRET = "a secret that is long"


@dataclass
class Receiver:
    """A server on this machine; answers the statuses in turn, then the last one for ever."""

    url: str = ""
    statuses: list[int] = field(default_factory=lambda: [204])
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def messages(self) -> list[Any]:
        return [json.loads(body) for _, body in self.got]

    @property
    def keys(self) -> list[str]:
        return [headers["Idempotency-Key"] for headers, _ in self.got]


@contextmanager
def serving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append((dict(self.headers), body))
            several = len(receiver.statuses) > 1
            self.send_response(receiver.statuses.pop(0) if several else receiver.statuses[0])
            self.send_header("Location", receiver.url + "/elsewhere")
            self.end_headers()
            self.wfile.write(b"\x1b[2J" * 1000)

        def log_message(self, *words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/paid"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield receiver
    server.shutdown()
    server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with serving() as each:
        yield each


@pytest.fixture
def hook(receiver: Receiver) -> Callable[[], Webhook]:
    return lambda: Webhook(receiver.url, SECRET, sleep=lambda seconds: None)


def test_a_webhook_is_told_who_paid_what_under_a_signature(
    see: SEE, port: LocalAccount, receiver: Receiver, hook: Callable[[], Webhook]
) -> None:
    looking, _ = watch(see, webhook=hook())
    sent = see.pay("0.4 ether", memo="INV-7", sender=port)
    looking.run(once=True)
    (message,) = receiver.messages
    assert message["request"] == asked(see).as_dict()
    assert message["state"]["status"] == "partly paid"
    assert message["state"]["missing"] == str(6 * ETHER // 10)
    assert message["payments"][0]["transaction_hash"] == sent.transaction_hash
    assert message["payments"][0]["amount"] == str(4 * ETHER // 10)
    headers, body = receiver.got[0]
    assert headers["Content-Type"] == "application/json"
    seconds, _, mac = headers["Seechain-Signature"].partition(",v1=")
    signed = f"{seconds[2:]}.".encode() + body
    assert mac == hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    shown: dict[str, Any] = {}
    page = Path(__file__).parents[2] / "docs" / "payment-requests.md"
    exec(page.read_text("utf-8").split("```python\n")[1].split("```")[0], shown)
    assert shown["is_genuine"](SECRET.encode(), headers["Seechain-Signature"], body)
    assert not shown["is_genuine"](SECRET.encode(), headers["Seechain-Signature"], body + b" ")


def test_a_webhook_that_fails_is_told_again_under_the_same_key(
    see: SEE, port: LocalAccount, receiver: Receiver, hook: Callable[[], Webhook], tmp_path: Path
) -> None:
    state = tmp_path / "watch.json"
    receiver.statuses = [500, 429, 302, 204]  # a redirect is none of its friends
    looking, told = watch(see, webhook=hook(), state=state)
    see.pay("1 ether", memo="INV-7", sender=port)
    with pytest.raises(WebhookError, match=r"not taken a message: it answers HTTP 302; it will be"):
        looking.run(once=True)
    assert len(told) == 1
    again, told = watch(see, webhook=hook(), state=state)
    assert again.run(once=True)
    assert told == []
    assert len(receiver.got) == 4
    assert len(set(receiver.keys)) == 1
    assert len({body for _, body in receiver.got}) == 1
    again, _ = watch(see, webhook=hook(), state=state)
    assert again.run(once=True)
    assert len(receiver.got) == 4


def test_each_change_has_a_key_of_its_own(
    see: SEE, port: LocalAccount, receiver: Receiver, hook: Callable[[], Webhook]
) -> None:
    looking, _ = watch(see, webhook=hook())
    for _ in range(3):
        see.pay("0.5 ether", memo="INV-7", sender=port)
        looking.look()
        looking.deliver()
    assert [each["number"] for each in receiver.messages] == [1, 2, 3]
    statuses = [each["state"]["status"] for each in receiver.messages]
    assert statuses == ["partly paid", "paid", "over-paid"]
    assert len(set(receiver.keys)) == 3


def test_what_stays_on_this_machine_goes_through_no_proxy(
    receiver: Receiver, hook: Callable[[], Webhook], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    hook().post({"paid": 1}, "key")
    assert receiver.messages == [{"paid": 1}]


def test_a_webhook_that_nobody_answers_is_one_sentence() -> None:
    hook = Webhook("http://127.0.0.1:1/paid?token=hidden", sleep=lambda seconds: None)
    with pytest.raises(WebhookError, match="it can't be reached") as caught:
        hook.post({}, "key")
    assert "hidden" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://example.org/paid", "takes https"),
        ("http://169.254.169.254/", "takes https"),
        ("ftp://localhost/", "takes https"),
        ("file:///etc/passwd", "is none"),
        ("https://", "is none"),
        ("https://a.org/ paid", "is none"),
        ("https://[::1", "is none"),
        ("https://ada:secret@example.org/", "holds a password"),
    ],
)
def test_a_webhook_elsewhere_than_by_https_is_refused(url: str, says: str) -> None:
    with pytest.raises(WebhookError, match=says):
        Webhook(url)


def test_a_secret_of_a_file_is_one_line_that_is_long_enough(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("short\n")
    with pytest.raises(WebhookError, match="at least 16 characters"):
        Webhook.of_file("https://example.org", path)
    with pytest.raises(FileError):
        Webhook.of_file("https://example.org", tmp_path / "none")
