"""Columns of a real chain: equal to the history, whatever the node does meanwhile."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from requests import Session
from web3 import HTTPProvider, Web3
from web3.providers import BaseProvider

from seechain import SEE, FileError, NodeError, Registry
from seechain.beside.payer import Payer
from seechain.chain.events import PaidFor, PaidOut
from seechain.chain.logs import read_events
from seechain.columns import Columns, asking, names, parts, ranges, read, reading
from seechain.columns.decoding import NAMES
from seechain.history import history
from seechain.history.incoming import incoming
from tests.faults.proxy import SILENCE, Exchange, Proxy, Reply
from tests.rewind import rewind
from tests.sdk.chain import anvil, deployed, key, rpc
from tests.sdk.conftest import ADA, BEN, CLEO, make_agreement, register
from tests.sdk.life import EVE, amend, line, next_agreement

Way = Callable[[Exchange], Reply | None]


def sent(see: SEE, amount: int) -> None:
    """A plain transfer of native coin."""
    value: Any = {"from": key(3).address, "to": see.address, "value": amount}
    see.w3.eth.wait_for_transaction_receipt(see.w3.eth.send_transaction(value))


def lived(registry: Registry, w3: Web3) -> SEE:
    """A SEE that has seen every kind of event, some several times."""
    usdc, signed = deployed(w3, "Token", "USDC", 6), deployed(w3, "SignedToken")
    signed.functions.give(key(6).address, 10**9).transact({"from": key(0).address})
    payer = Payer.deploy(w3, sender=key(8))
    members = [
        line("Ada", ADA, 40, 1),
        line("Ben", BEN, 35, 1),
        line("Cleo", CLEO, 25, pull_only=True),
    ]
    tokens = ["native", usdc.address, signed.address]
    see = register(registry, make_agreement(members=members, currencies=tokens), 1, 2)
    see.pay(1000, memo="INV-7", sender=key(3))
    sent(see, 500)
    see.pay(2000, currency=usdc.address, sender=key(0))
    usdc.functions.transfer(see.address, 70).transact({"from": key(0).address})
    payer.pay_with_permit(see, 250, currency=signed.address, memo="INV-8", sender=key(6))
    see.claim(CLEO, sender=key(8))
    see.payout(sender=key(8))
    see.redirect(key(2), EVE)
    see.pay(333, sender=key(3))
    see.leave(key(1), voice=False)
    see.pay(444, sender=key(3))
    amend(see, next_agreement(currencies=tokens))
    see.pay(400, version=0, sender=key(3))
    payer.pay_with_permit(see, 70, currency=signed.address, version=0, sender=key(6))
    see.pay(123, sender=key(3))
    see.claim(BEN, sender=key(8))
    return see


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[Web3, SEE, Columns]]:
    """A chain of this file's own, where a SEE has lived, and its columns."""
    with anvil() as w3:
        see = lived(Registry.deploy(w3, sender=key(9)), w3)
        yield w3, see, read(see)


@pytest.fixture
def w3(place: tuple[Web3, SEE, Columns]) -> Iterator[Web3]:
    chain = place[0]
    snapshot = rpc(chain, "evm_snapshot")
    yield chain
    rewind(lambda method, *parameters: rpc(chain, method, *parameters), snapshot)


@pytest.fixture
def see(w3: Web3, place: tuple[Web3, SEE, Columns]) -> SEE:
    return place[1]


@pytest.fixture
def known(place: tuple[Web3, SEE, Columns]) -> Columns:
    return place[2]


@pytest.fixture
def struck(w3: Web3, see: SEE, monkeypatch: Any) -> Iterator[tuple[Proxy, SEE]]:
    """The SEE through a proxy that does faults; nobody waits long."""
    monkeypatch.setattr(asking, "PAUSE", 0.001)
    monkeypatch.setattr(asking, "TRIES", 4)
    provider: Any = w3.provider
    with Proxy(provider.endpoint_uri) as proxy:
        through = SEE(Web3(HTTPProvider(proxy.url, {"timeout": 2})), see.address)
        assert len(through.versions) == 2
        yield proxy, through


