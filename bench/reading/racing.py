"""The race: the same events by web3.py's get_logs, kind by kind, and by seechain.columns."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.chain import BenchError
from bench.reading.filling import Filled
from seechain.chain.artifacts import load
from seechain.chain.clones import payer_address
from seechain.chain.decoding import topic_of
from seechain.columns import Columns, names, read
from seechain.columns.decoding import TRANSFER
from seechain.columns.parsing import Wanted

LONG = 30.0  # seconds, after which web3.py is not measured twice
Found = dict[str, list[Any]]


@dataclass(frozen=True)
class Time:
    """Seconds: by the clock, and of this process alone."""

    wall: float
    own: float


@contextmanager
def timed() -> Iterator[list[Time]]:
    """Puts one Time into the list when it ends."""
    found: list[Time] = []
    wall, own = time.perf_counter(), time.process_time()
    yield found
    found.append(Time(time.perf_counter() - wall, time.process_time() - own))


def best(act: Callable[[], Any], times: int) -> tuple[Any, Time]:
    """What the act returns, and the best of its times by the clock."""
    found = []
    for _ in range(times):
        with timed() as spent:
            result = act()
        found += spent
    return result, min(found, key=lambda each: each.wall)


def by_web3(place: Filled) -> Found:
    """Every kind of event that is the SEE's or about it, by web3's own decoder."""
    w3, see = place.w3, place.see
    own = w3.eth.contract(address=see.address, abi=load("SEE").abi)  # type: ignore[call-overload]
    registry = w3.eth.contract(address=see.registry, abi=load("Registry").abi)  # type: ignore[call-overload]
    payer = w3.eth.contract(address=payer_address(), abi=load("Payer").abi)  # type: ignore[call-overload]
    blocks = {"from_block": 0, "to_block": w3.eth.block_number}
    found: Found = {}
    for event in own.events:
        found[event.event_name] = event.get_logs(**blocks)
    for contract in (registry, payer):
        for event in contract.events:
            first = event.abi["inputs"][0]
            if first["indexed"]:  # whom it is about
                about = {first["name"]: see.address}
                found[event.event_name] = event.get_logs(**blocks, argument_filters=about)
    arguments = {"receiver": see.address}
    transfer = place.token.events.Transfer
    found["Transfer"] = transfer.get_logs(**blocks, argument_filters=arguments)
    return found


def node_alone(place: Filled) -> tuple[float, float, int]:
    """Seconds that the node takes to answer our questions, and web3's; bytes of ours.

    Over a plain connection that is kept, nothing of the answers being read but their bytes.
    """
    see = bytes.fromhex(place.see.address[2:])
    registry, payer, token = (
        bytes.fromhex(each[2:])
        for each in (place.see.registry, payer_address(), place.token.address)
    )
    about = bytes(12) + see
    ours = [
        Wanted((see,)),
        Wanted((registry, payer), (None, about)),
        Wanted((token,), (TRANSFER, None, about)),
    ]
    kinds = [each for each in load("SEE").abi if each["type"] == "event"]
    theirs = [Wanted((see,), (topic_of(_signature(each)),)) for each in kinds]
    theirs += ours[1:]
    url = urlsplit(str(place.w3.provider.endpoint_uri))  # type: ignore[attr-defined]
    connection = http.client.HTTPConnection(url.netloc, timeout=120)
    last = place.w3.eth.block_number
    try:
        spent = []
        for questions in (ours, ours, theirs):
            began = time.perf_counter()
            size = sum(_answer(connection, each.asked(0, last)) for each in questions)
            spent.append((time.perf_counter() - began, size))
    finally:
        connection.close()
    return min(spent[0][0], spent[1][0]), spent[2][0], spent[0][1]


def _signature(event: dict[str, Any]) -> str:
    return f"{event['name']}({','.join(each['type'] for each in event['inputs'])})"


def _answer(connection: http.client.HTTPConnection, asked: dict[str, Any]) -> int:
    question = {"jsonrpc": "2.0", "id": 1, "method": "eth_getLogs", "params": [asked]}
    connection.request("POST", "/", json.dumps(question), {"Content-Type": "application/json"})
    return len(connection.getresponse().read())


def count(found: Found) -> int:
    """How many events there are."""
    return sum(map(len, found.values()))


def check_same(found: Found, columns: Columns) -> int:
    """That both found the same, event by event; how many rows were compared.

    Raises:
        BenchError: they did not.
    """
    expected = _expected(found)
    compared = 0
    for name, rows in expected.items():
        rows.sort()
        ours = list(_rows(name, columns.table(name)))
        if ours != rows:
            raise BenchError(f"the {name} of columns are not those of web3.py")
        compared += len(rows)
    return compared


def _expected(found: Found) -> Found:
    tables: Found = {"payments": _payments(found), "claims": [], "payouts": [], "kept": []}
    for log in [*found["Claimed"], *found["ClaimedToken"]]:
        currency = log["args"].get("currency", "native")
        tables["claims"].append((*_place(log), log["args"]["seat"], currency, _amount(log)))
    for log in found["Kept"]:
        seat = log["args"]["seat"], log["args"]["currency"]
        tables["kept"].append((*_place(log), *seat, _amount(log)))
    for log in found["PaidOut"]:
        args = log["args"]
        tables["payouts"].append((*_place(log), args["currency"], args["page"], args["received"]))
    of_money = {"Received", "Paid", "PaidLate", "Transfer", "Claimed", "ClaimedToken", "Kept"}
    tables["events"] = [
        (*_place(log), name)
        for name, logs in found.items()
        if name not in of_money | {"PaidOut"}
        for log in logs
    ]
    return tables


def _payments(found: Found) -> list[Any]:
    """Those of web3, each once: a transfer by which a `pay` was made is none."""
    rows: dict[tuple[int, int], tuple[Any, ...]] = {}
    is_open: dict[tuple[bytes, str, str], list[tuple[int, int]]] = {}
    logs = [*found["Received"], *found["Paid"], *found["Transfer"]]
    for log in sorted(logs, key=lambda log: (log["blockNumber"], log["logIndex"])):
        args, place = log["args"], (log["blockNumber"], log["logIndex"])
        if log["event"] == "Transfer":
            key = bytes(log["transactionHash"]), log["address"], args["sender"]
            is_open.setdefault(key, []).append(place)
            rows[place] = ("transfer", args["sender"], log["address"], args["value"], bytes(32))
        elif log["event"] == "Paid":
            currency = "native" if int(args["currency"], 16) == 0 else args["currency"]
            key = bytes(log["transactionHash"]), currency, args["payer"]
            if is_open.get(key):
                del rows[is_open[key].pop()]
            rows[place] = ("pay", args["payer"], currency, args["amount"], args["memo"])
        else:
            word = args["payment"]
            payer = (word >> 96).to_bytes(20, "big")
            rows[place] = ("transfer", payer, "native", word & (2**96 - 1), bytes(32))
    return [(*place, *_plain(row)) for place, row in rows.items()]


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    how, payer, *rest = row
    return how, payer.hex() if isinstance(payer, bytes) else payer[2:].lower(), *rest


def _rows(name: str, table: Any) -> Iterator[tuple[Any, ...]]:
    where = zip(table["block"].to_pylist(), table["log_index"].to_pylist(), strict=True)
    if name == "events":
        yield from ((*at, kind) for at, kind in zip(where, table["name"].to_pylist(), strict=True))
        return
    currencies = names(table["currency"]).to_pylist()
    column = "received" if name == "payouts" else "amount"
    amounts = map(int, table[column].to_pylist())
    if name == "payouts":
        pages = table["page"].to_pylist()
        for at, *rest in zip(where, currencies, pages, amounts, strict=True):
            yield *at, *rest
    elif name == "payments":
        payers = (each.hex() for each in table["payer"].to_pylist())
        hows, memos = table["how"].to_pylist(), table["memo"].to_pylist()
        for at, *rest in zip(where, hows, payers, currencies, amounts, memos, strict=True):
            yield *at, *rest
    else:
        keys = (
            version << 192 | index << 160 | int.from_bytes(account, "big")
            for version, index, account in zip(
                table["version"].to_pylist(),
                table["index"].to_pylist(),
                table["account"].to_pylist(),
                strict=True,
            )
        )
        for at, *rest in zip(where, keys, currencies, amounts, strict=True):
            yield *at, *rest


def _place(log: Any) -> tuple[int, int]:
    return log["blockNumber"], log["logIndex"]


def _amount(log: Any) -> int:
    return int(log["args"]["amount"])


def race(place: Filled, folder: Path) -> dict[str, Any]:
    """Runs it: figures by name.

    Raises:
        BenchError: both did not find the same.
    """
    with timed() as first:
        read(place.see)
    theirs, web3_time = best(lambda: by_web3(place), 1)
    columns, our_time = best(lambda: read(place.see), 5)
    if web3_time.wall < LONG:
        theirs, again = best(lambda: by_web3(place), 1)
        web3_time = min(web3_time, again, key=lambda each: each.wall)
    with timed() as kept:
        read(place.see, folder, final=0)
    with timed() as resumed:
        read(place.see, folder, final=0)
    node, node_for_web3, size = node_alone(place)
    return {
        "events": count(theirs),
        "compared": check_same(theirs, columns),
        "answer_bytes": size,
        "web3": _seconds(web3_time),
        "columns": _seconds(our_time),
        "columns_first": _seconds(first[0]),
        "columns_to_disk": _seconds(kept[0]),
        "columns_again": _seconds(resumed[0]),
        "node_alone": round(node, 3),
        "node_alone_web3": round(node_for_web3, 3),
        "ratio": round(web3_time.wall / our_time.wall, 1),
        "ratio_own": round(web3_time.own / our_time.own, 1),
        "most_ratio": round(web3_time.wall / node, 1),
    }


def _seconds(spent: Time) -> dict[str, float]:
    return {"wall": round(spent.wall, 3), "own": round(spent.own, 3)}
