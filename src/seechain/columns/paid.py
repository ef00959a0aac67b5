"""What counts as a payment: each once, by who sent it, to the version that has it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from seechain.columns.pairing import closed_by
from seechain.columns.words import (
    ADDRESS,
    NATIVE,
    WORD,
    flat,
    in_order,
    joined,
    part,
    pc,
    replaced,
    same_width,
)

_MOST = 2**31 - 1  # no version is higher


def once(payments: Any) -> Any:
    """Without the transfers by which a `pay` was made: it counts once."""
    is_token = pc.not_equal(payments["currency"], pa.scalar(NATIVE, pa.binary(ADDRESS)))
    mask = flat(is_token)
    rows = payments.filter(mask).combine_chunks()
    if not len(rows):
        return payments
    opens = flat(pc.equal(rows["how"], "transfer"))
    if not pc.any(opens).as_py():
        return payments
    groups = joined(*(flat(rows[name]) for name in ("transaction", "currency", "payer")))
    counts = pc.is_null(closed_by(groups, opens))
    return payments.filter(
        pc.replace_with_mask(pa.repeat(True, len(payments)), mask, counts)
    ).combine_chunks()


def paid_for(payments: Any, told: Any, payer: bytes) -> Any:
    """Who paid through the Payer; the SEE has logged the Payer itself.

    told: logs PaidFor of the Payer at the address `payer`, about this SEE.
    """
    if not len(told):
        return payments
    is_its = flat(pc.equal(payments["payer"], pa.scalar(payer, pa.binary(ADDRESS))))
    handed = payments.filter(is_its).combine_chunks()
    data = same_width(flat(told["data"]), 2 * WORD)
    currency, memo = part(data, 12, WORD), flat(told["topic3"])
    groups = [
        joined(*(flat(handed[name]) for name in ("transaction", "currency", "memo"))),
        joined(flat(told["transaction"]), currency, memo),
    ]
    opens = [pa.repeat(True, len(handed)), pa.repeat(False, len(told))]
    payers = [flat(handed["payer"]), part(flat(told["topic2"]), 12, WORD)]
    marks = in_order(
        pa.table(
            {
                "block": pa.concat_arrays([flat(each["block"]) for each in (handed, told)]),
                "log_index": pa.concat_arrays([flat(each["log_index"]) for each in (handed, told)]),
                "group": pa.concat_arrays(groups),
                "opens": pa.concat_arrays(opens),
                "payer": pa.concat_arrays(payers),
            }
        )
    )
    closing = closed_by(flat(marks["group"]), flat(marks["opens"]))
    by = flat(marks["payer"]).take(closing).filter(flat(marks["opens"]))
    names = pc.coalesce(by, flat(handed["payer"]))
    hows = pc.if_else(pc.is_valid(by), "payer", flat(handed["how"]))
    payments = replaced(
        payments, "payer", pc.replace_with_mask(flat(payments["payer"]), is_its, names)
    )
    return replaced(payments, "how", pc.replace_with_mask(flat(payments["how"]), is_its, hows))


def with_versions(payments: Any, amended: Any, version: int) -> tuple[Any, int]:
    """The version in force, where the log names none, and the one in force after.

    amended: logs Amended of the Registry, about this SEE: they are few. version: in force before.
    """
    block, index = flat(payments["block"]), flat(payments["log_index"])
    versions: Any = pa.repeat(pa.scalar(version, pa.int32()), len(payments))
    for row in amended.select(["block", "log_index", "data"]).to_pylist():
        version = min(int.from_bytes(row["data"][:WORD], "big"), _MOST)
        later = pc.or_(
            pc.greater(block, row["block"]),
            pc.and_(pc.equal(block, row["block"]), pc.greater(index, row["log_index"])),
        )
        versions = pc.if_else(later, pa.scalar(version, pa.int32()), versions)
    return replaced(payments, "version", pc.coalesce(flat(payments["version"]), versions)), version
