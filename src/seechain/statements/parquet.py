"""A statement as Parquet: the rows of the CSV, typed, for data frames and databases.

Units are decimals of 38 digits, which hold all that a contract divides (2^111 - 1), and text too
(`units_text`), which holds what a token can have at all; a number that is longer is null.
"""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal
from typing import Any

from seechain.errors import FileError
from seechain.statements.rows import Row, rows
from seechain.statements.statement import Statement

DIGITS = 38
_UNITS = ("units", "balance_units", "whole_units")
_COUNTS = ("block_number", "log_index", "version")


def to_parquet(statement: Statement) -> bytes:
    """The statement as a Parquet file.

    Raises:
        FileError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise FileError(
            'Parquet needs pyarrow: install it with pip install "seechain[documents]"'
        ) from None
    found = list(rows(statement))
    columns: dict[str, Any] = {}
    for place, name in enumerate(Row._fields):
        values = [row[place] for row in found]
        if name in _UNITS:
            columns[name] = pa.array([_decimal(each) for each in values], pa.decimal128(DIGITS))
            texts = [None if each is None else str(each) for each in values]
            columns[f"{name}_text"] = pa.array(texts, pa.string())
        elif name in _COUNTS:
            columns[name] = pa.array(values, pa.int64())
        elif name == "time":
            times = [_time(str(each)) for each in values]
            columns[name] = pa.array(times, pa.timestamp("s", tz="UTC"))
        else:
            columns[name] = pa.array([each or None for each in values], pa.string())
    out = io.BytesIO()
    table = pa.table(columns).replace_schema_metadata({"writer": "seechain statement"})
    pq.write_table(table, out, compression="zstd")  # type: ignore[no-untyped-call]
    return out.getvalue()


def _decimal(value: Any) -> Decimal | None:
    return None if value is None or len(str(abs(value))) > DIGITS else Decimal(value)


def _time(text: str) -> datetime | None:
    if not text:
        return None
    return datetime.fromisoformat(text if "T" in text else f"{text}T00:00:00Z")
