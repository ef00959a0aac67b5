"""Columns from a node's answers: as the events decoded one by one, and nothing is lost."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from seechain.accounts import checksum
from seechain.chain import decoding, events
from seechain.chain.decoding import decode_log
from seechain.columns.decoding import NAMES, TRANSFER, Reader
from seechain.columns.parsing import AnswersError, Wanted, logs_of, merged
from seechain.columns.words import NATIVE, Unreadable
from seechain.see.versions import LATE

SEE, REGISTRY, PAYER, TOKEN, OTHER, ADA, BEN = (bytes([each] * 20) for each in range(0xA0, 0xA7))
EVERYONE = (ADA, BEN, PAYER, SEE)


def word(value: int | bytes) -> bytes:
    return value.to_bytes(32, "big") if isinstance(value, int) else value.rjust(32, b"\0")


AMOUNTS = st.one_of(
    st.sampled_from([0, 1, 10**38 - 1, 10**38, 2**111, 2**128, 2**255, 2**256 - 1]),
    st.integers(0, 2**256 - 1),
    st.integers(0, 10**20),
)
PEOPLE = st.sampled_from(EVERYONE)
MEMOS = st.sampled_from([bytes(32), b"INV-7".ljust(32, b"\0")])
CURRENCIES = st.sampled_from([NATIVE, TOKEN, OTHER])
KEYS = st.builds(
    lambda version, index, account: version << 192 | index << 160 | int.from_bytes(account, "big"),
    st.sampled_from([0, 1, 5, LATE, LATE | 3]),
    st.sampled_from([0, 7, 2**32 - 1]),
    PEOPLE,
)


def log(signature: str, contract: bytes, topics: Iterable[Any], data: Iterable[Any]) -> Any:
    """The parts of a log as drawn: words of numbers and addresses."""
    values = st.tuples(*topics), st.tuples(*data)
    return st.builds(
        lambda topics, data: {
            "address": contract,
            "topics": [decoding.topic_of(signature), *map(word, topics)],
            "data": b"".join(map(word, data)),
        },
        *values,
    )


PAID = "Paid(address,bytes32,address,uint256)"
LOGS = st.one_of(
    log(
        "Received(uint256)",
        SEE,
        [],
        [st.builds(lambda by, n: by + n.to_bytes(12, "big"), PEOPLE, st.integers(0, 2**96 - 1))],
    ),
    log(PAID, SEE, [PEOPLE, MEMOS], [CURRENCIES, AMOUNTS]),
    log(PAID, OTHER, [PEOPLE, MEMOS], [CURRENCIES, AMOUNTS]),
    log(
        "PaidLate(address,bytes32,address,uint256,uint256)",
        SEE,
        [PEOPLE, MEMOS],
        [CURRENCIES, AMOUNTS, st.integers(0, 9)],
    ),
    log(
        "PaidFor(address,address,bytes32,address,uint256)",
        PAYER,
        [st.just(SEE), PEOPLE, MEMOS],
        [CURRENCIES, AMOUNTS],
    ),
    log("Transfer(address,address,uint256)", TOKEN, [PEOPLE, st.just(SEE)], [AMOUNTS]),
    log("Joined(uint256,uint256)", SEE, [KEYS], [AMOUNTS]),
    log("Claimed(uint256,uint256)", SEE, [KEYS], [AMOUNTS]),
    log("ClaimedToken(uint256,address,uint256)", SEE, [KEYS, CURRENCIES], [AMOUNTS]),
    log("Kept(uint256,address,uint256)", SEE, [KEYS], [CURRENCIES, AMOUNTS]),
    log("PaidOut(address,uint256,uint256)", SEE, [], [CURRENCIES, st.integers(0, 9), AMOUNTS]),
    log("Left(uint256,address,uint256,uint256)", SEE, [KEYS], [CURRENCIES, AMOUNTS, AMOUNTS]),
    log("Ended()", SEE, [], []),
    log("Nobody(uint256)", SEE, [AMOUNTS], [AMOUNTS]),
    log("VoiceLeft(address,address)", REGISTRY, [st.just(SEE), PEOPLE], []),
)
NAMED = {
    "payments": (events.Received, events.Paid),
    "claims": (events.Claimed,),
    "payouts": (events.PaidOut,),
    "kept": (events.Kept,),
}


@st.composite
def chains(draw: Any) -> list[dict[str, Any]]:
    """Some blocks' logs, in their order."""
    found = []
    for number in range(draw(st.integers(0, 3))):
        for index, each in enumerate(draw(st.lists(LOGS, max_size=9))):
            transaction = word(number << 8 | index // draw(st.integers(1, 9)))
            place = {"blockNumber": 10 + number, "logIndex": index, "transactionHash": transaction}
            found.append({**each, **place, "blockTimestamp": 1_800_000_000 + number})
    return found


def as_answer(logs: Iterable[dict[str, Any]], *more: Any, **options: Any) -> bytes:
    """As nodes write it."""
    written = [
        {
            name: hex(value)
            if isinstance(value, int)
            else ["0x" + each.hex() for each in value]
            if isinstance(value, list)
            else "0x" + value.hex()
            for name, value in each.items()
        }
        for each in logs
    ]
    return json.dumps({"jsonrpc": "2.0", "id": 1, "result": [*written, *more]}, **options).encode()


def reader() -> Reader:
    return Reader(SEE, REGISTRY, PAYER, [TOKEN])


def tables_of(logs: list[dict[str, Any]], **options: Any) -> dict[str, list[dict[str, Any]]]:
    """Through an answer, as rows."""
    wanted = Wanted((SEE, REGISTRY, PAYER, TOKEN))
    known = [each for each in logs if each["address"] in wanted.addresses]
    answers = [logs_of(as_answer(known, **options), wanted, 0, 100)]
    return {name: table.to_pylist() for name, table in reader().tables(merged(answers)).items()}


@settings(max_examples=50)
@given(logs=chains(), indent=st.sampled_from([None, 1]), is_sorted=st.booleans())
def test_columns_are_the_events_one_by_one(
    logs: list[dict[str, Any]], indent: int | None, is_sorted: bool
) -> None:
    tables = tables_of(logs, indent=indent, sort_keys=is_sorted)
    own = [each for each in logs if each["address"] != OTHER]
    of_transfers = [each for each in own if each["address"] == TOKEN]
    rest = [each for each in own if each not in of_transfers]
    decoded = [(each, _decode(each)) for each in rest]
    for name in ("claims", "payouts", "kept"):
        found = [event for _, event in decoded if isinstance(event, NAMED[name])]
        assert [_event_of(name, row) for row in tables[name]] == found
    assert [_payment(row) for row in tables["payments"]] == one_by_one(own)
    known = tuple(kind for each in NAMED.values() for kind in each)
    others = [each for each, event in decoded if not isinstance(event, known)]
    assert [_log_of(row) for row in tables["events"]] == others
    for row in (each for name in NAMES for each in tables[name]):
        assert row["time"].timestamp() == 1_800_000_000 + row["block"] - 10
    event(f"{min(len(tables['payments']), 5)} payments")


def one_by_one(logs: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The payments, as seechain.history takes one event after the other."""
    found: dict[tuple[int, int], list[Any]] = {}
    moved = defaultdict(list)
    for each in logs:
        place = each["blockNumber"], each["logIndex"]
        event, transaction = _decode(each), each["transactionHash"]
        if each["address"] == TOKEN:
            payer, amount = checksum(each["topics"][1][12:]), int.from_bytes(each["data"], "big")
            if amount and payer != checksum(SEE):
                moved[transaction, checksum(TOKEN), payer].append(place)
                found[place] = ["transfer", payer, checksum(TOKEN), amount, bytes(32), 0]
        elif isinstance(event, events.PaidFor):
            for at in sorted(found, reverse=True):
                how = found[at]
                same = [checksum(PAYER), event.currency, event.memo]
                if _at(logs, at) == transaction and [how[1], how[2], how[4]] == same:
                    how[:2] = "payer", event.payer
                    break
        elif isinstance(event, events.Paid):
            before = moved[transaction, event.currency, event.payer]
            if before:
                del found[before.pop()]
            late = isinstance(event, events.PaidLate)
            version = event.version if isinstance(event, events.PaidLate) else 0
            how = "late" if late else "pay"
            found[place] = [
                how, event.payer, event.currency, event.amount, event.memo, version
            ]  # fmt: skip
        elif isinstance(event, events.Received):
            found[place] = ["transfer", event.payer, "native", event.amount, bytes(32), 0]
    return [(*place, *found[place]) for place in sorted(found)]


def _at(logs: list[dict[str, Any]], place: tuple[int, int]) -> bytes:
    (transaction,) = (
        each["transactionHash"] for each in logs if (each["blockNumber"], each["logIndex"]) == place
    )
    return bytes(transaction)


def _decode(log: dict[str, Any]) -> Any:
    return decode_log({**log, "address": "0x" + log["address"].hex()})


def _payment(row: dict[str, Any]) -> tuple[Any, ...]:
    _checked_amount(row["amount"], row["amount_word"])
    amount = int.from_bytes(row["amount_word"], "big")
    where = row["block"], row["log_index"]
    by = checksum(row["payer"]), _currency(row["currency"])
    return *where, row["how"], *by, amount, row["memo"], row["version"]


def _checked_amount(amount: Any, exact: bytes) -> None:
    number = int.from_bytes(exact, "big")
    assert amount == (number if number < 10**38 else None)


def _currency(raw: bytes) -> str:
    return "native" if raw == NATIVE else checksum(raw)


def _event_of(name: str, row: dict[str, Any]) -> Any:
    hash = "0x" + row["transaction"].hex()
    where = checksum(SEE), row["block"], hash, row["log_index"]
    currency = _currency(row["currency"])
    if name == "payouts":
        _checked_amount(row["received"], row["received_word"])
        received = int.from_bytes(row["received_word"], "big")
        return events.PaidOut(*where, currency, row["page"], received)
    _checked_amount(row["amount"], row["amount_word"])
    version = row["version"] | (LATE if row["late"] else 0)
    kind = events.Claimed if name == "claims" else events.Kept
    seat = checksum(row["account"]), row["index"], version
    return kind(*where, *seat, currency, int.from_bytes(row["amount_word"], "big"))


def _log_of(row: dict[str, Any]) -> dict[str, Any]:
    topics = [row[f"topic{each}"] for each in range(4)]
    return {
        "address": row["address"],
        "topics": [each for each in topics if each is not None],
        "data": row["data"],
        "blockNumber": row["block"],
        "logIndex": row["log_index"],
        "transactionHash": row["transaction"],
        "blockTimestamp": int(row["time"].timestamp()),
    }


@settings(max_examples=25)
@given(logs=chains(), data=st.data())
def test_what_is_laid_out_otherwise_stands_among_the_events(
    logs: list[dict[str, Any]], data: Any
) -> None:
    spoiled = []
    for each in logs:
        if each["address"] != SEE:
            continue
        how = data.draw(st.sampled_from(["longer", "shorter", "topics", "padding"]))
        raw, topics = each["data"], each["topics"]
        if how == "longer":
            raw += b"\0"
        elif how == "shorter":
            raw = raw[:-1]
        elif how == "padding" and topics[0] in (decoding.topic_of(PAID),):
            raw = b"\1" + raw[1:]
        else:
            topics = [*topics, word(1)][:4] if len(topics) < 4 else topics[:-1]
        if (raw, topics) != (each["data"], each["topics"]):
            spoiled.append({**each, "data": raw, "topics": topics})
    tables = tables_of(spoiled)
    assert [_log_of(row) for row in tables["events"]] == spoiled
    assert not any(tables[name] for name in NAMES if name != "events")


def plain_log(**changed: Any) -> dict[str, Any]:
    fields = {
        "address": SEE,
        "topics": [word(1)],
        "data": b"",
        "blockNumber": 7,
        "logIndex": 0,
        "transactionHash": word(9),
        "blockTimestamp": 1,
    }
    return {**fields, **changed}


def test_only_what_was_asked_for_is_taken_and_once() -> None:
    wanted = Wanted((SEE,), (None, word(5)))
    topics = [word(1), word(5)]
    given = [
        plain_log(topics=topics, logIndex=3),
        plain_log(topics=topics),
        plain_log(topics=topics),
        plain_log(topics=[word(1), word(6)], logIndex=4),
        plain_log(logIndex=5),
        plain_log(topics=topics, address=OTHER, logIndex=6),
        plain_log(topics=topics, blockNumber=9),
    ]
    removed = json.loads(as_answer([plain_log(topics=topics, logIndex=8)]))["result"][0]
    answer = as_answer(given, {**removed, "removed": True})
    logs = merged([logs_of(answer, wanted, 7, 8)])
    assert logs["log_index"].to_pylist() == [0, 3]
    assert len(logs_of(as_answer([]), wanted, 7, 8)) == 0


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b"<html>",
        b'{"result": null}',
        b'{"result": 7}',
        b'{"jsonrpc": "2.0"}',
        b'{"result": [null]}',
        b'{"result": [{}]}',
        b'{"result": [7]}',
        as_answer([plain_log()])[:-9],
        as_answer([plain_log()]).replace(b"0x7", b"0xg"),
        as_answer([plain_log()]).replace(b"0x7", b"0x"),
        as_answer([plain_log()]).replace(b"0x7", b"7"),
        as_answer([plain_log()]).replace(b"0x7", b"0x" + b"f" * 16),
        as_answer([plain_log()]).replace(b"0x7", b"0x" + b"f" * 17),
        as_answer([plain_log()]).replace(b"a0a0", b"a0"),
        as_answer([plain_log()]).replace(b"a0a0", b"0x0x", 1),
        as_answer([plain_log()]).replace(b"a0a0", b"zzzz", 1),
        as_answer([plain_log()]).replace(b'"0x"', b'"0x1"'),
        as_answer([plain_log()]).replace(b'"0x"', b"null"),
        as_answer([plain_log(topics=[word(1)] * 5)]),
        b" " * 70_000 + b'{"result": 7}',
        b" " * 70_000 + as_answer([plain_log()])[:-9],
    ],
)
def test_an_answer_that_is_none_is_not_taken(answer: bytes) -> None:
    with pytest.raises(Unreadable):
        logs_of(answer, Wanted((SEE,)), 0, 100)


def test_an_error_is_told() -> None:
    answer = b'{"error": {"code": -32005, "message": "slow down"}}'
    with pytest.raises(AnswersError, match="slow down") as caught:
        logs_of(answer, Wanted((SEE,)), 0, 100)
    assert caught.value.code == -32005
    with pytest.raises(AnswersError, match="no more"):
        logs_of(b'{"error": "no more"}', Wanted((SEE,)), 0, 100)


def test_a_version_begins_with_its_amendment() -> None:
    paid = {
        "address": SEE,
        "topics": [decoding.topic_of(PAID), word(ADA), bytes(32)],
        "data": word(NATIVE) + word(5),
    }
    amended = {
        "address": REGISTRY,
        "topics": [decoding.topic_of(decoding.AMENDED), word(SEE), bytes(32)],
        "data": word(4) + bytes(320),
    }
    of_another = {**amended, "topics": [amended["topics"][0], word(OTHER), bytes(32)]}
    forged = {**amended, "address": PAYER}
    logs = [
        plain_log(**each, blockNumber=7 + at // 4, logIndex=at % 4)
        for at, each in enumerate([paid, amended, paid, of_another, forged, paid])
    ]
    reading = reader()
    wanted = Wanted((SEE, REGISTRY, PAYER, TOKEN))
    reading.version = 3
    tables = reading.tables(merged([logs_of(as_answer(logs), wanted, 0, 100)]))
    assert tables["payments"]["version"].to_pylist() == [3, 4, 4]
    again = reading.tables(merged([logs_of(as_answer(logs[:1]), wanted, 0, 100)]))
    assert again["payments"]["version"].to_pylist() == [4]


def test_transfers_are_what_they_are_called() -> None:
    assert TRANSFER.hex().startswith("ddf252ad")
