"""Every format that a statement is written in, by its name."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from seechain.statements.statement import Statement


class Format(NamedTuple):
    """A format: the ends of its files' names, and the function that writes it."""

    endings: tuple[str, ...]
    module: str
    function: str
    is_text: bool = True
    is_journal: bool = False  # of a ledger, which may continue another


FORMATS = {
    "csv": Format((".csv",), "comma", "to_csv"),
    "parquet": Format((".parquet",), "parquet", "to_parquet", False),
    "beancount": Format((".beancount", ".bean"), "beancount", "to_beancount", is_journal=True),
    "hledger": Format(
        (".hledger", ".journal", ".ledger"), "hledger", "to_hledger", is_journal=True
    ),
    "html": Format((".html", ".htm"), "paper", "to_html"),
    "pdf": Format((".pdf",), "paper", "to_pdf", False),
    "json": Format((".json",), "formats", "to_json"),
}


def written(
    statement: Statement,
    name: str,
    *,
    continues: bool = False,
    tell: Callable[[str], None] | None = None,
) -> str | bytes:
    """The statement in the format of a name.

    Args:
        continues: a journal, beside the period before. tell: see `pdf`.

    Raises:
        SeechainError: what the format needs is not installed.
    """
    chosen = FORMATS[name]
    module = import_module(f"seechain.statements.{chosen.module}")
    write: Callable[..., str | bytes] = getattr(module, chosen.function)
    options: dict[str, Any] = {"continues": True} if continues else {}
    if name == "pdf":
        options["tell"] = tell
    return write(statement, **options)


def format_of(path: str | Path) -> str | None:
    """The format that a file's name ends with."""
    ending = Path(path).suffix.lower()
    return next((name for name, each in FORMATS.items() if ending in each.endings), None)


def to_json(statement: Statement) -> str:
    """The statement as JSON."""
    return json.dumps(statement.result(), indent=2, ensure_ascii=True) + "\n"
