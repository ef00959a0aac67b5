"""Payment requests that are paid on a real chain, and who is told of it."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from web3 import HTTPProvider, Web3

from seechain import SEE, Registry
from seechain.beside.payer import Payer
from seechain.errors import FileError, PaymentRequestError, WebhookError
from seechain.history import history
from seechain.history.incoming import incoming
from seechain.payment_requests.payment_request import PaymentRequest
from seechain.payment_requests.receipt_making import differences, receipt_of
from seechain.payment_requests.watch_state import state_path
from seechain.payment_requests.watching import Notice, Watch
from seechain.payment_requests.webhook import Webhook
from seechain.reverts import NodeError, NotSeechain, WrongChain
from seechain.text import NATIVE
from tests.sdk.chain import deployed, key, rpc, warp
from tests.sdk.conftest import make_agreement, register
from tests.sdk.life import amend, next_agreement

ETHER = 10**18
SECRET = "a secret that is long"


def asked(see: SEE, amount: int = ETHER, memo: str | None = "INV-7", **more: Any) -> PaymentRequest:
    fields = {"see": see.address, "chain_id": 31337, "currency": NATIVE, "amount": amount}
    return PaymentRequest(**{**fields, "memo": memo, **more})


def watch(see: SEE, *requests: PaymentRequest, **options: Any) -> tuple[Watch, list[Notice]]:
    told: list[Notice] = []
    return Watch(see.w3, requests or (asked(see),), tell=told.append, **options), told


def texts(told: list[Notice]) -> list[str]:
    return [str(each) for each in told]


# ---------------------------------------------------------------- what came


def test_what_came_is_what_the_history_knows(
    see: SEE, usdc: Any, port: LocalAccount, anyone: LocalAccount
) -> None:
    owner = key(0)
    see.pay("1 ether", memo="INV-7", sender=port)
    see.w3.eth.send_transaction({"from": owner.address, "to": see.address, "value": 5})
    see.pay(5_000_000, currency=usdc.address, memo="INV-8", sender=owner)
    usdc.functions.transfer(see.address, 7).transact({"from": owner.address})
    amend(see, next_agreement(currencies=["native", usdc.address]))
    see = SEE(see.w3, see.address)
    see.pay("3 ether", memo="INV-9", sender=port, version=0)
    see.pay("4 ether", memo="INV-10", sender=port)
    found = incoming(see, 0, currencies=[usdc.address])
    assert found == tuple(replace(each, received=0) for each in history(see).payments)
    assert [each.version for each in found] == [0, 0, 0, 0, 0, 1]
    assert [each.how for each in found] == ["pay", "transfer", "pay", "transfer", "late", "pay"]
    middle = found[2].block_number
    assert incoming(see, middle, middle) == (found[2],)


def test_what_came_through_the_payer_is_its_payers(registry: Registry, w3: Web3) -> None:
    dollar = deployed(w3, "SignedToken")
    dollar.functions.give(key(6).address, 1000).transact({"from": key(0).address})
    see = register(registry, make_agreement(currencies=["native", dollar.address]))
    payer = Payer.deploy(w3, sender=key(8))
    payer.pay_with_permit(see, 7, currency=dollar.address, memo="INV-7", sender=key(6))
    (found,) = incoming(see, 0, currencies=[dollar.address])
    assert (found.payer, found.how, found.amount) == (key(6).address, "payer", 7)
    assert (found,) == tuple(replace(each, received=0) for each in history(see).payments)
    receipt = receipt_of(see, found.transaction_hash)
    assert (receipt.payer, receipt.how) == (key(6).address, "payer")
    assert differences(receipt, w3) == []


# ---------------------------------------------------------------- told


def test_what_is_paid_is_told_once_and_ends_the_watch(see: SEE, port: LocalAccount) -> None:
    looking, told = watch(see)
    assert not looking.look().all_paid
    assert told == []
    see.pay("0.4 ether", memo="INV-7", sender=port)
    looking.look()
    see.pay("0.6 ether", memo="INV-7", sender=port)
    assert looking.look().all_paid
    looking.look()
    assert texts(told) == [
        "the request 'INV-7' is partly paid: 0.6 ether is missing of 1 ether",
        "the request 'INV-7' is paid: 1 ether",
    ]
    assert looking.run(every=0, timeout=5)


def test_too_much_too_late_by_amount_and_in_another_currency(
    see: SEE, usdc: Any, port: LocalAccount
) -> None:
    now = int(see.w3.eth.get_block("latest")["timestamp"])
    requests = (
        asked(see, memo="INV-1"),
        asked(see, memo="INV-2", expires=now + 500),
        asked(see, 7, memo="INV-3", currency=usdc.address, symbol="USDC", decimals=6),
        asked(see, memo="INV-4"),
        asked(see, memo="INV-5", expires=now + 500, first_block=10_000),
    )
    looking, told = watch(see, *requests)
    see.pay("1.5 ether", memo="INV-1", sender=port)
    see.pay("1 ether", memo="INV-4", sender=port)
    usdc.functions.transfer(see.address, 7).transact({"from": key(0).address})
    warp(see.w3, 1000)
    see.pay("1 ether", memo="INV-2", sender=port)
    see.pay(7, currency=usdc.address, memo="INV-4", sender=key(0))
    looking.look()
    assert texts(told) == [
        "the request 'INV-1' is over-paid: 0.5 ether more than 1 ether",
        "the request 'INV-2' is paid: 1 ether, late",
        "the request 'INV-3' is paid: 0.000007 USDC, matched by amount",
        "the request 'INV-4' is paid: 1 ether, a payment with its memo in the wrong currency",
        told[4].text,
    ]
    assert told[4].text.startswith("the request 'INV-5' is expired: nothing was paid until ")
    assert not looking.run(every=0, timeout=0)


def test_a_payment_counts_when_it_is_deep_enough(see: SEE, port: LocalAccount) -> None:
    looking, told = watch(see, confirmations=3)
    see.pay("1 ether", memo="INV-7", sender=port)
    looking.look()
    looking.look()
    assert len(told) == 1
    assert told[0].text.startswith("seen, 1 of 3 blocks deep: 1 ether from 0x90F79bf6")
    rpc(see.w3, "anvil_mine", "0x1")
    assert not looking.look().all_paid
    rpc(see.w3, "anvil_mine", "0x1")
    assert looking.look().all_paid
    assert [each.kind for each in told] == ["seen", "state"]


def test_a_payment_that_the_chain_has_no_more_is_told(see: SEE, port: LocalAccount) -> None:
    looking, told = watch(see)
    looking.look()
    snapshot = rpc(see.w3, "evm_snapshot")
    see.pay("1 ether", memo="INV-7", sender=port)
    assert looking.look().all_paid
    rpc(see.w3, "evm_revert", snapshot)
    with pytest.raises(NodeError, match=r"is at block .* before: it is asked again"):
        looking.look()  # perhaps another node, which is behind
    assert looking.matched.all_paid
    rpc(see.w3, "anvil_mine", "0x3")
    assert not looking.look().all_paid
    assert [each.kind for each in told] == ["state", "gone", "state"]
    assert "a payment is gone from the chain: 1 ether from" in told[1].text
    assert told[2].text == "the request 'INV-7' is open: 1 ether to be paid"


def test_a_payment_that_only_moved_to_another_block_is_not_gone(
    see: SEE, port: LocalAccount
) -> None:
    looking, told = watch(see)
    looking.look()
    snapshot = rpc(see.w3, "evm_snapshot")
    sent = see.pay("1 ether", memo="INV-7", sender=port)
    raw = see.w3.eth.get_raw_transaction(sent.transaction_hash)  # type: ignore[arg-type]
    looking.look()
    rpc(see.w3, "evm_revert", snapshot)
    rpc(see.w3, "anvil_mine", "0x2")
    see.w3.eth.send_raw_transaction(raw)
    assert looking.look().all_paid
    assert [each.kind for each in told] == ["state"]


def test_only_a_see_on_its_own_chain_is_watched(see: SEE, registry: Registry) -> None:
    with pytest.raises(WrongChain, match=r"is for chain 5, the node at .* is of chain 31337"):
        watch(see, asked(see, chain_id=5))
    with pytest.raises(NotSeechain):
        watch(see, PaymentRequest(**{**asked(see).model_dump(), "see": key(7).address}))
    with pytest.raises(PaymentRequestError, match="no payment request to watch"):
        Watch(see.w3, [], tell=print)


# ---------------------------------------------------------------- typed again


def test_typed_again_it_goes_on_and_tells_nothing_twice(
    see: SEE, port: LocalAccount, tmp_path: Path
) -> None:
    state = tmp_path / "watch.json"
    looking, told = watch(see, state=state)
    see.pay("0.4 ether", memo="INV-7", sender=port)
    looking.look()
    assert len(told) == 1
    again, told = watch(see, state=state, confirmations=1)
    again.look()
    again, told = watch(see, state=state, confirmations=2)
    rpc(see.w3, "evm_mine")
    again.look()
    assert told == []
    see.pay("0.6 ether", memo="INV-7", sender=port)
    again, told = watch(see, state=state)
    assert again.look().all_paid
    assert texts(told) == ["the request 'INV-7' is paid: 1 ether"]


def test_payments_of_others_are_not_kept(see: SEE, port: LocalAccount, tmp_path: Path) -> None:
    looking, told = watch(see, state=tmp_path / "watch.json")
    see.pay("1 ether", memo="INV-8", sender=port)
    for wei in (1, ETHER):
        see.w3.eth.send_transaction({"from": port.address, "to": see.address, "value": wei})
    looking.look()
    assert [each.amount for each in looking.state.payments] == [ETHER]
    assert texts(told) == ["the request 'INV-7' is paid: 1 ether, matched by amount"]


def test_a_state_that_is_none_or_of_other_requests_is_refused(see: SEE, tmp_path: Path) -> None:
    state = tmp_path / "watch.json"
    watch(see, state=state)[0].look()
    assert state.stat().st_mode & 0o077 == 0
    with pytest.raises(PaymentRequestError, match="is the state of a watch of other requests"):
        watch(see, asked(see, memo="INV-8"), state=state)
    for text in ("", "[]", "{}", '{"format": "seechain watch", "format_version": 9}'):
        state.write_text(text)
        with pytest.raises(FileError, match="no state of a watch"):
            watch(see, state=state)


def test_each_set_of_requests_and_each_webhook_has_a_state_of_its_own(
    see: SEE, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    one, two = asked(see), asked(see, memo="INV-8")
    assert state_path([one, two]) == state_path([two, one])
    assert len({state_path([one]), state_path([two]), state_path([one], "https://a.org")}) == 3


# ---------------------------------------------------------------- a node that does not answer


def test_a_node_that_stops_answering_is_asked_again(see: SEE, port: LocalAccount) -> None:
    provider: Any = see.w3.provider
    url = provider.endpoint_uri
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            provider.endpoint_uri = url
            see.pay("1 ether", memo="INV-7", sender=port)

    looking, told = watch(see, sleep=sleep)
    provider.endpoint_uri = "http://127.0.0.1:1"
    try:
        assert looking.run(every=2)
    finally:
        provider.endpoint_uri = url
    assert pauses == [2, 4, 8]
    assert [each.kind for each in told] == ["node", "node", "node", "state"]
    assert "can not be reached" in told[0].text
    assert told[0].text.endswith("(again in 2 s)")


def test_it_looks_again_until_its_time_is_over(see: SEE, port: LocalAccount) -> None:
    def sleep(seconds: float) -> None:
        assert seconds == 3
        see.pay("1 ether", memo="INV-7", sender=port)

    looking, _ = watch(see, sleep=sleep)
    assert looking.run(every=3, timeout=600)


def test_a_node_that_is_silent_to_the_end_is_an_error(see: SEE) -> None:
    looking, _ = watch(see, sleep=lambda seconds: None)
    silent = Web3(HTTPProvider("http://127.0.0.1:1", exception_retry_configuration=None))
    looking.w3 = silent
    with pytest.raises(NodeError, match="can not be reached"):
        looking.run(timeout=0.01)
    with pytest.raises(NodeError):
        looking.run(once=True)


# ---------------------------------------------------------------- the webhook


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