@pytest.fixture
def small(monkeypatch: Any) -> None:
    """Small parts of few blocks."""
    monkeypatch.setattr(reading, "ROWS", 4)
    monkeypatch.setattr(parts, "ROWS", 4)
    monkeypatch.setattr(ranges.Stride.__init__, "__defaults__", (5,))
    monkeypatch.setattr(ranges, "_GROWTH", 1)


def same(columns: Columns, other: Columns) -> None:
    for name in NAMES:
        assert columns.table(name).to_pylist() == other.table(name).to_pylist(), name


def test_columns_are_what_history_says(see: SEE, known: Columns) -> None:
    past = history(see)
    rows = known.payments.to_pylist()
    who, what = names(known.payments["payer"]), names(known.payments["currency"])
    found = [
        (
            row["block"],
            row["log_index"],
            row["time"].timestamp(),
            "0x" + row["transaction"].hex(),
            payer,
            currency,
            int(row["amount"]),
            row["memo"],
            row["version"],
            row["how"],
        )
        for row, payer, currency in zip(rows, who.to_pylist(), what.to_pylist(), strict=True)
    ]
    assert found == [
        (
            each.block_number,
            each.log_index,
            each.time,
            each.transaction_hash,
            each.payer,
            each.currency,
            each.amount,
            each.memo,
            each.version,
            each.how,
        )
        for each in past.payments
    ]
    assert {row["how"] for row in rows} == {"pay", "transfer", "late", "payer"}
    assert sorted(
        zip(
            names(known.claims["account"]).to_pylist(),
            names(known.claims["currency"]).to_pylist(),
            map(int, known.claims["amount"].to_pylist()),
            known.claims["version"].to_pylist(),
            known.claims["late"].to_pylist(),
            known.claims["index"].to_pylist(),
            strict=True,
        )
    ) == sorted(
        (each.account, each.currency, each.amount, each.version, each.late, each.index)
        for each in past.portions
        if each.how == "claim"
    )
    assert set(known.claims["late"].to_pylist()) == {True, False}
    assert len(known.kept) == sum(each.how == "kept" and each.due > 0 for each in past.portions)
    paid_out = [each for each in read_events(see.w3, see.address, []) if type(each) is PaidOut]
    assert [
        (row["block"], row["log_index"], row["page"], int(row["received"]))
        for row in known.payouts.to_pylist()
    ] == [(each.block_number, each.log_index, each.page, each.received) for each in paid_out]
    facts = [each for each in known.facts() if not isinstance(each, PaidFor)]
    unordered = {each.event for each in past.facts}
    assert len(facts) == len(unordered)
    assert set(facts) == unordered
    assert known.last == past.last == see.w3.eth.block_number


def test_a_folder_holds_what_is_final(
    see: SEE, known: Columns, tmp_path: Path, small: None
) -> None:
    first = read(see, tmp_path, final=9)
    same(first, known)
    assert first.final == first.last - 9
    files = first.files("payments")
    assert len(files) > 2
    assert all(each.is_file() for each in files)
    sent(see, 77)
    again = read(see, tmp_path, final=1)
    same(again, read(see))
    assert len(again.payments) == len(known.payments) + 1
    assert again.final == first.final + 9
    assert sum(len(each) for each in again.batches("payments")) == len(again.payments)
    same(read(see, tmp_path), again)  # what was final stays so


def narrow(exchange: Exchange) -> Reply | None:
    asked = exchange.parameters[0]
    if int(asked["toBlock"], 16) - int(asked["fromBlock"], 16) < 3:
        return None
    return exchange.error(-32000, "query exceeds max block range 3")


def few(exchange: Exchange) -> Reply | None:
    answer = exchange.forward()
    if len(answer["result"]) < 9:
        return None
    return exchange.error(-32005, "query returned more than 8 results")


