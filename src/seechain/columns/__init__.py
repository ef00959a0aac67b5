"""All payments, claims, payouts and events of a SEE or a Splitter, as columns of pyarrow.

    from seechain.columns import read

    columns = read(see)                            # all of it, from the chain
    columns = read(see, "night-market.columns")    # again: only what came since
    columns.payments.group_by("currency").aggregate([("amount", "sum")])
    for table in columns.batches("payments"): ...  # a part at a time, however many there are
    columns.files("payments")                      # Parquet, for DuckDB, Polars and others

It reads what the contracts have logged, by ranges of blocks that fit the node, and decodes each
kind of event as a whole; `seechain.history` is slower, reckons what each seat had of a payout, and
finds what came without a log. Needs pyarrow: pip install "seechain[documents]".

All tables begin with the columns

    block, log_index   int64           where it was logged; the rows are in this order
    time               timestamp[s]    of the block, UTC
    transaction        binary(32)      its hash

and go on with, where a currency or an account is its 20 bytes, the zero address being the native
coin, and an amount is in the currency's smallest unit:

    payments           what came
      how              string          "pay", "transfer", "late" or "payer", as in seechain.history
      payer            binary(20)      who sent it, also through the Payer
      currency         binary(20)
      amount           decimal(38)     null where it has more digits, which no SEE divides
      amount_word      binary(32)      the same, exact whatever it is: the greatest byte first
      memo             binary(32)      zeros for none
      version          int32           to which it was paid late; else the one in force
    claims             what a seat was paid as it was claimed
      account          binary(20)      the member
      index            int64           of the seat
      version          int32
      late             bool            whether it is of what the version was paid late
      currency, amount, amount_word
    payouts            one row for each page that was paid out
      currency         binary(20)
      page             int64
      received         decimal(38)     of all that was received until then each seat had its due
      received_word    binary(32)
    kept               as claims: a push to a seat failed, or it is pull only; it stays due to it
    events             all others, of the Registry and the Payer too, as they were logged
      name             string          as the contracts call it; null where they don't
      address          binary(20)      of the contract
      topic0 ... 3     binary(32)      null where there is none
      data             binary          `facts` gives them as seechain.chain.events

A payment that the SEE logged by `pay` counts once, though its token logs a transfer too. A plain
transfer is a payment where it is of the native coin, or of a token that is named. What came before
the SEE was registered is told by the block of its event Registered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seechain.accounts import account_bytes, checksum
from seechain.agreement.text import NATIVE
from seechain.chain.clones import payer_address
from seechain.chain.decoding import currency_of, decode_log
from seechain.chain.events import Event
from seechain.chain.node import chain_id_of
from seechain.errors import FileError
from seechain.see.recovered import Recovered

if TYPE_CHECKING:
    from seechain.columns.parts import Part
    from seechain.splitter import Splitter

FINAL = 64  # blocks upon one, after which it is final: two epochs of Ethereum


@dataclass(frozen=True)
class Columns:
    """The tables of a SEE or a Splitter, up to block `last`.

    final: the last block that is kept in the folder; what is later is in memory alone.
    """

    address: str
    last: int
    final: int
    _parts: tuple[Part, ...]
    _tail: dict[str, list[Any]]

    @property
    def payments(self) -> Any:
        """What came, as one pyarrow.Table."""
        return self.table("payments")

    @property
    def claims(self) -> Any:
        """What was claimed, as one pyarrow.Table."""
        return self.table("claims")

    @property
    def payouts(self) -> Any:
        """What pages were paid out, as one pyarrow.Table."""
        return self.table("payouts")

    @property
    def kept(self) -> Any:
        """What could not be pushed, as one pyarrow.Table."""
        return self.table("kept")

    @property
    def events(self) -> Any:
        """All other events, as one pyarrow.Table."""
        return self.table("events")

    def table(self, name: str) -> Any:
        """A table as a whole, in memory.

        Raises:
            FileError: a file of the folder can't be read.
        """
        import pyarrow as pa

        return pa.concat_tables(self.batches(name))

    def batches(self, name: str) -> Iterator[Any]:
        """A table part by part, as pyarrow.Tables, so that not all of it need be in memory.

        Raises:
            FileError: a file of the folder can't be read.
        """
        from seechain.columns.decoding import SCHEMAS

        yield SCHEMAS[name].empty_table()
        for part in self._parts:
            yield part.table(name)
        yield from self._tail[name]

    def files(self, name: str) -> list[Path]:
        """The Parquet files of a table in their order: of final blocks, none without a folder.

        Who reads them is not told where one is damaged, as `table` and `batches` tell it.
        """
        return [part.file(name) for part in self._parts]

    def facts(self) -> Iterator[Event]:
        """The rows of `events` that are events of seechain, as `chain.events`, one by one."""
        for table in self.batches("events"):
            # Not the time: a node may say one that Python has no date for.
            for row in table.drop_columns(["time"]).to_pylist():
                topics = [row[f"topic{each}"] for each in range(4)]
                event = decode_log(
                    {
                        "address": "0x" + row["address"].hex(),
                        "topics": [each for each in topics if each is not None],
                        "data": row["data"],
                        "blockNumber": row["block"],
                        "transactionHash": row["transaction"],
                        "logIndex": row["log_index"],
                    }
                )
                if event is not None:
                    yield event


def read(
    books: Splitter,
    folder: str | Path | None = None,
    *,
    currencies: Iterable[str] | None = None,
    start: int = 0,
    final: int = FINAL,
) -> Columns:
    """All that a SEE or a Splitter has logged, as tables.

    Args:
        folder: where the tables of final blocks are kept, so that the next reading goes on from
            there; an interrupted one loses some seconds at most. Without one all is in memory.
        currencies: tokens whose plain transfers are payments; by default those of all agreements
            of the SEE. Where a further one is named than before, a folder is read anew.
        start: a block before which it logged nothing.
        final: how many blocks must stand upon one before it is kept. What is kept is checked
            each time, and read again where a reorganisation went deeper.

    Raises:
        NodeError: the node can't be asked, does not show all, or lies behind the folder.
        FileError: pyarrow is not installed, or the folder can't be used, as while another process
            reads into it.
    """
    _need_pyarrow()
    from seechain.columns.asking import Node
    from seechain.columns.decoding import Reader
    from seechain.columns.parts import Shelf
    from seechain.columns.reading import Reading

    start = max(0, start)
    tokens = sorted(_tokens(books, currencies))
    shelf = None
    if folder is not None:
        about = {"see": books.address, "chain": chain_id_of(books.w3), "start": start}
        shelf = Shelf(folder, {**about, "tokens": tokens})
        tokens = shelf.tokens
    reader = Reader(
        account_bytes(books.address),
        account_bytes(books.registry),
        account_bytes(payer_address()),
        [account_bytes(each) for each in tokens],
    )
    node = Node(books.w3)
    try:
        reading = Reading(node, reader, shelf, start, max(0, final))
        reading.run()
    finally:
        node.close()
        if shelf is not None:
            shelf.close()
    parts = tuple(shelf.parts) if shelf is not None else ()
    return Columns(books.address, reading.last, reading.final_block, parts, reading.tail)


def names(column: Any) -> Any:
    """A column of accounts or currencies as text: "native", or the address with its checksum.

    Each address is written once, however many rows have it.
    """
    import pyarrow as pa

    found = pa.chunked_array([column]) if isinstance(column, pa.Array) else column
    chunks = []
    for chunk in found.chunks:
        coded = chunk.dictionary_encode()
        texts = [currency_of("0x" + each.hex()) for each in coded.dictionary.to_pylist()]
        chunks.append(pa.array(texts, pa.string()).take(coded.indices))
    return pa.chunked_array(chunks, pa.string())


def _need_pyarrow() -> None:
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise FileError(
            'reading into columns needs pyarrow: install it with pip install "seechain[documents]"'
        ) from None


def _tokens(books: Splitter, currencies: Iterable[str] | None) -> set[str]:
    if currencies is not None:
        found = {name for each in currencies for name in books.named(each)}
    elif isinstance(books, Recovered):
        found = {each for version in books.versions for each in version.currencies}
    else:
        found = set()
    return {checksum(account_bytes(each)) for each in found if each != NATIVE}
