"""The faults of nodes that answer wrongly about blocks and logs."""

from __future__ import annotations

from typing import Any

from tests.faults.kinds import READING, Kind
from tests.faults.lies import STRANGER, changes, number
from tests.faults.proxy import Exchange, Reply, Strike

BLOCK, LOGS = ("eth_blockNumber",), ("eth_getLogs",)
# Acts that read logs: a payment and a registration do without. What is paid out asks for the logs
# of one block at a time, so that a limit on ranges never meets it.
LOGGED = ("payout", "cascade", "reading")


def _jumping(exchange: Exchange) -> Reply:
    now = int(exchange.forward()["result"], 16)
    return exchange.result(hex(now if exchange.number % 2 == 0 else max(0, now - 5)))


def _ranges(code: int, message: str, most: int, http: int = 200) -> Strike:
    """Refuses more than so many blocks at once, in a vendor's words."""

    def strike(exchange: Exchange) -> Reply | None:
        asked = exchange.parameters[0]
        first, last = (int(asked[each], 16) for each in ("fromBlock", "toBlock"))
        if last - first < most:
            return None
        said = exchange.error(code, message)
        return Reply(said.body, http)

    return strike


def _foreign(logs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*logs, *({**each, "address": STRANGER} for each in logs)]


LOG_LIES = (
    Kind(
        "block behind",
        "says the latest block is five before it",
        number(lambda n: n - 5),
        methods=BLOCK,
        acts=LOGGED,
        times=None,
    ),
    Kind(
        "block ahead",
        "says the latest block is five after it",
        number(lambda n: n + 5),
        methods=BLOCK,
        acts=LOGGED,
        times=None,
    ),
    Kind(
        "block jumps",
        "says five blocks less each second time",
        _jumping,
        methods=BLOCK,
        acts=LOGGED,
        times=None,
    ),
    Kind(
        "few results",
        "refuses logs: more than 10,000 results",
        _ranges(
            -32005,
            "query returned more than 10000 results. Try with this block range [0x0, 0x1].",
            2,
        ),
        methods=LOGS,
        acts=READING,
        times=None,
        holds="complete, by smaller ranges",
    ),
    Kind(
        "few blocks",
        "refuses logs: block range too large",
        _ranges(-32602, "Log response size exceeded. this block range should work", 1),
        methods=LOGS,
        acts=READING,
        times=None,
        holds="complete, by smaller ranges",
    ),
    Kind(
        "few blocks, 400",
        "refuses logs: HTTP 400 with an error",
        _ranges(-32600, "eth_getLogs is limited to a 1 block range", 1, 400),
        methods=LOGS,
        acts=READING,
        times=None,
        holds="complete, by smaller ranges",
    ),
    Kind(
        "too large, 413",
        "refuses logs: HTTP 413",
        _ranges(-32000, "payload too large", 3, 413),
        methods=LOGS,
        acts=READING,
        times=None,
        holds="complete, by smaller ranges",
    ),
    Kind(
        "logs empty",
        "says there are no logs",
        changes(lambda logs: []),
        methods=LOGS,
        acts=LOGGED,
        times=None,
        holds="an agreement or a table that is missing is said",
    ),
    Kind(
        "logs empty once",
        "says once that there are no logs",
        changes(lambda logs: []),
        methods=LOGS,
        acts=LOGGED,
    ),
    Kind(
        "logs cut",
        "leaves out the last log of each answer",
        changes(lambda logs: logs[:-1]),
        methods=LOGS,
        acts=LOGGED,
        times=None,
        holds="as above",
    ),
    Kind(
        "logs twice",
        "gives each log twice",
        changes(lambda logs: [*logs, *logs]),
        methods=LOGS,
        acts=LOGGED,
        times=None,
        holds="complete: each counts once",
    ),
    Kind(
        "logs out of order",
        "gives the last log first",
        changes(lambda logs: logs[::-1]),
        methods=LOGS,
        acts=LOGGED,
        times=None,
        holds="complete: they are put in order",
    ),
    Kind(
        "logs of others",
        "adds logs of another contract",
        changes(_foreign),
        methods=LOGS,
        acts=LOGGED,
        times=None,
        holds="complete: they are passed over",
    ),
    Kind(
        "logs removed",
        "marks each log as removed by a reorganisation",
        changes(lambda logs: [{**each, "removed": True} for each in logs]),
        methods=LOGS,
        acts=LOGGED,
        times=None,
        holds="they do not count",
    ),
)