def untimed(exchange: Exchange) -> Reply | None:
    logs = exchange.forward()["result"]
    return exchange.result([{n: v for n, v in e.items() if n != "blockTimestamp"} for e in logs])


def strange(exchange: Exchange) -> Reply | None:
    """More than was asked for, in no order."""
    logs = exchange.forward()["result"]
    others = [{**each, "address": "0x" + "ab" * 20} for each in logs]
    return exchange.result([*logs[::-1], *others, *logs])


def bad_request(exchange: Exchange) -> Reply | None:
    reply = narrow(exchange)
    return reply and Reply(reply.body, 400)


SHAPES: dict[str, Way] = {
    "narrow": narrow,
    "few": few,
    "untimed": untimed,
    "strange": strange,
    "with HTTP 400": bad_request,
}
FAULTS: dict[str, Way] = {
    "HTTP 429": lambda exchange: Reply(b"slow down", 429, {"Retry-After": "0"}),
    "HTTP 502": lambda exchange: Reply(b"<html>", 502),
    "-32005": lambda exchange: exchange.error(-32005, "limit exceeded"),
    "rate": lambda exchange: exchange.error(-32016, "over rate limit"),
    "silence": lambda exchange: SILENCE,
    "cut": lambda exchange: Reply(json.dumps(exchange.forward()).encode()[:-40]),
    "shorter than said": lambda exchange: Reply(
        json.dumps(exchange.forward()).encode()[:-40], length=10**5
    ),
    "no result": lambda exchange: Reply.of({"jsonrpc": "2.0", "id": 1}),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_nodes_of_many_shapes(struck: tuple[Proxy, SEE], known: Columns, shape: str) -> None:
    proxy, see = struck
    proxy.strike(SHAPES[shape], ("eth_getLogs",), times=None)
    same(read(see), known)
    assert proxy.hits


@pytest.mark.parametrize("fault", FAULTS)
def test_what_fails_for_a_while(struck: tuple[Proxy, SEE], known: Columns, fault: str) -> None:
    proxy, see = struck
    proxy.strike(FAULTS[fault], ("eth_getLogs",), first=1, times=2)
    same(read(see), known)
    assert proxy.hits == 2
    proxy.strike(FAULTS[fault], ("eth_getLogs",), times=None)
    with pytest.raises(NodeError) as caught:
        read(see)
    assert "\n" not in str(caught.value)


def test_what_fails_later_loses_nothing(
    struck: tuple[Proxy, SEE], known: Columns, tmp_path: Path, small: None
) -> None:
    proxy, see = struck
    proxy.strike(FAULTS["HTTP 429"], ("eth_getLogs",), first=9, times=None)
    with pytest.raises(NodeError):
        read(see, tmp_path, final=3)
    done = [each.name for each in tmp_path.iterdir() if each.is_dir()]
    assert done
    proxy.strike(FAULTS["HTTP 429"], ("eth_getLogs",), first=1, times=2)
    same(read(see, tmp_path, final=3), known)
    assert set(done[:-1]) <= {each.name for each in tmp_path.iterdir()}


@pytest.mark.parametrize("fault", ["HTTP 429", "silence", "cut"])
def test_small_questions_are_asked_again_too(
    struck: tuple[Proxy, SEE], known: Columns, fault: str
) -> None:
    proxy, see = struck
    methods = ("eth_blockNumber", "eth_getBlockByNumber")
    proxy.strike(FAULTS[fault], methods, times=1)
    same(read(see), known)
    assert proxy.hits == 1
    proxy.strike(FAULTS[fault], methods, times=None)
    with pytest.raises(NodeError):
        read(see)


def test_a_key_that_is_refused_is_not_tried_again(struck: tuple[Proxy, SEE]) -> None:
    proxy, see = struck
    proxy.strike(lambda exchange: Reply(b"", 401), ("eth_getLogs",), times=None)
    with pytest.raises(NodeError, match="HTTP 401"):
        read(see)
    assert proxy.hits == 1


def test_an_answer_that_is_too_long_is_not_taken(
    see: SEE, known: Columns, monkeypatch: Any
) -> None:
    monkeypatch.setattr(asking, "MOST_BYTES", 4000)
    same(read(see), known)


@pytest.mark.parametrize(
    ("field", "value"),
    [("hash", "0x33"), ("hash", ""), ("timestamp", "0x" + "f" * 17), ("timestamp", "-0x1")],
)
def test_a_block_that_is_none_is_not_taken(
    struck: tuple[Proxy, SEE], field: str, value: str
) -> None:
    proxy, see = struck
    method = "eth_getBlockByNumber"
    proxy.strike(
        lambda exchange: exchange.result({**exchange.forward()["result"], field: value}),
        (method,),
        times=None,
    )
    node = asking.Node(see.w3)
    with pytest.raises(NodeError, match="its answer can't be read"):
        _ = node.hash_of(1) if field == "hash" else node.times_of([1])


@pytest.mark.parametrize(
    "head",
    ["-0x1", "0x" + "f" * 64, "5", "0x5" + " " * 5000],
    ids=["negative", "huge", "not hex", "long"],
)
def test_a_number_that_is_none_or_too_long_is_not_taken(
    struck: tuple[Proxy, SEE], head: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr(asking, "MOST_BYTES", 4000)
    proxy, see = struck
    proxy.strike(lambda exchange: exchange.result(head), ("eth_blockNumber",), times=None)
    with pytest.raises(NodeError, match="does not give the number of the latest block"):
        asking.Node(see.w3).head()
    assert proxy.hits <= 4


def test_the_session_of_the_provider_is_used(struck: tuple[Proxy, SEE], known: Columns) -> None:
    proxy, see = struck
    asked: list[str] = []

    class Own(Session):
        def post(self, *arguments: Any, **options: Any) -> Any:
            asked.append(json.loads(options["data"])["method"])
            return super().post(*arguments, **options)

    own = Web3(HTTPProvider(proxy.url, session=Own()))
    same(read(SEE(own, see.address)), known)
    assert asked.count("eth_getLogs") > 2


def test_any_other_provider(see: SEE, w3: Web3, known: Columns) -> None:
    class Other(BaseProvider):
        def make_request(self, method: Any, params: Any) -> Any:
            provider: Any = w3.provider
            return provider.make_request(method, params)

    same(read(SEE(Web3(Other()), see.address)), known)


def test_a_node_that_lies_behind(
    struck: tuple[Proxy, SEE], known: Columns, tmp_path: Path, small: None
) -> None:
    proxy, see = struck
    first = read(see, tmp_path, final=3)
    before = sorted(each.name for each in tmp_path.iterdir())
    proxy.strike(lambda exchange: exchange.result(hex(first.final - 9)), ("eth_blockNumber",))
    behind = read(see, tmp_path, final=3)  # its old blocks are the same: nothing is lost
    assert (behind.last, behind.final) == (first.final, first.final)
    proxy.strike(lambda exchange: exchange.result(None), ("eth_getBlockByNumber",), times=None)
    with pytest.raises(NodeError, match="has shown before"):
        read(see, tmp_path, final=3)
    assert sorted(each.name for each in tmp_path.iterdir()) == before
    proxy.heal()
    same(read(see, tmp_path, final=3), known)


@pytest.mark.parametrize("after", [1, 5])
def test_an_interrupted_reading_goes_on(
    see: SEE, known: Columns, tmp_path: Path, small: None, monkeypatch: Any, after: int
) -> None:
    asked = 0
    logs = asking.Node.logs

    def interrupted(self: Any, *arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked == 3 * after:
            raise KeyboardInterrupt
        return logs(self, *arguments)

    monkeypatch.setattr(asking.Node, "logs", interrupted)
    with pytest.raises(KeyboardInterrupt):
        read(see, tmp_path, final=0)
    before = asked
    same(read(see, tmp_path, final=0), known)
    again = asked - before
    assert again < 3 * 40
    same(read(see, tmp_path, final=0), known)


@pytest.mark.parametrize("after", [1, 14])
def test_an_interrupted_write_leaves_nothing_half(
    see: SEE, known: Columns, tmp_path: Path, small: None, monkeypatch: Any, after: int
) -> None:
    written = 0
    write = parts.pq.write_table

    def interrupted(*arguments: Any, **options: Any) -> None:
        nonlocal written
        written += 1
        if written == after:
            raise KeyboardInterrupt
        write(*arguments, **options)

    monkeypatch.setattr(parts.pq, "write_table", interrupted)
    with pytest.raises(KeyboardInterrupt):
        read(see, tmp_path, final=0)
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".")]
    same(read(see, tmp_path, final=0), known)


def test_what_a_killed_process_left(see: SEE, known: Columns, tmp_path: Path, small: None) -> None:
    first = read(see, tmp_path, final=0)
    last = first.files("events")[-1].parent
    earlier = last.with_name(f"{last.name.rsplit('-', 1)[0]}-{first.final - 1}")
    (tmp_path / ".part-half").mkdir()
    (tmp_path / ".part-half" / "events.parquet").write_bytes(b"PAR1")
    earlier.mkdir()  # it was about to be removed: the other covers it
    same(read(see, tmp_path, final=0), known)
    assert not earlier.exists()
    assert not (tmp_path / ".part-half").exists()


FINAL = 3


@pytest.mark.parametrize("depth", range(1, FINAL + 2))
def test_a_reorganisation_of_every_depth(
    see: SEE, w3: Web3, tmp_path: Path, small: None, depth: int
) -> None:
    snapshot = rpc(w3, "evm_snapshot")
    for number in range(depth):
        sent(see, 1000 + number)
    first = read(see, tmp_path, final=FINAL)
    kept = first.files("payments")
    rpc(w3, "evm_revert", snapshot)
    for number in range(depth + 1):
        sent(see, 2000 + number)
    again = read(see, tmp_path, final=FINAL)
    same(again, read(see))
    amounts = [int(each) for each in again.payments["amount"].to_pylist()[-depth - 1 :]]
    assert amounts == [2000 + number for number in range(depth + 1)]
    if depth <= FINAL:
        assert first.final == again.final - 1
        assert kept[:-1] == again.files("payments")[: len(kept) - 1]


@pytest.mark.parametrize("final", [0, 64])
@pytest.mark.parametrize("method", ["eth_getLogs", "eth_getBlockByNumber"])
def test_a_reorganisation_while_it_is_read(
    struck: tuple[Proxy, SEE],
    see: SEE,
    w3: Web3,
    tmp_path: Path,
    small: None,
    method: str,
    final: int,
) -> None:
    proxy, through = struck
    snapshot = rpc(w3, "evm_snapshot")
    for number in range(11):
        sent(see, 1000 + number)
    head = w3.eth.block_number

    def reorganised(exchange: Exchange) -> None:
        asked = exchange.parameters[0]
        block = asked["toBlock"] if isinstance(asked, dict) else asked
        if int(block, 16) > head - 5 and not proxy.notes:  # some that change were read before
            proxy.notes["done"] = True
            rpc(w3, "evm_revert", snapshot)
            for number in range(12):
                sent(see, 2000 + number)

    proxy.strike(reorganised, (method,), times=None)
    columns, fresh = read(through, tmp_path, final=final), read(see)
    assert proxy.notes
    assert columns.last >= head
    for name in NAMES:
        expected = [row for row in fresh.table(name).to_pylist() if row["block"] <= columns.last]
        assert columns.table(name).to_pylist() == expected


def test_a_chain_that_changes_all_the_time(struck: tuple[Proxy, SEE]) -> None:
    proxy, see = struck

    def other(exchange: Exchange) -> Reply:
        block = exchange.forward()["result"]
        return exchange.result({**block, "hash": f"0x{exchange.number:064x}"})

    proxy.strike(other, ("eth_getBlockByNumber",), times=None)
    with pytest.raises(NodeError, match="changes while it is read"):
        read(see)


def test_a_further_token_is_read_from_the_start(
    see: SEE, w3: Web3, tmp_path: Path, small: None
) -> None:
    other = deployed(w3, "Token", "EURC", 6)
    other.functions.transfer(see.address, 55).transact({"from": key(0).address})
    sent(see, 1)
    before = read(see, tmp_path, currencies=[], final=0).payments
    assert 55 not in map(int, before["amount"].to_pylist())
    columns = read(see, tmp_path, currencies=[other.address], final=0)
    same(columns, read(see, currencies=[other.address]))
    assert 55 in map(int, columns.payments["amount"].to_pylist())
    again = read(see, tmp_path, currencies=[], final=0)  # what is there stays
    same(again, columns)


def test_folders_that_can_not_be_used(see: SEE, registry: Registry, tmp_path: Path) -> None:
    read(see, tmp_path, final=0)
    with pytest.raises(FileError, match="another SEE, chain, start or format"):
        read(see, tmp_path, final=0, start=1)
    (part,) = (each for each in tmp_path.iterdir() if each.is_dir())
    file = part / "payments.parquet"
    raw = file.read_bytes()
    file.write_bytes(raw[:100])
    with pytest.raises(FileError, match="is no whole reading"):
        _ = read(see, tmp_path, final=0).payments
    file.write_bytes(raw)
    (part / "part.json").write_text("{}")
    with pytest.raises(FileError, match="is no whole reading"):
        read(see, tmp_path, final=0)
    (part / "part.json").unlink()
    with pytest.raises(FileError, match="can't be read"):
        read(see, tmp_path, final=0)
    part.rename(tmp_path / "blocks-5-9")
    with pytest.raises(FileError):
        read(see, tmp_path, final=0)
    (tmp_path / "reading.json").unlink()
    with pytest.raises(FileError, match="is missing"):
        read(see, tmp_path, final=0)
    with pytest.raises(FileError, match="can't be made"):
        read(see, __file__, final=0)


def test_what_a_contract_pays_in_several_ways_at_once(registry: Registry, w3: Web3) -> None:
    token, payer = deployed(w3, "Token", "EURC", 6), deployed(w3, "PaysTwice")
    token.functions.transfer(payer.address, 12).transact({"from": key(0).address})
    given: Any = {"from": key(0).address, "to": payer.address, "value": 3}
    w3.eth.wait_for_transaction_receipt(w3.eth.send_transaction(given))
    see = register(registry, make_agreement(currencies=["native", token.address], nonce=5))
    payer.functions.act(see.address, token.address).transact({"from": key(0).address})
    expected = [(1, "transfer"), (2, "pay"), (3, "transfer"), (4, "pay"), (5, "transfer")]
    payments = read(see).payments.to_pylist()
    assert [(int(each["amount"]), each["how"]) for each in payments] == expected
    assert [(each.amount, each.how) for each in history(see).payments] == expected
    found = incoming(see, 0, currencies=[token.address])
    assert [(each.amount, each.how) for each in found] == expected


def test_pyarrow_may_be_missing(see: SEE, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(FileError, match="needs pyarrow: install it with pip install"):
        read(see)


def test_a_splitter_has_columns(registry: Registry, w3: Web3) -> None:
    splitter = registry.create_splitter([(ADA, 1), (BEN, 2)], sender=key(8))
    splitter.pay(1000, sender=key(3))
    splitter.payout(sender=key(8))
    columns = read(splitter)
    assert [int(each) for each in columns.payments["amount"].to_pylist()] == [1000]
    assert len(columns.payouts) == 1
    assert {each.name for each in columns.facts()} == {"Published"}
