"""Whole columns of hex and of words at once: what a chain gives, as pyarrow has it.

Nothing here makes a Python object for each row: texts are joined, turned into bytes by one call,
and cut again by their widths.
"""

from __future__ import annotations

import binascii
import sys
from array import array
from typing import Any

import pyarrow as pa
import pyarrow.compute

WORD = 32
ADDRESS = 20
NATIVE = bytes(ADDRESS)  # the zero address
DIGITS = 38
MOST = 10**DIGITS - 1  # above it an amount has no decimal, and its word alone

Column = Any  # a pyarrow.Array
pc: Any = pyarrow.compute  # its functions are made at run time, and say nothing of types


class Unreadable(ValueError):
    """A column is not what the standard says: no hex, or of another width."""


def flat(column: Any) -> Column:
    """A column in one piece."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = pa.concat_arrays(column.chunks)
    return column


def fixed(raw: bytes, width: int) -> Column:
    """Bytes cut into a column of this width."""
    return pa.Array.from_buffers(pa.binary(width), len(raw) // width, [None, pa.py_buffer(raw)])


def raw_of(column: Column) -> bytes:
    """The bytes of a column of one width, or of texts, joined."""
    values = column.buffers()[-1]
    if values is None or not len(column):
        return b""
    if pa.types.is_fixed_size_binary(column.type):
        width = column.type.byte_width
        first, last = column.offset * width, (column.offset + len(column)) * width
    else:
        first, last = (each.as_py() for each in _ends(column))
    return bytes(memoryview(values)[first:last])


def _ends(column: Column) -> tuple[Any, Any]:
    count = column.offset + len(column) + 1
    offsets = pa.Array.from_buffers(pa.int32(), count, [None, column.buffers()[1]])
    return offsets[column.offset], offsets[-1]


def unhexed(texts: Column, width: int) -> Column:
    """Texts like "0x12ab", all of the same width in bytes, as those bytes.

    Raises:
        Unreadable: one is not.
    """
    return fixed(_unhexed(texts, pc.equal(pc.binary_length(texts), 2 + 2 * width)), width)


def unhexed_data(texts: Column) -> Column:
    """Texts like "0x12ab", of any width, as bytes.

    Raises:
        Unreadable: one is not.
    """
    lengths = pc.binary_length(texts)
    raw = _unhexed(texts, pc.equal(pc.bit_wise_and(lengths, 1), 0))
    widths = pc.shift_right(pc.subtract(lengths, 2), 1)
    if len(raw) != (pc.sum(widths).as_py() or 0):
        raise Unreadable("data that is no hex")
    ends = pc.cumulative_sum(widths).cast(pa.int32())
    offsets = pa.concat_arrays([pa.repeat(pa.scalar(0, pa.int32()), 1), ends])
    buffers = [None, offsets.buffers()[1], pa.py_buffer(raw)]
    return pa.Array.from_buffers(pa.binary(), len(texts), buffers)


def unhexed_number(texts: Column) -> Column:
    """Texts like "0x1f" as whole numbers, below 2^63.

    Raises:
        Unreadable: one is no such number.
    """
    lengths = pc.binary_length(texts)
    is_number = pc.and_(pc.greater(lengths, 2), pc.less_equal(lengths, 18))
    if texts.null_count or not _all(pc.and_(is_number, pc.starts_with(texts, "0x"))):
        raise Unreadable("a number that is none")
    digits = pc.utf8_slice_codeunits(texts, 2, 20)
    raw = _bytes_of(raw_of(pc.ascii_lpad(digits, 16, "0")), 8 * len(texts))
    found = numbers_of(fixed(raw, 8))
    if len(found) and pc.max(found).as_py() >= 2**63:
        raise Unreadable("a number that is too large")
    return found.cast(pa.int64())


def _unhexed(texts: Column, fits: Column) -> bytes:
    if texts.null_count or not _all(pc.and_(fits, pc.starts_with(texts, "0x"))):
        raise Unreadable("hex that is missing, or of another length")
    size = pc.sum(pc.binary_length(texts)).as_py() or 0
    return _bytes_of(raw_of(texts).replace(b"0x", b""), size // 2 - len(texts))


def _bytes_of(text: bytes, size: int) -> bytes:
    try:
        raw = binascii.unhexlify(text)
    except binascii.Error:
        raise Unreadable("letters that are no hex") from None
    if len(raw) != size:
        raise Unreadable("hex within hex")
    return raw


def _all(mask: Column) -> bool:
    return len(mask) == 0 or bool(pc.all(mask, skip_nulls=False).as_py())


def numbers_of(column: Column) -> Column:
    """A column of 8 bytes each, the greatest first, as numbers."""
    raw = array("Q", raw_of(column))
    if sys.byteorder == "little":
        raw.byteswap()
    return pa.Array.from_buffers(pa.uint64(), len(raw), [None, pa.py_buffer(raw)])


def counted(count: int) -> Column:
    """The numbers from 0 on, so many."""
    return pc.subtract(pc.cumulative_sum(pa.repeat(pa.scalar(1, pa.int64()), count)), 1)


def part(column: Column, first: int, last: int) -> Column:
    """Some bytes of each row of a column of one width."""
    return pc.binary_slice(column, first, last)


def same_width(data: Column, width: int) -> Column:
    """A column of bytes that all have this width, as one of that width."""
    return fixed(raw_of(data), width)


def joined(*columns: Any) -> Column:
    """Columns of bytes joined row by row; a part may be bytes, the same in each row."""
    parts = [
        pa.scalar(each, pa.binary()) if isinstance(each, bytes) else each.cast(pa.binary())
        for each in columns
    ]
    return pc.binary_join_element_wise(*parts, pa.scalar(b"", pa.binary()))


def decimals(words: Column) -> Column:
    """Words as decimals of 38 digits; null where a word is more than they hold."""
    if not len(words):
        return pa.nulls(0, pa.decimal128(DIGITS))
    kind = pa.decimal256(76)
    # All bytes turned round turn the words and their order: the order is turned back.
    turned = pa.py_buffer(raw_of(words)[::-1])
    found = pa.Array.from_buffers(kind, len(words), [None, turned])[::-1]
    fits = pc.and_(
        pc.less_equal(found, pa.scalar(MOST, kind)),
        pc.greater_equal(found, pa.scalar(0, kind)),
    )
    return pc.if_else(fits, found, pa.scalar(None, kind)).cast(pa.decimal128(DIGITS))


def in_order(table: Any) -> Any:
    """A table in the chain's order."""
    keys = [("block", "ascending"), ("log_index", "ascending")]
    return table.take(pc.sort_indices(table, sort_keys=keys)).combine_chunks()


def replaced(table: Any, name: str, column: Column) -> Any:
    """A table with another column in the place of one."""
    at = table.schema.get_field_index(name)
    return table.set_column(at, table.schema.field(at), column)
