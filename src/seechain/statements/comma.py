"""A statement as CSV (RFC 4180): a table that spreadsheets and programs read.

A text that a spreadsheet would take for a formula gets an apostrophe before it
(https://owasp.org/www-community/attacks/CSV_Injection); numbers are written by seechain alone.
"""

from __future__ import annotations

import csv
import io
import re

from seechain.statements.rows import Row, rows
from seechain.statements.statement import Statement

# Where a cell begins for a spreadsheet, which may take semicolons for commas, and what makes a
# formula of it, in full width too.
_FORMULA = re.compile(r"(^|;)(?=[\s\"']*[=+\-@|%\uff1d\uff0b\uff0d\uff20])|^(?=[\t\r\n])")
NUMBERS = ("amount", "units", "balance", "balance_units", "whole", "whole_units")


def to_csv(statement: Statement) -> str:
    """The statement as CSV, with lines that end in CRLF; the first names the columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(Row._fields)
    for row in rows(statement):
        cells = zip(Row._fields, row, strict=True)
        writer.writerow([each if name in NUMBERS else guarded(each) for name, each in cells])
    return out.getvalue()


def guarded(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return _FORMULA.sub(r"\1'", value) if isinstance(value, str) else value
