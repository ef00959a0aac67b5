"""The tables of a SEE from its logs: each kind of event is read as a whole.

A log that is not laid out as its kind is, to the byte, is none of it: it stands among the events.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import pyarrow as pa

from seechain.chain import decoding as logged
from seechain.columns.paid import once, paid_for, with_versions
from seechain.columns.parsing import TOPICS
from seechain.columns.words import (
    ADDRESS,
    DIGITS,
    NATIVE,
    WORD,
    Column,
    decimals,
    fixed,
    flat,
    in_order,
    joined,
    numbers_of,
    part,
    pc,
    same_width,
)
from seechain.see.versions import LATE

_topic_of = cache(logged.topic_of)
TRANSFER = _topic_of("Transfer(address,address,uint256)")
_NO_MEMO = bytes(WORD)
_WHERE = [
    ("block", pa.int64()),
    ("log_index", pa.int64()),
    ("time", pa.timestamp("s", "UTC")),
    ("transaction", pa.binary(WORD)),
]
_CURRENCY = ("currency", pa.binary(ADDRESS))
_AMOUNT = [("amount", pa.decimal128(DIGITS)), ("amount_word", pa.binary(WORD))]
_SEAT = [
    ("account", pa.binary(ADDRESS)),
    ("index", pa.int64()),
    ("version", pa.int32()),
    ("late", pa.bool_()),
]
SCHEMAS: dict[str, Any] = {
    "payments": pa.schema(
        [
            *_WHERE,
            ("how", pa.string()),
            ("payer", pa.binary(ADDRESS)),
            _CURRENCY,
            *_AMOUNT,
            ("memo", pa.binary(WORD)),
            ("version", pa.int32()),
        ]
    ),
    "claims": pa.schema([*_WHERE, *_SEAT, _CURRENCY, *_AMOUNT]),
    "payouts": pa.schema(
        [
            *_WHERE,
            _CURRENCY,
            ("page", pa.int64()),
            ("received", pa.decimal128(DIGITS)),
            ("received_word", pa.binary(WORD)),
        ]
    ),
    "kept": pa.schema([*_WHERE, *_SEAT, _CURRENCY, *_AMOUNT]),
    "events": pa.schema(
        [
            *_WHERE,
            ("name", pa.string()),
            ("address", pa.binary(ADDRESS)),
            *((name, pa.binary(WORD)) for name in TOPICS),
            ("data", pa.binary()),
        ]
    ),
}
NAMES = tuple(SCHEMAS)


@dataclass
class Reader:
    """Reads the logs of one SEE or Splitter, in the chain's order.

    Args:
        see, registry, payer: addresses. tokens: those whose transfers are payments.
        version: in force before the logs that are given first; it follows the amendments.
    """

    see: bytes
    registry: bytes
    payer: bytes
    tokens: Sequence[bytes]
    version: int = 0

    def tables(self, logs: Any) -> dict[str, Any]:
        """All tables of these logs, which are of whole blocks; see `SCHEMAS`."""
        own = pc.equal(logs["address"], pa.scalar(self.see, pa.binary(ADDRESS)))
        is_read = pa.repeat(pa.scalar(False), len(logs))
        found: dict[str, list[Any]] = {name: [] for name in NAMES}
        for kind in _KINDS:
            among = own if kind.topic != TRANSFER else self._comes_in(logs)
            mask = pc.and_(flat(among), kind.among(logs))
            rows = logs.filter(mask).combine_chunks()
            if not len(rows):
                continue
            rows, mask = _well_formed(rows, mask, kind)
            found[kind.table].append(kind.read(rows))
            is_read = pc.or_(is_read, mask)
        is_token = pc.is_in(logs["address"], value_set=_set(self.tokens))
        rest = logs.filter(pc.and_not(pc.invert(is_read), flat(is_token)))
        found["events"].append(self._events(rest))
        tables = {
            name: in_order(pa.concat_tables([SCHEMAS[name].empty_table(), *parts]))
            for name, parts in found.items()
        }
        tables["payments"] = self._settled(tables["payments"], rest)
        return tables

    def _comes_in(self, logs: Any) -> Column:
        """Transfers of the tokens, by others, of more than nothing."""
        is_own = pc.equal(logs["topic2"], _topic(self.see))
        from_self = pc.equal(logs["topic1"], _topic(self.see))
        fits = pc.and_not(pc.fill_null(is_own, False), pc.fill_null(from_self, False))
        nothing = pc.equal(logs["data"], pa.scalar(bytes(WORD), pa.binary()))
        fits = pc.and_not(fits, nothing)
        return pc.and_(fits, pc.is_in(logs["address"], value_set=_set(self.tokens)))

    def _settled(self, payments: Any, rest: Any) -> Any:
        """The payments as they count: each once, with who paid, and the version that has it."""
        about = pc.fill_null(pc.equal(rest["topic1"], _topic(self.see)), False)
        told = rest.filter(pc.and_(_PAID_FOR.among(rest), flat(about)))
        told = told.filter(pc.equal(told["address"], pa.scalar(self.payer, pa.binary(ADDRESS))))
        amended = rest.filter(pc.and_(_AMENDED.among(rest), flat(about)))
        amended = amended.filter(
            pc.equal(amended["address"], pa.scalar(self.registry, pa.binary(ADDRESS)))
        )
        payments = paid_for(once(payments), told.combine_chunks(), self.payer)
        payments, self.version = with_versions(payments, amended, self.version)
        return payments

    def _events(self, logs: Any) -> Any:
        names = pc.index_in(logs["topic0"], value_set=_set(_NAMES, WORD))
        columns = [*_where(logs), pa.array([*_NAMES.values()], pa.string()).take(flat(names))]
        columns += [flat(logs[name]) for name in ("address", *TOPICS, "data")]
        return pa.table(columns, schema=SCHEMAS["events"])


class _Kind(NamedTuple):
    """A kind of event: its signature, how many topics and bytes of data it has.

    padded: which word of the data is an address. table, read: where its rows go, and how.
    """

    signature: str
    topics: int
    size: int | None
    table: str = ""
    read: Callable[[Any], Any] = lambda logs: logs
    padded: int | None = None
    below: int | None = None  # which word of the data is less than 2^31

    @property
    def topic(self) -> bytes:
        return _topic_of(self.signature)

    def among(self, logs: Any) -> Column:
        """Which logs are of this kind, as far as topics and sizes tell."""
        mask = pc.fill_null(pc.equal(logs["topic0"], pa.scalar(self.topic, pa.binary(WORD))), False)
        mask = pc.and_(mask, pc.is_valid(logs[TOPICS[self.topics - 1]]))
        if self.topics < len(TOPICS):
            mask = pc.and_(mask, pc.is_null(logs[TOPICS[self.topics]]))
        if self.size is not None:
            mask = pc.and_(mask, pc.equal(pc.binary_length(logs["data"]), self.size))
        return flat(mask)


def _well_formed(rows: Any, mask: Column, kind: _Kind) -> tuple[Any, Column]:
    """Without those whose words are more than an address, or a number, can be."""
    if kind.padded is None and kind.below is None:
        return rows, mask
    data = same_width(flat(rows["data"]), kind.size or 0)
    fits: Any = pa.repeat(True, len(rows))
    if kind.padded is not None:
        at = WORD * kind.padded
        fits = pc.and_(fits, pc.equal(part(data, at, at + 12), pa.scalar(bytes(12), pa.binary(12))))
    if kind.below is not None:
        at = WORD * kind.below
        fits = pc.and_(fits, pc.equal(part(data, at, at + 24), pa.scalar(bytes(24), pa.binary(24))))
        fits = pc.and_(fits, pc.less(numbers_of(part(data, at + 24, at + 32)), 2**31))
    if pc.all(fits).as_py():
        return rows, mask
    return rows.filter(fits).combine_chunks(), pc.replace_with_mask(mask, mask, fits)


# ------------------------------------------------------------ one kind each


def _received(logs: Any) -> Any:
    word = same_width(flat(logs["data"]), WORD)
    amount = same_width(joined(bytes(ADDRESS), part(word, ADDRESS, WORD)), WORD)
    return _payment(logs, "transfer", part(word, 0, ADDRESS), None, amount)


def _transfer(logs: Any) -> Any:
    word = same_width(flat(logs["data"]), WORD)
    payer = part(flat(logs["topic1"]), 12, WORD)
    return _payment(logs, "transfer", payer, flat(logs["address"]), word)


def _paid(logs: Any) -> Any:
    data = same_width(flat(logs["data"]), 2 * WORD)
    payer = part(flat(logs["topic1"]), 12, WORD)
    memo = flat(logs["topic2"])
    return _payment(logs, "pay", payer, part(data, 12, WORD), part(data, WORD, 2 * WORD), memo)


def _paid_late(logs: Any) -> Any:
    data = same_width(flat(logs["data"]), 3 * WORD)
    payer, memo = part(flat(logs["topic1"]), 12, WORD), flat(logs["topic2"])
    version = numbers_of(part(data, 88, 96)).cast(pa.int32(), safe=False)
    paid = part(data, 12, WORD), part(data, WORD, 2 * WORD)
    return _payment(logs, "late", payer, *paid, memo, version)


def _payment(
    logs: Any,
    how: str,
    payer: Column,
    currency: Column | None,
    amount: Column,
    memo: Column | None = None,
    version: Column | None = None,
) -> Any:
    count = len(logs)
    columns = [
        *_where(logs),
        pa.repeat(how, count),
        payer,
        pa.repeat(pa.scalar(NATIVE, pa.binary(ADDRESS)), count) if currency is None else currency,
        decimals(amount),
        amount,
        pa.repeat(pa.scalar(_NO_MEMO, pa.binary(WORD)), count) if memo is None else memo,
        pa.nulls(count, pa.int32()) if version is None else version,
    ]
    return pa.table(columns, schema=SCHEMAS["payments"])


def _claimed(logs: Any) -> Any:
    native = pa.repeat(pa.scalar(NATIVE, pa.binary(ADDRESS)), len(logs))
    return _of_seat(logs, native, same_width(flat(logs["data"]), WORD))


def _claimed_token(logs: Any) -> Any:
    currency = part(flat(logs["topic2"]), 12, WORD)
    return _of_seat(logs, currency, same_width(flat(logs["data"]), WORD))


def _kept(logs: Any) -> Any:
    data = same_width(flat(logs["data"]), 2 * WORD)
    return _of_seat(logs, part(data, 12, WORD), part(data, WORD, 2 * WORD))


def _of_seat(logs: Any, currency: Column, amount: Column) -> Any:
    key = flat(logs["topic1"])
    numbers = numbers_of(part(key, 4, 12))  # version (16) | index (32), and what is above
    index = pc.bit_wise_and(numbers, pa.scalar(2**32 - 1, pa.uint64()))
    version = pc.shift_right(numbers, pa.scalar(32, pa.uint64()))
    number = pc.bit_wise_and(version, pa.scalar(LATE - 1, pa.uint64()))
    late = pc.not_equal(pc.bit_wise_and(version, pa.scalar(LATE, pa.uint64())), 0)
    columns = [
        *_where(logs),
        part(key, 12, WORD),
        index.cast(pa.int64()),
        number.cast(pa.int32()),
        late,
        currency,
        decimals(amount),
        amount,
    ]
    return pa.table(columns, schema=SCHEMAS["claims"])


def _paid_out(logs: Any) -> Any:
    data = same_width(flat(logs["data"]), 3 * WORD)
    received = part(data, 2 * WORD, 3 * WORD)
    page = numbers_of(part(data, 56, 64)).cast(pa.int64())
    columns = [*_where(logs), part(data, 12, WORD), page, decimals(received), received]
    return pa.table(columns, schema=SCHEMAS["payouts"])


def _where(logs: Any) -> list[Column]:
    return [
        flat(logs["block"]),
        flat(logs["log_index"]),
        flat(logs["time"]).cast(pa.timestamp("s", "UTC")),
        flat(logs["transaction"]),
    ]


def _set(values: Any, width: int = ADDRESS) -> Column:
    return fixed(b"".join(values), width)


def _topic(address: bytes) -> Any:
    return pa.scalar(bytes(12) + address, pa.binary(WORD))


_KINDS = (
    _Kind("Received(uint256)", 1, WORD, "payments", _received),
    _Kind("Transfer(address,address,uint256)", 3, WORD, "payments", _transfer),
    _Kind("Paid(address,bytes32,address,uint256)", 3, 2 * WORD, "payments", _paid, 0),
    _Kind(
        "PaidLate(address,bytes32,address,uint256,uint256)",
        3,
        3 * WORD,
        "payments",
        _paid_late,
        0,
        2,
    ),
    _Kind("Claimed(uint256,uint256)", 2, WORD, "claims", _claimed),
    _Kind("ClaimedToken(uint256,address,uint256)", 3, WORD, "claims", _claimed_token),
    _Kind("Kept(uint256,address,uint256)", 2, 2 * WORD, "kept", _kept, 0),
    _Kind("PaidOut(address,uint256,uint256)", 1, 3 * WORD, "payouts", _paid_out, 0, 1),
)
_PAID_FOR = _Kind("PaidFor(address,address,bytes32,address,uint256)", 4, 2 * WORD)
_AMENDED = _Kind(logged.AMENDED, 3, None)
_NAMES = logged.NAMES
